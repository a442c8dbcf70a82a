"""Engines: relational questions, written once over lazy frames and run by DuckDB or Spark; on Spark also what networks are cut, joined and walked by."""
