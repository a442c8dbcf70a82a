"""The rules between rows, in words: what the checks hold against a district as a whole."""

from __future__ import annotations

from graphkit.model.types import Constraint, NodeType, TieType
from graphkit.words import Text


def list_constraints(nodes: tuple[NodeType, ...], ties: tuple[TieType, ...]) -> tuple[Constraint, ...]:
    """Return the rules between rows of a model with these kinds: those that follow from what each kind declares, and those of the field."""
    return (*_declared(nodes, ties), *_FIELD)


def _declared(nodes: tuple[NodeType, ...], ties: tuple[TieType, ...]) -> tuple[Constraint, ...]:
    kinds: tuple[NodeType | TieType, ...] = (*nodes, *ties)
    return (
        Constraint(
            "key.once", tuple(kind.table for kind in kinds),
            Text("同一主键（或同一关系）只出现一次；内容相同的行合并，不同的行保留第一行", "a key, or a tie, stands once; equal rows are merged, of differing rows the first is kept"),
            Text("核对两行，改正编号或删去错行", "compare the two rows; correct the key or delete the wrong row"), "quarantine",
        ),
        Constraint(
            "tie.ends", tuple(t.table for t in ties),
            Text("关系两端都必须存在", "a tie joins two things that are there"),
            Text("在对应的表中补上该编号，或改正此处的编号", "add the key to its table, or correct it here"), "quarantine",
        ),
        *_dates(kinds),
        Constraint(
            "tie.single", tuple(tie.table for tie in ties if tie.is_single),
            Text("同一时间只能有一个", "of these there is one at a time"),
            Text("改正编号，或写明前一个的结束日期；若编号只在各村内唯一，请加上村代码", "correct the key, or say when the former one ended; if ids are unique within a village alone, put its code before them"),
            "report",
        ),
        Constraint(
            "tie.self", tuple(tie.table for tie in ties if tie.source == tie.target and tie.loops != "self"),
            Text("两端不能是同一个", "its two ends are one and the same"), Text("改正其中一端", "correct one of the ends"), "quarantine",
        ),
        Constraint(
            "tie.circle", tuple(tie.table for tie in ties if tie.loops == "none"),
            Text("绕成了一圈，无法分出上下", "these ties form a circle, so that none is above another"), Text("改正其中一条", "correct one of them"), "report",
        ),
        Constraint(
            "tie.overlap", tuple(tie.table for tie in ties if tie.until_column),
            Text("同一关系的两段时间重叠", "two periods of one tie overlap"), Text("合并两行，或改正日期", "put the two rows together, or correct the dates"), "report",
        ),
        Constraint(
            "node.successor", tuple(kind.table for kind in kinds if any(column.name.startswith("successor_") for column in kind.columns)),
            Text("并入的那一个不在表中，或就是它自己", "what it merged into is not in the table, or is itself"), Text("补上，或改正主键", "add it, or correct the key"), "report",
        ),
    )  # fmt: skip


def _dates(kinds: tuple[NodeType | TieType, ...]) -> tuple[Constraint, ...]:
    """What the dates of a row must agree with: one another, what else the row says, and today."""
    return (
        Constraint(
            "period.order", tuple(kind.table for kind in kinds if kind.since_column and kind.until_column),
            Text("结束日期不早于开始日期", "the end is not before the start"),
            Text("改正两个日期之一；在此之前该行的起止都算未知", "correct one of the two dates; until then neither counts as known"), "report",
        ),
        Constraint(
            "date.order", tuple(kind.table for kind in kinds if kind.orders or any(column.course for column in kind.columns)),
            Text("日期的先后不可能", "these dates cannot have come in this order"), Text("与原件核对，改正其中之一", "compare with the original and correct one of them"), "report",
        ),
        Constraint(
            "date.ahead", tuple(kind.table for kind in kinds if any(column.course for column in kind.columns)),
            Text("已填的日期比这里所记的更后一步", "a date is filled in of a later step than the one recorded here"),
            Text("与原件核对，改正所记的或日期；在此之前它算未知", "compare with the original and correct one of them; until then it counts as unknown"), "report",
        ),
        Constraint(
            "date.future", tuple(kind.table for kind in kinds if any(column.type == "date" for column in kind.columns)),
            Text("日期在今天之后", "the date lies after today"), Text("与原件核对；还没有发生的事，到时再填", "compare with the original; enter what has not happened once it has"), "report",
        ),
    )  # fmt: skip


_FIELD: tuple[Constraint, ...] = (
    Constraint(
        "complete.count", ("Completeness",),
        Text("行数与声明的应有行数不同", "the table has another number of rows than it should"), Text("补齐缺行，或改正应有行数", "add the rows that are missing, or correct the number"), "report",
    ),
    Constraint(
        "complete.table", ("Completeness",),
        Text("没有这张表，或没有这个范围", "there is no such table, or nothing of that key"),
        Text("改正名称或主键；在此之前该声明不算数", "correct the name or the key; until then the line says nothing"), "report",
    ),
    Constraint(
        "member.one_primary", ("Member BELONGS_TO Branch",),
        Text("同一时间正式党员只有一个主要管理的党组织", "a full member has one primary branch at a time"),
        Text("确定组织关系所在，其余改为“否”（协助管理）", "decide which branch holds the membership and mark the others as assisting"), "quarantine",
    ),
    Constraint(
        "member.some_primary", ("Member",),
        Text("正式党员须有主要管理的党组织，否则为脱管", "a full member has a primary branch; with none, nobody manages the membership"),
        Text("在“党员组织关系”中补上组织关系所在", "add the primary branch to the table of memberships"), "report",
    ),
    Constraint(
        "pairing.own_household", ("Member HELPS Household",),
        Text("这一户是帮扶人自己家，不算结对", "this household is the helper's own: to help it is no pairing"),
        Text("删去这一行，或改正“人员所在户”", "delete the row, or correct 'member part of household'"), "quarantine",
    ),
    Constraint(
        "visit.later", ("Member HELPS Household",),
        Text("走访登记里有更晚的一次，以它为最近走访", "the register of visits has a later one, which is taken as the last visit"),
        Text("不必改；想不再见到就改正最近走访日期", "nothing needs to be done; correct the last visit if you do not want to see this again"), "report",
    ),
    Constraint(
        "cooperative.scope", ("Cooperative",),
        Text("范围与经营村一致：村内一个村；跨村须在同一乡镇内两个以上的村；跨乡镇须在两个以上乡镇",
             "the scope agrees with the villages: one for village; two or more in one township for cross-village; two or more townships for cross-township"),
        Text("改正范围，或补全经营村", "correct the scope, or complete the list of villages"), "report",
    ),
)  # fmt: skip
