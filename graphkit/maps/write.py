"""Write the map: tables and findings in, one HTML file out."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from graphkit.errors import ParameterError
from graphkit.findings import by_question, common_day
from graphkit.maps.payload import build_payload
from graphkit.maps.scene import build_scene
from graphkit.pages import FONTS, both, render_page, write_page
from graphkit.resources import read_drawing_library
from graphkit.schema import Text, need_lang
from graphkit.tables import Tables

if TYPE_CHECKING:
    from graphkit.findings import Finding

TITLE = Text("乡村组织网络图", "Map of a rural organisation network")
SKIP = Text("跳到列表", "skip to the lists")
NO_SCRIPT = Text("此图需要浏览器允许运行脚本；它不连接网络。", "This map needs scripts to be allowed; it makes no network request.")


def write_map(
    tables: Tables,
    findings: Mapping[str, Finding] | Iterable[Finding],
    path: str | Path,
    *,
    lang: str = "zh",
    title: Text = TITLE,
    roll_up_above: int = 3_000,
) -> Path:
    """Where are the gaps, who bridges, and whom does each member reach? One HTML file, opened from disk.

    Villages stand in circles, packed by township; bodies, people and households stand in a spiral
    inside their village. Colour and shape tell the kind, a red ring a gap (dashed: blank), size and
    number the first bridge figures. A click on a member lights up the households paired directly
    and those within ``max_steps`` of the reach finding. The file makes no request; people appear
    under id and office alone, never by name. Trainings and zones are not drawn.

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
    pixels of the window) and ``drawn()`` (how many nodes are drawn).

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
    findings = by_question(findings)
    if roll_up_above < 0:
        raise ParameterError(f"roll_up_above is 0 or more nodes, not {roll_up_above}", zh=f"roll_up_above 是 0 或更多个节点，不能是 {roll_up_above}")
    day = common_day(findings)
    standing = tables if day is None else tables.at(day)
    data = build_payload(standing, findings, build_scene(standing), title=title, roll_up_above=roll_up_above)
    return write_page(_page(data, title, day, lang), path)


def _page(data: Mapping[str, object], title: Text, day: dt.date | None, lang: str) -> str:
    shown_day = "" if day is None else both(Text(f"截至 {day}", f"as of {day}"))
    body = Template(_asset("map.html")).substitute(title=both(title), day=shown_day, skip=both(SKIP), noscript=both(NO_SCRIPT))
    style = Template(_asset("map.css")).substitute(fonts=FONTS)
    scripts = [read_drawing_library(), _asset("map.js")]
    return render_page(title=html.unescape(title.say(lang)), lang=lang, body=body, styles=[style], scripts=scripts, data=data)


def _asset(name: str) -> str:
    return resources.files("graphkit.maps").joinpath("assets", name).read_text(encoding="utf-8")
