"""As an analyst would: the official cypher-shell runs every query file as it stands, with its default parameters."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from graphkit.queries import Query, list_queries, run_query
from graphkit.queries.page import describe_queries
from graphkit.resources import find_data
from graphkit.store.bolt.store import BoltStore
from graphkit.store.local.store import LocalStore
from tests.neo4j_server import Neo4jServer, ServerNotHad, download_jars, find_java, skip_or_fail
from tests.random_tables import make_random_tables

pytestmark = pytest.mark.neo4j

QUERIES = list_queries()
MARK = "=== "


@pytest.fixture(scope="module")
def shell() -> list[str]:
    """The command that starts cypher-shell."""
    try:
        return [str(find_java(17)), "-cp", f"{download_jars('cypher-shell')}/*", "org.neo4j.shell.Main"]
    except ServerNotHad as reason:
        skip_or_fail(str(reason))
        raise


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Neo4jServer]:
    """What `graphkit serve` prints, while it runs."""
    store = tmp_path_factory.mktemp("served") / "random.gk"
    LocalStore(store).write(make_random_tables(3))
    command = [sys.executable, "-c", "import sys; from graphkit.cli import main; sys.exit(main())", "serve", str(store), "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        said: dict[str, str] = {}
        while "database" not in said:
            line = process.stdout.readline()
            assert line, "graphkit serve ended"
            said |= dict([line.split()]) if len(line.split()) == 2 else {}
        yield Neo4jServer(said["address"], said["user"], said["password"], database=said["database"])
        process.send_signal(signal.SIGINT)
        process.wait(60)


@pytest.fixture(scope="module")
def filled(neo4j_server) -> Iterator[Neo4jServer]:
    with BoltStore(neo4j_server.url, auth=neo4j_server.auth, database=neo4j_server.database, dataset="for-cypher-shell") as store:
        store.write(make_random_tables(3))
        yield neo4j_server
        store.drop()


def default_lines(query: Query) -> list[str]:
    """The ``:param`` lines that the page shows for a query."""
    section = describe_queries().partition(f"\n### {query.name}\n")[2].partition("\n### ")[0]
    return re.findall(r"^:param .*$", section, re.MULTILINE)


def run_shell(shell: list[str], server: Neo4jServer) -> Mapping[str, tuple[list[str], int]]:
    """Columns and number of rows of every file, from one run of cypher-shell."""
    folder: Path = find_data("queries")
    lines: list[str] = []
    for query in QUERIES:
        lines += [f"RETURN '{MARK}{query.name}' AS mark;", *default_lines(query), f":source {folder / f'{query.name}.cypher'}"]
    command = [*shell, "-a", server.url, "-u", server.username, "--format", "plain", *(["-d", server.database] if server.database else [])]
    done = subprocess.run(
        command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=False, env={**os.environ, "NEO4J_PASSWORD": server.password}
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = {}
    for part in done.stdout.split(f'mark\n"{MARK}')[1:]:
        name, _, table = part.partition('"\n')
        rows = list(csv.reader(table.splitlines(), skipinitialspace=True, escapechar="\\"))
        answers[name] = (rows[0] if rows else [], max(len(rows) - 1, 0))
    return answers


@pytest.mark.parametrize("which", ["filled", pytest.param("served", marks=pytest.mark.embedded)])
def test_cypher_shell_runs_every_file_as_it_stands(shell, request, which):
    server: Neo4jServer = request.getfixturevalue(which)
    answers = run_shell(shell, server)
    with BoltStore(server.url, auth=server.auth, database=server.database, dataset="for-cypher-shell" if which == "filled" else "district") as store:
        wanted: dict[str, Any] = {query.name: run_query(store.run_read, query.name, {}) for query in QUERIES}
    assert {name: count for name, (_, count) in answers.items()} == {name: len(rows) for name, rows in wanted.items()}
    empty = {name for name, rows in wanted.items() if rows.empty}  # an engine may show no headings where there is no row
    assert {name: columns for name, (columns, _) in answers.items() if name not in empty} == {
        name: list(rows.columns) for name, rows in wanted.items() if name not in empty
    }
    assert len(empty) < len(QUERIES) / 3


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_the_page_sets_every_parameter(query):
    assert [line.split()[1] for line in default_lines(query)] == [parameter.name for parameter in query.parameters]
