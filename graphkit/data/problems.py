"""A problem: one thing wrong in the data, with its place, the rule it breaks and what to do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from graphkit.model.model import Model
from graphkit.model.types import NodeType
from graphkit.words import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, with its place, the rule it breaks and what to do.

    Attributes
    ----------
    table : str
        Name of the table, such as ``"Member HELPS Household"``.
    file, sheet : str or None
        Where the row was read; None for tables made in Python.
    row : int or None
        Row in the file or sheet, the first line is 1; None for a problem of the whole file.
    column, value : str or None
        Name of the column and what stands there; a personal value stands as ``***``.
    rule : str
        Id of the rule, such as ``"key.once"`` or ``"type.date"``.
    text, remedy : Text
        The rule, and what to do, in both languages.
    effect : {"quarantine", "report"}
        Whether the row is set aside, or kept and the matter only reported.
    heading : Text or None
        The column as it is called in the file that the reader has before them.
    """

    table: str
    file: str | None
    sheet: str | None
    row: int | None
    column: str | None
    value: str | None
    rule: str
    text: Text
    remedy: Text
    effect: Literal["quarantine", "report"] = "quarantine"
    heading: Text | None = None

    def describe(self, lang: str = "en") -> str:
        """Say it in one line: place, value, rule, remedy; the column by its heading in `lang`."""
        row = "" if self.row is None else (f"第{self.row}行" if lang == "zh" else f"row {self.row}")
        place = " · ".join(
            p
            for p in (
                self.file or self.table,
                self.sheet if self.sheet != self.file else None,
                row,
                self.heading.say(lang) if self.heading else self.column,
            )
            if p
        )
        value = "" if self.value is None else (f"“{self.value}”：" if lang == "zh" else f"{self.value!r}: ")
        stop = "。" if lang == "zh" else "; "
        return f"{place}: {value}{self.text.say(lang)}{stop}{self.remedy.say(lang)} [{self.rule}]"


def fold_cells(problems: Sequence[Problem], model: Model) -> list[Problem]:
    """Return problems with each cell at fault told once, where one row of a register says several tables that all need it.

    One bad id in a row of members is a fault of the member, of where it lives and of its branch: it is told of the first table, with how many more
    need the same cell. Faults that differ in rule, value or in what the cell names stay apart.

    Examples
    --------
    >>> from graphkit.model.kinds import MODEL
    >>> one, two = (Problem(t, "a.csv", None, 3, c, "x", "id.number", Text("错", "wrong"), Text("改", "mend"))
    ...             for t, c in (("Member", "id"), ("Member LIVES_IN Village", "member_id")))
    >>> [problem.text.en for problem in fold_cells([one, two], MODEL)]
    ['wrong (1 more table needs this cell)']
    """
    first: dict[Hashable, str] = {}
    seen: Counter[tuple[Hashable, str]] = Counter()
    kept: list[Problem] = []
    also: dict[Hashable, set[str]] = defaultdict(set)
    for problem in problems:
        cell = _cell_of(problem, model)
        if cell is None:
            kept.append(problem)
            continue
        table = first.setdefault(cell, problem.table)
        seen[cell, problem.table] += 1
        if table != problem.table and seen[cell, problem.table] <= seen[cell, table]:
            also[cell].add(problem.table)
        else:
            kept.append(problem)
    return [_with_others(problem, len(also.get(_cell_of(problem, model), ()))) for problem in kept]


def _cell_of(problem: Problem, model: Model) -> Hashable:
    """What cell of which row is at fault, by what it names; None where it names no thing, or nothing says which row."""
    if problem.row is None or problem.column is None or problem.table not in {kind.table for kind in model.kinds}:
        return None
    kind = model.table_type(problem.table)
    if isinstance(kind, NodeType):
        label = kind.label if problem.column == kind.key else None
    else:
        label = next((label for end, label in zip(kind.ends, (kind.source, kind.target), strict=True) if end.name == problem.column), None)
    return None if label is None else (problem.file, problem.sheet, problem.row, problem.rule, label, problem.value)


def _with_others(problem: Problem, others: int) -> Problem:
    more = Text(f"（另有 {others} 张表要用这一格）", f" ({others} more table{'s need' if others > 1 else ' needs'} this cell)")
    return _say_more(problem, more) if others else problem


def _say_more(problem: Problem, more: Text) -> Problem:
    return replace(problem, text=Text(problem.text.zh + more.zh, problem.text.en + more.en))


def fold_ends(problems: Sequence[Problem], model: Model) -> list[Problem]:
    """Return problems with each thing that is in no table told once, with how many more rows name it; one that may not be shown stays with its row.

    Examples
    --------
    >>> from graphkit.model.kinds import MODEL
    >>> ends = [Problem("Household LIVES_IN Village", "a.csv", None, row, "village_code", "230112000009", "tie.ends", Text("无", "gone"), Text("补", "add"))
    ...         for row in (2, 3, 4)]
    >>> [problem.text.en for problem in fold_ends(ends, MODEL)]
    ['gone (2 more rows name it)']
    """
    named = [_named(problem, model) for problem in problems]
    rows = Counter(thing for thing in named if thing is not None)
    told: set[Hashable] = set()
    kept = []
    for problem, thing in zip(problems, named, strict=True):
        if thing not in told:
            kept.append(_with_rows(problem, rows[thing] - 1 if thing is not None else 0))
        if thing is not None:
            told.add(thing)
    return kept


def _named(problem: Problem, model: Model) -> Hashable:
    """The thing that a tie names and that is nowhere; None for any other problem, and where the thing may not be shown."""
    cell = _cell_of(problem, model) if problem.rule == "tie.ends" and problem.value not in (None, "***") else None
    return cell[-2:] if isinstance(cell, tuple) else None


def _with_rows(problem: Problem, others: int) -> Problem:
    more = Text(f"（另有 {others:,} 行写的也是它）", f" ({others:,} more row{'s name' if others > 1 else ' names'} it)")
    return _say_more(problem, more) if others else problem
