"""No cell of a CSV runs: the one place that knows what a spreadsheet would take for a formula.

Such a text is written with an apostrophe before it, and so is one that begins with an apostrophe itself;
whoever reads the file back takes one off again. Texts alone are looked at: a number stays a number.
"""

from __future__ import annotations

import re
from typing import Any

# White space, control and format characters, and fillers that show nothing: a spreadsheet may drop them before it looks at a cell.
_UNSEEN = (
    (0x0, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x34F, 0x34F), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891),
    (0x8E2, 0x8E2), (0x115F, 0x1160), (0x1680, 0x1680), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F),
    (0x2800, 0x2800), (0x3000, 0x3000), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB),
    (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1345F), (0x1BCA0, 0x1BCA3), (0x1D159, 0x1D159), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
# = + @ - and every character that stands for one of them: full-width, small, raised, lowered. The minus comes last, where it makes no range.
_SIGNS = (0x2B, 0x3D, 0x40, 0x207A, 0x207C, 0x208A, 0x208C, 0xFB29, 0xFE62, 0xFE63, 0xFE66, 0xFE6B, 0xFF0B, 0xFF0D, 0xFF1D, 0xFF20, 0x2D)

_BEGINNING = f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in _UNSEEN)}]*['{''.join(map(chr, _SIGNS))}]|[\t\r\n]"
_RISKY = re.compile(_BEGINNING)


def without_formula(value: object) -> object:
    """Return `value` as a CSV may hold it: a text that a spreadsheet might run as a formula gets a leading apostrophe.

    Examples
    --------
    >>> without_formula("=1+1"), without_formula(" ＝1+1"), without_formula("村"), without_formula(-1)
    ("'=1+1", "' ＝1+1", '村', -1)
    """
    return f"'{value}" if isinstance(value, str) and _RISKY.match(value) else value


def guard_texts(texts: Any) -> Any:
    """Return a text column of Arrow as `without_formula` returns each of its texts.

    Examples
    --------
    >>> import pyarrow as pa
    >>> guard_texts(pa.array(["=1", "村", None])).to_pylist()
    ["'=1", '村', None]
    """
    import pyarrow.compute as pc

    return pc.replace_substring_regex(texts, f"^({_BEGINNING})", r"'\1")


def unguard_texts(texts: Any) -> Any:
    """Take off again what `guard_texts` put on; an apostrophe that stands before anything else stays.

    Examples
    --------
    >>> import pyarrow as pa
    >>> unguard_texts(pa.array(["'=1", "'tis", "=1"])).to_pylist()
    ['=1', "'tis", '=1']
    """
    import pyarrow.compute as pc

    if not pc.any(pc.starts_with(texts, "'")).as_py():
        return texts
    return pc.replace_substring_regex(texts, f"^'({_BEGINNING})", r"\1")
