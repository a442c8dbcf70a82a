"""The local store: a folder of Parquet files with a manifest."""
