"""What every store can do: write Tables, give them back, answer a named query."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self, runtime_checkable

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.queries import TIME_LIMIT_S

Progress = Callable[[str, int, int], None]
"""Called with the stage (a table's name), rows done and rows in all."""


@runtime_checkable
class Store(Protocol):
    """A place that holds one district.

    ``write`` replaces all that was there, and ``read`` gives equal `Tables` back. A failed or killed
    write leaves what was there before, or says at the next read that it must be repeated.
    """

    def write(self, tables: Tables, *, progress: Progress | None = None) -> None:
        """Replace the district by `tables`."""

    def holds(self, tables: Tables) -> bool:
        """Whether these very tables are there, whole, quarantine and counts included."""

    def read(self) -> Tables:
        """Return the district; equal to the Tables last written, provenance included."""

    def query(self, name: str, /, *, timeout_s: float = TIME_LIMIT_S, **parameters: Any) -> pd.DataFrame:
        """Answer a query of the library by name, or a read-only Cypher text, ended after `timeout_s` seconds; one row a record."""

    def close(self) -> None:
        """Let go of connections and child processes."""

    def __enter__(self) -> Self:
        """Return the store itself."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
