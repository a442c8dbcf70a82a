"""A model of one's own, written down: what a file or a store declares beside the shipped kinds, read and checked whole.

The form is the same in a TOML file and in a store::

    [[node]]                                   a kind of node; its key is `id` unless `key` names the first property
    label = "School"
    heading = ["学校", "school"]
    [[node.property]]
    name = "pupils"
    type = "integer"
    heading = ["学生数", "pupils"]

    [[tie]]                                    a kind of tie, and by its role what it is for
    source = "Member"
    name = "TEACHES_IN"
    target = "School"
    role = "membership"
    heading = ["人员任教", "member teaches in school"]
    period = true                              it has the columns since and until

    [words.en]                                 what a field of your own calls what the shipped sentences name
    "branches" = "stations"

    [[property]]                               one more column of a kind that is there
    of = "Household"
    name = "has_car"
    type = "boolean"
    heading = ["有无汽车", "has car"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from graphkit.errors import ModelError
from graphkit.model.kinds import MODEL
from graphkit.model.model import Model
from graphkit.model.types import PERIOD, UNKNOWN, Choice, Course, End, NodeType, Order, Property, Step, TieType
from graphkit.words import Terms, Text

LARGEST = 2**20  # characters; a model of a hundred kinds has fifty thousand
_TEXT, _FLAG = (list,), (bool,)
_PROPERTY: dict[str, tuple[type, ...]] = {
    "name": (str,), "type": (str,), "heading": _TEXT, "meaning": _TEXT, "missing_means": _TEXT, "unit": _TEXT, "required": _FLAG,
    "choices": (dict,), "minimum": (int,), "maximum": (int,), "digits": (int,), "personal": _FLAG, "earliest": (str,), "planned": _FLAG,
    "dated_by": (str,), "course": (dict,), "last_day": _FLAG,
}  # fmt: skip
_PLAIN = ("required", "minimum", "maximum", "digits", "personal", "earliest", "planned", "dated_by", "last_day")
_KIND: dict[str, tuple[type, ...]] = {"heading": _TEXT, "meaning": _TEXT, "property": (list,), "order": (list,)}
_NODE = {**_KIND, "label": (str,), "key": (str,), "since": (str,), "until": (str,)}
_TIE = {
    **_KIND, "source": (str,), "name": (str,), "target": (str,), "role": (str,), "period": _FLAG, "identity": (list,),
    "source_end": (dict,), "target_end": (dict,), "single": _FLAG, "loops": (str,), "happened_on": (str,),
}  # fmt: skip
_ORDER: dict[str, tuple[type, ...]] = {"first": (str,), "then": (str,), "years": (int,), "doubted": (list,)}
_COURSE: dict[str, tuple[type, ...]] = {"before": (str,), "steps": (dict,)}
_END: dict[str, tuple[type, ...]] = {"column": (str,), "heading": _TEXT}
_WHOLE: dict[str, tuple[type, ...]] = {"node": (list,), "tie": (list,), "property": (list,), "words": (dict,), "codes": (dict,)}
_ID = Property("id", "string", Text("编号", "id"), Text("自编的编号", "an id of your own"), Text("不可为空", "may not be empty"), required=True)


def read_model(path: str | Path) -> Model:
    r"""Read a file of kinds and properties of your own, and return the shipped model with these beside it.

    Parameters
    ----------
    path : path
        A TOML file with ``[[node]]``, ``[[tie]]``, ``[[property]]``, ``[words]`` and ``[codes]``; docs/own-data.md lists what each may say.

    Returns
    -------
    Model
        To be given to the loaders, `Tables` or `write_template` as ``model=``.

    Raises
    ------
    ModelError
        If the file cannot be read, says what is not known, or contradicts itself or the shipped kinds.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "model.toml"
    ...     _ = path.write_text('[[property]]\nof = "Household"\nname = "has_car"\ntype = "boolean"\nheading = ["有无汽车", "has car"]\n', encoding="utf-8")
    ...     read_model(path).table_type("Household").columns[-1].heading.zh
    '有无汽车'
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 1).decode("utf-8-sig")
        if len(text) > LARGEST:
            raise ValueError("it is larger than a model is")
        declared = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:  # tomllib's own error names the line
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else type(error).__name__
        raise ModelError(Text(f"{path}：模型读不了：{reason}", f"{path}: the model cannot be read: {reason}")) from None
    try:
        return restore_model(declared)
    except ModelError as error:
        raise ModelError(Text(f"{path}：{error.say('zh')}", f"{path}: {error.say('en')}")) from None


