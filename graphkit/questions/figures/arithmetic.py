"""Arithmetic: can the figures of one claim be true together? Exact, in fractions; no float takes part.

A share, a mean and a product are one question: is there a part and a whole number of which it is the
rate? With the part not printed this is the GRIM test: of 17 people only 0/17, 1/17 … 17/17 can be a rate.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from graphkit.questions.figures.reading import Figure
from graphkit.questions.figures.spans import Span, point, simplest

Verdict = Literal["holds", "impossible", "doubtful", "unchecked"]
Pair = tuple[Fraction, Fraction]

MOST_TRIES = 100_000  # of parts or wholes, where both are ranges
MOST_WHOLES = 2_000  # in a range whose nearest possible values are looked for

_COUNTS = Span(Fraction(1))
_SHARES = Span(Fraction(0), Fraction(1))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the arithmetic comes to.

    Attributes
    ----------
    verdict : {"holds", "impossible", "doubtful", "unchecked"}
    case : str
        Which of the reasons in `graphkit.questions.figures.words` says why.
    certain : bool
        Whether every number that the words allow gives this verdict.
    computed : Span or None
        What the figures come to, in the loose reading.
    value : Fraction or None
        What they come to if the words around the numbers are left away.
    fit : pair or None
        A part and a whole that agree with all figures, in the widest reading needed.
    below, above : pair or None
        The possible rates nearest to the printed one, as part and whole.
    base, base_cut : pair or None
        The smallest whole of which the printed rate is possible, with its part: if rounded, and if the rate was cut off.
    """

    verdict: Verdict
    case: str
    certain: bool = False
    computed: Span | None = None
    value: Fraction | None = None
    fit: Pair | None = None
    below: Pair | None = None
    above: Pair | None = None
    base: Pair | None = None
    base_cut: Pair | None = None


class TooManyTries(Exception):
    """Both the part and the whole are wide ranges, and the search was given up."""


def judge_rate(part: Figure | None, whole: Figure | None, rate: Figure | None, *, share: bool, counted: bool) -> Outcome:
    """Is `rate` what `part` divided by `whole` can come to? Two of the three are enough, of a share also the first two.

    Parameters
    ----------
    part, whole, rate : Figure or None
        As printed; None if not printed. A whole is a whole number of things, 1 or more.
    share : bool
        Whether the part is a part of the whole, so that no rate exceeds 1.
    counted : bool
        Whether the part is a whole number.
    """
    if whole and whole.loose.meet(_COUNTS).wholes().is_empty:
        return Outcome("unchecked", "no_whole")
    if part is None and not counted:
        return Outcome("unchecked", "not_integers")
    about = _compute(part, whole, share=share, counted=counted)
    if (rate is None and (not share or part is None or whole is None)) or (part is None and whole is None):
        return _add_remedies(about, part, whole, rate, share=share) if counted and rate else about
    rates = [rate.strict, rate.loose] if rate else [_SHARES, _SHARES]
    rates = [span.meet(_SHARES) for span in rates] if share else rates
    found = _decide(part, whole, rate, rates, about, counted=counted, least=1)
    if found.verdict == "holds" and part and whole:
        found = _settle(found, rates[0], _loose_quotient(part, whole, counted=counted), within=rate is None)
    return _add_remedies(found, part, whole, rate, share=share) if counted and rate and found.verdict != "holds" else found


def judge_product(count: Figure | None, each: Figure | None, total: Figure | None) -> Outcome:
    """Is `total` what `count` things of `each` can come to?"""
    about = Outcome("unchecked", "no_result" if count and each else "too_few")
    if count and each:
        about = replace(about, computed=count.loose.times(each.loose), value=count.value * each.value)
    if total is None or each is None:
        return about
    found = _decide(total, count, each, [each.strict, each.loose], about, counted=False, least=0)
    return _settle(found, total.strict, about.computed) if found.verdict == "holds" and about.computed else found


