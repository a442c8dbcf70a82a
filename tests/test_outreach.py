"""Helping units, families, neighbours, federations and visits: what each says, and which answers it leaves alone."""

import datetime as dt

import pyarrow as pa
import pytest

import graphkit
from graphkit import Network, Tables, find_bridge_figures, find_pairing_reach
from graphkit.data.checks import check_tables, quarantine_problems
from graphkit.data.exports import write_folder
from graphkit.data.unread import touched_subjects
from graphkit.queries.personal import find_personal_columns
from graphkit.show.map import write_map
from graphkit.store.local import manifest
from loaders import check_source

DAY = dt.date(2012, 4, 30)
HELPS, PART_OF, VISITED = "Member HELPS Household", "Member PART_OF Household", "Member VISITED Household"


def day(text):
    return None if text is None else dt.date.fromisoformat(text)


def ties(ends, pairs, **columns):
    """Rows of a tie table between `pairs`, with further columns of one cell each."""
    return pa.table({ends[0]: [a for a, _ in pairs], ends[1]: [b for _, b in pairs], **{name: pa.array(cells) for name, cells in columns.items()}})


def people(pairs, **columns):
    return ties(("member_id", "household_id"), pairs, **columns)


def district(**tables):
    """Four members, five households and whatever stands between them."""
    given = {
        "Village": pa.table({"code": ["230112104001"]}),
        "Branch": pa.table({"id": ["b1", "b2"]}),
        "Cooperative": pa.table({"id": ["c1", "c2", "f"], "kind": ["cooperative", "cooperative", "federation"]}),
        "Member": pa.table({"id": ["m1", "m2", "m3", "m4"], "stage": ["full"] * 4}),
        "Household": pa.table({"id": ["h1", "h2", "h3", "h4", "h5"], "head_name": ["户主甲", None, None, None, None]}),
        "HelpingUnit": pa.table({"id": ["u1"], "name": ["区农业局"], "kind": ["office"]}),
        "Member BELONGS_TO Branch": ties(("member_id", "branch_id"), [("m1", "b1"), ("m2", "b1"), ("m3", "b2"), ("m4", "b2")], primary=[True] * 4),
        HELPS: people([("m1", "h1"), ("m1", "h2"), ("m2", "h3"), ("m4", "h4")], kind=["one_to_one"] * 4),
    }
    return Tables({**given, **{name.replace("_1_", " "): table for name, table in tables.items()}})


BESIDE = {
    "HelpingUnit ASSISTS Village": ties(("unit_id", "village_code"), [("u1", "230112104001")]),
    "HelpingUnit ASSISTS Household": ties(("unit_id", "household_id"), [("u1", "h5")]),
    "Cooperative MEMBER_OF Cooperative": ties(("cooperative_id", "federation_id"), [("c1", "f"), ("c2", "f")]),
    "Household NEIGHBOURS Household": ties(("household_id", "neighbour_id"), [("h1", "h3"), ("h4", "h5")]),
    PART_OF: people([("m3", "h5")]),
    VISITED: people([("m3", "h1")], visited_on=[day("2012-04-01")]),
}


@pytest.fixture(scope="module")
def whole():
    return quarantine_problems(district(**{name.replace(" ", "_1_"): table for name, table in BESIDE.items()}))


def rows_of(tables, **asked):
    finding = find_pairing_reach(tables, as_of=DAY, **asked)
    return finding.rows.drop(columns=[name for name in finding.rows.columns if name.endswith("_zh")])


def test_what_stands_beside_help_is_no_help_and_holds_nobody_together(whole):
    plain = quarantine_problems(district())
    assert check_tables(whole) == check_tables(plain) == []
    assert rows_of(whole).equals(rows_of(plain))
    ranks = [find_bridge_figures(Network.from_tables(one, as_of=DAY)).rows for one in (plain, whole)]
    assert ranks[0].equals(ranks[1])


def test_people_of_one_helping_unit_are_in_touch_by_it():
    posted = district(Member_1_POSTED_BY_1_HelpingUnit=ties(("member_id", "unit_id"), [("m2", "u1"), ("m3", "u1")]))
    found = find_bridge_figures(Network.from_tables(quarantine_problems(posted), as_of=DAY)).rows
    assert set(found.loc[found["stranded_people"] > 0, "subject_id"]) == {"m2", "m3"}  # the only way from one branch to the other


