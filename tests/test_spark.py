"""The relational answers on a real Spark, row by row those of DuckDB; and what is said where Spark cannot be had."""

import datetime as dt
import gc
import os
import socket
import sys
from dataclasses import replace

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from graphkit.cli import main
from graphkit.data.tables import Tables
from graphkit.engines import java
from graphkit.engines.engine import open_engine
from graphkit.engines.frames import collect_rows, count_distinct, stack_frames
from graphkit.engines.parts import PART_NODES, _spread
from graphkit.engines.pivots import estimate_betweenness
from graphkit.engines.spark import SparkEngine, is_session, open_session, told
from graphkit.engines.twostep import open_two_steps
from graphkit.errors import EngineError, ParameterError
from graphkit.generate import generate_acheng, generate_district
from graphkit.interrupts import interrupts_kept
from graphkit.model.kinds import MODEL
from graphkit.network import Network
from graphkit.network.measures import count_brokerage_roles, measure_holes, score_participation
from graphkit.questions.annual_return.classify import classify_annual_return
from graphkit.questions.bridges.spread import SAMPLED, _need_measurable, find_bridge_figures_of
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.questions.reach.find import find_pairing_reach
from graphkit.store.connect import connect
from graphkit.store.local.store import LocalStore
from tests.object_store import BUCKET, served

DAY = dt.date(2012, 4, 30)
ASKED = (find_coverage_gaps, find_pairing_reach, classify_annual_return)
DISTRICTS = {"example": generate_acheng, **{f"seed {seed}": lambda seed=seed: generate_district(villages=3, seed=seed) for seed in (1, 2, 3)}}


S3A_JARS = os.environ.get("GRAPHKIT_S3A_JARS")  # a folder with hadoop-aws of the Hadoop that PySpark brings, and what it depends on: half a gigabyte

# PySpark leaves the sockets over which rows come to the garbage collector, which says so.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket.socket:ResourceWarning")


@pytest.fixture(autouse=True)
def _sockets_of_pyspark_end_here():
    yield
    gc.collect()


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("tests")
    for key, value in {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false", "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1", "spark.driver.memory": "1g", "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN", "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.dataFrameQueryContext.enabled": "false", "spark.sql.lightweightPlanChangeValidation": "false",  # a third of the time of planning
    }.items():  # fmt: skip
        builder = builder.config(key, value)
    if S3A_JARS:
        builder = builder.config("spark.driver.extraClassPath", f"{S3A_JARS}/*")
    with interrupts_kept():
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYSPARK_PYTHON", sys.executable)
            session = builder.getOrCreate()
        yield session
        session.stop()
    gateway = type(session.sparkContext)._gateway
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(30)


def assert_same(found, expected):
    pd.testing.assert_frame_equal(found.rows, expected.rows)
    for name in ("question", "columns", "parameters", "rules", "caveats", "provenance", "as_of"):
        assert getattr(found, name) == getattr(expected, name), name


