"""How long a plan takes: ``python benchmarks/plans.py [units [a_township]]``; prints what was chosen, whether it is proven, and seconds.

The district has so many co-operatives with one or two full members each, so many to a township: every one is a candidate site of a joint branch.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import time

import pyarrow as pa

import graphkit


def make_district(units: int, a_township: int, seed: int = 1) -> graphkit.Tables:
    """Co-operatives with one or two full members, each in a village of its own; a tenth of the members work in two."""
    draw = random.Random(seed)
    townships = [f"23{n:07}" for n in range(-(-units // a_township))]
    villages = [f"{townships[n // a_township]}{n % 1000:03}" for n in range(units)]
    hosts, works = [f"c{n:05}" for n in range(units)], []
    for n in range(units):
        works += [(f"m{n:05}-{i}", hosts[n]) for i in range(draw.choice((1, 1, 2)))]
        if n % a_township and draw.random() < 0.1:
            works.append((f"m{n:05}-0", hosts[n - 1]))
    members = sorted({who for who, _ in works})
    trades = [draw.choice(("稻米", "奶牛", "食用菌")) for _ in hosts]
    return graphkit.Tables({
        "Township": pa.table({"code": townships}),
        "Village": pa.table({"code": villages}),
        "Village IN Township": pa.table({"village_code": villages, "township_code": [code[:9] for code in villages]}),
        "Cooperative": pa.table({"id": hosts, "name": hosts, "sector": trades}),
        "Cooperative OPERATES_IN Village": pa.table({"cooperative_id": hosts, "village_code": villages}),
        "Member": pa.table({"id": members, "stage": ["full"] * len(members)}),
        "Member WORKS_IN Cooperative": pa.table({"member_id": [who for who, _ in works], "cooperative_id": [host for _, host in works]}),
    })  # fmt: skip


def main(units: int = 5_000, a_township: int = 20) -> None:
    """Measure once."""
    tables = make_district(units, a_township)
    for seconds in (60.0, 0.0):
        started = time.perf_counter()
        plan = graphkit.select_covering_set(tables, rules="branch-work-2018", as_of=dt.date(2024, 4, 30), seconds=seconds)
        took, told = time.perf_counter() - started, plan.provenance
        print(f"{told['open']:,} candidates, {a_township} a township, {seconds:.0f} s for the solver: {told['bodies']:,} bodies, {told['left']} left, "
              f"bound {told['bound']:,.0f}, proven {told['proven']}, {told['ways']}{'' if told['all_ways_counted'] else ' or more'} as good, {took:.1f} s")  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
