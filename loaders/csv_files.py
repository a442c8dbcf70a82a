"""CSV: from the bytes of a text to the cells of every row, no row lost to a quotation mark, and what was taken for what is said."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from graphkit.errors import ParameterError, SourceError
from graphkit.words import Text
from loaders.encodings import NAMES, choose_encoding, is_utf8
from loaders.sheets import LONGEST_CELL, MOST_COLUMNS, Grid, refuse

LARGEST_CSV = 2**29  # bytes; a county's longest table, three million pairings, takes some 200 MB
LONGEST_LINE = 2**20  # bytes; a row of the widest table takes some 500
LARGEST_BLOCK = 2**30  # of a CSV, parsed at once: the largest, recoded to UTF-8, fits into it
SEPARATORS = {
    ",": Text("逗号", "comma"),
    "\t": Text("制表符", "tab"),
    ";": Text("分号", "semicolon"),
    "，": Text("全角逗号", "full-width comma"),
}

LOOKED_AT = 2**16  # bytes that tell the separator
_LINES_LOOKED_AT = 50
_UNIT_SEPARATOR = "\x1f"  # stands for a separator of more than one byte while the text is parsed
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def read_csv(path: Path, data: bytes, *, encoding: str | None = None, separator: str | None = None) -> Grid:
    """Read the text `data` of a CSV; `path` is named where it cannot be read.

    Parameters
    ----------
    path : Path
        The file.
    data : bytes
        What stands in it.
    encoding, separator : str, optional
        If not given they are told from the text, and said in the notes; in doubt the file is refused.

    Raises
    ------
    SourceError
        If the text does not tell its encoding or separator, breaks a bound, or a quotation mark takes rows in.
    ParameterError
        If there is no such encoding or separator.
    """
    text, codec = _as_utf8(path, data, encoding)
    if not text[:64].strip() and not text.strip():
        raise empty_file(path)
    _refuse_long_line(path, text)
    mark = choose_separator(path, text, separator)
    above, text = _lines_above(text, mark)
    table, misfits = parse(path, text, mark)
    sent, alone = _UNIT_SEPARATOR if mark == "，" else mark, table.num_rows == 1  # as the parser was given it
    if b'"' not in text and misfits and (alone or any(line.rstrip("\r\n").endswith(sent) for _, line in misfits)):
        text = _level(text, mark.encode(), alone=alone)
        table, misfits = parse(path, text, mark)
    fits = np.ones(table.num_rows + len(misfits), bool)
    fits[[number - 1 for number, _ in misfits]] = False
    numbers = np.flatnonzero(fits) + 1 + len(above)
    misfits = [(number + len(above), line) for number, line in misfits]
    columns = [column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() for column in table.columns]
    grid = Grid(path, None, tuple(columns), numbers, tuple(misfits), notes=_say_taken(codec, mark, encoding, separator))
    if b'"' in text:
        _refuse_stray_quotes(grid, text, sent)
    _refuse_long_cell(path, columns, numbers)
    if mark == "，":
        columns = [pc.replace_substring(column, _UNIT_SEPARATOR, mark) for column in columns]
    return replace(grid, columns=tuple(columns), misfits=(*enumerate(above, 1), *misfits))


def _say_taken(codec: str, mark: str, encoding: str | None, separator: str | None) -> tuple[Text, ...]:
    """What was taken for the encoding and the separator, where nobody named them and they are not the usual ones."""
    name = NAMES.get(codec, codec)
    notes = []
    if encoding is None and codec != "utf-8":
        notes.append(Text(f"按 {name} 编码读取；若有误，用 --encoding 指明", f"read as {name}; if that is wrong, name it with --encoding"))
    if separator is None and mark != ",":
        named = SEPARATORS[mark]
        notes.append(Text(f"以{named.zh}分列", f"columns are told apart by a {named.en}"))
    return tuple(notes)


def empty_file(path: Path) -> SourceError:
    """Make the error of a file with nothing in it."""
    return refuse("文件是空的；第一行应为表头", "the file is empty; its first row should be the headings", path=path)


# Bytes


def _as_utf8(path: Path, data: bytes, encoding: str | None) -> tuple[bytes, str]:
    """Text of the file as UTF-8 without mark, and the encoding it was in."""
    choice = choose_encoding(data) if encoding is None else None
    codec = encoding or (choice.codec if choice else None)
    if codec is None and b"\x00" in data:
        raise _no_text(path)
    if codec is None and choice and choice.candidates == (NAMES["utf-8"],):
        return _recode(path, data, "utf-8"), "utf-8"  # not all of it is: that line is told
    if codec is None:
        raise _doubtful_encoding(path, choice.candidates if choice else ())
    text = data if codec == "utf-8" and (encoding is None or is_utf8(data)) else _recode(path, data, codec)
    if b"\x00" in text:
        raise _no_text(path)
    return text.removeprefix(codecs.BOM_UTF8), codec


def _no_text(path: Path) -> SourceError:
    return refuse("这不是文本文件（含有空字节）；请另存为“CSV UTF-8”", "this is no text (it holds zero bytes); save it as 'CSV UTF-8'", path=path)


def _doubtful_encoding(path: Path, candidates: tuple[str, ...]) -> SourceError:
    named = " / ".join(candidates)
    return refuse(
        f"看不出是哪种编码（可能是 {named}）；请用 --encoding 指明（如 --encoding {candidates[0]}），或另存为“CSV UTF-8”",
        f"its encoding cannot be told (perhaps {named}); name it with --encoding (such as --encoding {candidates[0]}), or save it as 'CSV UTF-8'",
        path=path,
    )


def _recode(path: Path, data: bytes, codec: str) -> bytes:
    try:
        return data.decode(codec).encode()
    except LookupError:
        raise ParameterError(Text(f"没有名为 {codec!r} 的编码", f"there is no encoding named {codec!r}")) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name = NAMES.get(codec, codec)
        raise refuse(
            f"第{line}行不是 {name} 编码；请用 --encoding 指明编码，或另存为“CSV UTF-8”",
            f"line {line} is not in {name}; name the encoding with --encoding, or save it as 'CSV UTF-8'",
            path=path,
        ) from None
    except UnicodeError:
        raise refuse(f"文件不是 {codec} 编码", f"the file is not in {codec}", path=path) from None


def _refuse_long_line(path: Path, text: bytes) -> None:
    """Refuse what has no line breaks, or a heading of too many columns, before it is taken apart."""
    if text[:LONGEST_LINE].partition(b"\n")[0].count(b",") >= MOST_COLUMNS:
        raise refuse(f"超过 {MOST_COLUMNS} 列", f"it has more than {MOST_COLUMNS} columns", path=path)
    start = 0
    while len(text) - start > LONGEST_LINE:
        end = max(text.rfind(mark, start, start + LONGEST_LINE) for mark in (b"\n", b"\r"))
        if end < 0:
            raise refuse(
                f"有一行超过 {LONGEST_LINE // 2**20} MB；请检查换行，另存为“CSV UTF-8”",
                f"a line is longer than {LONGEST_LINE // 2**20} MB; look for missing line breaks, and save it as 'CSV UTF-8'",
                path=path,
            )
        start = end + 1


# Separator


def choose_separator(path: Path, text: bytes, separator: str | None) -> str:
    """The mark between columns: the one that stands in the first line, and as often in the lines below."""
    if separator is not None:
        if separator not in SEPARATORS:
            raise ParameterError(
                Text(f"分隔符只能是 , ; ， 或制表符，不能是 {separator!r}", f"a separator is one of , ; ， or a tab, not {separator!r}")
            )
        return separator
    beginning = _QUOTED.sub("", text[:LOOKED_AT].decode(errors="ignore"))
    lines = [line for line in beginning.splitlines()[:_LINES_LOOKED_AT] if line.strip()]
    support = {mark: _support(lines, mark) for mark in SEPARATORS}
    best = max(support.values(), default=0)
    likely = [mark for mark, lines_alike in support.items() if lines_alike == best]
    if best == 0:
        return ","
    if len(likely) > 1:
        named = [SEPARATORS[mark] for mark in likely]
        raise refuse(
            f"看不出以什么分列（{'、'.join(text.zh for text in named)}）；请用 --separator 指明，如 --separator '{likely[0]}'",
            f"what tells its columns apart cannot be told ({', '.join(text.en for text in named)}); name it with --separator, such as --separator '{likely[0]}'",
            path=path,
        )
    return likely[0]


def _support(lines: list[str], mark: str) -> int:
    """Lines that have the mark as often as most lines that have it; 0 if it stands in fewer than half of them."""
    counts = [line.count(mark) for line in lines]
    held = [count for count in counts if count]
    if not held or 2 * len(held) < len(lines):
        return 0
    return counts.count(max(set(held), key=held.count))


def _lines_above(text: bytes, mark: str) -> tuple[list[str], bytes]:
    """Take off the lines above a table in which the mark does not stand: blank ones and titles, which would set the width of all rows."""
    above: list[str] = []
    if mark.encode() not in text:
        return above, text
    for line in text[:LONGEST_LINE].splitlines(keepends=True)[:_LINES_LOOKED_AT]:
        if mark.encode() in line or b'"' in line:
            break
        above.append(line.decode(errors="replace").rstrip("\r\n"))
        text = text[len(line) :]
    return above, text


def _level(text: bytes, mark: bytes, *, alone: bool) -> bytes:
    """Take marks off the end of rows that have more than the first, with nothing between them, as spreadsheets write them where a column was cleared.

    Where the first row is `alone` in its width because it ends in marks itself, the others are given as many.
    """
    lines = re.split(rb"(\r\n|\n|\r)", text)
    heading = lines[0].split(mark)
    named = len(b"".join([mark, lines[0]]).rstrip(mark + b" ").split(mark)) - 1
    for place in range(2, len(lines), 2):
        count = lines[place].count(mark) + 1
        over = count - len(heading)
        if over > 0 and lines[place].endswith(mark * over):
            lines[place] = lines[place][: -over * len(mark)]
        elif alone and 2 <= named == count < len(heading):
            lines[place] += mark * (len(heading) - count)
    return b"".join(lines)


# Cells


def parse(path: Path, text: bytes, mark: str) -> tuple[pa.Table, list[tuple[int, str]]]:
    """Cells of every row, the heading included, and the rows that do not fit it."""
    misfits: list[tuple[int, str]] = []

    def note(row: Any) -> str:
        misfits.append((row.number, row.text))
        return "skip"

    delimiter = mark
    if not text.endswith((b"\n", b"\r")):
        text += b"\n"  # a lone line without its end is taken for part of one
    if len(mark.encode()) > 1:
        text, delimiter = text.replace(mark.encode(), _UNIT_SEPARATOR.encode()), _UNIT_SEPARATOR
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(text),
            # one thread, one block: only then does the parser number the rows it refuses
            pa.csv.ReadOptions(use_threads=False, autogenerate_column_names=True, block_size=min(max(len(text) + 1, 2**16), LARGEST_BLOCK)),
            pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in text, ignore_empty_lines=False, invalid_row_handler=note),
            pa.csv.ConvertOptions(
                column_types={f"f{position}": pa.string() for position in range(MOST_COLUMNS)}, strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        raise refuse(
            "不能按 CSV 解析；请检查引号是否成对", "it cannot be taken apart as CSV; look for a quotation mark without its pair", path=path
        ) from None
    if table.num_columns > MOST_COLUMNS:
        raise refuse(f"超过 {MOST_COLUMNS} 列", f"it has more than {MOST_COLUMNS} columns", path=path)
    return table, misfits


def _refuse_long_cell(path: Path, columns: list[pa.Array], numbers: NDArray[np.int64]) -> None:
    for column in columns:
        if len(column) and column.nbytes <= LONGEST_CELL:
            continue
        long = pc.greater(pc.binary_length(column), LONGEST_CELL)
        if pc.any(long).as_py() and pc.any(long := pc.greater(pc.utf8_length(column), LONGEST_CELL)).as_py():
            row = numbers[pc.index(long, True).as_py()]
            raise refuse(
                f"第{row}行有一格超过 {LONGEST_CELL:,} 个字；请检查引号是否成对",
                f"row {row} has a cell of more than {LONGEST_CELL:,} characters; look for a quotation mark without its pair",
                path=path,
            )


# Quotation marks


def count_lines(text: bytes) -> int:
    r"""Count the lines of a text as every reader does, whichever of the three line breaks it has.

    Examples
    --------
    >>> count_lines(b"a\nb\r\nc\rd"), count_lines(b"a\n"), count_lines(b"")
    (4, 1, 0)
    """
    breaks = text.count(b"\n")
    if b"\r" in text:
        breaks += text.count(b"\r") - text.count(b"\r\n")
    return breaks + (len(text) > 0 and not text.endswith((b"\n", b"\r")))


def _refuse_stray_quotes(grid: Grid, text: bytes, mark: str) -> None:
    """Refuse a quotation mark without its pair: it takes the rows after it into one cell.

    Lines are counted against rows. Where there are more lines, cells hold line breaks; they may, but what
    looks like whole rows within one cell is rows that would be lost.
    """
    columns, numbers, path = grid.columns, grid.rows, grid.path
    if count_lines(text) == len(numbers) + len(grid.misfits) or _quotes_every_cell(text, len(numbers) * len(columns)):
        return
    if text.count(b'"') % 2 and any(_BREAK.search(column[-1].as_py() or "") for column in columns if len(column)):
        raise refuse(
            f"第{numbers[-1]}行有引号没有成对，其后的行无法读取",
            f"row {numbers[-1]} opens a quotation mark that is never closed; nothing after it can be read",
            path=path,
        )
    for position, column in enumerate(columns):
        broken = np.flatnonzero(pc.fill_null(pc.match_substring_regex(column, "[\r\n]"), fill_value=False).to_numpy(zero_copy_only=False))
        for row in broken.tolist():
            if _holds_rows(column[row].as_py(), position, len(columns), mark):
                raise _stray_quote(path, int(numbers[row]))
    for number, line in grid.misfits:
        if any(part.count(mark) >= len(columns) - 1 for part in _BREAK.split(line)[1:]):
            raise _stray_quote(path, number)


def _quotes_every_cell(text: bytes, cells: int) -> bool:
    """Whether every cell stands in quotation marks, as some programs write them: a row within a cell would then have marks of its own."""
    return text.startswith(b'"') and text.count(b'"') >= 2 * cells and text.count(b'"') % 2 == 0 and text.rstrip(b"\r\n").endswith(b'"')


_BREAK = re.compile(r"\r\n|\r|\n")


def _holds_rows(cell: str, position: int, width: int, mark: str) -> bool:
    """Whether a cell that holds line breaks looks like the rest of a row, whole rows, and the beginning of a row."""
    first, *lines, last = _BREAK.split(cell)
    if width == 1:
        return True  # nothing tells a row from a line of text
    rest = width - 1 - position
    return (
        (rest > 0 and first.count(mark) >= rest)
        or any(line.count(mark) >= width - 1 for line in lines)
        or (position > 0 and last.count(mark) >= position)
    )


def _stray_quote(path: Path, row: int) -> SourceError:
    return refuse(
        f"第{row}行的一格里含有后面的行：多半有一个引号没有成对；请改正，或在电子表格程序中打开并另存为 .xlsx",
        f"a cell of row {row} holds the rows after it: a quotation mark probably lacks its pair; correct it, or save the table as .xlsx from a spreadsheet program",
        path=path,
    )
