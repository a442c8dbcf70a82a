"""Pairing reach: which households members reach, directly and in a few steps."""
