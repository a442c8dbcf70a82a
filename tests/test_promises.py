"""Promises against what is recorded in the same unit and period: by hand, with look-alikes, and by a plain program on random districts."""

import datetime as dt
from collections import defaultdict

import pandas as pd
import pyarrow as pa
import pytest

from graphkit.data.checks import quarantine_problems
from graphkit.data.tables import Tables
from graphkit.questions.asked import question_of
from graphkit.questions.promises.find import find_promises
from graphkit.show.map.payload import build_payload
from graphkit.show.map.scene import build_scene
from graphkit.words import Text
from tests.random_districts import DAY, make
from tests.random_tables import DATES, make_random_tables

FIRST, MIDDLE, LAST = dt.date(2011, 1, 1), dt.date(2011, 7, 1), dt.date(2012, 1, 1)


def promised(pairings=(), *, people=(), more=(), **promise):
    """One member's promise, and pairings of it: (household, kind, since, until)."""
    rows = [{"id": "p", "kind": "one_to_five", "target": 5, "unit": "households"} | promise, *more]
    return make({
        "Member": [{"id": "m"}], "Promise": rows, "Promise MADE_BY Member": [{"promise_id": row["id"], "member_id": "m"} for row in rows],
        "Household": [{"id": f"h{n}", "people": people[n] if n < len(people) else None} for n in range(9)],
        "Member HELPS Household": [
            {"member_id": "m", "household_id": household, "kind": kind, "since": since, "until": until} for household, kind, since, until in pairings
        ],
    })  # fmt: skip


def row_of(tables, day=DAY):
    (row,) = find_promises(tables, as_of=day).rows.astype(object).where(lambda cell: cell.notna(), None).to_dict("records")
    return row


def figures(row):
    return tuple(row[f"{name}_{end}"] for name in ("recorded", "shortfall", "surplus") for end in ("low", "high"))


def test_promised_five_and_none_recorded():
    row = row_of(promised())
    assert (row["subject_kind"], row["subject_id"], row["outcome"]) == ("Member", "m", "short")
    assert figures(row) == (0, 0, 5, 5, 0, 0)


def test_pairings_of_another_kind_another_time_or_the_same_household_keep_no_promise():
    kinds = [("h0", "one_to_five", None, None), ("h0", "one_to_five", LAST, None), ("h1", "technical", None, None),
             ("h2", "one_to_five", None, LAST), ("h3", "one_to_five", DAY + dt.timedelta(days=1), None)]  # fmt: skip
    assert figures(row_of(promised(kinds))) == (1, 1, 4, 4, 0, 0)


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [(None, None, True), (None, FIRST, False), (None, FIRST + dt.timedelta(days=1), True), (LAST, None, False),
     (LAST - dt.timedelta(days=1), None, True), (MIDDLE, MIDDLE + dt.timedelta(days=9), True)],
)  # fmt: skip
def test_within_a_period_whoever_was_paired_at_any_time_counts(since, until, counts):
    tables = promised([("h0", "one_to_five", since, until)], from_on=FIRST, until_on=LAST)
    assert row_of(tables)["recorded_low"] == counts


def test_ten_a_year_counts_people_and_an_unknown_size_leaves_no_upper_bound():
    pairs = [(f"h{n}", "ten_a_year", FIRST, None) for n in range(3)]
    a_year = {"kind": "ten_a_year", "unit": "people", "target": 10, "from_on": FIRST, "until_on": LAST}
    assert figures(row_of(promised(pairs, people=(4, 4, 5), **a_year))) == (13, 13, 0, 0, 3, 3)
    row = row_of(promised(pairs, people=(4, 5), **a_year))
    assert (figures(row), row["households_of_unknown_size"], row["outcome"]) == ((9, None, 0, 1, 0, None), 1, "unknown")
    enough = row_of(promised(pairs, people=(4, 6), **a_year))
    assert (enough["outcome"], enough["surplus_low"], enough["surplus_high"]) == ("met", 0, None)


def test_a_period_that_still_runs_is_not_broken_and_one_to_come_is_told_nothing_of():
    pairs = [("h0", "one_to_five", None, None)]
    for until, outcome in ((DAY, "short"), (DAY + dt.timedelta(days=1), "running")):
        assert row_of(promised(pairs, from_on=FIRST, until_on=until))["outcome"] == outcome
    later = row_of(promised(pairs, from_on=DAY + dt.timedelta(days=1)))
    assert (later["outcome"], figures(later)) == ("not_begun", (None,) * 6)


@pytest.mark.parametrize("unknown", [{"target": None}, {"unit": None}, {"kind": None}, {"kind": "income", "unit": "yuan"}, {"unit": "yuan"}])
def test_what_is_not_known_or_not_recorded_is_not_told(unknown):
    assert row_of(promised([("h0", "one_to_five", None, None)], **unknown))["outcome"] == "unknown"


def test_promises_not_yet_made_withdrawn_or_of_somebody_gone_are_not_listed():
    after = DAY + dt.timedelta(days=1)
    for given in ({"promised_on": after}, {"withdrawn_on": DAY}):
        assert find_promises(promised(**given), as_of=DAY).rows.empty
    assert len(find_promises(promised(promised_on=DAY, withdrawn_on=after), as_of=DAY)) == 1
    gone = make(
        {
            "Member": [{"id": "m", "left_on": DAY}],
            "Promise": [{"id": "p"}, {"id": "q"}],
            "Promise MADE_BY Member": [{"promise_id": "p", "member_id": "m"}],
        }
    )
    found = find_promises(gone, as_of=DAY)
    assert found.rows[["subject_kind", "subject_id", "outcome"]].to_numpy().tolist() == [["Promise", "q", "unknown"]]
    assert [sum(words in caveat.en for caveat in found.caveats) for words in ("do not say who made them", "no longer on the books")] == [1, 1]


