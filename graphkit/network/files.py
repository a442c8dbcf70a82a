"""A network as a file for other programs: GraphML and GEXF by networkx's writers, UCINET's DL by our own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from graphkit.errors import ParameterError
from graphkit.files import replacing
from graphkit.kernels.csr import distinct
from graphkit.network.guard import takes_network
from graphkit.network.network import Network
from graphkit.network.parts import UNNAMED_TIE
from graphkit.words import Text

if TYPE_CHECKING:
    import networkx as nx

# XML 1.0 has no place for these; a carriage return would come back as a line feed.
NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RESERVED = {"id", "label", "kind", "pid", "start", "end", "parents", "viz", "spells", "slices", "key"}  # what networkx's writers take for their own
LABEL_LENGTH = 18  # UCINET cuts a longer label, and puts all into capitals
NOT_IN_DL = re.compile(r'["\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]')
QUOTED_IN_DL = re.compile(r"[\s,=]|:$")


@takes_network
def write_network(network: Network, path: str | Path) -> Path:
    """Write a network as a file for Gephi, Cytoscape, R, UCINET and other programs, by its suffix.

    Written is the undirected network that the measures read: parallel ties added up, self-ties dropped. `Network.from_tables` gives
    the full one, every kind of node and tie; a people network (`Network.project_people`) goes out as it is, and its ties are bodies
    shared, not ties recorded. Where direction matters, give ``network.to_networkx(typed=True)`` to networkx's own writers.

    ============  =================================================================================================================
    ``.graphml``  Node: ``kind``, ``label``, each group. Tie: ``weight``, and ``tie``, its types, such as "Member HELPS Household",
                  where they are known. Graph: ``as_of`` and ``note``, what a reader must know, in both languages.
    ``.gexf``     The same; of the graph the day alone, as its name.
    ``.dl``       UCINET's edgelist1: labels, and each tie in both directions with its weight. No kinds and no groups.
    ============  =================================================================================================================

    Nodes bear their ids, as text, and no names; where one id stands under two kinds, all are ``kind:id``, and ``label`` is the id alone.
    Ties bear no dates: a network is what stood on one day.

    Parameters
    ----------
    network : Network
        Any network.
    path : str or Path
        The file, ending in ``.graphml``, ``.gexf`` or ``.dl``; replaced if it is there. UTF-8: older UCINET shows Chinese labels
        wrongly, ids of ASCII are safe.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ParameterError
        If the suffix is another; two nodes would have the same name; an id or a group holds a character that the format has no place
        for (control characters; in DL also the double quote); or UCINET, which keeps 18 characters of a label and no small letters,
        would take two nodes for one.

    References
    ----------
    Borgatti, Everett & Freeman 2002, UCINET for Windows, DL language; Brandes et al. 2002, GraphML progress report.

    Examples
    --------
    >>> import tempfile
    >>> import networkx as nx
    >>> net = Network.from_networkx(nx.Graph([("a", "b", {"weight": 2})]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(write_network(net, Path(folder) / "net.dl").read_text())
    dl n=2
    format = edgelist1
    labels:
    a
    b
    data:
    1 2 2
    2 1 2
    <BLANKLINE>
    """
    path = Path(path)
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        known, told = ", ".join(_WRITERS), path.suffix or "no suffix"
        raise ParameterError(Text(f"网络写成 {known}，不能是 {path.suffix or '没有后缀的文件'}", f"a network is written as {known}, not {told}"))
    with replacing(path) as coming:
        write(network, coming)
    return path


def _write_graphml(network: Network, path: Path) -> None:
    import networkx as nx

    graph = _build_graph(network)
    graph.graph.update({"as_of": network.as_of.isoformat()} if network.as_of else {})
    graph.graph.update({"note": "\n".join(part for note in network.notes for part in (note.zh, note.en))} if network.notes else {})
    nx.write_graphml_xml(graph, str(path))


def _write_gexf(network: Network, path: Path) -> None:
    import networkx as nx

    graph = _build_graph(network)
    graph.graph.update({"name": f"as of {network.as_of}"} if network.as_of else {})
    nx.write_gexf(graph, str(path))


def _write_dl(network: Network, path: Path) -> None:
    labels = _dl_labels(_name_nodes(network))
    rows = network.rows()
    ties = zip((rows + 1).tolist(), (network.neighbours + 1).tolist(), network.weights.tolist(), strict=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"dl n={len(network)}\nformat = edgelist1\nlabels:\n")
        file.writelines(f"{label}\n" for label in labels)
        file.write("data:\n")
        file.writelines(f"{source} {target} {weight:.15g}\n" for source, target, weight in ties)


_WRITERS: dict[str, Callable[[Network, Path], None]] = {".graphml": _write_graphml, ".gexf": _write_gexf, ".dl": _write_dl}


def _build_graph(network: Network) -> nx.Graph:
    """The graph as it is written: names and words as text that XML can hold."""
    import networkx as nx

    names, kinds = _name_nodes(network), [network.kind_names[kind] for kind in network.kinds]
    graph = nx.Graph()
    graph.add_nodes_from((name, {"label": str(key), "kind": kind}) for name, key, kind in zip(names, network.ids, kinds, strict=True))
    words = [*names, *network.kind_names, *network.ties.names]
    for group, grouping in network.groups.items():
        known = [str(name) for name in grouping.names]
        name = f"group_{group}" if group in RESERVED else str(group)
        words += [name, *known]
        nx.set_node_attributes(graph, {node: known[code] for node, code in zip(names, grouping.codes.tolist(), strict=True) if code >= 0}, name)
    _need_xml(words)
    graph.add_edges_from((names[a], names[b], data) for a, b, data in _ties(network))
    return graph


def _ties(network: Network) -> Iterator[tuple[int, int, dict[str, object]]]:
    """Each tie of the undirected network once, with its weight and its types."""
    rows = network.rows()
    once = rows < network.neighbours
    ends = zip(rows[once].tolist(), network.neighbours[once].tolist(), network.weights[once].tolist(), strict=True)
    if set(network.ties.names) <= {UNNAMED_TIE}:
        yield from ((a, b, {"weight": weight}) for a, b, weight in ends)
        return
    for (a, b, weight), types in zip(ends, _types_by_pair(network), strict=True):
        yield a, b, {"weight": weight, "tie": types}


def _types_by_pair(network: Network) -> Iterator[str]:
    """The types of the ties between two nodes, for each pair that is tied, in the order of the CSR."""
    ties = network.ties
    apart = ties.source != ties.target
    low, high = (side(ties.source[apart], ties.target[apart]).astype(np.int64) for side in (np.minimum, np.maximum))
    each = distinct(((low * len(network) + high) << 7) | ties.types[apart])
    begins = np.flatnonzero(np.diff(each >> 7, prepend=-1))
    for group in np.split(each & 127, begins[1:]) if len(begins) else ():
        yield "; ".join(ties.names[code] for code in group)


def _name_nodes(network: Network) -> list[str]:
    names = [str(key) for key in network.ids]
    if len(set(names)) < len(names):
        names = [f"{network.kind_names[kind]}:{name}" for kind, name in zip(network.kinds, names, strict=True)]
    if doubled := len(names) - len(set(names)):
        raise ParameterError(
            Text(
                f"写成文件后有 {doubled:,} 个节点与别的节点同名：请让每个节点有自己的编号",
                f"{doubled:,} nodes would have the name of another one in a file: give each node an id of its own",
            ),
        )
    return names


def _need_xml(words: Iterable[str]) -> None:
    if broken := sum(1 for word in words if NOT_IN_XML.search(word)):
        raise ParameterError(
            Text(
                f"有 {broken:,} 个编号或分组含有控制字符，XML 容不下：请从数据中去掉",
                f"{broken:,} ids or groups hold a control character, for which XML has no place: take it out of the data",
            ),
        )


def _dl_labels(names: list[str]) -> list[str]:
    """Labels that UCINET reads as they are meant, quoted where they hold what parts them."""
    if broken := sum(1 for name in names if not name or NOT_IN_DL.search(name)):
        raise ParameterError(
            Text(
                f"有 {broken:,} 个编号为空，或含有双引号、控制字符，DL 容不下：请写成 .graphml，或改编号",
                f"{broken:,} ids are empty or hold a double quote or a control character, for which DL has no place: write .graphml, or change the ids",
            ),
        )
    if doubled := len(names) - len({name.upper()[:LABEL_LENGTH] for name in names}):
        raise ParameterError(
            Text(
                f"UCINET 只留标签的前 {LABEL_LENGTH} 个字符，且不分大小写：{doubled:,} 个编号会与别的编号混同；请写成 .graphml，或缩短编号",
                f"UCINET keeps {LABEL_LENGTH} characters of a label and no small letters: {doubled:,} ids would be taken for another one; write .graphml, "
                "or shorten the ids",
            ),
        )
    return [f'"{name}"' if QUOTED_IN_DL.search(name) else name for name in names]
