"""connect: from a path or an address to a Store; nothing else in the code knows which it got."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.errors import ParameterError
from graphkit.store.bucket import SCHEME, BucketStore
from graphkit.store.local.store import LocalStore
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.store.base import Store

DISTRICT = "district"  # a dataset that was given no name
BOLT_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


def connect(place: str | Path, *, database: str | None = None, dataset: str = DISTRICT) -> Store:
    """Open the store at `place`.

    Parameters
    ----------
    place : str or Path
        A folder (``"acheng.gk"``: the local store, made at its first write), a copy of one in an object store (``"s3://bucket/acheng.gk"``,
        only read), or the address of a Neo4j server (``"bolt://…"``, ``"neo4j://…"``, ``"neo4j+s://…"``). User and password are taken
        from NEO4J_USERNAME and NEO4J_PASSWORD, the keyring, or a prompt; never from the address.
    database : str, optional
        Database on the server; its default one if not given. A folder has none.
    dataset : str
        Name of the district in a database that holds several. A folder holds one, without a name of its own.

    Returns
    -------
    Store
        With ``write``, ``read``, ``query`` and ``close``; also a context manager.

    Raises
    ------
    ParameterError
        If the address has an unknown scheme or holds a password, or a folder is given a database or a dataset.

    Notes
    -----
    Nothing is opened or sent before the first read, write or query: a missing folder, a server that is away
    or a wrong password is told then.

    Examples
    --------
    >>> connect("acheng.gk")
    LocalStore(acheng.gk)
    """
    scheme, found, _ = str(place).partition("://")
    if not found:
        if database is not None or dataset != DISTRICT:
            raise ParameterError(
                Text(
                    f"{place} 是文件夹，只放一个区县：database、dataset 只用于服务器，请去掉",
                    f"{place} is a folder and holds one district: database and dataset are for a server, leave them out",
                )
            )
        return LocalStore(place)
    if scheme == SCHEME:
        return BucketStore(str(place))
    if scheme not in BOLT_SCHEMES:
        known = ", ".join(f"{s}://" for s in (*BOLT_SCHEMES, SCHEME))
        raise ParameterError(
            Text(f"打不开 {scheme}://；可用文件夹，或 {known}", f"cannot open {scheme}://; a folder or one of {known} can be opened")
        )
    from graphkit.store.bolt.store import BoltStore

    return BoltStore(str(place), database=database, dataset=dataset)
