"""Make the example of agricultural extension: two made-up townships, in files under the field's own headings.

Everything in it is invented. Run ``python examples/extension/make.py [FOLDER]``; the same files come out each time.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path
from typing import Any

from graphkit.model.reader import read_model

HERE = Path(__file__).parent
SEED = 2026
GROUPS = (("g1", 22), ("g2", 17), ("g3", 15), ("g4", 14), ("g5", 9), ("g6", 26), ("g7", 12), ("g8", 31), ("g9", 29))
ACROSS = {"g8", "g9"}  # work in both townships
STATIONS = {"s1": (["g1"], []), "s2": (["g3", "g7"], []), "s3": (["g8"], []), "s4": ([], ["v1"]), "s5": ([], ["v3", "v4"]), "s6": ([], ["v6"])}
POINT = "p1"  # serves the second village, which no station does
EMPTY = 5  # the village that a station serves and in which no adviser lives
Rows = dict[str, list[dict[str, Any]]]


def make_rows() -> Rows:
    """Every row, by table."""
    draw = random.Random(SEED)  # noqa: S311 - made-up data
    villages = [f"99{t:02}01{t:03}{v:03}" for t in (1, 2) for v in range(1, 5)]
    rows: Rows = {
        "Township": [{"code": f"99{t:02}01{t:03}", "name": name} for t, name in ((1, "东溪镇"), (2, "西岭乡"))],
        "Village": [
            {"code": code, "name": f"{name}村", "kind": "village_committee"} for code, name in zip(villages, "柳杨松柏桃李梅兰", strict=True)
        ],
        "Village IN Township": [{"village_code": code, "township_code": code[:9]} for code in villages],
    }
    homes = _households(rows, villages, draw)
    _groups(rows, villages, homes)
    advisers = _stations(rows, villages)
    _advice(rows, advisers, homes, draw)
    return rows


def _households(rows: Rows, villages: list[str], draw: random.Random) -> list[str]:
    homes = [f"h{n:03}" for n in range(1, 201)]
    rows["Household"] = [{"id": home, "people": draw.randint(1, 6), "is_poor": draw.random() < 0.15} for home in homes]
    rows["Household LIVES_IN Village"] = [{"household_id": home, "village_code": villages[n % 8]} for n, home in enumerate(homes)]
    return homes


def _groups(rows: Rows, villages: list[str], homes: list[str]) -> None:
    crops = ("水稻", "蔬菜", "果树")
    rows["Cooperative"] = [
        {"id": g, "name": f"{crops[n % 3]}{n + 1}组", "kind": "cooperative", "sector": crops[n % 3], "founded_on": "2019-03-01",
         "scope": "cross_township" if g in ACROSS else "village"}
        for n, (g, _) in enumerate(GROUPS)
    ]  # fmt: skip
    sited = [(g, villages[n % 8]) for n, (g, _) in enumerate(GROUPS)]
    sited += [(g, villages[(n + 4) % 8]) for n, (g, _) in enumerate(GROUPS) if g in ACROSS]
    rows["Cooperative OPERATES_IN Village"] = [{"cooperative_id": g, "village_code": code} for g, code in sited]
    joined, start = [], 0
    for g, size in GROUPS:
        joined += [
            {"household_id": homes[(start + n) % len(homes)], "cooperative_id": g, "kind": "member", "since": "2021-01-01"} for n in range(size)
        ]
        start += size
    rows["Household JOINED Cooperative"] = joined


def _stations(rows: Rows, villages: list[str]) -> list[str]:
    named = {"s0": ("县农技推广中心", "committee"), **{s: (f"{s[1]}号推广站", "branch") for s in STATIONS}, POINT: ("2号村服务点", "liaison_post")}
    rows["Branch"] = [{"id": s, "name": name, "kind": kind, "management": "direct", "founded_on": "2020-01-01"} for s, (name, kind) in named.items()]
    rows["Branch REPORTS_TO Branch"] = [{"branch_id": s, "superior_id": "s0", "since": "2020-01-01"} for s in STATIONS if s != "s3"]
    rows["Branch SERVES Cooperative"] = [{"branch_id": s, "cooperative_id": g, "since": "2020-01-01"} for s, (gs, _) in STATIONS.items() for g in gs]
    rows["Branch SERVES Village"] = [
        {"branch_id": s, "village_code": villages[int(v[1:]) - 1], "since": "2020-01-01"} for s, (_, served) in STATIONS.items() for v in served
    ]
    rows["Branch REPORTS_TO Branch"].append({"branch_id": POINT, "superior_id": "s0", "since": "2020-01-01"})
    rows["Branch SERVES Village"].append({"branch_id": POINT, "village_code": villages[1], "since": "2020-01-01"})
    advisers = [f"a{n:02}" for n in range(1, 25)]
    rows["Member"] = [
        {"id": a, "stage": "probationary" if n % 8 == 7 else "full", "admitted_on": "2020-06-01", "birth_year": 1970 + n, "education": "college"}
        for n, a in enumerate(advisers)
    ]
    rows["Member LIVES_IN Village"] = [
        {"member_id": a, "village_code": villages[4 if n % 8 == EMPTY else n % 8], "since": "2020-06-01"} for n, a in enumerate(advisers)
    ]
    rows["Member BELONGS_TO Branch"] = [
        {"member_id": a, "branch_id": f"s{n % 6 + 1}", "primary": True, "office": "站长" if n < 6 else None, "since": "2020-06-01"}
        for n, a in enumerate(advisers[:-1])
    ]  # the last adviser belongs to no station
    rows["Member WORKS_IN Cooperative"] = [
        {"member_id": a, "cooperative_id": GROUPS[n % 9][0], "since": "2021-01-01"} for n, a in enumerate(advisers[:18])
    ]
    rows["Member LIAISES Cooperative"] = [{"member_id": "a01", "cooperative_id": "g4", "since": "2022-01-01"}]
    rows["Member MENTORS Member"] = [{"mentor_id": "a01", "mentee_id": "a08", "since": "2022-01-01"}]
    return advisers


def _advice(rows: Rows, advisers: list[str], homes: list[str], draw: random.Random) -> None:
    paired = sorted({(advisers[draw.randrange(24)], home) for home in draw.sample(homes, 70)})
    rows["Member HELPS Household"] = [
        {"member_id": a, "household_id": h, "kind": "technical", "since": "2024-01-01", "last_visit_on": f"2026-{draw.randint(1, 6):02}-15"}
        for a, h in paired
    ]


def write(folder: Path) -> None:
    """Write a file a table, named and headed in the field's own English words."""
    model, folder = read_model(HERE / "model.toml"), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in make_rows().items():
        kind = model.table_type(table)
        columns = [column for column in kind.columns if any(column.name in row for row in rows)]
        with (folder / f"{kind.heading.en}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.heading.en for column in columns])
            writer.writerows([["" if (value := row.get(column.name)) is None else value for column in columns] for row in rows])


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "data")
