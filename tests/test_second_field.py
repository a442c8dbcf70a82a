"""Agricultural extension in the shipped model: its own words everywhere that a reader looks, and rules worked by hand."""

from __future__ import annotations

import base64
import datetime as dt
import html
import json
import pickle
import re
import zlib
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from typer.testing import CliRunner

import loaders
from graphkit.cli import app
from graphkit.data.tables import Tables
from graphkit.errors import ModelError
from graphkit.model.kinds import MODEL
from graphkit.model.reader import declare, read_model, restore_model
from graphkit.questions.bridges.find import find_bridge_figures
from graphkit.network import Network
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.questions.files import read_finding, write_finding
from graphkit.words import Terms, Text

FIELD = Path(__file__).parents[1] / "examples/extension"
DAY = "2026-06-30"
CHINESE = re.compile(r"党|支部|(?<!村民)(?<!居民)委员会|村官|干部|书记|预备|积极分子|组织关系|脱管|入党|申请人|一帮一|困难户|指导员")
ENGLISH = re.compile(
    r"\b(?:party|branch|branches|cadres?|committees?|probationary|activists?|admission|secretar(?:y|ies)|full members?|co-operatives?)\b", re.IGNORECASE
)
OF_VILLAGES = re.compile(r"village or residents' committee|village committee|residents' committee|村委会|居委会", re.IGNORECASE)


def find_party_words(text: str) -> list[str]:
    """Party words with what stands around them; the committee of a village is none."""
    plain = OF_VILLAGES.sub("", text)
    return [plain[max(0, m.start() - 30) : m.end() + 30] for words in (CHINESE, ENGLISH) for m in words.finditer(plain)]


@pytest.fixture(scope="module")
def produced(tmp_path_factory):
    """Everything that a user of the example is shown: what commands print, and the files that they write."""
    folder, run = tmp_path_factory.mktemp("field"), CliRunner()
    store, said = str(folder / "x.gk"), {}
    model = str(FIELD / "model.toml")
    for lang in ("zh", "en"):
        last = ["--as-of", DAY, "--lang", lang]
        commands = {
            "check": ["check", str(FIELD / "data"), "--model", model, "--lang", lang],
            "load": ["load", str(FIELD / "data"), store, "--model", model, "--lang", lang],
            "template": ["template", str(folder / f"template-{lang}.xlsx"), "--model", model, "--lang", lang],
            "gaps": ["gaps", store, "--rules", "extension", "--out", str(folder / f"gaps-{lang}.xlsx"), *last],
            "bridges": ["bridges", store, "--out", str(folder / f"bridges-{lang}.html"), *last],
            "reach": ["reach", store, "--out", str(folder / f"reach-{lang}.html"), *last],
        }  # fmt: skip
        if lang == "zh":
            commands["map"] = ["map", store, str(folder / "map.html"), "--rules", "extension", *last]
            commands["report"] = ["report", store, str(folder / "report.html"), "--rules", "extension", *last]
        for name, command in commands.items():
            result = run.invoke(app, command)
            assert result.exit_code == 0, (name, result.output)
            said[name, lang] = result.output.replace(str(folder), "")
    return folder, said


def test_nothing_printed_has_a_party_word(produced):
    _, said = produced
    assert {name: found for name, text in said.items() if (found := find_party_words(text))} == {}


def test_no_workbook_has_a_party_word(produced):
    found = {}
    for path in produced[0].glob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        texts = [*book.sheetnames, *(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)]
        texts += [str(v.formula1) for sheet in book for v in sheet.data_validations.dataValidation]
        found[path.name] = find_party_words("\n".join(texts))
    assert len(found) == 4
    assert {name: words for name, words in found.items() if words} == {}


def read_texts(page: str) -> str:
    """What a page shows: its words, those in its pictures, in its data and in its script."""
    body = page.split("<body>")[1]
    pictures = [base64.b64decode(found).decode() for found in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', body)]
    blocks = re.findall(r'<script type="application/json" id="data">(.*?)</script>', body, re.DOTALL)
    data = [inflate(json.loads(block)) for block in blocks]
    pairs = re.findall(r'\["(?:[^"\\]|\\.)*", "(?:[^"\\]|\\.)*"\]', body)
    shown = re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style).*?</\1>|<img[^>]*>", "", body, flags=re.DOTALL))
    alts = re.findall(r'(?:alt|aria-label|title)="([^"]*)"', body)
    drawn = [re.sub(r"<[^>]+>|<style.*?</style>", " ", picture, flags=re.DOTALL) for picture in pictures]
    return html.unescape("\n".join([shown, *alts, *drawn, *pairs, *(text for one in data for text in list_strings(one))]))


def inflate(data):
    return json.loads(zlib.decompress(base64.b64decode(data["deflated"]))) if "deflated" in data else data


def list_strings(value, key=""):
    """Every string in the data of a map but the labels by which its script knows the kinds and ties."""
    if isinstance(value, dict):
        return [text for name, part in value.items() for text in list_strings(part, name)]
    if isinstance(value, list):
        return [text for part in value for text in list_strings(part, key)]
    return [value] if isinstance(value, str) and key not in ("label", "source", "target", "table") else []


@pytest.mark.parametrize("name", ["map.html", "report.html", "bridges-zh.html", "bridges-en.html", "reach-zh.html", "reach-en.html"])
def test_no_page_has_a_party_word(produced, name):
    text = read_texts((produced[0] / name).read_text("utf-8"))
    assert find_party_words(text) == []
    assert ("推广机构" in text or "农技员" in text) if "-en" not in name else ("station" in text or "adviser" in text)


def test_the_look_finds_what_it_looks_for():
    page = (Path(__file__).parents[1] / "graphkit/show/map/assets/words.js").read_text("utf-8")
    assert find_party_words("\n".join(re.findall(r'\["(?:[^"\\]|\\.)*", "(?:[^"\\]|\\.)*"\]', page)))
