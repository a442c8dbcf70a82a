"""Ids that are one beginning and a number of so many digits, as most registers have them: compared and looked up as numbers.

To hash eight million ends of ties and look them up takes a second; to read the digits of eight ids' bytes at once, and to look into a table as
long as the numbers reach, a sixth of it. Ids of any other form are looked up as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.buffers import memory_of

_WORD = 8  # bytes of which the digits are read at once
_MOST_DIGITS = 2 * _WORD
_BLOCK = 2**15  # ids at a time, so that the arrays between the steps stay in the processor's cache
_NOWHERE = -1
_LOOSE = 8  # numbers to an id, up to which a table of all of them is quicker than sorting
_SPARE = 2**16  # numbers that a table may reach over, whatever is looked up

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Form:
    """How ids of one kind are written: what they begin with, and how many digits follow.

    Examples
    --------
    >>> Form.of("h0012"), Form.of("h-"), Form.of("230112104001")
    (Form(beginning='h', digits=4), None, Form(beginning='', digits=12))
    """

    beginning: str
    digits: int

    @classmethod
    def of(cls, text: str) -> Form | None:
        """Return the form of one id; None if it does not end in digits, in more than can be read, or is not of ASCII."""
        beginning = text.rstrip("0123456789")
        digits = len(text) - len(beginning)
        return cls(beginning, digits) if text.isascii() and 0 < digits <= _MOST_DIGITS and len(beginning) <= _WORD else None

    @property
    def width(self) -> int:
        """Bytes that an id takes."""
        return len(self.beginning) + self.digits

    def read(self, texts: pa.StringArray) -> Numbers | None:
        """Return the numbers of ids; None if some id is of another form, or missing.

        Examples
        --------
        >>> Form("h", 3).read(pa.array(["h007", "h120"])), Form("h", 3).read(pa.array(["h007", "h12x"]))
        (array([  7, 120]), None)
        """
        begins, memory = memory_of(texts)
        if texts.null_count or len(memory) != self.width * len(texts) or (np.diff(begins) != self.width).any():
            return None
        numbers = np.empty(len(texts), np.int64)
        for first in range(0, len(texts), _BLOCK):
            last = min(first + _BLOCK, len(texts))
            held = self._read_block(memory[first * self.width : last * self.width].reshape(-1, self.width))
            if held is None:
                return None
            numbers[first:last] = held
        return numbers

    def _read_block(self, letters: NDArray[np.uint8]) -> NDArray[np.uint64] | None:
        ahead = len(self.beginning)
        if ahead and (letters[:, :ahead] != np.frombuffer(self.beginning.encode(), np.uint8)).any():
            return None
        low = _read_word(letters[:, max(ahead, self.width - _WORD) :])
        if low is None or self.digits <= _WORD:
            return low
        high = _read_word(letters[:, ahead : self.width - _WORD])
        return None if high is None else high * np.uint64(10**_WORD) + low


def _read_word(letters: NDArray[np.uint8]) -> NDArray[np.uint64] | None:
    """The numbers written in up to eight columns of letters; None if one of them is no digit."""
    words = np.full((len(letters), _WORD), ord("0"), np.uint8)
    words[:, _WORD - letters.shape[1] :] = letters
    held = words.view("<u8")[:, 0]
    high, six = np.uint64(0xF0F0F0F0F0F0F0F0), np.uint64(0x0606060606060606)
    if ((held & high) != np.uint64(0x3030303030303030)).any() or (((held + six) & high) != np.uint64(0x3030303030303030)).any():
        return None
    # tens and ones are added up within pairs of bytes, then hundreds, then ten thousands
    held = ((held & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(2561)) >> np.uint64(8)
    held = ((held & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601)) >> np.uint64(16)
    return ((held & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001)) >> np.uint64(32)


def places_in(keys: pa.StringArray, columns: list[pa.ChunkedArray]) -> list[NDArray[np.int32]]:
    """Return for each id in each of `columns` its first place among `keys`, -1 where it is none of them.

    Examples
    --------
    >>> [places.tolist() for places in places_in(pa.array(["h1", "h2"]), [pa.chunked_array([["h2", "h3", None]])])]
    [[1, -1, -1]]
    """
    if not any(map(len, columns)):
        return [np.empty(0, np.int32) for _ in columns]
    table = _Table.of(keys, sum(map(len, columns)))
    found = [None if table is None else table.look_up(column) for column in columns]
    others = [column for column, places in zip(columns, found, strict=True) if places is None]
    if others:
        together = pa.chunked_array([chunk for column in others for chunk in column.chunks], pa.string())
        hashed = pc.index_in(together, value_set=keys).fill_null(_NOWHERE).to_numpy()
        rest: Iterator[NDArray[np.int32]] = iter(np.split(hashed, np.cumsum([len(column) for column in others])[:-1]))
        found = [next(rest) if places is None else places for places in found]
    return [places for places in found if places is not None]


def all_differ(ids: pa.StringArray) -> bool:
    """Whether ids are known to be all different, because they are of one form and their numbers are; False where they are not of one form.

    Examples
    --------
    >>> all_differ(pa.array(["h2", "h1"])), all_differ(pa.array(["h1", "h1"])), all_differ(pa.array(["h1", "m1"]))
    (True, False, False)
    """
    form = Form.of(ids[0].as_py() or "") if len(ids) else None
    numbers = form.read(ids) if form else None
    if numbers is None:
        return False
    least, most = int(numbers.min()), int(numbers.max())
    if most - least > _LOOSE * len(ids):
        ordered = np.sort(numbers)
        return not (ordered[1:] == ordered[:-1]).any()
    there = np.zeros(most - least + 1, bool)
    there[numbers - least] = True
    return int(there.sum()) == len(ids)


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """The place of each number among the keys, from the least number on."""

    form: Form
    least: int
    places: NDArray[np.int32]

    @classmethod
    def of(cls, keys: pa.StringArray, looked_up: int) -> _Table | None:
        """The table of `keys`, if all are of one form and their numbers do not reach much further than what is looked up."""
        form = Form.of(keys[0].as_py() or "") if len(keys) else None
        numbers = form.read(keys) if form else None
        if form is None or numbers is None:
            return None
        least, most = int(numbers.min()), int(numbers.max())
        if most - least > looked_up + len(keys) + _SPARE:
            return None
        places = np.full(most - least + 1, _NOWHERE, np.int32)
        places[numbers[::-1] - least] = np.arange(len(keys) - 1, -1, -1, dtype=np.int32)  # of equal keys the first is written last
        return cls(form, least, places)

    def look_up(self, column: pa.ChunkedArray) -> NDArray[np.int32] | None:
        """The places of ids; None where one is of another form, so that it is no key, or is missing."""
        parts = []
        for chunk in column.chunks:
            numbers = self.form.read(chunk)
            if numbers is None:
                return None
            numbers -= self.least
            there = (numbers >= 0) & (numbers < len(self.places))
            parts.append(self.places[numbers] if there.all() else np.where(there, self.places[np.where(there, numbers, 0)], np.int32(_NOWHERE)))
        return np.concatenate(parts) if parts else np.empty(0, np.int32)
