"""The same rows from every side: each named query on Neo4j and on the embedded engine, and its Python twin."""

from __future__ import annotations

import functools
import random
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import neo4j
import pandas as pd
import pytest

import graphkit.queries.twins.people
import graphkit.queries.twins.reach
import loaders
from graphkit.data.tables import Tables
from graphkit.errors import QueryError, StoreError
from graphkit.generate import generate_district
from graphkit.model.kinds import MODEL
from graphkit.queries import Query, list_queries, load_query, run_query
from graphkit.queries.page import find_twin
from graphkit.queries.query import RunRead
from graphkit.queries.refusal import refuse_writes
from graphkit.resources import find_data
from graphkit.store.bolt.store import BoltStore
from graphkit.store.local.store import LocalStore
from tests.random_tables import DATES, make_random_tables

pytestmark = pytest.mark.neo4j

QUERIES = list_queries()
DAY = "2012-04-30"
SMALL = 12
RANDOM = 12
SERVERS = [pytest.param("neo4j_server"), pytest.param("neo4j_2026_server"), pytest.param("embedded_server", marks=pytest.mark.embedded)]

DISTRICTS: Mapping[str, Callable[[], Tables]] = {
    "acheng": lambda: loaders.load_folder(find_data("examples/acheng")),
    **{f"small-{seed}": functools.partial(generate_district, villages=2 + seed % 3, seed=seed) for seed in range(SMALL)},
    **{f"random-{seed}": functools.partial(make_random_tables, seed) for seed in range(RANDOM)},
}


@functools.cache
def tables_of(district: str) -> Tables:
    return DISTRICTS[district]()


def parameters_of(district: str, query: Query) -> dict[str, Any]:
    """The defaults on the day of the example; of a random district other values, among them a day and an id that are in it."""
    if not district.startswith("random"):
        return {parameter.name: DAY for parameter in query.parameters if parameter.name == "as_of"}
    seed = int(district.rpartition("-")[2])
    draw = random.Random(seed)
    tables = tables_of(district)
    values = {
        "as_of": DATES[seed % len(DATES)].isoformat() if seed % 3 else DAY,
        "stale_days": draw.choice([1, 60, 183, 184]),
        "max_body_people": draw.choice([2, 3, 4, 50]),
        "threshold": draw.choice([2, 3, 4]),
        "few_below": draw.choice([2, 3, 4]),
        "in_force_from": draw.choice(["1990-01-01", "2010-01-01", DAY]),
        "own_kinds": draw.choice([["branch", "general_branch", "committee"], ["branch"]]),
        "temporary_kinds": ["temporary_branch"],
        "joint_kinds": draw.choice([["joint_branch"], ["joint_branch", "general_branch"]]),
        "superior_kinds": ["committee"],
        "support_kinds": draw.choice([["group", "liaison_post"], ["group"]]),
        "group_kinds": draw.choice([["group"], []]),
        "post_kinds": ["liaison_post"],
        "managing_kinds": draw.choice([["branch"], ["branch", "joint_branch", "committee"]]),
        "min_villages": 1,
        "min_cooperatives": 1,
        "min_branches": 1,
        "office": "委员",
        "branch_id": draw.choice([None, tables["Branch"]["id"][0].as_py()]),
        "household_id": draw.choice([None, tables["Household"]["id"][0].as_py()]),
        "member_id": draw.choice([None, tables["Member"]["id"][0].as_py()]),
    }
    return {parameter.name: values[parameter.name] for parameter in query.parameters if parameter.name != "dataset"}


@functools.cache
def twin_rows(district: str, name: str) -> tuple[list[str], list[tuple[object, ...]]]:
    query = load_query(name)
    return plain(find_twin(query)(tables_of(district), **parameters_of(district, query)))


def plain(rows: pd.DataFrame) -> tuple[list[str], list[tuple[object, ...]]]:
    """Columns, and rows as plain Python values: None for whatever is missing."""
    values = [tuple(None if pd.isna(v) else v.item() if hasattr(v, "item") else v for v in row) for row in rows.astype(object).to_numpy()]
    return list(rows.columns), values


