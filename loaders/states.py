"""States of cells: in the XML of a worksheet, errors and formulas that were never computed, told apart from cells that are empty.

calamine gives nothing for either, as for an empty cell; so their XML is changed, before it is read, into that of a text.
"""

from __future__ import annotations

import re

from loaders.columns import ERRORS
from loaders.sheets import NOT_COMPUTED

_ERROR = re.compile(rb"""(<(?:\w+:)?c(?=\s)[^>]*?\st\s*=\s*)(?:"e"|'e')""")
_ERROR_TEXT = re.compile(
    rb"""\st\s*=\s*["']e["'][^>]*>\s*(?:<(?:\w+:)?f(?:\s[^>]*?)?(?:/>|>[^<]*</(?:\w+:)?f\s*>))?\s*<(?:\w+:)?v[^>]*>([^<\x80-\xff]*)<"""
)
_FORMULA_ALONE = re.compile(
    rb"<((?:\w+:)?)c((?:\s[^>]*)?)>\s*(<\1f(?:\s[^>]*?)?(?:/>|>[^<]*</\1f\s*>))\s*(?:<\1v\s*/>|<\1v\s*>\s*</\1v\s*>)?\s*</\1c\s*>"
)
_TYPE = re.compile(rb"""\st\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def mark_states(xml: bytes) -> bytes:
    r"""Return the XML of a worksheet with an error as the text of the error, and a formula without result as `NOT_COMPUTED`.

    Examples
    --------
    >>> mark_states(b'<c r="A1" t="e"><v>#REF!</v></c>')
    b'<c r="A1" t="str"><v>#REF!</v></c>'
    >>> mark_states(b'<c r="B2"><f>1+2</f><v /></c>').decode()
    '<c r="B2" t="str"><f>1+2</f><v>\ue000=</v></c>'
    """
    if (
        (b'"e"' in xml or b"'e'" in xml)  # the plain look first: it is many times faster
        and re.search(rb"""\st\s*=\s*["']e["']""", xml)
        and {error.decode().casefold() for error in _ERROR_TEXT.findall(xml)} <= ERRORS
    ):  # another one is refused
        xml = _ERROR.sub(rb'\1"str"', xml)
    return _FORMULA_ALONE.sub(_say_not_computed, xml) if (b"<f" in xml or b":f" in xml) and re.search(rb"<(?:\w+:)?f[\s/>]", xml) else xml


def _say_not_computed(cell: re.Match[bytes]) -> bytes:
    prefix, attributes, formula = cell.groups()
    kind = _TYPE.search(attributes)
    if kind and (kind[1] or kind[2]) == b"str":
        return cell[0]  # it was computed, and gave a text of no letters
    plain = _TYPE.sub(b"", attributes)
    return b'<%sc%s t="str">%s<%sv>%s</%sv></%sc>' % (prefix, plain, formula, prefix, NOT_COMPUTED.encode(), prefix, prefix)
