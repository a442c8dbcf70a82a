"""Dates known to the month or the year alone: no day within is a fact, and they are shown and written as they were."""

import datetime as dt
from dataclasses import replace

import pyarrow.compute as pc
import pytest

import graphkit
from graphkit import find_coverage_gaps, find_pairing_reach, find_promises
from graphkit.data.checks import check_tables, quarantine_problems
from graphkit.data.exports import write_folder
from graphkit.data.precision import say_dates
from graphkit.data.telling import tell_unread
from graphkit.data.unread import touched_subjects
from graphkit.questions.coverage.explain import explain_outcome
from graphkit.questions.people import admission
from graphkit.rules import read_rule_pack
from graphkit.store.local.store import LocalStore
from loaders import check_source, load

HELPS = "Member HELPS Household"
FILES = {
    "Member": "id,stage,applied_on,activist_on,full_on\nm1,full,,,2010\nm2,full,,,\nm3,full,,,\nm4,full,2009-06-01,2009,2010-03-05\n",
    "Household": "id,entered_on,left_on\nh1,,\nh2,2010年3月,2011\nh3,,\n",
    "Cooperative": "id,scope\nc1,village\n",
    "Member_WORKS_IN_Cooperative": "member_id,cooperative_id,since\nm1,c1,\nm2,c1,\nm3,c1,\n",
    HELPS.replace(" ", "_"): (
        "member_id,household_id,kind,last_visit_on,since,until\nm2,h1,one_to_one,2012-03,2010,2011-06\nm3,h3,one_to_one,,2010-02-03,\n"
    ),
    "Training": "id,held_on\nt1,2010\nt2,2010.03\nt3,2010.1\nt4,2010-13\nt5,1700\n",
}


def of_kind(kind):
    """The rules of the example's pack that ask something of one kind."""
    pack = read_rule_pack("acheng-2010")
    return replace(pack, rules=tuple(rule for rule in pack.rules if rule.applies_to == kind))


def day(text):
    return dt.date.fromisoformat(text)


def write(folder, files=FILES):
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    return check_source(write(tmp_path_factory.mktemp("precision") / "files"))


def test_a_month_or_a_year_is_one_day_of_it_and_no_other_form_is_guessed(loaded):
    tables, problems = loaded
    assert tables["Training"]["held_on"].to_pylist() == [day("2010-01-01"), day("2010-03-01"), None, None, None]
    assert [problem.row for problem in problems if problem.rule == "type.date"] == [4, 5, 6]
    assert tables["Household"]["left_on"].to_pylist() == [None, day("2011-12-31"), None]  # an end, as late as it may be
    assert tables[HELPS].select(["last_visit_on", "since", "until"]).to_pylist()[0] == {
        "last_visit_on": day("2012-03-31"), "since": day("2010-01-01"), "until": day("2011-06-30"),
    }  # fmt: skip
    once = sorted((problem.table, problem.column, problem.rule) for problem in problems if problem.rule.startswith("date."))
    assert once == [
        ("Household", "entered_on", "date.month"), ("Household", "left_on", "date.year"), ("Member", "activist_on", "date.year"),
        ("Member", "full_on", "date.year"), (HELPS, "last_visit_on", "date.month"), (HELPS, "since", "date.year"), (HELPS, "until", "date.month"),
        ("Training", "held_on", "date.month"), ("Training", "held_on", "date.year"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "stands", "sure"),
    [
        ("2009-12-31", False, True), ("2010-01-01", True, False), ("2010-12-30", True, False), ("2010-12-31", True, True), ("2011-05-31", True, True),
        ("2011-06-01", True, False), ("2011-06-29", True, False), ("2011-06-30", False, True),
    ],
)  # fmt: skip
def test_a_tie_is_a_fact_outside_the_year_of_its_beginning_and_the_month_of_its_end(loaded, on, stands, sure):
    tables = loaded[0].at(day(on))
    assert ("h1" in tables[HELPS]["household_id"].to_pylist()) == stands
    if stands:
        touched = [key.as_py() for key in touched_subjects(tables, columns={HELPS: ()}).get("Household", [])]
        assert ("h1" in touched) is not sure
    if on in ("2010-12-30", "2010-12-31", "2011-06-01"):
        reach = find_pairing_reach(loaded[0], as_of=day(on)).select("Household").set_index(["subject_id", "pairing_kind"])
        low, high = reach.loc[("h1", "any"), ["pairs_low", "pairs_high"]]
        assert (low, high) == ((1, 1) if sure else (0, 1))
        assert tuple(reach.loc[("h3", "any"), ["pairs_low", "pairs_high"]]) == ((1, 1) if day(on) >= day("2010-02-03") else (0, 0))


