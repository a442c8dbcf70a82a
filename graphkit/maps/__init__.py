"""Maps: one HTML file, opened from disk without a network request."""
