"""How good are the proposals of who may be one person? Registers are made up, with people listed twice and look-alikes, and the pairs proposed are counted.

    python -m benchmarks.people                        # from the checkout: the table in docs/people.md
    python -m benchmarks.people --people 200000 --seeds 1

A member register holds everybody; of a third a co-operative's list has a second entry under another id, half of these spoilt in one of the
ways named. Look-alikes are planted beside them, in both lists. Names are drawn with the frequencies of real ones, so that people of one name
come about by themselves as well. Nothing here knows the weights that are tried.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from graphkit.identity.candidates import UNKNOWN, People
from graphkit.identity.people import propose_people

_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "国建华明军平志文玉海春桂德永红秀英兰芳丽霞敏静强刚伟勇涛洪生福贵祥林清云山成义龙凤"
_VARIANT, _CONFUSED = (
    dict(zip("张刘陈杨赵黄吴孙马国华军兰凤红丽", "張劉陳楊趙黃吳孫馬國華軍蘭鳳紅麗", strict=True)),
    dict(zip("军英平霞丽华红志文福贵", "君瑛萍侠莉花洪智雯富桂", strict=True)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: whose it is, and what stands in it."""

    person: int
    name: str
    year: int
    day: int
    village: int
    list: int


@dataclass(slots=True)
class Registers:
    """Entries, and for each pair planted, by its two positions, what it is."""

    entries: list[Entry] = field(default_factory=list)
    planted: dict[tuple[int, int], str] = field(default_factory=dict)

    def add(self, entry: Entry, beside: int | None = None, kind: str = "") -> int:
        """Add an entry, planted beside another one."""
        self.entries.append(entry)
        place = len(self.entries) - 1
        if beside is not None:
            self.planted[beside, place] = kind
        return place

    def as_people(self) -> People:
        """The entries as they are compared, ids in no order that tells anything."""
        ids = [f"m{position * 7919 % 1_000_003:07d}" for position in range(len(self.entries))]
        years, days, lists, villages = (
            np.array([getattr(entry, name) for entry in self.entries], np.int64) for name in ("year", "day", "list", "village")
        )
        who = np.flatnonzero(villages != UNKNOWN)
        return People(ids, [entry.name for entry in self.entries], years, days, lists, ((who, villages[who]),))


def _swap(name: str, table: dict[str, str]) -> str:
    """The name with the first character that another is taken for written so."""
    place = next((place for place, character in enumerate(name) if place and character in table), None)
    return name if place is None else name[:place] + table[name[place]] + name[place + 1 :]


SPOILS: dict[str, Callable[[Entry, np.random.Generator, int], Entry]] = {
    "variant character": lambda entry, rng, villages: replace(entry, name="".join(_VARIANT.get(c, c) for c in entry.name)),
    "character taken for another": lambda entry, rng, villages: replace(entry, name=_swap(entry.name, _CONFUSED)),
    "year of birth one off": lambda entry, rng, villages: replace(entry, year=entry.year + int(rng.choice([-1, 1]))),
    "year of birth, a digit wrong": lambda entry, rng, villages: replace(entry, year=entry.year + int(rng.choice([-10, 10, 5]))),
    "no year of birth": lambda entry, rng, villages: replace(entry, year=UNKNOWN),
    "another village": lambda entry, rng, villages: replace(entry, village=(entry.village + 1 + int(rng.integers(villages - 1))) % villages),
}

LOOKALIKES: dict[str, Callable[[Entry, np.random.Generator, int], Entry]] = {
    "namesake in the village": lambda entry, rng, villages: replace(entry, year=entry.year + int(rng.choice([-1, 1])) * int(rng.integers(2, 25))),
    "namesake elsewhere, same year": lambda entry, rng, villages: replace(entry, village=(entry.village + 1) % villages),
    "father and son": lambda entry, rng, villages: replace(entry, name=entry.name[:-1] + "生", year=entry.year - 25),
    "namesake in the village, same year": lambda entry, rng, villages: entry,
    "twins": lambda entry, rng, villages: replace(
        entry, name=entry.name[0] + entry.name[1:].replace(entry.name[-1], "刚" if entry.name[-1] != "刚" else "强")
    ),
}


