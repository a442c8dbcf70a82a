"""Finding: the answer to one question, with its rows, rules, caveats and day, and how it shows itself."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from graphkit.errors import ModelError
from graphkit.model.kinds import MODEL
from graphkit.pages.page import lang_tag
from graphkit.words import NO_TERMS, Terms, Text, say_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Drawer = Callable[["Finding", "Axes", str, Mapping[str, str]], bool]
SUBJECT = ("subject_kind", "subject_id")
SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a finding: the heading and meaning in both languages, its unit, and what an empty cell means.

    `values` gives the words shown for stored values, such as ``blank`` → 空白 / blank.
    """

    name: str
    heading: Text
    meaning: Text
    missing_means: Text = Text("不适用或未知", "does not apply, or unknown")
    unit: Text | None = None
    values: Mapping[str, Text] = field(default_factory=dict)


SUBJECT_COLUMNS = (
    Column("subject_kind", Text("对象类别", "kind"), Text("对象的类别", "kind of node the row is about"),
           values={**{kind.label: kind.heading for kind in MODEL.nodes}, "Village": Text("村", "village"), "Member": Text("人员", "member"),
                   "Node": Text("节点", "node"), "Claim": Text("说法", "claim")}),
    Column("subject_id", Text("对象编号", "id"), Text("对象的主键", "key of the node the row is about")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """The answer to one question about one network or set of tables.

    Attributes
    ----------
    question : str
        Name of the function that answered, such as ``"find_coverage_gaps"``.
    title : Text
        The question in words, in both languages.
    rows : DataFrame
        One row a subject; the first two columns are ``subject_kind`` and ``subject_id``.
    columns : tuple of Column
        Declaration of every column of `rows`, in order, the two subject columns included.
    parameters : mapping
        What was asked for.
    rules : tuple of str
        Ids of the rules applied.
    caveats : tuple of Text
        What a reader must know before quoting a number.
    provenance : mapping
        Where the numbers come from, such as the content hash of the tables.
    as_of : date or None
        The day the answer speaks of; None if it speaks of no day.
    label_column, mark_column : str or None
        Column that names a subject for a reader, and the column by which a map or plot marks it.
    draw : callable, optional
        How its plot is drawn: takes the finding, axes, language and names by id, and says whether there was anything to draw.
    terms : Terms
        The words of the field that the answer is about, for whoever puts it into sentences.

    Notes
    -----
    In Jupyter a finding shows its first rows with readable headings and its caveats, in Chinese
    and English; `plot` draws it, `to_frame` gives the whole table under readable headings, and
    `write_finding` writes it to a file.
    """

    question: str
    title: Text
    rows: pd.DataFrame
    columns: tuple[Column, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    caveats: tuple[Text, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    as_of: dt.date | None = None
    label_column: str | None = None
    mark_column: str | None = None
    draw: Drawer | None = None
    terms: Terms = NO_TERMS

    def __post_init__(self) -> None:
        if tuple(self.rows.columns[:2]) != SUBJECT:
            raise ModelError(f"{self.question}: the first two columns are {SUBJECT}, not {tuple(self.rows.columns[:2])}")
        declared = [column.name for column in self.columns]
        if declared != list(self.rows.columns):
            raise ModelError(f"{self.question}: columns declared {declared}, columns given {list(self.rows.columns)}")

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        day = f", as of {self.as_of}" if self.as_of else ""
        return f"Finding({self.question}: {len(self.rows):,} rows{day})"

    @property
    def account(self) -> tuple[Text, ...]:
        """Those of the caveats that say what the answer does not hold: what was not read, and what nobody says is complete."""
        return tuple(Text(*said) for said in self.provenance.get("account", ()))

    def select(self, kind: str) -> pd.DataFrame:
        """Return the rows about subjects of `kind`, such as ``"Village"``."""
        return self.rows[self.rows["subject_kind"] == kind]

    def to_frame(self, lang: str = "en", *, head: int | None = None) -> pd.DataFrame:
        """Return the rows under readable headings and words, in `lang`; the first `head` of them if given."""
        rows = self.rows if head is None else self.rows.head(head)
        shown = []
        for column in self.columns:
            words = {value: text.say(lang) for value, text in column.values.items()}
            values = rows[column.name]
            shown.append(values.map(lambda v, w=words: w.get(v, v)) if words else values)
        frame = pd.concat(shown, axis=1)
        frame.columns = pd.Index([_with_unit(column).say(lang) for column in self.columns])
        return frame

    def to_html(self, lang: str = "en", *, head: int | None = SHOWN_ROWS) -> str:
        """Return title, table and caveats as HTML, in `lang`; every value is escaped."""
        return _section(self, (lang,), head)

    def _repr_html_(self) -> str:
        return _section(self, ("zh", "en"), SHOWN_ROWS)

    def plot(self, *, lang: str = "zh", ax: Axes | None = None) -> Axes:
        """Draw the finding with matplotlib, labels in `lang`; returns the axes drawn on."""
        from graphkit.pages.plots import draw_finding

        return draw_finding(self, lang=lang, ax=ax)


def put_in_terms(finding: Finding, terms: Terms, *, rows: Sequence[str] = (), keep: Iterable[Text] = ()) -> Finding:
    """Return the answer in the words of a field of one's own: title, headings, words and caveats, and the texts in the columns `rows` (``"reason"``).

    Names, and what is in the words of its pack already, stay as they are: `keep`.
    """
    if not terms:
        return finding
    kept = terms.hits(said for text in keep for said in (text.zh, text.en))

    def put(text: Text) -> Text:
        return terms.put(text, kept)

    columns = tuple(
        replace(
            column, heading=put(column.heading), meaning=put(column.meaning), missing_means=put(column.missing_means),
            unit=put(column.unit) if column.unit else None, values={name: put(word) for name, word in column.values.items()},
        )
        for column in finding.columns
    )  # fmt: skip
    spoken = finding.rows.assign(**{f"{name}_{lang}": column for name in rows for lang, column in _put_rows(finding.rows, name, put).items()})
    return replace(finding, title=put(finding.title), rows=spoken, columns=columns, caveats=tuple(map(put, finding.caveats)), terms=terms)


def _put_rows(rows: pd.DataFrame, name: str, put: Callable[[Text], Text]) -> dict[str, pd.Series]:
    pairs = zip(rows[f"{name}_zh"], rows[f"{name}_en"], strict=True)
    said = [put(Text(zh, en)) if isinstance(zh, str) else None for zh, en in pairs]
    return {lang: pd.Series([text.say(lang) if text else None for text in said], rows.index, dtype="str") for lang in ("zh", "en")}


STYLE = """<style>
.graphkit-finding { font-size: 14px; line-height: 1.5; }
.graphkit-finding .wide { overflow-x: auto; }
.graphkit-finding table { border-collapse: collapse; font-size: 13px; margin: 8px 0; }
.graphkit-finding th { text-align: left; vertical-align: bottom; padding: 3px 12px 3px 0; border-bottom: 1px solid; font-weight: 600; white-space: nowrap; }
.graphkit-finding td { text-align: left; vertical-align: top; padding: 3px 12px 3px 0; border-bottom: 1px solid #dfe3e6; min-width: 5em; max-width: 26em; }
.graphkit-finding .number { text-align: right; font-variant-numeric: tabular-nums; }
.graphkit-finding .second { color: #5c6870; font-weight: 400; }
</style>"""


def _section(finding: Finding, langs: Sequence[str], head: int | None) -> str:
    """Title, table and caveats in one language, or in several below each other."""
    rows = finding.rows if head is None else finding.rows.head(head)
    rest = len(finding.rows) - len(rows)
    day = [Text(f"截至 {finding.as_of}", f"as of {finding.as_of}")] if finding.as_of else []
    title = "".join(f"<h3{_second(n)}>{_words([finding.title, *day], (lang,))}</h3>" for n, lang in enumerate(langs))
    more = f"<p>{_words([Text(f'另有 {rest:,} 行', f'{rest:,} more rows')], langs)}</p>" if rest else ""
    caveats = "".join(f"<li>{_words([caveat], langs)}</li>" for caveat in finding.caveats)
    notes = f"<ul>{caveats}</ul>" if caveats else ""
    table = f'<div class="wide">{_table(finding, rows, langs)}</div>'
    return f'<section class="graphkit-finding" lang="{lang_tag(langs[0])}">{STYLE}{title}{table}{more}{notes}</section>'


def _second(n: int) -> str:
    return ' class="second"' if n else ""


def _words(texts: Sequence[Text], langs: Sequence[str]) -> str:
    """Texts side by side, and the languages below each other."""
    lines = (" · ".join(html.escape(text.say(lang)) for text in texts) for lang in langs)
    return "<br>".join(f'<span lang="{lang_tag(lang)}"{_second(n)}>{line}</span>' for n, (lang, line) in enumerate(zip(langs, lines, strict=True)))


def _table(finding: Finding, rows: pd.DataFrame, langs: Sequence[str]) -> str:
    looks = [
        ' class="number"' if pd.api.types.is_numeric_dtype(rows[c.name]) and not pd.api.types.is_bool_dtype(rows[c.name]) else ""
        for c in finding.columns
    ]
    headings = "".join(
        f'<th scope="col"{look}>{_words([_with_unit(column)], langs)}</th>' for column, look in zip(finding.columns, looks, strict=True)
    )
    columns = [
        [f"<td{look}>{cell}</td>" for cell in _cells(rows[column.name], column.values, langs)]
        for column, look in zip(finding.columns, looks, strict=True)
    ]
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*columns, strict=True))
    return f"<table><thead><tr>{headings}</tr></thead><tbody>{body}</tbody></table>"


def _with_unit(column: Column) -> Text:
    if column.unit is None:
        return column.heading
    return Text(f"{column.heading.zh}（{column.unit.zh}）", f"{column.heading.en} ({column.unit.en})")


def _cells(values: pd.Series, words: Mapping[str, Text], langs: Sequence[str]) -> list[str]:
    """Cells as HTML; a column holds few distinct values as a rule, so each is written once."""
    written: dict[object, str] = {}
    for value in (plain := plain_cells(values)):
        if value not in written:
            written[value] = _cell(value, words, langs)
    return [written[value] for value in plain]


def _cell(value: object, words: Mapping[str, Text], langs: Sequence[str]) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _words([Text("是", "yes") if value else Text("否", "no")], langs)
    if isinstance(value, str) and value in words:
        return _words([words[value]], langs)
    return html.escape(say_number(value) if isinstance(value, (int, float)) else str(value))


def plain_cells(values: pd.Series) -> list[object]:
    """Plain Python values for cells: None for missing, lists as text."""
    plain: list[object] = values.astype(object).where(values.notna(), None).tolist()
    return plain if {type(value) for value in plain} <= _PLAIN_TYPES else [_plain_value(value) for value in plain]


_PLAIN_TYPES = {str, bool, int, float, dt.date, type(None)}


def _plain_value(value: Any) -> object:
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (list, tuple)) or (hasattr(value, "__len__") and hasattr(value, "tolist")):
        return "；".join(map(str, value))
    if value is None or pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value if isinstance(value, (int, float, dt.date)) else str(value)


def pair_up(said: Iterable[Text]) -> list[list[str]]:
    """Sentences as provenance keeps them: both languages of each."""
    return [[text.zh, text.en] for text in said]
