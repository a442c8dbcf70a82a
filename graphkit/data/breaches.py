"""Breaches: rows that break a rule, what the rule says of them, and what of them is lost by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from graphkit.data.arrays import Rows
from graphkit.model.kinds import MODEL
from graphkit.model.types import Constraint, Property
from graphkit.words import Text


def _rule(rule: str, text: Text, remedy: Text, effect: Literal["quarantine", "report"] = "quarantine") -> Constraint:
    return Constraint(rule, tuple(kind.table for kind in MODEL.sheets), text, remedy, effect)


_ENTER = Text("改正；不知道就留空", "correct it; leave it empty if not known")
_AS_TEXT = Text("把该列设为“文本”格式，从原件重新录入", "format the column as text and enter the code again from the original")

# What a single cell or row must keep to; words in braces are filled in from the column.
_CELL_RULES = (
    _rule("row.width", Text("该行的格数与表头不符", "the row has more or fewer cells than the heading"),
          Text("检查是否多了或少了逗号，或引号没有成对", "look for a comma too many or too few, or a quotation mark without its pair")),
    _rule("sheet.unknown", Text("这张表没有读，没有这个名字的表", "a sheet was not read, there is no table of its name"),
          Text("若是其中的一张表，把工作表或文件改成那张表的名字；若是别的内容，移到别的文件里", "if it is a table, give the sheet or the file the name of that table; if it is something else, move it to a file of its own")),
    _rule("heading.gone", Text("对照文件要读的这一列，表里没有", "the mapping reads a column that is not there"),
          Text("若表头改了名，在对照文件里改写；若今年没有这一列，从对照文件里删去那一行", "if the heading has changed, write the new one in the mapping; if the column is gone for good, delete its line from the mapping"), "report"),
    _rule("heading.unknown", Text("这一列没有读，表里没有这个表头", "a column was not read, the table has no such heading"),
          Text("若本应是表里的一列，把表头改成模板里的写法；若是别的内容，不必改", "if it is one of the table's, write the heading as the template has it; if it is something else, nothing needs to be done"), "report"),
    _rule("row.twice", Text("一行里说了两次，内容不同；保留先写的一处", "one row says it twice, and differently; what comes first is kept"),
          Text("核对这一行，只留对的一处（如管理与协助管理写成了同一个党组织）", "look at the row and keep the cell that is right (managed and assisted by one branch, for instance)")),
    _rule("row.no_data", Text("这一行不是数据，而是合计、注释、填表人或重复的表头", "this row is no data but a total, a note, a signature or the heading once more"),
          Text("不必改；想不再见到就从表中删去", "nothing needs to be done; delete it from the sheet if you do not want to see it again"), "report"),
    _rule("cell.error", Text("这一格是公式的错误，其中的值已经没有了", "the cell holds the error of a formula; its value is gone"),
          Text("从原件重新录入", "enter it again from the original")),
    _rule("cell.not_computed", Text("这一格是公式，还没有算出结果", "the cell holds a formula that was never computed"),
          Text("在电子表格程序中打开、重新计算并保存，或粘贴为数值", "open the file in a spreadsheet program, compute and save it, or paste the values")),
    _rule("type.lost_digits", Text("编号被存成了数字，后面的位数已丢失", "a code was stored as a number and has lost its last digits"), _AS_TEXT),
    _rule("type.code", Text("应为 {digits} 位数字", "must be {digits} digits"),
          Text("写代码，不写名称；把该列设为“文本”格式后重新录入，保留开头的零", "write the code, not a name; format the column as text and enter it again, zeros at its start included")),
    _rule("type.date", Text("不是一个日期", "is not a date"),
          Text("写成 2012-04-30 的样子；只知道年月或年份就按文本写 2012-04 或 2012", "write it like 2012-04-30, or as text 2012-04 or 2012 if no more is known")),
    _rule("type.integer", Text("不是一个整数", "is not a whole number"),
          Text("只写数字，不带单位；不知道就留空", "write digits alone, without a unit; leave it empty if not known")),
    _rule("type.boolean", Text("不是“是”或“否”", "is neither yes nor no"), Text("写“是”或“否”；不知道就留空", "write yes or no; leave it empty if not known")),
    _rule("id.number", Text("身份证号、手机号或电话号码不可作编号", "an identity number or a phone may not be an id"),
          Text("改用自编的编号，各表一致；没有别的编号，就用 --pseudonyms 换成假名",
               "use ids of your own, the same in every table; with nothing else, have them replaced by --pseudonyms")),
    _rule("id.name", Text("编号像是人名，或含有电话号码，会出现在回答、地图和报告里", "ids look like names of people, or hold phones, and will stand in answers, map and report"),
          Text("若是人名，改用自编的编号，或用 --pseudonyms 换成假名", "if they are, use ids of your own, or have them replaced by --pseudonyms"), "report"),
    _rule("id.date", Text("编号被电子表格改成了日期", "an id that a spreadsheet may have made a date of"),
          Text("若原来是 3-5 之类，把该列设为“文本”格式，从原件重新录入", "if it was one like 3-5, format the column as text and enter it again from the original"), "report"),
    _rule("id.near", Text("表中没有这个编号，却有只差大小写、开头的零或末尾 .0 的编号", "there is no such id, but one that differs only by case, zeros at its start, or .0 at its end"),
          Text("把该列设为“文本”格式，各表写成一样", "format the column as text and write the id the same in every table"), "report"),
    _rule("id.zeros", Text("编号开头的零与它所指的表不同，只有一个编号可能，已按那个读", "zeros at the start of an id were not as in the table it names; one id alone can be meant and was read"),
          Text("核对；把该列设为“文本”格式，各表写成一样", "look whether it is right; format the column as text and write the id the same in every table"), "report"),
    _rule("id.line_break", Text("编号里有换行", "an id holds a line break"),
          Text("去掉换行；在 CSV 里多半是引号没有成对，后面的行被并了进来", "take it out; in a CSV a quotation mark probably lacks its pair, and rows after it were taken in")),
    _rule("place.unknown", Text("名单上没有这个地方", "there is no such place in the list"),
          Text("改正地名，或在地名表里补上", "correct the name, or add the place to the list")),
    _rule("place.several", Text("有几个地方叫这个名字", "several places bear this name"),
          Text("写上乡镇，或直接写代码", "put the township before it, or write the code")),
    _rule("name.unknown", Text("没有读到叫这个名字的，或与旁边所写的不符", "nothing that was read bears this name, or is tied to what is named beside it"),
          Text("在它的表里补上，改正名字，或改写编号", "add it to its table, correct the name, or write the id")),
    _rule("name.several", Text("叫这个名字的不止一个", "more than one that was read bears this name"),
          Text("在对照文件的 named 里加上村或党组织一列以区分，或改写编号", "add a column such as the village or the branch to named in the mapping, or write the id")),
    _rule("name.alone", Text("只有名称，没有编号；名称那一列只供查看，不读作数据", "a name stands without an id; the column of names is there to look at and is not read"),
          Text("在左边选编号或写编号", "pick or write the id to its left")),
    _rule("name.differs", Text("编号与旁边显示的名称不符，按编号读", "the id and the name shown beside it are not of one thing; the id was read"),
          Text("核对：编号错了就改编号，名称错了就改名称", "look which is meant: correct the id if it is wrong, or else the name"), "report"),
    _rule("value.required", Text("不可为空", "may not be empty"), Text("补上", "fill it in")),
    _rule("value.choice", Text("不是允许的值", "is not one of the values allowed"), Text("改为其中之一：{words_zh}", "write one of: {words_en}")),
    _rule("value.range", Text("超出范围：{range_zh}", "is out of range: {range_en}"), _ENTER),
    _rule("date.month", Text("只知道年月，不知道哪一天", "is known to the month alone"),
          Text("知道哪一天就补上；不补也照年月算", "enter the day if it is known; else it counts as a month"), "report"),
    _rule("date.year", Text("只知道年份，不知道哪一天", "is known to the year alone"),
          Text("知道哪一天就补上；不补也照年份算", "enter the day if it is known; else it counts as a year"), "report"),
    _rule("date.early", Text("早于 {earliest}，不可能", "lies before {earliest}, which cannot be"), _ENTER),
)  # fmt: skip

# What comes to light when several rows are made one person.
_PERSON_RULES = (
    _rule("person.contradicts", Text("这几行是同一人，而这一格各不相同：不采用任何一个", "these rows are one person and differ in this cell: none of them is taken"),
          Text("在原表中改正其中一行；若并非同一人，撤回判断", "correct one of the rows; if they are two people after all, take the decision back"), "report"),
    _rule("person.unplaced", Text("这几行是同一人，而这一格各不相同，缺了它这一行就放不下", "these rows are one person and differ in a cell that none can do without"),
          Text("在原表中改正其中一行；若并非同一人，撤回判断", "correct one of the rows; if they are two people after all, take the decision back")),
    _rule("person.gone", Text("这一行判断所说的人，数据里没有", "this decision speaks of somebody who is not in the data"),
          Text("核对编号；若此人已不在册，删去这一行", "look at the ids; delete the row if the person is on no list any more"), "report"),
)  # fmt: skip

RULES: dict[str, Constraint] = {rule.id: rule for rule in (*_CELL_RULES, *_PERSON_RULES, *MODEL.constraints)}

OF_ONE_CELL = frozenset(
    {"cell.error", "cell.not_computed", "type.date", "type.integer", "type.boolean", "value.choice", "value.range", "date.early", "id.number"}
)
"""Rules that a cell breaks by itself: where the row can be placed without that cell, they cost the cell and not the row."""

INEXACT = {"date.month": "month", "date.year": "year"}
"""Rules that say of a date that it is known to the month or year alone, and the state of such a cell."""

STATES = {**INEXACT, "cell.error": "error", "cell.not_computed": "not_computed", "period.order": "contradicts", "date.order": "contradicts", "date.ahead": "contradicts",
          "tie.single": "contradicts", "tie.circle": "contradicts", "person.contradicts": "contradicts"}  # fmt: skip
"""Why something counts as not read, by rule; ``unreadable`` for any other cell, ``set_aside`` for a row."""


@dataclass(frozen=True, slots=True, eq=False)
class Breach:
    """Rows of one table that break one rule in one column.

    Attributes
    ----------
    table, rule : str
        Name of the table; id of the rule, a key of `RULES`.
    column : str or None
        The column at fault; None where it is the row.
    rows : int64 array
        Positions in the table.
    values : list of str or None, optional
        What stood in the file, one for each of `rows`, where the table could not hold it.
    notes : list of Text, optional
        What more is to say of each of `rows`.
    doubted : tuple of str
        Columns whose cells in `rows` count as not read, beside the one at fault.
    against : int64 array, optional
        Other rows of the table that `rows` speak against.
    needs_column : bool
        Whether a row cannot be placed without the column at fault.
    once : bool
        Whether it is told once, as a matter of the whole table of the sheet.
    """

    table: str
    rule: str
    column: str | None
    rows: Rows
    values: list[str | None] | None = None
    notes: list[Text] | None = None
    doubted: tuple[str, ...] = ()
    against: Rows | None = None
    needs_column: bool = False
    once: bool = False

    @property
    def effect(self) -> Literal["quarantine", "report"]:
        """Whether the rows are set aside: a cell without which they can be placed never costs them."""
        if self.rule in OF_ONE_CELL and self.column is not None and not self.needs_column:
            return "report"
        return RULES[self.rule].effect

    def without(self, rows: Rows) -> Breach:
        """The breach without some of its rows."""
        kept = ~np.isin(self.rows, rows)
        places = np.flatnonzero(kept).tolist()
        values = None if self.values is None else [self.values[place] for place in places]
        notes = self.notes if self.notes is None or self.once else [self.notes[place] for place in places]
        return replace(self, rows=self.rows[kept], values=values, notes=notes, against=None if self.against is None else self.against[kept])

    @property
    def is_no_data(self) -> bool:
        """Whether the rows are none at all, such as a total below the table."""
        return self.rule == "row.no_data"

    @property
    def unread(self) -> tuple[str, ...]:
        """Columns whose cells in `rows` count as not read; none where the rows are set aside as a whole."""
        if self.effect == "quarantine":
            return ()
        return (self.column,) if self.rule in OF_ONE_CELL and self.column is not None else self.doubted

    @property
    def inexact(self) -> tuple[str, ...]:
        """The column, where the date is known to the month or year alone: it is there, and on some days it does not say enough."""
        return (self.column,) if self.rule in INEXACT and self.column is not None else ()

    @property
    def state(self) -> str:
        """Why it was not read: ``unreadable``, ``error``, ``not_computed``, ``contradicts``, ``month``, ``year`` or ``set_aside``."""
        return "set_aside" if self.effect == "quarantine" else STATES.get(self.rule, "unreadable")


def fill_words(text: Text, column: Property | None) -> Text:
    """Put what the column declares into the words of a rule."""
    if column is None or "{" not in text.zh + text.en:
        return text
    least, most = column.minimum, column.maximum
    words = {
        "digits": column.digits,
        "earliest": column.earliest,
        "words_zh": "、".join(choice.heading.zh for choice in column.choices),
        "words_en": ", ".join(choice.heading.en for choice in column.choices),
        "range_zh": f"不小于 {least}" if most is None else f"{least} 到 {most}",
        "range_en": f"{least} or more" if most is None else f"{least} to {most}",
    }
    return Text(text.zh.format(**words), text.en.format(**words))
