"""Which bodies to form: the fewest with which every open rule is met, or those with which most households are reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.questions.coverage.find import account_for
from graphkit.questions.finding import Finding, pair_up
from graphkit.questions.plans.apply import today
from graphkit.questions.plans.columns import COLUMNS, COVERING, MAXIMAL
from graphkit.questions.plans.covering import Chosen, Covering, cover_all, cover_most
from graphkit.questions.plans.greedy import UNMET
from graphkit.questions.plans.near import Near, find_places, model_units
from graphkit.questions.plans.rows import HOMES, list_acts, make_rows
from graphkit.questions.plans.shown import draw_plan, tell_caveats
from graphkit.questions.plans.units import KINDS, Ground, survey
from graphkit.rules.pack import RulePack
from graphkit.rules.reader import read_rule_pack
from graphkit.words import Text

Weight = Literal["households", "people"]


def select_covering_set(
    tables: Tables,
    *,
    rules: str | Path | RulePack = "acheng-2010",
    as_of: dt.date | None = None,
    near: Near = "township",
    most_units: int | None = None,
    seconds: float = 60.0,
    most_ways: int = 10,
) -> Finding:
    r"""Which fewest new bodies would meet every rule on bodies that is open?

    A unit is a village or co-operative of which a rule on bodies is certainly open. What would settle it is tried on the rules themselves: the
    counts with one more body, judged again. A way settles a unit if every such rule is then met for certain, no other rule opens, and no flag is
    raised (a joint body for a unit with enough members of its own is therefore none). Then the number of bodies and liaisons is minimised:

    .. math:: \min \sum_j y_j + \sum_i a_i, \quad \sum_j x_{ij} + a_i = 1, \quad x_{ij} \le y_j, \quad 2 y_j \le \sum_i x_{ij} \le U y_j,
              \quad \sum_i m_i x_{ij} \ge M y_j

    where :math:`y_j` is a joint body, :math:`x_{ij}` says that it serves unit i, :math:`a_i` that i gets a body, group or liaison of its own;
    U is the number of units that a joint body may have, M the full members that a body needs (a person in several units counts once). Of plans
    with as few, the one whose joint bodies mix villages and trades least.

    Parameters
    ----------
    tables : Tables
        The district.
    rules : str, Path or RulePack
        The rules; U, M and the greatest size of a body are what they say. Where they do not say U, it is five.
    as_of : date, optional
        Day the plan speaks of, on which its bodies begin; today if not given.
    near : {"township", "village", "trade", "township_or_trade"} or pairs of ids
        Units share a body if every two of them are so near: in one township or village, of one trade, or among the pairs given, such as those
        within a distance, or so many steps, of each other.
    most_units : int, optional
        U where the rules do not say it, or less than they say; at least 2.
    seconds : float
        Time for the solver, above 0; what is not proven by then is said with its gap, and without any answer by then the plan is a greedy one.
    most_ways : int
        Plans as good are counted up to this; at least 1.

    Returns
    -------
    Finding
        A row for each body to form, each liaison to appoint, and each unit that nothing can be done for, as `COLUMNS` of the plan declare.
        ``provenance`` has ``bodies``, ``bound``, ``gap``, ``proven``, ``ways`` and ``all_ways_counted``.
        Bodies that exist are kept as they are; a unit that is in no trouble is not touched.

    Raises
    ------
    ParameterError
        If a parameter is out of range, no such pack is shipped, or scipy is not installed.
    ModelError, SourceError
        If a pack contradicts itself or cannot be read.

    Examples
    --------
    >>> import pyarrow as pa
    >>> tables = Tables({
    ...     "Cooperative": pa.table({"id": ["c1"], "name": ["稻米协会"], "scope": ["village"]}),
    ...     "Member": pa.table({"id": ["m1", "m2", "m3"], "stage": ["full"] * 3}),
    ...     "Member WORKS_IN Cooperative": pa.table({"member_id": ["m1", "m2", "m3"], "cooperative_id": ["c1"] * 3}),
    ... })
    >>> plan = select_covering_set(tables, as_of=dt.date(2012, 4, 30))
    >>> plan.rows[["act", "units", "full_members"]].to_dict("records"), plan.provenance["gap"]
    ([{'act': 'own', 'units': ['c1'], 'full_members': 3}], 0.0)

    References
    ----------
    Toregas, Swain, ReVelle & Bergman 1971, Operations Research 19(6), 1363-1373 (the location set covering problem).
    """
    _need("seconds", seconds, 0.0)
    _need("most_ways", most_ways, 1)

    def choose(_ground: Ground, model: Covering) -> Chosen:
        return cover_all(model, seconds=seconds, most_ways=most_ways)

    return _plan(tables, _Asked("select_covering_set", COVERING, rules, as_of, near, most_units, {}), choose)


def select_maximal_coverage(
    tables: Tables,
    bodies: int,
    *,
    weight: Weight = "households",
    rules: str | Path | RulePack = "acheng-2010",
    as_of: dt.date | None = None,
    near: Near = "township",
    most_units: int | None = None,
    seconds: float = 60.0,
    most_ways: int = 10,
) -> Finding:
    """With so many new bodies, which reach most households, or people?

    As `select_covering_set`, but the number of bodies and liaisons is given, and what is to be as great as can be is the number of distinct
    households (or people in them) in units where every rule on bodies is then met; of plans that reach as many, one with fewest bodies.

    Parameters
    ----------
    tables : Tables
        The district.
    bodies : int
        New bodies and liaisons at most; at least 0.
    weight : {"households", "people"}
        What is counted. A household counts once, with any one of its units; one whose people are unknown counts 0 people, and the caveats say
        how many there are.
    rules, as_of, near, most_units, seconds, most_ways
        As for `select_covering_set`.

    Returns
    -------
    Finding
        As of `select_covering_set`, without the units that are left open; ``provenance`` has ``reached`` and ``of``, its greatest value.

    Raises
    ------
    ParameterError, ModelError, SourceError
        As for `select_covering_set`.

    Examples
    --------
    >>> import pyarrow as pa
    >>> tables = Tables({
    ...     "Cooperative": pa.table({"id": ["c1", "c2"], "scope": ["village"] * 2}),
    ...     "Member": pa.table({"id": [f"m{n}" for n in range(6)], "stage": ["full"] * 6}),
    ...     "Member WORKS_IN Cooperative": pa.table({"member_id": [f"m{n}" for n in range(6)], "cooperative_id": ["c1", "c2"] * 3}),
    ...     "Household": pa.table({"id": ["h1", "h2", "h3"]}),
    ...     "Household JOINED Cooperative": pa.table({"household_id": ["h1", "h2", "h3"], "cooperative_id": ["c1", "c2", "c2"]}),
    ... })
    >>> plan = select_maximal_coverage(tables, 1, as_of=dt.date(2012, 4, 30))
    >>> plan.rows["units"].tolist(), plan.provenance["reached"], plan.provenance["of"]
    ([['c2']], 2.0, 3.0)

    References
    ----------
    Church & ReVelle 1974, Papers of the Regional Science Association 32(1), 101-118 (the maximal covering location problem).
    """
    _need("bodies", bodies, 0)
    _need("seconds", seconds, 0.0)
    _need("most_ways", most_ways, 1)
    if weight not in ("households", "people"):
        raise ParameterError(Text(f"weight 须是 households 或 people，而不是 {weight!r}", f"weight is households or people, not {weight!r}"))

    def choose(ground: Ground, model: Covering) -> Chosen:
        groups = group_households(ground, weight)
        return cover_most(model, bodies, list(groups.values()), [list(units) for units in groups], seconds=seconds, most_ways=most_ways)

    asked = {"bodies": bodies, "weight": weight}
    return _plan(tables, _Asked("select_maximal_coverage", MAXIMAL, rules, as_of, near, most_units, asked), choose)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a plan is asked for, beside the district."""

    question: str
    title: Text
    rules: str | Path | RulePack
    as_of: dt.date | None
    near: Near
    most_units: int | None
    others: Mapping[str, Any]

    def parameters(self) -> dict[str, Any]:
        """As they stand in the answer."""
        return {**self.others, "near": self.near if isinstance(self.near, str) else "pairs", "most_units": self.most_units}


