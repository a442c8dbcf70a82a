"""The facts behind each rank in words, of all rows at once: columns of words are joined, no row is told by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.questions.bridges.columns import group_plural, group_word
from graphkit.questions.bridges.order import BODIES_LOST, LOST, sum_columns

AT_A_TIME = 20_000
MANY = 2  # groups spanned, or bodies with an office, from which they are told


@dataclass(frozen=True, eq=False)
class _Tongue:
    """How facts are put together in one language."""

    lang: str
    comma: str
    stop: str
    nothing: str


CHINESE = _Tongue("zh", "；", "。", "未见桥接迹象。")
ENGLISH = _Tongue("en", "; ", ".", "No sign of bridging.")


def tell_reasons(table: pd.DataFrame, sides: pd.DataFrame, group: str) -> pd.DataFrame:
    """The columns ``reason_zh`` and ``reason_en``; `sides` as `sides.tell_sides` gives them, in the order of `table`.

    Some rows at a time: the words that a sentence is joined from take several times its room.
    """
    starts = range(0, max(len(table), 1), AT_A_TIME)
    return pd.concat([_tell_some(table.iloc[at : at + AT_A_TIME], sides.iloc[at : at + AT_A_TIME], group) for at in starts])


def _tell_some(table: pd.DataFrame, sides: pd.DataFrame, group: str) -> pd.DataFrame:
    chinese = _join(
        [_alone_zh(sides), _falls_zh(table, group), *_facts_zh(table)],
        _list([_equals_zh(table), _places(table, "抽样误差之内名次 "), _unread_zh(table)], "；"),
        CHINESE,
    )
    english = _join(
        [_alone_en(sides), _falls_en(table, group), *_facts_en(table)],
        _list([_equals_en(table), _places(table, "by the error of the sample rank "), _unread_en(table)], "; "),
        ENGLISH,
    )
    return pd.DataFrame({"reason_zh": chinese.to_pandas().array, "reason_en": english.to_pandas().array}, index=table.index)


def _alone_zh(sides: pd.DataFrame) -> pa.Array:
    return pc.binary_join_element_wise("只有此人连接 ", _strings(sides["stays_zh"]), " 与 ", _strings(sides["falls_zh"]), "")


def _alone_en(sides: pd.DataFrame) -> pa.Array:
    several = sides["stays_en"].str.contains(", ", regex=False) | sides["falls_en"].str.contains(", ", regex=False)
    several = pa.array(several.fillna(False).astype(bool))
    one, other = pc.if_else(several, " on one side", ""), pc.if_else(several, " on the other", "")
    return pc.binary_join_element_wise("alone between ", _strings(sides["stays_en"]), one, " and ", _strings(sides["falls_en"]), other, "")


def _falls_zh(table: pd.DataFrame, group: str) -> pa.Array:
    say = _speaker(table)
    spread = say("stranded_groups", 2, "（分属 ", f" 个{group_word(group).zh}）")
    who = _list([say("stranded_people", 1, "", " 人"), say("stranded_households", 1, "", " 户")], "、")
    alone = _alone(table, say("sole_households", 1, "（其中 ", " 户只靠此人）"), "（只靠此人）")
    who = pc.binary_join_element_wise(who, pc.fill_null(alone, ""), pc.fill_null(spread, ""), "")
    lost = _list([who, say("stranded_cooperatives", 1, "", " 个合作组织"), say("stranded_branches", 1, "", " 个党组织")], "、")
    nobody = pc.binary_join_element_wise(lost, "没有登记此人以外的人", "")
    return pc.if_else(_only_one(table), nobody, pc.binary_join_element_wise("失去此人，", lost, "断开", ""))


def _falls_en(table: pd.DataFrame, group: str) -> pa.Array:
    say = _speaker(table)
    spread = say("stranded_groups", 2, " in ", f" {group_plural(group)}")
    who = _list(
        [say("stranded_people", 1, "", " people", one=" person"), say("stranded_households", 1, "", " households", one=" household")], " and "
    )
    alone = _alone(table, say("sole_households", 1, " (", " of them on this person alone)"), " (on this person alone)")
    who = pc.binary_join_element_wise(who, pc.fill_null(alone, ""), pc.fill_null(spread, ""), "")
    parts = [
        who,
        say("stranded_cooperatives", 1, "", " co-operatives", one=" co-operative"),
        say("stranded_branches", 1, "", " branches", one=" branch"),
    ]
    lost = _list(parts, ", ")
    nobody = pc.binary_join_element_wise("nobody but this person is on record with ", lost, "")
    return pc.if_else(_only_one(table), nobody, pc.binary_join_element_wise("without this person ", lost, _verb(table), ""))


def _only_one(table: pd.DataFrame) -> pa.Array:
    """Whether there is nobody else in the part of the network: what then falls off falls off from nobody."""
    return pa.array(table["part_people"] == 1)


def _alone(table: pd.DataFrame, some: pa.Array, every: str) -> pa.Array:
    """Which of the households cut off hang on this person alone."""
    total, alone = (pa.array(table[name]) for name in ("stranded_households", "sole_households"))
    return pc.if_else(pc.fill_null(pc.and_(pc.greater(alone, 0), pc.equal(alone, total)), False), every, some)


def _verb(table: pd.DataFrame) -> pa.Array:
    falling = sum_columns(table, (*LOST, *BODIES_LOST))
    return pc.if_else(pa.array(falling == 1), " falls off", " fall off")


def _facts_zh(table: pd.DataFrame) -> list[pa.Array]:
    say = _speaker(table)
    return [
        _say(_whole(table["betweenness"]), 1, "", _with_error(table, " 对人的最短路径经过此人", "（±", "）")),
        say("offices", MANY, "在 ", " 个组织任职"),
        say("villages_spanned", MANY, "在 ", " 个村居住、任岗或帮户"),
        say("cooperatives_spanned", MANY, "在 ", " 个合作组织从业或联络"),
        say("branches_spanned", MANY, "编入 ", " 个党组织"),
    ]


def _facts_en(table: pd.DataFrame) -> list[pa.Array]:
    say = _speaker(table)
    return [
        _say(
            _whole(table["betweenness"]), 1, "on the shortest paths of ", _with_error(table, " pairs of people", " (± ", ")"), one=" pair of people"
        ),
        say("offices", MANY, "holds office in ", " bodies"),
        say("villages_spanned", MANY, "lives, holds a post or helps households in ", " villages"),
        say("cooperatives_spanned", MANY, "works in or liaises with ", " co-operatives"),
        say("branches_spanned", MANY, "belongs to ", " branches"),
    ]


def _equals_zh(table: pd.DataFrame) -> pa.Array:
    return _speaker(table)("equal_others", 1, "另有 ", " 人名次相同")


def _equals_en(table: pd.DataFrame) -> pa.Array:
    return _speaker(table)("equal_others", 1, "and ", " others share the rank", one=" other shares the rank")


def _places(table: pd.DataFrame, words: str) -> pa.Array:
    """From which to which place the rank may be, where betweenness is sampled and that is more than the rank itself."""
    if "rank_low" not in table:
        return pa.nulls(len(table), pa.string())
    low, high = pa.array(table["rank_low"]), pa.array(table["rank_high"])
    wide = pc.or_(pc.less(low, pa.array(table["rank"])), pc.greater(high, pa.array(table["rank"] + table["equal_others"])))
    return pc.if_else(wide, pc.binary_join_element_wise(words, _digits(low), "–", _digits(high), ""), pa.scalar(None, pa.string()))


def _unread_zh(table: pd.DataFrame) -> pa.Array:
    return _speaker(table)("unread_rows", 1, "写到此人的 ", " 行没有读到，联系可能不止这些")


def _unread_en(table: pd.DataFrame) -> pa.Array:
    return _speaker(table)(
        "unread_rows",
        1,
        "",
        " rows that name this person were not read: the ties may be others",
        one=" row that names this person was not read: the ties may be others",
    )


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


def _join(facts: list[pa.Array], after: pa.Array, tongue: _Tongue) -> pa.Array:
    """Facts, then who shares the rank and what was not read; where there is no fact, so much is said."""
    said = pc.binary_join_element_wise(_list(facts, tongue.comma), tongue.stop, "")
    said = pc.fill_null(said, tongue.nothing)
    shared = pc.binary_join_element_wise(pc.utf8_slice_codeunits(said, start=0, stop=-1), tongue.comma, after, tongue.stop, "")
    return pc.coalesce(shared, said)
