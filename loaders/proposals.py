"""The table of pairs who may be one person, written for a human to decide; what was decided before stands in it again.

It holds names, which is what it is for: who decides must see them. Nothing else that graphkit prints or writes for others does.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphkit.arguments import need_a, need_lang
from graphkit.data.people import bodies_of, gather_people
from graphkit.data.tables import PROVENANCE, Tables
from graphkit.errors import ParameterError
from graphkit.files import replacing
from graphkit.formulas import without_formula
from graphkit.identity.decisions import JUDGEMENTS, Decision, Decisions
from graphkit.identity.people import Proposal, propose_people
from graphkit.model.kinds import BRANCH, COOPERATIVE, MEMBER, VILLAGE
from graphkit.words import Lang, Text
from loaders.decisions import FIRST, JUDGEMENT, SECOND

SHEET, GUIDE = Text("待判断", "decisions"), Text("说明", "guide")
_PERSONAL = Text("（个人信息）", " (personal)")
_ABOUT = (
    Text("姓名", "name"), Text("出生年", "birth year"), Text("入党日期", "admitted on"), Text("村", "village"), Text("党组织", "branch"),
    Text("合作组织", "co-operative"), Text("出处", "place"),
)  # fmt: skip
_HINTS = {True: Text("很可能", "likely"), False: Text("可能", "possible")}
_EARLIER = Text("以前的判断，现在的数据里没有提出", "an earlier decision, not proposed by the data at hand")
_GUIDE = (
    Text("内有姓名和出生年：只留在本机，不外传，不上传。", "Holds names and years of birth: keep it on this computer, and pass it to nobody."),
    Text("每行是可能为同一人的两条登记。只填“判断”一列：同一人、不同人、待定；空着就是待定。",
         "Each row is two entries that may be one person. Fill in the first column alone: same, different, open; empty is open."),
    Text("没有判断为“同一人”的，一律算两个人。提示和理由只是供参考，不作任何决定。",
         "Whoever is not decided to be the same stays two people. Hint and evidence are there to help and decide nothing."),
    Text("可以自己加行：填判断、编号一、编号二。", "Rows of your own may be added: a decision, id 1 and id 2."),
    Text("装入时：graphkit load 数据 库 --people 本文件。改了判断再装一次，就照新的来。",
         "To load: graphkit load SOURCE STORE --people THIS_FILE. Change a decision, load again, and the new one holds."),
    Text("权重是各项证据之和（以 2 为底的对数，m 与 u 见文档），只用来排先后。",
         "The weight is the sum of the evidence in bits (log2 m/u, stated in the documentation); it gives the order alone."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """One line to write: two ids, what was decided, and why they stand there."""

    first: str
    second: str
    judgement: str
    hint: str
    weight: str
    evidence: str


def write_proposals(
    tables: Tables, path: str | Path, *, numbers: Collection[str] = (), decisions: Decisions | None = None, lang: Lang = "zh"
) -> list[Proposal]:
    """Write the pairs of members who may be one person, with the evidence, for a human to decide.

    Parameters
    ----------
    tables : Tables
        Sound rows, people not yet joined: loaded without decisions.
    path : path
        ``.xlsx`` or ``.csv``. It holds names and is readable by its owner alone.
    numbers : collection of str
        Ids that stand for a valid identity number (`loaders.Loading.numbers`): two of these are never proposed.
    decisions : Decisions, optional
        What was decided before; it is written again, whether the pair is proposed now or not.
    lang : {"zh", "en"}
        Language of headings and evidence.

    Returns
    -------
    list of Proposal
        The likeliest first. What m, u and chances are is said in `graphkit.identity.people`.

    Raises
    ------
    ParameterError
        If the suffix is another, or `tables` are no Tables.
    WriteError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import pyarrow as pa
    >>> rows = {"id": ["m1", "m7"], "name": ["张三丰", "張三丰"], "birth_year": [1970, 1970]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [found] = write_proposals(Tables({"Member": pa.table(rows)}), Path(folder) / "people.csv", lang="en")
    >>> found.evidence.en
    'same name (2 rows); same year of birth'
    """
    need_a(Tables, tables, "write_proposals")
    need_lang(lang)
    path = Path(path)
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise ParameterError(Text("文件名的后缀应为 .xlsx 或 .csv", "the file is named .xlsx or .csv"))
    proposals = propose_people(gather_people(tables, numbers))
    rows = list(_rows(proposals, decisions.rows if decisions else (), lang))
    about = _describe(tables, {one for row in rows for one in (row.first, row.second)})
    cells = [_cells(row, about) for row in rows]
    with replacing(path, private=True) as coming:
        (_write_csv if path.suffix.lower() == ".csv" else _write_workbook)(coming, _headings(lang), cells, lang)
    return proposals


def _rows(proposals: Sequence[Proposal], before: Sequence[Decision], lang: Lang) -> Iterator[_Row]:
    """Every proposal with what was decided of it, then what was decided of others."""
    decided = {frozenset((row.first, row.second)): row for row in before if row.judgement != "open"}
    for pair in proposals:
        earlier = decided.pop(frozenset((pair.first, pair.second)), None)
        said = JUDGEMENTS[earlier.judgement].say(lang) if earlier else ""
        yield _Row(pair.first, pair.second, said, _HINTS[pair.is_likely].say(lang), f"{pair.weight:.1f}", pair.evidence.say(lang))
    for row in decided.values():
        yield _Row(row.first, row.second, JUDGEMENTS[row.judgement].say(lang), "", "", _EARLIER.say(lang))


def _headings(lang: Lang) -> list[str]:
    plain = [JUDGEMENT, Text("提示", "hint"), Text("理由", "evidence"), FIRST, SECOND]
    number = Text("一二", "12")
    about = [
        Text(f"{heading.zh}{number.zh[place]}{_PERSONAL.zh}", f"{heading.en} {number.en[place]}{_PERSONAL.en}")
        for heading in _ABOUT
        for place in (0, 1)
    ]
    return [heading.say(lang) for heading in (*plain, *about, Text("权重", "weight"))]


def _cells(row: _Row, about: Mapping[str, Sequence[str]]) -> list[str]:
    none = [""] * len(_ABOUT)
    both = zip(about.get(row.first, none), about.get(row.second, none), strict=True)
    return [row.judgement, row.hint, row.evidence, row.first, row.second, *(cell for pair in both for cell in pair), row.weight]


def _describe(tables: Tables, wanted: Collection[str]) -> dict[str, list[str]]:
    """What a human needs to see of each person, in the order of `_ABOUT`."""
    members = tables[MEMBER.table]
    chosen = [row for row in members.to_pylist() if row["id"] in wanted]
    bodies = [_names_of_bodies(tables, label, wanted) for label in (VILLAGE.label, BRANCH.label, COOPERATIVE.label)]
    return {
        row["id"]: [
            row["name"] or "", str(row["birth_year"] or ""), str(row["admitted_on"] or ""), *("、".join(names.get(row["id"], [])) for names in bodies),
            " · ".join(dict.fromkeys(str(row[name]) for name in PROVENANCE.names if row[name] is not None)),
        ]
        for row in chosen
    }  # fmt: skip


def _names_of_bodies(tables: Tables, label: str, wanted: Collection[str]) -> dict[str, list[str]]:
    """The bodies of each person by name, those without one by their key."""
    kind = tables.model.node_type(label)
    table = tables[kind.table]
    names = dict(zip(table[kind.key].to_pylist(), table["name"].to_pylist(), strict=True))
    pairs = bodies_of(tables, label)
    found: dict[str, list[str]] = {}
    for person, body in zip(pairs["person"].to_pylist(), pairs["body"].to_pylist(), strict=True):
        if person in wanted:
            found.setdefault(person, []).append(names.get(body) or body)
    return {person: sorted(bodies) for person, bodies in found.items()}


def _write_csv(path: Path, headings: Sequence[str], rows: Sequence[Sequence[str]], _lang: Lang) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([headings, *([without_formula(cell) for cell in row] for row in rows)])


def _write_workbook(path: Path, headings: Sequence[str], rows: Sequence[Sequence[str]], lang: Lang) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        bold, text = book.add_format({"bold": True, "bg_color": "#DDEBF7", "text_wrap": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(SHEET.say(lang))
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell, text)
        _lay_out(sheet, len(rows), len(headings), lang)
        guide = book.add_worksheet(GUIDE.say(lang))
        guide.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
        for number, line in enumerate(_GUIDE):
            guide.write_string(number, 0, line.say(lang))


def _lay_out(sheet: Any, rows: int, columns: int, lang: Lang) -> None:
    """Widths, a pick list of decisions that runs on below the rows, and the personal word on every printed page."""
    sheet.set_column(0, columns - 1, 14)
    sheet.set_column(2, 2, 50)
    sheet.data_validation(1, 0, rows + 200, 0, {"validate": "list", "source": [word.say(lang) for word in JUDGEMENTS.values()]})
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(rows, 1), columns - 1)
    sheet.set_header(f"&C{_GUIDE[0].say(lang)}")
