"""The manifest of a local store: what graphkit wrote and nobody else, told from what is old, newer, damaged or not ours."""

from __future__ import annotations

import enum
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

from graphkit.data.tables import ACCOUNT
from graphkit.errors import ModelError, StoreError
from graphkit.files import replacing
from graphkit.model.kinds import SCHEMA_VERSION
from graphkit.model.model import Model
from graphkit.model.reader import restore_model
from graphkit.store.failures import store_error
from graphkit.words import Text

MANIFEST = "manifest.json"
MARK = "graphkit"  # stands under "store", and only graphkit writes it there
FORMAT = 4  # format 1 bore no mark and no seal, and is read where every field is as graphkit wrote it; 2 knew nothing of what was not read
SEALED_FORMATS = (2, 3, 4)
WITH_PLACES = 4  # from which on the file of a tie also says which row of its nodes each end is
READ_SCHEMAS = (1, 2, 3, 4, 5, 6)  # an earlier one has fewer columns, and those of promises, now a table of their own
SET_NAME = re.compile(r"data-[0-9a-f]{16}")
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST_BYTES = 2**24


class Folder(Protocol):
    """Where a store stands: a `pathlib.Path`, or a place elsewhere that can be read like one."""

    @property
    def name(self) -> str:
        """The last part of where it is."""

    def __truediv__(self, name: str, /) -> Self:
        """What stands in it under a name."""

    def stat(self) -> Any:
        """Its size, under ``st_size``; FileNotFoundError if nothing is there."""

    def read_bytes(self) -> bytes:
        """What it holds."""


class State(enum.Enum):
    """What stands where a manifest should."""

    ABSENT = enum.auto()
    FOREIGN = enum.auto()  # or so damaged that it cannot be told
    NEWER = enum.auto()
    OLD = enum.auto()
    DAMAGED = enum.auto()
    STRANGE = enum.auto()  # its model declares what cannot stand beside the kinds of this graphkit
    SOUND = enum.auto()


