"""What a written rule is: of whom it asks, when it is met, its numbers, flags and words; and a pack of them under one name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from graphkit.errors import ModelError, ParameterError
from graphkit.rules.conditions import AnyOf, Bound, Case, Condition, Numbers
from graphkit.words import Text

OPEN = Text("未落实", "open")


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to be seen beside the outcome, which it does not change: near the threshold, joint, too large."""

    id: str
    heading: Text
    when: AnyOf


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a reason or remedy, said where `when` holds of the facts on record (always, if empty) and of these outcomes (any, if empty)."""

    text: Text
    when: AnyOf = ()
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Superior:
    """The superior that a rule names: who it is, and how to find it in the graph.

    `path` is a walk of ties from a body that covers the subject: over its first tie to the superior, from there back to the subject; a walk of one
    tie ends at the superior. It counts if the superior is of one of `kinds` and the body itself is managed in one of the ways of `management`.
    """

    name: Text
    path: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    management: tuple[str, ...] = ()
    where: Condition = ()


@dataclass(frozen=True)
class Rule:
    """One written rule.

    Attributes
    ----------
    id : str
        Unique in its pack; ``name`` is ``"<pack>.<id>"``.
    title, text, source : Text
        A heading of a few words, what it says, and where.
    applies_to : str
        Kind of node it speaks of.
    asked : conditions
        Of whom it asks something: whoever meets one of these conditions; everyone, if there are none.
    met : conditions
        It is met if one of these holds.
    builds_on : str
        Name of the rule that must be met first, such as ``"acheng-2010.s12-15"``: of whoever is not asked that one, or does not meet it, this one
        asks nothing. Empty: none. Its pack puts the conditions of that rule into `asked` (`link_rules`).
    asked_besides : conditions or None
        What the text of a linked rule adds to `asked`; None of one that is not linked.
    numbers_before : mapping
        Numbers of the rules that a linked rule builds on, under their names.
    superior_from : str
        Name of the rule whose superior is also this one's; empty: its own.
    numbers : mapping of str to tuple of Case
        Its numbers by name; a number may change on a day or hang on a condition, and the first case that fits counts.
    flags : tuple of Flag
        What is to be seen beside the outcome.
    superior : tuple of Superior
        The superior bodies that it names, by case.
    reason, remedy : tuple of Part
        What to say of an outcome, and what to do.
    open_word : Text
        What it is called where the rule is not met.
    in_force_from, in_force_until : date or None
        First day in force, and first day no longer; None: no such day is known.
    verified : bool
        Whether the text was seen in an official source.
    article, article_certain : Text, bool
        Its number in the source, and whether that number was seen there.
    pack : str
        Id of the pack that it comes from.
    """

    id: str
    title: Text
    text: Text
    applies_to: str
    source: Text
    pack: str
    met: AnyOf
    asked: AnyOf = ()
    numbers: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    superior: tuple[Superior, ...] = ()
    reason: tuple[Part, ...] = ()
    remedy: tuple[Part, ...] = ()
    open_word: Text = OPEN
    in_force_from: dt.date | None = None
    in_force_until: dt.date | None = None
    verified: bool = False
    article: Text = Text("", "")
    article_certain: bool = True
    builds_on: str = ""
    asked_besides: AnyOf | None = None
    numbers_before: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)
    superior_from: str = ""

    def __post_init__(self) -> None:
        for name in ("numbers", "numbers_before"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __reduce__(self) -> tuple[Any, ...]:
        values = (dict(v) if isinstance(v := getattr(self, f.name), MappingProxyType) else v for f in fields(self))
        return type(self), tuple(values)  # built anew where it is unpickled: a read-only view cannot be sent

    @property
    def name(self) -> str:
        """Id of the rule with its pack, ``"acheng-2010.s16"``."""
        return f"{self.pack}.{self.id}"

    def is_in_force(self, day: dt.date) -> bool:
        """Whether the rule is in force on `day`; an unknown day excludes nothing."""
        return (self.in_force_from is None or self.in_force_from <= day) and (self.in_force_until is None or day < self.in_force_until)

    def numbers_on(self, day: dt.date) -> Numbers:
        """Return the numbers that hold on `day`, each with the condition under which it does."""
        return {name: [(case.value, case.where) for case in cases if _holds_on(case, day)] for name, cases in self.all_numbers.items()}

    @property
    def all_numbers(self) -> Mapping[str, tuple[Case, ...]]:
        """Its numbers, and those of the rule that it builds on under that one's name."""
        return {**self.numbers, **self.numbers_before}

    @property
    def asked_by_text(self) -> AnyOf:
        """Of whom its own text asks something, among those who meet the rule that it builds on."""
        return self.asked if self.asked_besides is None else self.asked_besides

    def cite(self) -> Text:
        """Name, article and text in one line; an article number that was not seen is marked as uncertain."""
        zh, en = ("", "") if self.article_certain else ("（条号未核实）", " (article number not verified)")
        return Text(f"{self.name} {self.article.zh}{zh}：{self.text.zh}", f"{self.name} {self.article.en}{en}: {self.text.en}")


