"""The table of decisions about people: read from a CSV or a workbook."""

from __future__ import annotations

from pathlib import Path

from graphkit.errors import SourceError
from graphkit.formulas import unguard_texts
from graphkit.identity.decisions import JUDGEMENTS, Decision, Decisions, Judgement
from graphkit.words import Text, fold
from loaders.files import Source, read_grids
from loaders.sheets import GUIDE_SHEETS, Grid, refuse

JUDGEMENT, FIRST, SECOND = Text("判断", "decision"), Text("编号一", "id 1"), Text("编号二", "id 2")
_WORDS: dict[str, Judgement] = {
    **{fold(spelling): judgement for judgement, text in JUDGEMENTS.items() for spelling in (text.zh, text.en)},
    **dict.fromkeys(("同", "是", "=", "yes"), "same"),
    **dict.fromkeys(("不同", "否", "≠", "no"), "different"),
    **dict.fromkeys(("", "?", "未定"), "open"),
}


def read_decisions(path: str | Path) -> Decisions:
    r"""Read what was decided about people.

    Parameters
    ----------
    path : path
        A CSV, or a workbook of which the first sheet counts, with the columns 判断 or *decision* (同一人, 不同人, 待定; *same*, *different*,
        *open*; empty is open), 编号一 or *id 1*, 编号二 or *id 2*. Any other column is for the reader and is not looked at.

    Returns
    -------
    Decisions
        With the row of each. Rows with nothing in these columns are passed over.

    Raises
    ------
    SourceError
        If the file cannot be read, a column is missing, a row says what is none of these or names no two people, or decisions contradict
        each other, directly or through others: every such row is named.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "people.csv"
    ...     _ = file.write_text("decision,id 1,id 2\nsame,m1,m7\n,m2,m8\n", encoding="utf-8")
    ...     [row.judgement for row in read_decisions(file).rows]
    ['same', 'open']
    """
    path = Path(path)
    grids = [grid for grid in read_grids(Source(path, path.name)) if fold(grid.name or "") not in GUIDE_SHEETS]
    if not grids:
        raise refuse("里面没有表", "there is no sheet in it", path=path)
    grid = grids[0]
    cells = {heading: unguard_texts(grid.columns[_place(grid, heading)]).to_pylist()[1:] for heading in (JUDGEMENT, FIRST, SECOND)}
    rows, wrong = [], []
    for number, said, *ids in zip(grid.rows[1:].tolist(), *cells.values(), strict=True):
        judgement = _WORDS.get(fold(said or ""))
        first, second = ((one or "").strip() for one in ids)
        if not first and not second and judgement == "open":
            continue
        if judgement is None or not first or not second or first == second:
            wrong.append(number)
            continue
        rows.append(Decision(number, first, second, judgement))
    wrong += [number for number, _ in grid.misfits]
    if wrong:
        raise _unread(path, sorted(wrong))
    return Decisions(path.name, tuple(rows))


def _place(grid: Grid, heading: Text) -> int:
    folded = [fold(cell or "") for cell in grid.row(0)]
    for spelling in (heading.zh, heading.en):
        if fold(spelling) in folded:
            return folded.index(fold(spelling))
    raise refuse(f"没有“{heading.zh}”这一列", f"it has no column {heading.en!r}", path=grid.path, sheet=grid.name)


def _unread(path: Path, rows: list[int]) -> SourceError:
    zh, en = "、".join(map(str, rows[:20])), ", ".join(map(str, rows[:20]))
    more = Text(f" 等 {len(rows):,} 行", f" … ({len(rows):,} rows)") if len(rows) > 20 else Text("", "")
    return refuse(
        f"第 {zh}{more.zh} 行读不懂：判断写“同一人”“不同人”或“待定”，编号一和编号二是两个不同的编号",
        f"rows {en}{more.en} cannot be read: the decision is same, different or open, and id 1 and id 2 are two different ids",
        path=path,
    )
