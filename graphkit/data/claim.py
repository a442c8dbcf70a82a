"""Claim: the figures of one published statement, copied as printed; its columns, declared once."""

from __future__ import annotations

from dataclasses import dataclass

from graphkit.model.types import Choice, NodeType, Property
from graphkit.words import Text

_NOT_PRINTED = Text("原文没有给出", "not printed")

CLAIM = NodeType(
    "Claim", Text("说法", "claim"), Text("公布的一个说法里的数字，照原文抄录", "the figures of one published statement, copied as printed"), "id",
    (
        Property("id", "string", Text("编号", "id"), Text("说法的编号", "id of the claim"), Text("用行号代替", "the row number stands for it"), required=True),
        Property("claim_zh", "string", Text("说法（中文）", "claim (Chinese)"), Text("说的是什么", "what is claimed"), Text("未抄录", "not copied")),
        Property("claim_en", "string", Text("说法（英文）", "claim (English)"), Text("说的是什么", "what is claimed"), Text("未抄录", "not copied")),
        Property("relation", "string", Text("算法", "relation"), Text("几个数是什么关系", "how the figures hang together"), Text("无法核对", "cannot be checked"),
                 required=True,
                 choices=(
                     Choice("share", Text("占比", "share")), Choice("mean", Text("平均", "mean")),
                     Choice("product", Text("乘积", "product")), Choice("sum", Text("合计", "sum")),
                 )),
        Property("part", "string", Text("部分", "part"), Text("占比：部分；平均：总量；乘积：个数；合计：各项，用加号连写",
                 "share: the part; mean: the total; product: the count; sum: the terms, joined by plus signs"), _NOT_PRINTED),
        Property("whole", "string", Text("总数", "whole"), Text("占比：总数；平均：个数；乘积：每个多少；合计：合计数",
                 "share: the whole; mean: the count; product: how much each; sum: what they add up to"), _NOT_PRINTED),
        Property("result", "string", Text("结果", "result"), Text("占比：比率，带百分号；平均：平均数；乘积：总量；合计：不填",
                 "share: the rate, with its %; mean: the mean; product: the total; sum: nothing"), _NOT_PRINTED),
        Property("rounding", "string", Text("取舍", "rounding"), Text("末位怎样取舍", "what was done to the last digit"), Text("不知道：哪一种都算", "not known: any of them will do"),
                 choices=(
                     Choice("half_up", Text("四舍五入", "half up")), Choice("half_even", Text("四舍六入五成双", "half even")),
                     Choice("truncated", Text("只舍不入", "cut off")),
                 )),
        Property("integers", "boolean", Text("都是整数", "whole numbers"), Text("平均：被平均的每个数都是整数", "mean: every value averaged is a whole number"),
                 Text("不知道：没有总量就无法核对", "not known: without the total it cannot be checked")),
        Property("part_date", "string", Text("部分的时间", "date of the part"), Text("日期或时段，照原文", "day or period, as printed"), Text("未写明，不比较", "not stated, not compared")),
        Property("whole_date", "string", Text("总数的时间", "date of the whole"), Text("日期或时段，照原文", "day or period, as printed"), Text("未写明，不比较", "not stated, not compared")),
        Property("source", "string", Text("出处", "source"), Text("文中第几句，或哪一页", "sentence or page of the text"), Text("未写明", "not stated")),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """The figures of one published statement, as text: ``"86.9%"`` and ``"86.90%"`` say different things.

    The attributes are the columns that `CLAIM` declares; what each figure is depends on `relation`:

    ========= ============ ============ ==========
    relation  part         whole        result
    ========= ============ ============ ==========
    share     part         whole        part / whole, with its %
    mean      total        count        total / count
    product   count        each         count × each
    sum       terms        their sum    (none)
    ========= ============ ============ ==========

    `unread` says why the row of a file could not be read; such a claim cannot be checked and is not lost.

    Examples
    --------
    >>> Claim("s43", "share", whole="17", result="86.9%").part is None
    True
    """

    id: str
    relation: str | None = None
    part: str | None = None
    whole: str | None = None
    result: str | None = None
    rounding: str | None = None
    integers: bool | None = None
    part_date: str | None = None
    whole_date: str | None = None
    source: str | None = None
    claim_zh: str | None = None
    claim_en: str | None = None
    unread: Text | None = None
