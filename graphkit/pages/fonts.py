"""Fonts with Chinese characters for plots: found when they are needed, also those that came after matplotlib made its list."""

from __future__ import annotations

import functools
import warnings
from pathlib import Path

# The first that is there is used; all of them hold the common Chinese characters.
CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Heiti SC", "Songti SC", "Noto Sans CJK JP", "Noto Sans CJK TC", "Droid Sans Fallback",
    "Noto Serif CJK SC", "Noto Serif SC", "SimSun", "Arial Unicode MS",
)  # fmt: skip


def find_chinese_font() -> str | None:
    """Return the font used for Chinese labels in pictures, or None if this machine has none.

    matplotlib makes its list of fonts once and keeps it for years. A font that is not on it is looked for among the system's
    and added for this process.
    """
    return _first_listed() or (_first_listed() if _add_unlisted() else None)


def _first_listed() -> str | None:
    from matplotlib.font_manager import fontManager

    files = {font.name: font.fname for font in fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in files and Path(files[name]).is_file()), None)


def _add_unlisted() -> int:
    """Add the system's fonts that matplotlib does not list, and return how many; what is no font to it is passed over."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    unlisted = set(findSystemFonts()) - {font.fname for font in fontManager.ttflist}
    for file in sorted(unlisted):
        try:
            fontManager.addfont(file)
        except (OSError, RuntimeError, UnicodeDecodeError):  # a bitmap font, or a damaged one
            unlisted.discard(file)
    return len(unlisted)


def has_chinese(text: str) -> bool:
    """Whether `text` holds a Chinese character.

    Examples
    --------
    >>> has_chinese("2 村"), has_chinese("village")
    (True, False)
    """
    return any("\u3400" <= character <= "\u9fff" or character >= "\U00020000" for character in text)


@functools.cache
def show_texts_as_texts() -> bool:
    """In a notebook let plots be kept as SVG, whose texts the browser draws with its own fonts; False where that is not to be had."""
    import matplotlib as mpl

    if "inline" not in mpl.get_backend():
        return False
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    set_matplotlib_formats("svg")  # type: ignore[no-untyped-call]
    mpl.rcParams["svg.fonttype"] = "none"
    hush_missing_glyphs()
    return True


@functools.cache
def warn_no_font() -> None:
    """Say it once, in one sentence: a page of plots needs no warning for each character of each label."""
    warnings.warn(
        "no font on this machine holds Chinese characters: labels are in English, and Chinese names show as boxes; install one "
        "(Debian: fonts-noto-cjk) and draw again · 本机没有含中文字符的字体：图中文字改用英文，中文名称显示为方框；装一种（Debian：fonts-noto-cjk）再画即可",
        UserWarning,
        stacklevel=4,
    )
    hush_missing_glyphs()


def hush_missing_glyphs() -> None:
    """Leave out matplotlib's warning for each character that its font lacks."""
    warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from", category=UserWarning)
