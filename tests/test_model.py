"""A model of one's own: declared beside the shipped kinds, it goes wherever a district goes, and moves no answer it has no role in."""

import datetime as dt
import pickle

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from typer.testing import CliRunner

import graphkit
import loaders
from graphkit import MODEL, Model, ModelError, StoreError, Tables, Text, find_data
from graphkit.cli.options import app
from graphkit.data.exports import write_folder, write_template
from graphkit.model.reader import declare, read_model, restore_model
from graphkit.model.types import PERIOD, Choice, Course, End, NodeType, Order, Property, Step, TieRole, TieType
from graphkit.questions.finding import Finding
from graphkit.store.bolt.import_files import write_import_files
from graphkit.store.connect import connect
from graphkit.store.local import manifest as manifests

DAY = dt.date(2012, 4, 30)
FILE = """
[[node]]
label = "School"
heading = ["学校", "school"]
meaning = ["村小或教学点", "a village school"]
since = "opened_on"

[[node.property]]
name = "name"
type = "string"
heading = ["名称", "name"]

[[node.property]]
name = "opened_on"
type = "date"
heading = ["开办日期", "opened on"]
missing_means = ["一直如此", "as far back as known"]

[[node.property]]
name = "level"
type = "string"
heading = ["学段", "level"]
choices = {primary = ["小学", "primary"], junior = ["初中", "junior"]}

[[tie]]
source = "Member"
name = "TEACHES_IN"
target = "School"
role = "ROLE"
heading = ["人员任教", "member teaches in school"]
period = true

[[tie]]
source = "School"
name = "STANDS_IN"
target = "Village"
role = "place"
heading = ["学校所在村", "school stands in village"]
single = true

[[tie]]
source = "Household"
name = "BORROWS_FROM"
target = "Household"
role = "liaison"
heading = ["农户借用", "household borrows from household"]
loops = "circle"
source_end = {column = "borrower_id", heading = ["借方编号", "borrower id"]}
target_end = {column = "lender_id", heading = ["出借方编号", "lender id"]}

[[property]]
of = "Household"
name = "has_car"
type = "boolean"
heading = ["有无汽车", "has car"]

[[property]]
of = "Household"
name = "eldest_name"
type = "string"
heading = ["长者姓名", "name of eldest"]
personal = true
"""


def model_of(tmp_path, role="attendance"):
    path = tmp_path / "model.toml"
    path.write_text(FILE.replace("ROLE", role), encoding="utf-8")
    return read_model(path)


def path_district(model=MODEL, more=None):
    """Two branches of two members each that nothing joins but what `more` says."""
    return Tables(
        {
            "Village": pa.table({"code": ["230112104001"], "name": ["一村"]}),
            "Branch": pa.table({"id": ["b1", "b2"], "kind": ["branch", "branch"]}),
            "Member": pa.table({"id": ["m1", "m2", "m3", "m4"], "name": ["甲", "乙", "丙", "丁"], "stage": ["full"] * 4}),
            "Household": pa.table({"id": ["h1", "h2"]}),
            "Member BELONGS_TO Branch": pa.table(
                {"member_id": ["m1", "m2", "m3", "m4"], "branch_id": ["b1", "b1", "b2", "b2"], "primary": [True] * 4}
            ),
            "Member HELPS Household": pa.table({"member_id": ["m1", "m4"], "household_id": ["h1", "h2"], "kind": ["one_to_one"] * 2}),
            **(more or {}),
        },
        dataset="two-branches",
        model=model,
    )


def school_rows():
    """One school in which a member of each branch teaches; and the columns that only this model has."""
    return {
        "School": pa.table({"id": ["s1"], "name": ["小学"], "level": ["primary"]}),
        "Member TEACHES_IN School": pa.table({"member_id": ["m2", "m3"], "school_id": ["s1", "s1"]}),
        "School STANDS_IN Village": pa.table({"school_id": ["s1"], "village_code": ["230112104001"]}),
        "Household BORROWS_FROM Household": pa.table({"borrower_id": ["h1"], "lender_id": ["h2"]}),
        "Household": pa.table({"id": ["h1", "h2"], "has_car": [True, None], "eldest_name": ["户主甲", None]}),
    }


