"""One outcome in detail: on whom and on what it rests, and since when it has been so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.arguments import need_a, read_date, read_whole
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.questions.coverage.loose import LOOSE
from graphkit.questions.coverage.since import counted_ties, since_when
from graphkit.rules.pack import Rule, RulePack
from graphkit.rules.reader import read_rule_pack
from graphkit.words import Text

_SAID = ("kind", "stage")  # what a rule asks about a node; the ties say the rest
_TIE_SAYS = ("kind", "post", "office", "primary")
EVIDENCE = ("tie", "of", "kind", "id", "said", "tie_said", "since", "until")


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What one rule comes to for one subject, and what that rests on.

    Attributes
    ----------
    rule, subject_kind, subject_id : str
        Of whom which rule asks.
    asked, outcome, reason
        As in the row of `find_coverage_gaps`; ``no`` and None where the rule asks nothing of it.
    since : date or None
        First day since which the outcome has been the same on every day, whatever was asked meanwhile; None where the dates on record do not
        tell it.
    evidence : DataFrame
        A row for each tie of the subject in the tables that the rule's facts are counted from, and where the rule names a superior for each tie to
        one of the bodies among these: ``tie``, ``of`` (the body that has the tie; None where it is the subject), ``kind`` and ``id`` of the other end, ``said`` (kind of body, stage of
        admission), ``tie_said`` (kind of pairing, post, primary or not, and whether an office is held), ``since``, ``until``. Ids only, no names.
    left_out : mapping of str to int
        Ties of which more are there than are shown, and how many more.
    """

    rule: str
    subject_kind: str
    subject_id: str
    asked: str
    outcome: str | None
    reason: Text | None
    since: dt.date | None
    evidence: pd.DataFrame
    left_out: Mapping[str, int]


def explain_outcome(
    tables: Tables, rule: str, subject: str, *, rules: str | Path | RulePack = "acheng-2010", as_of: dt.date | None = None, most: int = 20
) -> Outcome:
    """On whom and on what does one outcome rest, and since when has it been so?

    Parameters
    ----------
    tables : Tables
        The district.
    rule : str
        Id of a rule of the pack, such as ``"s51"`` or ``"acheng-2010.s51"``.
    subject : str
        Id, or code of a village, of the subject.
    rules : str, Path or RulePack
        The pack.
    as_of : date, optional
        Day the answer speaks of; today if not given.
    most : int, ties
        Ties of a kind that are shown; `Outcome.left_out` says of how many more there are.

    Returns
    -------
    Outcome
        ``since`` is None where two readings of the undated differ (as early and as late as they can have begun), where there was no other outcome
        before, where what the rule asks for hangs on a stage of admission or a last visit (of which no history is kept), or where the row is not
        certain. What is recorded without a date, such as the kind of a body, is read as always so.

    Raises
    ------
    ParameterError
        If there is no such rule or subject on the day, the rule is not in force on it, or `most` is below 1.

    Examples
    --------
    >>> tables = Tables({
    ...     "Household": pa.table({"id": ["h1"], "is_poor": [True]}), "Member": pa.table({"id": ["m1"]}),
    ...     "Member HELPS Household": pa.table({"member_id": ["m1"], "household_id": ["h1"], "kind": ["one_to_one"], "since": [dt.date(2011, 3, 1)]}),
    ... })
    >>> told = explain_outcome(tables, "s51", "h1", as_of=dt.date(2012, 4, 30))
    >>> told.outcome, str(told.since), told.evidence["id"].tolist()
    ('met', '2011-03-01', ['m1'])
    """
    need_a(Tables, tables, "explain_outcome")
    most = read_whole(most, "most", least=1)
    pack = rules if isinstance(rules, RulePack) else read_rule_pack(rules)
    day = dt.date.today() if as_of is None else read_date(as_of)  # noqa: DTZ011  # the reader's own day
    asked = _find_rule(pack, rule, day)
    standing = tables.at(day)
    _need_subject(standing, asked, subject)
    rows = find_coverage_gaps(tables, rules=replace(pack, rules=(asked,)), as_of=day).rows
    row = next(iter(rows[rows["subject_id"] == subject].to_dict("records")), None)
    evidence, left_out = _evidence(standing, asked, subject, most)
    if row is None:
        return Outcome(asked.name, asked.applies_to, subject, "no", None, None, None, evidence, left_out)
    outcome, reason = str(row["outcome"]), Text(row["reason_zh"], row["reason_en"])
    since = since_when(tables, asked, subject, pack=pack, day=day, outcome=outcome) if row["certain"] else None
    return Outcome(asked.name, asked.applies_to, subject, str(row["asked"]), outcome, reason, since, evidence, left_out)


