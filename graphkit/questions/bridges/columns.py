"""The columns of the answer, and what must be known of them: in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from graphkit.model.types import TieRole
from graphkit.network.holding import ENDS
from graphkit.questions.finding import SUBJECT_COLUMNS, Column
from graphkit.words import Text

GROUP_WORDS = {
    "village": Text("村", "village"),
    "township": Text("乡镇", "township"),
    "cooperative": Text("合作组织", "co-operative"),
    "branch": Text("党组织", "branch"),
}
GROUP_PLURALS = {"village": "villages", "township": "townships", "cooperative": "co-operatives", "branch": "branches"}
GROUP_RULES = {
    "village": Text("居住的村（有几个时取最早的，再取代码最小的）", "the village they live in (of several the earliest, then the smallest code)"),
    "township": Text("居住村所属的乡镇", "the township of the village they live in"),
    "cooperative": Text(
        "从业或加入的合作组织（有几个时取最早的，再取编号最小的）",
        "the co-operative they work in or joined (of several the earliest, then the smallest id)",
    ),
    "branch": Text("组织关系所在的党组织", "the branch that manages their membership"),
}
ROLE_WORDS: dict[TieRole, Text] = {
    "membership": Text("编入党组织、在合作组织从业或加入合作组织、由帮扶单位派出", "membership of a branch, co-operative or helping unit"),
    "pairing": Text("结对帮扶", "pairing"),
    "mentoring": Text("培养联系", "mentoring"),
    "liaison": Text("联络指导", "liaison"),
    "post": Text("在村任岗", "a post in a village"),
    "responsibility": Text("责任区", "a zone"),
    "place": Text("居住或所在地", "place"),
    "service": Text("党组织覆盖合作组织、单位包村包户", "what a branch serves or a helping unit assists"),
    "hierarchy": Text("党组织隶属、加入联合社", "the chain of command, or of a federation"),
    "attendance": Text("参训", "attendance of a training session"),
    "promise": Text("承诺", "a promise"),
    "family": Text("同一户", "one's own household"),
    "neighbourhood": Text("联户", "neighbouring households"),
    "visit": Text("走访", "a visit"),
}
TITLE = Text("谁把原本分开的村、合作组织和党组织连在一起，失去他们会断开什么？",
             "Which people hold otherwise separate villages, co-operatives and branches together, and what falls apart without them?")  # fmt: skip
STRANDED = Text(
    "断开：失去此人后，落在其所在部分人数最多的一块之外；剩下的一块都没有人时，全部断开。农户所系的人和组织都断开时，农户才断开。",
    "Cut off: outside the piece with most people that the person's part of the network leaves; everything, where nobody is left in it. A household is "
    "cut off with the last person or body that it hangs on.",
)
ORDER = Text(
    "名次看两样，都按“对”计：最短路径经过此人的对数（中介度），加上断开的人和户，每个按其所在部分的其他人数计；再看断开的组织。"
    "同一部分中，各项都不差而有一项更好的人一定在前；相同的人名次相同。只靠此人一人的农户（只由此人结对，或在只由此人负责的责任区）只作说明，不计名次："
    "此人并不居于谁之间；名单见查询 member_sole_households。跨村、跨组织、任职也只作说明。",
    "The rank goes by two things, both in pairs: the pairs on whose shortest paths the person is (betweenness), and for each person or household cut "
    "off the other people of their part of the network; then by bodies cut off. In one part, whoever is no worse in each count and better in one comes "
    "first, and equals share a rank. Households that hang on the person alone (as the only helper, or in a zone nobody else answers for) are told, not "
    "ranked: the person stands between nobody there, and the query member_sole_households lists them. Villages and bodies spanned and offices "
    "are told, not ranked.",
)
NONE_SPANNED = Text("网络不含村、合作组织和党组织", "the network holds no villages, co-operatives and branches")
NO_GROUP = Text("网络没有这种分组", "the network has no such groups")
NO_KIND = Text("网络不分种类", "the network has no kinds")
NEVER = Text("不会为空", "never missing")
PAIRS, PEOPLE, HOUSEHOLDS = Text("对", "pairs"), Text("人", "people"), Text("户", "households")


def list_columns(group: str) -> tuple[Column, ...]:
    """The columns, for groups of this name."""
    word, plural = group_word(group), group_plural(group)
    return (
        *SUBJECT_COLUMNS,
        Column("rank", Text("名次", "rank"), Text("按说明的次序，1为最前；相同的人名次相同", "by the stated order; 1 comes first; equals share a rank"), NEVER),
        Column("equal_others", Text("并列的其他人", "others of the same rank"), Text("名次相同的其他人", "other people of the same rank"), NEVER, PEOPLE),
        Column("stranded_people", Text("断开人数", "people cut off"),
               Text("失去此人后断开的人；不分种类的网络为节点", "people cut off without the person; in a network without kinds, nodes"), NEVER, PEOPLE),
        Column("stranded_households", Text("断开户数", "households cut off"), Text("失去此人后断开的农户", "households cut off without the person"), NO_KIND,
               HOUSEHOLDS),
        Column("sole_households", Text("只靠此人的户", "households on the person alone"),
               Text("断开的农户中只靠此人一人的；不计名次", "of the households cut off, those that hang on this person alone; not ranked"), NO_KIND, HOUSEHOLDS),
        Column("stranded_cooperatives", Text("断开的合作组织", "co-operatives cut off"), Text("失去此人后断开的合作组织", "co-operatives cut off without the person"),
               NO_KIND),
        Column("stranded_branches", Text("断开的党组织", "branches cut off"), Text("失去此人后断开的党组织", "branches cut off without the person"), NO_KIND),
        Column("stranded_groups", Text(f"断开者所在的{word.zh}", f"{plural} of those cut off"),
               Text(f"断开的人和户分属几个{word.zh}", f"different {plural} of the people and households cut off"), NO_GROUP),
        Column("betweenness", Text("中介度", "betweenness"),
               Text("最短路径经过此人的其他两人的对数", "pairs of two other people whose shortest paths run through the person"), NEVER, PAIRS),
        Column("betweenness_error", Text("中介度误差", "betweenness error"),
               Text("95%置信区间的半宽；0为精确", "half the width of the 95 % confidence interval; 0: exact"),
               Text("误差不知：起点少于 1,000 个", "not known: fewer than 1,000 pivots"), PAIRS),
        Column("part_people", Text("所在部分人数", "people of the part"),
               Text("此人所在的相连部分中的人，含此人", "people of the connected part that the person is in, the person among them"), NEVER, PEOPLE),
        Column("ties", Text("联系数", "contacts"),
               Text("直接相连的组织、人和农户；一个组织算一个", "bodies, people and households tied to directly; a body is one"), NEVER),
        Column("is_cut_point", Text("是否割点", "is cut point"), Text("失去此人，有人、户或组织断开", "someone, a household or a body is cut off without the person"), NEVER),
        Column("villages_spanned", Text("跨村数", "villages spanned"),
               Text("居住、任岗及所帮农户所在的不同村", "different villages among those lived in, with a post, and of the households helped"), NONE_SPANNED),
        Column("cooperatives_spanned", Text("跨合作组织数", "co-operatives spanned"),
               Text("从业或联络的不同合作组织", "different co-operatives worked in or liaised with"), NONE_SPANNED),
        Column("branches_spanned", Text("跨党组织数", "branches spanned"), Text("编入的不同党组织", "different branches belonged to"), NONE_SPANNED),
        Column("offices", Text("任职组织数", "bodies with office"), Text("有职务的不同党组织和合作组织", "different branches and co-operatives with an office in"),
               NONE_SPANNED),
        Column("unread_rows", Text("未读到的行", "rows not read"),
               Text("写到此人、但被搁置或起止读不出的行；每一行都可能改变此人的联系", "rows that name the person and were set aside, or whose period was not read: each could change their ties"), NO_KIND),
        Column("reason_zh", Text("理由（中文）", "reason (Chinese)"), Text("名次所据的事实", "the facts behind the rank, in Chinese"), NEVER),
        Column("reason_en", Text("理由（英文）", "reason (English)"), Text("名次所据的事实，英文", "the facts behind the rank, in English"), NEVER),
    )  # fmt: skip


def group_word(group: str) -> Text:
    """A group of this name, in words."""
    return GROUP_WORDS.get(group, Text(f"“{group}”组", f"group ({group})"))


def group_plural(group: str) -> str:
    """Groups of this name, in English."""
    return GROUP_PLURALS.get(group, f"groups ({group})")


def tell_network(holding: Sequence[TieRole], ends: Sequence[str]) -> Text:
    """Which ties the whole answer goes by."""
    held = [ROLE_WORDS[role] for role in ROLE_WORDS if role in holding]
    loose = [ROLE_WORDS[role] for role in ROLE_WORDS if role not in holding]
    chinese = f"各列都在同一个网络上算。算作把人连在一起的：{'、'.join(word.zh for word in held)}；不算的：{'、'.join(word.zh for word in loose) or '无'}。一个组织不论大小算一个联系"
    english = (
        f"All columns are measured on one network. These ties hold people together: {', '.join(word.en for word in held)}; these do not: "
        f"{', '.join(word.en for word in loose) or 'none'}. A body is one contact, whatever its size"
    )
    if set(ends) == set(ENDS):
        return Text(f"{chinese}；农户只是一端，不在人与人之间传递。", f"{english}; a household is an end and hands nothing on between people.")
    return Text(f"{chinese}。", f"{english}.")
