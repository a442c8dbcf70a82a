"""Bridge figures, against a district counted by hand, SQL over the same rows, networkx, and the order they state."""

from __future__ import annotations

import datetime as dt

import duckdb
import networkx as nx
import pandas as pd
import pyarrow as pa
import pytest

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.generate import generate_district
from graphkit.network import Network, measures
from graphkit.network.measures import count_brokerage_roles, score_betweenness, score_constraint, score_participation
from graphkit.questions.bridges.find import SPAN_COLUMNS, find_bridge_figures
from graphkit.questions.files import read_finding, write_finding

DAY = dt.date(2012, 4, 30)

CONTRACT = [
    "subject_kind", "subject_id", "rank", "villages_spanned", "cooperatives_spanned", "branches_spanned", "offices", "ties", "constraint",
    "effective_size", "betweenness", "betweenness_error", "participation", "coordinator", "gatekeeper", "representative", "consultant", "liaison",
    "is_cut_point", "stranded_households", "stranded_people", "reason_zh", "reason_en",
]  # fmt: skip


def ids(*keys: str) -> pa.Table:
    return pa.table({"id": list(keys)})


@pytest.fixture(scope="module")
def hand() -> Tables:
    """The secretary of a village branch is secretary-general of an association whose people live in another village.

    east: s (also helps h2 in west), a, b in the branch; west: c, d with s in the association; d alone helps h3 and h4.
    """
    return Tables(
        {
            "Township": pa.table({"code": ["t"]}),
            "Village": pa.table({"code": ["east", "west"]}),
            "Branch": ids("branch"),
            "Cooperative": ids("association"),
            "Member": ids("a", "b", "c", "d", "s", "z"),
            "Household": ids("h1", "h2", "h3", "h4"),
            "Village IN Township": pa.table({"village_code": ["east", "west"], "township_code": ["t", "t"]}),
            "Member LIVES_IN Village": pa.table({"member_id": list("sabcd"), "village_code": ["east"] * 3 + ["west"] * 2}),
            "Household LIVES_IN Village": pa.table({"household_id": ["h1", "h2", "h3", "h4"], "village_code": ["east", "west", "west", "west"]}),
            "Member BELONGS_TO Branch": pa.table(
                {"member_id": list("sab"), "branch_id": ["branch"] * 3, "primary": [True] * 3, "office": ["书记", None, None]}
            ),
            "Member WORKS_IN Cooperative": pa.table(
                {"member_id": list("scd"), "cooperative_id": ["association"] * 3, "office": ["秘书长", None, None]}
            ),
            "Member HELPS Household": pa.table({"member_id": ["s", "d", "d"], "household_id": ["h2", "h3", "h4"], "kind": ["one_to_one"] * 3}),
        }
    )


@pytest.fixture(scope="module")
def figures(hand):
    return find_bridge_figures(Network.from_tables(hand, as_of=DAY))


@pytest.fixture(scope="module")
def made_up():
    return generate_district(villages=8, seed=3)


# --- by hand


def test_the_dual_office_comes_first(figures):
    first = figures.rows.iloc[0]
    assert (first["subject_id"], first["rank"]) == ("s", 1)
    assert first[list(SPAN_COLUMNS)].tolist() == [2, 1, 1, 2]
    assert first["ties"] == 4
    assert first["betweenness"] == 4  # a and b to c and d
    assert first["betweenness_error"] == 0
    assert first["participation"] == pytest.approx(0.5)  # two contacts in each village
    assert first[["coordinator", "gatekeeper", "representative", "consultant", "liaison"]].tolist() == [0, 4, 4, 0, 0]
    assert first["is_cut_point"]
    assert first[["stranded_households", "stranded_people"]].tolist() == [1, 2]  # a and b with the branch; h2 alone


def test_burts_measures_by_hand(figures):
    """s has two pairs of contacts, each pair tied: p = 1/4, and each contact q puts 1/2 on the other."""
    first = figures.rows.iloc[0]
    assert first["constraint"] == pytest.approx(4 * (1 / 4 + 1 / 4 * 1 / 2) ** 2)
    assert first["effective_size"] == pytest.approx(4 - 4 * 1 / 4)


def test_reasons_in_words(figures):
    rows = figures.rows.set_index("subject_id")
    assert rows.loc["s", "reason_en"] == (
        "holds office in 2 bodies; spans 2 villages; stands between 4 pairs of people from different villages with no tie of their own; "
        "on shortest paths of 4 pairs of others; without this person 2 people are cut off; without this person 1 household is cut off."
    )
    assert rows.loc["s", "reason_zh"] == (
        "在 2 个组织任职；联系 2 个村；居于不同村、彼此不相连的 4 对人之间；位于 4 对其他人的最短路径上；失去此人将断开 2 人；失去此人将断开 1 户。"
    )
    assert rows.loc["d", "reason_en"] == "without this person 2 households are cut off."
    assert rows.loc["z", "reason_zh"] == "未见桥接迹象。"
    assert rows.loc["z", "reason_en"] == "No sign of bridging."


