"""%cypher and %%cypher in a real IPython shell, and the small drawn graph."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from graphkit.errors import ParameterError, QueryError
from graphkit.notebook import DrawnGraph, draw_answer
from graphkit.notebook.drawing import SHOWN_NODES
from graphkit.notebook.magic import read_line
from graphkit.store.local.store import LocalStore
from tests.random_tables import make_random_tables


class FakeStore:
    """A store that writes down what it is asked, and answers with the rows it was made with."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows, self.asked, self.limits, self.closed = rows, [], [], False

    def query(self, name: str, /, *, timeout_s: float = 120.0, **parameters: Any) -> pd.DataFrame:
        self.asked.append((name, parameters))
        self.limits.append(timeout_s)
        return self.rows

    def write(self, tables, *, progress=None):
        raise AssertionError

    read = holds = write

    def close(self):
        self.closed = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@pytest.fixture
def shell():
    shell = InteractiveShell()
    shell.extension_manager.load_extension("graphkit.notebook")
    yield shell
    shell.extension_manager.unload_extension("graphkit.notebook")
    assert "cypher" not in shell.magics_manager.magics["line"]
    shell.history_manager.end_session()


@pytest.fixture
def store(shell) -> FakeStore:
    shell.user_ns["store"] = FakeStore(pd.DataFrame({"zone_id": ["z1"]}))
    return shell.user_ns["store"]


def test_a_line_asks_a_named_query(shell, store):
    rows = shell.run_line_magic("cypher", "member_stale_pairings as_of=2012-01-31 stale_days=90")
    assert store.asked == [("member_stale_pairings", {"as_of": "2012-01-31", "stale_days": "90"})]
    pd.testing.assert_frame_equal(rows, store.rows)


def test_a_line_takes_values_from_the_notebook(shell, store):
    shell.user_ns["day"] = "2011-12-31"
    shell.run_line_magic("cypher", "zone_without_member as_of=$day")
    assert store.asked == [("zone_without_member", {"as_of": "2011-12-31"})]


def test_a_cell_asks_a_text_with_its_parameters(shell, store):
    text = "MATCH (z:Zone) WHERE z.id = $id RETURN z.id AS zone_id, $n AS n, $who AS who, $none AS none\n"
    shell.run_cell_magic("cypher", "id=z1 n=3 who='a b' none=null", text)
    assert store.asked == [(text, {"id": "z1", "n": 3, "who": "a b", "none": None})]


def test_rows_go_into_a_variable(shell, store):
    assert shell.run_line_magic("cypher", "zone_without_member --to zones") is None
    pd.testing.assert_frame_equal(shell.user_ns["zones"], store.rows)


@pytest.fixture
def page_of_two(tmp_path) -> str:
    """A folder with two made-up people, in a branch and at home in a village."""
    import pyarrow as pa

    from graphkit.data.tables import Tables

    place = tmp_path / "two.gk"
    LocalStore(place).write(
        Tables(
            {
                "Member": pa.table({"id": ["m1", "m2"], "name": ["甲乙丙", "丁戊己"]}),
                "Branch": pa.table({"id": ["b1"], "name": ["东村支部"]}),
                "Member BELONGS_TO Branch": pa.table({"member_id": ["m1", "m2"], "branch_id": ["b1", "b1"], "primary": [True, True]}),
            }
        )
    )
    return str(place)


def test_names_are_shown_and_kept_only_if_the_line_says_so(shell, page_of_two, capsys):
    hidden = shell.run_line_magic("cypher", f"member_page --store {page_of_two}")
    assert hidden["name"].tolist() == ["***", "***"]
    assert hidden["member_id"].tolist() == ["m1", "m2"]
    told = capsys.readouterr().out
    assert "人名（name）以 *** 代替，加 --names 才显示 · people's names stand as ***, --names shows them" in told
    shell.run_line_magic("cypher", f"branch_roster --store {page_of_two} --to roster")
    assert shell.user_ns["roster"]["name"].tolist() == ["***", "***"]
    shown = shell.run_line_magic("cypher", f"member_page --store {page_of_two} --names")
    assert shown["name"].tolist() == ["甲乙丙", "丁戊己"]
    assert "***" not in capsys.readouterr().out


def test_rows_are_preceded_by_the_day_the_dataset_and_the_parameters(shell, page_of_two, capsys):
    shell.run_line_magic("cypher", f"branch_roster branch_id=b1 as_of=2012-04-30 --store {page_of_two}")
    assert capsys.readouterr().out.splitlines()[0] == "截至 · as of 2012-04-30；数据集 · dataset district；branch_id=b1"


@pytest.mark.embedded
def test_a_cell_hides_names_in_columns_nodes_and_maps(shell, page_of_two, capsys):
    text = "MATCH (m:Member)-[r:BELONGS_TO]->(b:Branch) RETURN m.name AS who, b.name AS branch, m {.id, .name} AS map, m AS node ORDER BY m.id"
    drawn = shell.run_cell_magic("cypher", f"--store {page_of_two}", text)
    assert "甲乙丙" not in repr(drawn.rows.to_dict("records")) + drawn.to_html() + capsys.readouterr().out
    assert drawn.rows["branch"].tolist() == ["东村支部"] * 2
    shown = shell.run_cell_magic("cypher", f"--names --store {page_of_two}", text)
    assert shown.rows["who"].tolist() == ["甲乙丙", "丁戊己"]


