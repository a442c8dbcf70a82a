"""What is not known stays unknown: cells and rows that could not be read, whom they concern, and which tables may miss rows."""

import datetime as dt
import random
import shutil

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

import graphkit
import loaders
from graphkit.data.checks import check_tables, quarantine_problems
from graphkit.data.tables import Tables
from graphkit.data.unread import count_unread, open_tables, touched_subjects, unplaced_rows
from graphkit.errors import StoreError
from graphkit.model.kinds import MODEL
from graphkit.network import Network
from graphkit.questions.bridges.find import find_bridge_figures
from graphkit.questions.people.question import QUESTIONS as PEOPLE
from graphkit.resources import find_data
from graphkit.store.local import manifest
from graphkit.store.local.store import LocalStore

DAY = dt.date(2012, 4, 30)
EXAMPLE = find_data("examples/acheng")
VILLAGES = [f"23011210400{n}" for n in range(1, 4)]


STRANGE = {"Cooperative": pa.table({"id": ["c1"], "scope": ["elsewhere"]})}


def touched(tables, **options):
    return {kind: keys.to_pylist() for kind, keys in touched_subjects(tables, **options).items()}


def rules_of(given):
    return [problem.rule for problem in check_tables(Tables(given))]


def people(**columns):
    """Two members, two households and the pairings between them, one of each with one of each."""
    helps = {"member_id": ["m1", "m2"], "household_id": ["h1", "h2"], "kind": ["one_to_one"] * 2, **columns}
    return {"Member": pa.table({"id": ["m1", "m2"]}), "Household": pa.table({"id": ["h1", "h2"]}), "Member HELPS Household": pa.table(helps)}


# Whom it concerns


def test_a_tie_that_is_set_aside_touches_the_end_that_is_known():
    got = quarantine_problems(Tables(people(household_id=["h1", "h9"])))
    assert touched(got) == {"Member": ["m2"]}
    assert unplaced_rows(got) == {"Household": 1}
    assert count_unread(got) == {"set_aside": 1}


def test_a_node_that_is_set_aside_takes_its_ties_along_and_touches_their_other_ends():
    given = people()
    got = quarantine_problems(Tables({**given, "Member": pa.table({"id": ["m1", "2.3E+11"]})}))
    assert touched(got) == {"Household": ["h2"]}
    assert unplaced_rows(got) == {"Member": 2}  # the person, and the helper of h2


def test_a_period_that_cannot_be_read_touches_both_ends_and_is_not_always():
    got = quarantine_problems(Tables(people(since=[dt.date(2011, 1, 1), None], until=[dt.date(2010, 1, 1), dt.date(2011, 1, 1)])))
    assert got["Member HELPS Household"].select(["since", "until"]).to_pylist()[0] == {"since": None, "until": None}
    assert touched(got) == touched(got.at(DAY)) == {"Member": ["m1"], "Household": ["h1"]}
    assert count_unread(got) == {"contradicts": 2}


def test_a_cell_in_which_empty_says_only_unknown_touches_whom_a_question_reads_it_of():
    got = quarantine_problems(Tables({**people(), "Household": pa.table({"id": ["h1", "h2"], "people": [3, -1]})}))
    assert touched(got) == {}
    assert touched(got, columns={"Household": ["people"]}) == {"Household": ["h2"]}
    assert touched(got, columns={"Member": ["stage"]}) == {}


def test_a_scope_that_cannot_be_read_is_not_no_scope():
    assert touched(quarantine_problems(Tables({**people(), **STRANGE}))) == {"Cooperative": ["c1"]}


def test_lost_rows_of_tables_that_a_question_does_not_read_touch_nobody():
    got = quarantine_problems(Tables(people(household_id=["h1", "h9"])))
    assert touched(got, columns={"Member": ["stage"]}) == {}
    assert touched(got, columns={"Member HELPS Household": []}) == {"Member": ["m2"]}


def test_faults_are_counted_once_whomever_they_touch_and_go_on_being_known():
    first = quarantine_problems(Tables({**people(household_id=["h1", "h9"]), **STRANGE}))
    again = quarantine_problems(first)
    assert count_unread(first) == count_unread(again) == {"set_aside": 1, "unreadable": 1}
    assert again.unread.equals(first.unread)