def make_registers(people: int, seed: int) -> Registers:
    """Make up the two lists."""
    rng = np.random.default_rng(seed)
    villages = max(people // 30, 4)
    weights = np.arange(1, len(_GIVEN) + 1) ** -0.7
    surnames = np.arange(1, len(_SURNAMES) + 1) ** -0.8
    made = Registers()
    for person in range(people):
        given = "".join(rng.choice(list(_GIVEN), 1 + (rng.random() < 0.8), p=weights / weights.sum()))
        name = str(rng.choice(list(_SURNAMES), p=surnames / surnames.sum())) + given
        year = int(rng.integers(1935, 1990))
        made.add(
            Entry(
                person,
                name,
                year,
                (year + 18 - 1970) * 365 + int(rng.integers(40) * 365 + rng.choice([181, 181, 181, 100, 300])),
                int(rng.integers(villages)),
                0,
            )
        )
    kinds = list(SPOILS)
    for place in rng.permutation(people)[: people // 3].tolist():
        again = replace(made.entries[place], list=1)
        again = again if rng.random() < 0.4 else replace(again, day=UNKNOWN)
        spoilt = rng.random() < 0.5
        kind = kinds[int(rng.integers(len(kinds)))] if spoilt else "nothing spoilt"
        made.add(SPOILS[kind](again, rng, villages) if spoilt else again, place, kind)
    for number, (kind, change) in enumerate(LOOKALIKES.items()):
        for place in rng.permutation(people)[: people // 30].tolist():
            other = change(replace(made.entries[place], person=people + len(made.entries), list=int(rng.integers(2))), rng, villages)
            made.add(replace(other, day=UNKNOWN if number > 2 else other.day + int(rng.integers(200, 3000))), place, kind)
    return made


def count(people: int, seeds: Iterable[int], *, days: bool = True) -> tuple[dict[str, Counter[str]], Counter[str], float]:
    """For each thing planted how many pairs were called likely, possible or were not proposed; pairs proposed by truth; and seconds."""
    by_kind: dict[str, Counter[str]] = {}
    proposed: Counter[str] = Counter()
    seconds = 0.0
    for seed in seeds:
        made = make_registers(people, seed)
        entries = made.as_people()
        if not days:
            entries = replace(entries, admitted=np.full(len(entries.ids), UNKNOWN))
        begun = time.process_time()
        found = propose_people(entries)
        seconds += time.process_time() - begun
        place = {one: position for position, one in enumerate(entries.ids)}
        said: dict[tuple[int, int], str] = {}
        for pair in found:
            one, other = sorted((place[pair.first], place[pair.second]))
            said[one, other] = "likely" if pair.is_likely else "possible"
            same = made.entries[one].person == made.entries[other].person
            proposed[f"{said[one, other]}, {'one person' if same else 'two people'}"] += 1
        for pair_of, kind in made.planted.items():
            by_kind.setdefault(kind, Counter())[said.get(pair_of, "not proposed")] += 1
    return by_kind, proposed, seconds


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=3_000)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--no-days", action="store_true", help="as if no day of admission were known")
    asked = parser.parse_args()
    by_kind, proposed, seconds = count(asked.people, range(asked.seeds), days=not asked.no_days)
    print("| planted | pairs | likely | possible | not proposed |\n| -- | --: | --: | --: | --: |")
    for kind in ("nothing spoilt", *SPOILS, *LOOKALIKES):
        found = by_kind.get(kind, Counter())
        print(f"| {kind} | {found.total():,} | {found['likely']:,} | {found['possible']:,} | {found['not proposed']:,} |")
    print("\n| proposed as | one person | two people |\n| -- | --: | --: |")
    for level in ("likely", "possible"):
        print(f"| {level} | {proposed[f'{level}, one person']:,} | {proposed[f'{level}, two people']:,} |")
    print(f"\n{seconds / asked.seeds:.2f} CPU s for each")


if __name__ == "__main__":
    main()
