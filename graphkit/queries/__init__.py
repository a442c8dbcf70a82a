"""Cypher as text: the words of a statement, the header of a named query, and the refusal of all that would write.

It stands below the stores, so that every text is read and refused before it is sent; nothing here talks to a database.
"""

from graphkit.queries.header import TODAY, Header, Parameter, Returned
from graphkit.queries.names import Names, read_names
from graphkit.queries.personal import PERSONAL, Personal, find_personal_columns, hide_names, personal_of
from graphkit.queries.query import TIME_LIMIT_S, Query, Statement, list_queries, load_query, read_query, read_statement, read_words, run_query
from graphkit.queries.refusal import refuse_writes
from graphkit.queries.strangers import Vocabulary, refuse_strangers

__all__ = [
    "PERSONAL", "TIME_LIMIT_S", "TODAY", "Header", "Names", "Parameter", "Personal", "Query", "Returned", "Statement", "Vocabulary", "find_personal_columns", "hide_names",
    "list_queries", "load_query", "personal_of", "read_names", "read_query", "read_statement", "read_words", "refuse_strangers", "refuse_writes", "run_query",
]  # fmt: skip