def test_who_has_no_ties_is_unknown_not_zero(figures):
    alone = figures.rows.set_index("subject_id").loc["z"]
    assert alone[["constraint", "effective_size", "participation"]].isna().all()
    assert alone[["ties", "villages_spanned", "betweenness"]].tolist() == [0, 0, 0]
    assert figures.rows["subject_id"].iloc[-1] == "z"


def test_a_post_and_a_liaison_span_too(hand):
    more = hand.replace(
        {
            "Member HOLDS_POST_IN Village": pa.table({"member_id": ["a"], "village_code": ["west"], "post": ["help"]}),
            "Cooperative": ids("association", "other"),
            "Member LIAISES Cooperative": pa.table({"member_id": ["c"], "cooperative_id": ["other"]}),
        }
    )
    rows = find_bridge_figures(Network.from_tables(more, as_of=DAY)).rows.set_index("subject_id")
    assert rows.loc["a", "villages_spanned"] == 2
    assert rows.loc["c", "cooperatives_spanned"] == 2


def test_what_has_ended_spans_nothing(hand):
    ended = pa.table({"member_id": ["s"], "household_id": ["h2"], "kind": ["one_to_one"], "until": [dt.date(2011, 1, 1)]})
    finding = find_bridge_figures(Network.from_tables(hand.replace({"Member HELPS Household": ended}), as_of=DAY))
    assert finding.rows.set_index("subject_id").loc["s", "villages_spanned"] == 1
    assert finding.as_of == DAY


# --- other ways to count


def test_spans_equal_sql(made_up):
    stood = made_up.at(DAY)
    tables = {name: stood[name] for name in stood if " " in name or name == "Member"}
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        expected = connection.execute("""
            with place as (
                select member_id, village_code from "Member LIVES_IN Village"
                union select member_id, village_code from "Member HOLDS_POST_IN Village"
                union select p.member_id, h.village_code from "Member HELPS Household" p join "Household LIVES_IN Village" h using (household_id)
            ), coop as (
                select member_id, cooperative_id from "Member WORKS_IN Cooperative" union select member_id, cooperative_id from "Member LIAISES Cooperative"
            ), office as (
                select member_id, 'b' || branch_id as body from "Member BELONGS_TO Branch" where office is not null
                union select member_id, 'c' || cooperative_id from "Member WORKS_IN Cooperative" where office is not null
            )
            select id,
                (select count(distinct village_code) from place where member_id = id) as villages_spanned,
                (select count(distinct cooperative_id) from coop where member_id = id) as cooperatives_spanned,
                (select count(distinct branch_id) from "Member BELONGS_TO Branch" where member_id = id) as branches_spanned,
                (select count(*) from office where member_id = id) as offices
            from "Member" order by id
        """).df()
    got = find_bridge_figures(Network.from_tables(made_up, as_of=DAY)).rows.sort_values("subject_id", ignore_index=True)
    assert got["subject_id"].tolist() == expected["id"].tolist()
    for name in SPAN_COLUMNS:
        assert got[name].tolist() == expected[name].tolist(), name
    assert (got["offices"] > 1).any()


LOOSE = {  # by hand: what says where somebody is, or that somebody was there once
    "Village IN Township", "Cooperative OPERATES_IN Village", "Branch SERVES Village", "Member LIVES_IN Village", "Household LIVES_IN Village",
    "Member HOLDS_POST_IN Village", "Member ATTENDED Training", "Household ATTENDED Training",
}  # fmt: skip


def test_losses_equal_networkx(made_up):
    stood = made_up.at(DAY)
    graph = nx.Graph()
    for name, table in stood.items():
        parts = name.split(" ")
        if len(parts) == 1:
            graph.add_nodes_from((name, key) for key in table.column(0).to_pylist())
        elif name not in LOOSE:
            graph.add_edges_from(
                ((parts[0], a), (parts[2], b)) for a, b in zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True)
            )
    cut = set(nx.articulation_points(graph))
    rows = find_bridge_figures(Network.from_tables(made_up, as_of=DAY)).rows.set_index("subject_id")
    assert {("Member", key) for key in rows.index[rows["is_cut_point"]]} == {node for node in cut if node[0] == "Member"}
    for key in [*rows.index[rows["is_cut_point"]][:40], *rows.index[~rows["is_cut_point"]][:5]]:
        rest = graph.subgraph(nx.node_connected_component(graph, ("Member", key)) - {("Member", key)})
        pieces = [(len(p), sum(k == "Member" for k, _ in p), sum(k == "Household" for k, _ in p)) for p in nx.connected_components(rest)]
        pieces.remove(max(pieces, default=None)) if pieces else None
        assert rows.loc[key, ["stranded_people", "stranded_households"]].tolist() == [sum(p[1] for p in pieces), sum(p[2] for p in pieces)]