def _holds_on(case: Case, day: dt.date) -> bool:
    since, until = case.since, case.until
    return (not isinstance(since, dt.date) or since <= day) and (not isinstance(until, dt.date) or day < until)


def find_circle(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return the names of rules that build on one another in a circle; nothing where there is none."""
    on = {rule.name: rule.builds_on for rule in rules if rule.builds_on}
    for start in on:
        walked: list[str] = []
        at = start
        while at in on and at not in walked:
            walked.append(at)
            at = on[at]
        if at in walked:
            return tuple(walked[walked.index(at) :])
    return ()


def link_rules(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules, those that build on another of them asking only of whom that one asks something and who meets it.

    Raises
    ------
    ModelError
        If rules build on one another in a circle.
    """
    if circle := find_circle(rules):
        walk = " → ".join((*circle, circle[0]))
        raise ModelError(Text(f"规则互相建立在对方之上：{walk}", f"rules build on one another in a circle: {walk}"))
    by_name = {rule.name: rule for rule in rules}
    linked: dict[str, Rule] = {}

    def link(rule: Rule) -> Rule:
        if rule.name not in linked:
            base = by_name.get(rule.builds_on)
            linked[rule.name] = rule if base is None else _build(rule, link(base))
        return linked[rule.name]

    return tuple(link(rule) for rule in rules)


def _build(rule: Rule, base: Rule) -> Rule:
    """A rule that asks of those who meet `base`; the numbers of `base` stand under its name."""
    own = rule.asked_by_text
    first = [_of(base, before + met) for before in base.asked or ((),) for met in base.met]
    asked = tuple(one + more for one in first for more in own or ((),))
    numbers = {_numbered(base, name): tuple(replace(c, where=_of(base, c.where)) for c in cases) for name, cases in base.all_numbers.items()}
    inherits = not rule.superior or rule.superior == base.superior
    return replace(
        rule, asked=asked, asked_besides=own, numbers_before=numbers,
        superior=base.superior if inherits else rule.superior, superior_from=(base.superior_from or base.name) if inherits else "",
    )  # fmt: skip


def _of(base: Rule, condition: Condition) -> Condition:
    """A condition of `base` as it stands in a rule that builds on it."""
    return tuple(replace(clause, at_least=_bound(base, clause.at_least), at_most=_bound(base, clause.at_most)) for clause in condition)


def _bound(base: Rule, bound: Bound | None) -> Bound | None:
    return replace(bound, name=_numbered(base, bound.name)) if bound and bound.name else bound


def _numbered(base: Rule, name: str) -> str:
    return name if "." in name else f"{base.name}.{name}"


@dataclass(frozen=True, slots=True)
class NotApplied:
    """A text of the source that no rule of the pack applies, and why: it is not to be taken for checked."""

    article: Text
    text: Text
    why: Text


MEMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType({"full": ("full",), "probationary": ("probationary",)})
BODIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "own": ("branch", "general_branch", "committee"), "general": ("general_branch", "committee"), "superior": ("committee",),
        "temporary": ("temporary_branch",), "joint": ("joint_branch",), "group": ("group",), "post": ("liaison_post",),
        "managing": ("committee", "general_branch", "branch", "joint_branch", "temporary_branch"),
    }
)  # fmt: skip
OFFICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"secretary": ("书记",), "committee": ("书记", "副书记", "委员", "组织委员", "宣传委员", "纪检委员")}
)


