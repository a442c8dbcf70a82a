"""What a rule may speak of: the counted facts of each kind of node, the words that a fact may be, and what a body is to a unit.

One table: a rule pack is read against it, the question counts what stands in it, and the page of the rules is written from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from graphkit.model.kinds import MODEL
from graphkit.words import Text

FactType = Literal["count", "word", "yes_no"]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is counted or recorded about a subject, and that a condition may ask of.

    Attributes
    ----------
    name, type : str
        A count is a whole number, 0 or more; a word is one of `values`, or any where there are none.
    heading : Text
        What it is.
    unit : Text or None
        Of a count.
    values : tuple of str
        The words that it may be.
    """

    name: str
    type: FactType
    heading: Text
    unit: Text | None = None
    values: tuple[str, ...] = ()


PEOPLE, BODIES, HOUSEHOLDS = Text("人", "people"), Text("个", "bodies"), Text("户", "households")

ROLES: tuple[str, ...] = ("own", "temporary", "joint", "territorial", "group", "post", "superior")
"""What a body that serves a unit is to it; see `role_of`."""

STRUCTURES: tuple[str, ...] = ("alone", "several", "village", "above")
"""How a body stands to a unit that it serves: it serves nothing else; several units; a village too; or it has bodies under it."""


_UNITS = Text("个", "co-operatives")


def _count(name: str, zh: str, en: str, unit: Text | None = BODIES) -> Fact:
    return Fact(name, "count", Text(zh, en), unit)


def _word(kind: str, name: str) -> Fact:
    column = next(column for column in MODEL.node_type(kind).properties if column.name == name)
    return Fact(name, "yes_no" if column.type == "boolean" else "word", column.heading, None, column.values)


_PARTY = (
    _count("full_members", "正式党员", "full members", PEOPLE),
    _count("probationary_members", "预备党员", "probationary members", PEOPLE),
    _count("party_members", "党员（含预备）", "Party members, probationary ones included", PEOPLE),
)
_SERVED = (
    _count("own_bodies", "单独组建的党组织（不含临时）", "bodies of its own, temporary ones apart"),
    _count("general_bodies", "其中党总支、党委", "general branches and committees among them"),
    _count("committees", "其中党委", "committees among them"),
    _count("temporary_bodies", "临时党组织", "temporary bodies of its own"),
    _count("joint_bodies", "联合党组织", "joint bodies"),
    _count("groups", "党小组", "groups"),
    _count("posts", "党建联络岗", "liaison posts"),
    _count("superior_bodies", "直接覆盖它的上级党委", "superior committees that serve it directly"),
    _count(
        "joint_units", "所在联合党组织覆盖的单位（取最多者）", "units of the joint body that serves it, the largest of several", Text("个", "units")
    ),
)

FACTS: Mapping[str, tuple[Fact, ...]] = MappingProxyType(
    {
        "Village": (*_PARTY, *_SERVED, _word("Village", "kind")),
        "Cooperative": (
            *_PARTY, *_SERVED,
            _count("territorial_bodies", "代管它的村（社区）党组织", "bodies of a village that serve it too"),
            _count("liaisons", "党建联络指导员", "liaisons", PEOPLE),
            _count("households", "入社和带动的农户", "households that joined it or are served by it", HOUSEHOLDS),
            _word("Cooperative", "scope"), _word("Cooperative", "kind"), _word("Cooperative", "sector"),
        ),
        "Branch": (
            *_PARTY,
            _count("officers", "支部委员会成员", "members of its committee", PEOPLE),
            _count("secretaries", "书记", "secretaries", PEOPLE),
            _count("units", "覆盖的单位", "units that it serves", Text("个", "units")),
            _count("superiors", "上级党组织", "superiors that it reports to"),
            _word("Branch", "kind"), _word("Branch", "management"),
        ),
        "Member": (
            _count("managing_bodies", "主要管理的党组织（支部以上）", "bodies that manage the membership, branch and above"),
            _count("primary_ties", "标为主要管理的关系", "memberships marked as primary"),
            _count("assisting_bodies", "协助管理的党组织", "assisting bodies"),
            _count("workplaces", "从业的合作组织", "co-operatives worked in", _UNITS),
            _count("chain_workplaces", "组织关系未转入其党组织的从业单位", "workplaces with a body to which the membership was not moved", _UNITS),
            _count("unassisted_workplaces", "其中未协助管理的", "those of them whose body does not assist", _UNITS),
            _count("mentors", "培养联系人", "mentors", PEOPLE),
            _count("offices", "职务", "offices held", Text("个", "offices")),
            _count("posts", "设岗定责的岗位", "posts held", Text("个", "posts")),
            _count("five_promises", "“一联五”承诺", "one-to-five promises", Text("项", "promises")),
            _count("five_pairings", "“一联五”结对", "one-to-five pairings", HOUSEHOLDS),
            _count("outside_households", "其中所在协会以外的农户", "those of them outside the own association", HOUSEHOLDS),
            _word("Member", "stage"), _word("Member", "is_cadre"),
        ),
        "Household": (
            _count("helpers", "帮扶人", "helpers", PEOPLE),
            _count("one_to_one_helpers", "“一帮一”帮扶人", "one-to-one helpers", PEOPLE),
            _count("zones", "所在责任区", "zones that it lies in", Text("个", "zones")),
            _count("answered_zones", "有责任人的责任区", "zones with a responsible member that it lies in", Text("个", "zones")),
            _count("days_without_visit", "距最近走访", "days since the last visit", Text("天", "days")),
            _count("people", "家庭人口", "people in the household", PEOPLE),
            _word("Household", "is_poor"),
        ),
        "Zone": (
            _count("responsible_members", "责任人", "responsible members", PEOPLE),
            _count("households", "区内农户", "households in it", HOUSEHOLDS),
        ),
    }
)  # fmt: skip
"""Facts by kind, in the order in which the kinds are judged."""

