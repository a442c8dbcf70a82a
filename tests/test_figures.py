"""Plots: the bars are the counts, Chinese is really drawn, and no name is read as a formula."""

from __future__ import annotations

import dataclasses
import io

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.figure import Figure

from graphkit.errors import ParameterError
from graphkit.pages.fonts import find_chinese_font
from graphkit.pages.plots import draw_finding
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.words import Text
from tests.page_samples import columns, make_bridges, make_coverage, make_district, make_findings, make_reach


@pytest.fixture
def ax():
    return Figure(figsize=(8, 4.5), layout="constrained").subplots()


def texts(ax) -> list[str]:
    labels = [*ax.texts, ax.title, *ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label]
    return [label.get_text() for label in labels] + [label.get_text() for label in (ax.get_legend().get_texts() if ax.get_legend() else [])]


def widths(ax) -> dict[str, list[float]]:
    return {bars.get_label(): [bar.get_width() for bar in bars] for bars in ax.containers}


def test_coverage_is_drawn_as_shares_with_counts(ax):
    draw_finding(make_coverage(make_district()), lang="en", ax=ax)
    shown = widths(ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a body of its own", "a body for each association", "a helper"]
    assert shown["met"] == pytest.approx([1, 11 / 12, 0])  # three villages are asked and meet it; of the others nothing is asked
    assert shown["open"] == pytest.approx([0, 1 / 12, 20 / 31])  # of 96 households every fifth
    assert shown["unknown"] == pytest.approx([0, 0, 11 / 31])  # every seventh, less those that are every fifth too
    assert {"3", "12", "31", "20", "11"} <= set(texts(ax))


def test_bridge_figures_come_in_order_with_what_they_span(ax):
    finding = make_bridges(make_district())
    shuffled = dataclasses.replace(finding, rows=finding.rows.sample(frac=1, random_state=1))
    draw_finding(shuffled, lang="en", ax=ax)
    ranked = [label.get_text() for label in ax.get_yticklabels()]
    assert ranked[0] == "1   M00-0"
    assert len(ranked) == 15
    first = [label.get_text() for label in ax.texts if label.get_position()[1] == 0]
    assert first == ["5", "90", "3", "1", "2", "1"]  # households cut off, pairs between; villages, co-operatives, branches, offices


def test_reach_shows_the_least_reached_villages_first(ax):
    tables = make_district()
    finding = make_reach(tables)
    rows = finding.rows.copy()
    worst = rows.index[(rows["subject_kind"] == "Village") & (rows["subject_id"] == "230112101001")]
    rows.loc[worst, ["reached_by_one", "reached_by_several", "reached_by_none"]] = [0, 1, 7]
    names = dict(zip(tables["Village"]["code"].to_pylist(), tables["Village"]["name"].to_pylist(), strict=True))
    draw_finding(dataclasses.replace(finding, rows=rows), lang="zh", ax=ax, labels=names)
    assert ax.get_yticklabels()[0].get_text() == names["230112101001"]
    assert widths(ax)["无人结对"][0] == 7
    assert "96 户" in ax.get_xlabel()


def test_reach_without_villages_counts_members(ax):
    finding = make_reach(make_district())
    members = dataclasses.replace(finding, rows=finding.select("Member"))
    draw_finding(members, lang="en", ax=ax)
    assert sum(bar.get_height() for bar in ax.patches) == 36


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_chinese_is_drawn(lang):
    """A missing glyph is a warning, and a warning fails the test."""
    if find_chinese_font() is None:
        pytest.skip("no font with Chinese characters is installed")
    for finding in make_findings(make_district()).values():
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        draw_finding(finding, lang=lang, ax=figure.subplots())
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png")
        assert len(drawn.getvalue()) > 5_000


def test_a_name_is_no_formula(ax):
    tables = make_district()
    draw_finding(make_bridges(tables), lang="en", ax=ax, labels={"M00-0": r"$\frac{1}{$", "M01-0": "$x_$"})
    ax.figure.savefig(io.BytesIO(), format="png")


def test_any_finding_is_drawn_by_its_mark(ax):
    rows = pd.DataFrame({"subject_kind": ["Village"] * 3, "subject_id": ["a", "b", "c"], "state": ["new", "old", "new"]})
    state = Column("state", Text("状态", "state"), Text("状态", "state"), values={"new": Text("新", "fresh")})
    draw_finding(Finding("find_new_things", Text("问", "Ask"), rows, (*SUBJECT_COLUMNS, state), mark_column="state"), lang="en", ax=ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["fresh", "old"]
    assert [bar.get_width() for bar in ax.patches] == [2, 1]


def test_numbers_are_drawn_as_a_histogram(ax):
    rows = pd.DataFrame({"subject_kind": ["Node"] * 5, "subject_id": list("abcde"), "score": [0.5, 1.0, 1.0, 2.0, None]})
    draw_finding(Finding("find_scores", Text("问", "Ask"), rows, columns(rows), mark_column="score"), lang="en", ax=ax)
    assert sum(bar.get_height() for bar in ax.patches) == 4  # an unknown score is no score


@pytest.mark.parametrize("name", ["gaps", "bridges", "reach"])
def test_no_rows_is_said(ax, name):
    finding = make_findings(make_district())[name]
    draw_finding(dataclasses.replace(finding, rows=finding.rows.head(0)), lang="en", ax=ax)
    assert "no rows to draw" in texts(ax)


def test_another_language_is_refused(ax):
    with pytest.raises(ParameterError):
        draw_finding(make_coverage(make_district()), lang="fr", ax=ax)


def test_a_finding_plots_itself():
    made = make_coverage(make_district()).plot(lang="en")
    assert made.get_title(loc="left") == "What should be covered and is not?"
    plt.close(made.figure)
