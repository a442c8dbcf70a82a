"""What to say of a verdict: reason, what is in doubt, remedy, superior; once for each case, never row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphkit.questions.coverage.bodies import UNKNOWN_BODIES
from graphkit.questions.coverage.cases import Cases
from graphkit.rules.conditions import Clause, Condition, Facts, Ints, Numbers, may_hold
from graphkit.rules.facts import FACTS, SUPERIOR
from graphkit.rules.judge import Verdicts, on_record, raised, said
from graphkit.rules.pack import Part, Rule
from graphkit.rules.templates import fill, holes, join
from graphkit.words import NO_TERMS, Terms, Text

NOTHING = Text("无需处理", "nothing to do")
_NO_SUPERIOR = Text("规则所指的上级", "the superior that the rule names")
_DOUBTS = {
    "stage_of_people": (Text("另有{unknown}人发展阶段未知，可能改变结论", "the stage of {unknown} more is unknown, which may change this"),
                        Text("先核实人员的发展阶段", "first find out the stage of the people")),
    "kind_of_bodies": (Text("另有{unknown}个党组织类别未知，可能改变结论", "{unknown:body:bodies} of unknown kind, which may change this"),
                       Text("先核实党组织的类别", "first find out the kind of the body")),
}  # fmt: skip
_NOT_KNOWN = (
    (Text("涉及它的有搁置的行或未读出的格，可能改变结论", "rows set aside or cells not read concern it, which may change this"),
     Text("先改正涉及它的行", "first put the rows right that concern it")),
    (Text("应有而缺的行可能改变结论", "rows that are missing may change this"), Text("先补全名单", "first complete the list")),
)  # fmt: skip
"""Of what was not read, and of rows that are missing."""


@dataclass(frozen=True, slots=True)
class Told:
    """Words of each case under one rule."""

    reason: list[Text]
    remedy: list[Text]
    flags: list[str]
    superior: list[Text | None]


def tell_cases(
    rule: Rule, cases: Cases, facts: Facts, wider: tuple[Facts, Facts], *, numbers: Numbers, verdicts: Verdicts, terms: Terms = NO_TERMS
) -> Told:
    """Say of each case why, what is in doubt, and what to do.

    `facts` are on record; `wider` are the same as far apart as what was not read leaves them, and as far as missing rows do.
    A pack speaks in its own words; what is said beside it is put in `terms`.
    """
    record = on_record(facts)
    _, outcomes = verdicts.words()
    superiors = name_superiors(rule, facts, numbers)
    values = _Values(rule, cases, record, numbers)
    reason = _say(rule.reason, numbers, outcomes, values, superiors)
    remedy = _say(rule.remedy, numbers, outcomes, values, superiors)
    doubts = [[(terms.put(why), terms.put(do)) for why, do in found] for found in _doubts(rule, cases, facts, wider, verdicts)]
    if not rule.reason:
        reason = [[terms.put(fact) for fact in _list_facts(rule, values, case)] for case in range(facts.size)]
    return Told(
        [join([*parts, *(doubt[0] for doubt in doubt_of)]) for parts, doubt_of in zip(reason, doubts, strict=True)],
        [_remedy(rule, *case) for case in zip(remedy, ([doubt[1] for doubt in doubt_of] for doubt_of in doubts), outcomes, strict=True)],
        _flags(rule, wider[1], numbers),
        superiors,
    )


class _Values:
    """Numbers to be put into the sentences of a case."""

    def __init__(self, rule: Rule, cases: Cases, record: Facts, numbers: Numbers) -> None:
        self.record, self.counts = record, record.low
        self.numbers = {name: _number_of(name, record, numbers) for name in rule.numbers}
        self.rule, self.cases = rule, cases

    def column(self, name: str) -> Ints:
        """Return a count or number of all cases."""
        return self.numbers[name] if name in self.numbers else self.counts[name]

    def of(self, case: int) -> dict[str, int]:
        """Return the counts and numbers of one case."""
        return {name: int(v[case]) for name, v in (*self.counts.items(), *self.numbers.items())}


def _number_of(name: str, record: Facts, numbers: Numbers) -> Ints:
    """The value of a number in each case, the first that may hold."""
    found, open_ = np.zeros(record.size, np.int64), np.ones(record.size, bool)
    for value, where in numbers[name]:
        yes, _ = may_hold(where, record, numbers)
        found = np.where(open_ & yes, value, found)
        open_ &= ~yes
    return found


def _say(parts: Sequence[Part], numbers: Numbers, outcomes: Sequence[str], values: _Values, superiors: Sequence[Text | None]) -> list[list[Text]]:
    """The sentences of each case; those with the same numbers in them are written once."""
    sentences: list[list[Text]] = [[] for _ in range(values.record.size)]
    words = np.array(outcomes, object)
    for part, holds in zip(parts, said(parts, values.record, numbers), strict=True):
        spoken = np.flatnonzero(holds & np.isin(words, part.outcomes)) if part.outcomes else np.flatnonzero(holds)
        names = sorted(holes(part.text) - {"superior"})
        columns = [values.column(name)[spoken].tolist() for name in names]
        names_one = "superior" in holes(part.text)
        written: dict[object, Text] = {}
        for case, *found in zip(spoken.tolist(), *columns, strict=True):
            superior = (superiors[case] if names_one else None) or _NO_SUPERIOR
            key = (superior, *found)
            if key not in written:
                written[key] = fill(part.text, dict(zip(names, found, strict=True)), {"superior": superior})
            sentences[case].append(written[key])
    return sentences


def _remedy(rule: Rule, parts: list[Text], first: list[Text], outcome: str) -> Text:
    """What to find out, then what to do; a rule that is open and says nothing for the case asks for what it says."""
    if outcome == "open" and not parts:
        parts = [Text(f"按规则落实：{rule.title.zh}", f"do what the rule asks: {rule.title.en}")]
    return join([*first, *parts]) if parts or first else NOTHING


def _flags(rule: Rule, facts: Facts, numbers: Numbers) -> list[str]:
    up = raised(rule.flags, facts, numbers)
    return [";".join(flag.id for flag, so in zip(rule.flags, up, strict=True) if so[case]) for case in range(facts.size)]


def name_superiors(rule: Rule, facts: Facts, numbers: Numbers) -> list[Text | None]:
    """The superior that the rule names in each case; None where it names none, or which it is hangs on something unknown."""
    names: list[Text | None] = [None] * facts.size
    for superior in rule.superior:
        so, otherwise = may_hold(superior.where, facts, numbers)
        for case in np.flatnonzero(so & ~otherwise):
            names[case] = superior.name if names[case] is None else names[case]
    return names


def agree(rule: Rule, columns: Mapping[str, NDArray[np.int64]], facts: Facts, numbers: Numbers, names: Sequence[str]) -> NDArray[np.object_]:
    """Whether a body that covers each case reports to the superior that the rule names: yes, no, or None where that cannot be told."""
    found = np.full(facts.size, None, object)
    if not rule.superior:
        return found
    yes, maybe, no = (np.zeros(facts.size, bool) for _ in range(3))
    for superior, name in zip(rule.superior, names, strict=True):
        so, otherwise = may_hold(superior.where, facts, numbers)
        there = columns[f"{name}_superiors"] > 0
        if len(superior.path) > 1:
            there &= columns["places"] > 0
        agrees, unsure = columns[f"{name}_agree"] > 0, columns[f"{name}_unsure"] > 0
        yes |= so & ~otherwise & there & agrees
        maybe |= so & (otherwise | ~there | (unsure & ~agrees))
        no |= so & there & ~agrees & ~unsure
    found[no & ~maybe], found[yes] = False, True
    return found


def _doubts(rule: Rule, cases: Cases, facts: Facts, wider: tuple[Facts, Facts], verdicts: Verdicts) -> list[list[tuple[Text, Text]]]:
    """What is unknown of each case whose verdict may change, in words, and what to find out first."""
    found: list[list[tuple[Text, Text]]] = [[] for _ in range(cases.size)]
    asked, outcomes = verdicts.words()
    may_ask = verdicts.asked
    wanted = {clause.fact for clause in _clauses(rule)}
    for case in range(cases.size):
        if may_ask[case] and (asked[case] == "unknown" or outcomes[case] == "unknown"):
            found[case] = [*(about for about, more in zip(_NOT_KNOWN, _wider(facts, *wider, case, wanted), strict=True) if more)]
            found[case] = list(_doubt(cases, facts, case, wanted, told=found[case]))
    return found


def _clauses(rule: Rule) -> list[Clause]:
    conditions: list[Condition] = [*rule.asked, *rule.met, *(case.where for values in rule.all_numbers.values() for case in values)]
    return [clause for condition in conditions for clause in condition]


def _wider(facts: Facts, read: Facts, wide: Facts, case: int, wanted: set[str]) -> tuple[bool, bool]:
    """Whether what was not read widens what is known of a case, and whether missing rows do."""

    def differ(one: Facts, other: Facts) -> bool:
        counts = any(one.low[name][case] != other.low[name][case] or one.high[name][case] != other.high[name][case] for name in wanted & set(one.low))
        return counts or any(one.words[name][case] != other.words[name][case] for name in wanted & set(one.words))

    return differ(facts, read), differ(read, wide)


def _doubt(cases: Cases, facts: Facts, case: int, wanted: set[str], *, told: list[tuple[Text, Text]]) -> list[tuple[Text, Text]]:
    doubts, columns = told, cases.columns
    varying = {name for name in wanted if name in facts.low and facts.low[name][case] != facts.high[name][case]}
    for key, sources, about in (
        ("stage_of_people", ("unknown_stage_members",), {"full_members", "probationary_members", "party_members"}),
        ("kind_of_bodies", (*UNKNOWN_BODIES, "unknown_managing"), varying - {"full_members", "probationary_members", "party_members"}),
    ):
        unknown = sum(int(columns[name][case]) for name in sources if name in columns)
        if unknown and about & varying:
            doubts.append((fill(_DOUBTS[key][0], {"unknown": unknown}, {}), _DOUBTS[key][1]))
    for fact in (*FACTS[cases.kind], SUPERIOR):
        if fact.name in wanted and fact.name in facts.words and facts.words[fact.name][case] is None:
            name = fact.heading
            doubts.append((Text(f"{name.zh}未知", f"{name.en}: unknown"), Text(f"先核实{name.zh}", f"first find out: {name.en}")))
    if varying and not doubts:
        doubts.append((Text("登记的情况不足以判断", "what is on record does not decide it"), Text("先补全登记", "first complete the record")))
    return doubts


def _list_facts(rule: Rule, values: _Values, case: int) -> list[Text]:
    """The counts that a rule without words of its own asks about."""
    wanted, of = {clause.fact for clause in _clauses(rule)}, values.of(case)
    facts = [fact for fact in FACTS[rule.applies_to] if fact.name in wanted and fact.name in of]
    return [Text(f"{fact.heading.zh}{of[fact.name]:,}", f"{fact.heading.en}: {of[fact.name]:,}") for fact in facts]
