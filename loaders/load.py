"""Loading: a folder or a workbook in the canonical form, one file or sheet for each kind, into sound Tables."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphkit.data.breaches import RULES
from graphkit.data.checks import inspect_tables, list_problems, set_aside, sort_problems
from graphkit.data.joining import Joining
from graphkit.data.problems import Problem
from graphkit.data.pseudonyms import names_of_numbers, need_outside, open_key, pseudonymise_ids
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError, SourceError
from graphkit.identity.decisions import Decisions
from graphkit.model.kinds import COMPLETENESS, MODEL
from graphkit.model.model import Model
from graphkit.words import Text
from loaders.decisions import read_decisions
from loaders.files import ReadOptions, list_sources, read_grids
from loaders.gathered import Gathered, SheetReading
from loaders.headings import columns_by_heading, read_headings
from loaders.plain import read_plain
from loaders.regions import cut_known
from loaders.sheets import Grid, refuse
from loaders.unknown_sheets import leave_out, name_kinds, refuse_unknown
from loaders.zeros import repair_zeros

_OF_HEADINGS = ("heading.unknown", "heading.gone")
_WARNED = 10  # lines of one warning


@dataclass(frozen=True, slots=True)
class Loading:
    """All that came out of reading a source.

    Attributes
    ----------
    tables : Tables
        The sound rows; those that break a rule stand in ``.quarantine``.
    problems : list of Problem
        In the order of tables, files and rows, as `check_source` gives them.
    readings : tuple of SheetReading
        For each table of each sheet what became of its lines, and what was taken for what.
    numbers : frozenset of str
        Ids, pseudonyms all, that stand for a valid identity number.
    left : tuple of Text
        Which columns and sheets were not read, each with its place.
    """

    tables: Tables
    problems: list[Problem]
    readings: tuple[SheetReading, ...]
    numbers: frozenset[str] = frozenset()
    left: tuple[Text, ...] = ()


def load_folder(
    path: str | Path, *, encoding: str | None = None, pseudonyms: str | Path | None = None, people: str | Path | None = None, model: Model = MODEL
) -> Tables:
    r"""Load a folder of CSV and XLSX files in the canonical form, one file for each kind.

    A file is named after its kind, a heading after its column: in Chinese, in English, or as stored
    (村.csv, village.csv, ``Member_HELPS_Household.csv``), whatever the case, spaces, ``_`` and ``-``.
    Fixed values likewise; 是/否, yes/no, true/false or 1/0; dates as ``2012-04-30``, 2012/4/30,
    2012.4.30 or 2012年4月30日; an empty cell is unknown. An XLSX file may hold several kinds, a sheet
    each, or one kind after which the file is named. Two files of one kind are put together. Files of
    other programs, hidden ones, and those that a spreadsheet locks (``~$…``) are passed over.

    Parameters
    ----------
    path : path
        The folder.
    encoding : str, optional
        Of the CSV files. If not given, each is read as UTF-8, and where that fails as GB18030.
    pseudonyms : path, optional
        File of a key, outside the folder; made if it is not there. The ids of members and households
        are then replaced by pseudonyms, the same at both ends of every tie, for the same key always. Rows of one person by a valid
        identity number are joined: what one leaves empty another fills, and what they say differently is not known and is told.
    people : path, optional
        What a human decided about people who may be one person: a file that `loaders.read_decisions` reads. It is applied at this load alone,
        so that a changed file changes the next load, and no file none.
    model : Model, optional
        Which kinds there are, such as `graphkit.read_model` gives; the shipped model if left out.

    Returns
    -------
    Tables
        The sound rows, each with its file, sheet and row (the heading is row 1). Rows that break a
        rule stand in ``.quarantine``; in ``.counts``, read = loaded + merged + quarantined. A cell that cannot be
        read costs its row only where the row cannot be placed without it (a key, an end of a tie); what was not read
        stands in ``.unread``. A file or sheet named 完整性 or completeness says which tables have every row
        there is (``.completeness``).
        `check_source` says what is wrong with them and what to do.

    Raises
    ------
    SourceError
        If a file cannot be read, or no heading of a table is known: once, for all files.
    ParameterError
        If the key lies in the folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "村.csv").write_text("代码,名称\n230112104001,一村\n7,二村\n", encoding="gb18030")
    ...     tables = load_folder(folder)
    >>> tables["Village"].num_rows, tables.quarantine["source_row"].to_pylist()
    (1, [3])
    """
    path = Path(path)
    if not path.is_dir():
        raise refuse("没有这个文件夹", "there is no such folder", path=path)
    return _warn_of_unread(_load(path, ReadOptions(encoding), pseudonyms, people=people, model=model)).tables


def load_workbook(path: str | Path, *, pseudonyms: str | Path | None = None, people: str | Path | None = None, model: Model = MODEL) -> Tables:
    """Load a workbook (XLSX, XLSM, XLS, ODS) in the canonical form, one sheet for each kind, such as the filled template.

    Names, headings and values are read as `load_folder` reads them. A formula counts as what it last
    gave; where it gave an error (``#N/A``) the cell is empty.

    Raises
    ------
    SourceError
        If the file is no workbook, is protected by a password, or has a sheet that is not known.
    """
    path = Path(path)
    if path.suffix.lower() in (".csv", ".zip") or path.is_dir():
        raise refuse("这不是工作簿；请用 load_folder 或 load", "this is no workbook; use load_folder or load", path=path)
    return _warn_of_unread(_load(path, ReadOptions(), pseudonyms, people=people, model=model)).tables


def load(
    path: str | Path,
    *,
    mapping: str | Path | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    pseudonyms: str | Path | None = None,
    people: str | Path | None = None,
    model: Model = MODEL,
) -> Tables:
    """Load a folder, a ZIP of files, a workbook or a single CSV file, by what `path` is; see `load_folder` and, for `mapping`, `read_source`.

    Warns
    -----
    UserWarning
        If a column or a sheet was not read: once, with all of them; so do `load_folder` and `load_workbook`. `read_source` has the same in its ``readings``
        and ``problems``, and is silent.
    """
    loading = _load(Path(path), ReadOptions(encoding, separator), pseudonyms, mapping, people=people, model=model)
    return _warn_of_unread(loading).tables


def check_source(
    path: str | Path,
    *,
    mapping: str | Path | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    pseudonyms: str | Path | None = None,
    people: str | Path | None = None,
    model: Model = MODEL,
) -> tuple[Tables, list[Problem]]:
    """Load a folder, a ZIP of files, a workbook or a single CSV file, and say everything that is wrong with its rows.

    Returns
    -------
    Tables
        As `load_folder` returns them.
    list of Problem
        In the order of tables, files and rows: for each row set aside every rule that it breaks, then
        also what is only reported. No personal value stands in any of them.

    Raises
    ------
    SourceError
        As `load_folder`.
    """
    loading = read_source(path, mapping=mapping, encoding=encoding, separator=separator, pseudonyms=pseudonyms, people=people, model=model)
    return loading.tables, loading.problems


def read_source(
    path: str | Path,
    *,
    mapping: str | Path | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    pseudonyms: str | Path | None = None,
    people: str | Path | None = None,
    model: Model = MODEL,
) -> Loading:
    r"""Load as `check_source` does, and say as well what became of every line of every file.

    Parameters
    ----------
    path : path
        A folder, a ZIP of files, a workbook or a CSV file.
    mapping : path, optional
        A mapping in TOML that says what each row means; the canonical form is read if not given.
    encoding, separator : str, optional
        Of the CSV files; told from each file if not given.
    pseudonyms : path, optional
        File of a key, see `load_folder`.
    people : path, optional
        What was decided about people, see `load_folder`.
    model : Model, optional
        Which kinds there are, such as `graphkit.read_model` gives; the shipped model if left out.

    Raises
    ------
    SourceError
        As `load_folder`.
    ModelError
        If the mapping says what the model does not have.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "村.csv").write_text("某区村名单,\n代码,名称\n230112104001,一村\n合计,\n", encoding="gb18030")
    ...     reading = read_source(folder).readings[0]
    >>> reading.rows, reading.lines, [note.en for note in reading.notes]
    (1, 4, ['read as GB18030; if that is wrong, name it with --encoding'])
    """
    return _load(Path(path), ReadOptions(encoding, separator), pseudonyms, mapping, people=people, model=model, describe=True)


def _warn_of_unread(loading: Loading) -> Loading:
    """Warn, where nobody is shown the readings, of columns and sheets that were not read: what the command line prints."""
    if loading.left:
        rest = len(loading.left) - _WARNED
        lines = [note.en for note in loading.left[:_WARNED]] + [note.zh for note in loading.left[:_WARNED]]
        more = [f"… and {rest} more · 另有 {rest} 条"] if rest > 0 else []
        warnings.warn("\n".join([*lines, *more]), UserWarning, stacklevel=3)
    return loading


def _left_out(gathered: Gathered, tables: Tables) -> Iterator[Text]:
    """What was not read, columns and sheets, each with its place."""
    for reading in gathered.readings:
        for note in reading.left:
            yield _at(reading.file, reading.sheet, note)
    for breach in gathered.breaches:
        if breach.rule in _OF_HEADINGS and breach.notes and breach.table != COMPLETENESS.table:
            first, text = tables[breach.table].slice(int(breach.rows[0]), 1).to_pylist()[0], RULES[breach.rule].text
            yield _at(first["source_file"], first["source_sheet"], Text(text.zh + breach.notes[0].zh, text.en + breach.notes[0].en))


def _at(file: str, sheet: str | None, said: Text) -> Text:
    place = " · ".join(part for part in (file, sheet) if part)
    return Text(f"{place}：{said.zh}", f"{place}: {said.en}")


def _together(errors: Sequence[SourceError], path: Path) -> SourceError:
    """One error for all files that cannot be read."""
    zh, en = ("\n  ".join(["", *(error.say(lang) for error in errors)]) for lang in ("zh", "en"))
    return SourceError(Text(zh, en), path=str(path))


def _load(
    path: Path,
    options: ReadOptions,
    pseudonyms: str | Path | None,
    mapping: str | Path | None = None,
    *,
    people: str | Path | None = None,
    model: Model,
    describe: bool = False,
) -> Loading:
    if pseudonyms is not None:
        need_outside(pseudonyms, path)
    decisions = None if people is None else read_decisions(people)
    gathered = Gathered(model)
    errors = _gather(path, options, gathered) if mapping is None else _gather_mapped(path, options, mapping, pseudonyms, gathered)
    if errors:
        raise errors[0] if len(errors) == 1 else _together(errors, path)
    return _conclude(gathered, pseudonyms, decisions, describe=describe)


def _gather(path: Path, options: ReadOptions, gathered: Gathered) -> list[SourceError]:
    """Read the canonical form; what cannot be read is returned as errors, to be told together."""
    errors: list[SourceError] = []
    unknown: list[Grid] = []
    for source in list_sources(path):
        try:
            if plain := read_plain(source, options, gathered.model):
                rows = gathered.add(*plain)
                gathered.note(plain[0], [plain[1].table], rows)
                continue
            for grid, kind in name_kinds(read_grids(source, options), gathered.model):
                if kind is None:
                    unknown.append(grid)
                    continue
                sheet = cut_known(grid, columns_by_heading(kind))
                rows = gathered.add(sheet, kind)
                gathered.note(sheet, [kind.table], rows, left=read_headings(sheet, kind).notes())
        except SourceError as error:
            errors.append(error)
    if unknown and not gathered.parts:
        errors.append(refuse_unknown(unknown[0], gathered.model))
    for grid in unknown:
        leave_out(grid, gathered)
    return errors


def _gather_mapped(path: Path, options: ReadOptions, mapping: str | Path, pseudonyms: str | Path | None, gathered: Gathered) -> list[SourceError]:
    from loaders.mapping import load_mapped, read_mapping

    known = read_mapping(mapping, model=gathered.model)
    gathered.model = known.model
    if pseudonyms is None and known.needs_key:
        raise ParameterError(
            Text(
                "对照文件用 secret 作编号：请用 --pseudonyms 指明密钥文件（在 Python 里用 pseudonyms=）",
                "the mapping makes ids out of what is secret: name a file for the key with --pseudonyms (pseudonyms= in Python)",
            ),
        )
    return load_mapped(list_sources(path), known, options, gathered)


def _conclude(gathered: Gathered, pseudonyms: str | Path | None, decisions: Decisions | None, *, describe: bool) -> Loading:
    """Hold the rules against what was gathered, and join the rows of one person."""
    repair_zeros(gathered)
    if pseudonyms is not None:
        gathered.forget_texts()
    tables, numbers = gathered.as_tables(), frozenset[str]()
    left = tuple(_left_out(gathered, tables))
    if pseudonyms is not None:
        key = open_key(pseudonyms)
        numbers = names_of_numbers(tables, key)
        tables = pseudonymise_ids(tables, key)
    inspection = inspect_tables(tables, gathered.breaches, joining=Joining(numbers, decisions))
    found = [*gathered.misfit_problems(), *gathered.remarks, *list_problems(inspection)] if describe else []
    problems = [gathered.in_words_of_the_file(problem) for problem in sort_problems(found, tables.model)]
    return Loading(set_aside(inspection), problems, tuple(gathered.readings), numbers, left)
