"""Published figures: read by hand at every bound, judged against brute force with the decimal module, and the article's own."""

from __future__ import annotations

import csv
import dataclasses
import decimal
import functools
import re
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphkit
import loaders
from graphkit.cli import main
from graphkit.data.claim import CLAIM, Claim
from graphkit.errors import ParameterError, SourceError
from graphkit.questions.figures import arithmetic, words
from graphkit.questions.figures.arithmetic import find_fit, judge_rate, smallest_base
from graphkit.questions.figures.check import COLUMNS, VERDICTS, check_figures
from graphkit.questions.figures.reading import BOUNDS, read_figure
from graphkit.questions.figures.spans import Span, point
from graphkit.questions.files import read_finding, write_finding
from graphkit.words import Text
from tests.page_samples import PLANTED

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PHONE, IDENTITY = "13912345678", "230112198001011234"  # made up
HOW = {"half_up": decimal.ROUND_HALF_UP, "half_even": decimal.ROUND_HALF_EVEN, "truncated": decimal.ROUND_DOWN}


def judge(relation, part=None, whole=None, result=None, **more):
    """The row of one claim."""
    finding = check_figures([Claim("c", relation, part, whole, result, **more)])
    return finding.rows.astype(object).where(finding.rows.notna(), None).iloc[0]


def verdict(*figures, **more):
    return judge(*figures, **more)["verdict"]


def printed(part, whole, digits, how):
    """A rate as a text prints it: in percent, by the decimal module, which shares nothing with the code under test."""
    with decimal.localcontext(prec=60):
        return f"{(Decimal(100 * part) / Decimal(whole)).quantize(Decimal(1).scaleb(-digits), rounding=how)}%"


def spans(text, **more):
    """Both readings as (low, high, low open, high open)."""
    figure = read_figure(text, **more)
    return [(span.low, span.high, span.low_open, span.high_open) for span in (figure.strict, figure.loose)]


# ---- one figure, read by hand


@pytest.mark.parametrize(
    ("text", "strict", "loose"),
    [
        ("50以上", (50, None, True, False), (50, None, False, False)),
        ("超过50", (50, None, True, False), (50, None, False, False)),
        (">50", (50, None, True, False), (50, None, True, False)),
        ("至少50", (50, None, False, False), (50, None, False, False)),
        ("不超过50", (0, 50, False, False), (0, 50, False, False)),
        ("50以下", (0, 50, False, True), (0, 50, False, False)),
        ("不到45岁", (0, 45, False, True), (0, 45, False, True)),
        ("70多个", (70, 80, True, True), (70, 80, False, True)),
        ("3700余人次", (3700, 3800, True, True), (3700, 3800, False, True)),
        ("500多万元", (5_000_000, 6_000_000, True, True), (5_000_000, 6_000_000, False, True)),
        ("20余万元", (200_000, 300_000, True, True), (200_000, 300_000, False, True)),
        ("1000余", (1000, 2000, True, True), (1000, 2000, False, True)),
        ("近800", (750, 800, False, True), (700, 800, False, False)),
        ("约800", (750, 850, False, False), (700, 900, False, False)),
        ("800左右", (750, 850, False, False), (700, 900, False, False)),
        ("超过50万元以上", (500_000, None, True, False), (500_000, None, False, False)),
        ("17+70多", (87, 97, True, True), (87, 97, False, True)),
        ("at least 50 people", (50, None, False, False), (50, None, False, False)),
        ("more than 50", (50, None, True, False), (50, None, False, False)),
        ("70-odd", (70, 80, True, True), (70, 80, False, True)),
        ("1,200元", (1200, 1200, False, False), (1200, 1200, False, False)),
        ("１７", (17, 17, False, False), (17, 17, False, False)),
    ],
)
def test_words_bound_a_number(text, strict, loose):
    assert spans(text) == [strict, loose]


