"""Texts of a column as the bytes they lie in: what a whole column does not hold is known by one look at its memory, without a look at each cell."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
_FIRST_SEEN, _LAST_SEEN = 0x21, 0x7E
_BEYOND_ASCII, _OF_THREE, _OF_FOUR = 0x80, 0xE0, 0xF0  # the least first byte of a letter beyond ASCII, of one of three bytes, and of four


def memory_of(texts: pa.StringArray) -> tuple[NDArray[np.int32], Bytes]:
    """Return where the texts begin in memory, one more for the end of the last, and the memory from the first to the last.

    Examples
    --------
    >>> begins, memory = memory_of(pa.array(["ab", None, "c"])[1:])
    >>> begins.tolist(), memory.tobytes()
    ([0, 0, 1], b'c')
    """
    _, places, memory = texts.buffers()
    if not len(texts) or memory is None:
        return np.zeros(len(texts) + 1, np.int32), np.empty(0, np.uint8)
    begins = np.frombuffer(places, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    if begins[0]:
        return begins - begins[0], np.frombuffer(memory, np.uint8)[begins[0] : begins[-1]]
    return begins, np.frombuffer(memory, np.uint8)[: begins[-1]]


def is_tidy(texts: pa.StringArray) -> bool:
    """Whether no text is empty, and all of them are letters, digits and marks of ASCII alone, no space among them.

    Examples
    --------
    >>> is_tidy(pa.array(["h1", None, "h-2"])), is_tidy(pa.array(["h1 "])), is_tidy(pa.array(["村"])), is_tidy(pa.array(["", "h1"]))
    (True, False, False, False)
    """
    memory = memory_of(texts)[1]
    if not len(memory) or memory.max() > _LAST_SEEN or memory.min() < _FIRST_SEEN:
        return False
    return bool((pc.min(pc.binary_length(texts)).as_py() or 0) > 0)


def first_letters(texts: pa.StringArray) -> list[str] | None:
    """Return the letters that the texts begin with, and perhaps others; None where one is empty or begins with a letter of two or of four bytes.

    Examples
    --------
    >>> first_letters(pa.array(["h1", "m1", "村", "h2"])), first_letters(pa.array(["é"])), first_letters(pa.array([""]))
    (['h', 'm', '村'], None, None)
    """
    begins, memory = memory_of(texts)
    if not len(memory) or not pc.min(pc.binary_length(texts)).as_py():
        return None
    begins = begins[:-1] if begins[-2] < len(memory) else begins[:-1][texts.is_valid().to_numpy(zero_copy_only=False)]
    bytes_ = memory[begins]
    there = np.zeros(2**16, bool)
    there[bytes_] = True
    if there[_BEYOND_ASCII:].any():
        longer = np.flatnonzero(bytes_ >= _BEYOND_ASCII)
        if there[_BEYOND_ASCII:_OF_THREE].any() or there[_OF_FOUR:].any():
            return None
        there[_BEYOND_ASCII:] = False
        first, at = bytes_[longer].astype(np.uint16), begins[longer]
        there[((first & 0xF) << 12) | ((memory[at + 1].astype(np.uint16) & 0x3F) << 6) | (memory[at + 2] & 0x3F)] = True
    return [chr(code) for code in np.flatnonzero(there)]


def is_ascii(texts: pa.StringArray) -> bool:
    """Whether all texts are of ASCII.

    Examples
    --------
    >>> is_ascii(pa.array(["h1", None])), is_ascii(pa.array(["村"]))
    (True, False)
    """
    return bool(memory_of(texts)[1].max(initial=0) < _BEYOND_ASCII)


def holds_any(texts: pa.StringArray, words: Iterable[str]) -> bool:
    """Whether one of `words` stands in the texts, or in two of them one after the other.

    Examples
    --------
    >>> holds_any(pa.array(["第1页", "b"]), ["页"]), holds_any(pa.array(["a", "b"]), ["c"])
    (True, False)
    """
    _, memory = memory_of(texts)
    plain = not len(memory) or memory.max() < _BEYOND_ASCII
    held, there = memory.tobytes(), functools.cache(lambda code: bytes((code,)) in held)  # to find no byte is ten times as fast as to find no word
    wanted = (word.encode() for word in words if word.isascii() or not plain)
    return any(all(map(there, sorted(word))) and word in held for word in wanted)
