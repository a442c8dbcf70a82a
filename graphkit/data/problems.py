"""A problem: one thing wrong in the data, with its place, the rule it breaks and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
