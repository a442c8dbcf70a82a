"""Checks, against a second reading of the rules in plain Python, then case by case."""

import datetime as dt
import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.data.breaches import RULES
from graphkit.data.checks import check_tables, quarantine_problems, require_sound
from graphkit.data.tables import PROVENANCE, Tables
from graphkit.data.unsound import count_unsound
from graphkit.errors import TableError
from graphkit.model.kinds import MODEL
from graphkit.model.types import NodeType
from tests.table_samples import tables

# The rules once more, row by row


CELL_ALONE = ("value.choice", "value.range", "date.early")  # these cost a cell, and the row only where it cannot be placed without
REPORTED = {"member.some_primary", "period.order", "date.order", "date.ahead", "date.future", "node.successor", "visit.later"}
LEFT_OUT = {"cooperative.scope", "tie.single", "tie.overlap", "tie.circle", "id.near", "id.date", "id.name"}  # reported only, and held to cases below


PERIODS = {"founded_on": "dissolved_on", "entered_on": "left_on", "since": "until", "promised_on": "withdrawn_on"}


def costs(kind, rule, column):
    needed = {c.name for c in kind.columns if c.required}
    return rule not in REPORTED and (rule not in CELL_ALONE or column in needed)


def own_faults(kind, row):
    """Rules that a row breaks by itself: (rule, column)."""
    faults = set()
    for column in kind.columns:
        value = row[column.name]
        empty = value is None or value == ""
        if column.required and empty:
            faults.add(("value.required", column.name))
        if column.choices and not empty and value not in column.values:
            faults.add(("value.choice", column.name))
        if column.type == "integer" and not empty and not (column.minimum or 0) <= value <= (column.maximum or value):
            faults.add(("value.range", column.name))
        if column.type == "string" and column.name in kind.identity and not column.choices and not empty:
            if "E+" in value:
                faults.add(("type.lost_digits", column.name))
            elif column.digits and not (value.isascii() and value.isdigit() and len(value) == column.digits):
                faults.add(("type.code", column.name))
    return faults | date_faults(row)


def date_faults(row):
    """Dates of a row that cannot have come in this order."""
    faults = set()
    for since, until in PERIODS.items():
        if row.get(since) and row.get(until) and row[until] < row[since]:
            faults.add(("period.order", until))
    if row.get("last_visit_on") and row.get("since") and row["last_visit_on"] < row["since"]:
        faults.add(("date.order", "last_visit_on"))
    if row.get("from_on") and row.get("until_on") and row["until_on"] < row["from_on"]:
        faults.add(("date.order", "until_on"))
    if too_young(row):
        faults.add(("date.order", "admitted_on"))
    return faults | stage_faults(row)


def too_young(row):
    born, admitted = row.get("birth_year"), row.get("admitted_on")
    return bool(admitted and born is not None and 1900 <= born <= 2100 and admitted.year < born + 18)


STAGE_DATES = {"applicant": "applied_on", "activist": "activist_on", "candidate": "candidate_on", "probationary": "admitted_on", "full": "full_on"}


def stage_conflicts(row):
    """Pairs of dates on the way to membership that cannot have come in this order: the second is at fault, both are doubted."""
    if "applied_on" not in row:
        return []
    names, born = list(STAGE_DATES.values()), row["birth_year"]
    pairs = [(first, then) for place, then in enumerate(names) for first in names[:place] if row[first] and row[then] and row[then] < row[first]]
    if row["applied_on"] and born is not None and 1900 <= born <= 2100 and row["applied_on"].year < born:
        pairs.append(("birth_year", "applied_on"))
    return pairs


def stage_faults(row):
    """The same as faults; and a stage behind the dates."""
    faults = {("date.order", then) for _, then in stage_conflicts(row)}
    order = ["not_applied", *STAGE_DATES]
    doubted = {name for pair in stage_conflicts(row) for name in pair} | ({"admitted_on"} if too_young(row) else set())
    later = [STAGE_DATES[stage] for stage in order[order.index(row["stage"]) + 1 :]] if row.get("stage") in order else []
    if any(row.get(name) and name not in doubted for name in later):
        faults.add(("date.ahead", "stage"))
    return faults


