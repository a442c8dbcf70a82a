"""The question of coverage gaps."""

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


class Gaps(Question):
    """Of whom does each written rule ask something, and is it met?"""

    name = "gaps"
    function = "find_coverage_gaps"
    is_relational = True
    plot_inches = 4.4
    heading = Text("空白点", "Coverage gaps")
    asks = Text("空白点：每条成文规则对谁有要求，落实了没有。", "Coverage gaps: of whom does each written rule ask something, and is it met?")
    explains = Text(
        "每条规则、每个对象一行：有无要求、结果、依据的数目和办法；每条规则有自己的落实率。",
        "A row for each rule and subject: asked or not, the outcome, the counts and a remedy; each rule has a rate of its own.",
    )
    nothing = Text("没有规则对登记的任何对象有要求。", "No rule asks anything of anything on record.")
    options = (Option("rules", "acheng-2010", Text("用哪一套规则。", "Which pack of rules to apply.")),)

    def ask(self, source: Tables, *, as_of: dt.date | None = None, **options: Any) -> Finding:
        from graphkit.questions.coverage.find import find_coverage_gaps

        return find_coverage_gaps(source, as_of=as_of, **options)

    @property
    def draw(self) -> Drawer:
        from graphkit.questions.coverage.shown import draw_gaps

        return draw_gaps

    def summarise(self, finding: Finding) -> Summary:
        from graphkit.questions.coverage.shown import summarise_gaps

        return summarise_gaps(finding)

    def tell(self, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
        from graphkit.questions.coverage.shown import tell_gaps

        return tell_gaps(finding, names)

    def extract(self, finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
        from graphkit.questions.coverage.shown import extract_gaps

        return extract_gaps(finding, names)

    def sheets(self, finding: Finding, lang: str) -> dict[str, pd.DataFrame]:
        from graphkit.questions.coverage.shown import sheets_of

        return sheets_of(finding, lang)


QUESTION = Gaps()
