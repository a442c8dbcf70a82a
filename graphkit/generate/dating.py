"""The days on which those on the way into the Party applied and went on, drawn after all else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from graphkit.generate.ledger import AS_OF, CAMPAIGN, Ledger

_BROUGHT_ON = dt.timedelta(days=365)  # nobody is made a candidate in the first year as an activist
_MONTH = dt.timedelta(days=30)
_AFTER = {"activist_on": _MONTH, "candidate_on": _MONTH + _BROUGHT_ON}
"""How long after the campaign began each day may be, at the earliest."""
_UNDATED = 15  # of so many activists one has no day on record


def date_admission(ledger: Ledger) -> None:
    """Date the application and the later stages of whoever is on the way, each step in its order and none after the day of the district.

    Of those admitted since 2010 only whoever was admitted late enough to have gone the whole way since then is dated: of the others the register
    says the admission alone, and they may have applied before, which the article leaves open.
    """
    activists = 0
    for person in ledger.rows["Member"]:
        match person["stage"]:
            case "applicant":
                person["applied_on"] = ledger.day(CAMPAIGN, AS_OF - dt.timedelta(days=10))
            case "activist":
                activists += 1
                _step(ledger, person, ("applied_on", "activist_on"), AS_OF)
                person["activist_on"] = person["activist_on"] if activists % _UNDATED else None
            case "candidate":
                _step(ledger, person, ("applied_on", "activist_on", "candidate_on"), AS_OF)
            case "probationary" | "full" if person["admitted_on"] >= CAMPAIGN + _AFTER["candidate_on"] + 3 * _MONTH:
                _step(ledger, person, ("applied_on", "activist_on", "candidate_on"), person["admitted_on"] - _MONTH)


def _step(ledger: Ledger, person: dict[str, Any], dates: tuple[str, ...], last: dt.date) -> None:
    """Draw the days from the last one back: a month at least between two, a year before somebody is a candidate."""
    for name in reversed(dates[1:]):
        person[name] = ledger.day(CAMPAIGN + _AFTER[name] + _MONTH, last)
        last = person[name] - (_BROUGHT_ON if name == "candidate_on" else _MONTH)
    person[dates[0]] = ledger.day(CAMPAIGN, last)
