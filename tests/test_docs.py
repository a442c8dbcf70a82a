"""The documentation keeps up with the code: generated pages are fresh, and every name, command and query is on a page."""

from __future__ import annotations

import datetime as dt
import importlib.util
import pydoc
import re
import shlex
from pathlib import Path

import pyarrow as pa
import pytest
import typer

import graphkit
import loaders
from graphkit.cli import main
from graphkit.cli.options import app
from graphkit.questions.coverage.summary import rate_bounds

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("queries/*.md"), *ROOT.glob("examples/**/*.md")])
BOTH = (
    "README", "CONTRIBUTING", "docs/README", "docs/tutorial", "docs/concepts", "docs/model", "docs/cli", "docs/answers", "docs/rules", "docs/own-data", "docs/own-rules", "docs/own-field",
    "docs/stores", "docs/figures", "docs/chance", "docs/plans", "docs/annual-return",
)  # fmt: skip


@pytest.fixture(scope="module")
def make():
    spec = importlib.util.spec_from_file_location("docs_make", ROOT / "docs" / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(make):
    return make.make_pages()


def test_generated_pages_are_up_to_date(made):
    stale = [name for name, text in made.items() if not (ROOT / name).is_file() or (ROOT / name).read_text("utf-8") != text]
    assert stale == [], "run: make pages"


@pytest.mark.parametrize("page", BOTH)
def test_the_main_path_is_in_both_languages(page):
    english, chinese = ((ROOT / f"{page}{suffix}").read_text("utf-8") for suffix in (".md", ".zh.md"))
    headings = [len(re.findall(r"^#+ ", text, re.MULTILINE)) for text in (english, chinese)]
    assert headings[0] == headings[1]
    assert len(re.findall(r"[\u4e00-\u9fff]", chinese)) > 200


def test_every_public_name_has_a_line_and_a_docstring(made):
    assert sorted(graphkit.__all__) == graphkit.__all__
    for package in (graphkit, loaders):
        for name in package.__all__:
            assert f"`{package.__name__}.{name}`" in made["docs/python.md"]
            assert (getattr(package, name).__doc__ or "").strip(), name


def test_public_names_are_declared_once(make):
    typed = re.findall(r"import \w+ as (\w+)$", (ROOT / "graphkit" / "__init__.pyi").read_text("utf-8"), re.MULTILINE)
    assert sorted(typed) == graphkit.__all__
    assert len(set(typed)) == len(typed)
    assert set(graphkit.__all__) <= set(dir(graphkit))


def test_an_unknown_name_is_told_as_python_tells_it():
    with pytest.raises(AttributeError, match="find_nothing"):
        _ = graphkit.find_nothing


@pytest.mark.parametrize("page", ["docs/cli.md", "docs/cli.zh.md"])
def test_every_command_and_option_is_on_the_page(made, page):
    for command in typer.main.get_command(app).commands.values():
        assert f"`graphkit {command.name}" in made[page]
        for parameter in command.params:
            assert (parameter.opts[0] if parameter.opts[0].startswith("--") else parameter.metavar) in made[page]


def test_every_query_is_on_the_page_of_queries():
    page = (ROOT / "queries" / "README.md").read_text("utf-8")
    assert [query.name for query in graphkit.list_queries() if query.name not in page] == []


@pytest.mark.parametrize(("page", "file", "lang"), [("own-data.md", "Village.csv", "en"), ("own-data.zh.md", "村.csv", "zh")])
def test_the_problem_shown_is_what_check_says(tmp_path, page, file, lang):
    (tmp_path / file).write_text("code,name\n230112104001,一村\n2301121040,二村\n", encoding="utf-8")
    _, problems = loaders.check_source(tmp_path)
    assert [problem.describe(lang) in (ROOT / "docs" / page).read_text("utf-8") for problem in problems] == [True]


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_commands_shown_exist(page):
    names = set(typer.main.get_command(app).commands)
    shown = re.findall(r"^\s*graphkit ([a-z][a-z-]*)", page.read_text("utf-8"), re.MULTILINE)
    assert set(shown) <= names


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_paths_and_names_written_as_code_exist(page):
    text = page.read_text("utf-8")
    paths = re.findall(r"`((?:graphkit|loaders|tests|docs|queries|benchmarks|notebooks|examples|\.ci)/[\w./-]*)`", text)
    names = re.findall(r"`((?:graphkit|loaders)(?:\.[a-z]\w*)+)", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [name for name in names if pydoc.locate(name) is None] == []


def test_a_reader_of_the_readme_finds_the_documentation_and_how_to_contribute():
    for suffix in ("", ".zh"):
        links = re.findall(r"\]\(([^)#]+)", (ROOT / f"README{suffix}.md").read_text("utf-8"))
        assert {f"docs/README{suffix}.md", f"docs/tutorial{suffix}.md", f"CONTRIBUTING{suffix}.md"} <= set(links)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["", ".zh"])
def test_the_tutorial_runs_as_it_stands(tmp_path, monkeypatch, capsys, suffix):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    text = (ROOT / f"docs/tutorial{suffix}.md").read_text("utf-8")
    for kind, block in re.findall(r"^```(sh|python)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        if kind == "python":
            exec(compile(block, "tutorial", "exec"), {})
        for line in block.splitlines():
            if line.startswith("graphkit "):
                assert main(shlex.split(line)[1:]) == 0, line
    assert {path.name for path in tmp_path.iterdir()} >= {"acheng.gk", "gaps.xlsx", "bridges.xlsx", "reach.xlsx", "map.html", "report.html", "out"}
    assert capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["", ".zh"])
def test_the_python_of_the_readme_runs_as_it_stands(tmp_path, monkeypatch, suffix):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (block,) = re.findall(r"^```python\n(.*?)^```", (ROOT / f"README{suffix}.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    exec(compile(block, "README.md", "exec"), {})
    assert {path.suffix for path in tmp_path.iterdir()} >= {".gk", ".xlsx", ".html"}


@pytest.mark.parametrize("suffix", ["", ".zh"])
def test_the_pack_shown_is_read_and_asks_what_the_page_says(tmp_path, suffix):
    (shown,) = re.findall(r"^```toml\n(.*?)^```", (ROOT / f"docs/own-rules{suffix}.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "my-county.toml").write_text(shown, encoding="utf-8")
    homes = {"h1": (True, 5), "h2": (True, 4), "h3": (False, 6), "h4": (True, 6), "h5": (None, 7)}
    helps = [("m1", "h1"), ("m2", "h1"), ("m1", "h4")]
    tables = graphkit.Tables({
        "Household": pa.table({"id": list(homes), "is_poor": [poor for poor, _ in homes.values()], "people": [people for _, people in homes.values()]}),
        "Member": pa.table({"id": ["m1", "m2"]}),
        "Member HELPS Household": pa.table({"member_id": [m for m, _ in helps], "household_id": [h for _, h in helps], "kind": ["one_to_one"] * 3}),
    })  # fmt: skip
    rows = graphkit.find_coverage_gaps(tables, rules=tmp_path / "my-county.toml", as_of=dt.date(2026, 6, 30)).rows
    found = rows[rows["rule"] == "my-county.two-helpers"]
    assert list(zip(found["subject_id"], found["asked"], found["outcome"], strict=True)) == [
        ("h1", "yes", "met"), ("h4", "yes", "open"), ("h5", "unknown", "open"),
    ]  # fmt: skip
    before = graphkit.find_coverage_gaps(tables, rules=tmp_path / "my-county.toml", as_of=dt.date(2012, 4, 30))
    assert "my-county.two-helpers" not in set(before.rows["rule"])
    assert any("two-helpers" in caveat.en for caveat in before.caveats)


def test_the_interval_worked_by_hand_is_what_the_rate_comes_to():
    """Six met, two open, one asked or not and open, one asked and met or open: 6/10 to 7/9, as docs/concepts.md has it."""
    none = {(asked, outcome): 0 for asked in ("yes", "unknown") for outcome in ("met", "open", "unknown")}
    low, high = rate_bounds({**none, ("yes", "met"): 6, ("yes", "open"): 2, ("unknown", "open"): 1, ("yes", "unknown"): 1})
    assert (low, high) == (6 / 10, 7 / 9)
    for suffix in ("", ".zh"):
        assert all(said in (ROOT / f"docs/concepts{suffix}.md").read_text("utf-8") for said in (r"6/10 = 60\,\%", r"7/9 = 78\,\%"))