def file_of(part: str) -> str:
    """Name of the file that holds a table, or a part of the account."""
    return f"{part.replace(' ', '_')}.parquet"


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Put a manifest in force, in one step."""
    sealed = {"store": MARK, "format": FORMAT, "schema_version": SCHEMA_VERSION, **manifest}
    sealed["seal"] = _seal(sealed)
    with replacing(folder / MANIFEST, private=True) as coming:
        coming.write_bytes(json.dumps(sealed, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass"))


def read_manifest(folder: Folder) -> dict[str, Any]:
    """Return the manifest in force.

    Raises
    ------
    StoreError
        If there is none, it is not graphkit's, is damaged, or was written by a graphkit that is too old or newer than this one.
    """
    try:
        state, manifest = inspect_manifest(folder)
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise store_error(
            Text(f"{folder.name}：读不了（{said}）：检查权限", f"{folder.name} cannot be read ({said}): look at its permissions")
        ) from None
    if state is not State.SOUND:
        raise refusal(folder, state, manifest)
    return manifest


def refusal(folder: Folder, state: State, manifest: Mapping[str, Any]) -> StoreError:
    """The error that tells why a store cannot be read, and what to do."""
    name = folder.name
    by = re.sub(r"[^\w.+-]", "", str(manifest.get("graphkit", "")))[:30] or "?"
    load = f"`graphkit load SOURCE {name}`"
    return store_error(
        {
            State.ABSENT: Text(f"{name} 处没有存储：先用 {load} 装入", f"there is no store at {name}: load one with {load}"),
            State.FOREIGN: Text(
                f"{name}：清单已损坏，或不是 graphkit 写的：请重新装入；若它不是存储，请换一个文件夹",
                f"{name}: the manifest is damaged, or graphkit did not write it: load the district again, into another folder if this one is no store",
            ),
            State.NEWER: Text(f"{name} 由更新的 graphkit（{by}）写入：请升级", f"{name} was written by a newer graphkit ({by}): upgrade this one"),
            State.OLD: Text(
                f"{name} 由较早的 graphkit（{by}）写入：请重新装入", f"{name} was written by an earlier graphkit ({by}): load the district again"
            ),
            State.STRANGE: Text(
                f"{name} 的模型里有本版 graphkit 放不下的类别或属性（由 {by} 写入）：请用写入它的那一版读取，或改好模型重新装入",
                f"the model of {name} declares kinds or properties that this graphkit cannot place (written by {by}): "
                "read it with the version that wrote it, or correct the model and load the district again",
            ),
            State.DAMAGED: Text(f"{name}：清单已损坏：请重新装入", f"{name}: the manifest is damaged: load the district again"),
        }[state]
    )


def inspect_manifest(folder: Folder) -> tuple[State, dict[str, Any]]:
    """Tell what stands where the manifest should, and return what could be read of it.

    Raises
    ------
    OSError
        If it is there and cannot be read.
    """
    try:
        manifest = _load(folder / MANIFEST)
    except (FileNotFoundError, NotADirectoryError):
        return State.ABSENT, {}
    except (IsADirectoryError, ValueError, RecursionError):
        return State.FOREIGN, {}
    return _judge(manifest), manifest


def _judge(manifest: Mapping[str, Any]) -> State:
    marked = manifest.get("store") == MARK
    if not marked and not _is_sound(manifest, 1):
        return State.FOREIGN
    schema = manifest.get("schema_version")
    if (marked and _exceeds(manifest.get("format"), FORMAT)) or _exceeds(schema, SCHEMA_VERSION):
        return State.NEWER
    if marked and manifest.get("seal") != _seal(manifest):
        return State.DAMAGED
    if _is_whole(schema) and schema not in READ_SCHEMAS:
        return State.OLD
    if _model_or_none(manifest) is None:
        return State.STRANGE
    return State.SOUND if not marked or any(_is_sound(manifest, form) for form in SEALED_FORMATS) else State.DAMAGED


def model_of(manifest: Mapping[str, Any]) -> Model:
    """The model of a store: the shipped one, with what the manifest declares beside it; ModelError if that cannot stand there."""
    return restore_model(manifest.get("model", {}), grown=manifest.get("schema_version") != SCHEMA_VERSION)


def _model_or_none(manifest: Mapping[str, Any]) -> Model | None:
    declared = manifest.get("model", {})
    try:
        return model_of(manifest) if isinstance(declared, dict) else None
    except ModelError:
        return None


def parts_of_model(model: Model) -> tuple[str, ...]:
    """Everything that a store of this model may hold in a file of its own."""
    return (*(kind.table for kind in model.kinds), *ACCOUNT)


def data_hash(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """SHA-256 over those of all files: the same as long as every file is the same."""
    return hashlib.sha256("".join(f"{name}{entry['sha256']}" for name, entry in tables.items()).encode()).hexdigest()


def _load(path: Folder) -> dict[str, Any]:
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("too large")
    manifest = json.loads(path.read_bytes())
    if not isinstance(manifest, dict):
        raise ValueError("no object")  # noqa: TRY004 - to the caller it is a file that holds something else
    return manifest


def _seal(manifest: Mapping[str, Any]) -> str:
    """SHA-256 of everything else that the manifest says."""
    text = json.dumps({key: value for key, value in manifest.items() if key != "seal"}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _exceeds(value: object, most: int) -> bool:
    return type(value) is int and value > most


def _is_whole(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_tables(value: object) -> bool:
    """Whether it names files, those of the quarantine and the counts among them, each the one that a store has for it."""
    if not isinstance(value, dict) or not {"quarantine", "counts"} <= set(value):
        return False
    return all(isinstance(entry, dict) and entry.get("file") == file_of(name) and _fits(entry, _ENTRY) for name, entry in value.items())


def _fits(given: Mapping[str, object], fields: Mapping[str, Callable[[object], bool]]) -> bool:
    return all(name in given and holds(given[name]) for name, holds in fields.items())


_ENTRY: dict[str, Callable[[object], bool]] = {"file": _is_text, "rows": _is_whole, "sha256": _matches(_HASH)}
_FIELDS: dict[str, Callable[[object], bool]] = {
    "format": _is_whole,
    "schema_version": _is_whole,
    "graphkit": _is_text,
    "dataset": _is_text,
    "written_at": _is_text,
    "data": _matches(SET_NAME),
    "data_hash": _matches(_HASH),
    "tables": _are_tables,
    "sources": _is_list_of_texts,
}
_LATER_FIELDS: dict[str, Callable[[object], bool]] = {
    "content": _matches(_HASH),
    "before": lambda value: value is None or _matches(SET_NAME)(value),
    "seal": _matches(_HASH),
}


def _is_sound(manifest: Mapping[str, Any], form: int) -> bool:
    """Whether every field is there, and is what graphkit writes in manifests of this format."""
    if manifest.get("format") != form or not _fits(manifest, _FIELDS) or (form > 1 and not _fits(manifest, _LATER_FIELDS)):
        return False
    model = _model_or_none(manifest)
    if model is None or not set(manifest["tables"]) <= set(parts_of_model(model)):
        return False
    if form > 1 and not all(_is_whole(entry.get("bytes")) for entry in manifest["tables"].values()):
        return False
    return bool(manifest["data_hash"] == data_hash(manifest["tables"]))