def test_a_time_limit_is_passed_on(shell, store):
    shell.run_line_magic("cypher", "zone_without_member --timeout 2.5")
    assert store.limits == [2.5]


def test_another_store_is_named_by_its_variable(shell, store):
    other = shell.user_ns["other"] = FakeStore(pd.DataFrame({"n": [1]}))
    shell.run_line_magic("cypher", "zone_without_member --store other")
    assert (len(other.asked), store.asked) == (1, [])


def test_a_wrong_name_or_value_is_told_before_a_store_is_needed(shell):
    with pytest.raises(QueryError, match="did you mean zone_without_member"):
        shell.run_line_magic("cypher", "zone_without_members")
    with pytest.raises(ParameterError, match="a date as YYYY-MM-DD"):
        shell.run_line_magic("cypher", "zone_without_member as_of=yesterday")
    with pytest.raises(QueryError, match="queries only read"):
        shell.run_cell_magic("cypher", "", "CREATE (n)")
    with pytest.raises(ParameterError, match=r"the text uses \$id"):
        shell.run_cell_magic("cypher", "", "MATCH (z:Zone {id: $id}) RETURN z")
    with pytest.raises(ParameterError, match="there is no variable 'store'"):
        shell.run_line_magic("cypher", "zone_without_member")


@pytest.mark.parametrize(
    ("line", "named"),
    [("", True), ("a b", True), ("a=1", True), ("zone_without_member", False), ("--store", False), ("a --timeout soon", True), ("a who='x", True)],
)
def test_a_line_that_cannot_be_read_is_told_how(line, named):
    with pytest.raises(ParameterError, match=r"write %+cypher .*--store STORE"):
        read_line(line, named=named)


@pytest.mark.embedded
def test_on_a_folder_the_magic_reads_draws_and_refuses_writes(shell, tmp_path):
    place = tmp_path / "random.gk"
    tables = make_random_tables(3)
    LocalStore(place).write(tables)
    roster = shell.run_line_magic("cypher", f"branch_roster --store {place}")
    assert list(roster.columns)[:2] == ["branch_id", "member_id"]
    drawn = shell.run_cell_magic("cypher", f"--store {place}", "MATCH path = (m:Member)-[:HELPS]->(h:Household) RETURN path, m.id AS id ORDER BY id")
    assert isinstance(drawn, DrawnGraph)
    pairs = {(row["member_id"], row["household_id"]) for row in tables["Member HELPS Household"].to_pylist()}
    assert len(drawn.ties) == tables["Member HELPS Household"].num_rows
    assert len(drawn.nodes) == len({m for m, _ in pairs}) + len({h for _, h in pairs})
    with pytest.raises(QueryError, match="queries only read"):
        shell.run_cell_magic("cypher", f"--store {place}", "MATCH (n) DETACH DELETE n")


# The drawn graph


def node(place: str, label: str, **values: Any) -> Any:
    class One(dict):
        element_id, labels = place, frozenset([label] if label else [])

    return One(values)


def tie(place: str, source: Any, name: str, target: Any) -> Any:
    return SimpleNamespace(element_id=place, start_node=source, end_node=target, type=name, nodes=(source, target))


def test_people_are_drawn_by_id_and_places_by_name():
    person, village = node("1", "Member", id="m1", name="张三"), node("2", "Village", code="230112001201", name="城建村")
    drawn = draw_answer(pd.DataFrame({"m": [person], "ties": [[tie("3", person, "LIVES_IN", village)]]}))
    assert repr(drawn) == "DrawnGraph(2 nodes, 1 ties; the answer is .rows)"
    page = drawn.to_html()
    assert "m1" in page
    assert "城建村" in page
    assert "张三" not in page
    assert "人员居住村 · member lives in village" in page
    assert drawn._repr_html_() == page


def test_a_node_known_from_a_tie_alone_is_filled_in_when_it_comes():
    stub, person = node("1", ""), node("1", "Member", id="m1")
    house = node("2", "Household", id="h1")
    drawn = draw_answer(pd.DataFrame({"r": [tie("3", stub, "HELPS", house)], "m": [person]}))
    assert [(n.kind, n.words) for n in drawn.nodes] == [("Member", "m1"), ("Household", "h1")]


def test_nothing_a_name_holds_becomes_markup():
    drawn = draw_answer(pd.DataFrame({"v": [node("1", "Village", code="2", name="<script>alert(1)</script>' onload='x")]}))
    page = drawn.to_html()
    assert "<script" not in page
    assert not re.search(r"onload='x", page)


def test_a_large_graph_says_how_much_of_it_is_drawn():
    drawn = draw_answer(pd.DataFrame({"n": [node(str(i), "Household", id=f"h{i}") for i in range(SHOWN_NODES + 5)]}))
    page = drawn.to_html()
    assert f"the first {SHOWN_NODES} are drawn" in page
    assert page.count("<polygon") == SHOWN_NODES + 1  # and one in the legend


def test_rows_without_a_node_are_left_as_they_are():
    assert draw_answer(pd.DataFrame({"id": ["m1"], "days": [[1, 2]], "about": [{"a": None}]})) is None
