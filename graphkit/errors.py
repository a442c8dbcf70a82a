"""What can go wrong, split by whose fault it is: the file, the rows, a declaration, a query, a call, the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphkit.tables import Problem

SHOWN_PROBLEMS = 5  # a message names the first few; the whole list is on the error


class GraphkitError(Exception):
    """The root of every error that graphkit raises on purpose."""


class SourceError(GraphkitError):
    """A file cannot be read.

    Parameters
    ----------
    message : str
        What is wrong and what to do, in one sentence or two.
    path, sheet, column : str, optional
        Where: the file, the sheet of a workbook, the heading of a column.
    """

    def __init__(self, message: str, *, path: str | None = None, sheet: str | None = None, column: str | None = None) -> None:
        place = " · ".join(part for part in (path, sheet, column) if part)
        super().__init__(f"{place}: {message}" if place else message)
        self.path, self.sheet, self.column = path, sheet, column


class TableError(GraphkitError):
    """Rows break the model. Every problem found is on ``problems``; the message names the first five."""

    def __init__(self, problems: Sequence[Problem], *, lang: str = "en") -> None:
        self.problems = tuple(problems)
        first = "\n".join(f"  {problem.describe(lang)}" for problem in self.problems[:SHOWN_PROBLEMS])
        more = len(self.problems) - SHOWN_PROBLEMS
        if lang == "zh":
            head, tail = f"{len(self.problems)} 个问题：", f"\n  …… 另有 {more} 个" if more > 0 else ""
        else:
            head, tail = f"{len(self.problems)} problems:", f"\n  … and {more} more" if more > 0 else ""
        super().__init__(f"{head}\n{first}{tail}")


class ModelError(GraphkitError):
    """A declaration, a rule pack or a mapping contradicts itself or another one."""


class QueryError(GraphkitError):
    """A named query: its header, its parameters, or a text that would write."""


class ParameterError(GraphkitError, ValueError):
    """A call was given a value that it cannot use."""


class StoreError(GraphkitError):
    """The store refused, or holds something that graphkit cannot read."""


class StoreUnavailable(StoreError, ConnectionError):
    """The store cannot be reached just now: nothing was changed, try again when it is up."""
