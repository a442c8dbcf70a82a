"""The map: everything placed and nothing overlapping, no name of a person, no script but ours, the right households lit."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import json
import re
import time

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.errors import ParameterError
from graphkit.maps import write_map
from graphkit.maps.layout import STEP, pack_circles, place_nodes
from graphkit.maps.payload import pack
from graphkit.maps.scene import build_scene
from graphkit.schema import Text
from graphkit.tables import Tables
from tests.browser import open_browser, open_page
from tests.page_samples import DAY, PLANTED, make_bridges, make_coverage, make_district, make_findings, make_reach, within


def read_data(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


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
        write_map(tables, {"coverage": make_coverage(tables), "reach": later}, tmp_path / "map.html")


def test_a_large_district_stays_small(tmp_path):
    tables = make_district(villages=400, households=250)  # 100,000 households, 1,200 members
    begun = time.perf_counter()
    path = write_map(tables, {}, tmp_path / "map.html")
    assert time.perf_counter() - begun < 20
    assert path.stat().st_size < 6_000_000


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
        expected = int(rows["verdict"].isin(["due", "blank"]).sum())
        assert page.locator("#content tbody tr").count() == expected
        page.evaluate("graphkit.select('Household', 'H00-00')")
        assert page.locator("#content .verdict.due").inner_text().split("\n\n") == ["应建未建", "没有结对党员", "办法：安排一名党员结对"]


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


def test_bridge_figures_come_by_rank(tmp_path):
    tables = make_district()
    finding = make_bridges(tables)
    data = read_data(write_map(tables, {"bridges": finding}, tmp_path / "map.html").read_text("utf-8"))
    assert [data["ids"][row[0]] for row in data["bridges"]] == finding.rows["subject_id"].tolist()
