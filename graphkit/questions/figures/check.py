"""Check figures: can the figures of published claims be true together? One verdict a claim, as a finding."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from graphkit.data.claim import CLAIM, Claim
from graphkit.errors import ParameterError
from graphkit.privacy import MASK
from graphkit.questions.figures.arithmetic import Outcome, judge_product, judge_rate, judge_sum
from graphkit.questions.figures.reading import Figure, Role, read_figure
from graphkit.questions.figures.words import Shown, explain_outcome, explain_unreadable, show_outcome
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.words import Text

VERDICTS = ("holds", "impossible", "doubtful", "unchecked")

_VERDICT_WORDS = {
    "holds": Text("成立", "holds"), "impossible": Text("不可能", "impossible"), "doubtful": Text("存疑", "doubtful"),
    "unchecked": Text("无法核对", "cannot be checked"),
}  # fmt: skip
_DECLARED = {column.name: column for column in CLAIM.properties}
_CHOICES = {name: {c.value: c.heading for c in _DECLARED[name].choices} for name in ("relation", "rounding")}
_NEVER = Text("不会为空", "never missing")
_NONE = Text("没有或不适用", "none, or does not apply")


def _copied(name: str) -> Column:
    """A column of the answer that repeats one of the claim."""
    declared = _DECLARED[name]
    return Column(name, declared.heading, declared.meaning, declared.missing_means, values=_CHOICES.get(name, {}))


COLUMNS = (
    *SUBJECT_COLUMNS,
    *(_copied(name) for name in ("claim_zh", "claim_en", "relation", "part", "whole", "result")),
    Column("verdict", Text("结论", "verdict"), Text("这些数能否同时成立", "whether the figures can be true together"), _NEVER, values=_VERDICT_WORDS),
    Column("certain", Text("是否确定", "certain"),
           Text("原文的说法所容许的每个数都得出这个结论；“成立”而不确定，只是可以成立", "every number that the words allow gives this verdict; what holds without it only can be"),
           Text("无法核对", "cannot be checked")),
    Column("computed", Text("算得", "comes to"), Text("由给出的数算得；括号里是限定词容许的范围", "from the figures given; in brackets the range that their words leave"), _NONE),
    Column("nearest_below", Text("较小的可能值", "nearest below"), Text("比原文小的最近的可能值", "the possible value next below the printed one"), _NONE),
    Column("nearest_above", Text("较大的可能值", "nearest above"), Text("比原文大的最近的可能值", "the possible value next above the printed one"), _NONE),
    Column("smallest_base", Text("最小总数", "smallest base"), Text("能得出这个比率的最小总数，不管部分是多少", "smallest whole that can give the printed rate, whatever the part"), _NONE),
    Column("smallest_base_cut", Text("最小总数（只舍不入）", "smallest base, cut off"),
           Text("末位若只舍不入，能得出它的最小总数", "the same if the last digit was cut off, not rounded"), Text("与前一列相同，或不适用", "as the column before, or does not apply")),
    _copied("part_date"), _copied("whole_date"),
    Column("reason_zh", Text("理由（中文）", "reason (Chinese)"), Text("结论的理由", "why the verdict is so"), _NEVER),
    Column("reason_en", Text("理由（英文）", "reason (English)"), Text("结论的理由", "why the verdict is so"), _NEVER),
    Column("remedy_zh", Text("办法（中文）", "remedy (Chinese)"), Text("该做什么", "what to do"), _NEVER),
    Column("remedy_en", Text("办法（英文）", "remedy (English)"), Text("该做什么", "what to do"), _NEVER),
    _copied("source"),
)  # fmt: skip

_TITLE = Text("公布的数字能不能同时成立？", "Can the published figures be true together?")
_CAVEATS = (
    Text("“不可能”说的是印出来的数和给出的总数，不说谁不诚实：比率可能另有总数，也可能只是印错。",
         "“Impossible” speaks of the figures as printed and the base as given, not of anybody's honesty: the rate may have another base, or be misprinted."),
    Text("“成立”说的是算得通，不说事情果真如此；不确定的，只是可以成立。",
         "“Holds” says that the arithmetic agrees, not that things are as the text says; where it is not certain, they only can be."),
    Text("没有限定词的比率、小数和以万计的数，当作取舍到印出的最后一位；整数当作准确数。末位的零也算印出的数字。",
         "A rate, a decimal or a number in 万 without a bounding word is taken as rounded at its last printed digit, noughts included; a whole number as exact."),
)  # fmt: skip
_PERSONAL = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9])")  # a mobile phone, an identity number new or old
_LOOKS_PERSONAL = Text(
    "像电话或身份证号，没有读取；大数请写成带逗号的", "it looks like a phone or an identity number and is not read; write a large number with commas"
)


def check_figures(claims: Iterable[Claim]) -> Finding:
    """Can the published figures be true together?

    Each claim is read twice: strictly, as its words say, and loosely, as texts also use them (以上 with
    and without the number itself, a last digit cut off instead of rounded). It

    - **holds** if some numbers that the strict reading allows fit all figures (*certain* if every one does),
    - is **doubtful** if only the loose reading does, or if its figures are of different times,
    - is **impossible** if neither does, and
    - **cannot be checked** if a figure is missing or unreadable, or if no figure could have failed.

    For a share or a mean whose part is not printed this is the GRIM test: is there a whole number k with
    low ≤ k / n < high, where low and high are the ends of what rounds to the printed rate? Every number
    is an exact fraction.

    Parameters
    ----------
    claims : iterable of Claim
        As `loaders.load_claims` reads them from a table, or made in Python.

    Returns
    -------
    Finding
        One row a claim, in the order given; columns as `COLUMNS` declares them. A claim is never
        dropped: read = holds + impossible + doubtful + cannot be checked.

    Raises
    ------
    ParameterError
        If something else than claims is given, or a figure is no text.

    Examples
    --------
    >>> found = check_figures([Claim("s43", "share", whole="17", result="86.9%"), Claim("s60", "share", "56", "69", "81%以上")])
    >>> found.rows[["verdict", "computed", "nearest_below", "nearest_above"]].astype(object).where(lambda f: f.notna(), None).to_dict("records")[0]
    {'verdict': 'impossible', 'computed': None, 'nearest_below': '14/17 = 82.4%', 'nearest_above': '15/17 = 88.2%'}
    >>> found.rows["reason_en"][1]
    '56 / 69 = 81.2%, in agreement with the printed 81%以上'

    References
    ----------
    Brown and Heathers (2017), The GRIM test, Social Psychological and Personality Science 8(4).
    """
    given = [_need_claim(claim) for claim in ([claims] if isinstance(claims, (str, os.PathLike)) else claims)]
    rows = [_judge_row(_mask(claim)) for claim in given]
    names = [column.name for column in COLUMNS]
    types = {"smallest_base": "Int64", "smallest_base_cut": "Int64", "certain": "boolean"}
    frame = pd.DataFrame({name: pd.array([row[name] for row in rows], dtype=types.get(name, "str")) for name in names}, columns=names)
    return Finding(
        "check_figures", _TITLE, frame, COLUMNS, {}, (), (_count_verdicts(frame), *_count_caveats(frame), *_CAVEATS), mark_column="verdict"
    )


def _need_claim(claim: object) -> Claim:
    if not isinstance(claim, Claim):
        raise ParameterError(
            Text(
                f"这里要的是 Claim，而不是 {type(claim).__name__}；文件请先用 loaders.load_claims 读入",
                f"a Claim is wanted, not {type(claim).__name__}; read a file with loaders.load_claims first",
            ),
        )
    if wrong := [name for name in ("part", "whole", "result") if not isinstance(getattr(claim, name), (str, type(None)))]:
        raise ParameterError(
            Text(
                f"说法 {claim.id}：{wrong[0]} 要写成原文的文字，如 '86.90%'，不要写成数：数不保留末尾的零",
                f"claim {claim.id}: {wrong[0]} is text as printed, such as '86.90%', not a number: a number keeps no noughts at its end",
            ),
        )
    return claim


def _mask(claim: Claim) -> Claim:
    """The claim without what looks like a phone or an identity number."""
    return Claim(**{f.name: _mask_text(getattr(claim, f.name)) for f in fields(claim)})


def _mask_text(value: Any) -> Any:
    """A text that holds such a number with the number starred out; anything else as it is."""
    plain = unicodedata.normalize("NFKC", value) if isinstance(value, str) else ""
    return _PERSONAL.sub(MASK, plain) if _PERSONAL.search(plain) else value


@dataclass(frozen=True, slots=True)
class _Read:
    """The figures of a claim, read; or the column that cannot be, and why."""

    part: Figure | None = None
    whole: Figure | None = None
    result: Figure | None = None
    refused: tuple[Text, Text] | None = None


def _judge_row(claim: Claim) -> dict[str, object]:
    read = _read_claim(claim)
    if read.refused:
        outcome, shown = Outcome("unchecked", "unreadable"), Shown(None, None, None)
        reason, remedy = explain_unreadable(*read.refused)
    else:
        outcome = _compare_dates(claim, _judge(claim, read))
        result = (read.whole or read.part) if claim.relation == "sum" else read.result
        shown = show_outcome(claim, outcome, result)
        reason, remedy = explain_outcome(claim, outcome, result, shown)
    copied = {column.name: getattr(claim, column.name, None) for column in COLUMNS}
    return {
        **copied, "subject_kind": "Claim", "subject_id": claim.id, "verdict": outcome.verdict,
        "certain": None if outcome.verdict == "unchecked" else outcome.certain,
        "computed": shown.computed, "nearest_below": shown.below, "nearest_above": shown.above,
        "smallest_base": outcome.base and int(outcome.base[1]), "smallest_base_cut": outcome.base_cut and int(outcome.base_cut[1]),
        "reason_zh": reason.zh, "reason_en": reason.en, "remedy_zh": remedy.zh, "remedy_en": remedy.en,
    }  # fmt: skip


def _judge(claim: Claim, read: _Read) -> Outcome:
    if claim.relation == "sum":
        return judge_sum(read.part, read.whole) if read.part else Outcome("unchecked", "too_few")
    if claim.relation == "product":
        return judge_product(read.part, read.whole, read.result)
    share = claim.relation == "share"
    return judge_rate(read.part, read.whole, read.result, share=share, counted=share or claim.integers is True)


def _compare_dates(claim: Claim, outcome: Outcome) -> Outcome:
    """Figures of different times are never put together silently: what rests on them is in doubt."""
    dates = {_fold(date) for date in (claim.part_date, claim.whole_date) if date}
    rests_on_both = outcome.verdict != "unchecked" or outcome.case == "no_result"
    if len(dates) < 2 or not rests_on_both:
        return outcome
    return Outcome("doubtful", "dates", computed=outcome.computed, value=outcome.value)


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


# reading the figures of a claim


def _read_claim(claim: Claim) -> _Read:
    if claim.unread:
        return _Read(refused=(Text("这一行", "row"), claim.unread))
    for name, choices in _CHOICES.items():
        value = getattr(claim, name)
        if value not in choices and not (value is None and name == "rounding"):
            return _Read(refused=(_DECLARED[name].heading, _offer(choices.values())))
    figures: list[Figure | None] = []
    for name, role in _roles(claim.relation or "").items():
        text = getattr(claim, name)
        if text and MASK in text:
            return _Read(refused=(_DECLARED[name].heading, _LOOKS_PERSONAL))
        figure = read_figure(text, role=role, rounding=claim.rounding) if text else None
        refused = figure if isinstance(figure, Text) else _refuse_kind(claim, name, figure)
        if refused:
            return _Read(refused=(_DECLARED[name].heading, refused))
        figures.append(figure if isinstance(figure, Figure) else None)
    part, whole, result = figures
    return _Read(part, whole, result)


def _roles(relation: str) -> dict[str, Role]:
    """How each figure, in order, is read: see `graphkit.questions.figures.reading.read_figure`."""
    return {
        "part": "count",
        "whole": "total" if relation == "sum" else "count",
        "result": "rate" if relation in ("share", "mean") else "count",
    }


def _refuse_kind(claim: Claim, name: str, figure: Figure | None) -> Text | None:
    """A figure that is a number, and not of the kind wanted here."""
    if figure is None:
        return None
    if claim.relation == "sum" and name == "result":
        return Text("合计不填这一栏，合计数填在“总数”", "a sum has none; what the terms add up to goes under whole")
    if claim.relation == "share" and name == "result" and not figure.percent and figure.value >= 1:
        return Text("比率要带百分号，或写成小于 1 的小数", "a rate is written with its %, or as a decimal below 1")
    if claim.relation in ("share", "mean") and name == "whole" and figure.percent:
        return Text("这里要个数，不要百分数", "a count is wanted, not a percentage")
    return (
        Text("这里要个数，不要百分数", "a count is wanted, not a percentage")
        if claim.relation == "share" and name == "part" and figure.percent
        else None
    )


def _offer(words: Iterable[Text]) -> Text:
    known = list(words)
    return Text(f"可用：{'、'.join(w.zh for w in known)}", f"there are {', '.join(w.en for w in known)}")


# what a reader must know


def _count_verdicts(frame: pd.DataFrame) -> Text:
    counts = Counter(frame["verdict"])
    zh = " + ".join(f"{_VERDICT_WORDS[verdict].zh} {counts[verdict]:,}" for verdict in VERDICTS)
    en = " + ".join(f"{_VERDICT_WORDS[verdict].en} {counts[verdict]:,}" for verdict in VERDICTS)
    return Text(f"读到 {len(frame):,} = {zh}。", f"Read {len(frame):,} = {en}.")


def _count_caveats(frame: pd.DataFrame) -> Sequence[Text]:
    only_possible = int((frame["verdict"].eq("holds") & ~frame["certain"].fillna(value=False)).sum())
    doubled = int(frame["subject_id"].duplicated(keep=False).sum())
    dated = int((frame["part_date"].isna() | frame["whole_date"].isna()).sum())
    caveats = [
        (only_possible, f"“成立”中有 {only_possible:,} 条只是可以成立。", f"Of those that hold, {only_possible:,} only can be true."),
        (dated, f"有 {dated:,} 条没有写全时间，没有比较。", f"{dated:,} do not state both times; these were not compared."),
        (doubled, f"有 {doubled:,} 条的编号与别的相同。", f"{doubled:,} share their id with another."),
    ]
    return [Text(zh, en) for count, zh, en in caveats if count]
