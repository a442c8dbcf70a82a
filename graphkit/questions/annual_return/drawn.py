"""The plot of the annual return: the classes in the order of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from graphkit.pages.plots import stack_bars
from graphkit.questions.annual_return.columns import UNKNOWN
from graphkit.questions.annual_return.form import classes_of
from graphkit.questions.finding import Finding
from graphkit.words import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LIAISONS = {
    True: (Text("已派指导员", "with a liaison"), "#1f4e79"),
    False: (Text("未派指导员", "without a liaison"), "#9cc4e0"),
    None: (Text("未知", "unknown"), "#b5bcc2"),
}


def draw_return(finding: Finding, ax: Axes, lang: str, labels: Mapping[str, str]) -> bool:
    """The classes in the order of the form, those with none too; each split by whether a liaison is there."""
    del labels
    rows = finding.rows
    if rows.empty:
        return False
    classes = classes_of(finding)
    shown = [name for name in classes if name != UNKNOWN or (rows["class"] == UNKNOWN).any()]
    has = rows["has_liaison"].astype(object).where(rows["has_liaison"].notna(), None)
    parts = [
        (words.say(lang), colour, rows.loc[[value is known for value in has.map(_plain)], "class"].value_counts().reindex(shown, fill_value=0).to_numpy())
        for known, (words, colour) in _LIAISONS.items() if any(value is known for value in has.map(_plain))
    ]  # fmt: skip
    stack_bars(ax, [classes[name].say(lang) for name in shown], parts, shares=False)
    return True


def _plain(value: object) -> bool | None:
    return None if value is None else bool(value)
