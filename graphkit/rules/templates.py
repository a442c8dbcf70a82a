"""Sentences with counts in them: ``{full_members}``, ``{groups:group:groups}``, ``{threshold-full_members}``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graphkit.words import Text

_HOLE = re.compile(r"\{([a-z_]+)(?:-([a-z_]+))?(?::([^:{}]*):([^:{}]*))?\}")


def holes(text: Text) -> set[str]:
    """Return the names that a text has a place for.

    Examples
    --------
    >>> sorted(holes(Text("差{threshold-full_members}人", "")))
    ['full_members', 'threshold']
    """
    return {name for words in (text.zh, text.en) for found in _HOLE.finditer(words) for name in found.group(1, 2) if name}


def fill(text: Text, values: Mapping[str, int], names: Mapping[str, Text]) -> Text:
    """Put numbers and names in their places; a number with two words behind it takes the first where it is 1.

    Examples
    --------
    >>> fill(Text("{n}人", "{n:person:people} of {whole-n}"), {"n": 1, "whole": 1_201}, {})
    Text(zh='1人', en='1 person of 1,200')
    """
    return Text(_fill(text.zh, values, {k: v.zh for k, v in names.items()}), _fill(text.en, values, {k: v.en for k, v in names.items()}))


def _fill(words: str, values: Mapping[str, int], names: Mapping[str, str]) -> str:
    def put(found: re.Match[str]) -> str:
        name, less, one, many = found.groups()
        if name in names:
            return names[name]
        number = values[name] - (values[less] if less else 0)
        return f"{number:,}" if one is None else f"{number:,} {one if number == 1 else many}"

    return _HOLE.sub(put, words)


def join(texts: list[Text]) -> Text:
    """Put sentences together, each said once."""
    return Text("；".join(dict.fromkeys(t.zh for t in texts if t.zh)), "; ".join(dict.fromkeys(t.en for t in texts if t.en)))
