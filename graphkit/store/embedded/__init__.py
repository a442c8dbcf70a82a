"""The embedded engine: Cypher over a local store, in a process of its own."""
