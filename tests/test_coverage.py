"""Coverage gaps: against the definition in plain Python, against SQL written by hand, and by law."""

import datetime as dt
from dataclasses import replace

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.questions.coverage import COLUMNS, find_coverage_gaps, summarise_coverage
from graphkit.errors import ParameterError
from graphkit.questions.finding import read_finding, write_finding
from graphkit.rules import list_rule_packs
from tests.random_districts import DAY, HOUSEHOLDS, MEMBERS, districts, make, relabel, shuffle, stands

BRANCHES = {"committee", "general_branch", "branch", "joint_branch", "temporary_branch"}
GROUPS = {"group", "liaison_post"}
T = 3
few = settings(max_examples=max(6, settings().max_examples // 6))  # for laws that ask the question several times


def ask(tables, **options):
    return find_coverage_gaps(tables, **({"as_of": DAY} | options))


def judged(tables, **options):
    """Rows by subject, missing values as None."""
    rows = ask(tables, **options).rows.astype(object)
    rows = rows.where(rows.notna(), None)
    return {(row["subject_kind"], row["subject_id"]): row for row in rows.to_dict("records")}


# the definition, one subject at a time in plain Python


class Definition:
    def __init__(self, tables, day=DAY):
        self.day = day
        self.rows = {name: stands(tables, name, day) for name in tables}
        self.stage = {row["id"]: row["stage"] for row in self.rows["Member"]}
        self.kind = {row["id"]: row["kind"] for row in self.rows["Branch"]}
        self.management = {row["id"]: row["management"] for row in self.rows["Branch"]}

    def ends(self, table, given, wanted, value):
        return {row[wanted] for row in self.rows[table] if row[given] == value}

    @staticmethod
    def near(full, probationary):
        return full < T and (full == T - 1 or full + probationary >= T)

    def verdict(self, full, probationary, branches, support):
        if branches:
            return "covered"
        if full >= T:
            return "due"
        if support == 0:
            return "blank"
        return "watch" if self.near(full, probationary) else "covered"

    def host(self, people, bodies, liaisons):
        stages = [self.stage[p] for p in people]
        full, probationary, unknown = stages.count("full"), stages.count("probationary"), stages.count(None)
        kinds = [self.kind[b] for b in bodies]
        branches, groups = sum(k in BRANCHES for k in kinds), sum(k in GROUPS for k in kinds)
        verdict = self.verdict(full, probationary, branches, groups + liaisons)
        same = verdict == self.verdict(full + unknown, probationary, branches, groups + liaisons)
        return {
            "verdict": verdict, "certain": same and (verdict == "covered" or None not in kinds), "near_threshold": self.near(full, probationary),
            "full_members": full, "probationary_members": probationary, "unknown_stage_members": unknown, "branches": branches, "groups": groups,
            "liaisons": liaisons, "helpers": None,
        }  # fmt: skip

    def village(self, code):
        bodies = self.ends("Branch SERVES Village", "village_code", "branch_id", code)
        own = {b for b in bodies if self.kind[b] != "committee" or len(self.ends("Branch SERVES Village", "branch_id", "village_code", b)) == 1}
        found = self.host(self.ends("Member LIVES_IN Village", "village_code", "member_id", code), own, 0)
        return found | {"scope": None, "superior_agrees": None}

    def cooperative(self, row):
        key = row["id"]
        bodies = self.ends("Branch SERVES Cooperative", "cooperative_id", "branch_id", key)
        liaisons = self.ends("Member LIAISES Cooperative", "cooperative_id", "member_id", key)
        found = self.host(self.ends("Member WORKS_IN Cooperative", "cooperative_id", "member_id", key), bodies, len(liaisons))
        villages = self.ends("Cooperative OPERATES_IN Village", "cooperative_id", "village_code", key)
        scope = row["scope"] or self.derived_scope(villages)
        return found | {"scope": scope, "superior_agrees": self.superior_agrees({b for b in bodies if self.kind[b] in BRANCHES}, scope, villages)}

    def derived_scope(self, villages):
        townships = {t for v in villages for t in self.ends("Village IN Township", "village_code", "township_code", v)}
        if len(villages) == 1:
            return "village"
        if len(townships) >= 2:
            return "cross_township"
        return "cross_village" if len(villages) >= 2 else None

    def superior_agrees(self, bodies, scope, villages):
        reports = [(b, p) for b in bodies for p in self.ends("Branch REPORTS_TO Branch", "branch_id", "superior_id", b)]
        if not reports or scope is None or (scope != "cross_township" and not villages):
            return None
        if scope == "cross_township":
            return any(self.kind[p] == "committee" and self.management[b] == "sector" for b, p in reports)
        wanted = {"general_branch", "branch"} if scope == "village" else {"committee"}
        return any(self.kind[p] in wanted and self.ends("Branch SERVES Village", "branch_id", "village_code", p) & villages for _, p in reports)

    def member(self, row):
        ties = [r for r in self.rows["Member BELONGS_TO Branch"] if r["member_id"] == row["id"]]
        branches, primaries = {r["branch_id"] for r in ties}, {r["branch_id"] for r in ties if r["primary"] is True}
        mentors = self.ends("Member MENTORS Member", "mentee_id", "mentor_id", row["id"])
        if row["stage"] == "applicant":
            verdict = "watch"
        elif row["stage"] in ("activist", "candidate"):
            verdict = "watch" if mentors else "due"
        elif len(primaries) == 1:
            verdict = "covered"
        else:
            verdict = "due" if branches else "blank"
        return {"verdict": verdict, "certain": row["stage"] is not None, "branches": len(branches), "helpers": len(mentors), "near_threshold": None}

    def household(self, row):
        ties = [r for r in self.rows["Member HELPS Household"] if r["household_id"] == row["id"]]
        helpers = {r["member_id"] for r in ties}
        zones = self.ends("Zone COVERS Household", "household_id", "zone_id", row["id"])
        answered = any(r["zone_id"] in zones for r in self.rows["Member RESPONSIBLE_FOR Zone"])
        if helpers:
            old = [r["last_visit_on"] is not None and (self.day - r["last_visit_on"]).days > 183 for r in ties]
            verdict = "watch" if all(old) else "covered"
        elif row["is_poor"] is True:
            verdict = "due"
        else:
            verdict = "covered" if answered else "blank"
        return {"verdict": verdict, "certain": bool(helpers) or row["is_poor"] is not None, "helpers": len(helpers), "branches": None}

    def all(self):
        found = {("Village", r["code"]): self.village(r["code"]) for r in self.rows["Village"]}
        found |= {("Cooperative", r["id"]): self.cooperative(r) for r in self.rows["Cooperative"]}
        found |= {("Member", r["id"]): self.member(r) for r in self.rows["Member"]}
        return found | {("Household", r["id"]): self.household(r) for r in self.rows["Household"]}


@given(districts())
def test_every_verdict_and_count_follows_the_definition(tables):
    before = tables.content_hash()
    rows, expected = judged(tables), Definition(tables).all()
    assert set(rows) == set(expected)
    for subject, wanted in expected.items():
        assert {name: rows[subject][name] for name in wanted} == wanted, subject
    assert tables.content_hash() == before


def test_a_made_up_district_follows_the_definition(district):
    day = dt.date(2012, 4, 30)
    rows, expected = judged(district, as_of=day), Definition(district, day).all()
    assert set(rows) == set(expected)
    different = [subject for subject, wanted in expected.items() if any(rows[subject][name] != value for name, value in wanted.items())]
    assert different == []


SQL = """
SELECT c.id AS subject_id,
       (SELECT count(DISTINCT w.member_id) FROM works w JOIN member m ON m.id = w.member_id WHERE w.cooperative_id = c.id AND m.stage = 'full') AS full_members,
       (SELECT count(DISTINCT s.branch_id) FROM serves s JOIN branch b ON b.id = s.branch_id WHERE s.cooperative_id = c.id
          AND b.kind IN ('committee', 'general_branch', 'branch', 'joint_branch', 'temporary_branch')) AS branches,
       (SELECT count(DISTINCT s.branch_id) FROM serves s JOIN branch b ON b.id = s.branch_id WHERE s.cooperative_id = c.id
          AND b.kind IN ('group', 'liaison_post')) AS groups,
       (SELECT count(DISTINCT l.member_id) FROM liaises l WHERE l.cooperative_id = c.id) AS liaisons
FROM cooperative c ORDER BY 1
"""


@few
@given(districts())
def test_counts_of_cooperatives_equal_sql_written_by_hand(tables):
    names = {"cooperative": "Cooperative", "branch": "Branch", "member": "Member", "works": "Member WORKS_IN Cooperative"}
    names |= {"serves": "Branch SERVES Cooperative", "liaises": "Member LIAISES Cooperative"}
    with duckdb.connect() as connection:
        for name, table in names.items():
            connection.register(name, tables.at(DAY)[table])
        expected = connection.sql(SQL).to_arrow_table().to_pylist()
    found = ask(tables).select("Cooperative")[["subject_id", "full_members", "branches", "groups", "liaisons"]]
    assert found.to_dict("records") == expected


# laws


@few
@given(districts(), st.sampled_from(MEMBERS), st.sampled_from(HOUSEHOLDS), st.sampled_from([None, DAY, dt.date(2000, 1, 1)]))
def test_a_new_helper_never_makes_a_gap(tables, member, household, visit):
    tie = {"member_id": member, "household_id": household, "kind": "one_to_one", "last_visit_on": visit}
    more = make({name: table.to_pylist() + ([tie] if name == "Member HELPS Household" else []) for name, table in tables.items()})
    before, after = judged(tables), judged(more)
    gaps = {"due", "blank"}
    assert {s for s, row in after.items() if row["verdict"] in gaps} <= {s for s, row in before.items() if row["verdict"] in gaps}
    assert after["Household", household]["verdict"] not in gaps


@few
@given(districts(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(tables, random):
    pd.testing.assert_frame_equal(ask(tables).rows.astype(object), ask(shuffle(tables, random)).rows.astype(object))


@few
@given(districts())
def test_other_ids_change_nothing_but_names(tables):
    names = {f"m{i}": f"人{9 - i}" for i in range(7)} | {f"h{i}": f"户{9 - i}" for i in range(5)} | {f"c{i}": f"社{9 - i}" for i in range(1, 4)}
    names |= {f"b{i}": f"支{9 - i}" for i in range(1, 5)} | {f"z{i}": f"区{i}" for i in (1, 2)}
    before, after = judged(tables), judged(relabel(tables, names))
    assert {(kind, names.get(i, i)) for kind, i in before} == set(after)
    for (kind, i), row in before.items():
        assert row | {"subject_id": ""} == after[kind, names.get(i, i)] | {"subject_id": ""}


@few
@given(districts())
def test_every_row_has_a_rule_a_reason_and_a_remedy_and_no_name_of_a_person(tables):
    rows = ask(tables).rows
    words = rows[["verdict", "rule", "reason_zh", "reason_en", "remedy_zh", "remedy_en"]]
    assert words.notna().all().all()
    assert (words.astype("str") != "").all().all()
    assert "不可外传" not in rows.to_csv()


@settings(max_examples=5)
@given(districts())
def test_every_shipped_pack_judges_every_subject(tables):
    verdicts = list(ask(tables).rows["verdict"])
    for pack in list_rule_packs():
        finding = ask(tables, rules=pack)
        assert [c.name for c in COLUMNS] == list(finding.rows.columns)
        assert set(finding.rows["rule"]) == set(finding.rules)
        assert any(rule.startswith(f"{pack}.") for rule in finding.rules)
        assert list(finding.rows["verdict"]) == verdicts  # all shipped packs have the threshold 3


@few
@given(districts())
def test_the_summary_is_an_interval_around_what_is_recorded(tables):
    finding = ask(tables)
    summary, rows = summarise_coverage(finding), finding.rows
    for row in summary.to_dict("records"):
        kind = rows[rows["subject_kind"] == row["subject_kind"]]
        assert row["total"] == len(kind) == row["covered"] + row["due"] + row["watch"] + row["blank"]
        assert 0 <= row["rate_low"] <= row["covered"] / row["total"] <= row["rate_high"] <= 1
        assert row["rate_low"] == sum(kind["certain"] & (kind["verdict"] == "covered")) / len(kind)
        assert row["rate_high"] == sum(~kind["certain"] | (kind["verdict"] == "covered")) / len(kind)


# cases of the article, by hand


def association(full=0, probationary=0, unknown=0, **more):
    people = [{"id": f"m{i}", "stage": s} for i, s in enumerate(["full"] * full + ["probationary"] * probationary + [None] * unknown)]
    tables = {
        "Cooperative": [{"id": "c", "name": "稻米协会", "scope": "village"}], "Village": [{"code": "230112001001", "name": "城建村"}], "Member": people,
        "Member WORKS_IN Cooperative": [{"member_id": p["id"], "cooperative_id": "c"} for p in people],
        "Cooperative OPERATES_IN Village": [{"cooperative_id": "c", "village_code": "230112001001"}],
    }  # fmt: skip
    return judged(make(tables | more))["Cooperative", "c"]


def test_three_full_members_are_due_a_branch_under_the_village():
    row = association(full=3)
    assert (row["verdict"], row["rule"], row["scope"]) == ("due", "acheng-2010.s12", "village")
    assert row["reason_zh"] == "正式党员3人，已达3人，但无党组织覆盖"
    assert row["reason_en"] == "3 full members, at or above the threshold of 3, and no branch"
    assert row["remedy_zh"] == "成立党支部，隶属村党总支（或村党支部）"
    assert row["remedy_en"] == "form a branch under the village's general branch (or its branch)"


def test_fewer_than_three_without_a_group_or_liaison_is_a_blank_spot():
    row = association(full=2)
    assert (row["verdict"], row["rule"], row["near_threshold"]) == ("blank", "acheng-2010.s16", True)
    assert row["remedy_zh"] == "建立党小组或指派党建联络指导员"


@pytest.mark.parametrize(("full", "probationary", "verdict"), [(2, 0, "watch"), (1, 2, "watch"), (1, 1, "covered"), (0, 0, "covered")])
def test_near_the_threshold_with_a_group_is_watched(full, probationary, verdict):
    group = {"Branch": [{"id": "g", "kind": "group"}], "Branch SERVES Cooperative": [{"branch_id": "g", "cooperative_id": "c"}]}
    assert association(full=full, probationary=probationary, **group)["verdict"] == verdict


def test_people_of_unknown_stage_make_a_verdict_uncertain_and_the_words_say_so():
    row = association(full=2, unknown=1)
    assert not row["certain"]
    assert "1人发展阶段未知" in row["reason_zh"]
    assert row["remedy_en"].startswith("first find out the stage of the people; ")
    assert association(full=3, unknown=1)["certain"]  # due already


@pytest.mark.parametrize(("superior", "agrees"), [("general_branch", True), ("committee", False)])
def test_the_branch_of_a_village_association_reports_to_the_village(superior, agrees):
    bodies = {
        "Branch": [{"id": "b", "kind": "branch"}, {"id": "s", "kind": superior}],
        "Branch SERVES Cooperative": [{"branch_id": "b", "cooperative_id": "c"}],
        "Branch SERVES Village": [{"branch_id": "s", "village_code": "230112001001"}],
        "Branch REPORTS_TO Branch": [{"branch_id": "b", "superior_id": "s"}],
    }
    row = association(full=3, **bodies)
    assert (row["verdict"], row["superior_agrees"]) == ("covered", agrees)
    assert row["remedy_en"] == (
        "nothing to do" if agrees else "check the superior body, which should be the village's general branch (or its branch)"
    )


def test_a_township_committee_covers_none_of_its_villages():
    tables = make({
        "Village": [{"code": "230112001001"}, {"code": "230112001002"}, {"code": "230112001003"}],
        "Branch": [{"id": "乡镇党委", "kind": "committee"}, {"id": "村党委", "kind": "committee"}],
        "Branch SERVES Village": [
            {"branch_id": "乡镇党委", "village_code": "230112001001"}, {"branch_id": "乡镇党委", "village_code": "230112001002"},
            {"branch_id": "村党委", "village_code": "230112001003"},
        ],
    })  # fmt: skip
    assert [row["verdict"] for row in judged(tables).values()] == ["blank", "blank", "covered"]


def test_a_large_village_may_have_a_general_branch_or_committee_by_the_bounds_of_the_pack():
    def remedy(people):
        members = [{"id": f"m{i}", "stage": "full"} for i in range(people)]
        lives = [{"member_id": m["id"], "village_code": "230112001001"} for m in members]
        tables = make({"Village": [{"code": "230112001001"}], "Member": members, "Member LIVES_IN Village": lives})
        return judged(tables, rules="rural-2018", as_of=dt.date(2020, 1, 1))["Village", "230112001001"]["remedy_zh"]

    assert remedy(50) == "成立党支部"
    assert remedy(51) == "成立党支部；正式党员达51人，可成立党总支"
    assert remedy(100) == "成立党支部；正式党员达100人，可成立党委"


def test_a_pack_of_ones_own_brings_its_own_threshold(tmp_path):
    pack = tmp_path / "county.toml"
    pack.write_text(
        'id = "county"\ntitle = { zh = "本县", en = "county" }\nsource = { zh = "文件", en = "a paper" }\nfallback = ["acheng-2010"]\n'
        '[near]\nmissing = 2\ncounts_probationary = false\n'
        '[[rules]]\nid = "five"\napplies_to = "Cooperative"\nthreshold = 5\ntext = { zh = "5人以上", en = "5 or more" }\n',
        encoding="utf-8",
    )  # fmt: skip
    people = [{"id": f"m{i}", "stage": "full"} for i in range(5)]

    def row(count):
        works = [{"member_id": p["id"], "cooperative_id": "c"} for p in people[:count]]
        return judged(make({"Cooperative": [{"id": "c"}], "Member": people, "Member WORKS_IN Cooperative": works}), rules=pack)["Cooperative", "c"]

    assert [(row(n)["verdict"], row(n)["near_threshold"]) for n in (2, 3, 4, 5)] == [
        ("blank", False),
        ("blank", True),
        ("blank", True),
        ("due", False),
    ]
    assert row(5)["rule"] == "county.five"


def test_a_rule_that_was_not_in_force_is_said():
    tables = make({"Village": [{"code": "230112001001"}]})
    early = ask(tables, rules="rural-2018")
    assert any("rural-2018.art5-joint 在2012-04-30并不施行（自2018-12-28起施行）" in c.zh for c in early.caveats)
    assert any("was not in force on 2012-04-30 (in force from 2018-12-28)" in c.en for c in early.caveats)
    assert not any("not in force" in c.en for c in ask(tables, rules="rural-2018", as_of=dt.date(2020, 1, 1)).caveats)


def test_caveats_count_what_is_uncertain_and_give_an_interval():
    people = [{"id": f"m{i}", "stage": s} for i, s in enumerate(["full", "full", None])]
    works = [{"member_id": p["id"], "cooperative_id": "c1"} for p in people]
    bodies = {"Branch": [{"id": "b", "kind": "branch"}], "Branch SERVES Cooperative": [{"branch_id": "b", "cooperative_id": "c2"}]}
    tables = make({"Cooperative": [{"id": "c1"}, {"id": "c2"}], "Member": people, "Member WORKS_IN Cooperative": works} | bodies)
    said = " ".join(c.en for c in ask(tables).caveats)
    assert "uncertain verdicts: 1 of 2 co-operatives" in said
    assert "coverage of co-operatives lies between 50.0% and 100.0%" in said
    summary = summarise_coverage(ask(tables)).set_index("subject_kind").loc["Cooperative"]
    assert (summary["rate_low"], summary["rate_high"]) == (0.5, 1.0)


def test_rows_stand_in_the_order_of_kind_and_id():
    tables = make({
        "Household": [{"id": "h2"}, {"id": "h10"}], "Member": [{"id": "m"}], "Cooperative": [{"id": "c"}], "Village": [{"code": "230112001002"}, {"code": "230112001001"}],
    })  # fmt: skip
    found = ask(tables).rows
    assert list(found["subject_kind"]) == ["Village", "Village", "Cooperative", "Member", "Household", "Household"]
    assert list(found["subject_id"]) == ["230112001001", "230112001002", "c", "m", "h10", "h2"]


def test_nothing_at_all_gives_an_empty_finding():
    finding = ask(make({}))
    assert len(finding) == 0
    assert summarise_coverage(finding).empty


def test_today_is_the_day_if_none_is_given():
    assert find_coverage_gaps(make({})).as_of == dt.date.today()  # noqa: DTZ011


def test_a_day_that_is_none_and_a_pack_that_is_not_there_are_refused():
    with pytest.raises(ParameterError, match=r"datetime\.date"):
        find_coverage_gaps(make({}), as_of="2012-04-30")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="no rule pack"):
        ask(make({}), rules="harbin")
    other = replace(ask(make({})), question="find_pairing_reach")
    with pytest.raises(ParameterError, match="takes a finding of find_coverage_gaps"):
        summarise_coverage(other)


def test_a_finding_is_shown_and_survives_a_file(tmp_path):
    tables = make({"Cooperative": [{"id": "c", "name": "稻米协会", "scope": "village"}], "Household": [{"id": "h", "is_poor": True}]})
    finding = ask(tables)
    assert "空白点" in finding.to_html("zh")
    assert "a poor household without a helper" in finding.to_html("en")
    back = read_finding(write_finding(finding, tmp_path / "gaps.parquet"))
    pd.testing.assert_frame_equal(back.rows, finding.rows)
    for suffix in (".csv", ".xlsx", ".html"):
        assert write_finding(finding, tmp_path / f"gaps{suffix}").stat().st_size > 100


def test_a_hundred_thousand_households_are_worded_without_a_loop_over_rows():
    from graphkit import coverage

    calls = []
    explain = coverage.explain_case
    households = pa.table({"id": [f"h{i}" for i in range(100_000)], "is_poor": [True, False, None, True] * 25_000})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coverage, "explain_case", lambda *a: calls.append(1) or explain(*a))
        finding = ask(coverage.Tables({"Household": households}))
    assert len(finding) == 100_000
    assert len(calls) == 3
