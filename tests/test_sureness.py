"""How sure the ranks are: the columns say what the draws say, the planted bridge stays first, and nobody is unusual where nothing is planted."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from graphkit import Network, Tables, estimate_ranks, find_bridge_figures, generate_district, score_against_chance
from graphkit.errors import ParameterError
from graphkit.network.holding import keep_holding
from graphkit.network.nulls import choose_null
from graphkit.questions.bridges.sureness import DRAWS, measure_joined, rank_joined


def district(*, joined: bool) -> Network:
    """Two villages, each of six branches; of their 48 people a third sit in two branches of their village. If joined, one more sits in both villages."""
    graph = nx.Graph()
    for village in range(2):
        for i in range(48):
            own = {i % 6} | ({(i + 1 + i // 6) % 6} if i % 3 == 0 else set())
            graph.add_edges_from((f"m{village}.{i}", f"b{village}.{body}", {"type": "Member BELONGS_TO Branch"}) for body in own)
    if joined:
        graph.add_edges_from(("x", body, {"type": "Member BELONGS_TO Branch"}) for body in ("b0.0", "b1.0"))
    nx.set_node_attributes(graph, {node: "Branch" if node[0] == "b" else "Member" for node in graph}, "kind")
    nx.set_node_attributes(graph, {node: node[1] for node in graph if node != "x"}, "village")
    return Network.from_networkx(graph)


def test_the_planted_bridge_is_first_by_rank_by_chance_and_with_ties_missing():
    finding = find_bridge_figures(district(joined=True), chance=99, missing=0.05)
    first = finding.rows.iloc[0]
    assert first["subject_id"] == "x"
    assert (first["rank_low"], first["p"], first["p_anyone"]) == (1, 0.01, 0.01)
    assert first["rank_high"] <= 3
    assert first["q"] < 0.05
    assert finding.rows.loc[finding.rows["q"] < 0.05, "subject_id"].tolist() == ["x"]
    assert first["reason_en"].endswith(
        f"; 90 % interval of the rank 1–{first['rank_high']}; {first['expected']:,.0f} pairs joined expected by chance (p 0.01)"
        "; in 0 of 99 shuffled networks somebody joins as many."
    )
    assert f"；名次的90%区间 1–{first['rank_high']}；偶然期望 " in first["reason_zh"]
    assert any("99 draws" in caveat.en for caveat in finding.caveats)
    assert any("5% of the ties" in caveat.en for caveat in finding.caveats)


def test_where_nothing_is_planted_nobody_exceeds_chance():
    net = district(joined=False)
    model = choose_null(net, "memberships")
    drawn = model.show(model.walk(model.start, np.random.default_rng(3)))
    assert (find_bridge_figures(drawn, chance=99).rows["q"] >= 0.05).all()


def test_how_many_shuffled_networks_have_anybody_as_high_is_counted_one_by_one():
    """Drawn again here, and counted; of whom nothing runs through nothing of the kind is said."""
    net = district(joined=True)
    rows = find_bridge_figures(net, chance=19, seed=2).rows.set_index("subject_id")
    most: list[float] = []

    def remember(drawn: Network) -> pd.Series:
        joined = measure_joined(drawn, seed=2)["joined"]
        most.append(joined.max())
        return joined

    observed = score_against_chance(keep_holding(net), remember, draws=19, seed=2, tail="high")["observed"]
    for name, joined in observed.items():
        reached = sum(high >= joined * (1 - 1e-9) for high in most[1:])  # the first is the observed network
        said = f"; in {reached} of 19 shuffled networks somebody joins as many." in rows.loc[name, "reason_en"]
        assert said == (joined > 0)
        assert (f"19 个网络中，有 {reached} 个里有人连起同样多的对。" in rows.loc[name, "reason_zh"]) == (joined > 0)


def test_without_townships_it_is_said_that_the_draw_is_wide_and_what_to_do():
    """The grouping is there and empty where no village has a township: a draw "within townships" would then be one over everything."""
    tables = generate_district(villages=3, seed=1)
    assert not any("No townships" in caveat.en for caveat in find_bridge_figures(Network.from_tables(tables), chance=19).caveats)
    without = Tables({kind: table for kind, table in tables.items() if kind != "Village IN Township"})
    told = " ".join(caveat.en for caveat in find_bridge_figures(Network.from_tables(without), chance=19).caveats)
    assert "No townships are recorded" in told
    assert "within townships" not in told


def test_the_columns_are_those_of_the_two_functions(district):
    net = Network.from_tables(district)
    held = keep_holding(net)
    rows = find_bridge_figures(net, chance=30, missing=0.1, seed=5).rows.set_index("subject_id")
    scores = score_against_chance(held, lambda drawn: measure_joined(drawn, seed=5)["joined"], draws=30, seed=5, within="township", tail="high")
    ranks = estimate_ranks(held, lambda drawn: measure_joined(drawn, seed=5), missing=0.1, order=rank_joined, draws=DRAWS, seed=5)
    for ours, theirs in (("expected", scores["expected"]), ("q", scores["q"]), ("rank_low", ranks["rank_low"]), ("rank_high", ranks["rank_high"])):
        assert rows[ours].tolist() == theirs.loc[rows.index].tolist()
    assert rows["rank"].tolist() == ranks["rank"].loc[rows.index].tolist()


def test_the_order_is_that_of_the_answer():
    table = measure_joined(district(joined=True))
    whole = find_bridge_figures(district(joined=True)).rows.set_index("subject_id")
    assert rank_joined(table).tolist() == whole["rank"].loc[table.index].tolist()


def test_nothing_is_added_where_nothing_is_asked():
    assert {"q", "rank_low"} & set(find_bridge_figures(district(joined=True)).rows.columns) == set()
    for wrong in ({"chance": 5}, {"missing": 0.9}):
        with pytest.raises(ParameterError):
            find_bridge_figures(district(joined=True), **wrong)