@pytest.fixture(scope="module", autouse=True)
def findings_computed_once() -> Iterator[None]:
    """Twins select from one finding: it is asked for once a district and set of options."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graphkit.queries.twins.reach, "find_pairing_reach", _once(graphkit.queries.twins.reach.find_pairing_reach))
        for name in ("find_admission_funnel", "find_training_reach"):
            patch.setattr(graphkit.queries.twins.people, name, _once(getattr(graphkit.queries.twins.people, name)))
        yield


def _once(find: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[object, tuple[Tables, Any]] = {}

    def find_once(tables: Tables, **options: Any) -> Any:
        key = (id(tables), *sorted(options.items()))
        if key not in known:
            known[key] = tables, find(tables, **options)  # the tables are kept, so that no others take their id
        return known[key][1]

    return find_once


@pytest.fixture(scope="module", params=SERVERS)
def server(request) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def stores(server) -> Iterator[Mapping[str, BoltStore]]:
    """Every district on one server, each under a dataset of this module alone; written before the first query, so that its plan serves all."""
    suffix = secrets.token_hex(4)
    opened = {name: BoltStore(server.url, auth=server.auth, database=server.database, dataset=f"{name}-{suffix}") for name in DISTRICTS}
    for name, store in opened.items():
        store.write(tables_of(name))
    yield opened
    for store in opened.values():
        store.drop()
        store.close()


def differences(run_read: RunRead, district: str, dataset: str | None = None) -> dict[str, str]:
    """What differs between an engine's rows and the twin's, by query."""
    found = {}
    for query in QUERIES:
        columns, rows = plain(run_query(run_read, query.name, parameters_of(district, query), dataset=dataset))
        wanted_columns, wanted = twin_rows(district, query.name)
        if columns != wanted_columns or rows != wanted:
            first = next(((a, b) for a, b in zip(rows, wanted, strict=False) if a != b), (columns, wanted_columns))
            found[query.name] = f"{len(rows)} rows, twin {len(wanted)}; first difference {first}"
    return found


@pytest.mark.parametrize("district", DISTRICTS)
def test_a_store_gives_the_rows_of_the_twins(stores, district):
    assert differences(stores[district].run_read, district, stores[district].dataset) == {}


@pytest.mark.embedded
@pytest.mark.parametrize("district", ["acheng", "random-3"])
def test_the_engine_of_a_folder_gives_the_rows_of_the_twins_with_no_dataset_named(tmp_path, district):
    with LocalStore(tmp_path / "a.gk") as store:
        store.write(tables_of(district))
        assert differences(store.engine().run_read, district) == {}


@pytest.mark.parametrize("district", ["acheng", "random-3"])
def test_a_folder_answers_by_the_twins_in_the_same_columns_types_and_order(tmp_path, district):
    with LocalStore(tmp_path / "a.gk") as store:
        store.write(tables_of(district))
        for query in QUERIES:
            parameters = parameters_of(district, query)
            pd.testing.assert_frame_equal(store.query(query.name, **parameters), find_twin(query)(tables_of(district), **parameters))


@pytest.mark.parametrize("district", ["acheng", "random-3"])
def test_bolt_and_a_folder_give_the_same_frame(stores, tmp_path, district):
    """Not the values alone: dtypes, index and what is written beside the rows."""
    bolt = stores[district]
    with LocalStore(tmp_path / "a.gk") as folder:
        folder.write(Tables(dict(tables_of(district)), dataset=bolt.dataset))
        for query in QUERIES:
            here, there = (store.query(query.name, **parameters_of(district, query)) for store in (folder, bolt))
            pd.testing.assert_frame_equal(here, there)
            assert here.attrs == there.attrs


def test_every_dataset_at_once_carries_a_column(stores):
    """Each dataset is asked by itself: a kind of pairing of one district is not added to another's."""
    rows = stores["random-1"].query("pairing_by_kind", as_of=DAY, dataset=None)
    assert next(iter(rows.columns)) == "dataset"
    assert rows["dataset"].dtype == "string"
    ours = {store.dataset: name for name, store in stores.items()}
    for dataset, name in ours.items():
        part = rows[rows["dataset"] == dataset].drop(columns="dataset").reset_index(drop=True)
        pd.testing.assert_frame_equal(part, find_twin(load_query("pairing_by_kind"))(tables_of(name), as_of=DAY))
    assert set(ours) <= set(rows.attrs["dataset"])


