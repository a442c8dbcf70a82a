"""The question of coverage gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graphkit.questions.question import Option, Question, Summary
from graphkit.words import Text

if TYPE_CHECKING:
    import datetime as dt

    from graphkit.data.tables import Tables
    from graphkit.questions.extract import Extract
    from graphkit.questions.finding import Drawer, Finding


class Gaps(Question):
    """Who or what should be covered, by a written rule, and is not."""

    name = "gaps"
    function = "find_coverage_gaps"
    plot_inches = 2.9
    heading = Text("空白点", "Coverage gaps")
    asks = Text("空白点：按成文规则，谁该被组织覆盖而没有。", "Coverage gaps: who or what should be covered, by a written rule, and is not.")
    explains = Text(
        "逐一判断合作组织、村、党员和农户，给出规则、依据的数目和办法。",
        "Gives every co-operative, village, member and household a verdict with its rule, its counts and a remedy.",
    )
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


QUESTION = Gaps()
