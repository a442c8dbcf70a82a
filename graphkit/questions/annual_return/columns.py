"""The columns of the annual return, and what it can be split by."""

from __future__ import annotations

from graphkit.errors import ParameterError
from graphkit.model.kinds import MODEL
from graphkit.questions.finding import SUBJECT_COLUMNS, Column
from graphkit.words import Text

UNKNOWN = "unknown"
SPLITS = {
    "township": Text("乡镇", "township"),
    "sector": Text("门类", "sector"),
    "kind": Text("依托", "kind of host"),
    "scope": Text("范围", "scope"),
    "management": Text("管理方式", "management"),
}
"""What the form can be split by: a column of the finding, and its heading."""


def _choices(label: str, name: str) -> dict[str, Text]:
    return {choice.value: choice.heading for p in MODEL.node_type(label).properties if p.name == name for choice in p.choices}


MANAGEMENT = {
    **_choices("Branch", "management"),
    "several": Text("几种方式", "several ways"),
    "no_body": Text("没有单独或联合的党组织", "no body of its own, no joint one"),
}
_NAMED = Text("不会为空", "never missing")
COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("name", Text("名称", "name"), Text("合作组织的名称", "name of the co-operative"), Text("未知", "unknown")),
    Column("class", Text("类别", "class"), Text("年报中的类别", "class of the annual return"), _NAMED),
    Column("possible", Text("可能的类别", "possible classes"), Text("资料不全时可能的各类", "the classes that it may be in, where data are missing"), _NAMED),
    Column("certain", Text("是否确定", "certain"), Text("未知的值和没有读到的行都不会改变类别", "no unknown value, and no row that was not read, could change the class"), _NAMED),
    Column("has_liaison", Text("已派指导员", "has a liaison"), Text("已派党建联络指导员或设联络岗", "a liaison or a liaison post is there"), Text("有类别未知的党组织，无从判断", "a body of unknown kind may be one")),
    Column("kind", SPLITS["kind"], Text("依托的类别", "kind of host"), Text("未知", "unknown"), values=_choices("Cooperative", "kind")),
    Column("scope", SPLITS["scope"], Text("登记的范围，未登记时由经营村推断", "declared scope, or inferred from the villages"), Text("未知", "unknown"), values=_choices("Cooperative", "scope")),
    Column("sector", SPLITS["sector"], Text("产业门类", "line of business"), Text("未知", "unknown")),
    Column("township", SPLITS["township"], Text("经营村所在的乡镇", "township of the villages that it operates in"), Text("未知，或跨几个乡镇", "unknown, or several")),
    Column("management", SPLITS["management"], Text("它单独或联合的党组织由谁管理", "who manages its own or joint body"), Text("未知", "unknown"), values=MANAGEMENT),
    Column("full_members", Text("正式党员", "full members"), Text("从业的正式党员", "full members who work there"), _NAMED, Text("人", "people")),
)  # fmt: skip
TITLE = Text("年报：合作组织党组织组建情况", "Annual return: how co-operatives stand with Party bodies")


def need_split(by: str | None) -> None:
    """Raise ParameterError unless the form can be split by `by`; None splits nothing."""
    if by is not None and by not in SPLITS:
        *first, last = SPLITS
        raise ParameterError(
            Text(f"by 只能是 {'、'.join(first)} 或 {last}，不能是 {str(by)[:20]!r}", f"by is {', '.join(first)} or {last}, not {str(by)[:20]!r}")
        )
