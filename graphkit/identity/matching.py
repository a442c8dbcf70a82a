"""Names of places as people write them, found in a list: one place, several to choose from, or none with the nearest; never a pick among equals."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from graphkit.errors import SourceError
from graphkit.identity.places import read_aliases, read_list
from graphkit.identity.spelling import VillageName, bare_unit, one_width, plain_characters
from graphkit.words import Text

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a name was found to mean.

    Attributes
    ----------
    codes : tuple of str
        The code, if it is one place; several if the name does not tell them apart; none if no place bears it.
    called : tuple of str
        Where it is several: what each is called, with what it lies in.
    nearest : tuple of str
        Where there is none: names of the list that are like it.
    followed : bool
        Whether the place that bore the name is no more, and what it became is meant.
    off_day : bool
        Whether the list has the name, but not on the day, and does not say what came of it.
    """

    codes: tuple[str, ...]
    called: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    followed: bool = False
    off_day: bool = False

    @property
    def code(self) -> str | None:
        """The code if the name means one place, else None."""
        return self.codes[0] if len(self.codes) == 1 else None


@dataclass(frozen=True, slots=True)
class Period:
    """When a row of a list holds, from `since` until the day before `until`, and the code of what came after; unknown dates are None."""

    since: dt.date | None = None
    until: dt.date | None = None
    successor: str = ""

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Period:
        """Read it from the columns ``since`` (or ``from``), ``until`` and ``successor`` of a row, which may be missing or empty; ValueError if a date is none."""
        since, until = ((row.get(name) or "").strip() for name in ("since" if row.get("since") else "from", "until"))
        return cls(
            dt.date.fromisoformat(since) if since else None, dt.date.fromisoformat(until) if until else None, (row.get("successor") or "").strip()
        )

    def state(self, on: dt.date | None) -> Literal["held", "gone", "perhaps", "not_yet"]:
        """Whether it holds on a day; with no day named, whether it still does. Where it ended and nobody says when, it held perhaps."""
        day = on or dt.date.today()  # noqa: DTZ011 - the day of the user's calendar
        if self.since and day < self.since:
            return "not_yet"
        if self.until:
            return "gone" if self.until <= day else "held"
        return "held" if not self.successor else "perhaps" if on else "gone"


