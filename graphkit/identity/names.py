"""Names of people as clerks write them: what is one name in two spellings, and what is often written for another."""

from __future__ import annotations

import re

from graphkit.identity.spelling import plain_characters

# Characters that sound or look alike and are often written for each other in a name; the first of each stands for all.
_ALIKE = (
    "军君钧", "英瑛莹", "萍平苹", "霞侠", "丽莉利", "华花", "玲铃伶", "芳方", "洁杰捷", "文雯", "红宏洪虹鸿", "梅媚", "香湘", "珍贞真", "淑树", "云芸", "凤风",
    "峰锋丰枫", "伟维卫", "志智", "永勇咏", "福富", "祥翔", "明鸣", "海河", "青清", "春椿", "林琳霖", "庆青", "江姜", "彦艳燕", "建健", "亮良", "波博", "喜禧", "桂贵", "哲喆",
    "张章", "肖萧", "于余", "付傅", "闫阎严", "徐许", "王汪", "蓝兰", "代戴",
)  # fmt: skip


def _first_of_each() -> dict[int, int]:
    """The character that stands for each; one that is alike to two groups is put in the first."""
    first: dict[int, int] = {}
    for group in _ALIKE:
        for character in group:
            first.setdefault(ord(character), first.get(ord(group[0]), ord(group[0])))
    return first


_STANDS_FOR = _first_of_each()


def plain_name(name: str) -> str:
    """Return a name without what does not make it another: width, spaces, the dot in names of minorities, case, variant characters.

    Examples
    --------
    >>> plain_name("張 三"), plain_name("阿依·古丽"), plain_name("Li  Si")
    ('张三', '阿依古丽', 'lisi')
    """
    return re.sub(r"[·•‧・.\-]+", "", plain_characters(name)).casefold()


def alike_name(name: str) -> str:
    """Return what a plain name has in common with those that are often written for it.

    Examples
    --------
    >>> alike_name("王建君") == alike_name("王建军"), alike_name("王建国") == alike_name("王建军")
    (True, False)
    """
    return name.translate(_STANDS_FOR)


def near_names(name: str) -> tuple[str, ...]:
    """Return a plain name with each of its characters left open in turn: two names of one length that differ in one character share one.

    The surname is not left open where the name has two characters only: 王伟 and 李伟 are no spellings of each other.

    Examples
    --------
    >>> near_names("王建国")
    ('?建国', '王?国', '王建?')
    >>> near_names("王伟")
    ()
    """
    if len(name) < 3:
        return ()
    return tuple(f"{name[:place]}?{name[place + 1 :]}" for place in range(len(name)))
