"""Names that the report shows: places and bodies by name, people by id and office."""

from __future__ import annotations

import pyarrow.compute as pc

from graphkit.data.tables import Tables
from graphkit.model.kinds import MODEL
from graphkit.words import Text


def name_subjects(tables: Tables) -> dict[str, Text]:
    """Return the name to show by kind and id, ``"Village 230112104001"``; no name of a person."""
    names = {}
    for kind in ("Township", "Village", "Cooperative", "Branch"):
        rows = zip(tables[kind][MODEL.node_type(kind).key].to_pylist(), tables[kind]["name"].to_pylist(), strict=True)
        names.update({f"{kind} {key}": Text(name, name) for key, name in rows if name})
    for key, held in _offices(tables).items():
        names[f"Member {key}"] = Text(f"{key}（{'、'.join(held)}）", f"{key} ({', '.join(held)})")
    return names


def _offices(tables: Tables) -> dict[str, list[str]]:
    offices: dict[str, dict[str, None]] = {}
    for tie in ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative"):
        held = tables[tie].filter(pc.field("office").is_valid())
        for key, office in zip(held["member_id"].to_pylist(), held["office"].to_pylist(), strict=True):
            offices.setdefault(key, {})[office] = None
    return {key: list(held) for key, held in offices.items()}
