"""From tables to arrays: keys of each kind in order, ends of ties located by key, groups of nodes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.coding import code_ids
from graphkit.data.held import locate_ends
from graphkit.data.tables import Tables
from graphkit.data.telling import tell_open, tell_unread
from graphkit.data.unread import count_faults
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType
from graphkit.network.parts import Ends, Grouping, Ints, Ties
from graphkit.words import Text

GROUPS = ("village", "township", "cooperative", "branch")
ALWAYS = np.iinfo(np.int32).min  # an unknown `since` means as far back as known, so it is the earliest


def joining_ties(model: Model) -> tuple[TieType, ...]:
    """The ties of a network: what somebody promised is a record of theirs, and joins nobody to anything."""
    return tuple(tie for tie in model.ties if tie.role != "promise")


def joined_nodes(model: Model) -> tuple[NodeType, ...]:
    """The nodes of a network: all kinds but those that only a promise names."""
    records = {tie.source for tie in model.ties if tie.role == "promise"} - {
        label for tie in joining_ties(model) for label in (tie.source, tie.target)
    }
    return tuple(kind for kind in model.nodes if kind.label not in records)


def locate(tables: Tables, keys: Mapping[str, pa.Array]) -> tuple[dict[str, tuple[Ints, Ints, NDArray[np.bool_]]], int]:
    """Positions (within their kind) of both ends of every tie, and which rows have both; and how many have not.

    Where it is known of each end which row of its nodes it is, none is looked up.
    """
    if tables.held():
        return _locate_held(tables), 0
    located = locate_ends(tables, keys, joining_ties(tables.model))
    ends, lost = {}, 0
    for kind in joining_ties(tables.model):
        source, target = (located[kind.table][end.name] for end in kind.ends)
        there = (source >= 0) & (target >= 0)
        lost += len(there) - int(there.sum())
        ends[kind.table] = (source[there], target[there], there)
    return ends, lost


def _locate_held(tables: Tables) -> dict[str, tuple[Ints, Ints, NDArray[np.bool_]]]:
    ties = joining_ties(tables.model)
    coded, ends = code_ids(tables, [kind.table for kind in ties]), {}
    for kind in ties:
        source, target = coded.ends_of(kind.table, *zip((end.name for end in kind.ends), (kind.source, kind.target), strict=True))
        ends[kind.table] = (source, target, np.ones(len(source), np.bool_))
    return ends


def gather_ties(tables: Tables, ends: Mapping[str, tuple[Ints, Ints, NDArray[np.bool_]]], first: Mapping[str, int]) -> Ties:
    """All ties as given, with both ends as positions in the network."""
    sources, targets, offices = [], [], []
    for kind in joining_ties(tables.model):
        source, target, there = ends[kind.table]
        sources.append(source + np.int32(first[kind.source]))
        targets.append(target + np.int32(first[kind.target]))
        offices.append(_has_office(tables, kind)[there])
    types = np.repeat(np.arange(len(sources), dtype=np.int8), [len(s) for s in sources])
    names = tuple(kind.table for kind in joining_ties(tables.model))
    return Ties(np.concatenate(sources), np.concatenate(targets), types, np.concatenate(offices), names)


def _has_office(tables: Tables, kind: TieType) -> NDArray[np.bool_]:
    if not any(column.name == "office" for column in kind.columns):
        return np.zeros(tables.count(kind.table), np.bool_)
    return cast("NDArray[np.bool_]", tables.columns(kind.table, "office")["office"].is_valid().to_numpy())


def group_nodes(
    tables: Tables, ends: Mapping[str, tuple[Ints, Ints, NDArray[np.bool_]]], keys: Mapping[str, pa.Array], first: Mapping[str, int], n: int
) -> dict[str, Grouping]:
    """One group of each kind for every node: bodies and places are in their own, people and households as `from_tables` says."""

    def own(label: str) -> Ints:
        codes = np.full(n, -1, np.int32)
        codes[first[label] : first[label] + len(keys[label])] = np.arange(len(keys[label]), dtype=np.int32)
        return codes

    def fill(codes: Ints, label: str, table: str, only: str | None = None) -> None:
        source, target = _earliest(tables, table, ends[table], only)
        codes[first[label] + source] = target

    village, township, cooperative, branch = own("Village"), own("Township"), own("Cooperative"), own("Branch")
    fill(village, "Member", "Member LIVES_IN Village")
    fill(village, "Household", "Household LIVES_IN Village")
    fill(township, "Village", "Village IN Township")
    lives = np.flatnonzero(village >= 0)
    township[lives] = township[first["Village"] + village[lives]]
    fill(cooperative, "Member", "Member WORKS_IN Cooperative")
    fill(cooperative, "Household", "Household JOINED Cooperative")
    fill(branch, "Member", "Member BELONGS_TO Branch", only="primary")
    labels = dict(zip(GROUPS, ("Village", "Township", "Cooperative", "Branch"), strict=True))
    return {
        name: Grouping(codes, pd.Index(keys[labels[name]].to_pandas()))
        for name, codes in zip(GROUPS, (village, township, cooperative, branch), strict=True)
    }


def _earliest(tables: Tables, table: str, ends: tuple[Ints, Ints, NDArray[np.bool_]], only: str | None) -> Ends:
    """For each source its one target: since earliest, then by key (targets stand in the order of their keys)."""
    source, target, there = ends
    since = np.full(len(source), ALWAYS, np.int32)
    if any(column.name == "since" for column in tables.model.table_type(table).columns):
        since = tables.columns(table, "since")["since"].cast(pa.int32()).fill_null(ALWAYS).to_numpy()[there]
    if only:
        chosen = tables.columns(table, only)[only].fill_null(False).to_numpy()[there]
        source, target, since = source[chosen], target[chosen], since[chosen]
    if (source[1:] > source[:-1]).all():
        return source, target
    order = np.lexsort((target, since, source))
    source, target = source[order], target[order]
    leads = np.concatenate([[True], source[1:] != source[:-1]]) if len(source) else np.empty(0, np.bool_)
    return source[leads], target[leads]


def has_public_name(kind: NodeType) -> bool:
    """Whether things of a kind have a name that is not personal."""
    return any(column.name == "name" and column.type == "string" and not column.personal for column in kind.properties)


def name_nodes(tables: Tables, keys: Mapping[str, pa.Array], first: Mapping[str, int]) -> dict[int, str]:
    """Names of places and bodies by node; kinds whose name is personal, or that have none, are left out.

    Two of a kind with one name are told apart by their keys behind it.
    """
    names: dict[int, str] = {}
    for kind in joined_nodes(tables.model):
        if not has_public_name(kind):
            continue
        table = tables[kind.table]
        named = table.filter(pc.is_valid(table["name"]))
        words = named["name"].to_pylist()
        counts = Counter(words)
        at = pc.index_in(named[kind.key], value_set=keys[kind.label]).to_pylist()
        ids = named[kind.key].to_pylist()
        names |= {
            first[kind.label] + place: name if counts[name] == 1 else f"{name} ({key})"
            for place, key, name in zip(at, ids, words, strict=True)
            if place is not None and name.strip()
        }
    return names


def count_unread_of(tables: Tables, keys: Mapping[str, pa.Array], first: Mapping[str, int]) -> dict[int, int]:
    """By node, how many rows that were set aside, and periods that were not read, name it; nodes of which all was read are left out."""
    unread: dict[int, int] = {}
    for label, faults in count_faults(tables, columns={kind.table: () for kind in tables.model.kinds}).items():
        if label not in keys:
            continue
        places = pc.index_in(pa.array(list(faults), pa.string()), value_set=keys[label]).to_pylist()
        unread |= {first[label] + place: number for place, number in zip(places, faults.values(), strict=True) if place is not None}
    return unread


def note_account(tables: Tables, standing: Tables, lost: int, day: dt.date) -> tuple[Text, ...]:
    """What a reader must know of ties that are not in the network: led nowhere, not read, or of tables of which nobody says that they are complete."""
    notes = (
        [Text(f"有 {lost:,} 条关系的一端不在表中，未计入。", f"{lost:,} ties lead to something that is not in the tables and are left out.")]
        if lost
        else []
    )
    ties = [tie.table for tie in joining_ties(tables.model) if tie.role not in ("place", "attendance", "family", "neighbourhood", "visit")]
    if unread := tell_unread(standing, list(standing)):
        notes += [*unread, Text("一条没有读到的关系可能把分开的连起来：任何人的名次和断开的人数都可能因此不同",
                                "a tie that was not read may join what stands apart: any rank and any number cut off could be another for it")]  # fmt: skip
    return (*notes, *tell_open(tables, ties, day))
