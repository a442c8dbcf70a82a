"""Answers shown to a reader: the report and the map."""
