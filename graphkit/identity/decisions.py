"""Decisions of a human about who is who: read once, held against each other, and applied to ids; nothing here decides anything."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from graphkit.errors import SourceError
from graphkit.words import Text

Judgement = Literal["same", "different", "open"]

JUDGEMENTS: dict[Judgement, Text] = {"same": Text("同一人", "same"), "different": Text("不同人", "different"), "open": Text("待定", "open")}
"""What may stand in the column of decisions; an empty cell is open."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of two people, by their ids, and the row of the file in which it stands."""

    row: int
    first: str
    second: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Decisions:
    """Every decision of one file.

    Attributes
    ----------
    name : str
        The file, as problems name it.
    rows : tuple of Decision
        In the order of the file.
    """

    name: str
    rows: tuple[Decision, ...]

    def __post_init__(self) -> None:
        self._refuse_contradictions()

    def groups(self, there: Collection[str]) -> tuple[tuple[str, ...], ...]:
        """Ids decided to be one person, of those that are `there`: each group sorted, so that its first id is the one it goes by.

        Two ids that were tied through a third stay one person when the third is gone: the decision was about all of them.

        Examples
        --------
        >>> said = Decisions("people.csv", (Decision(2, "m3", "m1", "same"), Decision(3, "m3", "m7", "same")))
        >>> said.groups({"m1", "m7", "m9"})
        (('m1', 'm7'),)
        """
        wanted = frozenset(there)
        found = (sorted(group & wanted) for group in _components(self.rows))
        return tuple(sorted(tuple(group) for group in found if len(group) > 1))

    def gone(self, there: Collection[str]) -> tuple[Decision, ...]:
        """Return the decisions, open ones aside, that speak of an id which is not `there`."""
        wanted = frozenset(there)
        return tuple(row for row in self.rows if row.judgement != "open" and not {row.first, row.second} <= wanted)

    def _refuse_contradictions(self) -> None:
        """Raise SourceError if two ids are decided to be two people and, directly or through others, one."""
        group_of = {one: number for number, group in enumerate(_components(self.rows)) for one in group}
        said = []
        for row in self.rows:
            if row.judgement == "different" and row.first in group_of and group_of[row.first] == group_of.get(row.second):
                said.append((row.row, _path(self.rows, row.first, row.second)))
        if said:
            zh = "；".join(f"第{row}行说是不同的人，而第{'、'.join(map(str, path))}行合起来说是同一人" for row, path in said)
            en = "; ".join(
                f"row {row} says two people, and row{'s' if len(path) > 1 else ''} {', '.join(map(str, path))} say{'' if len(path) > 1 else 's'} one"
                for row, path in said
            )
            raise SourceError(
                Text(f"判断互相矛盾：{zh}。请改正其中一行", f"the decisions contradict each other: {en}. Correct one of them"), path=self.name
            )


def _ties(rows: Sequence[Decision]) -> dict[str, list[tuple[str, int]]]:
    ties: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        if row.judgement == "same":
            ties.setdefault(row.first, []).append((row.second, row.row))
            ties.setdefault(row.second, []).append((row.first, row.row))
    return ties


def _components(rows: Sequence[Decision]) -> list[set[str]]:
    """Ids that are one person, directly or through others."""
    ties, seen, found = _ties(rows), set[str](), []
    for start in ties:
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            for other, _ in ties[waiting.pop()]:
                if other not in group:
                    group.add(other)
                    waiting.append(other)
        seen |= group
        found.append(group)
    return found


def _path(rows: Sequence[Decision], start: str, end: str) -> list[int]:
    """Rows that together say that two ids are one person: the fewest there are."""
    ties, came = _ties(rows), {start: ("", 0)}
    waiting = deque([start])
    while waiting and end not in came:
        here = waiting.popleft()
        for other, row in ties[here]:
            if other not in came:
                came[other] = (here, row)
                waiting.append(other)
    path = []
    while end != start:
        end, row = came[end]
        path.append(row)
    return sorted(path)
