"""From chosen sites to rows that an office can act on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from graphkit.questions.plans.apply import people_in, together
from graphkit.questions.plans.columns import COLUMNS
from graphkit.questions.plans.covering import Chosen
from graphkit.questions.plans.greedy import ALONE
from graphkit.questions.plans.near import ALONE_WAYS, Places
from graphkit.questions.plans.units import Ground, Unit, Way
from graphkit.words import Text, join

HOMES = {"Village": ("Household LIVES_IN Village", "village_code"), "Cooperative": ("Household JOINED Cooperative", "cooperative_id")}


@dataclass(frozen=True, slots=True)
class Act:
    """Something to be done for units together."""

    way: str
    units: tuple[Unit, ...]
    how: Way = Way()


def list_acts(ground: Ground, chosen: Chosen, *, all_units: bool) -> list[Act]:
    """Return what is to be done, bodies first; with `all_units` also the units that nothing can be done for."""
    together: dict[int, list[Unit]] = {}
    acts: list[Act] = []
    for unit, site in zip(ground.units, chosen.site_of.tolist(), strict=True):
        if site >= 0:
            together.setdefault(site, []).append(unit)
        elif site == ALONE:
            way = next(way for way in ALONE_WAYS if way in unit.ways)
            acts.append(Act(way, (unit,), unit.ways[way]))
        elif all_units:
            acts.append(Act("none", (unit,)))
    acts += [Act("joint", tuple(units), units[0].ways["joint"]) for units in together.values()]
    order = {way: n for n, way in enumerate(("own", "joint", "group", "liaison", "none"))}
    return sorted(acts, key=lambda act: (order[act.way], act.units[0].kind, act.units[0].id))


def make_rows(ground: Ground, acts: Sequence[Act], places: Places) -> pd.DataFrame:
    """A row an act."""
    maker = _Maker(ground, places)
    rows = [maker.row(act) for act in acts]
    frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    for name in ("management", "superior_id", "superior_name", "body_kind", "name"):
        frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    for name in ("unit_count", "full_members", "party_members", "households"):
        frame[name] = frame[name].astype(np.int64)
    return frame


class _Maker:
    """Writes rows; knows names, households and who could be a liaison."""

    def __init__(self, ground: Ground, places: Places) -> None:
        self.ground, self.places = ground, places
        branches = ground.tables["Branch"]
        self.names = dict(zip(branches["id"].to_pylist(), branches["name"].to_pylist(), strict=True))
        self.kinds = {c.value: c.heading for p in ground.tables.model.node_type("Branch").properties if p.name == "kind" for c in p.choices}
        self.number, self.liaisons = 0, _Liaisons(ground)
        self.homes = {kind: _homes(ground, kind) for kind in HOMES}
        self.pack, members = ground.pack, ground.pack.members
        units = {kind: [unit.id for unit in ground.units if unit.kind == kind] for kind in HOMES}
        self.full = people_in(ground.tables, units, members["full"])
        self.party = people_in(ground.tables, units, [*members["full"], *members["probationary"]])

    def row(self, act: Act) -> dict[str, Any]:
        """One act as a row."""
        units, kind = [unit.id for unit in act.units], act.units[0].kind
        full = together(self.full, kind, units)
        party = together(self.party, kind, units)
        subject = self._subject(act)
        rules = tuple(dict.fromkeys(rule for unit in act.units for rule in unit.rules))
        reason, remedy = self._reason(act, len(full), rules), self._remedy(act)
        return {
            "subject_kind": subject[0], "subject_id": subject[1], "name": subject[2], "act": act.way if subject[1] else "none",
            "body_kind": self._body_kind(act), "unit_kind": kind, "units": units, "unit_names": _list_names(act.units),
            "unit_count": len(units), "full_members": len(full), "party_members": len(party),
            "households": len(set().union(*(self.homes[kind].get(unit, set()) for unit in units))),
            "rules": ";".join(rules) if act.way != "none" else None, "management": act.how.management if act.way != "liaison" else None,
            "superior_id": act.how.superior, "superior_name": self.names.get(act.how.superior),
            "reason_zh": reason.zh, "reason_en": reason.en, "remedy_zh": remedy.zh, "remedy_en": remedy.en,
        }  # fmt: skip

    def _body_kind(self, act: Act) -> str | None:
        return self.pack.bodies[act.way][0] if act.way in ("own", "joint", "group") else None

    def _subject(self, act: Act) -> tuple[str, str, str | None]:
        if act.way == "none":
            return act.units[0].kind, act.units[0].id, act.units[0].name
        if act.way == "liaison":
            return "Member", self.liaisons.appoint(self.places.townships.get(act.units[0].id, frozenset())), None
        self.number += 1
        while (name := f"plan-{self.number}") in self.ground.taken:
            self.number += 1
        first, word, many = act.units[0].name or act.units[0].id, self._word(act).zh, len(act.units)
        return "Branch", name, f"{first}等{many}个单位{word}" if many > 1 else f"{first}{word}"

    def _word(self, act: Act) -> Text:
        """What the body is called, by the pack and the model of the district."""
        return self.kinds[self.pack.bodies[act.way][0]]

    def _reason(self, act: Act, full: int, rules: Sequence[str]) -> Text:
        found = {rule.name: rule for rule in self.ground.rules}
        words = join([found[rule].open_word for rule in rules], Text("、", ", "))
        titles = join([found[rule].title for rule in rules], Text("、", ", "))
        people = Text(f"正式党员共{full}人", f"{full} full member{'' if full == 1 else 's'}" + (" together" if len(act.units) > 1 else ""))
        return Text(f"{words.zh}（{titles.zh}）；{people.zh}", f"{words.en} ({titles.en}); {people.en}")

    def _remedy(self, act: Act) -> Text:
        names, superior = _say_names(act.units), self._superior(act)
        if act.way in ("own", "joint", "group"):
            word, of = self._word(act), f" of {names.en}" if len(act.units) > 1 else ""
            return Text(f"{names.zh if of else ''}成立{word.zh}，{superior.zh}", f"form a {word.en}{of}, {superior.en}")
        if act.way == "liaison":
            return Text(f"指派此人为{names.zh}的党建联络指导员", f"appoint this member as liaison to {names.en}")
        near = Text("附近未落实的单位合起来，正式党员仍不够成立联合党支部；可与已落实的邻近单位联合，或先发展党员",
                    "with the open units nearby there are too few full members for a joint body: join with a neighbour that has one, or admit members first")  # fmt: skip
        other = Text("图中没有能使规则落实的办法，由组织部门确定", "nothing in the graph settles it; for the office to decide")
        return near if "joint" in act.units[0].ways else other

    def _superior(self, act: Act) -> Text:
        name = self.names.get(act.how.superior) or act.how.superior
        if name:
            return Text(f"隶属{name}", f"under {name}")
        return Text("上级由组织部门确定", "under a superior that the office names")


class _Liaisons:
    """Members who could be liaisons: full ones with an office in a committee of the township (S22), who have fewest already; then any."""

    def __init__(self, ground: Ground) -> None:
        tables, full = ground.tables, set(ground.pack.members["full"])
        members = {who for who, stage in zip(tables["Member"]["id"].to_pylist(), tables["Member"]["stage"].to_pylist(), strict=True) if stage in full}
        township = dict(zip(*(tables["Village IN Township"][c].to_pylist() for c in ("village_code", "township_code")), strict=True))
        self.of: dict[str, list[str]] = {}
        for who, village in zip(*(tables["Member LIVES_IN Village"][c].to_pylist() for c in ("member_id", "village_code")), strict=True):
            if who in members and village in township:
                self.of.setdefault(township[village], []).append(who)
        ties = tables["Member BELONGS_TO Branch"]
        kinds = dict(zip(tables["Branch"]["id"].to_pylist(), tables["Branch"]["kind"].to_pylist(), strict=True))
        above = set(ground.pack.bodies["superior"])
        offices = list(zip(*(ties[c].to_pylist() for c in ("member_id", "branch_id", "office")), strict=True))
        self.officers = {who for who, _, office in offices if office}
        self.in_committee = {who for who, body, office in offices if office and kinds.get(body) in above}
        self.load = Counter(tables["Member LIAISES Cooperative"]["member_id"].to_pylist())
        self.everybody = sorted(members)

    def appoint(self, townships: frozenset[str]) -> str:
        """Choose a member for one more co-operative."""
        near = [who for township in townships for who in self.of.get(township, ())] or self.everybody
        chosen = min(near, key=lambda who: (who not in self.in_committee, who not in self.officers, self.load[who], who))
        self.load[chosen] += 1
        return chosen


def _homes(ground: Ground, kind: str) -> Mapping[str, set[str]]:
    table, key = HOMES[kind]
    found: dict[str, set[str]] = {}
    wanted = {unit.id for unit in ground.units if unit.kind == kind}
    for home, unit in zip(ground.tables[table]["household_id"].to_pylist(), ground.tables[table][key].to_pylist(), strict=True):
        if unit in wanted:
            found.setdefault(unit, set()).add(home)
    return found


def _list_names(units: Sequence[Unit]) -> str:
    return "、".join(unit.name or unit.id for unit in units)


def _say_names(units: Sequence[Unit]) -> Text:
    names = [unit.name or unit.id for unit in units]
    return Text("、".join(names), ", ".join(names))
