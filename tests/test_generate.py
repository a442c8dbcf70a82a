"""Made-up districts: sound, seeded, of the structure they promise, and without an object for a node."""

import datetime as dt
import gc
import sys

import numpy as np
import pyarrow.compute as pc
import pytest

from graphkit.data.checks import check_tables
from graphkit.errors import ParameterError
from graphkit.generate import SURVEYED_ON, generate_district
from graphkit.generate.columns import make_ids
from graphkit.generate.draws import Grouped, first_of_pairs
from graphkit.questions.coverage.find import find_coverage_gaps


@pytest.fixture(scope="module")
def large():
    return generate_district(villages=400, seed=1)


def frame(tables, name):
    return tables[name].to_pandas()


@pytest.mark.parametrize("villages", [1, 2, 3, 5, 9, 10, 20, 60])
@pytest.mark.parametrize("seed", range(6))
def test_sound_but_for_members_whom_nobody_manages(villages, seed):
    assert {problem.rule for problem in check_tables(generate_district(villages=villages, seed=seed))} <= {"member.some_primary"}


def test_a_large_one_is_sound_too_and_a_few_are_managed_by_nobody(large):
    problems = check_tables(large)
    assert {problem.rule for problem in problems} == {"member.some_primary"}
    assert 0.002 < len(problems) / pc.sum(pc.equal(large["Member"]["stage"], "full")).as_py() < 0.03


BESIDE_HELP = {
    "HelpingUnit", "Member POSTED_BY HelpingUnit", "HelpingUnit ASSISTS Village", "HelpingUnit ASSISTS Household", "Member PART_OF Household",
    "Cooperative MEMBER_OF Cooperative", "Household NEIGHBOURS Household", "Member VISITED Household",
}  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_every_table_that_the_article_speaks_of_has_rows_from_20_villages_on(seed):
    tables = generate_district(villages=20, seed=seed)
    assert {name for name in tables if not tables[name].num_rows} == BESIDE_HELP


@pytest.mark.parametrize("seed", range(4))
def test_every_rule_is_met_and_open_from_60_villages_on(seed):
    rows = find_coverage_gaps(generate_district(villages=60, seed=seed), as_of=SURVEYED_ON).rows
    found = set(zip(rows["rule"].str.partition(".")[2], rows["outcome"], strict=True))
    rules = ("s12-15", "s16", "s31-32", "s32", "s23-24", "s51", "2007-villages")
    assert {(rule, outcome) for rule in rules for outcome in ("met", "open")} - found == set()


def test_the_same_seed_gives_the_same_and_another_seed_another():
    assert generate_district(villages=7, seed=5) == generate_district(villages=7, seed=5)
    assert generate_district(villages=7, seed=5) != generate_district(villages=7, seed=6)


@pytest.mark.parametrize(("villages", "seed"), [(0, 1), (-3, 1), (5, -1)])
def test_what_cannot_be_made_is_refused(villages, seed):
    with pytest.raises(ParameterError, match="villages must be 1 or more and seed 0 or more"):
        generate_district(villages=villages, seed=seed)


def test_codes_say_where_a_village_lies_and_no_real_place_has_them(large):
    ties = frame(large, "Village IN Township")
    assert (ties["village_code"].str[:9] == ties["township_code"]).all()
    assert ties["village_code"].str.fullmatch(r"99\d{10}").all()  # real division codes begin with 11 to 82
    assert ties["village_code"].is_unique


def test_about_ten_villages_a_township_and_log_normal_sizes(large):
    villages = frame(large, "Village IN Township").groupby("township_code").size()
    assert villages.mean() == 10
    sizes = np.log(frame(large, "Household LIVES_IN Village").groupby("village_code").size())
    assert np.median(sizes) == pytest.approx(np.log(180), abs=0.15)
    assert sizes.std() == pytest.approx(0.6, abs=0.1)


def test_six_kinds_and_four_scopes_of_hosts(large):
    assert large["Cooperative"]["kind"].unique().to_pylist().__len__() == 6
    assert {scope for scope in large["Cooperative"]["scope"].to_pylist() if scope} == {"village", "cross_village", "township", "cross_township"}


def test_scopes_agree_with_the_villages_by_an_independent_count(large):
    ties = frame(large, "Cooperative OPERATES_IN Village")
    ties["township"] = ties["village_code"].str[:9]
    spread = ties.groupby("cooperative_id").agg(villages=("village_code", "nunique"), townships=("township", "nunique"))
    rows = frame(large, "Cooperative").set_index("id").join(spread).dropna(subset=["scope"])
    assert (rows.query("scope == 'village'")["villages"] == 1).all()
    assert (rows.query("scope == 'cross_village'")[["villages", "townships"]].apply(tuple, axis=1).map(lambda c: c[0] >= 2 and c[1] == 1)).all()
    assert (rows.query("scope == 'township'")["townships"] == 1).all()
    assert (rows.query("scope == 'cross_township'")["townships"] >= 2).all()


