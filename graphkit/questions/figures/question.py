"""The question of published figures; it is asked of a table of claims, not of a district."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphkit.questions.question import Question, Summary
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.questions.finding import Finding


class Figures(Question):
    """Whether published figures can be true together."""

    name = "figures"
    function = "check_figures"
    of_district = on_pages = False
    heading = Text("公布的数字", "Published figures")
    asks = Text("公布的数字：能不能同时成立？", "Published figures: can they be true together?")
    explains = Text(
        "逐条给出结论：成立、不可能、存疑或无法核对，并给出最近的可能值和最小的总数。",
        "Gives every claim a verdict: holds, impossible, doubtful or cannot be checked, with the nearest possible values and the smallest base.",
    )
    nothing = Text("表里没有公布的数字。", "The file holds no published figure.")

    def ask(self, source: Any, **options: Any) -> Finding:
        from graphkit.questions.figures.check import check_figures

        return check_figures(source, **options)

    def summarise(self, finding: Finding) -> Summary:
        from graphkit.questions.figures.shown import summarise_figures

        return summarise_figures(finding)


QUESTION = Figures()
