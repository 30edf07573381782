"""The journal as people read it: labels, values before and after, each according to rights."""
