"""What a question says of an answer, in the words of the field that the answer is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from graphkit.questions.extract import Extract
from graphkit.questions.question import Summary
from graphkit.words import Text, same

if TYPE_CHECKING:
    from graphkit.questions.finding import Finding


def put_all(texts: Iterable[Text], finding: Finding, names: Mapping[str, Text] | None = None) -> list[Text]:
    """Return sentences about an answer in the words of its field; names, and words that the answer itself declares, stay as they are."""
    if not finding.terms:
        return list(texts)
    kept = _kept(finding, names)
    return [finding.terms.put(text, kept) for text in texts]


def put_extract(extract: Extract, finding: Finding, names: Mapping[str, Text]) -> Extract:
    """Return a table of a page in the words of the field; its cells are names, and words of the answer, which are in these words already."""
    if not finding.terms:
        return extract
    (caption,), headings = put_all([extract.caption], finding, names), put_all(extract.headings, finding, names)
    return replace(extract, caption=caption, headings=headings)


def put_summary(summary: Summary, finding: Finding) -> Summary:
    """Return the few lines of an answer in the words of the field."""
    if not finding.terms:
        return summary
    rows = [[put_all([cell], finding)[0] if isinstance(cell, Text) else cell for cell in row] for row in summary.rows]
    (title,), headings, notes = put_all([summary.title], finding), put_all(summary.headings, finding), put_all(summary.notes, finding)
    return replace(summary, title=title, headings=headings, rows=rows, notes=notes)


def put_sheet(frame: pd.DataFrame, finding: Finding, lang: str) -> pd.DataFrame:
    """Return a sheet that a question lays out in the words of the field: headings, and the words in its cells."""
    if not finding.terms:
        return frame

    def put(value: object) -> object:
        return put_all([same(value)], finding)[0].say(lang) if isinstance(value, str) else value

    said = frame.map(put)
    said.columns = pd.Index([put(name) for name in frame.columns])
    return said


def _kept(finding: Finding, names: Mapping[str, Text] | None) -> tuple[str, ...]:
    words = [word for column in finding.columns for word in column.values.values()]
    return finding.terms.hits(said for text in (*(names or {}).values(), *words) for said in (text.zh, text.en))