def answers(tables):
    net = graphkit.Network.from_tables(tables, as_of=DAY)
    gaps = graphkit.find_coverage_gaps(tables, as_of=DAY)
    return {"gaps": gaps, "bridges": graphkit.find_bridge_figures(net), "reach": graphkit.find_pairing_reach(tables, as_of=DAY)}


def same_rows(one: Finding, other: Finding) -> bool:
    pd.testing.assert_frame_equal(one.rows, other.rows)
    return True


# The value


def test_nothing_is_declared_by_the_shipped_model_and_it_comes_back():
    assert declare(MODEL) == {}
    assert restore_model({}) is MODEL
    assert pickle.loads(pickle.dumps(MODEL)) == MODEL  # our own bytes


def test_what_is_declared_is_written_down_and_read_back_as_it_was(tmp_path):
    model = model_of(tmp_path)
    assert restore_model(declare(model)) == model
    assert model.extend() == model


def test_every_field_of_a_declaration_comes_back():
    word, when = Text("词", "word"), Property("on", "date", Text("日期", "on"), Text("哪天", "which day"), planned=True, earliest="1990-01-01")
    whole = Property(
        "n",
        "integer",
        Text("数", "n"),
        Text("多少", "how many"),
        Text("没有", "none"),
        Text("个", "pieces"),
        True,
        (),
        0,
        9,
        None,
        True,
        "",
        False,
        "on",
    )
    choice = Property(
        "c", "string", Text("选", "c"), word, choices=(Choice("x", word), Choice("y", Text("另", "other"))), course=Course((Step("y", "on"),), "x")
    )
    code = Property("code", "string", Text("代码", "code"), word, required=True, digits=6)
    node = NodeType(
        "Shop", Text("商店", "shop"), word, "code", (code, when, whole, choice), until_column="on", orders=(Order("on", "on", 3, ("n",)),)
    )
    tie = TieType(
        node, "BUYS_FROM", node, "service", Text("进货", "buys"), word, (choice, when, *PERIOD), ("c", "since"),
        End("buyer", Text("买方", "buyer")), End("seller", Text("卖方", "seller")), True, "none",
    )  # fmt: skip
    model = MODEL.extend(nodes=[node], ties=[tie], properties={"Member HELPS Household": (when,)})
    assert restore_model(declare(model)) == model


def test_a_tie_follows_its_kinds_when_these_get_more_properties():
    car = Property("has_car", "boolean", Text("有无汽车", "has car"), Text("", ""))
    model = MODEL.extend(properties={"Household": (car,)})
    assert all(end in model.nodes for tie in model.ties for end in (tie.source_type, tie.target_type))
    assert [kind.table for kind in model.kinds] == [kind.table for kind in MODEL.kinds]


def test_completeness_speaks_of_a_kind_to_which_something_belongs(tmp_path):
    def words(model):
        return next(column for column in model.completeness.columns if column.name == "within_kind").values

    assert words(MODEL) == ("Township", "Village", "Cooperative", "Branch", "HelpingUnit")
    assert "School" in words(model_of(tmp_path, "membership"))
    assert "School" not in words(model_of(tmp_path, "attendance"))


# What is refused


def node(label="Shop", zh="商店", en="shop", *properties):
    key = Property("id", "string", Text("编号", "id"), Text("编号", "id"), required=True)
    return NodeType(label, Text(zh, en), Text(zh, en), "id", (key, *properties))


def plain(name, zh="某列", en="some column"):
    return Property(name, "string", Text(zh, en), Text(zh, en))


def between(source, target, **given):
    return TieType(source, "KNOWS", target, given.pop("role", "liaison"), Text("相识", "knows"), Text("相识", "knows"), **given)


