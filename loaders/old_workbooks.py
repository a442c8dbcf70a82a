"""Old formats, .xls and .ods: read in a process of its own, within bounds of memory and time."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from graphkit.errors import SourceError
from loaders.apart import read_apart, run_child
from loaders.sheets import MOST_CELLS, MOST_COLUMNS, Grid, refuse
from loaders.workbooks import no_workbook, read_grids


def read_old_workbook(path: Path, data: bytes) -> list[Grid]:
    """Read an .xls or .ods in another process; `path` is named where it cannot be read.

    Raises
    ------
    SourceError
        If it is damaged or protected, or asks for more memory or time than any table of a county.
    """
    apart = read_apart(path, data, "loaders.old_workbooks")
    if apart.refused is not None:
        raise _locked(path) if "Password" in apart.refused else no_workbook(path, apart.refused[:40])
    if apart.overran:
        raise _too_much(path)
    return list(apart.grids)


def _locked(path: Path) -> SourceError:
    return refuse("工作簿有密码；请去掉密码后再读取", "the workbook is protected by a password; remove the password first", path=path)


def _too_much(path: Path) -> SourceError:
    return refuse(
        "这个旧格式的工作簿要用的内存或时间过多，或已损坏；请在电子表格程序中打开，删去表格以外的内容，另存为 .xlsx",
        "this workbook of an old format asks for too much memory or time, or is damaged; open it in a spreadsheet program, delete what lies beyond the table, and save it as .xlsx",
        path=path,
    )


# In the child


def _read_here(data: bytes, _arguments: list[str]) -> list[Grid]:
    import python_calamine

    with python_calamine.load_workbook(io.BytesIO(data)) as book:
        sheets = [book.get_sheet_by_name(meta.name) for meta in book.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet]
        if any(sheet.total_width > MOST_COLUMNS for sheet in sheets) or sum(sheet.total_width * sheet.total_height for sheet in sheets) > MOST_CELLS:
            raise MemoryError
        return list(read_grids(Path("workbook"), book, {}))


if __name__ == "__main__":
    sys.exit(run_child(_read_here))
