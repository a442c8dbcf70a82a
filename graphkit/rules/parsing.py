"""How conditions and words are written in a pack, and how a mistake in them is told."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphkit.errors import ModelError, SourceError
from graphkit.rules.conditions import AnyOf, Bound, Clause, Condition
from graphkit.rules.facts import FACTS, SUPERIOR, Fact, find_fact
from graphkit.words import Text

_COMPARISON = re.compile(r"(>=|<=|>|<|=)\s*([a-z_]+|\d+)\s*(?:([+-])\s*(\d+))?")
_SHAPE = Text('请写成 ">= threshold"、"< 3" 这样，或一个整数', 'write it as ">= threshold", "< 3", or a whole number')


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: the whole of it, or a rule and a key of that."""

    rule: str = ""
    keys: tuple[str, ...] = ()

    def at(self, *keys: str) -> Place:
        """Return a place below this one."""
        return Place(self.rule, (*self.keys, *keys))

    def say(self) -> Text:
        """The place in words."""
        below = f" {'.'.join(self.keys)}" if self.keys else ""
        return Text(f"规则 {self.rule}{below}", f"rule {self.rule}{below}") if self.rule else Text(f"文件{below}", f"the file{below}")


@dataclass(slots=True)
class Problems:
    """What is wrong with a file, collected."""

    found: list[Text] = field(default_factory=list)

    def __iter__(self) -> Iterator[Text]:
        return iter(self.found)

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, place: Place, zh: str, en: str) -> None:
        """Note what is wrong at a place."""
        where = place.say()
        self.found.append(Text(f"{where.zh}：{zh}", f"{where.en}: {en}"))

    def add_unknown(self, place: Place, key: str, given: str, known: Sequence[str]) -> None:
        """Note a word that is not known, with the nearest one, or all of them."""
        close = difflib.get_close_matches(given, known, 1)
        zh = f"是不是 {close[0]!r}？" if close else f"现有 {'、'.join(known)}"
        en = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
        named = f"{key} " if key else ""
        self.add(place, f"没有 {named}{given!r}；{zh}", f"unknown {named}{given!r}; {en}")

    def refuse(self, what: Text) -> None:
        """Raise ModelError with everything that was found, if anything was."""
        if self.found:
            en, zh = ("\n  ".join(problem.say(lang) for problem in self.found) for lang in ("en", "zh"))
            raise ModelError(Text(f"{what.zh}：\n  {zh}", f"{what.en}:\n  {en}"))


def parse_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file in UTF-8; SourceError if it cannot be read, or is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        why = error.strerror
        raise SourceError(Text(f"读不了（{why}）；请检查路径", f"cannot be read ({why}); check the path"), path=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(Text(f"不是 UTF-8 编码的 TOML 文件（{error}）", f"is no TOML file in UTF-8: {error}"), path=str(path)) from None


def read_text(place: Place, entry: Mapping[str, Any], key: str, problems: Problems) -> Text:
    """Read words in one language or both: ``"…"``, ``{ zh = "…" }`` or ``{ zh = "…", en = "…" }``; one language stands in for the other."""
    value = entry.get(key)
    said = {"zh": value} if isinstance(value, str) else value
    if isinstance(said, dict) and said and set(said) <= {"zh", "en"} and all(isinstance(v, str) and v for v in said.values()):
        zh, en = said.get("zh"), said.get("en")
        return Text(zh or str(en), en or str(zh))
    shape = f'{key} = {{ zh = "…", en = "…" }}'
    problems.add(place, f"{key} 须有文字：{shape}，一种语言也可", f"{key} needs words: {shape}, one language will do")
    return Text("", "")


def read_any_of(place: Place, kind: str, value: object, numbers: set[str], problems: Problems) -> AnyOf:
    """Read one table (all of it must hold) or a list of tables (one of them must)."""
    tables = [value] if isinstance(value, dict) else value
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        problems.add(place, "须是一个条件表或几个条件表", "must be a table of conditions or a list of them")
        return ()
    return tuple(read_condition(place, kind, table, numbers, problems) for table in tables)


def read_condition(place: Place, kind: str, table: object, numbers: set[str], problems: Problems) -> Condition:
    """Read facts and what they must be."""
    if not isinstance(table, dict):
        problems.add(place, "须是一个条件表", "must be a table of conditions")
        return ()
    clauses = []
    for name, wanted in table.items():
        fact = find_fact(kind, name)
        if kind and fact is None:
            problems.add_unknown(place, "", name, [*(f.name for f in FACTS[kind]), SUPERIOR.name])
        elif fact is not None and (clause := _read_clause(place.at(name), fact, wanted, numbers, problems)):
            clauses.append(clause)
    return tuple(clauses)


def _read_clause(place: Place, fact: Fact, wanted: object, numbers: set[str], problems: Problems) -> Clause | None:
    if fact.type == "count":
        return _read_count(place, fact, wanted, numbers, problems)
    if fact.type == "yes_no":
        if isinstance(wanted, bool):
            return Clause(fact.name, is_true=wanted)
        problems.add(place, f"{wanted!r} 须是 true 或 false", f"{wanted!r} must be true or false")
        return None
    words = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        problems.add(place, f"{wanted!r} 不是词的列表", f"{wanted!r} is no list of words")
        return None
    if fact.values:
        check_words(place, "", words, fact.values, problems)
    return Clause(fact.name, words=tuple(words))


def check_words(place: Place, key: str, words: Iterable[str], known: Sequence[str], problems: Problems) -> None:
    """Note every word that is none of `known`."""
    for word in words:
        if word not in known:
            problems.add_unknown(place, key, word, known)


def _read_count(place: Place, fact: Fact, wanted: object, numbers: set[str], problems: Problems) -> Clause | None:
    """``">= threshold"``, ``[">= 1", "< threshold - 1"]`` or a whole number."""
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        return Clause(fact.name, Bound("", wanted), Bound("", wanted))
    given = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(given, list) or not given:
        problems.add(place, f"{wanted!r} 读不懂；{_SHAPE.zh}", f"{wanted!r} cannot be read; {_SHAPE.en}")
        return None
    least: Bound | None = None
    most: Bound | None = None
    for text in given:
        found = _COMPARISON.fullmatch(text.strip()) if isinstance(text, str) else None
        if found is None:
            problems.add(place, f"{text!r} 读不懂；{_SHAPE.zh}", f"{text!r} cannot be read; {_SHAPE.en}")
            return None
        sign, what, plus, more = found.groups()
        name, number = ("", int(what)) if what.isdigit() else (what, 0)
        if name and name not in numbers:
            problems.add_unknown(place, "numbers", name, sorted(numbers) or ["numbers = { threshold = 3 }"])
            return None
        number += int(f"{plus}{more}") if more else 0
        if sign in (">=", ">", "="):
            least = Bound(name, number + (sign == ">"))
        if sign in ("<=", "<", "="):
            most = Bound(name, number - (sign == "<"))
    return Clause(fact.name, least, most)
