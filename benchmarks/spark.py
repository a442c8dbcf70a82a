"""Unit costs of the answers on Spark at three sizes, fitted exponents, and from these a plan of capacity for a country.

    python benchmarks/spark.py                                   # local[2], about 16k, 125k and 1M members
    python benchmarks/spark.py --members 1000 4000 --only reach
    python benchmarks/spark.py --stores FOLDER                   # made there once, and found there the next time

Each size runs in a session of its own. Processor time of tasks, shuffle bytes and spilled bytes are sums over all stages, as Spark's own
status store has them; the stages that cost most are listed with their share. The store counts neither planning and collecting garbage nor
the Python workers, so the processor time of the whole process of Spark (driver and executor in one), of its workers and of the process
that asks, and the most memory that each had, are read from the system (Linux). Bytes on disk are those of the local store's Parquet files. The equality of each answer with that of this
process is asserted in the same run up to `--compare` members. What is printed last is a PLAN: the fit, put forward to sizes that nobody has run.
"""

from __future__ import annotations

import argparse
import datetime as dt
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

DAY = dt.date(2012, 4, 30)
MEMBERS = (16_000, 125_000, 1_000_000)
MEMBERS_PER_VILLAGE = 40  # of generate_district at size; only used to choose how many villages to ask for
NATIONAL = {"members": 100_000_000, "branches": 5_000_000, "villages": 500_000, "co-operatives": 2_200_000, "households": 200_000_000}
HOLDING = ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Member HELPS Household", "Member MENTORS Member", "Member LIAISES Cooperative")
ANSWERS = ("reach", "components", "bridges", "gaps")
FITTED = ("cpu_s", "java_s", "worker_s", "asking_s", "shuffle_bytes")
COSTLIEST = 4  # stages of each answer that are listed


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--members", type=int, nargs="+", default=MEMBERS)
    options.add_argument("--only", choices=ANSWERS, nargs="+", default=ANSWERS)
    options.add_argument("--stores", type=Path, help="folder of stored districts")
    options.add_argument("--memory", default="6g", help="heap of the one process that Spark is here")
    options.add_argument("--compare", type=int, default=20_000)
    options.add_argument("--step", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.step:
        for told in measure(chosen.step, chosen, compare=chosen.step <= chosen.compare):
            print(json.dumps(told), flush=True)
        return
    print(
        f"{'members':>11} {'nodes':>11} {'ties':>11} {'disk MB':>8}  {'answer':<11} {'wall s':>7} {'tasks s':>8} {'Java s':>8} {'worker s':>8} {'asking s':>8} {'shuffle MB':>10} {'spill MB':>8} {'Java GB':>7} {'worker GB':>9} {'asking GB':>9}"
    )
    found = [run(members, chosen) for members in chosen.members]
    if len(found) > 1:
        plan(found, chosen.only)


def run(members: int, chosen: argparse.Namespace) -> dict:
    command = [sys.executable, __file__, "--step", str(members), "--memory", chosen.memory, "--compare", str(chosen.compare), "--only", *chosen.only]
    command += ["--stores", str(chosen.stores)] if chosen.stores else []
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
        f"{cost['cpu_s']:>8.1f} {cost['java_s']:>8.1f} {cost['worker_s']:>8.1f} {cost['asking_s']:>8.1f} {cost['shuffle_bytes'] / 1e6:>10.1f} "
        f"{cost['spill_bytes'] / 1e6:>8.1f} {cost['java_gb']:>7.2f} {cost['worker_gb']:>9.2f} {cost['asking_gb']:>9.2f}"
        + "".join(f"  {cost[name]:,} {name}" for name in ("rounds", "components", "largest", "parts") if name in cost),
        flush=True,
    )
    for stage in cost["stages"]:
        print(
            f"{'stage ' + str(stage['number']):>56}: {stage['tasks']:,} tasks, {stage['cpu_s']:.1f} CPU s, read {stage['read'] / 1e6:.1f}, wrote "
            f"{stage['wrote'] / 1e6:.1f} MB of shuffle",
            flush=True,
        )


