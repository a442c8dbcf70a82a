"""Network: nodes, kinds and groups as arrays, ties as CSR; from Tables, to and from networkx.

The way the data goes::

    Tables.at(day) ─ keys of each kind, ascending ─▶ ids, kinds
                   ─ ends of ties, located by key ─▶ ties (source, target, type, office) ─ collapsed ─▶ CSR
                   ─ LIVES_IN, IN, WORKS_IN, … ────▶ groups: village, township, cooperative, branch
    typed network ── bodies up to a size become ties between their people ──▶ people network
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.arguments import need_a, read_date
from graphkit.data.coding import distinct_ascending
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.kernels.csr import build_csr, distinct, distinct_pairs, tie_within
from graphkit.model.kinds import MODEL
from graphkit.model.model import Model
from graphkit.network.border import (
    USUAL_KIND,
    USUAL_WEIGHT,
    factorize,
    need_attribute,
    need_graph,
    note_changes,
    plain_keys,
    read_groups,
    read_weights,
    read_words,
)
from graphkit.network.build import (
    GROUPS,
    count_unread_of,
    gather_ties,
    group_nodes,
    joined_nodes,
    locate,
    name_nodes,
    note_account,
)
from graphkit.network.parts import UNNAMED_KIND, UNNAMED_TIE, Ends, Grouping, Ints, Ties, freeze
from graphkit.words import Text

if TYPE_CHECKING:
    import networkx as nx
    import pyvis.network

SHOWN_BODIES = 5
MAPPINGS = ("groups", "names", "unread")


@dataclass(frozen=True, eq=False)
class Network:
    """A network as arrays: what every measure reads.

    Build one with `from_tables` or `from_networkx`; the arrays are never changed afterwards.

    Attributes
    ----------
    ids : Index
        Key of each node. In a network of several kinds the same key may stand under two of them.
    kinds, kind_names : int8 array, tuple of str
        Kind of each node, as a position in `kind_names`.
    offsets, neighbours, weights : int64, int32, float64 arrays
        CSR of the undirected network: the neighbours of node i are ``neighbours[offsets[i]:offsets[i + 1]]``, ascending,
        with ``weights`` beside them. Parallel ties are added up, self-ties dropped.
    ties : Ties
        The ties as given, with direction and type.
    groups : mapping of str to Grouping
        ``"village"``, ``"township"``, ``"cooperative"``, ``"branch"`` for a network from tables.
    notes : tuple of Text
        What was done in building it that a reader must know.
    as_of : date or None
        The day the network speaks of.
    projected_from : Network or None
        For a people network, the typed network it was made from.
    model : Model
        What its kinds and ties mean; that of the tables it was built from.
    names : mapping of int to str
        Name of places and bodies by node, where known; of people and households there are none, nor in a network not from tables.
    unread : mapping of int to int
        Rows set aside and periods not read that name a node, by node; empty in a network not from tables, and in a people network.

    Examples
    --------
    >>> import networkx as nx
    >>> Network.from_networkx(nx.path_graph(3))
    Network(3 nodes, 2 ties: Node 3)
    """

    ids: pd.Index
    kinds: NDArray[np.int8]
    kind_names: tuple[str, ...]
    offsets: NDArray[np.int64]
    neighbours: Ints
    weights: NDArray[np.float64]
    ties: Ties
    groups: Mapping[str, Grouping] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    as_of: dt.date | None = None
    projected_from: Network | None = None
    model: Model = MODEL
    names: Mapping[int, str] = field(default_factory=dict)
    unread: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = len(self.ids)
        if (
            len(self.kinds) != n
            or len(self.offsets) != n + 1
            or self.offsets[-1] != len(self.neighbours)
            or len(self.weights) != len(self.neighbours)
        ):
            raise ParameterError(
                Text(
                    f"数组长短不合：ids {n}、kinds {len(self.kinds)}、offsets {len(self.offsets)}、neighbours {len(self.neighbours)}",
                    f"arrays do not fit: {n} ids, {len(self.kinds)} kinds, {len(self.offsets)} offsets, {len(self.neighbours)} neighbours",
                ),
            )
        for name, grouping in self.groups.items():
            if len(grouping.codes) != n:
                found = len(grouping.codes)
                raise ParameterError(Text(f"分组 {name!r} 有 {found} 个代码，节点有 {n} 个", f"group {name!r} has {found} codes for {n} nodes"))
        freeze(self, "kinds", "offsets", "neighbours", "weights")
        for name in MAPPINGS:
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __reduce__(self) -> tuple[Any, ...]:
        values = (dict(getattr(self, f.name)) if f.name in MAPPINGS else getattr(self, f.name) for f in fields(self))
        return type(self), tuple(values)  # built anew where it is unpickled, so that it is read-only there too

    @classmethod
    def from_tables(cls, tables: Tables, *, as_of: dt.date | None = None) -> Network:
        """Build the typed network of everything that stood on a day: all kinds of nodes, all kinds of ties, promises left out.

        The same rows in another order give the same network: nodes stand by kind, then by key.

        Parameters
        ----------
        tables : Tables
            The district.
        as_of : date, optional
            The day; today if left out. See `Tables.at`.

        Returns
        -------
        Network
            Each node is in at most one group of a kind. A member's village is where they live (of several, the one
            since earliest, then the smallest key), the township is that village's, the branch the primary one, the
            co-operative the one worked in since earliest, then the smallest key. A household's are where it lives and
            what it joined. A tie to something that is not there is left out, and `notes` say how many were, what was not read
            and whom it touches, and of which tables of ties nobody says that they are complete.

        Examples
        --------
        >>> import pyarrow as pa
        >>> tables = Tables({"Member": pa.table({"id": ["m1", "m2"]}),
        ...                  "Member MENTORS Member": pa.table({"mentor_id": ["m1"], "mentee_id": ["m2"]})})
        >>> Network.from_tables(tables)
        Network(2 nodes, 1 ties: Member 2)
        """
        day = dt.datetime.now(dt.UTC).astimezone().date() if as_of is None else read_date(as_of)
        need_a(Tables, tables, "Network.from_tables")
        stood = tables.at(day)
        keys = {kind.label: distinct_ascending(stood.columns(kind.table, kind.key)[kind.key]) for kind in joined_nodes(tables.model)}
        ends, lost = locate(stood, keys)
        counts = [len(held) for held in keys.values()]
        first = dict(zip(keys, np.cumsum([0, *counts]), strict=False))
        ties = gather_ties(stood, ends, first)
        ids = pd.Index(pa.chunked_array(list(keys.values())).to_pandas())
        kinds = np.repeat(np.arange(len(keys), dtype=np.int8), counts)
        groups = group_nodes(stood, ends, keys, first, len(ids))
        notes, unread = note_account(tables, stood, lost, day), count_unread_of(stood, keys, first)
        csr = build_csr(len(ids), ties.source, ties.target)
        named = name_nodes(stood, keys, first)
        return cls(ids, kinds, tuple(keys), *csr, ties, groups, notes, day, names=named, unread=unread, model=tables.model)

    @classmethod
    def from_networkx(cls, graph: nx.Graph, *, weight: str = USUAL_WEIGHT, kind: str = USUAL_KIND, groups: tuple[str, ...] = GROUPS) -> Network:
        """Build a network from any networkx graph.

        Parameters
        ----------
        graph : networkx graph
            Direction is kept in `ties`; the CSR, which measures read, is undirected: the weights of ``a→b`` and
            ``b→a``, and of parallel ties, are added up. Self-ties are dropped. `notes` say so where it happened.
        weight : str, optional
            Tie attribute with its strength, above 0; 1 where a tie has none.
        kind : str, optional
            Node attribute with its kind; ``"Node"`` where a node has none.
        groups : tuple of str, optional
            Node attributes to take as groups; one that no node has is left out, a node without it, or with a blank, is in no
            group.

        Returns
        -------
        Network
            Nodes in the order of the graph. What `to_networkx` wrote comes back with ids, kinds, groups and weights.

        Raises
        ------
        ParameterError
            If `graph` is of another library, a weight is not a finite number above 0, or nothing has the attribute that `weight`
            or `kind` names.

        Warns
        -----
        UserWarning
            If the graph is directed.

        Examples
        --------
        >>> import networkx as nx
        >>> net = Network.from_networkx(nx.Graph([("a", "b"), ("b", "c")]))
        >>> list(net.ids), net.neighbours.tolist()
        (['a', 'b', 'c'], [1, 0, 2, 1])
        """
        need_graph(graph)
        position = {node: i for i, node in enumerate(graph)}
        nodes = [data for _, data in graph.nodes(data=True)]
        need_attribute(nodes, kind, USUAL_KIND, Text("节点", "node"))
        kinds, kind_names = factorize(read_words(nodes, kind, UNNAMED_KIND), kind)
        edges = list(graph.edges(data=True))
        source = np.fromiter((position[u] for u, _, _ in edges), np.int32, len(edges))
        target = np.fromiter((position[v] for _, v, _ in edges), np.int32, len(edges))
        strength = read_weights(edges, weight)
        types, names = factorize(read_words([data for _, _, data in edges], "type", UNNAMED_TIE), "type")
        ties = Ties(source, target, types, np.zeros(len(edges), np.bool_), names, strength if (strength != 1).any() else None)
        ids = pd.Index(plain_keys(graph, kind), tupleize_cols=False)
        csr = build_csr(len(ids), source, target, strength)
        notes = note_changes(graph, source, target)
        return cls(ids, kinds, kind_names or (UNNAMED_KIND,), *csr, ties, read_groups(graph, groups), notes)

    def to_networkx(self, *, typed: bool = False) -> nx.Graph:
        """Give the network to networkx, with node attributes ``kind`` and one for each group, and tie attribute ``weight``.

        Parameters
        ----------
        typed : bool, optional
            False: the undirected network that the measures read, parallel ties added up. True: every tie as it was given,
            with its direction and the attribute ``type``, such as ``"Member HELPS Household"``.

        Returns
        -------
        networkx.Graph, or networkx.MultiDiGraph if `typed`
            Nodes are the ids; where one id stands under two kinds, every node is the pair ``(kind, id)``.

        Examples
        --------
        >>> import networkx as nx
        >>> Network.from_networkx(nx.Graph([("a", "b")])).to_networkx().edges["a", "b"]
        {'weight': 1.0}
        """
        import networkx as nx

        kinds = [self.kind_names[k] for k in self.kinds]
        nodes: list[Hashable] = list(self.ids) if self.ids.is_unique else list(zip(kinds, self.ids, strict=True))
        graph = nx.MultiDiGraph() if typed else nx.Graph()
        graph.add_nodes_from((node, {"kind": word}) for node, word in zip(nodes, kinds, strict=True))
        for name, grouping in self.groups.items():
            words = [None if code < 0 else grouping.names[code] for code in grouping.codes]
            nx.set_node_attributes(graph, {node: word for node, word in zip(nodes, words, strict=True) if word is not None}, name)
        if typed:
            graph.add_edges_from((nodes[i], nodes[j], data) for i, j, data in self._typed_ties())
            return graph
        rows = self.rows()
        once = rows < self.neighbours
        ends = zip(rows[once], self.neighbours[once], self.weights[once].tolist(), strict=True)
        graph.add_edges_from((nodes[i], nodes[j], {"weight": w}) for i, j, w in ends)
        return graph

    def to_pyvis(self) -> pyvis.network.Network:
        """Give a small network to pyvis, ready to be drawn: positions computed, physics off, kinds told by shape and colour.

        Drawn is the undirected network that the measures read, parallel ties added up and wider for it. Nodes bear their ids
        and no names; in pyvis they are numbered from 0. Of a people network the ties are bodies shared, not ties recorded.

        Returns
        -------
        pyvis.network.Network
            ``net.to_pyvis().show("net.html", notebook=False)`` writes a page and opens it; ``save_graph`` and ``write_html``
            write it, ``generate_html`` gives it. The page opens without a network, makes no request and runs no script but
            its own, whatever stands in an id. What is added to it is text too; pyvis's menus and templates have no effect.

        Raises
        ------
        ParameterError
            If there are more than 2,000 nodes or 20,000 ties: `write_map` draws a district of any size.

        Examples
        --------
        >>> import networkx as nx
        >>> drawing = Network.from_networkx(nx.karate_club_graph()).to_pyvis()
        >>> drawing.num_nodes(), drawing.num_edges()
        (34, 78)
        """
        from graphkit.network.drawing import draw_network

        return draw_network(self)

    def _typed_ties(self) -> Iterator[tuple[int, int, dict[str, object]]]:
        ties = self.ties
        weights = np.ones(len(ties)) if ties.weights is None else ties.weights
        for source, target, code, weight in zip(ties.source, ties.target, ties.types, weights.tolist(), strict=True):
            yield source, target, {"type": ties.names[code], "weight": weight}

    def project_people(self, *, max_body_people: int = 50) -> Network:
        """Project the typed network on its people: a tie where two share a branch, a co-operative or a helped household, or one mentors the other.

        Parameters
        ----------
        max_body_people : int, optional
            A branch, co-operative or household with more people than this stays a node tied to each of its people:
            m people in one body would make m (m - 1) / 2 ties. At least 1.

        Returns
        -------
        Network
            All members, then the bodies that stayed. The weight of a tie is the number of bodies shared, one more for mentoring.

        Raises
        ------
        ParameterError
            If the network was not built from tables, or `max_body_people` is below 1.

        Examples
        --------
        >>> import pyarrow as pa
        >>> tables = Tables({"Member": pa.table({"id": ["m1", "m2"]}), "Household": pa.table({"id": ["h"]}),
        ...                  "Member HELPS Household": pa.table({"member_id": ["m1", "m2"], "household_id": ["h", "h"], "kind": ["one_to_one"] * 2})})
        >>> Network.from_tables(tables).project_people()
        Network(2 nodes, 1 ties: Member 2)
        """
        shared, mentoring = (
            self.model.tie_tables("membership", "pairing", source="Member"),
            self.model.tie_tables("mentoring", source="Member", target="Member"),
        )
        if "Member" not in self.kind_names or not set(shared) & set(self.ties.names):
            raise ParameterError(
                Text(
                    "网络里没有写明人与人因何相连：project_people 须用 Network.from_tables 建成的网络",
                    "the network does not say what people share: project_people takes one built by Network.from_tables",
                ),
            )
        if max_body_people < 1:
            raise ParameterError(
                Text(f"max_body_people 须不小于 1，而不是 {max_body_people}", f"max_body_people is at least 1, not {max_body_people}")
            )
        people = np.flatnonzero(self.kinds == self.kind_names.index("Member"))
        bodies, members = distinct_pairs(*self.ties.select(*shared)[::-1], len(self))
        large = np.bincount(bodies, minlength=len(self))[bodies] > max_body_people
        left, right = tie_within(bodies[~large], members[~large])
        mentors, mentees = _distinct_unordered(*self.ties.select(*mentoring), len(self))
        source = np.concatenate([left, mentors, members[large]])
        target = np.concatenate([right, mentees, bodies[large]])
        stayed = distinct(bodies[large])
        return self._keep(np.concatenate([people, stayed]), source, target, _projection_note(self.ids.take(stayed), max_body_people))

    def drop_ties(self, *names: str) -> Network:
        """Return the network on the same nodes without the ties of these types.

        Parameters
        ----------
        *names : str
            Types of ties, such as ``"Village IN Township"``; one that does not occur drops nothing.

        Returns
        -------
        Network
            Parallel ties that stay are added up.

        Examples
        --------
        >>> import networkx as nx
        >>> graph = nx.Graph([("a", "b", {"type": "NEAR"}), ("b", "c")])
        >>> Network.from_networkx(graph).drop_ties("NEAR")
        Network(3 nodes, 1 ties: Node 3)
        """
        stays = ~np.isin(self.ties.types, [code for code, name in enumerate(self.ties.names) if name in names])
        ties = self.ties.keep(stays)
        offsets, neighbours, weights = build_csr(len(self), ties.source, ties.target, ties.weights)
        return replace(self, offsets=offsets, neighbours=neighbours, weights=weights, ties=ties)

    def _keep(self, kept: NDArray[np.int64], source: Ints, target: Ints, note: Text) -> Network:
        """The people network on the nodes `kept`."""
        position = np.full(len(self), -1, np.int32)
        position[kept] = np.arange(len(kept), dtype=np.int32)
        csr = build_csr(len(kept), position[source], position[target])
        ties = Ties(position[source], position[target], np.zeros(len(source), np.int8), np.zeros(len(source), np.bool_), (UNNAMED_TIE,))
        groups = {name: Grouping(grouping.codes[kept], grouping.names) for name, grouping in self.groups.items()}
        return Network(self.ids.take(kept), self.kinds[kept], self.kind_names, *csr, ties, groups, (*self.notes, note), self.as_of, self, self.model)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def tie_count(self) -> int:
        """Ties of the undirected network: parallel ones counted once."""
        return len(self.neighbours) // 2

    @property
    def degrees(self) -> NDArray[np.int64]:
        """Number of neighbours of each node."""
        return np.diff(self.offsets)

    def rows(self) -> Ints:
        """Return the node that each entry of `neighbours` belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.degrees)

    def mask(self, kind: str) -> NDArray[np.bool_]:
        """Return which nodes are of `kind`; none if there is no such kind."""
        code = self.kind_names.index(kind) if kind in self.kind_names else -1
        return cast("NDArray[np.bool_]", self.kinds == code)

    def group(self, name: str) -> Grouping:
        """Return the grouping `name`.

        Raises
        ------
        ParameterError
            If there is none of that name; the message lists those there are.
        """
        if name not in self.groups:
            there_are = ", ".join(map(repr, self.groups)) or "none: give nodes an attribute and name it in Network.from_networkx(…, groups=…)"
            raise ParameterError(Text(f"网络里没有分组 {name!r}；现有 {there_are}", f"no group {name!r} in this network; there are {there_are}"))
        return self.groups[name]

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of ids, kinds, groups and ties; computed when first asked for."""
        digest = hashlib.sha256(repr((self.kind_names, tuple(self.groups), self.ties.names, self.as_of)).encode())
        for array in (self.kinds, self.offsets, self.neighbours, self.weights, self.ties.source, self.ties.target, self.ties.types, self.ties.office):
            digest.update(np.ascontiguousarray(array).data)
        for names in (self.ids, *(grouping.names for grouping in self.groups.values())):
            digest.update(_key_bytes(names))
        for grouping in self.groups.values():
            digest.update(grouping.codes.data)
        return digest.hexdigest()

    def _count_kinds(self) -> list[tuple[str, int]]:
        counts = np.bincount(self.kinds, minlength=len(self.kind_names))
        return [(name, int(count)) for name, count in zip(self.kind_names, counts, strict=True) if count]

    def __repr__(self) -> str:
        kinds = ", ".join(f"{name} {count:,}" for name, count in self._count_kinds())
        return f"Network({len(self):,} nodes, {self.tie_count:,} ties{': ' + kinds if kinds else ''})"

    def _repr_html_(self) -> str:
        headings = {kind.label: f"{kind.heading.zh} {kind.heading.en}" for kind in self.model.nodes}
        kinds = "".join(f"<tr><td>{html.escape(headings.get(name, name))}</td><td>{count:,}</td></tr>" for name, count in self._count_kinds())
        day = f"<small>截至 as of {self.as_of}</small>" if self.as_of else ""
        notes = "".join(f"<li>{html.escape(note.zh)}<br><span lang='en'>{html.escape(note.en)}</span></li>" for note in self.notes)
        head = f"<h4>网络 Network: {len(self):,} 节点 nodes, {self.tie_count:,} 关系 ties {day}</h4>"
        return f"<section>{head}<table>{kinds}</table><ul>{notes}</ul></section>"


def _distinct_unordered(source: Ints, target: Ints, size: int) -> Ends:
    return distinct_pairs(np.minimum(source, target), np.maximum(source, target), size)


def _projection_note(stayed: pd.Index, max_body_people: int) -> Text:
    if not len(stayed):
        return Text(
            f"同在一个党组织、合作组织或同帮一户的人相互连接（各不超过 {max_body_people} 人）。",
            f"People of one branch, co-operative or helped household are tied to each other (none has more than {max_body_people} people).",
        )
    shown, more = [str(key) for key in stayed[:SHOWN_BODIES]], len(stayed) > SHOWN_BODIES
    return Text(
        f"人数超过 {max_body_people} 的 {len(stayed):,} 个组织或农户（{'、'.join(shown)}{'等' if more else ''}）保留为节点，"
        "其成员经由它相连，而不是两两相连。",
        f"{len(stayed):,} bodies or households with more than {max_body_people} people ({', '.join(shown)}{', …' if more else ''}) stay nodes: "
        "their people are tied through them, not to each other.",
    )


def _key_bytes(names: pd.Index) -> bytes:
    """The bytes that tell two indexes apart: the keys one after another, and their lengths."""
    if names.dtype == "str":
        array = pa.array(pd.Series(names), pa.large_string())
        chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
        keys = pa.concat_arrays([*chunks, pa.array([], pa.large_string())])  # copies, so that the buffers hold these keys alone
        lengths = pc.binary_length(keys).to_numpy(zero_copy_only=False)
        return bytes(lengths.tobytes()) + bytes(keys.buffers()[2] or b"")[: int(lengths.sum())]
    return "\x00".join(map(repr, names)).encode()