def cleaned(kind, row, faults):
    """The row without the cells that are not known once these faults are found."""
    gone = {column for rule, column in faults if rule in CELL_ALONE and not costs(kind, rule, column)}
    for rule, column in faults:
        if rule == "period.order":
            gone |= {column, {until: since for since, until in PERIODS.items()}[column]}
        if rule == "date.order" and column == "admitted_on" and too_young(row):
            gone |= {"admitted_on", "birth_year"}
        if rule == "date.ahead":
            gone.add("stage")
    gone |= {name for pair in stage_conflicts(row) for name in pair}
    return {name: None if name in gone else value for name, value in row.items()}


def place(row):
    return (row["source_file"], row["source_row"])


def split_doubles(kind, rows, unread):
    """Rows kept, rows merged, rows set aside, by first come by place; one read in part comes after those read in full."""
    kept, merged, aside = {}, [], []
    for row in sorted(rows, key=lambda row: (row["source_row"] in unread, *place(row))):
        identity = tuple(row[name] for name in kind.identity)
        first = kept.setdefault(identity, row)
        if first is not row:
            same = all(first[c.name] == row[c.name] for c in kind.columns)
            (merged if same else aside).append(row)
    return list(kept.values()), merged, aside


def overlap(one, other):
    begin, end = dt.date.min, dt.date.max
    (a, b), (c, d) = (((row["since"] or begin), (row["until"] or end)) for row in (one, other))
    return max(a, c) < min(b, d)


def read_rules(given):
    """Faults by (table, row number), rows merged by table: the definition, slowly."""
    faults, merged, standing, doubtful = {}, {}, {}, set()

    def fault(table, row, rule, column):
        faults.setdefault((table, row["source_row"]), set()).add((rule, column))

    for kind in MODEL.kinds:
        rows, unread = rows_known(kind, given[kind.table].to_pylist(), fault, doubtful)
        if not isinstance(kind, NodeType):
            rows = [row for row in rows if leads_somewhere(kind, row, standing, fault)]
        standing[kind.table], merged[kind.table], aside = split_doubles(kind, rows, unread)
        for row in aside:
            fault(kind.table, row, "key.once", kind.identity[0])
    check_successors(standing, fault)
    check_primaries(standing, fault, doubtful)
    check_outreach(standing, fault, doubtful)
    return faults, {table: len(rows) for table, rows in merged.items()}


def rows_known(kind, rows, fault, doubtful):
    """Rows that can be placed, without the cells that are not known, and the numbers of those that lack one."""
    known, unread = [], set()
    for row in rows:
        own = own_faults(kind, row)
        for rule, column in own:
            fault(kind.table, row, rule, column)
        if any(costs(kind, *one) for one in own):
            continue
        known.append(cleaned(kind, row, own))
        if known[-1] != row or any(rule in CELL_ALONE for rule, _ in own):
            unread.add(row["source_row"])
        if any(rule == "period.order" for rule, _ in own):
            doubtful.add((kind.table, row["source_row"]))
    return known, unread


def leads_somewhere(kind, row, standing, fault):
    """Whether both ends are there, and are not one where they may not be."""
    for end, label in zip(kind.ends, (kind.source, kind.target), strict=True):
        if row[end.name] not in {there[end_key(label)] for there in standing[label]}:
            fault(kind.table, row, "tie.ends", end.name)
            return False
    if kind.name in ("MENTORS", "REPORTS_TO", "MEMBER_OF", "NEIGHBOURS") and row[kind.ends[0].name] == row[kind.ends[1].name]:
        fault(kind.table, row, "tie.self", kind.ends[1].name)
        return False
    return True


def check_successors(standing, fault):
    for kind in MODEL.nodes:
        keys = {row[kind.key] for row in standing[kind.table]}
        for row in standing[kind.table]:
            for column in ("successor_code", "successor_id"):
                if row.get(column) is not None and row[column] not in keys - {row[kind.key]}:
                    fault(kind.table, row, "node.successor", column)


def end_key(label):
    return next(kind.key for kind in MODEL.nodes if kind.label == label)


