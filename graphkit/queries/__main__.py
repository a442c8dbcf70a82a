"""``python -m graphkit.queries`` writes the page of queries."""

from graphkit.queries.page import write_readme

write_readme()
