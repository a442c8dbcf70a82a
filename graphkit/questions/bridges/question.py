"""The question of bridge figures."""

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


class Bridges(Question):
    """Which people hold separate villages, co-operatives and branches together."""

    name = "bridges"
    function = "find_bridge_figures"
    is_relational = True
    heading = Text("桥梁人物", "Bridge figures")
    asks = Text(
        "桥梁人物：谁把分开的村、合作组织和党组织连在一起。", "Bridge figures: who holds separate villages, co-operatives and branches together."
    )
    explains = Text(
        "按失去此人会断开谁、居于多少对人之间排名，理由用文字写明。",
        "Ranks people by whom their loss would cut off and how many pairs of people they are between, with the reasons in words.",
    )
    nothing = Text("没有登记人员（以此日为准）。", "No person is recorded as of the day.")
    options = (
        Option(
            "group",
            "village",
            Text(
                "断开的人和户按什么分组：village township cooperative branch。",
                "How those cut off are grouped: village, township, cooperative or branch.",
            ),
        ),
        Option(
            "chance",
            0,
            Text("与偶然比较时重新抽取的次数，至少 19；0 为不比较。", "Networks to draw by chance, at least 19; 0: no comparison with chance."),
            minimum=0,
        ),
        Option(
            "missing",
            0.0,
            Text("可能没有登记的关系所占份额，如 0.05；0 为不问。", "Share of ties that may not have been recorded, such as 0.05; 0: not asked."),
            minimum=0,
            maximum=0.5,
        ),
    )

    def ask(self, source: Tables, *, as_of: dt.date | None = None, **options: Any) -> Finding:
        from graphkit.questions.bridges.spread import find_bridge_figures_of

        return find_bridge_figures_of(source, as_of=as_of, **options)

    @property
    def draw(self) -> Drawer:
        from graphkit.questions.bridges.shown import draw_bridges

        return draw_bridges

    def summarise(self, finding: Finding) -> Summary:
        from graphkit.questions.bridges.shown import summarise_bridges

        return summarise_bridges(finding)

    def tell(self, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
        from graphkit.questions.bridges.shown import tell_bridges

        return tell_bridges(finding, names)

    def extract(self, finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
        from graphkit.questions.bridges.shown import extract_bridges

        return extract_bridges(finding, names)


QUESTION = Bridges()
