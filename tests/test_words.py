"""A number is said in one way, wherever it stands."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from graphkit.cli.summary import show_cell
from graphkit.data.tables import Tables
from graphkit.questions.finding import Finding
from graphkit.show.report import write_report
from graphkit.words import Text, say_number
from tests.page_samples import columns

SAID = {
    201_969.6: "201,970", 201_970: "201,970", 1234.5: "1,234", 999.7: "1,000", 999.4: "999", 11.84: "11.8", 2.0: "2", 0.5: "0.5",
    0.00123: "0.00123", 0.0: "0", -1234.5: "-1,234", -0.25: "-0.25", 1e-9: "1e-09", 2e20: "200,000,000,000,000,000,000", math.inf: "∞", -math.inf: "-∞",
}  # fmt: skip


@pytest.mark.parametrize(("value", "said"), SAID.items())
def test_a_number_in_words(value, said):
    assert say_number(value) == said


def test_what_is_missing_is_a_dash():
    assert say_number(math.nan) == "–"


@pytest.mark.parametrize(("value", "said"), SAID.items())
def test_report_table_and_command_line_say_the_same(tmp_path, value, said):
    rows = pd.DataFrame({"subject_kind": ["Village"], "subject_id": ["1"], "score": [value]})
    finding = Finding("find_scores", Text("问", "Ask"), rows, columns(rows))
    page = write_report(Tables({}), {"scores": finding}, tmp_path / "index.html").read_text("utf-8")
    assert f'<td class="number">{said}</td>' in page
    assert f'<td class="number">{said}</td>' in finding.to_html("en")
    assert show_cell(value) == said
