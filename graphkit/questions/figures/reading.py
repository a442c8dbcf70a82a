"""Reading: a printed figure such as 70多, 81%以上 or 3.6 million, and the numbers it may stand for.

Every figure is read twice. The strict reading keeps to what the words say exactly, the loose one
allows what texts also do: 以上 with and without the number itself, a last digit cut off instead of rounded.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from graphkit.questions.figures.spans import Span, point
from graphkit.words import Text

Role = Literal["count", "rate", "total"]
MOST_DIGITS = 15  # a spreadsheet keeps no more; a number with more of them was computed, not printed


@dataclass(frozen=True, slots=True)
class Bound:
    """Words that make a bound or a neighbourhood of a number, and what they mean; `after` is true of those that may follow it."""

    name: str
    words: tuple[str, ...]
    meaning: Text
    after: bool = True


BOUNDS = (
    Bound("at_least", ("至少", "不少于", "不低于", "at least", "no fewer than", "no less than", "or more", "≥", ">="),
          Text("不小于 N", "N or more")),
    Bound("or_above", ("以上", "超过", "多于", "高于", "逾", "over", "more than", "above"),
          Text("大于 N；宽读含 N 本身", "more than N; loosely also N itself")),
    Bound("above", (">",), Text("大于 N", "more than N")),
    Bound("at_most", ("至多", "最多", "不超过", "不多于", "不高于", "以内", "at most", "no more than", "up to", "or less", "or fewer", "≤", "<="),
          Text("不大于 N", "N or less")),
    Bound("or_below", ("以下",), Text("小于 N；宽读含 N 本身", "less than N; loosely also N itself")),
    Bound("below", ("不到", "不足", "不满", "未满", "低于", "少于", "under", "less than", "fewer than", "below", "<"), Text("小于 N", "less than N")),
    Bound("odd", ("多", "余", "来", "-odd", "odd"),
          Text("大于 N，小于 N 加一步；宽读含 N 本身", "more than N, less than a step above it; loosely also N itself")),
    Bound("nearly", ("近", "将近", "接近", "nearly", "almost"),
          Text("比 N 小，差不到半步；宽读差不到一步，含 N", "below N by half a step at most; loosely by a step, N included"), after=False),
    Bound("about", ("约", "大约", "左右", "上下", "about", "around", "approximately", "~"),
          Text("与 N 相差不到半步；宽读一步", "within half a step of N; loosely within a step")),
)  # fmt: skip

_SCALES = {"百": 100, "千": 1_000, "万": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12,
           "thousand": 1_000, "million": 10**6, "billion": 10**9}  # fmt: skip
_PERCENT = {"%": 100, "‰": 1_000, "百分之": 100}
_COUNTERS = (
    "人次", "户次", "公斤", "人", "名", "个", "户", "家", "头", "元", "期", "亩", "斤", "次", "岁", "年", "村", "项", "件", "所", "只", "吨", "块", "条",
    "people", "persons", "members", "households", "families", "heads", "head", "yuan", "years", "times", "mu",
)  # fmt: skip
_NEUTRAL = ("达到", "共计", "达", "共", "占")
_NUMBER = r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed: its number without the words around it, and what it may stand for in both readings.

    `unit` is the worth of its last printed digit; `bounded` says whether a word such as 以上 or 多 stands with it.
    """

    text: str
    value: Fraction
    unit: Fraction
    percent: bool
    bounded: bool
    strict: Span
    loose: Span

    @property
    def is_exact(self) -> bool:
        """Whether it stands for one number only."""
        return self.loose.low == self.loose.high


