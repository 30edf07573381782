"""The journal: nothing is written without a trace."""