@dataclass(eq=False)
class Gazetteer:
    """The villages of a county by every way their names are written.

    A name is what is left of it without 村, 村委会, 村民委员会, 社区, 居委会 and the like, doubled 村村 included, and the kind of place that these
    say. Places of that name and kind are meant; where there is none, those of the name with variant characters brought together; where there is
    none of the kind, or the name says none, those of the name alone.

    A row may say from when (``since``) and until when (``until``, the first day on which it is no more) it is so, and the code of
    its ``successor``. On the day `on` names in force come first; one that was out of force by then leads to what it became. Where no
    day is named, both are meant, and that may be several.

    What a place lies in tells namesakes apart: ``township_name``, ``county_name``, and every name that rows of the code in ``parent`` bear or
    bore, and of what those lie in. Rows that are the parent of others are no villages. Of a list that holds more than the user's own
    county, `within` names that, or gives its code: a place in it comes before its namesakes elsewhere. `townships` are the places that villages lie in.

    Examples
    --------
    >>> places = Gazetteer([{"code": "230112104201", "name": "东风村村委会", "township_name": "交界街道"},
    ...                     {"code": "230112105202", "name": "东风村村委会", "township_name": "小岭街道"}])
    >>> places.find(["东风村"]).codes, places.find(["交界街道", "東風"]).code
    (('230112104201', '230112105202'), '230112104201')
    >>> places.find(["东凤村"]).nearest
    ('东风村',)
    >>> merged = [{"code": "230112104001", "name": "甲村", "until": "2019-01-01", "successor": "230112104002"}, {"code": "230112104002", "name": "乙村"}]
    >>> [Gazetteer(merged, on=dt.date(year, 6, 1)).find(["甲村"]).code for year in (2012, 2023)]
    ['230112104001', '230112104002']
    """

    rows: Sequence[Mapping[str, str]]
    on: dt.date | None = None
    within: str = ""
    villages: bool = True
    _levels: list[dict[object, list[int]]] = field(init=False)
    _above: list[set[str]] = field(init=False)
    _known: set[str] = field(init=False)
    _periods: list[Period] = field(init=False)
    _by_code: dict[str, list[int]] = field(init=False)
    _by_character: dict[str, dict[str, None]] = field(init=False)
    _home: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self._periods = [Period.of(row) for row in self.rows]
        self._by_code = {}
        for position, row in enumerate(self.rows):
            self._by_code.setdefault(row["code"], []).append(position)
        above = Above.of(self.rows)
        self._above = above.of_each(self.rows)
        self._known = set().union(*self._above)
        self._levels, self._by_character = [{}, {}, {}, {}], {}
        for position, row in enumerate(self.rows):
            if row["code"] not in above.codes:
                self._enter(position, one_width(row["name"]))
        self._home = {position for position in range(len(self.rows)) if self.within and self._is_home(position)}

    def _enter(self, position: int, name: str) -> None:
        for level, key in zip(self._levels, self._keys(name), strict=True):
            level.setdefault(key, []).append(position)
        for character in {*VillageName.of(name).stem}:
            self._by_character.setdefault(character, {})[name] = None

    @functools.cached_property
    def townships(self) -> Gazetteer:
        """The townships in which the villages of the list lie, by every name they bore."""
        return Gazetteer(list_townships(self.rows), self.on, self.within, villages=False)

    def find(self, parts: Sequence[str | None]) -> PlaceMatch:
        """Find a place by its name, the last of `parts`; what stands before it, a county or a township, tells namesakes apart."""
        *above, name = [one_width(part) for part in parts if part] or [""]
        if not name:
            return PlaceMatch(())
        if name in self._by_code or re.fullmatch(r"[0-9]{12}", name):
            return PlaceMatch(tuple(code for code in self._by_code if code == name))
        named = [unit for part in above for unit in self._units(part)]
        for at_home in (True, False) if self._home else (False,):
            for level in range(len(self._levels)):
                found = [place for place in self._at(level, name) if self._above[place].issuperset(named) and (place in self._home or not at_home)]
                if found:
                    return self._on_the_day(found)
        return PlaceMatch((), nearest=self._nearest(name))

    def _at(self, level: int, name: str) -> list[int]:
        """Places of that name, or else those with what they lie in before it in one word."""
        if found := self._levels[level].get(self._keys(name)[level], []):
            return found
        return [
            position
            for start in range(1, len(name))
            if (units := self._units(name[:start]))
            for position in self._levels[level].get(self._keys(name[start:])[level], ())
            if self._above[position].issuperset(units)
        ]

    def _keys(self, name: str) -> tuple[object, ...]:
        """By what a name is found, in this order: itself and its kind, the same in plain characters, itself alone, that in plain characters."""
        if not self.villages:
            return name, plain_characters(name), plain_characters(name), bare_unit(name)
        own = VillageName.of(name)
        plain = own.in_plain_characters()
        return own, plain, own.stem, plain.stem

    def _units(self, text: str) -> tuple[str, ...]:
        """The bare names that a text is made of; none where the list does not know them all: such a text tells nothing apart and excludes nothing."""
        known = self._known.intersection((bare_unit(text), plain_characters(text)))  # 红旗 may stand for 红旗镇, and is no 旗 called 红
        if known:
            return tuple(known) if len(known) == 1 else ()
        for end in range(1, len(text)):
            if (bare := bare_unit(text[:end])) in self._known and bare != text[:end] and (rest := self._units(text[end:])):
                return (bare, *rest)
        return ()

    def _is_home(self, position: int) -> bool:
        """Whether a place is in the user's own county."""
        return self.rows[position]["code"].startswith(self.within) if self.within.isdigit() else bare_unit(self.within) in self._above[position]

    def _nearest(self, name: str) -> tuple[str, ...]:
        """Names like it, among those that share a character with it: others are like nothing."""
        names = {near for character in VillageName.of(name).stem for near in self._by_character.get(character, ())}
        shown = {VillageName.of(near).stem + ("村" if VillageName.of(near).kind == "village" else "") for near in names}
        return tuple(difflib.get_close_matches(name, sorted(shown), n=_NEAREST))

    def _on_the_day(self, found: Sequence[int]) -> PlaceMatch:
        """What the places found are on the day: themselves, or what became of those that are no more; on a day that is named, one in force goes first."""
        states = {position: self._periods[position].state(self.on) for position in found}
        held = {self.rows[position]["code"]: None for position, state in states.items() if state in ("held", "perhaps")}
        wanted = ("perhaps",) if self.on and held else ("gone", "perhaps")
        became = {code: None for position, state in states.items() if state in wanted for code in self._follow(position)}
        codes = tuple({**held, **became})
        called = tuple(self._call(code) for code in codes) if len(codes) > 1 else ()
        return PlaceMatch(codes, called, followed=bool(became) and not held, off_day=bool(found) and not held and not became)

    def _call(self, code: str) -> str:
        """A place as people tell it from its namesakes, with its code."""
        row = self.rows[self._by_code[code][-1]]
        parent = next((self.rows[position]["name"] for position in self._by_code.get(row.get("parent") or "", ())), "")
        return f"{row.get('county_name') or ''}{row.get('township_name') or parent}{row['name']} {code}"

    def _follow(self, position: int) -> list[str]:
        """Codes of what a place became, through any number of mergers; none where the list does not say."""
        ahead, seen, ends = [self._periods[position].successor], set[str](), []  # its own code, if it was renamed and kept that
        while ahead:
            code = ahead.pop()
            if not code or code in seen:
                continue
            seen.add(code)
            states = {later: self._periods[later].state(self.on) for later in self._by_code.get(code, ())}
            if any(state in ("held", "perhaps") for state in states.values()):
                ends.append(code)
            ahead += [self._periods[later].successor for later, state in states.items() if state in ("gone", "perhaps")]
        return ends


