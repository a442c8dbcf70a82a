"""What looks personal: numbers of identity cards and phones, and people's names; told from what a value looks like, never from its column.

A message names file, sheet, row and column, so the value stands in the file for whoever has it. It is
repeated only if it is plainly harmless, which is to say made of numbers with units, dates, codes, and
words of this field; in doubt it is masked.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from graphkit.model.kinds import MODEL
from graphkit.model.types import Property

MASK = "***"  # stands where a personal value would
LONGEST_SHOWN = 40

# The commonest surnames, as public statistics have them (some nine people in ten), by the way they are written in pinyin; traditional forms too.
_SURNAMES = """
an安 bai白 cai蔡 cao曹 chang常 chen陈陳 cheng程成 cui崔 dai戴 deng邓鄧 ding丁 dong董 du杜 duan段 fan范樊 fang方 feng冯馮 fu傅付 gao高 ge葛 gong龚龔 gu顾顧 guan关關
guo郭 han韩韓 hao郝 he何贺賀 hong洪 hou侯 hu胡 huang黄黃 ji纪季紀 jia贾賈 jiang江姜蒋蔣 jin金 kang康 kong孔 lai赖賴 lan兰蘭 lei雷 li李黎 liang梁 liao廖 lin林 liu刘柳劉
long龙龍 lu卢陆鲁路盧陸魯 luo罗骆羅駱 lv吕呂 ma马馬 mao毛 meng孟 mo莫 nie聂聶 ning宁寧 niu牛 pan潘 pang庞龐 peng彭 qi齐齊 qian钱錢 qiao乔喬 qin秦 qiu邱 ren任
shao邵 shen沈申 shi石史施 song宋 su苏蘇 sun孙孫 tan谭覃譚 tang唐汤湯 tao陶 tian田 wan万萬 wang王汪 wei魏韦韋 wen文温溫 wu吴武伍吳 xia夏 xiang向 xiao肖萧蕭 xie谢謝 xing邢
xiong熊 xu徐许許 xue薛 yan阎闫严颜閻閆嚴顏 yang杨楊 yao姚 ye叶葉 yi易 yin尹 yu于余俞 yuan袁 zeng曾 zhai翟 zhang张章張 zhao赵趙 zheng郑鄭 zhong钟鐘鍾 zhou周 zhu朱祝 zou邹鄒 zuo左
"""
_COMPOUND_SURNAMES = "ouyang欧阳歐陽 situ司徒 shangguan上官 zhuge诸葛諸葛 sima司马司馬 huangfu皇甫 murong慕容 xiahou夏侯 linghu令狐 dongfang东方東方 nangong南宫南宮 yuwen宇文"

_HAN = r"[\u3400-\u9fff\uf900-\ufaff々〇\U00020000-\U0003ffff]"
SURNAME_HAN = "".join(re.findall(_HAN, _SURNAMES))
_COMPOUND_HAN = "|".join(re.findall(f"{_HAN}{{2}}", _COMPOUND_SURNAMES))
_SURNAME_PINYIN = "|".join(sorted(re.findall("[a-z]+", _SURNAMES + _COMPOUND_SURNAMES), key=len, reverse=True))
_SYLLABLE = (
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|er|a|o|e|i|u)|[nl](?:ve|v))"
)
_BETWEEN = r"[\s_.,·-]"

# Numbers. Regions and days of birth are looked at, the check digit is not: a number with one digit mistyped is somebody's all the same.
_REGION = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)[0-9]{4}"
_MONTH_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_ABROAD = r"(?:\+?0{0,2}86[\s-]?)?"
ID_NUMBER = rf"(?:^|[^0-9]){_REGION}(?:18|19|20)[0-9]{{2}}{_MONTH_DAY}[0-9]{{3}}[0-9Xx](?:$|[^0-9Xx])|^{_REGION}[0-9]{{2}}{_MONTH_DAY}[0-9]{{3}}$"
PHONE = rf"^{_ABROAD}(?:1[3-9][0-9][\s-]?[0-9]{{4}}[\s-]?[0-9]{{4}}|\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?[\s-]?[2-8][0-9]{{6,7}}(?:-[0-9]{{1,6}})?)$"
SEPARATORS = r"[\s\-‐-―·._]"  # that people put between the digits of a number

# What an id looks like that is a name, or holds a phone; written for RE2, which looks at whole columns.
NAME_AS_ID = (
    rf"^(?:(?:{_COMPOUND_HAN})\p{{Han}}{{1,2}}|[{SURNAME_HAN}]\s?\p{{Han}}{{1,3}})[家户]?[0-9]*$"
    rf"|(?i:^(?:{_SURNAME_PINYIN}){_BETWEEN}?{_SYLLABLE}{{1,2}}[0-9]*$|^{_SYLLABLE}{{1,2}}{_BETWEEN}(?:{_SURNAME_PINYIN})[0-9]*$)"
    r"|(?:^|[^0-9])1[3-9][0-9]{9}(?:$|[^0-9])"
)

_PINYIN_NAME = re.compile(
    rf"(?<![a-z])(?:{_SURNAME_PINYIN})(?:{_BETWEEN}*{_SYLLABLE}){{1,3}}(?![a-z])"
    rf"|(?<![a-z])(?:{_SYLLABLE}{_BETWEEN}*){{0,1}}{_SYLLABLE}{_BETWEEN}+(?:{_SURNAME_PINYIN})(?![a-z])"
)
_NUMBER_RUN = re.compile(r"[0-9](?:[\s\-‐-―·._()]{0,2}[0-9])*(?:[\s-]?[xX](?![A-Za-z]))?")
_PERSONAL_DIGITS = re.compile(r"(?:0{0,2}86)?1[3-9][0-9]{9}|0[1-9][0-9]{8,10}|[0-9]{15}|[0-9]{17}[0-9xX]?")

# Words. An expression with a number is harmless whatever the column: 5户, 20余万元, 2010年3月, 三十多人.
_NUMERAL = "[〇零一二三四五六七八九十百千万亿两半]"
_UNIT = (
    "(?:户|元|人|亩|年|月|日|号|岁|名|个|次|家|口|期|斤|公斤|吨|公里|里|平方米|公顷|组|届|级|周|天|小时|分钟|周岁|人次|户次|块|角|分|成|年级|年代)"
)
_LATIN_UNIT = r"(?:wan|yuan|mu|hu|ren|rmb|cny|people|persons?|households?|years?|days?|km|kg|t|ha)"
_DIGITS = r"[0-9][0-9.,]*\s*[余多来几]?[百千万亿]*"
_IN_WORDS = rf"(?!万){_NUMERAL}+[余多来几]?[万亿]?"  # 万 alone is a surname: 万里
_COUNT = rf"(?:{_DIGITS}|(?<!{_HAN}){_IN_WORDS}|(?<!{_HAN})[约近共第超满](?:{_DIGITS}|{_IN_WORDS}))[多余来]?{_UNIT}"
_QUANTITY = re.compile(
    rf"{_COUNT}(?:(?:{_DIGITS}|{_IN_WORDS}){_UNIT})*(?:[余多]|以上|以下|左右|内|前|后|底|初|份|整)?(?!{_HAN})"
    rf"|[0-9][0-9.,]*\s*{_LATIN_UNIT}(?:\s*{_LATIN_UNIT})?(?![a-z])"
    rf"|{_DIGITS}元?"
)
_HARMLESS = """
也许 或许 大概 可能 是否 不是 没有 未知 不详 不明 不清楚 不知道 待定 待查 待核实 暂无 其他 其它 其余 同上 如上 见附件 见备注 备注 无效 错误 缺失 空白 合计 总计 小计 共计 平均 约计 以上 以下 以内 以外 左右 在内
党员 非党员 团员 群众 共青团员 正式 预备 积极分子 发展对象 申请人 入党申请人 培养对象 在职 退休 离休 流动 困难 贫困 低保 五保 脱贫 一般 普通 特困 残疾 非困难户 贫困户 困难户 低保户 五保户 脱贫户
文盲 半文盲 小学 初中 高中 中专 中技 技校 职高 大专 专科 本科 大学 大本 研究生 硕士 博士 学历 毕业 肄业 在读 及以上 及以下 函授 自考
农民 村民 干部 教师 医生 学生 军人 退伍 复员 转业 退役 工人 职工 个体 经商 务工 打工 返乡 回乡 待业 大学生村官 村官 公务员
书记 副书记 支部书记 委员 组长 副组长 主任 副主任 会计 出纳 社长 副社长 理事 理事长 秘书长 会长 副会长 场长 经理 总经理 厂长 联络员 指导员 村长 队长
党委 党总支 总支 党支部 支部 联合支部 联合党支部 临时党支部 党小组 联络岗 党组 党组织 村委会 居委会 委员会 街道办 办事处 社区 行政村 自然村 街道 乡镇 村内 跨村 跨乡镇 跨乡 跨镇 县内 县外
合作社 专业合作社 联合社 协会 公司 企业 基地 园区 养殖场 农场 合作组织 种植 养殖 加工 销售 流通 服务 运输 旅游 蔬菜 水稻 玉米 大豆 畜牧 奶牛 生猪 食用菌 苗木 果树 粮食 技术 农机 农资 信用
直接 直接管理 属地 属地管理 主管 代管 协管 统管 管理 协助 主要 一帮一 一联五 结对 帮扶 联系 包户 包片 每年 每月 技术指导 设岗 夜校 论坛 远程 远程教育 现场 集中 网络 线上 线下 讲座 会议 观摩 田间 地头
今年 去年 前年 上年 年初 年底 年中 上半年 下半年 春季 夏季 秋季 冬季 月初 月底 长期 至今 现在 当年 近年 不定期 定期 今日 昨日 上午 下午 星期一 数据 人员 编号 代码 名称 类别 日期 户数 人口 产值 万元 人民币 备用 测试 示例 公历 农历
姓名 性别 民族 年龄 出生年月 出生日期 籍贯 身份证 身份证号 身份证号码 电话 电话号码 手机 手机号 手机号码 联系电话 联系方式 地址 住址 家庭住址 序号 单位 工作单位 邮箱 微信 政治面貌 入党时间
户主 户主姓名 家庭人口 与户主关系 职务 职业 面积 土地面积 收入 年收入 支出 资金 金额 说明 时间 地点 内容 原因 负责人 联系人 责任人 帮扶人 所属 所在 上级 下级 成立时间 开始时间 结束时间
"""
_SINGLES = frozenset("是否有无男女村户年月日元人号岁个名亩次家万乡镇县市区省共约")
_PLACE = re.compile(rf"({_HAN}{{1,8}}?)(?:村|屯|乡|镇|县|市|区|省|村委会|居委会|街道|社区|合作社|联合社|协会|公司|基地|园区|党支部|支部|党委|党总支)")
_NAME_WITHIN_PLACE = re.compile(f"[{SURNAME_HAN}](?![家庄店屯])|{_COMPOUND_HAN}")
# English words that read as pinyin of a surname and a syllable or two.
_ENGLISH = frozenset(
    [
        "change",
        "date",
        "fine",
        "guide",
        "he",
        "here",
        "house",
        "like",
        "line",
        "lane",
        "life",
        "live",
        "made",
        "make",
        "male",
        "man",
        "mane",
        "more",
        "pane",
        "hope",
        "lime",
        "huge",
        "mine",
        "wane",
        "wage",
        "code",
    ]
)


def shown_value(column: Property, value: object) -> str | None:
    """Return `value` as a message may show it, cut to 40 characters: masked if its column is personal, or if it may be.

    Examples
    --------
    >>> from graphkit.model.kinds import HOUSEHOLD
    >>> people = HOUSEHOLD.properties[1]
    >>> [shown_value(people, text) for text in ("5户", "2010年3月", "张三丰", "h-07", "138 1234 5678")]
    ['5户', '2010年3月', '***', 'h-07', '***']
    """
    if value is None:
        return None
    text = str(value)
    return MASK if column.personal or may_be_personal(text) else text[:LONGEST_SHOWN]


def shown_heading(text: str, near: str | None) -> str:
    """Return a heading that is not known as a message may show it; one much like a declared heading (`near`) is a slip of the pen, not a name.

    Examples
    --------
    >>> shown_heading("人囗", "人口"), shown_heading("面积", None), shown_heading("张三丰", None)
    ('人囗', '面积', '***')
    """
    slip = near is not None and not _holds_number(text) and not re.search(f"[{SURNAME_HAN}]", text)
    return text[:LONGEST_SHOWN] if slip or not may_be_personal(text) else MASK


def may_be_personal(text: str) -> bool:
    """Whether `text` holds, or in doubt may hold, a person's name, identity number or phone.

    Examples
    --------
    >>> may_be_personal("组长张三丰"), may_be_personal("大专以上"), may_be_personal("Zhang San"), may_be_personal("230112104001")
    (True, False, True, False)
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")  # nor does a zero width hide it
    return "@" in plain or _holds_number(plain) or _holds_han_name(plain) or _holds_latin_name(plain)


