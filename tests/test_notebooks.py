"""The notebooks run from top to bottom and show what they showed when they were stored."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
KOREA = FOLDER.parents[1] / "shared" / "data" / "korea_villages"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture(scope="module")
def execute():
    spec = importlib.util.spec_from_file_location("execute", FOLDER / "execute.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_five():
    assert [path.stem for path in NOTEBOOKS] == ["1_load_and_check", "2_coverage_gaps", "3_bridge_figures", "4_pairing_reach", "5_korea"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_run_shows_what_is_stored(execute, path):
    if path.stem == "5_korea" and not KOREA.is_dir():
        pytest.skip("its data are no part of the project: ../shared/data/korea_villages is not beside the checkout")
    stored = list(execute.list_outputs(nbformat.read(path, as_version=4)))
    assert stored
    assert list(execute.list_outputs(execute.run_notebook(path))) == stored


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_speaks_both_languages_and_shows_no_machine(path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert re.search(r"[\u4e00-\u9fff]", cell.source), cell.source
            assert len(re.findall(r"[A-Za-z]{3,}", cell.source)) > 3, cell.source
    assert "/tmp" not in path.read_text("utf-8")
    assert any("image/png" in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))