def test_about_five_households_a_helper_and_a_fifth_of_helpers_across_villages(large):
    pairs = frame(large, "Member HELPS Household")[["member_id", "household_id"]]
    pairs = pairs.merge(frame(large, "Member LIVES_IN Village")[["member_id", "village_code"]])
    pairs = pairs.merge(frame(large, "Household LIVES_IN Village")[["household_id", "village_code"]], on="household_id", suffixes=("", "_helped"))
    per_helper = pairs.groupby("member_id").size()
    assert 4 < per_helper.mean() < 6
    across = (pairs["village_code"] != pairs["village_code_helped"]).groupby(pairs["member_id"]).any().mean()
    assert across == pytest.approx(0.2, abs=0.02)
    assert (pairs["village_code"] == pairs["village_code_helped"]).mean() > 0.8


def test_offices_in_two_bodies_are_held_by_some(large):
    branch = frame(large, "Member BELONGS_TO Branch").dropna(subset=["office"])["member_id"]
    coop = frame(large, "Member WORKS_IN Cooperative").dropna(subset=["office"])["member_id"]
    assert 20 < len(set(branch) & set(coop)) < len(set(coop))


def test_visits_recent_stale_and_missing_ended_ties_and_all_kinds_of_pairing(large):
    pairs = frame(large, "Member HELPS Household")
    age = (SURVEYED_ON - dt.timedelta(183)).isoformat()
    visits = pairs["last_visit_on"].astype("string")
    assert min((visits < age).mean(), (visits >= age).mean(), visits.isna().mean()) > 0.1
    assert 0.01 < pairs["until"].notna().mean() < 0.1
    assert pairs["kind"].nunique() == 5


def test_promises_of_most_helpers_some_without_a_pairing_and_people_by_the_year(large):
    promises, makers = frame(large, "Promise"), frame(large, "Promise MADE_BY Member")
    assert (promises["target"] > 0).all()
    assert ((promises["unit"] == "people") == (promises["kind"] == "ten_a_year")).all()
    assert (promises["until_on"].notna() == (promises["unit"] == "people")).all()
    helpers = frame(large, "Member HELPS Household")["member_id"]
    assert 0.8 < len(set(makers["member_id"]) & set(helpers)) / helpers.nunique() < 1


def test_dates_are_in_order_and_none_after_the_survey(large):
    for name in large:
        table = frame(large, name)
        for column in table.columns.intersection(["since", "until", "founded_on", "dissolved_on", "admitted_on", "last_visit_on", "held_on"]):
            assert (table[column].dropna() <= SURVEYED_ON).all(), (name, column)


def test_no_python_object_for_a_node():
    def objects_left(villages):
        gc.collect()
        before = sys.getallocatedblocks()
        tables = generate_district(villages=villages, seed=1)
        gc.collect()
        left = sys.getallocatedblocks() - before
        return left, tables.node_count + tables.tie_count

    objects_left(20)  # imports and caches
    few, small = objects_left(20)
    many, big = objects_left(400)
    assert big > 15 * small
    assert many - few < 500  # 280,000 more rows


def test_ids_are_as_wide_as_the_largest_needs():
    assert make_ids("h", np.array([0, 9_999_998])).to_pylist() == ["h0000001", "h9999999"]
    assert make_ids("h", np.array([0]), largest=12_345_678).to_pylist() == ["h00000001"]


def test_groups_by_hand():
    groups = Grouped.of(np.array([7, 8, 9, 10]), np.array([2, 0, 2, 0]), 3)
    assert groups.items.tolist() == [8, 10, 7, 9]
    assert groups.sizes.tolist() == [2, 0, 2]
    assert groups.nth(np.array([0, 1, 2]), 1).tolist() == [10, -1, 9]
    picked = groups.pick(np.random.default_rng(0), np.array([0, 1, 2] * 50)).reshape(-1, 3)
    assert [set(column) for column in picked.T.tolist()] == [{8, 10}, {-1}, {7, 9}]


def test_the_first_of_each_pair_stays_in_order():
    assert first_of_pairs(np.array([3, 1, 3, 1]), np.array([0, 5, 0, 6])).tolist() == [0, 1, 3]
