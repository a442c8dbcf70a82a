"""Rule packs: what the shipped ones say, how a contradictory one is refused, and that everything follows from a pack."""

import datetime as dt
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

import graphkit.rules
from graphkit.errors import ModelError, ParameterError, SourceError
from graphkit.generate import generate_acheng
from graphkit.queries import list_queries
from graphkit.queries.defaults import parameters_of
from graphkit.queries.page import find_twin
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.rules import RulePack, list_rule_packs, read_rule_pack
from graphkit.store.local.store import LocalStore
from tests.random_tables import make_random_tables

OWN = """
id = "own"
title = { zh = "自定", en = "own" }
source = { zh = "本县文件", en = "a county paper" }

[[rules]]
id = "five"
applies_to = "Cooperative"
text = { zh = "5人以上成立", en = "5 or more form a branch" }
numbers = { threshold = 5 }
asked = { full_members = ">= threshold" }
met = { own_bodies = ">= 1" }
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_four_packs_are_shipped_and_every_number_in_them_is_applied():
    assert list_rule_packs() == ("acheng-2010", "branch-work-2018", "extension", "party-constitution", "rural-2018")
    for name in list_rule_packs():
        pack = read_rule_pack(name)
        assert isinstance(pack, RulePack)
        for rule in pack:
            bounds = [b for c in (*rule.asked, *rule.met, *(w for f in rule.flags for w in f.when)) for x in c for b in (x.at_least, x.at_most) if b]
            assert set(rule.numbers) <= {bound.name for bound in bounds}, rule.name
            assert rule.text.zh
            assert rule.text.en


def test_bounds_are_numbers_of_the_texts():
    def number(pack, rule, name):
        return read_rule_pack(pack).find_rule(rule).numbers[name][-1].value

    assert number("branch-work-2018", "art4-size", "branch_at_most") == 50
    assert [number("rural-2018", "art5", n) for n in ("threshold", "general_branch_from", "committee_from")] == [3, 51, 100]  # 超过50, 100以上
    assert [number("branch-work-2018", "ch6-committee", f"committee_{n}") for n in ("from", "at_least", "usual_at_most", "at_most")] == [7, 3, 5, 7]


def test_an_article_number_that_was_not_seen_is_printed_as_uncertain():
    doubtful = read_rule_pack("rural-2018").find_rule("hosts-local")
    assert not doubtful.verified
    assert "条号未核实" in doubtful.cite().zh
    assert "not verified" in doubtful.cite().en
    assert "未核实" not in read_rule_pack("rural-2018").find_rule("art5").cite().zh


def test_a_pack_cannot_be_changed_and_can_be_sent():
    pack = read_rule_pack("acheng-2010")
    with pytest.raises(AttributeError):
        pack.id = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        pack.find_rule("s16").numbers["x"] = ()  # type: ignore[index]
    assert pickle.loads(pickle.dumps(pack)) == pack


def test_a_pack_includes_rules_of_another_or_of_a_file_beside_it(tmp_path):
    assert [rule.name for rule in read_rule_pack(write(tmp_path, OWN))] == ["own.five"]  # no rule of the Party's comes in unasked
    some = OWN.replace('id = "own"', 'id = "own"\ninclude = ["acheng-2010.s51", "rural-2018"]')
    names = [rule.name for rule in read_rule_pack(write(tmp_path, some))]
    assert names[:3] == ["own.five", "acheng-2010.s51", "rural-2018.art5"]
    (tmp_path / "base.toml").write_text(OWN.replace('"own"', '"base"'), encoding="utf-8")
    beside = OWN.replace('id = "own"', 'id = "own"\ninclude = ["base.toml"]')
    assert [rule.name for rule in read_rule_pack(write(tmp_path, beside))] == ["own.five", "base.five"]
    with pytest.raises(ModelError, match="leads back to itself"):
        read_rule_pack(write(tmp_path, OWN.replace('id = "own"', 'id = "own"\ninclude = ["own.toml"]')))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("threshold = 5", "threshold = -1"), "numbers.threshold: -1 must be a whole number"),
        (("threshold = 5", "treshold = 5"), "numbers 'threshold'; did you mean 'treshold'"),
        (('">= threshold"', '">= treshold"'), "unknown numbers 'treshold'; did you mean 'threshold'"),
        (("threshold = 5", "threshold = 5, committee_from = 7"), "its number committee_from is applied by nothing"),
        (('applies_to = "Cooperative"', 'applies_to = "Cooperativ"'), "unknown applies_to 'Cooperativ'; did you mean 'Cooperative'"),
        (("full_members", "full_member"), "unknown 'full_member'; did you mean 'full_members'"),
        (("met = {", "mett = {"), "unknown 'mett'; did you mean 'met'"),
        (('met = { own_bodies = ">= 1" }', ""), "has no met"),
        (('">= 1"', '"at least 1"'), "'at least 1' cannot be read"),
        (('">= 1"', "true"), "True cannot be read"),
        (("met = {", 'met = { scope = ["county"], '), "unknown 'county'; did you mean|unknown 'county'; there are village"),
        (("met = {", 'flags = [{ id = "x", zh = "x", when = { is_poor = true } }]\nmet = {'), "unknown 'is_poor'"),
        (("met = {", 'reason = [{ zh = "{full_member}" }]\nmet = {'), "did you mean 'full_members'"),
        (("met = {", 'reason = [{ zh = "x", outcome = "due" }]\nmet = {'), "unknown reason.outcome 'due'"),
        (
            ("met = {", 'superior = { name = "x", path = ["Branch REPORTS_TO Branch", "Member HELPS Household"] }\nmet = {'),
            "the path breaks at Member",
        ),
        (
            ("met = {", 'superior = { name = "x", path = ["Branch REPORTS_TO Branch", "Branch SERVES Village"] }\nmet = {'),
            "must lead back to Cooperative",
        ),
        (("met = {", 'superior = { name = "x", kinds = ["comittee"] }\nmet = {'), "unknown kinds 'comittee'; did you mean 'committee'"),
        (("met = {", "in_force_from = 2018-01-01\nin_force_until = 2017-01-01\nmet = {"), "in_force_until is not after"),
        (("met = {", 'in_force_from = "2018"\nmet = {'), "is no date such as"),
        (("threshold = 5", "threshold = [{ value = 5, until = 2018-01-01 }]"), "its last case must hold without a condition"),
        (("threshold = 5", "threshold = [{ value = 5, size = 3 }, 4]"), "unknown 'size'"),
        (("[[rules]]", '[bodies]\nown = ["brnch"]\n[[rules]]'), "unknown bodies.own 'brnch'; did you mean 'branch'"),
        (("[[rules]]", '[members]\nfull = ["ful"]\n[[rules]]'), "unknown members.full 'ful'; did you mean 'full'"),
        (('id = "own"', 'id = "own"\ninclude = ["acheng-2010.s99"]'), "unknown include 's99'"),
        (('id = "own"', 'id = "own"\nnear = 1'), "unknown 'near'"),
        (("[[rules]]", "[[nothing]]"), "it has no rules"),
        (('id = "own"', 'id = ""'), "the file: has no id"),
    ],
)
def test_an_inconsistent_pack_is_refused_with_the_nearest_word(tmp_path, change, words):
    assert change[0] in OWN
    with pytest.raises(ModelError, match=words):
        read_rule_pack(write(tmp_path, OWN.replace(*change, 1)))


def test_a_rule_that_stands_twice_and_every_contradiction_are_said_at_once(tmp_path):
    with pytest.raises(ModelError, match="'five' stands twice"):
        read_rule_pack(write(tmp_path, OWN + OWN[OWN.index("[[rules]]") :]))
    with pytest.raises(ModelError, match=r"(?s)'Company'.*threshold: -1"):
        read_rule_pack(write(tmp_path, OWN.replace("Cooperative", "Company").replace("threshold = 5", "threshold = -1")))


def test_a_pack_that_is_not_there_or_not_toml(tmp_path):
    with pytest.raises(ParameterError, match="no rule pack 'acheng': did you mean acheng-2010"):
        read_rule_pack("acheng")
    with pytest.raises(SourceError, match=r"nowhere\.toml.*cannot be read"):
        read_rule_pack(tmp_path / "nowhere.toml")
    with pytest.raises(SourceError, match="no TOML file"):
        read_rule_pack(write(tmp_path, "id = "))


# everything follows from the pack

DAY = dt.date(2012, 4, 30)


def by_four() -> RulePack:
    pack = read_rule_pack("acheng-2010")
    return pack.with_numbers({f"{rule.name}.{name}": 4 for rule in pack for name in rule.numbers})


def asked(finding, rule: str) -> set[str]:
    rows = finding.rows
    return set(rows[rows["rule"] == f"acheng-2010.{rule}"]["subject_id"])


def test_a_pack_of_fours_is_followed_by_the_finding_its_words_and_every_twin():
    tables = generate_acheng()
    three, four = (find_coverage_gaps(tables, rules=pack, as_of=DAY) for pack in ("acheng-2010", by_four()))
    assert asked(four, "s12-15") < asked(three, "s12-15")
    assert asked(four, "s16") > asked(three, "s16")
    few = four.rows[four.rows["rule"].str.endswith("s16")]
    assert few["reason_en"].astype(str).str.contains("fewer than 4").all()
    for query in (q for q in list_queries() if any(p.pack_place for p in q.parameters)):
        given = parameters_of(query, by_four())
        assert all(value == 4 for name, value in given.items() if query.parameters and isinstance(value, int)), query.name
        rows = find_twin(query)(tables, as_of=DAY, **given)
        if query.name in ("cooperative_coverage", "cooperative_due_branch", "cooperative_blank"):
            assert set(rows["cooperative_id"]) <= asked(four, "s12-15") | asked(four, "s16")
    coverage = next(q for q in list_queries() if q.name == "cooperative_coverage")
    rows = find_twin(coverage)(tables, as_of=DAY, **parameters_of(coverage, by_four()))
    assert set(rows.loc[rows["rule"] == "s12-15", "cooperative_id"]) == asked(four, "s12-15")


@pytest.mark.embedded
def test_a_pack_of_fours_gives_the_same_rows_over_bolt(tmp_path):
    tables, pack = make_random_tables(3), by_four()
    with LocalStore(tmp_path / "a.gk") as store:
        store.write(tables)
        for query in (q for q in list_queries() if any(p.pack_place for p in q.parameters)):
            given = {"as_of": DAY.isoformat(), **parameters_of(query, pack)}
            here = store.query(query.name, **given)
            there = query.conform(store.engine().run_read(query.text, query.bind(given), timeout_s=60))
            assert here.to_dict("records") == there.to_dict("records"), query.name


def test_the_page_of_the_rules_says_the_numbers_of_the_pack():
    import runpy

    page = runpy.run_path(str(Path(graphkit.rules.__file__).parents[2] / "docs" / "make.py"))
    said = page["_describe_pack"](replace(by_four(), not_applied=()), "en")
    assert "threshold 4" in said
    assert "threshold 3" not in said


VISITED = """
[[rules]]
id = "superior"
applies_to = "Cooperative"
builds_on = "five"
text = "under its superior"
met = { superior_agrees = true }
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('builds_on = "five"', 'builds_on = "fives"', "unknown builds_on 'fives'; did you mean 'five'"),
        ('builds_on = "five"', 'builds_on = "superior"', "builds_on leads in a circle: superior → superior"),
        ('id = "five"', 'id = "five"\nbuilds_on = "superior"', "builds_on leads in a circle: five → superior → five"),
        ('builds_on = "five"', 'builds_on = "five"\nin_force_from = 2011-01-01', None),
        ('id = "five"', 'id = "five"\nin_force_from = 2011-01-01', "is in force on days on which own.five, on which it builds, is not"),
        ('builds_on = "five"', "builds_on = 5", "has no builds_on"),
        ('applies_to = "Cooperative"\nbuilds_on', 'applies_to = "Branch"\nbuilds_on', "speaks of Cooperative, not of Branch"),
    ],
)  # fmt: skip
def test_what_a_rule_may_not_build_on_is_refused(tmp_path, old, new, said):
    path = write(tmp_path, (OWN + VISITED).replace(old, new))
    if said is None:
        assert read_rule_pack(path).find_rule("superior").builds_on == "own.five"
        return
    with pytest.raises(ModelError) as refused:
        read_rule_pack(path)
    assert said in refused.value.text.en


def test_what_an_included_rule_builds_on_comes_along(tmp_path):
    pack = read_rule_pack(write(tmp_path, OWN.replace("[[rules]]", 'include = ["extension.visited"]\n[[rules]]')))
    assert [rule.name for rule in pack] == ["own.five", "extension.visited", "extension.advised"]
