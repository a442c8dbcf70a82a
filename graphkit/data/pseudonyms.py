"""Pseudonyms: ids of people and households replaced by ones that say nothing, the same wherever an id stands.

For a register that has no ids but identity numbers, phones or names. A pseudonym is a keyed digest
(HMAC-SHA256) of the id: the same key gives the same pseudonym in every table and every year, and
without the key nobody can find out whose it is by trying all numbers there are.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.cells import is_id_number, is_worn
from graphkit.data.tables import Tables
from graphkit.errors import ModelError, ParameterError, SourceError
from graphkit.files import replacing
from graphkit.model.kinds import MEMBER
from graphkit.model.types import NodeType, TieType
from graphkit.privacy import ID_NUMBER, PHONE, SEPARATORS
from graphkit.words import Text

PEOPLE = {"Member": "m", "Household": "h"}  # kinds whose ids are replaced, and what a pseudonym of each begins with
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # no vowels, so that no word or name comes about; nothing to be misread
LENGTH = 12  # of 27 letters: for a million people the odds of two alike are one in 300,000, and that is looked for
KEY = re.compile(r"[0-9a-f]{64}")


def open_key(path: str | Path) -> bytes:
    """Return the key in the file `path`; if there is no such file it is made, readable by its owner alone.

    Raises
    ------
    SourceError
        If the file cannot be read or written, or holds no key.
    """
    path = Path(path)
    try:
        if not path.exists():
            with replacing(path, private=True) as coming:
                coming.touch(mode=0o600)
                coming.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        text = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise SourceError(
            Text(
                f"密钥文件读不了或建不成（{type(error).__name__}）；请换一个路径",
                f"the file of the key cannot be read or made ({type(error).__name__}); name another",
            ),
            path=str(path),
        ) from None
    if not KEY.fullmatch(text):
        raise SourceError(
            Text(
                "不是 graphkit 的密钥文件；请给出一个还不存在的路径，密钥会自动生成",
                "holds no key of graphkit; name a file that is not there yet, and one will be made",
            ),
            path=str(path),
        )
    return bytes.fromhex(text)


def need_outside(path: str | Path, place: str | Path) -> None:
    """Raise ParameterError if the key at `path` would lie in `place`, the folder of the data or of the store: who gets one would get both."""
    key, folder = Path(path).resolve(), Path(place).resolve()
    if key == folder or folder in key.parents:
        raise ParameterError(
            Text(
                f"密钥 {str(path)!r} 放在了 {str(place)!r} 里，与它所保护的数据在一起；请放到别处",
                f"the key {str(path)!r} lies in {str(place)!r}, beside what it protects; name a place outside",
            ),
        )


def pseudonymise_ids(tables: Tables, key: bytes) -> Tables:
    """Return `tables` with the ids of members and households replaced, at both ends of every tie too.

    Identity numbers and phones count as the same whatever their width, case and separators; other ids
    only if they are equal. An id that lost its digits in a spreadsheet stays, and is refused by the checks.

    Raises
    ------
    ModelError
        If two ids come to the same pseudonym.

    Examples
    --------
    >>> rows = {"Member": pa.table({"id": ["张三"]}), "Household": pa.table({"id": ["1"]}),
    ...     "Member HELPS Household": pa.table({"member_id": ["张三"], "household_id": ["1"], "kind": ["one_to_one"]})}
    >>> hidden = pseudonymise_ids(Tables(rows), bytes(32))
    >>> hidden["Member"]["id"].to_pylist() == hidden["Member HELPS Household"]["member_id"].to_pylist()
    True
    >>> hidden["Member"]["id"][0].as_py()[:2], len(hidden["Household"]["id"][0].as_py())
    ('m-', 14)
    """
    whose: dict[str, str] = {}
    replaced = {}
    for kind in tables.model.kinds:
        table = tables[kind.table]
        for column, label in _personal_columns(kind):
            place = table.column_names.index(column)
            table = table.set_column(place, table.schema.field(column), _replace(table[column], label, key, whose))
        replaced[kind.table] = table
    return tables.replace(replaced)


def names_of_numbers(tables: Tables, key: bytes) -> frozenset[str]:
    """Return the pseudonyms that `pseudonymise_ids` gives to members whose id is an identity number that is valid (GB 11643).

    Examples
    --------
    >>> given = Tables({"Member": pa.table({"id": ["11010519491231002X", "110105194912310021", "m-07"]})})
    >>> names_of_numbers(given, bytes(32)) == set(pseudonymise_ids(given, bytes(32))["Member"]["id"].to_pylist()[:1])
    True
    """
    plain = {_plain(value) for value in pc.unique(tables[MEMBER.table][MEMBER.key]).to_pylist() if value}
    return frozenset(_pseudonym(MEMBER.label, number, key) for number in plain if is_id_number(number))


def _personal_columns(kind: NodeType | TieType) -> Iterator[tuple[str, str]]:
    """Columns that hold ids of people or households, each with whose."""
    if isinstance(kind, NodeType):
        names = [kind.key, *(column.name for column in kind.properties if column.name.startswith("successor_"))]
        yield from ((name, kind.label) for name in names if kind.label in PEOPLE)
    else:
        yield from ((end.name, label) for end, label in zip(kind.ends, (kind.source, kind.target), strict=True) if label in PEOPLE)


def _replace(ids: pa.ChunkedArray, label: str, key: bytes, whose: dict[str, str]) -> pa.Array:
    """Every id of a column by its pseudonym; each different one is looked at once."""
    encoded = ids.combine_chunks().dictionary_encode()
    names = []
    for value in encoded.dictionary.to_pylist():
        if not value or is_worn(value):
            names.append(value)
            continue
        plain = _plain(value)
        name = _pseudonym(label, plain, key)
        if whose.setdefault(name, plain) != plain:
            raise ModelError(Text("两个编号得到了同一个假名；请换一把密钥", "two ids came to the same pseudonym; use another key"))
        names.append(name)
    return pa.array(names, pa.string()).take(encoded.indices)


def _plain(value: str) -> str:
    """The id without what does not tell two numbers apart."""
    plain = unicodedata.normalize("NFKC", value)
    joined = re.sub(SEPARATORS, "", plain)
    return joined.upper() if re.search(ID_NUMBER, joined) or re.search(PHONE, plain) else value


def _pseudonym(label: str, plain: str, key: bytes) -> str:
    number = int.from_bytes(hmac.digest(key, f"{label}\0{plain}".encode(), hashlib.sha256))
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return f"{PEOPLE[label]}-{''.join(letters)}"
