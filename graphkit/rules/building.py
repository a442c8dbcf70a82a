"""Rules that build on one another: what a pack may not say of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from graphkit.rules.facts import SUPERIOR
from graphkit.rules.pack import Rule, find_circle
from graphkit.rules.parsing import Place, Problems


def refuse_circle(rules: Sequence[Rule], problems: Problems) -> bool:
    """Note rules that build on one another in a circle; whether there were any."""
    circle = find_circle(rules)
    if circle:
        walk = " → ".join(name.rpartition(".")[2] for name in (*circle, circle[0]))
        problems.add(Place(), f"builds_on 绕成一圈：{walk}；请去掉其中一个", f"builds_on leads in a circle: {walk}; leave one out")
    return bool(circle)


def check_builds(own: Iterable[Rule], known: Mapping[str, Rule], problems: Problems) -> None:
    """Note every rule of a pack that builds on none of the rules there are, or on one on which it cannot."""
    for rule in own:
        if not rule.builds_on:
            continue
        here, base = Place(repr(rule.id)), known.get(rule.builds_on)
        if base is None:
            problems.add_unknown(
                here, "builds_on", rule.builds_on.removeprefix(f"{rule.pack}."), [name.removeprefix(f"{rule.pack}.") for name in known]
            )
        else:
            _check(here, rule, base, problems)


def _check(here: Place, rule: Rule, base: Rule, problems: Problems) -> None:
    if rule.applies_to != base.applies_to:
        problems.add(
            here, f"builds_on 所指的 {base.name} 说的是 {base.applies_to}，不是 {rule.applies_to}",
            f"builds on {base.name}, which speaks of {base.applies_to}, not of {rule.applies_to}",
        )  # fmt: skip
    if _first(rule) < _first(base) or _last(rule) > _last(base):
        problems.add(
            here, f"施行的日期超出 builds_on 所指的 {base.name}；请使它落在其中",
            f"is in force on days on which {base.name}, on which it builds, is not; let its days lie within",
        )  # fmt: skip
    speaks = any(clause.fact == SUPERIOR.name for condition in (*base.asked, *base.met) for clause in condition)
    if speaks and rule.superior and rule.superior != base.superior:
        problems.add(
            here, f"builds_on 所指的 {base.name} 问到它自己的上级，这里又写了另外的 superior；请删去",
            f"builds on {base.name}, which asks of a superior of its own, and names another; leave superior out",
        )  # fmt: skip


def _first(rule: Rule) -> dt.date:
    return rule.in_force_from or dt.date.min


def _last(rule: Rule) -> dt.date:
    return rule.in_force_until or dt.date.max
