"""The `cordeau` command, as an administrator types it."""
