"""Places by name and date: what the article names, and what the list of 2023 calls it."""

import datetime as dt

import pytest

from graphkit.errors import ParameterError, SourceError
from graphkit.identity.matching import PlaceMatch, read_gazetteer
from graphkit.identity.places import find_place, read_aliases, read_list

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


@pytest.mark.parametrize("name", ["城建村", "城建村村委会", " 城建村 ", "阿什河街道城建村", "阿什河街道 城建村"])
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