def _holds_number(text: str) -> bool:
    """A phone or an identity number, its digits joined or apart; or so many digits that it may be an account."""
    for run in _NUMBER_RUN.findall(text):
        digits = re.sub(r"[^0-9xX]", "", run)
        if _PERSONAL_DIGITS.fullmatch(digits) or (len(digits) > 15 and digits == run):
            return True
    return False


def _holds_han_name(text: str) -> bool:
    """Two or more Chinese characters that are neither a quantity, nor words of the field, nor the name of a place or body."""
    unknown = 0
    for run in re.findall(f"{_HAN}+", _QUANTITY.sub(" ", text)):
        if run in _SINGLES or _words().fullmatch(run) or _is_place(run):
            continue
        unknown += len(run)
    return unknown > 1


def _is_place(run: str) -> bool:
    place = _PLACE.fullmatch(run)
    return place is not None and not _NAME_WITHIN_PLACE.search(place[1])


@functools.cache
def _words() -> re.Pattern[str]:
    """Runs made of words of the field alone: those listed here, and every heading and choice of the model."""
    declared = {
        part
        for kind in MODEL.kinds
        for column in kind.columns
        for heading in (kind.heading, column.heading, *(choice.heading for choice in column.choices))
        for part in re.findall(f"{_HAN}{{2,}}", heading.zh)
    }
    words = sorted({*_HARMLESS.split(), *declared}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(words)}|(?<={_HAN})[或及与兼的等类户人](?!$)|(?<={_HAN}{_HAN})[户人员类等])+")


def _holds_latin_name(text: str) -> bool:
    """A name in pinyin, with or without marks of tone; or letters of another script, which nothing here can read."""
    apart = unicodedata.normalize("NFD", _QUANTITY.sub(" ", text.lower()))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    if any(letter.isalpha() and not letter.isascii() and not re.match(_HAN, letter) for letter in plain):
        return True
    return any(not _english().issuperset(re.findall("[a-z]+", found[0])) for found in _PINYIN_NAME.finditer(plain))


@functools.cache
def _english() -> frozenset[str]:
    declared = {
        word
        for kind in MODEL.kinds
        for column in kind.columns
        for text in (kind.table, column.name, kind.heading.en, column.heading.en, *(w for c in column.choices for w in (c.value, c.heading.en)))
        for word in re.findall("[a-z]{3,}", text.lower())
    }
    return _ENGLISH | declared