@pytest.mark.parametrize(
    ("home", "helped", "aside"),
    [
        (("m1", "h1", None, None), (None, None), True),
        (("m1", "h1", "2010-01-01", None), ("2005-01-01", "2010-01-01"), False),  # helped until it became his own
        (("m1", "h1", "2010-01-01", None), ("2009-12-31", None), True),
        (("m2", "h1", None, None), (None, None), False),  # a colleague's household is helped as any other
        (("m1", "h3", None, None), (None, None), False),  # and his own, by a colleague
    ],
)
def test_nobody_helps_his_own_household(home, helped, aside):
    member, household, since, until = home
    dates = {name: pa.array([day(text)], pa.date32()) for name, text in (("since", since), ("until", until))}
    paired = {name: pa.array([day(text), None, None, None], pa.date32()) for name, text in zip(("since", "until"), helped, strict=True)}
    given = district(
        **{
            PART_OF.replace(" ", "_1_"): people([(member, household)], **dates),
            HELPS.replace(" ", "_1_"): people([("m1", "h1"), ("m1", "h2"), ("m2", "h3"), ("m4", "h4")], kind=["one_to_one"] * 4, **paired),
        }
    )
    found = quarantine_problems(given)
    assert found.quarantine["rule"].to_pylist() == ["pairing.own_household"] * aside
    reach = find_pairing_reach(found, as_of=DAY, max_steps=2).select("Member")
    mine = reach[(reach["subject_id"] == "m1") & (reach["pairing_kind"] == "any")]
    still = helped[1] is None and not aside
    assert mine["paired_households"].tolist() == [1 + still]
    assert mine["households_within_steps"].tolist() == [2 + still]
    assert ("h1" in touched_subjects(found).get("Household", pa.array([])).to_pylist()) == aside  # which of the two rows is wrong is not known


def test_the_newest_visit_of_a_pair_is_its_last_visit_and_makes_no_pairing():
    recorded = pa.array([day("2011-01-01"), day("2012-03-01"), None, None], pa.date32())
    visits = [("m1", "h1"), ("m1", "h1"), ("m1", "h2"), ("m2", "h3"), ("m3", "h4")]
    dates = [day(text) for text in ("2012-02-01", "2011-06-01", "2010-01-01", "2009-05-05", "2012-04-01")]
    given = district(
        **{
            HELPS.replace(" ", "_1_"): people(
                [("m1", "h1"), ("m1", "h2"), ("m2", "h3"), ("m4", "h4")], kind=["one_to_one"] * 4, last_visit_on=recorded
            ),
            VISITED.replace(" ", "_1_"): people(visits, visited_on=dates),
        }
    )
    problems, found = check_tables(given), quarantine_problems(given)
    assert [(problem.rule, problem.effect) for problem in problems] == [("visit.later", "report")]  # of h1; an empty cell is filled without a word
    assert found[HELPS]["last_visit_on"].to_pylist() == [day("2012-02-01"), day("2012-03-01"), day("2009-05-05"), None]
    assert quarantine_problems(found) == found
    reach = find_pairing_reach(found, as_of=DAY).select("Member").set_index(["subject_id", "pairing_kind"])
    assert reach["stale_households"].xs("any", level=1).to_dict() == {"m1": 0, "m2": 1, "m3": 0, "m4": 0}
    assert reach["paired_households"].xs("any", level=1).to_dict() == {"m1": 2, "m2": 1, "m3": 0, "m4": 1}


def test_a_visit_stands_from_its_day_on_and_needs_one(whole):
    assert [whole.at(day(text))[VISITED].num_rows for text in ("2012-03-31", "2012-04-01", "2020-01-01")] == [0, 1, 1]
    undated = district(**{VISITED.replace(" ", "_1_"): people([("m1", "h1")], visited_on=pa.array([None], pa.date32()))})
    assert quarantine_problems(undated).quarantine["rule"].to_pylist() == ["value.required"]