@pytest.mark.parametrize(
    ("text", "rounding", "strict", "loose"),
    [  # in hundredths of a percent; 9 is odd, 8 is even
        ("86.9%", None, (8685, 8695, False, True), (8685, 8700, False, True)),
        ("86.8%", None, (8675, 8685, False, False), (8675, 8690, False, True)),
        ("86.9%", "half_up", (8685, 8695, False, True), None),
        ("86.9%", "half_even", (8685, 8695, True, True), None),
        ("86.8%", "half_even", (8675, 8685, False, False), None),
        ("86.9%", "truncated", (8690, 8700, False, True), None),
        ("86.90%", "half_up", (Fraction(86895, 10), Fraction(86905, 10), False, True), None),
        ("0%", None, (0, 50, False, False), (0, 100, False, True)),
        ("百分之80", "half_up", (7950, 8050, False, True), None),
        ("0.869", "half_up", (8685, 8695, False, True), None),
    ],
)
def test_a_rate_is_rounded_at_its_last_printed_digit(text, rounding, strict, loose):
    wanted = [(Fraction(low) / 10_000, Fraction(high) / 10_000, *ends) for low, high, *ends in (strict, loose or strict)]
    assert spans(text, role="rate", rounding=rounding) == wanted


def test_a_number_in_ten_thousands_is_rounded_and_a_plain_one_is_exact():
    assert spans("360万", rounding="half_up") == [(3_595_000, 3_605_000, False, True)] * 2
    assert spans("3.6 million", rounding="truncated") == [(3_600_000, 3_700_000, False, True)] * 2
    assert read_figure("3600000").is_exact
    assert read_figure("100%", role="total").is_exact
    assert not read_figure("100%").is_exact


@pytest.mark.parametrize(
    "text",
    [
        "",
        "很多",
        "八成",
        "5 apples",
        "17;18",
        "1/3",
        "-5",
        "5-6",
        "8++12",
        "+8",
        "5万万",
        "12345678901234567",
        "0.0000000000000000000000001%",  # of which the smallest base would be longer than a column can hold
        "超过50不到60",
        ">50以下",
        "1e5",
        "=1+1",
    ],
)
def test_what_cannot_be_read_says_why_in_both_languages(text):
    why = read_figure(text)
    assert isinstance(why, Text)
    assert CHINESE.search(why.zh)
    assert not CHINESE.search(why.en)


@given(st.integers(1, 99_999), st.integers(0, 3), st.sampled_from([word for bound in BOUNDS for word in bound.words]))
def test_the_strict_reading_lies_within_the_loose_one(number, digits, word):
    figure = read_figure(f"{word}{number / 10**digits:.{digits}f}")
    assert figure.loose.covers(figure.strict) or figure.strict.is_empty


# ---- spans against a look at many numbers

ends = st.fractions(0, 4, max_denominator=4)
some_spans = st.builds(
    lambda a, b, low_open, high_open, endless: Span(min(a, b), None if endless else max(a, b), low_open, high_open),
    ends, ends, st.booleans(), st.booleans(), st.sampled_from([False, False, False, True]),
).filter(lambda span: not span.is_empty)  # fmt: skip
GRID = [Fraction(n, 24) for n in range(24 * 6)]


@given(some_spans, some_spans)
def test_spans_hold_what_their_numbers_say(one, other):
    assert all((x in one.meet(other)) == (x in one and x in other) for x in GRID)
    assert not one.covers(other) or all(x in one for x in GRID if x in other)
    wholes = one.wholes()
    assert [x for x in range(6) if x in one] == [x for x in range(6) if not wholes.is_empty and x in wholes]
    for x, y in ((x, y) for x in GRID[::8] if x in one for y in GRID[::8] if y in other):
        assert x * y in one.times(other)
        assert x + y in one.plus(other)
        assert not y or x / y in one.over(other)


@given(some_spans, st.integers(1, 6), some_spans)
def test_a_quotient_is_there_if_and_only_if_a_number_gives_it(part, whole, rate):
    assert (Fraction(whole) in part.over(rate)) == (not part.meet(rate.times(point(whole))).is_empty)


@given(st.tuples(st.integers(0, 12), st.integers(0, 6)), st.tuples(st.integers(1, 12), st.integers(0, 6)), some_spans)
def test_a_fit_is_found_if_and_only_if_there_is_one(part, whole, rate):
    parts, wholes = range(part[0], sum(part) + 1), range(whole[0], sum(whole) + 1)
    brute = {(a, b) for a in parts for b in wholes if Fraction(a, b) in rate}
    found = find_fit(Span(Fraction(part[0]), Fraction(sum(part))), Span(Fraction(whole[0]), Fraction(sum(whole))), rate, counted=True)
    assert (found in brute) if brute else found is None