def list_townships(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return a row for each township of a list and each name it bore: those named beside villages, and rows that are the parent of a village."""
    parents = {row["parent"] for row in rows if row.get("parent")}
    direct = {row["parent"] for row in rows if row.get("parent") and row["code"] not in parents}
    found = {(row["code"], row["name"]): dict(row) for row in rows if row["code"] in direct}
    for row in rows:
        if row.get("township_code") and row.get("township_name"):
            named = {"code": row["township_code"], "name": row["township_name"], "county_name": row.get("county_name") or ""}
            found.setdefault((named["code"], named["name"]), named)
    counties = {row["code"]: row for row in found.values()}
    for alias in read_aliases():
        if alias.code in counties:
            days = {
                "since": alias.since.isoformat() if alias.since else "",
                "until": alias.until.isoformat() if alias.until else "",
                "successor": alias.code,
            }
            found[alias.code, alias.name] = {**counties[alias.code], "name": alias.name, **days}
    above = [row for row in rows if row["code"] in parents - direct]
    return [*found.values(), *map(dict, above)]


@dataclass(frozen=True, slots=True, eq=False)
class Above:
    """What places lie in: the rows of each code that is the parent of others, and former names of townships of the shipped list."""

    codes: frozenset[str]
    rows: Mapping[str, Sequence[Mapping[str, str]]]
    aliases: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, str]]) -> Above:
        """Take it out of the rows of a list."""
        codes = frozenset(row["parent"] for row in rows if row.get("parent"))
        parents: dict[str, list[Mapping[str, str]]] = {}
        for row in rows:
            if row["code"] in codes:
                parents.setdefault(row["code"], []).append(row)
        aliases: dict[str, list[str]] = {}
        for alias in read_aliases():
            aliases.setdefault(alias.code, []).append(alias.name)
        return cls(codes, parents, aliases)

    def of_each(self, rows: Sequence[Mapping[str, str]]) -> list[set[str]]:
        """What each row lies in, by bare names; rows of one code and one name are one place, whose township was renamed."""
        together: dict[tuple[str, str], set[str]] = {}
        keys = [(row["code"], VillageName.of(one_width(row["name"])).stem) for row in rows]
        for key, row in zip(keys, rows, strict=True):
            together.setdefault(key, set()).update(self.names(row))
        return [together[key] for key in keys]

    def names(self, row: Mapping[str, str]) -> set[str]:
        """Bare names of everything that a place lies in, those that it bore before included."""
        names = {row.get("township_name") or "", row.get("county_name") or "", *self.aliases.get(row.get("township_code") or "", ())}
        ahead, seen = [row.get("parent") or ""], set()
        while ahead:
            code = ahead.pop()
            if code and code not in seen:
                seen.add(code)
                names |= {one["name"] for one in self.rows.get(code, ())}
                ahead += [one.get("parent") or "" for one in self.rows.get(code, ())]
        return {bare_unit(name) for name in names if name}


def acheng_gazetteer() -> Gazetteer:
    """Return the villages of Acheng district, 2023 edition.

    >>> acheng_gazetteer().find(["亚沟镇", "全店村"]).code
    '230112011205'
    """
    return Gazetteer(read_list())


def read_gazetteer(path: Path, *, on: dt.date | None = None, within: str = "") -> Gazetteer:
    """Read the user's own list: a CSV in UTF-8 with the columns code, name and, if namesakes are to be told apart, what they lie in.

    That is ``township_name`` and ``county_name``, or ``parent``, the code of another row of the list. `within` is the user's own county.

    Places that were renamed, merged or given another code have the columns ``since``, ``until`` (days such as 2019-01-01) and ``successor`` (a code
    of the list); `on` is the day of which names are asked.

    Raises
    ------
    SourceError
        If it cannot be read, lacks a column, or says a day that is none or a successor that it does not hold.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            Text(f"地名表读不了（{type(error).__name__}）；应为 UTF-8 编码的 CSV，有 code、name、township_name 三列", f"the list of places cannot be read ({type(error).__name__}); it is a CSV in UTF-8 with code, name and township_name"), path=str(path),
        ) from None  # fmt: skip
    _need_columns(path, rows)
    _need_periods(path, rows)
    return Gazetteer(rows, on, within)


def _need_columns(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    for row in rows:
        if not row.get("code") or not row.get("name"):
            raise SourceError(Text("地名表每行都要有 code 和 name", "every row of the list of places has a code and a name"), path=str(path))


def _need_periods(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    codes = {row["code"] for row in rows}
    for number, row in enumerate(rows, 2):
        try:
            period = Period.of(row)
        except ValueError:
            raise SourceError(
                Text(f"地名表第{number}行：日期应写成 2019-01-01 的样子", f"row {number} of the list of places: a day is written like 2019-01-01"),
                path=str(path),
            ) from None
        if period.successor and period.successor not in codes:
            raise SourceError(
                Text(f"地名表第{number}行：名单里没有后继的代码 {period.successor}", f"row {number} of the list of places: its successor {period.successor} is not in the list"),
                path=str(path),
            )  # fmt: skip
