"""Rule packs: written rules as data, read from TOML, checked against themselves before anyone is judged by them.

A pack is one TOML file. Shipped with graphkit: ``acheng-2010``, ``party-constitution``,
``branch-work-2018`` and ``rural-2018``; a user's own is read by its path. Each rule carries its text in
Chinese and English, the threshold, any bounds, the cases it speaks of, the superior body it names, the
days it is in force, its source, and whether that source was verified.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from graphkit.errors import ModelError, ParameterError, SourceError
from graphkit.model.kinds import MEMBER, MODEL
from graphkit.words import Text

When = Literal["enough", "few", "any"]

_UNKNOWN = "unknown"
CASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Cooperative": (*next(p for p in MODEL.node_type("Cooperative").properties if p.name == "scope").values, _UNKNOWN),
        "Village": (),
        "Member": (*next(p for p in MEMBER.properties if p.name == "stage").values, _UNKNOWN),
        "Household": ("poor", "not_poor", _UNKNOWN),
    }
)  # kinds that find_coverage_gaps judges, and the cases that a rule may tell apart in each
DATA_ONLY = ("Branch", "Pairing")  # a pack may hold rules about these; no question applies them yet
SUPERIOR_CHECKS = ("village_body", "township_committee", "sector_committee")


@dataclass(frozen=True)
class Rule:
    """One written rule.

    Attributes
    ----------
    id : str
        Unique in its pack; ``name`` is ``"<pack>.<id>"``.
    text, source : Text
        What it says, and where.
    applies_to : str
        Kind of node it speaks of: Cooperative, Village, Member, Household; or Branch, Pairing (data only).
    when : {"enough", "few", "any"}
        Whether it speaks of a unit with full members at or above `threshold`, below it, or either.
    scope : tuple of str
        Cases it speaks of, empty for all: how far a co-operative reaches, a person's stage, whether a household is poor.
    threshold : int or None
        Full members, people.
    bounds : mapping of str to int
        Settings beside the threshold, such as ``branch_at_most`` (people).
    remedy, superior : Text or None
        What it asks for, and the superior body it names.
    superior_check : tuple of str
        How to tell that a body reports to that superior; any of these will do, none: it cannot be told.
    in_force_from, in_force_until : date or None
        First day in force, and first day no longer; None: no such day is known.
    verified : bool
        Whether the text was seen in an official source.
    article, article_certain : Text, bool
        Its number in the source, and whether that number was seen there.
    pack : str
        Id of the pack.
    """

    id: str
    text: Text
    applies_to: str
    source: Text
    pack: str
    when: When = "any"
    scope: tuple[str, ...] = ()
    threshold: int | None = None
    bounds: Mapping[str, int] = field(default_factory=dict)
    remedy: Text | None = None
    superior: Text | None = None
    superior_check: tuple[str, ...] = ()
    in_force_from: dt.date | None = None
    in_force_until: dt.date | None = None
    verified: bool = False
    article: Text = Text("", "")
    article_certain: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "bounds", MappingProxyType(dict(self.bounds)))

    def __reduce__(self) -> tuple[Any, ...]:
        values = (dict(self.bounds) if f.name == "bounds" else getattr(self, f.name) for f in fields(self))
        return type(self), tuple(values)  # built anew where it is unpickled: a read-only view cannot be sent

    @property
    def name(self) -> str:
        """Id of the rule with its pack, ``"acheng-2010.s12"``."""
        return f"{self.pack}.{self.id}"

    def is_in_force(self, day: dt.date) -> bool:
        """Whether the rule is in force on `day`; an unknown day excludes nothing."""
        return (self.in_force_from is None or self.in_force_from <= day) and (self.in_force_until is None or day < self.in_force_until)

    def speaks_of(self, kind: str, case: str | None, when: When) -> bool:
        """Whether the rule decides this `case` of this `kind`."""
        return self.applies_to == kind and (not self.scope or case in self.scope) and self.when in ("any", when)

    def cite(self) -> Text:
        """Name, article and text in one line; an article number that was not seen is marked as uncertain."""
        zh, en = ("", "") if self.article_certain else ("（条号未核实）", " (article number not verified)")
        return Text(f"{self.name} {self.article.zh}{zh}：{self.text.zh}", f"{self.name} {self.article.en}{en}: {self.text.en}")


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
        Its own rules.
    near_missing : int
        A unit is near the threshold with at most so many full members short of it, people; 0: never.
    near_counts_probationary : bool
        Near, too, if the probationary members would be enough once admitted.
    fallback : tuple of RulePack
        Packs asked, in this order, about a case on which this one is silent; those they fall back on come after them.
    """

    id: str
    title: Text
    source: Text
    rules: tuple[Rule, ...]
    near_missing: int = 1
    near_counts_probationary: bool = True
    fallback: tuple[RulePack, ...] = ()

    def __iter__(self) -> Iterator[Rule]:
        """All rules: its own, then those of the packs it falls back on."""
        yield from self.rules
        for pack in self.fallback:
            yield from pack.rules

    def find_rule(self, kind: str, *, case: str | None = None, when: When = "enough", as_of: dt.date | None = None) -> Rule:
        """Return the rule for one case: the pack's own first, one in force on `as_of` before one that is not.

        Parameters
        ----------
        kind : str
            Cooperative, Village, Member or Household.
        case : str, optional
            Scope of a co-operative, stage of a person, or poor, not_poor; ``"unknown"``.
        when : {"enough", "few"}
            At or above the threshold, or below it.
        as_of : date, optional
            Day on which it should be in force.

        Raises
        ------
        ModelError
            If neither the pack nor its fallback speaks of the case.

        Examples
        --------
        >>> read_rule_pack("acheng-2010").find_rule("Cooperative", case="village").superior.en
        "the village's general branch (or its branch)"
        """
        for pack in (self, *self.fallback):
            found = [rule for rule in pack.rules if rule.speaks_of(kind, case, when)]
            if found:
                return next((rule for rule in found if as_of is None or rule.is_in_force(as_of)), found[0])
        raise ModelError(
            f"rule pack {self.id}: no rule for {kind} {case or ''} ({when}); add one, or name a pack under `fallback` that has one",
            zh=f"规则包 {self.id}：没有针对 {f'{kind} {case}' if case else kind}（{when}）的规则；请补上，或在 `fallback` 中写上有这条规则的规则包",
        )

    def threshold(self, kind: str) -> int:
        """Full members from which a unit of `kind` (Cooperative or Village) is due a body of its own."""
        case = CASES[kind][0] if CASES[kind] else None
        value = self.find_rule(kind, case=case).threshold
        if value is None:
            raise ModelError(
                f"rule pack {self.id}: its rule for {kind} has no threshold; write `threshold = 3`, or whatever the rule says",
                zh=f"规则包 {self.id}：针对 {kind} 的规则没有门槛；请写 `threshold = 3`，数值以规则为准",
            )
        return value


