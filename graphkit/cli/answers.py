"""The three answers together, for the map, the report and the demonstration."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from graphkit.cli.progress import show_step
from graphkit.words import Lang, Text

if TYPE_CHECKING:
    from graphkit.data.tables import Tables
    from graphkit.questions.finding import Finding


def answer_all(
    tables: Tables, *, as_of: dt.date | None, lang: Lang, rules: str = "acheng-2010", group: str = "village", max_steps: int = 2
) -> dict[str, Finding]:
    """Answer the three questions about `tables` as of one day: coverage, bridges, reach."""
    from graphkit.bridges import find_bridge_figures
    from graphkit.questions.coverage import find_coverage_gaps
    from graphkit.network import Network
    from graphkit.questions.reach import find_pairing_reach

    as_of = as_of or dt.date.today()  # noqa: DTZ011 - the day of the user's calendar
    with show_step(Text("空白点", "Coverage gaps").say(lang)):
        coverage = find_coverage_gaps(tables, rules=rules, as_of=as_of)
    with show_step(Text("桥梁人物", "Bridge figures").say(lang)):
        bridges = find_bridge_figures(Network.from_tables(tables, as_of=as_of), group=group)
    with show_step(Text("结对到户", "Pairing reach").say(lang)):
        reach = find_pairing_reach(tables, max_steps=max_steps, as_of=as_of)
    return {"coverage": coverage, "bridges": bridges, "reach": reach}
