"""One chain of migrations for every context, run by `cordeau migrate`."""
