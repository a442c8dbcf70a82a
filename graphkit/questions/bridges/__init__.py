"""Bridge figures: which people hold otherwise separate groups together, and what falls apart without them?

The way the data goes::

    typed network ── ties that hold people together (by role) ──▶ the one network: people, bodies, and households as ends
    the one network ── one depth-first search ─▶ people, households, bodies that each loss cuts off
                    ── shortest paths ─────────▶ pairs of people carried
    both ── stated order, equals share a rank ─▶ reasons in words ──▶ Finding
"""

from graphkit.questions.bridges.figures import find_bridge_figures as find_bridge_figures
from graphkit.questions.bridges.losses import find_bridge_ties as find_bridge_ties
from graphkit.questions.bridges.losses import find_losses as find_losses
from graphkit.questions.bridges.losses import list_blocks as list_blocks
from graphkit.questions.bridges.measuring import measure_bridges as measure_bridges