def measure(members: int, chosen: argparse.Namespace, *, compare: bool) -> Iterator[dict]:
    from pyspark.sql import SparkSession

    from graphkit.engines.spark import SparkEngine
    from graphkit.generate import generate_district
    from graphkit.store.local.store import LocalStore

    builder = SparkSession.builder.master("local[2]")
    for key, value in {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false", "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false", "spark.sql.dataFrameQueryContext.enabled": "false", "spark.driver.memory": chosen.memory, "spark.sql.shuffle.partitions": "8", "spark.sql.autoBroadcastJoinThreshold": "-1", "spark.sql.adaptive.autoBroadcastJoinThreshold": "10MB", "spark.ui.retainedStages": "100000",
    }.items():  # fmt: skip
        builder = builder.config(key, value)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore((chosen.stores or Path(folder)) / f"{members}.gk")
        if not store.path.exists():
            store.write(generate_district(villages=max(1, round(members / MEMBERS_PER_VILLAGE)), seed=1))
        tables, files = store.read_with_files()
        session = builder.getOrCreate()
        try:
            engine = SparkEngine(session, tables=tables, files=files)
            session.range(1000).selectExpr("sum(id)").collect()  # the start of the first job is no cost of the answer
            watched = Processes(session)
            size = {"members": tables["Member"].num_rows, "nodes": tables.node_count, "ties": tables.tie_count}
            size["disk"] = sum(Path(file).stat().st_size for file in files.values())
            yield size
            for answer in chosen.only:
                yield {answer: cost_of(session, watched, STEPS[answer], engine, tables, compare=compare)}
        finally:
            session.stop()


def cost_of(session, watched, step, engine, tables, *, compare: bool) -> dict:
    before, idle, start = stages(session), watched.begin(), time.perf_counter()
    told = step(engine, tables, compare)
    wall, spent, after = time.perf_counter() - start, watched.end(idle), stages(session)
    if "check" in told:
        told.pop("check")()
    new = [stage for number, stage in after.items() if number not in before]
    sums = {name: sum(stage[of] for stage in new) for name, of in (("cpu_s", "cpu_s"), ("shuffle_bytes", "wrote"), ("spill_bytes", "spilled"))}
    costliest = sorted(new, key=lambda stage: -stage["cpu_s"])[:COSTLIEST]
    return {"wall_s": wall, **spent, **sums, "stages": costliest, **told}


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


WHO = ("java", "worker", "asking")


class Processes:
    """Processor time and memory of the process of Spark, its workers, and this one: looked at twice a second, since an idle worker ends."""

    def __init__(self, session) -> None:
        self.java = session.sparkContext._gateway.proc.pid  # noqa: SLF001 - as above
        self.spent: dict[tuple[str, int], float] = {}
        self.peak = dict.fromkeys(WHO, 0)
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self) -> None:
        while True:
            time.sleep(0.5)
            self.look()

    def look(self) -> None:
        parents, spent, held = {}, {}, {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has just ended
            number = int(entry.parent.name)
            parents[number], held[number] = int(fields[1]), int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
            spent[number] = sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
        found = [self.java]
        for process in found:
            found += [child for child, parent in parents.items() if parent == process]
        of = {"java": found[:1], "worker": found[1:], "asking": [os.getpid()]}
        for who, processes in of.items():
            self.spent |= {(who, process): spent[process] for process in processes if process in spent}
            self.peak[who] = max(self.peak[who], sum(held.get(process, 0) for process in processes))  # workers: of all together

    def begin(self) -> dict[str, float]:
        self.look()
        self.peak = dict.fromkeys(WHO, 0)
        return self.seconds()

    def end(self, before: dict[str, float]) -> dict[str, float]:
        self.look()
        times = self.seconds()
        return {f"{who}_s": times[who] - before[who] for who in WHO} | {f"{who}_gb": self.peak[who] / 1e9 for who in WHO}

    def seconds(self) -> dict[str, float]:
        return {who: sum(seconds for (held, _), seconds in self.spent.items() if held == who) for who in WHO}


def ask_gaps(engine, tables, compare: bool) -> dict:
    from graphkit.questions.coverage.find import find_coverage_gaps

    return asked(find_coverage_gaps, engine, tables, compare)


def ask_reach(engine, tables, compare: bool) -> dict:
    from graphkit.questions.reach.find import find_pairing_reach

    return asked(find_pairing_reach, engine, tables, compare)


def asked(question, engine, tables, compare: bool) -> dict:
    found = question(tables, as_of=DAY, engine=engine)

    def check() -> None:
        assert found.rows.equals(question(tables, as_of=DAY).rows)

    return {"rows": len(found)} | ({"check": check} if compare else {})


def ask_bridges(engine, tables, compare: bool) -> dict:
    import pandas as pd

    from graphkit.questions.bridges.spread import find_bridge_figures_of

    found = find_bridge_figures_of(tables, as_of=DAY, engine=engine)

    def check() -> None:
        pd.testing.assert_frame_equal(found.rows, find_bridge_figures_of(tables, as_of=DAY).rows, rtol=1e-9)

    return {"rows": len(found), "parts": found.provenance["parts"]} | ({"check": check} if compare else {})


def ask_components(engine, tables, _compare: bool) -> dict:
    from graphkit.engines.contraction import find_components

    found = find_components(engine, tables, ties=HOLDING, as_of=DAY)
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
