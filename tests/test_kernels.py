"""Kernels: plain and compiled they give the same bits, a little work is never compiled, and twins stand for what they are."""

from __future__ import annotations

import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.kernels import betweenness, compiled, cutpoints, holes, participation, roles
from graphkit.kernels.compiled import Kernel
from graphkit.kernels.reach import Lists, count_reach, lay_out
from graphkit.kernels.twins import collapse_twins
from graphkit.network import Network

PLAIN, COMPILED = 10**12, -1  # as PLAIN_STEPS: never compiled, always compiled


@st.composite
def bodies(draw, most=14):
    """People in overlapping bodies, so that there are twins; a tie is as strong as the bodies shared."""
    people = draw(st.integers(1, most))
    sits = st.sets(st.integers(0, people - 1), max_size=6)
    graph = nx.empty_graph(people)
    for body in draw(st.lists(sits, max_size=6)):
        for u in body:
            for v in body - {u}:
                graph.add_edge(u, v, weight=draw(st.integers(1, 9)) / 7)
    return graph


def answers_of(network: Network, *, plain_steps: int) -> list[np.ndarray]:
    """What every kernel says of a network, as the budget of plain steps makes it run."""
    offsets, neighbours, groups = network.offsets, network.neighbours, (np.arange(len(network)) % 3 - 1).astype(np.int32)
    everyone = np.arange(len(network), dtype=np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "PLAIN_STEPS", plain_steps)
        if plain_steps == PLAIN:  # whatever was compiled earlier in this process
            patch.setattr(Kernel, "prepare", lambda kernel, _steps: kernel.run_plain)
        search = cutpoints.search_depth_first(offsets, neighbours)
        twins = collapse_twins(offsets, neighbours)
        classes = np.arange(len(twins.sizes), dtype=np.int32)
        rows = np.repeat(everyone, np.diff(offsets))
        held = lay_out(rows, neighbours, height=len(network), width=len(network))
        each = Lists(np.arange(len(network) + 1, dtype=np.int64), everyone, len(network))
        return [
            *betweenness.sum_dependencies(betweenness.walk_twins(twins), classes, twins.sizes)[:2],
            betweenness.is_closed(twins, classes),
            *holes.sum_holes(offsets, neighbours, network.weights),
            roles.count_open_pairs(offsets, neighbours, groups),
            *participation.count_by_group(offsets, neighbours, groups),
            *(search.parent, search.entered, search.low, search.size),
            count_reach(each, held, held, held, held, steps=2),
        ]


@settings(deadline=None, max_examples=30)
@given(bodies())
def test_plain_and_compiled_give_the_same_bits(graph):
    network = Network.from_networkx(graph)
    for plain, machine in zip(answers_of(network, plain_steps=PLAIN), answers_of(network, plain_steps=COMPILED), strict=True):
        assert plain.dtype == machine.dtype
        assert plain.tobytes() == machine.tobytes()


def test_a_kernel_is_compiled_once_it_has_much_to_do(monkeypatch):
    kernel = Kernel(lambda counts: counts.__setitem__(0, counts[0] + 1))
    monkeypatch.setattr(compiled, "PLAIN_STEPS", 100)
    monkeypatch.setattr(compiled, "compiled", lambda _function: "compiled")
    counts = np.zeros(1, np.int32)
    kernel.prepare(60)(counts)
    assert counts[0] == 1  # plain, in place
    assert kernel.prepare(40) == kernel.run_plain
    assert kernel.prepare(1) == "compiled"
    assert kernel.prepare(0) == "compiled"