def judge_sum(terms: Figure, total: Figure | None) -> Outcome:
    """Do the terms add up to the total?"""
    about = Outcome("unchecked", "no_result", computed=terms.loose, value=terms.value)
    if total is None:
        return about
    if not terms.strict.meet(total.strict).is_empty:
        certain = total.strict.covers(terms.loose)
        return replace(about, verdict="holds", case="recomputed" if certain else "possible", certain=certain)
    if not terms.loose.meet(total.loose).is_empty:
        return replace(about, verdict="doubtful", case=_loose_case(terms, total))
    return replace(about, verdict="impossible", case="not_equal", certain=True)


def find_fit(part: Span, whole: Span, rate: Span, *, counted: bool, near: Pair | None = None) -> Pair | None:
    """Find a part and a whole number of which `rate` is the quotient; None if there are none.

    `near` is the pair to prefer.

    Raises
    ------
    TooManyTries
        If both are ranges so wide that not every number of the shorter one can be tried.
    """
    parts = part.wholes() if counted else part
    wholes = parts.over(rate).meet(whole).wholes()
    if parts.is_empty or rate.is_empty or wholes.is_empty:
        return None
    if not counted or parts.low == parts.high:
        chosen = wholes.nearest(near[1] if near else wholes.low)
        return _number_in(parts.meet(rate.times(point(chosen))), near[0] if near else None), chosen
    if _is_longer(wholes, parts):
        tries = ((value, parts_over.low) for value in _numbers(parts) if not (parts_over := point(value).over(rate).meet(wholes).wholes()).is_empty)
    else:
        tries = ((fits.low, value) for value in _numbers(wholes) if not (fits := rate.times(point(value)).meet(parts).wholes()).is_empty)
    return next(tries, None)


def smallest_base(rate: Span) -> Pair | None:
    """Find the smallest whole of which `rate` is possible, with its part.

    Examples
    --------
    >>> smallest_base(Span(Fraction(8685, 10000), Fraction(8695, 10000), high_open=True))
    (Fraction(53, 1), Fraction(61, 1))
    """
    if rate.is_empty:
        return None
    found = simplest(rate)
    return Fraction(found.numerator), Fraction(found.denominator)


def _compute(part: Figure | None, whole: Figure | None, *, share: bool, counted: bool) -> Outcome:
    """What the two come to, before the printed rate is looked at."""
    if part is None or whole is None:
        return Outcome("unchecked", "too_few")
    computed = _loose_quotient(part, whole, counted=counted)
    possible = computed.meet(_SHARES) if share else computed
    value = part.value / whole.value if whole.value else None
    return Outcome("unchecked", "no_result", computed=computed if possible.is_empty else possible, value=value)


def _decide(
    part: Figure | None, whole: Figure | None, rate: Figure | None, rates: list[Span], about: Outcome, *, counted: bool, least: int
) -> Outcome:
    """The verdict: holds if the strict readings allow it, doubtful if only the loose ones do, else impossible.

    `rates` are the two readings of the rate, `least` the smallest whole there may be.
    """
    near = (part.value, part.value / rate.value) if part and rate and rate.value else None
    try:
        strict, loose = (
            find_fit(_read(part, reading), _read(whole, reading).meet(Span(Fraction(least))), span, counted=counted, near=near)
            for reading, span in zip(("strict", "loose"), rates, strict=True)
        )
    except TooManyTries:
        return replace(about, verdict="unchecked", case="too_many")
    if strict is None and loose is None:
        return replace(about, verdict="impossible", case=_impossible_case(part, whole, rate), certain=True)
    if strict is None:
        return replace(about, verdict="doubtful", case=_loose_case(part, whole, rate), fit=loose)
    if (part is None or whole is None) and not _can_fail(part, whole, rates[0]):
        return replace(about, case="cannot_fail")
    return replace(about, verdict="holds", case="possible", fit=strict)


def _settle(found: Outcome, wanted: Span, given: Span, *, within: bool = False) -> Outcome:
    """Say of what holds whether it is certain: all that the figures may come to is then what is wanted."""
    certain = wanted.covers(given)
    cases = ("within", "possible_within") if within else ("recomputed", "possible")
    return replace(found, certain=certain, case=cases[0 if certain else 1])


