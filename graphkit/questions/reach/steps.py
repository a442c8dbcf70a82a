"""Colleague steps: people, the bodies that carry steps between them, and the households within them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphkit.data.coding import Coded

STEP_TABLES = (
    "Member BELONGS_TO Branch",
    "Member WORKS_IN Cooperative",
    "Member MENTORS Member",
    "Member LIVES_IN Village",
    "Member HELPS Household",
)


@dataclass(frozen=True, eq=False)
class Colleagues:
    """People, the bodies that carry steps between them, and the households they help, as positions."""

    coded: Coded
    people: tuple[NDArray[np.int32], NDArray[np.int32]]  # person, body
    bodies: int
    too_large: Mapping[str, int]

    @classmethod
    def of(cls, coded: Coded, max_body_people: int) -> Colleagues:
        """Positions of the people in each body; bodies with more than `max_body_people` people are left out and counted."""
        from graphkit.kernels.csr import distinct_pairs

        persons, bodies, too_large, first = [], [], {}, 0
        for table, label, key in (
            ("Member BELONGS_TO Branch", "Branch", "branch_id"),
            ("Member WORKS_IN Cooperative", "Cooperative", "cooperative_id"),
        ):
            count = len(coded.ids[label])
            ends = coded.ends_of(table, (key, label), ("member_id", "Member"))
            body, person = distinct_pairs(ends[0], ends[1], max(len(coded.ids["Member"]), 1))
            sizes = np.bincount(body, minlength=count)
            small = sizes[body] <= max_body_people
            persons.append(person[small])
            bodies.append(body[small] + np.int32(first))
            too_large[label] = int((sizes > max_body_people).sum())
            first += count
        return cls(coded, (np.concatenate(persons), np.concatenate(bodies)), first, too_large)

    def count_households(self, kind: str, steps: int) -> NDArray[np.int64]:
        """Households within `steps` colleague steps of each Village or Member, in the order of ids."""
        from graphkit.kernels.reach import Lists, count_reach, lay_out

        coded, (person, body) = self.coded, self.people
        members, villages, homes = (len(coded.ids[label]) for label in ("Member", "Village", "Household"))
        mentor, mentee = coded.ends_of("Member MENTORS Member", ("mentor_id", "Member"), ("mentee_id", "Member"))
        helper, household = coded.ends_of("Member HELPS Household", ("member_id", "Member"), ("household_id", "Household"))
        if kind == "Village":
            village, resident = coded.ends_of("Member LIVES_IN Village", ("village_code", "Village"), ("member_id", "Member"))
            sources = lay_out(village, resident, height=villages, width=members)
        else:
            sources = Lists(np.arange(members + 1, dtype=np.int64), np.arange(members, dtype=np.int32), members)
        return count_reach(
            sources,
            lay_out(person, body, height=members, width=self.bodies),
            lay_out(body, person, height=self.bodies, width=members),
            lay_out(np.concatenate([mentor, mentee]), np.concatenate([mentee, mentor]), height=members, width=members),
            lay_out(helper, household, height=members, width=homes),
            steps=steps,
        )
