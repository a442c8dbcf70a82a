"""Facts of which less is known than is on record: their lowest and highest, as far as rows that are not known could change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from graphkit.questions.coverage.loose import LOOSE, MANY
from graphkit.questions.coverage.room import UNDECLARED_THROUGH
from graphkit.rules.conditions import UNBOUNDED, Bools, Facts, Ints

Slack = Mapping[str, Ints]
Spans = Mapping[str, tuple[Ints, Ints]]
"""By group of facts: how many rows fewer, and how many more, each case may have."""


def spans_touched(slack: Slack, groups: Sequence[str], size: int) -> Spans:
    """What rows set aside, and periods not read, may change of whom they name."""
    return {name: (_of(slack, f"less_{name}", size), _of(slack, f"more_{name}", size)) for name in groups}


def spans_missing(slack: Slack, groups: Sequence[str], size: int, *, most: int = MANY) -> Spans:
    """What at most `most` missing rows may change of any subject."""
    found = {}
    for name in groups:
        turn = _of(slack, f"turn_{name}", size) * MANY
        found[name] = (turn, np.minimum(_of(slack, f"room_{name}", size), most) + turn)
    return found


def spans_undeclared(slack: Slack, groups: Sequence[str], size: int) -> Spans:
    """What rows of tables may change of which nobody says how many there should be."""
    found = {}
    for name in groups:
        open_ = _of(slack, f"open_{name}", size)
        found[name] = ((open_ == UNDECLARED_THROUGH) * MANY, (open_ > 0) * MANY)
    return found


def _of(slack: Slack, name: str, size: int) -> Ints:
    return slack.get(name, np.zeros(size, np.int64))


def widen(kind: str, facts: Facts, spans: Spans) -> Facts:
    """Return the facts with their lowest and highest so much further apart."""
    low, high, words = dict(facts.low), dict(facts.high), dict(facts.words)
    for loose in LOOSE[kind]:
        less, more = spans.get(loose.name, (None, None))
        if less is None or more is None or not (less.any() or more.any()):
            continue
        for name in loose.facts:
            if name in words:
                words[name] = _without(words[name], less + more > 0)
            elif name in low:
                low[name], high[name] = _apart(name, low[name], high[name], less, more)
    return Facts(facts.size, low, high, words)


def _apart(name: str, low: Ints, high: Ints, less: Ints, more: Ints) -> tuple[Ints, Ints]:
    if name == "days_without_visit":  # any row may be the one visited, or not visited, of late
        touched = less + more > 0
        return np.where(touched, 0, low), np.where(touched, UNBOUNDED, high)
    if name == "joint_units":
        return np.where(less > 0, 0, low), np.where(more > 0, UNBOUNDED, high)
    return np.maximum(low - less, 0), np.minimum(high + more, UNBOUNDED)


def forget_words(facts: Facts, where: Bools) -> Facts:
    """Return the facts without the words recorded of some cases."""
    return Facts(facts.size, facts.low, facts.high, {name: _without(values, where) for name, values in facts.words.items()})


def _without(values: NDArray[np.object_], where: Bools) -> NDArray[np.object_]:
    kept = values.copy()
    kept[where] = None
    return kept
