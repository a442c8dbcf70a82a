"""From counts to facts: what is known of each case, and everything that its unknown could be."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from graphkit.questions.coverage.bodies import COUNTS, UNKNOWN_BODIES
from graphkit.questions.coverage.counting import WORKPLACES
from graphkit.questions.coverage.loose import LOOSE
from graphkit.questions.coverage.loose import PARTY as _PARTY
from graphkit.rules.conditions import UNBOUNDED, AnyOf, Facts, Ints
from graphkit.rules.facts import BODY_KINDS, FACTS, STRUCTURES, SUPERIOR, counted_as
from graphkit.rules.judge import Completion, combine, values_between
from graphkit.rules.pack import Rule, RulePack
from graphkit.rules.templates import holes

Columns = Mapping[str, NDArray[Any]]
_MOST_UNKNOWN = 4  # bodies of unknown kind that are gone through one by one; no condition tells more of them apart
_MOST_APART = 1_000  # counts that lie no further apart are numbers already; and combinations, up to how many, are laid out, not looked up
_MOST_LAID_OUT = 2**20
_CHAIN = ("chain_workplaces", "unassisted_workplaces")


def superior_prefix(rule: Rule) -> str:
    """How the names of the columns begin that hold the superior of a rule."""
    return f"{rule.superior_from or rule.name}_".replace("-", "_").replace(".", "_")


def _whens(rule: Rule) -> list[AnyOf]:
    return [*(flag.when for flag in rule.flags), *(part.when for part in (*rule.reason, *rule.remedy))]


def facts_of(rule: Rule, *, words: bool = True) -> set[str]:
    """Return the facts on which a rule's verdict hangs; and its flags and words, unless `words` is false."""
    conditions = [*rule.asked, *rule.met, *(case.where for cases in rule.all_numbers.values() for case in cases)]
    if not words:
        return {clause.fact for condition in conditions for clause in condition}
    conditions += [condition for when in _whens(rule) for condition in when]
    conditions += [superior.where for superior in rule.superior]
    facts = {clause.fact for condition in conditions for clause in condition}
    return facts | {name for part in (*rule.reason, *rule.remedy) for name in holes(part.text)}


def needed_columns(rule: Rule, there: Sequence[str]) -> list[str]:
    """Return the counted columns on which a rule's verdict and words hang; subjects that are alike in these are one case."""
    facts = facts_of(rule)
    wanted = {column for fact in facts for column in _SOURCES.get(fact, (fact,))} | {"gone", "otherwise"}
    for loose in LOOSE[rule.applies_to]:
        if facts & set(loose.facts) or (loose.name == "superior" and rule.superior):
            wanted |= {f"{what}_{loose.name}" for what in ("less", "more", "room", "turn", "open")}
    if rule.superior:
        own = superior_prefix(rule)
        wanted |= {"places", *(name for name in there if name.startswith(own))}
    return [name for name in there if name in wanted]


_SOURCES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_PARTY, ("full_members", "probationary_members", "unknown_stage_members")),
    **{name: (name, *UNKNOWN_BODIES) for name in COUNTS},
    "joint_units": ("joint_units", "joint_bodies", *UNKNOWN_BODIES),
    "managing_bodies": ("managing", "unknown_managing"),
    "five_promises": ("five_promises", "unknown_promises"),
    **dict.fromkeys(_CHAIN, WORKPLACES),
    "days_without_visit": ("last_visit_on", "unvisited", "visit_span"),
}
"""Columns that a fact comes from, where they are not called like it."""


def distinct_cases(counted: pa.Table, names: Sequence[str]) -> tuple[Ints, Columns]:
    """Number the cases: for each row the number of its case, and the columns of the cases; what is not in `names` is 0, or None, of all."""
    codes, size = np.zeros(counted.num_rows, np.int64), 1
    for name in names:
        values, many = _codes(counted[name])
        if size * many >= 2**62:
            codes, found = pd.factorize(codes)
            size = len(found)
        codes, size = codes * many + values, size * many
    codes, first = _in_order_met(codes, size)
    columns: dict[str, NDArray[Any]] = {}
    for column in counted.schema:
        if column.name in names:
            values = counted[column.name].take(pa.array(first))
            columns[column.name] = np.asarray(values) if _is_count(column) else np.array(values.to_pylist() or [], object)
        else:
            columns[column.name] = np.zeros(len(first), np.int64) if _is_count(column) else np.full(len(first), None, object)
    return codes, columns


