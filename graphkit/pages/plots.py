"""Plots: bars, bubbles and histograms of an answer, with Chinese labels that really show."""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.arguments import need_lang
from graphkit.pages.fonts import find_chinese_font, has_chinese, hush_missing_glyphs, show_texts_as_texts, warn_no_font
from graphkit.words import Terms, Text, same

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text as Label


INK, SOFT, LINE = "#1d2429", "#5c6870", "#dfe3e6"
Numbers = NDArray[Any]


class Drawable(Protocol):
    """What a plot needs of an answer."""

    @property
    def title(self) -> Text:
        """The question in words."""

    @property
    def rows(self) -> pd.DataFrame:
        """One row a subject."""

    @property
    def columns(self) -> Sequence[Any]:
        """Declarations of the columns, with the words of their values."""

    @property
    def mark_column(self) -> str | None:
        """The column by which subjects are marked."""

    @property
    def terms(self) -> Terms:
        """The words of the field that it is about."""

    @property
    def draw(self) -> Callable[[Any, Axes, str, Mapping[str, str]], bool] | None:
        """How the question draws it, if it does."""


SHOWN_PEOPLE = 15
SHOWN_VILLAGES = 15
PAGE_INCHES = 7.6


def draw_finding(finding: Drawable, *, lang: str = "zh", ax: Axes | None = None, labels: Mapping[str, str] | None = None) -> Axes:
    """What does a finding say, at a glance?

    As its question draws it. A finding of no such question: its mark column, counted by value or,
    if it holds numbers, as a histogram; subjects by kind if it names none.

    Parameters
    ----------
    finding : Finding
        What to draw.
    lang : {"zh", "en"}
        Language of the labels. Where no font of the machine holds Chinese characters, a notebook
        keeps the plot as SVG, whose texts the browser draws; elsewhere the labels are in English,
        with one warning that names the remedy.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    labels : mapping of str to str, optional
        Names to show for subject ids, such as village names by code.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ParameterError
        If `lang` is neither language.

    Examples
    --------
    >>> from graphkit.questions.finding import SUBJECT_COLUMNS, Finding
    >>> rows = pd.DataFrame({"subject_kind": ["Village", "Village"], "subject_id": ["1", "2"]})
    >>> ax = draw_finding(Finding("find_something", Text("何者？", "Which?"), rows, SUBJECT_COLUMNS), lang="en")
    >>> ax.get_title(loc="left")
    'Which?'
    """
    need_lang(lang)
    font = find_chinese_font()
    as_texts = font is None and show_texts_as_texts()
    drawn = _draw(finding, _new_axes() if ax is None else ax, lang if font or as_texts else "en", labels or {}, font=font)
    if font is None and not as_texts and (lang == "zh" or any(has_chinese(label.get_text()) for label in _texts(drawn))):
        warn_no_font()
    return drawn


def _draw(finding: Drawable, ax: Axes, lang: str, labels: Mapping[str, str], *, font: str | None) -> Axes:
    draw = finding.draw or _draw_marks
    if finding.rows.empty or not draw(finding, ax, lang, labels):
        ax.text(0.5, 0.5, "没有可画的行" if lang == "zh" else "no rows to draw", ha="center", va="center", color=SOFT, transform=ax.transAxes)
        ax.set_axis_off()
    ax.set_title(
        textwrap.fill(finding.title.say(lang), 40 if lang == "zh" else 76),
        loc="left",
        fontsize=11,
        color=INK,
        pad=28 if ax.get_legend() else 12,
        fontweight="normal",
    )
    _put_in_terms(ax, finding.terms, lang, set(labels.values()))
    _finish(ax, font)
    return ax


def _put_in_terms(ax: Axes, terms: Terms, lang: str, names: set[str]) -> None:
    """Put what stands on a plot in the words of its field; names stay."""
    if not terms:
        return

    def put(text: str) -> str:
        return text if text in names else terms.put(same(text)).say(lang)

    for axis in (ax.xaxis, ax.yaxis):
        if any(put(label.get_text()) != label.get_text() for label in axis.get_ticklabels()):
            axis.set_ticks(axis.get_ticklocs(), labels=[put(label.get_text()) for label in axis.get_ticklabels()])
    for label in _texts(ax):
        label.set_text(put(label.get_text()))


