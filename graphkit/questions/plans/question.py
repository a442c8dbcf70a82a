"""The question of a plan: the fewest bodies with which every open rule on bodies is met."""

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


class Plan(Question):
    """Which fewest new bodies would meet every open rule on bodies?"""

    name = "plan"
    function = "select_covering_set"
    heading = Text("组建方案", "A plan")
    asks = Text(
        "组建方案：最少组建几个党组织，使未落实的组建规则都落实。", "A plan: the fewest new bodies with which every open rule on bodies is met."
    )
    explains = Text(
        "每个拟建党组织、每名拟派的联络指导员一行：覆盖哪些单位、正式党员多少、隶属谁；说明是否已证明最少、同样好的方案有几个。",
        "A row for each body to form and each liaison to appoint: its units, full members, superior; and whether fewer will not do is proven.",
    )
    nothing = Text(
        "没有可提的办法：没有确定未落实的组建规则，或新组建也不能使之落实。",
        "Nothing is proposed: no rule on bodies is certainly open, or no new body would meet one.",
    )
    options = (
        Option("rules", "acheng-2010", Text("用哪一套规则。", "Which pack of rules to apply.")),
        Option("near", "township", Text("哪些单位可以联合：township 同乡镇，village 同村，trade 同门类，township_or_trade 同乡镇或同门类。",
                                        "Which units may share a body: of one township, village or trade, or township_or_trade.")),
        Option("seconds", 60.0, Text("求解最多用多少秒。", "Time for the solver, in seconds."), 0.0),
    )  # fmt: skip
    on_pages = False

    def ask(self, source: Tables, *, as_of: dt.date | None = None, **options: Any) -> Finding:
        from graphkit.questions.plans.select import select_covering_set

        return select_covering_set(source, as_of=as_of, **options)

    @property
    def draw(self) -> Drawer:
        from graphkit.questions.plans.shown import draw_plan

        return draw_plan

    def summarise(self, finding: Finding) -> Summary:
        from graphkit.questions.plans.shown import summarise_plan

        return summarise_plan(finding)

    def tell(self, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
        from graphkit.questions.plans.shown import tell_plan

        del names
        return tell_plan(finding)

    def extract(self, finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
        from graphkit.questions.plans.shown import extract_plan

        return extract_plan(finding, names)


QUESTION = Plan()
