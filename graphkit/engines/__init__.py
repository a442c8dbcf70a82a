"""Engines: relational questions, written once over lazy frames and run by DuckDB."""
