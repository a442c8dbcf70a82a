"""Plans: what they promise is what asking again gives, on random districts too; and the models against enumeration and published optima."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import Phase, given, settings

import graphkit
from graphkit.errors import ParameterError
from graphkit.questions.plans.covering import Covering, cover_all, cover_most
from graphkit.questions.plans.greedy import ALONE, UNMET, meet_greedily
from tests.random_districts import DAY, districts, make

LATER = dt.date(2024, 4, 30)


OFFICES = ("ch6-committee", "ch6-secretary")  # asked of a new body until it has elected


def outcomes(tables, rules, day):
    rows = graphkit.find_coverage_gaps(tables, rules=rules, as_of=day).rows
    return {(r.subject_kind, r.subject_id, r.rule): (r.asked, r.outcome) for r in rows.itertuples()}


def is_kept(tables, plan, rules, day):
    """Asking again gives what the plan promised, and nothing else is worse."""
    before, after = outcomes(tables, rules, day), outcomes(graphkit.apply_plan(tables, plan), rules, day)
    new = {row.subject_id for row in plan.rows.itertuples() if row.subject_kind == "Branch"}
    for row in plan.rows[plan.rows["act"] != "none"].itertuples():
        for unit, rule in itertools.product(row.units, row.rules.split(";")):
            if before.get((row.unit_kind, unit, rule)) == ("yes", "open"):
                assert after[row.unit_kind, unit, rule] == ("yes", "met")
    for (kind, subject, rule), (asked, outcome) in after.items():
        if asked == "yes" and outcome == "open" and not (subject in new and rule.endswith(OFFICES)):
            assert before.get((kind, subject, rule), ("", ""))[1] in ("open", "unknown"), (kind, subject, rule)


@pytest.mark.parametrize(("rules", "day"), [("acheng-2010", DAY), ("rural-2018", LATER), ("branch-work-2018", LATER), ("party-constitution", LATER)])
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(tables=districts())
def test_asking_again_gives_what_a_plan_promised(rules, day, tables):
    for near in ("township", "township_or_trade"):
        plan = graphkit.select_covering_set(tables, rules=rules, as_of=day, near=near)
        is_kept(tables, plan, rules, day)
        assert plan.provenance["gap"] == 0
    most = graphkit.select_maximal_coverage(tables, 2, rules=rules, as_of=day)
    assert len(most.rows) <= 2
    is_kept(tables, most, rules, day)


@pytest.mark.parametrize(("seed", "near", "rules", "day"), [(5, "township_or_trade", "branch-work-2018", LATER), (8, "township", "acheng-2010", DAY)])
def test_a_made_up_district_is_as_its_plan_says(seed, near, rules, day):
    tables = graphkit.generate_district(villages=40 + seed, seed=seed)
    plan = graphkit.select_covering_set(tables, rules=rules, as_of=day, near=near)
    assert {"own", "joint"} <= set(plan.rows["act"])
    is_kept(tables, plan, rules, day)


def test_the_plan_of_the_example_closes_every_gap_of_bodies(acheng):
    plan = graphkit.select_covering_set(acheng, as_of=DAY)
    assert plan.rows["act"].value_counts().to_dict() == {"own": 13, "group": 3, "liaison": 3}  # 12 co-operatives and a village; members; none
    assert (plan.provenance["gap"], plan.provenance["left"]) == (0, 0)
    rates = graphkit.summarise_coverage(graphkit.find_coverage_gaps(graphkit.apply_plan(acheng, plan), as_of=DAY)).set_index("rule")
    assert rates.loc[["acheng-2010.s12-15", "acheng-2010.s16", "party-constitution.2007-villages"], "open"].tolist() == [0, 0, 0]
    is_kept(acheng, plan, "acheng-2010", DAY)
    with pytest.raises(ParameterError, match="applied once"):
        graphkit.apply_plan(graphkit.apply_plan(acheng, plan), plan)
    with pytest.raises(ParameterError, match="takes a plan"):
        graphkit.apply_plan(acheng, graphkit.find_coverage_gaps(acheng, as_of=DAY))


def few(members, townships=None, *, share=()):
    """Co-operatives with so many full members each, in one township unless said; `share` are pairs that have their first member in common."""
    hosts = [f"c{n}" for n in range(len(members))]
    villages = [f"23011210{townships[n] if townships else 0}0{n:02}" for n in range(len(members))]
    people = {(n, i): f"m{n}-{i}" for n, many in enumerate(members) for i in range(many)}
    people |= {(b, 0): people[a, 0] for a, b in share}
    return make({
        "Township": [{"code": f"23011210{t}"} for t in sorted(set(townships or [0]))],
        "Village": [{"code": code, "name": code} for code in villages],
        "Village IN Township": [{"village_code": code, "township_code": code[:9]} for code in villages],
        "Cooperative": [{"id": host, "name": host, "sector": "稻米"} for host in hosts],
        "Cooperative OPERATES_IN Village": [{"cooperative_id": host, "village_code": code} for host, code in zip(hosts, villages, strict=True)],
        "Member": [{"id": who, "stage": "full"} for who in sorted(set(people.values()))],
        "Member WORKS_IN Cooperative": [{"member_id": who, "cooperative_id": hosts[n]} for (n, _), who in people.items()],
    })  # fmt: skip


def joint(tables, **options):
    plan = graphkit.select_covering_set(tables, rules="branch-work-2018", as_of=LATER, **options)
    is_kept(tables, plan, "branch-work-2018", LATER)
    return plan


def test_joint_branches_keep_five_units_and_three_members():
    assert [len(units) for units in joint(few([1, 1, 1, 1, 1])).rows["units"]] == [5]
    assert sorted(len(units) for units in joint(few([1] * 6)).rows["units"]) == [3, 3]  # six in one would be one unit too many
    assert joint(few([1] * 6), most_units=6).rows["unit_count"].tolist() == [3, 3]  # the rules say five
    six = graphkit.read_rule_pack("branch-work-2018").with_numbers({"joint-hosts.units_at_most": 6, "joint-units.units_at_most": 6})
    assert graphkit.select_covering_set(few([1] * 6), rules=six, as_of=LATER).rows["unit_count"].tolist() == [6]
    plan = joint(few([1, 1]))
    assert plan.rows["act"].tolist() == ["none", "none"]  # two members do not make a branch
    assert "too few full members" in plan.rows["remedy_en"][0]


def test_who_works_in_two_units_is_one_member():
    assert joint(few([2, 1])).rows["act"].tolist() == ["joint"]
    assert joint(few([2, 1], share=[(0, 1)])).rows["act"].tolist() == ["none", "none"]


def test_only_near_units_share_a_branch():
    apart = few([1, 1, 1], [0, 0, 1])
    assert joint(apart).rows["act"].tolist() == ["none"] * 3
    assert joint(apart, near="trade").rows["units"].tolist() == [["c0", "c1", "c2"]]
    assert joint(apart, near=[("c0", "c1"), ("c1", "c2"), ("c2", "c0")]).rows["units"].tolist() == [["c0", "c1", "c2"]]
    assert joint(apart, near=[("c0", "c1"), ("c1", "c2")]).rows["act"].tolist() == ["none"] * 3  # the ends are not near each other


def test_enough_members_of_its_own_are_no_case_for_a_joint_branch():
    assert joint(few([3, 1, 2])).rows["act"].tolist() == ["own", "joint"]


def test_plans_as_good_are_counted():
    told = joint(few([2, 2, 2, 2]), most_units=2).provenance
    assert (told["bodies"], told["ways"], told["all_ways_counted"]) == (2, 3, True)  # three ways to pair four
    told = joint(few([2] * 6), most_units=2, most_ways=5).provenance
    assert (told["bodies"], told["ways"], told["all_ways_counted"]) == (3, 5, False)  # of fifteen
    assert joint(few([2] * 6), most_units=2, most_ways=50).provenance["ways"] == 15


def test_most_households_with_few_bodies():
    tables = few([3, 3, 1])
    homes = [("h1", "c0"), ("h2", "c0"), ("h2", "c1"), ("h3", "c1"), ("h4", "c1"), ("h5", "c2")]
    tables = tables.replace(dict(make({
        "Household": [{"id": f"h{n}", "people": people} for n, people in ((1, 9), (2, 1), (3, 1), (4, None), (5, 1))],
        "Household JOINED Cooperative": [{"household_id": home, "cooperative_id": host} for home, host in homes],
    }).items()) | {name: tables[name] for name in tables if tables[name].num_rows})  # fmt: skip

    def plan(bodies, weight="households"):
        found = graphkit.select_maximal_coverage(tables, bodies, weight=weight, rules="branch-work-2018", as_of=LATER)
        return list(itertools.chain.from_iterable(found.rows["units"])), found.provenance["reached"], found.provenance["of"]

    assert plan(1) == (["c1"], 3, 5)
    assert plan(2) == (["c0", "c1"], 4, 5)  # h2 counts once
    assert plan(1, "people") == (["c0"], 10, 12)
    assert plan(0) == ([], 0, 5)


def test_what_if_compares_before_and_after(acheng):
    liaison = graphkit.Add("Member LIAISES Cooperative", {"member_id": "m0001", "cooperative_id": "c65"})
    rows = graphkit.what_if(acheng, [liaison], as_of=DAY).rows
    assert rows[["subject_id", "rule", "before", "after"]].to_numpy().tolist() == [["c65", "acheng-2010.s16", "open", "met"]]
    plan = graphkit.select_covering_set(acheng, as_of=DAY)
    changed = graphkit.what_if(acheng, [plan], as_of=DAY).rows
    assert (changed.loc[changed["before"] == "open", "after"] == "met").all()
    assert (changed["before"] == "open").sum() == 19
    gone = graphkit.what_if(acheng, [graphkit.Lose("Cooperative", "c65")], as_of=DAY).rows
    assert gone[["subject_id", "before", "after"]].to_numpy().tolist() == [["c65", "open", "gone"]]
    assert len(graphkit.what_if(acheng, [], as_of=DAY)) == 0


def test_merging_and_moving():
    tables = few([2, 1])
    merged = graphkit.what_if(tables, [graphkit.Merge("Cooperative", "c1", "c0")], rules="branch-work-2018", as_of=LATER).rows
    assert merged[["subject_id", "rule", "before", "after"]].to_numpy().tolist() == [
        ["c0", "branch-work-2018.art4-hosts", "not_asked", "open"],
        ["c0", "branch-work-2018.joint-hosts", "open", "not_asked"],
        ["c1", "branch-work-2018.joint-hosts", "open", "gone"],
    ]
    moved = graphkit.what_if(tables, [graphkit.Move("Member WORKS_IN Cooperative", "m1-0", "c0")], rules="branch-work-2018", as_of=LATER).rows
    assert [(row.subject_id, row.before, row.after) for row in moved.itertuples()] == [
        ("c0", "not_asked", "open"), ("c0", "open", "not_asked"), ("c1", "open", "not_asked"),
    ]  # fmt: skip
    for edit in (graphkit.Lose("Member", "nobody"), graphkit.Move("Member WORKS_IN Cooperative", "m1-0", "nowhere"), "lose c1"):
        with pytest.raises(ParameterError):
            graphkit.what_if(tables, [edit], as_of=DAY)


def test_inputs_stay_as_they_are():
    tables = few([2, 2, 1])
    before = tables.content_hash()
    graphkit.apply_plan(tables, joint(tables))
    graphkit.what_if(tables, [graphkit.Merge("Cooperative", "c1", "c0")], as_of=DAY)
    assert tables.content_hash() == before


@pytest.mark.parametrize("options", [{"seconds": -1}, {"most_units": 1}, {"most_ways": 0}, {"near": "street"}])
def test_parameters_out_of_range_are_refused(options):
    with pytest.raises(ParameterError):
        graphkit.select_covering_set(few([1, 2]), **options)


def test_without_time_a_plan_is_greedy_and_says_its_gap():
    plan = joint(few([1] * 6), seconds=0)
    assert plan.rows["unit_count"].sum() == 6
    assert plan.rows["act"].tolist() == ["joint", "none"]  # five are taken first, and one is left over
    assert not plan.provenance["proven"]
    assert "not proven" in plan.caveats[0].en


# ------------------------------------------------------------------------------------------------ the models themselves


def reach_of(lines):
    return np.array([(demand, site) for demand, sites in enumerate(lines) for site in sites], np.int64)


def steiner(dimension):
    """Points and lines of the affine space over three elements: a Steiner triple system of 3^dimension points."""
    points = list(itertools.product(range(3), repeat=dimension))
    at = {point: n for n, point in enumerate(points)}

    def third(a, b):
        return tuple((-x - y) % 3 for x, y in zip(a, b, strict=True))

    return len(points), sorted({tuple(sorted((at[a], at[b], at[third(a, b)]))) for a, b in itertools.combinations(points, 2)})


@pytest.mark.parametrize(("dimension", "fewest"), [(2, 5), (3, 18)])
def test_steiner_triple_systems(dimension, fewest):
    """Fulkerson, Nemhauser & Trotter 1974, Mathematical Programming Study 2, 72-81: A9 needs 5 points, A27 18."""
    points, lines = steiner(dimension)
    chosen = cover_all(Covering(np.zeros(len(lines), bool), points, reach_of(lines)), most_ways=1)
    assert (chosen.aim, chosen.bound, chosen.proven) == (fewest, fewest, True)


def queens(size):
    squares = list(itertools.product(range(size), repeat=2))

    def sees(a, b):
        return a[0] == b[0] or a[1] == b[1] or abs(a[0] - b[0]) == abs(a[1] - b[1])

    return reach_of([[site for site, b in enumerate(squares) if sees(a, b)] for a in squares])


@pytest.mark.parametrize(("size", "fewest", "ways"), [(3, 1, 1), (4, 2, 12), (6, 3, 4), (8, 5, None)])
def test_queens_that_cover_the_board(size, fewest, ways):
    """Ball & Coxeter, Mathematical Recreations and Essays, ch. 6: five queens on the usual board; the number of ways is OEIS A002564."""
    model = Covering(np.zeros(size * size, bool), size * size, queens(size))
    chosen = cover_all(model, most_ways=20 if ways else 2)
    assert (chosen.aim, chosen.proven) == (fewest, True)
    assert (chosen.ways, chosen.ways_end) == ((ways, True) if ways else (2, False))


@pytest.mark.parametrize("seed", range(30))
def test_most_weight_is_that_of_trying_all(seed):
    random = np.random.default_rng(seed)
    n, sites = int(random.integers(2, 8)), int(random.integers(2, 7))
    pairs = np.array([(d, s) for d in range(n) for s in range(sites) if random.random() < 0.4], np.int64).reshape(-1, 2)
    weights, budget = random.integers(1, 9, n).tolist(), int(random.integers(1, 4))
    model = Covering(np.zeros(n, bool), sites, pairs)
    chosen = cover_most(model, budget, weights, [[d] for d in range(n)])

    def met(opened):
        return sum(weights[d] for d in {d for d, s in pairs.tolist() if s in opened})

    assert chosen.aim == max(met(set(opened)) for k in range(budget + 1) for opened in itertools.combinations(range(sites), k))
    greedy = meet_greedily(model, budget, weights, [[d] for d in range(n)])
    assert sum(weights[d] for d in np.flatnonzero(greedy != UNMET)) >= (1 - 1 / np.e) * chosen.aim  # Nemhauser, Wolsey & Fisher 1978


def try_all(model):
    """The best choice by definition: demands unmet, then sites and demands alone, then unlike pairs; and in how many ways it can be made."""
    unlike = {tuple(pair): int(value) for pair, value in zip(model.pairs.tolist(), model.unlike, strict=True)}
    options = [[s for d, s in model.pairs.tolist() if d == n] + [ALONE] * bool(model.alone[n]) + [UNMET] for n in range(model.demands)]
    best, ways = None, set()
    for choice in itertools.product(*options):
        sites = {site: [n for n, at in enumerate(choice) if at == site] for site in choice if site >= 0}
        if not all(is_allowed(model, demands) for demands in sites.values()):
            continue
        key = (choice.count(UNMET), len(sites) + choice.count(ALONE), sum(unlike.get((n, at), 0) for n, at in enumerate(choice)))
        same = tuple(at if at < 0 else choice.index(at) for at in choice)
        if best is None or key < best:
            best, ways = key, {same}
        elif key == best:
            ways.add(same)
    return best, len(ways)


def is_allowed(model, demands):
    weight = model.weight[demands].sum() + len({who for who, demand in model.shared.tolist() if demand in demands})
    together = any(a in demands and b in demands for a, b in model.apart.tolist())
    return model.fewest <= len(demands) <= model.most and weight >= model.least and model.load[demands].sum() <= model.ceiling and not together


@pytest.mark.parametrize("seed", range(40))
def test_a_choice_is_that_of_trying_all(seed):
    random = np.random.default_rng(seed)
    n = int(random.integers(1, 6))
    pairs = np.array([(i, j) for j in range(n) for i in range(j, n) if i == j or random.random() < 0.6], np.int64)

    def several(chance, left, right):
        return np.array([(a, b) for a in left for b in right(a) if random.random() < chance], np.int64).reshape(-1, 2)

    model = Covering(
        random.random(n) < 0.6, n, pairs, unlike=random.integers(0, 3, len(pairs)), most=int(random.integers(2, 4)), fewest=int(random.integers(1, 3)),
        least=int(random.integers(0, 4)), weight=random.integers(0, 3, n), shared=several(0.4, range(2), lambda _: range(n)),
        ceiling=int(random.integers(3, 8)), load=random.integers(0, 4, n), apart=several(0.15, range(n), lambda a: range(a + 1, n)),
    )  # fmt: skip
    chosen = cover_all(model, most_ways=1000)
    unlike = sum(int(value) for (demand, site), value in zip(pairs.tolist(), model.unlike, strict=True) if chosen.site_of[demand] == site)
    assert (((chosen.site_of == UNMET).sum(), chosen.aim, unlike), chosen.ways) == try_all(model)
    assert chosen.proven
    assert chosen.ways_end


def test_a_plan_goes_wherever_an_answer_goes(tmp_path):
    tables = few([3, 1, 2, 1])
    plan = joint(tables)
    for suffix in ("csv", "xlsx", "parquet", "html"):
        assert graphkit.write_finding(plan, tmp_path / f"plan.{suffix}").stat().st_size
    again = graphkit.read_finding(tmp_path / "plan.parquet")
    assert outcomes(graphkit.apply_plan(tables, again), "branch-work-2018", LATER) == outcomes(
        graphkit.apply_plan(tables, plan), "branch-work-2018", LATER
    )
    assert "c0党支部" in graphkit.write_report(tables, [plan], tmp_path / "report.html").read_text("utf-8")
    assert graphkit.write_map(tables, [plan], tmp_path / "map.html").stat().st_size
    assert plan.plot(lang="en")


def test_without_the_solver_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ParameterError, match=r"pip install 'graphkit-networks\[plans\]'"):
        joint(few([1, 2]))
