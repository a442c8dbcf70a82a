"""Which facts a row that is not known could change: by kind of subject, the tables whose rows it counts, and those that change what others count as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphkit.questions.coverage.bodies import COUNTS
from graphkit.rules.facts import SUPERIOR

PARTY = ("full_members", "probationary_members", "party_members")
MANY = 10**6
"""More rows than any rule tells apart."""


@dataclass(frozen=True, slots=True)
class Loose:
    """Facts that one row more, or fewer, changes by one; and tables of which a row changes what those that are there count as.

    Attributes
    ----------
    name : str
        Unique among those of its kind.
    facts : tuple of str
        The facts.
    ties : tuple of (str, str)
        Tables whose rows are counted, and the column that names the subject.
    through : tuple of str
        Tables of which one row may change the facts of several subjects, in either direction.
    cells : tuple of str
        Columns of `ties` in which an empty cell says that the row does not count.
    """

    name: str
    facts: tuple[str, ...]
    ties: tuple[tuple[str, str], ...]
    through: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table that these facts hang on."""
        return tuple(dict.fromkeys((*(table for table, _ in self.ties), *self.through)))


_SERVES_HOST, _SERVES_VILLAGE, _REPORTS = "Branch SERVES Cooperative", "Branch SERVES Village", "Branch REPORTS_TO Branch"
_BELONGS, _WORKS, _HELPS = "Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Member HELPS Household"
_BODIES = (*COUNTS, "joint_units")

LOOSE: Mapping[str, tuple[Loose, ...]] = {
    "Village": (
        Loose("people", PARTY, (("Member LIVES_IN Village", "village_code"),)),
        Loose("bodies", _BODIES, ((_SERVES_VILLAGE, "village_code"),), (_SERVES_VILLAGE, _SERVES_HOST, _REPORTS)),
    ),
    "Cooperative": (
        Loose("people", PARTY, ((_WORKS, "cooperative_id"),)),
        Loose("bodies", _BODIES, ((_SERVES_HOST, "cooperative_id"),), (_SERVES_HOST, _SERVES_VILLAGE, _REPORTS)),
        Loose("liaisons", ("liaisons",), (("Member LIAISES Cooperative", "cooperative_id"),)),
        Loose("households", ("households",), (("Household JOINED Cooperative", "cooperative_id"),)),
        Loose("scope", ("scope",), (("Cooperative OPERATES_IN Village", "cooperative_id"),), ("Village IN Township",)),
        Loose("superior", (SUPERIOR.name,), (("Cooperative OPERATES_IN Village", "cooperative_id"),), (_REPORTS, _SERVES_VILLAGE, _SERVES_HOST)),
    ),
    "Branch": (
        Loose("people", PARTY, ((_BELONGS, "branch_id"),)),
        Loose("officers", ("officers", "secretaries"), ((_BELONGS, "branch_id"),), cells=("office",)),
        Loose("units", ("units",), ((_SERVES_HOST, "branch_id"), (_SERVES_VILLAGE, "branch_id"))),
        Loose("superiors", ("superiors",), ((_REPORTS, "branch_id"),)),
    ),
    "Member": (
        Loose("memberships", ("managing_bodies", "primary_ties", "assisting_bodies"), ((_BELONGS, "member_id"),)),
        Loose("workplaces", ("workplaces",), ((_WORKS, "member_id"),)),
        Loose("chain", ("chain_workplaces", "unassisted_workplaces"), ((_WORKS, "member_id"),),
              (_BELONGS, _SERVES_HOST, _SERVES_VILLAGE, _REPORTS)),
        Loose("mentors", ("mentors",), (("Member MENTORS Member", "mentee_id"),)),
        Loose("offices", ("offices",), ((_BELONGS, "member_id"), (_WORKS, "member_id")), cells=("office",)),
        Loose("posts", ("posts",), (("Member HOLDS_POST_IN Village", "member_id"),)),
        Loose("promised", ("five_promises",), (("Promise MADE_BY Member", "member_id"),)),
        Loose("five", ("five_pairings",), ((_HELPS, "member_id"),)),
        Loose("outside", ("outside_households",), ((_HELPS, "member_id"),), (_WORKS, "Household JOINED Cooperative")),
    ),
    "Household": (
        Loose("helpers", ("helpers", "one_to_one_helpers", "days_without_visit"), ((_HELPS, "household_id"),)),
        Loose("zones", ("zones",), (("Zone COVERS Household", "household_id"),)),
        Loose("answered", ("answered_zones",), (("Zone COVERS Household", "household_id"),), ("Member RESPONSIBLE_FOR Zone",)),
    ),
    "Zone": (
        Loose("responsible", ("responsible_members",), (("Member RESPONSIBLE_FOR Zone", "zone_id"),)),
        Loose("households", ("households",), (("Zone COVERS Household", "zone_id"),)),
    ),
}  # fmt: skip
"""By kind of subject. Each fact that is counted stands in one of them; words that are recorded of a subject itself stand in none."""
