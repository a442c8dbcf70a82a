"""What a row that is not there could change is not certain, and a rate is an interval that holds the truth: by hand, by enumeration, by simulation."""

import datetime as dt
import itertools
import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from graphkit.cli.querying import write_rows
from graphkit.cli.summary import say_rows
from graphkit.data.checks import quarantine_problems
from graphkit.data.missing import missing_rows
from graphkit.data.tables import Tables
from graphkit.generate import generate_district
from graphkit.model.kinds import MODEL
from graphkit.network import Network
from graphkit.questions.annual_return.classify import classify_annual_return
from graphkit.questions.annual_return.question import QUESTION
from graphkit.questions.bridges.find import find_bridge_figures
from graphkit.questions.bridges.losses import find_losses
from graphkit.questions.coverage.bounds import bound_rate
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.questions.coverage.narrowing import list_narrowing
from graphkit.questions.coverage.summary import summarise_coverage
from graphkit.questions.deputies import find_deputies
from graphkit.questions.files import read_finding, write_finding
from graphkit.questions.players import select_key_players
from graphkit.questions.reach.find import find_pairing_reach
from graphkit.store.local.store import LocalStore
from tests.random_districts import make
from tests.random_tables import make_random_tables
from tests.spoiling import DAY, READABLE, WAYS, ask, compare, declare, spoil, spoil_cells

HELPS, WORKS = "Member HELPS Household", "Member WORKS_IN Cooperative"
UNREAD_PERIOD = {"since": dt.date(2012, 2, 1), "until": dt.date(2012, 1, 1)}


def said(*lines):
    """A completeness from (table, expected or extent, kind, key)."""
    columns = ("table", "extent", "expected", "within_kind", "within_id")
    rows = [
        dict.fromkeys(columns)
        | {"table": table, "within_kind": kind, "within_id": key}
        | ({"expected": what} if isinstance(what, int) else {"extent": what})
        for table, what, kind, key in (line if len(line) == 4 else (*line, None, None) for line in lines)
    ]
    types = {"expected": pa.int64()}
    return pa.table({name: pa.array([row[name] for row in rows], types.get(name, pa.string())) for name in columns})


def district(rows, *lines):
    return quarantine_problems(Tables(dict(make(rows)), completeness=said(*lines) if lines else None))


def row_of(finding, rule, subject):
    rows = finding.rows
    [row] = rows[rows["rule"].str.endswith(f".{rule}") & (rows["subject_id"] == subject)].astype(object).to_dict("records")
    return row["asked"], row["outcome"], row["certain"]


def turn_of(finding, rule, subject):
    rows = finding.rows
    return (
        rows.loc[rows["rule"].str.endswith(f".{rule}") & (rows["subject_id"] == subject), "could_turn"]
        .astype(object)
        .map(lambda turn: turn if isinstance(turn, str) else None)
        .tolist()
    )


def rate_of(finding, rule):
    line = summarise_coverage(finding).set_index("rule").loc[f"acheng-2010.{rule}"]
    return line["rate_low"], line["rate_high"]


def people(*stages):
    return [{"id": f"m{n}", "stage": stage} for n, stage in enumerate(stages)]


def homes(count, helped=()):
    """Poor households, and members who help some."""
    ties = [{"member_id": "m0", "household_id": f"h{n}", "kind": "one_to_one"} for n in helped]
    return {"Member": people("full", "full"), "Household": [{"id": f"h{n}", "is_poor": True} for n in range(count)], HELPS: ties}


# What was not read


def host(member_ids, **more):
    return {
        "Cooperative": [{"id": "c1", "scope": "village"}, {"id": "c2", "scope": "village"}], "Member": people("full", "full", "full"),
        WORKS: [{"member_id": m, "cooperative_id": "c1"} for m in member_ids],
    } | more  # fmt: skip


def test_a_row_set_aside_that_names_a_cooperative_may_be_one_member_of_any_stage():
    found = ask(district(host(["m0", "m1", "gone"])))
    assert row_of(found, "s12-15", "c1") == ("unknown", "open", False)  # two are there, and a third may be
    assert row_of(found, "s16", "c1") == ("unknown", "open", False)
    assert row_of(found, "s16", "c2") == ("yes", "open", True)  # nobody is short by one there
    assert "rows set aside" in found.rows.set_index("subject_id").loc["c1", "reason_en"].iloc[0]


