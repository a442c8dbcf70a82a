"""The order of the site: what docs/README.md links to, section by section, is its table of contents."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from sphinx.application import Sphinx

FRONT = "docs/README"
ORDERING = (FRONT, "docs/README.zh", "docs/decisions/README")
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
LINK = re.compile(r"\[([^]]+)\]\(([^):#]+)\.md\)")
REDIRECTION = (
    '<!doctype html><meta charset="utf-8"><title>graphkit</title><meta http-equiv="refresh" content="0; url={page}"><a href="{page}">graphkit</a>\n'
)


def add_tables_of_contents(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Add the pages that an ordering page links to, a table of contents for each of its sections."""
    if docname in ORDERING:
        first, *parts = SECTION.split(source[0])
        sections = list(zip(parts[::2], parts[1::2], strict=True)) or [("", first)]
        trees = [_say_tree(posixpath.dirname(docname), caption, LINK.findall(text)) for caption, text in sections]
        source[0] = "\n\n".join([source[0], *filter(None, trees)])


def _say_tree(folder: str, caption: str, links: list[tuple[str, str]]) -> str:
    pages = [f"{title} </{page}>" for title, link in links if (page := posixpath.normpath(posixpath.join(folder, link))) != FRONT]
    options = [":hidden:", f":caption: {caption}"] if caption else [":hidden:"]
    return "\n".join(["```{toctree}", *options, "", *pages, "```"]) if pages else ""


def lead_to_the_front_page(app: Sphinx, error: Exception | None) -> None:
    """Write index.html, since the front page lies in docs/."""
    if error is None and app.builder.format == "html":
        page = REDIRECTION.format(page=app.builder.get_target_uri(FRONT))
        (Path(app.outdir) / "index.html").write_text(page, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Take part in reading the pages and in ending the build."""
    app.connect("source-read", add_tables_of_contents)
    app.connect("build-finished", lead_to_the_front_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
