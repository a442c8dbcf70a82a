"""What can go wrong, split by whose fault it is: the file, the rows, a declaration, a query, a call, the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from graphkit.words import Text, same

SHOWN_PROBLEMS = 5  # a message names the first few; the whole list is on the error


class Describable(Protocol):
    """Something wrong in the data that can be said in one line."""

    def describe(self, lang: str) -> str:
        """Say it in `lang`."""


class GraphkitError(Exception):
    """The root of every error that graphkit raises on purpose.

    Parameters
    ----------
    message : Text or str
        What is wrong and what to do, in both languages; a plain text is the same in both. ``str(error)`` holds both, a line each, English first.

    Examples
    --------
    >>> error = GraphkitError(Text("没有存储：请先装入", "there is no store: load one"))
    >>> error.say("zh")
    '没有存储：请先装入'
    >>> GraphkitError("only in English").say("zh")
    'only in English'
    """

    def __init__(self, message: Text | str) -> None:
        self.text = message if isinstance(message, Text) else same(message)
        super().__init__("\n".join(dict.fromkeys((self.text.en, self.text.zh))))

    def say(self, lang: str) -> str:
        """Return the message in `lang`, ``"zh"`` or ``"en"``."""
        return self.text.say(lang)


class SourceError(GraphkitError):
    """A file cannot be read.

    Parameters
    ----------
    message : Text or str
        What is wrong and what to do, in one sentence or two.
    path, sheet, column : str, optional
        Where: the file, the sheet of a workbook, the heading of a column.
    """

    def __init__(self, message: Text | str, *, path: str | None = None, sheet: str | None = None, column: str | None = None) -> None:
        place = " · ".join(part for part in (path, sheet, column) if part)
        text = message if isinstance(message, Text) else same(message)
        super().__init__(Text(f"{place}：{text.zh}", f"{place}: {text.en}") if place else text)
        self.path, self.sheet, self.column = path, sheet, column


class TableError(GraphkitError):
    """Rows break the model. Every problem found is on ``problems``; the message names the first five."""

    def __init__(self, problems: Sequence[Describable], *, lang: str = "en") -> None:
        self.problems = tuple(problems)
        super().__init__(self.say(lang))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,), {**vars(self), "args": self.args}  # made again from the problems; the message is not one

    def say(self, lang: str) -> str:
        """Return how many problems there are, and the first five, in `lang`."""
        count, more = len(self.problems), len(self.problems) - SHOWN_PROBLEMS
        head, rest = (f"{count} 个问题：", f"  …… 另有 {more} 个") if lang == "zh" else (f"{count} problems:", f"  … and {more} more")
        first = [f"  {problem.describe(lang)}" for problem in self.problems[:SHOWN_PROBLEMS]]
        return "\n".join([head, *first, *([rest] if more > 0 else [])])


class ModelError(GraphkitError):
    """A declaration, a rule pack or a mapping contradicts itself or another one."""


class EngineError(GraphkitError):
    """What is to compute an answer cannot be had (not installed, no Java, a master that does not answer), or gave up."""


class QueryError(GraphkitError):
    """A named query: its header, its parameters, or a text that would write."""


class ParameterError(GraphkitError, ValueError):
    """A call was given a value that it cannot use."""


class WriteError(GraphkitError, OSError):
    """A file cannot be written: the disk is full, or the place may not be written. What was there before is unchanged.

    Parameters
    ----------
    message : Text or str
        What is wrong and what to do.
    errno : int, optional
        The system's number of what went wrong, such as ``errno.ENOSPC``.
    """

    def __init__(self, message: Text | str, *, errno: int | None = None) -> None:
        super().__init__(message)
        self.errno = errno


class StoreError(GraphkitError):
    """The store refused, or holds something that graphkit cannot read."""


class StoreUnavailable(StoreError, ConnectionError):
    """The store cannot be reached just now: nothing was changed, try again when it is up."""
