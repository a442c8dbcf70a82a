"""Places of which no list has the codes: they go by what they are called, and by what they lie in where that is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graphkit.identity.matching import PlaceMatch
from graphkit.identity.spelling import VillageName, bare_unit, plain_characters, short_name

Parts = Sequence[str | None]
Way = tuple[str, ...]  # what a place lies in, the largest first, then its name


@dataclass(slots=True, eq=False)
class UnlistedPlaces:
    """Places by every way in which they were written.

    One way may say less than another: 甲 for 甲村, 东 for 东镇, no township beside it. It means the one place that says more; where several do, it
    is not told which. 甲村 and 甲社区, 东镇 and 东乡 are two.

    Parameters
    ----------
    seen : iterable of sequence of str or None
        Every way in which they were written: what a place lies in, the largest first, then its name.
    villages : bool
        Whether they are villages, and not townships.

    Examples
    --------
    >>> places = UnlistedPlaces([("东镇", "甲村"), ("西镇", "甲村"), ("东镇", "乙村村民委员会"), ("乙",), ("甲村",)])
    >>> places.find(("东", "甲村委会")).code, places.find(("乙",)).code
    ('东镇-甲村', '东镇-乙村')
    >>> places.find(("甲村",)).codes
    ('东镇-甲村', '西镇-甲村')
    """

    seen: Iterable[Parts]
    villages: bool = True
    _names: dict[str, set[str]] = field(init=False)  # what is written, by it without what kind it is
    _units: dict[str, set[str]] = field(init=False)
    _fullest: dict[str, list[Way]] = field(init=False)  # by the name without what kind it is, those of which no other says more

    def __post_init__(self) -> None:
        ways = [way for parts in self.seen if (way := self._spell(parts))]
        self._names, self._units = {}, {}
        for *above, name in ways:
            self._names.setdefault(self._bare(name), set()).add(name)
            for unit in above:
                self._units.setdefault(bare_unit(unit), set()).add(unit)
        by_name: dict[str, dict[Way, None]] = {}
        for way in map(self._complete, ways):
            by_name.setdefault(self._bare(way[-1]), {})[way] = None
        self._fullest = {name: [way for way in ways if not any(self._says_less(way, other) for other in ways)] for name, ways in by_name.items()}

    def find(self, parts: Parts) -> PlaceMatch:
        """The place that is written so: its name behind what it lies in; several if more than one is."""
        way = self._spell(parts)
        if not way:
            return PlaceMatch(())
        way = self._complete(way)
        known = self._fullest.get(self._bare(way[-1]), [])
        codes = tuple("-".join(other) for other in known if other == way or self._says_less(way, other))
        return PlaceMatch(codes, codes if len(codes) > 1 else ())

    def _spell(self, parts: Parts) -> Way:
        """What is written, in one spelling; none without a name, the last of them."""
        *above, name = parts or [None]
        if not name:
            return ()
        return (*(_plain_unit(part) for part in above if part), plain_characters(short_name(name)) if self.villages else _plain_unit(name))

    def _complete(self, way: Way) -> Way:
        """A way with the kinds of place that it leaves out, where all others say one kind."""
        *above, name = way
        return (*(_only(unit, self._units.get(unit, ())) for unit in above), _only(name, self._names.get(name, ())))

    def _bare(self, name: str) -> str:
        return VillageName.of(name).stem if self.villages else bare_unit(name)

    def _says_less(self, way: Way, other: Way) -> bool:
        """Whether one way says less than another and nothing else: from the name upwards, a word that is the other, or it without what kind it is."""
        if way == other or len(way) > len(other) or way[-1] not in (other[-1], self._bare(other[-1])):
            return False
        return all(unit in (fuller, bare_unit(fuller)) for unit, fuller in zip(way[-2::-1], other[-2::-1], strict=False))


def _only(bare: str, written: Iterable[str]) -> str:
    """The one fuller word of those written, if there is one; else the word itself."""
    fuller = [word for word in written if word != bare]
    return fuller[0] if len(fuller) == 1 else bare


def _plain_unit(name: str) -> str:
    """A township or county in one spelling, with the kind it says it is."""
    return plain_characters(name).removesuffix("人民政府").replace("街道办事处", "街道").replace("街道办", "街道")