def draw_svg(finding: Drawable, *, lang: str, labels: Mapping[str, str], height: float) -> str:
    """Draw a finding, without its title, as SVG for a page: 7.6 inches wide, its texts kept as texts.

    The reader's browser draws them with its own fonts, so this machine needs none, and makes the same file as any other:
    the texts are laid out in the font that comes with matplotlib and stand in the file under its name, ``DejaVu Sans``.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    figure = Figure(figsize=(PAGE_INCHES, height))
    axes = _draw(finding, figure.subplots(), lang, labels, font=None)
    axes.set_title("", loc="left")
    figure.subplots_adjust(left=_label_share(axes.get_yticklabels()), right=0.995, top=0.9, bottom=0.08)
    drawn = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "graphkit"}), warnings.catch_warnings():
        hush_missing_glyphs()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return drawn.getvalue().decode()


def _label_share(labels: Iterable[Label]) -> float:
    """Share of the width that the labels need: estimated, because measuring them would draw everything twice."""
    widest = max((sum(1.0 if ord(ch) > 0x2E7F else 0.58 for ch in label.get_text()) for label in labels), default=0)
    return min(0.4, 0.03 + widest * 9 / 72 / PAGE_INCHES)


def _new_axes() -> Axes:
    from matplotlib import pyplot as plt

    return plt.subplots(figsize=(8, 4.5), layout="constrained")[1]


def _finish(ax: Axes, font: str | None) -> None:
    """Give every text the font that holds its characters, and let no name be read as a formula."""
    for label in _texts(ax):
        label.set_fontfamily([font, "DejaVu Sans"] if font else ["DejaVu Sans"])
        label.set_parse_math(False)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(LINE)
    ax.tick_params(length=0, colors=SOFT, labelsize=9)


def _texts(ax: Axes) -> list[Label]:
    from matplotlib.text import Text as Label

    return list(ax.findobj(Label))


def draw_bubbles(ax: Axes, values: Numbers, colours: Sequence[str]) -> None:
    """Circles whose area is the value, largest of its column the same size in every column, with the number in them."""
    for column in range(values.shape[1]):
        here = values[:, column]
        x, y = np.full(len(here), column), np.arange(len(here))
        ax.scatter(x, y, s=260 * here / max(here.max(), 1), color=colours[column], alpha=0.35, linewidths=0)
        for at, value in enumerate(here):
            ax.text(column, at, f"{value:,.0f}" if value else "·", ha="center", va="center", fontsize=8.5, color=INK if value else "#b4bcc2")
    ax.set_ylim(len(values) - 0.4, -0.7)
    ax.set_xlim(-0.6, values.shape[1] - 0.4)
    ax.xaxis.tick_top()
    ax.spines["bottom"].set_visible(False)


def _draw_marks(finding: Drawable, ax: Axes, lang: str, _labels: Mapping[str, str]) -> bool:
    name = finding.mark_column or "subject_kind"
    column = next(column for column in finding.columns if column.name == name)
    values = finding.rows[name].dropna()
    if values.empty:
        return False
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        draw_histogram(ax, values.astype(float), column.heading, Text("行数", "rows"), lang)
        return True
    counts = values.value_counts(sort=True).head(SHOWN_VILLAGES)
    words = column.values
    stack_bars(ax, [words[v].say(lang) if v in words else str(v) for v in counts.index], [("", "#4f93bd", counts.to_numpy())], shares=False)
    return True


def draw_histogram(ax: Axes, values: pd.Series, what: Text, count: Text, lang: str) -> None:
    """How often each value is met."""
    ax.hist(values, bins="auto" if values.nunique() > 30 else min(30, max(values.nunique(), 1)), color="#4f93bd", rwidth=0.92)
    ax.set_xlabel(what.say(lang), color=SOFT, fontsize=9)
    ax.set_ylabel(count.say(lang), color=SOFT, fontsize=9)


Part = tuple[str, str, Numbers]


def stack_bars(ax: Axes, names: Sequence[str], parts: Sequence[Part], *, shares: bool) -> None:
    """Horizontal bars, split into parts; counts stand in the parts that are wide enough, all of them after the bar otherwise."""
    totals = np.sum([counts for _, _, counts in parts], axis=0)
    scale = np.where(totals > 0, totals, 1) if shares else np.ones(len(names))
    left, widest = np.zeros(len(names)), float((totals / scale).max(initial=0)) or 1.0
    for name, colour, counts in parts:
        widths = counts / scale
        ax.barh(range(len(names)), widths, left=left, color=colour, label=name, height=0.66)
        _write_counts(ax, counts, left, widths, widest=widest, colour="#fff" if colour in ("#b3141f", "#1f4e79") else INK)
        left += widths
    for y, total in enumerate(totals):
        ax.text(left[y] + widest * 0.012, y, f"{total:,}", va="center", fontsize=9, color=SOFT)
    ax.set_yticks(range(len(names)), [_shorten(name) for name in names])
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(0, widest * 1.09)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    if len(parts) > 1:
        ax.legend(
            ncols=len(parts),
            loc="lower left",
            bbox_to_anchor=(-0.01, 0.985),
            frameon=False,
            fontsize=9,
            handlelength=1,
            handleheight=1,
            borderpad=0.2,
        )


def _write_counts(ax: Axes, counts: Numbers, left: Numbers, widths: Numbers, *, widest: float, colour: str) -> None:
    for y, (count, start, width) in enumerate(zip(counts, left, widths, strict=True)):
        if width > widest * (0.016 + 0.009 * len(f"{count:,}")):
            ax.text(start + width / 2, y, f"{count:,}", ha="center", va="center", fontsize=8.5, color=colour)


def _shorten(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:39]}…"


def value_words(finding: Drawable, name: str) -> Mapping[str, Text]:
    """The words shown for the stored values of a column."""
    return next((column.values for column in finding.columns if column.name == name), {})
