"""The query library without a database: headers, names held against the schema, parameters, the page, and the refusal of writes."""

from __future__ import annotations

import datetime as dt
import inspect
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphkit.queries.twins
from graphkit.errors import GraphkitError, ParameterError, QueryError
from graphkit.model.kinds import MEMBER
from graphkit.queries import (
    Query,
    Vocabulary,
    find_personal_columns,
    hide_names,
    list_queries,
    load_query,
    read_names,
    read_query,
    read_statement,
    read_words,
    refuse_strangers,
    refuse_writes,
    run_query,
)  # fmt: skip
from graphkit.queries.page import SUBJECTS as SUBJECTS_ON_PAGE
from graphkit.queries.page import describe_queries, find_twin, write_readme
from graphkit.queries.query import SUBJECTS
from graphkit.queries.refusal import REFUSED_WORDS
from graphkit.resources import find_data
from graphkit.rules import read_rule_pack

QUERIES = list_queries()
HEADER = """/*
title.zh = "户"
title.en = "Households"
question.zh = "哪些户？"
question.en = "Which households?"
twin = "graphkit.queries.twins.list_household_page"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集"
meaning.en = "the dataset"
[returns]
household_id = { type = "string", meaning.zh = "编号", meaning.en = "id" }
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "户数", meaning.en = "how many" }
*/
"""
BODY = "MATCH (h:Household) WHERE $dataset IS NULL OR h.dataset = $dataset RETURN h.id AS household_id, 1 AS households ORDER BY household_id\n"

COVERED = (  # subjects that the library must cover, each by these queries
    "cooperative_coverage village_coverage household_coverage member_coverage member_without_primary member_dual_management",
    "cooperative_near_threshold cooperative_wrong_superior member_two_offices",
    "member_spans_villages member_spans_cooperatives member_spans_branches body_one_person",
    "member_direct_reach member_two_step_reach household_double_helped household_without_helper member_promised_recorded pairing_stale",
    "pairing_own_association household_succession",
    "member_mentoring member_admission_funnel cooperative_founders training_reach village_posts_unfilled zone_without_member",
    "branch_roster household_page member_page",
)


def test_there_are_enough_and_they_cover_the_subjects():
    names = {query.name for query in QUERIES}
    assert len(names) >= 32
    assert set(" ".join(COVERED).split()) <= names
    assert tuple(SUBJECTS_ON_PAGE) == SUBJECTS


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_the_twin_has_the_parameters_and_defaults_of_the_header(query: Query):
    twin = find_twin(query)
    assert twin is getattr(graphkit.queries.twins, f"list_{query.name}")
    assert (twin.__doc__ or "").strip()
    first, *others = inspect.signature(twin).parameters.values()
    assert first.name == "tables"
    assert {p.name: p.default for p in others} == {p.name: p.default for p in query.parameters}
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in others)


def test_every_twin_has_a_query():
    assert sorted(graphkit.queries.twins.__all__) == sorted(f"list_{query.name}" for query in QUERIES)


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_a_column_of_names_is_marked(query: Query):
    """A person's name leaves the store only in a column marked personal; the variables for people are m, p, former, next and the like."""
    people = set(re.findall(r"\((\w+):Member\)", query.text))
    named = re.findall(r"\b(\w+)\.name AS (\w+)", query.text)
    assert {column for variable, column in named if variable in people} == {c.name for c in query.returns if c.personal}


def test_the_page_is_up_to_date(tmp_path):
    assert (find_data("queries") / "README.md").read_text("utf-8") == describe_queries(), "run: python -m graphkit.queries"
    assert write_readme(tmp_path / "page.md").read_text("utf-8") == describe_queries()


def test_the_page_shows_each_parameter_as_it_is_set_in_a_browser():
    page = describe_queries()
    assert ":param as_of => toString(date());" in page
    assert ":param dataset => null;" in page
    assert ":param stale_days => 183;" in page


# Headers


def test_a_sound_file_is_read():
    query = read_query(HEADER + BODY, "household_all")
    assert (query.name, query.subject, query.title.zh, [c.name for c in query.returns]) == (
        "household_all",
        "household",
        "户",
        ["household_id", "households"],
    )
    assert query.text == HEADER + BODY


