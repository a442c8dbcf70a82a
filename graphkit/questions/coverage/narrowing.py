"""What would narrow the answer most: rows to put right and lists to ask for, by how many outcomes they decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.model.kinds import MODEL
from graphkit.questions.coverage.judging import Doubt
from graphkit.questions.coverage.loose import LOOSE
from graphkit.questions.coverage.room import Room
from graphkit.questions.finding import Finding
from graphkit.words import Text

WHATS = {
    "touched": Text("改正搁置和未读出的", "put right what was set aside or not read"),
    "missing": Text("补齐应有而缺的", "fill in what is missing"),
    "undeclared": Text("说明是否齐全，或索取名单", "say whether it is complete, or ask for the list"),
}
NARROWING = ("table", "what", "rows", "outcomes")


def list_narrowing(finding: Finding) -> pd.DataFrame:
    """What would narrow the answer on coverage most: which rows to put right, and which lists to ask for?

    Parameters
    ----------
    finding : Finding
        Of `find_coverage_gaps`.

    Returns
    -------
    DataFrame
        A row a table and what to do about it: table; what (``touched``: put right rows set aside and cells not read; ``missing``: fill in rows
        that are declared and not there; ``undeclared``: nobody says whether the table is complete); rows, how many, missing where nobody
        knows; outcomes, how many outcomes those rows alone could change, over all rules. First what decides most, then by table. A subject
        counts once a rule.

    Raises
    ------
    ParameterError
        If the finding answers another question.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from graphkit.questions.coverage.find import find_coverage_gaps
    >>> said = pa.table({"table": ["Member HELPS Household"], "expected": [1]})
    >>> tables = Tables({"Household": pa.table({"id": ["h1", "h2"], "is_poor": [True, True]})}, completeness=said)
    >>> list_narrowing(find_coverage_gaps(tables)).values.tolist()
    [['Member HELPS Household', 'missing', 1, 2]]
    """
    if finding.question != "find_coverage_gaps":
        raise ParameterError(
            Text(f"须是 find_coverage_gaps 的回答，而不是 {finding.question} 的", f"takes a finding of find_coverage_gaps, not of {finding.question}")
        )
    return pd.DataFrame(finding.provenance["narrowing"], columns=list(NARROWING)).astype({"rows": "Int64"})


def rank_narrowing(tables: Tables, doubts: Iterable[tuple[str, Doubt]], rooms: Mapping[str, Room]) -> list[list[object]]:
    """The rows of `list_narrowing`, from what each level and group decides under each rule, with the kind that the rule speaks of."""
    decided: dict[tuple[str, str], int] = {}
    groups = {kind: {loose.name: loose for loose in of} for kind, of in LOOSE.items()}
    for kind, doubt in doubts:
        for (level, group), number in doubt.decides.items():
            loose, missing = groups[kind][group], rooms[kind].missing
            asked = [table for table, _ in loose.ties] if level != "missing" else [table for table in loose.tables if missing[table]]
            for table in asked[:1]:
                decided[table, level] = decided.get((table, level), 0) + number
    most = {table: max(room.missing[table] for room in rooms.values()) for table, _ in decided}
    rows: list[list[object]] = []
    for (table, level), number in sorted(decided.items(), key=lambda one: (-one[1], one[0])):
        count = _unread(tables, table) if level == "touched" else most[table] if level == "missing" else None
        rows.append([table, level, count, number])
    return rows


def _unread(tables: Tables, table: str) -> int:
    """Cells and rows of a table that were not read."""
    lines = tables.unread.select(["fault", "table"]).to_pandas()
    return int(lines.loc[lines["table"] == table, "fault"].nunique())


def tell_narrowing(rows: Sequence[Sequence[object]], *, most: int = 3) -> Text | None:
    """Say what would narrow the answer most, in one sentence; None where nothing would."""
    if not rows:
        return None
    zh, en = [], []
    for table, what, count, outcomes in rows[:most]:
        heading, do = MODEL.table_type(str(table)).heading, WHATS[str(what)]
        number = "" if count is None else f"{count:,}"
        zh.append(f"“{heading.zh}”：{do.zh}{f' {number} 处' if number else ''}（关系到 {outcomes:,} 个结果）")
        en.append(f"{heading.en}: {do.en}{f', {number}' if number else ''} (bears on {outcomes:,} outcomes)")
    return Text(f"最能缩小不确定的：{'；'.join(zh)}", f"what would narrow this most: {'; '.join(en)}")
