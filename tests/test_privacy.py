"""What looks personal is never shown, and never an id; what is plainly harmless still is. All people here are made up."""

import pyarrow as pa
import pytest

import graphkit
import loaders
from graphkit.data.checks import check_tables, quarantine_problems
from graphkit.data.tables import Tables
from graphkit.errors import SourceError
from graphkit.model.kinds import MODEL
from graphkit.privacy import may_be_personal, shown_value

SHOWN = [
    "5户",
    "20余万元",
    "2010年3月",
    "2010.03",
    "2012-04-30",
    "2012/4/30",
    "二〇一二年四月",
    "三十余户",
    "约30户",
    "正式",
    "正式党员",
    "大专以上",
    "大专及以上",
    "高中或中专",
    "高中以上",
    "初中毕业",
    "本科",
    "研究生",
    "文盲",
    "党支部",
    "村委会",
    "东风村",
    "新华镇",
    "李家窝堡村",
    "张家屯",
    "张店镇",
    "2301121040",
    "230112104001",
    "23011210400一",
    "230112104",
    "2.30112E+11",
    "1234567",
    "40298",
    "m1",
    "h-07",
    "member_12",
    "c001",
    "Household",
    "full member",
    "n/a",
    "unknown",
    "farmer",
    "-3",
    "3.5",
    "五",
    "也许",
    "远程",
    "99",
    "99999999",
    "2012年",
    "1950年",
    "12人",
    "200万",
    "3.5万元",
    "10亩",
    "5 households",
    "20 wan yuan",
    "正式、预备",
    "甲",
    "是",
    "书记兼主任",
    "z1",
    "Village",
    "2012-04-30 08:00:00",
    "第3组",
    "2012年底",
    "贫困户",
    "低保户",
    "其他",
    "无",
    "0x1F",
]

MASKED = [
    "张三",
    "张三丰",
    "李四光",
    "欧阳修",
    "诸葛孔明",
    "張三",
    "仝三",
    "𬱖镕",
    "组长张三丰",
    "张三丰等5户",
    "户主李四",
    "由王五负责",
    "张 三",
    "张·三",
    "张三（村）",
    "张三正式党员",
    "王元",
    "丁一",
    "高大全",
    "李新村",
    "王小村",
    "zhangsan",
    "Zhang San",
    "ZHANG SAN",
    "zhang_san",
    "San Zhang",
    "Zhāng Sān",
    "lisiguang",
    "ouyangxiu",
    "wangwu01",
    "li-si",
    "阿依古丽",
    "Әлия",
    "Алия",
    "김철수",
    "zhangsan@qq.com",
    "13812345678",
    "138 1234 5678",
    "138-1234-5678",
    "+8613812345678",
    "１３８１２３４５６７８",
    "电话13812345678",
    "m13812345678",
    "0451-53721234",
    "(0451)53721234",
    "045153721234",
    "230112199001011234",
    "23011219900101123X",
    "230112 19900101 1234",
    "230112-19900101-123x",
    "230112900101123",
    "身份证230112199001011234号",
    "2.30112199001011e+17",
    "6222021234567890123",
    "张三、李四",
    "张三/李四",
    "张三丰东风村",
    "组长张三丰东风村",
    "张三合作社",
    "Li Ming",
    "wang xiao ming",
    "MaYun",
    "张\u200b三丰",
    "138\u200b12345678",
    "138 1234 5678 李",
    "办公室 0451 53721234",
    "1.3812345678e+10",
    "0086-138-1234-5678",
    "shi.xiaoming",
    "Ou Yang Xiu",
]


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_plainly_harmless_is_shown(text):
    assert not may_be_personal(text)


@pytest.mark.parametrize("text", MASKED)
def test_what_may_be_personal_is_masked(text):
    assert may_be_personal(text)


def test_every_word_of_the_model_is_shown():
    for kind in MODEL.kinds:
        for column in kind.columns:
            words = [column.heading.zh, column.heading.en, column.name]
            words += [word for choice in column.choices for word in (choice.value, choice.heading.zh, choice.heading.en)]
            assert [word for word in words if may_be_personal(word)] == []


@pytest.mark.parametrize("value", MASKED)
def test_no_personal_value_in_any_column_of_any_table(tmp_path, value):
    """The planted value stands in every column of every kind, those of dates, numbers and fixed words too."""
    for kind in MODEL.kinds:
        headings = ",".join(column.name for column in kind.columns)
        cells = ",".join(f'"{value}"' for _ in kind.columns)
        (tmp_path / f"{kind.table}.csv").write_text(f"{headings}\n{cells}\n{cells}\n{cells},1\n", encoding="utf-8")
    tables, problems = loaders.check_source(tmp_path)
    assert {problem.table for problem in problems} >= {kind.table for kind in MODEL.ties}
    said = "\n".join(problem.describe(lang) + repr(problem) for problem in problems for lang in ("zh", "en"))
    assert value not in said
    assert tables.quarantine.num_rows > len(MODEL.ties)


