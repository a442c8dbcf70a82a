"""The words of the trade: the same thing said in both languages, and a number as a reader sees it."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages.

    Examples
    --------
    >>> Text(zh="村", en="village").say("zh")
    '村'
    """

    zh: str
    en: str

    def say(self, lang: str) -> str:
        """Return the words in `lang`, ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en


def fold(text: str) -> str:
    """Return `text` without what does not tell names apart: case, width, spaces, ``_`` and ``-``.

    Examples
    --------
    >>> fold("Member_HELPS-household"), fold("村 代码")
    ('memberhelpshousehold', '村代码')
    """
    return re.sub(r"[\s_\-\ufeff]+", "", unicodedata.normalize("NFKC", text)).casefold()


DIGITS = 3  # that a fraction shows; whole thousands are never cut
SMALLEST = 1e-6  # below it a row of zeros says less than a power of ten


def say_number(value: float) -> str:
    """Say a number as a reader sees it: thousands apart, three digits of a fraction, a dash for what is missing.

    Examples
    --------
    >>> [say_number(value) for value in (201_970, 201969.6, 999.7, 11.84, 0.5, 0.00123)]
    ['201,970', '201,970', '1,000', '11.8', '0.5', '0.00123']
    """
    if isinstance(value, int):
        return f"{value:,}"
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞" if value > 0 else "-∞"
    if 0 < abs(value) < SMALLEST:
        return f"{value:.{DIGITS}g}"
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(abs(value)))) if value else 0
    said = f"{value:,.{decimals}f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def same(value: object) -> Text:
    """Return a text that is the same in both languages."""
    return Text(str(value), str(value))


def join(texts: Sequence[Text], separator: Text | None = None) -> Text:
    """Return one text of several, with `separator` between them."""
    between = separator or Text("", "")
    return Text(between.zh.join(t.zh for t in texts), between.en.join(t.en for t in texts))


def flow(sentences: Sequence[Text], lang: str) -> str:
    """Return sentences as they follow each other in one language."""
    return ("" if lang == "zh" else " ").join(sentence.say(lang) for sentence in sentences)


def stop(sentence: object, mark: str) -> str:
    """Return a sentence that ends in `mark`, unless it has ended already."""
    text = str(sentence).rstrip()
    return text if text.endswith((".", "。", "；", ";")) else text + mark


@dataclass(frozen=True, slots=True)
class Terms:
    """What a field of one's own calls what the shipped sentences name: pairs of shipped words and own words, by language.

    A language without pairs is not spoken in that field: the other one stands in for it, and no word is invented.

    Examples
    --------
    >>> terms = Terms(zh=(("党组织", "服务站"),), en=(("branch", "station"), ("branches", "stations")))
    >>> terms.put(Text("2 个党组织", "Branches: 2; see branch-7"))
    Text(zh='2 个服务站', en='Stations: 2; see branch-7')
    >>> Terms(zh=(("党组织", "服务站"),)).put(Text("党组织", "branch"))
    Text(zh='服务站', en='服务站')
    """

    zh: tuple[tuple[str, str], ...] = ()
    en: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def put(self, text: Text, keep: Sequence[str] = ()) -> Text:
        """Return `text` in the words of the field; `keep` are names in it that stay as they are."""
        if not self:
            return text
        zh, en = (_replace(text.say(lang), pairs, lang, tuple(keep)) if pairs else "" for lang, pairs in (("zh", self.zh), ("en", self.en)))
        return Text(zh if self.zh else en, en if self.en else zh)

    def hits(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of `names` that hold a word that would be replaced."""
        return tuple(name for name in dict.fromkeys(names) if self and self.put(same(name)) != same(name))


NO_TERMS = Terms()


def _replace(text: str, pairs: tuple[tuple[str, str], ...], lang: str, keep: tuple[str, ...]) -> str:
    own = dict(pairs)
    pattern = _pattern(tuple(own), lang, keep)

    def put(found: re.Match[str]) -> str:
        word = found[0]
        if found["keep"]:
            return word
        if word in own:
            return own[word]
        said = own[word[:1].lower() + word[1:]]
        return said[:1].upper() + said[1:]

    return pattern.sub(put, text)


@functools.lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...], lang: str, keep: tuple[str, ...]) -> re.Pattern[str]:
    """Names to keep, then words, the longest first; an English word stands by itself, and may begin a sentence."""
    longest = sorted({*words, *(word[:1].upper() + word[1:] for word in words)}, key=len, reverse=True)
    names = "|".join(re.escape(name) for name in sorted(keep, key=len, reverse=True))
    either = "|".join(map(re.escape, longest))
    apart = either if lang == "zh" else rf"(?<![\w-])(?:{either})(?![\w-])"
    return re.compile(rf"(?P<keep>{names or '(?!)'})|{apart}")