@pytest.mark.parametrize(
    ("lost", "named"),
    [
        ('title.en = "Households"\n', "title.en"),
        ('question.zh = "哪些户？"\n', "question.zh"),
        ('twin = "graphkit.queries.twins.list_household_page"\n', "twin"),
        ("nullable = true\n", "parameters.dataset.default"),
        ('meaning.en = "the dataset"\n', "parameters.dataset.meaning.en"),
        (', meaning.en = "id"', "returns.household_id.meaning.en"),
        ('type = "string", ', "returns.household_id.type"),
        ('unit.zh = "户", ', "returns.households.unit.zh"),
        (HEADER[HEADER.index("[returns]") : HEADER.index("*/")], "returns"),
    ],
)
def test_what_a_header_lacks_is_named_with_the_file(lost, named):
    assert lost in HEADER
    with pytest.raises(QueryError, match=rf"household_all\.cypher: the header lacks .*{re.escape(named)}"):
        read_query(HEADER.replace(lost, "") + BODY, "household_all")


def test_all_that_is_missing_is_named_at_once():
    with pytest.raises(QueryError, match=r"title\.zh, title\.en, question\.zh, question\.en, twin, returns"):
        read_query("/*\n\n*/\n" + BODY, "household_all")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BODY, "no header"),
        ("/*\ntitle = \n*/\n" + BODY, "no TOML"),
        (HEADER.replace("twin =", 'author = "x"\ntwin =') + BODY, "no place for author"),
        (HEADER.replace("nullable = true", "default = 3") + BODY, "parameters.dataset"),
        (HEADER.replace("nullable = true", 'nullable = true\ncolour = "red"') + BODY, "parameters.dataset: no key colour here; there are type"),
        (HEADER.replace('"编号",', '"编号", colour = "red",') + BODY, "returns.household_id: no key colour here; there are type"),
        (HEADER + BODY.replace("Household)", "Houshold)"), "the label Houshold is not in the schema"),
        (HEADER + BODY.replace("h.dataset", "h.datset"), "the property datset is not in the schema"),
        (HEADER + BODY.replace("(h:Household)", "(h:Household)<-[:HELP]-()"), "the relationship type HELP is not in the schema"),
        (HEADER + BODY.replace("ORDER BY household_id", ""), "does not end with ORDER BY"),
        (HEADER + BODY.replace("ORDER BY household_id", "ORDER BY h"), "does not end with ORDER BY"),
        (HEADER + BODY.replace("AS household_id", "AS id"), "it returns id, households"),
        (HEADER + BODY.replace("WHERE $dataset IS NULL OR h.dataset = $dataset ", ""), "it uses the parameters"),
        (HEADER + BODY.replace("MATCH (h:", "MERGE (h:"), "below the header"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(text, message):
    with pytest.raises(QueryError, match=f"household_all.cypher.*{re.escape(message)}"):
        read_query(text, "household_all")


def test_the_name_begins_with_what_it_is_about():
    with pytest.raises(QueryError, match="its name does not begin with"):
        read_query(HEADER + BODY, "all_households")


def test_names_are_read_from_every_place():
    names = read_names(
        "MATCH (m:Member|Household {id: $who})-[r:HELPS|MENTORS {kind: 'x'}]->(v) WHERE v:Village AND EXISTS { MATCH (v)-[:IN]->(:Township) } "
        "WITH m, v, {people: 1, any: 2} AS map RETURN m.`birth_year` AS `year`, duration.inDays(r.since, r.until).days AS days ORDER BY `year` DESC, days"
    )
    assert names.labels == ("Household", "Member", "Township", "Village")
    assert names.types == ("HELPS", "IN", "MENTORS")
    assert names.properties == ("birth_year", "days", "id", "kind", "since", "until")  # the keys of a map are no properties
    assert (names.parameters, names.columns, names.ordered_by) == (("who",), ("year", "days"), ("year", "days"))


# Parameters


def test_parameters_are_read_by_their_type():
    bound = load_query("member_stale_pairings").bind({"stale_days": " 90", "as_of": dt.date(2012, 1, 31)})
    assert bound == {"as_of": "2012-01-31", "stale_days": 90, "dataset": None}


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_today_is_the_default_day_of_every_query_that_has_one(query: Query):
    today = dt.date.today().isoformat()  # noqa: DTZ011
    assert {p.name: query.bind({})[p.name] for p in query.parameters if p.type == "date" and not p.pack_place} in ({}, {"as_of": today})
    assert not re.search(r'default = "\d{4}-', query.text)


def test_null_is_a_word_only_where_a_parameter_may_be_null():
    assert read_words("branch_roster", {"branch_id": "null", "as_of": "2012-04-30"}) == {"branch_id": None, "as_of": "2012-04-30"}
    assert read_words("branch_without_office", {"office": "null"}) == {"office": "null"}
    assert read_words("RETURN $a AS a", {"a": "null", "b": "[1]", "c": "x y"}) == {"a": None, "b": [1], "c": "x y"}


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"day": "2012-01-31"}, QueryError, "no parameter day; it has as_of, stale_days, dataset"),
        ({"as_of": "2012-02-30"}, ParameterError, "a date as YYYY-MM-DD"),
        ({"as_of": "30.4.2012"}, ParameterError, "a date as YYYY-MM-DD"),
        ({"as_of": "20120430"}, ParameterError, "a date as YYYY-MM-DD"),
        ({"as_of": dt.datetime(2012, 4, 30)}, ParameterError, "a date as YYYY-MM-DD"),  # noqa: DTZ001
        ({"as_of": "1811-01-01"}, ParameterError, "from 1900-01-01 to 2100-12-31"),
        ({"as_of": None}, ParameterError, "may not be null"),
        ({"stale_days": 0}, ParameterError, "a whole number from 1 to 3650"),
        ({"stale_days": 1.5}, ParameterError, "a whole number"),
        ({"stale_days": True}, ParameterError, "a whole number"),
        ({"stale_days": "many"}, ParameterError, "a whole number"),
        ({"dataset": 7}, ParameterError, "a text"),
    ],
)
def test_a_parameter_that_does_not_fit_is_told_with_what_would(parameters, error, message):
    with pytest.raises(error, match=message):
        load_query("member_stale_pairings").bind(parameters)


