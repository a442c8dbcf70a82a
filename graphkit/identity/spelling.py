"""How names are written: characters and widths, what kind of place a name says, and what is left of it without."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import opencc

_COMMITTEES = re.compile(r"(?P<community>社区居民委员会|社区居委会|居民委员会|居委会|社区)$|(?P<village>村民委员会|村委会|村)$|委会$")
_PEOPLES = (
    "满|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|"
    "普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_UNITS = re.compile(
    rf"(?:街道办事处|街道办|街道|办事处|(?:(?:{_PEOPLES})族|民族|各族)+(?:乡|镇|自治县|自治旗|区)|镇|乡|苏木|自治县|自治旗|县|区|市|旗)(?:人民政府|政府)?$"
)
_ONE_IN_PLACES = str.maketrans("冈硷堿", "岗碱碱")  # what OpenCC leaves apart, and names of places do not


def plain_characters(text: str) -> str:
    """Return a text without blanks, in characters of one width, traditional ones and their variants as the simplified one (by OpenCC).

    Examples
    --------
    >>> plain_characters("東 風　村"), plain_characters("張三丰"), plain_characters("Ｌｉ")
    ('东风村', '张三丰', 'Li')
    """
    plain = one_width(text)
    return plain if plain.isascii() else str(_converter().convert(plain))


def one_width(text: str) -> str:
    """Return a text without blanks, in characters of one width.

    Examples
    --------
    >>> one_width("东风　村 １")
    '东风村1'
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


class VillageName(NamedTuple):
    """What a village is called without what kind it is, and the kind if the name says so."""

    stem: str
    kind: Literal["village", "community", ""]

    @classmethod
    def of(cls, name: str) -> VillageName:
        """Read it from a name in characters of one width.

        Examples
        --------
        >>> [VillageName.of(name) for name in ("城建村村民委员会", "城建村委会", "城建村村", "城建")]
        [VillageName(stem='城建', kind='village'), VillageName(stem='城建', kind='village'), VillageName(stem='城建', kind='village'), VillageName(stem='城建', kind='')]
        >>> VillageName.of("幸福社区居委会"), VillageName.of("东村")
        (VillageName(stem='幸福', kind='community'), VillageName(stem='东', kind='village'))
        """
        stem, kind = name, ""
        while (ending := _COMMITTEES.search(stem)) and ending.start():
            stem, kind = stem[: ending.start()], kind or ending.lastgroup or ""
            if kind == "community":  # 新村社区 is called 新村
                break
        return cls(stem, kind)  # type: ignore[arg-type]

    def in_plain_characters(self) -> VillageName:
        """The same with variant characters brought together."""
        return self._replace(stem=plain_characters(self.stem).translate(_ONE_IN_PLACES))


def short_name(name: str) -> str:
    """A name without blanks, widths of characters, and what kind of committee it is: by it two spellings of one name are the same.

    >>> short_name("红旗村 村民委员会"), short_name("赵　一")
    ('红旗村', '赵一')
    """
    own = VillageName.of(one_width(name))
    return own.stem + {"village": "村", "community": "社区", "": ""}[own.kind]


def bare_unit(name: str) -> str:
    """Return a township or county without what kind it is: that changes when a town becomes a street.

    Examples
    --------
    >>> bare_unit("料甸满族乡"), bare_unit("料甸街道办事处"), bare_unit("杜尔伯特蒙古族自治县"), bare_unit("阿城区")
    ('料甸', '料甸', '杜尔伯特', '阿城')
    """
    plain = plain_characters(name).translate(_ONE_IN_PLACES)
    return _UNITS.sub("", plain) or plain


@functools.cache
def _converter() -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC("t2s")
