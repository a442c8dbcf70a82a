"""Who bridges: the measures of one network, ranked, with the reasons in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.model.types import TieRole
from graphkit.network import Network, takes_network
from graphkit.network.between import TOLD_PIVOTS, Betweenness, need_pivots
from graphkit.network.holding import ENDS, HOLDING, PERSON, is_typed, keep_holding
from graphkit.questions.bridges.columns import (
    GROUP_RULES,
    ORDER,
    STRANDED,
    TITLE,
    group_plural,
    group_word,
    list_columns,
    tell_network,
)
from graphkit.questions.bridges.measuring import Measured, take_measures
from graphkit.questions.bridges.order import LOST, SOLE, rank_people, sum_columns
from graphkit.questions.bridges.reasons import tell_reasons
from graphkit.questions.bridges.shown import draw_bridges
from graphkit.questions.bridges.sides import tell_sides
from graphkit.questions.bridges.spans import count_spans
from graphkit.questions.bridges.sureness import SAMPLED, SAMPLED_COLUMNS, Sureness, bound_ranks, tell_sureness
from graphkit.questions.finding import Finding, pair_up, put_in_terms
from graphkit.words import Text, same

ERRORS = Text("误差列给出 95% 置信区间的半宽，误差范围内的先后不足为凭；误差大于估计值的，只能说至多为两者之和。",
              "The error column gives half the 95 % confidence interval, and an order within it means nothing; where the error exceeds the estimate, all that can "
              "be said is: at most their sum.")  # fmt: skip
UNTOLD = Text(f"起点少于 {TOLD_PIVOTS:,} 个，误差不知。", f"With fewer than {TOLD_PIVOTS:,} pivots the error is not known.")
COMPARED = 10  # first ones of whom it is said whether either count alone would name them


@takes_network
def find_bridge_figures(
    network: Network,
    *,
    group: str = "village",
    holding: Sequence[TieRole] = HOLDING,
    ends: Sequence[str] = ENDS,
    pivots: int | None = None,
    seed: int = 0,
    chance: int = 0,
    missing: float = 0.0,
) -> Finding:
    """Which people hold otherwise separate villages, co-operatives and branches together, and what falls apart without them?

    Every column is measured on one network: people, the bodies they are active in, and the ties between them that hold, by their role
    (`holding`). A body is one node and one contact, whatever its size. A household is an end: it hangs on its helpers, its
    co-operative and its zone, and hands nothing on.

    Betweenness counts pairs of other people whose shortest paths run through the person. *Cut off* by the loss of the person is what
    then stands outside the piece with most people, or everything, where nobody is left; a household, with the last it hangs on.

    The rank compares pairs joined: those of betweenness, and for each person or household cut off as many as there are other people in
    their part of the network. Then co-operatives and branches cut off. So in one part whoever is no worse in each count and better in
    one comes first, trifles weigh as what they are, and equals share a rank. Households that hang on the person alone, as helper or in a
    zone, are told and not ranked: who helps alone stands between nobody.

    Parameters
    ----------
    network : Network
        The typed network of `Network.from_tables`, or any network from networkx, whose nodes are then the subjects, of kind ``"Node"``,
        and all of whose ties hold. For a people network the typed one it was made from is taken.
    group : str, optional
        Grouping of those cut off: ``"village"``, ``"township"``, ``"cooperative"``, ``"branch"``, or one of the network's own.
    holding : sequence of str, optional
        Roles of the ties that hold people together; membership, pairing, mentoring, liaison, post and responsibility if left out.
    ends : sequence of str, optional
        Kinds that hand nothing on; households if left out. With none, two helpers of a household are tied through it.
    pivots : int, optional
        Sources from which betweenness is estimated, at least 2. Left out: all, where that takes a few seconds, 1,000 beyond.
    seed : int, optional
        Decides which pivots are drawn, and every other draw.
    chance : int, optional
        How often to draw the network by chance, at least 19; 0: not at all. Within townships where these are known. Adds ``joined,
        expected, p, p_anyone, q`` and words to the reasons; see `score_against_chance`.
    missing : float, optional
        Share of the ties that may not have been recorded, to 0.5; 0: nothing is asked. Adds ``rank_low, rank_high, p_first`` and
        words to the reasons; see `estimate_ranks`. Where nothing is asked and betweenness is a sample whose error is told, the columns
        ``rank_low, rank_high`` say between which places the rank is by that error.

    Returns
    -------
    Finding
        One row a member, in the order of `rank`, then id: ``rank, equal_others, stranded_people, stranded_households,
        sole_households, stranded_cooperatives, stranded_branches, stranded_groups, betweenness, betweenness_error, part_people, ties,
        is_cut_point, villages_spanned, cooperatives_spanned, branches_spanned, offices, unread_rows, reason_zh, reason_en``. Each column says what
        a missing value means: a network without kinds or groups, or an error not known.

    Raises
    ------
    ParameterError
        If the network has groups but none of that name, `holding` names no role, or `pivots` is too small.

    See Also
    --------
    find_losses : exactly what falls off, for several people or bodies at once.
    measure_bridges : the measures alone.

    References
    ----------
    Freeman 1977, Sociometry 40(1), 35-41; Everett & Borgatti 2005 in Carrington et al., Models and Methods in Social Network Analysis
    (two-mode betweenness); Hopcroft & Tarjan 1973, Communications of the ACM 16(6), 372-378; Schoch & Brandes 2016, European Journal of
    Applied Mathematics 27(6), 971-985 (orders that every index agrees with).

    Examples
    --------
    >>> import networkx as nx
    >>> finding = find_bridge_figures(Network.from_networkx(nx.path_graph(["a", "b", "c"])))
    >>> finding.rows.loc[0, ["subject_id", "reason_en"]].tolist()
    ['b', 'alone between c and a; without this person 1 person falls off; on the shortest paths of 1 pair of people.']
    """
    need_pivots(pivots)
    if network.groups:
        network.group(group)
    need_ends(ends)
    network = network.projected_from or network
    held = keep_holding(network, holding)
    measured = take_measures(held, ends=ends, group=group if group in network.groups else None, pivots=pivots, seed=seed)
    table, between = describe_people(network, measured, group), measured.between
    del measured  # what was measured and measured on takes half as much again as the answer
    sure = tell_sureness(held, chance=chance, missing=missing, ends=ends, pivots=pivots, seed=seed)
    del held
    asked = {"group": group, "holding": list(holding), "ends": list(ends), "pivots": pivots, "seed": seed, "chance": chance, "missing": missing}
    provenance = {"network": network.content_hash, "nodes": len(network), "ties": len(network.ties), "account": pair_up(network.notes)}
    return tell_found(network, table, between, sure, asked=asked, provenance=provenance)


def tell_found(
    network: Network, table: pd.DataFrame, between: Betweenness, sure: Sureness, *, asked: Mapping[str, Any], provenance: Mapping[str, Any]
) -> Finding:
    """Rank the people of `table`, which is as `describe_people` gives it, and tell why; of the network only what it knows of kinds, groups and notes is read."""
    group, holding, ends = asked["group"], asked["holding"], asked["ends"]
    unknown = int((~table["group_known"]).sum())
    ranked = rank_people(table.drop(columns="group_known").assign(place=np.arange(len(table))))
    *columns, chinese, english = list_columns(group)
    is_sampled = not asked["missing"] and ranked["betweenness_error"].gt(0).any()
    if is_sampled:
        ranked = pd.concat([ranked, bound_ranks(ranked)], axis=1)
    ranked = pd.concat([ranked, tell_reasons(ranked, ranked, group)], axis=1)
    if sure.columns:
        ranked = sure.add_to(ranked, ranked["place"].to_numpy())
    columns += [*(SAMPLED_COLUMNS if is_sampled else ()), *sure.columns, chinese, english]
    finding = Finding(
        "find_bridge_figures", TITLE, ranked[[column.name for column in columns]], tuple(columns), parameters=asked,
        caveats=(
            _tell_holding(network, holding, ends), ORDER, *_tell_first(ranked), STRANDED, _tell_betweenness(between, ranked),
            *([SAMPLED] if is_sampled else []), *sure.caveats, *_tell_recorded(network, asked["missing"]),
            *_tell_groups(network, unknown, group), *network.notes,
        ),
        provenance=provenance, as_of=network.as_of, label_column="subject_id", mark_column="rank", draw=draw_bridges,
    )  # fmt: skip
    return put_in_terms(finding, network.model.terms, rows=("reason",), keep=map(same, network.names.values()))


def need_ends(ends: Sequence[str]) -> None:
    """Refuse ends that are no list of kinds, or people."""
    if isinstance(ends, str) or PERSON in ends:
        raise ParameterError(
            Text(
                f"ends 列出不传递的类别，人员不在其内，而不是 {ends!r}",
                f"ends is a list of kinds that hand nothing on, people not among them, not {ends!r}",
            ),
        )


def describe_people(network: Network, measured: Measured, group: str) -> pd.DataFrame:
    """What is known of each person before they are ranked: measures, spans, rows not read, the contacts on either side; and whether the group is known."""
    people = measured.parts.nodes[measured.persons]
    ids = measured.table.index
    words = ids if ids.dtype == "str" else pd.Index([str(node) for node in ids])
    table = pd.DataFrame({"subject_kind": PERSON if is_typed(network) else "Node", "subject_id": words})
    known = network.groups[group].codes[people] >= 0 if group in network.groups else np.ones(len(people), np.bool_)
    described = pd.concat([table, measured.table.reset_index(drop=True)], axis=1).assign(
        **count_spans(network, people), unread_rows=_unread(network, people), group_known=known
    )
    return pd.concat([described, tell_sides(measured).set_axis(described.index)], axis=1)


def _unread(network: Network, people: NDArray[np.int64]) -> pd.Series:
    """Rows that name each person and were not read; missing where the network has no kinds."""
    if not is_typed(network):
        return pd.Series(pd.NA, index=range(len(people)), dtype="Int64")
    rows = np.zeros(len(network), np.int64)
    rows[list(network.unread)] = list(network.unread.values())
    return pd.Series(rows[people], dtype="Int64")


def _tell_holding(network: Network, holding: Sequence[TieRole], ends: Sequence[str]) -> Text:
    if is_typed(network):
        return tell_network(holding, ends)
    return Text("所有关系都算作把节点连在一起。", "Every tie counts as holding nodes together.")


def _tell_recorded(network: Network, missing: float) -> list[Text]:
    """That a tie nobody recorded or read could change anything, where no number says how much."""
    if missing or not is_typed(network):
        return []
    return [Text("只就登记并读到的联系而言：多一条联系就可能使任何人的各数和名次不同；missing（命令行 --missing 0.05）给出名次的区间。",
                 "This goes by the ties that were recorded and read: with one more, anybody's counts and rank may differ; missing (--missing 0.05 on the command "
                 "line) gives the interval of each rank.")]  # fmt: skip


def _tell_first(rows: pd.DataFrame) -> list[Text]:
    """Whether anybody stands out, and whether the first ones would be so by either count alone."""
    if len(rows) > 1 and rows["equal_others"].iloc[0] == len(rows) - 1:
        return [Text(f"没有人突出：{len(rows):,} 人全部并列。", f"Nobody stands out: all {len(rows):,} people are equal.")]
    if len(rows) <= COMPARED:
        return []
    first = set(rows.index[:COMPARED])
    lost, between = pd.Series(sum_columns(rows, LOST) - sum_columns(rows, SOLE), rows.index), rows["betweenness"]
    by_loss, by_paths = (len(first & set(count.nlargest(COMPARED).index)) for count in (lost, between))
    return [Text(f"前 {COMPARED} 位中，单看断开的人和户也在前 {COMPARED} 的有 {by_loss} 位，单看中介度的有 {by_paths} 位。",
                 f"Of the first {COMPARED}, {by_loss} would also be among them by people and households cut off alone, and {by_paths} by betweenness alone.")]  # fmt: skip


def _tell_betweenness(between: Betweenness, rows: pd.DataFrame) -> Text:
    if between.is_exact:
        return Text("中介度为精确值。", "Betweenness is exact.")
    told = rows["betweenness_error"].gt(0).any()
    return Text(
        f"较大的部分（有联系的 {between.counted:,} 人）中，中介度由均匀选取的 {between.sources:,} 个起点估计，其余精确。"
        + (ERRORS.zh if told else UNTOLD.zh),
        f"In the larger parts ({between.counted:,} people with ties) betweenness is estimated from {between.sources:,} pivots spread over them, elsewhere "
        f"exact. " + (ERRORS.en if told else UNTOLD.en),
    )


def _tell_groups(network: Network, unknown: int, group: str) -> list[Text]:
    if group not in network.groups:
        return [Text("网络没有分组。", "The network has no groups.")]
    word, rule = group_word(group), GROUP_RULES.get(group)
    told = []
    if is_typed(network) and rule:
        told.append(
            Text(f"断开的人和户按{word.zh}计，每个只归一个：{rule.zh}。", f"Those cut off are counted by {word.en}; everyone is in one: {rule.en}.")
        )
    if unknown:
        told.append(
            Text(
                f"有 {unknown:,} 人的{word.zh}未知，不计在“{word.zh}”数内。",
                f"The {word.en} of {unknown:,} people is unknown: they add to no number of {group_plural(group)}.",
            )
        )
    return told
