"""A plain CSV file is read in one go, and comes out as the careful reader has it: every table, problem, repair and account."""

import csv
import datetime as dt
import io
import random
import sys

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from graphkit.data.buffers import first_letters, holds_any, is_ascii, is_tidy
from graphkit.data.numbered import places_in
from graphkit.errors import GraphkitError
from graphkit.model.kinds import MODEL
from loaders import plain
from loaders.files import ReadOptions, list_sources
from loaders.load import read_source
from loaders.plain import read_plain

ODD = [
    " ", "\t", "/", "—", "不详", "N/A", "#N/A", "合计", "合 计", "Total", "其中：", "注：某", "备注", "填表人：某", "note: a", "第 2 页", "续表", "pAGe 4", "编号",
    "ｈ１", "h\u200b1", "h1 ", " h2", "1", "'=1+1", "2012", "2012-3", "2012年3月5日", "2012-03-05 00:00:00", "2012-02-30", "0000-01-01",
    "0999-01-01", " 2012-03-05", "-0001-01-01", "9999-12-31", "20120305", "007", "+5", "-0", "0x1F", "1.0", "１２", "2.3E+11", "TRUE", "0",
    "110105194912310021", "13812345678", "é", "村\u00a0", "\u3000村", "\ue000=", "230112104001.0", "x\x0b", "a\nb", "ſum",
    "99999999999999999999",
]  # fmt: skip


def written(draw, column, number):
    """A sound cell of a column, or none."""
    if column.choices:
        choice = draw.choice(column.choices)
        return draw.choice([choice.value, choice.heading.zh])
    if column.type == "date":
        return str(dt.date(1990, 1, 1) + dt.timedelta(draw.randrange(8000)))
    if column.type == "integer":
        return str(draw.randint(column.minimum or 0, min(column.maximum or 60, 2000)))
    if column.type == "boolean":
        return draw.choice("是否")
    return draw.choice(["", "一村", 'say "a"', "a,b", f"张{number}"])


def make_file(draw, folder, kind):
    """A file of one kind: sound, or with a cell, a row, a heading or an encoding that no plain file has."""
    columns = [column for column in kind.columns if column.required or draw.random() < 0.7]
    ends = {end.name: label for end, label in zip(kind.ends, (kind.source, kind.target), strict=True)} if hasattr(kind, "ends") else {}
    ids = {**ends, getattr(kind, "key", ""): getattr(kind, "label", "")}
    number = draw.choice([1, 3, 12, 45])
    rows = []
    for place in range(number):
        keys = {name: draw.randrange(number) if name in ends else place for name in ids}
        rows.append([name_id(ids[c.name], keys[c.name]) if c.name in ids else written(draw, c, place) for c in columns])
    heading = [column.heading.zh for column in columns]
    messy = draw.random() < 0.6
    for _ in range(draw.choice([1, 2, 5]) if messy else 0):
        rows[draw.randrange(number)][draw.randrange(len(columns))] = draw.choice(ODD)
    beside = {
        "total": ["合计"],
        "blank": [""],
        "again": heading,
        "numbers": list(map(str, range(1, len(columns) + 1))),
        "long": ["x"] * (len(columns) + 1),
    }
    if messy and draw.random() < 0.3:
        way = draw.choice([*beside])
        row = beside[way] + [""] * (len(columns) - len(beside[way]))
        rows.insert(draw.choice([0, draw.randrange(number), number]), row)
    text = io.StringIO()
    quoting, end = draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), draw.choice(["\n", "\r\n"])
    csv.writer(text, quoting=quoting, lineterminator=end).writerows([heading if not messy or draw.random() < 0.9 else ["某表"], *rows])
    data = text.getvalue() if not messy or draw.random() < 0.8 else text.getvalue().rstrip("\r\n")
    (folder / f"{kind.heading.zh}.csv").write_bytes(data.encode(draw.choice(["utf-8", "utf-8-sig"])))


def name_id(label, number):
    """The id of a thing, of as many digits as its kind asks for."""
    digits = next(column.digits for column in MODEL.node_type(label).columns if column.name == MODEL.node_type(label).key)
    return str(230112104000 + number)[:digits].zfill(digits) if digits else f"{label[0].lower()}{number:04}"


def outcome(folder):
    """All that comes out of a folder."""
    try:
        loading = read_source(folder)
    except GraphkitError as error:
        return error.say("zh"), error.say("en")
    tables = {**loading.tables, **loading.tables.account()}
    return {name: table.to_pylist() for name, table in tables.items()}, loading.problems, loading.readings, loading.left


def test_whatever_the_file_both_readers_give_the_same(tmp_path, monkeypatch):
    taken = 0
    for seed in range(60):
        draw = random.Random(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        tie = draw.choice(MODEL.ties)
        for kind in {tie, tie.source_type, tie.target_type}:
            make_file(draw, folder, kind)
        monkeypatch.setattr(plain, "BLOCK", draw.choice([300, 2**20]))
        taken += sum(read_plain(source, ReadOptions(), MODEL) is not None for source in list_sources(folder))
        quick = outcome(folder)
        with monkeypatch.context() as careful:
            careful.setattr(sys.modules["loaders.load"], "read_plain", lambda *_: None)
            assert outcome(folder) == quick, seed
    assert taken > 50


@pytest.mark.parametrize("beginning", ["", "h", "m-", "abcdefgh", "abcdefghi", "é"])
@pytest.mark.parametrize("digits", [1, 7, 8, 9, 12, 16, 17])
def test_ids_are_found_as_a_look_up_of_texts_finds_them(beginning, digits):
    draw = random.Random(f"{beginning}{digits}")

    def some(count):
        return [f"{beginning}{draw.randrange(10 ** min(digits, 2)):0{digits}}" for _ in range(count)]

    for odd in (None, "", "x" * (len(beginning) + digits), f"{beginning}{':' * digits}", f"{beginning}{'/' * digits}", beginning, "é"):
        keys = pa.array(["z", *some(6)], pa.string())[1:]
        columns = [pa.chunked_array([["z"], some(5), [odd] if place else []], pa.string()).slice(1) for place in range(2)]
        for column, places in zip(columns, places_in(keys, columns), strict=True):
            assert places.tolist() == pc.index_in(column, value_set=keys).fill_null(-1).to_pylist()


def test_what_a_column_holds_is_told_from_its_memory():
    draw = random.Random(2)
    for _ in range(2_000):
        words = [
            draw.choice([None, *("".join(draw.choices("ah1村页\uff03é😀 ~\x00", k=count)) for count in (0, 1, 2))]) for _ in range(draw.randrange(4))
        ]
        texts = pa.array(["村z", *words], pa.string())[1:]
        said = [word for word in words if word is not None]
        firsts = first_letters(texts)
        assert firsts is None or ("" not in said and {word[0] for word in said} <= set(firsts))
        assert is_ascii(texts) == all(map(str.isascii, said))
        assert is_tidy(texts) == (bool(said) and all(word and word.isascii() and " " not in word and "\x00" not in word for word in said))
        assert holds_any(texts, ["页"]) == any("页" in word for word in said)
    assert np.array_equal(first_letters(pa.array(["村", "h"])), ["h", "村"])
