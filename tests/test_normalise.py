"""Values: what every form of a cell means, by hand; and laws: idempotent, never a guess, never a traceback."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.identity.matching import Gazetteer
from graphkit.identity.places import read_list
from loaders.normalise import read_birth_year, read_date, read_id_number, read_number, read_text

NUMBERS = [
    ("5", "", "5", "exact"), ("５", "", "5", "exact"), ("5户", "户", "5", "exact"), ("217 家", "户", "217", "exact"), ("1,234", "", "1234", "exact"),
    ("1，234", "", "1234", "exact"), ("十", "", "10", "exact"), ("二十三", "", "23", "exact"), ("一百零五", "", "105", "exact"), ("两户", "户", "2", "exact"),
    ("20余万元", "元", "200000", "more_than"), ("20多户", "户", "20", "more_than"), ("三十多户", "户", "30", "more_than"), ("50户以上", "户", "50", "more_than"),
    ("约30户", "户", "30", "about"), ("30户左右", "户", "30", "about"), ("3-5户", "户", "3", "between"), ("3～5", "", "3", "between"), ("3至5户", "户", "3", "between"),
    ("1.5万元", "元", "15000", "exact"), ("0.3亿元", "元", "30000000", "exact"), ("5万", "元", "50000", "exact"), ("86.9%", "", "0.869", "exact"),
    ("百分之三十", "", "0.3", "exact"), ("12.0", "", "12", "exact"), ("-3", "", "-3", "exact"), ("5口人", "人", "5", "exact"), ("2公顷", "亩", "30", "exact"),
]  # fmt: skip
UNREADABLE = ["5斤", "三斗", "1,23", "5-3户", "五六", "多", "户", "1e5", "12月", "5户3人", "--5", "٣", "½", "一二"]


@pytest.mark.parametrize(("cell", "unit", "value", "precision"), NUMBERS)
def test_numbers(cell, unit, value, precision):
    normal = read_number(cell, unit=unit)
    assert (normal.state, normal.value, normal.precision) == ("value", value, precision)


@pytest.mark.parametrize("cell", UNREADABLE)
def test_what_is_no_amount_stays_as_it_stands(cell):
    normal = read_number(cell, unit="户")
    assert (normal.state, normal.value) == ("unreadable", cell)


def test_a_unit_in_the_heading_counts_where_the_cell_names_none():
    assert read_number("12", unit="元", cell_unit="万元").value == "120000"
    assert read_number("12元", unit="元", cell_unit="万元").value == "12"
    assert read_number("12万", unit="元", cell_unit="万元").value == "120000"  # 万 is the heading's own


DATES = [
    ("2010年3月5日", "2010-03-05", "day"), ("2010.3.5", "2010-03-05", "day"), ("2010/03/05", "2010-03-05", "day"), ("20100305", "2010-03-05", "day"),
    ("2010-03-05 00:00:00", "2010-03-05", "day"), ("２０１０年３月５日", "2010-03-05", "day"), ("二〇一〇年三月五日", "2010-03-05", "day"), ("2010年3月5号", "2010-03-05", "day"),
    ("40242", "2010-03-05", "day"), ("2010年3月", "2010-03-01", "month"), ("2010.03", "2010-03-01", "month"), ("2010-3", "2010-03-01", "month"),
    ("201003", "2010-03-01", "month"), ("二〇一〇年十二月", "2010-12-01", "month"), ("2010年", "2010-01-01", "year"), ("2010", "2010-01-01", "year"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value", "precision"), DATES)
def test_dates_have_their_precision(cell, value, precision):
    normal = read_date(cell)
    assert (normal.state, normal.value, normal.precision) == ("value", value, precision)


@pytest.mark.parametrize(
    "cell", ["2010-02-30", "2010-13-01", "2450-04-28", "0016-01-01", "3月5日", "10.3.5", "去年", "2010年春", "2010-3-5-7", "1e5", "2010年13月"]
)
def test_no_date_is_made_of_what_is_none(cell):
    assert read_date(cell).state == "unreadable"


# GB 11643-1999 prints 11010519491231002X and 440524188001010014 as its examples.
@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "11010519491231002x", " 110105 19491231 002X"])
def test_identity_numbers_of_the_standard(number):
    assert read_id_number(number).state == "value"


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491331002X", "1101051949123100", "230112199001011000", "m-07"])
def test_identity_numbers_that_are_none(number):
    assert read_id_number(number).state == "unreadable"


def test_a_birth_year_is_taken_and_the_number_is_not_kept():
    assert read_birth_year("11010519491231002X").value == "1949"
    assert "0105" not in repr(read_birth_year("11010519491231002X"))


CELLS = st.text(st.sampled_from("0123456789０９.,-/%年月日户万亿余多约一二十百零〇 \u3000\u200b元至~X"), max_size=12) | st.text(max_size=8)


@given(CELLS)
def test_what_is_read_is_read_again_as_it_is(cell):
    for read in (read_text, read_number, read_date, read_id_number):
        once = read(cell)
        if once.state == "value":
            again = read(once.value)
            assert (again.value, again.repairs) == (once.value, ())
        elif once.state == "unreadable":
            assert once.value == cell


@given(st.dates(dt.date(1850, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]))
def test_every_day_in_every_form(day, form):
    written = day.strftime(form)
    if form != "%Y%m%d" or day.year >= 1900:
        assert read_date(written).value == day.isoformat()


def test_no_two_villages_of_a_whole_list_are_merged():
    rows = read_list()
    places = Gazetteer(rows)
    for row in rows:
        assert places.find([row["township_name"], row["name"]]).codes == (row["code"],)
        found = places.find([re.sub("(村委会|社区居委会|居委会)$", "", row["name"])])
        assert row["code"] in found.codes


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["亚沟镇", "全店村"], "230112011205"), (["全店村村委会"], "230112011205"), (["全店村村民委员会"], "230112011205"), (["全店"], "230112011205"),
        (["全店村村"], "230112011205"), (["亚沟镇全店村"], "230112011205"), (["亚沟街道", "全店"], "230112011205"), (["230112011205"], "230112011205"),
    ],
)  # fmt: skip
def test_names_of_a_village_as_people_write_them(parts, code):
    assert Gazetteer(read_list()).find(parts).code == code


def test_never_a_pick_among_equals():
    rows = [{"code": f"23011200{n}", "name": "东风村村委会", "township_name": town} for n, town in enumerate(("甲镇", "乙镇"))]
    places = Gazetteer(rows)
    assert places.find(["东风村"]).code is None
    assert len(places.find(["东风村"]).codes) == 2
    assert places.find(["乙乡", "东风"]).code == "230112001"
    assert places.find(["丙镇", "东风"]).code is None  # a town that the list does not know tells nothing apart
    assert places.find(["西风村"]).codes == ()
    assert places.find(["东凤村"]).nearest == ("东风村",)