def test_a_row_that_differs_from_the_one_kept_puts_its_key_in_doubt():
    got = quarantine_problems(Tables({"Household": pa.table({"id": ["h1", "h1", "h2"], "people": [3, 4, 1]})}))
    assert touched(got) == {"Household": ["h1"]}


# One word changed in the example: nobody is lost, nothing is said otherwise


def spoilt_example(folder, file, column, word, *, share=1.0, seed=0):
    """The example with some of the filled cells of one column replaced by a word; returns how many."""
    shutil.copytree(EXAMPLE, folder)
    path = folder / f"{file}.csv"
    table = pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(headings(path), pa.string())))
    draw = random.Random(seed)
    cells = [word if cell and draw.random() < share else cell for cell in table[column].to_pylist()]
    count = sum(a != b for a, b in zip(cells, table[column].to_pylist(), strict=True))
    pyarrow.csv.write_csv(table.set_column(table.column_names.index(column), column, pa.array(cells, pa.string())), path)
    return count


def headings(path):
    return path.read_text(encoding="utf-8-sig").splitlines()[0].replace('"', "").split(",")


def test_one_word_in_the_column_of_schooling_costs_nobody_and_changes_no_outcome(tmp_path):
    from graphkit.questions.coverage.find import find_coverage_gaps

    count = spoilt_example(tmp_path / "a", "Member", "文化程度", "大专以上")
    before, after = loaders.load(EXAMPLE), loaders.load(tmp_path / "a")
    assert count_unread(after) == {"unreadable": count}
    assert after.quarantine.num_rows == 0
    assert touched(after) == {}
    columns = ["subject_kind", "subject_id", "rule", "outcome", "certain"]
    old, new = (find_coverage_gaps(tables, as_of=DAY).rows[columns] for tables in (before, after))
    assert old.equals(new)


OPTIONAL = [
    (kind, column)
    for kind in MODEL.kinds
    for column in kind.columns
    if not column.required and (column.type != "string" or column.choices)
    and (EXAMPLE / f"{kind.table.replace(' ', '_')}.csv").exists() and column.heading.zh in headings(EXAMPLE / f"{kind.table.replace(' ', '_')}.csv")
]  # fmt: skip


def test_there_are_columns_to_spoil():
    assert len(OPTIONAL) > 30


@pytest.mark.slow
def test_no_row_is_lost_whatever_optional_cell_is_spoilt(tmp_path):
    """Each optional typed column of the example in turn, a twentieth, tenth or third of it, with what cannot be read and with an error of a formula."""
    whole = loaders.load(EXAMPLE)
    rows = {name: table.num_rows for name, table in whole.items()}
    for number, (kind, column) in enumerate(OPTIONAL):
        word, share = ("不可读", "#REF!")[number % 2], (0.05, 0.1, 0.3)[number % 3]
        count = spoilt_example(tmp_path / f"{number}", kind.table.replace(" ", "_"), column.heading.zh, word, share=share, seed=number)
        tables, problems = loaders.check_source(tmp_path / f"{number}")
        counts = {row["table"]: row for row in tables.counts.to_pylist()}
        assert all(row["read"] == row["loaded"] + row["merged"] + row["quarantined"] for row in counts.values())
        assert {name: row["read"] for name, row in counts.items()} == rows
        assert tables.quarantine.num_rows == 0, (kind.table, column.name)
        assert {name: table.num_rows + counts[name]["merged"] for name, table in tables.items()} == rows
        assert (
            sum(problem.column == column.name and problem.rule in ("cell.error", f"type.{column.type}", "value.choice") for problem in problems)
            == count
        )
        assert count_unread(tables) == ({} if not count else {"error" if number % 2 else "unreadable": count})
        shutil.rmtree(tmp_path / f"{number}")


# Dates


