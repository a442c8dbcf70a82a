"""Null models: networks as they might be by chance, with what is not in question held fixed.

Each is a reversible walk from state to state, and a way to see a state as a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.kernels.csr import build_csr
from graphkit.kernels.curveball import shuffle_rows, swap_ties
from graphkit.model.types import TieRole
from graphkit.network.network import Network
from graphkit.network.parts import UNNAMED_TIE, Grouping, Ints, Ties
from graphkit.words import Text

Null = Literal["memberships", "degrees", "groups"]

SHUFFLED: tuple[TieRole, ...] = ("membership", "pairing", "liaison", "post", "responsibility")  # of ties of members, drawn anew
GROUPS_OF_TIES = {"Member WORKS_IN Cooperative": "cooperative", "Member BELONGS_TO Branch": "branch"}


class NullModel(Protocol):
    """What chance may change in a network: from one state to the next, and back as likely as forth."""

    @property
    def start(self) -> Any:
        """The state that was observed."""

    def walk(self, state: Any, rng: np.random.Generator) -> Any:
        """A state drawn from `state`; the law of the way there is that of the way back."""

    def show(self, state: Any) -> Network:
        """The network in a state."""


def choose_null(network: Network, null: Null, *, within: str | None = None, ties: Sequence[str] = ()) -> NullModel:
    """Return the null model of that name.

    Parameters
    ----------
    network : Network
        What was observed.
    null : {"memberships", "degrees", "groups"}
        See `score_against_chance`.
    within : str, optional
        Grouping inside which chance works.
    ties : sequence of str, optional
        Types of ties to shuffle as memberships.

    Raises
    ------
    ParameterError
        If there is no such null model, grouping or tie, or the network is not one that it can shuffle.
    """
    if null not in get_args(Null):
        known = ", ".join(map(repr, get_args(Null)))
        raise ParameterError(Text(f"null 须是 {known} 之一，而不是 {null!r}", f"null is one of {known}, not {null!r}"))
    if network.projected_from is not None:
        raise ParameterError(
            Text(
                "人员网络里看不出谁属于哪个组织：请给它所由来的网络，由度量自己调用 project_people",
                "a people network does not say who belongs where: give the network it was made from, and let the measure call project_people",
            ),
        )
    strata = np.zeros(len(network), np.int32) if within is None else np.asarray(network.group(within).codes)
    if null == "degrees":
        return DegreesKept(network, strata)
    if null == "groups":
        return GroupsPermuted(network, strata, within)
    return shuffle_memberships(network, strata, tuple(ties))


@dataclass(frozen=True, eq=False)
class MembershipsShuffled:
    """Rows are people and what they belong to by one type of tie, each once; a state is the bodies under the same offsets, and which ties carry an office."""

    network: Network
    offsets: NDArray[np.int64]
    start: tuple[Ints, NDArray[np.bool_]]
    strata: Ints
    people: Ints
    types: NDArray[np.int8]
    others: Ties
    stale: frozenset[str]

    def walk(self, state: tuple[Ints, NDArray[np.bool_]], rng: np.random.Generator) -> tuple[Ints, NDArray[np.bool_]]:
        """Trade bodies between people of one stratum; each keeps the number of offices, in any of the bodies."""
        bodies, offices = state
        if offices.any():
            rows = np.repeat(np.arange(len(self.strata)), np.diff(self.offsets))
            held, drawn = np.lexsort((~offices, rows)), np.lexsort((rng.random(len(rows)), rows))
            moved = np.empty_like(offices)
            moved[drawn] = offices[held]
            offices = moved
        return shuffle_rows(self.offsets, bodies, self.strata, rng), offices

    def show(self, state: tuple[Ints, NDArray[np.bool_]]) -> Network:
        """The network with these memberships, and without the groups that followed from the old ones."""
        others, (bodies, offices) = self.others, state
        source, target = np.concatenate([others.source, self.people]), np.concatenate([others.target, bodies])
        types, office = np.concatenate([others.types, self.types]), np.concatenate([others.office, offices])
        weights = None if others.weights is None else np.concatenate([others.weights, np.ones(len(bodies))])
        ties = Ties(source, target, types, office, others.names, weights)
        offsets, neighbours, strength = build_csr(len(self.network), source, target, weights)
        groups = {name: grouping for name, grouping in self.network.groups.items() if name not in self.stale}
        return replace(self.network, offsets=offsets, neighbours=neighbours, weights=strength, ties=ties, groups=groups)


def shuffle_memberships(network: Network, strata: Ints, names: tuple[str, ...]) -> MembershipsShuffled:
    """Lay out who belongs where; `names` are the ties that say so, the usual ones of tables if empty, or all of a two-mode network."""
    ties = network.ties
    chosen = np.isin(ties.types, _codes_of(network, names))
    source, target = _people_first(network, ties.source[chosen], ties.target[chosen])
    kinds, width = network.kinds.astype(np.int64), len(network.kind_names)
    block = (ties.types[chosen].astype(np.int64) * width + kinds[source]) * width + kinds[target]
    order = np.lexsort((~ties.office[chosen], target, source, strata[source], block))
    once = order[_begins(block[order], source[order], target[order])]
    block, source, target, office = block[once], source[once], target[once], ties.office[chosen][once]
    heads = np.flatnonzero(_begins(block, source))
    rows = np.cumsum(_begins(block, strata[source])).astype(np.int32) - 1
    offsets = np.append(heads, len(source)).astype(np.int64)
    stale = frozenset(group for name, group in GROUPS_OF_TIES.items() if name in {ties.names[code] for code in set(ties.types[chosen].tolist())})
    return MembershipsShuffled(
        network, offsets, (target, office), rows[heads], source, (block // width**2).astype(np.int8), ties.keep(~chosen), stale
    )


def _begins(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows differ from the one before in any of the columns."""
    begins = np.ones(len(columns[0]), np.bool_)
    begins[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return begins


def _codes_of(network: Network, names: tuple[str, ...]) -> list[int]:
    known = network.ties.names
    if unknown := [name for name in names if name not in known]:
        raise ParameterError(
            Text(f"没有关系 {'、'.join(unknown)}；现有 {'、'.join(known)}", f"no ties {', '.join(unknown)}; there are {', '.join(known)}")
        )
    wanted = names or tuple(name for name in known if name in network.model.tie_tables(*SHUFFLED, source="Member")) or known
    return [known.index(name) for name in wanted]


def _people_first(network: Network, source: Ints, target: Ints) -> tuple[Ints, Ints]:
    """Both ends of memberships, those of the kind named first in front."""
    if (network.kinds[source] == network.kinds[target]).any():
        raise ParameterError(
            Text(
                "隶属关系连接两类节点，而这里有连接同类节点的：请用 ties= 写明哪些是隶属关系，或用 null='degrees'",
                "memberships tie nodes of two kinds, and these tie nodes of one: name the memberships in ties=, or use null='degrees'",
            ),
        )
    turned = network.kinds[source] > network.kinds[target]
    if set(network.ties.names) & set(network.model.tie_tables(*SHUFFLED, source="Member")):
        turned[:] = False
    return np.where(turned, target, source), np.where(turned, source, target)


@dataclass(frozen=True, eq=False)
class DegreesKept:
    """A state is the ties, each once, with their weights; every node keeps its number of ties."""

    network: Network
    strata: Ints

    @cached_property
    def start(self) -> tuple[Ints, Ints, NDArray[np.float64]]:
        """The ties as they are read by measures."""
        rows = self.network.rows()
        once = rows < self.network.neighbours
        return rows[once], self.network.neighbours[once], self.network.weights[once]

    def walk(self, state: tuple[Ints, Ints, NDArray[np.float64]], rng: np.random.Generator) -> tuple[Ints, Ints, NDArray[np.float64]]:
        """Swap the ends of ties."""
        return swap_ties(*build_csr(len(self.network), *state), self.strata, rng)

    def show(self, state: tuple[Ints, Ints, NDArray[np.float64]]) -> Network:
        """The network with these ties, of no type and direction."""
        source, target, weights = state
        count = len(source)
        ties = Ties(source, target, np.zeros(count, np.int8), np.zeros(count, np.bool_), (UNNAMED_TIE,), weights)
        offsets, neighbours, strength = build_csr(len(self.network), source, target, weights)
        return replace(self.network, offsets=offsets, neighbours=neighbours, weights=strength, ties=ties)


@dataclass(frozen=True, eq=False)
class GroupsPermuted:
    """A state says from which node each takes its groups; nodes of one kind and stratum change places."""

    network: Network
    strata: Ints
    within: str | None

    @property
    def start(self) -> NDArray[np.int64]:
        """Every node has its own."""
        return np.arange(len(self.network))

    def walk(self, state: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """Permute within kinds and strata."""
        kinds = self.network.kinds
        places = np.lexsort((kinds, self.strata))
        drawn = np.lexsort((rng.random(len(state)), kinds, self.strata))
        moved = np.empty_like(state)
        moved[places] = state[drawn]
        return moved

    def show(self, state: NDArray[np.int64]) -> Network:
        """The network with groups handed round; the strata stay where they are."""
        groups: Mapping[str, Grouping] = {
            name: grouping if name == self.within else Grouping(grouping.codes[state], grouping.names)
            for name, grouping in self.network.groups.items()
        }
        return replace(self.network, groups=dict(groups))
