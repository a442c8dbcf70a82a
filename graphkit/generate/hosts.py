"""Hosts on the industry chain and the Party bodies around them: how one of them is written into the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from graphkit.generate.ledger import AS_OF, CAMPAIGN, Ledger
from graphkit.identity.places import find_place
from graphkit.identity.spelling import short_name

UNSERVED = ("亿达社区", "山水新城社区", "新龙社区", "幸福里社区", "融创社区", "郡园社区")  # left without a body, so that the example has gaps


@dataclass(slots=True)
class Host:
    """A co-operative, association or federation as it is written."""

    id: str
    name: str
    scope: str
    villages: list[str]
    sector: str
    body: str | None = None  # its industry branch
    groups: list[str] = field(default_factory=list)
    party: list[str] = field(default_factory=list)  # its full and probationary members
    households: list[str] = field(default_factory=list)

    @property
    def home(self) -> str:
        """The first village it operates in."""
        return self.villages[0]


class Bodies:
    """The standing bodies: district, departments, townships and villages; every unit but six has one.

    Parameters
    ----------
    ledger : Ledger
        Written into: places first, then the bodies.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.secretaries: dict[str, str] = {}  # by village
        self.unserved = [find_place(name).code for name in UNSERVED]
        self.district = ledger.add_body("阿城区委", "committee", management="direct")
        self.departments = [
            ledger.add_body(name, "committee", superior=self.district, management="sector") for name in ("农业主管部门党委", "畜牧主管部门党委")
        ]
        self.townships: dict[str, str] = {}
        self.of_village: dict[str, str] = {}
        for row in ledger.villages.values():
            self._add_township(row["township_code"], row["township_name"])
            self._add_village(row)

    def _add_township(self, code: str, name: str) -> None:
        if code not in self.townships:
            self.ledger.add("Township", code=code, name=name)
            self.townships[code] = self.ledger.add_body(f"{name}党委", "committee", superior=self.district, management="direct")

    def _add_village(self, row: dict[str, str]) -> None:
        ledger, code, township = self.ledger, row["code"], row["township_code"]
        ledger.add("Village", code=code, name=row["name"], kind=row["kind"], households=None)
        ledger.add("Village IN Township", village_code=code, township_code=township)
        if code in self.unserved:
            return
        body = ledger.add_body(f"{short_name(row['name'])}党支部", "branch", superior=self.townships[township], management="territorial")
        ledger.add("Branch SERVES Village", branch_id=self.townships[township], village_code=code)
        ledger.add("Branch SERVES Village", branch_id=body, village_code=code)
        self.of_village[code] = body

    def township_of(self, village: str) -> str:
        """Give the committee of the township in which a village lies."""
        return self.townships[village[:9]]

    def nearest(self, village: str) -> str:
        """Give the body that manages those who live there: the village's, else the township's."""
        return self.of_village.get(village) or self.township_of(village)

    def raise_to_general(self, village: str) -> str:
        """Make the village's branch a general branch, to which an industry branch may report."""
        row = next(self.ledger.where("Branch", id=self.of_village[village]))
        row.update(kind="general_branch", name=row["name"].replace("党支部", "党总支"))
        return self.of_village[village]


