"""The header of a query file: TOML in its leading comment, read whole or refused with all that is missing."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from graphkit.errors import ParameterError, QueryError
from graphkit.queries.defaults import default_of
from graphkit.words import Text

TODAY = "today"
"""As a date: the day on which the question is asked."""

TIMEOUT = "timeout_s"
"""Says how long a query may run, wherever one is asked: no parameter may have this name."""

PARAMETER_TYPES = ("string", "integer", "date", "boolean", "strings")
RETURN_TYPES = ("string", "integer", "date", "boolean", "number")
_HEADER = re.compile(r"\A/\*\n(.*?)\n\*/\n", re.DOTALL)
_FIELDS = {"title", "question", "twin", "parameters", "returns"}
_SHAPES = {
    "date": Text("形如 YYYY-MM-DD 的日期，或 today", "a date as YYYY-MM-DD, or today"),
    "integer": Text("整数", "a whole number"),
    "boolean": Text("true 或 false", "true or false"),
    "string": Text("文字", "a text"),
    "strings": Text("文字的列表，命令行上以逗号分隔", "a list of texts, on the command line with commas between"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a query.

    Attributes
    ----------
    name, type : str
        Type is string, integer, date or boolean.
    meaning : Text
        What it does, and what it means where it may be null.
    default : str, int, bool or None
        Taken where no value is given; a date as ``YYYY-MM-DD`` or ``today``; None only where `nullable`.
    nullable : bool
        Whether null may be given.
    unit : Text or None
        Of an integer.
    minimum, maximum : int, str or None
        Range of an integer or a date, bounds included.
    choices : tuple of str
        The words a string may be; empty if any.
    pack_place : str
        Where in a rule pack the default stands, such as ``"s16.threshold"``; empty if it stands in the header.
    """

    name: str
    type: str
    meaning: Text
    default: str | int | bool | list[str] | None = None
    nullable: bool = False
    unit: Text | None = None
    minimum: int | str | None = None
    maximum: int | str | None = None
    choices: tuple[str, ...] = ()
    pack_place: str = ""

    def read(self, value: object) -> str | int | bool | list[str] | None:
        """Return `value` as it is sent to a store; words of a command line are read by the parameter's type.

        Raises
        ------
        ParameterError
            If the value is of another type, or out of range.
        """
        if value is None:
            if self.nullable:
                return None
            raise self._misfit(Text(f"{self.name} 不能为空", f"{self.name} may not be null"))
        read = _READERS[self.type](value)
        if read is None or (self.choices and read not in self.choices) or not self._in_range(read):
            shown, kind = repr(value)[:40], type(value).__name__
            said = Text(shown, shown) if self.type != "string" or self.choices else Text(f"{kind} 类型的值", f"a {kind}")
            raise self._misfit(Text(f"{self.name}：不能用 {said.zh}", f"{self.name}: {said.en} cannot be used"))
        return read

    def _in_range(self, value: Any) -> bool:
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)

    def _misfit(self, what: Text) -> ParameterError:
        wanted = self._wanted()
        return ParameterError(Text(f"{what.zh}；{wanted.zh}", f"{what.en}; {wanted.en}"))

    def _wanted(self) -> Text:
        """Say what may be given."""
        if self.choices:
            return Text(f"请从 {'、'.join(self.choices)} 中选一个", f"give one of {', '.join(self.choices)}")
        shape, low, high = _SHAPES[self.type], self.minimum, self.maximum
        span = Text(f"（{low} 至 {high}）", f" from {low} to {high}") if low is not None else Text("", "")
        return Text(f"请给出{shape.zh}{span.zh}", f"give {shape.en}{span.en}")


@dataclass(frozen=True, slots=True)
class Returned:
    """One column of a query's rows. `personal` says that it holds names: not for passing on."""

    name: str
    type: str
    meaning: Text
    unit: Text | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """All that the header of a query says."""

    title: Text
    question: Text
    twin: str
    parameters: tuple[Parameter, ...]
    returns: tuple[Returned, ...]


def split_header(text: str, place: str) -> tuple[Mapping[str, Any], str]:
    """Return the header of a query file as a mapping, and the statement below it.

    Raises
    ------
    QueryError
        If there is no leading comment, or it holds no TOML.
    """
    found = _HEADER.match(text.replace("\r\n", "\n"))
    if not found:
        raise QueryError(
            Text(
                f"{place}：没有文件头；请在文件开头的 /* 行与 */ 行之间写一段 TOML",
                f"{place}: no header; begin the file with a comment of TOML between a line /* and a line */",
            ),
        )
    try:
        return tomllib.loads(found[1]), text.replace("\r\n", "\n")[found.end() :]
    except tomllib.TOMLDecodeError as error:
        raise QueryError(
            Text(
                f"{place}：文件头不是 TOML（{error}）；请对照 queries/ 中的其他文件",
                f"{place}: the header is no TOML: {error}; compare it with another file of queries/",
            ),
        ) from None


