"""The question of promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graphkit.questions.question import Question, Summary
from graphkit.words import Text

if TYPE_CHECKING:
    import datetime as dt

    from graphkit.data.tables import Tables
    from graphkit.questions.extract import Extract
    from graphkit.questions.finding import Drawer, Finding


class Promises(Question):
    """What members promised, against what is recorded."""

    name = "promises"
    function = "find_promises"
    heading = Text("承诺与登记", "Promises")
    asks = Text("承诺与登记：谁承诺了多少，登记了多少。", "Promises: who promised how much, and how much of it is on record.")
    explains = Text(
        "每项承诺一行：同一方式、同一单位、同一期限内登记了多少，不足和多出各多少；人数按户的人口，不知道的给出区间。没有登记结对的承诺也在内。",
        "A row for each promise: what is recorded in the same kind, unit and period, with shortfall and surplus; people by the size of households, an "
        "interval where it is unknown. Promises with nothing recorded are among them.",
    )
    nothing = Text("没有登记承诺（以此日为准）。", "No promise is recorded as of the day.")

    def ask(self, source: Tables, *, as_of: dt.date | None = None, **options: Any) -> Finding:
        from graphkit.questions.promises.find import find_promises

        return find_promises(source, as_of=as_of, **options)

    @property
    def draw(self) -> Drawer:
        from graphkit.questions.promises.shown import draw_promises

        return draw_promises

    def summarise(self, finding: Finding) -> Summary:
        from graphkit.questions.promises.shown import summarise_promises

        return summarise_promises(finding)

    def tell(self, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
        from graphkit.questions.promises.shown import tell_promises

        del names
        return tell_promises(finding)

    def extract(self, finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
        from graphkit.questions.promises.shown import extract_promises

        return extract_promises(finding, names)


QUESTION = Promises()
