"""A question: its name, what it is asked with, and how its answer is told, extracted and summed up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from graphkit.words import Text

if TYPE_CHECKING:
    import pandas as pd

    from graphkit.questions.extract import Extract
    from graphkit.questions.finding import Drawer, Finding


PLOT_INCHES = 4.9


@dataclass(frozen=True, slots=True)
class Option:
    """Something that a question is asked with: a parameter of its function and an option of its command.

    `default` gives the type, text, whole number or number; `minimum` and `maximum` bound a number.
    """

    name: str
    default: str | float
    meaning: Text
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """An answer in a few lines: a small table, and notes below it. A cell is a text, or a value that is the same in both languages."""

    title: Text
    headings: Sequence[Text]
    rows: Sequence[Sequence[object]]
    notes: Sequence[Text] = ()


class Question(ABC):
    """One question that graphkit answers. Command line, report, workbook and documentation loop over the questions there are.

    Attributes
    ----------
    name : str
        The one name of the question: of its command, file, sheet, and section of the report.
    function : str
        The public function that answers it, which is what ``Finding.question`` says.
    heading, asks, explains : Text
        A few words for a heading; the question in one sentence; and what the answer holds.
    nothing : Text
        What an answer without rows says of the district.
    options : tuple of Option
        What it is asked with beside the data and the day.
    of_district : bool
        Whether it is asked of a district's tables, and so has a command of its own.
    on_pages : bool
        Whether its answer stands on every page and with every command that answers all questions about a district.
    is_relational : bool
        Whether it can be asked with an ``engine``, so that Spark may count for it.
    plot_inches : float
        Height of its plot on a page; 0 where it has none there.
    """

    name: str
    function: str
    heading: Text
    asks: Text
    explains: Text
    nothing: Text
    options: tuple[Option, ...] = ()
    of_district: bool = True
    on_pages: bool = True
    is_relational: bool = False
    plot_inches: float = PLOT_INCHES

    @abstractmethod
    def ask(self, source: Any, **options: Any) -> Finding:
        """Answer the question about `source`: the Tables of a district, and then as of the day `as_of`, today if not given."""

    @property
    def draw(self) -> Drawer | None:
        """How its answer is drawn; None: its mark column, counted."""
        return None

    def summarise(self, finding: Finding) -> Summary:
        """Put the answer into a few lines."""
        from graphkit.questions.extract import first_rows

        extract = first_rows(finding, {})
        return Summary(finding.title, extract.headings, extract.rows, finding.caveats[:1])

    def tell_all(self, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
        """Say the answer in sentences, also one without rows."""
        return [self.nothing] if finding.rows.empty else self.tell(finding, names)

    def sum_up(self, finding: Finding) -> Summary:
        """Put the answer into a few lines, and below them what it does not hold."""
        summary = self.summarise(finding)
        said = [self.nothing] if finding.rows.empty else []
        return replace(summary, notes=[*said, *summary.notes, *(said for said in finding.account if said not in summary.notes)])

    def tell(self, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
        """Say the answer in sentences; the first is enough for a reader in a hurry. `names` are by kind and id, ``"Village 230112104001"``."""
        del names
        return [Text(f"共 {len(finding):,} 行。", f"{len(finding):,} rows.")]

    def extract(self, finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
        """Return the rows that matter most, as tables of a few columns."""
        from graphkit.questions.extract import first_rows

        return [first_rows(finding, names)]

    def sheets(self, finding: Finding, lang: str) -> dict[str, pd.DataFrame]:
        """Return what a workbook holds before the rows, by the title of its sheet; most answers are their rows alone."""
        del finding, lang
        return {}
