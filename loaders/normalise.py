"""Values: what a person wrote in a cell, as the text that a typed column takes; nothing is guessed, and each repair has a name.

Every function takes the text of one cell and returns a `Normal`. They are pure and idempotent: what they
return, read again, is returned as it is and needs no repair.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from graphkit.words import Text

State = Literal["value", "empty", "unreadable"]
Precision = Literal["exact", "more_than", "about", "between", "day", "month", "year"]

UNKNOWN_WORDS = (
    "无",
    "不详",
    "未知",
    "不明",
    "不清楚",
    "-",
    "--",
    "—",
    "——",
    "－",
    "/",
    "／",
    "\\",
    "n/a",
    "na",
    "none",
    "null",
    "unknown",
    "*",
    "?",
    "？",
)

REPAIRS: dict[str, Text] = {
    "width": Text("全角字符、多余的空白按半角读", "full-width characters and stray blanks were read as plain ones"),
    "unit": Text("去掉了单位", "a unit was taken off"),
    "scale": Text("万、亿等换算成个位", "万, 亿 and the like were multiplied out"),
    "numeral": Text("中文数字读成数字", "Chinese numerals were read as numbers"),
    "percent": Text("百分数读成小数", "a percentage was read as a fraction"),
    "thousands": Text("去掉了千位分隔符", "thousands separators were taken off"),
    "date_form": Text("日期改写成 年-月-日", "a date was written as year-month-day"),
    "serial": Text("电子表格的日期序号读成日期", "a serial number of a spreadsheet was read as a date"),
    "unknown_word": Text("表示不知道的字样读成空格", "words for unknown were read as empty"),
}


@dataclass(frozen=True, slots=True)
class Normal:
    """What a cell says.

    Attributes
    ----------
    value : str or None
        The text a typed column takes: digits, ``2012-04-30``, or for a date of less precision its first day. The raw text where it is unreadable.
    state : {"value", "empty", "unreadable"}
        Whether there is a value, nothing, or something of which nothing can be made.
    precision : str
        Of a number ``exact``, ``more_than`` (20余万), ``about`` or ``between``; of a date ``day``, ``month`` or ``year``.
    repairs : tuple of str
        What was done to read it, keys of `REPAIRS`.
    high : str or None
        The upper end where the precision is ``between``.
    """

    value: str | None
    state: State = "value"
    precision: Precision = "exact"
    repairs: tuple[str, ...] = ()
    high: str | None = None


_EMPTY = Normal(None, "empty")


def plain(cell: str) -> str:
    """Return the text of a cell in plain width, without blanks of any kind at its ends and characters that show nothing.

    Examples
    --------
    >>> plain("　２０１２－０４－３０\u200b ")
    '2012-04-30'
    """
    text = unicodedata.normalize("NFKC", cell)
    return re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]+", "", text).strip()


def read_text(cell: str | None, *, unknown: tuple[str, ...] = ()) -> Normal:
    """Read words for people: blanks at the ends and what shows nothing are taken off, the rest stands as written.

    Examples
    --------
    >>> read_text("　一村，二组 ").value, read_text("不详", unknown=("不详",)).state
    ('一村，二组', 'empty')
    """
    if cell is None:
        return _EMPTY
    text = re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]+", "", cell).strip()
    if not text:
        return _EMPTY
    if _is_unknown(text, unknown):
        return Normal(None, "empty", repairs=("unknown_word",))
    return Normal(text, repairs=("width",) if text != cell.strip() else ())


def _is_unknown(text: str, unknown: tuple[str, ...]) -> bool:
    return bool(unknown) and plain(text).casefold() in {plain(word).casefold() for word in unknown}


# Numbers

UNIT_FACTORS: dict[str, dict[str, Decimal]] = {
    "元": {"元": Decimal(1), "块": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "万": Decimal(10_000), "百万元": Decimal(10**6), "亿元": Decimal(10**8)},
    "户": {"户": Decimal(1), "家": Decimal(1), "万户": Decimal(10_000)},
    "人": {"人": Decimal(1), "口": Decimal(1), "名": Decimal(1), "位": Decimal(1), "个": Decimal(1), "口人": Decimal(1), "万人": Decimal(10_000)},
    "亩": {"亩": Decimal(1), "万亩": Decimal(10_000), "公顷": Decimal(15)},
}  # fmt: skip
"""What a unit counts of the unit of a column; there are no others."""

_DIGIT = {
    **dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_TEN = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIAD = {"万": 10_000, "亿": 10**8}
_HAN_NUMBER = "[〇零一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟]+"
_AMOUNT = re.compile(
    rf"^(?P<about>约|大约|近|接近|超过|超|共|逾)?\s*(?P<number>[+-]?[0-9][0-9,]*(?:\.[0-9]+)?|{_HAN_NUMBER})\s*(?P<more>余|多|来|几|\+)?\s*"
    r"(?P<scale>[十百千]?万|亿|千|百)?\s*(?P<more2>余|多)?\s*(?P<unit>[a-zA-Z\u4e00-\u9fff]{0,3}?)\s*(?P<more3>余|多|以上|左右|上下)?$"
)
_RANGE = re.compile(r"^(?P<low>[0-9]+(?:\.[0-9]+)?)\s*(?:-|–|—|~|至|到)\s*(?P<high>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[\u4e00-\u9fff]{0,3})$")
_PERCENT = re.compile(r"^(?:百分之(?P<han>[0-9.]+|[〇零一二三四五六七八九十百点]+)|(?P<number>[+-]?[0-9]+(?:\.[0-9]+)?)\s*%)$")


def read_number(cell: str | None, *, unit: str = "", cell_unit: str = "", unknown: tuple[str, ...] = ()) -> Normal:
    """Read an amount: digits, Chinese numerals, thousands, 万 and 亿, a unit, a percentage, an interval, more than and about.

    Parameters
    ----------
    cell : str or None
        The text.
    unit : str
        Unit of the column it goes to, a key of `UNIT_FACTORS`; empty for a bare number.
    cell_unit : str
        What the heading says the numbers are in, such as 万元; taken where the cell itself names no unit.
    unknown : tuple of str
        Words that mean unknown.

    Returns
    -------
    Normal
        ``unreadable`` where a unit is none of the column's. What is not exact says so in ``precision``: it is a bound, not a value.

    Examples
    --------
    >>> read_number("217 家", unit="户").value, read_number("20余万元", unit="元")
    ('217', Normal(value='200000', state='value', precision='more_than', repairs=('scale', 'unit'), high=None))
    >>> read_number("3-5户", unit="户").high, read_number("三十二").value, read_number("86.9%").value
    ('5', '32', '0.869')
    >>> read_number("12", unit="元", cell_unit="万元").value, read_number("5斤", unit="户").state
    ('120000', 'unreadable')
    """
    if cell is None or not plain(cell):
        return _EMPTY
    text = plain(cell)
    if _is_unknown(text, unknown):
        return Normal(None, "empty", repairs=("unknown_word",))
    width = ("width",) if text != cell.strip() else ()
    if found := _PERCENT.match(text):
        return _percentage(found, cell, width)
    if found := _RANGE.match(text):
        factor = _factor(found["unit"], unit, cell_unit)
        low, high = Decimal(found["low"]), Decimal(found["high"])
        if factor is None or low > high:
            return Normal(cell, "unreadable")
        repairs = (*width, *(("unit",) if found["unit"] else ()))
        return Normal(_say(low * factor), precision="between", repairs=repairs, high=_say(high * factor))
    found = _AMOUNT.match(text)
    return _amount(found, cell, unit, cell_unit, width) if found else Normal(cell, "unreadable")


def _percentage(found: re.Match[str], cell: str, width: tuple[str, ...]) -> Normal:
    number = found["number"] or found["han"]
    value = _decimal(number)
    return Normal(cell, "unreadable") if value is None else Normal(_say(value / 100), repairs=(*width, "percent"))


def _amount(found: re.Match[str], cell: str, unit: str, cell_unit: str, width: tuple[str, ...]) -> Normal:
    number, scale, named = found["number"], found["scale"] or "", found["unit"] or ""
    value = _decimal(number.replace(",", ""))
    if value is None or ("," in number and not re.match(r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$", number)):
        return Normal(cell, "unreadable")
    factor = _factor(named, unit, "" if scale else cell_unit)
    if factor is None:
        return Normal(cell, "unreadable")
    for letter in scale:
        value *= {**_TEN, **_MYRIAD}[letter]
    more = (
        found["more"]
        or found["more2"]
        or (found["more3"] if found["more3"] in ("余", "多", "以上") else None)
        or found["about"] in ("超过", "超", "逾")
    )
    about = found["about"] in ("约", "大约", "近", "接近") or found["more3"] in ("左右", "上下")
    made = (
        ("numeral", not number[-1].isascii()), ("thousands", "," in number), ("scale", bool(scale) or factor != 1), ("unit", bool(named)),
    )  # fmt: skip
    repairs = (*width, *(name for name, held in made if held))
    return Normal(_say(value * factor), precision="more_than" if more else "about" if about else "exact", repairs=repairs)


def _factor(named: str, unit: str, cell_unit: str) -> Decimal | None:
    """What one of the unit in the cell, or else of the heading, is in the unit of the column; None if that is not known."""
    held = named or cell_unit
    if not held:
        return Decimal(1)
    return UNIT_FACTORS.get(unit, {}).get(held)


def _decimal(number: str) -> Decimal | None:
    try:
        return Decimal(number) if number[-1:].isascii() else _han_number(number)
    except InvalidOperation:
        return None


def _han_number(text: str) -> Decimal | None:
    """The value of a Chinese numeral up to 9,999; of digits in a row, such as 二〇一〇, the number they write."""
    if all(letter in _DIGIT for letter in text):
        return Decimal("".join(str(_DIGIT[letter]) for letter in text)) if len(text) == 1 or "〇" in text or "零" in text or len(text) > 2 else None
    total, digit, last = 0, 0, 10_000
    for letter in text:
        if letter in _DIGIT:
            digit = _DIGIT[letter]
        elif letter in _TEN and _TEN[letter] < last:
            last = _TEN[letter]
            total, digit = total + (digit or 1) * last, 0
        else:
            return None
    return Decimal(total + digit)


def _say(value: Decimal) -> str:
    """A number without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Dates

