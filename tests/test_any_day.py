"""Any day of the calendar may be asked about, from its first to its last."""

import datetime as dt
import importlib

import pytest

import graphkit
from graphkit.cli import main
from graphkit.cli.answers import answer_all
from graphkit.data.tables import day_before

DAYS = [dt.date(1, 1, 1), dt.date(1, 7, 2), dt.date(9999, 12, 31)]
TABLES = graphkit.generate_acheng()


@pytest.mark.parametrize(
    ("day", "days", "before"),
    [
        (dt.date(2012, 4, 30), 183, dt.date(2011, 10, 30)),
        (dt.date(1, 1, 1), 0, dt.date(1, 1, 1)),
        (dt.date(1, 1, 2), 1, dt.date(1, 1, 1)),
        (dt.date(1, 1, 2), 2, dt.date(1, 1, 1)),
        (dt.date(9999, 12, 31), 10**12, dt.date(1, 1, 1)),
    ],
)
def test_so_many_days_before(day, days, before):
    assert day_before(day, days) == before


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_question_answers_for_any_day(day, tmp_path):
    findings = answer_all(TABLES, as_of=day, lang="zh")
    graphkit.write_report(TABLES, findings, tmp_path / "report.html")
    graphkit.write_map(TABLES, findings, tmp_path / "map.html")
    assert (tmp_path / "report.html").stat().st_size > 10_000
    assert (tmp_path / "map.html").stat().st_size > 10_000


@pytest.mark.parametrize("day", [DAYS[0], DAYS[-1]], ids=str)
def test_every_twin_answers_for_any_day(day):
    for query in graphkit.list_queries():
        room, _, name = query.twin.rpartition(".")
        given = {p.name: p.default for p in query.parameters if p.name not in ("dataset", "as_of") and p.default is not None}
        if "as_of" in [p.name for p in query.parameters]:
            given["as_of"] = day
        rows = getattr(importlib.import_module(room), name)(TABLES, **given)
        assert list(rows.columns) == [column.name for column in query.returns]


def test_a_limit_of_any_length_means_that_no_visit_is_too_old():
    rows = graphkit.find_pairing_reach(TABLES, as_of=dt.date(2012, 4, 30), stale_days=10**12).rows
    assert set(rows["stale_households"].dropna()) <= {0}


@pytest.mark.parametrize("command", ["gaps", "bridges", "reach"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_command_line_takes_any_day(tmp_path, capsys, command, day):
    store = tmp_path / "a.gk"
    graphkit.connect(str(store)).write(TABLES)
    assert main([command, str(store), "--as-of", day]) == 0