def test_one_row_set_aside_is_no_two_members():
    found = ask(district(host(["m0", "gone"])))
    assert row_of(found, "s16", "c1") == ("yes", "open", True)


def test_a_period_that_was_not_read_may_or_may_not_hold():
    rows = homes(2, [0, 1])
    rows[HELPS][1] |= UNREAD_PERIOD
    found = ask(district(rows))
    assert row_of(found, "s51", "h0") == ("yes", "met", True)
    assert row_of(found, "s51", "h1") == ("yes", "unknown", False)
    assert rate_of(found, "s51") == (0.5, 1.0)


def test_a_third_member_whose_period_was_not_read_leaves_it_open_whether_a_body_is_due():
    rows = host(["m0", "m1", "m2"])
    rows[WORKS][2] |= UNREAD_PERIOD
    found = ask(district(rows))
    assert row_of(found, "s12-15", "c1") == ("unknown", "open", False)


def test_a_body_of_which_it_is_not_known_whom_else_it_serves_may_be_the_villages():
    rows = host(["m0", "m1", "m2"], **{"Branch": [{"id": "b", "kind": "branch"}], "Branch SERVES Cooperative": [{"branch_id": "b", "cooperative_id": "c1"}],
                                       "Branch SERVES Village": [{"branch_id": "b", "village_code": "nowhere"}]})  # fmt: skip
    assert row_of(ask(district(rows)), "s12-15", "c1") == ("yes", "unknown", False)
    del rows["Branch SERVES Village"]
    assert row_of(ask(district(rows)), "s12-15", "c1") == ("yes", "met", True)


def test_somebody_who_may_have_left_is_asked_perhaps():
    rows = {"Member": [{"id": "m0", "stage": "full", "entered_on": dt.date(2012, 2, 1), "left_on": dt.date(2012, 1, 1)}]}
    assert row_of(ask(district(rows)), "s31-32", "m0") == ("unknown", "open", False)


def test_a_row_without_an_end_may_be_of_anybody_but_of_one_only():
    rows = homes(4, [0])
    rows[HELPS].append({"member_id": "m1", "household_id": None, "kind": "one_to_one"})
    found = ask(district(rows))
    assert {row_of(found, "s51", f"h{n}")[1:] for n in (1, 2, 3)} == {("open", False)}
    assert row_of(found, "s51", "h0") == ("yes", "met", True)
    assert rate_of(found, "s51") == (0.25, 0.5)


def test_what_was_not_read_is_counted_in_the_answer_and_survives_a_file(tmp_path):
    found = ask(district(host(["m0", "m1", "gone"])))
    told = [caveat.en for caveat in found.caveats]
    assert "not read: rows set aside: 1" in told
    assert "it touches co-operative: 1; nothing about these is certain for that" in told
    assert summarise_coverage(read_finding(write_finding(found, tmp_path / "f.parquet"))).equals(summarise_coverage(found))


# What is complete


def test_a_table_that_is_declared_complete_is_a_closed_world():
    rows = homes(2, [0])
    open_, closed = ask(district(rows)), ask(district(rows, (HELPS, "complete")))
    assert row_of(open_, "s51", "h1") == row_of(closed, "s51", "h1") == ("yes", "open", True)
    assert turn_of(open_, "s51", "h1") == ["met"]
    assert turn_of(closed, "s51", "h1") == turn_of(open_, "s51", "h0") == [None]


def test_where_nothing_is_declared_the_answer_says_so_once():
    rows = homes(1)
    told = [caveat.en for caveat in ask(district(rows)).caveats]
    assert sum("of those recorded" in text for text in told) == 1
    closed = ask(district(rows, *((kind.table, "complete") for kind in MODEL.kinds)))
    assert not any("of those recorded" in caveat.en for caveat in closed.caveats)


def test_missing_rows_make_exact_bounds_and_no_outcome_unknown():
    found = ask(district(homes(10, range(4)), (HELPS, 6)))
    assert rate_of(found, "s51") == (0.4, 0.6)
    assert row_of(found, "s51", "h9") == ("yes", "open", False)
    assert row_of(found, "s51", "h0") == ("yes", "met", True)


