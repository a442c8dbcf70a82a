"""Bridge figures, against a district counted by hand, SQL over the same rows, networkx, and the order they state."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import duckdb
import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.generate import generate_district
from graphkit.network import Network, between
from graphkit.network.holding import HOLDING as HELD
from graphkit.questions.bridges.find import find_bridge_figures
from graphkit.questions.bridges.losses import find_bridge_ties, find_losses, list_blocks
from graphkit.questions.bridges.measuring import measure_bridges
from graphkit.questions.bridges.spans import SPAN_COLUMNS
from graphkit.questions.bridges.sureness import bound_ranks
from graphkit.questions.files import read_finding, write_finding

DAY = dt.date(2012, 4, 30)

CONTRACT = [
    "subject_kind", "subject_id", "rank", "equal_others", "stranded_people", "stranded_households", "sole_households", "stranded_cooperatives",
    "stranded_branches", "stranded_groups", "betweenness", "betweenness_error", "part_people", "ties", "is_cut_point", "villages_spanned", "cooperatives_spanned", "branches_spanned",
    "offices", "unread_rows", "reason_zh", "reason_en",
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
    assert (first["subject_id"], first["rank"], first["equal_others"]) == ("s", 1, 0)
    assert first[list(SPAN_COLUMNS)].tolist() == [2, 1, 1, 2]
    assert first["ties"] == 3  # the branch, the association, h2
    assert first["betweenness"] == 4  # a and b to c and d
    assert first["betweenness_error"] == 0
    assert first["is_cut_point"]
    lost = ["stranded_people", "stranded_households", "stranded_cooperatives", "stranded_branches", "stranded_groups"]
    assert first[lost].tolist() == [2, 1, 0, 1, 2]  # of two pieces with two people the association's stays, with h3 and h4; a and b fall off, and h2


def test_the_only_helper_of_two_households_is_no_bridge_for_it(figures):
    rows = figures.rows
    assert rows["subject_id"].tolist() == ["s", "a", "b", "c", "d", "z"]
    assert rows["rank"].tolist() == [1, 2, 2, 2, 2, 2]
    assert rows["equal_others"].tolist() == [0, 4, 4, 4, 4, 4]
    assert rows.loc[4, ["stranded_people", "stranded_households", "sole_households", "betweenness"]].tolist() == [0, 2, 2, 0]
    assert rows["part_people"].tolist() == [5, 5, 5, 5, 5, 1]


def test_reasons_in_words(figures):
    rows = figures.rows.set_index("subject_id")
    assert rows.loc["s", "reason_en"] == (
        "alone between co-operative association and branch branch; without this person 2 people and 1 household (on this person alone) in "
        "2 villages, 1 branch fall off; "
        "on the shortest paths of 4 pairs of people; holds office in 2 bodies; lives, holds a post or helps households in 2 villages."
    )
    assert rows.loc["s", "reason_zh"] == (
        "只有此人连接 合作组织 association 与 党组织 branch；失去此人，2 人、1 户（只靠此人）（分属 2 个村）、1 个党组织断开；4 对人的最短路径经过此人；"
        "在 2 个组织任职；在 2 个村居住、任岗或帮户。"
    )
    assert rows.loc["d", "reason_en"] == "without this person 2 households (on this person alone) fall off; and 4 others share the rank."
    assert rows.loc["z", "reason_zh"] == "未见桥接迹象；另有 4 人名次相同。"
    assert rows.loc["z", "reason_en"] == "No sign of bridging; and 4 others share the rank."


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


HOLDING = {  # by hand: what puts people in touch; a household is reached and hands nothing on
    "Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Household JOINED Cooperative", "Member HELPS Household", "Member MENTORS Member",
    "Member LIAISES Cooperative", "Member HOLDS_POST_IN Village", "Member RESPONSIBLE_FOR Zone", "Zone COVERS Household",
}  # fmt: skip


def as_graph(tables: Tables) -> nx.Graph:
    graph = nx.Graph()
    for name, table in tables.at(DAY).items():
        parts = name.split(" ")
        if len(parts) == 1:
            graph.add_nodes_from((name, key) for key in table.column(0).to_pylist())
        elif name in HOLDING:
            graph.add_edges_from(
                ((parts[0], a), (parts[2], b)) for a, b in zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True)
            )
    return graph


def parts_and_sole(graph: nx.Graph) -> tuple[dict[str, set[str]], Counter[str]]:
    """The people of the part of each person, and how many households hang on nobody else: on nothing but the person, and places or zones of theirs."""
    carriers = graph.subgraph([node for node in graph if node[0] != "Household"])
    parts = {}
    for part in nx.connected_components(carriers):
        people = {key for kind, key in part if kind == "Member"}
        parts |= dict.fromkeys(people, people)
    sole: Counter[str] = Counter()
    for household in (node for node in graph if node[0] == "Household"):
        keepers: set[tuple[str, str]] = set()
        for node in graph[household]:
            if node[0] != "Member" and not carriers[node]:
                continue  # nobody is there
            keepers |= set(carriers[node]) if node[0] == "Zone" else {node}
        if len(keepers) == 1 and next(iter(keepers))[0] == "Member":
            sole[next(iter(keepers))[1]] += 1
    return parts, sole


def lose(graph: nx.Graph, lost: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """What is cut off, by removing nodes: all outside the piece with most people of each part."""
    carriers = graph.subgraph([node for node in graph if node[0] != "Household"])
    cut, stays = set(), set(carriers)
    for part in nx.connected_components(carriers):
        pieces = list(nx.connected_components(carriers.subgraph(part - lost)))
        kept = max(pieces, key=lambda piece: sum(kind == "Member" for kind, _ in piece), default=set())
        if not any(kind == "Member" for kind, _ in part):
            stays -= part  # nobody there
        elif part & lost:
            stays -= part - (kept if any(kind == "Member" for kind, _ in kept) else set())
            cut |= (part & set(carriers)) - stays - lost
    peopled = {node for part in nx.connected_components(carriers) if any(kind == "Member" for kind, _ in part) for node in part}
    homes = {node for node in graph if node[0] == "Household" and set(graph[node]) & peopled and not set(graph[node]) & (stays - lost)}
    return cut | homes


def test_everything_equals_networkx_on_the_one_network(made_up):
    graph = as_graph(made_up)
    carriers = graph.subgraph([node for node in graph if node[0] != "Household"])
    people = [node for node in graph if node[0] == "Member"]
    between = nx.betweenness_centrality_subset(carriers, people, people)
    rows = find_bridge_figures(Network.from_tables(made_up, as_of=DAY)).rows.set_index("subject_id")
    assert rows["betweenness"].to_dict() == pytest.approx({key: between["Member", key] for key in rows.index}, abs=1e-8)
    assert rows["ties"].to_dict() == {key: graph.degree(("Member", key)) for key in rows.index}
    lives = {
        ("Member", key): code
        for key, code in zip(*(made_up["Member LIVES_IN Village"][name].to_pylist() for name in ("member_id", "village_code")), strict=True)
    }
    assert lives
    for key, row in rows.iterrows():
        fallen = lose(graph, {("Member", key)})
        count = [sum(kind == wanted for kind, _ in fallen) for wanted in ("Member", "Household", "Cooperative", "Branch")]
        assert row[["stranded_people", "stranded_households", "stranded_cooperatives", "stranded_branches"]].tolist() == count, key
        assert row["is_cut_point"] == bool(sum(count))


def test_whoever_cuts_people_off_is_between_them(made_up):
    """Whoever cuts people off is between them: both are counted on one network."""
    rows = find_bridge_figures(Network.from_tables(made_up, as_of=DAY)).rows
    parted = rows["stranded_people"] > 0
    assert parted.any()
    assert (rows.loc[parted, "betweenness"] >= rows.loc[parted, "stranded_people"] - 1e-9).all()


def test_find_losses_equals_removal(made_up):
    graph, network = as_graph(made_up), Network.from_tables(made_up, as_of=DAY)
    first = find_bridge_figures(network).rows["subject_id"].tolist()
    branch, coop = ("Branch", made_up["Branch"]["id"][0].as_py()), ("Cooperative", made_up["Cooperative"]["id"][0].as_py())
    for lost in ([("Member", first[0])], [("Member", key) for key in first[:4]], [branch], [coop, branch, ("Member", first[1])]):
        finding = find_losses(network, lost)
        assert set(zip(finding.rows["subject_kind"], finding.rows["subject_id"], strict=True)) == lose(graph, set(lost))
    rows = find_bridge_figures(network).rows
    alone = rows[rows["stranded_people"] > 1].iloc[0]
    one = find_losses(network, [alone["subject_id"]])
    people = (one.rows["subject_kind"] == "Member").sum()
    assert people == alone["stranded_people"]
    assert f"{people} people" in one.caveats[0].en
    touching = one.rows[one.rows["subject_kind"].isin(["Member", "Household"])]
    assert touching["group"].nunique() == alone["stranded_groups"]


def test_losses_of_what_is_not_there_are_refused(made_up):
    network = Network.from_tables(made_up, as_of=DAY)
    with pytest.raises(ParameterError, match="is not in the network"):
        find_losses(network, ["nobody"])


def test_bridge_ties_and_blocks_equal_networkx(made_up):
    graph = as_graph(made_up)
    carriers = graph.subgraph([node for node in graph if node[0] != "Household"])
    network = Network.from_tables(made_up, as_of=DAY)
    ties = find_bridge_ties(network)
    got = {frozenset([(row.source_kind, row.source_id), (row.target_kind, row.target_id)]) for row in ties.itertuples()}
    assert got == {frozenset(tie) for tie in nx.bridges(carriers)}
    blocks = list_blocks(network).groupby("block")[["kind", "id"]].apply(lambda rows: frozenset(map(tuple, rows.to_numpy().tolist())))
    assert set(blocks) == {frozenset(block) for block in nx.biconnected_components(carriers)}


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
        assert rows["stranded_households"].to_dict() == {"m1": 2, "m2": 1}
        assert rows["stranded_people"].to_dict() == {"m1": 0, "m2": 0}


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
    parts, sole = parts_and_sole(as_graph(made_up))
    assert rows["part_people"].tolist() == [len(parts[key]) for key in rows["subject_id"]]
    assert rows["sole_households"].tolist() == [sole[key] for key in rows["subject_id"]]
    assert (rows["sole_households"] <= rows["stranded_households"]).all()
    lost = rows["stranded_people"] + rows["stranded_households"] - rows["sole_households"]
    joined = rows["betweenness"] + [(len(parts[key]) - 1) * int(n) for key, n in zip(rows["subject_id"], lost, strict=True)]
    keys = list(zip((-joined).round(5), -(rows["stranded_cooperatives"] + rows["stranded_branches"]), strict=True))
    assert keys == sorted(keys)
    assert rows["rank"].tolist() == [1 + sum(other < key for other in keys) for key in keys]
    assert (rows["equal_others"] == rows.groupby("rank")["rank"].transform("size") - 1).all()


def test_in_one_part_nobody_stands_before_one_who_is_no_worse_in_anything_and_better_in_one(made_up):
    rows = find_bridge_figures(Network.from_tables(made_up, as_of=DAY)).rows
    parts, _ = parts_and_sole(as_graph(made_up))
    rows = rows.assign(held=rows["stranded_households"] - rows["sole_households"], part=[min(parts[key]) for key in rows["subject_id"]])
    assert len(set(rows["part"])) > 1
    for _, of_part in rows.groupby("part"):
        measures = of_part[["betweenness", "stranded_people", "held"]].to_numpy(float).round(6)
        ranks = of_part["rank"].to_numpy()
        for measure, rank in zip(measures, ranks, strict=True):
            dominated = (measures <= measure).all(axis=1) & (measures < measure).any(axis=1)
            assert (ranks[dominated] > rank).all()


def test_every_reason_speaks_of_its_own_row(made_up):
    rows = find_bridge_figures(Network.from_tables(made_up, as_of=DAY)).rows
    for row in rows.to_dict("records"):
        for name, least, zh, en in (
            ("offices", 2, "在 {} 个组织任职", "holds office in {} bodies"),
            ("villages_spanned", 2, "在 {} 个村居住、任岗或帮户", "lives, holds a post or helps households in {} villages"),
            ("branches_spanned", 2, "编入 {} 个党组织", "belongs to {} branches"),
            ("stranded_people", 1, "{} 人", "without this person {} p"),
            ("stranded_households", 1, "{} 户", "{} household"),
        ):
            said = row[name] >= least
            assert (zh.format(row[name]) in row["reason_zh"].split("；另有")[0]) == said or name == "stranded_people"
            assert (en.format(row[name]) in row["reason_en"]) == said
        assert ("fall" in row["reason_en"]) == row["is_cut_point"] == ("断开" in row["reason_zh"])


def test_large_numbers_set_their_thousands_apart():
    finding = find_bridge_figures(Network.from_networkx(nx.star_graph(100)))
    assert finding.rows["reason_en"].iloc[0].endswith("without this person 99 people fall off; on the shortest paths of 4,950 pairs of people.")


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
    finding = find_bridge_figures(Network.from_tables(hand, as_of=DAY))
    english = " ".join(caveat.en for caveat in finding.caveats)
    for words in (
        "These ties hold people together: membership of a branch, co-operative or helping unit, pairing",
        "these do not: place, what a branch serves or a helping unit assists, the chain of command, or of a federation, attendance",
        "cut off the other people of their part of the network",
        "Households that hang on the person alone",
        "equals share a rank",
        "Betweenness is exact",
        "the village they live in",
        "of 1 people is unknown",
    ):
        assert words in english
    assert all(caveat.zh for caveat in finding.caveats)


def test_what_holds_is_a_parameter(hand):
    network = Network.from_tables(hand, as_of=DAY)
    through_places = find_bridge_figures(network, holding=(*HELD, "place")).rows.set_index("subject_id")
    assert through_places.loc["s", "stranded_people"] == 0  # a, b live in east with s; but nobody of east ...
    only_pairing = find_bridge_figures(network, holding=["pairing"]).rows.set_index("subject_id")
    assert only_pairing["betweenness"].max() == 0
    with pytest.raises(ParameterError, match="holding names roles"):
        find_bridge_figures(network, holding=["friendship"])
    with pytest.raises(ParameterError, match="hand nothing on"):
        find_bridge_figures(network, ends=["Member"])


def test_two_helpers_of_a_household_are_tied_only_where_households_hand_on():
    tables = Tables({
        "Member": ids("m1", "m2"), "Household": ids("h"),
        "Member HELPS Household": pa.table({"member_id": ["m1", "m2"], "household_id": ["h", "h"], "kind": ["one_to_one"] * 2}),
    })  # fmt: skip
    network = Network.from_tables(tables, as_of=DAY)
    assert find_bridge_figures(network).rows["stranded_households"].tolist() == [0, 0]  # the other helper is there
    assert len(measure_bridges(network.drop_ties(), ends=())) == 2


def test_ranks_lie_between_places_by_hand():
    """Intervals 8 to 12, 7 to 9, exactly 5, 0 to 4 (none is below nothing) and one that is not known."""
    rows = pd.DataFrame({"betweenness": [10.0, 8.0, 5.0, 1.0, 3.0], "betweenness_error": [2.0, 1.0, 0.0, 3.0, np.nan], "part_people": 9})
    rows = rows.assign(stranded_people=0, stranded_households=0, sole_households=0)
    assert bound_ranks(rows).values.tolist() == [[1, 3], [1, 3], [3, 4], [4, 5], [1, 5]]


def test_sampled_betweenness_states_its_error(made_up, monkeypatch):
    monkeypatch.setattr(between, "EXACT_STEPS", 10)
    network = Network.from_tables(made_up, as_of=DAY)
    finding = find_bridge_figures(network, pivots=40)
    assert any("40 pivots" in caveat.en and "40 个起点" in caveat.zh for caveat in finding.caveats)
    assert finding.rows["betweenness_error"].isna().any()
    assert any("fewer than 1,000 pivots" in caveat.en for caveat in finding.caveats)
    assert not (finding.rows["betweenness_error"] > 0).any()  # from so few nobody's error is told
    assert not finding.rows["reason_zh"].str.contains("±").any()
    assert "rank_low" not in finding.rows
    monkeypatch.setattr(between, "TOLD_PIVOTS", 40)
    told = find_bridge_figures(network, pivots=40).rows
    exact = find_bridge_figures(network, pivots=10**6).rows.set_index("subject_id").loc[told["subject_id"]]
    assert (told["rank_low"].between(1, told["rank"]) & (told["rank_high"] >= told["rank"])).all()
    holds = (told["rank_low"].to_numpy() <= (exact["rank"] + exact["equal_others"]).to_numpy()) & (
        told["rank_high"].to_numpy() >= exact["rank"].to_numpy()
    )
    assert holds.mean() >= 0.9
    assert told["reason_en"].str.contains(r"by the error of the sample rank [\d,]+–[\d,]+").any()
    assert (told["betweenness_error"] > 0).sum() > len(told) * 0.05
    assert told.loc[(told["betweenness_error"] >= 0.5) & (told["betweenness"] >= 0.5), "reason_zh"].str.contains("±").all()
    monkeypatch.undo()
    monkeypatch.setattr(between, "EXACT_STEPS", 10)
    pd.testing.assert_frame_equal(finding.rows, find_bridge_figures(network, pivots=40).rows, check_exact=True)
    assert not finding.rows["betweenness"].equals(find_bridge_figures(network, pivots=40, seed=1).rows["betweenness"])


def test_parameters_that_cannot_be_used(figures, hand):
    network = Network.from_tables(hand, as_of=DAY)
    with pytest.raises(ParameterError, match="there are 'village', 'township', 'cooperative', 'branch'"):
        find_bridge_figures(network, group="hamlet")
    with pytest.raises(ParameterError, match="pivots is at least 2"):
        find_bridge_figures(network, pivots=1)


# --- any graph


def test_any_graph_has_bridge_figures():
    finding = find_bridge_figures(Network.from_networkx(nx.florentine_families_graph()))
    assert list(finding.rows.columns) == CONTRACT
    assert (finding.rows["subject_kind"] == "Node").all()
    assert finding.rows["subject_id"].iloc[0] == "Medici"
    assert finding.rows["villages_spanned"].isna().all()
    assert finding.rows.loc[0, "betweenness"] == pytest.approx(47.5, abs=1e-4)
    assert finding.rows.loc[0, "stranded_people"] == 3  # Acciaiuoli; Salviati with Pazzi
    assert any("no groups" in caveat.en for caveat in finding.caveats)


def test_any_graph_may_have_groups():
    graph = nx.karate_club_graph()
    finding = find_bridge_figures(Network.from_networkx(graph, groups=("club",)), group="club")
    assert finding.rows["subject_id"].iloc[0] == "0"
    assert finding.rows["stranded_groups"].notna().all()


@pytest.mark.parametrize("network", [Network.from_tables(Tables({})), Network.from_networkx(nx.Graph())])
def test_nothing_in_nothing_out(network):
    finding = find_bridge_figures(network)
    assert len(finding) == 0
    assert list(finding.rows.columns) == CONTRACT
    assert finding.to_html("zh")
