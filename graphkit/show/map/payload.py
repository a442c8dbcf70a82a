"""What the map's script reads: positions, ties and the marks that findings make, packed small."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.data.tables import Tables
from graphkit.model.types import NodeType, TieType
from graphkit.questions.coverage.columns import NOT_ASKED, OUTCOMES
from graphkit.questions.promises.shown import say_promises
from graphkit.show.map.bridging import describe_bridges
from graphkit.show.map.losses import list_deputies
from graphkit.show.map.scene import DRAWN, Scene
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
OTHER_LOOK = ("triangleDown", "#cc79a7", "#7d3f62", 5.5)  # of every kind that a model has of its own
VERDICTS = ("", "met", "unknown", "open")  # the worst of what the rules come to, not asked by any first
OWN = ("gaps", "bridges", "reach", "promises")
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
        "kinds": [_look(tables.model.node_type(label)) for label in scene.drawn],
        **_places(scene),
        "ties": [_tie(tie, scene) for tie in scene.tie_types],
        **_people(tables, scene),
        "deputies": list_deputies(deputies, scene),
        **_coverage(findings.get("gaps"), scene),
        **describe_bridges(findings.get("bridges"), tables, scene),
        "promises": _promises(findings.get("promises"), scene),
        "villageReach": _village_reach(reach, scene),
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


def _look(kind: NodeType) -> dict[str, object]:
    shape, colour, edge, size = LOOKS.get(kind.label, OTHER_LOOK)
    return {"label": kind.label, "name": pair(kind.heading), "shape": shape, "colour": colour, "edge": edge, "size": size}


def _places(scene: Scene) -> dict[str, object]:
    layout = scene.layout
    middles = np.rint(layout.cell_circles)[scene.cells]
    bounds = np.searchsorted(scene.kinds, np.arange(len(scene.drawn) + 1))
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


def _tie(kind: TieType, scene: Scene) -> dict[str, object]:
    """A kind of tie; one between bodies is drawn as lines from the start, one of people when somebody is chosen."""
    source, target = scene.ties[kind.table]
    is_body = not {"Member", "Household"} & {kind.source, kind.target}
    return {"name": kind.table, "heading": pair(kind.heading), "body": is_body, "source": pack_steps(source), "target": pack_steps(target)}


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
        column = next(column for column in tables.model.node_type(label).columns if column.name == name)
        known = {choice.value: numbers.setdefault((choice.heading.zh, choice.heading.en), len(numbers)) for choice in column.choices}
        values = tables[label][name].to_pylist()
        note_of[scene.starts[label] :][: len(values)] = [known.get(value, 0) for value in values]
    return {"notes": [list(words) for words in numbers], "noteOf": pack(note_of)}


def _coverage(finding: Finding | None, scene: Scene) -> dict[str, object]:
    """What the rules come to: for each node the worst as one character, and its lines, one a rule; a node of which no rule asks anything has none."""
    about: dict[str, object] = {
        "verdicts": "", "verdictWords": VERDICTS, "verdictNames": {name: pair(word) for name, word in OUTCOMES.items()}, "notAsked": pair(NOT_ASKED),
        "lines": [], "lineStart": "", "lineOf": "",
    }  # fmt: skip
    if finding is None:
        return about
    rows, nodes = scene.known_rows(finding)
    told = _outcomes(rows)
    worst = np.zeros(len(scene.ids), np.uint8)
    np.maximum.at(worst, nodes, worst_of(told).astype(np.uint8))
    texts = _lines(finding, rows, told)
    order = np.lexsort((np.arange(len(nodes)), -worst_of(told), nodes))
    numbers = texts.groupby(list(texts.columns), sort=False).ngroup().to_numpy()
    about["verdicts"] = (worst + 48).tobytes().decode()
    about["lines"] = texts.drop_duplicates().to_numpy().tolist()
    about["lineStart"] = pack_steps(np.searchsorted(nodes[order], np.arange(len(scene.ids) + 1)).astype(np.int32))
    about["lineOf"] = pack(numbers[order])
    return about


def _outcomes(rows: pd.DataFrame) -> pd.Series:
    """The outcome, or unknown where it is unknown whether anything is asked."""
    return rows["outcome"].astype(object).where(rows["asked"].astype(object) == "yes", "unknown")


def worst_of(outcomes: pd.Series) -> NDArray[np.int64]:
    """How bad each outcome is: open before unknown before met."""
    codes: NDArray[np.int64] = outcomes.map({word: code for code, word in enumerate(VERDICTS)}).to_numpy(np.int64)
    return codes


def _lines(finding: Finding, rows: pd.DataFrame, outcomes: pd.Series) -> pd.DataFrame:
    """What is said of each row: outcome, rule, what the outcome is called there, flags, reason, remedy; a column a language."""
    words = {column.name: column.values for column in finding.columns}
    open_words = finding.provenance.get("open_words", {})
    lines = pd.DataFrame({"outcome": outcomes})
    for n, lang in enumerate(("zh", "en")):
        names = {rule: text.say(lang) for rule, text in words["rule"].items()}
        lines[f"rule_{lang}"] = rows["rule"].astype(object).map(lambda rule, names=names: names.get(rule, rule))
        called = {rule: pair[n] for rule, pair in open_words.items()}
        usual = outcomes.map({name: text.say(lang) for name, text in OUTCOMES.items()})
        lines[f"word_{lang}"] = rows["rule"].astype(object).map(called).where(outcomes == "open").astype(object).fillna(usual)
        flags = {flag: text.say(lang) for flag, text in words["flags"].items()}
        lines[f"flags_{lang}"] = rows["flags"].astype(object).map(flags).astype(object).fillna("")
        for name in ("reason", "remedy"):
            lines[f"{name}_{lang}"] = rows[f"{name}_{lang}"].astype(object).fillna("")
    order = [f"{name}_{lang}" for name in ("rule", "word", "flags", "reason", "remedy") for lang in ("zh", "en")]
    return lines[["outcome", *order]]


def _promises(finding: Finding | None, scene: Scene) -> dict[str, list[list[str]]]:
    """What each member promised and what is on record, a line a promise, by node."""
    if finding is None:
        return {}
    rows, nodes = scene.known_rows(finding)
    lines: dict[str, list[list[str]]] = {}
    for node, text in zip(nodes, say_promises(rows), strict=True):
        lines.setdefault(str(node), []).append(pair(text))
    return lines


def _village_reach(finding: Finding | None, scene: Scene) -> dict[str, list[int]]:
    """Households reached by one, several, none by village."""
    if finding is None:
        return {}
    rows, nodes = scene.known_rows(finding)
    rows = rows.assign(node=nodes)
    villages = rows[(rows["subject_kind"] == "Village") & (rows["pairing_kind"] == "any")]
    counts = villages[["reached_by_one", "reached_by_several", "reached_by_none"]].astype("Int64").fillna(0).astype(int).to_numpy().tolist()
    return {str(node): row for node, row in zip(villages["node"], counts, strict=True)}


def _extra(finding: Finding, scene: Scene) -> dict[str, object]:
    """Marks of any other finding, by node: the words of its mark column."""
    rows, nodes = scene.known_rows(finding)
    words = {column.name: column.values for column in finding.columns}[str(finding.mark_column)]
    marks = {}
    for node, value in zip(nodes, rows[str(finding.mark_column)], strict=True):
        if not pd.isna(value):
            marks[str(node)] = pair(words[value]) if value in words else [str(value)] * 2
    return {"title": pair(finding.title), "marks": marks}