def restore_model(declared: Mapping[str, Any], *, grown: bool = False) -> Model:
    """Return the shipped model with what is declared beside it; ModelError if that cannot stand there.

    `grown`: it was declared beside an earlier shipped model, so that a column of it may have come with the model since.
    """
    _need_verbs(declared, _WHOLE, Text("文件", "the file"))
    shipped = MODEL.with_codes(_codes(declared.get("codes", {})))
    shipped = shipped.in_terms(_terms(declared["words"])) if "words" in declared else shipped
    nodes = {kind.label: kind for kind in shipped.nodes}
    added = [_node(entry, place) for entry, place in _entries(declared, "node")]
    nodes.update({kind.label: kind for kind in added})
    ties = [_tie(entry, place, nodes) for entry, place in _entries(declared, "tie")]
    more: dict[str, list[Property]] = {}
    for entry, place in _entries(declared, "property"):
        _need_verbs(entry, {**_PROPERTY, "of": (str,)}, place)
        more.setdefault(_need(entry, "of", place), []).append(_property({k: v for k, v in entry.items() if k != "of"}, place))
    if grown:
        more = {table: [one for one in own if not _came_since(shipped, table, one)] for table, own in more.items()}
    return shipped.extend(nodes=added, ties=ties, properties=more) if declared else MODEL


def _came_since(shipped: Model, table: str, own: Property) -> bool:
    """Whether the shipped model has this very column by now, so that what a store keeps in it is kept."""
    there = next((column for column in shipped.table_type(table).columns if column.name == own.name), None)
    return there is not None and (there.type, there.personal, there.values) == (own.type, own.personal, own.values)


def declare(model: Model) -> dict[str, Any]:
    """Return what a model declares beside the shipped one, in the form that `restore_model` reads; nothing for the shipped one.

    Raises
    ------
    ModelError
        If it lacks a kind or a property of the shipped model: then nothing that is stored with it could be asked.
    """
    if model == MODEL:
        return {}
    declared: dict[str, Any] = {"node": [], "tie": [], "property": []}
    there = {kind.table: kind for kind in model.kinds}
    codes = _own_codes(model)
    shipped = MODEL.with_codes(codes).in_terms(model.terms)
    for kind in shipped.kinds:
        own = there.pop(kind.table, None)
        if own is None or own.properties[: len(kind.properties)] != kind.properties:
            raise ModelError(
                Text(
                    f"模型缺少自带的类别 {kind.table}，或以别的代替了它：请从 graphkit.MODEL.extend 开始",
                    f"the model lacks the shipped kind {kind.table}, or has another in its place: begin from graphkit.MODEL.extend",
                ),
            )
        declared["property"] += [{"of": kind.table, **_say_property(p)} for p in own.properties[len(kind.properties) :]]
    declared["node"] = [_say_node(kind) for kind in there.values() if isinstance(kind, NodeType)]
    declared["tie"] = [_say_tie(kind) for kind in there.values() if isinstance(kind, TieType)]
    declared["codes"] = codes
    declared["words"] = {lang: dict(pairs) for lang, pairs in (("zh", model.terms.zh), ("en", model.terms.en)) if pairs}
    return {name: entries for name, entries in declared.items() if entries}


def _own_codes(model: Model) -> dict[str, int]:
    """How many digits codes have where they have not those of the shipped model."""
    coded = {kind.label: kind.properties[0].digits for kind in MODEL.nodes if kind.properties[0].digits}
    own = {kind.label: kind.properties[0].digits or 0 for kind in model.nodes if kind.label in coded}
    return {label: digits for label, digits in own.items() if digits != coded[label]}


# Reading


def _codes(digits: Mapping[str, Any]) -> dict[str, int]:
    """How many digits the codes of each kind of place have."""
    _need_verbs(digits, {kind.label: (int,) for kind in MODEL.nodes if kind.properties[0].digits}, Text("[codes]", "[codes]"))
    return dict(digits)