def read_header(said: Mapping[str, Any], place: str) -> Header:
    """Read a header's mapping.

    Parameters
    ----------
    said : mapping
        What `split_header` returned.
    place : str
        Name of the file, for messages.

    Raises
    ------
    QueryError
        With every entry that is missing or unknown.

    Examples
    --------
    >>> read_header({"title": {"zh": "农户"}}, "x.cypher")
    Traceback (most recent call last):
    graphkit.errors.QueryError: x.cypher: the header lacks title.en, question.zh, question.en, twin, returns
    x.cypher：文件头缺少 title.en、question.zh、question.en、twin、returns
    """
    lacks = [f"{name}.{lang}" for name in ("title", "question") for lang in ("zh", "en") if not _is_word(_part(said, name).get(lang))]
    lacks += ["twin"] * (not _is_word(said.get("twin"))) + ["returns"] * (not _part(said, "returns"))
    parameters, returns = _part(said, "parameters"), _part(said, "returns")
    lacks += [f"parameters.{name}.{entry}" for name in parameters for entry in _lacking_parameter(_part(parameters, name))]
    lacks += [f"returns.{name}.{entry}" for name in returns for entry in _lacking_return(_part(returns, name))]
    if lacks:
        raise QueryError(Text(f"{place}：文件头缺少 {'、'.join(lacks)}", f"{place}: the header lacks {', '.join(lacks)}"))
    if TIMEOUT in parameters:
        raise QueryError(Text(f"{place}：参数不能叫 {TIMEOUT}；请改名", f"{place}: a parameter cannot be called {TIMEOUT}; rename it"))
    if unknown := sorted(set(said) - _FIELDS):
        raise QueryError(
            Text(
                f"{place}：文件头里不能有 {'、'.join(unknown)}；可有 {'、'.join(sorted(_FIELDS))}",
                f"{place}: the header has no place for {', '.join(unknown)}; it has {', '.join(sorted(_FIELDS))}",
            ),
        )
    return Header(
        Text(**said["title"]), Text(**said["question"]), said["twin"],
        tuple(_parameter(name, entry, place) for name, entry in parameters.items()),
        tuple(_returned(name, entry, place) for name, entry in returns.items()),
    )  # fmt: skip


def _part(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = said.get(name, {})
    return part if isinstance(part, Mapping) else {}


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _lacking_words(entry: Mapping[str, Any]) -> list[str]:
    return [f"meaning.{lang}" for lang in ("zh", "en") if not _is_word(_part(entry, "meaning").get(lang))]


def _lacking_parameter(entry: Mapping[str, Any]) -> list[str]:
    kind = entry.get("type")
    lacks = _lacking_words(entry) + ["type"] * (kind not in PARAMETER_TYPES)
    lacks += ["default | nullable = true"] * (not {"default", "pack_place"} & set(entry) and entry.get("nullable") is not True)
    if kind in ("integer", "date"):
        lacks += [bound for bound in ("minimum", "maximum") if bound not in entry]
    return lacks + _lacking_unit(entry)


def _lacking_return(entry: Mapping[str, Any]) -> list[str]:
    return _lacking_words(entry) + ["type"] * (entry.get("type") not in RETURN_TYPES) + _lacking_unit(entry)


def _lacking_unit(entry: Mapping[str, Any]) -> list[str]:
    """A whole number counts something: what, in both languages."""
    return [f"unit.{lang}" for lang in ("zh", "en") if entry.get("type") == "integer" and not _is_word(_part(entry, "unit").get(lang))]


def _parameter(name: str, entry: Mapping[str, Any], place: str) -> Parameter:
    values = dict(entry) | {"meaning": Text(**entry["meaning"]), "choices": tuple(entry.get("choices", ()))}
    if "unit" in entry:
        values["unit"] = Text(**entry["unit"])
    try:
        if "pack_place" in entry:
            values["default"] = default_of(entry["pack_place"])
        _refuse_keys(values, Parameter)
        parameter = Parameter(name, **values)
        if "default" in values:
            parameter.read(parameter.default)
    except (TypeError, ParameterError) as error:
        raise _unsound(place, f"parameters.{name}", error) from None
    return parameter


def _returned(name: str, entry: Mapping[str, Any], place: str) -> Returned:
    values = dict(entry) | {"meaning": Text(**entry["meaning"])}
    if "unit" in entry:
        values["unit"] = Text(**entry["unit"])
    try:
        _refuse_keys(values, Returned)
        return Returned(name, **values)
    except ParameterError as error:
        raise _unsound(place, f"returns.{name}", error) from None


def _refuse_keys(values: Mapping[str, object], kind: type[Parameter | Returned]) -> None:
    known = [field.name for field in fields(kind) if field.name != "name"]
    if strange := sorted(set(values) - set(known)):
        raise ParameterError(
            Text(f"没有 {'、'.join(strange)} 这一项；现有 {'、'.join(known)}", f"no key {', '.join(strange)} here; there are {', '.join(known)}")
        )


def _unsound(place: str, entry: str, error: TypeError | ParameterError) -> QueryError:
    """The error of a header's entry: of a value or key in both languages, of two values that do not compare in Python's words."""
    why = Text(error.say("zh"), error.say("en")) if isinstance(error, ParameterError) else Text(f"写法有误（{error}）", str(error))
    return QueryError(Text(f"{place}：{entry}：{why.zh}", f"{place}: {entry}: {why.en}"))


def _read_integer(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,18}", value.strip()):
        return int(value)
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _read_date(value: object) -> str | None:
    if value == TODAY:
        return dt.date.today().isoformat()  # noqa: DTZ011 - the day of the user's calendar
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError:
        return None


def _read_boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else None


def _read_strings(value: object) -> list[str] | None:
    words = [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value
    return list(words) if isinstance(words, (list, tuple)) and all(isinstance(word, str) for word in words) else None


_READERS: Mapping[str, Callable[[object], str | int | bool | list[str] | None]] = {
    "strings": _read_strings,
    "string": lambda value: value if isinstance(value, str) else None,
    "integer": _read_integer,
    "date": _read_date,
    "boolean": _read_boolean,
}
