"""Unit costs of the answers on Spark at three sizes, fitted exponents, and from these a plan of capacity for a country.

    python benchmarks/spark.py                                   # local[2], about 16k, 125k and 1M members
    python benchmarks/spark.py --members 1000 4000 --only reach

Each size runs in a session of its own. Processor time of tasks, shuffle bytes and spilled bytes are sums over all stages, as Spark's own
status store has them; the stages that cost most are listed with their share. The store does not count the time of Python workers, so that
is read from the system (Linux). Bytes on disk are those of the local store's Parquet files. The equality of each answer with that of this
process is asserted in the same run up to `--compare` members. What is printed last is a PLAN: the fit, put forward to sizes that nobody has run.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

MEMBERS = (16_000, 125_000, 1_000_000)
MEMBERS_PER_VILLAGE = 40  # of generate_district at size; only used to choose how many villages to ask for
NATIONAL = {"members": 100_000_000, "branches": 5_000_000, "villages": 500_000, "co-operatives": 2_200_000, "households": 200_000_000}
HOLDING = ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Member HELPS Household", "Member MENTORS Member", "Member LIAISES Cooperative")
ANSWERS = ("reach", "components", "bridges", "gaps")
FITTED = ("cpu_s", "worker_s", "shuffle_bytes")
COSTLIEST = 4  # stages of each answer that are listed


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--members", type=int, nargs="+", default=MEMBERS)
    options.add_argument("--only", choices=ANSWERS, nargs="+", default=ANSWERS)
    options.add_argument("--memory", default="4g", help="heap of the one process that Spark is here")
    options.add_argument("--compare", type=int, default=20_000)
    options.add_argument("--step", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.step:
        for told in measure(chosen.step, chosen.only, chosen.memory, compare=chosen.step <= chosen.compare):
            print(json.dumps(told), flush=True)
        return
    print(
        f"{'members':>11} {'nodes':>11} {'ties':>11} {'disk MB':>8}  {'answer':<11} {'wall s':>7} {'CPU s':>8} {'Python s':>8} {'shuffle MB':>10} {'spill MB':>8}"
    )
    found = [run(members, chosen) for members in chosen.members]
    if len(found) > 1:
        plan(found, chosen.only)


def run(members: int, chosen: argparse.Namespace) -> dict:
    command = [sys.executable, __file__, "--step", str(members), "--memory", chosen.memory, "--compare", str(chosen.compare), "--only", *chosen.only]
    size: dict = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as step:
        for line in step.stdout:
            size |= (told := json.loads(line))
            for answer in set(told) & set(ANSWERS):
                tell(size, answer)
    if step.returncode:
        raise SystemExit(step.returncode)
    return size


def tell(size: dict, answer: str) -> None:
    """Print an answer as soon as it is measured: a size may take an hour."""
    cost = size[answer]
    print(
        f"{size['members']:>11,} {size['nodes']:>11,} {size['ties']:>11,} {size['disk'] / 1e6:>8.1f}  {answer:<11} {cost['wall_s']:>7.1f} "
        f"{cost['cpu_s']:>8.1f} {cost['worker_s']:>8.1f} {cost['shuffle_bytes'] / 1e6:>10.1f} {cost['spill_bytes'] / 1e6:>8.1f}"
        + "".join(f"  {cost[name]:,} {name}" for name in ("rounds", "components", "largest", "parts") if name in cost),
        flush=True,
    )
    for stage in cost["stages"]:
        print(
            f"{'stage ' + str(stage['number']):>56}: {stage['tasks']:,} tasks, {stage['cpu_s']:.1f} CPU s, read {stage['read'] / 1e6:.1f}, wrote "
            f"{stage['wrote'] / 1e6:.1f} MB of shuffle",
            flush=True,
        )


def measure(members: int, answers: list[str], memory: str, *, compare: bool) -> Iterator[dict]:
    from pyspark.sql import SparkSession

    from graphkit.engines.spark import SparkEngine
    from graphkit.generate import generate_district
    from graphkit.store.local.store import LocalStore

    builder = SparkSession.builder.master("local[2]")
    for key, value in {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false", "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false", "spark.sql.dataFrameQueryContext.enabled": "false", "spark.driver.memory": memory, "spark.sql.shuffle.partitions": "8", "spark.sql.autoBroadcastJoinThreshold": "-1", "spark.sql.adaptive.autoBroadcastJoinThreshold": "10MB", "spark.ui.retainedStages": "100000",
    }.items():  # fmt: skip
        builder = builder.config(key, value)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore(f"{folder}/d.gk")
        store.write(generate_district(villages=max(1, round(members / MEMBERS_PER_VILLAGE)), seed=1))
        tables, files = store.read_with_files()
        session = builder.getOrCreate()
        try:
            engine = SparkEngine(session, tables=tables, files=files)
            session.range(1000).selectExpr("sum(id)").collect()  # the start of the first job is no cost of the answer
            workers = Workers(session)
            size = {"members": tables["Member"].num_rows, "nodes": tables.node_count, "ties": tables.tie_count}
            size["disk"] = sum(Path(file).stat().st_size for file in files.values())
            yield size
            for answer in answers:
                yield {answer: cost_of(session, workers, STEPS[answer], engine, tables, compare=compare)}
        finally:
            session.stop()


def cost_of(session, workers, step, engine, tables, *, compare: bool) -> dict:
    before, idle, start = stages(session), workers.seconds(), time.perf_counter()
    told = step(engine, tables, compare)
    wall, after = time.perf_counter() - start - told.pop("beside_s", 0.0), stages(session)
    new = [stage for number, stage in after.items() if number not in before]
    sums = {name: sum(stage[of] for stage in new) for name, of in (("cpu_s", "cpu_s"), ("shuffle_bytes", "wrote"), ("spill_bytes", "spilled"))}
    costliest = sorted(new, key=lambda stage: -stage["cpu_s"])[:COSTLIEST]
    return {"wall_s": wall, "worker_s": workers.seconds() - idle, **sums, "stages": costliest, **told}


def stages(session) -> dict[int, dict[str, float]]:
    """What each stage so far took, from the status store that Spark's own pages are drawn from."""
    spark = session.sparkContext
    java, jvm, gateway = spark._jsc, spark._jvm, spark._gateway  # noqa: SLF001 - Spark's metrics have no other door without its web page
    listed = java.sc().statusStore().stageList(None, False, False, gateway.new_array(jvm.double, 0), None)
    found = {}
    for place in range(listed.size()):
        stage = listed.apply(place)
        found[stage.stageId()] = {
            "number": stage.stageId(), "tasks": stage.numTasks(), "cpu_s": stage.executorCpuTime() / 1e9, "read": stage.shuffleReadBytes(),
            "wrote": stage.shuffleWriteBytes(), "spilled": stage.diskBytesSpilled(),
        }  # fmt: skip
    return found


