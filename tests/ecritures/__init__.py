"""What is written once, whole, and never lost: faults, replays, keys, races."""
