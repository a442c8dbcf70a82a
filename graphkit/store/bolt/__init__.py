"""Stores that speak Bolt: Neo4j, its statements and its writer."""
