"""The form of the annual return: how many stand in each class, split by place, line or management, and who stands in each cell."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graphkit.errors import ParameterError
from graphkit.questions.annual_return.columns import SPLITS, UNKNOWN, need_split
from graphkit.questions.finding import Finding
from graphkit.words import Text

TOTAL = Text("合计", "total")
LIAISON = Text("其中已派指导员", "of which with a liaison")
NOT_RECORDED = Text("未知", "unknown")


def tabulate_annual_return(finding: Finding, *, by: str | None = None) -> pd.DataFrame:
    """Fill in the form: how many stand in each class, and in how many of those a liaison was appointed.

    Parameters
    ----------
    finding : Finding
        Of `classify_annual_return`.
    by : {"township", "sector", "kind", "scope", "management"}, optional
        A column for each of these besides the total; ``unknown`` where it is not on record.

    Returns
    -------
    DataFrame
        A row a class in the order of the form, then ``total``; columns ``total``, ``has_liaison``, and one a value of `by`. The classes add up
        to the total of each column, and the values of `by` to the total of each row.

    Raises
    ------
    ParameterError
        If `by` is none of these, or the finding answers another question.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from graphkit.data.tables import Tables
    >>> from graphkit.questions.annual_return.classify import classify_annual_return
    >>> tables = Tables({"Cooperative": pa.table({"id": ["c1", "c2"], "kind": ["park", "base"]})})
    >>> tabulate_annual_return(classify_annual_return(tables), by="kind").loc["none"].to_dict()
    {'total': 2, 'has_liaison': 0, 'base': 1, 'park': 1}
    """
    need_split(by)
    rows = need_return(finding).rows
    table = pd.DataFrame(index=list(classes_of(finding)))
    table["total"] = rows["class"].value_counts().reindex(table.index, fill_value=0)
    table["has_liaison"] = rows[rows["has_liaison"].fillna(False)]["class"].value_counts().reindex(table.index, fill_value=0)
    if by is not None:
        table = table.join(pd.crosstab(rows["class"], rows[by].fillna(UNKNOWN)).reindex(table.index, fill_value=0))
    table.loc["total"] = table.sum()
    return table.astype(int)


def need_return(finding: Finding) -> Finding:
    """Return `finding` if it is of `classify_annual_return`; ParameterError if it answers another question."""
    if finding.question != "classify_annual_return":
        raise ParameterError(
            Text(
                f"须是 classify_annual_return 的回答，而不是 {finding.question} 的",
                f"takes a finding of classify_annual_return, not of {finding.question}",
            ),
        )
    return finding


def classes_of(finding: Finding) -> Mapping[str, Text]:
    """Return the classes of the form in words, in its order, and last what cannot be classed."""
    return next(column.values for column in finding.columns if column.name == "class")


def lines_of(finding: Finding) -> list[tuple[Text, tuple[str, ...]]]:
    """Return the lines of the form with the classes that each adds up; one that tells a part of the line above it adds nothing to the total."""
    return [(Text(zh, en), tuple(classes)) for zh, en, classes, _ in finding.provenance["lines"]]


def lay_out_form(finding: Finding) -> tuple[list[Text], list[list[object]]]:
    """Return the form as headings and lines: the lines are the classes, or where the answer is split the values by which it is, the total first."""
    by, lines = finding.parameters["by"], lines_of(finding)
    table = tabulate_annual_return(finding, by=by)
    if by is None:
        rows: list[list[object]] = [[heading, *_add(table, classes, ["total", "has_liaison"])] for heading, classes in lines]
        total = [TOTAL, *(int(number) for number in table.loc["total", ["total", "has_liaison"]])]
        return [Text("类别", "class"), TOTAL, LIAISON], [*rows, total]
    words = value_words_of(finding, by)
    liaisons = finding.rows[finding.rows["has_liaison"].fillna(False)][by].fillna(UNKNOWN).value_counts()
    rows = [[words.get(str(name), Text(str(name), str(name))), *_line(table, lines, name), int(liaisons.get(name, 0))] for name in table.columns[2:]]
    first = [TOTAL, *_line(table, lines, "total"), int(table.loc["total", "has_liaison"])]
    return [SPLITS[by], TOTAL, *(heading for heading, _ in lines), LIAISON], [first, *rows]


def list_cells(finding: Finding) -> pd.DataFrame:
    """Return who stands in each cell: the rows of the finding, by class in the order of the form, then by what it is split by, ``unknown`` where that is not on
    record, then id.
    """
    by = need_return(finding).parameters["by"]
    keys = {"class": finding.rows["class"].map(list(classes_of(finding)).index)} | ({by: finding.rows[by].fillna(UNKNOWN)} if by else {})
    rows = finding.rows.assign(**{by: keys[by]}) if by else finding.rows
    order = rows.assign(**keys).sort_values([*keys, "subject_id"], kind="stable").index
    return rows.loc[order, ["class", *([by] if by else []), "subject_id", "name", "has_liaison", "full_members", "possible"]]


def value_words_of(finding: Finding, by: str) -> dict[str, Text]:
    """Return the words of what the form is split by."""
    values = next(column.values for column in finding.columns if column.name == by)
    return {UNKNOWN: NOT_RECORDED, **values}


def _add(table: pd.DataFrame, classes: tuple[str, ...], columns: list[str]) -> list[int]:
    return [int(table.loc[list(classes), column].sum()) for column in columns]


def _line(table: pd.DataFrame, lines: list[tuple[Text, tuple[str, ...]]], column: str) -> list[int]:
    return [int(table.loc["total", column]), *(_add(table, classes, [column])[0] for _, classes in lines)]
