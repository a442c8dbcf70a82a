"""Bridge figures as the map shows them: the first by rank, why, and the ties by which they hold what is elsewhere together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphkit.questions.bridges.order import select_first
from graphkit.show.map.losses import leaves_losses_out, list_losses
from graphkit.show.map.scene import Scene

if TYPE_CHECKING:
    from graphkit.data.tables import Tables
    from graphkit.questions.finding import Finding

NUMBERED = 20  # figures drawn larger, with their rank, even while their village is closed
LISTED = 1_000  # figures described at all
CURVES = 60  # ties drawn without a click: more would be a tangle
TO_BODIES = ("Member WORKS_IN Cooperative", "Member LIAISES Cooperative", "Member BELONGS_TO Branch")
TO_VILLAGES = ("Member LIVES_IN Village", "Member HOLDS_POST_IN Village")


def describe_bridges(finding: Finding | None, tables: Tables, scene: Scene) -> dict[str, object]:
    """The first bridge figures by rank (node, rank, reasons in both languages), equal ones all or none; curves and losses of the numbered ones.

    `cuts` are those without whom somebody falls off: of them the page owes a list, or a word on why there is none.
    """
    if finding is None:
        return {"bridges": [], "numbered": 0, "curves": [], "curvesInAll": 0, "cuts": [], "losses": {}, "lossesLeftOut": False}
    rows, nodes = scene.known_rows(finding)
    first = select_first(rows.assign(node=nodes), LISTED)
    reasons = first[["reason_zh", "reason_en"]].astype(object).fillna("")
    listed = [
        [int(node), int(rank), str(zh), str(en)]
        for node, rank, (zh, en) in zip(first["node"], first["rank"], reasons.itertuples(index=False), strict=True)
    ]
    numbered = select_first(first, NUMBERED)["node"].to_numpy(np.int64)
    curves = list_curves(scene, numbered)
    losses = list_losses(finding, tables, scene, numbered)
    cuts = first.loc[first["is_cut_point"].eq(True), "node"].astype(int).tolist() if "is_cut_point" in first else []
    shown = {"bridges": listed, "numbered": len(numbered), "curves": curves[:CURVES], "curvesInAll": len(curves)}
    return {**shown, "cuts": cuts, "losses": losses, "lossesLeftOut": leaves_losses_out(scene)}


def list_curves(scene: Scene, figures: NDArray[np.int64]) -> list[list[int]]:
    """Which bodies and villages elsewhere does each figure hold together?

    Bodies are those worked in, liaised with or belonged to; villages those lived in, with a post, and of the
    households helped: what the finding counts as spanned. Elsewhere is any other village or seat than the
    figure's own. A village gets no tie of its own where a body in it has one.
    """
    curves = []
    for figure in figures:
        bodies = {int(body) for name in TO_BODIES for body in _targets(scene, name, figure)}
        helped = scene.cells[_targets(scene, "Member HELPS Household", figure)]
        villages = {int(village) for name in TO_VILLAGES for village in _targets(scene, name, figure)}
        villages |= {int(cell) for cell in helped if cell < scene.starts["Cooperative"]}
        here = scene.cells[figure]
        away = [body for body in sorted(bodies) if scene.cells[body] != here]
        reached = {int(scene.cells[body]) for body in away} | {int(here)}
        curves += [[int(figure), target] for target in [*away, *sorted(villages - reached)]]
    return curves


def _targets(scene: Scene, name: str, node: int) -> NDArray[np.int32]:
    source, target = scene.ties[name]
    found: NDArray[np.int32] = target[source == node]
    return found
