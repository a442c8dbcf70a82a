"""Rule packs: what the shipped ones say, against the texts they quote, and how a contradictory one is refused."""

import datetime as dt
from pathlib import Path

import pytest
from graphkit.rules.packs import CASES

import graphkit.rules
from graphkit.errors import ModelError, ParameterError, SourceError
from graphkit.rules import RulePack, list_rule_packs, read_rule_pack

OWN = """
id = "own"
title = { zh = "自定", en = "own" }
source = { zh = "本县文件", en = "a county paper" }
fallback = ["acheng-2010"]

[[rules]]
id = "five"
applies_to = "Cooperative"
threshold = 5
text = { zh = "5人以上成立", en = "5 or more form a branch" }
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_four_packs_are_shipped_and_each_decides_every_case():
    assert list_rule_packs() == ("acheng-2010", "branch-work-2018", "party-constitution", "rural-2018")
    for name in list_rule_packs():
        pack = read_rule_pack(name)
        assert isinstance(pack, RulePack)
        assert pack.threshold("Cooperative") == pack.threshold("Village") == 3
        for kind, cases in CASES.items():
            for case in cases or (None,):
                assert pack.find_rule(kind, case=case).applies_to == kind


def test_acheng_names_the_superior_by_scope_as_sentences_12_to_16_do():
    pack = read_rule_pack("acheng-2010")
    named = {scope: pack.find_rule("Cooperative", case=scope) for scope in ("village", "cross_village", "township", "cross_township")}
    assert {scope: rule.id for scope, rule in named.items()} == {"village": "s12", "cross_village": "s14", "township": "s14", "cross_township": "s15"}
    assert "村党总支" in named["village"].superior.zh
    assert named["township"].superior.zh == "乡镇党委"
    assert named["cross_township"].superior.zh == "行业或业务主管部门党组织"
    assert pack.find_rule("Cooperative", case="village", when="few").id == "s16"


def test_bounds_are_settings():
    assert read_rule_pack("branch-work-2018").find_rule("Cooperative", case="village").bounds["branch_at_most"] == 50
    rural = read_rule_pack("rural-2018").find_rule("Village")
    assert dict(rural.bounds) == {"general_branch_from": 51, "committee_from": 100}  # 超过50, and 100以上
    committee = next(rule for rule in read_rule_pack("branch-work-2018").rules if rule.id == "ch6-committee")
    assert (committee.threshold, committee.bounds["committee_at_least"], committee.bounds["committee_at_most"]) == (7, 3, 7)


def test_an_article_number_that_was_not_seen_is_printed_as_uncertain():
    doubtful = read_rule_pack("rural-2018").find_rule("Cooperative", case="village")
    assert not doubtful.verified
    assert "条号未核实" in doubtful.cite().zh
    assert "not verified" in doubtful.cite().en
    assert "未核实" not in read_rule_pack("rural-2018").find_rule("Village").cite().zh


def test_the_constitution_is_asked_by_the_day():
    pack = read_rule_pack("party-constitution")
    assert pack.find_rule("Village", as_of=dt.date(2012, 4, 30)).id == "2007-villages"
    assert pack.find_rule("Village", as_of=dt.date(2017, 10, 24)).id == "art30-villages"
    assert pack.find_rule("Village", as_of=dt.date(1990, 1, 1)).in_force_from  # none in force: the first is named, and a caveat says so


def test_a_pack_cannot_be_changed():
    pack = read_rule_pack("acheng-2010")
    with pytest.raises(AttributeError):
        pack.id = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        pack.find_rule("Cooperative", case="village").bounds["x"] = 1  # type: ignore[index]


def test_a_users_own_pack_is_read_by_its_path(tmp_path):
    pack = read_rule_pack(write(tmp_path, OWN))
    assert pack.threshold("Cooperative") == 5
    assert pack.find_rule("Household", case="poor").name == "acheng-2010.s51"
    assert read_rule_pack(str(tmp_path / "own.toml")).id == "own"


def test_a_users_own_pack_may_fall_back_on_a_file_beside_it(tmp_path):
    shipped = Path(graphkit.rules.__file__).parent / "acheng-2010.toml"
    (tmp_path / "base.toml").write_bytes(shipped.read_bytes())
    villages = OWN.replace('id = "five"\napplies_to = "Cooperative"', 'id = "v"\napplies_to = "Village"').replace('"acheng-2010"', '"base.toml"')
    assert read_rule_pack(write(tmp_path, villages)).find_rule("Member", case="full").id == "s31-32"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("threshold = 5", "threshold = 0"), "threshold = 0 must be 1 or more"),
        (("threshold = 5", 'threshold = "five"'), "threshold = 'five' is no whole number"),
        (("threshold = 5", ""), "has no threshold"),
        (("threshold = 5", "treshold = 5"), "unknown setting 'treshold'"),
        (('applies_to = "Cooperative"', 'applies_to = "Company"'), "'Company' is none of Cooperative"),
        ((', en = "5 or more form a branch"', ""), "text needs both languages"),
        (("threshold = 5", 'threshold = 5\nscope = ["county"]'), "scope county is none of village"),
        (("threshold = 5", 'threshold = 5\nwhen = "often"'), "'often' is none of enough, few, any"),
        (("threshold = 5", 'threshold = 5\nsuperior_check = ["mayor"]'), "superior_check mayor is none of"),
        (("threshold = 5", "threshold = 5\nin_force_from = 2018-01-01\nin_force_until = 2017-01-01"), "in_force_until is not after"),
        (("threshold = 5", 'threshold = 5\nin_force_from = "2018"'), "is no date such as"),
        (("threshold = 5", "threshold = 5\nbounds = { branch_at_most = -1 }"), "branch_at_most = -1 must be a whole number"),
        (("threshold = 5", "threshold = 5\nbounds = { general_branch_from = 100, committee_from = 50 }"), "committee_from must be above"),
        (("[[rules]]", "[near]\nmissing = -1\n[[rules]]"), "missing = -1 must be a whole number"),
        (("[[rules]]", '[near]\ncounts_probationary = "yes"\n[[rules]]'), "counts_probationary = 'yes' must be true or false"),
        (('id = "own"', 'id = "own"\nnear = 1'), "near = 1 is no table"),
        (('fallback = ["acheng-2010"]', 'fallback = "acheng-2010"'), "fallback = 'acheng-2010' is no list of names"),
        (("threshold = 5", "threshold = 5\nscope = [1]"), r"scope = \[1\] is no list of names"),
        (("[[rules]]", "[[nothing]]"), "it has no rules"),
        (('id = "own"', 'id = ""'), "the pack: has no id"),
        (('fallback = ["acheng-2010"]', ""), "no rule for Cooperative|no rule for Village"),
    ],
)
def test_an_inconsistent_pack_is_refused_with_what_to_do(tmp_path, change, words):
    assert change[0] in OWN
    with pytest.raises(ModelError, match=words):
        read_rule_pack(write(tmp_path, OWN.replace(*change, 1)))


def test_two_rules_for_one_case_on_one_day_are_refused(tmp_path):
    again = OWN + OWN[OWN.index("[[rules]]") :]
    with pytest.raises(ModelError, match=r"(?s)'five' stands twice.*both decide the same case on the same day"):
        read_rule_pack(write(tmp_path, again))
    dated = OWN.replace("threshold = 5", "threshold = 5\nin_force_until = 2018-01-01") + again[len(OWN) :].replace(
        "threshold = 5", "threshold = 5\nin_force_from = 2018-01-01"
    ).replace('"five"', '"later"')
    assert len(read_rule_pack(write(tmp_path, dated)).rules) == 2


def test_one_kind_has_one_threshold(tmp_path):
    other = OWN[OWN.index("[[rules]]") :].replace("threshold = 5", 'threshold = 7\nscope = ["village"]').replace('"five"', '"seven"')
    with pytest.raises(ModelError, match=r"different thresholds \(5, 7\)"):
        read_rule_pack(write(tmp_path, OWN.replace("threshold = 5", 'threshold = 5\nscope = ["township"]') + other))
    with pytest.raises(ModelError, match="different thresholds"):  # 5 of its own for townships, 3 of its fallback for the rest
        read_rule_pack(write(tmp_path, OWN.replace("threshold = 5", 'threshold = 5\nscope = ["township"]')))


def test_every_contradiction_is_said_at_once(tmp_path):
    with pytest.raises(ModelError, match=r"(?s)'Company'.*threshold = 0"):
        read_rule_pack(write(tmp_path, OWN.replace("Cooperative", "Company").replace("threshold = 5", "threshold = 0")))


def test_a_pack_that_is_not_there_or_not_toml(tmp_path):
    with pytest.raises(ParameterError, match="no rule pack 'acheng': there are acheng-2010"):
        read_rule_pack("acheng")
    with pytest.raises(SourceError, match=r"nowhere\.toml.*cannot be read"):
        read_rule_pack(tmp_path / "nowhere.toml")
    with pytest.raises(SourceError, match="no TOML file"):
        read_rule_pack(write(tmp_path, "id = "))
