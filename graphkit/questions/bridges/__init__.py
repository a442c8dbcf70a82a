"""Bridge figures: who holds separate villages, co-operatives and branches together."""
