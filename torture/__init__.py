"""What survives: real servers under load, killed at random, restarted, and checked.

`python -m torture sqlite 20` runs twenty rounds on SQLite; `make torture` does the same.
"""