def check_primaries(standing, fault, doubtful):
    full = {row["id"] for row in standing["Member"] if row["stage"] == "full"}
    kept = []
    for row in sorted(standing["Member BELONGS_TO Branch"], key=lambda r: (r["since"] or dt.date.min, place(r))):
        if row["primary"] and row["member_id"] in full and ("Member BELONGS_TO Branch", row["source_row"]) not in doubtful:
            if any(other["member_id"] == row["member_id"] and overlap(other, row) for other in kept):
                fault("Member BELONGS_TO Branch", row, "member.one_primary", "primary")
            else:
                kept.append(row)
                continue
    managed = {row["member_id"] for row in standing["Member BELONGS_TO Branch"] if row["primary"]}
    for row in standing["Member"]:
        if row["stage"] == "full" and row["id"] not in managed:
            fault("Member", row, "member.some_primary", "id")


def check_outreach(standing, fault, doubtful):
    """Pairings with one's own household, and last visits of which the register of visits knows a later one."""
    helps, part_of = "Member HELPS Household", "Member PART_OF Household"
    pair = lambda row: (row["member_id"], row["household_id"])  # noqa: E731
    homes = [row for row in standing[part_of] if (part_of, row["source_row"]) not in doubtful]
    for row in standing[helps]:
        visits = [visit["visited_on"] for visit in standing["Member VISITED Household"] if pair(visit) == pair(row)]
        if (helps, row["source_row"]) not in doubtful and any(pair(home) == pair(row) and overlap(home, row) for home in homes):
            fault(helps, row, "pairing.own_household", "household_id")
        elif visits and row["last_visit_on"] and max(visits) > row["last_visit_on"]:
            fault(helps, row, "visit.later", "last_visit_on")


def found_by_checks(given):
    faults = {}
    for problem in check_tables(given):
        if problem.rule not in LEFT_OUT:
            faults.setdefault((problem.table, problem.row), set()).add((problem.rule, problem.column))
    return faults


@given(tables())
def test_finds_what_a_second_reading_of_the_rules_finds(given):
    expected, _ = read_rules(given)
    assert found_by_checks(given) == expected


@given(tables())
def test_sets_aside_what_a_second_reading_sets_aside(given):
    expected, merged = read_rules(given)
    aside = {(table, row) for (table, row), faults in expected.items() if any(costs(MODEL.table_type(table), *fault) for fault in faults)}
    got = quarantine_problems(given)
    assert {(row["table"], row["source_row"]) for row in got.quarantine.to_pylist()} == aside
    assert {row["table"]: row["merged"] for row in got.counts.to_pylist()} == merged


@given(tables())
def test_every_row_is_accounted_for(given):
    got = quarantine_problems(given)
    for row in got.counts.to_pylist():
        assert row["read"] == given[row["table"]].num_rows == row["loaded"] + row["merged"] + row["quarantined"]
        assert row["loaded"] == got[row["table"]].num_rows
    assert got.quarantine.num_rows == sum(got.counts["quarantined"].to_pylist())


@given(tables())
def test_what_is_left_is_sound(given):
    left = quarantine_problems(given)
    assert [problem for problem in check_tables(left) if problem.effect == "quarantine"] == []
    assert require_sound(left) == left
    assert left.sound
    assert count_unsound(Tables(dict(left), model=left.model)) == {}  # counted, as that of tables of which nothing is known
    again = quarantine_problems(left)
    assert again == left
    assert again.counts.equals(left.counts)


def test_rows_put_in_place_of_sound_ones_are_counted_again():
    sound = quarantine_problems(Tables({"Household": pa.table({"id": ["h1", "h2"]})}))
    assert sound.at(dt.date(2012, 4, 30)).sound
    twice = sound.replace({"Household": pa.concat_tables([sound["Household"]] * 2)})
    assert (count_unsound(sound), count_unsound(twice)) == ({}, {"Household": 2})


