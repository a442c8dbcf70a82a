"""What falls off without each numbered bridge figure, node by node, so that the map can name it where the figure is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.network import Network
from graphkit.questions.bridges.losses import find_losses
from graphkit.show.map.scene import Scene

if TYPE_CHECKING:
    from graphkit.data.tables import Tables
    from graphkit.questions.finding import Finding

MOST_NODES = 50_000  # beyond, each loss would take seconds; the reason still says how many


def list_losses(finding: Finding, tables: Tables, scene: Scene, figures: NDArray[np.int64]) -> dict[str, list[int]]:
    """Nodes cut off by each of the figures, in the order of the scene; nothing for a finding that does not say on which ties it was measured."""
    if leaves_losses_out(scene) or not {"holding", "ends"} <= set(finding.parameters) or "is_cut_point" not in finding.rows:
        return {}
    rows, nodes = scene.known_rows(finding)
    cut = rows.set_axis(nodes).loc[figures, "is_cut_point"].to_numpy(bool)
    network = Network.from_tables(tables, as_of=finding.as_of)
    return {str(figure): _list_one(finding, network, scene, int(figure)) for figure in figures[cut].tolist()}


def leaves_losses_out(scene: Scene) -> bool:
    """Whether the district is too large to name what falls off node by node; the panel then says so."""
    return len(scene.ids) > MOST_NODES


def _list_one(finding: Finding, network: Network, scene: Scene, figure: int) -> list[int]:
    held = {name: finding.parameters[name] for name in ("holding", "ends")}
    _, nodes = scene.known_rows(find_losses(network, [("Member", scene.ids[figure])], **held))
    villages = set(scene.positions("Village", pd.Series(scene.index["Village"])).tolist())  # of a village only its posts are lost
    return sorted(set(nodes.tolist()) - villages)


def list_deputies(finding: Finding | None, scene: Scene) -> dict[str, list[int]]:
    """Who could take over from each figure, in the order of the finding of `find_deputies`; nothing where it was not asked."""
    if finding is None:
        return {}
    rows, nodes = scene.known_rows(finding)
    figures = scene.positions("Member", rows["for_id"])
    deputies: dict[str, list[int]] = {}
    for figure, node in zip(figures.tolist(), nodes.tolist(), strict=True):
        deputies.setdefault(str(figure), []).append(node)
    return deputies
