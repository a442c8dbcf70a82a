"""What the map's script reads: positions, ties and the marks that findings make, packed small."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.data.tables import Tables
from graphkit.model.kinds import TIE_TYPES, node_type
from graphkit.show.map.bridging import describe_bridges
from graphkit.show.map.losses import list_deputies
from graphkit.show.map.scene import BODY_TIES, DRAWN, PEOPLE_TIES, Scene
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.questions.finding import Finding

# Colours after Okabe & Ito (2008): told apart with any common colour blindness, and each kind has its own shape.
LOOKS = {
    "Village": ("hexagon", "#7a8791", "#4d585f", 6.0),
    "Cooperative": ("square", "#e69f00", "#8a5f00", 5.5),
    "Branch": ("diamond", "#0072b2", "#00456c", 7.0),
    "Member": ("dot", "#009e73", "#005d44", 4.6),
    "Household": ("triangle", "#9cc4e0", "#5d87a5", 4.2),
}
VERDICTS = ("", "covered", "watch", "due", "blank")
OWN = ("gaps", "bridges", "reach")
DISTRICT = Text("全区", "the whole district")
NO_TOWNSHIP = Text("跨乡镇或乡镇未知", "several townships, or unknown")


def build_payload(tables: Tables, findings: Mapping[str, Finding], scene: Scene, *, title: Text, roll_up_above: int) -> dict[str, Any]:
    """Gather everything the page shows; `tables` stand on the day of the findings."""
    reach = findings.get("reach")
    deputies = next((finding for finding in findings.values() if finding.question == "find_deputies"), None)
    parameters = reach.parameters if reach else {}
    return {
        "title": pair(title),
        "rollUp": len(scene.ids) > roll_up_above,
        "steps": int(parameters.get("max_steps", 2)),
        "maxBody": int(parameters.get("max_body_people", 50)),
        "kinds": [_look(kind) for kind in DRAWN],
        **_places(scene),
        "ties": [_tie(name, scene) for name in (*BODY_TIES, *PEOPLE_TIES)],
        **_people(tables, scene),
        "deputies": list_deputies(deputies, scene),
        **_coverage(findings.get("gaps"), scene),
        **describe_bridges(findings.get("bridges"), tables, scene),
        **_reach(reach, scene),
        "caveats": {name: [pair(caveat) for caveat in findings[name].caveats] for name in OWN if name in findings},
        "extras": [
            _extra(finding, scene) for name, finding in findings.items() if name not in OWN and finding is not deputies and finding.mark_column
        ],
    }


def pack(values: Iterable[float] | NDArray[Any]) -> str:
    """Whole numbers as base64 of 16 or 32 bits each, little end first; the first letter, h or i, says which."""
    whole = np.rint(np.asarray(values, np.float64)).astype("<i4")
    short = not len(whole) or (whole.min() >= -(2**15) and whole.max() < 2**15)
    return ("h" if short else "i") + base64.b64encode(whole.astype("<i2" if short else "<i4").tobytes()).decode()


def pack_steps(values: NDArray[np.int32]) -> str:
    """Whole numbers, each as the step from the one before it: what is nearly in order deflates to a quarter."""
    return pack(np.diff(values.astype(np.int64), prepend=0))


def pair(text: Text) -> list[str]:
    """Both languages, as the script reads them."""
    return [text.zh, text.en]


def _look(label: str) -> dict[str, object]:
    shape, colour, edge, size = LOOKS[label]
    return {"label": label, "name": pair(node_type(label).heading), "shape": shape, "colour": colour, "edge": edge, "size": size}


def _places(scene: Scene) -> dict[str, object]:
    layout = scene.layout
    middles = np.rint(layout.cell_circles)[scene.cells]
    bounds = np.searchsorted(scene.kinds, np.arange(len(DRAWN) + 1))
    named = [[name, name] for name in scene.township_names] + [pair(DISTRICT if _one_seat(scene) else NO_TOWNSHIP)]
    circles = np.rint(layout.group_circles).astype(int).tolist()
    groups = [{"name": name, "x": x, "y": y, "r": r} for name, (x, y, r) in zip(named, circles, strict=True)]
    return {
        "starts": bounds.tolist(),
        "ids": scene.ids,
        "names": scene.names[: bounds[DRAWN.index("Member")]],
        "x": pack(layout.x - middles[:, 0]),  # from the middle of the village: small numbers, which deflate well
        "y": pack(layout.y - middles[:, 1]),
        "cell": pack(scene.cells),
        "circles": pack(layout.cell_circles.ravel()),
        "groupOf": pack(scene.groups),
        "groups": groups,
    }


def _one_seat(scene: Scene) -> bool:
    """Whether the last group holds the district's bodies alone, and no village of an unknown township."""
    return int((scene.groups == scene.groups.max(initial=0)).sum()) == 1


