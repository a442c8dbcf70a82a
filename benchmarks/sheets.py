"""What workbooks and mappings cost to load, in seconds of processor of this process and its children, the least of three.

    python benchmarks/sheets.py                 # the figures in docs/spreadsheets.md
    python benchmarks/sheets.py --rows 10000

A workbook is held against what `python_calamine` takes to make Python lists of it, a mapping against the canonical form of the same rows as CSV.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import python_calamine
import xlsxwriter

import loaders

MAPPING = """
[[read]]
files = "台账.csv"
missing = ["不详"]
[[read.node]]
table = "Household"
id = "户号"
people = "家庭人口"
is_poor = {column = "类型", words = {"贫困户" = "yes", "一般户" = "no"}}
[[read.tie]]
table = "Household LIVES_IN Village"
household_id = "户号"
village_code = "村"
[[read]]
files = "村表.csv"
[[read.node]]
table = "Village"
code = "村"
name = "村名"
"""


def processor_seconds(work: Callable[[], object]) -> float:
    """The least of three of what the work costs, children included."""
    costs = []
    for _ in range(3):
        before = _spent()
        work()
        costs.append(_spent() - before)
    return min(costs)


def _spent() -> float:
    held = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in held)


def village(number: int) -> str:
    return f"230112{number // 20:03}{number % 20 + 200:03}"


def write_households(path: Path, rows: int, *, formula: bool = False) -> Path:
    """Households with numbers and words, where each lives, and the villages; with a formula, no sheet is one that is read column by column."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("农户")
        sheet.write_row(0, 0, ["编号", "人口", "是否困难户"])
        for row in range(1, rows + 1):
            sheet.write_row(row, 0, [f"h{row:06}", row % 7 + 1, "否" if row % 5 else "是"])
        if formula:
            sheet.write_formula(rows, 1, "=1+1", None, 2)
    return path


def write_members(path: Path, rows: int) -> Path:
    """Members with names, all different, days and years."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, day = book.add_worksheet("党员与培养对象"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["编号", "姓名", "发展阶段", "入党日期", "出生年", "文化程度"])
        for row in range(1, rows + 1):
            sheet.write_row(row, 0, [f"m{row:06}", f"某{row}", "正式党员"])
            sheet.write_number(row, 3, 32_900 + row % 7_000, day)
            sheet.write_row(row, 4, [1930 + row % 40, "初中" if row % 2 else "大专"])
    return path


def write_csv(folder: Path, rows: int) -> tuple[Path, Path]:
    """The same rows in the canonical form, and as an office has them with a mapping."""
    canonical, office = folder / "canonical", folder / "office"
    for each in (canonical, office):
        each.mkdir()
    ids, villages = [f"h{row:06}" for row in range(rows)], [village(row % 200) for row in range(rows)]
    people, poor = [row % 7 + 1 for row in range(rows)], [row % 5 == 0 for row in range(rows)]
    places = [(village(number), f"{number}村") for number in range(200)]
    _lines(canonical / "农户.csv", ["编号", "人口", "是否困难户"], zip(ids, people, ("是" if one else "否" for one in poor), strict=True))
    _lines(canonical / "农户居住村.csv", ["农户编号", "村代码"], zip(ids, villages, strict=True))
    _lines(canonical / "村.csv", ["代码", "名称"], places)
    said = ("贫困户" if one else "一般户" for one in poor)
    _lines(office / "台账.csv", ["户号", "家庭人口", "类型", "村"], zip(ids, people, said, villages, strict=True))
    _lines(office / "村表.csv", ["村", "村名"], places)
    (folder / "m.toml").write_text(MAPPING, encoding="utf-8")
    return canonical, office


def _lines(path: Path, headings: list[str], rows: object) -> None:
    path.write_text("\n".join(",".join(map(str, row)) for row in [headings, *rows]) + "\n", encoding="utf-8")  # type: ignore[misc]


def read_raw(path: Path) -> None:
    with python_calamine.load_workbook(str(path)) as book:
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    asked.add_argument("--rows", type=int, default=50_000)
    rows = asked.parse_args().rows
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        books = {
            "households": write_households(folder / "a.xlsx", rows),
            "members, with days": write_members(folder / "b.xlsx", rows),
            "households, with a formula": write_households(folder / "c.xlsx", rows, formula=True),
        }
        for name, path in books.items():
            loaders.load(path)
            raw, whole = processor_seconds(lambda path=path: read_raw(path)), processor_seconds(lambda path=path: loaders.load(path))
            print(f"{rows:,} {name}: calamine {raw:.3f} s, load {whole:.3f} s, {whole / raw:.2f} x")
        canonical, office = write_csv(folder, 4 * rows)
        plain = processor_seconds(lambda: loaders.load(canonical))
        mapped = processor_seconds(lambda: loaders.load(office, mapping=folder / "m.toml"))
        print(f"{4 * rows:,} rows of CSV: canonical {plain:.3f} s, with a mapping {mapped:.3f} s, {mapped / plain - 1:+.0%}")


if __name__ == "__main__":
    main()
