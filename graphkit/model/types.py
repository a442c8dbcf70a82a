"""What a kind of node or tie is: properties, keys, ends, roles, and which dates begin and end it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from graphkit.errors import ModelError
from graphkit.words import Text, fold

ValueType = Literal["string", "integer", "date", "boolean"]
TieRole = Literal[
    "place", "membership", "service", "hierarchy", "pairing", "mentoring", "liaison", "post", "responsibility", "attendance", "promise",
    "family", "neighbourhood", "visit",
]  # fmt: skip
"""What a tie is for. Questions select ties by role, never by a list of names, so that a new kind moves only the answers it has a role in."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the fixed values of a property: the word stored, and the words shown."""

    value: str
    heading: Text


UNKNOWN = Text("未知", "unknown")
_LABEL, _TIE, _COLUMN = re.compile(r"[A-Z][A-Za-z0-9]{0,30}"), re.compile(r"[A-Z][A-Z0-9_]{0,30}"), re.compile(r"[a-z][a-z0-9_]{0,30}")


def _need_name(name: str, pattern: re.Pattern[str], what: Text) -> None:
    """Refuse a name that could not stand as it is in a query, the name of a file and a column: these are made of it."""
    if not pattern.fullmatch(name):
        raise ModelError(
            Text(
                f"{name!r} 不能作{what.zh}：应写成 {pattern.pattern} 的样子", f"{name!r} cannot be the {what.en}: it is written as {pattern.pattern}"
            )
        )