def _tie(name: str, scene: Scene) -> dict[str, object]:
    heading = next(kind.heading for kind in TIE_TYPES if kind.table == name)
    source, target = scene.ties[name]
    return {"name": name, "heading": pair(heading), "body": name in BODY_TIES, "source": pack_steps(source), "target": pack_steps(target)}


def _people(tables: Tables, scene: Scene) -> dict[str, object]:
    """Offices by node, in the words of the table, and a word on what each node is."""
    offices: dict[str, dict[str, None]] = {}
    for name in ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative"):
        held = tables[name].select(["member_id", "office"]).to_pandas().dropna()
        for node, office in zip(scene.positions("Member", held["member_id"]), held["office"], strict=True):
            offices.setdefault(str(node), {})[office] = None
    return {"offices": {node: "、".join(held) for node, held in offices.items() if node != "-1"}, **_notes(tables, scene)}


def _notes(tables: Tables, scene: Scene) -> dict[str, object]:
    """A word on what each node is, by number: the kind of a place or body, the stage of a person."""
    numbers: dict[tuple[str, str], int] = {("", ""): 0}
    note_of = np.zeros(len(scene.ids), np.int32)
    for label, name in (("Village", "kind"), ("Cooperative", "kind"), ("Branch", "kind"), ("Member", "stage")):
        column = next(column for column in node_type(label).columns if column.name == name)
        known = {choice.value: numbers.setdefault((choice.heading.zh, choice.heading.en), len(numbers)) for choice in column.choices}
        values = tables[label][name].to_pylist()
        note_of[scene.starts[label] :][: len(values)] = [known.get(value, 0) for value in values]
    return {"notes": [list(words) for words in numbers], "noteOf": pack(note_of)}


def _coverage(finding: Finding | None, scene: Scene) -> dict[str, object]:
    """Verdict of each node as one character, and its reason and remedy by number."""
    names = {} if finding is None else {c.name: c.values for c in finding.columns}.get("verdict", {})
    shown = {word: pair(names[word]) for word in VERDICTS[1:] if word in names}
    about: dict[str, object] = {
        "verdicts": "",
        "verdictWords": VERDICTS,
        "verdictNames": {**_VERDICT_NAMES, **shown},
        "reasons": [],
        "reasonOf": "",
        "unsure": [],
    }
    if finding is None:
        return about
    rows, nodes = scene.known_rows(finding)
    codes, reason_of = np.zeros(len(scene.ids), np.uint8), np.zeros(len(scene.ids), np.int32)
    codes[nodes] = rows["verdict"].map({word: code for code, word in enumerate(VERDICTS)}).fillna(0)
    texts = rows[["reason_zh", "reason_en", "remedy_zh", "remedy_en"]].astype(object).fillna("")
    numbers = texts.groupby(list(texts.columns), sort=False).ngroup().to_numpy()
    reason_of[nodes] = numbers
    about["verdicts"] = (codes + 48).tobytes().decode()
    about["reasons"], about["reasonOf"] = texts.drop_duplicates().to_numpy().tolist(), pack(reason_of)
    about["unsure"] = nodes[(rows["certain"].astype(object) == False).to_numpy()].tolist()  # noqa: E712  # null is not unsure
    return about


_VERDICT_NAMES = {"covered": ["已覆盖", "covered"], "watch": ["待条件成熟", "watch"], "due": ["应建未建", "due"], "blank": ["空白", "blank"]}


def _reach(finding: Finding | None, scene: Scene) -> dict[str, object]:
    """Promises of members by node, and households reached by one, several, none by village."""
    if finding is None:
        return {"promised": {}, "villageReach": {}}
    rows, nodes = scene.known_rows(finding)
    rows = rows.assign(node=nodes)
    promises = rows[(rows["subject_kind"] == "Member") & rows["promised"].notna() & (rows["pairing_kind"] != "any")]
    single = promises[~promises["node"].duplicated(keep=False)]  # promises of several kinds are never added up
    villages = rows[(rows["subject_kind"] == "Village") & (rows["pairing_kind"] == "any")]
    counts = villages[["reached_by_one", "reached_by_several", "reached_by_none"]].astype("Int64").fillna(0).astype(int).to_numpy().tolist()
    return {
        "promised": {str(node): int(value) for node, value in zip(single["node"], single["promised"], strict=True)},
        "villageReach": {str(node): row for node, row in zip(villages["node"], counts, strict=True)},
    }


def _extra(finding: Finding, scene: Scene) -> dict[str, object]:
    """Marks of any other finding, by node: the words of its mark column."""
    rows, nodes = scene.known_rows(finding)
    words = {column.name: column.values for column in finding.columns}[str(finding.mark_column)]
    marks = {}
    for node, value in zip(nodes, rows[str(finding.mark_column)], strict=True):
        if not pd.isna(value):
            marks[str(node)] = pair(words[value]) if value in words else [str(value)] * 2
    return {"title": pair(finding.title), "marks": marks}
