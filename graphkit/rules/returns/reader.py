"""Reads forms of a return from TOML, and refuses what contradicts itself: every mistake at once."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from graphkit.errors import ParameterError
from graphkit.rules.facts import SUPERIOR
from graphkit.rules.parsing import Place, Problems, parse_toml, read_any_of, read_text
from graphkit.rules.returns.form import UNCLASSED, Line, ReturnClass, ReturnForm
from graphkit.words import Text

_KEYS = ("id", "title", "source", "numbers", "classes", "lines")
_KIND = "Cooperative"
_ID = re.compile(r"[a-z][a-z0-9_]*")


def list_return_forms() -> tuple[str, ...]:
    """Names of the forms shipped with graphkit.

    Examples
    --------
    >>> list_return_forms()
    ('statistics-classes',)
    """
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.toml")))


def read_return_form(name_or_path: str | Path) -> ReturnForm:
    """Read a form: one shipped with graphkit by its name, or a user's own by the path of its TOML file.

    Raises
    ------
    ParameterError
        If no form of that name is shipped.
    SourceError
        If the file cannot be read, or is not TOML.
    ModelError
        If the form contradicts itself: every contradiction at once.

    Examples
    --------
    >>> form = read_return_form("statistics-classes")
    >>> [one.id for one in form.classes], form.numbers["threshold"]
    (['own', 'joint_enough', 'joint', 'due', 'few', 'none'], 3)
    """
    name = str(name_or_path)
    if name in list_return_forms():
        return _read_shipped(name)
    if not name.endswith(".toml"):
        known = list_return_forms()
        raise ParameterError(Text(f"没有表式 {name!r}；现有 {'、'.join(known)}", f"no form {name!r}; there are {', '.join(known)}"))
    return _read(Path(name))


@functools.cache
def _read_shipped(name: str) -> ReturnForm:
    return _read(Path(__file__).parent / f"{name}.toml")


def _read(path: Path) -> ReturnForm:
    problems = Problems()
    form = _build(parse_toml(path), problems)
    problems.refuse(Text(f"表式 {path.name}", f"form {path.name}"))
    return form


def _build(data: Mapping[str, Any], problems: Problems) -> ReturnForm:
    here = Place()
    for key in data:
        if key not in _KEYS:
            problems.add_unknown(here, "", key, _KEYS)
    numbers = data.get("numbers", {})
    if not isinstance(numbers, dict) or not all(isinstance(value, int) and not isinstance(value, bool) and value >= 0 for value in numbers.values()):
        problems.add(here, "numbers 须是不小于 0 的整数", "numbers are whole numbers, 0 or more")
        numbers = {}
    classes = tuple(_class(entry, set(numbers), problems) for entry in _tables(data, "classes", problems))
    _check_classes(classes, problems)
    lines = tuple(_lines(_tables(data, "lines", problems) if "lines" in data else [], classes, problems))
    name = data.get("id")
    if not isinstance(name, str) or not name:
        problems.add(here, "没有 id", "has no id")
    return ReturnForm(str(name), read_text(here, data, "title", problems), read_text(here, data, "source", problems), numbers, classes, lines)


def _class(entry: Mapping[str, Any], numbers: set[str], problems: Problems) -> ReturnClass:
    here = Place("").at("classes", str(entry.get("id", "?")))
    for key in entry:
        if key not in ("id", "heading", "when"):
            problems.add_unknown(here, "", key, ("id", "heading", "when"))
    when = read_any_of(here.at("when"), _KIND, entry.get("when", []), numbers, problems)
    if any(clause.fact == SUPERIOR.name for condition in when for clause in condition):
        problems.add(here.at("when"), f"{SUPERIOR.name} 只用于规则", f"{SUPERIOR.name} is for rules, which name a superior")
    return ReturnClass(str(entry.get("id", "")), read_text(here, entry, "heading", problems), when)


def _check_classes(classes: Sequence[ReturnClass], problems: Problems) -> None:
    here, ids = Place("").at("classes"), [one.id for one in classes]
    for name in sorted({name for name in ids if not _ID.fullmatch(name) or ids.count(name) > 1 or name == UNCLASSED}):
        problems.add(
            here,
            f"id {name!r} 不可用：须各不相同，用小写字母、数字和 _，且不为 {UNCLASSED}",
            f"id {name!r} cannot be used: each its own, of small letters, digits and _, and not {UNCLASSED}",
        )
    if not classes or classes[-1].when or not all(one.when for one in classes[:-1]):
        problems.add(here, "只有最后一类不写 when，其余归入它", "the last class, and no other, is without when: it takes whoever is left")


def _lines(entries: Sequence[Mapping[str, Any]], classes: Sequence[ReturnClass], problems: Problems) -> Iterator[Line]:
    """The lines as the form shows them: those that are given where the first of their classes would stand, every other class by itself."""
    here, known = Place("").at("lines"), {one.id: one.heading for one in classes}
    given: dict[str, list[Line]] = {}
    taken: set[str] = set()
    for entry in entries:
        line = _line(entry, known, problems, here)
        part = entry.get("part")
        if not line.classes or taken & set(line.classes):
            problems.add(here, "每一类只能在一行里，每行至少一类", "a class stands in one line, and a line has at least one")
            continue
        taken.update(line.classes)
        given[line.classes[0]] = [
            line,
            *([_line(part, dict.fromkeys(line.classes, line.heading), problems, here, part=True)] if isinstance(part, dict) else []),
        ]
    for one in classes:
        if one.id in given:
            yield from given[one.id]
        elif one.id not in taken:
            yield Line(one.heading, (one.id,))


def _line(entry: Mapping[str, Any], known: Mapping[str, Text], problems: Problems, here: Place, *, part: bool = False) -> Line:
    classes = entry.get("classes", [])
    classes = tuple(str(name) for name in classes) if isinstance(classes, list) else ()
    for name in classes:
        if name not in known:
            problems.add_unknown(here, "classes", name, list(known))
    return Line(read_text(here, entry, "heading", problems), tuple(name for name in classes if name in known), part)


def _tables(data: Mapping[str, Any], key: str, problems: Problems) -> list[Mapping[str, Any]]:
    tables = data.get(key, [])
    if isinstance(tables, list) and all(isinstance(table, dict) for table in tables):
        return tables
    problems.add(Place().at(key), f"须写成 [[{key}]]", f"is written as [[{key}]]")
    return []
