"""Pages that need nothing but themselves: one HTML file, nothing requested, and no script but ours can run.

Styles and scripts stand in the page and are named by their hashes in its Content-Security-Policy, so
a script hidden in a village's name is not run even if it slipped past the escaping. Data stand in a
block that the browser does not execute, and reach the reader through ``textContent`` alone.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from graphkit.files import replacing
from graphkit.words import Lang, Text

FONTS = "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','Source Han Sans CN','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',SimHei,sans-serif"


def render_page(
    *,
    title: str,
    lang: str,
    body: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    data: Mapping[str, object] | None = None,
) -> str:
    """Return a whole HTML page that makes no request and runs no script but `scripts`.

    Parameters
    ----------
    title : str
        Title of the page, as text.
    lang : {"zh", "en"}
        Language the page opens in.
    body : str
        HTML of the body; every value in it must have been escaped by the caller.
    styles, scripts : sequence of str
        Style sheets and scripts, placed in this order and named by hash in the policy.
    data : mapping, optional
        What the scripts read: JSON in ``<script type="application/json" id="data">``.

    Examples
    --------
    >>> page = render_page(title="<b>", lang="en", body="<p>x</p>", styles=[], scripts=[])
    >>> "<title>&lt;b&gt;</title>" in page
    True
    """
    styles = [_inline(style) for style in styles]
    scripts = [_inline(script) for script in scripts]
    head = [
        f'<!doctype html>\n<html lang="{lang_tag(lang)}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(styles, scripts)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">',
        f"<title>{html.escape(title)}</title>",
        *(f"<style>{style}</style>" for style in styles),
        "</head>\n<body>",
    ]
    block = [f'<script type="application/json" id="data">{encode_data(data)}</script>'] if data is not None else []
    tail = [*block, *(f"<script>{script}</script>" for script in scripts), "</body>\n</html>\n"]
    return "\n".join([*head, body, *tail])


def write_page(page: str, path: str | Path) -> Path:
    """Write a page as UTF-8, whatever the locale of the machine, and return its path."""
    path = Path(path)
    with replacing(path) as coming:
        coming.write_bytes(page.encode("utf-8", errors="replace"))  # a lone surrogate is shown as ?, not a crash
    return path


def encode_data(data: object) -> str:
    """Return JSON that cannot end the script block it stands in, whatever its texts hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def lang_tag(lang: str) -> Lang | str:
    """Return the language tag of a page: ``zh-CN`` or ``en``."""
    return "zh-CN" if lang == "zh" else "en"


def both(text: Text, tag: str = "span", *, classes: str = "") -> str:
    """Return `text` in both languages, escaped; the page's style shows the one that the reader chose.

    Examples
    --------
    >>> both(Text("村", "village"))
    '<span lang="zh-CN">村</span><span lang="en">village</span>'
    """
    attribute = f' class="{classes}"' if classes else ""
    return "".join(f'<{tag} lang="{lang_tag(lang)}"{attribute}>{html.escape(text.say(lang))}</{tag}>' for lang in ("zh", "en"))


def _policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    allowed = f"script-src {_hashes(scripts)}; style-src {_hashes(styles)}; img-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _hashes(texts: Sequence[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"


def _inline(text: str) -> str:
    """Make a text the browser reads as it was hashed: one kind of line end, no reference to a source map."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line for line in lines if not line.startswith("//# sourceMappingURL"))
