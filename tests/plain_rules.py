"""Rule packs read and applied in plain Python, one subject at a time, over everything that the unknown could be: the second opinion.

It shares nothing with graphkit's own reading but the TOML files and the tables.
"""

from __future__ import annotations

import datetime as dt
import itertools
import operator
import re
import tomllib
from collections import ChainMap
from pathlib import Path

import graphkit.rules
from tests.random_districts import stands

FOLDER = Path(graphkit.rules.__file__).parent
KINDS = ("committee", "general_branch", "branch", "joint_branch", "temporary_branch", "group", "liaison_post")
MANAGING = {"committee", "general_branch", "branch", "joint_branch", "temporary_branch"}
STAGES = ("applicant", "activist", "candidate", "probationary", "full")
SCOPES = ("village", "cross_village", "township", "cross_township")
NEVER = 10**6  # days
MOST = 400  # completions of one subject
SIGNS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}


def read_rules(pack: str, day: dt.date | None = None) -> dict[str, dict]:
    """Rules of a shipped pack by name, included ones too; those in force on the day, if one is given."""
    data = tomllib.loads((FOLDER / f"{pack}.toml").read_text(encoding="utf-8"))
    rules = {f"{pack}.{rule['id']}": rule for rule in data["rules"]}
    for name in data.get("include", []):
        other = name.partition(".")[0]
        rules |= {key: rule for key, rule in read_rules(other).items() if name in (other, key)}
    in_force = lambda rule: rule.get("in_force_from", dt.date.min) <= day < rule.get("in_force_until", dt.date.max)  # noqa: E731
    return {name: rule for name, rule in rules.items() if day is None or in_force(rule)}


def holds(condition: dict, facts: dict, numbers: dict) -> bool:
    for name, wanted in condition.items():
        value = facts[name]
        if isinstance(wanted, bool):
            ok = value is wanted
        elif isinstance(wanted, int):
            ok = value == wanted
        elif isinstance(value, int):
            ok = all(_compare(value, text, numbers) for text in ([wanted] if isinstance(wanted, str) else wanted))
        else:
            ok = value in ([wanted] if isinstance(wanted, str) else wanted)
        if not ok:
            return False
    return True


def _compare(value: int, text: str, numbers: dict) -> bool:
    sign, number = re.fullmatch(r"(\W+)(.*)", text.replace(" ", "")).groups()
    for name in numbers:
        number = number.replace(name, str(numbers[name]))
    return SIGNS[sign](value, eval(number))


def any_holds(conditions, facts: dict, numbers: dict) -> bool:
    return any(holds(one, facts, numbers) for one in ([conditions] if isinstance(conditions, dict) else conditions))