class Hosts:
    """All hosts, and how they, their bodies and their people are written.

    Parameters
    ----------
    ledger : Ledger
        Written into.
    bodies : Bodies
        The standing bodies.
    """

    def __init__(self, ledger: Ledger, bodies: Bodies) -> None:
        self.ledger, self.bodies, self.all = ledger, bodies, list[Host]()

    def add(self, name: str, kind: str, scope: str, villages: list[str], *, sector: str, **values: Any) -> Host:
        """Write a host and the villages it operates in."""
        host = Host(self.ledger.next_id("c", 2), name, scope, villages, sector)
        self.ledger.add("Cooperative", id=host.id, name=name, kind=kind, scope=scope, sector=sector, **values)
        for village in villages:
            self.ledger.add("Cooperative OPERATES_IN Village", cooperative_id=host.id, village_code=village)
        self.all.append(host)
        return host

    def add_branch(self, host: Host, *, kind: str = "branch", superior: str | None = None) -> str:
        """Give a host its own industry branch, under the superior that its scope asks for."""
        founded = self.ledger.day(dt.date(2010, 3, 1), dt.date(2011, 10, 31))
        management = {"village": "territorial", "cross_township": "sector"}.get(host.scope, "direct")
        host.body = self.ledger.add_body(
            f"{host.name}党支部", kind, superior=superior or self._superior(host), management=management, founded_on=founded
        )
        self.ledger.add("Branch SERVES Cooperative", branch_id=host.body, cooperative_id=host.id, since=founded)
        return host.body

    def _superior(self, host: Host) -> str:
        if host.scope == "village":
            return self.bodies.raise_to_general(host.home)
        if host.scope == "cross_township":
            return self.bodies.departments[host.sector in ("黄牛", "奶牛", "养殖", "林蛙")]
        return self.bodies.township_of(host.home)

    def add_group(self, host: Host) -> str:
        """Give a host one more industry group, under its branch or under the village's body."""
        founded = self.ledger.day(dt.date(2010, 3, 1), dt.date(2011, 12, 31))
        number = f"第{len(host.groups) + 1}" if host.groups else ""
        group = self.ledger.add_body(
            f"{host.name}{number}党小组", "group", superior=host.body or self.bodies.nearest(host.home), management="territorial", founded_on=founded
        )
        self.ledger.add("Branch SERVES Cooperative", branch_id=group, cooperative_id=host.id, since=founded)
        host.groups.append(group)
        return group

    def employ(
        self, host: Host, name: str, *, office: str | None = None, is_founder: bool | None = None, village: str | None = None, **values: Any
    ) -> str:
        """Make up a person who works in the host; a member joins the body that manages them and assists in the host's."""
        home = village or self.ledger.rng.choice(host.villages)
        person = self.ledger.add_person(name, home, **values)
        self.ledger.add("Member WORKS_IN Cooperative", member_id=person, cooperative_id=host.id, office=office, is_founder=is_founder)
        if values.get("stage", "full") in ("full", "probationary"):
            host.party.append(person)
        return person

    def employ_newcomer(self, host: Host, name: str, *, stage: str, **values: Any) -> str:
        """Make up one of those admitted since 2010: full after a year of probation."""
        last = dt.date(2011, 4, 30) if stage == "full" else AS_OF
        first = CAMPAIGN if stage == "full" else dt.date(2011, 5, 1)
        return self.employ(
            host, name, stage=stage, admitted_on=self.ledger.day(first, last), birth_year=self.ledger.rng.randrange(1965, 1990), **values
        )

    def enrol(self, host: Host, person: str, *, here: bool, team: str | None = None, office: str | None = None, home: str | None = None) -> None:
        """Write the memberships of a person: primary in the host's branch, or at home with the host's body assisting."""
        assisting = host.body or (host.groups[len(host.party) % len(host.groups)] if host.groups else None)
        since = self._joined_on(person, assisting)
        if host.body and here:
            self.ledger.belong(person, host.body, primary=True, team=team, office=office, since=since)
            return
        village = next(self.ledger.where("Member LIVES_IN Village", member_id=person))["village_code"]
        self.ledger.belong(person, home or self.bodies.nearest(village), primary=True)
        if assisting:
            self.ledger.belong(person, assisting, primary=False, team=team, office=office, since=since)

    def _joined_on(self, person: str, body: str | None) -> dt.date | None:
        """The day the body was founded, or the person admitted, whichever is later."""
        if body is None:
            return None
        founded: dt.date = next(self.ledger.where("Branch", id=body))["founded_on"]
        admitted: dt.date = next(self.ledger.where("Member", id=person))["admitted_on"]
        return max(founded, admitted)

    def make_secretary(self, person: str, *, educated: bool) -> None:
        """Give the secretary of an industry branch an age and a schooling: under 45 on average."""
        rng = self.ledger.rng
        born = rng.randrange(1964, 1977)
        education = rng.choice(("college", "university") if educated else ("junior", "senior"))
        admitted = self.ledger.day(dt.date(born + 20, 1, 1), dt.date(2008, 12, 31))
        next(self.ledger.where("Member", id=person)).update(birth_year=born, admitted_on=admitted, education=education)

    def join(self, host: Host, count: int, *, kind: str, villages: list[str] | None = None) -> list[str]:
        """Make up `count` households that are members of the host, or served by it."""
        homes = villages or host.villages
        made = [self.ledger.add_household(homes[n % len(homes)]) for n in range(count)]
        for household in made:
            since = self.ledger.day(dt.date(2010, 1, 1), dt.date(2012, 3, 31)) if self.ledger.chance(0.5) else None
            self.ledger.add("Household JOINED Cooperative", household_id=household, cooperative_id=host.id, kind=kind, since=since)
        host.households += made
        return made
