"""Old formats, .xls and .ods: read in a process of its own, which may take so much memory and so much time and no more.

calamine makes every sheet dense as it opens such a file, so a far cell or a repeated one ends the process,
with no exception to catch. What ends is then this child, and the file is refused.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from graphkit.errors import SourceError
from graphkit.words import Text
from loaders.sheets import MOST_COLUMNS, Area, Grid, refuse
from loaders.workbooks import MOST_CELLS, no_workbook, read_grids

MEMORY = 3 * 2**30  # bytes of addresses
SECONDS = 60
_REFUSED = 3


def read_apart(path: Path, data: bytes) -> list[Grid]:
    """Read an .xls or .ods in another process; `path` is named where it cannot be read.

    Raises
    ------
    SourceError
        If it is damaged or protected, or asks for more memory or time than any table of a county.
    """
    here = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])}
    try:
        run = subprocess.run(  # our own module, with no word of the user's
            [sys.executable, "-m", "loaders.old_workbooks"], input=data, capture_output=True, check=False, timeout=SECONDS, env=environment
        )
    except subprocess.TimeoutExpired:
        raise _too_much(path) from None
    if run.returncode == _REFUSED:
        reason = run.stderr.decode(errors="replace").strip()[:40]
        raise _locked(path) if "Password" in reason else no_workbook(path, reason)
    if run.returncode:
        raise _too_much(path)
    return _unpack(path, run.stdout)


def _locked(path: Path) -> SourceError:
    return refuse("工作簿有密码；请去掉密码后再读取", "the workbook is protected by a password; remove the password first", path=path)


def _too_much(path: Path) -> SourceError:
    return refuse(
        "这个旧格式的工作簿要用的内存或时间过多，或已损坏；请在电子表格程序中打开，删去表格以外的内容，另存为 .xlsx",
        "this workbook of an old format asks for too much memory or time, or is damaged; open it in a spreadsheet program, delete what lies beyond the table, and save it as .xlsx",
        path=path,
    )


# Between the two processes: for each sheet a line about it, then its cells as Arrow.


def _pack(grids: list[Grid]) -> bytes:
    sink = io.BytesIO()
    for grid in grids:
        about = {"name": grid.name, "merged": grid.merged, "notes": [[note.zh, note.en] for note in grid.notes]}
        table = pa.table({f"f{n}": column for n, column in enumerate(grid.columns)}).replace_schema_metadata({"about": json.dumps(about)})
        stream = io.BytesIO()
        with pa.ipc.new_stream(stream, table.schema) as writer:
            writer.write_table(table)
        sink.write(len(stream.getvalue()).to_bytes(8, "big") + stream.getvalue())
    return sink.getvalue()


def _unpack(path: Path, packed: bytes) -> list[Grid]:
    grids = []
    while packed:
        size = int.from_bytes(packed[:8], "big")
        table = pa.ipc.open_stream(packed[8 : 8 + size]).read_all()
        packed = packed[8 + size :]
        about: dict[str, Any] = json.loads((table.schema.metadata or {})[b"about"])
        merged: tuple[Area, ...] = tuple((top, left, bottom, right) for top, left, bottom, right in about["merged"])
        notes = tuple(Text(zh, en) for zh, en in about["notes"])
        columns = tuple(column.combine_chunks() for column in table.columns)
        grids.append(Grid(path, about["name"], columns, np.arange(1, table.num_rows + 1), merged=merged, notes=notes))
    return grids


# In the child


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # a system without such limits has the time limit alone
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _read_here(data: bytes) -> list[Grid]:
    import python_calamine

    with python_calamine.load_workbook(io.BytesIO(data)) as book:
        sheets = [book.get_sheet_by_name(meta.name) for meta in book.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet]
        if any(sheet.total_width > MOST_COLUMNS for sheet in sheets) or sum(sheet.total_width * sheet.total_height for sheet in sheets) > MOST_CELLS:
            raise MemoryError
        return list(read_grids(Path("workbook"), book, {}))


def _main() -> int:
    _limit_memory()
    try:
        packed = _pack(_read_here(sys.stdin.buffer.read()))
    except MemoryError:
        return 1
    except Exception as error:  # noqa: BLE001  # whatever a damaged file brings about is told by its name alone
        sys.stderr.write(type(error).__name__)
        return _REFUSED
    sys.stdout.buffer.write(packed)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
