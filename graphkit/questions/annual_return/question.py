"""The question of the annual return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graphkit.questions.question import Option, Question, Summary
from graphkit.words import Text

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from graphkit.data.tables import Tables
    from graphkit.questions.extract import Extract
    from graphkit.questions.finding import Drawer, Finding


class AnnualReturn(Question):
    """In which class of the annual return does each co-operative stand?"""

    name = "annual-return"
    function = "classify_annual_return"
    on_pages = False
    is_relational = True
    heading = Text("年报", "Annual return")
    asks = Text("年报：每个合作组织归入哪一类？", "Annual return: in which class does each co-operative stand?")
    explains = Text(
        "填好的年报表：单独建立、联合党支部（其中已达人数的）、应建尚未建、仅有个别党员、没有党员，以及其中已派指导员的；写成 .xlsx 时列出每一格都有谁。",
        "The form filled in: a body of its own, a joint one (of which with enough members), due and not formed, a few members only, none; and of "
        "these, with a liaison. As .xlsx it names who stands in each cell.",
    )
    nothing = Text("没有登记合作组织（以此日为准）。", "No co-operative is recorded as of the day.")
    options = (
        Option("rules", "acheng-2010", Text("用哪一套规则。", "Which pack of rules to apply.")),
        Option(
            "form",
            "statistics-classes",
            Text("用哪一种表式：自带的，或自己的 .toml。", "Which form to fill in: a shipped one, or a .toml file of your own."),
        ),
        Option(
            "threshold", 0, Text("正式党员达到多少人算应建；0：按表式。", "Full members from which a body is due; 0: as the form has it."), minimum=0
        ),
        Option("by", "", Text("按什么分列：township、sector、kind、scope 或 management。", "Split by township, sector, kind, scope or management.")),
    )

    def ask(self, source: Tables, *, as_of: dt.date | None = None, by: str | None = None, threshold: int = 0, **options: Any) -> Finding:
        from graphkit.questions.annual_return.classify import classify_annual_return

        return classify_annual_return(source, as_of=as_of, by=by or None, threshold=threshold or None, **options)

    @property
    def draw(self) -> Drawer:
        from graphkit.questions.annual_return.drawn import draw_return

        return draw_return

    def summarise(self, finding: Finding) -> Summary:
        from graphkit.questions.annual_return.shown import summarise_return

        return summarise_return(finding)

    def tell(self, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
        from graphkit.questions.annual_return.shown import tell_return

        del names
        return tell_return(finding)

    def extract(self, finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
        from graphkit.questions.annual_return.shown import extract_return

        del names
        return extract_return(finding)

    def sheets(self, finding: Finding, lang: str) -> dict[str, pd.DataFrame]:
        from graphkit.questions.annual_return.shown import sheets_of

        return sheets_of(finding, lang)


QUESTION = AnnualReturn()
