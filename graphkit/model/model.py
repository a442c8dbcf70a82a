"""The model as a value: which kinds of nodes and ties there are, and what follows from them.

`graphkit.model.kinds.MODEL` is the shipped one. It travels with `Tables`, so that whoever reads a district asks its
own model and never a list of names; `Model.extend` declares more beside what is there, and takes nothing away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import Any

from graphkit.errors import ModelError
from graphkit.model.constraints import list_constraints
from graphkit.model.types import PERIOD, Choice, Constraint, NodeType, Property, TieRole, TieType
from graphkit.words import NO_TERMS, Terms, Text, fold

SHEET_LETTERS = 31  # of a sheet's name, the most that a spreadsheet keeps
MOST_KINDS = 100  # of nodes, and of ties: a network holds the kind of each in eight bits
RESERVED_PROPERTIES = frozenset({"dataset", "run", "tie_key", "source_file", "source_sheet", "source_row"})
"""Names under which graphkit keeps where a row came from, and whose it is."""

RESERVED_NAMES = ("quarantine", "counts", "unread", "merged", "repaired", "completeness", "完整性", "guide", "说明", "manifest")
"""Names of what stands beside the tables in a workbook or a store."""


@dataclass(frozen=True)
class Model:
    """What exists: kinds of nodes and ties, and what follows from them.

    Parameters
    ----------
    nodes : tuple of NodeType
        Kinds of nodes, each label once.
    ties : tuple of TieType
        Kinds of ties; both ends are among `nodes`.
    terms : Terms
        What a field of one's own calls what the shipped sentences name; the headings of the kinds are in these words already (see `in_terms`).

    Raises
    ------
    ModelError
        If two kinds have one name or heading, a tie ends at a kind that is not there, or a name is graphkit's own.

    Examples
    --------
    >>> from graphkit.model.kinds import MODEL
    >>> MODEL.table_type("Household").heading.en
    'household'
    >>> car = Property("has_car", "boolean", Text("有无汽车", "has car"), Text("自有汽车", "owns a car"))
    >>> MODEL.extend(properties={"Household": (car,)}).table_type("Household").columns[-1].name
    'has_car'
    """

    nodes: tuple[NodeType, ...]
    ties: tuple[TieType, ...]
    terms: Terms = NO_TERMS

    def __post_init__(self) -> None:
        _refuse_strange_ends(self)
        _refuse_reserved(self)
        _refuse_shared_names(self)

    @cached_property
    def _hash(self) -> int:
        return hash((self.nodes, self.ties, self.terms))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return Model, (self.nodes, self.ties, self.terms)

    def __repr__(self) -> str:
        return f"Model({len(self.nodes)} kinds of nodes, {len(self.ties)} kinds of ties)"

    @cached_property
    def kinds(self) -> tuple[NodeType | TieType, ...]:
        """Every kind that has a table: nodes, then ties."""
        return (*self.nodes, *self.ties)

    @cached_property
    def tie_names(self) -> frozenset[str]:
        """Names of the tables of ties."""
        return frozenset(tie.table for tie in self.ties)

    @cached_property
    def completeness(self) -> NodeType:
        """What a source says of itself: read from a sheet or file of this name, beside the tables and no part of the graph."""
        within = {tie.target for tie in self.ties if tie.role in ("place", "membership")}
        said: NodeType = _put(_completeness(tuple(kind for kind in self.nodes if kind.label in within)), self.terms)
        return said

    @cached_property
    def sheets(self) -> tuple[NodeType | TieType, ...]:
        """Everything that a sheet or a file may hold: every kind, and the completeness."""
        return (*self.kinds, self.completeness)

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """The rules between rows."""
        constraints: tuple[Constraint, ...] = _put(list_constraints(self.nodes, self.ties), self.terms)
        return constraints

    @cached_property
    def _by_label(self) -> dict[str, NodeType]:
        return {kind.label: kind for kind in self.nodes}

    @cached_property
    def _by_table(self) -> dict[str, NodeType | TieType]:
        return {kind.table: kind for kind in self.kinds}

    def node_type(self, label: str) -> NodeType:
        """Return the declaration of the node kind `label`; ModelError if there is none."""
        try:
            return self._by_label[label]
        except KeyError:
            there = list(self._by_label)
            raise ModelError(
                Text(f"没有节点类别 {label!r}；现有 {'、'.join(there)}", f"no node kind {label!r}; there are {', '.join(there)}")
            ) from None

    def table_type(self, table: str) -> NodeType | TieType:
        """Return the declaration behind the table named `table`, such as ``"Member"`` or ``"Member HELPS Household"``; ModelError if there is none."""
        try:
            return self._by_table[table]
        except KeyError:
            there = list(self._by_table)
            raise ModelError(Text(f"没有表 {table!r}；现有 {'、'.join(there)}", f"no table {table!r}; there are {', '.join(there)}")) from None

    def sheet_type(self, name: str) -> NodeType | TieType:
        """Return the declaration behind a sheet: of a table, or of what is said about the tables."""
        return self.completeness if name == self.completeness.table else self.table_type(name)

    def tie_tables(self, *roles: TieRole, source: str | None = None, target: str | None = None) -> tuple[str, ...]:
        """Return the names of the tie tables that have one of `roles`, from `source` and to `target` where given.

        Examples
        --------
        >>> from graphkit.model.kinds import MODEL
        >>> MODEL.tie_tables("membership", source="Member")
        ('Member BELONGS_TO Branch', 'Member WORKS_IN Cooperative', 'Member POSTED_BY HelpingUnit')
        """
        return tuple(t.table for t in self.ties if t.role in roles and source in (None, t.source) and target in (None, t.target))

    def extend(
        self, *, nodes: Iterable[NodeType] = (), ties: Iterable[TieType] = (), properties: Mapping[str, Iterable[Property]] | None = None
    ) -> Model:
        """Return a model in which more is declared beside what is there; nothing of it is changed or taken away.

        Parameters
        ----------
        nodes : iterable of NodeType
            More kinds of nodes.
        ties : iterable of TieType
            More kinds of ties, between old and new kinds. Each answers the questions that its role has a part in.
        properties : mapping of str to iterable of Property
            By table, such as ``"Household"`` or ``"Member HELPS Household"``, more columns.

        Raises
        ------
        ModelError
            As for `Model`, and if `properties` names a table that is not there.
        """
        more = {self.table_type(table).table: tuple(added) for table, added in (properties or {}).items()}
        widened = [replace(kind, properties=(*kind.properties, *more.get(kind.table, ()))) for kind in self.nodes]
        every = (*widened, *nodes)
        by_label = {kind.label: kind for kind in every}
        added = [replace(tie, properties=(*tie.properties, *more.get(tie.table, ()))) for tie in self.ties]
        joined = [_between(tie, by_label) for tie in (*added, *ties)]
        return Model(every, tuple(joined), self.terms)

    def in_terms(self, terms: Terms) -> Model:
        """Return the model in the words of a field of one's own: labels, keys and roles are the same, headings and meanings are not.

        Examples
        --------
        >>> from graphkit.model.kinds import MODEL
        >>> MODEL.in_terms(Terms(zh=(("党组织", "服务站"),))).table_type("Branch").heading
        Text(zh='服务站', en='服务站')
        """
        return Model(_put(self.nodes, terms), _put(self.ties, terms), terms)

    def with_codes(self, digits: Mapping[str, int]) -> Model:
        """Return the model for places that go by other codes than those of China's statistics: of another number of digits, or by any id.

        Parameters
        ----------
        digits : mapping of str to int, digits
            By kind of node whose key is a code (Township, Village): how many digits its codes have; 0 where any id may stand.

        Raises
        ------
        ModelError
            If there is no such kind, it goes by no code, or the number is below 0.

        Examples
        --------
        >>> from graphkit.model.kinds import MODEL
        >>> MODEL.with_codes({"Village": 6}).table_type("Village").columns[0].meaning.en
        'code (6 digits)'
        """
        nodes = {kind.label: kind for kind in self.nodes}
        nodes |= {label: _with_code(self.node_type(label), number) for label, number in digits.items()}
        return Model(tuple(nodes.values()), tuple(_between(tie, nodes) for tie in self.ties), self.terms)


def _with_code(kind: NodeType, digits: int) -> NodeType:
    """The kind with codes of another number of digits, or with any id for its key."""
    key = kind.properties[0]
    if not key.digits or digits < 0:
        raise ModelError(
            Text(f"{kind.label}：代码位数须为 0 或正数，且这一类要以代码为主键", f"{kind.label}: digits are 0 or more, of a kind that goes by a code")
        )
    meaning = Text(f"代码（{digits} 位）", f"code ({digits} digits)") if digits else Text("自用的代码或编号", "a code or an id of your own")
    return replace(kind, properties=(replace(key, digits=digits or None, meaning=meaning), *kind.properties[1:]))


def _put(value: Any, terms: Terms) -> Any:
    """A declaration with every text in it in the words of the field."""
    if not terms:
        return value
    if isinstance(value, Text):
        return terms.put(value)
    if isinstance(value, tuple):
        return tuple(_put(part, terms) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _put(getattr(value, field.name), terms) for field in fields(value)})
    return value


def _between(tie: TieType, by_label: Mapping[str, NodeType]) -> TieType:
    """The tie between the kinds as they are declared now."""
    return replace(tie, source_type=by_label.get(tie.source, tie.source_type), target_type=by_label.get(tie.target, tie.target_type))


def _refuse_strange_ends(model: Model) -> None:
    for tie in model.ties:
        for end in (tie.source_type, tie.target_type):
            if end not in model.nodes:
                raise ModelError(Text(f"{tie}：没有节点类别 {end}；请一并声明", f"{tie}: there is no node kind {end}; declare it beside the tie"))


def _refuse_reserved(model: Model) -> None:
    """Refuse names under which graphkit keeps its own, and more kinds than a network can hold."""
    for kind in model.kinds:
        if own := sorted({column.name for column in kind.columns} & RESERVED_PROPERTIES):
            raise ModelError(
                Text(f"{kind}：{own[0]} 是 graphkit 自用的名称；请另取", f"{kind}: graphkit keeps the name {own[0]} for itself; choose another")
            )
    for node in model.nodes:
        if node.label.startswith("Graphkit"):
            raise ModelError(
                Text(f"{node}：以此开头的标签是 graphkit 自用的；请另取", f"{node}: labels that begin so are graphkit's own; choose another")
            )
    if max(len(model.nodes), len(model.ties)) > MOST_KINDS:
        raise ModelError(
            Text(f"模型里节点类别和关系类别各不超过 {MOST_KINDS} 个", f"a model has at most {MOST_KINDS} kinds of nodes, and as many of ties")
        )


def _refuse_shared_names(model: Model) -> None:
    """Refuse two tables that one sheet or file could stand for, in whichever language it is named."""
    spelled = Counter(fold(name) for name in RESERVED_NAMES)
    for kind in model.kinds:
        names = {fold(name)[:SHEET_LETTERS] for name in (kind.table, kind.heading.zh, kind.heading.en)}
        names |= {fold(name[:SHEET_LETTERS]) for name in (kind.table, kind.heading.zh, kind.heading.en)}
        if taken := sorted(name for name in names if spelled[name]):
            raise ModelError(
                Text(
                    f"{kind}：已有一张表叫“{taken[0]}”；请给这一类另取名称和标题",
                    f"{kind}: another sheet is called {taken[0]!r} already; give this kind a name and headings of its own",
                ),
            )
        spelled.update(names)


def _completeness(within: tuple[NodeType, ...]) -> NodeType:
    whole = Text("全部", "the whole")
    words = tuple(Choice(kind.label, kind.heading) for kind in within)
    extents = (Choice("complete", Text("齐全", "complete")), Choice("partial", Text("不齐全", "partial")))
    return NodeType(
        "Completeness", Text("完整性", "completeness"), Text("哪张表在什么范围内是全的", "which table has every row there is, and of what"), "table",
        (
            Property("table", "string", Text("表", "table"), Text("表的名称，如“结对帮扶”", "name of the table, such as 'member helps household'"),
                     Text("不可为空", "may not be empty"), required=True),
            Property("within_kind", "string", Text("范围类别", "within kind"),
                     Text("只说某一个乡镇、村、合作组织或党组织时，它是哪一类", "where it speaks of one place or body alone: its kind"), whole, choices=words),
            Property("within_id", "string", Text("范围主键", "within key"), Text("它的代码或编号", "its code or id"), whole),
            Property("extent", "string", Text("齐全程度", "extent"), Text("应有的行是否都在表里", "whether every row there should be is in the table"),
                     Text("看应有行数", "as the number expected says"), choices=extents),
            Property("expected", "integer", Text("应有行数", "expected rows"), Text("台账上的总数", "the total that the register gives"),
                     unit=Text("行", "rows"), minimum=0),
            *PERIOD,
        ),
    )  # fmt: skip
