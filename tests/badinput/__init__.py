"""The catalogue of bad inputs (`catalogue.py`) on every field it fits, in every output."""
