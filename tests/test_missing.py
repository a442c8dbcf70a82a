"""Missing ties: what was seen stays, what may be missing is like what is there, and the intervals hold the ranks that were true."""

from __future__ import annotations

import datetime as dt

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchmarks.missing import DISTRICTS, betweenness, rehearse
from graphkit import Network, Tables, estimate_ranks, find_bridge_figures, score_betweenness
from graphkit.errors import ParameterError
from graphkit.kernels import compiled
from graphkit.network.filling import fill_ties, infer_counts, lose_ties, plan_fillings, read_rates
from graphkit.network.missing import rank_largest_first
from tests.test_chance import score_people, villages


def test_true_counts_follow_by_hand():
    """Of 100 people 80 have one tie and 20 none; a tenth is missing. 80 / .9 = 88.9 had one, so of the 20 there are 8.9."""
    seen, true = infer_counts(np.repeat([0, 1], [20, 80]), 0.1)
    assert seen.tolist() == [0, 1]
    assert true[0, :2] == pytest.approx([11.1 / 20, 8.9 / 20], abs=0.02)
    assert true[1, 1] == pytest.approx(1, abs=0.02)
    assert true.sum(axis=1) == pytest.approx([1, 1])


def test_where_all_had_three_all_are_taken_to_have_had_three():
    counts = np.random.default_rng(1).binomial(3, 0.8, 5_000)
    seen, true = infer_counts(counts, 0.2)
    assert (true @ np.arange(true.shape[1]))[seen < 3] == pytest.approx(3, abs=0.1)


def pairs(net: Network, code: int) -> list[tuple[int, int]]:
    chosen = net.ties.types == code
    return list(zip(net.ties.source[chosen].tolist(), net.ties.target[chosen].tolist(), strict=True))


def test_what_was_seen_stays_and_as_many_are_added_as_may_be_missing(district):
    net = Network.from_tables(district)
    rates = read_rates(net, 0.2)
    plans = plan_fillings(net, rates, ("village", "township"))
    added = {code: [] for code in rates}
    for seed in range(30):
        filled = fill_ties(net, plans, np.random.default_rng(seed))
        for code in range(len(net.ties.names)):
            before, after = pairs(net, code), pairs(filled, code)
            assert after[: len(before)] == before
            assert len(set(after) - set(before)) == len(after) - len(before)
            assert code in rates or before == after
            added.get(code, []).append(len(after) - len(before))
    for code, counts in added.items():
        if len(pairs(net, code)) > 50:
            assert np.mean(counts) == pytest.approx(len(pairs(net, code)) * 0.2 / 0.8, rel=0.3)


def test_where_all_stay_in_their_village_nobody_is_thought_to_have_gone_further():
    graph = nx.Graph()
    for village in range(3):
        for i in range(20):
            graph.add_edge(f"p{village}.{i}", f"b{village}.{i % 4}")
            graph.add_edge(f"p{village}.{i}", f"b{village}.{(i + 1) % 4}")
    for node in graph:
        graph.nodes[node].update(kind="person" if node[0] == "p" else "body", village=node[1])
    net = Network.from_networkx(graph)
    village = net.groups["village"].codes
    filled = fill_ties(net, plan_fillings(net, read_rates(net, 0.3), ("village",)), np.random.default_rng(1))
    assert len(filled.ties) > len(net.ties)
    assert (village[filled.ties.source] == village[filled.ties.target]).all()
    spread = fill_ties(net, plan_fillings(net, read_rates(net, 0.3), ()), np.random.default_rng(1))
    assert (village[spread.ties.source] != village[spread.ties.target]).any()


def test_a_tie_is_lost_by_the_rate_of_its_type(district):
    net = Network.from_tables(district)
    name = "Member HELPS Household"
    left = lose_ties(net, read_rates(net, {name: 0.3}), np.random.default_rng(1))
    kept = {type_: len(left.ties.select(type_)[0]) / max(len(net.ties.select(type_)[0]), 1) for type_ in net.ties.names}
    assert kept.pop(name) == pytest.approx(0.7, abs=0.1)
    assert set(kept.values()) <= {0.0, 1.0}


@given(st.lists(st.one_of(st.integers(-5, 5), st.just(np.nan)), min_size=1, max_size=12))
def test_ranks_are_those_of_scipy(values):
    found = rank_largest_first(pd.Series(values, dtype=float))
    assert found.tolist() == stats.rankdata([np.inf if np.isnan(v) else -v for v in values], method="min").tolist()


def test_with_nothing_missing_the_interval_is_the_shared_rank():
    net = Network.from_networkx(nx.path_graph(["a", "b", "c", "d"]))
    frame = estimate_ranks(net, score_betweenness, missing=0, draws=19, first=2)
    assert frame[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[3, 3, 4], [1, 1, 2], [1, 1, 2], [3, 3, 4]]
    assert frame["p_first"].tolist() == [0, 1, 1, 0]
    assert frame["coverage"].isna().all()
    assert (frame["draws"] == 19).all()


