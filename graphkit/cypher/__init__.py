"""Cypher as text: the words of a statement, the header of a named query, and the refusal of all that would write.

It stands below the stores, so that every text is read and refused before it is sent; nothing here talks to a database.
"""

from graphkit.cypher.header import Header, Parameter, Returned
from graphkit.cypher.names import Names, read_names
from graphkit.cypher.query import TIME_LIMIT_S, Query, list_queries, load_query, read_query, run_query
from graphkit.cypher.refusal import refuse_writes

__all__ = [
    "TIME_LIMIT_S", "Header", "Names", "Parameter", "Query", "Returned", "list_queries", "load_query", "read_names", "read_query", "refuse_writes",
    "run_query",
]  # fmt: skip