def test_an_unknown_query_is_told_with_the_nearest():
    with pytest.raises(QueryError, match="did you mean household_without_helper"):
        load_query("households_without_helpers")
    with pytest.raises(QueryError, match="graphkit queries"):
        load_query("zzzzzz")


# Running


class Recorder:
    """A store's way to run a text, that writes down what it was given and gives back what it was told to."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows, self.calls = rows, []

    def __call__(self, cypher, parameters, *, timeout_s):
        self.calls.append((cypher, dict(parameters), timeout_s))
        return self.rows


def test_a_named_query_is_sent_as_it_stands_and_its_rows_are_typed():
    query = load_query("pairing_stale")
    row = {"days": [200], "member_id": ["m"], "household_id": ["h"], "pairing_kind": ["post"], "last_visit_on": [dt.date(2011, 10, 1)]}
    recorder = Recorder(pd.DataFrame(row))
    rows = run_query(recorder, "pairing_stale", {"stale_days": 150}, timeout_s=5.0)
    assert recorder.calls == [(query.text, {"as_of": dt.date.today().isoformat(), "stale_days": 150, "dataset": None}, 5.0)]  # noqa: DTZ011
    assert list(rows.columns) == [c.name for c in query.returns]
    assert rows.dtypes.astype(str).to_dict() == {
        "member_id": "string", "household_id": "string", "pairing_kind": "string", "last_visit_on": "object", "days": "Int64",
    }  # fmt: skip


def test_a_store_of_one_dataset_asks_for_it_unless_told_otherwise():
    recorder = Recorder(pd.DataFrame())
    run_query(recorder, "zone_without_member", {}, dataset="acheng")
    run_query(recorder, "zone_without_member", {"dataset": None}, dataset="acheng")
    assert [call[1]["dataset"] for call in recorder.calls] == ["acheng", None]


def test_no_row_still_has_its_columns():
    assert list(run_query(Recorder(pd.DataFrame()), "zone_without_member", {}).columns) == ["zone_id", "name", "households"]
    assert list(run_query(Recorder(pd.DataFrame()), "MATCH (m:Member) RETURN m.id AS id, m.stage AS stage", {}).columns) == ["id", "stage"]


def test_rows_of_other_columns_are_refused():
    with pytest.raises(QueryError, match="declares the columns zone_id, name, households and gave zone"):
        run_query(Recorder(pd.DataFrame({"zone": ["z"]})), "zone_without_member", {})


def test_a_text_is_sent_only_if_it_reads_and_has_its_parameters():
    recorder = Recorder(pd.DataFrame({"n": [1]}))
    with pytest.raises(QueryError, match="CREATE"):
        run_query(recorder, "CREATE (n)", {})
    with pytest.raises(ParameterError, match=r"the text uses \$who"):
        run_query(recorder, "RETURN $who AS n", {})
    assert recorder.calls == []
    assert run_query(recorder, "RETURN $who AS n", {"who": 1})["n"].tolist() == [1]


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan"), True])
def test_a_time_limit_that_is_none_is_told(seconds):
    with pytest.raises(ParameterError, match=r"timeout_s: .* cannot be used; give seconds above 0"):
        read_statement("zone_without_member", {}, timeout_s=seconds)


def test_no_parameter_can_be_taken_for_the_time_limit():
    with pytest.raises(ParameterError, match="cannot be called timeout_s; rename it"):
        read_statement("RETURN $timeout_s AS n", {})
    with pytest.raises(QueryError, match=r"household_all\.cypher: a parameter cannot be called timeout_s"):
        read_query(HEADER.replace("[parameters.dataset]", "[parameters.timeout_s]") + BODY, "household_all")


def test_a_text_takes_the_dataset_where_it_asks_for_one():
    asks, asks_not = read_statement("MATCH (n {dataset: $dataset}) RETURN n.id AS id", {}), read_statement("MATCH (n) RETURN n.id AS id", {})
    assert (asks.dataset("acheng"), asks.bound("acheng")) == ("acheng", {"dataset": "acheng"})
    assert (asks_not.dataset("acheng"), asks_not.bound(None)) == (None, {})


def test_rows_say_what_they_speak_of():
    rows = run_query(Recorder(pd.DataFrame()), "branch_roster", {"as_of": "2012-04-30", "dataset": "acheng"})
    said = {"branch_id": None, "as_of": "2012-04-30"}
    assert rows.attrs == {"query": "branch_roster", "dataset": "acheng", "parameters": said, "personal": ["name"]}


# Names that nobody knows

KNOWN = [
    "MATCH (m:Member)-[r:HELPS]->(h:Household {is_poor: true}) WHERE r.since < date('2010-01-01') RETURN m.id AS id, h.people AS n",
    "MATCH (m) WHERE m:Member OR m:Household RETURN m.id AS id",
    "WITH {anything: 1} AS map RETURN map.anything AS n",
    "UNWIND [{x: 1}] AS row MATCH (m:Member {id: row.x}) RETURN m.id AS id, row.whatever AS w",
    "MATCH (m:Member) WITH {total: 1} AS m RETURN m.total AS n",
    "MATCH (m:Member) RETURN m.id IS :: STRING AS is_text, duration({days: 3, fortnights: 1}).days AS d, date({year: 2012, month: 4}).quarter AS q",
    "RETURN point({x: 1, longitude: 2}).x AS x",
    "CALL db.labels() YIELD label RETURN label",
    "MATCH (m:Member) RETURN m {.id, anything: 1, .stage} AS map, count { (m)-[:HELPS]->() } AS n",
    "MATCH p = (:Member)-[:HELPS*1..2]-(x) RETURN [n IN nodes(p) | n.whatever] AS l",
    "MATCH (m:Member) RETURN [1, 2, 3][0..1] AS l, CASE WHEN m.stage = 'full' THEN 1 END AS c",
]


@pytest.mark.parametrize("text", KNOWN)
def test_what_the_model_knows_or_no_model_can_know_is_let_through(text):
    refuse_strangers(text, Vocabulary)


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_no_query_of_the_library_is_taken_for_a_slip(query):
    refuse_strangers(query.text, Vocabulary)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("MATCH (m:Membr) RETURN m.id AS id", r"^line 1, column 10: there is no label Membr; did you mean Member\?"),
        ("MATCH (m:member) RETURN m.id AS id", "no label member; did you mean Member"),
        ("MATCH (m)\nWHERE m:Memebr RETURN m.id AS id", "^line 2, column 9: there is no label Memebr; did you mean Member"),
        ("MATCH (m:Member|Houshold) RETURN m.id AS id", "no label Houshold; did you mean Household"),
        ("MATCH (m:`Membr`) RETURN m.id AS id", "no label Membr; did you mean Member"),
        ("MATCH (x:农户) RETURN x", "no label 农户; did you mean Household"),
        ("MATCH (x:Qqqq) RETURN x", "no label Qqqq; there are Branch, Cooperative"),
        ("MATCH (m:Member)-[:HELP]->(h) RETURN h", "no relationship type HELP; did you mean HELPS"),
        ("MATCH (m:Member)-[r:HELPS|MENTOR*1..2]->(h) RETURN h", "no relationship type MENTOR; did you mean MENTORS"),
        ("MATCH (m:Member) RETURN m.stge AS stage", "no property stge; did you mean stage"),
        ("MATCH (m:Member) WITH m AS person RETURN person.stge AS stage", "no property stge; did you mean stage"),
        ("MATCH (m:Member {ID: 'x'}) RETURN m", "no property ID; did you mean id"),
        ("MATCH (a)-[r:HELPS]->(b) WHERE r.sinc IS NULL RETURN b", "no property sinc; did you mean since"),
        ("MATCH (h:Household) WHERE EXISTS { MATCH (h)<-[:HELPS]-(:Membr) } RETURN h", "no label Membr"),
        ("MATCH (m:Member) RETURN m.qqqq AS x", "no property qqqq; the workbook that `graphkit template` writes lists them all"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_what_was_meant(text, message):
    with pytest.raises(QueryError, match=message) as caught:
        refuse_strangers(text, Vocabulary)
    assert re.search(r"第\d行第\d+列：没有(标签|关系类型|属性) ", caught.value.say("zh"))


def test_what_the_database_holds_is_no_slip_and_is_asked_for_only_in_doubt():
    asked = []

    def there() -> Vocabulary:
        asked.append(1)
        return Vocabulary(frozenset({"Shop"}), frozenset({"BUYS_AT"}), frozenset({"turnover"}))

    refuse_strangers("MATCH (m:Member) RETURN m.id AS id", there)
    assert asked == []
    refuse_strangers("MATCH (m:Member)-[:BUYS_AT]->(s:Shop) RETURN s.turnover AS t", there)
    assert asked == [1]
    with pytest.raises(QueryError, match="no property turnovr; did you mean turnover"):
        refuse_strangers("MATCH (s:Shop) RETURN s.turnovr AS t", there)


# Names of people


@pytest.mark.parametrize(
    ("text", "columns", "personal"),
    [
        ("MATCH (m:Member) RETURN m.name AS who, m.id AS id", ["who", "id"], ("who",)),
        ("MATCH (m:Member) RETURN m.name, m.id", ["m.name", "m.id"], ("m.name",)),
        ("MATCH (v:Village) RETURN v.name AS village, v.code AS code", ["village", "code"], ()),
        ("MATCH (m:Member)-[:LIVES_IN]->(v:Village) RETURN v.name AS village, toUpper(m.name) + '!' AS who", ["village", "who"], ("who",)),
        ("MATCH (x) RETURN x.name AS n", ["n"], ("n",)),
        ("MATCH (m:Member) WITH m.name AS n, m.id AS i WITH n AS k, i RETURN k AS shown, i", ["shown", "i"], ("shown",)),
        ("MATCH (m:Member) WITH collect(m.name) AS names UNWIND names AS one RETURN one", ["one"], ("one",)),
        ("MATCH p = (:Member)--() RETURN [n IN nodes(p) | n.name] AS l", ["l"], ("l",)),
        ("MATCH (m:Member) RETURN m['name'] AS n, m.id AS i", ["n", "i"], ("n",)),
        ("MATCH (m:Member) WITH m {.id, who: m.name} AS r RETURN r.who AS w, r.id AS i", ["w", "i"], ("w", "i")),  # in doubt, hidden
        ("MATCH (m:Member) RETURN m.id AS id UNION MATCH (m:Member) RETURN m.name AS id", ["id"], ("id",)),
        ("MATCH (m:Member) CALL (m) { RETURN m.name AS n } RETURN n", ["n"], ("n",)),
        ("MATCH (m:Member) WHERE m.name STARTS WITH 'x' RETURN m.id AS id", ["id"], ()),
        ("MATCH (m:Member) RETURN m {.id, .name} AS person", ["person"], ()),  # hidden by the key
    ],
)
def test_columns_that_may_show_names_are_found_in_a_text(text, columns, personal):
    assert find_personal_columns(text, columns) == personal


class Node(dict):
    """A node as the driver gives it."""

    def __init__(self, label: str, **values: object) -> None:
        super().__init__(values)
        self.labels = frozenset([label])


def test_names_are_hidden_wherever_they_stand_and_nothing_else_is():
    person, village = Node("Member", id="m1", name="甲乙"), Node("Village", code="v1", name="城建村")
    rows = pd.DataFrame(
        {
            "who": ["甲乙", None], "all": [["甲乙"], []], "n": [1, 2], "place": ["城建村", "城建村"],
            "node": [person, village], "map": [{"id": "m1", "name": "甲乙"}, None],
        }
    )  # fmt: skip
    rows.attrs["personal"] = ["who", "all", "n"]
    hidden = hide_names(rows)
    assert "甲乙" not in hidden.to_json(force_ascii=False)
    assert hidden["who"].isna().tolist() == [False, True]
    assert (hidden["all"].tolist(), hidden["n"].tolist(), hidden["place"].tolist()) == ([["***"], []], [1, 2], ["城建村", "城建村"])
    assert hidden["node"].tolist() == [{"id": "m1", "name": "***"}, {"code": "v1", "name": "城建村"}]
    assert rows["who"].tolist()[0] == "甲乙"  # what was given is not changed


def test_a_name_looked_for_is_not_repeated_beside_the_rows():
    rows = run_query(
        Recorder(pd.DataFrame({"id": ["m1"]})), "MATCH (m:Member) WHERE m.name = $who AND $n = 1 RETURN m.id AS id", {"who": "甲乙", "n": 1}
    )
    assert rows.attrs["parameters"] == {"who": "***", "n": 1}


# Refusal of writes

READS = [
    "MATCH (m:Member) RETURN m.id AS id ORDER BY id",
    "MATCH (m:Member) RETURN m // CREATE (n)",
    "/* MERGE (n) */ MATCH (m) RETURN m",
    "MATCH (m) WHERE m.topic = 'DELETE' RETURN \"SET it\" AS words, m.`set`",
    "MATCH (m)\r\nRETURN m;",
    "match (m) with m unwind [1] as x return m, x union match (m) return m, 2 as x",
    "OPTIONAL MATCH (m) CALL (m) { MATCH (m)-[r]->() RETURN count(r) AS ties } RETURN m, ties",
    "CALL { MATCH (m) RETURN m } RETURN m",
    "CALL db.labels() YIELD label RETURN label",
    "EXPLAIN MATCH (m) RETURN m",
    "PROFILE MATCH (m) RETURN m",
    "CYPHER 25 MATCH (m) RETURN m",
    "SHOW INDEXES",
    "RETURN duration.inDays(date('2012-01-01'), date.truncate('year', date())) AS d, 0x1F AS n, 1.5e3 AS x, point.distance($a, $b) AS far",
    "UNWIND [1, 2] AS 数 RETURN 数",
    "MATCH (m) WHERE m.created = 1 AND m.offset > 2 RETURN m.id STARTS WITH 'x' AS starts",
]

WRITES = [
    "CREATE (n)",
    "MATCH (n) SET n.x = 1",
    "MATCH (n) SET n += {x: 1}",
    "MERGE (n:Member {id: 'x'})",
    "MATCH (n) DELETE n",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) NODETACH DELETE n",
    "MATCH (n) REMOVE n.x",
    "MATCH (n) FOREACH (x IN [1] | SET n.x = x)",
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "WITH 1 AS x LOAD CSV FROM 'http://127.0.0.1/' AS row RETURN row",
    "MATCH (n) CALL (n) { SET n.x = 1 } IN TRANSACTIONS OF 10 ROWS RETURN 1",
    "MATCH (n) CALL (n) { RETURN n AS m } IN CONCURRENT TRANSACTIONS RETURN 1",
    "MATCH (n) INSERT (m) RETURN m",
    "DROP CONSTRAINT x",
    "CREATE INDEX FOR (n:Member) ON (n.id)",
    "GRANT ROLE x TO y",
    "DENY READ {*} ON GRAPH x TO y",
    "REVOKE ROLE x FROM y",
    "ALTER USER neo4j SET PASSWORD 'x'",
    "RENAME USER x TO y",
    "START DATABASE x",
    "STOP DATABASE x",
    "TERMINATE TRANSACTION 'x'",
    "SHOW TRANSACTIONS YIELD transactionId AS id TERMINATE TRANSACTION id",
    "ENABLE SERVER 'x'",
    "DEALLOCATE DATABASE FROM SERVER 'x'",
    "REALLOCATE DATABASES",
    "USE other MATCH (n) RETURN n",
    "CALL apoc.cypher.doIt('CREATE (n)', {}) YIELD value RETURN value",
    "CALL db.createLabel('x')",
    "CALL db.index.fulltext.createNodeIndex('x', ['a'], ['b'])",
    "CALL dbms.setConfigValue('x', 'y')",
    "CALL `db`.`labels`()",
    "CALL dbms.security.createUser('x', 'y')",
    "MATCH (n) CALL apoc.create.setProperty(n, 'x', 1) YIELD node RETURN node",
    "MATCH (n) CALL /* db.labels */ apoc.do.it() YIELD x RETURN x",
    "RETURN apoc.cypher.runFirstColumnSingle('CREATE (n) RETURN n', {})",
    "RETURN `apoc`.cypher.runFirstColumnSingle('CREATE (n) RETURN n', {})",
    "RETURN 1 AS x; CREATE (n)",
    "RETURN 1 AS x; MATCH (n) RETURN n",
    "EXPLAIN CREATE (n)",
    "PROFILE MATCH (n) SET n.x = 1",
    "CYPHER 25 CREATE (n)",
    "CYPHER runtime=slotted CREATE (n)",
    "create(n)",
    "cReAtE (n)",
    "MATCH (n)SET n.x=1",
    "MATCH (n)/**/SET/**/n.x=1",
    "MATCH (n)//\nSET n.x=1",
    "MATCH (n) // it's\nSET n.x = 1 // it's",
    "MATCH (n) /* ' */ SET n.x = 1 /* ' */",
    'MATCH (n) WHERE n.x = "\'" SET n.x = "\'"',
    "MATCH (n) WHERE n.x = '\"' SET n.x = '\"'",
    "MATCH (n) WHERE n.x = '/*' SET n.x = '*/'",
    "MATCH (n) WHERE n.x = '//' SET n.x = 1",
    "MATCH (n) WHERE n.`x'` = 1 SET n.`y'` = 1",
    "MATCH (n) WHERE n.`//` = 1 SET n.x = 1",
    "MATCH (n) WHERE n.x = '\\\\' SET n.x = '\\\\'",
    "MATCH (n) WHERE n.x = '\\' SET n.x = 1 //'",
    "MATCH (n) WHERE n.`\\` = 1 SET n.x = 1 //`",
    "\\u0043REATE (n)",
    "MATCH (n) \\u0053ET n.x = 1",
    "MATCH (n) \\uuuu0053ET n.x = 1",
    "MATCH (n) WHERE n.x = '\\u0027 SET n.x = 1 //'",
    "MATCH (n) WHERE n.x = '\\\\u0027 SET n.x = 1 //'",
    "/* \\u002a/ CREATE (n) // */",
    "// \\u000a CREATE (n)",
    "MATCH (n) ſET n.x = 1",
    "MATCH (n) ＳＥＴ n.x = 1",
    "MATCH (n) WITH n, 1 AS 数SET n.x = 1",
    "MATCH (n) SET\u00a0n.x = 1",
    "MATCH (n)\u2003SET n.x = 1",
    "MATCH (n) // x\u2028SET n.x = 1",
    "MATCH (n) // x\u0085SET n.x = 1",
    "MATCH (n) // x\rSET n.x = 1",
    "MATCH (n) // x\x0bSET n.x = 1",
    "MATCH (n) S\u200bET n.x = 1",
    "MATCH (n) \x00SET n.x = 1",
    "\ufeffCREATE (n)",
    "MATCH (n) WITH n, 0xFSET n.x = 1",
    "MATCH (n) WITH n, 1SET n.x = 1",
    "MATCH (n) WITH n, 1e5SET n.x = 1",
    "MATCH (n) WITH n, 1_0SET n.x = 1",
    "MATCH (n) WITH n, $1SET n.x = 1",
    "MATCH (n) WITH n, $aSET n.x = 1 SET n.y = 2",
    "MATCH (n) WITH n, 1. SET n.x = 1",
    "MATCH (n) WITH n, ²SET n.x = 1",
    "MATCH (n) RETURN 'not ended",
    'MATCH (n) RETURN "not ended',
    "MATCH (n) RETURN n.`not ended",
    "MATCH (n) RETURN n /* not ended",
    "INSERT INTO Member SET id = 'x'",
    "UPDATE Member SET id = 'x'",
    "TRUNCATE TYPE Member",
    "BACKUP DATABASE",
    "BEGIN",
    "SELECT FROM Member",
    "IMPORT DATABASE 'file:///x'",
    ":use other",
    "{} CREATE (n)",
    "`MATCH` (n) RETURN n",
    "'MATCH' (n) RETURN n",
    "",
    "  // nothing",
]


@pytest.mark.parametrize("text", READS)
def test_what_only_reads_is_let_through(text):
    refuse_writes(text)


@pytest.mark.parametrize("text", WRITES)
def test_what_writes_or_may_be_read_in_two_ways_is_refused(text):
    with pytest.raises(QueryError):
        refuse_writes(text)


def test_a_refusal_says_where_and_what_to_do():
    with pytest.raises(QueryError, match=r"^line 2, column 11: SET would write .*Store\.write"):
        refuse_writes("MATCH (m)\nWITH m\r SET m.x = 1".replace("\r", "   "))


@pytest.mark.parametrize(
    "refused",
    [
        lambda _: refuse_writes("MATCH (n) SET n.x = 1"),
        lambda _: load_query("member_stale_pairings").bind({"as_of": "30.4.2012"}),
        read_rule_pack,
    ],
    ids=["write", "parameter", "rule pack"],
)
def test_an_error_is_whole_in_either_language(refused, tmp_path):
    broken = tmp_path / "own.toml"
    broken.write_text('near = 1\nfallback = "own"\n[[rules]]\nid = "five"\napplies_to = "Village"\nwhen = "often"\n', encoding="utf-8")
    with pytest.raises(GraphkitError) as caught:
        refused(broken)
    zh, en = caught.value.say("zh"), caught.value.say("en")
    assert re.search("[一-鿿]", zh)
    assert not re.search("[一-鿿]", en)
    assert not re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", zh)  # words of a statement, a header or a pack may stand in it, but no sentence


@given(
    st.sampled_from(sorted(REFUSED_WORDS)).flatmap(lambda word: st.tuples(*[st.sampled_from([c.lower(), c]) for c in word]).map("".join)),
    st.sampled_from([" ", "\n", "\t", "/* x */", "// y\n", "/**/", "\r\n", ")", "]", ",", "+", "'x'", "`x`", "$x ", "1 "]),
    st.sampled_from([" ", "\n", "/* ' */", '// "\n', "(", "'", "`", '"', "\t", "{", ".", ":"]),
)
def test_a_refused_word_is_found_in_any_case_beside_anything(word, before, after):
    with pytest.raises(QueryError):
        refuse_writes(f"MATCH (n) RETURN n {before}{word}{after}n.x = 1")


@given(st.lists(st.sampled_from(["'", '"', "`", "/*", "*/", "//", "\n", "\\", " ", "x", "é", "数", "u0053", "RETURN n "]), max_size=14).map("".join))
def test_whatever_stands_before_it_a_write_is_found_unless_it_is_text(before):
    """Our reading against one by hand: the word after the noise stands outside strings, names and comments, or it does not."""
    text = f"MATCH (n) {before} SET n.x = 1"
    outside = _stands_outside(text, text.index(" SET n.x") + 1)
    try:
        refuse_writes(text)
    except QueryError:
        return
    assert not outside


def _stands_outside(text: str, position: int) -> bool:
    """A second reader, letter by letter: is the letter at `position` outside strings, quoted names and comments?"""
    state, i = "", 0
    while i < position:
        two = text[i : i + 2]
        if state == "":
            if two in ("//", "/*"):
                state, i = two, i + 1
            elif text[i] in "'\"`":
                state = text[i]
        elif state == "//":
            state = "" if text[i] == "\n" else state
        elif state == "/*":
            if two == "*/":
                state, i = "", i + 1
        elif text[i] == "\\" and state != "`":
            i += 1
        elif text[i] == state:
            state = ""
        i += 1
    return state == ""


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_but_never_breaks(text):
    try:
        refuse_writes(f"MATCH (n) RETURN n {text}")
        read_names(f"MATCH (n) RETURN n {text}")
    except QueryError:
        return
    assert not re.search(
        r"(?<![\w`'\".])(create|merge|delete|set)(?!\w)",
        re.sub(r"'[^']*'|\"[^\"]*\"|`[^`]*`|//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL),
        re.IGNORECASE,
    )


WHO_HAS_LEFT_COUNTS = {("household_succession", None), ("cooperative_founders", "m"), ("household_helper_lost", "m")}
"""Queries about what was, and by whom: their rows name people and households who may be there no more."""


def test_every_node_is_held_against_the_dates_of_its_kind():

    from graphkit.model.kinds import MODEL

    ends = {kind.label: (kind.since_column, kind.until_column) for kind in MODEL.nodes if kind.until_column}
    left_out = []
    for query in list_queries():
        if "as_of" not in {parameter.name for parameter in query.parameters}:
            continue
        for variable, label in re.findall(r"\((\w*):(\w+)\)", query.text.partition("*/")[2] or query.text):
            exempt = {(query.name, None), (query.name, variable)} & WHO_HAS_LEFT_COUNTS
            if label in ends and not exempt and not all(f"{variable}.{column}" in query.text for column in ends[label]):
                left_out.append((query.name, variable, label))
    assert left_out == []


def stage_on_the_day(node):
    """How a text says the stage of the day of the person `node`: as the model declares the course of it, the first step dated later decides."""
    [course] = [column.course for column in MEMBER.columns if column.course]
    parts, former = [], None
    for step in course.steps:
        below = f"CASE WHEN {node}.{former.dated_by} <= date($as_of) THEN '{former.value}' END" if former else f"'{course.before}'"
        parts.append(f"WHEN {node}.{step.dated_by} > date($as_of) THEN {below}")
        former = step
    return f"CASE {' '.join(parts)} ELSE {node}.stage END"


def test_every_query_of_a_day_that_reads_a_stage_reads_that_of_the_day():
    read = 0
    for query in list_queries():
        text = " ".join(query.text.split())
        for node in set(re.findall(r"(\w+)\.stage\b", text)) if "$as_of" in text else ():
            read += 1
            assert f"{node}.stage" not in text.replace(stage_on_the_day(node), ""), query.name
    assert read > 15