def test_a_household_that_is_missing_may_be_poor_and_helped_or_not():
    found = ask(district(homes(3, [0]), ("Household", 4), (HELPS, "complete")))
    assert rate_of(found, "s51") == (0.25, 0.5)
    assert row_of(found, "s51", "h1") == ("yes", "open", True)


def test_completeness_of_one_cooperative_closes_that_one():
    rows = host(["m0", "m1"])
    found = ask(district(rows, (WORKS, "complete", "Cooperative", "c1")))
    assert "not_asked" not in str(turn_of(found, "s16", "c1")[0])
    assert "not_asked" in turn_of(found, "s16", "c2")[0]


def test_rows_set_aside_are_among_those_expected_and_a_number_too_small_says_nothing():
    rows = homes(2, [0])
    rows[HELPS].append({"member_id": "m1", "household_id": None, "kind": "one_to_one"})
    assert missing_rows(district(rows, (HELPS, 3)))[HELPS].whole == 1
    assert missing_rows(district(rows, (HELPS, 0)))[HELPS].whole is None
    assert missing_rows(district(rows, (HELPS, "partial")))[HELPS].whole is None


def test_what_is_declared_for_a_period_holds_on_its_days_alone():
    rows = homes(3, [0, 1])
    rows[HELPS][0] |= {"since": dt.date(2012, 1, 1)}
    rows[HELPS][1] |= {"since": dt.date(2009, 1, 1), "until": dt.date(2012, 6, 1)}
    year = {"since": pa.array([dt.date(2012, 1, 1)]), "until": pa.array([dt.date(2013, 1, 1)])}

    def missing(expected, day, **period):
        line = said((HELPS, expected))
        for name, column in (year | period).items():
            line = line.append_column(name, column)
        return missing_rows(quarantine_problems(Tables(dict(make(rows)), completeness=line)), day)[HELPS].whole

    assert [missing("complete", day) for day in (None, dt.date(2011, 12, 31), dt.date(2012, 1, 1), DAY, dt.date(2013, 1, 1))] == [
        None,
        None,
        0,
        0,
        None,
    ]
    assert missing(5, DAY) == 3  # both held on some day of 2012
    after = {"since": pa.array([dt.date(2012, 6, 1)])}
    assert missing(5, dt.date(2012, 7, 1), **after) == 4  # the second had ended
    assert missing(1, DAY) is None  # more rows than it should have: the line says nothing


def test_a_pairing_list_complete_for_a_year_closes_the_rate_of_that_year():
    line = said((HELPS, "complete"), ("Household", "complete"))
    period = {"since": pa.array([dt.date(2012, 1, 1)] * 2), "until": pa.array([dt.date(2013, 1, 1)] * 2)}
    for name, column in period.items():
        line = line.append_column(name, column)
    tables = quarantine_problems(Tables(dict(make(homes(3, [0]))), completeness=line))
    closed, later = (find_coverage_gaps(tables, as_of=day).select("Household") for day in (DAY, dt.date(2013, 4, 30)))
    assert closed["outcome"].tolist() == later["outcome"].tolist() == ["met", "open", "open"]
    assert closed["could_turn"].isna().all()
    assert later["could_turn"].tolist()[1:] == ["met", "met"]


def test_the_class_of_the_annual_return_is_not_certain_where_a_row_that_decides_it_is_declared_and_missing():
    rows = {
        "Cooperative": [{"id": "c1"}, {"id": "c2"}],
        "Member": [{"id": "m1", "stage": "full"}],
        WORKS: [{"member_id": "m1", "cooperative_id": "c1"}],
    }

    def certain(*lines):
        return classify_annual_return(district(rows, *lines), as_of=DAY).rows["certain"].tolist()

    assert certain((WORKS, 1)) == [True, True]
    assert certain((WORKS, 2)) == [False, False]
    assert certain((WORKS, 2, "Cooperative", "c2")) == [True, False]
    found = classify_annual_return(district(rows), as_of=DAY)
    assert [text.en.split(":")[0] for text in found.account] == ["of those recorded"]
    assert found.account[0] in QUESTION.sum_up(found).notes


def test_what_would_narrow_most_comes_first():
    rows = homes(5, [0]) | {"Zone": [{"id": "z1"}]}
    found = list_narrowing(ask(district(rows, (HELPS, 2), ("Member RESPONSIBLE_FOR Zone", 1), (WORKS, "complete"))))
    missing = found[found["what"] == "missing"]
    assert missing[["table", "rows"]].values.tolist() == [[HELPS, 1], ["Member RESPONSIBLE_FOR Zone", 1]]
    assert missing["outcomes"].is_monotonic_decreasing


