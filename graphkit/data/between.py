"""What rows break together: keys that stand twice, ties that lead nowhere, and ties of which there cannot be two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import Known, Mask, Rows, alike_rows, codes_of, days_of, first_of_run, mask_of, overlapped_spans, rank_by_place, whole
from graphkit.data.breaches import Breach
from graphkit.data.tables import PROVENANCE
from graphkit.data.walk import Walk
from graphkit.model.kinds import COOPERATIVE
from graphkit.model.types import NodeType, Property, TieType
from graphkit.privacy import MASK, shown_value
from graphkit.words import Text

_EVER_BEFORE, _EVER_AFTER = -(2**31), 2**31


def check_doubles(walk: Walk, kind: NodeType | TieType) -> None:
    """Of rows with one identity keep the first that was read in full: merge those equal to it, set aside those that differ."""
    rows = walk.standing_rows(kind.table)
    table = walk.tables[kind.table]
    identity, rows = alike_rows(table, kind.identity, rows, walk.located[kind.table])
    if not len(rows):
        return
    order = np.lexsort((rank_by_place(table, rows), walk.unread_rows(kind.table)[rows], identity))
    identity, rows = identity[order], rows[order]
    first = first_of_run(identity)
    content = codes_of(table, [column.name for column in kind.columns], rows)
    equal = content == content[first]
    later = first != np.arange(len(first))
    walk.merge(kind.table, rows[later & equal], rows[first[later & equal]], "equal")
    differing = rows[later & ~equal], rows[first[later & ~equal]]
    twice = _of_one_row(table, *differing)
    walk.drop(Breach(kind.table, "row.twice", kind.identity[:2][-1], differing[0][twice]))
    kept = differing[1][~twice]
    walk.drop(Breach(kind.table, "key.once", kind.identity[0], differing[0][~twice], notes=point_to(table, kept)))


def _of_one_row(table: pa.Table, rows: Rows, others: Rows) -> np.ndarray:
    """Which of these rows of a table and the others are what one row of a file says, twice; none where no place is known."""
    places = [[table[name].take(pa.array(held)) for name in ("source_file", "source_sheet", "source_row")] for held in (rows, others)]
    alike = [pc.equal(pc.fill_null(one.cast(pa.string()), ""), pc.fill_null(other.cast(pa.string()), "")) for one, other in zip(*places, strict=True)]
    return mask_of(pc.and_(pc.and_(alike[0], alike[1]), pc.and_(alike[2], pc.is_valid(places[0][2]))))


def check_ends(walk: Walk, tie: TieType) -> None:
    """Set aside ties whose end is not there, and say once an end where ids differ only in how they are written."""
    table = walk.tables[tie.table]
    if not table.num_rows:
        return
    for end, label in zip(tie.ends, (tie.source, tie.target), strict=True):
        gone = np.flatnonzero((walk.located[tie.table][end.name] < 0) & walk.standing[tie.table])
        walk.drop(Breach(tie.table, "tie.ends", end.name, gone))
        if len(gone) and not end.digits:
            there = walk.standing_keys(walk.given.model.node_type(label))
            alike = pc.index_in(_loosely(whole(table[end.name].take(pa.array(gone)))), value_set=_loosely(there))
            near = gone[mask_of(pc.is_valid(alike))]
            notes = [_say_near(end, there[pc.drop_null(alike)[0].as_py()].as_py(), len(near))] if len(near) else None
            walk.drop(Breach(tie.table, "id.near", end.name, near[:1], notes=notes))


def _say_near(end: Property, near: str, rows: int) -> Text:
    """The id that is nearly the one written, unless it may be personal; and how many rows have one that is nearly there."""
    shown = shown_value(end, near)
    zh, en = ("", "") if shown in (None, MASK) else (f"“{shown}”，", f"{shown!r}; ")
    return Text(f"（{zh}本表共 {rows:,} 行）", f" ({en}{rows:,} rows of this table)")


def _loosely(keys: pa.Array) -> pa.Array:
    """Keys without what a spreadsheet or a typist changes: case, width, what is not seen, zeros at the start, ``.0`` at the end."""
    plain = pc.replace_substring_regex(pc.utf8_normalize(keys, form="NFKC"), r"[\p{Cf}\s]", "")
    return pc.replace_substring_regex(pc.utf8_lower(plain), r"^(.*?)0*([0-9]+?)(\.0+)?$", r"\1\2")


def check_self(walk: Walk, tie: TieType) -> None:
    """Set aside ties from a thing to itself."""
    if tie.source != tie.target or tie.loops == "self":
        return
    source, target = (walk.tables[tie.table][end.name] for end in tie.ends)
    walk.drop(Breach(tie.table, "tie.self", tie.ends[1].name, np.flatnonzero(mask_of(pc.equal(source, target)) & walk.standing[tie.table])))


def check_circles(walk: Walk, tie: TieType) -> None:
    """Report ties that come round in a circle, where there may be none."""
    if tie.source == tie.target and tie.loops == "none":
        rows = np.flatnonzero(walk.standing[tie.table] & ~walk.unread_period(tie.table))
        walk.drop(Breach(tie.table, "tie.circle", tie.ends[1].name, _rows_in_circles(walk.tables[tie.table], tie, rows)))


def _rows_in_circles(table: pa.Table, tie: TieType, rows: Rows) -> Rows:
    """Rows that lie on a circle on some day."""
    both = codes_of(
        pa.table({"key": pa.concat_arrays([whole(table[end.name].take(pa.array(rows))) for end in tie.ends])}), ["key"], np.arange(2 * len(rows))
    )
    source, target = both[: len(rows)], both[len(rows) :]
    since, until = days_of(table["since"], rows, _EVER_BEFORE), days_of(table["until"], rows, _EVER_AFTER)
    left = np.flatnonzero(_peel(source, target))
    found = np.zeros(len(rows), bool)
    for day in np.unique(since[left]):  # a circle begins on the day its last tie does
        there = left[(since[left] <= day) & (until[left] > day)]
        found[there[_peel(source[there], target[there])]] = True
    return rows[found]


def _peel(source: Rows, target: Rows) -> np.ndarray:
    """Ties that are left once all were taken away that begin or end where nothing else ends or begins."""
    left = np.ones(len(source), bool)
    while left.any():
        kept = left & np.isin(source, target[left]) & np.isin(target, source[left])
        if (kept == left).all():
            break
        left = kept
    return left


def check_single(walk: Walk, tie: TieType) -> None:
    """Report two ties at a time where there can be one, and two periods of one tie that overlap."""
    table = walk.tables[tie.table]
    rows = np.flatnonzero(walk.standing[tie.table] & ~walk.unread_period(tie.table))
    if not len(rows):
        return
    if tie.until_column:
        alone = [name for name in tie.identity if name != tie.since_column]
        later, earlier = _overlapping(table, alone, rows, walk.located[tie.table])
        walk.drop(Breach(tie.table, "tie.overlap", tie.since_column, later, notes=point_to(table, earlier, OTHER)))
    if tie.is_single:
        later, earlier = _overlapping(table, [tie.ends[0].name], rows, walk.located[tie.table])
        other = table[tie.ends[1].name]
        differ = mask_of(pc.not_equal(other.take(pa.array(later)), other.take(pa.array(earlier))))
        later, earlier = later[differ], earlier[differ]
        notes = [Text(a.zh + b.zh, a.en + b.en) for a, b in zip(point_to(table, earlier, OTHER), _merged_before(walk, tie, later), strict=True)]
        walk.drop(Breach(tie.table, "tie.single", tie.ends[0].name, later, notes=notes, against=earlier))


def _overlapping(table: pa.Table, columns: Sequence[str], rows: Rows, located: Mapping[str, Known]) -> tuple[Rows, Rows]:
    """Rows with the same cells in `columns` whose periods overlap: the later one, and the one it overlaps."""
    group, rows = alike_rows(table, columns, rows, located)
    if not len(rows):
        return rows, rows
    if "since" in table.column_names:
        since, until = days_of(table["since"], rows, _EVER_BEFORE), days_of(table["until"], rows, _EVER_AFTER)
    else:
        since, until = np.full(len(rows), _EVER_BEFORE), np.full(len(rows), _EVER_AFTER)
    order = np.lexsort((rank_by_place(table, rows), since, group))
    rows, other = rows[order], overlapped_spans(group[order], since[order], until[order])
    return rows[other >= 0], rows[other[other >= 0]]


def _merged_before(walk: Walk, tie: TieType, rows: Rows) -> list[Text]:
    """For each row, whether several rows of its source were merged into one: then they may have been different things."""
    doubled = walk.tables[tie.source][tie.source_type.key].take(pa.array(walk.merged_rows(tie.source)))
    merged = mask_of(pc.is_in(walk.tables[tie.table][tie.ends[0].name].take(pa.array(rows)), value_set=whole(doubled)))
    said = Text(
        f"；在“{tie.source_type.heading.zh}”表中有几行是这个编号，已合并为一个",
        f"; several rows of the table {tie.source_type.heading.en!r} have this id and were merged into one",
    )
    return [said if one else Text("", "") for one in merged]


def check_successors(walk: Walk, kind: NodeType) -> None:
    """Report nodes that merged into what is not there, or into themselves."""
    table = walk.tables[kind.table]
    for column in (column.name for column in kind.properties if column.name.startswith("successor_")):
        if table[column].null_count == table.num_rows:
            continue
        known = pc.and_(pc.is_in(table[column], value_set=walk.standing_keys(kind)), pc.not_equal(table[column], table[kind.key]))
        wrong = mask_of(pc.is_valid(table[column])) & ~mask_of(known) & walk.standing[kind.table]
        walk.drop(Breach(kind.table, "node.successor", column, np.flatnonzero(wrong)))


def check_one_primary(walk: Walk) -> None:
    """Set aside what overlaps in time with a primary membership of the same full member that begins earlier."""
    name = "Member BELONGS_TO Branch"
    table = walk.tables[name]
    full = _are_full(walk, table)
    rows = np.flatnonzero(walk.standing[name] & mask_of(table["primary"]) & full & ~walk.unread_period(name))
    later, earlier = _overlapping(table, ["member_id"], rows, walk.located[name])
    walk.drop(Breach(name, "member.one_primary", "primary", later, notes=point_to(table, earlier)))


def check_some_primary(walk: Walk) -> None:
    """Report full members whom no branch manages."""
    memberships, table = walk.tables["Member BELONGS_TO Branch"], walk.tables["Member"]
    primary = walk.standing["Member BELONGS_TO Branch"] & mask_of(memberships["primary"])
    full = mask_of(pc.equal(table["stage"], "full")) & walk.standing["Member"]
    places = walk.located["Member BELONGS_TO Branch"].get("member_id")
    if places is None:
        managed = mask_of(pc.is_in(table["id"], value_set=whole(memberships["member_id"].filter(pa.array(primary)))))
    else:
        managed, rows = np.zeros(table.num_rows, bool), walk.standing_rows("Member")
        managed[rows[places[primary]]] = True
    walk.drop(Breach("Member", "member.some_primary", "id", np.flatnonzero(full & ~managed)))


def _are_full(walk: Walk, memberships: pa.Table) -> Mask:
    """Which rows speak of a full member who is there."""
    members, standing = walk.tables["Member"], walk.standing["Member"]
    full = mask_of(pc.equal(members["stage"], "full"))
    places = walk.located["Member BELONGS_TO Branch"].get("member_id")
    if places is None:
        return mask_of(pc.is_in(memberships["member_id"], value_set=whole(members["id"].filter(pa.array(full & standing)))))
    return np.append(full[standing], False)[places]


def check_scope(walk: Walk) -> None:
    """Compare the declared scope with the villages and townships where the co-operative still operates; what is unknown breaks nothing."""
    rows = walk.standing_rows("Cooperative")
    scopes = walk.tables["Cooperative"]["scope"].take(pa.array(rows))
    villages, townships, unplaced = _reach_of_cooperatives(walk)
    allowed = {
        "village": villages == 1,
        "cross_village": (villages >= 2) & (townships <= 1),
        "township": townships <= 1,
        "cross_township": townships + np.minimum(unplaced, 2) >= 2,
    }
    broken = np.zeros(len(rows), bool)
    for scope, agrees in allowed.items():
        broken |= mask_of(pc.equal(scopes, scope)) & ~agrees & (villages > 0)
    walk.drop(Breach("Cooperative", "cooperative.scope", "scope", rows[broken]))


def _reach_of_cooperatives(walk: Walk) -> tuple[Rows, Rows, Rows]:
    """For each co-operative that stands: the number of villages, of known townships, and of villages whose township is unknown."""
    operates, within = (
        walk.tables[name].filter(pa.array(walk.standing[name])) for name in ("Cooperative OPERATES_IN Village", "Village IN Township")
    )
    operates = operates.filter(pc.field("until").is_null())
    place = pc.index_in(operates["village_code"], value_set=whole(within["village_code"]))
    township = within["township_code"].take(whole(place)) if within.num_rows else pa.nulls(operates.num_rows, pa.string())
    keys = walk.standing_keys(COOPERATIVE)
    cooperative = pc.index_in(operates["cooperative_id"], value_set=keys)
    pairs = pa.table({"cooperative": cooperative, "village": operates["village_code"], "township": township})
    return (
        _count_distinct(pairs, "village", len(keys)),
        _count_distinct(pairs.filter(pc.field("township").is_valid()), "township", len(keys)),
        _count_distinct(pairs.filter(pc.field("township").is_null()), "village", len(keys)),
    )


def _count_distinct(pairs: pa.Table, column: str, count: int) -> Rows:
    distinct = pairs.group_by(["cooperative", column], use_threads=False).aggregate([])
    return np.bincount(distinct["cooperative"].to_numpy(), minlength=count).astype(np.int64)


_KEPT, OTHER = Text("保留的是", "the one kept is"), Text("另一行是", "the other one is")


def point_to(table: pa.Table, rows: Rows, said: Text = _KEPT) -> list[Text]:
    """For each of `rows`, its place in words, as the row that stands."""
    places = table.select(PROVENANCE.names).take(pa.array(rows)).to_pylist() if len(rows) else []
    return [_place(said, **place) for place in places]


def _place(said: Text, source_file: str | None, source_sheet: str | None, source_row: int | None) -> Text:
    """The row that stands, in words; nothing for a row made in Python."""
    if source_row is None:
        return Text("", "")
    file = " · ".join(dict.fromkeys(part for part in (source_file, source_sheet) if part))
    return Text(f"（{said.zh} {file} 第{source_row}行）", f" ({said.en} {file} row {source_row})")
