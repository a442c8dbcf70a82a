"""Who may be one person: what is proposed on made-up registers with people listed twice and look-alikes, and what is written of it. All people are made up."""

import itertools
import stat
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

import loaders
from benchmarks.people import LOOKALIKES, SPOILS, count, make_registers
from graphkit.cli import main
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.identity.candidates import LARGEST_BLOCK, UNKNOWN, Named, People, list_candidates
from graphkit.identity.people import LIKELY, LISTED_TWICE, POSSIBLE, propose_people
from loaders.decisions import read_decisions
from loaders.proposals import write_proposals
from tests.test_people import PLAIN, state_of, write

CARDS = ("11010519491231002X", "110105196001010017")


def some_people(*rows, **more):
    """People by name, year, list and village."""
    names, years, lists, villages = zip(*rows, strict=True)
    given = {"ids": [f"m{place}" for place in range(len(rows))], "admitted": np.full(len(rows), UNKNOWN), **more}
    return People(
        names=list(names), birth_years=np.array(years), lists=np.array(lists), bodies=((np.arange(len(rows)), np.array(villages)),), **given
    )


@pytest.fixture(scope="module")
def counted():
    return count(1_500, range(2))


def test_what_is_called_likely_is_one_person_unless_nothing_tells_two_apart(counted):
    by_kind, proposed, _ = counted
    twins_in_all = by_kind["namesake in the village, same year"]["likely"]  # one name, year and village: nobody could tell
    wrong = proposed["likely, two people"] - twins_in_all
    assert proposed["likely, one person"] > 700
    assert wrong <= 0.03 * proposed["likely, one person"]
    for kind in set(LOOKALIKES) - {"namesake in the village, same year"}:
        assert by_kind[kind]["likely"] == 0, kind


def test_nobody_listed_twice_is_missed(counted):
    by_kind, _, _ = counted
    assert by_kind["nothing spoilt"]["possible"] == by_kind["nothing spoilt"]["not proposed"] == 0
    assert all(by_kind[kind]["not proposed"] <= 0.02 * by_kind[kind].total() for kind in SPOILS)


def test_weights_and_chances_by_hand():
    # Two of four rows share a name, a year and a village of two; the third stands for the other list.
    people = some_people(("张三丰", 1970, 0, 0), ("张三丰", 1970, 1, 0), ("李四光", 1950, 0, 1), ("王五", 1960, 0, 1))
    [pair] = propose_people(people)
    lists = (3 / 4) ** 2 + (1 / 4) ** 2
    ratio = (0.9 / (2 / 4)) * (0.9 / 0.025) * (0.85 / (2 / 4)) * ((1 - 0.05) / (1 - lists))
    assert pair.weight == pytest.approx(np.log2(ratio))
    odds = ratio * LISTED_TWICE / 4
    assert pair.chance == pytest.approx(odds / (1 + odds))
    assert pair.evidence.en == "same name (2 rows); same year of birth; one village, branch or co-operative; in two lists"
    assert pair.evidence.zh == "姓名相同（共 2 行）；出生年相同；同村、同支部或同一合作组织；在两份名单里"


def test_who_cannot_be_one_person_is_not_proposed():
    rows = [("张三丰", 1970, 0, 0), ("张三丰", 1970, 1, 0)]
    assert len(propose_people(some_people(*rows))) == 1
    assert propose_people(some_people(*rows, apart=frozenset({(0, 1)}))) == []
    assert propose_people(some_people(*rows, numbered=np.array([True, True]))) == []
    assert len(propose_people(some_people(*rows, numbered=np.array([True, False])))) == 1


def test_people_without_a_name_and_nobody_at_all():
    assert propose_people(some_people((None, 1970, 0, 0), (None, 1970, 1, 0), ("", 1970, 1, 0))) == []
    assert propose_people(People([], [], *[np.array([], np.int64)] * 3)) == []


def test_the_order_of_people_changes_nothing():
    people = make_registers(120, 5).as_people()
    order = np.random.default_rng(1).permutation(len(people.ids))
    back = np.argsort(order)
    who, village = people.bodies[0]
    shuffled = People([people.ids[place] for place in order], [people.names[place] for place in order], people.birth_years[order],
                      people.admitted[order], people.lists[order], ((back[who], village),))  # fmt: skip
    assert [(pair.first, pair.second) for pair in propose_people(people)] == [(pair.first, pair.second) for pair in propose_people(shuffled)]


def test_every_pair_that_would_be_proposed_is_among_the_candidates():
    """Against all pairs: blocks leave out none that is called likely."""
    made = make_registers(150, 3)
    people = made.as_people()
    named = Named.of(people)
    found = set(zip(*(side.tolist() for side in list_candidates(people, named)), strict=True))
    for one, other in itertools.combinations(range(len(people.ids)), 2):
        first, second = made.entries[one], made.entries[other]
        if named.alike[one] == named.alike[other] and (first.year == second.year != UNKNOWN or first.village == second.village):
            assert (one, other) in found


def test_a_name_that_thousands_bear_makes_no_block():
    count_ = 20 * LARGEST_BLOCK
    people = some_people(*[("王伟", 1970, 0, place) for place in range(count_)])
    first, _ = list_candidates(people, Named.of(people))
    assert len(first) == 0


