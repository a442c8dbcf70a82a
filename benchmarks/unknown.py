"""How often coverage keeps to the truth where rows are lost and cells spoilt: districts are made up, spoilt, and asked again.

    python -m benchmarks.unknown                    # from the checkout: the table in docs/unknown.md
    python -m benchmarks.unknown --districts 2

Every table in turn loses 5, 10 or 30 % of its rows, or as many keys or ends of ties, or periods; and every optional column as many of its
cells, which become unreadable or a formula's error in the files and are loaded. How many rows each table should have is declared. A line holds: districts spoilt; rates compared, and how many intervals did not hold the true rate; outcomes called certain, and how
many were otherwise in truth; the mean width of the intervals; and the same without what was not read and what is declared, as the rows alone
would have it.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterable
from pathlib import Path

from graphkit import generate_district
from graphkit.data.checks import quarantine_problems
from graphkit.data.tables import Tables
from graphkit.model.kinds import MODEL
from graphkit.queries.twins.frames import as_recorded
from tests.random_tables import make_random_tables
from tests.spoiling import READABLE, WAYS, Kept, ask, compare, declare, spoil, spoil_cells

SHARES = (0.05, 0.1, 0.3)


def districts(number: int) -> Iterable[Tables]:
    """Made-up districts of two villages, and dense random ones of a few dozen nodes, in turn."""
    for seed in range(number):
        true = quarantine_problems(make_random_tables(seed) if seed % 2 else generate_district(villages=2, seed=seed))
        yield Tables(dict(true), completeness=declare(true))


def tell(name: str, kept: list[Kept]) -> str:
    """One way of answering, in a line."""
    rates, outside = sum(k.rates for k in kept), sum(len(k.outside) for k in kept)
    certain, wrong = sum(k.certain for k in kept), sum(len(k.wrong) for k in kept)
    width = sum(k.width for k in kept) / len(kept)
    return f"| {name} | {len(kept)} | {rates:,} | {outside:,} | {certain:,} | {wrong:,} | {width:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--districts", type=int, default=3)
    asked = parser.parse_args()
    found: dict[tuple[str, float], list[tuple[Kept, Kept]]] = {}
    for number, true in enumerate(districts(asked.districts)):
        truth = ask(true)
        found.setdefault(("nothing", 0.0), []).append((compare(truth, truth), compare(truth, ask(as_recorded(true)))))
        for kind in MODEL.kinds:
            for way in WAYS:
                share = SHARES[(number + MODEL.kinds.index(kind)) % len(SHARES)]
                spoilt = spoil(true, kind.table, way, share, random.Random(f"{number}{kind.table}{way}"))
                both = compare(truth, ask(spoilt)), compare(truth, ask(as_recorded(spoilt)))
                found.setdefault((way, share), []).append(both)
        for place, (kind, column) in enumerate(READABLE):
            share = SHARES[(number + place) % len(SHARES)]
            with tempfile.TemporaryDirectory() as folder:
                spoilt = spoil_cells(true, kind, column, share, random.Random(f"{number}{place}"), Path(folder) / "csv")
            both = compare(truth, ask(spoilt)), compare(truth, ask(as_recorded(spoilt)))
            found.setdefault(("cells unreadable", share), []).append(both)
    print("| spoilt | districts | rates | outside | called certain | otherwise in truth | mean width |\n|--|--|--|--|--|--|--|")
    for (way, share), both in sorted(found.items(), key=lambda one: (one[0][0] != "nothing", one[0])):
        print(tell(f"{way}, {share:.0%}", [kept for kept, _ in both]))
        print(tell(f"{way}, {share:.0%}, rows alone", [alone for _, alone in both]))


if __name__ == "__main__":
    main()