@pytest.mark.parametrize(
    ("declare_it", "said"),
    [
        (lambda: MODEL.extend(nodes=[node("Village")]), "Village"),
        (lambda: MODEL.extend(nodes=[node("Shop", "村")]), "another sheet"),
        (lambda: MODEL.extend(nodes=[node("Shop", "商店", "Completeness")]), "another sheet"),
        (lambda: MODEL.extend(nodes=[node("Shop", "说明")]), "another sheet"),
        (lambda: MODEL.extend(nodes=[node("Counts", "计数", "tallies")]), "another sheet"),
        (lambda: MODEL.extend(nodes=[node("GraphkitRun")]), "graphkit's own"),
        (lambda: MODEL.extend(nodes=[node("Shop", "商店", "shop", plain("dataset"))]), "keeps the name dataset"),
        (lambda: MODEL.extend(ties=[between(node(), MODEL.node_type("Village"))]), "no node kind Shop"),
        (lambda: MODEL.extend(properties={"Shop": [plain("x")]}), "no table 'Shop'"),
        (lambda: MODEL.extend(properties={"Household": [plain("people")]}), "declared twice: people"),
        (lambda: MODEL.extend(properties={"Household": [plain("souls", "人口")]}), "two columns are called 人口"),
        (lambda: MODEL.extend(properties={"Household": [plain("souls", "人数", "Is-poor")]}), "two columns are called"),
        (lambda: node("shop"), "cannot be the label"),
        (lambda: node("Shop) DETACH DELETE (n"), "cannot be the label"),
        (lambda: plain("x: 1})"), "cannot be the name of a column"),
        (lambda: Property("x", "float", Text("某", "x"), Text("某", "x")), "type of x"),
        (lambda: between(node(), node("Mall", "商场", "mall"), role="friendship"), "role of"),
        (lambda: between(node(), node("Mall", "商场", "mall"), loops="twice"), "loops of"),
        (lambda: between(node(), node("Mall", "商场", "mall"), identity_properties=("since",)), "identity names no property"),
        (lambda: between(node(), node()), "two columns"),
    ],
)
def test_a_declaration_that_contradicts_itself_or_the_shipped_kinds_is_refused_in_both_languages(declare_it, said):
    with pytest.raises(ModelError) as refused:
        declare_it()
    assert said in refused.value.say("en")
    assert refused.value.say("zh") != refused.value.say("en")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("given", [{"source_end": True}, {"target_end": True}, {"source_end": True, "target_end": True}])
@pytest.mark.parametrize("label", [kind.label for kind in MODEL.nodes])
def test_a_tie_between_two_nodes_of_one_kind_has_a_template_that_is_filled_and_loads(tmp_path, label, given, lang):
    ends = {
        name: End(f"{name[0]}_id", Text(f"{zh}方编号", f"{en} id"))
        for (name, zh, en) in (("source_end", "甲", "one"), ("target_end", "乙", "other"))
        if name in given
    }
    kind = MODEL.node_type(label)
    model = MODEL.extend(ties=[between(kind, kind, **ends)])
    tie = model.ties[-1]
    keys = ["1" * (kind.properties[0].digits or 3), "2" * (kind.properties[0].digits or 3)]
    path = write_template(tmp_path / "t.xlsx", lang=lang, model=model)
    book = openpyxl.load_workbook(path)
    for sheet, rows in ((kind, [[key] for key in keys]), (tie, [keys])):
        for place, row in enumerate(rows, 2):
            for column, value in enumerate(row, 1):
                book[sheet.heading.say(lang)].cell(place, column, value)
    book.save(path)
    tables, problems = loaders.check_source(path, model=model)
    assert [problem.rule for problem in problems if problem.effect == "quarantine"] == []
    assert tables[tie.table].select([end.name for end in tie.ends]).to_pylist() == [dict(zip([end.name for end in tie.ends], keys, strict=True))]