# The table


@pytest.fixture
def source(tmp_path):
    rows = {**PLAIN, "党员与培养对象": "编号,姓名,发展阶段,出生年\nm1,张三丰,full,1970\nm2,李四光,full,1980\nm7,張三丰,full,1970\nm8,张三丰,,1950\n"}
    rows["培养联系"] = rows["培养联系"].split("\n")[0] + "\nm1,m2\n"
    return write(tmp_path / "source", rows)


@pytest.mark.parametrize(("suffix", "lang"), [(".xlsx", "zh"), (".csv", "en")])
def test_the_table_goes_round_and_decides_nothing_by_itself(source, tmp_path, suffix, lang, capsys):
    table, store = tmp_path / f"decisions{suffix}", tmp_path / "s.gk"
    assert main(["people", str(source), "--out", str(table), "--lang", lang]) == 0
    said = capsys.readouterr()
    assert not any(name in said.out + said.err for name in ("张三丰", "張三丰", "李四光"))
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    decisions = read_decisions(table)
    assert ("m1", "m7", "open") in {(row.first, row.second, row.judgement) for row in decisions.rows}
    assert state_of(loaders.load(source, people=table)) == state_of(loaders.load(source))
    assert main(["load", str(source), str(store), "--people", str(table), "--lang", lang]) == 0


def test_what_was_decided_is_carried_over(source, tmp_path):
    (tmp_path / "old.csv").write_text("判断,编号一,编号二\n同一人,m7,m1\n不同人,m1,m99\n待定,m2,m99\n", encoding="utf-8")
    assert main(["people", str(source), "--people", str(tmp_path / "old.csv"), "--out", str(tmp_path / "new.xlsx"), "--lang", "zh"]) == 0
    said = {(row.first, row.second): row.judgement for row in read_decisions(tmp_path / "new.xlsx").rows}
    assert (said["m1", "m7"], said["m1", "m99"]) == ("same", "different")
    assert ("m2", "m99") not in said


def test_decisions_are_not_written_over_and_names_not_put_among_the_data(source, tmp_path, capsys):
    held = tmp_path / "decisions.csv"
    held.write_text("判断,编号一,编号二\n同一人,m7,m1\n", encoding="utf-8")
    assert main(["people", str(source), "--out", str(held), "--lang", "en"]) == 2
    assert held.read_text(encoding="utf-8").endswith("同一人,m7,m1\n")
    assert "--people" in capsys.readouterr().err
    assert main(["people", str(source), "--out", str(source / "d.csv"), "--lang", "en"]) == 2
    assert main(["people", str(source), "--people", str(held), "--out", str(held), "--lang", "en"]) == 0
    assert read_decisions(held).rows[0].judgement == "same"


def test_a_wrong_suffix_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"\.xlsx or \.csv"):
        write_proposals(Tables({}), tmp_path / "people.txt")


def test_what_a_human_sees(source, tmp_path):
    write_proposals(loaders.load(source), tmp_path / "d.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "d.xlsx"))
    headings, row, *_ = book.get_sheet_by_name("待判断").to_python()
    shown = dict(zip(headings, row, strict=True))
    assert (shown["判断"], shown["编号一"], shown["编号二"]) == ("", "m1", "m7")
    assert (shown["姓名一（个人信息）"], shown["姓名二（个人信息）"]) == ("张三丰", "張三丰")
    assert shown["出处二（个人信息）"] == "党员与培养对象.csv · 4"
    assert "不外传" in str(book.get_sheet_by_name("说明").to_python())


def test_no_cell_runs(tmp_path):
    rows = {"id": ["=1+1", "m2"], "name": ["=HYPERLINK(1)", "=HYPERLINK(1)"], "birth_year": [1970, 1970]}
    write_proposals(Tables({"Member": pa.table(rows)}), tmp_path / "d.csv", lang="en")
    cells = [cell for line in (tmp_path / "d.csv").read_text(encoding="utf-8-sig").splitlines()[1:] for cell in line.split(",")]
    assert not [cell for cell in cells if cell.startswith(("=", '"='))]
    assert {row.first for row in read_decisions(tmp_path / "d.csv").rows} == {"=1+1"}


def test_two_valid_identity_numbers_are_two_people(tmp_path):
    rows = {"党员与培养对象": "编号,姓名,出生年\n" + "".join(f"{card},张三丰,1949\n" for card in CARDS)}
    loading = loaders.read_source(write(tmp_path / "in", rows), pseudonyms=tmp_path / "key")
    assert len(loading.numbers) == 2
    assert write_proposals(loading.tables, tmp_path / "d.csv", numbers=loading.numbers) == []
    assert len(write_proposals(loading.tables, tmp_path / "e.csv")) == 1
    assert not any(card[:17] in (tmp_path / "e.csv").read_text(encoding="utf-8-sig") for card in CARDS)


def test_chances_are_ordered_and_bounded():
    found = propose_people(make_registers(200, 1).as_people())
    assert [pair.weight for pair in found] == sorted((pair.weight for pair in found), reverse=True)
    assert all(POSSIBLE <= pair.chance <= 1 for pair in found)
    assert Counter(pair.is_likely for pair in found)[True] == sum(pair.chance >= LIKELY for pair in found)