def _terms(words: Mapping[str, Any]) -> Terms:
    """What the field calls things, by language: ``[words.zh]`` and ``[words.en]``, or one of them."""
    place = Text("[words]", "[words]")
    _need_verbs(words, {"zh": (dict,), "en": (dict,)}, place)
    for pairs in words.values():
        if not pairs or not all(word.strip() and isinstance(own, str) and own.strip() for word, own in pairs.items()):
            raise _fault(place, Text('每行应写成 "原词" = "本领域的词"', 'each line is written as "shipped word" = "own word"'))
    return Terms(*(tuple(words.get(lang, {}).items()) for lang in ("zh", "en")))


def _entries(verbs: Mapping[str, Any], name: str, within: str = "") -> Iterator[tuple[Mapping[str, Any], Text]]:
    """Each table of an array of tables, with its place in words."""
    for number, entry in enumerate(verbs.get(name, []), 1):
        place = Text(f"{within}第 {number} 个 [[{name}]]", f"{within}[[{name}]] number {number}")
        if not isinstance(entry, dict):
            raise _fault(place, Text(f"应写成 [[{name}]]", f"is written as [[{name}]]"))
        yield entry, place


def _node(entry: Mapping[str, Any], place: Text) -> NodeType:
    _need_verbs(entry, _NODE, place)
    label, heading = _need(entry, "label", place), _text(entry, "heading", place)
    properties = tuple(_property(one, where) for one, where in _entries(entry, "property", f"{label} "))
    key = entry.get("key", _ID.name)
    return NodeType(
        label, heading, _text(entry, "meaning", place, heading), key, properties if "key" in entry else (_ID, *properties),
        entry.get("since", ""), entry.get("until", ""), _orders(entry, label),
    )  # fmt: skip


def _tie(entry: Mapping[str, Any], place: Text, nodes: Mapping[str, NodeType]) -> TieType:
    _need_verbs(entry, _TIE, place)
    ends = [_need(entry, end, place) for end in ("source", "target")]
    if strange := [label for label in ends if label not in nodes]:
        raise _fault(
            place,
            Text(f"没有节点类别 {strange[0]!r}；现有 {'、'.join(nodes)}", f"there is no node kind {strange[0]!r}; there are {', '.join(nodes)}"),
        )
    heading = _text(entry, "heading", place)
    properties = tuple(_property(one, where) for one, where in _entries(entry, "property", f"{entry.get('name')} "))
    period = entry.get("period", False)
    return TieType(
        nodes[ends[0]], _need(entry, "name", place), nodes[ends[1]], _need(entry, "role", place), heading,  # type: ignore[arg-type]  # TieType looks at it
        _text(entry, "meaning", place, heading), (*properties, *PERIOD) if period else properties,
        tuple(map(str, entry.get("identity", ("since",) if period else ()))), _end(entry, "source_end", place), _end(entry, "target_end", place),
        entry.get("single", False), entry.get("loops", "self"), _orders(entry, str(entry.get("name"))), entry.get("happened_on", ""),
    )  # fmt: skip


def _property(entry: Mapping[str, Any], place: Text) -> Property:
    _need_verbs(entry, _PROPERTY, place)
    heading = _text(entry, "heading", place)
    choices = tuple(Choice(value, _as_text(words, place)) for value, words in entry.get("choices", {}).items())
    return Property(
        _need(entry, "name", place), _need(entry, "type", place), heading, _text(entry, "meaning", place, heading),  # type: ignore[arg-type]
        _text(entry, "missing_means", place, UNKNOWN), unit=_text(entry, "unit", place) if "unit" in entry else None, choices=choices,
        course=_course(entry["course"], place) if "course" in entry else None, **{verb: entry[verb] for verb in _PLAIN if verb in entry},
    )  # fmt: skip


def _course(entry: Mapping[str, Any], place: Text) -> Course:
    """A course, written ``{ before = "none", steps = { asked = "asked_on", granted = "granted_on" } }``."""
    _need_verbs(entry, _COURSE, place)
    steps = tuple(Step(value, str(date)) for value, date in entry.get("steps", {}).items())
    return Course(steps, entry.get("before", ""))