@pytest.mark.parametrize("label", [kind.label for kind in MODEL.nodes])
@pytest.mark.parametrize("taken", ["column", "zh", "en"])
def test_both_ends_of_one_name_or_heading_are_refused(label, taken):
    kind = MODEL.node_type(label)
    first, _ = between(kind, node()).ends
    words = {"column": first.name, "zh": first.heading.zh, "en": first.heading.en}
    own = {"column": "other_end", "zh": "另一端", "en": "the other"}
    given = {**own, taken: words[taken]}
    with pytest.raises(ModelError, match="two columns"):
        between(kind, kind, target_end=End(given["column"], Text(given["zh"], given["en"])))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[node]\n", "cannot be read"),
        ('[[nodes]]\nlabel = "X"\n', "there is no 'nodes'"),
        ('[[node]]\nheading = ["甲", "a"]\n', "label is missing"),
        ('[[node]]\nlabel = "Shop"\nheading = "商店"\n', "another type"),
        ('[[node]]\nlabel = "Shop"\nheading = ["商店"]\n', "is written as"),
        ('[[node]]\nlabel = "Shop"\nheading = ["商店", "shop"]\ncolour = "red"\n', "there is no 'colour'"),
        ('[[tie]]\nsource = "Shop"\nname = "IN"\ntarget = "Village"\nrole = "place"\nheading = ["在", "in"]\n', "no node kind 'Shop'"),
        ('[[property]]\nof = "Hut"\nname = "x"\ntype = "string"\nheading = ["某", "x"]\n', "no table 'Hut'"),
        ('[[property]]\nof = "Household"\nname = "x"\ntype = "string"\nheading = ["某", "x"]\nminimum = true\n', "another type"),
        ('[[property]]\nof = "Household"\nname = "x"\ntype = "string"\nheading = ["某", "x"]\nchoices = {a = "b"}\n', "is written as"),
    ],
)
def test_a_file_that_says_what_is_not_known_is_refused_with_its_name(tmp_path, text, said):
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError) as refused:
        read_model(path)
    assert said in refused.value.say("en")
    assert "m.toml" in refused.value.say("zh")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ModelError, match=r"none\.toml"):
        read_model(tmp_path / "none.toml")


def test_tables_refuse_what_their_model_lacks_and_hold_what_it_has(tmp_path):
    with pytest.raises(ModelError, match="no table 'School'"):
        Tables({"School": pa.table({"id": ["s1"]})})
    tables = Tables({"School": pa.table({"id": ["s1"]})}, model=model_of(tmp_path))
    assert (tables["School"].num_rows, tables.node_count, len(tables)) == (1, 1, len(tables.model.kinds))
    assert tables.at(DAY).model is tables.replace({}).model is tables.model
    assert Tables({}) != Tables({}, model=tables.model)


# In and out


def test_own_kinds_load_are_checked_and_go_round_as_files(tmp_path):
    model = model_of(tmp_path)
    tables = path_district(model, school_rows())
    for lang in ("zh", "en"):
        folder = write_folder(tables, tmp_path / lang, lang=lang)
        assert loaders.load(folder, model=model) == _without_places(loaders.load(folder, model=model), tables)
    with pytest.warns(UserWarning, match="School.csv: there is no table of this name, not read: 2 rows"):
        assert loaders.load(folder)["Village"].num_rows == tables["Village"].num_rows
    (folder / "School.csv").write_text("id,level,opened on\ns1,primary,\ns2,college,3000-01-01\n,primary,\n", encoding="utf-8")
    _, problems = loaders.check_source(folder, model=model)
    assert {(p.table, p.rule, p.effect) for p in problems if p.table == "School"} == {
        ("School", "value.choice", "report"),
        ("School", "date.future", "report"),
        ("School", "value.required", "quarantine"),
    }
    assert any("学段" in problem.describe("zh") for problem in problems)