@pytest.mark.spark
@pytest.mark.parametrize("name", DISTRICTS)
def test_every_finding_is_that_of_the_local_engine(spark, name, tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(DISTRICTS[name]())
    tables, files = store.read_with_files()
    on_files = SparkEngine(spark, tables=tables, files=files, keep=True)
    spark.conf.set("spark.sql.shuffle.partitions", 2 if name == "seed 1" else 1)  # with one, small tables are not shuffled: a third of the time
    cut, whole = name in ("example", "seed 1"), store.read(places=False)
    found = find_bridge_figures_of(tables, as_of=DAY, engine=on_files, part_nodes=whole["Member"].num_rows // 2 if cut else PART_NODES)
    assert_same_bridges(found, find_bridge_figures_of(whole, as_of=DAY))
    for ask in ASKED:
        assert_same(ask(tables, as_of=DAY, engine=on_files), ask(whole, as_of=DAY))
        if ask is find_coverage_gaps and name != "example":  # rows of the example were not read, and what they touch is looked up here
            assert not read_here(tables) & {
                "Member",
                "Household",
                "Member BELONGS_TO Branch",
                "Member WORKS_IN Cooperative",
                "Member HELPS Household",
            }
    assert (found.provenance["parts"] > 2) == cut


def read_here(tables):
    """The tables that this process has read of those that it leaves to Spark."""
    return {name for name, held in tables.held().items() if held.is_read and held.num_rows}


def assert_same_bridges(found, expected):
    """The same but for the hash of the network, which nobody holds."""
    kept = {name: value for name, value in expected.provenance.items() if name != "network"}
    added = {name: value for name, value in found.provenance.items() if name in ("dataset", "parts")}
    assert_same(found, replace(expected, provenance=kept | added))


@pytest.mark.spark
def test_a_session_that_is_passed_in_counts_what_the_process_holds_and_stays(spark):
    tables = generate_district(villages=2, seed=5)
    assert_same(classify_annual_return(tables, as_of=DAY, engine=spark), classify_annual_return(tables, as_of=DAY))
    with open_engine("spark") as opened:
        assert opened.session is spark
    assert spark.range(3).count() == 3


@pytest.mark.spark
@pytest.mark.parametrize("day", [dt.date(1990, 1, 1), dt.date(2009, 7, 1), DAY, dt.date(2030, 1, 1)])
def test_what_stood_on_a_day_is_read_from_the_files_as_the_tables_say(spark, day, tmp_path):
    from tests.test_standing import NAMES, planted, rows_of

    store = LocalStore(tmp_path / "d.gk")
    store.write(planted())
    tables, files = store.read_with_files()
    standing = tables.at(day)
    frames = SparkEngine(spark, tables=tables, files=files).open_frames({name: standing[name] for name in NAMES}, tables, day)
    for name in NAMES:
        assert rows_of(collect_rows(frames[name], standing[name].schema, order=standing[name].column_names)) == rows_of(standing[name]), name


@pytest.mark.spark
def test_the_files_of_an_object_store_are_read_by_spark(spark, tmp_path, monkeypatch):
    if not S3A_JARS:
        pytest.skip("GRAPHKIT_S3A_JARS names no folder with hadoop-aws")
    LocalStore(tmp_path / "d.gk").write(generate_district(villages=2, seed=5))
    with served(tmp_path) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        for name, value in {
            "endpoint": environment["AWS_ENDPOINT_URL"], "access.key": environment["AWS_ACCESS_KEY_ID"], "secret.key": environment["AWS_SECRET_ACCESS_KEY"],
            "aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider", "path.style.access": "true", "endpoint.region": "us-east-1",
        }.items():  # fmt: skip
            spark.conf.set(f"fs.s3a.{name}", value)
        tables, files = connect(f"s3://{BUCKET}/d.gk").read_with_files()
        found = classify_annual_return(tables, as_of=DAY, engine=SparkEngine(spark, tables=tables, files=files))
    assert_same(found, classify_annual_return(LocalStore(tmp_path / "d.gk").read(), as_of=DAY))


@pytest.mark.spark
def test_the_guards_hold_on_spark(spark):
    rows = pa.table({"group": ["甲", "甲", "乙", None], "value": [1, None, None, 4]})
    frame = nw.from_native(spark.createDataFrame(rows))
    schema = pa.schema([("group", pa.string()), ("n", pa.int64())])
    counted = collect_rows(frame.group_by("group").agg(count_distinct("value").alias("n")), schema, order=["group"])
    assert counted.to_pydict() == {"group": ["乙", "甲", None], "n": [0, 1, 1]}
    turned = nw.from_native(spark.createDataFrame(rows.select(["value", "group"])))
    assert collect_rows(stack_frames([frame, turned], ["group"]), schema.remove(1), order=["group"]).num_rows == 8


@pytest.mark.spark
def test_a_file_that_is_gone_is_told_without_a_trace(spark, tmp_path):
    tables = generate_district(villages=2, seed=5)
    engine = SparkEngine(spark, tables=tables, files={"Branch": str(tmp_path / "none.parquet")})
    with pytest.raises(EngineError, match="Spark gave up"):
        find_coverage_gaps(tables, as_of=DAY, engine=engine)


@pytest.mark.spark
def test_the_command_answers_on_spark_as_it_does_here(spark, tmp_path, capsys):
    with LocalStore(tmp_path / "d.gk") as store:
        store.write(generate_district(villages=2, seed=5))
    said = []
    for more in ([], ["--engine", "spark", "--master", "local[2]"]):
        assert main(["annual-return", str(tmp_path / "d.gk"), "--as-of", "2012-04-30", "--lang", "en", *more]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert main(["gaps", str(tmp_path / "d.gk"), "--engine", "spark", "--master", "local[7]", "--lang", "en"]) == 2
    assert "is active in this process" in capsys.readouterr().err


def test_what_is_no_engine_is_refused():
    assert not is_session("spark")
    with pytest.raises(ParameterError, match="engine is one of duckdb, spark"), open_engine("dask"):
        pass
    with pytest.raises(ParameterError, match="not int"), open_engine(3):
        pass


def test_master_without_spark_is_a_mistake(tmp_path, capsys):
    assert main(["gaps", str(tmp_path), "--master", "local[2]", "--lang", "en"]) == 2
    assert "--engine spark" in capsys.readouterr().err


def test_without_pyspark_the_extra_is_named(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    for lang, said in (("en", "PySpark is not installed"), ("zh", "没有安装 PySpark")):
        assert main(["gaps", str(tmp_path / "none.gk"), "--engine", "spark", "--lang", lang]) == 4
        error = capsys.readouterr().err
        assert said in error
        assert "graphkit-networks[spark]" in error


def fake_java(folder, version):
    (folder / "bin").mkdir(parents=True)
    program = folder / "bin" / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2014-01-01' >&2\n")
    program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(("version", "major"), [("1.8.0_392", 8), ("11.0.2", 11), ("25", 25), ("none of it", 0)])
def test_a_java_that_does_not_fit_is_told(monkeypatch, tmp_path, version, major):
    monkeypatch.setenv("JAVA_HOME", fake_java(tmp_path / "java", version))
    with pytest.raises(EngineError, match=f"Java {major}" if major else "unknown version"):
        java.need_java()


def test_a_java_that_fits_and_one_that_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", fake_java(tmp_path / "java", "21.0.1"))
    assert java.need_java() == 21
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(EngineError, match="no Java found"):
        java.need_java()


@pytest.mark.spark
def test_a_master_that_is_away_is_told_at_once(monkeypatch):
    from pyspark.sql import SparkSession

    monkeypatch.setattr(SparkSession, "getActiveSession", classmethod(lambda cls: None))
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers there
        address = f"spark://127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(EngineError, match="master does not answer"), open_session(address):
            pass


@pytest.mark.spark
def test_components_are_those_of_networkx(spark):
    import networkx as nx

    from graphkit.engines.contraction import find_components

    tables = generate_district(villages=3, seed=1)
    ties = ["Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Member HELPS Household", "Member MENTORS Member"]
    standing, graph = tables.at(DAY), nx.Graph()
    for kind in ("Member", "Branch", "Cooperative", "Household"):
        graph.add_nodes_from(f"{kind} {key}" for key in standing[kind]["id"].to_pylist())
    for tie in ties:
        (one, source), (other, target) = zip([end.name for end in tables.model.table_type(tie).ends], tie.split()[::2], strict=True)
        pairs = zip(standing[tie][one].to_pylist(), standing[tie][other].to_pylist(), strict=True)
        graph.add_edges_from((f"{source} {a}", f"{target} {b}") for a, b in pairs)
    expected = {node: min(part) for part in nx.connected_components(graph) for node in part}

    found = find_components(SparkEngine(spark), tables, ties=ties, as_of=DAY)
    rows = found.labels.toArrow().to_pylist()
    assert {f"{row['subject_kind']} {row['subject_id']}": row["component"] for row in rows} == expected
    assert len(rows) == len(expected)
    assert found.sizes()["nodes"].to_pylist() == sorted(map(len, nx.connected_components(graph)), reverse=True)


@pytest.mark.spark
def test_two_step_measures_by_joins_are_those_of_the_kernels(spark):
    tables, names = generate_district(villages=2, seed=4), ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Member MENTORS Member")
    # branches serve co-operatives and members lead their mentors' branches: triangles of every sort, and two ties between one pair
    names = (*names, "Branch SERVES Cooperative", "Member LIAISES Cooperative")
    typed = Network.from_tables(tables, as_of=DAY)
    network = typed.drop_ties(*set(typed.ties.names) - set(names))
    steps = open_two_steps(SparkEngine(spark), tables, ties=names, as_of=DAY)
    codes = network.group("village").codes
    groups = [(kind, key, int(code)) for kind, key, code in zip(kinds_of(network), network.ids, codes, strict=True) if code >= 0]
    groups = spark.createDataFrame(pd.DataFrame(groups, columns=["subject_kind", "subject_id", "group"]))
    tied = network.degrees > 0
    assert (count_triangles(network) > 0).sum() > 5
    for found, expected in (
        (steps.measure_holes(), measure_holes(network)),
        (steps.score_participation(groups), score_participation(network, group="village").to_frame()),
        (steps.count_brokerage_roles(groups), count_brokerage_roles(network, group="village")),
    ):
        rows = found.toArrow().to_pandas().set_index(["subject_kind", "subject_id"]).sort_index()
        keyed = expected.set_axis(pd.MultiIndex.from_arrays([kinds_of(network), network.ids], names=rows.index.names))[tied].sort_index()
        pd.testing.assert_frame_equal(rows, keyed, rtol=1e-12, check_index_type=False)


@pytest.mark.spark
def test_betweenness_by_joins_is_that_of_the_literature_where_all_are_pivots(spark):
    import networkx as nx

    kite = nx.krackhardt_kite_graph()  # Krackhardt 1990: the seventh of ten is on 14 paths, its two neighbours on 8 1/3
    ids = [str(node) for node in kite]
    tables = Tables({
        "Member": pa.table({"id": ids}), "Cooperative": pa.table({"id": ["x"]}),
        "Member MENTORS Member": pa.table({"mentor_id": [str(a) for a, _ in kite.edges], "mentee_id": [str(b) for _, b in kite.edges]}),
        "Member WORKS_IN Cooperative": pa.table({"member_id": ["9"], "cooperative_id": ["x"]}),
    })  # fmt: skip
    steps = open_two_steps(SparkEngine(spark), tables, ties=["Member MENTORS Member", "Member WORKS_IN Cooperative"], as_of=DAY)
    rows = estimate_betweenness(steps, pivots=10).toArrow().to_pandas().set_index("subject_id").sort_index()
    assert rows["betweenness"].round(3)[["5", "6", "7", "8", "9", "x"]].tolist() == [8.333, 8.333, 14.0, 8.0, 0.0, 0.0]
    assert rows["betweenness_error"].eq(0).all()
    few = estimate_betweenness(steps, pivots=2, seed=1).toArrow().to_pandas()
    assert len(few) == 11
    assert few["betweenness_error"].isna().all()


def kinds_of(network):
    return [network.kind_names[code] for code in network.kinds]


def count_triangles(network):
    import networkx as nx

    return np.array(list(nx.triangles(nx.Graph(list(zip(network.rows().tolist(), network.neighbours.tolist(), strict=True)))).values()))


def two_chains():
    """Two components of four and three people, each with a co-operative of the one name; a tie to nobody, and a household that both chains help."""
    ids = list("abcdefg")
    return Tables({
        "Member": pa.table({"id": ids}), "Household": pa.table({"id": ["h", "i"]}),
        "Cooperative": pa.table({"id": ["x", "y"], "name": ["同名社", "同名社"]}),
        "Member MENTORS Member": pa.table({"mentor_id": ["a", "b", "c", "e", "f", "g"], "mentee_id": ["b", "c", "d", "f", "g", "nobody"]}),
        "Member WORKS_IN Cooperative": pa.table({"member_id": ["b", "f"], "cooperative_id": ["x", "y"]}),
        "Member HELPS Household": pa.table({"member_id": ["a", "e", "b"], "household_id": ["h", "h", "i"], "kind": ["one_to_five"] * 3}),
    })  # fmt: skip


@pytest.mark.spark
def test_bridges_where_keys_are_not_sound_and_bodies_have_one_name(spark):
    tables = two_chains()
    found, expected = (find_bridge_figures_of(tables, as_of=DAY, engine=engine, part_nodes=5) for engine in (spark, "duckdb"))
    assert_same_bridges(found, expected)
    assert found.rows.set_index("subject_id")["reason_en"]["f"].count("同名社 (y)") == 1
    assert any("1 ties lead to something that is not in the tables" in caveat.en for caveat in found.caveats)


@pytest.mark.spark
def test_a_sample_says_that_it_is_one(spark):
    found = find_bridge_figures_of(two_chains(), as_of=DAY, engine=spark, pivots=2, holding=("mentoring", "membership", "pairing"), ends=())
    assert SAMPLED in found.caveats
    assert found.rows["betweenness_error"].isna().any()  # of so few pivots no error is told
    assert found.rows.loc[found.rows["subject_id"] == "d", "betweenness"].tolist() == [0.0]


def test_what_draws_whole_networks_is_not_asked_of_spark():
    asked = {"group": "village", "holding": ["pairing"], "ends": [], "pivots": None}
    with pytest.raises(ParameterError, match="on this machine alone"):
        _need_measurable(MODEL, asked | {"chance": 19, "missing": 0.0})
    with pytest.raises(ParameterError, match="no group 'county'"):
        _need_measurable(MODEL, asked | {"group": "county", "chance": 0, "missing": 0.0})


def test_large_components_go_where_there_is_most_room():
    # 100 nodes in 4 parts, 20 of them in small components: 40 alone fill a part, and the three others stand by themselves
    assert _spread([("a", 40), ("b", 20), ("c", 10), ("d", 10)], 100, 4) == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert _spread([("a", 40), ("b", 20), ("c", 15), ("d", 10), ("e", 10)], 95, 2) == {"a": 0, "b": 1, "c": 1, "d": 1, "e": 0}


@pytest.mark.spark
def test_workers_without_graphkit_are_told():
    from pyspark.errors import PySparkException

    with pytest.raises(EngineError, match=r"the workers of Spark have no graphkit: install .* PYSPARK_PYTHON"), told():
        raise PySparkException("… ModuleNotFoundError: No module named 'graphkit'")


@pytest.mark.spark
def test_that_spark_cannot_read_an_object_store_is_told(spark):
    if S3A_JARS:
        pytest.skip("GRAPHKIT_S3A_JARS: here it can")
    with pytest.raises(EngineError, match="no classes for s3a://"), told():
        spark.read.parquet(f"s3a://{BUCKET}/none.parquet")


@pytest.mark.spark
def test_a_long_chain_contracts_in_few_rounds(spark):
    from graphkit.engines.contraction import find_components

    ids = [f"m{number:03}" for number in range(128)]
    chain = Tables({
        "Member": pa.table({"id": [*ids, "z"]}), "Member MENTORS Member": pa.table({"mentor_id": ids[:-1], "mentee_id": ids[1:]}),
    })  # fmt: skip
    found = find_components(SparkEngine(spark), chain, ties=["Member MENTORS Member"], as_of=DAY)
    assert found.sizes().to_pydict() == {"component": ["Member m000", "Member z"], "nodes": [128, 1]}
    assert found.rounds <= 8
