"""Who and where, over time."""