def test_places_may_go_by_other_codes(tmp_path):
    (tmp_path / "model.toml").write_text("[codes]\nVillage = 0\nTownship = 4\n", encoding="utf-8")
    model = graphkit.read_model(tmp_path / "model.toml")
    assert restore_model(declare(model)) == model
    data = tmp_path / "data"
    data.mkdir()
    for name, text in (
        ("Township", "code,name\n0012,a\n12,b\n"),
        ("Village", "code,name\nv-7,一村\nwest,二村\n110105194912310021,三村\n13800138000,四村\n"),
        ("Village_IN_Township", "village_code,township_code\nv-7,0012\nwest,12\n"),
    ):
        (data / f"{name}.csv").write_text(text, encoding="utf-8")
    tables, problems = loaders.check_source(data, model=model)
    assert [(p.table, p.row, p.rule) for p in problems] == [
        ("Township", 3, "type.code"), ("Village", 4, "id.number"), ("Village", 5, "id.number"), ("Village IN Township", 3, "type.code"),
    ]  # fmt: skip
    assert tables["Village"]["code"].to_pylist() == ["v-7", "west"]
    connect(tmp_path / "d.gk").write(tables)
    assert connect(tmp_path / "d.gk").read() == tables
    assert loaders.check_source(data)[0]["Village"].num_rows == 0  # by the shipped model none of them is a code


@pytest.mark.parametrize(
    ("text", "told"), [("Branch = 3", "there is no 'Branch'"), ("Village = true", "another type"), ("Village = -1", "0 or more")]
)
def test_codes_that_cannot_be_are_refused(tmp_path, text, told):
    (tmp_path / "model.toml").write_text(f"[codes]\n{text}\n", encoding="utf-8")
    with pytest.raises(graphkit.ModelError, match=told):
        graphkit.read_model(tmp_path / "model.toml")


def _without_places(loaded: Tables, given: Tables) -> Tables:
    """The rows given, with the places that the loaded ones have, if all else is the same."""
    for name in given:
        columns = [column.name for column in given.model.table_type(name).columns]
        order = [(column, "ascending") for column in columns]
        assert loaded[name].select(columns).sort_by(order).to_pylist() == given[name].select(columns).sort_by(order).to_pylist(), name
    return loaded


def test_rules_between_rows_hold_for_own_ties(tmp_path):
    model = model_of(tmp_path)
    wrong = school_rows() | {
        "Member TEACHES_IN School": pa.table({"member_id": ["m2", "m9"], "school_id": ["s1", "s1"]}),
        "Household BORROWS_FROM Household": pa.table({"borrower_id": ["h1"], "lender_id": ["h1"]}),
        "School STANDS_IN Village": pa.table({"school_id": ["s1", "s1"], "village_code": ["230112104001", "230112104002"]}),
        "Village": pa.table({"code": ["230112104001", "230112104002"]}),
    }
    rules = {(p.table, p.rule) for p in graphkit.check_tables(path_district(model, wrong))}
    assert {
        ("Member TEACHES_IN School", "tie.ends"), ("Household BORROWS_FROM Household", "tie.self"), ("School STANDS_IN Village", "tie.single"),
    } <= rules  # fmt: skip


def test_both_stores_and_the_import_files_keep_the_model(tmp_path):
    model = model_of(tmp_path)
    tables = path_district(model, school_rows())
    with connect(str(tmp_path / "s.gk")) as store:
        store.write(tables)
        read = store.read()
        assert (read, read.model) == (tables, model)
        assert store.holds(tables)
        assert not store.holds(path_district())
        rows = store.query("MATCH (:Member)-[t:TEACHES_IN]->(s:School {level: 'primary'}) RETURN count(t) AS n", timeout_s=60)
        assert rows["n"].tolist() == [2]
        with pytest.raises(graphkit.QueryError, match="did you mean School"):
            store.query("MATCH (s:Scool) RETURN s.id AS id")
        people = store.query("MATCH (h:Household) RETURN h.id AS id, h.eldest_name AS head, h AS node ORDER BY id", timeout_s=60)
        assert people.attrs["personal"] == ["head"]
        assert "户主甲" not in str(graphkit.queries.hide_names(people).to_dict())
        store.write(path_district())
        assert store.read().model == MODEL
    folder = write_import_files(tables, tmp_path / "import").parent
    assert {"School.csv", "Member_TEACHES_IN_School.csv"} <= {file.name for file in folder.iterdir()}
    assert "(n:School)" in (folder / "schema.cypher").read_text(encoding="utf-8")
    assert "eldest_name" in (folder / "Household.header.csv").read_text(encoding="utf-8")


