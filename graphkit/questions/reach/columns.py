"""Columns of pairing reach, each with its words."""

from __future__ import annotations

from graphkit.model.kinds import MODEL
from graphkit.questions.finding import SUBJECT_COLUMNS, Column
from graphkit.words import Text

ANY = "any"
_KIND_PROPERTY = next(p for p in MODEL.table_type("Member HELPS Household").columns if p.name == "kind")
PAIRING_KINDS = (*_KIND_PROPERTY.values, ANY)

_KIND_WORDS = {
    **{choice.value: choice.heading for choice in _KIND_PROPERTY.choices},
    ANY: Text("任一方式（不是各方式之和）", "any kind (not their sum)"),
}
_HOUSEHOLDS, _PEOPLE = Text("户", "households"), Text("人", "people")
_OF_A_VILLAGE = Text("只在村的“任一方式”行计数", "counted in the rows of any kind of villages only")
_NOT_COUNTED = Text("此类对象不计此数", "not counted for this kind of subject")

COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("pairing_kind", Text("结对方式", "kind of pairing"), Text("哪一种结对；各方式不相加", "which kind of pairing; kinds are never added up"), Text("不会为空", "never missing"), values=_KIND_WORDS),
    Column("households", Text("村内农户", "households of the village"), Text("居住在村里的农户", "households that live in the village"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("paired_households", Text("结对农户", "paired households"), Text("直接结对的农户，每户计一次；村：村内有人结对的农户", "households paired directly, each counted once; of a village: its households that have a helper"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("reached_by_one", Text("一人结对", "reached by one"), Text("村内恰有一名党员结对的农户", "households of the village with exactly one helper"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("reached_by_several", Text("多人结对", "reached by several"), Text("村内有两名以上党员结对的农户", "households of the village with two helpers or more"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("reached_by_none", Text("无人结对", "reached by none"), Text("村内没有党员结对的农户", "households of the village without a helper"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("poor_households", Text("困难户", "poor households"), Text("村内登记为困难户的农户", "households of the village recorded as poor"), _OF_A_VILLAGE, _HOUSEHOLDS),
    Column("poor_reached_by_none", Text("困难户无人结对", "poor, reached by none"), Text("登记为困难户而没有党员结对的农户：规则要求帮扶的只有困难户", "households recorded as poor without a helper: of the poor alone a rule asks one"), _OF_A_VILLAGE, _HOUSEHOLDS),
    Column("poverty_unknown", Text("是否困难未知", "poverty unknown"), Text("村内没有登记是否困难的农户", "households of the village of which it is not recorded whether they are poor"), _OF_A_VILLAGE, _HOUSEHOLDS),
    Column("households_within_steps", Text("若干步内农户", "households within steps"),
           Text("本人及同事步内的人结对的农户；村：村内居民合计，不重复", "households of the person and of colleagues within the steps; of a village: of all its residents, each counted once"),
           Text("只在“任一方式”的行计数；农户不计", "counted in rows of any kind only; not for households"), _HOUSEHOLDS),
    Column("shared_households", Text("重复结对农户", "shared households"), Text("同时有别人以同一方式结对的农户", "households that another member helps too, in the same kind"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("stale_households", Text("久未走访农户", "stale households"), Text("最近一次走访已久的农户；无走访记录的不在内，走访只登记到年月的按最晚的一天算", "households whose last visit is long ago; those without a recorded visit are not among them, and a visit known to the month or year alone counts from its last day"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("own_association_households", Text("本组织内农户", "households of the own association"), Text("是该党员所在合作组织会员的农户", "households that are members of a co-operative in which the helper works"), _NOT_COUNTED, _HOUSEHOLDS),
    Column("pairs_low", Text("结对至少", "pairs, lowest"), Text("农户：结对党员至少多少；党员：结对农户至少多少。起止日期未读出的结对可能已不存在", "of a household: its helpers at least; of a member: the paired households at least; a pairing whose period could not be read may hold no more"), _NOT_COUNTED),
    Column("pairs_high", Text("结对至多", "pairs, highest"), Text("同上，至多多少：搁置的结对中有提到它的，可能再多", "the same at most: pairings set aside that name it may come on top"), _NOT_COUNTED),
    Column("helpers", Text("结对党员", "helpers"), Text("农户：结对的党员；村：与村内农户结对的党员", "of a household: members who help it; of a village: members who help one of its households"), _NOT_COUNTED, _PEOPLE),
)  # fmt: skip

ADDED = ("households_within_steps", "pairs_low", "pairs_high")
"""Counts that are made beside those of the tables."""
COUNTS = tuple(column.name for column in COLUMNS[3:] if column.name not in ADDED)