def _orders(entry: Mapping[str, Any], name: str) -> tuple[Order, ...]:
    orders = []
    for order, where in _entries(entry, "order", f"{name} "):
        _need_verbs(order, _ORDER, where)
        doubted = tuple(map(str, order.get("doubted", ())))
        orders.append(Order(_need(order, "first", where), _need(order, "then", where), order.get("years", 0), doubted))
    return tuple(orders)


def _end(entry: Mapping[str, Any], verb: str, place: Text) -> End | None:
    if verb not in entry:
        return None
    _need_verbs(entry[verb], _END, place)
    return End(_need(entry[verb], "column", place), _text(entry[verb], "heading", place))


def _need_verbs(verbs: Mapping[str, Any], known: Mapping[str, tuple[type, ...]], place: Text) -> None:
    """Refuse what is not known, or has a value of another type."""
    for verb, value in verbs.items():
        if verb not in known:
            raise _fault(place, Text(f"不认识 {verb!r}；可用 {'、'.join(known)}", f"there is no {verb!r}; there are {', '.join(known)}"))
        if type(value) not in known[verb]:
            raise _fault(place, Text(f"{verb} 的值类型不对", f"{verb} takes a value of another type"))


def _need(entry: Mapping[str, Any], verb: str, place: Text) -> str:
    if verb not in entry:
        raise _fault(place, Text(f"缺少 {verb}", f"{verb} is missing"))
    return str(entry[verb])


def _text(entry: Mapping[str, Any], verb: str, place: Text, otherwise: Text | None = None) -> Text:
    if verb not in entry and otherwise is not None:
        return otherwise
    return _as_text(entry.get(verb), place, verb)


def _as_text(words: object, place: Text, verb: str = "choices") -> Text:
    """Words in both languages, written ``["中文", "English"]``."""
    if not isinstance(words, list) or len(words) != 2 or not all(isinstance(word, str) and word.strip() for word in words):
        raise _fault(place, Text(f'{verb} 应写成 ["中文", "English"]', f'{verb} is written as ["中文", "English"]'))
    return Text(words[0].strip(), words[1].strip())


def _fault(place: Text, said: Text) -> ModelError:
    return ModelError(Text(f"{place.zh}：{said.zh}", f"{place.en}: {said.en}"))


# Writing down


def _pair(text: Text) -> list[str]:
    return [text.zh, text.en]


def _say_property(column: Property) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.name, "type": column.type, "heading": _pair(column.heading), "meaning": _pair(column.meaning),
        "missing_means": _pair(column.missing_means), "unit": _pair(column.unit) if column.unit else None,
        "choices": {choice.value: _pair(choice.heading) for choice in column.choices}, "course": _say_course(column.course),
        **{verb: getattr(column, verb) for verb in _PLAIN},
    }  # fmt: skip
    return {verb: value for verb, value in said.items() if value or (value == 0 and value is not False)}


def _say_course(course: Course | None) -> dict[str, Any]:
    if course is None:
        return {}
    return {"steps": {step.value: step.dated_by for step in course.steps}, **({"before": course.before} if course.before else {})}


def _say_orders(orders: Sequence[Order]) -> dict[str, Any]:
    said = [{"first": one.first, "then": one.then, "years": one.years, "doubted": list(one.doubted)} for one in orders]
    return {"order": said} if said else {}


def _say_node(kind: NodeType) -> dict[str, Any]:
    dates = {"since": kind.since_column, "until": kind.until_column}
    return {
        "label": kind.label, "key": kind.key, "heading": _pair(kind.heading), "meaning": _pair(kind.meaning),
        **{verb: column for verb, column in dates.items() if column}, "property": list(map(_say_property, kind.properties)), **_say_orders(kind.orders),
    }  # fmt: skip


def _say_tie(kind: TieType) -> dict[str, Any]:
    ends = {"source_end": kind.source_end, "target_end": kind.target_end}
    return {
        "source": kind.source, "name": kind.name, "target": kind.target, "role": kind.role, "heading": _pair(kind.heading),
        "meaning": _pair(kind.sentence), "identity": list(kind.identity_properties), "single": kind.is_single, "loops": kind.loops,
        **({"happened_on": kind.happened_on} if kind.happened_on else {}),
        **{verb: {"column": end.column, "heading": _pair(end.heading)} for verb, end in ends.items() if end},
        "property": list(map(_say_property, kind.properties)), **_say_orders(kind.orders),
    }  # fmt: skip