def test_a_store_whose_model_cannot_stand_here_is_refused_with_words(tmp_path, monkeypatch):
    store = connect(str(tmp_path / "s.gk"))
    store.write(path_district(model_of(tmp_path), school_rows()))
    declared = declare(model_of(tmp_path))
    declared["tie"][0]["target"] = "College"  # as if this graphkit had another kind in its place
    seen = manifests._load(tmp_path / "s.gk" / "manifest.json") | {"model": declared}
    manifests.write_manifest(tmp_path / "s.gk", {key: value for key, value in seen.items() if key != "seal"})
    with pytest.raises(StoreError) as refused:
        store.read()
    assert "cannot place" in refused.value.say("en")
    assert "放不下" in refused.value.say("zh")


# What it moves, and what it does not


def test_a_model_with_nothing_of_the_shipped_kinds_changed_gives_the_same_three_answers(tmp_path):
    model = model_of(tmp_path)
    given = graphkit.generate_acheng()
    schools = pa.table({"id": [f"s{n}" for n in range(20)]})
    members, villages = given["Member"]["id"].to_pylist(), given["Village"]["code"].to_pylist()
    taught = pa.table({"member_id": members[:200], "school_id": [f"s{n % 20}" for n in range(200)]})
    placed = pa.table({"school_id": schools["id"], "village_code": villages[:20]})
    cars = given["Household"].append_column("has_car", pa.array([True] * given["Household"].num_rows))
    own = {"School": schools, "Member TEACHES_IN School": taught, "School STANDS_IN Village": placed, "Household": cars}
    extended = Tables({**given, **own}, **given.account(), dataset=given.dataset, model=model)
    before, after = answers(given), answers(extended)
    assert all(same_rows(before[name], after[name]) for name in before)


@pytest.mark.parametrize("role", ["membership", "attendance", "place", "hierarchy", "service"])
def test_an_own_tie_moves_the_bridge_answer_if_its_role_holds_people_together_and_only_then(tmp_path, role: TieRole):
    """m2 and m3 teach in one school: where that is a membership it alone joins the two branches, and both are cut points."""
    bridges, plain = (
        graphkit.find_bridge_figures(graphkit.Network.from_tables(tables, as_of=DAY)).rows
        for tables in (path_district(model_of(tmp_path, role), school_rows()), path_district())
    )
    if role == "membership":
        cut = bridges.set_index("subject_id")["is_cut_point"]
        assert cut[["m2", "m3"]].tolist() == [True, True]
        assert not plain.set_index("subject_id")["is_cut_point"].reindex(["m2", "m3"]).fillna(value=False).any()
    else:
        pd.testing.assert_frame_equal(bridges, plain)


def test_people_of_an_own_body_share_it_in_the_people_network(tmp_path):
    tables = path_district(model_of(tmp_path, "membership"), school_rows())
    assert graphkit.Network.from_tables(tables, as_of=DAY).project_people().tie_count == 3
    assert graphkit.Network.from_tables(path_district(), as_of=DAY).project_people().tie_count == 2


def test_own_kinds_stand_on_the_map_in_networks_and_pages(tmp_path):
    from graphkit.show.map.payload import build_payload
    from graphkit.show.map.scene import build_scene

    tables = path_district(model_of(tmp_path), school_rows())
    scene = build_scene(tables)
    data = build_payload(tables, {}, scene, title=Text("图", "map"), roll_up_above=100)
    assert data["kinds"][-1] == {
        "label": "School",
        "name": ["学校", "school"],
        "shape": "triangleDown",
        "colour": "#cc79a7",
        "edge": "#7d3f62",
        "size": 5.5,
    }
    assert scene.ids[-1] == "s1"
    assert scene.cells[-1] == 0  # in the village where it stands
    shown = {tie["name"]: tie["body"] for tie in data["ties"]}
    assert shown["School STANDS_IN Village"]
    assert shown["Member TEACHES_IN School"] is shown["Household BORROWS_FROM Household"] is False
    net = graphkit.Network.from_tables(tables, as_of=DAY)
    assert "学校 school" in net._repr_html_()
    assert graphkit.write_network(net, tmp_path / "n.graphml").read_text(encoding="utf-8").count("TEACHES_IN") == 2
    assert graphkit.write_map(tables, {}, tmp_path / "m.html").is_file()
    assert "学校" in graphkit.write_report(tables, answers(tables), tmp_path / "r.html").read_text(encoding="utf-8")


