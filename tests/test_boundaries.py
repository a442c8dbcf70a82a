"""The house keeps its rooms: who may import whom, how long a function may be, what may not stand in a file."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*ROOT.glob("graphkit/**/*.py"), *ROOT.glob("loaders/**/*.py")])
TEXT_SUFFIXES = {".cypher", ".css", ".csv", ".ipynb", ".js", ".json", ".md", ".py", ".toml", ".txt", ".yaml", ".yml", ""}
LONGEST, NINTH_TENTH, MIDDLE = 50, 25, 10


def tracked_files():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of the project's files")
    files = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in files if path.is_file() and path.suffix in TEXT_SUFFIXES]


def function_lengths(path):
    """Lines of every function body, its docstring left out."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            yield f"{path.relative_to(ROOT)}:{node.name}", (body[-1].end_lineno - body[0].lineno + 1 if body else 0)


def test_imports_keep_to_the_layers():
    ran = subprocess.run([str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]


def test_no_room_for_odds_and_ends():
    assert [path for path in SOURCES if path.stem in {"utils", "helpers", "misc", "common"}] == []


def test_functions_stay_short():
    lengths = dict(pair for path in SOURCES for pair in function_lengths(path))
    longest = {name: length for name, length in lengths.items() if length > LONGEST}
    tenths = statistics.quantiles(lengths.values(), n=10)
    assert longest == {}
    assert tenths[8] <= NINTH_TENTH
    assert statistics.median(lengths.values()) <= MIDDLE


def test_every_module_says_what_it_is_for():
    assert [str(path.relative_to(ROOT)) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_no_path_of_a_machine_stands_in_a_file():
    places = re.compile(r"(?<![\w.])/(?:" + "|".join(("work", "root", "home/[a-z]", "Users")) + r")/\w")
    found = [f"{path.relative_to(ROOT)}: {hit.group()}" for path in tracked_files() if (hit := places.search(path.read_text("utf-8")))]
    assert found == []


def test_every_test_that_is_listed_as_slow_is_there():
    listed = [line.split("::") for line in (ROOT / "tests" / "slow.txt").read_text("utf-8").split()]
    gone = [name for file, *_, name in listed if f"def {name}(" not in (ROOT / file).read_text("utf-8")]
    assert gone == []


def test_tests_that_share_a_server_or_a_file_are_sent_to_one_process(request):
    """Two plug-ins must agree on it: where they do not, every server starts in every process, and nothing says so."""
    if not hasattr(request.config, "workerinput"):
        pytest.skip("all tests run in this one process")
    assert request.node.nodeid.endswith("@test_boundaries.py")


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_tests_without_make_are_those_of_make(page):
    said = re.search(r"^PYTEST := \$\(BIN\)/(.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert f".venv/bin/{said[1]}" in (ROOT / page).read_text("utf-8")


def test_importing_graphkit_imports_nothing_heavy():
    heavy = ["numpy", "pandas", "pyarrow", "matplotlib", "numba", "duckdb", "networkx", "neo4j", "pyvis", "typer"]
    told = subprocess.run(
        [sys.executable, "-c", f"import graphkit, sys; print([m for m in {heavy} if m in sys.modules])"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert told.stdout.strip() == "[]"
