"""Messy files made by code, each a kind of mess found in real ones; all people in them are made up."""

import io
import zipfile

import openpyxl

RIGHT = "编号,名称\nz1,东区\nz2,西区\n"


def book(rows, *, title="农户", merge=(), hidden_rows=(), hidden_columns=(), formats=None, hidden=False):
    """The bytes of a workbook with one sheet; `formats` by cell."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    for row in hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for column in hidden_columns:
        sheet.column_dimensions[column].hidden = True
    for cell, shape in (formats or {}).items():
        sheet[cell].number_format = shape
    if hidden:
        workbook.create_sheet("说明")
        sheet.sheet_state = "hidden"
    sink = io.BytesIO()
    workbook.save(sink)
    return sink.getvalue()


def sheets(**rows):
    """The bytes of a workbook with several sheets."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, held in rows.items():
        sheet = workbook.create_sheet(name)
        for row in held:
            sheet.append(row)
    sink = io.BytesIO()
    workbook.save(sink)
    return sink.getvalue()


def ods(rows, *, repeated=""):
    """The bytes of an OpenDocument sheet 农户; `repeated` are attributes of its last cell."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(f"<table:table-row>{''.join(cell.format(text) for text in row)}</table:table-row>" for row in rows)
    if repeated:
        lines += f'<table:table-row {repeated}><table:table-cell office:value-type="string" {repeated.replace("rows", "columns")}><text:p>x</text:p></table:table-cell></table:table-row>'
    names = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body><office:spreadsheet><table:table table:name="农户">{lines}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
        out.writestr("content.xml", content)
    return sink.getvalue()


def zipped(files, *, flag=True):
    """The bytes of a ZIP; without `flag` its names are in GB18030 and it does not say so, as Chinese Windows writes it."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files.items():
            out.writestr(name if flag else name.encode("gb18030").decode("cp437"), data)
    whole = sink.getvalue()
    if flag:
        return whole
    raw = bytearray(whole)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = raw.find(mark)
        while start >= 0:
            size = int.from_bytes(raw[start + (26 if at == 6 else 28) :][:2], "little")
            name_at = start + (30 if at == 6 else 46)
            recoded = raw[name_at : name_at + size].decode("utf-8").encode("cp437")
            assert len(recoded) <= size
            start = raw.find(mark, start + 4)
    return whole


def locked_by_quote(rows=1_000, at=(10,)):
    """A CSV of so many households in which a stray quotation mark opens a cell in the rows named."""
    lines = ["编号,人口,是否困难户"]
    lines += [f'h{n},"{n % 6 + 1},否' if n in at else f"h{n},{n % 6 + 1},否" for n in range(1, rows + 1)]
    return "\n".join(lines) + "\n"
