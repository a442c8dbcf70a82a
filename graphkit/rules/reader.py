"""Reads rule packs from TOML, and refuses what contradicts itself: every mistake at once, each with the nearest word that would do."""

from __future__ import annotations

import datetime as dt
import difflib
import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphkit.errors import ParameterError
from graphkit.model.kinds import MODEL
from graphkit.rules.building import check_builds, refuse_circle
from graphkit.rules.conditions import Case, Condition
from graphkit.rules.facts import FACTS, KINDS
from graphkit.rules.pack import BODIES, MEMBERS, OFFICES, OPEN, Flag, NotApplied, Part, Rule, RulePack, Superior
from graphkit.rules.parsing import Place, Problems, check_words, parse_toml, read_any_of, read_condition, read_text
from graphkit.rules.templates import holes
from graphkit.words import Text

_PACK_KEYS = ("id", "title", "include", "source", "members", "bodies", "offices", "rules", "not_applied")
_RULE_KEYS = (
    "id", "title", "text", "applies_to", "source", "asked", "met", "numbers", "flags", "superior", "reason", "remedy", "open_word", "in_force_from",
    "in_force_until", "verified", "article", "article_certain", "builds_on",
)  # fmt: skip
_OUTCOMES = ("met", "open", "unknown")


def list_rule_packs() -> tuple[str, ...]:
    """Names of the rule packs shipped with graphkit.

    Examples
    --------
    >>> list_rule_packs()
    ('acheng-2010', 'branch-work-2018', 'extension', 'party-constitution', 'rural-2018')
    """
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.toml")))


def read_rule_pack(name_or_path: str | Path) -> RulePack:
    """Read a rule pack: one shipped with graphkit by its name, or a user's own by the path of its TOML file.

    Parameters
    ----------
    name_or_path : str or Path
        ``"acheng-2010"``, or a path that ends in ``.toml``.

    Returns
    -------
    RulePack
        Frozen; its own rules, then those that it includes.

    Raises
    ------
    ParameterError
        If no pack of that name is shipped.
    SourceError
        If the file cannot be read, or is not TOML.
    ModelError
        If the pack contradicts itself: every contradiction at once, each with what to do.

    Examples
    --------
    >>> pack = read_rule_pack("rural-2018")
    >>> pack.find_rule("art5").numbers["committee_from"][0].value
    100
    """
    return _read_any(name_or_path, ())


def _read_any(place: str | Path, above: tuple[str, ...]) -> RulePack:
    return _read_shipped(str(place)) if str(place) in list_rule_packs() else _read(place, above)


@functools.cache
def _read_shipped(name: str) -> RulePack:
    return _read(name, ())


def _read(place: str | Path, above: tuple[str, ...]) -> RulePack:
    """Read a pack and what it includes; `above` are the packs that are being read, which it may not include again."""
    path = _find(place)
    data = parse_toml(path)
    problems = Problems()
    pack = _Reader(problems).read(data)
    included: dict[str, Rule] = {rule.name: rule for rule in pack.rules}
    for name in _names(data.get("include", []), "include", problems):
        for rule in _include(place, name, (*above, str(path)), problems):
            included.setdefault(rule.name, rule)
    check_builds(pack.rules, included, problems)
    problems.refuse(Text(f"规则包 {path.name}", f"rule pack {path.name}"))
    return replace(pack, rules=tuple(included.values()))


def _find(place: str | Path) -> Path:
    path = Path(place)
    if path.suffix == ".toml":
        return path
    if str(place) not in list_rule_packs():
        close = difflib.get_close_matches(str(place), list_rule_packs(), 1)
        near = Text(f"是不是 {close[0]}？", f"did you mean {close[0]}? ") if close else Text("", "")
        raise ParameterError(
            Text(
                f"没有规则包 {str(place)!r}：{near.zh}现有 {'、'.join(list_rule_packs())}；自备的规则包请给出以 .toml 结尾的路径",
                f"no rule pack {str(place)!r}: {near.en}there are {', '.join(list_rule_packs())}; give your own by a path ending in .toml",
            ),
        )
    return Path(__file__).parent / f"{place}.toml"