def test_a_date_stays_as_exact_as_it_was_where_rows_are_read_without_their_places_and_checked_again(loaded, tmp_path):
    """A year beside the very day that stands for it, of one pair: only the year is one."""
    files = {**FILES, HELPS.replace(" ", "_"): FILES[HELPS.replace(" ", "_")] + "m3,h3,technical,,2010-01-01,\nm2,h3,technical,,2010,\n"}
    LocalStore(tmp_path / "d.gk").write(check_source(write(tmp_path / "files", files))[0])

    def inexact(tables):
        lines = tables.unread.filter(pc.is_valid(tables.unread["latest"])).to_pylist()
        return sorted(tuple(str(line[name]) for name in ("table", "column", "state", "subject_id", "earliest", "latest")) for line in lines)

    store = LocalStore(tmp_path / "d.gk")
    whole, bare = store.read(), store.read(places=False)
    assert bare[HELPS]["source_row"].null_count == bare[HELPS].num_rows == 4
    assert len(inexact(whole)) == 14  # six of single rows, and a line for either end of four cells of pairings
    assert inexact(quarantine_problems(bare)) == inexact(quarantine_problems(whole)) == inexact(whole)
    assert say_dates(bare, HELPS)["since"].to_pylist() == ["2010", "2010-02-03", "2010-01-01", "2010"]


@pytest.mark.parametrize(
    ("full_on", "on", "asked"),
    [
        ("2010", "2010-06-01", ["unknown", "unknown"]),
        ("2010", "2011-06-01", ["yes"]),
        ("2010-05", "2010-06-01", ["yes"]),
    ],
)
def test_a_member_is_a_full_one_from_a_day_of_the_year_that_nobody_knows(tmp_path, full_on, on, asked):
    """Three people: a branch is due (S12) if all of them are full members, and a group or liaison (S16) if two are."""
    folder = write(tmp_path / "a", {**FILES, "Member": FILES["Member"].replace("m1,full,,,2010", f"m1,full,,,{full_on}")})
    gaps = find_coverage_gaps(load(folder), rules=of_kind("Cooperative"), as_of=day(on)).select("Cooperative")
    assert gaps["asked"].tolist() == asked
    assert gaps["certain"].tolist() == [one == "yes" for one in asked]


def test_dates_stand_in_an_order_that_they_may_have_had(loaded):
    assert [problem.rule for problem in loaded[1] if problem.rule in ("date.order", "date.ahead", "period.order", "date.future")] == []


@pytest.mark.parametrize(
    ("applied", "activist", "wrong"), [("2010-06-01", "2010", False), ("2010-06-01", "2009", True), ("2010", "2010-01-01", False)]
)
def test_an_order_is_broken_only_where_no_day_that_may_be_meant_keeps_it(tmp_path, applied, activist, wrong):
    folder = write(tmp_path / "a", {"Member": f"id,stage,applied_on,activist_on\nm1,full,{applied},{activist}\n"})
    tables, problems = check_source(folder)
    assert ("date.order" in [problem.rule for problem in problems]) == wrong
    assert [problem.rule for problem in check_tables(tables) if problem.rule == "date.order"] == []