# The faults of their kind


@pytest.mark.parametrize("table", [WORKS, "Branch SERVES Cooperative", "Member BELONGS_TO Branch", HELPS, "Member MENTORS Member", "Branch"])
def test_a_missing_list_raises_no_rate_with_certainty(table):
    true = quarantine_problems(generate_district(villages=3, seed=5))
    truth = ask(Tables(dict(true), completeness=declare(true)))
    lost = quarantine_problems(Tables({**true, table: true[table].slice(0, 0)}, completeness=declare(true)))
    kept = compare(truth, ask(lost))
    assert (kept.outside, kept.wrong) == ([], [])


def test_without_a_list_of_which_nothing_is_said_every_verdict_on_it_could_turn():
    rows = homes(3)
    assert all(turn_of(ask(district(rows)), "s51", f"h{n}") == ["met"] for n in range(3))


@pytest.mark.parametrize("way", WAYS)
def test_gone_is_not_nothing_for_any_table(way):
    true = quarantine_problems(generate_district(villages=2, seed=3))
    true = Tables(dict(true), completeness=declare(true))
    truth = ask(true)
    for kind in MODEL.ties:
        kept = compare(truth, ask(spoil(true, kind.table, way, 0.2, random.Random(kind.table))))
        assert (kept.outside, kept.wrong) == ([], []), kind.table


def test_nothing_later_than_the_day_is_told():
    rows = host(["m0", "m1", "m2"])
    for person in rows["Member"]:
        person["admitted_on"] = dt.date(2012, 4, 29)
    rows["Member"][2]["admitted_on"] = dt.date(2013, 1, 1)
    found = ask(district(rows))
    assert row_of(found, "s12-15", "c1") == ("unknown", "open", False)  # the third was no full member yet, and what he was is not known
    assert row_of(find_coverage_gaps(district(rows), as_of=dt.date(2014, 1, 1)), "s12-15", "c1") == ("yes", "open", True)


# Reach and networks


def test_reach_has_an_interval_where_a_pairing_was_set_aside():
    rows = homes(3, [0, 1])
    rows[HELPS][1] |= UNREAD_PERIOD
    rows[HELPS].append({"member_id": None, "household_id": "h2", "kind": "one_to_one"})
    found = find_pairing_reach(district(rows), as_of=DAY)
    mine = found.select("Household").set_index("subject_id")
    mine = mine[mine["pairing_kind"] == "any"]
    assert mine[["helpers", "pairs_low", "pairs_high"]].values.tolist() == [[1, 1, 1], [1, 0, 1], [0, 0, 1]]
    assert any("not read" in caveat.en for caveat in found.caveats)


def test_a_network_says_what_was_not_read_and_whom_it_touches():
    rows = homes(2, [0])
    rows[HELPS].append({"member_id": "m1", "household_id": None, "kind": "one_to_one"})
    network = Network.from_tables(district(rows), as_of=DAY)
    read, touched, turn, open_ = [note.en for note in network.notes]
    assert (read, touched) == ("not read: rows set aside: 1", "it touches member: 1; nothing about these is certain for that")
    assert turn.startswith("a tie that was not read may join what stands apart")
    assert open_.startswith("of those recorded: nobody says")
    assert [network.ids[node] for node in network.unread] == ["m1"]


def test_every_answer_on_a_network_says_what_was_not_read_and_whose_row_names_it():
    rows = homes(2, [0])
    rows[HELPS].append({"member_id": "m1", "household_id": None, "kind": "one_to_one"})
    network = Network.from_tables(district(rows), as_of=DAY)
    answers = [find_bridge_figures(network), find_losses(network, ["m1"]), find_deputies(network, "m1"), select_key_players(network, 1)]
    for finding in answers:
        said = [caveat.en for caveat in finding.caveats]
        assert "not read: rows set aside: 1" in said
        assert sum(caveat.startswith("of those recorded") for caveat in said) == 1
    rows = answers[0].rows.set_index("subject_id")
    assert rows.loc["m1", "unread_rows"] == 1
    assert rows["unread_rows"].sum() == 1
    assert "1 row that names this person was not read" in rows.loc["m1", "reason_en"]
    assert "写到此人的 1 行没有读到" in rows.loc["m1", "reason_zh"]


