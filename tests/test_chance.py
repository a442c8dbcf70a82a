"""Chance: margins stay, every arrangement is as likely as any other, p is uniform where nothing is planted, and a planted bridge is found."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, count, pairwise, product

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from graphkit import Network, score_against_chance, score_betweenness
from graphkit.errors import ParameterError
from graphkit.kernels import compiled
from graphkit.kernels.compiled import Kernel
from graphkit.kernels.csr import build_csr
from graphkit.kernels.curveball import shuffle_rows, swap_ties
from graphkit.network import chance
from graphkit.network.chance import adjust_false_discovery
from graphkit.network.measures import count_brokerage_roles
from graphkit.network.nulls import SHUFFLED, choose_null

LEAST_P = 1e-3  # of a test with a fixed seed: it says that nothing is grossly wrong


def lay_out(rows: list[set[int]]) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int64)
    return offsets, np.array([body for row in rows for body in sorted(row)], np.int32)


def rows_of(offsets, entries) -> list[frozenset[int]]:
    return [frozenset(entries[a:b].tolist()) for a, b in pairwise(offsets)]


memberships = st.lists(st.sets(st.integers(0, 7), max_size=5), max_size=9)


@given(memberships, st.integers(0, 99), st.integers(1, 3))
def test_margins_stay_in_every_stratum(rows, seed, strata):
    offsets, entries = lay_out(rows)
    of = np.sort(np.arange(len(rows)) % strata).astype(np.int32)
    shuffled = shuffle_rows(offsets, entries, of, np.random.default_rng(seed), trades=5)
    after = rows_of(offsets, shuffled)
    assert [len(row) for row in after] == [len(row) for row in rows]
    assert all(sorted(row) == shuffled[a:b].tolist() for row, a, b in zip(after, offsets, offsets[1:], strict=False))
    for stratum in range(strata):
        before, then = (Counter(body for row, s in zip(held, of, strict=True) if s == stratum for body in row) for held in (rows, after))
        assert before == then


def arrangements(sizes: list[int], counts: list[int]) -> set[tuple[frozenset[int], ...]]:
    """Every way to give rows of these sizes entries that occur so often, by trying all."""
    ways = product(*([frozenset(c) for c in combinations(range(len(counts)), size)] for size in sizes))
    return {rows for rows in ways if [sum(body in row for row in rows) for body in range(len(counts))] == counts}


def test_every_arrangement_with_the_margins_is_equally_likely():
    rows = [{0, 1}, {0, 2, 3}, {1}, {0, 3}]
    offsets, entries = lay_out(rows)
    possible = arrangements([2, 3, 1, 2], [3, 2, 1, 2])
    rng, draws = np.random.default_rng(5), 6_000
    seen = Counter(tuple(rows_of(offsets, shuffle_rows(offsets, entries, np.zeros(4, np.int32), rng, trades=12))) for _ in range(draws))
    assert set(seen) == possible
    assert stats.chisquare([seen[way] for way in sorted(possible, key=str)]).pvalue > LEAST_P


def test_every_network_with_the_numbers_of_ties_is_equally_likely():
    degrees, nodes = [3, 2, 2, 2, 1], range(5)
    pairs = list(combinations(nodes, 2))
    possible = {ties for ties in combinations(pairs, 5) if [sum(n in tie for tie in ties) for n in nodes] == degrees}
    start = min(possible)
    csr = build_csr(5, *(np.array(ends, np.int32) for ends in zip(*start, strict=True)), np.arange(1.0, 6.0))
    rng, seen = np.random.default_rng(3), Counter()
    for _ in range(4_000):
        source, target, weights = swap_ties(*csr, np.zeros(5, np.int32), rng)
        seen[tuple(sorted(zip(np.minimum(source, target).tolist(), np.maximum(source, target).tolist(), strict=True)))] += 1
        assert sorted(weights) == [1, 2, 3, 4, 5]
    assert set(seen) == possible
    assert stats.chisquare([seen[ties] for ties in sorted(possible)]).pvalue > LEAST_P


def test_swaps_keep_the_ties_between_groups():
    graph = nx.gnp_random_graph(40, 0.2, seed=2)
    groups = (np.arange(40) % 3).astype(np.int32)
    net = Network.from_networkx(graph)

    def between(source, target):
        return Counter(tuple(sorted(pair)) for pair in zip(groups[source].tolist(), groups[target].tolist(), strict=True))

    source, target, weights = swap_ties(net.offsets, net.neighbours, net.weights, groups, np.random.default_rng(1))
    first = net.rows() < net.neighbours
    assert between(source, target) == between(net.rows()[first], net.neighbours[first])
    assert build_csr(40, source, target, weights)[0].tolist() == net.offsets.tolist()
    assert not np.array_equal(build_csr(40, source, target, weights)[1], net.neighbours)


def test_plain_and_compiled_give_the_same(monkeypatch):
    graph = nx.gnp_random_graph(30, 0.2, seed=4)
    net = Network.from_networkx(graph)
    groups = (np.arange(30) // 10).astype(np.int32)

    def answers():
        rng = np.random.default_rng(8)
        return [shuffle_rows(net.offsets, net.neighbours, groups, rng), *swap_ties(net.offsets, net.neighbours, net.weights, groups, rng)]

    monkeypatch.setattr(compiled, "PLAIN_STEPS", -1)
    machine = answers()
    monkeypatch.setattr(Kernel, "prepare", lambda kernel, _steps: kernel.run_plain)
    assert all(np.array_equal(a, b) for a, b in zip(answers(), machine, strict=True))


def two_mode(rows: dict[str, set[str]], **groups: dict[str, str]) -> Network:
    """A network of people and the bodies they belong to."""
    graph = nx.Graph()
    graph.add_nodes_from(rows, kind="person")
    graph.add_nodes_from(sorted({body for held in rows.values() for body in held}), kind="body")
    graph.add_edges_from((person, body) for person, held in rows.items() for body in sorted(held))
    for name, values in groups.items():
        nx.set_node_attributes(graph, values, name)
    return Network.from_networkx(graph, groups=tuple(groups))


def random_rows(rng, people=40, bodies=12):
    return {f"p{i}": {f"b{j}" for j in rng.choice(bodies, rng.integers(1, 4), replace=False)} for i in range(people)}


def sum_of_bodies(net: Network) -> pd.Series:
    """For each node the sum, over neighbours, of a number of theirs: equal only for the same neighbours."""
    values = np.sqrt(np.arange(len(net)) + 2.0)
    return pd.Series(np.add.reduceat(np.append(values[net.neighbours], 0.0), net.offsets[:-1]), index=net.ids)


def p_under_the_null(count: int, draws: int, measure) -> np.ndarray:
    """p of one person in networks that are themselves drawn from the null; its place among equal draws is drawn by lot.

    1 + the number of equal draws, over 1 + draws, is p_high + p_low - 1.
    """
    net = two_mode(random_rows(np.random.default_rng(1)))
    model, found, lot = choose_null(net, "memberships"), [], np.random.default_rng(0)
    for turn in range(count):
        drawn = model.show(model.walk(model.start, np.random.default_rng([7, turn])))
        scores = score_against_chance(drawn, measure, draws=draws, seed=turn).iloc[3]
        found.append(scores["p_high"] - lot.random() * (scores["p_high"] + scores["p_low"] - 1))
    return np.array(found)


@pytest.mark.parametrize("measure", [sum_of_bodies, score_betweenness])
def test_p_is_uniform_where_nothing_is_planted(measure):
    assert stats.kstest(p_under_the_null(50, 19, measure), "uniform").pvalue > LEAST_P


@pytest.mark.simulation
@pytest.mark.parametrize("measure", [sum_of_bodies, score_betweenness])
def test_p_is_uniform_in_a_thousand_networks(measure):
    assert stats.kstest(p_under_the_null(1_000, 39, measure), "uniform").pvalue > 0.01


def villages(*, joined: bool) -> Network:
    """Two villages, each of six bodies; of their 48 people a third sit in two bodies of their village. If joined, one more sits in both villages.

    Each village hangs together by itself. The one has two memberships, as a third of all have: only where they lead differs.
    """
    rows: dict[str, set[str]] = {}
    for village, i in product(range(2), range(48)):
        rows[f"p{village}.{i}"] = {f"b{village}.{i % 6}", *([f"b{village}.{(i + 1 + i // 6) % 6}"] if i % 3 == 0 else [])}
    return two_mode(rows | ({"bridge": {"b0.0", "b1.0"}} if joined else {}))


def score_people(net: Network) -> pd.Series:
    return score_betweenness(net)[net.mask("person")]


def test_a_planted_bridge_is_found_and_its_look_alikes_are_not():
    scores = score_against_chance(villages(joined=True), score_people, draws=200, tail="high", seed=4)
    assert scores.index[scores["q"] < 0.05].tolist() == ["bridge"]
    assert scores.loc["bridge", ["p", "p_anyone"]].tolist() == [1 / 201, 1 / 201]


@pytest.mark.parametrize("seed", range(5))
def test_where_nothing_is_planted_nobody_is_called_unusual(seed):
    model = choose_null(villages(joined=False), "memberships")
    net = model.show(model.walk(model.start, np.random.default_rng([11, seed])))
    scores = score_against_chance(net, score_betweenness, draws=100, seed=seed)
    assert (scores["q"] < 0.05).sum() == 0


def test_figures_are_those_of_the_draws():
    net = two_mode(random_rows(np.random.default_rng(2), people=12, bodies=5))
    scores = score_against_chance(net, sum_of_bodies, draws=30, seed=9)
    model = choose_null(net, "memberships")
    first, *seeds = np.random.SeedSequence(9).spawn(31)
    hub = model.walk(model.start, np.random.default_rng(first))
    drawn = np.array([sum_of_bodies(model.show(model.walk(hub, np.random.default_rng(seed)))) for seed in seeds])
    observed = sum_of_bodies(net).to_numpy()
    high = [(1 + (np.round(drawn[:, i], 9) >= round(observed[i], 9)).sum()) / 31 for i in range(len(net))]
    assert scores["observed"].tolist() == observed.tolist()
    assert scores["expected"].to_numpy() == pytest.approx(drawn.mean(axis=0))
    assert scores["p_high"].tolist() == high
    moving = np.ptp(drawn, axis=0) > 1e-9
    assert scores["z"].to_numpy()[moving] == pytest.approx(((observed - drawn.mean(axis=0)) / drawn.std(axis=0, ddof=1))[moving])
    assert scores["z"].isna().to_numpy().tolist() == (~moving).tolist()
    assert (scores["draws"] == 30).all()
    one = scores[["p_high", "p_low"]].min(axis=1)
    assert scores["p"].tolist() == np.minimum(2 * one, 1).tolist()


def test_the_number_of_threads_changes_nothing(monkeypatch):
    net = two_mode(random_rows(np.random.default_rng(3)))
    frames = []
    for cores in (1, 3):
        monkeypatch.setattr(compiled, "count_cores", lambda cores=cores: cores)
        frames.append(score_against_chance(net, score_betweenness, draws=25))
    pd.testing.assert_frame_equal(*frames)


def test_an_interrupt_gives_what_was_drawn_so_far(monkeypatch):
    monkeypatch.setattr(compiled, "count_cores", lambda: 1)
    net, calls = two_mode(random_rows(np.random.default_rng(3))), []

    def measure(drawn):
        calls.append(1)
        if len(calls) > limit:
            raise KeyboardInterrupt
        return sum_of_bodies(drawn)

    limit = 8
    with pytest.warns(UserWarning, match="7 of 40 draws"):
        scores = score_against_chance(net, measure, draws=40)
    assert (scores["draws"] == 7).all()
    assert scores["p"].min() >= 2 / 8
    calls.clear()
    limit = 1
    with pytest.raises(KeyboardInterrupt):
        score_against_chance(net, measure, draws=40)


def test_memberships_of_a_district_keep_their_margins_by_type_and_township(district):
    net = Network.from_tables(district)
    model = choose_null(net, "memberships", within="township")
    drawn = model.show(model.walk(model.start, np.random.default_rng(1)))
    township = net.groups["township"].codes
    for name in net.ties.names:
        (s, t), (s2, t2) = net.ties.select(name), drawn.ties.select(name)
        before, after = set(zip(s.tolist(), t.tolist(), strict=True)), list(zip(s2.tolist(), t2.tolist(), strict=True))
        if name not in net.model.tie_tables(*SHUFFLED, source="Member"):
            assert before == set(after)
            continue
        assert len(after) == len(before)
        assert Counter(p for p, _ in before) == Counter(p for p, _ in set(after))
        assert Counter((township[p], b) for p, b in before) == Counter((township[p], b) for p, b in set(after))
    assert np.bincount(net.ties.source[net.ties.office]).tolist() == np.bincount(drawn.ties.source[drawn.ties.office]).tolist()
    assert set(net.groups) - set(drawn.groups) == {"branch", "cooperative"}
    with pytest.raises(ParameterError, match="branch"):
        score_against_chance(net, lambda n: count_brokerage_roles(n, group="branch").iloc[:, 0], draws=19)


def test_groups_are_handed_round_within_kind_and_stratum():
    rows = random_rows(np.random.default_rng(6))
    names = [*rows, *sorted({b for held in rows.values() for b in held})]
    colours = {name: f"c{i % 4}" for i, name in enumerate(names)}
    places = {name: f"v{i % 3}" for i, name in enumerate(names)}
    net = two_mode(rows, colour=colours, place=places)
    model = choose_null(net, "groups", within="place")
    drawn = model.show(model.walk(model.start, np.random.default_rng(1)))

    def held(of):
        return Counter(zip(of.kinds.tolist(), of.groups["place"].codes.tolist(), of.groups["colour"].codes.tolist(), strict=True))

    assert drawn.groups["place"].codes.tolist() == net.groups["place"].codes.tolist()
    assert held(drawn) == held(net)
    assert drawn.groups["colour"].codes.tolist() != net.groups["colour"].codes.tolist()


def test_what_cannot_be_shuffled_is_told(district):
    net = two_mode(random_rows(np.random.default_rng(6)))
    people = Network.from_tables(district).project_people()
    with pytest.raises(ParameterError, match="project_people"):
        score_against_chance(people, score_betweenness)
    with pytest.raises(ParameterError, match="null='degrees'"):
        score_against_chance(Network.from_networkx(nx.path_graph(3)), score_betweenness)
    for wrong in ({"draws": 5}, {"draws": 20.5}, {"null": "nothing"}, {"tail": "left"}, {"within": "nowhere"}, {"ties": ["NONE"]}):
        with pytest.raises(ParameterError):
            score_against_chance(net, score_betweenness, **wrong)
    turns = count()
    with pytest.raises(ParameterError, match="other ids"):
        score_against_chance(net, lambda n: sum_of_bodies(n).iloc[next(turns) :], draws=19)


def test_missing_figures_stay_missing():
    rows = random_rows(np.random.default_rng(6))
    scores = score_against_chance(two_mode(rows), lambda n: sum_of_bodies(n).where(n.ids != "p3"), draws=19)
    assert scores.loc["p3"].drop("draws").isna().all()
    assert scores.drop("p3")["p"].notna().all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_false_discoveries_are_adjusted_as_scipy_does(p):
    assert adjust_false_discovery(np.array(p)) == pytest.approx(stats.false_discovery_control(p))


def test_module_names_its_null_models_in_the_docstring():
    assert all(f'``"{null}"``' in chance.score_against_chance.__doc__ for null in ("memberships", "degrees", "groups"))
