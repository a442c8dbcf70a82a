"""Places by name and date: what the article names, and what the list of 2023 calls it."""

import datetime as dt

import pytest

from graphkit.errors import ParameterError, SourceError
from graphkit.identity.matching import PlaceMatch, acheng_gazetteer, read_gazetteer
from graphkit.identity.places import find_place, read_aliases, read_list
from graphkit.identity.spelling import bare_unit
from graphkit.identity.unlisted import UnlistedPlaces

ARTICLE = dt.date(2012, 4, 30)
NAMED = {  # every place that the article names, and its code in the list
    "阿什河街道": "230112005",
    "城建村": "230112005200",
    "南城村": "230112005205",
    "金龙山镇": "230112112",
    "蜚克图镇": "230112014",
    "料甸满族乡": "230112013",
    "料甸满族乡西华村": "230112013206",
    "松峰山镇": "230112108",
    "亚沟镇": "230112011",
    "亚沟镇全店村": "230112011205",
}


@pytest.mark.parametrize(("name", "code"), NAMED.items())
def test_every_place_of_the_article_is_found_on_its_date(name, code):
    assert find_place(name, on=ARTICLE).code == code


@pytest.mark.parametrize(("old", "now"), [("料甸满族乡", "料甸街道"), ("亚沟镇", "亚沟街道"), ("蜚克图镇", "蜚克图街道")])
def test_a_name_that_has_gone_is_an_alias_and_nothing_is_renamed(old, now):
    place = find_place(old)
    assert (place.name, place.alias) == (now, old)
    assert old not in {row["township_name"] for row in read_list()}


def test_a_correspondence_that_no_source_at_hand_shows_is_not_verified():
    assert {alias.name: alias.verified for alias in read_aliases()} == {"料甸满族乡": True, "亚沟镇": True, "蜚克图镇": False}
    assert not find_place("蜚克图镇").verified
    assert not find_place("蜚克图镇新荣村").verified
    assert "not verified" in find_place("蜚克图镇").source.en
    assert "未核实" in find_place("蜚克图镇").source.zh


@pytest.mark.parametrize("alias", read_aliases(), ids=lambda alias: alias.code)
def test_a_verified_alias_rests_on_a_village_that_both_sources_name(alias):
    villages = {row["name"] for row in read_list() if row["township_code"] == alias.code}
    assert any(name in villages for name in ("西华村村委会", "全店村村委会")) == alias.verified


def test_out_of_use_after_the_list_of_2023():
    with pytest.raises(ParameterError, match="not in use on 2024-01-01; the list of 2023 has code 230112011"):
        find_place("亚沟镇", on=dt.date(2024, 1, 1))


@pytest.mark.parametrize(
    "name", ["城建村", "城建", "城建村村委会", "城建村村民委员会", "城建村村", "城 建　村", "阿什河街道城建村", "阿什河街道 城建村"]
)
def test_a_village_in_every_way_to_write_it(name):
    assert find_place(name).code == "230112005200"


def test_the_wrong_township_before_a_village_is_refused():
    with pytest.raises(ParameterError, match="no place '金龙山镇城建村'"):
        find_place("金龙山镇城建村")


def test_a_near_miss_says_what_was_meant():
    with pytest.raises(ParameterError, match=r"did you mean .*城建村"):
        find_place("诚建村")


def test_every_place_of_the_list_is_found_by_its_full_name():
    for row in read_list():
        assert find_place(row["township_name"] + row["name"]).code == row["code"]


def test_kinds():
    assert find_place("金龙山镇").kind == "township"
    assert find_place("金城社区").kind == "residents_committee"


# A list of one's own, with dates. By hand: 甲 merged into 乙 in 2019, which merged into 丙 in 2021; the name 甲 was taken by another village in 2022.
DATED = """code,name,township_name,since,until,successor
230112000001,甲村,东镇,,2019-01-01,230112000002
230112000002,乙村,东镇,,2021-01-01,230112000003
230112000003,丙村,东镇,,,
230112000004,甲村,西镇,2022-01-01,,
230112000005,丁村,东镇,,2018-01-01,
230112000006,戊村,东镇,,,230112000003
"""