def _find_rule(pack: RulePack, rule: str, day: dt.date) -> Rule:
    found = next((one for one in pack if rule in (one.id, one.name)), None)
    if found is None or not found.is_in_force(day):
        raise ParameterError(Text(f"{pack.id} 中没有在 {day} 施行的规则 {rule[:40]!r}", f"no rule {rule[:40]!r} of {pack.id} is in force on {day}"))
    return found


def _need_subject(standing: Tables, rule: Rule, subject: str) -> None:
    key = standing.model.node_type(rule.applies_to).key
    if not pc.any(pc.equal(standing[rule.applies_to][key], subject)).as_py():
        heading = standing.model.node_type(rule.applies_to).heading
        raise ParameterError(Text(f"当天没有这个编号的{heading.zh}", f"no {heading.en} of this id stands on that day"))


def _evidence(standing: Tables, rule: Rule, subject: str, most: int) -> tuple[pd.DataFrame, dict[str, int]]:
    found: list[dict[str, object]] = []
    left_out: dict[str, int] = {}
    kind = rule.applies_to
    for tie in (tie for tie in counted_ties(standing, kind) if tie.table in _tables_of(rule)):
        for here, there, label in ((0, 1, tie.target), (1, 0, tie.source)):
            if (tie.target, tie.source)[there] != kind:
                continue
            ends = [end.name for end in tie.ends]
            rows = standing[tie.table].filter(pc.field(ends[here]) == subject).sort_by(ends[there])
            if rows.num_rows > most:
                left_out[tie.table] = left_out.get(tie.table, 0) + rows.num_rows - most
            found += [_piece(standing, tie.table, label, ends[there], row) for row in rows.slice(0, most).to_pylist()]
    for table in dict.fromkeys(superior.path[0] for superior in rule.superior if kind != "Branch"):
        found += _above(standing, table, [str(piece["id"]) for piece in found if piece["kind"] == "Branch"])
    return pd.DataFrame(found, columns=list(EVIDENCE), dtype=object), left_out


def _above(standing: Tables, table: str, bodies: list[str]) -> list[dict[str, object]]:
    """To whom the bodies among the evidence report."""
    body, superior = (end.name for end in standing.model.table_type(table).columns[:2])
    rows = (
        standing[table]
        .filter(pc.is_in(pc.field(body), value_set=pa.array(bodies, pa.string())))
        .sort_by([(body, "ascending"), (superior, "ascending")])
    )
    return [_piece(standing, table, "Branch", superior, row) | {"of": row[body]} for row in rows.to_pylist()]


def _tables_of(rule: Rule) -> set[str]:
    """The tables that the facts of a rule hang on, those of the superior that it names among them."""
    facts = {clause.fact for condition in (*rule.asked, *rule.met) for clause in condition}
    return {table for loose in LOOSE[rule.applies_to] if facts & set(loose.facts) for table in loose.tables} | {
        table for superior in rule.superior for table in superior.path
    }


def _piece(standing: Tables, tie: str, label: str, end: str, row: Mapping[str, object]) -> dict[str, object]:
    held = standing[label]
    node = held.filter(pc.field(standing.model.node_type(label).key) == pa.scalar(row[end])).to_pylist()[0]
    said = next((node[name] for name in _SAID if node.get(name) is not None), None)
    told = [str(row[name]) if name in ("kind", "post") else name for name in _TIE_SAYS if row.get(name)]
    return {
        "tie": tie,
        "of": None,
        "kind": label,
        "id": row[end],
        "said": said,
        "tie_said": ";".join(told) or None,
        "since": row.get("since"),
        "until": row.get("until"),
    }