def _plan(tables: Tables, asked: _Asked, choose: Callable[[Ground, Covering], Chosen]) -> Finding:
    if asked.most_units is not None:
        _need("most_units", asked.most_units, 2)
    pack = asked.rules if isinstance(asked.rules, RulePack) else read_rule_pack(asked.rules)
    name, parameters = asked.question, asked.parameters()
    ground = survey(tables, pack, today() if asked.as_of is None else asked.as_of, asked.most_units)
    places = find_places(ground.tables, ground.units)
    chosen = choose(ground, model_units(ground, asked.near, places))
    rows = make_rows(ground, list_acts(ground, chosen, all_units=name == "select_covering_set"), places)
    told = {"bodies": int((rows["act"] != "none").sum()), "bound": float(chosen.bound), "gap": float(chosen.gap), "proven": chosen.proven, "ways": chosen.ways, "all_ways_counted": chosen.ways_end,
            "open": len(ground.units), "left": int((chosen.site_of == UNMET).sum())}  # fmt: skip
    if name == "select_maximal_coverage":
        told |= {"reached": float(chosen.aim), "of": float(sum(group_households(ground, parameters["weight"]).values()))}
    stages = sorted({stage for part in ("full", "probationary") for stage in pack.members[part]})
    account = account_for(KINDS, tables, ground.tables, ground.day)
    return Finding(
        name, asked.title, rows, COLUMNS, {"rules": pack.id, **parameters}, tuple(rule.name for rule in ground.rules), (*tell_caveats(name, told, parameters, ground), *account),
        {"dataset": tables.dataset, "stages": stages, **told, "account": pair_up(account)}, ground.day, "name", "act", draw_plan,
    )  # fmt: skip


def group_households(ground: Ground, weight: Weight) -> dict[tuple[int, ...], float]:
    """Return how many households, or people, there are in each set of open units, but not those of a unit that is in no trouble."""
    at = {(unit.kind, unit.id): n for n, unit in enumerate(ground.units)}
    units: dict[str, set[int]] = {}
    for kind, (table, key) in HOMES.items():
        for home, unit in zip(ground.tables[table]["household_id"].to_pylist(), ground.tables[table][key].to_pylist(), strict=True):
            if (kind, unit) in at:
                units.setdefault(home, set()).add(at[kind, unit])
    homes = ground.tables["Household"]
    people = dict(zip(homes["id"].to_pylist(), homes["people"].to_pylist(), strict=True))
    found: dict[tuple[int, ...], float] = {}
    for home, there in units.items():
        group = tuple(sorted(there))
        found[group] = found.get(group, 0.0) + (1.0 if weight == "households" else float(people.get(home) or 0))
    return dict(sorted(found.items()))


def _need(name: str, value: object, least: float) -> None:
    """Refuse what is no number, or too small."""
    whole = isinstance(least, int)
    good = isinstance(value, int | np.integer) if whole else isinstance(value, int | float | np.number)
    if isinstance(value, bool) or not good or not value >= least:  # type: ignore[operator]
        kind = Text("整数", "whole number") if whole else Text("数", "number")
        raise ParameterError(
            Text(f"{name} 须是不小于 {least} 的{kind.zh}，而不是 {value!r}", f"{name} is a {kind.en} of at least {least}, not {value!r}")
        )