KINDS: tuple[str, ...] = tuple(FACTS)
SUPERIOR = Fact("superior_agrees", "yes_no", Text("隶属相符", "reports to the superior named"))
"""Whether a body that covers the subject reports to the superior that the rule names; only where the rule names one."""


def find_fact(kind: str, name: str) -> Fact | None:
    """Return the fact `name` of `kind`, or None."""
    return next((fact for fact in (*FACTS.get(kind, ()), SUPERIOR) if fact.name == name), None)


BODY_KINDS: tuple[str, ...] = next(column.values for column in MODEL.node_type("Branch").properties if column.name == "kind")


def role_of(kind: str, structure: str, bodies: Mapping[str, Sequence[str]], *, of_village: bool) -> str | None:
    """Say what a body of `kind` is to a unit that it serves, by how it stands to it; None where `bodies` names no role for the kind.

    A branch that also serves a village is the village's, not the co-operative's own; one that serves several units is joint; a committee that
    serves several units, a village beside a co-operative, or has bodies under it is their superior, which covers none of them.

    Examples
    --------
    >>> from graphkit.rules.pack import BODIES
    >>> role_of("branch", "village", BODIES, of_village=False), role_of("committee", "several", BODIES, of_village=True)
    ('territorial', 'superior')
    """
    for role in ("group", "post", "joint"):
        if kind in bodies[role]:
            return role
    if kind not in bodies["own"] and kind not in bodies["temporary"]:
        return None
    if kind in bodies["superior"]:
        return "own" if structure == "alone" or (of_village and structure == "above") else "superior"
    if structure == "village" and not of_village:
        return "territorial"
    if structure == "several":
        return "joint"
    return "temporary" if kind in bodies["temporary"] else "own"


def counted_as(kind: str, structure: str, bodies: Mapping[str, Sequence[str]], *, of_village: bool) -> tuple[str, ...]:
    """Return the counts that a body of `kind` adds one to: its role, and what is counted among its role.

    Examples
    --------
    >>> from graphkit.rules.pack import BODIES
    >>> counted_as("general_branch", "alone", BODIES, of_village=True)
    ('own_bodies', 'general_bodies')
    """
    role = role_of(kind, structure, bodies, of_village=of_village)
    if role is None:
        return ()
    among = (("general_bodies",) if kind in bodies["general"] else ()) + (("committees",) if kind in bodies["superior"] else ())
    return (ROLE_FACTS[role], *(among if role == "own" else ()))


ROLE_FACTS: Mapping[str, str] = MappingProxyType(
    {
        "own": "own_bodies", "temporary": "temporary_bodies", "joint": "joint_bodies", "territorial": "territorial_bodies", "group": "groups",
        "post": "posts", "superior": "superior_bodies",
    }
)  # fmt: skip
