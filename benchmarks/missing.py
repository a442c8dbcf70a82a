"""How often the intervals of `estimate_ranks` hold: districts are made up, lose ties, and are ranked from what is left.

    python benchmarks/missing.py                     # the table in docs/chance.md
    python benchmarks/missing.py --districts 3 --draws 50

A line holds, for one measure, one kind of district and one rate of missing ties: the share of 90 % intervals that hold
the true rank, among the ten and the fifty that stand first in what is left, among all whom the measure tells apart
from the last, and among all; how wide the interval of the first ten is at the median; how often those that were the
first ten in truth are held; and of those with a probability between a quarter and three quarters of being among the
first ten, how many are.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from graphkit import Network, estimate_ranks, generate_acheng, generate_district, score_betweenness, score_participation
from graphkit.network.filling import lose_ties, read_rates
from graphkit.network.holding import keep_holding
from graphkit.network.missing import rank_largest_first
from graphkit.questions.bridges.sureness import measure_joined

RATES = (0.05, 0.15, 0.3)


def people_of(net: Network, scores: pd.Series) -> pd.Series:
    return scores[net.mask("Member")]


def betweenness(net: Network) -> pd.Series:
    people = net.project_people()
    return people_of(people, score_betweenness(people))


def contacts(net: Network) -> pd.Series:
    people = net.project_people()
    return people_of(people, pd.Series(people.degrees.astype(float), index=people.ids))


def participation(net: Network) -> pd.Series:
    people = net.project_people()
    return people_of(people, score_participation(people, group="village"))


def joined(net: Network) -> pd.Series:
    """What ranks bridge figures: pairs joined, on the ties that hold."""
    return measure_joined(keep_holding(net))["joined"]


DISTRICTS = {"acheng": lambda seed: generate_acheng(seed=seed), "12 villages": lambda seed: generate_district(villages=12, seed=seed)}
MEASURES = {"rank of bridges": joined, "betweenness": betweenness, "contacts": contacts, "participation": participation}


def rehearse(measure, tables, rate: float, *, draws: int, seed: int) -> pd.DataFrame:
    """One district, one loss: whose interval holds."""
    true = Network.from_tables(tables)
    start = rank_largest_first(measure(true))
    end = start + np.bincount(start)[start] - 1
    left = lose_ties(true, read_rates(true, rate), np.random.default_rng([seed, 1]))
    ranks = estimate_ranks(left, measure, missing=rate, draws=draws, seed=seed)
    return ranks.assign(holds=(ranks["rank_low"] <= end) & (start <= ranks["rank_high"]), true=start)


def summarise(rows: pd.DataFrame) -> dict[str, float]:
    ten, last = rows["rank"] <= 10, rows.groupby("district")["rank"].transform("max")
    even = rows["p_first"].between(0.25, 0.75)
    return {
        "first 10": rows.loc[ten, "holds"].mean(),
        "first 50": rows.loc[rows["rank"] <= 50, "holds"].mean(),
        "told apart": rows.loc[rows["rank"] < last, "holds"].mean(),
        "all": rows["holds"].mean(),
        "width": (rows["rank_high"] - rows["rank_low"])[ten].median(),
        "true 10": rows.loc[rows["true"] <= 10, "holds"].mean(),
        "p between": rows.loc[even, "p_first"].mean(),
        "are first": (rows.loc[even, "true"] <= 10).mean(),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--districts", type=int, default=20)
    options.add_argument("--draws", type=int, default=100)
    options.add_argument("--measures", nargs="+", choices=MEASURES, default=list(MEASURES))
    chosen = options.parse_args()
    for name, make in DISTRICTS.items():
        for word, measure in ((word, MEASURES[word]) for word in chosen.measures):
            for rate in RATES:
                made = [
                    rehearse(measure, make(1_000 + seed), rate, draws=chosen.draws, seed=seed).assign(district=seed)
                    for seed in range(chosen.districts)
                ]
                figures = summarise(pd.concat(made))
                print(f"{name:<12} {word:<15} {rate:>5.0%}  " + "  ".join(f"{key} {value:.3g}" for key, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