def test_a_visit_of_this_year_is_none_of_the_future(tmp_path):
    this_year = dt.date.today().year  # noqa: DTZ011 - the day of the checks
    files = {"Member": "id\nm1\n", "Household": "id\nh1\nh2\n",
             HELPS.replace(" ", "_"): f"member_id,household_id,kind,last_visit_on\nm1,h1,one_to_one,{this_year}\nm1,h2,one_to_one,{this_year + 2}\n"}  # fmt: skip
    found = [(problem.rule, problem.row) for problem in check_source(write(tmp_path / "a", files))[1] if problem.rule == "date.future"]
    assert found == [("date.future", 3)]


def test_it_is_written_shown_and_kept_as_it_was(loaded, tmp_path):
    tables = loaded[0]
    assert say_dates(tables, HELPS)["since"].to_pylist() == ["2010", "2010-02-03"]
    folder = write_folder(tables, tmp_path / "again", lang="zh")
    assert '"m2","h1","一帮一","2012-03","2010","2011-06"' in (folder / f"{HELPS.replace(' ', '_')}.csv").read_text(encoding="utf-8-sig")
    again = load(folder)
    days = ["table", "column", "state", "subject_id", "earliest", "latest"]
    told = [sorted(map(str, one.unread.filter(one.unread["latest"].is_valid()).select(days).to_pylist())) for one in (tables, again)]
    assert told[0] == told[1]
    assert len(told[0]) == 12
    store = graphkit.connect(tmp_path / "a.gk")
    store.write(tables)
    assert store.read() == tables
    assert store.read().unread.equals(tables.unread)


@pytest.mark.parametrize(
    ("began", "since", "outcome"), [("2010-01-01", "2010-03-01", "met"), ("2010", "2010-03-01", "unknown"), ("2010-01-01", "2010", "unknown")]
)
def test_a_promise_of_a_period_stays_open_where_a_date_of_it_is_a_year(tmp_path, began, since, outcome):
    """One household promised until June 2010, and one paired: whether in that time is not known, in later years either."""
    files = {
        "Member": "id,stage\nm1,full\n", "Household": "id\nh1\n",
        "Promise": f"id,kind,target,unit,from_on,until_on\np1,one_to_one,1,households,{began},2010-06-01\n", "Promise_MADE_BY_Member": "promise_id,member_id\np1,m1\n",
        HELPS.replace(" ", "_"): f"member_id,household_id,kind,since\nm1,h1,one_to_one,{since}\n",
    }  # fmt: skip
    found = find_promises(load(write(tmp_path / "a", files)), as_of=day("2012-04-30"))
    assert found.rows["outcome"].tolist() == [outcome]


def test_since_when_is_not_told_by_a_year(tmp_path):
    """Poor households without a helper (S51): of one it is known to the day since when it is on the register, of one to the year."""
    text = "id,is_poor,entered_on\nh1,yes,2010\nh2,yes,2010-03-05\n"
    tables = load(write(tmp_path / "a", {"Household": text}))
    told = [explain_outcome(tables, "s51", household, rules=of_kind("Household"), as_of=day("2012-04-30")).since for household in ("h1", "h2")]
    assert told == [None, day("2010-03-05")]


def test_what_is_checked_again_stays_as_it_is(loaded):
    once = loaded[0]
    again = quarantine_problems(once)
    assert again == once
    assert sorted(map(str, again.unread.drop_columns("fault").to_pylist())) == sorted(map(str, once.unread.drop_columns("fault").to_pylist()))


def test_what_is_not_known_to_the_day_is_told_apart_from_what_was_not_read(loaded):
    said = [text.en for text in tell_unread(loaded[0].at(day("2010-06-01")), [HELPS])]
    assert said[0] == "not read: unreadable cells: 3"
    assert said[1].startswith("dates not known to the day: to the year: 3")


