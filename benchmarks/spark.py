"""Unit costs of the answers on Spark at three sizes, fitted exponents, and from these a plan of capacity for a country.

    python benchmarks/spark.py                                   # local[2], about 1k, 4k and 16k members
    python benchmarks/spark.py --members 1000000 --only components

Each size runs in a session of its own. Processor time, shuffle bytes and spilled bytes are sums over all stages, as Spark's own status
store has them; bytes on disk are those of the local store's Parquet files. The equality of each answer with DuckDB's is asserted in the same
run up to `--compare` members. What is printed last is a PLAN: the fit, put forward to sizes that nobody has run.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MEMBERS = (1_000, 4_000, 16_000)
MEMBERS_PER_VILLAGE = 37  # of generate_district at size; only used to choose how many villages to ask for
NATIONAL = {"members": 100_000_000, "branches": 5_000_000, "villages": 500_000, "co-operatives": 2_200_000, "households": 200_000_000}
HOLDING = ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Member HELPS Household", "Member MENTORS Member", "Member LIAISES Cooperative")
ANSWERS = ("gaps", "reach", "components")
FITTED = ("cpu_s", "shuffle_bytes")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--members", type=int, nargs="+", default=MEMBERS)
    options.add_argument("--only", choices=ANSWERS, nargs="+", default=ANSWERS)
    options.add_argument("--memory", default="4g", help="heap of the one process that Spark is here")
    options.add_argument("--compare", type=int, default=20_000)
    options.add_argument("--step", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.step:
        print(json.dumps(measure(chosen.step, chosen.only, chosen.memory, compare=chosen.step <= chosen.compare)))
        return
    print(f"{'members':>11} {'nodes':>11} {'ties':>11} {'disk MB':>8}  {'answer':<11} {'wall s':>7} {'CPU s':>8} {'shuffle MB':>10} {'spill MB':>8}")
    found = [run(members, chosen) for members in chosen.members]
    if len(found) > 1:
        plan(found, chosen.only)


def run(members: int, chosen: argparse.Namespace) -> dict:
    command = [sys.executable, __file__, "--step", str(members), "--memory", chosen.memory, "--compare", str(chosen.compare), "--only", *chosen.only]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    size = json.loads(done.stdout.splitlines()[-1])
    for answer in chosen.only:
        cost = size[answer]
        print(
            f"{size['members']:>11,} {size['nodes']:>11,} {size['ties']:>11,} {size['disk'] / 1e6:>8.1f}  {answer:<11} {cost['wall_s']:>7.1f} "
            f"{cost['cpu_s']:>8.1f} {cost['shuffle_bytes'] / 1e6:>10.1f} {cost['spill_bytes'] / 1e6:>8.1f}"
            + (f"  {cost['rounds']} rounds" if "rounds" in cost else ""),
            flush=True,
        )
    return size


def measure(members: int, answers: list[str], memory: str, *, compare: bool) -> dict:
    from pyspark.sql import SparkSession

    from graphkit.engines.spark import SparkEngine
    from graphkit.generate import generate_district
    from graphkit.store.local.store import LocalStore

    builder = SparkSession.builder.master("local[2]")
    for key, value in {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false", "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false", "spark.driver.memory": memory, "spark.sql.shuffle.partitions": "4", "spark.ui.retainedStages": "100000",
    }.items():  # fmt: skip
        builder = builder.config(key, value)
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore(f"{folder}/d.gk")
        store.write(generate_district(villages=max(1, round(members / MEMBERS_PER_VILLAGE)), seed=1))
        tables, files = store.read_with_files()
        session = builder.getOrCreate()
        try:
            engine = SparkEngine(session, tables=tables, files=files)
            session.range(1000).selectExpr("sum(id)").collect()  # the start of the first job is no cost of the answer
            size = {"members": tables["Member"].num_rows, "nodes": tables.node_count, "ties": tables.tie_count}
            size["disk"] = sum(Path(file).stat().st_size for file in files.values())
            return size | {answer: cost_of(session, STEPS[answer], engine, tables, compare=compare) for answer in answers}
        finally:
            session.stop()


def cost_of(session, step, engine, tables, *, compare: bool) -> dict:
    before, start = totals(session), time.perf_counter()
    told = step(engine, tables, compare)
    wall, after = time.perf_counter() - start - told.pop("beside_s", 0.0), totals(session)
    return {"wall_s": wall, **{name: after[name] - before[name] for name in after}, **told}


def totals(session) -> dict[str, float]:
    """Sums over all stages so far, from the status store that Spark's own pages are drawn from."""
    spark = session.sparkContext
    java, jvm, gateway = spark._jsc, spark._jvm, spark._gateway  # noqa: SLF001 - Spark's metrics have no other door without its web page
    stages = java.sc().statusStore().stageList(None, False, False, gateway.new_array(jvm.double, 0), None)
    sums = {"cpu_s": 0.0, "shuffle_bytes": 0.0, "spill_bytes": 0.0}
    for number in range(stages.size()):
        stage = stages.apply(number)
        sums["cpu_s"] += stage.executorCpuTime() / 1e9
        sums["shuffle_bytes"] += stage.shuffleWriteBytes()
        sums["spill_bytes"] += stage.diskBytesSpilled()
    return sums