def test_rows_of_a_query_carry_the_account_into_print_page_and_workbook(tmp_path):
    rows = homes(2, [0])
    rows[HELPS].append({"member_id": "m1", "household_id": None, "kind": "one_to_one"})
    with LocalStore(tmp_path / "a.gk") as store:
        store.write(district(rows))
        answer = store.query("household_without_helper", as_of=DAY)
    assert answer.attrs["account"] == {"unread": {"set_aside": 1}, "declared": 0}
    said = ["not read: rows set aside: 1; no row below counts them, and each could add a row or change one",
            "of those recorded: no table is declared complete"]  # fmt: skip
    assert say_rows(answer, "en").splitlines()[1:3] == said
    page = write_rows(answer, tmp_path / "a.html", lang="en").read_text(encoding="utf-8")
    assert all(f"<p>{line}</p>" in page for line in said)
    beside = pd.read_excel(write_rows(answer, tmp_path / "a.xlsx", lang="en"), sheet_name="Caveats", header=None, engine="openpyxl")[0]
    assert beside.tolist()[1:] == said
    assert pd.read_parquet(write_rows(answer, tmp_path / "a.parquet")).attrs["account"] == answer.attrs["account"]


def test_tables_that_no_store_would_take_are_answered_with_a_warning():
    wrong = make({"Household": [{"id": "h1"}, {"id": "h1"}], HELPS: [{"member_id": "nobody", "household_id": "h1", "kind": "one_to_one"}]})
    for found in (ask(wrong), find_pairing_reach(wrong, as_of=DAY)):
        assert any("not to be relied on" in caveat.en and "不足为凭" in caveat.zh for caveat in found.caveats)


# Bounds are attained: every way to add the missing rows, one by one


ENUMERATED = {
    "s51": (HELPS, "household_id", ["h0", "h1", "h2"], {"member_id": "m9", "kind": "technical"}),
    "s23-24": ("Member MENTORS Member", "mentee_id", ["m0", "m1", "m2"], {"mentor_id": "m9"}),
    "s57": ("Member RESPONSIBLE_FOR Zone", "zone_id", ["z0", "z1", "z2"], {"member_id": "m9"}),
    "s52": ("Member HOLDS_POST_IN Village", "member_id", ["m0", "m1", "m2"], {"village_code": "230112001001", "post": "help"}),
    "s16": ("Member LIAISES Cooperative", "cooperative_id", ["c0", "c1", "c2"], {"member_id": "m9"}),
}


def small(rule, recorded):
    table, column, subjects, others = ENUMERATED[rule]
    stage = "full" if rule == "s52" else "activist"
    return {
        "Household": [{"id": i, "is_poor": True} for i in ("h0", "h1", "h2")], "Zone": [{"id": i} for i in ("z0", "z1", "z2")],
        "Cooperative": [{"id": i, "scope": "village"} for i in ("c0", "c1", "c2")], "Village": [{"code": "230112001001"}],
        "Member": [{"id": i, "stage": stage} for i in ("m0", "m1", "m2")] + [{"id": "m9", "stage": "applicant"}],
        WORKS: [{"member_id": i, "cooperative_id": "c0"} for i in ("m0", "m1")] if rule == "s52" else [],
        table: [{column: subjects[n]} | others for n in recorded],
    }  # fmt: skip


@pytest.mark.parametrize("rule", ENUMERATED)
@pytest.mark.parametrize(("recorded", "missing"), [([], 1), ([], 2), ([0], 1), ([0], 2), ([0, 2], 1)])
def test_each_end_of_a_rate_is_attained_by_some_completion(rule, recorded, missing):
    table, column, subjects, others = ENUMERATED[rule]
    rows = small(rule, recorded)
    rates = []
    free = [subject for subject in subjects if subject not in [subjects[n] for n in recorded]]
    for number in range(missing + 1):  # a row that gives somebody a second one changes nothing
        for chosen in itertools.combinations(free, min(number, len(free))):
            more = [{column: subject} | others for subject in chosen]
            rates.append(rate_of(ask(district(rows | {table: rows[table] + more})), rule)[0])
    told = rate_of(ask(district(rows, (table, len(recorded) + missing))), rule)
    assert told == (min(rates), max(rates))