def test_a_federation_is_no_circle_and_a_household_no_neighbour_of_itself():
    wrong = district(
        Cooperative_1_MEMBER_OF_1_Cooperative=ties(("cooperative_id", "federation_id"), [("c1", "f"), ("f", "c1")]),
        Household_1_NEIGHBOURS_1_Household=ties(("household_id", "neighbour_id"), [("h1", "h1"), ("h1", "h2"), ("h2", "h1")]),
    )
    assert sorted(problem.rule for problem in check_tables(wrong)) == ["tie.circle", "tie.circle", "tie.self"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_of_it_goes_round_as_files_and_in_a_store(whole, tmp_path, lang):
    write_folder(whole, tmp_path / "files", lang=lang)
    back, problems = check_source(tmp_path / "files")
    assert problems == []
    assert all(back[name].select(columns_of(back, name)).equals(whole[name].select(columns_of(whole, name))) for name in whole)
    store = graphkit.connect(tmp_path / "a.gk")
    store.write(whole)
    assert store.read() == whole


def columns_of(tables, name):
    return [column.name for column in tables.model.table_type(name).columns]


def test_the_name_of_a_head_leaves_with_no_shared_file(whole, tmp_path):
    page = write_map(whole, [find_pairing_reach(whole, as_of=DAY)], tmp_path / "map.html")
    text = page.read_text(encoding="utf-8")
    assert "户主甲" not in text
    assert "单位包户" in text  # what the district has is drawn
    assert find_personal_columns("MATCH (h:Household) RETURN h.id AS id, h.head_name AS head", ["id", "head"]) == ("head",)
    assert all(
        "户主甲" not in problem.describe() for problem in check_tables(whole.replace({"Household": pa.concat_tables([whole["Household"]] * 2)}))
    )


def test_a_store_of_the_schema_before_is_read_with_what_its_own_model_called_the_same(tmp_path, monkeypatch):
    """Its model had declared the name of the head itself, and what was not read was kept without the days that may be meant."""
    kept = {"Household": pa.table({"id": ["h1"], "head_name": ["户主甲"]}), "Member": pa.table({"id": [None, "m1"]})}
    tables = quarantine_problems(Tables(kept))
    account = {name: part for name, part in tables.account().items() if name in ("quarantine", "counts", "unread")}
    parts = {"Household": tables["Household"], "Member": tables["Member"], **account, "unread": tables.unread.drop_columns(["earliest", "latest"])}
    own = {"of": "Household", "name": "head_name", "type": "string", "heading": ["户主", "head"], "meaning": ["户主", "head"], "personal": True}
    monkeypatch.setattr("graphkit.store.local.sets.parts_of", lambda _: parts)
    monkeypatch.setattr("graphkit.store.local.store.declare", lambda _: {"property": [own]})
    monkeypatch.setattr(manifest, "SCHEMA_VERSION", 5)
    graphkit.connect(tmp_path / "old.gk").write(tables)
    monkeypatch.undo()
    read = graphkit.connect(tmp_path / "old.gk").read()
    assert (read.model, read["Household"]["head_name"].to_pylist()) == (graphkit.MODEL, ["户主甲"])
    assert (read.unread.num_rows, read.unread["latest"].null_count, read.repaired.num_rows) == (1, 1, 0)


@pytest.mark.embedded
def test_a_server_keeps_all_of_it_and_is_asked_for_it(tmp_path, embedded_store):
    """With dates of a year alone and the text of repaired cells beside the rows, and one question that Python answers too."""
    write_folder(quarantine_problems(district(**{name.replace(" ", "_1_"): table for name, table in BESIDE.items()})), tmp_path / "files")
    (tmp_path / "files" / "Zone.csv").write_text("id,founded_on\nz1,2010\nz2,2010.3.5\n", encoding="utf-8")
    (tmp_path / "files" / "Member_VISITED_Household.csv").write_text(
        "member_id,household_id,visited_on\nm1,h1,2012\nm3,h1,2012-04-01\n", encoding="utf-8"
    )
    tables, _ = check_source(tmp_path / "files")
    embedded_store.write(tables)
    back = embedded_store.read()
    assert back == tables
    assert (tables.repaired.num_rows, tables.unread.num_rows) == (3, 3)
    assert back.repaired.equals(tables.repaired)
    assert back.unread.equals(tables.unread)
    asked = (
        "MATCH (m:Member)-[v:VISITED]->(h:Household) RETURN m.id AS member_id, h.id AS household_id, v.visited_on AS visited_on ORDER BY member_id"
    )
    assert embedded_store.query(asked)["member_id"].tolist() == sorted(tables[VISITED]["member_id"].to_pylist())
    stale = [store.query("pairing_stale", as_of=dt.date(2013, 1, 1)) for store in (embedded_store, graphkit.connect(local_store(tables, tmp_path)))]
    assert stale[0]["member_id"].tolist() == stale[1]["member_id"].tolist() == []  # the visit may have been on the last of December


def local_store(tables, folder):
    store = graphkit.connect(folder / "b.gk")
    store.write(tables)
    return folder / "b.gk"