def list_rule_packs() -> tuple[str, ...]:
    """Names of the rule packs shipped with graphkit.

    Examples
    --------
    >>> list_rule_packs()
    ('acheng-2010', 'branch-work-2018', 'party-constitution', 'rural-2018')
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
        Frozen; its own rules, and the packs it falls back on.

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
    >>> pack.threshold("Village"), pack.find_rule("Village").bounds["committee_from"]
    (3, 100)
    """
    draft = _read_alone(name_or_path)
    whole = draft.build(tuple(_fallbacks(name_or_path, draft, {draft.pack.id})))
    _refuse_silence(whole)
    return whole


def _fallbacks(place: str | Path, draft: _Draft, seen: set[str]) -> Iterator[RulePack]:
    """The packs that a pack falls back on, then those that they fall back on; each once."""
    drafts = [(beside, _read_alone(beside)) for beside in (_beside(place, name) for name in draft.fallback_names)]
    fresh = [(beside, other) for beside, other in drafts if other.pack.id not in seen]
    seen.update(other.pack.id for _, other in fresh)
    yield from (other.pack for _, other in fresh)
    for beside, other in fresh:
        yield from _fallbacks(beside, other, seen)


@dataclass(frozen=True)
class _Draft:
    """A pack as read, before its fallback is known."""

    pack: RulePack
    fallback_names: tuple[str, ...]

    def build(self, fallback: tuple[RulePack, ...]) -> RulePack:
        return replace(self.pack, fallback=fallback)