def test_no_day_uses_a_fact_from_after_it():
    given = Tables({
        "Member": pa.table({"id": ["m1", "m2", "m3", "m4"], "stage": ["full", "probationary", "activist", "full"],
                            "admitted_on": pa.array([dt.date(2012, 4, 30), dt.date(2012, 5, 1), dt.date(2013, 1, 1), None], pa.date32())}),
        "Household": pa.table({"id": ["h1", "h2"]}),
        "Member HELPS Household": pa.table({
            "member_id": ["m1", "m1"], "household_id": ["h1", "h2"], "kind": ["one_to_one"] * 2,
            "last_visit_on": [dt.date(2099, 1, 1), dt.date(2012, 4, 1)]}),
        "Promise": pa.table({"id": ["p1", "p2"], "promised_on": [dt.date(2012, 4, 30), dt.date(2020, 1, 1)], "until_on": [dt.date(2013, 1, 1), None]}),
    })  # fmt: skip
    there = given.at(DAY)
    # m3 has a date beyond the stage on record: which of the stages before admission it was on the day, nobody knows
    assert there["Member"]["stage"].to_pylist() == ["full", None, None, "full"]
    assert there["Member"]["admitted_on"].to_pylist() == [DAY, None, None, None]
    assert there["Member HELPS Household"]["last_visit_on"].to_pylist() == [None, dt.date(2012, 4, 1)]
    assert there["Promise"].select(["id", "until_on"]).to_pylist() == [{"id": "p1", "until_on": dt.date(2013, 1, 1)}]  # planned, and so known
    assert given["Member"]["stage"].to_pylist() == ["full", "probationary", "activist", "full"]


@pytest.mark.parametrize("kind", [kind for kind in MODEL.kinds[:8] if kind.until_column], ids=str)
def test_every_kind_of_node_may_end_and_takes_its_ties_along(kind):
    key = "1" * kind.properties[0].digits if kind.properties[0].digits else "x"
    ended = {kind.key: [key, key[:-1] + "2"], kind.until_column: pa.array([DAY, None], pa.date32())}
    tie = next(tie for tie in MODEL.ties if kind.label in (tie.source, tie.target) and tie.source != tie.target)
    other = tie.target_type if tie.source == kind.label else tie.source_type
    far = "3" * other.properties[0].digits if other.properties[0].digits else "y"
    ends = {end.name: [key] if label == kind.label else [far] for end, label in zip(tie.ends, (tie.source, tie.target), strict=True)}
    given = Tables({kind.table: pa.table(ended), other.table: pa.table({other.key: [far]}), tie.table: pa.table(ends)})
    assert given.at(DAY - dt.timedelta(1))[tie.table].num_rows == 1
    assert (given.at(DAY)[kind.table].num_rows, given.at(DAY)[tie.table].num_rows, given.at(DAY)[other.table].num_rows) == (1, 0, 1)


def test_every_kind_of_node_but_a_training_may_begin_and_end():
    assert [kind.table for kind in MODEL.kinds[:8] if not (kind.since_column and kind.until_column)] == ["Training"]


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ({"birth_year": [1980], "admitted_on": [dt.date(1998, 1, 1)]}, []),
        ({"birth_year": [1980], "admitted_on": [dt.date(1997, 12, 31)]}, ["date.order"]),
        ({"birth_year": [2020], "admitted_on": [dt.date(1921, 7, 1)]}, ["date.order"]),
        ({"admitted_on": [dt.date(1921, 6, 30)]}, ["date.early"]),
        ({"admitted_on": [dt.date(2199, 1, 1)]}, ["date.future"]),
        ({"entered_on": [dt.date(2001, 1, 1)], "left_on": [dt.date(2000, 1, 1)]}, ["period.order"]),
        ({"left_on": [dt.date(2199, 1, 1)]}, []),
    ],
)
def test_dates_that_cannot_be_are_reported_and_cost_no_row(given, rules):
    given = Tables({"Member": pa.table({"id": ["m"], "stage": ["probationary"], **given})})
    assert [problem.rule for problem in check_tables(given)] == rules
    assert quarantine_problems(given)["Member"].num_rows == 1


def test_of_a_birth_and_an_admission_that_contradict_each_other_neither_is_known():
    got = quarantine_problems(Tables({"Member": pa.table({"id": ["m"], "birth_year": [2000], "admitted_on": [dt.date(2010, 1, 1)]})}))
    assert got["Member"].select(["birth_year", "admitted_on"]).to_pylist() == [{"birth_year": None, "admitted_on": None}]
    assert touched(got, columns={"Member": ["birth_year"]}) == {"Member": ["m"]}


def test_a_visit_before_the_pairing_began_is_reported():
    assert rules_of(people(since=[dt.date(2011, 1, 1)] * 2, last_visit_on=[dt.date(2010, 1, 1), dt.date(2011, 1, 1)])) == ["date.order"]


