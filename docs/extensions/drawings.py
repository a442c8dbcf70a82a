"""Drawings in Mermaid, which code hosts draw by a script: here each is a table of what leads from where to where."""

from __future__ import annotations

import re
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

BOX = re.compile(r'^\s*(\w+)\["([^"]+)"\]$', re.MULTILINE)
ARROW = re.compile(r'^\s*(\w+) -- "([^"]+)" --> (\w+)$', re.MULTILINE)


class Mermaid(SphinxDirective):
    """A flow chart: a row for each box that arrows leave, a column for each that they reach."""

    has_content = True
    optional_arguments: ClassVar[int] = 0

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        text = "\n".join(self.content)
        names = dict(BOX.findall(text))
        arrows = ARROW.findall(text)
        sources = [box for box in names if any(box == source for source, _, _ in arrows)]
        targets = [box for box in names if any(box == target for _, _, target in arrows)]
        rows = [[names[source], *(_between(arrows, source, target) for target in targets)] for source in sources]
        return [_build_table(["→", *(names[target] for target in targets)], rows)]


def _between(arrows: list[tuple[str, str, str]], source: str, target: str) -> str:
    return "\n".join(name for start, name, end in arrows if (start, end) == (source, target))


def _build_table(headings: list[str], rows: list[list[str]]) -> nodes.table:
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in headings), cols=len(headings))
    group += nodes.thead("", _build_row(headings))
    group += nodes.tbody("", *(_build_row(row) for row in rows))
    return nodes.table("", group, classes=["drawing"])


def _build_row(cells: list[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", *(nodes.paragraph(text=line) for line in cell.splitlines())) for cell in cells))


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive that the fence ``mermaid`` becomes."""
    app.add_directive("mermaid", Mermaid)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