@pytest.mark.parametrize("held_on", [dt.date(2011, 1, 1), dt.date(2030, 1, 1), None])
def test_a_training_session_holds_nobody_together(held_on):
    """m1 alone helps h1 and h2; that both households, and the look-alike m2 with h3, sat in one session changes nothing."""
    pairs = [("m1", "h1"), ("m1", "h2"), ("m2", "h3")]
    district = {
        "Member": pa.table({"id": ["m1", "m2"]}), "Household": pa.table({"id": ["h1", "h2", "h3"]}),
        "Member HELPS Household": pa.table({"member_id": [m for m, _ in pairs], "household_id": [h for _, h in pairs], "kind": ["one_to_one"] * 3}),
    }  # fmt: skip
    session = {
        "Training": pa.table({"id": ["t"], "held_on": pa.array([held_on], pa.date32())}),
        "Member ATTENDED Training": pa.table({"member_id": ["m1", "m2"], "training_id": ["t"] * 2}),
        "Household ATTENDED Training": pa.table({"household_id": ["h1", "h2", "h3"], "training_id": ["t"] * 3}),
    }
    for tables in (Tables(district), Tables({**district, **session})):
        rows = find_bridge_figures(Network.from_tables(tables, as_of=DAY)).rows.set_index("subject_id")
        assert rows["is_cut_point"].to_dict() == {"m1": True, "m2": False}
        assert rows["stranded_households"].to_dict() == {"m1": 1, "m2": 0}


def test_measures_are_those_of_the_people_network(made_up):
    network = Network.from_tables(made_up, as_of=DAY)
    people = network.project_people(max_body_people=20)
    rows = find_bridge_figures(network, group="branch", max_body_people=20).rows.set_index("subject_id")
    members = people.ids[people.mask("Member")]
    for name, measure in (("constraint", score_constraint), ("betweenness", score_betweenness)):
        pd.testing.assert_series_equal(rows[name][members], measure(people)[members], check_names=False)
    pd.testing.assert_series_equal(rows["participation"][members], score_participation(people, group="branch")[members], check_names=False)
    assert rows["liaison"][members].tolist() == count_brokerage_roles(people, group="branch")["a_b_c_liaison"][members].tolist()


# --- laws


def test_columns_and_rows_are_as_declared(made_up):
    finding = find_bridge_figures(Network.from_tables(made_up, as_of=DAY))
    assert list(finding.rows.columns) == CONTRACT
    assert sorted(finding.rows["subject_id"]) == sorted(made_up["Member"]["id"].to_pylist())
    assert (finding.rows["subject_kind"] == "Member").all()
    assert finding.mark_column == "rank"
    assert all(column.heading.zh and column.heading.en and column.meaning.zh and column.meaning.en for column in finding.columns)


