"""The annual return as a list: in which class each co-operative is."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.queries.defaults import pack_with, words_of
from graphkit.queries.twins.frames import TODAY, Day, choose, read_day, returned
from graphkit.questions.annual_return.classify import classify_annual_return

Kinds = Sequence[str]
OWN, TEMPORARY, JOINT, SUPERIOR, GROUP, POST = (words_of(f"bodies.{role}") for role in ("own", "temporary", "joint", "superior", "group", "post"))


def list_cooperative_annual_return(
    tables: Tables,
    *,
    as_of: Day = TODAY,
    threshold: int = 3,
    own_kinds: Kinds = OWN,
    temporary_kinds: Kinds = TEMPORARY,
    joint_kinds: Kinds = JOINT,
    superior_kinds: Kinds = SUPERIOR,
    group_kinds: Kinds = GROUP,
    post_kinds: Kinds = POST,
    dataset: str | None = None,
) -> pd.DataFrame:
    """List every co-operative with its class in the annual return."""
    bodies = {
        "own": own_kinds,
        "temporary": temporary_kinds,
        "joint": joint_kinds,
        "superior": superior_kinds,
        "group": group_kinds,
        "post": post_kinds,
    }
    found = classify_annual_return(choose(tables, dataset), rules=pack_with({}, bodies), threshold=threshold, as_of=read_day(as_of))
    rows = found.rows.rename(columns={"subject_id": "cooperative_id"})
    return returned("cooperative_annual_return", rows, by=["cooperative_id"])
