"""Write the map: tables and findings in, one HTML file out."""

from __future__ import annotations

import base64
import html
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from graphkit.arguments import need_a, need_lang
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.pages.page import FONTS, both, render_page, write_page
from graphkit.questions.together import by_question, common_day
from graphkit.resources import read_drawing_library
from graphkit.show.map.heading import render_heading
from graphkit.show.map.payload import build_payload
from graphkit.show.map.scene import build_scene
from graphkit.words import Terms, Text

if TYPE_CHECKING:
    from graphkit.questions.finding import Finding

TITLE = Text("乡村组织网络图", "Map of a rural organisation network")
SKIP = Text("跳到列表", "skip to the lists")
NO_SCRIPT = Text("此图需要浏览器允许运行脚本；它不连接网络。", "This map needs scripts to be allowed; it makes no network request.")
STYLES = ("map.css", "narrow.css", "print.css")
SCRIPTS = (
    "words.js", "data.js", "reach.js", "network.js", "draw.js", "figures.js", "labels.js", "view.js", "choose.js", "panel.js", "legend.js", "search.js",
    "folds.js", "print.js", "start.js",
)  # fmt: skip
DEFLATED_ABOVE = 500_000  # characters of data above which they are deflated: a browser of before 2023 still opens a smaller page


def write_map(
    tables: Tables,
    findings: Mapping[str, Finding] | Iterable[Finding],
    path: str | Path,
    *,
    lang: str = "zh",
    title: Text = TITLE,
    note: Text | None = None,
    roll_up_above: int = 3_000,
) -> Path:
    """Where are the gaps, who bridges, and whom does each member reach? One HTML file, opened from disk.

    Villages stand in circles, packed by township; bodies, people and households stand in a spiral
    inside their village; positions are not geography. Colour and shape tell the kind, a red ring a gap
    (what a rule asks for and is not there). The first bridge figures carry their rank, the first largest, and curves lead from
    them to the bodies and villages elsewhere that they hold together. A click on a member lights up the
    households paired directly and those within ``max_steps`` of the reach finding. It fits a phone, and
    prints on one page in black and white. The file makes no request; people appear under id and office
    alone, never by name. Trainings and zones are not drawn.

    Parameters
    ----------
    tables : Tables
        The district; drawn as it stood on the day of the findings.
    findings : findings, or mapping of str to Finding
        Answers to the three questions, known by what they answer, whatever their key; of others the mark
        column is shown in words.
    path : str or Path
        The file to write; folders are made as needed.
    lang : {"zh", "en"}
        Language the page opens in; the reader can switch.
    title : Text
        Title of the page.
    note : Text, optional
        What a reader must know first, such as that people are made up; shown plainly under the title.
    roll_up_above : int
        Above this number of nodes, people and households appear when their village is clicked;
        0 or more.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ParameterError
        If `lang` is neither language, `roll_up_above` is negative, or the findings speak of
        different days.

    Notes
    -----
    A link may name a node: ``map.html#Member=ID``. A script in the page finds ``window.graphkit`` with
    ``select(kind, id)``, ``clear()``, ``selection()`` (ids chosen and lit), ``position(kind, id)`` (in
    pixels of the window), ``drawn()`` (how many nodes are drawn) and ``picture()`` (labels, bridge
    figures and curves as they stand on the canvas). Data of more than half a million characters are
    deflated; such a page needs a browser of May 2023 or later.

    References
    ----------
    Wang et al. 2006, Visualization of large hierarchical data by circle packing, CHI '06, 517-520.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_map(Tables({}), {}, Path(folder) / "map.html").name
    'map.html'
    """
    need_lang(lang)
    need_a(Tables, tables, "write_map")
    findings = by_question(findings)
    if roll_up_above < 0:
        raise ParameterError(
            Text(f"roll_up_above 是 0 或更多个节点，不能是 {roll_up_above}", f"roll_up_above is 0 or more nodes, not {roll_up_above}")
        )
    day = common_day(findings)
    standing = tables if day is None else tables.at(day)
    data = build_payload(standing, findings, build_scene(standing), title=title, roll_up_above=roll_up_above)
    return write_page(_page(data, render_heading(standing, title, day, note), title, lang, terms=tables.model.terms), path)


def _page(data: Mapping[str, object], heading: str, title: Text, lang: str, *, terms: Terms) -> str:
    body = Template(_asset("map.html")).substitute(heading=heading, skip=both(SKIP), noscript=both(NO_SCRIPT))
    styles = [Template(_asset(name)).substitute(fonts=FONTS) for name in STYLES]
    script = "\n".join(_asset(name) for name in SCRIPTS).replace(words := _asset("words.js"), _put_words(words, terms))
    scripts = [read_drawing_library(), f'"use strict";\n(async () => {{\n{script}}})();\n']
    return render_page(title=html.unescape(title.say(lang)), lang=lang, body=body, styles=styles, scripts=scripts, data=_deflate(data))


def _put_words(script: str, terms: Terms) -> str:
    """The words of the script in those of a field of one's own: each pair of them, and nothing else."""

    def put(found: re.Match[str]) -> str:
        text = terms.put(Text(*json.loads(found[0])))
        return json.dumps([text.zh, text.en], ensure_ascii=False).replace("<", "\\u003c")

    return _PAIR.sub(put, script) if terms else script


_STRING = r'"(?:[^"\\]|\\.)*"'
_PAIR = re.compile(rf"\[{_STRING}, {_STRING}\]")


def _deflate(data: Mapping[str, object]) -> Mapping[str, object]:
    """Data as they are, or under ``deflated`` as base64 of the deflated JSON where there is much of them."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(text) <= DEFLATED_ABOVE:
        return data
    return {"deflated": base64.b64encode(zlib.compress(text.encode("utf-8", errors="replace"), 9)).decode()}


def _asset(name: str) -> str:
    return resources.files("graphkit.show.map").joinpath("assets", name).read_text(encoding="utf-8")