def test_a_heading_that_is_a_name_is_not_repeated(tmp_path):
    (tmp_path / "农户.csv").write_text("编号,仝三丰,13812345678\nh1,1,2\n", encoding="utf-8")
    loading = loaders.read_source(tmp_path)
    told = str(loading.readings) + str(loading.problems)
    (tmp_path / "农户.csv").write_text("编码,仝三丰,13812345678,人口\nh1,1,2,3\n", encoding="utf-8")
    with pytest.raises(SourceError) as raised:  # the key is missing
        loaders.load(tmp_path)
    assert "***" in told
    for said in (told, str(raised.value)):
        assert "仝三丰" not in said
        assert "13812345678" not in said


def test_a_shown_value_is_cut():
    assert shown_value(MODEL.nodes[0].properties[0], "m" * 100) == "m" * 40


# Ids


NUMBERS = [
    "23011219900101123X",
    "23011219900101123x",
    "230112199001011234",
    "230112900101123",
    "２３０１１２１９９００１０１１２３４",
    "230112 19900101 1234",
    "230112-19900101-1234",
    "户230112199001011234",
    "13812345678",
    "138-1234-5678",
    "+86 138 1234 5678",
    "8613812345678",
    "0451-53721234",
    "(0451) 53721234",
    "010-66661234",
]
IDS = ["m1", "000123", "1", "20120430001", "230112104001", "230112104", "230112104001000123", "100000000000000001", "202300000000001", "h-2012-04-30", "c0000001",
       "12345678901", "10000000001", "DY-0001", "村东-12", "30000000000", "91230112MA18X1234X", "020000000001"]  # fmt: skip
KEYED = [kind for kind in MODEL.nodes if not kind.properties[0].digits]


@pytest.mark.parametrize("kind", KEYED, ids=str)
@pytest.mark.parametrize("number", NUMBERS)
def test_an_identity_number_or_a_phone_is_no_id(kind, number):
    [problem] = [p for p in check_tables(Tables({kind.table: pa.table({"id": ["x1", number]})})) if p.rule.startswith("id.")]
    assert (problem.rule, problem.value, problem.effect) == ("id.number", "***", "quarantine")
    assert "--pseudonyms" in problem.describe("zh")
    assert "--pseudonyms" in problem.describe("en")
    sound = quarantine_problems(Tables({kind.table: pa.table({"id": ["x1", number]})}))
    assert sound[kind.table]["id"].to_pylist() == ["x1"]


@pytest.mark.parametrize("tie", MODEL.ties, ids=str)
def test_nor_an_end_of_a_tie(tie):
    for end in tie.ends:
        row = {name: ["x"] for name in (tie.ends[0].name, tie.ends[1].name)} | {end.name: [NUMBERS[0]]}
        problems = [p for p in check_tables(Tables({tie.table: pa.table(row)})) if p.column == end.name]
        assert {p.rule for p in problems} >= {"type.code" if end.digits else "id.number"}
        assert {p.value for p in problems} == {"***"}


@pytest.mark.parametrize("kind", KEYED, ids=str)
def test_ids_of_other_sorts_pass(kind):
    assert [p for p in check_tables(Tables({kind.table: pa.table({"id": IDS})})) if p.rule.startswith("id.")] == []


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "张三丰",
        "欧阳修",
        "诸葛孔明",
        "張三",
        "张三2",
        "李四家",
        "zhangsan",
        "Zhang San",
        "ZHANG_SAN",
        "San Zhang",
        "wangwu01",
        "m13812345678",
    ],
)
def test_names_as_ids_are_told_once_a_table_and_stay(name):
    given = Tables({"Member": pa.table({"id": ["m1", name, "王五", "m2"], "source_row": [2, 3, 4, 5]})})
    [problem] = check_tables(given)
    assert (problem.rule, problem.effect, problem.row, problem.value) == ("id.name", "report", 3, "***")
    assert "共 2 个" in problem.text.zh
    assert "2 in this table" in problem.text.en
    assert quarantine_problems(given)["Member"].num_rows == 4


@pytest.mark.parametrize("make", [graphkit.generate_acheng, lambda: graphkit.generate_district(villages=5, seed=2)], ids=["acheng", "random"])
def test_a_made_up_district_has_no_such_id(make):
    assert [problem for problem in check_tables(make()) if problem.rule.startswith("id.")] == []
