"""The `cordeau` command: one module for each family of commands."""