@pytest.mark.parametrize(("rows", "lowest"), [(0, 1.0), (1, 1 / 2), (2, 2 / 5), (3, 1 / 3)])
def test_members_missing_from_cooperatives_change_whom_a_body_is_asked_of(rows, lowest):
    """Three co-operatives of 3, 2 and 1 members, of which the first has a body: by hand.

    The second needs one row and the third two; of two rows one would be half of what the third needs, and the bound takes that half.
    """
    given = {
        "Cooperative": [{"id": i, "scope": "village"} for i in ("c0", "c1", "c2")], "Member": people(*["full"] * 8),
        WORKS: [{"member_id": f"m{n}", "cooperative_id": c} for n, c in enumerate(["c0"] * 3 + ["c1"] * 2 + ["c2"])],
        "Branch": [{"id": "b", "kind": "branch"}], "Branch SERVES Cooperative": [{"branch_id": "b", "cooperative_id": "c0"}],
    }  # fmt: skip
    complete = [(kind.table, "complete") for kind in MODEL.kinds if kind.table != WORKS]
    found = ask(district(given, *complete, (WORKS, 6 + rows)))
    assert rate_of(found, "s12-15") == pytest.approx((lowest, 1.0))


def brute(sizes, costs, rows):
    """Every choice of a state for every subject that so many rows pay for."""
    everyone = [case for case, size in zip(costs, sizes, strict=True) for _ in range(size)]
    rates = []
    for states in itertools.product(range(3), repeat=len(everyone)):
        if sum(case[state] for case, state in zip(everyone, states, strict=True)) <= rows:
            met, open_ = states.count(1), states.count(2)
            rates += [met / (met + open_)] if met + open_ else []
    return (min(rates), max(rates)) if rates else None


@pytest.mark.parametrize("seed", range(150))
def test_bounds_are_those_of_every_choice_where_a_change_takes_one_row_and_hold_them_else(seed):
    draw = random.Random(seed)
    most = 1 if seed % 2 else 3
    costs = [[draw.choice([float("inf"), *range(1, most + 1)]) for _ in range(3)] for _ in range(draw.randint(1, 3))]
    for case in costs:
        case[draw.randrange(3)] = 0
    sizes, rows = [draw.randint(1, 3) for _ in costs], draw.randint(0, 3)
    told, wanted = bound_rate(np.array(sizes), np.array(costs, float), rows), brute(sizes, costs, rows)
    if wanted is None:
        assert told[0] != told[0]
    elif most == 1:
        assert told == pytest.approx(wanted)
    else:
        assert told[0] <= wanted[0] + 1e-9
        assert told[1] >= wanted[1] - 1e-9


# Simulation


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_the_truth_lies_in_the_interval_and_nothing_that_changed_was_certain(seed):
    """Random dense districts, and made-up ones: any table, any way, 5, 10 or 30 %."""
    draw = random.Random(seed)
    true = quarantine_problems(Tables(dict(make_random_tables(seed) if seed % 2 else generate_district(villages=2, seed=seed))))
    true = Tables(dict(true), completeness=declare(true))
    truth = ask(true)
    for kind in draw.sample(MODEL.kinds, 12):
        way, share = draw.choice(WAYS), draw.choice([0.05, 0.1, 0.3])
        kept = compare(truth, ask(spoil(true, kind.table, way, share, draw)))
        assert (kept.outside, kept.wrong) == ([], []), (kind.table, way, share)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.05, 0.1, 0.3])
def test_an_unreadable_cell_of_any_column_makes_nothing_certain_that_is_not(share, tmp_path):
    """A ninth of the optional columns at each share, through files and loader; ``python -m benchmarks.unknown`` takes all of them."""
    draw = random.Random(f"cells {share}")
    true = quarantine_problems(Tables(dict(generate_district(villages=2, seed=5))))
    true = Tables(dict(true), completeness=declare(true))
    truth = ask(true)
    for number, (kind, column) in enumerate(READABLE[[0.05, 0.1, 0.3].index(share) * 3 :: 9]):
        found = ask(spoil_cells(true, kind, column, share, draw, tmp_path / str(number)))
        kept = compare(truth, found)
        assert (kept.outside, kept.wrong) == ([], []), (kind.table, column.name)
