"""Encodings: which one the bytes of a text are in, as far as they tell; in doubt, none is taken.

GB18030 decodes almost any bytes: of 6,859 accented Latin names saved in cp1252, 6,756 come out as Chinese.
So what decodes is no evidence; what comes out is looked at. The right reading of a table gives characters
that people use (the first levels of GB 2312, Big5 and JIS X 0208 were drawn up by frequency), a wrong one
gives rare characters.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphkit.model.kinds import MODEL
from graphkit.privacy import SURNAME_HAN

SAMPLE = 2**17  # bytes looked at, from the first that is not ASCII
NAMES = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "gb18030": "GB18030",
    "cp950": "Big5",
    "cp932": "Shift-JIS",
    "cp1252": "cp1252",
}

_LEGACY = ("gb18030", "cp950", "cp932", "cp1252")
_SURE, _APART = 0.6, 0.15  # the share of characters in use that the best reading has, and its lead on the next
_EVERYDAY_SURE, _EVERYDAY_APART = 0.25, 0.2  # the same of characters that such tables are full of
_MORE_EVERYDAY = (
    "一二三四五六七八九十百千上下大小中东南西北新老前后左右山河水林田家庄屯沟岭湾坡桥店堡台子口头里外内街路巷区县市省乡镇村社组队户人口男女性别民族年月日时间"
    "文国明华建军平志强伟勇军杰涛斌辉刚健英秀兰芳娟敏静丽艳玲红霞梅春秋桂凤云玉珍淑晓海永福贵生荣德成的是在有不为和个了元亩万余无备注说明合计小计总序号姓名电话身份证地址"
    "職務類別備註電話編號稱鄉鎮農戶黨員區縣會組織書記東義國華軍麗蘭鳳雲貴榮時間數號碼齊兒個萬畝無合計戶主"
)
_UTF16_SURE = 0.8
_IGNORED = re.compile(r"[\x00-\x7f\u00a0-\u00bf\u2000-\u2bff\u3000-\u3020\u3200-\u33ff\ufe30-\ufe4f\uff01-\uff5e\uffe0-\uffe6\u20ac]+")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ'’-]+")


@dataclass(frozen=True, slots=True)
class EncodingChoice:
    """What the bytes tell.

    Attributes
    ----------
    codec : str or None
        Python's name of the encoding; None where the bytes do not tell.
    candidates : tuple of str
        Names of those that may be meant, likeliest first, as `NAMES` writes them.
    """

    codec: str | None
    candidates: tuple[str, ...] = ()


def choose_encoding(data: bytes) -> EncodingChoice:
    r"""Tell which encoding `data` is in: by its mark, as UTF-8, as UTF-16 without mark, or by what a legacy encoding makes of it.

    Examples
    --------
    >>> choose_encoding("编号,名称\\nz1,东区\\n".encode("gb18030")).codec
    'gb18030'
    >>> choose_encoding("id,name\\nm1,Müller\\nm2,Désirée\\n".encode("cp1252")).codec
    'cp1252'
    >>> choose_encoding("id\\n\x80\x81\\n".encode("latin-1")).codec is None
    True
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not data.startswith(codecs.BOM_UTF32_LE):
        return EncodingChoice("utf-16")
    if b"\x00" in data[:SAMPLE]:
        return EncodingChoice(_utf16_without_mark(data[:SAMPLE]))
    if is_utf8(data):
        return EncodingChoice("utf-8")
    if _is_nearly_utf8(_sample(data)):
        return EncodingChoice(None, (NAMES["utf-8"],))
    return _choose_legacy(_sample(data))


def is_utf8(data: bytes) -> bool:
    """Whether all of it decodes; Arrow looks at the bytes where they are, since as a Python text they may take four times their size.

    Examples
    --------
    >>> is_utf8("村".encode()), is_utf8("村".encode("gb18030"))
    (True, False)
    """
    ends = pa.py_buffer(np.array([0, len(data)], np.int64))
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(data)]).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _is_nearly_utf8(sample: bytes) -> bool:
    """Whether most characters outside ASCII are whole ones of UTF-8: a text in which some bytes were spoilt."""
    letters = [letter for letter in sample.decode(errors="replace") if letter > "\x7f"]
    return letters.count("\ufffd") * 4 < len(letters)