def _beside(pack: str | Path, name: str) -> str | Path:
    """A fallback is a shipped name, or a file beside the pack that names it."""
    return Path(pack).parent / name if name.endswith(".toml") else name


def _read_alone(name_or_path: str | Path) -> _Draft:
    path = Path(name_or_path)
    if path.suffix != ".toml":
        if str(name_or_path) not in list_rule_packs():
            raise ParameterError(
                f"no rule pack {str(name_or_path)!r}: there are {', '.join(list_rule_packs())}; give your own by a path ending in .toml",
                zh=f"没有规则包 {str(name_or_path)!r}：现有 {'、'.join(list_rule_packs())}；自备的规则包请给出以 .toml 结尾的路径",
            )
        path = Path(__file__).parent / f"{name_or_path}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        why = error.strerror
        raise SourceError(
            f"cannot be read ({why}); check the path of the rule pack", zh=f"读不了（{why}）；请检查规则包的路径", path=str(path)
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"is no TOML file in UTF-8: {error}", zh=f"不是 UTF-8 编码的 TOML 文件（{error}）", path=str(path)) from None
    return _Reader(path.name).read(data)


_PACK_KEYS = ("id", "title", "fallback", "near", "source", "rules")
_RULE_TYPES: Mapping[str, type] = MappingProxyType(
    {
        "id": str, "text": dict, "applies_to": str, "when": str, "scope": list, "threshold": int, "bounds": dict, "remedy": dict, "superior": dict,
        "superior_check": list, "in_force_from": dt.date, "in_force_until": dt.date, "verified": bool, "article": dict, "article_certain": bool,
        "source": dict,
    }
)  # fmt: skip


_PACK, _NEAR = Text("规则包", "the pack"), Text("[near]", "[near]")


