"""Stores: a local folder of Parquet files, and Neo4j over Bolt; both write Tables and give equal Tables back."""
