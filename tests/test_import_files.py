"""The files for neo4j-admin import, by really importing them: the graph is the one that a load over Bolt makes."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pyarrow as pa
import pytest

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError, StoreError
from graphkit.model.kinds import MODEL
from graphkit.store.bolt.import_files import import_command, write_import_files
from graphkit.store.bolt.store import BoltStore
from tests.neo4j_server import SERVERS, Neo4jServer, ServerNotHad, download_jars, find_java, make_home, skip_or_fail
from tests.test_store_bolt import by_hand


def merged(district: Tables) -> Tables:
    """A district with the odd values of the hand-made one beside it, and rows set aside."""
    both = {name: pa.concat_tables([district[name], table]) for name, table in by_hand().items() if name != "Village"}
    both["Village"] = pa.concat_tables(
        [district["Village"], by_hand()["Village"].filter(pa.array([key not in district["Village"]["code"].to_pylist() for key in by_hand()["Village"]["code"].to_pylist()]))]
    )  # fmt: skip
    aside = [{"table": "Member", "source_row": 9, "rule": "key.once", "row": '{"编号": "m1"}'}, {"table": "Zone", "row": "两\n行"}]
    return Tables(both, quarantine=pa.Table.from_pylist(aside, schema=district.quarantine.schema), dataset="阿城")


@pytest.fixture(params=list(SERVERS))
def imported(request, tmp_path: Path, district) -> Iterator[tuple[Neo4jServer, Tables]]:
    """A server whose database was made by the command that graphkit wrote."""
    try:
        download_jars(request.param)
        find_java(SERVERS[request.param][0])
    except ServerNotHad as reason:
        skip_or_fail(str(reason))
    tables = merged(district)
    script = write_import_files(tables, tmp_path / "files")
    program, *arguments = shlex.split(import_command(script).replace("\\\n", " "))
    assert program == "neo4j-admin"
    server = make_home(request.param)
    assert server.home
    here = [re.sub(r"(?<==)(\w+\.header\.csv),(\w+\.csv)$", rf"{script.parent}/\1,{script.parent}/\2", a) for a in arguments]
    try:
        server.admin(*here)
        server.start()
        yield server, tables
    finally:
        server.kill()
        shutil.rmtree(server.home, ignore_errors=True)


def dump(server: Neo4jServer, dataset: str) -> tuple[list[str], list[str]]:
    """Every node and tie of a dataset with all its properties, the name of the dataset excepted."""
    nodes = "MATCH (n {dataset: $d}) WHERE NOT n:GraphkitRun RETURN labels(n) AS kind, properties(n) AS values"
    ties = (
        "MATCH (a {dataset: $d})-[r]->(b) RETURN [labels(a)[0], properties(a), type(r), labels(b)[0], properties(b)] AS kind, properties(r) AS values"
    )
    with neo4j.GraphDatabase.driver(server.url, auth=server.auth) as driver:
        records = [driver.execute_query(text, d=dataset).records for text in (nodes, ties)]
    return tuple(
        sorted(json.dumps(r.data(), default=str, sort_keys=True, ensure_ascii=False).replace(dataset, "") for r in found) for found in records
    )  # type: ignore[return-value]


@pytest.mark.neo4j
def test_what_is_imported_is_what_a_load_over_bolt_makes(imported, tmp_path, district):
    server, tables = imported
    with BoltStore(server.url, auth=server.auth, dataset="阿城") as store:
        back = store.read()
        assert back == tables
        assert back.quarantine.to_pylist() == tables.quarantine.to_pylist()
        assert back.counts == tables.counts
    with BoltStore(server.url, auth=server.auth, dataset="loaded") as loaded:
        loaded.write(tables)
    assert dump(server, "阿城") == dump(server, "loaded")

    # the statements beside the files make the constraints of a load, and a load goes on from an import
    schema = (tmp_path / "files" / "schema.cypher").read_text(encoding="utf-8")
    with neo4j.GraphDatabase.driver(server.url, auth=server.auth) as driver:
        for text in filter(None, map(str.strip, schema.split(";\n"))):
            driver.execute_query(text)
        shown = {tuple(r["labelsOrTypes"] + r["properties"]) for r in driver.execute_query("SHOW CONSTRAINTS").records}
    assert {(kind.label, "dataset", kind.key) for kind in MODEL.nodes} <= shown
    with BoltStore(server.url, auth=server.auth, dataset="阿城") as store:
        store.write(district)
        assert store.read() == district


def test_the_folder_must_be_empty(tmp_path, district):
    (tmp_path / "old.csv").write_text("x")
    with pytest.raises(ParameterError, match="not empty"):
        write_import_files(district, tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "neo4j\ntouch /tmp/x",
        "a;b",
        "$(id)",
        "a b",
        "",
        "ab",
        "a" * 64,
        "-abc",
        "abc-",
        "abc.",
        ".abc",
        "system",
        "SystemX",
        "_abc",
        "阿城区",
        "neo4j\n",
        "a'b\"c",
    ],
)
def test_a_name_that_neo4j_would_not_take_is_refused_before_anything_is_written(tmp_path, name):
    with pytest.raises(ParameterError, match="names no database") as told:
        write_import_files(Tables({"Zone": pa.table({"id": ["z1"]})}), tmp_path / "files", database=name)
    assert "数据库" in told.value.say("zh")
    assert "\n" not in told.value.say("en")
    assert not (tmp_path / "files").exists()


@pytest.mark.parametrize("name", ["neo4j", "Acheng", "acheng.2012", "a-1", "a" * 63])
def test_names_that_neo4j_takes_stand_in_the_command_alone(tmp_path, name):
    script = write_import_files(Tables({"Zone": pa.table({"id": ["z1"]})}), tmp_path / "files", database=name).read_text(encoding="utf-8")
    assert f"database import full {name} " in script
    assert [line for line in script.splitlines() if line.startswith("#") and name in line and name != "neo4j"] == []


def test_the_script_can_be_run(tmp_path, district):
    script = write_import_files(district, tmp_path / "files")
    (tmp_path / "neo4j-admin").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tmp_path / "neo4j-admin").chmod(0o700)
    done = subprocess.run([script], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[:4] == ["database", "import", "full", "neo4j"]


def test_rows_that_an_import_would_lose_are_refused(tmp_path):
    with pytest.raises(StoreError, match=r"Household \(1\)"):
        write_import_files(Tables({"Household": pa.table({"id": ["h1", "h1"]})}), tmp_path / "files")
    assert not (tmp_path / "files").exists()


def test_the_command_names_every_file_and_only_files_that_are_there(tmp_path, district):
    script = write_import_files(district, tmp_path / "files", database="acheng")
    command = import_command(script)
    named = set(re.findall(r"[\w.]+\.csv", command))
    assert named == {p.name for p in (tmp_path / "files").glob("*.csv")}
    assert command.splitlines()[0] == "neo4j-admin database import full acheng \\"