def test_two_ranges_too_wide_to_try_are_given_up_and_said_so(monkeypatch):
    monkeypatch.setattr(arithmetic, "MOST_TRIES", 5)
    row = judge("share", "100余", "200余", "50.00001%")
    assert (row["verdict"], row["reason_en"]) == ("unchecked", words._REASONS["too_many"].en)


# ---- brute force: every part and whole up to 200


@functools.cache
def rate(text):
    return read_figure(text, role="rate")


@functools.cache
def count(number):
    return read_figure(str(number))


def test_every_part_of_every_whole_against_the_decimal_module():
    """Two known counts and a rate in whole percent: holds if rounding gives it, doubtful if only cutting off does, else impossible."""
    for whole in range(1, 201):
        for part in range(0, whole + 1, 1 if whole < 40 else 11):
            nearest = {printed(part, whole, 0, HOW[how]) for how in ("half_up", "half_even")}
            cut = printed(part, whole, 0, HOW["truncated"])
            middle = int(cut[:-1])
            for n in {max(middle - 1, 0), middle, middle + 1, middle + 2} - {101, 102}:
                wanted = "holds" if f"{n}%" in nearest else "doubtful" if f"{n}%" == cut else "impossible"
                assert judge_rate(count(part), count(whole), rate(f"{n}%"), share=True, counted=True).verdict == wanted, (part, whole, n)


@pytest.mark.parametrize("digits", [0, 1])
def test_every_rate_of_every_whole_against_the_decimal_module(digits):
    """The GRIM test: the part is not known."""
    step = Decimal(1).scaleb(-digits)
    for whole in range(1, 201, 1 if digits == 0 else 9):
        possible = {how: {printed(part, whole, digits, mode) for part in range(whole + 1)} for how, mode in HOW.items()}
        nearest = possible["half_up"] | possible["half_even"]
        for n in range(whole % 3, 100 * 10**digits + 1, 3 if digits == 0 else 7):
            text = f"{n * step}%"
            found = judge_rate(None, count(whole), rate(text), share=True, counted=True).verdict
            wanted = {"holds", "unchecked"} if text in nearest else {"doubtful"} if text in possible["truncated"] else {"impossible"}
            assert found in wanted, (whole, text)


