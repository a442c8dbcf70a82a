"""From judged cases to the rows of the finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.questions.coverage.columns import COLUMNS, NOT_ASKED, OUTCOMES
from graphkit.questions.coverage.wording import Told
from graphkit.questions.finding import Column
from graphkit.rules.judge import Verdicts
from graphkit.rules.pack import Rule
from graphkit.words import Text

_COUNTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Village": {"branches": ("own_bodies", "temporary_bodies", "joint_bodies"), "groups": ("groups", "posts")},
    "Cooperative": {"branches": ("own_bodies", "temporary_bodies", "joint_bodies"), "groups": ("groups", "posts"), "liaisons": ("liaisons",)},
    "Branch": {},
    "Member": {"branches": ("managing",), "helpers": ("mentors",)},
    "Household": {"helpers": ("helpers",)},
    "Zone": {"helpers": ("responsible_members",)},
}
STATES = ("not_asked", "met", "open")
"""What a rule may come to of one subject."""
_PARTY = ("full_members", "probationary_members", "unknown_stage_members")
_STATE_WORDS: Mapping[str, Text] = {"not_asked": NOT_ASKED, **OUTCOMES}


@dataclass(frozen=True, slots=True)
class Judged:
    """The rows of one rule: which subjects, the case of each, and what is said of each case."""

    rule: Rule
    counted: pa.Table  # every subject of the kind
    chosen: NDArray[np.int64]  # those of which something is asked, or may be
    case_of: NDArray[np.int64]  # of every subject
    verdicts: Verdicts
    told: Told
    agrees: NDArray[np.object_]
    certain: NDArray[np.bool_]  # of each case
    could_turn: NDArray[np.object_]  # of each case: what rows that are not there could bring it to; None: nothing


def make_rows(parts: Sequence[Judged]) -> pd.DataFrame:
    """Put the rows of all rules under each other, in the columns of the finding."""
    words = {
        "asked": _spell(parts, lambda part: part.verdicts.words()[0]),
        "outcome": _spell(parts, lambda part: part.verdicts.words()[1]),
        "rule": _spell(parts, lambda part: [part.rule.name] * len(part.told.reason)),
        "subject_kind": _spell(parts, lambda part: [part.rule.applies_to] * len(part.told.reason)),
        "flags": _spread(parts, lambda part: [flags or None for flags in part.told.flags]),
        **{f"superior_{lang}": _spread(parts, _say([part.told.superior for part in parts], lang, parts)) for lang in ("zh", "en")},
        **{f"reason_{lang}": _spread(parts, _say([part.told.reason for part in parts], lang, parts)) for lang in ("zh", "en")},
        **{f"remedy_{lang}": _spread(parts, _say([part.told.remedy for part in parts], lang, parts)) for lang in ("zh", "en")},
    }  # fmt: skip
    found: dict[str, pd.Series] = {
        "subject_id": _take(parts, "subject_id"), "name": _take(parts, "name"), "scope": _take(parts, "scope"),
        **words,
        "certain": pd.Series(_cases(parts, lambda part: part.certain.astype(object)).astype(bool)),
        "could_turn": _spread(parts, lambda part: part.could_turn.tolist()),
        "superior_agrees": pd.Series(pd.array(_cases(parts, lambda part: part.agrees), "boolean")),
        **{name: _count(parts, name) for name in (*_PARTY, "branches", "groups", "liaisons", "helpers")},
    }  # fmt: skip
    return pd.DataFrame({column.name: found[column.name] for column in COLUMNS}, copy=False)


def declare_columns(rows: pd.DataFrame, rules: Sequence[Rule]) -> tuple[Column, ...]:
    """The columns with the words for the rules and flags that occur."""
    headings = {flag.id: flag.heading for rule in rules for flag in rule.flags}
    used = [flags for flags in dict.fromkeys(rows["flags"].dropna()) if flags]
    flags = {one: Text("、".join(headings[i].zh for i in one.split(";")), ", ".join(headings[i].en for i in one.split(";"))) for one in used}
    turns = {one: Text("、".join(_STATE_WORDS[i].zh for i in one.split(";")), ", ".join(_STATE_WORDS[i].en for i in one.split(";")))
             for one in dict.fromkeys(rows["could_turn"].dropna())}  # fmt: skip
    values = {"rule": {rule.name: rule.title for rule in rules}, "flags": flags, "could_turn": turns}
    return tuple(replace(column, values=values[column.name]) if column.name in values else column for column in COLUMNS)


def _say(texts: Sequence[Sequence[Text | None]], lang: str, parts: Sequence[Judged]) -> Callable[[Judged], list[str | None]]:
    of = {id(part): [text.say(lang) if text else None for text in said] for part, said in zip(parts, texts, strict=True)}
    return lambda part: of[id(part)]


def _cases(parts: Sequence[Judged], values: Callable[[Judged], NDArray[np.object_]]) -> NDArray[np.object_]:
    found = [values(part)[part.case_of[part.chosen]] for part in parts]
    return np.concatenate(found) if found else np.array([], object)


def _spread(parts: Sequence[Judged], texts: Callable[[Judged], Sequence[str | None]]) -> pd.Series:
    """One text a case → one category a row, over all parts."""
    codes, distinct = _code(parts, texts)
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype="str")), copy=False)


def _spell(parts: Sequence[Judged], texts: Callable[[Judged], Sequence[str | None]]) -> pd.Series:
    """One text a case → one text a row, over all parts."""
    codes, distinct = _code(parts, texts)
    words = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=codes < 0), pa.array(list(distinct), pa.string()))
    spelt: pd.Series = words.cast(pa.string()).to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get)
    return spelt


def _code(parts: Sequence[Judged], texts: Callable[[Judged], Sequence[str | None]]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """The different texts of all cases, and which one each row has; -1 for none."""
    per_part = [list(texts(part)) for part in parts]
    numbers, distinct = pd.factorize(np.array([text for said in per_part for text in said], dtype=object))
    starts = np.cumsum([0, *(len(said) for said in per_part)])
    codes = [numbers[start + part.case_of[part.chosen]] for part, start in zip(parts, starts, strict=False)]
    return np.concatenate(codes) if codes else np.array([], np.int64), distinct


def _take(parts: Sequence[Judged], name: str) -> pd.Series:
    """A text that is recorded of the subject; missing where the kind has none."""
    found = [
        (part.counted[name] if name in part.counted.column_names else pa.nulls(part.counted.num_rows, pa.string())).take(pa.array(part.chosen))
        for part in parts
    ]
    chunks = [chunk for column in found for chunk in (column.chunks if isinstance(column, pa.ChunkedArray) else [column])]
    return pa.chunked_array(chunks, pa.string()).to_pandas().astype("str")


def _count(parts: Sequence[Judged], name: str) -> pd.Series:
    values, missing = [], []
    for part in parts:
        there = (name,) if name in _PARTY and name in part.counted.column_names else _COUNTS[part.rule.applies_to].get(name, ())
        total = np.zeros(len(part.chosen), np.int64)
        for column in there:
            total += np.asarray(pc.take(part.counted[column], pa.array(part.chosen)))
        values.append(total)
        missing.append(np.full(len(total), not there))
    if not values:
        return pd.Series(pd.array([], "Int64"))
    return pd.Series(pd.arrays.IntegerArray(np.concatenate(values), np.concatenate(missing)), copy=False)