def ask_gaps(engine, tables, compare: bool) -> dict:
    from graphkit.questions.coverage.find import find_coverage_gaps

    return asked(find_coverage_gaps, engine, tables, compare)


def ask_reach(engine, tables, compare: bool) -> dict:
    from graphkit.questions.reach.find import find_pairing_reach

    return asked(find_pairing_reach, engine, tables, compare)


def asked(question, engine, tables, compare: bool) -> dict:
    import datetime as dt

    day = dt.date(2012, 4, 30)
    found, start = question(tables, as_of=day, engine=engine), time.perf_counter()
    if compare:
        assert found.rows.equals(question(tables, as_of=day).rows)
    return {"rows": len(found), "beside_s": time.perf_counter() - start}


def ask_components(engine, tables, _compare: bool) -> dict:
    import datetime as dt

    from graphkit.engines.contraction import find_components

    found = find_components(engine, tables, ties=HOLDING, as_of=dt.date(2012, 4, 30))
    sizes = found.sizes()
    return {"rounds": found.rounds, "components": sizes.num_rows, "largest": sizes["nodes"][0].as_py()}


STEPS = {"gaps": ask_gaps, "reach": ask_reach, "components": ask_components}


def plan(found: list[dict], answers: list[str]) -> None:
    """Fit cost = a · members^b over the sizes, and put it forward."""
    print(f"\nPLAN, not a measurement: {NATIONAL['members']:,} members, by the exponents fitted above")
    disk, exponent = fit([(size["members"], size["disk"]) for size in found])
    print(f"  disk: exponent {exponent:.2f}, {disk(NATIONAL['members']) / 1e9:,.0f} GB of Parquet")
    for answer in answers:
        for name in FITTED:
            cost, exponent = fit([(size["members"], size[answer][name]) for size in found])
            whole = cost(NATIONAL["members"])
            said = f"{whole / 3600:,.0f} CPU hours" if name == "cpu_s" else f"{whole / 1e9:,.0f} GB"
            print(f"  {answer}: {name} exponent {exponent:.2f}, {said}")


def fit(points: list[tuple[float, float]]):
    """Least squares of logarithms: the function, and its exponent."""
    logs = [(math.log(x), math.log(max(y, 1e-9))) for x, y in points]
    mean_x, mean_y = (sum(values) / len(logs) for values in zip(*logs, strict=True))
    exponent = sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)
    return (lambda x: math.exp(mean_y + exponent * (math.log(x) - mean_x))), exponent


if __name__ == "__main__":
    main()
