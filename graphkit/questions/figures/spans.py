"""Span: the numbers between two ends, exact; what a printed figure may stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers from `low` to `high`, none below zero; `high` is None where there is no end. An open end is not among them.

    Examples
    --------
    >>> Span(Fraction(1), Fraction(3), high_open=True).wholes()
    Span(low=Fraction(1, 1), high=Fraction(2, 1), low_open=False, high_open=False)
    """

    low: Fraction = ZERO
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        return self.high is not None and (self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)))

    @property
    def width(self) -> Fraction | None:
        """From end to end; None where there is no end."""
        return None if self.high is None else self.high - self.low

    def __contains__(self, value: Fraction) -> bool:
        below = value > self.low or (value == self.low and not self.low_open)
        return below and (self.high is None or value < self.high or (value == self.high and not self.high_open))

    def covers(self, other: Span) -> bool:
        """Whether every number of `other` lies in this one."""
        low = self.low < other.low or (self.low == other.low and (other.low_open or not self.low_open))
        if self.high is None or other.high is None:
            return low and self.high is None
        return low and (other.high < self.high or (other.high == self.high and (other.high_open or not self.high_open)))

    def meet(self, other: Span) -> Span:
        """The numbers that lie in both."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        ends = [(span.high, not span.high_open) for span in (self, other) if span.high is not None]
        if not ends:
            return Span(low, None, low_open)
        high, high_closed = min(ends)
        return Span(low, high, low_open, not high_closed)

    def wholes(self) -> Span:
        """From the first to the last whole number in it, both ends among them."""
        low = Fraction(math.floor(self.low) + 1 if self.low_open else math.ceil(self.low))
        if self.high is None:
            return Span(low)
        return Span(low, Fraction(math.ceil(self.high) - 1 if self.high_open else math.floor(self.high)))

    def plus(self, other: Span) -> Span:
        """The sums of a number in this and one in `other`."""
        high = None if self.high is None or other.high is None else self.high + other.high
        return Span(self.low + other.low, high, self.low_open or other.low_open, self.high_open or other.high_open)

    def times(self, other: Span) -> Span:
        """The products of a number in this and one in `other`."""
        high = None if self.high is None or other.high is None else self.high * other.high
        low_open = not any(span.low == 0 and not span.low_open for span in (self, other)) and (self.low_open or other.low_open)
        return Span(self.low * other.low, high, low_open, self.high_open or other.high_open)

    def over(self, other: Span) -> Span:
        """The numbers that, times one in `other`, give one in this; where nought times any of them will do, every number."""
        if ZERO in self and ZERO in other:
            return Span()
        if self.high == 0 or other.high == 0:  # then nought is wanted and cannot be had, or the other way round
            return Span(ZERO, ZERO) if ZERO in self else Span(ZERO, ZERO, low_open=True)
        low = self.low / other.high if other.high else ZERO
        low_open = self.low_open if self.low == 0 else self.low_open or other.high_open or other.high is None
        if self.high is None or other.low == 0:
            return Span(low, None, low_open)
        return Span(low, self.high / other.low, low_open, self.high_open or other.low_open)

    def nearest(self, value: Fraction) -> Fraction:
        """The whole number in a span of `wholes` that lies nearest to `value`."""
        within = max(self.low, Fraction(math.floor(value + Fraction(1, 2))))
        return within if self.high is None else min(within, self.high)


def point(value: Fraction | int) -> Span:
    """The span of one number."""
    return Span(Fraction(value), Fraction(value))


def simplest(span: Span) -> Fraction:
    """The fraction with the smallest denominator in a span that is not empty (a walk down the Stern–Brocot tree).

    Examples
    --------
    >>> simplest(Span(Fraction(8685, 10000), Fraction(8695, 10000)))
    Fraction(53, 61)
    """
    first = span.wholes()
    if not first.is_empty:
        return first.low
    floor = math.floor(span.low)
    assert span.high is not None  # a span without an end holds whole numbers  # noqa: S101
    above, below = span.high - floor, span.low - floor  # both within one step of the floor
    turned = Span(1 / above, 1 / below if below else None, span.high_open, span.low_open)
    return floor + 1 / simplest(turned)
