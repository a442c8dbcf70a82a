"""Registers: what an office keeps anyway, as one workbook of five sheets with its mapping, in place of a sheet for every kind of tie.

A register says many things in a row: a member's village, branch and co-operative, a household's helper. Headings,
prompts and the mapping are declared once, here, in both languages; `loaders.register_pages` writes the workbook.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from graphkit.words import Text

NAME = "registers"
EXAMPLE = Text("例：", "e.g.: ")  # begins the first cell of the row under the headings, which shows how to fill one and is never read
_EXAMPLES = r"(?:例|e\.g\.)\s*[:：].*"


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """One column: its heading, what is to be written in it, an example, and what its pick list shows.

    `choices` names a column of the model, ``"Member.stage"``; `pick` the register whose ids may be picked, ``"branch"``. Beside such an id a
    column under the heading `shown` shows the name of what it stands for.
    """

    key: str
    heading: Text
    prompt: Text
    example: Text
    choices: str = ""
    pick: str = ""
    words: tuple[tuple[str, str], ...] = ()  # what offices write in place of one of the choices, and that choice
    shown: Text | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """One sheet: its name, its columns, and what each row says, in the language of mappings with ``@key`` for a heading."""

    key: str
    sheet: Text
    columns: tuple[RegisterColumn, ...]
    says: str

    @property
    def several(self) -> frozenset[str]:
        """Keys of the columns in which one cell may hold several ids."""
        return frozenset(re.findall(r"^split @(\w+)", self.says, re.MULTILINE))


def _column(
    key: str, heading: str, prompt: str, example: str, *, choices: str = "", pick: str = "", words: str = "", shown: str = ""
) -> RegisterColumn:
    """Make a column from ``"中文 / English"``, and ``"word = choice; …"``."""
    said = [_both(text) for text in (heading, prompt, example)]
    pairs = [tuple(part.strip() for part in pair.split("=")) for pair in words.split(";") if pair.strip()]
    beside = Text(_both(shown).zh + "（自动显示）", _both(shown).en + " (shown)") if shown else None
    return RegisterColumn(key, said[0], said[1], said[2], choices, pick, tuple((word, choice) for word, choice in pairs), beside)


def _both(text: str) -> Text:
    return Text(*[part.strip() for part in text.split(" / ")]) if " / " in text else Text(text, text)


_VILLAGE = _column(
    "village", "村代码 / village code", "从单中选，见“村名单” / choose from the list; see the sheet 'village list'", "230112000201",
    pick="village", shown="村名 / village name",
)  # fmt: skip

# Words that can mean one choice alone.
_BRANCHES = "支部 = 党支部; 总支 = 党总支; 小组 = 党小组; 基层党委 = 党委; 联合支部 = 联合党支部; 临时支部 = 临时党支部"
_HOSTS = "协会 = 行业协会; 基地 = 生产基地; 园区 = 示范园区; 示范园 = 示范园区; 专业合作社 = 合作社; 农民专业合作社 = 合作社; 合作联社 = 联合社; 加工企业 = 农产品加工企业"
_STAGES = "正式 = 正式党员; 预备 = 预备党员; 积极分子 = 入党积极分子; 入党申请人 = 申请人"
_SCHOOLS = (
    "小学 = 小学及以下; 文盲 = 小学及以下; 高中 = 高中或中专; 中专 = 高中或中专; 中师 = 高中或中专; 职高 = 高中或中专; 大学专科 = 大专; 专科 = 大专; "
    "本科 = 本科及以上; 大学本科 = 本科及以上; 研究生 = 本科及以上; 硕士 = 本科及以上; 博士 = 本科及以上"
)

REGISTERS = (
    Register(
        "village", Text("村名单", "village list"),
        (
            _column("id", "村代码 / village code", "12 位统计用区划代码，文本格式 / statistical code of 12 digits, as text", "230112000201"),
            _column("name", "村名 / village name", "通行的名称 / the name in use", "甲村 / Village A"),
            _column("township", "乡镇代码 / township code", "9 位 / 9 digits", "230112000"),
            _column("township_name", "乡镇名 / township name", "通行的名称 / the name in use", "甲镇 / Town A"),
        ),
        'node Village: code = @id, name = @name\nnode Township: code = @township, name = @township_name\n'
        'tie Village IN Township: village_code = @id, township_code = @township',
    ),
    Register(
        "branch", Text("党组织台账", "branch register"),
        (
            _column("id", "党组织编号 / branch id", "自编，不重复 / of your own, each once", "b01"),
            _column("name", "名称 / name", "全称 / full name", "甲村党支部 / Branch of Village A"),
            _column("kind", "类别 / kind", "从单中选 / choose from the list", "党支部 / branch", choices="Branch.kind", words=_BRANCHES),
            _column("superior", "上级党组织编号 / superior id", "没有就留空 / leave empty if none", "b00", pick="branch", shown="上级党组织名称 / superior name"),
            _column("village", "村代码 / village code", "覆盖的村，从单中选 / the village it serves; choose from the list", "230112000201", pick="village", shown="村名 / village name"),
            _column("cooperative", "覆盖合作社编号 / cooperative id", "几个用顿号分开 / several with 、 between", "c01", pick="cooperative", shown="覆盖合作社名称 / cooperative name"),
            _column("founded", "成立时间 / founded on", "如 2010年3月5日 / like 2010-03-05", "2010-03-05"),
        ),
        'split @cooperative\nnode Branch: id = @id, name = @name, kind = @kind, founded_on = @founded\n'
        'tie Branch REPORTS_TO Branch: branch_id = @id, superior_id = @superior\ntie Branch SERVES Village: branch_id = @id, village_code = @village\n'
        'tie Branch SERVES Cooperative: branch_id = @id, cooperative_id = @cooperative',
    ),
    Register(
        "cooperative", Text("合作社台账", "cooperative register"),
        (
            _column("id", "合作社编号 / cooperative id", "自编，不重复 / of your own, each once", "c01"),
            _column("name", "名称 / name", "全称 / full name", "甲村水稻合作社 / Rice co-operative of Village A"),
            _column("kind", "类别 / kind", "从单中选 / choose from the list", "合作社 / co-operative", choices="Cooperative.kind", words=_HOSTS),
            _column("sector", "产业 / sector", "门类 / line of business", "水稻 / rice"),
            _column("village", "经营村代码 / village codes", "几个用顿号分开 / several with 、 between", "230112000201", pick="village", shown="经营村名 / village names"),
            _column("founded", "成立时间 / founded on", "如 2010年3月5日 / like 2010-03-05", "2010-03-05"),
            _column("output", "年产值（元） / annual output (yuan)", "可写 20万元 / 20万元 will do", "200000"),
            _column("liaison", "联络员编号 / liaison id", "党员编号 / id of a member", "m001", pick="member", shown="联络员姓名 / liaison name"),
        ),
        'split @village\nnode Cooperative: id = @id, name = @name, kind = @kind, sector = @sector, founded_on = @founded, output_yuan = @output\n'
        'tie Cooperative OPERATES_IN Village: cooperative_id = @id, village_code = @village\n'
        'tie Member LIAISES Cooperative: member_id = @liaison, cooperative_id = @id',
    ),
    Register(
        "member", Text("党员名册", "member register"),
        (
            _column("id", "党员编号 / member id", "自编，勿用身份证号 / of your own, no identity number", "m001"),
            _column("name", "姓名 / person's name", "只留在库里，不出现在回答中 / stays in the store, never in an answer", "某某 / N. N."),
            _column("stage", "发展阶段 / stage", "从单中选 / choose from the list", "正式党员 / full member", choices="Member.stage", words=_STAGES),
            _column("admitted", "入党时间 / admitted on", "如 2001年7月1日 / like 2001-07-01", "2001-07-01"),
            _column("birth", "出生年 / birth year", "四位 / four digits", "1970"),
            _column("education", "文化程度 / education", "从单中选 / choose from the list", "初中 / junior secondary", choices="Member.education", words=_SCHOOLS),
            _VILLAGE,
            _column("branch", "组织关系所在党组织编号 / managing branch id", "只有一个 / exactly one", "b01", pick="branch", shown="组织关系所在党组织名称 / managing branch name"),
            _column("assisting", "协助管理党组织编号 / assisting branch id", "没有就留空 / leave empty if none", "b02", pick="branch", shown="协助管理党组织名称 / assisting branch name"),
            _column("cooperative", "从业合作社编号 / cooperative id", "没有就留空 / leave empty if none", "c01", pick="cooperative", shown="从业合作社名称 / cooperative name"),
            _column("office", "合作社职务 / office in the co-operative", "如 理事长 / such as chair", "理事长 / chair"),
        ),
        'node Member: id = @id, name = @name, stage = @stage, admitted_on = @admitted, birth_year = @birth, education = @education\n'
        'tie Member LIVES_IN Village: member_id = @id, village_code = @village\n'
        'tie Member BELONGS_TO Branch: member_id = @id, branch_id = @branch, primary = "=yes"\n'
        'tie Member BELONGS_TO Branch: member_id = @id, branch_id = @assisting, primary = "=no"\n'
        'tie Member WORKS_IN Cooperative: member_id = @id, cooperative_id = @cooperative, office = @office',
    ),
    Register(
        "household", Text("农户台账", "household register"),
        (
            _column("id", "户编号 / household id", "自编，不重复 / of your own, each once", "h001"),
            _column("head", "户主姓名 / name of head", "只留在库里，不出现在回答中 / stays in the store, never in an answer", "某某 / N. N."),
            _column("people", "人口 / people", "家庭人口 / people in the household", "4"),
            _column("poor", "是否困难户 / is poor", "是 或 否 / yes or no", "否 / no", choices="yesno", words="√ = 是; ✓ = 是; × = 否; ✗ = 否; 贫困户 = 是; 困难户 = 是; 一般户 = 否; 普通户 = 否"),
            _VILLAGE,
            _column("cooperative", "加入合作社编号 / cooperative joined", "没有就留空 / leave empty if none", "c01", pick="cooperative", shown="加入合作社名称 / name of cooperative joined"),
            _column("helper", "帮扶人编号 / helper id", "几个用顿号分开 / several with 、 between", "m001", pick="member", shown="帮扶人姓名 / helper name"),
            _column("kind", "结对方式 / kind of pairing", "从单中选 / choose from the list", "一帮一 / one to one", choices="Member HELPS Household.kind"),
            _column("visit", "最近走访日期 / last visit on", "如 2012年4月1日 / like 2012-04-01", "2012-04-01"),
        ),
        'split @helper\nnode Household: id = @id, head_name = @head, people = @people, is_poor = @poor\ntie Household LIVES_IN Village: household_id = @id, village_code = @village\n'
        'tie Household JOINED Cooperative: household_id = @id, cooperative_id = @cooperative\n'
        'tie Member HELPS Household: member_id = @helper, household_id = @id, kind = @kind, last_visit_on = @visit',
    ),
)  # fmt: skip


def registers_mapping() -> str:
    """Return the mapping of the registers, headings in both languages, as TOML.

    Examples
    --------
    >>> "[[read.tie]]" in registers_mapping()
    True
    """
    return "\n".join(line for lang in ("zh", "en") for register in REGISTERS for line in _read(register, lang))


def _read(register: Register, lang: str) -> list[str]:
    headings = {column.key: _quote(column.heading.say(lang)) for column in register.columns}
    cells_of = {column.key: _say_cell(headings[column.key], column.words) for column in register.columns}
    lines = ["[[read]]", f"sheet = {_quote(register.sheet.say(lang))}", 'missing = ["无", "不详", "-"]']
    lines.append(f"skip = {{{headings['id']} = {_quote(_EXAMPLES)}}}")
    if shown := [f"{headings[column.key]} = {_quote(column.shown.say(lang))}" for column in register.columns if column.shown]:
        lines.append(f"names = {{{', '.join(shown)}}}")
    for said in register.says.splitlines():
        verb, _, rest = said.partition(" ")
        if verb == "split":
            lines.append(f'split = {{{headings[rest.lstrip("@")]} = "、，,；;"}}')
            continue
        table, _, cells = rest.partition(": ")
        lines += ["", f"[[read.{verb}]]", f"table = {json.dumps(table)}"]
        lines += [re.sub(r"@(\w+)", lambda found: cells_of[found[1]], cell) for cell in cells.split(", ")]
        if table == "Township":
            lines.append(f'where = {{{headings["township"]} = "*"}}')
    return [*lines, ""]


def _say_cell(heading: str, words: Sequence[tuple[str, str]]) -> str:
    """The cell of a mapping: a heading, or with the words that are other names of a choice."""
    if not words:
        return heading
    return f"{{column = {heading}, words = {{{', '.join(f'{_quote(word)} = {_quote(choice)}' for word, choice in words)}}}}}"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
