"""Between whom each person stands alone: the contacts on either side of their loss, places and bodies by name, people by id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.network import Network
from graphkit.network.holding import is_typed
from graphkit.questions.bridges.columns import GROUP_PLURALS
from graphkit.questions.bridges.measuring import BODIES, Measured
from graphkit.questions.bridges.order import BODIES_LOST, LOST, sum_columns
from graphkit.words import Text

NAMED = 3  # contacts named on one side
POSTS = Text("任岗者所在的村", "post-holders in ")


@dataclass(frozen=True, slots=True)
class _Words:
    """What leads the contacts of a kind: one of them, several."""

    one: Text
    several: Text


PEOPLE_WORDS = {  # shorter than their headings
    "Member": _Words(Text("人员", "member "), Text("人员", "members ")),
    "Zone": _Words(Text("责任区", "zone "), Text("责任区", "zones ")),
}


def _kind_words(network: Network, kind: str) -> _Words | None:
    """The words before contacts of a kind; none in a network without kinds."""
    plurals = {name.capitalize(): plural for name, plural in GROUP_PLURALS.items()}
    heading = next((node.heading for node in network.model.nodes if node.label == kind), None)
    if kind in PEOPLE_WORDS or heading is None:
        return PEOPLE_WORDS.get(kind)
    return _Words(Text(heading.zh, f"{heading.en} "), Text(heading.zh, f"{plurals.get(kind, f'{heading.en}s')} "))


def tell_sides(measured: Measured) -> pd.DataFrame:
    """Between whom does each person stand alone? By person, the contacts in what stays and in what falls off, by kind and id; missing if there are none.

    Only those who cut anybody or any body off are told of, and of each side the first three contacts by kind and id. Of what falls off, a place
    or a zone is no contact where the person is the only one in it and no household is left: nobody is there.
    """
    parts, table = measured.parts, measured.table
    lost = sum_columns(table, (*LOST, *BODIES_LOST)) > 0
    number = np.full(len(parts.nodes), -1, np.int64)
    number[measured.persons[lost]] = np.flatnonzero(lost)
    rows = np.repeat(np.arange(len(parts.nodes), dtype=np.int32), np.diff(parts.offsets))
    told = number[rows] >= 0
    rows, others = rows[told], parts.neighbours[told]
    stays = measured.losses.stays(rows, others)
    falls = ~stays & ~_is_deserted(measured)[others]
    between = np.zeros(len(parts.nodes), np.bool_)
    between[rows[falls]] = True
    sides: dict[str, pd.Series] = {}
    for name, on_side in (("stays", stays & between[rows]), ("falls", falls)):
        sides |= _name_contacts(measured, number[rows[on_side]], others[on_side], name)
    return pd.DataFrame(sides)


def _is_deserted(measured: Measured) -> NDArray[np.bool_]:
    """Carriers that are no person and no body, known to one person, and without a household that hangs on nothing else."""
    network, parts = measured.network, measured.parts
    if not is_typed(network):
        return np.zeros(len(parts.nodes), np.bool_)
    bodies = np.logical_or.reduce([network.mask(kind)[parts.nodes] for kind in BODIES.values()])
    counts = np.bincount(parts.ends.end, minlength=parts.ends.count)
    single = np.bincount(parts.ends.carrier[counts[parts.ends.end] == 1], minlength=len(parts.nodes))
    deserted: NDArray[np.bool_] = ~parts.people & ~bodies & (np.diff(parts.offsets) == 1) & (single == 0)
    return deserted


def _name_contacts(measured: Measured, person: NDArray[np.int64], other: NDArray[np.int32], side: str) -> dict[str, pd.Series]:
    network, nodes = measured.network, measured.parts.nodes[other]
    order = np.lexsort((nodes, network.kinds[nodes], person))
    person, nodes = person[order], nodes[order]
    starts = np.flatnonzero(np.concatenate([[True], person[1:] != person[:-1]]))[: len(person)]
    stops = [*starts[1:], len(person)][: len(starts)]

    lists = [nodes[first:stop].tolist() for first, stop in zip(starts, stops, strict=True)]
    contacts = _Contacts.of(network, {node for contacts in lists for node in contacts[:NAMED]})
    told = [contacts.say(tuple(nodes[:NAMED]), len(nodes)) for nodes in lists]
    index = range(len(measured.table))
    return {
        f"{side}_{lang}": pd.Series([text.say(lang) for text in told], index=person[starts], dtype=object).reindex(index) for lang in ("zh", "en")
    }


@dataclass(eq=False)
class _Contacts:
    """Those who are named, with what each is called; what is said of some of them is said once."""

    network: Network
    called: Mapping[int, str]
    kinds: Mapping[int, int]
    _said: dict[tuple[tuple[int, ...], int], Text] = field(default_factory=dict)
    _leads: dict[tuple[str, bool], Text] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Network, named: Collection[int]) -> _Contacts:
        nodes = np.fromiter(named, np.int64, len(named))
        ids, kinds = network.ids.take(nodes).tolist(), network.kinds[nodes].tolist()
        places = nodes.tolist()
        called = {node: network.names.get(node, str(key)) for node, key in zip(places, ids, strict=True)}
        return cls(network, called, dict(zip(places, kinds, strict=True)))

    def say(self, shown: tuple[int, ...], count: int) -> Text:
        """The first contacts by name, kind by kind, and how many more there are of all `count`."""
        if (shown, count) not in self._said:
            self._said[shown, count] = self._say(shown, count)
        return self._said[shown, count]

    def _say(self, shown: tuple[int, ...], count: int) -> Text:
        chinese, english = [], []
        for code in dict.fromkeys(self.kinds[node] for node in shown):
            mine = [node for node in shown if self.kinds[node] == code]
            names = [self.called[node] for node in mine]
            lead = self._lead(self.network.kind_names[code], several=len(names) > 1)
            named = all(node in self.network.names for node in mine)
            chinese.append("、".join(names) if named and lead is not POSTS else f"{lead.zh} {'、'.join(names)}".strip())
            english.append(f"{lead.en}{', '.join(names)}")
        more = count - len(shown)
        tail = (f"等 {count:,} 个", f" and {more:,} more") if more else ("", "")
        return Text("、".join(chinese) + tail[0], ", ".join(english) + tail[1])

    def _lead(self, kind: str, *, several: bool) -> Text:
        if (kind, several) not in self._leads:
            self._leads[kind, several] = _lead(self.network, kind, several=several)
        return self._leads[kind, several]


def _lead(network: Network, kind: str, *, several: bool) -> Text:
    """The word before contacts of a kind. A village joins those who hold a post there, unless living there is a tie that holds."""
    if kind == "Village" and not len(network.ties.select(*network.model.tie_tables("place", source="Member", target="Village"))[0]):
        return POSTS
    words = _kind_words(network, kind)
    if words is None:
        return Text("", "")
    return words.several if several else words.one