def test_smallest_base_and_nearest_values_against_a_count():
    for n in range(1001):
        figure, low, high = rate(f"{n / 10:.1f}%"), Fraction(2 * n - 1, 2000), Fraction(2 * n + 1, 2000)
        inside = [x for x in (low, high) if x in figure.strict]
        first = next(b for b in range(1, 2000) for a in [-(-max(low, 0) * b // 1)] if low < Fraction(a, b) < high or Fraction(a, b) in inside)
        assert smallest_base(figure.strict)[1] == first, n
    for whole in (7, 17, 31, 69):
        shares = [Fraction(part, whole) for part in range(whole + 1)]
        for n in range(0, 1001, 7):
            found = judge_rate(None, count(whole), rate(f"{n / 10:.1f}%"), share=True, counted=True)
            if found.verdict == "impossible":
                below, above = [s for s in shares if s < Fraction(n, 1000)], [s for s in shares if s > Fraction(n, 1000)]
                assert [pair and pair[0] / pair[1] for pair in (found.below, found.above)] == [max(below, default=None), min(above, default=None)]


# ---- laws

wholes = st.integers(1, 5_000)
parts_of = wholes.flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@given(parts_of, st.integers(0, 6), st.sampled_from(sorted(HOW)), st.booleans(), st.booleans())
def test_a_true_rate_rounded_by_any_convention_is_never_impossible(pair, digits, how, stated, known):
    part, whole = pair
    found = verdict("share", str(part) if known else None, str(whole), printed(part, whole, digits, HOW[how]), rounding=how if stated else None)
    assert found in (("holds", "unchecked") if stated or how != "truncated" else ("holds", "unchecked", "doubtful"))


@given(st.integers(0, 10**6), st.integers(1, 3_000), st.integers(0, 4), st.sampled_from(sorted(HOW)))
def test_a_true_mean_of_whole_numbers_is_never_impossible(total, number, digits, how):
    mean = printed(total, number * 100, digits, HOW[how])[:-1]
    for part in (str(total), None):
        assert verdict("mean", part, str(number), mean, rounding=how, integers=True) in ("holds", "unchecked")


@given(wholes, st.decimals(0, 99, places=2), st.integers(0, 9), st.none() | st.integers(0, 5_000))
def test_one_more_digit_never_makes_the_impossible_possible(whole, shown, digit, part):
    part = None if part is None else str(part)
    before, after = (verdict("share", part, str(whole), f"{text}%") for text in (shown, f"{shown}{digit}"))
    assert before != "impossible" or after == "impossible"


@given(parts_of, st.integers(0, 100), st.integers(1, 50))
def test_as_many_times_the_part_and_the_whole_give_the_same_verdict(pair, shown, times):
    part, whole = pair
    assert verdict("share", str(part), str(whole), f"{shown}%") == verdict("share", str(part * times), str(whole * times), f"{shown}%")


@given(st.lists(st.builds(
    Claim, st.text(max_size=5), st.sampled_from(["share", "mean", "product", "sum", "other", None]), *[st.none() | st.text("0123456789.%+多万不到以上 ", max_size=8)] * 3,
), max_size=8))  # fmt: skip
def test_whatever_is_printed_no_claim_is_lost(claims):
    finding = check_figures(claims)
    assert list(finding.rows["subject_id"]) == [claim.id for claim in claims]
    counts = finding.rows["verdict"].value_counts()
    assert sum(counts.get(name, 0) for name in VERDICTS) == len(claims)
    for lang in ("zh", "en"):
        assert finding.rows[f"reason_{lang}"].str.len().min() > 0 or not claims
        assert finding.rows[f"remedy_{lang}"].str.len().min() > 0 or not claims


# ---- verdicts at the bounds, by hand


@pytest.mark.parametrize(
    ("result", "rounding", "wanted"),
    [  # 1 of 8 is 12.5 %
        ("13%", None, "holds"), ("12%", None, "holds"), ("14%", None, "impossible"), ("11%", None, "impossible"),
        ("13%", "half_up", "holds"), ("12%", "half_up", "impossible"),
        ("13%", "half_even", "impossible"), ("12%", "half_even", "holds"),
        ("12%", "truncated", "holds"), ("13%", "truncated", "impossible"),
        ("12.5%", None, "holds"), ("12.50%", None, "holds"), ("12.51%", None, "impossible"),
        ("超过12.5%", None, "doubtful"), ("12.5%以上", None, "doubtful"), ("至少12.5%", None, "holds"), (">12.5%", None, "impossible"),
        ("12.5%以下", None, "doubtful"), ("不到12.5%", None, "impossible"), ("不超过12.5%", None, "holds"), ("0.125", None, "holds"),
    ],
)  # fmt: skip
def test_one_of_eight(result, rounding, wanted):
    assert verdict("share", "1", "8", result, rounding=rounding) == wanted


@pytest.mark.parametrize(
    ("figures", "wanted", "certain"),
    [
        (("share", "53", "61", "86.9%"), "holds", True),
        (("share", None, "61", "86.9%"), "holds", False),  # 53 of 61 can be, and is not said
        (("share", "20", "23", "86.9%"), "doubtful", False),  # 86.956…: only if cut off
        (("share", "15", None, "86.9%"), "impossible", True),  # 15 / 17 and 15 / 18 lie on either side
        (("share", "3", None, "75.0%"), "holds", False),
        (("share", None, "999", "86.9%"), "holds", False),
        (("share", None, "1000", "86.9%"), "unchecked", None),
        (("share", None, "5000", "86.9%"), "unchecked", None),  # every rate with one decimal is possible
        (("share", "86", None, "86%"), "unchecked", None),  # 86 of 100, and of others: no rate of whole percents would fail
        (("share", None, "17", "81%以上"), "unchecked", None),
        (("share", "5", "4"), "impossible", True),
        (("share", "5", "4", "125%"), "impossible", True),
        (("share", "4", "4", "100%"), "holds", True),
        (("share", "0", "4", "0%"), "holds", True),
        (("share", "0", "4", "超过0%"), "doubtful", False),
        (("share", "600多", "650"), "holds", False),
        (("share", "500多", "600多", "90%"), "holds", False),
        (("share", "5", "0", "50%"), "unchecked", None),
        (("share", "5", "10", "50"), "unchecked", None),  # a rate without its %
        (("share", "5%", "10", "50%"), "unchecked", None),
        (("share", None, None, "86.9%"), "unchecked", None),
        (("share", "5"), "unchecked", None),
        (("mean", "100", "7", "14.3"), "holds", True),
        (("mean", "100", "7", "14.4"), "impossible", True),
        (("mean", "100", None, "14.3"), "holds", False),
        (("mean", "100", None, "37.0"), "impossible", True),  # 100/2 = 50, 100/3 = 33.3
        (("mean", None, "7", "14.3"), "unchecked", None),  # of whole numbers or not?
        (("mean", "100", "7"), "unchecked", None),
        (("product", "31", "5", "155"), "holds", True),
        (("product", "31", "5", "154"), "impossible", True),
        (("product", "31", "5"), "unchecked", None),
        (("product", None, "5", "155"), "holds", False),
        (("product", None, "5", "154"), "impossible", True),
        (("product", "31", None, "155"), "unchecked", None),
        (("product", "31", "至少5", "155以上"), "holds", False),
        (("product", "800余", "1200", "96万"), "holds", False),  # 801 × 1200 rounds to 96万
        (("product", "800余", "1200", "960000"), "doubtful", False),  # only if 800余 may be 800
        (("product", "0", "5", "0"), "holds", True),
        (("product", "3", "0", "0"), "holds", True),
        (("product", "3", "0", "5"), "impossible", True),
        (("sum", "8+12", "20"), "holds", True),
        (("sum", "8+12", "21"), "impossible", True),
        (("sum", "8+12", "20余"), "doubtful", False),
        (("sum", "17+70多", "90"), "holds", False),
        (("sum", "33.3%+33.3%+33.3%", "100%"), "holds", False),
        (("sum", "33.2%+33.2%+33.2%", "100%"), "impossible", True),  # below 99.9 even if all three were cut off
        (("sum", "8+12", None), "unchecked", None),
        (("sum", "8+12", "20", "1"), "unchecked", None),
        (("ratio", "1", "2", "50%"), "unchecked", None),
        ((None, "1", "2", "50%"), "unchecked", None),
    ],
)
def test_by_hand(figures, wanted, certain):
    row = judge(*figures)
    assert (row["verdict"], row["certain"]) == (wanted, certain), row["reason_en"]


def test_grim_as_its_authors_show_it():
    """Brown and Heathers: a mean of 5.19 of whole numbers is impossible for 28 people; 145/28 = 5.18 and 146/28 = 5.21."""
    row = judge("mean", None, "28", "5.19", integers=True)
    assert (row["verdict"], row["nearest_below"], row["nearest_above"]) == ("impossible", "145/28 = 5.18", "146/28 = 5.21")
    assert verdict("mean", None, "28", "5.18", integers=True) == "holds"


def test_figures_of_two_times_are_never_put_together_silently():
    when = {"part_date": "截止2012年4月", "whole_date": "目前"}
    for figures in (("27", "69"), ("56", "69", "81%以上"), ("87", "69"), (None, "17", "86.9%")):
        row = judge("share", *figures, **when)
        assert (row["verdict"], row["certain"], row["smallest_base"]) == ("doubtful", False, None)
        assert "截止2012年4月" in row["reason_zh"]
    assert verdict("mean", "500多万", "6000余", part_date="一年", whole_date="目前") == "doubtful"
    assert verdict("share", "27", "69", part_date="2011 年", whole_date="２０１１年") == "holds"
    assert verdict("share", "27", "69", part_date="2011年") == "holds"
    assert verdict("share", "很多", "69", **when) == "unchecked"


def test_a_wrong_figure_is_shown_with_the_digits_that_tell_it_apart():
    assert judge("share", "20", "23", "86.9%")["reason_en"].startswith("true only if the last digit was cut off, not rounded: 20/23 = 86.96%")
    assert judge("share", "869", "1000", "86.9%", rounding="half_up")["computed"] == "86.9%"
    row = judge("share", "1000", "1151", "86.9%", rounding="truncated")  # 86.881…
    assert (row["verdict"], row["computed"]) == ("impossible", "86.88%")


@pytest.mark.parametrize(("result", "rounding", "below", "above"), [
    ("13%", "half_even", "1/8 = 12.5%", "2/8 = 25%"), ("12%", "half_up", "0/8 = 0%", "1/8 = 13%"), ("99%", None, "7/8 = 88%", "8/8 = 100%"),
    ("101%", None, None, None),
])  # fmt: skip
def test_a_value_at_a_bound_that_is_left_out_is_the_nearest(result, rounding, below, above):
    row = judge("share", None, "8", result, rounding=rounding)
    assert row["verdict"] == "impossible"
    assert [row["nearest_below"], row["nearest_above"]] == [below, above]


# ---- the article's own figures, by hand


@pytest.fixture(scope="module")
def article():
    finding = check_figures(loaders.load_claims(graphkit.find_data("examples/acheng_claims.csv")))
    return finding.rows.astype(object).where(finding.rows.notna(), None).set_index("subject_id")


@pytest.mark.parametrize(
    ("claim", "wanted", "computed"),
    [
        ("s8-each", "unchecked", "54.3"),
        ("s9-branches", "holds", "24.6% (0% – 24.6%)"),
        ("s9-groups", "impossible", "126.1% (126.1% – 139.1%)"),
        ("s19-members", "unchecked", "20"),
        ("s19-each", "unchecked", "13.9"),
        ("s19-yuan", "unchecked", "719.4 (719.4 – 1,079.1)"),
        ("s20-promise", "unchecked", "155"),
        ("s24-admitted", "holds", "8.3%"),
        ("s25-activists", "holds", "44.6%"),
        ("s25-admitted", "holds", "18.0%"),
        ("s25-overall", "holds", "8.0%"),
        ("s35-session", "unchecked", "173.7 (173.7 – 177.2)"),
        ("s36-yuan", "doubtful", "833.3 (714.4 – 1,000)"),
        ("s43-age", "unchecked", None),
        ("s43-degree", "impossible", None),
        ("s54-output", "doubtful", "39.1%"),
        ("s59-farmers", "unchecked", None),
        ("s59-people", "holds", "4,500 (0 – 4,513)"),
        ("s59-family", "holds", "3.75 (3.34 – 3.75)"),
        ("s60-founded", "holds", "81.2%"),
    ],
)
def test_the_article(article, claim, wanted, computed):
    row = article.loc[claim]
    assert (row["verdict"], row["computed"]) == (wanted, computed)
    assert row["source"].startswith(claim.partition("-")[0].upper())


def test_every_figure_of_the_example_is_tested_above(article):
    tested = next(mark.args[1] for mark in test_the_article.pytestmark if mark.name == "parametrize")
    assert [claim for claim, *_ in tested] == list(article.index)


def test_no_17_secretaries_are_86_9_percent(article):
    row = article.loc["s43-degree"]
    assert (row["nearest_below"], row["nearest_above"]) == ("14/17 = 82.4%", "15/17 = 88.2%")
    assert (row["smallest_base"], row["smallest_base_cut"]) == (61, 23)
    assert [n for n in range(1, 62) if any(8685 * n <= 10_000 * k < 8695 * n for k in range(n + 1))] == [61]
    assert [n for n in range(1, 24) if any(8690 * n <= 10_000 * k < 8700 * n for k in range(n + 1))] == [23]
    assert "61" in row["remedy_en"]
    assert "61" in row["remedy_zh"]


def test_three_thousand_people_make_1200_yuan_a_head(article):
    assert article.loc["s59-people", "certain"] is False
    assert "3,600,000/3,000 = 1,200" in article.loc["s59-people", "reason_en"]


# ---- words


def test_every_case_has_a_reason_and_a_remedy():
    assert set(words._REMEDY_OF) <= set(words._REASONS)
    assert set(words._REMEDY_OF.values()) <= set(words._REMEDIES)
    for text in [*words._REASONS.values(), *words._REMEDIES.values()]:
        assert set(re.findall(r"{(\w+)}", text.zh)) == set(re.findall(r"{(\w+)}", text.en))
        assert CHINESE.search(text.zh)
        assert not CHINESE.search(text.en)


def test_a_claim_has_the_columns_declared():
    assert {field.name for field in dataclasses.fields(Claim)} == {column.name for column in CLAIM.properties} | {"unread"}
    assert {column.name for column in CLAIM.properties} - {column.name for column in COLUMNS} == {"id", "rounding", "integers"}


def test_caveats_count_what_they_speak_of():
    claims = [Claim("a", "share", None, "61", "86.9%"), Claim("a", "share", "56", "69", "81%以上", part_date="x", whole_date="x"), Claim("b")]
    said = [caveat.en for caveat in check_figures(claims).caveats]
    assert said[:4] == [
        "Read 3 = holds 2 + impossible 0 + doubtful 0 + cannot be checked 1.",
        "Of those that hold, 1 only can be true.",
        "2 do not state both times; these were not compared.",
        "2 share their id with another.",
    ]
    assert "honesty" in " ".join(said)
    assert len(check_figures([])) == 0


def test_what_is_no_claim_is_refused(tmp_path):
    for wrong in ("claims.csv", tmp_path, [("s43", "share")]):
        with pytest.raises(ParameterError, match="load_claims") as refused:
            check_figures(wrong)
        assert CHINESE.search(refused.value.say("zh"))
    with pytest.raises(ParameterError, match="text as printed"):
        check_figures([Claim("s43", "share", whole=17, result="86.9%")])


# ---- tables

ROWS = [["s43", "占比", "", "17", "86.9%", "S43"], ["s60", "share", "56", "69", "81%以上", "S60"]]
HEADINGS = ["编号", "算法", "部分", "总数", "结果", "出处"]


def write_csv(path, rows, headings=HEADINGS, encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def write_xlsx(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def verdicts_of(path):
    return check_figures(loaders.load_claims(path)).rows["verdict"].to_list()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    "headings", [HEADINGS, ["id", "relation", "part", "whole", "result", "source"], ["ID", "Relation", "部分", "WHOLE", " result ", "source"]]
)
def test_a_table_in_either_language(tmp_path, headings, encoding):
    assert verdicts_of(write_csv(tmp_path / "a.csv", ROWS, headings, encoding)) == ["impossible", "holds"]


def test_a_workbook_with_a_sheet_of_its_own_or_one_that_bears_the_name(tmp_path):
    rows = [HEADINGS, *ROWS]
    assert verdicts_of(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": rows})) == ["impossible", "holds"]
    assert verdicts_of(write_xlsx(tmp_path / "b.xlsx", {"其他": [["x"], ["1"]], "说法": rows, "说明": [["y"]]})) == ["impossible", "holds"]
    with pytest.raises(SourceError, match="one named 'claims'") as refused:
        loaders.load_claims(write_xlsx(tmp_path / "c.xlsx", {"一": rows, "二": rows}))
    assert "说法" in refused.value.say("zh")


def test_numbers_of_a_workbook_are_read_as_they_would_be_typed(tmp_path):
    rows = [HEADINGS, ["a", "占比", 56, 69, 0.812, None], ["b", "占比", 56.0, 69, "81.2%", None], ["c", "平均", 2, 3, 2 / 3, None]]
    claims = loaders.load_claims(write_xlsx(tmp_path / "a.xlsx", {"claims": rows}))
    assert [claim.part for claim in claims] == ["56", "56", "2"]
    found = check_figures(claims)
    assert found.rows["verdict"].to_list() == ["holds", "holds", "unchecked"]
    assert "computed" in found.rows["reason_en"][2]


def test_no_row_is_lost(tmp_path):
    text = "编号,算法,部分,总数,结果,都是整数,取舍\ns1,占比,56,69,81%以上,,\n,占比,1,12,,,\n\ns3,比例,1,12,,,\ns4,平均,,17,3.2,也许,\ns5,占比,1\ns6,占比,1,12,8%,,进一\ns7,占比,一些,12,8%,,\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    found = check_figures(loaders.load_claims(tmp_path / "a.csv"))
    assert found.rows["subject_id"].to_list() == ["s1", "#3", "s3", "s4", "#7", "s6", "s7"]
    assert found.rows["verdict"].to_list() == ["holds", "holds", *["unchecked"] * 5]
    reasons = found.rows["reason_en"].to_list()
    assert [part in reason for part, reason in zip(("relation", "yes or no", "row", "rounding", "part"), reasons[2:], strict=True)] == [True] * 5
    assert all(CHINESE.search(reason) for reason in found.rows["reason_zh"])


def test_malformed_tables_are_refused_in_both_languages(tmp_path):
    for name, text, wanted in [
        ("a.csv", "编号,算法,份数\ns1,占比,3\n", "column 3"),
        ("b.csv", "编号,部分\ns1,3\n", "relation"),
        ("c.csv", "", "empty"),
        ("d.pdf", "x", "cannot be read"),
        ("e.csv", "编号,算法,算法\ns1,占比,3\n", "twice"),
    ]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(SourceError, match=wanted) as refused:
            loaders.load_claims(tmp_path / name)
        assert CHINESE.search(refused.value.say("zh"))


def test_no_personal_value_leaves_the_table(tmp_path, capsys):
    rows = [[PHONE, "占比", IDENTITY, "17", PHONE, f"电话{PHONE}"], ["s2", PHONE, "1", "2", "50%", IDENTITY[:15]], ["s3", "占比", "1", PHONE]]
    path = write_csv(tmp_path / "a.csv", rows)
    finding = check_figures(loaders.load_claims(path))
    written = [write_finding(finding, tmp_path / f"f.{suffix}") for suffix in ("csv", "html")]
    assert main(["check-figures", str(path), "--lang", "zh"]) == 0
    told = "".join([*(file.read_text("utf-8") for file in written), *capsys.readouterr(), finding.rows.to_string(), finding._repr_html_()])
    assert [number for number in (PHONE, IDENTITY, IDENTITY[:15]) if number in told] == []
    assert finding.rows["verdict"].to_list() == ["unchecked"] * 3


@pytest.mark.parametrize("planted", [*PLANTED, "=HYPERLINK(1)", "@SUM(A1)", "+1+1"])
def test_values_stay_text(tmp_path, planted):
    finding = check_figures([Claim(planted, "share", planted, "17", "86.9%", source=planted, claim_zh=planted, claim_en=planted)])
    page = write_finding(finding, tmp_path / "f.html", lang="zh").read_text("utf-8")
    assert not re.search(r"<(img|script|svg)|<[^>]*(onerror|onload|onmouseover|href)", page)
    with write_finding(finding, tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [cell for row in csv.reader(file) for cell in row if cell[:1] in ("=", "+", "-", "@")] == []


def test_a_finding_of_figures_is_written_and_read_back(tmp_path):
    finding = check_figures([Claim("s43", "share", whole="17", result="86.9%"), Claim("s60", "share", "56", "69", "81%以上")])
    back = read_finding(write_finding(finding, tmp_path / "f.parquet"))
    pd.testing.assert_frame_equal(back.rows, finding.rows)
    assert back.columns == finding.columns
    sheet = openpyxl.load_workbook(write_finding(finding, tmp_path / "f.xlsx", lang="zh"))["figures"]
    assert [sheet.cell(2, column).value for column in (1, 2, 5, 9)] == ["说法", "s43", "占比", "不可能"]


# ---- the command


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", ["不可能", "成立", "最小总数是 61", "读到 20"]), ("en", ["impossible", "holds", "the smallest whole that gives it is 61", "Read 20"])],
)
def test_the_command_says_what_cannot_be(tmp_path, capsys, lang, said):
    path = graphkit.find_data("examples/acheng_claims.csv")
    assert main(["check-figures", str(path), "--out", str(tmp_path / "f.xlsx"), "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert [word for word in said if word not in out] == []
    assert (tmp_path / "f.xlsx").is_file()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_refuses_what_is_no_table(tmp_path, capsys, lang):
    assert main(["check-figures", str(tmp_path / "none.csv"), "--lang", lang]) == 3
    assert bool(CHINESE.search(capsys.readouterr().err)) == (lang == "zh")
