"""Places by name and date: what the article names, and what the list of 2023 calls it."""

import datetime as dt

import pytest

from graphkit.errors import ParameterError
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