def test_the_example_needs_no_compiler():
    """Importing numba and compiling take more time than everything else the demonstration does."""
    program = """
import datetime as dt, sys
import graphkit, loaders
tables = loaders.load_folder(graphkit.find_data("examples/acheng"))
day = dt.date(2012, 4, 30)
graphkit.find_bridge_figures(graphkit.Network.from_tables(tables, as_of=day))
graphkit.find_pairing_reach(tables, as_of=day)
print("numba" in sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"]


# --- twins


def classes_of(graph: nx.Graph, counted: dict[int, bool]) -> dict[int, frozenset[int]]:
    """The twins of each node: those with the same contacts, the two of them included or left out; isolates have none."""
    return {
        node: frozenset(
            other
            for other in graph
            if counted[other] == counted[node] and (other == node or (graph[node] and {*graph[other]} - {node} == {*graph[node]} - {other}))
        )
        for node in graph
    }


@given(bodies(), st.integers(0, 2))
def test_twins_are_those_with_the_same_contacts(graph, every):
    """Tied to each other or not; and alike in whether they count."""
    network = Network.from_networkx(graph)
    counted = {node: every == 0 or node % (every + 1) == 0 for node in graph}
    twins = collapse_twins(network.offsets, network.neighbours, np.array([counted[node] for node in graph], np.bool_))
    expected = classes_of(graph, counted)
    classes = list(dict.fromkeys(expected.values()))  # in the order of their first members
    assert twins.of.tolist() == [classes.index(expected[node]) for node in graph]
    assert twins.sizes.tolist() == [len(members) for members in classes]
    assert twins.apart.tolist() == [len(members) > 1 and not graph.has_edge(*sorted(members)[:2]) for members in classes]
    assert twins.counted.tolist() == [counted[min(members)] for members in classes]
    firsts = [min(members) for members in classes]
    for number, first in enumerate(firsts):
        there = twins.neighbours[twins.offsets[number] : twins.offsets[number + 1]].tolist()
        assert there == [other for other, node in enumerate(firsts) if graph.has_edge(first, node)]


def test_isolates_are_nobodys_twins():
    network = Network.from_networkx(nx.empty_graph(3))
    assert collapse_twins(network.offsets, network.neighbours).sizes.tolist() == [1, 1, 1]


@given(bodies())
def test_betweenness_of_bodies_is_that_of_networkx(graph):
    network = Network.from_networkx(graph)
    twins = collapse_twins(network.offsets, network.neighbours)
    total, _, _ = betweenness.sum_dependencies(betweenness.walk_twins(twins), np.arange(len(twins.sizes), dtype=np.int32), twins.sizes, changes=False)
    expected = nx.betweenness_centrality(graph, normalized=False)
    assert total[twins.of] == pytest.approx([expected[node] for node in graph], abs=1e-9)


@given(bodies())
def test_who_is_closed_knows_only_people_who_know_each_other(graph):
    network = Network.from_networkx(graph)
    twins = collapse_twins(network.offsets, network.neighbours)
    found = betweenness.is_closed(twins, np.arange(len(twins.sizes), dtype=np.int32))[twins.of]
    assert found.tolist() == [all(graph.has_edge(u, v) for u in graph[node] for v in graph[node] if u != v) for node in graph]


@given(bodies(), st.integers(0, 99))
def test_a_sample_of_sources_is_that_of_each_by_itself(graph, seed):
    """Sums over sources, and the squares of what changes from one to the next."""
    network = Network.from_networkx(graph)
    twins = collapse_twins(network.offsets, network.neighbours)
    walk = betweenness.walk_twins(twins)
    sources = np.flatnonzero(np.random.default_rng(seed).random(len(twins.sizes)) < 0.5).astype(np.int32)
    sources = sources[np.argsort(walk.entered[sources])]
    times = np.arange(1, len(sources) + 1)
    total, squares, _ = betweenness.sum_dependencies(walk, sources, times)
    each = [betweenness.sum_dependencies(walk, sources[i : i + 1], np.ones(1, np.int64))[0] for i in range(len(sources))]
    none = np.zeros(len(twins.sizes))
    assert total == pytest.approx(times @ np.array(each) if each else none, abs=1e-9)
    assert squares == pytest.approx(np.square(np.diff(each, axis=0)).sum(axis=0) if len(each) > 1 else none, abs=1e-9)
