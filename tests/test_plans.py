"""Plans: what they promise is what asking again gives, on random districts too; and the models against enumeration and published optima."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import graphkit
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.questions.plans.covering import Covering, cover_all, cover_most
from graphkit.questions.plans.greedy import ALONE, UNMET, meet_greedily
from tests.random_districts import DAY, districts, make

LATER = dt.date(2024, 4, 30)
OFFICES = ("ch6-committee", "ch6-secretary")  # asked of a new body until it has elected


def outcomes(tables, rules, day):
    rows = graphkit.find_coverage_gaps(tables, rules=rules, as_of=day).rows
    return {(r.subject_kind, r.subject_id, r.rule): (r.asked, r.outcome) for r in rows.itertuples()}


def is_kept(tables, plan, rules, day):
    """Asking again gives what the plan promised, and nothing else is worse."""
    before, after = outcomes(tables, rules, day), outcomes(graphkit.apply_plan(tables, plan), rules, day)
    new = {row.subject_id for row in plan.rows.itertuples() if row.subject_kind == "Branch"}
    for row in plan.rows[plan.rows["act"] != "none"].itertuples():
        for unit, rule in itertools.product(row.units, row.rules.split(";")):
            if before.get((row.unit_kind, unit, rule)) == ("yes", "open"):
                assert after[row.unit_kind, unit, rule] == ("yes", "met")
    for (kind, subject, rule), (asked, outcome) in after.items():
        if asked == "yes" and outcome == "open" and not (subject in new and rule.endswith(OFFICES)):
            assert before.get((kind, subject, rule), ("", ""))[1] in ("open", "unknown"), (kind, subject, rule)


@pytest.mark.parametrize(("rules", "day"), [("acheng-2010", DAY), ("rural-2018", LATER), ("branch-work-2018", LATER), ("party-constitution", LATER)])
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(tables=districts())
def test_asking_again_gives_what_a_plan_promised(rules, day, tables):
    for near in ("township", "township_or_trade"):
        plan = graphkit.select_covering_set(tables, rules=rules, as_of=day, near=near)
        is_kept(tables, plan, rules, day)
        assert plan.provenance["gap"] == 0
    most = graphkit.select_maximal_coverage(tables, 2, rules=rules, as_of=day)
    assert len(most.rows) <= 2
    is_kept(tables, most, rules, day)