def test_no_query_is_empty_everywhere():
    """Equality of nothing with nothing proves nothing."""
    assert [query.name for query in QUERIES if sum(len(twin_rows(district, query.name)[1]) for district in DISTRICTS) < 3] == []


def test_the_order_leaves_nothing_open():
    """The columns of ORDER BY tell any two rows apart, so that the order is the same wherever it is made."""
    from graphkit.queries import read_names

    open_orders = {}
    for query in QUERIES:
        for district in DISTRICTS:
            columns, rows = twin_rows(district, query.name)
            places = [columns.index(name) for name in read_names(query.text).ordered_by]
            keys = [tuple(row[place] for place in places) for row in rows]
            if len(keys) != len(set(keys)):
                open_orders[query.name] = district
    assert open_orders == {}


# On the servers themselves


@pytest.mark.parametrize("which", ["neo4j_server", "neo4j_2026_server"])
def test_explain_gives_no_warning(request, which):
    server = request.getfixturevalue(which)
    dataset = f"explained-{secrets.token_hex(4)}"
    with BoltStore(server.url, auth=server.auth, database=server.database, dataset=dataset) as store:
        store.write(make_random_tables(3))  # every label, type and property is in it, so that an unknown one would be told
        try:
            with neo4j.GraphDatabase.driver(server.url, auth=server.auth) as driver:
                warned = {query.name: told for query in QUERIES if (told := _warnings(driver, server.database, query))}
        finally:
            store.drop()
    assert warned == {}


def _warnings(driver: neo4j.Driver, database: str | None, query: Query) -> list[str]:
    with driver.session(database=database) as session:
        summary = session.run(f"EXPLAIN {query.text}", query.bind({})).consume()
    return [status.status_description for status in summary.gql_status_objects if status.is_notification]


def test_nothing_is_written_whatever_stands_between_the_quotes(stores):
    """Noise that our reading takes for text only: each engine is asked too, and must read it alike."""
    draw, acheng = random.Random(11), stores["acheng"]
    noise = ["'", '"', "`", "/*", "*/", "//", "\n", "\\", "\\\\", "''", '""', "``", " x ", "é", "数", "n.id"]
    sent, refused = 0, []
    for _ in range(1500):
        text = f"MATCH (n:Zone) WHERE n.id = {''.join(draw.choices(noise, k=draw.randint(1, 6)))} SET n.planted = 1 {draw.choice(noise)} RETURN n.id AS id"
        try:
            refuse_writes(text)
        except QueryError:
            continue
        sent += 1
        try:
            acheng.run_read(text, {}, timeout_s=10)
        except (QueryError, StoreError) as error:
            refused.append(str(error))
    assert sent > 20
    assert [told for told in refused if "must not write" in told or "may not do that" in told] == []  # refused as no Cypher, never as a write
    assert acheng.run_read("MATCH (n:Zone) WHERE n.planted IS NOT NULL RETURN count(n) AS n", {}, timeout_s=10)["n"].tolist() == [0]


@pytest.mark.parametrize("text", ["CREATE (n:Zone {id: 'planted'})", "MATCH (n:Zone) SET n.planted = 1", "MATCH (n) DETACH DELETE n"])
def test_a_write_is_refused_before_it_is_sent(stores, text):
    with pytest.raises(QueryError, match="queries only read"):
        stores["acheng"].query(text)


def test_a_random_district_holds_every_kind():
    tables = make_random_tables(3)
    assert [kind.table for kind in (*MODEL.nodes, *MODEL.ties) if not tables[kind.table].num_rows] == []
