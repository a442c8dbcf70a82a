"""Claims: published figures, and whether they can be true together."""
