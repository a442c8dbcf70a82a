"""The columns of a plan, and its words."""

from __future__ import annotations

from graphkit.model.kinds import MODEL
from graphkit.questions.finding import SUBJECT_COLUMNS, Column
from graphkit.words import Text

_NEVER = Text("不会为空", "never missing")
_PEOPLE, _HOUSEHOLDS, _UNITS = Text("人", "people"), Text("户", "households"), Text("个", "units")
_BODY_KINDS = {c.value: c.heading for p in MODEL.node_type("Branch").properties if p.name == "kind" for c in p.choices}
_WAYS = {c.value: c.heading for p in MODEL.node_type("Branch").properties if p.name == "management" for c in p.choices}

ACTS = {
    "own": Text("单独组建", "a body of its own"), "joint": Text("联合组建", "a joint body"), "group": Text("建立党小组", "a group"),
    "liaison": Text("指派联络指导员", "a liaison"), "none": Text("尚无办法", "nothing to be done yet"),
}  # fmt: skip

COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("name", Text("名称", "name"), Text("拟建党组织的名称，或尚无办法的单位", "proposed name of the body, or the unit that nothing can be done for"), Text("人员不列姓名", "people are not named")),
    Column("act", Text("做什么", "act"), Text("组建什么，或指派谁", "what to form or to appoint"), _NEVER, values=ACTS),
    Column("body_kind", Text("类别", "kind"), Text("党组织的类别", "kind of body"), Text("不是党组织", "no body"), values=_BODY_KINDS),
    Column("unit_kind", Text("单位类别", "kind of unit"), Text("覆盖的是村还是合作组织", "whether it is for villages or co-operatives"), _NEVER,
           values={kind: MODEL.node_type(kind).heading for kind in ("Village", "Cooperative")}),
    Column("units", Text("单位编号", "ids of units"), Text("覆盖的单位", "the units that it is for"), _NEVER),
    Column("unit_names", Text("单位", "units"), Text("覆盖的单位的名称", "names of the units"), _NEVER),
    Column("unit_count", Text("单位数", "number of units"), Text("覆盖几个单位", "how many units it is for"), _NEVER, _UNITS),
    Column("full_members", Text("正式党员", "full members"), Text("这些单位中的正式党员，一人只计一次", "full members there, each person once"), _NEVER, _PEOPLE),
    Column("party_members", Text("党员", "Party members"), Text("其中连同预备党员", "with probationary ones"), _NEVER, _PEOPLE),
    Column("households", Text("农户", "households"), Text("这些单位的农户：合作组织的入社和带动户，村的住户；一户只计一次", "households of these units: that joined a co-operative or are served by it, that live in a village; each once"), _NEVER, _HOUSEHOLDS),
    Column("rules", Text("落实的规则", "rules met"), Text("因此落实的规则", "rules that are met by it"), Text("没有", "none")),
    Column("management", Text("管理方式", "management"), Text("规则要求的管理方式", "how it is managed, where a rule says so"), Text("规则未指明", "no rule says"), values=_WAYS),
    Column("superior_id", Text("上级编号", "id of the superior"), Text("隶属的党组织", "body that it reports to"), Text("图中找不到，由组织部门确定", "not found in the graph; for the office to name")),
    Column("superior_name", Text("上级", "superior"), Text("隶属的党组织的名称", "name of the body that it reports to"), Text("找不到或没有名称", "not found, or without a name")),
    Column("reason_zh", Text("理由（中文）", "reason (Chinese)"), Text("为什么", "why"), _NEVER),
    Column("reason_en", Text("理由（英文）", "reason (English)"), Text("为什么", "why"), _NEVER),
    Column("remedy_zh", Text("办法（中文）", "remedy (Chinese)"), Text("该做什么", "what to do"), _NEVER),
    Column("remedy_en", Text("办法（英文）", "remedy (English)"), Text("该做什么", "what to do"), _NEVER),
)  # fmt: skip

COVERING = Text("方案：最少组建几个党组织，使未落实的组建规则都落实？", "A plan: the fewest new bodies with which every open rule on bodies is met")
MAXIMAL = Text("方案：组建几个党组织，能覆盖最多的农户？", "A plan: with so many new bodies, most households")
