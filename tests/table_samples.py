"""Small random tables for property tests: every kind, keys from small pools so that ties meet, doubles and faults occur."""

import datetime as dt

import pyarrow as pa
from hypothesis import strategies as st

from graphkit.data.tables import PROVENANCE, Tables, arrow_schema
from graphkit.model.kinds import MODEL
from graphkit.model.types import NodeType

POOLS = {kind.label: [f"{kind.label[0].lower()}{n}" for n in range(3)] for kind in MODEL.nodes}
POOLS["Township"] = ["230112104", "230112105"]
POOLS["Village"] = ["230112104001", "230112104002", "230112105001"]
POOLS["Member"] = ["m0", "m1", "=m2", "'m3", "龘4"]
DAYS = [dt.date(2009, 1, 1), dt.date(2010, 6, 1), dt.date(2012, 2, 29)]
TEXT = st.text(st.sampled_from("村a0 =+-@'\",;\n\r\t\u3000龘𠮷，①"), max_size=8).map(lambda text: text.strip() or None)


def _end_label(kind, column):
    for end, label in zip(kind.ends, (kind.source, kind.target), strict=True):
        if end.name == column.name:
            return label
    return None


def _values(kind, column, sound):
    """What may stand in one column; unless `sound`, now and then something that breaks a rule."""
    label = kind.label if isinstance(kind, NodeType) and column.name == kind.key else None if isinstance(kind, NodeType) else _end_label(kind, column)
    if label:
        usual = st.sampled_from(POOLS[label])
        faults = st.sampled_from([None, "", "2301", "2.30112E+11", "gone"])
    elif column.choices:
        usual, faults = st.sampled_from(column.values), st.sampled_from(["odd", ""])
    elif column.type == "date":
        usual, faults = st.sampled_from(DAYS), st.just(DAYS[0])
    elif column.type == "integer":
        usual, faults = st.sampled_from([1950, 1980]), st.sampled_from([-1, 9999])
    elif column.type == "boolean":
        usual, faults = st.booleans(), st.booleans()
    else:
        usual = faults = TEXT
    if not column.required:
        usual = st.none() | usual
    return usual if sound else st.one_of(*[usual] * 7, faults if not column.required else faults | st.none())


@st.composite
def tables(draw, *, sound=False, most=3):
    """Tables with provenance: numbered rows of two files."""
    made, number = {}, 1
    for kind in MODEL.kinds:
        rows = draw(st.lists(st.fixed_dictionaries({c.name: _values(kind, c, sound) for c in kind.columns}), max_size=most))
        for row in rows:
            number += 1
            row.update(source_file=draw(st.sampled_from(["a.csv", "b.csv"])), source_sheet=None, source_row=number)
        made[kind.table] = pa.Table.from_pylist(draw(st.permutations(rows)), schema=arrow_schema(kind))
    return Tables(made)


def without_places(given):
    """The same rows, from nowhere."""
    return Tables({name: table.drop_columns(PROVENANCE.names) for name, table in given.items()})
