"""The reference: where a page of docs/reference has the first line of a docstring, the site has all of it, with its signature."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

ENTRY = re.compile(r"^### `[^`]+`\n\n<!-- (auto\w+): ([\w.]+) -->\n.*?\n<!-- / -->$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"^\| `((?:graphkit|loaders)\.[\w.]+)` \|", re.MULTILINE)
OPTIONS = {"autoclass": "\n   :members:\n   :inherited-members: object, Protocol, ABC", "autoexception": "\n   :show-inheritance:"}


def _say_entry(found: re.Match[str]) -> str:
    directive, path = found.groups()
    return f"```{{eval-rst}}\n.. py:currentmodule:: graphkit\n\n.. {directive}:: {path}{OPTIONS.get(directive, '')}\n```"


def add_docstrings(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Put documentation from docstrings in place of first lines, and lead from the list of names to it."""
    if docname.startswith("docs/reference/"):
        source[0] = ENTRY.sub(_say_entry, source[0])
    elif docname == "docs/python":
        source[0] = NAME.sub(r"| {py:obj}`\1` |", source[0])


def clear_signature(
    _app: Sphinx, _what: str, _name: str, _value: object, _options: object, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Write a default that each object makes for itself as an ellipsis, for Sphinx cannot read ``<factory>``."""
    return signature and signature.replace("<factory>", "..."), returns


def setup(app: Sphinx) -> dict[str, bool]:
    """Take part in reading the pages."""
    app.connect("autodoc-process-signature", clear_signature)
    app.connect("source-read", add_docstrings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