# What a tie may be


def lives_in(*rows):
    households, villages, since, until = zip(*rows, strict=True)
    years = [pa.array([None if year is None else dt.date(year, 1, 1) for year in column], pa.date32()) for column in (since, until)]
    return {
        "Village": pa.table({"code": VILLAGES}), "Household": pa.table({"id": ["h1", "h2"]}),
        "Household LIVES_IN Village": pa.table({"household_id": households, "village_code": villages, "since": years[0], "until": years[1]}),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "rules"),
    [
        ([("h1", VILLAGES[0], None, 2010), ("h1", VILLAGES[1], 2010, None)], []),
        ([("h1", VILLAGES[0], None, None), ("h2", VILLAGES[1], None, None)], []),
        ([("h1", VILLAGES[0], None, 2011), ("h1", VILLAGES[1], 2010, None)], ["tie.single"]),
        ([("h1", VILLAGES[0], None, None), ("h1", VILLAGES[1], None, None)], ["tie.single"]),
        ([("h1", VILLAGES[0], 2001, 2005), ("h1", VILLAGES[0], 2004, None)], ["tie.overlap"]),
        ([("h1", VILLAGES[0], 2001, 2005), ("h1", VILLAGES[0], 2005, None)], []),
    ],
)
def test_a_household_lives_in_one_village_at_a_time(rows, rules):
    assert rules_of(lives_in(*rows)) == rules


def test_where_there_are_two_of_what_can_be_one_everybody_concerned_is_uncertain():
    got = quarantine_problems(Tables(lives_in(("h1", VILLAGES[0], None, None), ("h1", VILLAGES[1], None, None), ("h2", VILLAGES[2], None, None))))
    assert got["Household LIVES_IN Village"].num_rows == 3
    assert touched(got) == {"Household": ["h1"], "Village": VILLAGES[:2]}
    assert count_unread(got) == {"contradicts": 1}


def test_households_numbered_within_their_village_are_told():
    """Six households of two villages, numbered 1 to 3 in each: the rows of the register merge, and the ties tell it."""
    given = {
        "Village": pa.table({"code": VILLAGES[:2]}), "Household": pa.table({"id": ["1", "2", "3"] * 2}),
        "Household LIVES_IN Village": pa.table({"household_id": ["1", "2", "3"] * 2, "village_code": [VILLAGES[0]] * 3 + [VILLAGES[1]] * 3}),
    }  # fmt: skip
    problems = check_tables(Tables(given))
    assert [(p.rule, p.value) for p in problems] == [("tie.single", f"{n} · {VILLAGES[1]}") for n in (1, 2, 3)]
    assert all("合并" in p.text.zh and "merged" in p.text.en and "村代码" in p.remedy.zh for p in problems)


def test_a_village_lies_in_one_township():
    given = {"Village": pa.table({"code": VILLAGES[:1]}), "Township": pa.table({"code": ["230112104", "230112105"]}),
             "Village IN Township": pa.table({"village_code": VILLAGES[:1] * 2, "township_code": ["230112104", "230112105"]})}  # fmt: skip
    assert rules_of(given) == ["tie.single"]


def reports_to(*rows):
    lower, upper, since, until = zip(*rows, strict=True)
    years = [pa.array([None if year is None else dt.date(year, 1, 1) for year in column], pa.date32()) for column in (since, until)]
    ids = sorted({*lower, *upper})
    return {
        "Branch": pa.table({"id": ids}),
        "Branch REPORTS_TO Branch": pa.table({"branch_id": lower, "superior_id": upper, "since": years[0], "until": years[1]}),
    }


@pytest.mark.parametrize(
    ("rows", "rules"),
    [
        ([("a", "b", None, None), ("b", "c", None, None), ("d", "c", None, None)], []),
        ([("a", "a", None, None)], ["tie.self"]),
        ([("a", "b", None, None), ("b", "a", None, None)], ["tie.circle"] * 2),
        ([("a", "b", None, None), ("b", "c", 2001, None), ("c", "a", 2000, None), ("d", "a", None, None)], ["tie.circle"] * 3),
        ([("a", "b", None, 2005), ("b", "a", 2005, None)], []),  # each stood above the other, one after the other
        ([("a", "b", None, None), ("a", "c", None, None)], ["tie.single"]),
    ],
)
def test_who_stands_above_whom(rows, rules):
    assert rules_of(reports_to(*rows)) == rules


