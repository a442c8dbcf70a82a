"""Chinese in plots on machines of every kind: fonts that came after matplotlib's list was made, and no font at all.

Each runs in a process of its own, because matplotlib reads its list once; there a warning is an error.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import nbformat
import pytest
from nbclient import NotebookClient

from graphkit.pages.fonts import CHINESE_FONTS, find_chinese_font

# What makes a machine without any Chinese font of the one the tests run on.
NO_FONT = """
import matplotlib.font_manager as manager
from graphkit.pages.fonts import CHINESE_FONTS
manager.fontManager.ttflist = [font for font in manager.fontManager.ttflist if font.name not in CHINESE_FONTS]
manager.findSystemFonts = lambda *_places: []
"""
FINDINGS = """
from tests.page_samples import make_district, make_findings
tables = make_district()
findings = make_findings(tables)
"""
DRAW = """
import io, warnings
from matplotlib.figure import Figure
from graphkit.pages.plots import draw_finding
said = []
warnings.showwarning = lambda message, *_: said.append(str(message))
warnings.simplefilter("always")
for finding in findings.values():
    ax = draw_finding(finding, lang=LANG, ax=Figure().subplots(), labels={"M00-0": "第一村书记", "230112100000": "第一村"})
    ax.figure.savefig(io.BytesIO(), format="png")
    print(ax.get_title(loc="left"))
print(len(said), *said)
"""


def run(program: str, *strict: str, **environment: str) -> str:
    told = subprocess.run(
        [sys.executable, *strict, "-c", program], capture_output=True, text=True, check=False, env={**os.environ, "MPLBACKEND": "agg", **environment}
    )
    assert told.returncode == 0, told.stderr
    assert told.stderr == ""
    return told.stdout


@pytest.fixture
def stale(tmp_path):
    """A folder of matplotlib's whose list of fonts was made before the Chinese ones came."""
    if find_chinese_font() is None:
        pytest.skip("no font with Chinese characters is installed")
    place = {"MPLCONFIGDIR": str(tmp_path)}
    run("import matplotlib.font_manager", **place)
    (file,) = tmp_path.glob("fontlist*.json")
    kept = json.loads(file.read_text("utf-8"))
    chinese = {font["fname"] for font in kept["ttflist"] if font["name"] in CHINESE_FONTS}  # a file may hold several
    kept["ttflist"] = [font for font in kept["ttflist"] if font["fname"] not in chinese]
    file.write_text(json.dumps(kept), encoding="utf-8")
    return place


def test_a_font_that_came_later_is_found(stale):
    program = FINDINGS + "LANG = 'zh'" + DRAW
    first, *_, warned = run(program, **stale).splitlines()
    assert first == "哪些应覆盖而未覆盖？"
    assert warned == "0"
    (unlisted,) = run("import matplotlib.font_manager as m, graphkit.pages.fonts as f; print(f._first_listed())", **stale).split()
    assert unlisted == "None"  # the list really lacks them


def test_a_listed_font_whose_file_is_gone_is_not_taken():
    program = """
import dataclasses
from matplotlib.font_manager import FontEntry, fontManager
from graphkit.pages.fonts import CHINESE_FONTS, find_chinese_font
fontManager.ttflist.append(FontEntry(fname="/nowhere/gone.ttf", name="SimSun"))
fontManager.ttflist = [font for font in fontManager.ttflist if font.name not in CHINESE_FONTS or font.name == "SimSun"]
import matplotlib.font_manager as manager
manager.findSystemFonts = lambda *_places: []
print(find_chinese_font())
"""
    assert run(program, "-W", "error") == "None\n"


@pytest.mark.parametrize(("lang", "title"), [("zh", "What should be covered and is not?"), ("en", "What should be covered and is not?")])
def test_without_any_font_pictures_are_in_english_and_one_sentence_says_so(lang, title):
    first, *_, warned = run(NO_FONT + FINDINGS + f"LANG = {lang!r}" + DRAW).splitlines()
    assert first == title
    assert warned.startswith("1 no font on this machine holds Chinese characters")
    assert "fonts-noto-cjk" in warned
    assert "中文" in warned


def test_without_any_font_the_report_is_in_chinese_and_nothing_is_said(tmp_path):
    program = FINDINGS + f"from graphkit.show.report import write_report\nwrite_report(tables, findings, {str(tmp_path)!r} + '/bare.html')"
    run(NO_FONT + program, "-W", "error")
    run(program.replace("bare", "here"), "-W", "error")
    page = (tmp_path / "bare.html").read_text("utf-8")
    drawn = [base64.b64decode(found).decode() for found in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)]
    texts = [set(re.findall(r"<text[^>]*>([^<]+)</text>", picture)) for picture in drawn]
    assert {"已落实", "未落实"} <= texts[0]
    assert {"met", "open"} <= texts[1]
    assert (tmp_path / "here.html").read_text("utf-8") == page  # the same page whatever the machine has


def test_without_any_font_a_notebook_shows_chinese(tmp_path):
    cells = [f"import sys; sys.path.insert(0, {str(Path.cwd())!r})", NO_FONT + FINDINGS + "findings['gaps'].plot();"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    (shown,) = notebook.cells[1].outputs  # and no stream: nothing is said
    assert {"已落实", "未落实"} <= set(re.findall(r"<text[^>]*>([^<]+)</text>", shown.data["image/svg+xml"]))


def test_a_file_that_is_no_font_is_passed_over(tmp_path, monkeypatch):
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda: [str(tmp_path / "broken.ttf")])
    monkeypatch.setattr(mpl.font_manager.fontManager, "ttflist", [])
    assert find_chinese_font() is None
