"""Agricultural extension in the shipped model: its own words everywhere that a reader looks, and rules worked by hand."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import html
import io
import json
import pickle
import re
import zlib
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

import loaders
from graphkit.cli import main
from graphkit.data.tables import Tables
from graphkit.errors import ModelError
from graphkit.model.kinds import MODEL
from graphkit.model.reader import declare, read_model, restore_model
from graphkit.network import Network
from graphkit.questions.bridges.find import find_bridge_figures
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.questions.coverage.summary import list_cascades
from graphkit.questions.files import read_finding, write_finding
from graphkit.words import Terms, Text
from tests.random_districts import make

FIELD = Path(__file__).parents[1] / "examples/extension"
DAY = "2026-06-30"
CHINESE = re.compile(r"党|支部|(?<!村民)(?<!居民)委员会|村官|干部|书记|预备|积极分子|组织关系|脱管|入党|申请人|一帮一|困难户|指导员")
ENGLISH = re.compile(
    r"\b(?:party|branch|branches|cadres?|committees?|probationary|activists?|admission|secretar(?:y|ies)|full members?|co-operatives?)\b",
    re.IGNORECASE,
)
OF_VILLAGES = re.compile(r"village or residents' committee|village committee|residents' committee|村委会|居委会", re.IGNORECASE)


TABLES = {kind.table for kind in MODEL.kinds}


def find_party_words(text: str) -> list[str]:
    """Party words with what stands around them; the committee of a village is none."""
    plain = OF_VILLAGES.sub("", text)
    return [plain[max(0, m.start() - 30) : m.end() + 30] for words in (CHINESE, ENGLISH) for m in words.finditer(plain)]


@pytest.fixture(scope="module")
def produced(tmp_path_factory):
    """Everything that a user of the example is shown: what commands print, and the files that they write."""
    folder = tmp_path_factory.mktemp("field")
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
            page = io.StringIO()
            with contextlib.redirect_stdout(page), contextlib.redirect_stderr(page):
                assert main(command) == 0, page.getvalue()
            said[name, lang] = page.getvalue().replace(str(folder), "")
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
    return [value] if isinstance(value, str) and key != "label" and value not in TABLES else []


@pytest.mark.parametrize("name", ["map.html", "report.html", "bridges-zh.html", "bridges-en.html", "reach-zh.html", "reach-en.html"])
def test_no_page_has_a_party_word(produced, name):
    text = read_texts((produced[0] / name).read_text("utf-8"))
    assert find_party_words(text) == []
    assert ("推广机构" in text or "农技员" in text) if "-en" not in name else ("station" in text or "adviser" in text)


def test_the_look_finds_what_it_looks_for():
    page = (Path(__file__).parents[1] / "graphkit/show/map/assets/words.js").read_text("utf-8")
    assert find_party_words("\n".join(re.findall(r'\["(?:[^"\\]|\\.)*", "(?:[^"\\]|\\.)*"\]', page)))


# Words are data: kept with the store, in one language or both, and never put over names or over the words of a pack


def test_without_words_nothing_is_touched():
    text = Text("党组织", "branch")
    assert Terms().put(text) is text
    assert MODEL.terms == Terms()
    assert declare(MODEL) == {}


def test_the_store_keeps_the_words():
    model = read_model(FIELD / "model.toml")
    assert restore_model(json.loads(json.dumps(declare(model)))) == model
    assert pickle.loads(pickle.dumps(model)) == model
    assert model != MODEL
    assert model.extend() == model
    assert [kind.table for kind in model.kinds] == [kind.table for kind in MODEL.kinds]


def make_groups(*sizes: int, scope: str = "village", name: str = "g", model=MODEL) -> Tables:
    """Farmer groups of so many households, with no station and no adviser."""
    ids = [f"g{n}" for n in range(len(sizes))]
    homes = [(f"h{g}-{n}", group) for g, (group, size) in enumerate(zip(ids, sizes, strict=True)) for n in range(size)]
    return Tables(
        {
            "Cooperative": pa.table({"id": ids, "name": [name] * len(ids), "scope": [scope] * len(ids)}),
            "Household": pa.table({"id": [home for home, _ in homes], "is_poor": [False] * len(homes)}),
            "Household JOINED Cooperative": pa.table({"household_id": [home for home, _ in homes], "cooperative_id": [group for _, group in homes]}),
        },
        model=model,
    )


@pytest.mark.parametrize(
    ("day", "scope", "below", "enough"),
    [
        (dt.date(2024, 12, 31), "village", 19, 20),  # item 1 of the example: 20 households until the end of 2024
        (dt.date(2025, 1, 1), "village", 14, 15),  # and 15 from the first day of 2025
        (dt.date(2024, 12, 31), "cross_township", 29, 30),  # across townships 30 on every day
        (dt.date(2025, 1, 1), "cross_township", 29, 30),
    ],
)
def test_a_number_differs_by_scope_and_changes_on_a_day(day, scope, below, enough):
    gaps = find_coverage_gaps(make_groups(below, enough, scope=scope), rules="extension", as_of=day).rows
    asked = {rule: gaps.loc[gaps["rule"] == f"extension.{rule}", "subject_id"].tolist() for rule in ("station", "liaison")}
    assert asked == {"station": ["g1"], "liaison": ["g0"]}
    assert f"; from {enough} on" in gaps.loc[gaps["rule"] == "extension.station", "reason_en"].item()


def test_before_the_rules_were_in_force_nothing_is_asked():
    tables = make_groups(40)
    assert len(find_coverage_gaps(tables, rules="extension", as_of=dt.date(2019, 12, 31))) == 0
    assert len(find_coverage_gaps(tables, rules="extension", as_of=dt.date(2020, 1, 1))) == 1


def test_names_and_the_words_of_a_pack_stay(tmp_path):
    """A group may be called Branch, and a pack may speak of the branches of a bank: neither is the field's branch."""
    pack = tmp_path / "bank.toml"
    pack.write_text(
        'id = "bank"\ntitle = "b"\nsource = "s"\n[[rules]]\nid = "r"\ntitle = { zh = "银行支部", en = "a bank branch near" }\n'
        'text = { zh = "银行支部", en = "a bank branch near" }\napplies_to = "Cooperative"\nmet = { own_bodies = ">= 1" }\n'
        'reason = [{ zh = "银行支部", en = "no bank branch" }]\n', encoding="utf-8",
    )  # fmt: skip
    model = read_model(FIELD / "model.toml")
    gaps = find_coverage_gaps(make_groups(1, name="Branch Road", model=model), rules=pack, as_of=dt.date(2025, 1, 1))
    row = gaps.to_frame("en").iloc[0].astype(str).tolist()
    assert {"Branch Road", "a bank branch near", "no bank branch"} <= set(row)
    assert "stations (bodies)" in gaps.to_frame("en").columns
    assert any("a bank branch near" in caveat.en for caveat in gaps.caveats)


