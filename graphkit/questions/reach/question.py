"""The question of pairing reach."""

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


class Reach(Question):
    """Which households members reach, directly and in a few steps."""

    name = "reach"
    function = "find_pairing_reach"
    is_relational = True
    heading = Text("结对到户", "Pairing reach")
    asks = Text("结对到户：党员到达哪些户，哪些户没有人到。", "Pairing reach: which households members reach, and which nobody does.")
    explains = Text(
        "直接的和几步之内的；一人帮、几人帮、没人帮；各种结对方式分开计数，从不相加。",
        "Counts directly and in steps; by one, by several, by none; each kind of pairing by itself.",
    )
    nothing = Text("没有登记人员、农户或村（以此日为准）。", "No person, household or village is recorded as of the day.")
    options = (Option("max_steps", 2, Text("最多经过几步到达农户。", "How many steps may lead to a household."), minimum=1, maximum=6),)

    def ask(self, source: Tables, *, as_of: dt.date | None = None, **options: Any) -> Finding:
        from graphkit.questions.reach.find import find_pairing_reach

        return find_pairing_reach(source, as_of=as_of, **options)

    @property
    def draw(self) -> Drawer:
        from graphkit.questions.reach.shown import draw_reach

        return draw_reach

    def summarise(self, finding: Finding) -> Summary:
        from graphkit.questions.reach.shown import summarise_reach

        return summarise_reach(finding)

    def tell(self, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
        from graphkit.questions.reach.shown import tell_reach

        return tell_reach(finding, names)

    def extract(self, finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
        from graphkit.questions.reach.shown import extract_villages

        return extract_villages(finding, names)


QUESTION = Reach()