def _need_one_of(word: str, words: tuple[str, ...], what: Text) -> None:
    if word not in words:
        raise ModelError(
            Text(f"{what.zh}不能是 {word!r}，而是 {'、'.join(words)} 之一", f"the {what.en} is not {word!r} but one of {', '.join(words)}")
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a course: the value that holds from it, and the date of the same row on which it was taken."""

    value: str
    dated_by: str


@dataclass(frozen=True, slots=True)
class Course:
    """A value that goes forward step by step, such as a stage of admission: `steps` in their order, and the value `before` the first.

    On a day before the date of a step that step was not taken. The one before it held if its own date is not later than the day; if it has none,
    it is not known which did. Where no date is later than the day, the value recorded holds.
    """

    steps: tuple[Step, ...]
    before: str = ""

    @property
    def dates(self) -> tuple[str, ...]:
        """The dates of the steps, in their order."""
        return tuple(step.dated_by for step in self.steps)

    @property
    def values(self) -> tuple[str, ...]:
        """The values in their order, that before the first step included where there is one."""
        return (*((self.before,) if self.before else ()), *(step.value for step in self.steps))


@dataclass(frozen=True, slots=True)
class Property:
    """One column: its type, its heading and meaning in both languages, and what an empty cell means.

    `personal` values never reach a message, a log or a shared export. Nothing of the kind happened before `earliest`
    (ISO), and `planned` dates alone may lie after today. Of a date known to the month or year alone the first day stands in the table,
    or with `last_day` the last: so that nothing counts as ended, or as long ago, that may not be. `dated_by` names the date of the same row from which the value
    holds: on a day before it the value is not known. A value with steps, each with a date of its own, has a `course`.
    """

    name: str
    type: ValueType
    heading: Text
    meaning: Text
    missing_means: Text = UNKNOWN
    unit: Text | None = None
    required: bool = False
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    digits: int | None = None
    personal: bool = False
    earliest: str = ""
    planned: bool = False
    dated_by: str = ""
    course: Course | None = None
    last_day: bool = False

    def __post_init__(self) -> None:
        _need_name(self.name, _COLUMN, Text("列名", "name of a column"))
        _need_one_of(self.type, get_args(ValueType), Text(f"{self.name} 的类型", f"type of {self.name}"))

    @property
    def empty_says(self) -> bool:
        """Whether an empty cell says something, such as that a tie still goes on: then one that cannot be read is not the same as an empty one."""
        return self.missing_means != UNKNOWN

    @property
    def dates(self) -> tuple[str, ...]:
        """The dates of the same row that say from when a value holds."""
        return self.course.dates if self.course else (self.dated_by,) if self.dated_by else ()

    @property
    def values(self) -> tuple[str, ...]:
        """The words that may stand in this column; empty if any may."""
        return tuple(choice.value for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Order:
    """Which of two dates of a row comes first: `then` is not before `first`, or not before `years` after it.

    `first` may be a calendar year. Where the order is broken it is not known which of the two is wrong: the cells of
    `doubted` count as not read.
    """

    first: str
    then: str
    years: int = 0
    doubted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeType:
    """A kind of node: its label in the graph, its key, and its properties (the key is the first of them).

    `since_column` and `until_column` name the dates from which it is there and from which it is no more; empty for a kind without such a date.
    `orders` says which of its dates come before which, beside these two.
    """

    label: str
    heading: Text
    meaning: Text
    key: str
    properties: tuple[Property, ...]
    since_column: str = ""
    until_column: str = ""
    orders: tuple[Order, ...] = ()

    def __post_init__(self) -> None:
        _need_name(self.label, _LABEL, Text("节点类别的标签", "label of a kind of node"))
        _refuse_doubles(self)
        if not self.properties or self.properties[0].name != self.key:
            raise ModelError(Text(f"{self}：主键 {self.key} 必须是第一个属性", f"{self}: the key '{self.key}' must be the first property"))
        _need_dates(self)
        _need_steps(self)
        _need_distinct(self)

    def __str__(self) -> str:
        return self.label

    @property
    def dating(self) -> tuple[str, ...]:
        """Dates that say from when a value of its own holds."""
        return tuple(date for column in self.properties for date in column.dates)

    @property
    def table(self) -> str:
        """Name of this kind's table: its label."""
        return self.label

    @property
    def columns(self) -> tuple[Property, ...]:
        """Every column of this kind's table, in order."""
        return self.properties

    @property
    def identity(self) -> tuple[str, ...]:
        """Columns that tell two rows of this kind apart."""
        return (self.key,)

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns without which a row cannot be placed: a cell there that cannot be read costs the row, any other costs only itself."""
        return tuple(column.name for column in self.columns if column.required)


SINCE = Property("since", "date", Text("开始日期", "since"), Text("自此日起有效", "in force from this day"), Text("一直如此", "as far back as known"))
UNTIL = Property(
    "until", "date", Text("结束日期", "until"), Text("自此日起不再有效", "no longer in force from this day"), Text("仍在继续", "still going on"),
    planned=True, last_day=True,
)  # fmt: skip
PERIOD = (SINCE, UNTIL)


@dataclass(frozen=True, slots=True)
class End:
    """How a tie calls the node at one of its ends: the column of its table, and that column's heading."""

    column: str
    heading: Text


@dataclass(frozen=True, slots=True)
class TieType:
    """A sentence between two kinds of nodes, such as Member HELPS Household.

    `role` says what it is for. `identity_properties` are those that, with the two ends, tell two ties of this kind apart.
    An end is called by its node's kind and key, unless `source_end` or `target_end` says otherwise; of a tie between two
    nodes of one kind at least one must. `is_single`: its source has one such tie at a time. `loops`: whether it may lead
    to its own source (``"self"``), come back to it only through others (``"circle"``), or neither (``"none"``). `happened_on` names
    the day of a tie that is an event, such as a visit: before it there is none, and it does not end.
    """

    source_type: NodeType
    name: str
    target_type: NodeType
    role: TieRole
    heading: Text
    sentence: Text
    properties: tuple[Property, ...] = ()
    identity_properties: tuple[str, ...] = ()
    source_end: End | None = None
    target_end: End | None = None
    is_single: bool = False
    loops: Literal["self", "circle", "none"] = "self"
    orders: tuple[Order, ...] = ()
    happened_on: str = ""

    def __post_init__(self) -> None:
        _need_name(self.name, _TIE, Text("关系类别的名称", "name of a kind of tie"))
        _need_one_of(self.role, get_args(TieRole), Text(f"{self} 的作用", f"role of {self}"))
        _need_one_of(self.loops, ("self", "circle", "none"), Text(f"{self} 的 loops", f"loops of {self}"))
        _refuse_doubles(self)
        names = {p.name for p in self.properties}
        if unknown := set(self.identity_properties) - names:
            named = sorted(unknown)
            raise ModelError(
                Text(f"{self}：identity 里没有这样的属性：{'、'.join(named)}", f"{self}: identity names no property: {', '.join(named)}")
            )
        _need_dates(self)
        _need_steps(self)
        _need_distinct(self)

    def __str__(self) -> str:
        return self.table

    @property
    def source(self) -> str:
        """Label of the kind of node that the tie goes out from."""
        return self.source_type.label

    @property
    def target(self) -> str:
        """Label of the kind of node that the tie goes to."""
        return self.target_type.label

    @property
    def since_column(self) -> str:
        """The date from which the tie holds, or on which it happened; empty for one that only the node at its end dates, such as an attendance."""
        return SINCE.name if SINCE in self.properties else self.happened_on

    @property
    def until_column(self) -> str:
        """The date from which the tie holds no more."""
        return UNTIL.name if UNTIL in self.properties else ""

    @property
    def table(self) -> str:
        """Name of this kind's table: its sentence, ``"Member HELPS Household"``."""
        return f"{self.source} {self.name} {self.target}"

    @property
    def ends(self) -> tuple[Property, Property]:
        """The two columns that name the nodes tied."""
        return _end(self.source_type, self.source_end), _end(self.target_type, self.target_end)

    @property
    def columns(self) -> tuple[Property, ...]:
        """Every column of this kind's table, in order: source, target, properties."""
        return (*self.ends, *self.properties)

    @property
    def identity(self) -> tuple[str, ...]:
        """Columns that tell two rows of this kind apart."""
        return (self.ends[0].name, self.ends[1].name, *self.identity_properties)

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns without which a row cannot be placed: a cell there that cannot be read costs the row, any other costs only itself."""
        return tuple(column.name for column in self.columns if column.required)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A rule between rows. `effect`: ``quarantine`` sets the offending row aside, ``report`` keeps it and says so."""

    id: str
    tables: tuple[str, ...]
    text: Text
    remedy: Text
    effect: Literal["quarantine", "report"]


def _refuse_doubles(kind: NodeType | TieType) -> None:
    names = [p.name for p in kind.properties]
    if doubled := sorted({n for n in names if names.count(n) > 1}):
        raise ModelError(Text(f"{kind}：重复声明：{'、'.join(doubled)}", f"{kind}: declared twice: {', '.join(doubled)}"))


def _need_dates(kind: NodeType | TieType) -> None:
    """Refuse a kind whose beginning or end, or what dates one of its columns, is no date of its own."""
    dates = {p.name for p in kind.properties if p.type == "date"}
    named = {kind.since_column, kind.until_column, *(date for p in kind.properties for date in p.dates)}
    if unknown := sorted({column for column in named if column} - dates):
        raise ModelError(
            Text(
                f"{kind}：起止或所依的日期不是自己的日期列：{'、'.join(unknown)}",
                f"{kind}: begins, ends or is dated by no date of its own: {', '.join(unknown)}",
            ),
        )
    columns = {p.name for p in kind.properties}
    if strange := sorted({name for order in kind.orders for name in (order.first, order.then, *order.doubted)} - columns):
        raise ModelError(Text(f"{kind}：orders 里没有这样的属性：{'、'.join(strange)}", f"{kind}: orders name no property: {', '.join(strange)}"))


def _need_steps(kind: NodeType | TieType) -> None:
    """Refuse a course without steps, or of which a value is none that may stand in its column."""
    for column in kind.properties:
        if column.course is None:
            continue
        if column.type != "string" or not column.course.steps:
            raise ModelError(
                Text(
                    f"{kind}：{column.name} 的 course 要有步骤，类型为 string",
                    f"{kind}: the course of {column.name} has steps, and its type is string",
                )
            )
        if strange := sorted(set(column.course.values) - set(column.values)):
            raise ModelError(
                Text(
                    f"{kind}：{column.name} 的步骤不在可选的值里：{'、'.join(strange)}",
                    f"{kind}: steps of {column.name} that are none of its choices: {', '.join(strange)}",
                ),
            )


def _need_distinct(kind: NodeType | TieType) -> None:
    """Refuse two columns that one heading could mean, in whichever language it is written: no row could be read back from such a sheet."""
    meant: dict[str, str] = {}
    for column in kind.columns:
        for spelling in (column.name, column.heading.zh, column.heading.en):
            if meant.setdefault(fold(spelling), column.name) != column.name:
                raise _two_columns(kind, spelling)
    names = [column.name for column in kind.columns]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise _two_columns(kind, doubled[0])


def _two_columns(kind: NodeType | TieType, spelling: str) -> ModelError:
    remedy = Text("请另取列名和标题", "give one a name and heading of its own")
    if isinstance(kind, TieType):
        remedy = Text("请给 `source_end` 或 `target_end` 另取列名和标题", "give `source_end` or `target_end` a name and heading of its own")
    return ModelError(Text(f"{kind}：有两列都叫 {spelling}；{remedy.zh}", f"{kind}: two columns are called {spelling}; {remedy.en}"))


def _end(kind: NodeType, end: End | None) -> Property:
    """The column of a tie table that names a node of this kind: the node's key, under the name and heading of the end."""
    key = kind.properties[0]
    if end is None:
        end = End(f"{kind.label.lower()}_{key.name}", Text(f"{kind.heading.zh}{key.heading.zh}", f"{kind.heading.en} {key.heading.en}"))
    meaning = Text(f"{kind.heading.zh}表中的{key.heading.zh}", f"{key.heading.en} in the table of kind {kind.heading.en}")
    return Property(end.column, "string", end.heading, meaning, required=True, digits=key.digits, personal=key.personal)