@pytest.mark.parametrize(
    ("name", "on", "codes", "followed"),
    [
        (["甲村"], "2012-04-30", ("230112000001",), False),
        (["甲村"], "2018-12-31", ("230112000001",), False),
        (["甲村"], "2019-01-01", ("230112000002",), True),  # the day that it is no more
        (["甲村"], "2021-06-01", ("230112000003",), True),  # through two mergers
        (["甲村"], "2023-01-01", ("230112000004",), False),  # who bears the name now
        (["东镇", "甲村"], "2023-01-01", ("230112000003",), True),  # but the township says which was meant
        (["甲村"], None, ("230112000004", "230112000003"), False),  # no day: never a pick among the two
        (["乙村"], None, ("230112000003",), True),
        (["丁村"], "2012-04-30", ("230112000005",), False),
        (["丁村"], "2019-01-01", (), False),  # nobody says what became of it
        (["戊村"], "2012-04-30", ("230112000006", "230112000003"), False),  # it ended, nobody says when
        (["戊村"], None, ("230112000003",), True),
        (["230112000001"], "2023-01-01", ("230112000001",), False),  # a code is what it says
    ],
)
def test_a_name_leads_by_date_to_the_place_or_to_what_it_became(tmp_path, name, on, codes, followed):
    (tmp_path / "list.csv").write_text(DATED, encoding="utf-8")
    match = read_gazetteer(tmp_path / "list.csv", on=dt.date.fromisoformat(on) if on else None).find(name)
    assert (match.codes, match.followed) == (codes, followed)


def test_a_list_in_which_places_became_each_other_leads_nowhere(tmp_path):
    (tmp_path / "list.csv").write_text("code,name,until,successor\n1,甲村,2019-01-01,2\n2,乙村,2019-01-01,1\n", encoding="utf-8")
    assert read_gazetteer(tmp_path / "list.csv").find(["甲村"]) == PlaceMatch((), off_day=True)


@pytest.mark.parametrize(("row", "says"), [("1,甲村,2019,", "row 2"), ("1,甲村,2019-01-01,9", "successor 9")])
def test_a_dated_list_that_is_wrong_is_refused_with_the_row(tmp_path, row, says):
    (tmp_path / "list.csv").write_text(f"code,name,until,successor\n{row}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=says):
        read_gazetteer(tmp_path / "list.csv")


# A list of more than one county, with parents. By hand: two 东风 in 甲县 and one in 乙县; 红旗 is a village and, beside it, a community; 旧镇 became 新镇.
COUNTIES = """code,name,parent,since,until,successor
2301,甲县,,,,
2302,乙县,,,,
230101,东镇,2301,,,
230102,西满族乡,2301,,,
230103,旧镇,2301,,2019-01-01,
230103,新镇,2301,2019-01-01,,
230201,东镇,2302,,,
230101001,东风村,230101,,,
230102001,东风村村民委员会,230102,,,
230201001,东风村,230201,,,
230201002,胜利村,230201,,,
230101002,红旗村委会,230101,,,
230101003,红旗社区居委会,230101,,,
230101004,红旗岗村,230101,,,
230101005,紅旗冈村,230101,,,
230103001,双泉村,230103,,,
230103002,先锋林场,230103,,,
230103003,先锋林场社区,230103,,,
"""


@pytest.mark.parametrize(
    ("parts", "codes"),
    [
        (["东风村"], ("230101001", "230102001")),  # of the user's own county; how each is written in the list does not decide
        (["乙县", "东镇", "东风村"], ("230201001",)),  # unless another is named
        (["乙县", "东风"], ("230201001",)),
        (["东镇", "东风村"], ("230101001",)),  # two 东镇: that of the own county
        (["西满族乡", "东风村"], ("230102001",)),  # 东风村 as it stands is in another township
        (["西乡", "东风村村"], ("230102001",)),
        (["甲县西满族乡", "东风村"], ("230102001",)),  # both in one cell
        (["甲县西满族乡东风村委会"], ("230102001",)),  # all in one word
        (["胜利"], ("230201002",)),  # none in the own county
        (["红旗村"], ("230101002",)),
        (["红旗社区"], ("230101003",)),
        (["红旗居委会"], ("230101003",)),
        (["红旗"], ("230101002", "230101003")),  # never a pick among equals
        (["红旗岗"], ("230101004",)),  # another way to write the second, but the first as it stands
        (["紅旗冈村"], ("230101005",)),
        (["紅旗崗村"], ("230101004", "230101005")),
        (["旧镇", "双泉村"], ("230103001",)),  # a former name of the township
        (["新镇双泉"], ("230103001",)),
        (["东镇", "双泉村"], ()),
        (["某某街道", "双泉村"], ("230103001",)),  # a township that the list does not know excludes nothing
        (["先锋林场"], ("230103002",)),
        (["先锋林场居委会"], ("230103003",)),
        (["东镇"], ()),  # a township is no village
        (["村"], ()),
        ([""], ()),
    ],
)
def test_a_name_is_looked_up_in_the_own_county_first(tmp_path, parts, codes):
    (tmp_path / "list.csv").write_text(COUNTIES, encoding="utf-8")
    assert read_gazetteer(tmp_path / "list.csv", within="甲县").find(parts).codes == codes


def test_several_are_told_with_what_they_lie_in_and_none_with_the_nearest(tmp_path):
    (tmp_path / "list.csv").write_text(COUNTIES, encoding="utf-8")
    places = read_gazetteer(tmp_path / "list.csv", within="2301")
    assert places.find(["东风村"]).called == ("东镇东风村 230101001", "西满族乡东风村村民委员会 230102001")
    assert places.find(["红棋村"]).nearest[0] == "红旗村"
    assert places.find(["完全不同"]).nearest == ()


def test_every_place_of_the_list_is_found_in_every_way_to_write_it():
    places = acheng_gazetteer()
    for row in read_list():
        for name in (row["name"], f"{row['township_name']}{row['name']}", f" {row['name'][:2]}　{row['name'][2:]}"):
            assert places.find([row["township_name"], name]).code == row["code"]
        kind = "村民委员会" if row["name"].endswith("村村委会") else "居民委员会"
        if row["name"].endswith(("村村委会", "居委会")):
            stem = row["name"].removesuffix("村委会").removesuffix("社区居委会").removesuffix("居委会")
            assert places.find([row["township_name"], stem + kind]).code == row["code"], row["name"]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("料甸满族乡", "料甸"), ("料甸街道办事处", "料甸"), ("扎兰屯达斡尔民族乡", "扎兰屯达斡尔"), ("杏花朝鲜族满族镇", "杏花"), ("红旗乡", "红旗"),
        ("胡吉吐莫镇", "胡吉吐莫"), ("杜尔伯特蒙古族自治县", "杜尔伯特"), ("梅里斯达斡尔族区", "梅里斯"), ("乡", "乡"),
    ],
)  # fmt: skip
def test_a_township_without_what_kind_it_is(name, bare):
    assert bare_unit(name) == bare