def _include(place: str | Path, name: str, above: tuple[str, ...], problems: Problems) -> Iterable[Rule]:
    """Rules of another pack: all of ``"acheng-2010"`` or of a file beside this one, or one, ``"acheng-2010.s51"``."""
    whole, _, one = (name, "", "") if name.endswith(".toml") or name in list_rule_packs() else name.rpartition(".")
    other = Path(place).parent / name if name.endswith(".toml") else whole
    if str(_find(other)) in above:
        problems.add(Place(), f"include {name!r} 绕回了自己；请去掉其中一个", f"include {name!r} leads back to itself; leave one out")
        return ()
    rules = _read_any(other, above).rules
    chosen = [rule for rule in rules if not one or rule.id == one]
    if not chosen:
        problems.add_unknown(Place(), "include", one, [rule.id for rule in rules])
    for rule in chosen:  # what a rule builds on comes along
        chosen += [base for base in rules if base.name == rule.builds_on and base not in chosen]
    return chosen


def _names(value: object, key: str, problems: Problems) -> list[str]:
    if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
        return value
    problems.add(Place(), f'{key} = {value!r} 不是名称的列表；请写 {key} = ["…"]', f'{key} = {value!r} is no list of names; write {key} = ["…"]')
    return []


class _Reader:
    """Turns parsed TOML into a pack."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def read(self, data: Mapping[str, Any]) -> RulePack:
        here = Place()
        self._refuse_unknown(here, data, _PACK_KEYS)
        pack_id, source = self._string(here, data, "id"), read_text(here, data, "source", self.problems)
        rules = tuple(self._rule(entry, pack_id, source) for entry in self._entries(data))
        ids = [rule.id for rule in rules]
        for doubled in sorted({i for i in ids if ids.count(i) > 1}):
            self.problems.add(here, f"规则 {doubled!r} 出现两次；请给每条规则自己的 id", f"rule {doubled!r} stands twice; give each rule its own id")
        if refuse_circle(rules, self.problems):
            rules = tuple(replace(rule, builds_on="") for rule in rules)
        return RulePack(
            pack_id, read_text(here, data, "title", self.problems), source, rules, self._words(data, "members", MEMBERS, _stages()),
            self._words(data, "bodies", BODIES, _body_kinds()), self._words(data, "offices", OFFICES, ()),
            tuple(self._not_applied(n, entry) for n, entry in enumerate(data.get("not_applied", []), 1)),
        )  # fmt: skip

    def _entries(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        entries = data.get("rules", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or not (entries or data.get("include")):
            self.problems.add(Place(), "没有规则；请至少写一个 [[rules]] 表", "it has no rules; add at least one table [[rules]]")
            return []
        return entries

    def _rule(self, entry: Mapping[str, Any], pack_id: str, source: Text) -> Rule:
        here = Place(repr(entry.get("id", "?")))
        self._refuse_unknown(here, entry, _RULE_KEYS)
        kind = self._string(here, entry, "applies_to")
        if kind and kind not in FACTS:
            self.problems.add_unknown(here, "applies_to", kind, KINDS)
            kind = ""
        text, numbers = read_text(here, entry, "text", self.problems), self._numbers(here, kind, entry.get("numbers", {}))
        known = set(numbers)
        asked = read_any_of(here.at("asked"), kind, entry.get("asked", []), known, self.problems)
        met = read_any_of(here.at("met"), kind, entry.get("met", []), known, self.problems)
        if not met and "met" not in entry:
            self.problems.add(here, "没有 met；请写明怎样算落实", "has no met; say when it is met")
        rule = Rule(
            self._string(here, entry, "id"), read_text(here, entry, "title", self.problems) if "title" in entry else text, text, kind,
            read_text(here, entry, "source", self.problems) if "source" in entry else source, pack_id, met, asked, numbers,
            tuple(self._flag(here, kind, flag, known) for flag in self._tables(here, entry, "flags")),
            tuple(self._superior(here, kind, one, known) for one in self._tables(here, entry, "superior")),
            tuple(self._part(here, kind, "reason", part, known) for part in self._tables(here, entry, "reason")),
            tuple(self._part(here, kind, "remedy", part, known) for part in self._tables(here, entry, "remedy")),
            read_text(here, entry, "open_word", self.problems) if "open_word" in entry else OPEN,
            self._typed(here, entry, "in_force_from", dt.date, None), self._typed(here, entry, "in_force_until", dt.date, None),
            self._typed(here, entry, "verified", bool, False), read_text(here, entry, "article", self.problems) if "article" in entry else Text("", ""),
            self._typed(here, entry, "article_certain", bool, True), self._builds_on(here, entry, pack_id),
        )  # fmt: skip
        self._check(here, rule)
        return rule

    def _builds_on(self, here: Place, entry: Mapping[str, Any], pack_id: str) -> str:
        """Name of the rule that must be met first: of this pack by its id, of an included one with its pack."""
        if "builds_on" not in entry:
            return ""
        name = self._string(here, entry, "builds_on")
        return name if "." in name or not name else f"{pack_id}.{name}"

    def _check(self, here: Place, rule: Rule) -> None:
        if rule.in_force_from and rule.in_force_until and rule.in_force_until <= rule.in_force_from:
            self.problems.add(
                here, "in_force_until 不晚于 in_force_from；请改正其中一个日期",
                "in_force_until is not after in_force_from; correct one of the two dates",
            )  # fmt: skip
        used = {bound.name for condition in _conditions(rule) for clause in condition for bound in (clause.at_least, clause.at_most) if bound}
        for name in rule.numbers:
            if name not in used:
                self.problems.add(
                    here, f"数值 {name} 没有任何条件用到；请在 asked、met 或 flags 里写上它，或删去",
                    f"its number {name} is applied by nothing; name it in asked, met or flags, or leave it out",
                )  # fmt: skip

        known = [*rule.numbers, "superior", *(fact.name for fact in FACTS.get(rule.applies_to, ()) if fact.type == "count")]
        for part in (*rule.reason, *rule.remedy):
            for name in sorted(holes(part.text) - set(known)) if rule.applies_to else ():
                self.problems.add_unknown(here.at("reason, remedy"), "", name, known)

    def _numbers(self, here: Place, kind: str, value: object) -> dict[str, tuple[Case, ...]]:
        if not isinstance(value, dict):
            self.problems.add(here, f"numbers = {value!r} 不是表", f"numbers = {value!r} is no table")
            return {}
        return {name: self._cases(here.at("numbers", name), kind, cases) for name, cases in value.items()}

    def _cases(self, here: Place, kind: str, value: object) -> tuple[Case, ...]:
        """A number, or a list of cases: value, from, until, and facts that must hold; the last is for the rest."""
        entries = value if isinstance(value, list) else [{"value": value}]
        cases = [self._case(here, kind, entry if isinstance(entry, dict) else {"value": entry}) for entry in entries]
        if not cases or cases[-1].where or cases[-1].until:
            self.problems.add(
                here,
                "最后一种情形须不带条件，也不带 until",
                "its last case must hold without a condition and without until",
            )
        return tuple(cases)

    def _case(self, here: Place, kind: str, entry: Mapping[str, Any]) -> Case:
        number = entry.get("value")
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            self.problems.add(here, f"{number!r} 须是不小于 0 的整数", f"{number!r} must be a whole number, 0 or more")
            number = 0
        since, until = (self._typed(here, entry, name, dt.date, None) for name in ("from", "until"))
        rest = {name: given for name, given in entry.items() if name not in ("value", "from", "until")}
        return Case(number, since, until, read_condition(here, kind, rest, set(), self.problems))

    def _flag(self, here: Place, kind: str, entry: Mapping[str, Any], numbers: set[str]) -> Flag:
        self._refuse_unknown(here.at("flags"), entry, ("id", "when", "zh", "en"))
        name = self._string(here.at("flags"), entry, "id")
        heading = read_text(here, {"flags": {k: entry[k] for k in ("zh", "en") if k in entry}}, "flags", self.problems)
        return Flag(name, heading, read_any_of(here.at("flags", name), kind, entry.get("when", []), numbers, self.problems))

    def _part(self, here: Place, kind: str, key: str, entry: Mapping[str, Any], numbers: set[str]) -> Part:
        self._refuse_unknown(here.at(key), entry, ("when", "outcome", "zh", "en"))
        outcomes = entry.get("outcome", [])
        outcomes = [outcomes] if isinstance(outcomes, str) else outcomes
        for word in outcomes:
            if word not in _OUTCOMES:
                self.problems.add_unknown(here, f"{key}.outcome", str(word), _OUTCOMES)
        text = read_text(here, {key: {k: entry[k] for k in ("zh", "en") if k in entry}}, key, self.problems)
        return Part(text, read_any_of(here.at(key), kind, entry.get("when", []), numbers, self.problems), tuple(outcomes))

    def _superior(self, here: Place, kind: str, entry: Mapping[str, Any], numbers: set[str]) -> Superior:
        place = here.at("superior")
        self._refuse_unknown(place, entry, ("name", "path", "kinds", "management", "where"))
        path = tuple(_names(entry.get("path", []), "superior.path", self.problems))
        self._check_path(place, kind, path)
        kinds, management = (tuple(_names(entry.get(name, []), name, self.problems)) for name in ("kinds", "management"))
        check_words(place, "kinds", kinds, _body_kinds(), self.problems)
        check_words(place, "management", management, _ways(), self.problems)
        where: Condition = read_condition(place, kind, entry.get("where", {}), numbers, self.problems)
        return Superior(read_text(place, entry, "name", self.problems), path, kinds, management, where)

    def _check_path(self, here: Place, kind: str, path: tuple[str, ...]) -> None:
        """Each tie must begin where the one before ended, from a body to the subject's kind; a walk of one tie ends at a body."""
        ties = {tie.table: tie for tie in MODEL.ties}
        at = "Branch"
        for name in path:
            if name not in ties:
                self.problems.add_unknown(here, "path", name, list(ties))
                return
            ends = (ties[name].source, ties[name].target)
            if at not in ends:
                self.problems.add(here, f"path 在 {name} 处断开：它不连 {at}", f"the path breaks at {name}: it does not touch {at}")
                return
            at = ends[1] if ends[0] == at else ends[0]
        if path and kind and at != ("Branch" if len(path) == 1 else kind):
            self.problems.add(here, f"path 止于 {at}，须回到 {kind}", f"the path ends at {at}; it must lead back to {kind}")

    def _not_applied(self, number: int, entry: Mapping[str, Any]) -> NotApplied:
        here = Place(f"not_applied {number}")
        self._refuse_unknown(here, entry, ("article", "text", "why"))
        return NotApplied(*(read_text(here, entry, key, self.problems) for key in ("article", "text", "why")))

    def _words(
        self, data: Mapping[str, Any], key: str, usual: Mapping[str, tuple[str, ...]], allowed: tuple[str, ...]
    ) -> Mapping[str, tuple[str, ...]]:
        given = data.get(key, {})
        if not isinstance(given, dict):
            self.problems.add(Place(), f"{key} = {given!r} 不是表", f"{key} = {given!r} is no table")
            return usual
        self._refuse_unknown(Place(), given, tuple(usual))
        read = {name: tuple(_names(words, f"{key}.{name}", self.problems)) for name, words in given.items()}
        if allowed:
            for name, words in read.items():
                check_words(Place(), f"{key}.{name}", words, allowed, self.problems)
        return {**usual, **read}

    def _tables(self, here: Place, entry: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = entry.get(key, [])
        tables = [value] if isinstance(value, dict) else value
        if isinstance(tables, list) and all(isinstance(table, dict) for table in tables):
            return tables
        self.problems.add(here, f"{key} 须是一个表或几个表", f"{key} must be a table or a list of tables")
        return []

    def _typed(self, here: Place, entry: Mapping[str, Any], key: str, wanted: type, usual: Any) -> Any:
        value = entry.get(key, usual)
        if value is usual or (isinstance(value, wanted) and not isinstance(value, dt.datetime)):
            return value
        word = Text("日期（如 2018-12-28）", "date such as 2018-12-28") if wanted is dt.date else Text(" true 或 false", "true or false")
        self.problems.add(here, f"{key} = {value!r} 不是{word.zh}", f"{key} = {value!r} is no {word.en}")
        return usual

    def _refuse_unknown(self, here: Place, entry: Mapping[str, Any], known: Iterable[str]) -> None:
        for key in entry:
            if key not in known:
                self.problems.add_unknown(here, "", key, list(known))

    def _string(self, here: Place, entry: Mapping[str, Any], key: str) -> str:
        value = entry.get(key)
        if isinstance(value, str) and value:
            return value
        self.problems.add(here, f"没有 {key}", f"has no {key}")
        return ""


def _conditions(rule: Rule) -> list[Condition]:
    flags = [condition for flag in rule.flags for condition in flag.when]
    said = [condition for part in (*rule.reason, *rule.remedy) for condition in part.when]
    return [*rule.asked, *rule.met, *flags, *said, *(superior.where for superior in rule.superior)]


def _values(kind: str, name: str) -> tuple[str, ...]:
    return next(column.values for column in MODEL.node_type(kind).properties if column.name == name)


def _stages() -> tuple[str, ...]:
    return _values("Member", "stage")


def _body_kinds() -> tuple[str, ...]:
    return _values("Branch", "kind")


def _ways() -> tuple[str, ...]:
    return _values("Branch", "management")
