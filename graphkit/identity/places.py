"""Places by name and date: the national list of Acheng district, and the dated names that are not in it.

Nothing is renamed: a name that an older source uses is tied to the code of the list by an alias, which says
since when and until when it is known to hold, whether the correspondence was verified, and by what.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graphkit.errors import ParameterError
from graphkit.identity.spelling import VillageName, one_width, short_name
from graphkit.words import Text

_FOLDER = Path(__file__).parent / "gazetteer"
_LIST = Text("国家统计局统计用区划代码，2023年版", "National Bureau of Statistics, division codes, 2023 edition")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the list, and the name by which it was found.

    Attributes
    ----------
    code : str
        9 digits for a township or street, 12 for a village or residents' committee.
    name : str
        The name in the list of 2023.
    kind : str
        ``"township"``, or the kind of village: village_committee, residents_committee, other.
    alias : str or None
        The other name by which it was asked for; None if it was the name of the list.
    verified : bool
        Whether the correspondence of name and code follows from the sources at hand.
    source : Text
        Where the name or the correspondence comes from.
    """

    code: str
    name: str
    kind: str
    alias: str | None
    verified: bool
    source: Text


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that the list does not have: the code it points at, and when it is known to hold.

    `since` and `until` (the first day on which it is known to be out of use) are None where unknown.
    """

    name: str
    code: str
    since: dt.date | None
    until: dt.date | None
    verified: bool
    source: Text

    def held_on(self, on: dt.date) -> bool:
        """Whether the name may have been in use on that day; an unknown date excludes nothing."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@functools.cache
def read_list() -> tuple[dict[str, str], ...]:
    """Read the list of 2023: a row for each village, with code, name, kind, township_code and township_name.

    >>> len(read_list())
    178
    """
    with (_FOLDER / "acheng_2023.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@functools.cache
def read_aliases() -> tuple[Alias, ...]:
    """Read the dated names that are not in the list.

    >>> [alias.name for alias in read_aliases() if not alias.verified]
    ['蜚克图镇']
    """
    with (_FOLDER / "aliases.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Alias(
                row["name"], row["code"], _day(row["since"]), _day(row["until"]), row["verified"] == "true",
                Text(row["source_zh"], row["source_en"]),
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


def find_place(name: str, *, on: dt.date | None = None) -> Place:
    """Find the place of that name: which code the name points at, on a day.

    A name of the list of 2023 is found as it stands there, or without its ending (城建村 for 城建村村委会); a
    name that has gone is found through its alias if it may have been in use on that day. A village may be given
    with the township before it (料甸满族乡西华村), which tells namesakes apart.

    Parameters
    ----------
    name : str
        A township, street, village or community of Acheng district.
    on : date, optional
        The day on which the name was in use; None: any day.

    Returns
    -------
    Place
        With `verified` false where the correspondence could not be verified.

    Raises
    ------
    ParameterError
        If there is no such place, if the name was out of use on that day, or if several places bear it.

    Examples
    --------
    >>> place = find_place("料甸满族乡", on=dt.date(2012, 4, 30))
    >>> place.code, place.name, place.verified
    ('230112013', '料甸街道', True)
    >>> find_place("蜚克图镇").verified
    False
    >>> find_place("亚沟镇全店村").code
    '230112011205'
    """
    asked = one_width(name)
    found = list(_matches(asked, on))
    if len(found) == 1:
        return found[0]
    if found:
        codes = [place.code for place in found]
        raise ParameterError(
            Text(
                f"有 {len(codes)} 个地方名叫 {asked!r}（{'、'.join(codes)}）；请在前面写上乡镇",
                f"{asked!r} is the name of {len(codes)} places ({', '.join(codes)}); put the township before it",
            ),
        )
    unknown = _unknown(asked, on)
    raise ParameterError(Text(unknown.zh, unknown.en))


def _matches(asked: str, on: dt.date | None) -> Iterator[Place]:
    """Places of that name: townships, then villages, with or without the township before them."""
    townships = list(_townships(asked, on))
    yield from townships
    if townships:
        return
    for row in read_list():
        for before in ("", *_names_of(row["township_code"], row["township_name"], on)):
            if asked.startswith(before) and _means(asked[len(before) :], row["name"]):
                yield Place(row["code"], row["name"], row["kind"], None, _is_verified(before, row), _LIST)
                break


def _townships(asked: str, on: dt.date | None) -> Iterator[Place]:
    names = {row["township_code"]: row["township_name"] for row in read_list()}
    for code, name in names.items():
        if asked == name:
            yield Place(code, name, "township", None, True, _LIST)
    for alias in read_aliases():
        if asked == alias.name and (on is None or alias.held_on(on)):
            yield Place(alias.code, names[alias.code], "township", alias.name, alias.verified, alias.source)


def _names_of(code: str, name: str, on: dt.date | None) -> list[str]:
    return [name, *(a.name for a in read_aliases() if a.code == code and (on is None or a.held_on(on)))]


def _is_verified(before: str, row: dict[str, str]) -> bool:
    return before in ("", row["township_name"]) or any(a.verified for a in read_aliases() if a.name == before)


def _means(said: str, name: str) -> bool:
    """Whether a name is that of the list, which writes 城建村村委会 where people write 城建村."""
    own, listed = (VillageName.of(text).in_plain_characters() for text in (said, name))
    return own == listed or (not own.kind and own.stem == listed.stem)


def _unknown(asked: str, on: dt.date | None) -> Text:
    for alias in read_aliases():
        if alias.name == asked:
            return Text(
                f"{asked!r} 这个名称在 {on} 不使用；2023年的名单里，代码 {alias.code} 是另一个名称",
                f"{asked!r} was not in use on {on}; the list of 2023 has code {alias.code} under another name",
            )
    known = {name for row in read_list() for name in (row["name"], short_name(row["name"]), row["township_name"])} | {a.name for a in read_aliases()}
    near = difflib.get_close_matches(asked, sorted(known), n=3)
    meant = Text(f"；是否想找 {'、'.join(near)}？", f"; did you mean {', '.join(near)}?") if near else Text("", "")
    return Text(f"2023年的名单和旧名称里都没有 {asked!r}{meant.zh}", f"no place {asked!r} in the list of 2023 or among the older names{meant.en}")


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