# Places of which nobody has the codes. By hand: 甲村 in two townships, 乙村 in one; 东镇 and 东乡 are two, 东 may be either.
WAYS = [
    ("东镇", "甲村"),
    ("西镇街道办事处", "甲村村委会"),
    ("东镇", "乙村村民委员会"),
    ("东乡", "丙村"),
    ("幸福社区",),
    ("东镇", "幸福村"),
    ("某县", "东镇", "甲村"),
    ("东", "乙村"),
]


@pytest.mark.parametrize(
    ("way", "keys"),
    [
        (("东镇", "甲村"), ("某县-东镇-甲村",)),  # that with the county says more
        (("西镇街道", "甲"), ("西镇街道-甲村",)),
        (("西镇", "甲村"), ("西镇街道-甲村",)),
        ((None, "甲村"), ("西镇街道-甲村", "某县-东镇-甲村")),
        (("乙村",), ("东镇-乙村",)),
        (("东", "乙村"), ("东镇-乙村",)),
        (("东", "丙村"), ("东乡-丙村",)),
        (("东镇", "丙村"), ()),  # 东乡 is another
        (("幸福",), ("幸福社区", "东镇-幸福村")),
        (("东镇", "幸福社区"), ()),
        (("东镇", None), ()),
    ],
)
def test_places_without_codes_go_by_their_names(way, keys):
    assert UnlistedPlaces(WAYS).find(way).codes == keys


def test_townships_without_codes_keep_the_kind_they_say():
    places = UnlistedPlaces([("东镇",), ("东乡",), ("西镇",), ("西",)], villages=False)
    assert (places.find(("西",)).code, places.find(("东乡",)).code, places.find(("东",)).codes) == ("西镇", "东乡", ("东镇", "东乡"))


@pytest.mark.parametrize(
    ("parts", "on", "codes"),
    [
        (["东镇"], None, ("230101",)),  # that of the own county
        (["乙县", "东镇"], None, ("230201",)),
        (["西乡"], None, ("230102",)),
        (["新镇"], None, ("230103",)),
        (["旧镇"], "2012-01-01", ("230103",)),
        (["旧镇"], "2023-01-01", ()),  # the list does not say what became of it
        (["甲县"], None, ()),
        (["230102"], None, ("230102",)),
    ],
)
def test_a_township_is_found_like_a_village(tmp_path, parts, on, codes):
    (tmp_path / "list.csv").write_text(COUNTIES, encoding="utf-8")
    places = read_gazetteer(tmp_path / "list.csv", on=dt.date.fromisoformat(on) if on else None, within="甲县")
    assert places.townships.find(parts).codes == codes


def test_a_place_that_was_renamed_and_kept_its_code_names_that_as_its_successor(tmp_path):
    (tmp_path / "list.csv").write_text("code,name,since,until,successor\n1,甲村,,2019-01-01,1\n1,乙村,2019-01-01,,\n", encoding="utf-8")
    match = read_gazetteer(tmp_path / "list.csv", on=dt.date(2023, 1, 1)).find(["甲村"])
    assert (match.code, match.followed) == ("1", True)


@pytest.mark.parametrize("name", ["料甸满族乡", "料甸街道", "料甸"])
def test_townships_of_the_shipped_list_by_the_names_they_bore(name):
    assert acheng_gazetteer().townships.find([name]).code == "230112013"