def test_the_command_line_takes_a_model_once_and_the_store_keeps_it(tmp_path):
    model_of(tmp_path)
    run, model = CliRunner().invoke, str(tmp_path / "model.toml")
    source = str(write_folder(path_district(read_model(model), school_rows()), tmp_path / "in", lang="zh"))
    assert run(app, ["template", str(tmp_path / "t.xlsx"), "--model", model]).exit_code == 0
    assert "学校" in openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames
    assert run(app, ["check", source]).exit_code != 0
    assert run(app, ["check", source, "--model", model]).exit_code == 0
    assert run(app, ["load", source, str(tmp_path / "s.gk"), "--model", model]).exit_code == 0
    with connect(str(tmp_path / "s.gk")) as store:
        assert store.read()["School"].num_rows == 1
    found = run(app, ["gaps", str(tmp_path / "s.gk"), "--as-of", "2012-04-30"])
    assert found.exit_code == 0, found.output


@pytest.mark.parametrize("page", ["own-data.md", "own-data.zh.md"])
def test_the_example_of_the_page_is_a_model(tmp_path, page):
    text = (find_data("queries").parent / "docs" / page).read_text(encoding="utf-8")
    example = next(part.partition("```")[0] for part in text.split("```toml\n")[1:] if "[[tie]]" in part.partition("```")[0])
    (tmp_path / "m.toml").write_text(example, encoding="utf-8")
    model = read_model(tmp_path / "m.toml")
    assert [kind.table for kind in model.kinds if kind not in MODEL.kinds and kind.table.count("School")] == ["School", "Member TEACHES_IN School"]


def test_a_mapping_speaks_of_own_tables(tmp_path):
    model = model_of(tmp_path)
    (tmp_path / "m.toml").write_text(
        '[[read]]\nfiles = "*.csv"\n[[read.node]]\ntable = "学校"\nid = "校号"\nlevel = "类"\n'
        '[[read.node]]\ntable = "Member"\nid = "教师"\n[[read.tie]]\ntable = "Member TEACHES_IN School"\nmember_id = "教师"\nschool_id = "校号"\n',
        encoding="utf-8",
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "名册.csv").write_text("校号,类,教师\ns1,小学,m1\ns1,小学,m2\n", encoding="utf-8")
    tables = loaders.load(tmp_path / "in", mapping=tmp_path / "m.toml", model=model)
    assert tables["School"]["level"].to_pylist() == ["primary"]
    assert tables["Member TEACHES_IN School"]["member_id"].to_pylist() == ["m1", "m2"]


def test_ids_of_people_at_the_ends_of_own_ties_become_the_same_pseudonyms(tmp_path):
    from graphkit.data.pseudonyms import pseudonymise_ids

    hidden = pseudonymise_ids(path_district(model_of(tmp_path), school_rows()), bytes(32))
    assert set(hidden["Member TEACHES_IN School"]["member_id"].to_pylist()) < set(hidden["Member"]["id"].to_pylist())
    assert set(hidden["Household BORROWS_FROM Household"]["lender_id"].to_pylist()) < set(hidden["Household"]["id"].to_pylist())


def test_a_model_that_lacks_a_shipped_kind_is_not_stored(tmp_path):
    lame = Model(MODEL.nodes[:2], MODEL.ties[:1])
    with pytest.raises(ModelError, match="lacks the shipped kind"):
        connect(str(tmp_path / "s.gk")).write(Tables({"Township": pa.table({"code": ["230112000"]})}, model=lame))
    assert not (tmp_path / "s.gk").exists()
