"""The facts behind each rank in words, of all rows at once: columns of words are joined, no row is told by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.questions.bridges.columns import group_plural, group_word
from graphkit.questions.bridges.measuring import Measured
from graphkit.questions.bridges.order import BODIES_LOST, LOST, sum_columns
from graphkit.words import Text

MANY = 2  # groups spanned, or bodies with an office, from which they are told
NAMED = 3  # contacts named on one side
OTHER_WORDS = {"Member": Text("人员", "member"), "Zone": Text("责任区", "zone")}


@dataclass(frozen=True, eq=False)
class _Tongue:
    """How facts are put together in one language."""

    lang: str
    comma: str
    stop: str
    nothing: str


CHINESE = _Tongue("zh", "；", "。", "未见桥接迹象。")
ENGLISH = _Tongue("en", "; ", ".", "No sign of bridging.")


def tell_sides(measured: Measured) -> pd.DataFrame:
    """Between whom does each person stand alone? By person, the contacts in what stays and in what falls off, by kind and id; missing if there are none.

    Only those who cut anybody or any body off are told of, and of each side the first three contacts by kind and id.
    """
    parts, table = measured.parts, measured.table
    lost = sum_columns(table, (*LOST, *BODIES_LOST)) > 0
    number = np.full(len(parts.nodes), -1, np.int64)
    number[measured.persons[lost]] = np.flatnonzero(lost)
    rows = np.repeat(np.arange(len(parts.nodes), dtype=np.int32), np.diff(parts.offsets))
    told = number[rows] >= 0
    rows, others = rows[told], parts.neighbours[told]
    stays = measured.losses.stays(rows, others)
    sides: dict[str, pd.Series] = {}
    for name, on_side in (("stays", stays), ("falls", ~stays)):
        sides |= _name_contacts(measured, number[rows[on_side]], others[on_side], name)
    return pd.DataFrame(sides)


def _name_contacts(measured: Measured, person: NDArray[np.int64], other: NDArray[np.int32], side: str) -> dict[str, pd.Series]:
    network, nodes = measured.network, measured.parts.nodes[other]
    order = np.lexsort((nodes, network.kinds[nodes], person))
    person, nodes = person[order], nodes[order]
    starts = np.flatnonzero(np.concatenate([[True], person[1:] != person[:-1]]))[: len(person)]
    sizes = np.diff(starts, append=len(person))
    shown = np.arange(len(person)) - np.repeat(starts, sizes) < NAMED
    offsets = np.concatenate([[0], np.cumsum(np.minimum(sizes, NAMED))]).astype(np.int32)
    ids = [str(key) for key in network.ids.take(nodes[shown])]
    kinds = [network.kind_names[code] for code in network.kinds[nodes[shown]]]
    rest = np.maximum(sizes - NAMED, 0).tolist()
    known = {kind.label: kind.heading for kind in network.model.nodes} | OTHER_WORDS
    sides = {}
    for lang, comma, more in (("zh", "、", "等 {} 个"), ("en", ", ", " and {} more")):
        words = {kind: f"{known[kind].say(lang)} " if kind in known else "" for kind in set(kinds)}
        named = pa.array([words[kind] + key for kind, key in zip(kinds, ids, strict=True)], pa.string())
        joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), named), comma)
        tail = pa.array([more.format((rest_of + NAMED) if lang == "zh" else rest_of) if rest_of else "" for rest_of in rest], pa.string())
        told = pc.binary_join_element_wise(joined, tail, "").to_pandas()
        sides[f"{side}_{lang}"] = pd.Series(told.to_numpy(object), index=person[starts]).reindex(range(len(measured.table)))
    return sides


def tell_reasons(table: pd.DataFrame, sides: pd.DataFrame, group: str) -> dict[str, pd.Series]:
    """The columns ``reason_zh`` and ``reason_en``; `sides` as `tell_sides` gives them, in the order of `table`."""
    chinese = _join([_alone_zh(sides), _falls_zh(table, group), *_facts_zh(table)], _equals_zh(table), CHINESE)
    english = _join([_alone_en(sides), _falls_en(table, group), *_facts_en(table)], _equals_en(table), ENGLISH)
    return {"reason_zh": pd.Series(chinese.to_pandas(), index=table.index), "reason_en": pd.Series(english.to_pandas(), index=table.index)}


def _alone_zh(sides: pd.DataFrame) -> pa.Array:
    return pc.binary_join_element_wise("只有此人连接 ", _strings(sides["stays_zh"]), " 与 ", _strings(sides["falls_zh"]), "")


def _alone_en(sides: pd.DataFrame) -> pa.Array:
    return pc.binary_join_element_wise("alone between ", _strings(sides["stays_en"]), " and ", _strings(sides["falls_en"]), "")


def _falls_zh(table: pd.DataFrame, group: str) -> pa.Array:
    say = _speaker(table)
    spread = say("stranded_groups", 2, "（分属 ", f" 个{group_word(group).zh}）")
    who = _list([say("stranded_people", 1, "", " 人"), say("stranded_households", 1, "", " 户")], "、")
    who = pc.binary_join_element_wise(who, pc.fill_null(spread, ""), "")
    parts = [who, say("stranded_cooperatives", 1, "", " 个合作组织"), say("stranded_branches", 1, "", " 个党组织")]
    return pc.binary_join_element_wise("失去此人，", _list(parts, "、"), "断开", "")


def _falls_en(table: pd.DataFrame, group: str) -> pa.Array:
    say = _speaker(table)
    spread = say("stranded_groups", 2, " in ", f" {group_plural(group)}")
    who = _list(
        [say("stranded_people", 1, "", " people", one=" person"), say("stranded_households", 1, "", " households", one=" household")], " and "
    )
    who = pc.binary_join_element_wise(who, pc.fill_null(spread, ""), "")
    parts = [
        who,
        say("stranded_cooperatives", 1, "", " co-operatives", one=" co-operative"),
        say("stranded_branches", 1, "", " branches", one=" branch"),
    ]
    return pc.binary_join_element_wise("without this person ", _list(parts, ", "), _verb(table), "")


def _verb(table: pd.DataFrame) -> pa.Array:
    falling = sum_columns(table, (*LOST, *BODIES_LOST))
    return pc.if_else(pa.array(falling == 1), " falls off", " fall off")


def _facts_zh(table: pd.DataFrame) -> list[pa.Array]:
    say = _speaker(table)
    return [
        _say(_whole(table["betweenness"]), 1, "", _with_error(table, " 对人的最短路径经过此人", "（±", "）")),
        say("offices", MANY, "在 ", " 个组织任职"),
        say("villages_spanned", MANY, "联系 ", " 个村"),
        say("cooperatives_spanned", MANY, "联系 ", " 个合作组织"),
        say("branches_spanned", MANY, "编入 ", " 个党组织"),
    ]


def _facts_en(table: pd.DataFrame) -> list[pa.Array]:
    say = _speaker(table)
    return [
        _say(
            _whole(table["betweenness"]), 1, "on the shortest paths of ", _with_error(table, " pairs of people", " (± ", ")"), one=" pair of people"
        ),
        say("offices", MANY, "holds office in ", " bodies"),
        say("villages_spanned", MANY, "spans ", " villages"),
        say("cooperatives_spanned", MANY, "spans ", " co-operatives"),
        say("branches_spanned", MANY, "belongs to ", " branches"),
    ]


def _equals_zh(table: pd.DataFrame) -> pa.Array:
    return _speaker(table)("equal_others", 1, "另有 ", " 人名次相同")


def _equals_en(table: pd.DataFrame) -> pa.Array:
    return _speaker(table)("equal_others", 1, "and ", " others share the rank", one=" other shares the rank")


def _strings(values: pd.Series) -> pa.Array:
    return pa.array(values.astype(object).where(values.notna(), None), pa.string())


def _whole(values: pd.Series) -> pa.Array:
    return pa.array(values.fillna(0).round().astype(np.int64))


def _with_error(table: pd.DataFrame, words: str, before: str, after: str) -> pa.Array:
    """The words, followed by the error of betweenness where there is one."""
    error = _whole(table["betweenness_error"])
    return pc.if_else(pc.greater(error, 0), pc.binary_join_element_wise(words + before, _digits(error), after, ""), words)


def _speaker(table: pd.DataFrame) -> Callable[..., pa.Array]:
    def say(name: str, least: int, before: str, after: str, *, one: str | None = None) -> pa.Array:
        return _say(pa.array(table[name]), least, before, after, one=one)

    return say


def _say(values: pa.Array, least: int, before: str, after: str | pa.Array, *, one: str | None = None) -> pa.Array:
    """The fact in words, null where the value is below `least` or missing."""
    tail = after if one is None else pc.if_else(pc.equal(values, 1), one, after)
    words = pc.binary_join_element_wise(before, _digits(values), tail, "")
    return pc.if_else(pc.greater_equal(values, least), words, pa.scalar(None, pa.string()))


def _digits(values: pa.Array) -> pa.Array:
    """Whole numbers with thousands set apart; each different number is written once, however often it occurs."""
    coded = values.dictionary_encode()
    return pa.array([f"{number:,}" for number in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def _list(parts: list[pa.Array], comma: str) -> pa.Array:
    """What there is of the parts, with commas between; null where there is nothing."""
    led = pc.binary_join_element_wise("", *parts, comma, null_handling="skip")  # without the "", Arrow drops a row of nothing but nulls
    said = pc.utf8_slice_codeunits(led, start=len(comma))
    return pc.if_else(pc.equal(pc.binary_length(said), 0), pa.scalar(None, pa.string()), said)


def _join(facts: list[pa.Array], equals: pa.Array, tongue: _Tongue) -> pa.Array:
    """Facts, then who shares the rank; where there is no fact, so much is said."""
    said = pc.binary_join_element_wise(_list(facts, tongue.comma), tongue.stop, "")
    said = pc.fill_null(said, tongue.nothing)
    shared = pc.binary_join_element_wise(pc.utf8_slice_codeunits(said, start=0, stop=-1), tongue.comma, equals, tongue.stop, "")
    return pc.coalesce(shared, said)
