"""Promises: what members promised, against what is recorded in the same unit and period."""