def _utf16_without_mark(sample: bytes) -> str | None:
    """UTF-16 of either order, if the sample is words and no accident: line breaks, ASCII and common characters."""
    even = sample[: len(sample) // 2 * 2]
    for codec in ("utf-16-le", "utf-16-be"):
        text = even.decode(codec, errors="replace")
        sound = sum(count for letter, count in Counter(text).items() if letter in "\t\r\n" or " " <= letter <= "~" or letter in _hanzi("gb2312"))
        if "\n" in text and "\x00" not in text and sound >= _UTF16_SURE * len(text):
            return codec
    return None


def _sample(data: bytes) -> bytes:
    """Whole lines from the first that is not ASCII; in none of these encodings a line break is part of a character."""
    first = re.search(rb"[\x80-\xff]", data)
    start = data.rfind(b"\n", 0, first.start() if first else 0) + 1
    end = data.rfind(b"\n", start, start + SAMPLE)
    return data[start : start + SAMPLE if end <= start or len(data) <= start + SAMPLE else end]


def _choose_legacy(sample: bytes) -> EncodingChoice:
    texts = {codec: _decode(sample, codec) for codec in _LEGACY}
    scores = {codec: _score(text, codec) for codec, text in texts.items()}
    order = sorted(_LEGACY, key=lambda codec: -scores[codec])
    likely = [codec for codec in order if scores[codec] > _APART and scores[codec] >= scores[order[0]] - _APART]
    if scores[order[0]] >= _SURE and (best := _most_everyday({codec: texts[codec] for codec in likely})):
        return EncodingChoice(best)
    return EncodingChoice(None, tuple(NAMES[codec] for codec in likely or order))


def _most_everyday(texts: dict[str, str]) -> str | None:
    """Of several likely readings the one that is full of such tables' own characters; None if it is none, or more than one."""
    shares = {codec: _everyday_share(text, codec) for codec, text in texts.items()}
    best = max(shares, key=shares.__getitem__)
    others = [share for codec, share in shares.items() if codec != best]
    return best if shares[best] >= _EVERYDAY_SURE and all(share <= shares[best] - _EVERYDAY_APART for share in others) else None


def _everyday_share(text: str, codec: str) -> float:
    letters = _IGNORED.sub("", text)
    if codec in ("cp1252", "cp932") or any(letter > "\uffff" for letter in letters):
        return 1.0  # words and kana are evidence enough, and so are the four bytes of a rare surname
    return sum(1 for letter in letters if letter in _everyday()) / len(letters) if letters else 0.0


@functools.cache
def _everyday() -> frozenset[str]:
    headings = "".join(
        kind.heading.zh + "".join(column.heading.zh + "".join(c.heading.zh for c in column.choices) for column in kind.columns)
        for kind in MODEL.kinds
    )
    return frozenset(headings + SURNAME_HAN + _MORE_EVERYDAY)


def _decode(sample: bytes, codec: str) -> str:
    """The sample in `codec`, which may end within a character; nothing where it cannot be in it."""
    try:
        return sample.decode(codec)
    except UnicodeDecodeError as error:
        return sample[: error.start].decode(codec) if error.end >= len(sample) - 4 > error.start - 8 and len(sample) >= SAMPLE else ""


def _score(text: str, codec: str) -> float:
    """Share of the characters outside ASCII that people use, if this is what the sample says."""
    if codec == "cp1252":
        return _score_latin(text)
    letters = Counter(_IGNORED.sub("", text))
    weigh = _WEIGHTS[codec]
    total = sum(letters.values())
    return min(max(sum(weigh(letter) * count for letter, count in letters.items()) / total, 0.0), 1.0) if total else 0.0


def _score_latin(text: str) -> float:
    """Share of the letters with a mark that stand in a word which is mostly plain letters: Müller, not Å‘Ë."""
    marked = [letter for letter in text if letter > "\x7f"]
    kept = sum(_marks(word) for word in _LATIN_WORD.findall(text) if _marks(word) * 2 < len(word))
    ignored = sum(1 for letter in marked if _IGNORED.match(letter))
    return kept / (len(marked) - ignored) if len(marked) > ignored else 0.0


def _marks(word: str) -> int:
    return sum(1 for letter in word if letter > "\x7f" and not _IGNORED.match(letter))


@functools.cache
def _hanzi(codec: str) -> frozenset[str]:
    """The characters of the first level of a character set, which was drawn up by frequency."""
    leads = {"gb2312": range(0xB0, 0xD8), "big5": range(0xA4, 0xC7), "shift_jis": range(0x88, 0x99)}[codec]
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    return frozenset(letter for letter in (pair.decode(codec, errors="ignore") for pair in pairs) if "\u4e00" <= letter <= "\u9fff")


@functools.cache
def _second_level() -> frozenset[str]:
    return frozenset(bytes((lead, trail)).decode("gb2312", errors="ignore") for lead in range(0xD8, 0xF8) for trail in range(0xA1, 0xFF)) - {""}


def _weigh_gb(letter: str) -> float:
    if letter in _hanzi("gb2312"):
        return 1.0
    if letter > "\uffff":  # the rarest surnames take four bytes, which nothing else has
        return 2.0
    if letter in _second_level() or "\u3400" <= letter <= "\u4dbf":
        return 0.8
    if letter in _hanzi("big5"):
        return 0.55  # traditional characters, which GB18030 has as well
    return 0.1 if "\u4e00" <= letter <= "\u9fff" else -0.5


def _weigh_big5(letter: str) -> float:
    return 1.0 if letter in _hanzi("big5") else 0.4 if "\u4e00" <= letter <= "\u9fff" else -0.5


def _weigh_japanese(letter: str) -> float:
    if "\u3040" <= letter <= "\u30ff":
        return 1.0
    return 0.9 if letter in _hanzi("shift_jis") else 0.2 if "\u4e00" <= letter <= "\u9fff" else -0.5


_WEIGHTS = {"gb18030": _weigh_gb, "cp950": _weigh_big5, "cp932": _weigh_japanese}
