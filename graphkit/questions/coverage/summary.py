"""How far each rule is met: counts, and the rate as exact bounds over all that the unknown could be."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graphkit.errors import ParameterError
from graphkit.questions.coverage.columns import CASCADES, SUMMARY
from graphkit.questions.finding import Finding
from graphkit.words import Text


def summarise_coverage(finding: Finding) -> pd.DataFrame:
    """Of how many does each rule ask something, how many meet it, and what is the rate?

    Parameters
    ----------
    finding : Finding
        Of `find_coverage_gaps`.

    Returns
    -------
    DataFrame
        One row a rule in force, in the order of the pack by kind: rule, subject_kind, then in subjects: asked (for certain), met, open (for
        certain), unknown (whether it is asked, or how it comes out), not_asked (for certain); met + open + unknown + not_asked are all
        subjects of the kind, and asked is met + open + those that are asked for certain with an unknown outcome. rate_low, rate_high (0 to 1)
        are the lowest and the highest that met / asked could be, each of which some completion of the unknown attains, where what is unknown
        of one subject does not hang on another's; missing where nobody can be asked. Rows that are declared and missing, and rows set aside of
        which an end is not known, may be of anybody, but are only so many: the bounds keep to their number (`bounds.bound_rate`).

    Raises
    ------
    ParameterError
        If the finding answers another question.

    Notes
    -----
    The lowest rate takes each subject as open if it may be, else as not asked if it may be, else as met; the highest as met if it may be, else
    as not asked if it may be, else as open.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from graphkit.data.tables import Tables
    >>> from graphkit.questions.coverage.find import find_coverage_gaps
    >>> tables = Tables({"Household": pa.table({"id": ["h1", "h2"], "is_poor": [True, None]})})
    >>> rates = summarise_coverage(find_coverage_gaps(tables)).set_index("rule").loc["acheng-2010.s51"]
    >>> int(rates["open"]), int(rates["unknown"]), float(rates["rate_low"]), float(rates["rate_high"])
    (1, 1, 0.0, 0.0)
    """
    if finding.question != "find_coverage_gaps":
        raise ParameterError(
            Text(f"须是 find_coverage_gaps 的回答，而不是 {finding.question} 的", f"takes a finding of find_coverage_gaps, not of {finding.question}")
        )
    rows = finding.rows
    kinds, subjects = finding.provenance["kinds"], finding.provenance["subjects"]
    counts = rows.groupby(["rule", "asked", "outcome"], observed=True).size()
    known = {key: int(count) for key, count in counts.items()}
    bounds = finding.provenance.get("bounds", {})
    found = [_summarise(rule, kinds[rule], int(subjects[rule]), known) for rule in subjects]
    for line in found:
        if line["rule"] in bounds:
            line["rate_low"], line["rate_high"] = (np.nan if rate is None else rate for rate in bounds[line["rule"]])
    return pd.DataFrame(found, columns=list(SUMMARY))


def list_cascades(finding: Finding) -> pd.DataFrame:
    """Of those who meet one rule, how many meet the rule that builds on it, step by step?

    Parameters
    ----------
    finding : Finding
        Of `find_coverage_gaps`.

    Returns
    -------
    DataFrame
        A row a step of each chain of rules that build on one another, in the order of the pack: cascade, the rule with which it begins; step,
        from 1; rule; then of that rule, in subjects, asked (for certain), met, open, unknown, and its rate_low and rate_high (0 to 1; missing
        where nobody can be asked), as in `summarise_coverage`. From the second step on whoever meets the step before is asked, if the rule adds
        no condition of its own. Where two rules build on one, each has a chain. No rows where no rule builds on another.

    Raises
    ------
    ParameterError
        If the finding answers another question.

    Notes
    -----
    Each rate is that of the rule of its step, never of the whole chain: that no rule asks for. Steps of coverage, from available to effective:
    Tanahashi (1978), Bulletin of the World Health Organization 56(2), 295–303.

    Examples
    --------
    >>> import datetime as dt
    >>> import pyarrow as pa
    >>> from graphkit.data.tables import Tables
    >>> from graphkit.questions.coverage.find import find_coverage_gaps
    >>> tables = Tables({
    ...     "Household": pa.table({"id": ["h1", "h2"], "is_poor": [True, True]}), "Member": pa.table({"id": ["m1"]}),
    ...     "Member HELPS Household": pa.table({"member_id": ["m1"], "household_id": ["h1"], "last_visit_on": [dt.date(2026, 6, 1)]}),
    ... })
    >>> steps = list_cascades(find_coverage_gaps(tables, rules="extension", as_of=dt.date(2026, 6, 30)))
    >>> steps.loc[steps["rule"].isin(["extension.advised", "extension.visited"]), ["step", "rule", "asked", "met"]].values.tolist()
    [[1, 'extension.advised', 2, 1], [2, 'extension.visited', 1, 1]]
    """
    lines = {line["rule"]: line for line in summarise_coverage(finding).to_dict("records")}
    found = [
        {**lines[rule], "cascade": chain[0], "step": step} for chain in chains_of(finding) for step, rule in enumerate(chain, 1)
    ]  # fmt: skip
    return pd.DataFrame(found, columns=list(CASCADES))


def chains_of(finding: Finding) -> list[list[str]]:
    """Names of rules that build on one another, from the first to the last of each chain, in the order of the pack."""
    on = {rule: base for rule, base in finding.provenance.get("builds_on", {}).items() if base in finding.provenance["subjects"]}
    chains = []
    for last in finding.provenance["subjects"]:
        if last in on and last not in on.values():
            chain = [last]
            while chain[0] in on:
                chain.insert(0, on[chain[0]])
            chains.append(chain)
    return chains


def _summarise(rule: str, kind: str, subjects: int, known: dict[object, int]) -> dict[str, object]:
    count = {(asked, outcome): known.get((rule, asked, outcome), 0) for asked in ("yes", "unknown") for outcome in ("met", "open", "unknown")}
    met, open_ = count["yes", "met"], count["yes", "open"]
    total = sum(count.values())
    low, high = rate_bounds(count)
    return {
        "rule": rule, "subject_kind": kind, "asked": met + open_ + count["yes", "unknown"], "met": met, "open": open_,
        "unknown": total - met - open_, "not_asked": subjects - total, "rate_low": low, "rate_high": high,
    }  # fmt: skip


def rate_bounds(count: dict[tuple[str, str], int]) -> tuple[float, float]:
    """Return the lowest and the highest met / asked, from how many subjects are asked (yes, unknown) with which outcome (met, open, unknown).

    Examples
    --------
    >>> none = {(asked, outcome): 0 for asked in ("yes", "unknown") for outcome in ("met", "open", "unknown")}
    >>> rate_bounds({**none, ("yes", "met"): 3, ("unknown", "open"): 1})
    (0.75, 1.0)
    """
    may_open = count["yes", "open"] + count["yes", "unknown"] + count["unknown", "open"] + count["unknown", "unknown"]
    may_meet = count["yes", "met"] + count["yes", "unknown"] + count["unknown", "met"] + count["unknown", "unknown"]
    must_meet, must_open = count["yes", "met"], count["yes", "open"]
    low = must_meet / (must_meet + may_open) if must_meet + may_open else 1.0 if may_meet else np.nan
    high = may_meet / (may_meet + must_open) if may_meet + must_open else 0.0 if may_open else np.nan
    return low, high
