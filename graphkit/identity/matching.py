"""Names of places as people write them, found in a list: one place, several to choose from, or none with the nearest; never a pick among equals."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from graphkit.errors import SourceError
from graphkit.identity.places import read_aliases, read_list
from graphkit.words import Text

_ENDINGS = re.compile(r"(?:村民委员会|社区居民委员会|居民委员会|社区居委会|村委会|居委会|社区|委会)$")
_VARIANTS = str.maketrans(
    "風飛長門橋義慶豐寶鐵勝業國華黃紅萬樂發廣進遠聯榮強東臺台蘭裡裏溝崗岡莊灣爾興劉孫張楊馬龍鳳雙東與窪灘堿碱牤",
    "风飞长门桥义庆丰宝铁胜业国华黄红万乐发广进远联荣强东台台兰里里沟岗岗庄湾尔兴刘孙张杨马龙凤双东与洼滩碱碱牤",
)
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a name was found to mean.

    Attributes
    ----------
    codes : tuple of str
        The code, if it is one place; several if the name does not tell them apart; none if no place bears it.
    nearest : tuple of str
        Where there is none: names of the list that are like it.
    followed : bool
        Whether the place that bore the name is no more, and what it became is meant.
    off_day : bool
        Whether the list has the name, but not on the day, and does not say what came of it.
    """

    codes: tuple[str, ...]
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


@dataclass(slots=True, eq=False)
class Gazetteer:
    """The villages of a county by every way their names are written.

    Names are tried as they stand first, then without 村委会 and the like, then with 村 taken off, doubled 村村
    made one, and variant characters brought together. The first of these by which any place is found decides.

    A row may say from when (``since``) and until when (``until``, the first day on which it is no more) it is so, and the code of
    its ``successor``. On the day `on` names in force come first; one that was out of force by then leads to what it became. Where no
    day is named, both are meant, and that may be several.

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
    _levels: list[dict[str, list[int]]] = field(init=False)
    _townships: list[set[str]] = field(init=False)
    _periods: list[Period] = field(init=False)
    _by_code: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        aliases: dict[str, list[str]] = {}
        for alias in read_aliases():
            aliases.setdefault(alias.code, []).append(alias.name)
        self._townships = [
            {_bare(name) for name in (row.get("township_name", ""), *aliases.get(row.get("township_code", ""), [])) if name} for row in self.rows
        ]
        self._periods = [Period.of(row) for row in self.rows]
        self._by_code = {}
        for position, row in enumerate(self.rows):
            self._by_code.setdefault(row["code"], []).append(position)
        self._levels = [{}, {}, {}]
        for position, row in enumerate(self.rows):
            for level, name in zip(self._levels, _spellings(row["name"]), strict=True):
                level.setdefault(name, []).append(position)

    def find(self, parts: Sequence[str | None]) -> PlaceMatch:
        """Find a village by its name, the last of `parts`; what stands before it, a county or a township, tells namesakes apart."""
        *above, name = [part for part in parts if part] or [""]
        if not name:
            return PlaceMatch(())
        if re.fullmatch(r"[0-9]{12}", name.strip()):
            return PlaceMatch(tuple(code for code in self._by_code if code == name.strip()))
        for spelling, level in zip(_spellings(name), self._levels, strict=True):
            if found := level.get(spelling, []) or self._with_township(name, spelling, level):
                return self._on_the_day(self._within(found, above))
        names = {_spellings(row["name"])[1]: row for row in self.rows}
        return PlaceMatch((), tuple(difflib.get_close_matches(_spellings(name)[1], sorted(names), n=_NEAREST)))

    def _within(self, found: Sequence[int], above: Sequence[str]) -> list[int]:
        """Of places found, those of the township named; a township that the list does not know tells nothing apart and excludes nothing."""
        known = set().union(*self._townships)
        named = [bare for part in above if (bare := _bare(part)) in known]
        return [position for position in found if all(bare in self._townships[position] for bare in named)]

    def _on_the_day(self, found: Sequence[int]) -> PlaceMatch:
        """What the places found are on the day: themselves, or what became of those that are no more; on a day that is named, one in force goes first."""
        states = {position: self._periods[position].state(self.on) for position in found}
        held = {self.rows[position]["code"]: None for position, state in states.items() if state in ("held", "perhaps")}
        wanted = ("perhaps",) if self.on and held else ("gone", "perhaps")
        became = {code: None for position, state in states.items() if state in wanted for code in self._follow(position)}
        return PlaceMatch(tuple({**held, **became}), followed=bool(became) and not held, off_day=bool(found) and not held and not became)

    def _follow(self, position: int) -> list[str]:
        """Codes of what a place became, through any number of mergers; none where the list does not say."""
        ahead, seen, ends = [self._periods[position].successor], {self.rows[position]["code"]}, []
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

    def _with_township(self, name: str, spelling: str, level: Mapping[str, list[int]]) -> list[int]:
        """Places whose township is written before the name, in one word."""
        found = []
        for short, positions in level.items():
            if spelling.endswith(short) and len(spelling) > len(short):
                before = _bare(_plain(name)[: len(spelling) - len(short)])
                found += [position for position in positions if before in self._townships[position]]
        return found


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _spellings(name: str) -> tuple[str, str, str]:
    """A name as it stands, without what kind of committee it is, and without what people add or leave out."""
    whole = _plain(name)
    short = _ENDINGS.sub("", whole) or whole
    short = short[:-1] if short.endswith("村村") else short
    bare = short.translate(_VARIANTS)
    return whole, short, bare[:-1] if bare.endswith("村") and len(bare) > 2 else bare


def short_name(name: str) -> str:
    """A name without blanks, widths of characters, and what kind of committee it is: by it two spellings of one name are the same.

    >>> short_name("红旗村 村民委员会"), short_name("赵　一")
    ('红旗村', '赵一')
    """
    return _spellings(name)[1]


def _bare(township: str) -> str:
    """A township without what kind it is: that changes when a town becomes a street."""
    name = _plain(township).translate(_VARIANTS)
    return re.sub(r"(?:街道办事处|街道办|街道|办事处|民族乡|[满蒙回朝鲜族]*乡|镇|乡)$", "", name) or name


def acheng_gazetteer() -> Gazetteer:
    """Return the villages of Acheng district, 2023 edition.

    >>> acheng_gazetteer().find(["亚沟镇", "全店村"]).code
    '230112011205'
    """
    return Gazetteer(read_list())


def read_gazetteer(path: Path, *, on: dt.date | None = None) -> Gazetteer:
    """Read the user's own list: a CSV in UTF-8 with the columns code, name and, if namesakes are to be told apart, township_name.

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
    return Gazetteer(rows, on)


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
