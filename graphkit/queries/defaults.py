"""Defaults that queries take from a rule pack: what a query asks follows from the rules, not from a number written twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from graphkit.rules.pack import RulePack
from graphkit.rules.reader import read_rule_pack

if TYPE_CHECKING:
    from graphkit.queries.query import Query

PACK = "acheng-2010"
"""The pack whose numbers and bodies are the defaults of the queries about coverage."""


def default_of(place: str, pack: RulePack | None = None) -> int | str | list[str]:
    """Return what a pack says at `place`: ``"s16.threshold"``, ``"s16.in_force_from"``, ``"bodies.own"``; several word lists with a blank between.

    Examples
    --------
    >>> default_of("s12-15.threshold"), default_of("bodies.group bodies.post")
    (3, ['group', 'liaison_post'])
    """
    pack = read_rule_pack(PACK) if pack is None else pack
    if place.startswith("bodies."):
        return words_of(place, pack)
    name, _, key = place.rpartition(".")
    rule = pack.find_rule(name)
    if key == "in_force_from":
        return str(rule.in_force_from or "1900-01-01")
    return rule.numbers[key][-1].value


def words_of(place: str, pack: RulePack | None = None) -> list[str]:
    """Return the kinds of bodies that a pack names at `place`, as `default_of` takes it."""
    pack = read_rule_pack(PACK) if pack is None else pack
    return [kind for one in place.split() for kind in pack.bodies[one.removeprefix("bodies.")]]


def parameters_of(query: Query, pack: RulePack) -> dict[str, int | str | list[str]]:
    """Return the parameters with which `query` asks by `pack`: pass them to a store's ``query``.

    Examples
    --------
    >>> from graphkit.queries import load_query
    >>> by_four = read_rule_pack("acheng-2010").with_numbers({"s12-15.threshold": 4})
    >>> parameters_of(load_query("cooperative_due_branch"), by_four)["threshold"]
    4
    """
    return {parameter.name: default_of(parameter.pack_place, pack) for parameter in query.parameters if parameter.pack_place}


def pack_with(numbers: Mapping[str, int], bodies: Mapping[str, Sequence[str]] | None = None) -> RulePack:
    """Return the pack of the defaults with other numbers, by ``"<rule>.<number>"``, and other kinds of bodies."""
    pack = read_rule_pack(PACK)
    return replace(pack.with_numbers(numbers), bodies={**pack.bodies, **{name: tuple(kinds) for name, kinds in (bodies or {}).items()}})
