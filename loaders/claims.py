"""Claims: from a table of published figures to `Claim`s; a row that cannot be read becomes a claim that cannot be checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from graphkit.data.breaches import RULES, Breach
from graphkit.data.claim import CLAIM, Claim
from graphkit.errors import SourceError
from graphkit.words import Text, fold
from loaders.columns import type_columns
from loaders.files import ReadOptions, Source, read_grids
from loaders.sheets import GUIDE_SHEETS, Sheet, refuse

_NAMES = {fold(name) for name in ("claims", CLAIM.table, CLAIM.heading.zh)}
_COLUMNS = {column.name: column for column in CLAIM.properties}


def load_claims(path: str | Path, *, encoding: str | None = None) -> list[Claim]:
    r"""Load a table of published claims, one row a claim: a CSV, or a workbook with one sheet or one named 说法 or claims.

    Headings are Chinese, English or as stored; see `graphkit.Claim` for what each column holds. Figures
    are read as text: in a workbook give their cells the text format, or ``86.90%`` arrives as 0.869.

    Parameters
    ----------
    path : path
        The file.
    encoding : str, optional
        Of a CSV. If not given, UTF-8, and where that fails GB18030.

    Returns
    -------
    list of Claim
        One a row that is not empty, in the order of the file. A row that cannot be read is among them,
        with the reason in ``unread``; one without an id goes by its row, such as ``#7``.

    Raises
    ------
    SourceError
        If the file cannot be read, a heading may be meant for one that is not there, or a workbook has several sheets and none of that name.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "说法.csv"
    ...     _ = path.write_text("编号,算法,总数,结果\ns43,占比,17,86.9%\n", encoding="utf-8")
    ...     load_claims(path)[0].result
    '86.9%'
    """
    sheet = _choose_sheet(Path(path), encoding)
    table, breaches = type_columns(sheet, CLAIM)
    if doubtful := [breach for breach in breaches if breach.rule == "heading.unknown"]:  # a claim is no claim without what it leaves out
        raise _unknown_heading(sheet, doubtful)
    no_data = {int(row) for breach in breaches if breach.is_no_data for row in breach.rows}
    unread = {int(row): _say_breach(breach.column or "") for breach in breaches for row in breach.rows}
    rows = [(row.pop("source_row"), _as_claim(row, unread.get(number))) for number, row in enumerate(table.to_pylist()) if number not in no_data]
    rows += [(number, Claim("", unread=RULES["row.width"].text)) for number, _ in sheet.misfits]
    return list(_name_by_row(sorted(rows, key=lambda pair: pair[0])))


def _unknown_heading(sheet: Sheet, doubtful: Sequence[Breach]) -> SourceError:
    rule, said = RULES["heading.unknown"], [breach.notes[0] for breach in doubtful if breach.notes]
    zh, en = "".join(note.zh for note in said), "".join(note.en for note in said)
    return refuse(f"{rule.text.zh}{zh}。{rule.remedy.zh}", f"{rule.text.en}{en}; {rule.remedy.en}", path=sheet.path, sheet=sheet.name)


def _choose_sheet(path: Path, encoding: str | None) -> Sheet:
    grids = read_grids(Source(path, path.name), ReadOptions(encoding))
    sheets = [grid.as_sheet() for grid in grids if grid.name is None or fold(grid.name) not in GUIDE_SHEETS]
    named = [sheet for sheet in sheets if fold(sheet.name or "") in _NAMES] or sheets
    if len(named) != 1:
        raise refuse("应只有一张表，或有一张名为“说法”", "there should be one sheet, or one named 'claims'", path=path)
    return named[0]


def _as_claim(row: dict[str, object], unread: Text | None) -> Claim:
    return Claim(**{name: row[name] for name in _COLUMNS}, unread=unread)  # type: ignore[arg-type]  # typed by the columns declared


def _say_breach(column: str) -> Text:
    heading = _COLUMNS[column].heading
    return Text(f"“{heading.zh}”须是 是 或 否", f"{heading.en} is yes or no")


def _name_by_row(rows: list[tuple[int, Claim]]) -> Iterator[Claim]:
    for number, claim in rows:
        yield claim if claim.id else Claim(**{**{name: getattr(claim, name) for name in _COLUMNS}, "id": f"#{number}"}, unread=claim.unread)
