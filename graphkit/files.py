"""Files that are written whole or not at all: a reader never meets half a page, and what was there stays until the new one stands."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: str | Path, *, private: bool = False) -> Iterator[Path]:
    """Give a file beside `path` to write to; it takes the place of `path` in one step when the work within has ended well.

    If the work fails or is killed, what stood at `path` is as it was. Folders are made as needed.

    Parameters
    ----------
    path : str or Path
        The file to be written. Of a link, what it points to is replaced.
    private : bool
        Whether nobody but the owner may read it (mode 0600). Otherwise an old file's mode is kept.

    Raises
    ------
    OSError
        If the disk is full, or the place cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "a.txt") as coming:
    ...         _ = coming.write_text("whole")
    ...     (Path(folder) / "a.txt").read_text()
    'whole'
    """
    path = Path(path).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    coming = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        yield coming
        _settle(coming, path, private=private)
        coming.replace(path)
    finally:
        coming.unlink(missing_ok=True)


def _settle(coming: Path, path: Path, *, private: bool) -> None:
    """Bring the new file to disk, under the mode it shall have."""
    with coming.open("rb+") as file:
        os.fsync(file.fileno())
    if private:
        coming.chmod(0o600)
    elif path.exists():
        coming.chmod(path.stat().st_mode & 0o777)
