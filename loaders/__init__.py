"""Loaders: from the files of a county to Tables."""
