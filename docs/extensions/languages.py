"""Two languages on one site: a page ``x.zh`` is the Chinese one of ``x``; its frame, contents and language tag are Chinese."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translator, init

CHINESE = ".zh"
FRONT = "docs/README.zh"
WORDS = {"On this page": "本页", "Next": "下一页", "Previous": "上一页", "Home": "首页", "Back to top": "回到顶部", "Search": "搜索"}


def frame_page(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Say in which language a page is, where its other one is, and give a Chinese page a Chinese frame."""
    chinese = pagename.endswith(CHINESE)
    other = pagename.removesuffix(CHINESE) if chinese else pagename + CHINESE
    context["in_chinese"] = chinese
    context["other_language"] = other if other in app.env.all_docs else ("docs/README" if chinese else FRONT)
    for side in ("prev", "next"):
        if context.get(side) and (CHINESE + ".html" in context[side]["link"]) != chinese:
            context[side] = None
    if chinese:
        context.update(language="zh-CN", toctree=lambda **options: _say_contents(app, pagename, options))
        context.update(dict.fromkeys(("_", "gettext"), _translate))


def _translate(message: str) -> str:
    return WORDS.get(message) or get_translator("sphinx", "general_zh").gettext(message)


def _say_contents(app: Sphinx, pagename: str, options: dict[str, Any]) -> str:
    options = {name: value for name, value in options.items() if name != "collapse"}
    trees = app.env.get_doctree(FRONT).findall(addnodes.toctree)
    found = [app.env.resolve_toctree(pagename, app.builder, tree, prune=False, **options) for tree in trees]
    return "".join(app.builder.render_partial(tree)["fragment"] for tree in found if tree)


def setup(app: Sphinx) -> dict[str, bool]:
    """Take part in framing the pages, before the theme does."""
    init([], "zh_CN", "sphinx", "general_zh")
    app.connect("html-page-context", frame_page, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
