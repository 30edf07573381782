"""Reliability: processes killed under load, faults of the machine, clusters, upgrades."""