def read_figure(text: str, *, role: Role = "count", rounding: str | None = None) -> Figure | Text:
    """Read a figure, or a sum of figures joined by plus signs; what cannot be read is answered with the reason.

    Parameters
    ----------
    text : str
        As printed.
    role : {"count", "rate", "total"}
        A plain whole number is exact as a count; so is 100% as a total. Anything else, and every rate,
        is taken to be rounded at its last printed digit.
    rounding : str, optional
        ``half_up``, ``half_even`` or ``truncated``; any of them if not given.

    Examples
    --------
    >>> read_figure("70多个").strict.wholes()
    Span(low=Fraction(71, 1), high=Fraction(79, 1), low_open=False, high_open=False)
    >>> read_figure("around the corner").en
    'no number is found in it'
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    terms = [_read_term(term.strip(), role, rounding) for term in plain.split("+")]
    if refused := [term for term in terms if isinstance(term, Text)]:
        return refused[0]
    figure, *others = [term for term in terms if isinstance(term, Figure)]
    for other in others:
        figure = Figure(
            text, figure.value + other.value, max(figure.unit, other.unit), figure.percent or other.percent, figure.bounded or other.bounded,
            figure.strict.plus(other.strict), figure.loose.plus(other.loose),
        )  # fmt: skip
    return Figure(text, figure.value, figure.unit, figure.percent, figure.bounded, figure.strict, figure.loose)


def _read_term(term: str, role: Role, rounding: str | None) -> Figure | Text:
    found = _pattern().fullmatch(term)
    if found is None:
        return _refusal(term)
    digits = found["number"].replace(",", "")
    if max(len(digits.replace(".", "").lstrip("0")), len(digits.partition(".")[2])) > MOST_DIGITS:
        return Text(
            f"多于 {MOST_DIGITS} 位数字：这是算出来的，请照原文抄", f"more than {MOST_DIGITS} digits: this was computed; copy what is printed"
        )
    tokens = [token.strip() for token in _tokens().findall(f"{found['before']} {found['number']} {found['after']}")]
    scales = [_SCALES[token] for token in tokens if token in _SCALES]
    percents = [_PERCENT[token] for token in tokens if token in _PERCENT]
    if len(scales) > 1 or len(percents) > 1:
        return Text("数量单位写了两次", "two units of size stand with the number")
    factor = Fraction(*(scales or [1]), *(percents or [1]))
    bounds = [bound for token in tokens if (bound := _bounds_by_word().get(token))]
    exact = "." not in digits and not scales and (role == "total" or (role == "count" and not percents))
    strict, loose = _spans(digits, factor, bounds, exact=exact, rounding=rounding)
    if loose.is_empty:
        return Text("限定词互相矛盾", "the words that bound the number contradict each other")
    return Figure(term, Fraction(digits) * factor, _unit(digits) * factor, bool(percents), bool(bounds), strict, loose)


def _refusal(term: str) -> Text:
    if re.search(r"[0-9]", term):
        return Text("不认识数字旁边的字", "the words beside the number are not known")
    return Text("没有找到数字", "no number is found in it")


def _unit(digits: str) -> Fraction:
    """Worth of the last printed digit."""
    return Fraction(1, 10 ** len(digits.partition(".")[2]))


def _step(digits: str) -> Fraction:
    """Worth of the last digit that is not nought: by it 800余 ends before 900, and 3700余 before 3800."""
    plain = digits.replace(".", "")
    noughts = len(plain) - len(plain.rstrip("0")) if plain.strip("0") else 0
    return _unit(digits) * int("1" + "0" * noughts)


def _spans(digits: str, factor: Fraction, bounds: list[Bound], *, exact: bool, rounding: str | None) -> tuple[Span, Span]:
    """What the number may stand for, strictly and loosely; several words hold all at once."""
    value, step = Fraction(digits) * factor, _step(digits) * factor
    if not bounds:
        return (point(value), point(value)) if exact else _rounded(digits, factor, rounding)
    strict = loose = Span()
    for bound in bounds:
        narrow, wide = _bound_spans(bound.name, value, step)
        strict, loose = strict.meet(narrow), loose.meet(wide)
    return strict, loose


def _rounded(digits: str, factor: Fraction, rounding: str | None) -> tuple[Span, Span]:
    """What a rounded number may have been: to the nearest in the strict reading, cut off as well in the loose one."""
    value, unit = Fraction(digits) * factor, _unit(digits) * factor
    low, high = max(value - unit / 2, Fraction(0)), value + unit / 2
    even = int(digits[-1]) % 2 == 0
    half_up, cut = Span(low, high, high_open=True), Span(value, value + unit, high_open=True)
    if rounding == "half_up":
        return half_up, half_up
    if rounding == "half_even":
        half_even = Span(low, high, not even and low > 0, not even)
        return half_even, half_even
    if rounding == "truncated":
        return cut, cut
    return Span(low, high, high_open=not even), Span(low, value + unit, high_open=True)


def _bound_spans(name: str, value: Fraction, step: Fraction) -> tuple[Span, Span]:
    below, above = max(value - step, Fraction(0)), value + step
    half_below, half_above = max(value - step / 2, Fraction(0)), value + step / 2
    spans = {
        "at_least": (Span(value), Span(value)),
        "or_above": (Span(value, None, low_open=True), Span(value)),
        "above": (Span(value, None, low_open=True), Span(value, None, low_open=True)),
        "at_most": (Span(Fraction(0), value), Span(Fraction(0), value)),
        "or_below": (Span(Fraction(0), value, high_open=True), Span(Fraction(0), value)),
        "below": (Span(Fraction(0), value, high_open=True), Span(Fraction(0), value, high_open=True)),
        "odd": (Span(value, above, low_open=True, high_open=True), Span(value, above, high_open=True)),
        "nearly": (Span(half_below, value, high_open=True), Span(below, value)),
        "about": (Span(half_below, half_above), Span(below, above)),
    }
    return spans[name]


@functools.cache
def _bounds_by_word() -> dict[str, Bound]:
    return {word: bound for bound in BOUNDS for word in bound.words}


def _any_of(words: list[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Known words, a number, known words."""
    before = [*_bounds_by_word(), *_NEUTRAL, "百分之"]
    after = [*(word for bound in BOUNDS if bound.after for word in bound.words), *_SCALES, *_PERCENT, *_COUNTERS]
    return re.compile(rf"(?P<before>(?:\s*{_any_of(before)})*)\s*{_NUMBER}(?P<after>(?:\s*{_any_of(after)})*)\s*")


@functools.cache
def _tokens() -> re.Pattern[str]:
    return re.compile(_any_of([*_bounds_by_word(), *_NEUTRAL, *_SCALES, *_PERCENT, *_COUNTERS]))