VISITED = {
    "Member": "id,stage\nm1,full\nm2,full\n",
    "Household": "id,is_poor\nh1,yes\n",
    HELPS.replace(" ", "_"): "member_id,household_id,kind,last_visit_on\nm1,h1,one_to_one,{}\nm2,h1,technical,{}\n",
}


@pytest.mark.parametrize(
    ("first", "second", "outcome"),  # asked on 2026-02-15, of a visit within 92 days: on 2025-11-15 or after it
    [
        ("2026-01", "2025-01-01", "met"),  # 15 to 45 days
        ("2025", "2025-01-01", "unknown"),  # 46 to 410
        ("2025-11", "2025-01-01", "unknown"),  # 77 to 106
        ("2024", "2024-01-01", "open"),  # more than 400
        ("2025", "2026-02-01", "met"),  # the other came 14 days ago
        ("2025", "2025-10", "unknown"),
    ],
)
def test_how_long_ago_a_visit_was_is_not_known_from_its_month_or_year(tmp_path, first, second, outcome):
    files = VISITED | {HELPS.replace(" ", "_"): VISITED[HELPS.replace(" ", "_")].format(first, second)}
    gaps = find_coverage_gaps(load(write(tmp_path / "a", files)), rules="extension", as_of=day("2026-02-15")).select("Household")
    [row] = gaps[gaps["rule"] == "extension.visited"].to_dict("records")
    assert (row["outcome"], row["certain"]) == (outcome, outcome != "unknown")


def test_a_visit_on_the_register_known_to_the_year_is_no_visit_of_late(tmp_path):
    files = VISITED | {HELPS.replace(" ", "_"): VISITED[HELPS.replace(" ", "_")].format("", "2025-01-01").replace("m1,h1,one_to_one,\n", "")}
    files |= {"Member_VISITED_Household": "member_id,household_id,visited_on\nm2,h1,2025\n"}
    gaps = find_coverage_gaps(load(write(tmp_path / "a", files)), rules="extension", as_of=day("2026-02-15")).select("Household")
    assert gaps.loc[gaps["rule"] == "extension.visited", "outcome"].tolist() == ["unknown"]


def test_days_in_a_stage_that_nobody_knows_lead_no_list(tmp_path):
    members = "id,stage,applied_on\na,applicant,2009\nb,applicant,2010-03-01\nc,applicant,2010\nd,applicant,2011-01-01\n"
    tables = load(write(tmp_path / "a", {"Member": members}))
    finding = graphkit.find_admission_funnel(tables, as_of=day("2012-03-01"))
    said = " ".join(text.en for text in (*admission.tell(finding), *finding.caveats))
    assert "Of 2 of whom the day is known, b has waited longest: applicant, 731 days" in said
    assert "of 2 people a date is known to the month or year alone" in said
    [shown] = admission.extract(finding, {})
    assert [row[0].en for row in shown.rows] == ["b", "d"]
    since = graphkit.find_admission_funnel(tables, since=day("2010-06-01"), as_of=day("2012-03-01")).rows.set_index("subject_id")["in_period"]
    assert since.isna().to_dict() == {"c": True, "d": False}  # c applied in 2010, before June or after; a and b did before


def test_who_took_over_may_be_another_where_an_end_is_known_to_the_year(tmp_path):
    ties = "member_id,household_id,kind,since,until\nm1,h1,one_to_one,2008-01-01,2010\nm2,h1,one_to_one,2010-07-01,\nm1,h2,one_to_one,2008-01-01,2010-05-01\n"
    files = {"Member": VISITED["Member"], "Household": "id\nh1\nh2\n", HELPS.replace(" ", "_"): ties}
    finding = graphkit.find_succession(load(write(tmp_path / "a", files)), as_of=day("2012-03-01"))
    assert finding.rows.set_index("subject_id")["outcome"].to_dict() == {"h1": "others", "h2": "nobody"}
    assert any(
        caveat.en.startswith("households at which a pairing's beginning or end is known to the month or year alone: 1;") for caveat in finding.caveats
    )
