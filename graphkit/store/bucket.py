"""A district in an object store that speaks S3: the folder of a local store, copied there; it is read and never written."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace, TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from graphkit.data.tables import ACCOUNT, Tables
from graphkit.errors import StoreError
from graphkit.queries import TIME_LIMIT_S
from graphkit.store.failures import store_error
from graphkit.store.local.manifest import read_manifest
from graphkit.store.local.sets import hash_of, read_set
from graphkit.words import Text

if TYPE_CHECKING:
    import pandas as pd

    from graphkit.store.base import Progress

SCHEME = "s3"
SPARK_SCHEME = "s3a"  # as Spark calls the same place
CONNECT_S, REQUEST_S = 5.0, 60.0
_Result = TypeVar("_Result")


class BucketStore:
    """A district in an object store, which the folder of a local store was copied to.

    Parameters
    ----------
    address : str
        ``s3://bucket/path/acheng.gk``. Keys, region and another endpoint than Amazon's are taken from the environment (``AWS_ACCESS_KEY_ID``,
        ``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``, ``AWS_ENDPOINT_URL``), as its own programs take them; never from the address.

    Notes
    -----
    Copy the folder while nothing writes to it, and ``manifest.json`` last: a reader then sees the old set or the new one.

    Examples
    --------
    .. code-block:: python

        tables = graphkit.connect("s3://rural/acheng.gk").read()
    """

    def __init__(self, address: str) -> None:
        self.path = address.partition("://")[2].strip("/")
        self._opened: _Object | None = None

    def __repr__(self) -> str:
        return f"BucketStore({SCHEME}://{self.path})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is held open between reads."""

    def manifest(self) -> dict[str, Any]:
        """Return what the store says of itself, as of `graphkit.LocalStore.manifest`."""
        return read_manifest(self._folder)

    def read(self, *, places: bool = True) -> Tables:
        """Return the district, every file as it was written; `places` as of `graphkit.LocalStore.read`.

        Raises
        ------
        StoreError
            If the object store does not answer or refuses, there is no district, or a file is another than was written.
        """
        return self._whole(lambda: read_set(self._folder, self.manifest(), places=places))

    def read_account(self) -> Tables:
        """Return what is said of the district without its rows, as of `graphkit.LocalStore.read_account`."""
        return self._whole(lambda: read_set(self._folder, self.manifest(), only=ACCOUNT))

    def read_with_files(self) -> tuple[Tables, dict[str, str]]:
        """Return the district, each table to be read when it is asked for, and the addresses that Spark reads for itself (``s3a://…``)."""
        manifest = self._whole(self.manifest)
        tables = self._whole(lambda: read_set(self._folder, manifest, places=False, later=True))
        there = f"{SPARK_SCHEME}://{self.path}/{manifest['data']}"
        return tables, {name: f"{there}/{entry['file']}" for name, entry in manifest["tables"].items() if name not in ACCOUNT}

    def holds(self, tables: Tables) -> bool:
        """Return whether its manifest says that it holds these very tables."""
        return bool(self.manifest().get("content") == hash_of(tables))

    def write(self, tables: Tables, *, progress: Progress | None = None) -> NoReturn:  # noqa: ARG002 - as of every store
        """Raise StoreError: an object store cannot replace a manifest as the last step of a write."""
        raise store_error(
            Text(
                "对象存储只读：写到本机文件夹，再复制过去（manifest.json 最后）",
                "an object store is only read: write to a folder and copy it there, manifest.json last",
            )
        )

    def query(self, name: str, /, *, timeout_s: float = TIME_LIMIT_S, **parameters: Any) -> pd.DataFrame:  # noqa: ARG002 - as of every store
        """Raise StoreError: queries are asked of a folder or a server."""
        raise store_error(
            Text("查询须在文件夹或服务器上：先把存储复制到本机", "queries are asked of a folder or a server: copy the store to this machine first")
        )

    @property
    def _folder(self) -> _Object:
        if self._opened is None:
            self._opened = _Object(_open_files(), self.path)
        return self._opened

    def _whole(self, read: Callable[[], _Result]) -> _Result:
        try:
            return read()
        except FileNotFoundError:
            raise store_error(
                Text(f"{self.path}：清单中的文件缺失；请重新复制", f"{self.path}: files named in the manifest are missing; copy the store again")
            ) from None


@dataclass(frozen=True, eq=False)
class _Object:
    """A place in an object store, with as much of `pathlib.Path` as reading a store takes."""

    files: Any
    path: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def __truediv__(self, name: str) -> _Object:
        return _Object(self.files, f"{self.path}/{name}")

    def stat(self) -> SimpleNamespace:
        info = self._told(lambda: self.files.get_file_info(self.path))
        if not info.is_file:
            raise FileNotFoundError(self.path)
        return SimpleNamespace(st_size=info.size)

    def read_bytes(self) -> bytes:
        def read() -> bytes:
            with self.files.open_input_stream(self.path) as stream:
                return bytes(stream.read())

        return self._told(read)

    def _told(self, ask: Callable[[], _Result]) -> _Result:
        try:
            return ask()
        except FileNotFoundError:
            raise
        except OSError:  # whose text names hosts and requests
            raise _refused(self.path) from None


def _refused(path: str) -> StoreError:
    place = f"{SCHEME}://{path.partition('/')[0]}"
    return store_error(
        Text(
            f"对象存储没有应答，或拒绝了（{place}）：检查 AWS_ENDPOINT_URL、AWS_REGION 和密钥",
            f"the object store does not answer, or refuses ({place}): look at AWS_ENDPOINT_URL, AWS_REGION and the keys",
        )
    )


def _open_files() -> Any:
    """The object store that the environment names; pyarrow itself reads keys and region there, but no endpoint."""
    from pyarrow import fs

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    scheme, _, host = endpoint.rpartition("://")
    given = {"endpoint_override": host.strip("/"), "scheme": scheme or "https"} if host else {}
    return fs.S3FileSystem(connect_timeout=CONNECT_S, request_timeout=REQUEST_S, **given)
