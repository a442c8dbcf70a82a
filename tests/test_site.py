"""The documentation site: built without a warning, whole in both languages, and nothing on it asks a network for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import graphkit
import loaders

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LOADING = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "audio": "src",
    "video": "src",
    "embed": "src",
    "object": "data",
}
METHODS = (
    "graphkit.Network.from_tables", "graphkit.Network.from_networkx", "graphkit.Network.to_networkx", "graphkit.Network.to_pyvis",
    "graphkit.Network.project_people", "graphkit.Store.write", "graphkit.Store.read", "graphkit.Store.query", "graphkit.Store.close",
    "graphkit.Finding.select", "graphkit.Finding.to_frame", "graphkit.Finding.plot", "graphkit.Tables.at",
    "graphkit.questions.question.Question", "graphkit.questions.question.Question.ask", "graphkit.questions.question.Question.tell",
)  # fmt: skip


class Page(HTMLParser):
    """What a page loads, where it leads, and what can be led to on it."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.links, self.ids, self.tags = [], [], set(), set()
        self.lang = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.add(tag)
        if tag == "html":
            self.lang = values.get("lang")
        if tag == "link" and values.get("rel") not in ("stylesheet", "icon", "preload", "modulepreload"):
            return
        if tag in LOADING and values.get(LOADING[tag]):
            self.loads.append(values[LOADING[tag]])
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        self.ids.update(value for name, value in attrs if name == "id")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    place = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "--fail-on-warning",
        "--keep-going",
        "--quiet",
        "-c",
        "docs",
        "-d",
        str(place / "doctrees"),
        ".",
        str(place / "html"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return place / "html"


@cache
def read(path):
    return Page(path.read_text("utf-8"))


def test_every_page_of_the_repository_is_on_it(site):
    sources = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md"), ROOT / "queries/README.md"]
    assert [str(page.relative_to(ROOT)) for page in sources if not (site / page.relative_to(ROOT)).with_suffix(".html").is_file()] == []


def test_nothing_is_asked_of_a_network(site):
    for path in site.rglob("*.html"):
        page = read(path)
        assert [url for url in page.loads if urlsplit(url).scheme not in ("", "data") or url.startswith("//")] == [], path
        assert [url for url in page.loads if not url.startswith("data:") and not (path.parent / unquote(urlsplit(url).path)).is_file()] == [], path
    for path in site.rglob("*.css"):
        assert re.findall(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", path.read_text("utf-8")) == [], path


def test_every_link_leads_to_a_page_and_place(site):
    broken = []
    for path in site.rglob("*.html"):
        for link in read(path).links:
            parts = urlsplit(link)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if parts.scheme or parts.netloc:
                continue
            if not target.is_file() or (parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in read(target).ids):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []


def test_every_public_name_and_method_has_its_signature_there(site):
    ids = {place for path in (site / "docs/reference").glob("*.html") for place in read(path).ids}
    names = [f"{package.__name__}.{name}" for package in (graphkit, loaders) for name in package.__all__]
    assert [name for name in (*names, *METHODS) if name not in ids] == []


def test_names_on_the_list_lead_to_them(site):
    links = read(site / "docs/python.html").links
    assert [name for name in graphkit.__all__ if not any(link.endswith(f"#graphkit.{name}") for link in links)] == []


def test_chinese_pages_are_chinese_all_round(site):
    for path in site.rglob("*.zh.html"):
        text, page = path.read_text("utf-8"), read(path)
        assert page.lang == "zh-CN", path
        assert 'placeholder="搜索"' in text, path
        assert any(not link.endswith(".zh.html") and link.endswith(".html") for link in page.links), path
        sidebar = text[text.index("sidebar-tree") : text.index("sidebar-tree") + 12_000]
        assert "第一个小时" in sidebar, path
        assert "First hour" not in sidebar, path
    assert read(site / "docs/stores.html").lang == "en"


@pytest.mark.parametrize(("page", "other"), [("README", "README.zh"), ("docs/stores", "docs/stores.zh"), ("docs/concepts", "docs/concepts.zh")])
def test_a_page_leads_to_its_other_language(site, page, other):
    for here, there in ((page, other), (other, page)):
        assert Path(there).name + ".html" in read(site / f"{here}.html").links


@pytest.mark.parametrize("page", ["docs/concepts", "docs/concepts.zh"])
def test_formulas_are_drawn_by_the_browser_itself(site, page):
    assert "math" in read(site / f"{page}.html").tags
    assert not re.search(r"\$[^$<>]+\$", re.sub(r"<(script|style).*?</\1>", "", (site / f"{page}.html").read_text("utf-8"), flags=re.DOTALL))


def test_the_drawing_of_the_model_is_a_table_of_its_ties(site):
    text = (site / "docs/model.html").read_text("utf-8")
    assert "flowchart" not in text
    assert text.count('class="arrow"') == text.count("→\u00a0") > 15


def test_its_first_page_leads_to_the_front_page(site):
    assert read(site / "index.html").links == ["docs/README.html"]


def test_the_search_knows_chinese_words(site):
    terms = (site / "searchindex.js").read_text("utf-8").encode().decode("unicode_escape")
    assert ('"空白":' in terms, '"白点":' in terms) == (True, True)
    assert "splitQuery" in (site / "_static/language_data.js").read_text("utf-8")