_YEAR_FIRST = re.compile(
    r"^(?P<year>[0-9]{4}|[〇零一二三四五六七八九]{4})\s*(?:[-/.年]|\s)\s*(?:(?P<month>[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*(?:[-/.月]|\s|$)\s*"
    r"(?:(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*[日号]?)?)?(?:\s*T?\s*00:00(?::00(?:\.0+)?)?)?$"
)
_RUN = re.compile(r"^(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])?(?P<day>[0-3][0-9])?$")
_SERIAL = re.compile(r"^[1-9][0-9]{4}(?:\.0+)?$")
_EPOCH = dt.date(1899, 12, 30)
_EARLIEST, _LATEST = 1850, 2100


def read_date(cell: str | None, *, unknown: tuple[str, ...] = ()) -> Normal:
    """Read a date of any form that offices write, with its precision; the value is the first day that may be meant.

    Years before 1850 and after 2100 are unreadable, and so is a day that no calendar has. A number of five
    digits is the serial number of a spreadsheet.

    Examples
    --------
    >>> [read_date(text).value for text in ("2010年3月5日", "2010.03", "二〇一〇年三月", "40242", "２０１０／３／１", "201003")]
    ['2010-03-05', '2010-03-01', '2010-03-01', '2010-03-05', '2010-03-01', '2010-03-01']
    >>> read_date("2010").precision, read_date("2450-04-28").state, read_date("2010-02-30").state
    ('year', 'unreadable', 'unreadable')
    """
    if cell is None or not plain(cell):
        return _EMPTY
    text = plain(cell)
    if _is_unknown(text, unknown):
        return Normal(None, "empty", repairs=("unknown_word",))
    if _SERIAL.match(text):
        day = _EPOCH + dt.timedelta(days=int(float(text)))
        return Normal(day.isoformat(), precision="day", repairs=("serial",))
    found = _RUN.match(text) or _YEAR_FIRST.match(text)
    return _date_of(found, cell) if found else Normal(cell, "unreadable")


