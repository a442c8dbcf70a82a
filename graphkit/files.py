"""Files that are written whole or not at all: a reader never meets half a page, and what was there stays until the new one stands."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from graphkit.errors import GraphkitError, WriteError
from graphkit.words import Text

if sys.platform != "win32":  # what a killed write leaves stays there, for nothing tells it from what is being written
    import fcntl

PART = ".graphkit-part-"  # how a file begins that is being written, or was when its writer was killed
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
_SUFFIX_LENGTH = 16

# What the system says when it refuses, in Chinese and English, with what to do.
_FULL = ("磁盘已满，或配额已用完：腾出空间后再写", "the disk is full, or the quota is used up: make room, then write again")
_FORBIDDEN = ("没有写入的权限：换一个位置，或改权限", "it may not be written: name another place, or change its permissions")
_REASONS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: ("文件大小超出此处的限制：换一个位置", "the file grows larger than is allowed there: name another place"),
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: ("那里是只读的：换一个位置", "that place is read-only: name another one"),
    errno.EISDIR: ("那是一个文件夹：请给出文件名", "a folder has that name: name a file"),
    errno.ENOTDIR: ("路径中有一段是文件，不是文件夹：换一个位置", "a part of the path is a file, not a folder: name another place"),
    errno.EEXIST: ("路径中有一段是文件，不是文件夹：换一个位置", "a part of the path is a file, not a folder: name another place"),
    errno.ENAMETOOLONG: ("文件名太长：换一个短的", "the name is too long: give a shorter one"),
}


def say_refusal(error: OSError, lang: str) -> str:
    """Return in `lang` why the system refused to write, and what to do.

    Examples
    --------
    >>> say_refusal(OSError(28, "No space left on device"), "en")
    'the disk is full, or the quota is used up: make room, then write again'
    """
    said = error.strerror or type(error).__name__
    return _REASONS.get(error.errno or 0, (said, said))[0 if lang == "zh" else 1]


@contextlib.contextmanager
def replacing(path: str | Path, *, private: bool = False) -> Iterator[Path]:
    """Give a file beside `path` to write to; it takes the place of `path` in one step when the work within has ended well.

    If the work fails or is killed, what stood at `path` is as it was. Folders are made as needed. The
    hidden file that a killed process leaves is removed by the next write of the same `path`; that of
    a process which still writes is not. A pipe or a device is written to as it is.

    Parameters
    ----------
    path : str or Path
        The file to be written. Of a link, what it points to is replaced.
    private : bool
        Whether nobody but the owner may read it (mode 0600). Otherwise an old file's mode is kept.

    Raises
    ------
    WriteError
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
    path = Path(path)
    with _told_plainly(path):
        if path.exists() and not path.is_file() and not path.is_dir():
            yield path
            return
        target = path.resolve()
        _refuse_unwritable(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        coming, held = _begin(target, private=private)
        try:
            yield coming
            _settle(coming, target, private=private)
            coming.replace(target)
            sync_folder(target.parent)
        finally:
            coming.unlink(missing_ok=True)
            os.close(held)


def make_private_folder(folder: Path) -> bool:
    """Make a folder that only its owner may look into, and return whether it was not there before.

    Raises
    ------
    WriteError
        If the place cannot be written.
    """
    with _told_plainly(folder):
        if folder.is_dir():
            return False
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True)
        return True


@contextlib.contextmanager
def _told_plainly(path: Path) -> Iterator[None]:
    """Turn what the system, or a library in front of it, raises into an error that says what became of the file."""
    try:
        yield
    except GraphkitError:
        raise
    except OSError as error:
        raise _write_error(path, error) from None
    except Exception as error:
        behind = next((cause for cause in error.args if isinstance(cause, OSError)), None)  # as xlsxwriter hands it on
        if behind is None:
            raise
        raise _write_error(path, behind) from None


def _write_error(path: Path, error: OSError) -> WriteError:
    zh, en = (say_refusal(error, lang) for lang in ("zh", "en"))
    was_there = error.errno != errno.ENAMETOOLONG and path.is_file()
    kept = ("；原来的文件没有改动", ". The file that was there is unchanged") if was_there else ("", "")
    return WriteError(Text(f"{path}：{zh}{kept[0]}", f"{path}: {en}{kept[1]}"), errno=error.errno)


def _refuse_unwritable(target: Path) -> None:
    """A folder, or a file that its owner has write-protected, is not replaced."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _part_prefix(target: Path) -> str:
    """How the hidden files begin that are to become `target`, and no other file."""
    return f"{PART}{hashlib.sha256(target.name.encode(errors='surrogateescape')).hexdigest()[:16]}-"


def _begin(target: Path, *, private: bool) -> tuple[Path, int]:
    """Make the empty file to be written, and hold it: while it is held, it is no leftover.

    The suffix is that of `target`, since writers go by it.
    """
    suffix = target.suffix if len(target.suffix) <= _SUFFIX_LENGTH else ""
    mode = PRIVATE_FILE if private else (target.stat().st_mode & 0o777 | PRIVATE_FILE) if target.exists() else 0o666
    while True:
        coming = target.with_name(f"{_part_prefix(target)}{secrets.token_hex(8)}{suffix}")
        held = os.open(coming, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
        if _hold(held, wait=True) and os.fstat(held).st_nlink == 0:  # swept in the moment between making and holding it
            os.close(held)
            continue
        return coming, held


def _hold(file: int, *, wait: bool) -> bool:
    """Lock an open file; False where another process has it, or files cannot be locked."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _sweep(target: Path) -> None:
    """Remove what killed writes of `target` left."""
    prefix = _part_prefix(target)
    for left in [entry for entry in target.parent.iterdir() if entry.name.startswith(prefix)]:
        with contextlib.suppress(OSError):
            file = os.open(left, os.O_RDWR)
            try:
                if _hold(file, wait=False):
                    left.unlink(missing_ok=True)
            finally:
                os.close(file)


def _settle(coming: Path, target: Path, *, private: bool) -> None:
    """Bring the new file to disk, under the mode it shall have."""
    with coming.open("rb+") as file:
        os.fsync(file.fileno())
    if not private and target.exists():
        coming.chmod(target.stat().st_mode & 0o777)


def sync_folder(folder: Path) -> None:
    """Bring the new name to disk, where the system can; the file itself is there already."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
