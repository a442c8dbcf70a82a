"""Some of the tables of a district, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa


class Chosen(Mapping[str, pa.Table]):
    """Some of the tables, by name: those of a question, not read before they are asked for."""

    def __init__(self, tables: Mapping[str, pa.Table], names: tuple[str, ...], beside: Mapping[str, pa.Table] | None = None) -> None:
        self._tables, self._names, self._beside = tables, dict.fromkeys(names), dict(beside or {})

    def __getitem__(self, name: str) -> pa.Table:
        if name in self._beside:
            return self._beside[name]
        if name in self._names:
            return self._tables[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names | dict.fromkeys(self._beside))

    def __len__(self) -> int:
        return len(self._names | dict.fromkeys(self._beside))
