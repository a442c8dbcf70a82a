"""The documentation site: ``make docs`` builds it from the Markdown of this repository, to be read without a network.

The source folder is the whole repository, so that every link stands for the same page here and on a code host. What
plain Markdown cannot say is added while it is read, by `docs/extensions`; `docs/decisions/0009-one-set-of-pages.md` says why.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

import graphkit  # noqa: E402

project = "graphkit"
version = release = graphkit.__version__
author = "graphkit"
language = "en"

root_doc = "docs/README"
include_patterns = ["*.md", "docs/**.md", "queries/README.md", "examples/**.md"]
exclude_patterns = [".*", "**/.*", "out", "build", "dist", "import", "tests", "notebooks", "benchmarks", "graphkit", "loaders"]
templates_path = ["templates"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
    "extensions.order",
    "extensions.reference",
    "extensions.languages",
    "extensions.formulas",
    "extensions.drawings",
    "extensions.searching",
]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]

default_role = "py:obj"  # `name` in a docstring is a link where that name has an entry, and code where not
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
maximum_signature_line_length = 130
numpydoc_show_class_members = False  # autodoc lists them, each with its own text
numpydoc_xref_param_type = False

html_theme = "furo"
html_title = f"graphkit {version}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = html_show_copyright = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_math_renderer = "mathml"
pygments_style = "friendly"