class Plain:
    """Everything that a rule could come to, for every subject of a district."""

    def __init__(self, tables, day: dt.date) -> None:
        self.day, self.index = day, {}
        self.rows = {name: stands(tables, name, day) for name in tables}
        self.stage = {row["id"]: row["stage"] for row in self.rows["Member"]}
        self.kind = {row["id"]: row["kind"] for row in self.rows["Branch"]}
        self.management = {row["id"]: row["management"] for row in self.rows["Branch"]}
        self.records = {
            "Village": {r["code"]: r for r in self.rows["Village"]},
            **{label: {r["id"]: r for r in self.rows[label]} for label in ("Cooperative", "Branch", "Member", "Household", "Zone", "Promise")},
        }

    def of(self, table: str, column: str, value: str) -> list[dict]:
        """Rows of a table in which a column is this value."""
        if (table, column) not in self.index:
            self.index[table, column] = {}
            for row in self.rows[table]:
                self.index[table, column].setdefault(row[column], []).append(row)
        return self.index[table, column].get(value, [])

    def ends(self, table: str, given: str, wanted: str, value: str) -> set[str]:
        return {row[wanted] for row in self.of(table, given, value)}

    # what a body is

    def role(self, body: str, unit: str, kind: str) -> str:
        villages = self.ends("Branch SERVES Village", "branch_id", "village_code", body)
        hosts = self.ends("Branch SERVES Cooperative", "branch_id", "cooperative_id", body)
        above = bool(self.of("Branch REPORTS_TO Branch", "superior_id", body))
        if kind in ("group", "liaison_post", "joint_branch"):
            return {"group": "group", "liaison_post": "post", "joint_branch": "joint"}[kind]
        if unit == "Village":
            if len(villages) > 1:
                return "superior" if kind == "committee" else "joint"
        else:
            if kind == "committee" and (villages or len(hosts) > 1 or above):
                return "superior"
            if villages:
                return "territorial"
            if len(hosts) > 1:
                return "joint"
        return "temporary" if kind == "temporary_branch" else "own"

    def units(self, body: str) -> int:
        return len(self.ends("Branch SERVES Village", "branch_id", "village_code", body)) + len(
            self.ends("Branch SERVES Cooperative", "branch_id", "cooperative_id", body)
        )

    # facts, when nothing is unknown: `stage` and `kind` give everybody and every body one

    def party(self, people: set[str], stage: dict) -> dict:
        full, probationary = (sum(stage[p] == s for p in people) for s in ("full", "probationary"))
        return {"full_members": full, "probationary_members": probationary, "party_members": full + probationary}

    def served(self, bodies: set[str], unit: str, kind: dict) -> dict:
        roles = {b: self.role(b, unit, kind[b]) for b in bodies}
        count = lambda role: sum(r == role for r in roles.values())  # noqa: E731
        own = [kind[b] for b, r in roles.items() if r == "own"]
        return {
            "own_bodies": count("own"), "general_bodies": sum(k in ("general_branch", "committee") for k in own),
            "committees": own.count("committee"), "temporary_bodies": count("temporary"), "joint_bodies": count("joint"), "groups": count("group"),
            "posts": count("post"), "superior_bodies": count("superior"), "territorial_bodies": count("territorial"),
            "joint_units": max((self.units(b) for b, r in roles.items() if r == "joint"), default=0),
        }  # fmt: skip

    def people_of(self, label: str, key: str) -> set[str]:
        table, column = {
            "Village": ("Member LIVES_IN Village", "village_code"), "Cooperative": ("Member WORKS_IN Cooperative", "cooperative_id"),
            "Branch": ("Member BELONGS_TO Branch", "branch_id"),
        }[label]  # fmt: skip
        return self.ends(table, column, "member_id", key)

    def bodies_of(self, label: str, key: str) -> set[str]:
        column = {"Village": "village_code", "Cooperative": "cooperative_id"}[label]
        return self.ends(f"Branch SERVES {label}", column, "branch_id", key)

    def facts(self, label: str, key: str, stage: dict, kind: dict, record: dict) -> dict:
        return getattr(self, f"facts_{label.lower()}")(key, stage, kind, record)

    def facts_village(self, key, stage, kind, record):
        return self.party(self.people_of("Village", key), stage) | self.served(self.bodies_of("Village", key), "Village", kind)

    def facts_cooperative(self, key, stage, kind, record):
        found = self.party(self.people_of("Cooperative", key), stage) | self.served(self.bodies_of("Cooperative", key), "Cooperative", kind)
        return found | {
            "liaisons": len(self.ends("Member LIAISES Cooperative", "cooperative_id", "member_id", key)), "scope": record["scope"],
            "households": len(self.ends("Household JOINED Cooperative", "cooperative_id", "household_id", key)),
        }  # fmt: skip

    def facts_branch(self, key, stage, kind, record):
        ties = self.of("Member BELONGS_TO Branch", "branch_id", key)
        return self.party(self.people_of("Branch", key), stage) | {
            "kind": kind[key], "units": self.units(key), "secretaries": len({r["member_id"] for r in ties if r["office"] == "书记"}),
            "officers": len({r["member_id"] for r in ties if r["office"] in ("书记", "副书记", "委员", "组织委员", "宣传委员", "纪检委员")}),
        }  # fmt: skip

    def facts_member(self, key, stage, kind, record):
        ties = self.of("Member BELONGS_TO Branch", "member_id", key)
        mine, primary = {r["branch_id"] for r in ties}, {r["branch_id"] for r in ties if r["primary"] is True}
        works = self.ends("Member WORKS_IN Cooperative", "member_id", "cooperative_id", key)
        industry = {
            c: {b for b in self.bodies_of("Cooperative", c) if self.role(b, "Cooperative", kind[b]) in ("own", "temporary", "joint")} for c in works
        }
        stays = [bodies for bodies in industry.values() if bodies and not bodies & primary]
        joined = [r for c in works for r in self.of("Household JOINED Cooperative", "cooperative_id", c)]
        inside = {r["household_id"] for r in joined if r["kind"] != "served"}
        five = {r["household_id"] for r in self.of("Member HELPS Household", "member_id", key) if r["kind"] == "one_to_five"}
        offices = [r for t in ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative") for r in self.of(t, "member_id", key) if r["office"]]
        return {
            "stage": stage[key], "managing_bodies": sum(kind[b] in MANAGING for b in primary), "primary_ties": len(primary),
            "assisting_bodies": len(mine - primary), "workplaces": len(works), "chain_workplaces": len(stays),
            "unassisted_workplaces": sum(not bodies & mine for bodies in stays), "offices": len(offices),
            "mentors": len(self.ends("Member MENTORS Member", "mentee_id", "mentor_id", key)),
            "posts": len({(r["village_code"], r["post"]) for r in self.of("Member HOLDS_POST_IN Village", "member_id", key)}),
            "five_promises": self.promised(key).count("one_to_five") + record["another"],
            "five_pairings": len(five), "outside_households": len(five - inside),
        }  # fmt: skip

    def promised(self, key):
        """Kinds of the promises of a person; None where it is not on record."""
        made = self.ends("Promise MADE_BY Member", "member_id", "promise_id", key)
        return [self.records["Promise"][p]["kind"] for p in made if p in self.records["Promise"]]

    def facts_household(self, key, stage, kind, record):
        visits = self.visits(key)
        return {
            "is_poor": record["is_poor"], "helpers": len(self.ends("Member HELPS Household", "household_id", "member_id", key)),
            "days_without_visit": min([*(n for n in visits if n is not None), *([record["another"]] if None in visits else [])], default=NEVER),
        }  # fmt: skip

    def visits(self, key):
        """Of each pairing of a household, how many days ago its last visit was; None where none is on record by the day."""
        ties = self.of("Member HELPS Household", "household_id", key)
        return [None if r["last_visit_on"] is None or r["last_visit_on"] > self.day else (self.day - r["last_visit_on"]).days for r in ties]

    def facts_zone(self, key, stage, kind, record):
        return {"responsible_members": len(self.ends("Member RESPONSIBLE_FOR Zone", "zone_id", "member_id", key))}

    # everything that the unknown of a subject could be

    def completions(self, label: str, key: str):
        record = dict(self.records[label][key])
        people = self.people_of(label, key) if label in ("Village", "Cooperative", "Branch") else {key} if label == "Member" else set()
        bodies = self.bodies_of(label, key) if label in ("Village", "Cooperative") else set()
        if label == "Branch":
            bodies = {key}
        if label == "Member":
            bodies = self.ends("Member BELONGS_TO Branch", "member_id", "branch_id", key)
            for c in self.ends("Member WORKS_IN Cooperative", "member_id", "cooperative_id", key):
                bodies |= self.bodies_of("Cooperative", c)
        if label == "Cooperative":
            record["scope"] = record["scope"] or self.told_scope(key)
        stages = STAGES if label == "Member" else ("applicant", "probationary", "full")  # what is no member is alike for the others
        unsure_people, unsure_bodies = sorted(p for p in people if self.stage[p] is None), sorted(b for b in bodies if self.kind[b] is None)
        scopes = [record.get("scope")] if record.get("scope") or label != "Cooperative" else SCOPES
        poor = [record.get("is_poor")] if record.get("is_poor") is not None or label != "Household" else [True, False]
        another = [0, NEVER] if label == "Household" and None in self.visits(key) else [0]  # when the helper came of whom no visit is on record
        if label == "Member" and None in self.promised(key):
            another = [0, 1]  # promises of unknown kind that are one to five
        for s, k, scope, is_poor, ago in itertools.product(
            itertools.product(stages, repeat=len(unsure_people)), itertools.product(KINDS, repeat=len(unsure_bodies)), scopes, poor, another
        ):
            stage = ChainMap(dict(zip(unsure_people, s, strict=True)), self.stage)
            kind = ChainMap(dict(zip(unsure_bodies, k, strict=True)), self.kind)
            changed = (
                record
                | {"another": ago}
                | ({"scope": scope} if label == "Cooperative" else {})
                | ({"is_poor": is_poor} if label == "Household" else {})
            )
            yield self.facts(label, key, stage, kind, changed)

    def told_scope(self, key: str) -> str | None:
        villages = self.ends("Cooperative OPERATES_IN Village", "cooperative_id", "village_code", key)
        townships = {t for v in villages for t in self.ends("Village IN Township", "village_code", "township_code", v)}
        if len(villages) == 1:
            return "village"
        return "cross_township" if len(townships) >= 2 else "cross_village" if len(villages) >= 2 else None

    def all(self, rules: dict[str, dict]) -> dict[tuple[str, str], set[str]]:
        """Of not asked, met and open: what each rule could come to, by rule and subject; subjects with too much unknown are left out."""
        found = {}
        for label, records in self.records.items():
            mine = {name: r for name, r in rules.items() if r["applies_to"] == label and "superior_agrees" not in str(r["met"])}
            for key in records if mine else ():
                completions = list(itertools.islice(self.completions(label, key), MOST + 1))
                for name, rule in mine.items() if len(completions) <= MOST else ():
                    found[name, key] = {_outcome(rule, facts, self.day, rules) for facts in completions}
        return found


def _outcome(rule: dict, facts: dict, day: dt.date, rules: dict[str, dict]) -> str:
    if "builds_on" in rule:
        base = next(one for one in rules.values() if one["id"] == rule["builds_on"])
        if _outcome(base, facts, day, rules) != "met":
            return "not_asked"
    numbers = {name: _number(cases, facts, day) for name, cases in rule.get("numbers", {}).items()}
    if not any_holds(rule.get("asked", {}), facts, numbers):
        return "not_asked"
    return "met" if any_holds(rule["met"], facts, numbers) else "open"


def _number(cases: int | list[dict], facts: dict, day: dt.date) -> int:
    """The value of the first case that holds on the day and of the subject."""
    if isinstance(cases, int):
        return cases
    dates = ("value", "since", "until")
    return next(
        case["value"] for case in cases
        if case.get("since", dt.date.min) <= day < case.get("until", dt.date.max) and holds({k: v for k, v in case.items() if k not in dates}, facts, {})
    )  # fmt: skip