@settings(max_examples=10)
@given(st.integers(0, 99), st.sampled_from([0.05, 0.3]))
def test_the_observed_rank_is_in_its_interval(seed, rate):
    net = Network.from_networkx(nx.gnp_random_graph(12, 0.25, seed=seed))
    frame = estimate_ranks(net, score_betweenness, missing=rate, draws=19, seed=seed)
    assert (frame["rank_low"] <= frame["rank"]).all()
    assert (frame["rank"] <= frame["rank_high"]).all()
    assert frame["rank_high"].max() <= len(net)
    assert frame["p_first"].between(0, 1).all()


def test_a_planted_bridge_stays_first_with_ties_missing():
    frame = estimate_ranks(villages(joined=True), score_people, missing=0.05, draws=100, first=3)
    assert frame.loc["bridge", ["rank", "rank_low"]].tolist() == [1, 1]
    assert frame.loc["bridge", "rank_high"] <= 5
    assert frame["p_first"].idxmax() == "bridge"


def test_an_order_over_several_measures_can_be_given():
    net = Network.from_networkx(nx.star_graph(4))

    def measure(drawn):
        return pd.DataFrame({"ties": drawn.degrees, "between": score_betweenness(drawn)}, index=drawn.ids)

    def order(scores):
        return scores.apply(tuple, axis=1).rank(method="min", ascending=False)

    frame = estimate_ranks(net, measure, order=order, missing=0.1, draws=19, first=1)
    assert frame["rank"].tolist() == [1, 2, 2, 2, 2]


def test_seeds_decide_and_threads_do_not(monkeypatch):
    net = villages(joined=True)
    frames = []
    for cores in (1, 3):
        monkeypatch.setattr(compiled, "count_cores", lambda cores=cores: cores)
        frames.append(estimate_ranks(net, score_people, missing=0.1, draws=19, rehearsals=1))
    pd.testing.assert_frame_equal(*frames)
    assert frames[0]["coverage"].between(0, 1).all()


def test_an_interrupt_gives_what_was_drawn_so_far(monkeypatch):
    monkeypatch.setattr(compiled, "count_cores", lambda: 1)
    calls = []

    def measure(net):
        calls.append(1)
        if len(calls) > 10:
            raise KeyboardInterrupt
        return score_people(net)

    with pytest.warns(UserWarning, match="4 of 30 draws"), pytest.raises(KeyboardInterrupt):
        estimate_ranks(villages(joined=True), measure, missing=0.1, draws=30)
    calls[:] = [1] * 5
    stop = iter([False] * 9 + [True] + [False] * 99)

    def once(net):
        if next(stop):
            raise KeyboardInterrupt
        return score_people(net)

    with pytest.warns(UserWarning, match="4 of 30 draws"):
        frame = estimate_ranks(villages(joined=True), once, missing=0.1, draws=30)
    assert (frame["draws"] == 4).all()


def test_what_cannot_be_is_told(district):
    net = villages(joined=True)
    wrong = ({"missing": 0.6}, {"missing": -0.1}, {"missing": True}, {"missing": {"NONE": 0.1}}, {"missing": 0.1, "first": 0})
    for options in (*wrong, {"missing": 0.1, "draws": 3}, {"missing": 0.1, "level": 1.0}, {"missing": 0.1, "rehearsals": -1}):
        with pytest.raises(ParameterError):
            estimate_ranks(net, score_people, **options)
    with pytest.raises(ParameterError, match="made from"):
        estimate_ranks(Network.from_tables(district).project_people(), score_betweenness, missing=0.1)
    seen = iter(range(99))
    with pytest.raises(ParameterError, match="other ids"):
        estimate_ranks(net, lambda n: score_people(n).iloc[next(seen) :], missing=0.1, draws=19)


def held(rate: float, districts: int, name: str) -> tuple[float, float]:
    """Share of intervals that hold, of the first fifty and of all whom betweenness tells apart."""
    rows = pd.concat([rehearse(betweenness, DISTRICTS[name](500 + seed), rate, draws=60, seed=seed) for seed in range(districts)])
    return rows.loc[rows["rank"] <= 50, "holds"].mean(), rows["holds"].mean()


@pytest.mark.slow
def test_intervals_hold_in_a_district():
    assert min(held(0.15, 3, "12 villages")) >= 0.9


@pytest.mark.simulation
@pytest.mark.parametrize("name", DISTRICTS)
@pytest.mark.parametrize("rate", [0.05, 0.15, 0.3])
def test_intervals_hold_at_every_rate(name, rate):
    assert min(held(rate, 10, name)) >= 0.9


def test_missing_ties_are_asked_of_where_nobody_lives_anywhere():
    """No village is known of anybody: what is missing may be anywhere."""
    tables = Tables({
        "Member": pa.table({"id": ["m1", "m2", "m3"]}), "Branch": pa.table({"id": ["b1", "b2"]}),
        "Member BELONGS_TO Branch": pa.table({"member_id": ["m1", "m2", "m2", "m3"], "branch_id": ["b1", "b1", "b2", "b2"], "primary": [True] * 4}),
    })  # fmt: skip
    rows = find_bridge_figures(Network.from_tables(tables, as_of=dt.date(2012, 4, 30)), missing=0.05).rows
    assert rows["subject_id"].iloc[0] == "m2"
    assert (rows["rank_low"] <= rows["rank"]).all()