@dataclass(frozen=True)
class RulePack:
    """A set of written rules under one name.

    Attributes
    ----------
    id : str
        Name of the pack.
    title, source : Text
        What it is, and where it comes from.
    rules : tuple of Rule
        Its own rules, then those that it includes from other packs.
    members : mapping of str to tuple of str
        Which stages count as full and as probationary members.
    bodies : mapping of str to tuple of str
        Which kinds of bodies a unit may have as its own, joint, temporary …, and which manage a membership.
    offices : mapping of str to tuple of str
        Which offices make a secretary and a member of the committee.
    not_applied : tuple of NotApplied
        Texts of the source that no rule applies.
    """

    id: str
    title: Text
    source: Text
    rules: tuple[Rule, ...]
    members: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MEMBERS)
    bodies: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: BODIES)
    offices: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: OFFICES)
    not_applied: tuple[NotApplied, ...] = ()

    def __post_init__(self) -> None:
        for name in ("members", "bodies", "offices"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(self, "rules", link_rules(self.rules))

    def __reduce__(self) -> tuple[Any, ...]:
        values = (dict(v) if isinstance(v := getattr(self, f.name), MappingProxyType) else v for f in fields(self))
        return type(self), tuple(values)

    def __iter__(self) -> Iterator[Rule]:
        yield from self.rules

    @property
    def texts(self) -> tuple[Text, ...]:
        """Everything that the pack says in words of its own, apart from reasons and remedies."""
        of_rules = (
            (
                rule.title,
                rule.text,
                rule.article,
                rule.source,
                rule.open_word,
                *(flag.heading for flag in rule.flags),
                *(s.name for s in rule.superior),
            )
            for rule in self.rules
        )
        of_left = ((left.article, left.text, left.why) for left in self.not_applied)
        return (self.title, self.source, *(text for texts in (*of_rules, *of_left) for text in texts))

    def find_rule(self, name: str) -> Rule:
        """Return the rule called `name`, with or without its pack: ``"s16"``, ``"acheng-2010.s16"``.

        Raises
        ------
        ParameterError
            If there is none.

        Examples
        --------
        >>> from graphkit.rules import read_rule_pack
        >>> read_rule_pack("acheng-2010").find_rule("s16").open_word.en
        'blank spot'
        """
        for rule in self.rules:
            if name in (rule.id, rule.name):
                return rule
        known = [rule.name for rule in self.rules]
        raise ParameterError(
            Text(
                f"规则包 {self.id} 没有规则 {name!r}；现有 {'、'.join(known)}",
                f"rule pack {self.id} has no rule {name!r}; there are {', '.join(known)}",
            ),
        )

    def with_numbers(self, numbers: Mapping[str, int]) -> RulePack:
        """Return the pack with other numbers, by ``"<rule>.<number>"``; a number so given holds on every day and in every case.

        Raises
        ------
        ParameterError
            If there is no such rule, or it has no such number.

        Examples
        --------
        >>> from graphkit.rules import read_rule_pack
        >>> read_rule_pack("acheng-2010").with_numbers({"s16.threshold": 4}).find_rule("s16").numbers["threshold"][0].value
        4
        """
        changed = {rule.name: rule for rule in self.rules}
        for place, value in numbers.items():
            name, _, number = place.rpartition(".")
            rule = self.find_rule(name)
            if number not in rule.numbers:
                raise ParameterError(Text(f"规则 {rule.name} 没有数值 {number!r}", f"rule {rule.name} has no number {number!r}"))
            changed[rule.name] = replace(changed[rule.name], numbers={**changed[rule.name].numbers, number: (Case(value),)})
        return replace(self, rules=tuple(changed.values()))
