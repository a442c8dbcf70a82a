"""A small made-up district and findings written by hand, for the tests of maps, reports and figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from graphkit.data.tables import Tables
from graphkit.questions.bridges.shown import draw_bridges
from graphkit.questions.coverage.shown import draw_gaps
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.questions.reach.shown import draw_reach
from graphkit.words import Text

DAY = dt.date(2012, 4, 30)
OUTCOMES = {"met": Text("已落实", "met"), "open": Text("未落实", "open"), "unknown": Text("不确定", "unknown")}
RULES = {"pack.own": Text("有自己的党组织", "a body of its own"), "pack.host": Text("协会有党组织", "a body for each association"),
         "pack.helped": Text("有人结对", "a helper")}  # fmt: skip
PLANTED = (
    "<img src=x onerror=window.planted=1>",
    "</script><script>window.planted=1</script>",
    "javascript:window.planted=1",
    'x" href="javascript:window.planted=1" onmouseover="window.planted=1',
    "]]><svg onload=window.planted=1>",
    "<!--<script>",
    "\u2028window.planted=1//",
)


def make_district(villages: int = 12, households: int = 8, *, names: tuple[str, ...] = ()) -> Tables:
    """Villages in two townships; every village one association, one branch, three members and some households.

    Member k of a village helps households k and k+1 of it and household 0 of the next village; the
    first member of each village sits in the branch of the next one too.
    """
    codes = [f"230112{100 + v // 6:03d}{v % 6:03d}" for v in range(villages)]
    given = [names[v % len(names)] if names else f"第{v}村" for v in range(villages)]
    coops, branches = [f"C{v:02d}" for v in range(villages)], [f"B{v:02d}" for v in range(villages)]
    members = [f"M{v:02d}-{k}" for v in range(villages) for k in range(3)]
    homes = [f"H{v:02d}-{k:02d}" for v in range(villages) for k in range(households)]
    of_member = [v for v in range(villages) for _ in range(3)]
    of_home = [v for v in range(villages) for _ in range(households)]
    pairs = []
    for v in range(villages):
        for k in range(3):
            own = [f"H{v:02d}-{h:02d}" for h in (k, k + 1)]
            pairs += [(f"M{v:02d}-{k}", home) for home in [*own, f"H{(v + 1) % villages:02d}-00"]]
    belongs = [(m, branches[v], True) for m, v in zip(members, of_member, strict=True)]
    belongs += [(f"M{v:02d}-0", branches[(v + 1) % villages], False) for v in range(villages)]
    townships = sorted({c[:9] for c in codes})
    return Tables(
        {
            "Township": pa.table({"code": townships, "name": [f"{'东西南北'[n % 4]}乡" for n in range(len(townships))]}),
            "Village": pa.table({"code": codes, "name": given}),
            "Cooperative": pa.table({"id": coops, "name": [f"{n}协会" for n in given], "kind": ["association"] * villages}),
            "Branch": pa.table({"id": branches, "name": [f"{n}支部" for n in given], "kind": ["branch"] * villages}),
            "Member": pa.table({"id": members, "name": ["张三"] * len(members), "stage": ["full"] * len(members)}),
            "Household": pa.table({"id": homes}),
            "Village IN Township": pa.table({"village_code": codes, "township_code": [c[:9] for c in codes]}),
            "Cooperative OPERATES_IN Village": pa.table({"cooperative_id": coops, "village_code": codes}),
            "Branch SERVES Village": pa.table({"branch_id": branches, "village_code": codes}),
            "Member LIVES_IN Village": pa.table({"member_id": members, "village_code": [codes[v] for v in of_member]}),
            "Household LIVES_IN Village": pa.table({"household_id": homes, "village_code": [codes[v] for v in of_home]}),
            "Member BELONGS_TO Branch": pa.table(
                {
                    "member_id": [m for m, _, _ in belongs],
                    "branch_id": [b for _, b, _ in belongs],
                    "primary": [p for _, _, p in belongs],
                    "office": ["书记" if p and m.endswith("-0") else None for m, _, p in belongs],
                }
            ),
            "Member HELPS Household": pa.table(
                {
                    "member_id": [m for m, _ in pairs],
                    "household_id": [h for _, h in pairs],
                    "kind": ["one_to_five"] * len(pairs),
                }
            ),
        }
    )


def columns(frame: pd.DataFrame, **values: dict[str, Text]) -> tuple[Column, ...]:
    """Declare the columns of `frame` under their own names."""
    rest = [Column(name, Text(f"{name}（中）", name), Text(name, name), values=values.get(name, {})) for name in frame.columns[2:]]
    return (*SUBJECT_COLUMNS, *rest)


def make_coverage(tables: Tables) -> Finding:
    """Every fifth household open, every seventh unknown, the first co-operative open, every fourth village met and near; of the rest nothing is asked."""
    rows = [("Village", code, "pack.own", "met") for n, code in enumerate(tables["Village"]["code"].to_pylist()) if n % 4 == 0]
    rows += [("Cooperative", key, "pack.host", "open" if n == 0 else "met") for n, key in enumerate(tables["Cooperative"]["id"].to_pylist())]
    rows += [
        ("Household", key, "pack.helped", "open" if n % 5 == 0 else "unknown")
        for n, key in enumerate(tables["Household"]["id"].to_pylist())
        if not n % 5 or not n % 7
    ]
    frame = pd.DataFrame(rows, columns=["subject_kind", "subject_id", "rule", "outcome"])
    frame.insert(3, "asked", "yes")
    frame["certain"], gap = frame["outcome"] != "unknown", frame["outcome"] == "open"
    frame["flags"] = np.where(frame["subject_kind"] == "Village", "watch", None)
    frame["helpers"] = pd.array(np.where(frame["subject_kind"] == "Household", 0, None), "Int64")
    frame["reason_zh"], frame["reason_en"] = np.where(gap, "没有结对党员", "有人覆盖"), np.where(gap, "nobody is paired with it", "covered")
    frame["remedy_zh"], frame["remedy_en"] = np.where(gap, "安排一名党员结对", ""), np.where(gap, "pair it with a member", "")
    caveats = (Text("名单截至当日。", "The list is of that day."),)
    kinds = {"pack.own": "Village", "pack.host": "Cooperative", "pack.helped": "Household"}
    about = {
        "kinds": kinds,
        "subjects": {rule: tables[kind].num_rows for rule, kind in kinds.items()},
        "open_words": {"pack.host": ["应建未建", "due a body"]},
    }
    return Finding(
        "find_coverage_gaps", Text("哪些应覆盖而未覆盖？", "What should be covered and is not?"), frame,
        columns(frame, rule=RULES, outcome=OUTCOMES, flags={"watch": Text("接近条件", "near the threshold")}),
        {"rules": "acheng-2010"}, tuple(RULES), caveats, about, DAY, None, "outcome", draw_gaps,
    )  # fmt: skip


def make_bridges(tables: Tables, *, ranks: Sequence[int] | None = None) -> Finding:
    """Secretaries first, in the order of their ids; ranks from 1 on, or as given."""
    members = sorted(tables["Member"]["id"].to_pylist(), key=lambda m: (not m.endswith("-0"), m))
    frame = pd.DataFrame({"subject_kind": "Member", "subject_id": members, "rank": list(ranks or range(1, len(members) + 1))})
    frame["villages_spanned"] = np.where(frame["subject_id"].str.endswith("-0"), 3, 2)
    frame["cooperatives_spanned"], frame["branches_spanned"], frame["offices"] = 1, np.where(frame["subject_id"].str.endswith("-0"), 2, 1), 1
    frame["constraint"], frame["betweenness"] = 0.25, np.linspace(90.0, 0.0, len(members))
    frame["is_cut_point"], frame["stranded_households"] = frame["rank"] < 4, np.where(frame["rank"] < 4, 5, 0)
    frame["reason_zh"], frame["reason_en"] = "跨 3 个村、2 个支部", "spans 3 villages and 2 branches"
    return Finding(
        "find_bridge_figures",
        Text("谁把村社连在一起？", "Who holds the groups together?"),
        frame,
        columns(frame),
        {"group": "village"},
        (),
        (),
        {},
        DAY,
        None,
        "rank",
        draw_bridges,
    )


def make_reach(tables: Tables) -> Finding:
    """Counted with Python sets, straight from the definition."""
    ties = tables["Member HELPS Household"].to_pandas()
    helped = ties.groupby("member_id")["household_id"].agg(set)
    helpers = ties.groupby("household_id")["member_id"].agg(set)
    rows = [("Member", m, kind, len(helped[m]), len(helped[m]), None, None, None, len(within(tables, m)) if kind == "any" else None)
            for m in helped.index for kind in ("one_to_five", "any")]  # fmt: skip
    homes = tables["Household LIVES_IN Village"].to_pandas()
    for village, group in homes.groupby("village_code"):
        counts = [len(helpers.get(h, ())) for h in group["household_id"]]
        one, several, none = sum(c == 1 for c in counts), sum(c > 1 for c in counts), sum(c == 0 for c in counts)
        rows.append(("Village", village, "any", len(counts), one + several, one, several, none, None))
    rows += [("Household", h, "any", None, None, None, None, None, None) for h in sorted(helpers.index)]
    names = ["subject_kind", "subject_id", "pairing_kind", "households", "paired_households", "reached_by_one", "reached_by_several", "reached_by_none",
             "households_within_steps"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names)
    frame = frame.astype(dict.fromkeys(names[3:], "Int64"))
    parameters = {"max_steps": 2, "max_body_people": 50, "stale_days": 183}
    return Finding(
        "find_pairing_reach",
        Text("结对到了哪些农户？", "Which households do pairings reach?"),
        frame,
        columns(frame),
        parameters,
        (),
        (),
        {},
        DAY,
        None,
        "reached_by_none",
        draw_reach,
    )


def within(tables: Tables, member: str) -> set[str]:
    """Households helped by the member or by those who share a branch with them: two steps."""
    belongs = tables["Member BELONGS_TO Branch"].to_pandas()
    helps = tables["Member HELPS Household"].to_pandas()
    own = set(belongs.loc[belongs["member_id"] == member, "branch_id"])
    people = {member} | set(belongs.loc[belongs["branch_id"].isin(own), "member_id"])
    return set(helps.loc[helps["member_id"].isin(people), "household_id"])


def make_findings(tables: Tables) -> dict[str, Finding]:
    return {"gaps": make_coverage(tables), "bridges": make_bridges(tables), "reach": make_reach(tables)}
