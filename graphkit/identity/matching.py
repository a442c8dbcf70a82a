"""Names of places as people write them, found in a list: one place, several to choose from, or none with the nearest; never a pick among equals."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

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
    """

    codes: tuple[str, ...]
    nearest: tuple[str, ...] = ()

    @property
    def code(self) -> str | None:
        """The code if the name means one place, else None."""
        return self.codes[0] if len(self.codes) == 1 else None


@dataclass(slots=True, eq=False)
class Gazetteer:
    """The villages of a county by every way their names are written.

    Names are tried as they stand first, then without 村委会 and the like, then with 村 taken off, doubled 村村
    made one, and variant characters brought together. The first of these by which any place is found decides.

    Examples
    --------
    >>> places = Gazetteer([{"code": "230112104201", "name": "东风村村委会", "township_name": "交界街道"},
    ...                     {"code": "230112105202", "name": "东风村村委会", "township_name": "小岭街道"}])
    >>> places.find(["东风村"]).codes, places.find(["交界街道", "東風"]).code
    (('230112104201', '230112105202'), '230112104201')
    >>> places.find(["东凤村"]).nearest
    ('东风村',)
    """

    rows: Sequence[Mapping[str, str]]
    _levels: list[dict[str, list[int]]] = field(init=False)
    _townships: list[set[str]] = field(init=False)

    def __post_init__(self) -> None:
        aliases: dict[str, list[str]] = {}
        for alias in read_aliases():
            aliases.setdefault(alias.code, []).append(alias.name)
        self._townships = [
            {_bare(name) for name in (row.get("township_name", ""), *aliases.get(row.get("township_code", ""), [])) if name} for row in self.rows
        ]
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
            return PlaceMatch(tuple(row["code"] for row in self.rows if row["code"] == name.strip()))
        for spelling, level in zip(_spellings(name), self._levels, strict=True):
            if found := level.get(spelling, []) or self._with_township(name, spelling, level):
                return self._within(found, above)
        names = {_spellings(row["name"])[1]: row for row in self.rows}
        return PlaceMatch((), tuple(difflib.get_close_matches(_spellings(name)[1], sorted(names), n=_NEAREST)))

    def _within(self, found: Sequence[int], above: Sequence[str]) -> PlaceMatch:
        """Of places found, those of the township named; a township that the list does not know tells nothing apart and excludes nothing."""
        known = set().union(*self._townships)
        named = [bare for part in above if (bare := _bare(part)) in known]
        kept = [position for position in found if all(bare in self._townships[position] for bare in named)]
        return PlaceMatch(tuple(self.rows[position]["code"] for position in kept))

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


def read_gazetteer(path: Path) -> Gazetteer:
    """Read the user's own list: a CSV in UTF-8 with the columns code, name and, if namesakes are to be told apart, township_name.

    Raises
    ------
    SourceError
        If it cannot be read or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            Text(f"地名表读不了（{type(error).__name__}）；应为 UTF-8 编码的 CSV，有 code、name、township_name 三列", f"the list of places cannot be read ({type(error).__name__}); it is a CSV in UTF-8 with code, name and township_name"), path=str(path),
        ) from None  # fmt: skip
    _need_columns(path, rows)
    return Gazetteer(rows)


def _need_columns(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    for row in rows:
        if not row.get("code") or not row.get("name"):
            raise SourceError(Text("地名表每行都要有 code 和 name", "every row of the list of places has a code and a name"), path=str(path))