def test_who_mentors_himself_is_not_mentored():
    given = {"Member": pa.table({"id": ["m1", "m2"]}), "Member MENTORS Member": pa.table({"mentor_id": ["m1", "m1"], "mentee_id": ["m1", "m2"]})}
    got = quarantine_problems(Tables(given))
    assert got["Member MENTORS Member"]["mentee_id"].to_pylist() == ["m2"]
    assert touched(got) == {"Member": ["m1"]}


def test_an_unread_period_speaks_against_no_other_tie():
    """That the first ended before the second began may be just what could not be read."""
    given = lives_in(("h1", VILLAGES[0], 2005, 2001), ("h1", VILLAGES[1], 2006, None))
    assert rules_of(given) == ["period.order"]


def test_what_merged_into_nothing_or_itself_is_reported():
    given = {"Village": pa.table({"code": VILLAGES, "successor_code": [VILLAGES[1], VILLAGES[1], "230112104009"]})}
    assert rules_of(given) == ["node.successor"] * 2


# What is complete


def load_texts(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return loaders.check_source(folder)


def test_nothing_is_complete_that_is_not_said_to_be():
    assert open_tables(loaders.load(EXAMPLE)) == tuple(kind.table for kind in MODEL.kinds)


@pytest.mark.parametrize(
    ("lines", "problems", "is_open"),
    [
        ("农户,齐全,", [], False),
        ("Household,complete,2", [], False),
        ("household,,2", [], False),
        ("农户,齐全,3", ["complete.count"], True),
        ("农户,,3", ["complete.count"], True),
        ("农户,不齐全,", [], True),
        ("农户,,", [], True),
        ("农户,大概,", ["value.choice"], True),
        ("农舍,齐全,", ["complete.table"], True),
        ("农户,齐全,\n农户,不齐全,", [], True),
    ],
)
def test_what_is_said_of_a_table(tmp_path, lines, problems, is_open):
    tables, found = load_texts(tmp_path, 完整性=f"表,齐全程度,应有行数\n{lines}\n", 农户="编号\nh1\nh2\n")
    assert [p.rule for p in found] == problems
    assert ("Household" in open_tables(tables)) == is_open
    assert "Member" in open_tables(tables)
    if problems == ["complete.count"]:
        assert "3" in found[0].text.zh
        assert "2 there" in found[0].text.en


def test_a_table_that_lost_a_row_is_not_complete(tmp_path):
    tables, _ = load_texts(tmp_path, 完整性="表,齐全程度\n农户,齐全\n", 农户="编号,人口\nh1,3\n,2\n")
    assert "Household" in open_tables(tables)


def test_what_is_said_of_one_place_is_counted_there_and_says_nothing_of_the_rest(tmp_path):
    texts = {"村": f"代码\n{VILLAGES[0]}\n{VILLAGES[1]}\n", "农户": "编号\nh1\nh2\nh3\n",
             "农户居住村": f"农户编号,村代码\nh1,{VILLAGES[0]}\nh2,{VILLAGES[0]}\nh3,{VILLAGES[1]}\n"}  # fmt: skip
    lines = f"农户,村,{VILLAGES[0]},2\n农户居住村,村,{VILLAGES[0]},3\n农户,村,{VILLAGES[2]},1\n"
    tables, found = load_texts(tmp_path, 完整性=f"表,范围类别,范围主键,应有行数\n{lines}", **texts)
    assert [(p.rule, p.row) for p in found] == [("complete.table", 4), ("complete.count", 3)] or [(p.rule, p.row) for p in found] == [
        ("complete.count", 3),
        ("complete.table", 4),
    ]
    assert "Household" in open_tables(tables)
    assert tables.completeness.num_rows == 2


def test_it_is_written_with_the_tables_and_read_back(tmp_path):
    from graphkit.data.exports import write_folder

    (tmp_path / "a").mkdir()
    tables, _ = load_texts(tmp_path / "a", 完整性="表,齐全程度,应有行数\n农户,齐全,2\n结对帮扶,不齐全,\n", 农户="编号\nh1\nh2\n")
    back = loaders.load(write_folder(tables, tmp_path / "b"))
    told = ["table", "extent", "expected"]
    assert sorted(back.completeness.select(told).to_pylist(), key=str) == sorted(tables.completeness.select(told).to_pylist(), key=str)


def test_the_template_has_a_sheet_for_it(tmp_path):
    import openpyxl

    from graphkit.data.exports import write_template

    path = write_template(tmp_path / "a.xlsx", lang="zh")
    assert [cell.value for cell in openpyxl.load_workbook(path)["完整性"][1]][:2] == ["表", "范围类别"]


# What stores keep


def unread_example(tmp_path):
    folder = tmp_path / "given"
    folder.mkdir()
    tables, _ = load_texts(
        folder, 完整性="表,应有行数,开始日期\n农户,9,2010-01-01\n", 农户="编号,人口\nh1,五\nh2,#N/A\n#REF!,3\n", 党员与培养对象="编号\nm\n",
        结对帮扶="党员与培养对象编号,农户编号,结对方式,结束日期\nm,h1,一帮一,大概\nm,h9,一帮一,\n",
    )  # fmt: skip
    return tables


def same_account(one, other):
    return all(one.account()[part].equals(other.account()[part]) for part in one.account())


def test_a_folder_keeps_the_account(tmp_path):
    tables = unread_example(tmp_path)
    assert count_unread(tables) == {"error": 1, "set_aside": 2, "unreadable": 2}
    with LocalStore(tmp_path / "a.gk") as store:
        store.write(tables)
        assert store.read() == tables
        assert same_account(store.read(), tables)
        assert store.holds(tables)
        assert not store.holds(Tables(dict(tables), quarantine=tables.quarantine, counts=tables.counts))


def test_a_folder_of_the_format_before_is_still_read(tmp_path, monkeypatch):
    """As an earlier graphkit wrote it: without the parts and columns that it did not know."""
    tables = loaders.load(EXAMPLE)
    known = {"Village": ["code", "name", "kind", "households"], "Household": ["id", "people", "is_poor"]}
    parts = {name: tables[name].select([*columns, "source_file", "source_sheet", "source_row"]) for name, columns in known.items()}
    account = {"quarantine": tables.quarantine, "counts": tables.counts}
    monkeypatch.setattr("graphkit.store.local.sets.parts_of", lambda _: {**parts, **account})
    monkeypatch.setattr(manifest, "FORMAT", 2)
    monkeypatch.setattr(manifest, "SCHEMA_VERSION", 1)
    LocalStore(tmp_path / "old.gk").write(tables)
    monkeypatch.undo()
    read = LocalStore(tmp_path / "old.gk").read()
    assert read["Village"].num_rows == tables["Village"].num_rows
    assert read["Village"]["dissolved_on"].null_count == read["Village"].num_rows
    assert (read.unread.num_rows, read.completeness.num_rows) == (0, 0)
    LocalStore(tmp_path / "old.gk").write(tables)
    assert LocalStore(tmp_path / "old.gk").read() == tables


@pytest.mark.parametrize("target", [[None, None], [5, None]])
def test_what_an_earlier_version_kept_elsewhere_is_not_dropped_without_a_word(tmp_path, monkeypatch, target):
    tables = Tables(people())
    parts = {**tables, **tables.account()}
    parts["Member HELPS Household"] = parts["Member HELPS Household"].append_column("target", pa.array(target, pa.int64()))
    monkeypatch.setattr("graphkit.store.local.sets.parts_of", lambda _: parts)
    monkeypatch.setattr(manifest, "SCHEMA_VERSION", 3)
    LocalStore(tmp_path / "old.gk").write(tables)
    monkeypatch.undo()
    if target[0] is None:
        assert LocalStore(tmp_path / "old.gk").read()["Member HELPS Household"].num_rows == 2
        return
    with pytest.raises(StoreError, match=r"now are a table of their own \(target\): load the district again"):
        LocalStore(tmp_path / "old.gk").read()


@pytest.mark.embedded
def test_a_server_keeps_the_account(tmp_path, embedded_store):
    tables = unread_example(tmp_path)
    embedded_store.write(tables)
    assert same_account(embedded_store.read(), Tables(dict(tables), **tables.account()))
    assert embedded_store.holds(tables)


@pytest.mark.parametrize(
    "given",
    [
        {"Household": pa.table({"id": ["h", "h"]})},
        {"Household": pa.table({"id": pa.array([None], pa.string())})},
        people(household_id=["h1", "h9"]),
    ],
)
def test_no_store_takes_what_a_graph_cannot_hold(tmp_path, given):
    with pytest.raises(StoreError, match="quarantine_problems"):
        LocalStore(tmp_path / "a.gk").write(Tables(given))
    assert not (tmp_path / "a.gk").exists()


def test_names_of_what_is_touched_are_distinct_and_in_order():
    got = quarantine_problems(Tables(people(member_id=["m2", "m1"], household_id=["h9", "h8"])))
    assert touched_subjects(got)["Member"].equals(pc.unique(pa.array(["m1", "m2"])))


# Bridge figures


def test_a_bridge_figure_says_how_many_rows_that_were_not_read_name_the_person():
    """A row set aside with a branch that is nowhere, and a period that contradicts itself; whoever nothing names has none."""
    given = quarantine_problems(Tables({
        "Member": pa.table({"id": ["m1", "m2", "m3"]}), "Branch": pa.table({"id": ["b1"]}),
        "Member BELONGS_TO Branch": pa.table({
            "member_id": ["m1", "m2", "m2", "m3"], "branch_id": ["b1", "b1", "b9", "b1"], "primary": [True, True, False, True],
            "since": pa.array([None, None, None, dt.date(2012, 1, 2)], pa.date32()), "until": pa.array([None, None, None, dt.date(2012, 1, 1)], pa.date32())}),
    }))  # fmt: skip
    finding = find_bridge_figures(Network.from_tables(given, as_of=DAY))
    rows = finding.rows.set_index("subject_id")
    assert (rows["unread_rows"] > 0).to_dict() == {"m1": False, "m2": True, "m3": True}
    said = " ".join(caveat.en for caveat in finding.caveats)
    assert "not read: " in said
    assert "of those recorded: nobody says that every row is there" in said
    assert "goes by the ties that were recorded and read" in said
    surer = find_bridge_figures(Network.from_tables(given, as_of=DAY), missing=0.05)
    assert not any("goes by the ties" in caveat.en for caveat in surer.caveats)  # the rank's interval stands there


# Every answer says it


ANSWERS = {
    "bridges": lambda tables, net: graphkit.find_bridge_figures(net),
    "losses": lambda tables, net: graphkit.find_losses(net, ["m1"]),
    "deputies": lambda tables, net: graphkit.find_deputies(net, ["m1"]),
    "players": lambda tables, net: graphkit.select_key_players(net, 1),
    "gaps": lambda tables, net: graphkit.find_coverage_gaps(tables, as_of=DAY),
    "reach": lambda tables, net: graphkit.find_pairing_reach(tables, as_of=DAY),
    "promises": lambda tables, net: graphkit.find_promises(tables, as_of=DAY),
    **{question.name: lambda tables, net, question=question: question.ask(tables, as_of=DAY) for question in PEOPLE},
    "annual_return": lambda tables, net: graphkit.classify_annual_return(tables, as_of=DAY),
    "covering_set": lambda tables, net: graphkit.select_covering_set(tables, as_of=DAY, seconds=0.0),
    "maximal_coverage": lambda tables, net: graphkit.select_maximal_coverage(tables, 1, as_of=DAY, seconds=0.0),
    "what_if": lambda tables, net: graphkit.what_if(tables, [graphkit.Lose("Member", "m1")], as_of=DAY),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_every_answer_says_what_was_not_read_and_what_nobody_says_is_complete(answer):
    given = Tables({
        "Cooperative": pa.table({"id": ["c1"]}), "Member": pa.table({"id": ["m1", "m2", "m3"], "stage": ["full", "full", "正式"]}),
        "Member WORKS_IN Cooperative": pa.table({"member_id": ["m1", "m2", "m3", "m4"], "cooperative_id": ["c1"] * 4}),
    })  # fmt: skip
    tables = quarantine_problems(given)
    found = answer(tables, graphkit.Network.from_tables(tables, as_of=DAY))
    told = " ".join(text.en for text in found.account)
    assert "not read: " in told
    assert "of those recorded" in told
    assert set(found.account) <= set(found.caveats)
