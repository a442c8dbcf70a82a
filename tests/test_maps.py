"""The map: everything placed and nothing overlapping, no name of a person, no script but ours, the right households lit."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import json
import re
import time
import zlib
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.generate import SURVEYED_ON
from graphkit.model.kinds import MODEL
from graphkit.network import Network
from graphkit.questions.bridges.find import find_bridge_figures
from graphkit.questions.deputies import find_deputies
from graphkit.show.map import losses, write_map
from graphkit.show.map.bridging import CURVES, describe_bridges, list_curves
from graphkit.show.map.heading import count_drawn, name_district, render_heading
from graphkit.show.map.layout import STEP, pack_circles, place_nodes
from graphkit.show.map.losses import list_deputies
from graphkit.show.map.payload import pack, pack_steps
from graphkit.show.map.scene import DRAWN, build_scene
from graphkit.words import Text
from tests.browser import open_browser, open_page
from tests.page_samples import DAY, PLANTED, make_bridges, make_coverage, make_district, make_findings, make_reach, within


def read_data(page: str) -> dict:
    held = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])
    return json.loads(zlib.decompress(base64.b64decode(held["deflated"]))) if "deflated" in held else held


def unpack(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text[1:]), "<i2" if text[0] == "h" else "<i4")


# ---- layout


@given(st.lists(st.floats(1, 500), min_size=1, max_size=60))
def test_packed_circles_do_not_overlap(radii):
    radii = np.array(radii)
    at = pack_circles(radii)
    distance = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    overlap = radii[:, None] + radii[None] - distance
    np.fill_diagonal(overlap, -1)
    assert overlap.max() < 1e-3 * radii.max()


def test_three_equal_circles_touch_each_other():
    at = pack_circles(np.ones(3))
    sides = [np.hypot(*(at[i] - at[j])) for i, j in ((0, 1), (1, 2), (0, 2))]
    assert sides == pytest.approx([2, 2, 2])


def test_no_circles_is_no_error():
    assert pack_circles(np.array([])).shape == (0, 2)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=120), st.integers(0, 10**6))
def test_nodes_stand_in_their_cell_and_apart(cells, seed):
    cells = np.array(cells, np.int32)
    rng = np.random.default_rng(seed)
    rank = rng.integers(0, 4, len(cells)).astype(np.int32)
    near = np.where(rng.random(len(cells)) < 0.5, rng.integers(0, len(cells), len(cells)), -1).astype(np.int32)
    near[rank < 3] = -1
    groups = np.array([0, 0, 1, 1, 2, 2], np.int32)
    layout = place_nodes(cells, rank, near, groups, np.zeros(6, bool))
    x, y, r = layout.cell_circles[cells].T
    assert (np.hypot(layout.x - x, layout.y - y) < r).all()
    gaps = np.hypot(layout.x[:, None] - layout.x, layout.y[:, None] - layout.y) + 1e9 * np.eye(len(cells))
    assert gaps.min() > STEP  # neighbours on a sunflower of step s are further apart than s
    gx, gy, gr = layout.group_circles[groups[cells]].T
    assert (np.hypot(x - gx, y - gy) + r <= gr + 1e-6).all()


def test_households_of_one_helper_stand_together():
    tables = make_district(1, 60)
    homes = [f"H00-{k:02d}" for k in range(60)]
    helped = pa.table({"member_id": [f"M00-{k % 3}" for k in range(60)], "household_id": homes, "kind": ["technical"] * 60})
    scene = build_scene(tables.replace({"Member HELPS Household": Tables({"Member HELPS Household": helped})["Member HELPS Household"]}))
    start = scene.starts["Household"]
    cx, cy, _ = scene.layout.cell_circles[0]
    angle = np.sort(np.arctan2(scene.layout.y[start::] - cy, scene.layout.x[start::] - cx) % (2 * np.pi))
    assert len(np.unique(angle.round(6))) == 60  # each place is taken once
    by_angle = np.argsort(np.arctan2(scene.layout.y[start:] - cy, scene.layout.x[start:] - cx) % (2 * np.pi))
    changes = np.count_nonzero(np.diff(by_angle % 3))
    assert changes <= 3  # three helpers, three runs (and one seam) instead of sixty


# ---- scene


def test_bodies_stand_where_their_ties_say():
    tables = Tables(
        {
            "Township": pa.table({"code": ["T1", "T2"], "name": ["一乡", "二乡"]}),
            "Village": pa.table({"code": ["a", "b", "c"], "name": ["甲", "乙", "丙"]}),
            "Village IN Township": pa.table({"village_code": ["a", "b", "c"], "township_code": ["T1", "T1", "T2"]}),
            "Cooperative": pa.table({"id": ["one", "two", "three", "none"]}),
            "Cooperative OPERATES_IN Village": pa.table(
                {"cooperative_id": ["one", "two", "two", "three", "three"], "village_code": ["b", "a", "b", "a", "c"]}
            ),
            "Branch": pa.table({"id": ["of one", "of two", "committee"]}),
            "Branch SERVES Cooperative": pa.table({"branch_id": ["of one", "of two"], "cooperative_id": ["one", "two"]}),
            "Branch SERVES Village": pa.table({"branch_id": ["committee", "committee"], "village_code": ["a", "b"]}),
            "Member": pa.table({"id": ["resident", "elsewhere"]}),
            "Member LIVES_IN Village": pa.table({"member_id": ["resident"], "village_code": ["c"]}),
            "Member BELONGS_TO Branch": pa.table({"member_id": ["elsewhere"], "branch_id": ["of two"], "primary": [True]}),
        }
    )
    scene = build_scene(tables)
    cell = dict(zip(scene.ids, scene.cells.tolist(), strict=True))
    seat_1, district = 3, 5  # three villages, then the seats of two townships, then the district's
    assert cell == {"a": 0, "b": 1, "c": 2, "one": 1, "two": seat_1, "three": district, "none": district, "of one": 1, "of two": seat_1,
                    "committee": seat_1, "resident": 2, "elsewhere": seat_1}  # fmt: skip


def test_the_earliest_home_counts():
    since = [dt.date(2010, 1, 1), dt.date(2005, 1, 1), dt.date(2010, 1, 1), None]
    lives = pa.table({"member_id": ["m", "m", "n", "n"], "village_code": ["b", "a", "a", "b"], "since": since})
    scene = build_scene(Tables({"Village": pa.table({"code": ["a", "b"]}), "Member": pa.table({"id": ["m", "n"]}), "Member LIVES_IN Village": lives}))
    assert [scene.ids[scene.cells[i]] for i in (2, 3)] == ["a", "b"]  # no date: as far back as known


def test_ties_to_nothing_are_left_out():
    scene = build_scene(
        Tables({"Branch": pa.table({"id": ["b"]}), "Branch SERVES Village": pa.table({"branch_id": ["b"], "village_code": ["gone"]})})
    )
    assert len(scene.ties["Branch SERVES Village"][0]) == 0


# ---- the file


@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_packed_numbers_come_back(numbers):
    assert unpack(pack(numbers)).tolist() == numbers


@given(st.lists(st.integers(0, 2**30)))
def test_steps_lead_back_to_the_numbers(numbers):
    assert np.cumsum(unpack(pack_steps(np.array(numbers, np.int32)))).tolist() == numbers


def test_the_file_is_the_same_each_time(tmp_path):
    tables = make_district()
    first = write_map(tables, make_findings(tables), tmp_path / "a.html").read_bytes()
    assert write_map(tables, make_findings(tables), tmp_path / "new folder" / "b.html").read_bytes() == first


def test_no_person_is_named(tmp_path):
    tables = make_district()
    page = write_map(tables, make_findings(tables), tmp_path / "map.html").read_text("utf-8")
    assert "张三" in tables["Member"]["name"].to_pylist()
    assert "张三" not in page


def test_the_policy_names_every_script_and_style(tmp_path):
    tables = make_district(names=PLANTED)
    page = write_map(tables, make_findings(tables), tmp_path / "map.html").read_bytes().decode("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        texts = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        named = re.search(rf"{tag}-src ([^;]*);", policy)[1].split()
        assert named == [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts]
    bare = re.sub(r"<script>.*?</script>", "[script]", page, flags=re.DOTALL)
    assert bare.count("[script]") == 2
    assert re.findall("<script.{0,24}", bare) == ['<script type="application/json"']


def test_a_page_says_what_it_is(tmp_path):
    page = write_map(make_district(), {}, tmp_path / "map.html", lang="en", title=Text("<甲>", "<b>one</b>")).read_text("utf-8")
    assert '<html lang="en">' in page
    assert "<title>&lt;b&gt;one&lt;/b&gt;</title>" in page


def test_it_is_drawn_as_of_the_day_of_the_findings(tmp_path):
    tables = make_district()
    branches = tables["Branch"].to_pandas().assign(dissolved_on=[DAY] + [None] * 11)
    tables = tables.replace(
        {"Branch": Tables({"Branch": pa.Table.from_pandas(branches, preserve_index=False).cast(tables["Branch"].schema)})["Branch"]}
    )
    data = read_data(write_map(tables, {"reach": make_reach(tables)}, tmp_path / "map.html").read_text("utf-8"))
    assert "B00" not in data["ids"]
    assert "B01" in data["ids"]


@pytest.mark.parametrize("wrong", [{"lang": "fr"}, {"roll_up_above": -1}])
def test_wrong_parameters_are_refused(tmp_path, wrong):
    with pytest.raises(ParameterError):
        write_map(Tables({}), {}, tmp_path / "map.html", **wrong)


def test_findings_of_different_days_are_refused(tmp_path):
    tables = make_district()
    later = dataclasses.replace(make_reach(tables), as_of=dt.date(2013, 1, 1))
    with pytest.raises(ParameterError, match="2012-04-30, 2013-01-01"):
        write_map(tables, {"gaps": make_coverage(tables), "reach": later}, tmp_path / "map.html")


def test_a_large_district_stays_small(tmp_path):
    tables = make_district(villages=400, households=250)  # 100,000 households, 1,200 members
    begun = time.perf_counter()
    path = write_map(tables, {}, tmp_path / "map.html")
    assert time.perf_counter() - begun < 20
    assert path.stat().st_size < 2_000_000


# ---- in the browser


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    tables = make_district()
    return tables, write_map(tables, make_findings(tables), tmp_path_factory.mktemp("small") / "map.html")


@pytest.fixture(scope="module")
def rolled(tmp_path_factory):
    tables = make_district()
    return tables, write_map(tables, make_findings(tables), tmp_path_factory.mktemp("rolled") / "map.html", roll_up_above=10)


@pytest.mark.browser
@pytest.mark.parametrize("member", ["M00-0", "M05-2", "M11-0"])
def test_a_click_on_a_member_lights_those_reached(browser, small, member):
    tables, path = small
    with open_page(browser, path) as page:
        at = page.evaluate("([id]) => graphkit.position('Member', id)", [member])
        page.mouse.click(at["x"], at["y"])
        page.wait_for_function("graphkit.selection()")
        lit = page.evaluate("graphkit.selection()")
        helped = tables["Member HELPS Household"].to_pandas()
        assert (lit["kind"], lit["id"]) == ("Member", member)
        assert lit["direct"] == sorted(helped.loc[helped["member_id"] == member, "household_id"])
        assert set(lit["within"]) == within(tables, member)
        listed = page.locator("#content .chips.direct button").all_inner_texts()
        assert sorted(listed) == lit["direct"]
        assert page.locator("#content h2").inner_text() == member
        page.keyboard.press("Escape")
        assert page.evaluate("graphkit.selection()") is None


@pytest.mark.browser
@pytest.mark.parametrize(("steps", "people"), [(1, 50), (2, 50), (3, 50), (3, 6)])
def test_what_is_lit_equals_the_reach_finding_of_a_whole_district(browser, tmp_path, steps, people):
    import graphkit
    from graphkit.generate import generate_district

    tables = generate_district(villages=6, seed=3)
    finding = graphkit.find_pairing_reach(tables, max_steps=steps, max_body_people=people, as_of=DAY)
    path = write_map(tables, {"reach": finding}, tmp_path / "map.html")
    rows = finding.select("Member")
    rows = rows[rows["pairing_kind"] == "any"].set_index("subject_id")
    assert (rows["households_within_steps"] > rows["paired_households"]).any() == (steps > 1)
    count = "ids => ids.map(id => { graphkit.select('Member', id); const s = graphkit.selection(); return [s.direct.length, s.within.length]; })"
    with open_page(browser, path) as page:
        lit = page.evaluate(count, rows.index.tolist())
    assert lit == rows[["paired_households", "households_within_steps"]].astype(int).to_numpy().tolist()


@pytest.mark.browser
def test_planted_scripts_do_not_run(browser, tmp_path):
    tables = make_district(names=PLANTED)
    path = write_map(tables, make_findings(tables), tmp_path / "map.html", title=Text(PLANTED[1], PLANTED[0]))
    with open_page(browser, path) as page:
        for tag in ("en", "zh-CN"):
            page.click(f"button[data-lang={tag}]")
            for tab in ("chosen", "gaps", "bridges", "villages"):
                page.click(f"#tab-{tab}")
            for kind, key in (("Village", "230112100000"), ("Cooperative", "C01"), ("Branch", "B02"), ("Member", "M03-0"), ("Household", "H04-01")):
                assert page.evaluate("([kind, id]) => graphkit.select(kind, id)", [kind, key])
            page.fill("#find", "<img")
            assert page.locator("#found li").first.inner_text().startswith("<img src=x")
            page.keyboard.press("Enter")
            assert page.locator("#content h2").inner_text() == PLANTED[0]
        assert page.locator("img, iframe, svg, a:not(.skip)").count() == 0
        assert page.title() == PLANTED[1]


@pytest.mark.browser
def test_search_by_name_and_by_id(browser, small):
    with open_page(browser, small[1]) as page:
        page.fill("#find", "第3村支")
        assert page.locator("#found li").all_inner_texts() == ["第3村支部\n党组织"]
        page.keyboard.press("Enter")
        assert page.evaluate("graphkit.selection().id") == "B03"
        page.fill("#find", "h07-05")
        page.keyboard.press("Enter")
        assert page.evaluate("graphkit.selection().id") == "H07-05"
        page.fill("#find", "no such thing")
        assert page.locator("#found").inner_text() == "没有相符的"


@pytest.mark.browser
def test_both_languages_say_everything(browser, small):
    with open_page(browser, small[1]) as page:
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        chinese = page.locator("#legend").inner_text()
        page.click("button[data-lang=en]")
        english = page.locator("#legend").inner_text()
        assert page.evaluate("document.documentElement.lang") == "en"
        assert "农户" in chinese
        assert not re.search("[\u4e00-\u9fff]", english)
        assert page.title() == "Map of a rural organisation network"
        page.click("#tab-gaps")
        assert "nobody is paired with it" in page.locator("#content").inner_text()


@pytest.mark.browser
def test_gaps_are_listed_with_reason_and_remedy(browser, small):
    tables, path = small
    with open_page(browser, path) as page:
        page.click("#tab-gaps")
        rows = make_coverage(tables).rows
        expected = int((rows["outcome"] == "open").sum())
        assert page.locator("#content tbody tr").count() == expected
        page.evaluate("graphkit.select('Household', 'H00-00')")
        assert page.locator("#content .verdict.open").inner_text().split("\n\n") == ["未落实 · 有人结对", "没有结对党员", "办法：安排一名党员结对"]
        page.evaluate("graphkit.select('Household', 'H00-01')")
        assert page.locator("#content .verdict").inner_text() == "不作要求：所用规则对它没有要求。"  # no gap, and no verdict


@pytest.mark.browser
def test_a_closed_village_opens_on_a_click(browser, rolled):
    with open_page(browser, rolled[1]) as page:
        closed = page.evaluate("graphkit.drawn()")
        at = page.evaluate("graphkit.position('Village', '230112101000')")
        page.mouse.click(at["x"], at["y"])
        page.wait_for_function("n => graphkit.drawn() > n", arg=closed)
        shown_before = 1  # the secretary of this village is among the first bridge figures, shown even while it is closed
        assert page.evaluate("graphkit.drawn()") == closed + 3 - shown_before + 8
        page.get_by_text("收起此村").click()
        assert page.evaluate("graphkit.drawn()") == closed


@pytest.mark.browser
def test_the_legend_hides_a_kind(browser, small):
    with open_page(browser, small[1]) as page:
        drawn = page.evaluate("graphkit.drawn()")
        page.get_by_label("农户").uncheck()
        assert page.evaluate("graphkit.drawn()") == drawn - 96


@pytest.mark.browser
def test_it_works_by_keyboard_alone(browser, small):
    with open_page(browser, small[1]) as page:
        reached = []
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.id || document.activeElement.dataset.lang || document.activeElement.type"))
        assert {"find", "en", "canvas", "checkbox", "nearer", "tab-chosen", "content"} <= set(reached)
        page.focus("#canvas")
        before = page.evaluate("graphkit.position('Village', '230112100000')")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("x => graphkit.position('Village', '230112100000').x < x - 10", arg=before["x"])
        page.focus("#tab-chosen")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.id") == "tab-gaps"
        page.focus("#content tbody button")
        page.keyboard.press("Enter")
        assert page.evaluate("graphkit.selection().id") == "C00"


@pytest.mark.browser
def test_a_link_leads_to_a_node(browser, small):
    with open_page(browser, small[1], fragment="#Member=M05-0") as page:
        assert page.evaluate("graphkit.selection().id") == "M05-0"


@pytest.mark.browser
def test_without_findings_it_still_shows_the_district(browser, tmp_path):
    with open_page(browser, write_map(make_district(), {}, tmp_path / "map.html"), size=(1000, 700)) as page:
        assert page.evaluate("graphkit.drawn()") == 12 * 3 + 36 + 96
        assert page.locator("#tab-gaps").count() == 0
    with open_page(browser, write_map(Tables({}), {}, tmp_path / "empty.html")) as page:
        assert page.evaluate("graphkit.drawn()") == 0


@pytest.mark.browser
def test_a_large_district_opens_in_seconds(browser, tmp_path):
    path = write_map(make_district(villages=400, households=250), {}, tmp_path / "map.html")
    begun = time.perf_counter()
    with open_page(browser, path) as page:
        page.wait_for_function("window.graphkit && graphkit.drawn() > 0")
        assert time.perf_counter() - begun < 20
        assert page.evaluate("graphkit.select('Member', 'M250-1')")
        assert page.evaluate("graphkit.selection().direct") == ["H250-01", "H250-02", "H251-00"]


# ---- the head of the page


def test_the_head_says_which_district_day_and_how_much():
    tables = make_district(2, 1)
    one = render_heading(tables, Text("图", "map"), DAY, Text("<人是虚构的。>", "<People are made up.>"))
    english = re.sub("<[^>]*>", "", "".join(re.findall('<span lang="en">(.*?)</span>', one)))
    assert english == (
        "mapdivision 230112: 东乡 · as of 2012-04-30 · 2 villages, 2 co-operatives, 2 branches, 6 members, 2 households"
        "&lt;People are made up.&gt; Positions are not geography."
    )
    assert "位置不代表地理方位。" in one
    assert "截至" not in render_heading(tables, Text("图", "map"), None, None)


def test_a_district_goes_by_its_name_else_by_its_townships():
    townships = pa.table({"code": ["230112001", "230112002", "230112003", "230112004"], "name": ["一乡", None, "三乡", "四乡"]})
    assert name_district(Tables({"Township": townships})) == Text(
        "区划代码 230112：一乡、230112002等 4 个乡镇（街道）", "division 230112: 一乡, 230112002 and 2 more townships"
    )
    assert name_district(Tables({"Township": townships}, dataset="阿城")) == Text("阿城", "阿城")
    apart = Tables({"Township": pa.table({"code": ["230112001", "230113002"], "name": ["一乡", "二乡"]})})
    assert name_district(apart) == Text("一乡、二乡", "一乡, 二乡")
    assert name_district(Tables({})) is None
    own = Tables({"Township": pa.table({"code": ["23011201", "23011202"], "name": ["一乡", "二乡"]})}, model=MODEL.with_codes({"Township": 8}))
    assert name_district(own) == Text("一乡、二乡", "一乡, 二乡")  # digits shared by codes of one's own name no county


def test_counts_leave_out_what_is_not_there_and_know_the_singular():
    tables = Tables({"Village": pa.table({"code": ["a"]}), "Household": pa.table({"id": [f"h{n}" for n in range(1234)]})})
    assert count_drawn(tables) == Text("1 个村和社区、1,234 户", "1 village, 1,234 households")
    assert count_drawn(Tables({})).en == "nothing to draw"


# ---- bridge figures


def test_bridge_figures_come_by_rank_and_equals_share_it(tmp_path):
    tables = make_district()
    finding = make_bridges(tables, ranks=[1, 1, 1, *range(4, 37)])
    data = read_data(write_map(tables, {"bridges": finding}, tmp_path / "map.html").read_text("utf-8"))
    assert [data["ids"][row[0]] for row in data["bridges"]] == finding.rows["subject_id"].tolist()
    assert [row[1] for row in data["bridges"]] == finding.rows["rank"].tolist()
    assert data["numbered"] == 20


def test_curves_lead_to_bodies_and_villages_elsewhere():
    tables = Tables(
        {
            "Village": pa.table({"code": ["a", "b", "c", "d", "e"]}),
            "Cooperative": pa.table({"id": ["at a", "at b"]}),
            "Cooperative OPERATES_IN Village": pa.table({"cooperative_id": ["at a", "at b"], "village_code": ["a", "b"]}),
            "Branch": pa.table({"id": ["of c"]}),
            "Branch SERVES Village": pa.table({"branch_id": ["of c"], "village_code": ["c"]}),
            "Member": pa.table({"id": ["m", "stays"]}),
            "Household": pa.table({"id": ["ha", "hc", "hd"]}),
            "Household LIVES_IN Village": pa.table({"household_id": ["ha", "hc", "hd"], "village_code": ["a", "c", "d"]}),
            "Member LIVES_IN Village": pa.table({"member_id": ["m", "stays"], "village_code": ["a", "a"]}),
            "Member HOLDS_POST_IN Village": pa.table({"member_id": ["m"], "village_code": ["e"], "post": ["x"]}),
            "Member WORKS_IN Cooperative": pa.table({"member_id": ["m", "stays"], "cooperative_id": ["at a", "at a"]}),
            "Member LIAISES Cooperative": pa.table({"member_id": ["m"], "cooperative_id": ["at b"]}),
            "Member BELONGS_TO Branch": pa.table({"member_id": ["m"], "branch_id": ["of c"], "primary": [True]}),
            "Member HELPS Household": pa.table({"member_id": ["m"] * 3, "household_id": ["ha", "hc", "hd"], "kind": ["technical"] * 3}),
        }
    )
    scene = build_scene(tables)
    curves = [[scene.ids[end] for end in curve] for curve in list_curves(scene, scene.positions("Member", ["m", "stays"]))]
    assert curves == [["m", "at b"], ["m", "of c"], ["m", "d"], ["m", "e"]]  # village c is reached by its branch


def test_curves_are_bounded_and_the_legend_says_how_many(tmp_path, browser):
    tables = make_district(villages=60, households=2)
    helped = [(f"M{v:02d}-0", f"H{(v + k) % 60:02d}-01") for v in range(20) for k in range(2, 7)]
    pairs = pa.table({"member_id": [m for m, _ in helped], "household_id": [h for _, h in helped], "kind": ["technical"] * len(helped)})
    tables = tables.replace({"Member HELPS Household": Tables({"Member HELPS Household": pairs})["Member HELPS Household"]})
    path = write_map(tables, {"bridges": make_bridges(tables)}, tmp_path / "map.html", lang="en")
    data = read_data(path.read_text("utf-8"))
    assert (len(data["curves"]), data["curvesInAll"]) == (CURVES, 20 * (1 + 5))  # the branch of the next village, and five villages
    with open_page(browser, path) as page:
        assert "the first 60 of 120 by rank" in page.locator("#legend").inner_text()
        assert len(page.evaluate("graphkit.picture().curves")) == CURVES


@pytest.mark.browser
def test_figures_are_sized_and_numbered_by_rank_and_tied_without_a_click(browser, tmp_path):
    tables = make_district()
    finding = make_bridges(tables, ranks=[1, 1, *range(3, 37)])
    for name, above in (("open", 10**6), ("rolled", 10)):
        path = write_map(tables, [finding], tmp_path / f"{name}.html", roll_up_above=above)
        for size in ((1440, 900), (390, 844)):
            with open_page(browser, path, size=size) as page:
                picture = page.evaluate("graphkit.picture()")
                ranks = {figure["id"]: figure["rank"] for figure in picture["figures"]}
                assert ranks == dict(zip(finding.rows["subject_id"][:20], finding.rows["rank"][:20], strict=True))
                radii = [figure["r"] for figure in sorted(picture["figures"], key=lambda f: f["rank"])]
                assert radii[0] == radii[1]
                assert all(np.diff(radii[1:]) < 0)
                for n, a in enumerate(picture["figures"]):
                    assert all(np.hypot(a["x"] - b["x"], a["y"] - b["y"]) > 0.9 * (a["r"] + b["r"]) for b in picture["figures"][:n])
                assert ["M03-0", "B04"] in picture["curves"]  # the second branch, in the next village
                assert not any(target == "B03" for figure, target in picture["curves"] if figure == "M03-0")
                if size[0] > 900:
                    page.get_by_label("党员与培养对象").uncheck()
                    assert page.evaluate("graphkit.picture().curves") == []


# ---- on every screen


SIZES = ((390, 844), (768, 1024), (1024, 768), (1440, 900))
CLIPPED = """() => [...document.querySelectorAll('body *')].filter(e => e.offsetParent && e.clientWidth > 1 && !['CANVAS', 'INPUT'].includes(e.tagName)
    && !e.closest('#print, .vis-network') && e.scrollWidth > e.clientWidth + 1 && e.id !== 'card').map(e => `${e.tagName}#${e.id}.${e.className}: ${e.textContent.slice(0, 40)}`)"""
LONG = ("这是一个名称特别特别长的村民委员会和它的社区居民委员会联合办公地点", "Averyveryverylongnameofavillagewithoutasinglespaceinit", "短村")


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_clipped_and_a_phone_shows_the_map(browser, tmp_path, size, lang):
    tables = make_district(names=LONG)
    note = Text("每个人都是虚构的。" * 4, "Every person is made up. " * 4)
    path = write_map(tables, make_findings(tables), tmp_path / "map.html", lang=lang, note=note, title=Text(LONG[0], LONG[1]))
    with open_page(browser, path, size=size) as page:
        box = page.locator("#canvas").bounding_box()
        if size[0] <= 900:
            assert box["width"] >= 0.9 * size[0]
            assert box["height"] >= 0.6 * size[1]
        assert page.locator("header").inner_text().count(("每个人都是虚构的。" * 4) if lang == "zh" else "Every person is made up.") >= 1
        for part in ("search", "legend", "panel"):
            if size[0] <= 900:
                page.click(f"#fold-{part}")
            for tab in ("chosen", "gaps", "bridges", "villages") if part == "panel" else ():
                page.click(f"#tab-{tab}")
                assert page.evaluate(CLIPPED) == []
            assert page.evaluate(CLIPPED) == []
            assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [size[0], size[1]]
        page.evaluate("graphkit.select('Village', '230112100000')")
        assert page.evaluate(CLIPPED) == []


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_the_chosen_stands_in_the_free_part_of_the_map(browser, rolled, size):
    def is_free(page):
        page.wait_for_timeout(500)  # the map moves there
        free, box = page.evaluate("graphkit.picture().free"), page.locator("#canvas").bounding_box()
        kind, key = page.evaluate("[graphkit.selection().kind, graphkit.selection().id]")
        at = page.evaluate("([kind, key]) => graphkit.position(kind, key)", [kind, key])
        x, y = at["x"] - box["x"], at["y"] - box["y"]
        top = page.evaluate("([x, y]) => document.elementFromPoint(x, y).tagName", [at["x"], at["y"]])
        return free["left"] < x < free["right"] and free["top"] < y < free["bottom"] and top == "CANVAS"

    for fragment in ("#Member=M05-0", "#Household=H11-03", "#Branch=B00", "#Village=230112101000"):
        with open_page(browser, rolled[1], size=size, fragment=fragment) as page:
            assert is_free(page), fragment
    with open_page(browser, rolled[1], size=size) as page:
        for word in ("H00-03", "M11-2", "第6村支部", "c07"):
            if size[0] <= 900:
                page.click("#fold-search")
            page.fill("#find", word)
            page.keyboard.press("Enter")
            assert is_free(page), word


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_labels_neither_cover_each_other_nor_outgrow_the_map(browser, tmp_path, size):
    tables = make_district(villages=50, households=20, names=LONG)
    path = write_map(tables, make_findings(tables), tmp_path / "map.html", roll_up_above=10)
    with open_page(browser, path, size=size) as page:
        width = page.locator("#canvas").bounding_box()["width"]
        cut = 0
        for village in (None, "230112100000", "230112103001"):
            if village:
                page.evaluate("key => graphkit.select('Village', key)", village)
                page.wait_for_timeout(500)
            labels = page.evaluate("graphkit.picture().labels")
            assert len(labels) > 2
            for n, one in enumerate(labels):
                left, top, right, bottom = one["box"]
                assert 0 <= left < right <= width
                assert all(right <= b[0] or left >= b[2] or bottom <= b[1] or top >= b[3] for b in (other["box"] for other in labels[:n]))
                assert one["text"] == one["whole"] or one["text"].endswith("…")
            cut += sum(one["text"] != one["whole"] for one in labels)
        assert cut > 0


@pytest.mark.browser
def test_escape_clears_from_wherever_it_is_pressed(browser, small):
    with open_page(browser, small[1]) as page:
        page.fill("#find", "M05-1")
        page.keyboard.press("Enter")
        assert page.evaluate("graphkit.selection().id") == "M05-1"
        page.keyboard.press("Escape")  # still in the search box
        assert page.evaluate("graphkit.selection()") is None
        page.click("#tab-gaps")
        page.focus("#content tbody button")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        assert page.evaluate("graphkit.selection()") is None


@pytest.mark.browser
def test_a_phone_folds_search_legend_and_lists_by_keyboard_and_touch(browser, small):
    with open_page(browser, small[1], size=(390, 844), touch=True) as page:
        for part in ("search", "legend", "panel"):
            assert page.locator(f"#{part}").is_hidden()
            page.focus(f"#fold-{part}")
            page.keyboard.press("Enter")
            assert page.locator(f"#{part}").is_visible()
            assert page.get_attribute(f"#fold-{part}", "aria-expanded") == "true"
            page.keyboard.press("Escape")
            assert page.locator(f"#{part}").is_hidden()
            assert page.evaluate("document.activeElement.id") == f"fold-{part}"
        at = page.evaluate("graphkit.position('Member', 'M05-0')")
        page.touchscreen.tap(at["x"] + 3, at["y"] + 3)
        page.wait_for_function("graphkit.selection()")
        assert page.evaluate("graphkit.selection().id") == "M05-0"
        assert "3" in page.locator("#status").inner_text()
        page.tap("#details")
        assert page.locator("#content h2").inner_text() == "M05-0"
        page.wait_for_timeout(500)
        assert page.evaluate("graphkit.position('Member', 'M05-0').y") < page.locator("#panel").bounding_box()["y"]
        page.tap("#tab-gaps")
        page.locator("#content tbody button").first.tap()
        assert page.locator("#panel").is_hidden()  # the map is seen again
        page.tap("#drop")
        assert page.evaluate("graphkit.selection()") is None


@pytest.mark.browser
@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_print_is_one_page_with_map_legend_and_lists(browser, tmp_path, paper, lang):
    tables = make_district(villages=50, households=6, names=LONG)
    path = write_map(tables, make_findings(tables), tmp_path / "map.html", lang=lang)
    with open_page(browser, path) as page:
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper, prefer_css_page_size=True))) == 1
        assert page.locator("#print *").count() == 0  # and is gone afterwards
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        text = page.locator("#print").inner_text()
        assert page.locator("#canvas, #panel, #legend").first.is_hidden()
        dark = page.evaluate("""() => { const c = document.querySelector('#print canvas.map'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
            let dark = 0, coloured = 0; for (let i = 0; i < d.length; i += 4) { if (d[i + 3] && d[i] < 128) dark++; if (Math.abs(d[i] - d[i + 1]) > 8 && d[i + 3]) coloured++; } return [dark, coloured]; }""")
        assert dark[0] > 10_000
        assert dark[1] == 0
    rows = make_coverage(tables).select("Household")
    gaps = (rows["outcome"] == "open").sum()
    words = ("位置不代表地理方位", "没有结对党员", "1. M00-0", "圈内数字是名次", f"农户 {gaps}") if lang == "zh" else (
        "Positions are not geography", "nobody is paired with it", "1. M00-0", "the number is the rank", f"household {gaps}")  # fmt: skip
    for word in words:
        assert word in text
    listed = len(re.findall(r"(?m)^\d+\. M\d\d-\d", text))
    assert f"{150 - listed}" in re.findall(r"其余 (\d+) 行|(\d+) more lines", text)[-1]  # of 150 figures the page itself lists


@pytest.mark.browser
def test_a_browser_that_cannot_inflate_says_so(browser, tmp_path):
    path = write_map(make_district(villages=400, households=100), {}, tmp_path / "map.html", lang="en")
    assert '"deflated"' in path.read_text("utf-8")
    page = browser.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(path.as_uri())
    assert "too old" in page.locator("#hint").inner_text()
    page.close()


def test_a_finding_marks_by_what_it_answers_not_by_its_key(tmp_path):
    tables = make_district()
    finding = make_coverage(tables)
    data = read_data(write_map(tables, {"gaps": finding}, tmp_path / "map.html").read_text("utf-8"))
    marked = [data["ids"][i] for i, code in enumerate(data["verdicts"]) if data["verdictWords"][int(code)] == "open"]
    assert marked == finding.rows.loc[finding.rows["outcome"] == "open", "subject_id"].tolist()
    assert data["extras"] == []


def test_the_map_names_what_falls_off_without_a_figure(district):
    """As many nodes of each kind as the finding says, and none of them for people whose loss cuts nothing off."""
    finding = find_bridge_figures(Network.from_tables(district, as_of=SURVEYED_ON))
    scene = build_scene(district.at(SURVEYED_ON))
    data = describe_bridges(finding, district.at(SURVEYED_ON), scene)
    rows = finding.rows.set_index("subject_id")
    numbered = [scene.ids[node] for node, *_ in data["bridges"][: data["numbered"]]]
    assert {scene.ids[int(node)] for node in data["losses"]} == {key for key in numbered if rows.loc[key, "is_cut_point"]}
    for node, lost in data["losses"].items():
        kinds = Counter(DRAWN[scene.kinds[other]] for other in lost)
        columns = {"Member": "people", "Household": "households", "Cooperative": "cooperatives", "Branch": "branches"}
        for kind, name in columns.items():
            assert kinds[kind] == rows.loc[scene.ids[int(node)], f"stranded_{name}"]


def test_a_district_too_large_to_list_losses_says_so_where_a_figure_is_chosen(district, monkeypatch):
    standing = district.at(SURVEYED_ON)
    finding, scene = find_bridge_figures(Network.from_tables(district, as_of=SURVEYED_ON)), build_scene(standing)
    assert not describe_bridges(finding, standing, scene)["lossesLeftOut"]
    monkeypatch.setattr(losses, "MOST_NODES", 10)
    data = describe_bridges(finding, standing, scene)
    assert (data["lossesLeftOut"], data["losses"]) == (True, {})
    cut = finding.rows.set_index("subject_id")["is_cut_point"]
    listed = [scene.ids[node] for node, *_ in data["bridges"]]
    assert [scene.ids[node] for node in data["cuts"]] == [key for key in listed if cut[key]]  # of nobody else is it said that somebody falls off
    assert 0 < len(data["cuts"]) < len(listed)


def test_the_map_names_who_could_take_over(district):
    standing = district.at(SURVEYED_ON)
    network, scene = Network.from_tables(district, as_of=SURVEYED_ON), build_scene(standing)
    figures = find_bridge_figures(network).rows.query("is_cut_point")["subject_id"].head(5)
    finding = find_deputies(network, figures)
    listed = {scene.ids[int(figure)]: [scene.ids[node] for node in nodes] for figure, nodes in list_deputies(finding, scene).items()}
    assert listed == finding.rows.groupby("for_id")["subject_id"].apply(list).to_dict()
    assert listed
