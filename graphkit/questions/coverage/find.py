"""Coverage gaps: of whom does a written rule ask something, and is it met?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from graphkit.data.tables import Tables, arrow_schema
from graphkit.engines.duckdb import Plan, run_plans, write_plan
from graphkit.model.kinds import MODEL
from graphkit.questions.coverage.bodies import role_table
from graphkit.questions.coverage.cases import Cases, distinct_cases, needed_columns
from graphkit.questions.coverage.caveats import tell_caveats
from graphkit.questions.coverage.columns import TITLE
from graphkit.questions.coverage.counting import ROLES, TABLES, Counting
from graphkit.questions.coverage.rows import Judged, declare_columns, make_rows
from graphkit.questions.coverage.shown import draw_gaps
from graphkit.questions.coverage.wording import agree, tell_cases
from graphkit.questions.finding import Finding
from graphkit.rules.facts import KINDS, SUPERIOR
from graphkit.rules.judge import judge
from graphkit.rules.pack import Rule, RulePack
from graphkit.rules.reader import read_rule_pack


def find_coverage_gaps(tables: Tables, *, rules: str | Path | RulePack = "acheng-2010", as_of: dt.date | None = None) -> Finding:
    """Of whom does each written rule ask something, and is it met?

    A row for each rule of the pack that is in force on the day and each subject of which it asks something, or may. Whoever is asked
    nothing has no row. All counts are of distinct nodes, over ties in force on `as_of`; what a rule asks, and what meets it, stands in the
    pack, which the page of the rules spells out.

    - *asked*: ``yes``, or ``unknown`` where it hangs on something that is not on record (a stage, a kind of body, whether a household is poor).
    - *outcome*: ``met``, ``open``, or ``unknown``; exact over everything that the unknown could be.
    - *flags*: near the threshold, joint, temporary, wrong superior, too large … beside the outcome, which they do not change.

    Parameters
    ----------
    tables : Tables
        The district.
    rules : str, Path or RulePack
        Name of a shipped pack, path of a user's own, or a pack already read.
    as_of : date, optional
        Day the answer speaks of; today if not given. An unknown date of a tie or body excludes nothing; a rule that is not in force on the day
        asks nothing.

    Returns
    -------
    Finding
        Rows in the order of kind (Village, Co-operative, Branch, Member, Household, Zone), then of the rules in the pack, then id; columns as
        `COLUMNS` declares them, with the meaning of a missing value. Words are categorical: few texts, many rows.

    Raises
    ------
    ModelError
        If the rule pack contradicts itself.
    ParameterError
        If no such pack is shipped, or `as_of` is no date.
    SourceError
        If a pack's file cannot be read.

    Examples
    --------
    >>> tables = Tables({
    ...     "Cooperative": pa.table({"id": ["c1"], "name": ["稻米协会"], "scope": ["village"]}),
    ...     "Member": pa.table({"id": ["m1", "m2", "m3"], "stage": ["full"] * 3}),
    ...     "Member WORKS_IN Cooperative": pa.table({"member_id": ["m1", "m2", "m3"], "cooperative_id": ["c1"] * 3}),
    ... })
    >>> gaps = find_coverage_gaps(tables, as_of=dt.date(2012, 4, 30))
    >>> gaps.select("Cooperative")[["rule", "asked", "outcome", "remedy_en"]].to_dict("records")
    [{'rule': 'acheng-2010.s12-15', 'asked': 'yes', 'outcome': 'open', 'remedy_en': "form a body under the village's general branch (or its branch)"}]

    References
    ----------
    The article of Acheng's organisation department (2012), sentences 12–16, 20, 23–24, 31–32, 51–52 and 57; set covering calls what is open
    *uncovered demand*.
    """
    pack = rules if isinstance(rules, RulePack) else read_rule_pack(rules)
    day = dt.date.today() if as_of is None else as_of  # noqa: DTZ011  # the reader's own day
    standing = tables.at(day)
    in_force = [rule for rule in pack if rule.is_in_force(day)]
    by_kind = {kind: [rule for rule in in_force if rule.applies_to == kind] for kind in KINDS}
    subjects = {rule.name: standing[rule.applies_to].num_rows for rule in in_force}
    counted = count_asked({kind: rules for kind, rules in by_kind.items() if rules and standing[kind].num_rows}, standing, pack)
    parts = [judge_rule(rule, table, kind, pack, day) for kind, table in counted.items() for rule in by_kind[kind]]
    rows = make_rows(parts)
    return Finding(
        "find_coverage_gaps", TITLE, rows, declare_columns(rows, in_force), {"rules": pack.id}, tuple(rule.name for rule in in_force),
        tell_caveats(rows, pack, in_force, day),
        {"dataset": tables.dataset, "nodes": tables.node_count, "ties": tables.tie_count, "subjects": subjects,
         "kinds": {rule.name: rule.applies_to for rule in in_force},
         "open_words": {rule.name: [rule.open_word.zh, rule.open_word.en] for rule in in_force}},
        day, "name", "outcome", draw_gaps,
    )  # fmt: skip


def count_asked(asked: Mapping[str, Sequence[Rule]], tables: Tables, pack: RulePack) -> dict[str, pa.Table]:
    """Count what the rules ask about, a table a kind."""
    plans = {kind: _plan(kind, rules, pack) for kind, rules in asked.items()}
    read = {name: tables[name] for kind in asked for name in TABLES[kind]}
    roles = {ROLES[kind]: role_table(pack.bodies, of_village=kind == "Village") for kind in asked if kind in ROLES}
    return run_plans(plans, read | roles)


def count_kind(kind: str, tables: Tables, pack: RulePack) -> pa.Table:
    """Count every subject of one kind, without regard to any rule."""
    return count_asked({kind: ()}, tables, pack)[kind]


_PLANS: dict[object, Plan] = {}
_MOST_PLANS = 64


def _plan(kind: str, rules: Sequence[Rule], pack: RulePack) -> Plan:
    """The plan of a kind's counting: written at the first question, kept for those that count the same."""
    superiors = {superior_name(rule, n): superior for rule in rules for n, superior in enumerate(rule.superior)}
    key = (kind, tuple(superiors.items()), *(tuple(words.items()) for words in (pack.members, pack.bodies, pack.offices)))
    if key not in _PLANS:
        if len(_PLANS) >= _MOST_PLANS:
            _PLANS.clear()
        counting = Counting(kind, pack, superiors)
        columns = {name: arrow_schema(MODEL.table_type(name)) for name in TABLES[kind]}
        roles = {ROLES[kind]: role_table(pack.bodies, of_village=kind == "Village").schema} if kind in ROLES else {}
        _PLANS[key] = write_plan(counting, columns | roles, counting.schema, order=["subject_id"])
    return _PLANS[key]


def superior_name(rule: Rule, number: int) -> str:
    """Name under which the columns of a rule's superior stand."""
    return f"{rule.pack}_{rule.id}_{number}".replace("-", "_")


def judge_rule(rule: Rule, counted: pa.Table, kind: str, pack: RulePack, day: dt.date) -> Judged:
    """Judge every subject that was counted by one rule."""
    codes, columns = distinct_cases(counted, needed_columns(rule, counted.column_names))
    cases = Cases(kind, columns, pack, day)
    facts, numbers = cases.facts(), rule.numbers_on(day)
    agrees = agree(rule, columns, facts, numbers, [superior_name(rule, n) for n in range(len(rule.superior))])
    facts = replace(facts, words={**facts.words, SUPERIOR.name: agrees})
    verdicts = judge(rule, facts, numbers, lambda case, wanted, compared: cases.complete(facts, case, wanted, compared))
    told = tell_cases(rule, cases, facts, numbers, verdicts)
    return Judged(rule, counted, np.flatnonzero(verdicts.asked[codes]), codes, verdicts, told, agrees)
