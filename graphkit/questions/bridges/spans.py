"""How many villages, co-operatives and branches a person has to do with, by the register; the reasons tell it, the order does not read it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.kernels.csr import distinct_pairs, follow_ties
from graphkit.network import Network
from graphkit.network.holding import is_typed
from graphkit.network.parts import Ends

SPAN_COLUMNS = ("villages_spanned", "cooperatives_spanned", "branches_spanned", "offices")


def count_spans(network: Network, people: NDArray[np.int64]) -> dict[str, pd.array]:
    """Distinct villages, co-operatives, branches and bodies with office, of nodes of the typed network; missing in any other."""
    if not is_typed(network):
        return {name: pd.array([pd.NA] * len(people), dtype="Int64") for name in SPAN_COLUMNS}
    ties, n, tables = network.ties, len(network), network.model.tie_tables
    homes = tables("place", source="Household", target="Village")
    helped = follow_ties(ties.select(*tables("pairing", source="Member", target="Household")), ties.select(*homes), n)
    placed = ties.select(*tables("place", "post", source="Member", target="Village"))
    spans: tuple[Ends, ...] = (
        (np.concatenate([placed[0], helped[0]]), np.concatenate([placed[1], helped[1]])),
        ties.select(*tables("membership", "liaison", source="Member", target="Cooperative")),
        ties.select(*tables("membership", source="Member", target="Branch")),
        (ties.source[ties.office], ties.target[ties.office]),
    )
    counts = (np.bincount(distinct_pairs(*ends, n)[0], minlength=n)[people] for ends in spans)
    return {name: pd.array(count, dtype="Int64") for name, count in zip(SPAN_COLUMNS, counts, strict=True)}