def test_a_bridge_figure_keeps_the_names_of_bodies():
    """m2 alone joins m1's group to m3's, which is called after a branch line."""
    works = {"member_id": ["m1", "m2", "m2", "m3"], "cooperative_id": ["g1", "g1", "g2", "g2"]}
    tables = Tables(
        {
            "Cooperative": pa.table({"id": ["g1", "g2"], "name": ["one", "Old branch line"]}), "Member": pa.table({"id": ["m1", "m2", "m3"]}),
            "Member WORKS_IN Cooperative": pa.table(works),
        }, model=read_model(FIELD / "model.toml"),
    )  # fmt: skip
    reason = find_bridge_figures(Network.from_tables(tables)).rows.iloc[0]["reason_en"]
    assert "Old branch line" in reason
    assert "co-operative" not in reason


def test_a_field_in_one_language_invents_no_words(tmp_path):
    (tmp_path / "m.toml").write_text('[words.zh]\n"党组织" = "服务站"\n', encoding="utf-8")
    model = read_model(tmp_path / "m.toml")
    assert model.table_type("Branch").heading == Text("服务站", "服务站")
    pack = tmp_path / "p.toml"
    pack.write_text(
        'id = "p"\ntitle = "规则"\nsource = "示例"\n[[rules]]\nid = "r"\ntext = "小组有服务站"\napplies_to = "Cooperative"\n'
        'met = { own_bodies = ">= 1" }\nreason = [{ zh = "没有服务站" }]\n', encoding="utf-8",
    )  # fmt: skip
    gaps = find_coverage_gaps(make_groups(3, model=model), rules=pack, as_of=dt.date(2025, 1, 1))
    row = gaps.rows.iloc[0]
    assert (row["reason_zh"], row["reason_en"]) == ("没有服务站", "没有服务站")
    assert not any(re.search(r"[a-z]{3,}", caveat.en.replace("p.r", "")) for caveat in gaps.caveats)


