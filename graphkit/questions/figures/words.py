"""Words: why a claim has its verdict and what to do, in both languages, from the numbers of its outcome."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from graphkit.data.claim import Claim
from graphkit.questions.figures.arithmetic import Outcome, Pair
from graphkit.questions.figures.reading import Figure
from graphkit.words import Text

_MORE_DIGITS = 4  # shown at most beyond those printed, so that two different numbers do not look alike

_REASONS = {
    "recomputed": Text("{calc}，与原文的“{printed}”相符", "{calc}, in agreement with the printed {printed}"),
    "within": Text("{calc}；原文没有给出比率，部分没有超过总数", "{calc}; no rate is printed, and the part does not exceed the whole"),
    "possible_within": Text("{calc}；部分可以不超过总数，原文没有给出比率", "{calc}; the part may lie within the whole, and no rate is printed"),
    "possible": Text("可以成立，如 {fit}；原文的数字不足以证明", "it can be, as with {fit}; the printed figures do not prove it"),
    "no_part": Text("总数为“{whole}”时，没有一个整数能得出 {result}：{nearest}", "no whole number out of {whole} gives {result}: {nearest}"),
    "not_equal": Text("{calc}，怎样读、怎样取舍都得不出“{printed}”", "{calc}, which no reading and no rounding turns into {printed}"),
    "no_whole_gives": Text("没有一个总数能由“{part}”得出 {result}", "there is no whole of which {part} gives {result}"),
    "over_whole": Text("{calc}：部分不能超过总数", "{calc}: a part cannot exceed its whole"),
    "words": Text("只有宽读限定词才成立：{fit}", "true only if the words beside the numbers are read loosely: {fit}"),
    "cut_off": Text("只有末位只舍不入才得出：{fit}", "true only if the last digit was cut off, not rounded: {fit}"),
    "dates": Text("“{part_date}”与“{whole_date}”不是同一时间，放在一起算才得 {computed}",
                  "the figures are of different times ({part_date}; {whole_date}): only put together they come to {computed}"),
    "no_result": Text("原文没有给出结果，无可比较；算得 {computed}", "no result is printed to compare with; the figures come to {computed}"),
    "too_few": Text("给出的数不够，无从核对", "too few figures are printed to compare any"),
    "cannot_fail": Text("这样的精度，哪个数字都可能：核对不出什么", "with so few digits every result would be possible: nothing is tested"),
    "not_integers": Text("没有总量，又不知道被平均的是不是整数", "the total is not printed, and whether whole numbers were averaged is not known"),
    "no_whole": Text("总数是零，无从相除", "the whole is nought: nothing can be divided by it"),
    "too_many": Text("两个数的范围都太宽，没有逐一试完", "both ranges are so wide that not every number was tried"),
    "unreadable": Text("“{column}”无法读取：{why}", "the {column} cannot be read: {why}"),
}  # fmt: skip

_REMEDIES = {
    "nothing": Text("无需处理", "nothing to do"),
    "prove": Text("要证实，请索取原文没有写准的数", "to be sure, ask for the numbers that are not printed exactly"),
    "base": Text("请索取总数（至少 {base}），或请更正", "ask for the base, which is at least {base}, or for a correction"),
    "base_cut": Text("请索取总数（至少 {base}；若末位只舍不入，至少 {cut}），或请更正",
                     "ask for the base, which is at least {base}, or {cut} if the last digit was cut off; or for a correction"),
    "source": Text("请对照原文，并索取这些数的底数", "compare with the source, and ask for the numbers behind it"),
    "words": Text("请问明是否包括本数，或索取准确的数", "ask whether the number itself is included, or for the exact number"),
    "cut_off": Text("请问明末位怎样取舍", "ask what was done to the last digit"),
    "dates": Text("请索取同一时间的数", "ask for both figures of one time"),
    "complete": Text("请补上原文有而没有抄录的数，或索取它", "enter the figure if the source prints it, or ask for it"),
    "copy": Text("请照原文重新填写这一格", "copy the cell again as it is printed"),
}  # fmt: skip

_REMEDY_OF = {
    "possible": "prove", "possible_within": "prove", "recomputed": "nothing", "within": "nothing", "words": "words",
    "cut_off": "cut_off", "dates": "dates", "no_result": "complete", "too_few": "complete", "cannot_fail": "complete", "not_integers": "complete",
    "no_whole": "copy", "unreadable": "copy", "too_many": "prove",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """The numbers of an outcome as text, the same in both languages."""

    computed: str | None
    below: str | None
    above: str | None


def show_outcome(claim: Claim, outcome: Outcome, result: Figure | None) -> Shown:
    """What an outcome comes to, and the possible values nearest to the printed one, written to the digits printed."""
    pairs = [None if pair is None else _say_pair(pair, claim, result) for pair in (outcome.below, outcome.above)]
    return Shown(_say_computed(outcome, claim, result), *pairs)


def explain_outcome(claim: Claim, outcome: Outcome, result: Figure | None, shown: Shown) -> tuple[Text, Text]:
    """Why the claim has its verdict, and what to do."""
    fit = outcome.fit and _say_fit(outcome.fit, claim, result)
    calc = f"{_say_terms(claim)} = {shown.computed}"
    words = {
        "calc": calc, "printed": (claim.whole if claim.relation == "sum" else claim.result) or "", "result": claim.result or "",
        "part": claim.part or "", "whole": claim.whole or "", "part_date": claim.part_date or "", "whole_date": claim.whole_date or "",
        "computed": shown.computed or "–", "fit": fit or calc, "nearest": " · ".join(text for text in (shown.below, shown.above) if text) or "–",
    }  # fmt: skip
    reason = _fill(_REASONS[outcome.case], words)
    if outcome.base and outcome.case in ("no_part", "too_few", "cut_off"):
        reason = _add_base(reason, outcome, claim, result)
    return reason, _advise(outcome)


def explain_unreadable(column: Text, why: Text) -> tuple[Text, Text]:
    """Why a claim whose `column` cannot be read was not checked, and what to do."""
    reason = Text(*(_REASONS["unreadable"].say(lang).format(column=column.say(lang), why=why.say(lang)) for lang in ("zh", "en")))
    return reason, _REMEDIES["copy"]


def _fill(text: Text, words: Mapping[str, str]) -> Text:
    return Text(text.zh.format_map(words), text.en.format_map(words))


def _advise(outcome: Outcome) -> Text:
    if outcome.verdict != "impossible" and outcome.case in _REMEDY_OF:
        return _REMEDIES[_REMEDY_OF[outcome.case]]
    if outcome.base is None or outcome.case != "no_part":
        return _REMEDIES["source"]
    words = {"base": f"{int(outcome.base[1]):,}", "cut": f"{int(outcome.base_cut[1]):,}" if outcome.base_cut else ""}
    return _fill(_REMEDIES["base_cut" if outcome.base_cut else "base"], words)


def _add_base(reason: Text, outcome: Outcome, claim: Claim, result: Figure | None) -> Text:
    """The smallest whole of which the rate is possible."""
    base, cut = outcome.base, outcome.base_cut
    said = f"{int(base[1]):,} ({_say_pair(base, claim, result)})" if base else ""
    zh, en = f"；能得出它的最小总数是 {said}", f"; the smallest whole that gives it is {said}"
    if cut:
        said = f"{int(cut[1]):,} ({_say_pair(cut, claim, result)})"
        zh, en = f"{zh}，若末位只舍不入则是 {said}", f"{en}, or {said} if the last digit was cut off"
    return Text(reason.zh + zh, reason.en + en)


# numbers


def _say_computed(outcome: Outcome, claim: Claim, result: Figure | None) -> str | None:
    """The value without the words around the numbers, and the range that the words leave."""
    span, value = outcome.computed, outcome.value
    if span is None or value is None:
        return None
    plain = _say_number(value, claim, result)
    ends = [_say_number(end, claim, result) for end in (span.low, span.high) if end is not None]
    if span.high is None:
        return f"{plain} (≥ {ends[0]})"
    return plain if ends == [plain, plain] else f"{plain} ({ends[0]} – {ends[1]})"


def _say_pair(pair: Pair, claim: Claim, result: Figure | None) -> str:
    part, whole = pair
    return f"{_say_plain(part)}/{_say_plain(whole)} = {_say_number(part / whole, claim, result)}"


def _say_fit(fit: Pair, claim: Claim, result: Figure | None) -> str:
    if claim.relation != "product":
        return _say_pair(fit, claim, result)
    total, count = fit
    each = _say_plain(total / count) if count else claim.whole
    return f"{_say_plain(count)} × {each} = {_say_plain(total)}"


def _say_terms(claim: Claim) -> str:
    """The figures that are put together, as printed."""
    if claim.relation == "sum":
        return claim.part or ""
    part, whole = (f"({text})" if text and "+" in text else text for text in (claim.part, claim.whole))
    return f"{part} {'×' if claim.relation == 'product' else '/'} {whole}"


def _say_number(value: Fraction, claim: Claim, result: Figure | None) -> str:
    """A number to the digits of the printed result; to more where it would else look like the printed one and is another."""
    percent = claim.relation == "share" or bool(result and result.percent)
    if claim.relation in ("sum", "product") or result is None:  # in a sum, `result` is what the terms should add up to
        return _say_plain(value, percent=percent)
    digits = _decimals(result.unit * (100 if percent else 1))
    if result.bounded:
        digits = max(digits, _plain_decimals(value, percent=percent))
    elif value in result.loose and value not in result.strict:
        digits += 1
    printed = _round(result.value, digits, percent=percent)
    for more in range(_MORE_DIGITS):
        text = _round(value, digits + more, percent=percent)
        if text != printed or value in result.strict:
            break
    return text


def _say_plain(value: Fraction, *, percent: bool = False) -> str:
    """A number by itself, with one decimal or two."""
    return _round(value, _plain_decimals(value, percent=percent), percent=percent)


def _plain_decimals(value: Fraction, *, percent: bool) -> int:
    if (value * 100 if percent else value).denominator == 1:
        return 0
    return 1 if percent or value >= 10 else 2


def _decimals(unit: Fraction) -> int:
    return 0 if unit >= 1 else len(str(unit.denominator)) - 1


def _round(value: Fraction, digits: int, *, percent: bool) -> str:
    shown = value * 100 if percent else value
    rounded = math.floor(shown * 10**digits + Fraction(1, 2))
    whole, rest = divmod(rounded, 10**digits)
    return f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "") + ("%" if percent else "")
