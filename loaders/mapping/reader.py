"""From TOML to a `Mapping`: every fault of the file told at once, each with its line, before a row is read."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mapping_
from pathlib import Path
from typing import Any, cast

from graphkit.errors import ModelError
from graphkit.model.kinds import MODEL
from graphkit.model.model import Model
from graphkit.model.reader import restore_model
from graphkit.model.types import NodeType, Property, TieType
from graphkit.words import Text, fold
from loaders.columns import FALSE_WORDS, TRUE_WORDS
from loaders.headings import columns_by_heading, kinds_by_name, name_nearest
from loaders.mapping.extras import declare_extras, read_extras
from loaders.mapping.language import BOUNDS, BY_NAME, DATE_PRECISIONS, KEEPS, TAKES, Cell, Extra, Keep, Mapping, Read, Saying, label_of
from loaders.mapping.named import name_of
from loaders.normalise import UNIT_FACTORS
from loaders.registers import NAME as REGISTERS
from loaders.registers import registers_mapping

LARGEST = 2**20  # bytes
_READ_VERBS = {
    "files": str, "sheet": str, "name": str, "at": str, "heading": list, "heading_rows": int, "headings": list, "layout": str, "label": str,
    "value": str, "stop": str, "skip": dict, "fill_down": list, "missing": list, "split": dict, "names": dict, "unpivot": dict, "node": list, "tie": list,
}  # fmt: skip
_CELL_VERBS = {
    "column": str, "make": list, "secret": list, "place": list, "named": list, "words": dict, "unit": str, "date": str, "take": str, "inexact": str,
    "missing": list, "keep": str, "constant": str,
}  # fmt: skip
_DECLARING = ("node", "tie", "property", "codes")  # as in a file of the model
_WHOLE = {"places": dict, "extra": dict, "read": list}
_SOURCES = ("column", "constant", "make", "secret", "place", "named")


def read_mapping(path: str | Path, *, model: Model = MODEL) -> Mapping:
    r"""Read a mapping file.

    Parameters
    ----------
    path : path
        A file in TOML, in UTF-8, which may declare kinds and properties of its own as a file of the model does; or ``"registers"``, the mapping of the workbook that `loaders.write_registers` writes.
    model : Model, optional
        Which tables and columns there are; the shipped model if left out.

    Raises
    ------
    ModelError
        If it cannot be read, is no TOML, or says something that the model does not have: once, every fault with its line.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "m.toml"
    ...     _ = path.write_text('[[read]]\n[[read.node]]\ntable = "农户"\nid = "户编号"\npeople = "人口"\n', encoding="utf-8")
    ...     read_mapping(path).reads[0].sayings[0].cells["people"].column
    '人口'
    """
    path = Path(path)
    try:
        text = registers_mapping() if str(path) == REGISTERS and not path.exists() else path.read_bytes()[: LARGEST + 1].decode("utf-8-sig")
        if len(text) > LARGEST:
            raise ValueError("it is larger than a mapping is")
        whole = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:  # tomllib's own error names the line
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else type(error).__name__
        raise ModelError(Text(f"{path}：对照文件读不了：{reason}", f"{path}: the mapping cannot be read: {reason}")) from None
    return _Reader(path, text, _with_names(whole, _own_model(whole, model, path))).read(whole)


def _own_model(whole: dict[str, Any], model: Model, path: Path) -> Model:
    """Take the kinds and properties that a mapping declares out of it, and return the model with them; the one given if it declares none."""
    declared = {name: whole.pop(name) for name in _DECLARING if name in whole}
    if not declared:
        return model
    if model != MODEL:
        raise ModelError(
            Text(f"{path}：对照文件里已声明自己的类别，不要再用 --model", f"{path}: the mapping declares kinds of its own; leave --model out")
        )
    try:
        return restore_model(declared)
    except ModelError as error:
        raise ModelError(Text(f"{path}：{error.say('zh')}", f"{path}: {error.say('en')}")) from None


def _with_names(whole: dict[str, Any], model: Model) -> Model:
    """The model, with any id in the place of codes if places go by their names."""
    places = whole.get("places")
    if not isinstance(places, dict) or places.get("list") != BY_NAME:
        return model
    return model.with_codes({kind.label: 0 for kind in model.nodes if kind.properties[0].digits})


class _Reader:
    """Reads one file, and gathers its faults."""

    def __init__(self, path: Path, text: str, model: Model) -> None:
        self.path = path
        self.model = model
        self.lines = text.splitlines()
        self.faults: list[tuple[int, Text]] = []

    def read(self, whole: dict[str, Any]) -> Mapping:
        self._verbs(whole, _WHOLE, 1)
        reads = tuple(self._read(verbs, number) for number, verbs in enumerate(self._tables(whole, "read", 1)))
        if not reads:
            self._fault(1, "没有 [[read]]", "there is no [[read]]")
        extra = whole.get("extra", {}) if isinstance(whole.get("extra", {}), dict) else {}
        extras = self._extras(extra, reads)
        places = whole.get("places", {}) if isinstance(whole.get("places", {}), dict) else {}
        on = self._places(places)
        mapping = Mapping(
            reads, str(places.get("list", "")), on, str(places.get("within", "")), _texts(extra.get("drop", [])), extras, str(self.path), self.model
        )
        if not mapping.places and any(cell.place for read in reads for saying in read.sayings for cell in saying.cells.values()):
            self._fault(1, "用了 place，却没有 [places] list = “地名表”", "place is used, and there is no [places] list")
        if self.faults:
            raise self._error()
        return mapping

    def _places(self, said: dict[str, Any]) -> dt.date | None:
        """The day of which names of places speak, written as a day of TOML or as text."""
        line, on = self._line_of("[places]"), said.get("on")
        self._verbs({verb: held for verb, held in said.items() if verb != "on"}, {"list": str, "within": str}, line)
        try:
            return None if on is None else dt.date.fromisoformat(str(on))
        except ValueError:
            self._fault(self._line_of_key("on", line), "on 应写成 2012-04-30 的样子", "on is a day like 2012-04-30")
            return None

    def _extras(self, said: dict[str, Any], reads: Iterable[Read]) -> tuple[Extra, ...]:
        """What is kept, once it is sure that it can be: names that are none, or stand already, are faults."""
        line = self._line_of("[extra]")
        listed = {verb: [] if isinstance(held, dict) and verb != "drop" else held for verb, held in said.items()}
        self._verbs(listed, {"keep": list, "personal": list, "drop": list}, line)
        extras = read_extras(said)
        try:
            declare_extras(self.model, extras, {saying.kind.table for read in reads for saying in read.sayings})
        except ModelError as error:
            self._fault(line, error.say("zh"), error.say("en"))
        return extras

    # What is wrong, and where

    def _fault(self, line: int, zh: str, en: str) -> None:
        self.faults.append((line, Text(zh, en)))

    def _error(self) -> ModelError:
        faults = sorted(self.faults, key=lambda fault: fault[0])
        zh = "\n  ".join(f"第{line}行：{text.zh}" for line, text in faults)
        en = "\n  ".join(f"line {line}: {text.en}" for line, text in faults)
        return ModelError(Text(f"{self.path}：\n  {zh}", f"{self.path}:\n  {en}"))

    def _line_of(self, header: str, number: int = 0, after: int = 1) -> int:
        """The line of the n-th header of that text from the line `after` on."""
        wanted = re.sub(r"\s", "", header)
        found = [n for n, line in enumerate(self.lines, 1) if n >= after and re.sub(r"\s|#.*", "", line) == wanted]
        return found[number] if number < len(found) else after

    def _line_of_key(self, key: str, after: int) -> int:
        for number, line in enumerate(self.lines[after - 1 :], after):
            if number > after and line.lstrip().startswith("["):
                break
            if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", line):
                return number
        return after

    # The parts

    def _tables(self, verbs: dict[str, Any], name: str, line: int) -> list[dict[str, Any]]:
        held = verbs.get(name, [])
        if isinstance(held, list) and all(isinstance(table, dict) for table in held):
            return held
        self._fault(self._line_of_key(name, line), f"{name} 应写成 [[…]]", f"{name} is written as [[…]]")
        return []

    def _verbs(self, verbs: dict[str, Any], known: Mapping_[str, type], line: int) -> None:
        """Find fault with verbs that are not known, or have a value of another type."""
        for verb, value in verbs.items():
            at = self._line_of_key(verb, line)
            if verb not in known:
                near = name_nearest(verb, known)
                self._fault(
                    at,
                    f"不认识 {verb!r}" + (f"；是否为 {near!r}？" if near else ""),
                    f"there is no {verb!r}" + (f"; is it {near!r}?" if near else ""),
                )
            elif not isinstance(value, known[verb]) or isinstance(value, bool):
                self._fault(at, f"{verb} 的值类型不对", f"{verb} takes a value of another type")

    def _read(self, verbs: dict[str, Any], number: int) -> Read:
        line = self._line_of("[[read]]", number)
        self._verbs(verbs, _READ_VERBS, line)
        for verb in ("stop", *(f"skip:{column}" for column in _dict(verbs, "skip"))):
            pattern = verbs.get("stop", "") if verb == "stop" else _dict(verbs, "skip")[verb.removeprefix("skip:")]
            self._pattern(pattern, self._line_of_key(verb.partition(":")[0], line))
        unpivot = _dict(verbs, "unpivot")
        into = _texts(unpivot.get("into", ["", ""]))
        if unpivot and (len(into) != 2 or not unpivot.get("columns")):
            self._fault(self._line_of_key("unpivot", line), "unpivot 要有 columns 和两个 into", "unpivot has columns and two names in into")
        if verbs.get("layout", "table") not in ("table", "form"):
            self._fault(self._line_of_key("layout", line), "layout 只能是 table 或 form", "layout is table or form")
        if verbs.get("at") and not re.fullmatch(r"[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}(?:[1-9][0-9]{0,6})?)?", str(verbs["at"])):
            self._fault(self._line_of_key("at", line), "at 应写成 F3 或 F3:I 的样子", "at is written like F3 or F3:I")
        sayings = tuple(saying for name in ("node", "tie") for saying in self._sayings(verbs, name, line))
        if not sayings:
            self._fault(line, "没有 [[read.node]] 或 [[read.tie]]", "it has no [[read.node]] or [[read.tie]]")
        columns = unpivot.get("columns", ())
        return Read(
            **{verb: str(verbs[verb]) for verb in ("files", "sheet", "name", "at", "label", "value", "stop") if verb in verbs},
            heading=_texts(verbs.get("heading", [])), headings=_texts(verbs.get("headings", [])),
            heading_rows=verbs["heading_rows"] if isinstance(verbs.get("heading_rows"), int) else None,
            layout="form" if verbs.get("layout") == "form" else "table",
            skip={str(k): str(v) for k, v in _dict(verbs, "skip").items()}, fill_down=_texts(verbs.get("fill_down", [])),
            missing=_texts(verbs.get("missing", [])), split={str(k): str(v) for k, v in _dict(verbs, "split").items()},
            names={str(k): str(v) for k, v in _dict(verbs, "names").items()},
            unpivot_columns=(columns,) if isinstance(columns, str) else _texts(columns),
            unpivot_into=(into[0], into[1]) if len(into) == 2 else ("", ""), sayings=sayings,
        )  # fmt: skip

    def _pattern(self, pattern: object, line: int) -> None:
        try:
            re.compile(str(pattern))
        except re.error:
            self._fault(line, f"不是正则表达式：{pattern}", f"no regular expression: {pattern}")

    def _sayings(self, verbs: dict[str, Any], name: str, line: int) -> Iterator[Saying]:
        for number, entry in enumerate(self._tables(verbs, name, line)):
            saying = self._saying(entry, name, self._line_of(f"[[read.{name}]]", number, line))
            if saying:
                yield saying

    def _saying(self, entry: dict[str, Any], name: str, line: int) -> Saying | None:
        kinds: tuple[NodeType | TieType, ...] = self.model.nodes if name == "node" else self.model.ties
        kind = kinds_by_name(self.model).get(fold(str(entry.get("table", ""))))
        if kind is None or kind not in kinds:
            near = name_nearest(str(entry.get("table", "")), [k.table for k in kinds]) or kinds[0].table
            self._fault(self._line_of_key("table", line), f"没有这样的表；是否为 {near!r}？", f"there is no such table; is it {near!r}?")
            return None
        known = columns_by_heading(kind)
        cells: dict[str, Cell] = {}
        for heading, said in entry.items():
            if heading in ("table", "where"):
                continue
            at = self._line_of_key(heading, line)
            column = known.get(fold(heading))
            if column is None:
                like = name_nearest(heading, [c.name for c in kind.columns])
                self._fault(
                    at,
                    f"{kind.table} 没有列 {heading!r}" + (f"；是否为 {like!r}？" if like else ""),
                    f"{kind.table} has no column {heading!r}" + (f"; is it {like!r}?" if like else ""),
                )
            elif cell := self._cell(said, column, at):
                cells[column.name] = cell
                if cell.named:
                    self._named(kind, column, at)
        for column in kind.columns:
            if column.required and column.name not in cells:
                self._fault(line, f"{kind.table} 缺少必需的列 {column.name}", f"{kind.table} lacks the column {column.name}, which must be there")
        return Saying(kind, cells, self._where(entry.get("where", {}), line))

    def _named(self, kind: NodeType | TieType, column: Property, line: int) -> None:
        """Find fault with `named` where there is no end of a tie, or where its kind has no names."""
        if isinstance(kind, NodeType) or column.name not in {end.name for end in kind.ends}:
            self._fault(line, f"named 只用于关系的一端，{column.name} 不是", f"named is for the end of a tie, and {column.name} is none")
        elif not name_of(self.model, label := label_of(kind, column.name)):
            self._fault(line, f"{label} 没有名称，不能按名称找", f"{label} has no name to be found by")

    def _where(self, where: object, line: int) -> dict[str, tuple[str, ...]]:
        if not isinstance(where, dict):
            self._fault(self._line_of_key("where", line), "where 应写成 {列 = 值}", "where is written as {column = value}")
            return {}
        return {str(column): _texts(values if isinstance(values, list) else [values]) for column, values in where.items()}

    def _cell(self, said: object, column: Property, line: int) -> Cell | None:
        if isinstance(said, str):
            cell = Cell(constant=said[1:]) if said.startswith("=") else Cell(column=said)
            self._constant(cell, column, line)
            return cell
        if not isinstance(said, dict):
            self._fault(line, f"{column.name} 应为表头，或 {{column = …}}", f"{column.name} is a heading, or {{column = …}}")
            return None
        self._verbs(said, _CELL_VERBS, line)
        if sum(source in said for source in _SOURCES) != 1:
            self._fault(line, f"{column.name} 须有且只有 {'、'.join(_SOURCES)} 之一", f"{column.name} has exactly one of {', '.join(_SOURCES)}")
            return None
        for verb, allowed in (("date", DATE_PRECISIONS), ("take", TAKES), ("keep", KEEPS), ("inexact", BOUNDS)):
            if verb in said and said[verb] not in allowed:
                self._fault(line, f"{verb} 只能是 {'、'.join(allowed)}", f"{verb} is one of {', '.join(allowed)}")
        if "date" in said and column.type != "date":
            self._fault(line, f"{column.name} 不是日期", f"{column.name} is no date")
        self._unit(said.get("unit"), column, line)
        cell = Cell(
            column=said.get("column"), constant=said.get("constant"), make=_texts(said.get("make", [])), secret=_texts(said.get("secret", [])),
            place=_texts(said.get("place", [])), named=_texts(said.get("named", [])), words={str(k): str(v) for k, v in _dict(said, "words").items()}, unit=str(said.get("unit", "")),
            date=str(said.get("date", "day")), take=str(said.get("take", "")), inexact=str(said.get("inexact", "")),
            missing=_texts(said.get("missing", [])), keep=cast("Keep | None", said.get("keep")),
        )  # fmt: skip
        self._constant(cell, column, line)
        return cell

    def _unit(self, unit: object, column: Property, line: int) -> None:
        if unit is None:
            return
        held = unit_of(column)
        if column.type != "integer" or unit not in UNIT_FACTORS.get(held, {}):
            known = "、".join(UNIT_FACTORS.get(held, {})) or "–"
            self._fault(
                line, f"{column.name} 不能由“{unit}”换算；可以是：{known}", f"{column.name} cannot be had from {unit!r}; it can from: {known}"
            )

    def _constant(self, cell: Cell, column: Property, line: int) -> None:
        """Find fault with words that no cell of the column may hold."""
        written = [*cell.words.values(), *([cell.constant] if cell.constant is not None else [])]
        if column.choices:
            allowed = {fold(word) for choice in column.choices for word in (choice.value, choice.heading.zh, choice.heading.en)}
        elif column.type == "boolean":
            allowed = {*TRUE_WORDS, *FALSE_WORDS}
        else:
            return
        for word in written:
            if word and fold(word) not in allowed:
                values = ", ".join(column.values) or "yes, no"
                self._fault(line, f"{column.name} 没有取值 {word!r}；可以是：{values}", f"{column.name} has no value {word!r}; there are: {values}")


def unit_of(column: Property) -> str:
    """The unit a column counts in, a key of `UNIT_FACTORS`; empty where it has none.

    Examples
    --------
    >>> from graphkit.model.kinds import COOPERATIVE
    >>> unit_of(next(c for c in COOPERATIVE.columns if c.name == "output_yuan"))
    '元'
    """
    said = column.unit.zh if column.unit else ""
    return next((unit for unit in UNIT_FACTORS if said.startswith(unit)), "")


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values) if isinstance(values, list) else ()


def _dict(verbs: dict[str, Any], name: str) -> dict[str, Any]:
    held = verbs.get(name, {})
    return held if isinstance(held, dict) else {}