class _Reader:
    """Turns parsed TOML into a pack, collecting every contradiction before it raises."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.problems: list[Text] = []

    def _report(self, where: Text, zh: str, en: str) -> None:
        self.problems.append(Text(f"{where.zh}：{zh}", f"{where.en}: {en}"))

    def read(self, data: Mapping[str, Any]) -> _Draft:
        self._refuse_unknown(_PACK, data, _PACK_KEYS)
        pack_id = self._string(_PACK, data, "id")
        source = self._text(_PACK, data, "source")
        near = self._table(data, "near")
        self._refuse_unknown(_NEAR, near, ("missing", "counts_probationary"))
        rules = tuple(self._rule(entry, pack_id, source) for entry in self._entries(data))
        self._check_together(rules)
        fallback = self._strings(_PACK, data.get("fallback", []), "fallback")
        pack = RulePack(pack_id, self._text(_PACK, data, "title"), source, rules, self._missing(near), self._counts_probationary(near))
        if self.problems:
            en, zh = ("\n  ".join(problem.say(lang) for problem in self.problems) for lang in ("en", "zh"))
            raise ModelError(f"rule pack {self.place}:\n  {en}", zh=f"规则包 {self.place}：\n  {zh}")
        return _Draft(pack, tuple(fallback))

    def _entries(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        entries = data.get("rules")
        if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
            self.problems.append(Text("没有规则；请至少写一个 [[rules]] 表", "it has no rules; add at least one table [[rules]]"))
            return []
        return entries

    def _rule(self, entry: Mapping[str, Any], pack_id: str, source: Text) -> Rule:
        name = repr(entry.get("id", "?"))
        where = Text(f"规则 {name}", f"rule {name}")
        self._refuse_unknown(where, entry, tuple(_RULE_TYPES))
        fit = self._of_right_type(where, entry)
        rule = Rule(
            id=self._string(where, fit, "id"),
            text=self._text(where, fit, "text"),
            applies_to=self._string(where, fit, "applies_to"),
            source=self._text(where, fit, "source") if "source" in fit else source,
            article=self._text(where, fit, "article") if "article" in fit else Text("", ""),
            pack=pack_id,
            scope=tuple(self._strings(where, fit.get("scope", []), "scope")),
            bounds=fit.get("bounds", {}),
            superior_check=tuple(self._strings(where, fit.get("superior_check", []), "superior_check")),
            remedy=self._text(where, fit, "remedy") if "remedy" in fit else None,
            superior=self._text(where, fit, "superior") if "superior" in fit else None,
            **{key: fit[key] for key in _PLAIN if key in fit},
        )
        self._check_alone(where, rule)
        return rule

    def _of_right_type(self, where: Text, entry: Mapping[str, Any]) -> dict[str, Any]:
        fit = {}
        for key, value in entry.items():
            wanted = _RULE_TYPES.get(key, object)
            wrong = (
                not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)) or (wanted is dt.date and isinstance(value, dt.datetime))
            )
            if wrong:
                word = _TYPE_WORDS[wanted]
                self._report(where, f"{key} = {value!r} 不是{word.zh}", f"{key} = {value!r} is no {word.en}")
            else:
                fit[key] = value
        return fit

    def _report_none_of(self, where: Text, given: str, known: tuple[str, ...]) -> None:
        usable = f"可用的是 {'、'.join(known)}" if known else "该类不分情形"
        self._report(where, f"{given} 不可用；{usable}", f"{given} is none of {', '.join(known) or 'those of its kind'}")

    def _check_alone(self, where: Text, rule: Rule) -> None:
        kinds, cases = (*CASES, *DATA_ONLY), CASES.get(rule.applies_to, ())
        if rule.applies_to and rule.applies_to not in kinds:
            self._report_none_of(where, f"applies_to = {rule.applies_to!r}", kinds)
        if rule.when not in get_args(When):
            self._report_none_of(where, f"when = {rule.when!r}", get_args(When))
        if unknown := set(rule.scope) - set(cases):
            self._report_none_of(where, f"scope {', '.join(sorted(unknown))}", cases)
        if unknown := set(rule.superior_check) - set(SUPERIOR_CHECKS):
            self._report_none_of(where, f"superior_check {', '.join(sorted(unknown))}", SUPERIOR_CHECKS)
        if rule.in_force_from and rule.in_force_until and rule.in_force_until <= rule.in_force_from:
            self._report(
                where,
                "in_force_until 不晚于 in_force_from；请改正其中一个日期",
                "in_force_until is not after in_force_from; correct one of the two dates",
            )
        self._check_numbers(where, rule)

    def _check_numbers(self, where: Text, rule: Rule) -> None:
        if rule.threshold is None and rule.applies_to in ("Cooperative", "Village"):
            self._report(
                where, "没有门槛；请写 `threshold = 3`，数值以规则为准", "has no threshold; write `threshold = 3`, or whatever the rule says"
            )
        if rule.threshold is not None and rule.threshold < 1:
            self._report(where, f"threshold = {rule.threshold} 须不小于 1", f"threshold = {rule.threshold} must be 1 or more")
        for key, value in rule.bounds.items():
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                self._report(where, f"界限 {key} = {value!r} 须是不小于 0 的整数", f"bound {key} = {value!r} must be a whole number, 0 or more")
        general, committee = rule.bounds.get("general_branch_from"), rule.bounds.get("committee_from")
        if isinstance(general, int) and isinstance(committee, int) and committee <= general:
            self._report(where, "committee_from 须大于 general_branch_from", "committee_from must be above general_branch_from")

    def _check_together(self, rules: tuple[Rule, ...]) -> None:
        ids = [rule.id for rule in rules]
        self.problems += [
            Text(f"规则 {doubled!r} 出现两次；请给每条规则自己的 id", f"rule {doubled!r} stands twice; give each rule its own id")
            for doubled in sorted({i for i in ids if ids.count(i) > 1})
        ]
        for kind in ("Cooperative", "Village"):
            values = {rule.threshold for rule in rules if rule.applies_to == kind and rule.threshold is not None}
            if len(values) > 1:
                self.problems.append(_different_thresholds(kind, sorted(values)))
        self.problems += [
            Text(
                f"规则 {one.id!r} 与 {other.id!r} 在同一天判定同一情形；请收窄其中一条的 scope、when 或生效日期",
                f"rules {one.id!r} and {other.id!r} both decide the same case on the same day; narrow the scope, when, or the days in force of one",
            )
            for position, one in enumerate(rules)
            for other in rules[position + 1 :]
            if _overlap(one, other)
        ]

    def _table(self, data: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = data.get(key, {})
        if not isinstance(value, dict):
            self.problems.append(
                Text(
                    f"{key} = {value!r} 不是表；请写 [{key}]，各项设置写在其下",
                    f"{key} = {value!r} is no table; write [{key}] and its settings below it",
                )
            )
            return {}
        return value

    def _strings(self, where: Text, value: object, key: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._report(
                where, f'{key} = {value!r} 不是名称的列表；请写 {key} = ["…"]', f'{key} = {value!r} is no list of names; write {key} = ["…"]'
            )
            return []
        return value

    def _missing(self, near: Mapping[str, Any]) -> int:
        value = near.get("missing", 1)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self._report(_NEAR, f"missing = {value!r} 须是不小于 0 的人数", f"missing = {value!r} must be a whole number of people, 0 or more")
            return 1
        return value

    def _counts_probationary(self, near: Mapping[str, Any]) -> bool:
        value = near.get("counts_probationary", True)
        if not isinstance(value, bool):
            self._report(_NEAR, f"counts_probationary = {value!r} 须是 true 或 false", f"counts_probationary = {value!r} must be true or false")
            return True
        return value

    def _refuse_unknown(self, where: Text, entry: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in entry:
            if key not in known:
                self._report(where, f"没有 {key!r} 这项设置；现有 {'、'.join(known)}", f"unknown setting {key!r}; there are {', '.join(known)}")

    def _string(self, where: Text, entry: Mapping[str, Any], key: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value:
            self._report(where, f"没有 {key}", f"has no {key}")
            return ""
        return value

    def _text(self, where: Text, entry: Mapping[str, Any], key: str) -> Text:
        value = entry.get(key)
        both = isinstance(value, dict) and set(value) == {"zh", "en"} and all(isinstance(v, str) and v for v in value.values())
        if not both:
            shape = f'{key} = {{ zh = "…", en = "…" }}'
            self._report(where, f"{key} 须有两种语言：{shape}", f"{key} needs both languages: {shape}")
            return Text("", "")
        return Text(**value)  # type: ignore[arg-type]  # both is True only for a dict


_PLAIN = ("when", "threshold", "in_force_from", "in_force_until", "verified", "article_certain")
_TYPE_WORDS: Mapping[type, Text] = MappingProxyType(
    {
        str: Text("文字", "text"), dict: Text("表", "table"), list: Text("列表", "list"), int: Text("整数", "whole number"),
        bool: Text(" true 或 false", "true or false"), dt.date: Text("日期（如 2018-12-28）", "date such as 2018-12-28"),
    }
)  # fmt: skip


def _different_thresholds(kind: str, values: list[int]) -> Text:
    listed = [str(value) for value in values]
    return Text(
        f"针对 {kind} 的规则门槛不一（{'、'.join(listed)}）；一个规则包每类只有一个门槛：请分成两个规则包",
        f"rules for {kind} have different thresholds ({', '.join(listed)}); a pack has one for each kind: split it in two packs",
    )


def _overlap(one: Rule, other: Rule) -> bool:
    """Whether two rules decide the same case on the same day."""
    if one.applies_to != other.applies_to or one.applies_to not in CASES:
        return False
    same_side = "any" in (one.when, other.when) or one.when == other.when
    same_case = not one.scope or not other.scope or bool(set(one.scope) & set(other.scope))
    return same_side and same_case and not (_ends_before(one, other) or _ends_before(other, one))


def _ends_before(one: Rule, other: Rule) -> bool:
    return one.in_force_until is not None and other.in_force_from is not None and one.in_force_until <= other.in_force_from


def _refuse_silence(pack: RulePack) -> None:
    """Every case that find_coverage_gaps judges needs a rule, and a kind has one threshold, whichever pack it comes from."""
    for kind, cases in CASES.items():
        judged_by_size = kind in ("Cooperative", "Village")
        sides: tuple[When, ...] = ("enough", "few") if judged_by_size else ("any",)
        found = [pack.find_rule(kind, case=case, when=when) for case in cases or (None,) for when in sides]
        if judged_by_size and len({rule.threshold for rule in found}) > 1:
            named = [f"{rule.name} ({rule.threshold})" for rule in found]
            raise ModelError(
                f"rule pack {pack.id}: rules for {kind} have different thresholds: {', '.join(named)}; give the pack its own rule for each case",
                zh=f"规则包 {pack.id}：针对 {kind} 的规则门槛不一：{'、'.join(named)}；请在这个规则包里为每种情形写上规则",
            )