def test_two_promises_of_one_kind_at_once_are_told_of():
    twice = promised(more=({"id": "q", "kind": "one_to_five", "target": 5, "unit": "households"},))
    apart = promised(from_on=FIRST, until_on=LAST, more=({"id": "q", "kind": "one_to_five", "from_on": LAST, "until_on": DAY},))
    said = [[caveat.en for caveat in find_promises(tables, as_of=DAY).caveats if "run beside another" in caveat.en] for tables in (twice, apart)]
    assert [len(lines) for lines in said] == [1, 0]
    assert said[0][0].startswith("2 promises")


def test_a_pairing_that_could_not_be_read_widens_the_interval():
    given = promised([("h0", "one_to_five", None, None), ("nobody", "one_to_five", None, None)], target=2)
    row = row_of(quarantine_problems(given))
    assert (row["recorded_low"], row["recorded_high"], row["outcome"]) == (1, 2, "unknown")


def test_the_unit_is_that_of_the_promise_in_what_is_said():
    """31 members of five households each: 155 promised (S20); 130 people promised, never set against 52 households."""
    tables = promised([("h0", "ten_a_year", None, None)], people=(4,), kind="ten_a_year", unit="people", target=10)
    finding = find_promises(tables, as_of=DAY)
    question = question_of("find_promises")
    assert question.tell(finding, {})[0].en == "Promised and on record: ten a year, 10 people promised and 4 on record."
    assert [getattr(cell, "en", cell) for cell in question.summarise(finding).rows[0]] == ["ten a year", "people", 1, 10, "4", "6", "0", 0, 1]


@pytest.mark.parametrize("seed", range(6))
def test_promises_by_a_plain_program(seed):
    tables, day = make_random_tables(seed), DATES[seed % len(DATES)]
    found = find_promises(tables, as_of=day).select("Member").astype(object)
    found = found.where(found.notna(), None)[["promise_id", "subject_id", "households", "recorded_low", "recorded_high"]]
    assert sorted(found.to_numpy().tolist()) == sorted(plainly(tables, day))


def plainly(tables: Tables, day: dt.date) -> list[list[object]]:
    """Day by day: a household counts if on one of the days of the promise the pairing and the household were both there."""
    rows = {name: tables[name].to_pylist() for name in ("Promise", "Promise MADE_BY Member", "Member", "Household", "Member HELPS Household")}
    makers, members = defaultdict(list), {row["id"]: row for row in rows["Member"]}
    for tie in rows["Promise MADE_BY Member"]:
        makers[tie["promise_id"]].append(tie["member_id"])
    found = []
    for promise in rows["Promise"]:
        if not there(promise, day, "promised_on", "withdrawn_on"):
            continue
        for maker in makers[promise["id"]]:
            if there(members[maker], day, "entered_on", "left_on"):
                found.append([promise["id"], maker, *kept(promise, maker, rows, day)])
    return found


def there(row, day, since, until):
    return (row[since] is None or row[since] <= day) and (row[until] is None or day < row[until])


def kept(promise, maker, rows, day):
    if promise["kind"] in (None, "income") or promise["unit"] in (None, "yuan") or (promise["from_on"] and promise["from_on"] > day):
        return [None] * 3
    last = day if promise["until_on"] is None else min(day, promise["until_on"] - dt.timedelta(days=1))
    first = promise["from_on"] if promise["from_on"] and promise["until_on"] else last
    if promise["from_on"] and promise["from_on"] > last:
        first = promise["from_on"]
    homes = {row["id"]: row for row in rows["Household"]}
    counted = {
        tie["household_id"] for tie in rows["Member HELPS Household"]
        if tie["member_id"] == maker and tie["kind"] == promise["kind"] and first <= last
        and meets(tie, first, last, "since", "until") and meets(homes[tie["household_id"]], first, last, "entered_on", "left_on")
    }  # fmt: skip
    if promise["unit"] == "households":
        return [len(counted)] * 3
    sizes = [homes[household]["people"] for household in counted]
    return [len(counted), sum(size or 0 for size in sizes), None if None in sizes else sum(sizes)]


def meets(row, first, last, since, until):
    return (row[since] is None or row[since] <= last) and (row[until] is None or row[until] > first)


def test_the_map_says_each_promise_of_a_member_on_a_line_of_its_own():
    tables = promised(more=({"id": "q", "kind": "ten_a_year", "target": 10, "unit": "people", "from_on": FIRST, "until_on": LAST},))
    data = build_payload(tables, {"promises": find_promises(tables, as_of=DAY)}, build_scene(tables), title=Text("图", "map"), roll_up_above=9)
    ((zh, en), (_, ten)) = next(iter(data["promises"].values()))
    assert (zh, en) == ("一联五：承诺 5 户，登记 0；登记不足承诺", "one to five, households: promised 5, on record 0; less on record than promised")
    assert ten == "ten a year (before 2012-01-01), people: promised 10, on record 0; less on record than promised"
    assert data["extras"] == []


def test_an_empty_district_has_no_promises():
    finding = find_promises(Tables({}), as_of=DAY)
    assert finding.rows.empty
    assert isinstance(finding.rows, pd.DataFrame)
    assert isinstance(Tables({})["Promise"], pa.Table)
