"""By what the return is split: the township of a co-operative, and who manages its body; and where what was not read could change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet

import narwhals.stable.v2 as nw
import pandas as pd
import pyarrow as pa

from graphkit.data.chosen import Chosen
from graphkit.data.missing import missing_rows
from graphkit.data.tables import Tables
from graphkit.data.unread import touched_subjects, unplaced_rows
from graphkit.engines.engine import At, run_on
from graphkit.engines.frames import Asked, Frame, Frames
from graphkit.engines.spark import SparkEngine
from graphkit.model.kinds import MEMBER
from graphkit.questions.coverage.bodies import UNKNOWN_BODIES, role_table, serving, stand_bodies
from graphkit.questions.coverage.counting import ROLES
from graphkit.rules.pack import RulePack

_SERVES, _WORKS = "Branch SERVES Cooperative", "Member WORKS_IN Cooperative"
_READ = ("Branch", _SERVES, "Branch SERVES Village", "Branch REPORTS_TO Branch")
_MODES = pa.schema([("cooperative_id", pa.string()), ("branch_id", pa.string()), ("management", pa.string()), ("known", pa.bool_())])
_DECIDES = {
    "Cooperative": (), "Branch": ("kind",), "Member": ("stage", *MEMBER.dating), _SERVES: (), "Branch SERVES Village": (),
    "Branch REPORTS_TO Branch": (), _WORKS: (),
}  # fmt: skip
"""Tables whose rows decide about the class, with the columns that do."""
READ = tuple(_DECIDES)


def townships_of(tables: Tables) -> dict[str, str]:
    """Return the township of each co-operative that operates in one alone, by name, or code where it has none."""
    places = tables["Cooperative OPERATES_IN Village"].select(["cooperative_id", "village_code"]).to_pandas()
    both = places.merge(tables["Village IN Township"].select(["village_code", "township_code"]).to_pandas(), on="village_code", how="left")
    found = both.drop_duplicates(["cooperative_id", "township_code"])
    single = found[~found["cooperative_id"].duplicated(keep=False)].dropna(subset=["township_code"])
    names = {code: name or code for code, name in zip(tables["Township"]["code"].to_pylist(), tables["Township"]["name"].to_pylist(), strict=True)}
    return {key: names.get(code, code) for key, code in zip(single["cooperative_id"], single["township_code"], strict=True)}


def managements_of(tables: Tables, pack: RulePack, engine: SparkEngine | None, at: At) -> dict[str, str | None]:
    """Return who manages the bodies of each co-operative that has any of its own, joint, or of unknown kind; None where that is unknown."""
    read = Chosen(tables, _READ, {ROLES["Cooperative"]: role_table(pack.bodies, of_village=False)})
    rows = run_on(engine, Asked(_modes, _MODES, ["cooperative_id", "branch_id"]), read, at).to_pandas()
    rows["management"] = rows["management"].fillna("")
    found: dict[str, str | None] = {}
    for (key, known), modes in rows.groupby(["cooperative_id", "known"], sort=False)["management"].agg(set).items():
        found[key] = _agreed(modes, set()) if known else None
    perhaps = rows[~rows["known"]].groupby("cooperative_id")["management"].agg(set)
    known_modes = rows[rows["known"]].groupby("cooperative_id")["management"].agg(set)
    return found | {key: _agreed(known_modes.get(key, set()), modes) for key, modes in perhaps.items()}


def _modes(frames: Frames) -> Frame:
    served = serving(frames, stand_bodies(frames), _SERVES, "cooperative_id", ROLES["Cooperative"])
    known = (nw.col("own_bodies") + nw.col("temporary_bodies") + nw.col("joint_bodies")) > 0
    perhaps = sum((nw.col(name) for name in UNKNOWN_BODIES[1:]), nw.col(UNKNOWN_BODIES[0])) > 0
    return served.filter(known | perhaps).select("cooperative_id", "branch_id", "management", known.alias("known"))


def _agreed(known: AbstractSet[str], perhaps: AbstractSet[str]) -> str | None:
    """The one way in which all bodies are managed, ``several``, or None where it cannot be told; an empty text is an unknown way."""
    named = known - {""}
    if len(named) > 1:
        return "several"
    return next(iter(named)) if len(known) == 1 and named and perhaps <= named else None


def touched_cooperatives(standing: Tables) -> pd.Index | None:
    """Return the co-operatives whose class could be another by rows and cells that were not read; None where it could be any of them."""
    if unplaced_rows(standing, columns=_DECIDES).get("Cooperative"):
        return None
    touched = {kind: keys.to_pylist() for kind, keys in touched_subjects(standing, columns=_DECIDES).items()}
    found = set(touched.get("Cooperative", ()))
    for table, kind, key in ((_SERVES, "Branch", "branch_id"), (_WORKS, "Member", "member_id")):
        ties = standing[table].select([key, "cooperative_id"]).to_pandas()
        found |= set(ties.loc[ties[key].isin(touched.get(kind, ())), "cooperative_id"])
    return pd.Index(sorted(found), dtype="str")


def lacking_cooperatives(tables: Tables, day: dt.date) -> pd.Index | None:
    """Return the co-operatives of which rows that decide about the class are declared and not there; None where they may be of any."""
    missing = {table: found for table, found in missing_rows(tables, day).items() if table in READ and table != "Cooperative"}
    parts = [part for found in missing.values() for part, number in found.parts.items() if number]
    if any(found.whole for found in missing.values()) or any(kind != "Cooperative" for kind, _ in parts):
        return None
    return pd.Index(sorted({key for _, key in parts}), dtype="str")
