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
    """A flow chart: a row for each box that arrows leave, with each arrow and where it leads."""

    has_content = True
    optional_arguments: ClassVar[int] = 0

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        text = "\n".join(self.content)
        names = dict(BOX.findall(text))
        arrows = ARROW.findall(text)
        leaving = {box: [(name, names[end]) for start, name, end in arrows if start == box] for box in names}
        return [_build_table([(names[box], found) for box, found in leaving.items() if found])]


def _build_table(rows: list[tuple[str, list[tuple[str, str]]]]) -> nodes.table:
    group = nodes.tgroup("", nodes.colspec(colwidth=1), nodes.colspec(colwidth=4), cols=2)
    group += nodes.tbody(
        "", *(nodes.row("", nodes.entry("", nodes.paragraph(text=box)), nodes.entry("", _say_arrows(arrows))) for box, arrows in rows)
    )
    return nodes.table("", group, classes=["drawing"])


def _say_arrows(arrows: list[tuple[str, str]]) -> nodes.paragraph:
    """Each arrow whole: a line breaks between two of them only."""
    said = nodes.paragraph()
    for name, end in arrows:
        said += nodes.inline("", "", nodes.literal(text=name), nodes.Text(f"\u00a0→\u00a0{end}"), classes=["arrow"])
        said += nodes.Text(" ")
    return said


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive that the fence ``mermaid`` becomes."""
    app.add_directive("mermaid", Mermaid)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
