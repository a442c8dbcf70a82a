"""Conditions and numbers in words, for the page of the rules."""

from __future__ import annotations

from collections.abc import Mapping

from graphkit.rules.conditions import AnyOf, Bound, Clause
from graphkit.rules.facts import find_fact
from graphkit.rules.pack import Rule
from graphkit.words import Text

EVERYONE = Text("全部", "all of them")


def describe_conditions(conditions: AnyOf, kind: str) -> Text:
    """Say conditions in words: clauses with "and", conditions with "or".

    Examples
    --------
    >>> from graphkit.rules.reader import read_rule_pack
    >>> describe_conditions(read_rule_pack("acheng-2010").find_rule("s16").asked, "Cooperative").en
    'full members < threshold'
    """
    if not conditions:
        return EVERYONE
    said = [[_describe_clause(clause, kind) for clause in condition] for condition in conditions]
    return Text("；或".join("且".join(c.zh for c in part) for part in said), "; or ".join(" and ".join(c.en for c in part) for part in said))


def describe_asked(rule: Rule, titles: Mapping[str, Text]) -> Text:
    """Say of whom a rule asks something; `titles` are those of rules by name, for one that builds on another.

    Examples
    --------
    >>> from graphkit.rules.reader import read_rule_pack
    >>> describe_asked(read_rule_pack("acheng-2010").find_rule("superior"), {"acheng-2010.s12-15": Text("成立党组织", "a body")}).en
    'those who meet acheng-2010.s12-15 (a body)'
    """
    own = describe_conditions(rule.asked_by_text, rule.applies_to)
    if not rule.builds_on:
        return own
    title = titles.get(rule.builds_on, Text("", ""))
    base = Text(f"已落实 {rule.builds_on}（{title.zh}）的", f"those who meet {rule.builds_on} ({title.en})")
    return Text(f"{base.zh}，且{own.zh}", f"{base.en}, and {own.en}") if rule.asked_by_text else base


def _describe_clause(clause: Clause, kind: str) -> Text:
    fact = find_fact(kind, clause.fact)
    heading = fact.heading if fact else Text(clause.fact, clause.fact)
    if clause.is_true is not None:
        return heading if clause.is_true else Text(f"并非{heading.zh}", f"not: {heading.en}")
    if clause.words:
        return Text(f"{heading.zh}为{'、'.join(clause.words)}", f"{heading.en} is {' or '.join(clause.words)}")
    bounds = _describe_bounds(clause.at_least, clause.at_most)
    return Text(f"{heading.zh}{bounds}", f"{heading.en} {bounds}")


def _describe_bounds(least: Bound | None, most: Bound | None) -> str:
    if least == most:
        return f"= {least}"
    below = None if most is None else f"< {most.name}" if most.name and most.plus == -1 else f"≤ {most}"
    above = None if least is None else f"> {least.name}" if least.name and least.plus == 1 else f"≥ {least}"
    return ", ".join(text for text in (above, below) if text)


def describe_numbers(rule: Rule) -> Text:
    """Say a rule's numbers with the days and cases in which each holds.

    Examples
    --------
    >>> from graphkit.rules.reader import read_rule_pack
    >>> describe_numbers(read_rule_pack("rural-2018").find_rule("art5")).en
    'threshold 3, general_branch_from 51, committee_from 100'
    """
    said = []
    for name, cases in rule.numbers.items():
        for case in cases:
            where = describe_conditions((case.where,), rule.applies_to) if case.where else Text("", "")
            days = [Text(f"自{case.since}", f"from {case.since}")] * bool(case.since) + [Text(f"至{case.until}前", f"until {case.until}")] * bool(
                case.until
            )
            when = [*days, *([where] if case.where else [])]
            zh, en = (f"（{'，'.join(t.zh for t in when)}）", f" ({', '.join(t.en for t in when)})") if when else ("", "")
            said.append(Text(f"{name} {case.value}{zh}", f"{name} {case.value}{en}"))
    return Text("、".join(t.zh for t in said), ", ".join(t.en for t in said))