def test_an_answer_read_back_knows_its_words(tmp_path):
    gaps = find_coverage_gaps(make_groups(20, model=read_model(FIELD / "model.toml")), rules="extension", as_of=dt.date(2025, 1, 1))
    again = read_finding(write_finding(gaps, tmp_path / "g.parquet"))
    assert again.terms == gaps.terms
    assert again.columns == gaps.columns


@pytest.mark.parametrize("words", ['[words]\nfr = {a = "b"}', "[words.zh]", '[words.zh]\n"党" = ""', '[words.zh]\n"党" = 3', 'words = "x"'])
def test_words_that_are_none_are_refused(tmp_path, words):
    (tmp_path / "m.toml").write_text(words, encoding="utf-8")
    with pytest.raises(ModelError):
        read_model(tmp_path / "m.toml")


def test_two_kinds_of_one_name_are_refused():
    with pytest.raises(ModelError, match="another sheet is called"):
        restore_model({"words": {"en": {"co-operative": "village"}}})


def test_the_example_is_what_its_script_makes(tmp_path):
    code = compile((FIELD / "make.py").read_text("utf-8"), str(FIELD / "make.py"), "exec")
    space = {"__name__": "make", "__file__": str(FIELD / "make.py")}
    exec(code, space)
    space["write"](tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in (FIELD / "data").iterdir()}
    assert loaders.read_source(FIELD / "data", model=read_model(FIELD / "model.toml")).problems == []


def test_three_steps_from_a_service_to_an_adviser_on_the_spot_by_hand():
    """v1 has nothing, v2 a point alone, v3 a station and a trainee, v4 a station and an adviser, v5 an adviser whom no station brought."""
    villages = [f"99010100100{n}" for n in range(1, 6)]
    homes = {"trainee": ("probationary", villages[2]), "adviser": ("full", villages[3]), "stranger": ("full", villages[4])}
    serves = {"point": ("liaison_post", villages[1]), "s3": ("branch", villages[2]), "s4": ("branch", villages[3])}
    tables = make({
        "Village": [{"code": code} for code in villages], "Member": [{"id": i, "stage": stage} for i, (stage, _) in homes.items()],
        "Member LIVES_IN Village": [{"member_id": i, "village_code": code} for i, (_, code) in homes.items()],
        "Branch": [{"id": i, "kind": kind} for i, (kind, _) in serves.items()],
        "Branch SERVES Village": [{"branch_id": i, "village_code": code} for i, (_, code) in serves.items()],
    })  # fmt: skip
    steps = list_cascades(find_coverage_gaps(tables, rules="extension", as_of=dt.date.fromisoformat(DAY)))
    assert steps[steps["cascade"] == "extension.village"][["step", "rule", "asked", "met", "open"]].to_numpy().tolist() == [
        [1, "extension.village", 5, 3, 2], [2, "extension.village-station", 3, 2, 1], [3, "extension.village-adviser", 2, 1, 1],
    ]  # fmt: skip