def test_the_rank_is_the_stated_order(made_up):
    rows = find_bridge_figures(Network.from_tables(made_up, as_of=DAY)).rows
    assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
    keys = [
        (
            -sum([
                *(row[name] >= 2 for name in SPAN_COLUMNS), row["gatekeeper"] + row["liaison"] > 0, row["stranded_people"] + row["stranded_households"] > 0
            ]), -round(row["betweenness"], 3), -row["stranded_people"], -row["stranded_households"],
            round(row["constraint"], 6) if row["constraint"] == row["constraint"] else 9, row["subject_id"],
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip
    assert keys == sorted(keys)


def test_every_reason_speaks_of_its_own_row(made_up):
    rows = find_bridge_figures(Network.from_tables(made_up, as_of=DAY)).rows
    for row in rows.to_dict("records"):
        for name, least, zh, en in (
            ("offices", 2, "在 {} 个组织任职", "holds office in {} bodies"),
            ("villages_spanned", 2, "联系 {} 个村", "spans {} villages"),
            ("branches_spanned", 2, "编入 {} 个党组织", "belongs to {} branches"),
            ("stranded_people", 1, "断开 {} 人", "without this person {} p"),
            ("stranded_households", 1, "断开 {} 户", "without this person {} h"),
        ):
            said = row[name] >= least
            assert (zh.format(row[name]) in row["reason_zh"]) == said
            assert (en.format(row[name]) in row["reason_en"]) == said


def test_large_numbers_set_their_thousands_apart():
    finding = find_bridge_figures(Network.from_networkx(nx.star_graph(100)))
    assert finding.rows["reason_en"].iloc[0] == "on shortest paths of 4,950 pairs of others; without this person 99 people are cut off."


def test_the_order_of_rows_does_not_matter(made_up):
    backwards = Tables({name: table.take(pa.array(range(table.num_rows - 1, -1, -1), pa.int64())) for name, table in made_up.items()})
    one, other = (find_bridge_figures(Network.from_tables(tables, as_of=DAY)).rows for tables in (made_up, backwards))
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_people_network_gives_the_same_answer(made_up):
    network = Network.from_tables(made_up, as_of=DAY)
    pd.testing.assert_frame_equal(find_bridge_figures(network).rows, find_bridge_figures(network.project_people()).rows)


def test_personal_names_stay_out(made_up):
    finding = find_bridge_figures(Network.from_tables(made_up, as_of=DAY))
    names = {name for name in made_up["Member"]["name"].to_pylist() if name}
    shown = finding.to_html("zh", head=None) + "".join(finding.rows["reason_zh"])
    assert not any(name in shown for name in names)


def test_it_survives_a_file(figures, tmp_path):
    back = read_finding(write_finding(figures, tmp_path / "bridges.parquet"))
    pd.testing.assert_frame_equal(back.rows, figures.rows, check_dtype=False)
    assert back.columns == figures.columns


# --- caveats and parameters


def test_caveats_say_what_was_done(hand):
    finding = find_bridge_figures(Network.from_tables(hand, as_of=DAY), max_body_people=2)
    english = " ".join(caveat.en for caveat in finding.caveats)
    for words in (
        "the rank is no index",
        "Betweenness is exact",
        "the village they live in",
        "more than 2 people (association, branch) stay nodes",
        "of 1 people is unknown",
        "in no village",
    ):
        assert words in english
    assert all(caveat.zh for caveat in finding.caveats)


def test_sampled_betweenness_states_its_error(made_up, monkeypatch):
    monkeypatch.setattr(measures, "EXACT_CLASSES", 10)
    network = Network.from_tables(made_up, as_of=DAY)
    finding = find_bridge_figures(network, pivots=40)
    assert any("40 pivots" in caveat.en and "40 个起点" in caveat.zh for caveat in finding.caveats)
    assert (finding.rows["betweenness_error"] > 0).any()
    assert "±" in finding.rows["reason_zh"].iloc[0]
    pd.testing.assert_frame_equal(finding.rows, find_bridge_figures(network, pivots=40).rows, check_exact=True)
    assert not finding.rows["betweenness"].equals(find_bridge_figures(network, pivots=40, seed=1).rows["betweenness"])


def test_parameters_that_cannot_be_used(figures, hand):
    network = Network.from_tables(hand, as_of=DAY)
    with pytest.raises(ParameterError, match="there are 'village', 'township', 'cooperative', 'branch'"):
        find_bridge_figures(network, group="hamlet")
    with pytest.raises(ParameterError, match="pivots is at least 2"):
        find_bridge_figures(network, pivots=1)
    with pytest.raises(ParameterError, match="max_body_people"):
        find_bridge_figures(network, max_body_people=0)


# --- any graph


def test_any_graph_has_bridge_figures():
    finding = find_bridge_figures(Network.from_networkx(nx.florentine_families_graph()))
    assert list(finding.rows.columns) == CONTRACT
    assert (finding.rows["subject_kind"] == "Node").all()
    assert finding.rows["subject_id"].iloc[0] == "Medici"
    assert finding.rows["villages_spanned"].isna().all()
    assert finding.rows["liaison"].isna().all()
    assert finding.rows.loc[0, "stranded_people"] == 3  # Acciaiuoli; Salviati with Pazzi
    assert any("no groups" in caveat.en for caveat in finding.caveats)


def test_any_graph_may_have_groups():
    graph = nx.karate_club_graph()
    finding = find_bridge_figures(Network.from_networkx(graph, groups=("club",)), group="club")
    assert finding.rows["subject_id"].iloc[0] == "0"
    assert "from different groups" in finding.rows["reason_en"].iloc[0]
    assert finding.rows["participation"].notna().all()


@pytest.mark.parametrize("network", [Network.from_tables(Tables({})), Network.from_networkx(nx.Graph())])
def test_nothing_in_nothing_out(network):
    finding = find_bridge_figures(network)
    assert len(finding) == 0
    assert list(finding.rows.columns) == CONTRACT
    assert finding.to_html("zh")
