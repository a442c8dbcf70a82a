"""The columns of the coverage finding and of its summary, and their words."""

from __future__ import annotations

from graphkit.model.kinds import MODEL
from graphkit.questions.finding import SUBJECT_COLUMNS, Column
from graphkit.words import Text

_PEOPLE = Text("人", "people")
_BODIES = Text("个", "bodies")
_NOT_COUNTED = Text("此类对象不计此数", "not counted for this kind")
_NEVER = Text("不会为空", "never missing")
_SCOPES = {choice.value: choice.heading for p in MODEL.node_type("Cooperative").properties if p.name == "scope" for choice in p.choices}

OUTCOMES = {"met": Text("已落实", "met"), "open": Text("未落实", "open"), "unknown": Text("不确定", "unknown")}
NOT_ASKED = Text("不作要求", "not asked")
ASKED = {"yes": Text("是", "yes"), "unknown": Text("不确定", "unknown")}

COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("name", Text("名称", "name"), Text("村、合作组织、党组织或责任区的名称", "name of the village, co-operative, body or zone"),
           Text("未知；人员与农户不列姓名", "unknown; people and households are not named")),
    Column("rule", Text("规则", "rule"), Text("这一行所说的规则", "the rule that the row speaks of"), _NEVER),
    Column("asked", Text("是否有要求", "asked"), Text("规则对它有无要求；无要求的不列", "whether the rule asks anything of it; of whom nothing is asked, there is no row"), _NEVER, values=ASKED),
    Column("outcome", Text("结果", "outcome"), Text("规则落实了没有；是否有要求不确定时，指若有要求", "whether the rule is met; where it is unknown whether it is asked: if it is"), _NEVER, values=OUTCOMES),
    Column("certain", Text("是否确定", "certain"), Text("未知的值、搁置的行、应有而缺的行无论如何都不改变有无要求和结果；没有说明是否齐全的表按已登记的算",
           "no unknown value, row set aside or row declared to be missing could change what is asked and how it comes out; of a table of which nobody says that it is complete, what is recorded counts"), _NEVER),
    Column("could_turn", Text("还可能变成", "could turn"), Text("未登记的行（搁置的、应有而缺的，或未说明齐全的表中没有的）可能使它变成的结果",
           "what rows that are not there could make of it: set aside, declared and missing, or of a table that nobody says is complete"), Text("不会变", "it could not")),
    Column("flags", Text("提示", "flags"), Text("与结果并列、不改变结果的情况，只列确定的", "what is to be seen beside the outcome and does not change it; certain ones only"), Text("没有", "none")),
    Column("full_members", Text("正式党员", "full members"), Text("从业、居住或编入的正式党员", "full members who work, live or belong there"), _NOT_COUNTED, _PEOPLE),
    Column("probationary_members", Text("预备党员", "probationary members"), Text("从业、居住或编入的预备党员", "probationary members who work, live or belong there"), _NOT_COUNTED, _PEOPLE),
    Column("unknown_stage_members", Text("阶段未知人员", "people of unknown stage"), Text("从业、居住或编入、发展阶段未知的人", "people there whose stage is unknown"), _NOT_COUNTED, _PEOPLE),
    Column("branches", Text("党组织", "branches"),
           Text("村、合作组织：单独、临时和联合的党组织，不含代管的村党组织和上级党委；人员：主要管理的党组织", "of a village or co-operative: bodies of its own, temporary and joint ones, neither a village's body that serves it too nor a superior committee; of a person: bodies that manage the membership"),
           _NOT_COUNTED, _BODIES),
    Column("groups", Text("党小组、联络岗", "groups"), Text("覆盖它的党小组与联络岗", "groups and liaison posts that serve it"), _NOT_COUNTED, _BODIES),
    Column("liaisons", Text("联络指导员", "liaisons"), Text("联系它的党员", "members who are its liaisons"), _NOT_COUNTED, _PEOPLE),
    Column("helpers", Text("帮扶人、培养联系人、责任人", "helpers"), Text("农户：结对帮扶的党员；人员：培养联系人；责任区：责任人", "of a household: members who help it; of a person: mentors; of a zone: responsible members"), _NOT_COUNTED, _PEOPLE),
    Column("scope", Text("范围", "scope"), Text("登记的范围，未登记时由经营村推断", "declared scope, or inferred from the villages"), Text("不适用，或范围未知", "does not apply, or unknown"), values=_SCOPES),
    Column("superior_agrees", Text("隶属相符", "superior agrees"), Text("有党组织隶属于规则所指的上级", "a body of its own reports to the superior that the rule names"),
           Text("无党组织、规则未指明上级，或无从判断", "no body, no superior named, or it cannot be told")),
    Column("superior_zh", Text("上级（中文）", "superior (Chinese)"), Text("规则所指的上级党组织", "superior body named by the rule"), Text("规则未指明，或无从判断", "the rule names none, or it cannot be told")),
    Column("superior_en", Text("上级（英文）", "superior (English)"), Text("规则所指的上级党组织", "superior body named by the rule"), Text("规则未指明，或无从判断", "the rule names none, or it cannot be told")),
    Column("reason_zh", Text("理由（中文）", "reason (Chinese)"), Text("结果的理由", "why the outcome is so"), _NEVER),
    Column("reason_en", Text("理由（英文）", "reason (English)"), Text("结果的理由", "why the outcome is so"), _NEVER),
    Column("remedy_zh", Text("办法（中文）", "remedy (Chinese)"), Text("该做什么", "what to do"), _NEVER),
    Column("remedy_en", Text("办法（英文）", "remedy (English)"), Text("该做什么", "what to do"), _NEVER),
)  # fmt: skip

TITLE = Text("空白点：每条规则对谁有要求，落实了没有", "Coverage gaps: of whom does each rule ask something, and is it met?")
CASCADES = ("cascade", "step", "rule", "asked", "met", "open", "unknown", "rate_low", "rate_high")
SUMMARY = ("rule", "subject_kind", "asked", "met", "open", "unknown", "not_asked", "rate_low", "rate_high")