class Workers:
    """Processor time of everything that the process of Spark starts, looked at twice a second: an idle worker ends, and takes its time with it."""

    def __init__(self, session) -> None:
        self.java = session.sparkContext._gateway.proc.pid  # noqa: SLF001 - as above
        self.spent: dict[int, float] = {}
        self.look()
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self) -> None:
        while True:
            time.sleep(0.5)
            self.look()

    def look(self) -> None:
        parents, spent = {}, {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has just ended
            parents[int(entry.parent.name)] = int(fields[1])
            spent[int(entry.parent.name)] = sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
        found = [self.java]
        for process in found:
            found += [child for child, parent in parents.items() if parent == process]
        self.spent |= {process: spent[process] for process in found[1:]}

    def seconds(self) -> float:
        self.look()
        return sum(self.spent.values())


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


def ask_bridges(engine, tables, compare: bool) -> dict:
    import datetime as dt

    import pandas as pd

    from graphkit.questions.bridges.spread import find_bridge_figures_of

    day = dt.date(2012, 4, 30)
    found, start = find_bridge_figures_of(tables, as_of=day, engine=engine), time.perf_counter()
    told = {"rows": len(found), "parts": found.provenance["parts"]}
    if compare:
        pd.testing.assert_frame_equal(found.rows, find_bridge_figures_of(tables, as_of=day).rows, rtol=1e-9)
    return told | {"beside_s": time.perf_counter() - start}


def ask_components(engine, tables, _compare: bool) -> dict:
    import datetime as dt

    from graphkit.engines.contraction import find_components

    found = find_components(engine, tables, ties=HOLDING, as_of=dt.date(2012, 4, 30))
    sizes = found.sizes()
    return {"rounds": found.rounds, "components": sizes.num_rows, "largest": sizes["nodes"][0].as_py()}


STEPS = {"gaps": ask_gaps, "reach": ask_reach, "components": ask_components, "bridges": ask_bridges}


def plan(found: list[dict], answers: list[str]) -> None:
    """Fit cost = a · members^b over the sizes, and put it forward."""
    print(f"\nPLAN, not a measurement: {NATIONAL['members']:,} members, by the exponents fitted above")
    disk, exponent = fit([(size["members"], size["disk"]) for size in found])
    print(f"  disk: exponent {exponent:.2f}, {disk(NATIONAL['members']) / 1e9:,.0f} GB of Parquet")
    for answer in answers:
        for name in FITTED:
            cost, exponent = fit([(size["members"], size[answer][name]) for size in found])
            whole = cost(NATIONAL["members"])
            each = cost(1_000_000) / 1_000_000
            said = f"{whole / 3600:,.0f} CPU hours" if name.endswith("_s") else f"{whole / 1e9:,.0f} GB"
            said += f" ({each * 1e3:,.2f} ms a member at 1M)" if name.endswith("_s") else f" ({each:,.0f} bytes a member at 1M)"
            print(f"  {answer}: {name} exponent {exponent:.2f}, {said}")


def fit(points: list[tuple[float, float]]):
    """Least squares of logarithms: the function, and its exponent."""
    logs = [(math.log(x), math.log(max(y, 1e-9))) for x, y in points]
    mean_x, mean_y = (sum(values) / len(logs) for values in zip(*logs, strict=True))
    exponent = sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)
    return (lambda x: math.exp(mean_y + exponent * (math.log(x) - mean_x))), exponent


if __name__ == "__main__":
    main()