@given(tables(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(given, random):
    other = Tables({name: t.take(pa.array(random.sample(range(t.num_rows), t.num_rows), pa.int64())) for name, t in given.items()})
    assert quarantine_problems(other) == quarantine_problems(given)
    assert found_by_checks(other) == found_by_checks(given)


@given(tables())
def test_the_input_stays_as_it_was(given):
    before = given.content_hash()
    quarantine_problems(given)
    assert given.content_hash() == before


# Case by case

VILLAGES = pa.table({"code": ["230112104001", "230112104002", "230112105001"]})
TOWNSHIPS = pa.table({"code": ["230112104", "230112105"]})
WITHIN = pa.table({"village_code": ["230112104001", "230112104002", "230112105001"], "township_code": ["230112104", "230112104", "230112105"]})


def rules_of(**given):
    return [problem.rule for problem in check_tables(Tables({name.replace("_1_", " "): table for name, table in given.items()}))]


def test_every_rule_has_words_in_both_languages_and_a_case_here():
    assert set(RULES) == {
        "row.width", "row.twice", "row.no_data", "cell.error", "cell.not_computed", "type.lost_digits", "type.code", "type.date", "type.integer", "type.boolean",
        "id.number", "id.line_break", "place.several", "place.unknown", "name.several", "name.unknown", "name.alone", "name.differs", "id.name", "id.date", "id.near", "value.required", "value.choice", "value.range", "date.early", "date.order", "date.ahead", "date.future",
        "key.once", "tie.ends", "tie.single", "tie.self", "tie.circle", "tie.overlap", "period.order", "node.successor", "complete.count", "complete.table",
        "member.one_primary", "member.some_primary", "cooperative.scope", "person.contradicts", "person.unplaced", "person.gone", "heading.unknown", "heading.gone", "sheet.unknown", "id.zeros",
        "pairing.own_household", "visit.later", "date.month", "date.year",
    }  # fmt: skip
    assert {constraint.id for constraint in MODEL.constraints} <= set(RULES)
    assert all(text.zh and text.en for rule in RULES.values() for text in (rule.text, rule.remedy))


@pytest.mark.parametrize("lost", ["2.30112E+11", "2.30112199001011e+17", "230112199001011000"])
def test_a_code_that_went_through_a_number(lost):
    [problem] = check_tables(Tables({"Household": pa.table({"id": [lost]})}))
    assert problem.rule == "type.lost_digits"


def test_an_identity_number_that_happens_to_end_in_zeros_is_not_worn():
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]  # GB 11643, with its remainders 0 to 10
    starts = [f"110105194912{day}{serial}00" for day in range(10, 28) for serial in range(1, 10)]
    whole = [start + "0" for start in starts if "10X98765432"[sum(int(d) * w for d, w in zip(start, weights, strict=True)) % 11] == "0"]
    assert whole
    assert set(rules_of(Household=pa.table({"id": whole}))) == {"id.number"}


def test_the_first_by_place_is_kept_and_named():
    rows = pa.table({"id": ["h1"] * 4, "people": [3, 4, 3, 5], "source_file": ["农户.csv"] * 4, "source_row": [9, 5, 7, 6]})
    got = quarantine_problems(Tables({"Household": rows}))
    assert got["Household"]["source_row"].to_pylist() == [5]
    problems = check_tables(Tables({"Household": rows}))
    assert [(p.rule, p.row, p.value) for p in problems] == [("key.once", 6, "h1"), ("key.once", 7, "h1"), ("key.once", 9, "h1")]
    assert "农户.csv 第5行" in problems[0].describe("zh")
    assert "农户.csv row 5" in problems[0].describe("en")


def test_a_row_that_is_broken_itself_does_not_stand_before_a_good_one():
    rows = pa.table({"id": ["h1", "h1"], "people": [-1, 4], "source_row": [2, 3]})
    assert quarantine_problems(Tables({"Household": rows}))["Household"]["people"].to_pylist() == [4]


def test_ties_follow_the_node_that_is_set_aside():
    got = quarantine_problems(
        Tables(
            {
                "Village": pa.table({"code": ["230112104001", "7"]}),
                "Household": pa.table({"id": ["h1", "h2"]}),
                "Household LIVES_IN Village": pa.table({"household_id": ["h1", "h2"], "village_code": ["230112104001", "230112104009"]}),
            }
        )
    )
    assert got["Household LIVES_IN Village"]["household_id"].to_pylist() == ["h1"]
    assert sorted(got.quarantine["rule"].to_pylist()) == ["tie.ends", "type.code"]
    assert json.loads(got.quarantine["row"].to_pylist()[1]) == {"household_id": "h2", "village_code": "230112104009"}


def memberships(*spans, stage="full", primary=True):
    """Rules broken by one member who belongs to one branch after the other: (since, until) as years."""
    day = [[None if year is None else dt.date(year, 1, 1) for year in column] for column in zip(*spans, strict=True)]
    ids = [f"b{n}" for n in range(len(spans))]
    rows = pa.table({"member_id": ["m"] * len(ids), "branch_id": ids, "primary": [primary] * len(ids), "since": pa.array(day[0], pa.date32()),
                     "until": pa.array(day[1], pa.date32()), "source_row": list(range(2, len(ids) + 2))})  # fmt: skip
    given = Tables({"Member": pa.table({"id": ["m"], "stage": [stage]}), "Branch": pa.table({"id": ids}), "Member BELONGS_TO Branch": rows})
    return [problem.row for problem in check_tables(given) if problem.rule == "member.one_primary"]


@pytest.mark.parametrize(
    ("spans", "broken"),
    [
        ([(2000, 2005), (2005, None)], []),  # a transfer: the first ends on the day the second begins
        ([(2000, 2006), (2005, None)], [3]),
        ([(2005, None), (2000, None)], [2]),  # the earlier beginning stands, whatever the order in the file
        ([(2005, None), (None, None)], [2]),
        ([(None, None), (None, None)], [3]),
        ([(2000, 2010), (2005, 2006), (2008, None)], [3, 4]),
        ([(2000, 2004), (2003, 2009), (2005, 2008)], [3]),  # what is set aside sets nothing aside
        ([(2000, 2010), (2005, 2005)], []),  # no day at all overlaps with nothing
    ],
)
def test_one_primary_branch_at_a_time(spans, broken):
    assert memberships(*spans) == broken


def test_assisting_branches_and_people_who_are_not_yet_full_may_be_several():
    assert memberships((2000, None), (2001, None), primary=False) == []
    assert memberships((2000, None), (2001, None), stage="probationary") == []


def test_a_full_member_whom_no_branch_manages_is_reported_and_stays():
    given = Tables({"Member": pa.table({"id": ["m1", "m2"], "stage": ["full", "applicant"]})})
    [problem] = check_tables(given)
    assert (problem.rule, problem.effect, problem.value) == ("member.some_primary", "report", "m1")
    assert quarantine_problems(given)["Member"].num_rows == 2
    assert require_sound(given) == given


@pytest.mark.parametrize(
    ("scope", "villages", "agrees"),
    [
        ("village", [0], True), ("village", [0, 1], False), ("village", [], True),
        ("cross_village", [0, 1], True), ("cross_village", [0], False), ("cross_village", [0, 2], False),
        ("township", [0, 1], True), ("township", [0], True), ("township", [0, 2], False),
        ("cross_township", [0, 2], True), ("cross_township", [0, 1], False), ("cross_township", [0], False),
        (None, [0, 2], True),
    ],
)  # fmt: skip
def test_scope_agrees_with_the_villages(scope, villages, agrees):
    codes = VILLAGES["code"].take(pa.array(villages, pa.int64()))
    broken = rules_of(
        Township=TOWNSHIPS, Village=VILLAGES, Village_1_IN_1_Township=WITHIN, Cooperative=pa.table({"id": ["c"], "scope": pa.array([scope], pa.string())}),
        Cooperative_1_OPERATES_IN_1_Village=pa.table({"cooperative_id": pa.array(["c"] * len(villages), pa.string()), "village_code": codes}),
    )  # fmt: skip
    assert broken == ([] if agrees else ["cooperative.scope"])


@pytest.mark.parametrize(("scope", "agrees"), [("cross_township", True), ("cross_village", True), ("village", False)])
def test_a_village_whose_township_is_unknown_breaks_no_scope(scope, agrees):
    broken = rules_of(
        Village=VILLAGES, Cooperative=pa.table({"id": ["c"], "scope": [scope]}),
        Cooperative_1_OPERATES_IN_1_Village=pa.table({"cooperative_id": ["c", "c"], "village_code": VILLAGES["code"].take(pa.array([0, 2]))}),
    )  # fmt: skip
    assert broken == ([] if agrees else ["cooperative.scope"])


def test_scope_looks_at_the_co_operative_that_was_kept():
    twice = pa.table({"id": ["c", "c"], "scope": ["cross_village", "village"], "source_row": [3, 2]})
    broken = rules_of(
        Village=VILLAGES, Cooperative=twice,
        Cooperative_1_OPERATES_IN_1_Village=pa.table({"cooperative_id": ["c", "c"], "village_code": VILLAGES["code"].take(pa.array([0, 1]))}),
    )  # fmt: skip
    assert sorted(broken) == ["cooperative.scope", "key.once"]


def test_all_problems_are_raised_at_once():
    given = Tables({"Household": pa.table({"id": ["h", None, "h"], "people": [1, 2, -3]})})
    with pytest.raises(TableError, match="2 problems") as raised:
        require_sound(given)
    assert sorted(problem.rule for problem in raised.value.problems) == [
        "key.once",
        "value.required",
    ]  # the row of -3 people is not lost for it, but differs from the one before


def test_problems_stand_in_the_order_of_tables_files_and_rows():
    given = Tables(
        {
            "Zone COVERS Household": pa.table({"zone_id": ["z"], "household_id": ["h"], "source_file": ["a"], "source_row": [2]}),
            "Household": pa.table({"id": [None, None, None], "source_file": ["b", "a", "a"], "source_row": [2, 30, 4]}),
        }
    )
    assert [(p.table, p.file, p.row) for p in check_tables(given)] == [
        ("Household", "a", 4), ("Household", "a", 30), ("Household", "b", 2), ("Zone COVERS Household", "a", 2),
    ]  # fmt: skip


def test_words_say_what_the_column_allows():
    given = Tables({"Member": pa.table({"id": ["m"], "stage": ["党员"], "birth_year": [30]})})
    choice, span = check_tables(given)
    assert choice.value == "党员"
    assert "预备党员" in choice.remedy.zh
    assert "probationary" in choice.remedy.en
    assert "1900 到 2100" in span.text.zh
    assert "1900 to 2100" in span.text.en


def test_empty_tables_are_sound():
    assert check_tables(Tables({})) == []
    assert require_sound(Tables({})) == Tables({})


PERSONAL = ("张三丰", "13812345678", "230112199001011234", "23011219900101123X")


@pytest.mark.parametrize("value", PERSONAL)
def test_no_personal_value_in_a_message_whatever_the_column(value):
    for kind in MODEL.kinds:
        cells = {c.name: [value] for c in kind.columns if c.type == "string"}
        twice = Tables({kind.table: pa.table({name: column * 2 for name, column in cells.items()} | {"source_row": [2, 3]})})
        said = "".join(problem.describe(lang) + repr(problem) for problem in check_tables(twice) for lang in ("zh", "en"))
        assert value not in said, kind.table


def test_a_doubled_member_is_named_by_id_alone():
    given = Tables({"Member": pa.table({"id": ["m1", "m1"], "name": ["张三丰", "李四光"]})})
    [problem] = check_tables(given)
    assert problem.value == "m1"
    assert "李四光" not in repr(problem)


def test_dataset_and_earlier_quarantine_stay():
    first = quarantine_problems(Tables({"Household": pa.table({"id": ["h", None]})}, dataset="acheng"))
    again = quarantine_problems(first)
    assert again.dataset == "acheng"
    assert again.quarantine.equals(first.quarantine)
    assert again.counts.filter(pa.compute.field("table") == "Household").to_pylist() == [
        {"table": "Household", "read": 2, "loaded": 1, "merged": 0, "quarantined": 1}
    ]


@pytest.mark.parametrize("tie", [tie for tie in MODEL.ties if "until" in [c.name for c in tie.columns]], ids=str)
def test_an_end_before_the_start(tie):
    row = {end.name: ["x"] for end in tie.ends} | {"since": [dt.date(2012, 2, 2)], "until": [dt.date(2012, 2, 1)]}
    assert ("period.order", "until") in {(p.rule, p.column) for p in check_tables(Tables({tie.table: pa.table(row)}))}
    assert PROVENANCE.names[0] == "source_file"
