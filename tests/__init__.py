"""Tests, one folder per context; `conftest.py` gives them a base, an application and people."""