def _loose_quotient(part: Figure, whole: Figure, *, counted: bool) -> Span:
    parts = part.loose.wholes() if counted else part.loose
    return parts.over(whole.loose.meet(_COUNTS).wholes())


def _read(figure: Figure | None, reading: str) -> Span:
    """A figure in one of its readings; one that is not printed may be any number."""
    span: Span = getattr(figure, reading) if figure else Span()
    return span


def _can_fail(part: Figure | None, whole: Figure | None, rate: Span) -> bool:
    """Whether some rate of this precision would have failed: where every one is possible, nothing was checked."""
    if rate.width is None:
        return False
    if whole is not None:
        most = whole.loose.wholes().high
        return most is not None and most * rate.width < 1
    if part is None or part.loose.high is None:
        return False
    wholes = point(part.loose.high).over(rate)
    return wholes.width is not None and wholes.width < 1


def _impossible_case(part: Figure | None, whole: Figure | None, rate: Figure | None) -> str:
    if rate is None:
        return "over_whole"
    if part is None:
        return "no_part"
    return "no_whole_gives" if whole is None else "not_equal"


def _loose_case(*figures: Figure | None) -> str:
    """Which reading the verdict hangs on: that of a word, or that of the last digit."""
    return "words" if any(figure.bounded for figure in figures if figure) else "cut_off"


def _add_remedies(found: Outcome, part: Figure | None, whole: Figure | None, rate: Figure, *, share: bool) -> Outcome:
    """The possible rates nearest to the printed one, and the smallest whole that could give it."""
    span = rate.strict.meet(_SHARES) if share else rate.strict
    if rate.bounded or span.is_empty:
        return found
    below, above = _nearest(part, whole, span, share=share) if whole else (None, None)
    base, cut = smallest_base(span), smallest_base(rate.loose.meet(_SHARES) if share else rate.loose)
    return replace(found, below=below, above=above, base=base, base_cut=cut if cut != base else None)


def _nearest(part: Figure | None, whole: Figure, rate: Span, *, share: bool) -> tuple[Pair | None, Pair | None]:
    """Find the possible rates next below and next above the printed one, over every whole in the range."""
    wholes = whole.loose.meet(_COUNTS).wholes()
    if wholes.high is None or wholes.high - wholes.low >= MOST_WHOLES:
        return None, None
    parts = (part.loose if part else Span()).wholes()
    lower = Span(Fraction(0), rate.low, high_open=not rate.low_open)
    upper = None if rate.high is None else Span(rate.high, Fraction(1) if share else None, low_open=not rate.high_open)
    below, above = [], []
    for count in map(Fraction, range(int(wholes.low), int(wholes.high) + 1)):
        fits = lower.times(point(count)).meet(parts).wholes()
        below += [] if fits.is_empty or fits.high is None else [(fits.high, count)]
        fits = upper.times(point(count)).meet(parts).wholes() if upper else Span(Fraction(1), Fraction(0))
        above += [] if fits.is_empty else [(fits.low, count)]
    return max(below, key=_quotient, default=None), min(above, key=_quotient, default=None)


def _quotient(pair: Pair) -> Fraction:
    return pair[0] / pair[1]


def _is_longer(one: Span, other: Span) -> bool:
    return one.high is None or (other.high is not None and one.high - one.low > other.high - other.low)


def _numbers(wholes: Span) -> Iterable[Fraction]:
    """The whole numbers of a span, as many as may be tried."""
    for tried, number in enumerate(itertools.count(int(wholes.low))):
        if wholes.high is not None and number > wholes.high:
            return
        if tried == MOST_TRIES:
            raise TooManyTries
        yield Fraction(number)


def _number_in(span: Span, preferred: Fraction | None) -> Fraction:
    """A number of a span that is not empty: the preferred one, else a whole one, else any."""
    if preferred is not None and preferred in span:
        return preferred
    wholes = span.wholes()
    if not wholes.is_empty:
        return wholes.low
    return span.low if span.high is None or span.low in span else (span.low + span.high) / 2
