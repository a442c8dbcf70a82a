"""Registers: what an office keeps anyway, as one workbook of five sheets with its mapping, in place of a sheet for every kind of tie.

A register says many things in a row: a member's village, branch and co-operative, a household's helper. Headings,
prompts and the mapping are declared once, here, in both languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphkit.arguments import need_lang
from graphkit.files import replacing
from graphkit.model.kinds import MODEL
from graphkit.words import Lang, Text

NAME = "registers"
_ROWS = 2_000  # that have a pick list


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """One column: its heading, what is to be written in it, an example, and what its pick list shows.

    `choices` names a column of the model, ``"Member.stage"``; `pick` the ids of another register, ``"branch.id"``.
    """

    key: str
    heading: Text
    prompt: Text
    example: Text
    choices: str = ""
    pick: str = ""
    words: tuple[tuple[str, str], ...] = ()  # what offices write in place of one of the choices, and that choice


@dataclass(frozen=True, slots=True)
class Register:
    """One sheet: its name, its columns, and what each row says, in the language of mappings with ``@key`` for a heading."""

    key: str
    sheet: Text
    columns: tuple[RegisterColumn, ...]
    says: str


def _column(key: str, heading: str, prompt: str, example: str, *, choices: str = "", pick: str = "", words: str = "") -> RegisterColumn:
    """Make a column from ``"中文 / English"``, and ``"word = choice; …"``."""
    said = [Text(*[part.strip() for part in both.split(" / ")]) if " / " in both else Text(both, both) for both in (heading, prompt, example)]
    pairs = [tuple(part.strip() for part in pair.split("=")) for pair in words.split(";") if pair.strip()]
    return RegisterColumn(key, said[0], said[1], said[2], choices, pick, tuple((word, choice) for word, choice in pairs))


_VILLAGE = _column(
    "village", "村代码 / village code", "12 位，见“村名单” / 12 digits, see the sheet 'village list'", "230112000201", pick="village.id"
)

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
            _column("superior", "上级党组织编号 / superior id", "没有就留空 / leave empty if none", "b00", pick="branch.id"),
            _column("village", "村代码 / village code", "覆盖的村 / the village it serves", "230112000201", pick="village.id"),
            _column("cooperative", "覆盖合作社编号 / cooperative id", "几个用顿号分开 / several with 、 between", "c01"),
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
            _column("village", "经营村代码 / village codes", "几个用顿号分开 / several with 、 between", "230112000201"),
            _column("founded", "成立时间 / founded on", "如 2010年3月5日 / like 2010-03-05", "2010-03-05"),
            _column("output", "年产值（元） / annual output (yuan)", "可写 20万元 / 20万元 will do", "200000"),
            _column("liaison", "联络员编号 / liaison id", "党员编号 / id of a member", "m001", pick="member.id"),
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
            _column("branch", "组织关系所在党组织编号 / managing branch id", "只有一个 / exactly one", "b01", pick="branch.id"),
            _column("assisting", "协助管理党组织编号 / assisting branch id", "没有就留空 / leave empty if none", "b02", pick="branch.id"),
            _column("cooperative", "从业合作社编号 / cooperative id", "没有就留空 / leave empty if none", "c01", pick="cooperative.id"),
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
            _column("people", "人口 / people", "家庭人口 / people in the household", "4"),
            _column("poor", "是否困难户 / is poor", "是 或 否 / yes or no", "否 / no", choices="yesno", words="√ = 是; ✓ = 是; × = 否; ✗ = 否; 贫困户 = 是; 困难户 = 是; 一般户 = 否; 普通户 = 否"),
            _VILLAGE,
            _column("cooperative", "加入合作社编号 / cooperative joined", "没有就留空 / leave empty if none", "c01", pick="cooperative.id"),
            _column("helper", "帮扶人编号 / helper id", "几个用顿号分开 / several with 、 between", "m001"),
            _column("kind", "结对方式 / kind of pairing", "从单中选 / choose from the list", "一帮一 / one to one", choices="Member HELPS Household.kind"),
            _column("visit", "最近走访日期 / last visit on", "如 2012年4月1日 / like 2012-04-01", "2012-04-01"),
        ),
        'split @helper\nnode Household: id = @id, people = @people, is_poor = @poor\ntie Household LIVES_IN Village: household_id = @id, village_code = @village\n'
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
    headings = {column.key: json.dumps(column.heading.say(lang), ensure_ascii=False) for column in register.columns}
    cells_of = {column.key: _say_cell(headings[column.key], column.words) for column in register.columns}
    lines = ["[[read]]", f"sheet = {json.dumps(register.sheet.say(lang), ensure_ascii=False)}", 'missing = ["无", "不详", "-"]']
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
    return f"{{column = {heading}, words = {{{', '.join(f'{json.dumps(w, ensure_ascii=False)} = {json.dumps(c, ensure_ascii=False)}' for w, c in words)}}}}}"


def write_registers(path: str | Path, *, lang: Lang = "zh") -> Path:
    """Write the empty workbook of registers: a guide of one page, five sheets with pick lists, prompts and text formats.

    Filled in, it is loaded with ``--mapping registers``.

    Parameters
    ----------
    path : path
        The workbook to write, ``.xlsx``.
    lang : {"zh", "en"}
        Language of sheets and headings.

    Raises
    ------
    WriteError
        If it cannot be written.
    """
    import xlsxwriter

    need_lang(lang)
    path = Path(path)
    with replacing(path) as coming, xlsxwriter.Workbook(str(coming)) as book:
        bold, text = book.add_format({"bold": True, "bg_color": "#DDEBF7", "num_format": "@"}), book.add_format({"num_format": "@"})
        _write_guide(book.add_worksheet(Text("说明", "guide").say(lang)), bold, book.add_format({"text_wrap": True, "valign": "top"}), lang)
        for register in REGISTERS:
            _write_register(book.add_worksheet(register.sheet.say(lang)), register, bold, text, lang)
    return path


def _write_register(sheet: Any, register: Register, bold: Any, text: Any, lang: Lang) -> None:
    for place, column in enumerate(register.columns):
        heading, prompt = column.heading.say(lang), column.prompt.say(lang)
        sheet.set_column(place, place, max(12, 2 * len(heading) if lang == "zh" else len(heading)), text)
        sheet.write_string(0, place, heading, bold)
        rule: dict[str, Any] = {"validate": "any", "input_title": heading[:32], "input_message": prompt[:255]}
        if column.choices:
            rule |= {"validate": "list", "source": _choices(column.choices, lang)}
        elif column.pick:
            rule |= {"validate": "list", "source": _pick(column.pick, lang), "error_type": "warning"}
        sheet.data_validation(1, place, _ROWS, place, rule)
    sheet.freeze_panes(1, 1)


def _choices(named: str, lang: Lang) -> list[str]:
    if named == "yesno":
        return [Text("是", "yes").say(lang), Text("否", "no").say(lang)]
    table, _, name = named.rpartition(".")
    column = next(column for column in MODEL.table_type(table).columns if column.name == name)
    return [choice.heading.say(lang) for choice in column.choices]


def _pick(named: str, lang: Lang) -> str:
    """The ids of another register as the source of a pick list."""
    register = next(register for register in REGISTERS if register.key == named.partition(".")[0])
    return f"='{register.sheet.say(lang)}'!$A$2:$A${_ROWS}"


def _write_guide(sheet: Any, bold: Any, wrapped: Any, lang: Lang) -> None:
    """One page that says what goes where, to be printed."""
    for place, heading in enumerate((Text("表", "sheet"), Text("列", "column"), Text("怎么填", "what to write"), Text("例", "example"))):
        sheet.write_string(0, place, heading.say(lang), bold)
    row = 1
    for register in REGISTERS:
        for column in register.columns:
            for place, cell in enumerate((register.sheet, column.heading, column.prompt, column.example)):
                sheet.write_string(row, place, cell.say(lang), wrapped)
            row += 1
    for place, width in enumerate((16, 28, 40, 28)):
        sheet.set_column(place, place, width)
    sheet.fit_to_pages(1, 1)
    sheet.set_landscape()