def _in_order_met(codes: Ints, size: int) -> tuple[Ints, Ints]:
    """Number codes, which are below `size`, in the order in which they are met; and where each is met first."""
    rows = np.arange(len(codes))
    if size > _MOST_LAID_OUT:
        codes, found = pd.factorize(codes)
        first = np.zeros(len(found), np.int64)
        first[codes[::-1]] = rows[::-1]
        return codes, first
    met = np.full(size, len(codes), np.int64)
    met[codes[::-1]] = rows[::-1]
    there = np.flatnonzero(met < len(codes))
    there = there[np.argsort(met[there])]
    number = np.zeros(size, np.int64)
    number[there] = np.arange(len(there))
    return number[codes], met[there]


def _is_count(field: pa.Field) -> bool:
    return bool(pa.types.is_int64(field.type)) and field.name != "people"  # of a household's people some are unknown


def _codes(column: pa.ChunkedArray) -> tuple[Ints, int]:
    """Each value as a small number, and below what they are all."""
    if pa.types.is_int64(column.type) and not column.null_count and len(column):
        values = column.to_numpy()
        least, most = int(values.min()), int(values.max())
        if most - least < _MOST_APART:
            return (values - least if least else values), most - least + 1
    encoded = column.combine_chunks().dictionary_encode()
    return np.asarray(encoded.indices.fill_null(-1)).astype(np.int64) + 1, len(encoded.dictionary) + 1


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of one kind: subjects that are alike in everything that is counted, once."""

    kind: str
    columns: Columns  # counts, and what is recorded, by name
    pack: RulePack
    day: dt.date
    slack: Mapping[str, Ints] = field(default_factory=dict)  # how many rows more and fewer the facts may rest on: see `coverage.widening`

    @property
    def size(self) -> int:
        """Number of cases."""
        return len(next(iter(self.columns.values())))

    def facts(self) -> Facts:
        """Return what is known of each case."""
        low: dict[str, Ints] = {}
        high: dict[str, Ints] = {}
        words: dict[str, NDArray[np.object_]] = {}
        c = self.columns
        for fact in FACTS[self.kind]:
            if fact.type != "count":
                words[fact.name] = c[fact.name]
            elif fact.name in c and fact.name != "people":
                low[fact.name] = high[fact.name] = c[fact.name]
        if self.kind in ("Village", "Cooperative", "Branch"):
            self._add_party(low, high)
        if self.kind in ("Village", "Cooperative"):
            self._add_bodies(high)
        if self.kind == "Member":
            self._add_member(low, high)
        if self.kind == "Household":
            self._add_household(low, high)
        return Facts(self.size, low, high, words)

    def _add_party(self, low: dict[str, Ints], high: dict[str, Ints]) -> None:
        full, probationary, unknown = (self.columns[name] for name in ("full_members", "probationary_members", "unknown_stage_members"))
        low["party_members"] = full + probationary
        high |= {"full_members": full + unknown, "probationary_members": probationary + unknown, "party_members": full + probationary + unknown}

    def _add_bodies(self, high: dict[str, Ints]) -> None:
        for structure in STRUCTURES:
            unknown = self.columns[f"unknown_{structure}"]
            possible = {name for counts in self._may_be(structure) for name in counts}
            for name in possible & set(high):
                high[name] = high[name] + unknown
            if "joint_bodies" in possible:
                high["joint_units"] = np.where(unknown > 0, UNBOUNDED, high["joint_units"])

    def _may_be(self, structure: str) -> list[tuple[str, ...]]:
        """What a body of unknown kind may count as, each once."""
        village = self.kind == "Village"
        return list(dict.fromkeys(counted_as(kind, structure, self.pack.bodies, of_village=village) for kind in BODY_KINDS))

    def _add_member(self, low: dict[str, Ints], high: dict[str, Ints]) -> None:
        c = self.columns
        low["managing_bodies"], high["managing_bodies"] = c["managing"], c["managing"] + c["unknown_managing"]
        high["five_promises"] = c["five_promises"] + c["unknown_promises"]
        low["unassisted_workplaces"] = c["unassisted"]
        high["unassisted_workplaces"] = c["unassisted"] + c["perhaps_unassisted"] + c["perhaps_chain_unassisted"]
        low["chain_workplaces"] = c["assisted"] + c["unassisted"] + c["perhaps_unassisted"]
        high["chain_workplaces"] = low["chain_workplaces"] + c["perhaps_chain_unassisted"] + c["perhaps_chain_assisted"]

    def _add_household(self, low: dict[str, Ints], high: dict[str, Ints]) -> None:
        days = np.array([-1 if day is None else (self.day - day).days for day in self.columns["last_visit_on"]], np.int64)
        told = (days >= 0) & (self.columns["unvisited"] == 0)
        low["days_without_visit"] = np.where(told, days, 0)
        longer = self.columns.get("visit_span", np.zeros(self.size, np.int64))  # of a visit known to the month or year alone
        high["days_without_visit"] = np.where(
            days >= 0, days + longer, UNBOUNDED
        )  # where a helper's visits are not on record there may be a later one
        people = np.array([-1 if n is None else n for n in self.columns["people"]], np.int64)
        low["people"], high["people"] = np.where(people < 0, 0, people), np.where(people < 0, UNBOUNDED, people)

    def complete(self, facts: Facts, case: int, wanted: set[str], compared: set[int]) -> Iterator[Completion]:
        """Everything that the facts `wanted` of one case could be together, as far as comparisons with `compared` tell it apart."""
        groups: list[Sequence[Completion]] = []
        left = set(wanted)
        for names, group in () if self._is_loose(case) else self._together():
            if names & left:
                groups.append(group(case, compared))
                left -= names
        groups += [self._one(facts, case, name, compared) for name in sorted(left)]
        yield from combine(groups)

    def _is_loose(self, case: int) -> bool:
        """Whether a row that was not read touches the case: then its facts are known by their lowest and highest alone."""
        return any(name.startswith(("less_", "more_")) and values[case] > 0 for name, values in self.slack.items())

    def _together(self) -> list[tuple[set[str], Callable[[int, set[int]], list[Completion]]]]:
        """Facts of the kind that hang on one unknown, with what they could be together."""
        party: list[tuple[set[str], Callable[[int, set[int]], list[Completion]]]] = [(set(_PARTY), self._people)]
        if self.kind in ("Village", "Cooperative"):
            return [*party, ({*COUNTS, "joint_units"}, self._bodies)]
        return party if self.kind == "Branch" else [(set(_CHAIN), self._chain)] if self.kind == "Member" else []

    def _one(self, facts: Facts, case: int, name: str, compared: set[int]) -> list[Completion]:
        if name in facts.low:
            low, high = int(facts.low[name][case]), int(facts.high[name][case])
            return [{name: value} for value in values_between(low, high, compared)]
        value = facts.words[name][case]
        if value is not None:
            return [{name: value}]
        fact = next(fact for fact in (*FACTS[self.kind], SUPERIOR) if fact.name == name)
        possible: tuple[object, ...] = (True, False) if fact.type == "yes_no" else fact.values or self._seen(name)
        return [{name: one} for one in possible]

    def _seen(self, name: str) -> tuple[str, ...]:
        """Words that a fact with any word may be, as far as the rules tell them apart: those they name, and one that none names."""
        conditions = [condition for rule in self.pack for condition in (*rule.asked, *rule.met)]
        return ("", *sorted({word for condition in conditions for clause in condition if clause.fact == name for word in clause.words}))

    def _people(self, case: int, compared: set[int]) -> list[Completion]:
        """How many of those of unknown stage may be full members, and how many of the rest probationary ones."""
        full, probationary, unknown = (int(self.columns[name][case]) for name in ("full_members", "probationary_members", "unknown_stage_members"))
        found: list[Completion] = []
        for f in values_between(full, full + unknown, compared):
            rest = full + unknown - f
            for p in values_between(probationary, probationary + rest, compared | {cut - f for cut in compared}):
                found.append({"full_members": f, "probationary_members": p, "party_members": f + p})
        return found

    def _bodies(self, case: int, compared: set[int]) -> list[Completion]:
        """What the bodies of unknown kind may be, each by how it stands to the subject."""
        known = {name: int(self.columns[name][case]) for name in (*COUNTS, "joint_units")}
        per_structure = []
        for structure, column in zip(STRUCTURES, UNKNOWN_BODIES, strict=True):
            unknown = min(int(self.columns[column][case]), _MOST_UNKNOWN)
            per_structure.append(list(itertools.combinations_with_replacement(self._may_be(structure), unknown)))
        found: list[Completion] = []
        for choice in itertools.product(*per_structure):
            counts = dict(known)
            for name in (name for bodies in choice for body in bodies for name in body):
                counts[name] += 1
            units = (
                values_between(counts["joint_units"], UNBOUNDED, compared)
                if counts["joint_bodies"] > known["joint_bodies"]
                else [counts["joint_units"]]
            )
            found += [{**counts, "joint_units": number} for number in units]
        return found

    def _chain(self, case: int, _compared: set[int]) -> list[Completion]:
        """Which of the workplaces with a body of unknown kind ask for an assisting tie, and which of those lack it."""
        sure, lacking, perhaps, without, with_ = (
            int(self.columns[name][case])
            for name in ("assisted", "unassisted", "perhaps_unassisted", "perhaps_chain_unassisted", "perhaps_chain_assisted")
        )
        return [
            {"chain_workplaces": sure + lacking + perhaps + j + k, "unassisted_workplaces": lacking + i + j}
            for i, j, k in itertools.product(range(perhaps + 1), range(without + 1), range(with_ + 1))
        ]  # fmt: skip
