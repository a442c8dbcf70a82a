"""Files: which of them hold tables, within folders and archives, and the grids of each.

This module knows files and no model: `read_grids` gives one `Grid` for a CSV and one for each sheet of a workbook.
"""

from __future__ import annotations

import codecs
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from graphkit.errors import SourceError
from loaders.csv_files import LARGEST_CSV, empty_file, read_csv
from loaders.sheets import Grid, refuse
from loaders.workbooks import LARGEST_UNPACKED, LARGEST_WORKBOOK, read_workbook

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
SURVEY_SUFFIXES = (".dta", ".sav")
READ_SUFFIXES = (*TEXT_SUFFIXES, *WORKBOOK_SUFFIXES, *SURVEY_SUFFIXES)
OTHER_SHEET_SUFFIXES = (".xlsb", ".et", ".numbers")  # hold rows that nothing here reads
MOST_FILES = 2_000
_BLANK = codecs.BOM_UTF8 + b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Source:
    """One file with rows: where it is, and how provenance names it.

    `data` holds what stands in it where it comes out of an archive; None for a file of the disk.
    """

    path: Path
    name: str
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a user said of how CSV files are to be read; None where it is to be told from the file."""

    encoding: str | None = None
    separator: str | None = None


def list_sources(path: Path) -> list[Source]:
    """List the files with rows: the file itself, those of a folder and the folders in it, or those of a ZIP.

    Raises
    ------
    SourceError
        If there is no such folder, no table in it, or more than a county has.
    """
    if path.is_dir():
        return _list_folder(path)
    return _list_archive(path) if path.suffix.lower() == ".zip" else [Source(path, path.name)]


def read_grids(source: Source, options: ReadOptions | None = None) -> list[Grid]:
    """Read a CSV file or a workbook; sheets with nothing in them are left out.

    Raises
    ------
    SourceError
        If the file cannot be read, is empty, or is not what its name says.
    ParameterError
        If there is no such encoding or separator.
    """
    options = options or ReadOptions()
    suffix = source.path.suffix.lower()
    if suffix not in READ_SUFFIXES:
        raise _unread_suffix(source.path, suffix)
    is_text = suffix in TEXT_SUFFIXES
    data = _read_bytes(source.path, LARGEST_CSV if is_text else LARGEST_WORKBOOK) if source.data is None else source.data
    if not data[:64].strip(_BLANK) and not data.strip(_BLANK):
        raise empty_file(source.path)
    return [replace(grid, source=source.name) for grid in _grids_of(source.path, data, options)]


def bytes_of_text(source: Source) -> bytes | None:
    """Return what stands in a text file with rows; None if it is another file.

    Raises
    ------
    SourceError
        If the file cannot be opened or is too large.
    """
    if source.path.suffix.lower() not in TEXT_SUFFIXES:
        return None
    return _read_bytes(source.path, LARGEST_CSV) if source.data is None else source.data


def _grids_of(path: Path, data: bytes, options: ReadOptions) -> list[Grid]:
    suffix = path.suffix.lower()
    if suffix in TEXT_SUFFIXES:
        return [read_csv(path, data, encoding=options.encoding, separator=options.separator)]
    if suffix in SURVEY_SUFFIXES:
        from loaders.survey_files import read_survey

        return [read_survey(path, data, options.encoding)]
    return read_workbook(path, data)


def _unread_suffix(path: Path, suffix: str) -> SourceError:
    return refuse(
        f"不能读取 {suffix or '没有后缀的文件'}；请在电子表格程序中另存为 .xlsx 或 CSV UTF-8",
        f"{suffix or 'a file without suffix'} cannot be read; save it as .xlsx or as CSV UTF-8 from a spreadsheet program",
        path=path,
    )


def _read_bytes(path: Path, most: int) -> bytes:
    """All of a file, once its size is known to be that of a table."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise refuse(
                "这不是文件；请给出表格文件或放表格的文件夹", "it is no file; name a file with a table, or a folder of such files", path=path
            )
        if about.st_size > most:
            raise _too_large(path, most)
        return path.read_bytes()
    except OSError as error:
        raise refuse(f"文件打不开（{type(error).__name__}）", f"the file cannot be opened ({type(error).__name__})", path=path) from None


def _too_large(path: Path, most: int) -> SourceError:
    return refuse(
        f"文件大于 {most // 2**20} MB；请分成几个文件（同一类可以有几个）",
        f"the file is larger than {most // 2**20} MB; divide it into several (of one kind there may be several)",
        path=path,
    )


# Folders and archives


def _holds_rows(path: PurePosixPath) -> bool:
    """Whether a file may hold rows, by its name; hidden ones and those that a spreadsheet locks are passed over, and so is plain text."""
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)
    return not hidden and path.suffix.lower() in (*READ_SUFFIXES, *OTHER_SHEET_SUFFIXES) and path.suffix.lower() != ".txt"


def _list_folder(folder: Path) -> list[Source]:
    """Files that hold rows, by name: first those of the folder, then those of the folders in it."""
    found = [(PurePosixPath(file.relative_to(folder).as_posix()), file) for file in _walk(folder)]
    sources = [Source(file, str(inner)) for inner, file in sorted(found, key=lambda pair: (len(pair[0].parts), pair[0])) if _holds_rows(inner)]
    _refuse_count(folder, len(sources))
    return sources


def _walk(folder: Path) -> Iterator[Path]:
    """Files of a folder and the folders in it, hidden folders and links to folders aside."""
    for entry in folder.iterdir():
        if entry.is_dir():
            if not entry.name.startswith(".") and not entry.is_symlink():
                yield from _walk(entry)
        elif entry.is_file():
            yield entry


def _refuse_count(path: Path, files: int) -> None:
    if not files:
        raise refuse(
            "文件夹里没有表格；应有以表名命名的 .csv 或 .xlsx，如 村.csv",
            "there is no table in the folder; there should be .csv or .xlsx files named after tables, such as Village.csv",
            path=path,
        )
    if files > MOST_FILES:
        raise refuse(f"里面有超过 {MOST_FILES:,} 个表格文件", f"it holds more than {MOST_FILES:,} files with tables", path=path)


def _list_archive(path: Path) -> list[Source]:
    """Files with rows in a ZIP, unpacked within bounds; archives within it are not."""
    data = _read_bytes(path, LARGEST_WORKBOOK)
    sources = []
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [(PurePosixPath(_name_of(part)), part) for part in packed.infolist() if not part.is_dir()]
            parts = sorted((pair for pair in parts if _holds_rows(pair[0])), key=lambda pair: pair[0])
            _refuse_count(path, len(parts))
            for inner, part in parts:
                left -= part.file_size
                if left < 0:
                    raise _too_large(path, LARGEST_UNPACKED)
                sources.append(Source(path / inner, str(inner), packed.read(part)))  # never more than it says of its size
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError, EOFError, OSError, ValueError, OverflowError) as error:
        raise refuse(
            f"压缩包打不开（{type(error).__name__}）；若有密码请先去掉",
            f"the archive cannot be opened ({type(error).__name__}); if it has a password, remove it first",
            path=path,
        ) from None
    return sources


def _name_of(part: zipfile.ZipInfo) -> str:
    """Name of a file in a ZIP; archives made on Chinese Windows write it in GB18030 and do not say so."""
    if part.flag_bits & 0x800 or part.filename.isascii():
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return part.filename