def _date_of(found: re.Match[str], cell: str) -> Normal:
    year, month, day = (_part(found[name]) for name in ("year", "month", "day"))
    precision: Precision = "year" if month is None else "month" if day is None else "day"
    try:
        first = dt.date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return Normal(cell, "unreadable")
    if not _EARLIEST <= first.year <= _LATEST:
        return Normal(cell, "unreadable")
    value = first.isoformat()
    return Normal(value, precision=precision, repairs=() if value == cell.strip() else ("date_form",))


def _part(text: str | None) -> int | None:
    if text is None:
        return None
    if text.isascii():
        return int(text)
    if len(text) == 4:
        return int("".join(str(_DIGIT[letter]) for letter in text))
    number = _han_number(text)
    return None if number is None else int(number)


# Identity numbers

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def read_id_number(cell: str | None) -> Normal:
    """Read a national identity number: 18 digits whose check digit holds (GB 11643-1999), or 15 of the old form, brought to 18.

    Examples
    --------
    >>> read_id_number("11010519491231002X").state, read_id_number("110105194912310021").state
    ('value', 'unreadable')
    >>> read_id_number("110105491231002").value
    '11010519491231002X'
    """
    if cell is None or not plain(cell):
        return _EMPTY
    text = re.sub(r"[\s\-‐-―·._']", "", plain(cell)).upper()
    if re.fullmatch(r"[0-9]{15}", text):
        text = f"{text[:6]}19{text[6:]}"
        text += _check_digit(text)
    sound = re.fullmatch(r"[1-9][0-9]{16}[0-9X]", text) and text[-1] == _check_digit(text) and _is_day(text[6:14])
    if not sound:
        return Normal(cell, "unreadable")
    return Normal(text, repairs=() if text == cell.strip() else ("width",))


def _check_digit(digits: str) -> str:
    return _CHECK[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11]


def _is_day(text: str) -> bool:
    try:
        return _EARLIEST <= dt.date(int(text[:4]), int(text[4:6]), int(text[6:])).year <= _LATEST
    except ValueError:
        return False


def read_birth_year(cell: str | None) -> Normal:
    """Read the year of birth out of an identity number, which itself is not kept; anything else is read as a date.

    Examples
    --------
    >>> read_birth_year("11010519491231002X").value, read_birth_year("1956.7").value, read_birth_year("1101").state
    ('1949', '1956', 'unreadable')
    """
    number = read_id_number(cell)
    if number.state == "value" and number.value:
        return Normal(number.value[6:10], repairs=number.repairs)
    date = read_date(cell)
    return (
        Normal(date.value[:4], precision="exact", repairs=date.repairs if date.value[:4] != (cell or "").strip() else ())
        if date.state == "value" and date.value
        else date
    )
