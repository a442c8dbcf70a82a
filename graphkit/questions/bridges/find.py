"""Bridge figures: which people hold otherwise separate groups together, and what falls apart without them?

The way the data goes::

    typed network ── ties into villages, co-operatives, branches ──▶ groups spanned, offices
                  ── ties that hold ── depth-first search ─────────▶ cut points, people and households stranded
                  ── people network ── constraint, effective size, betweenness, participation, roles
    all of it ── stated order ──▶ rank, reasons in words ──▶ Finding
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.kernels.csr import distinct_pairs, follow_ties
from graphkit.model.kinds import tie_tables
from graphkit.model.types import TieRole
from graphkit.network import Network, takes_network
from graphkit.network.measures import (
    ROLES,
    count_brokerage_roles,
    count_pivots,
    count_stranded,
    estimate_betweenness,
    is_sampled,
    measure_holes,
    need_pivots,
    score_participation,
)
from graphkit.questions.bridges.shown import draw_bridges
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.words import Text

Ints = NDArray[np.int32]

# To live in one place, or to have sat in one training session, holds nobody together.
HOLDING: tuple[TieRole, ...] = ("membership", "service", "hierarchy", "pairing", "mentoring", "liaison", "responsibility")
SPAN_COLUMNS = ("villages_spanned", "cooperatives_spanned", "branches_spanned", "offices")
ROLE_COLUMNS = ("coordinator", "gatekeeper", "representative", "consultant", "liaison")
MANY = 2  # groups spanned, or bodies with an office, from which they count as a sign of bridging

GROUP_WORDS = {
    "village": Text("村", "village"),
    "township": Text("乡镇", "township"),
    "cooperative": Text("合作组织", "co-operative"),
    "branch": Text("党组织", "branch"),
}
GROUP_PLURALS = {"village": "villages", "township": "townships", "cooperative": "co-operatives", "branch": "branches"}
GROUP_RULES = {
    "village": Text("居住的村（有几个时取最早的，再取代码最小的）", "the village they live in (of several the earliest, then the smallest code)"),
    "township": Text("居住村所属的乡镇", "the township of the village they live in"),
    "cooperative": Text(
        "从业的合作组织（有几个时取最早的，再取编号最小的）", "the co-operative they work in (of several the earliest, then the smallest id)"
    ),
    "branch": Text("组织关系所在的党组织", "the branch that manages their membership"),
}
TITLE = Text("谁把原本分开的村、合作组织和党组织连在一起，失去他们会断开什么？",
             "Which people hold otherwise separate villages, co-operatives and branches together, and what falls apart without them?")  # fmt: skip
ORDER = Text(
    "排名依次比较：①六种桥接迹象中有几种（在两个以上组织任职；跨两个以上村；跨两个以上合作组织；编入两个以上党组织；居于不同组、彼此不相连的人之间；"
    "失去后有人或户断开）；②中介度，大者在前；③断开的人数，再比户数；④约束度，小者在前；⑤编号。每种迹象都写在理由里；名次不是综合指数。",
    "The rank compares, in turn: (1) how many of six signs of bridging there are (office in two or more bodies; two or more villages, "
    "co-operatives, branches spanned; standing between people of different groups with no tie of their own; people or households stranded by "
    "the loss); (2) betweenness, larger first; (3) people, then households, stranded; (4) constraint, smaller first; (5) id. "
    "Every sign stands among the reasons; the rank is no index.",
)
STRANDED = Text(
    "割点与断开：不计居住、任岗、村乡隶属、经营村和党组织覆盖村的关系，也不计同期参训；失去此人后，其所在连通部分最大的一块之外的人和户算作断开。",
    "Cut points and stranded: without ties of residence, posts, villages in townships, bodies to villages, and attendance of a training session; "
    "who stands outside the largest piece that remains of the person's connected part is stranded.",
)
WEIGHTS = Text(
    "约束度和有效规模按共同组织、共同帮扶户的数目加权；中介度、参与度和角色只看有无关系。",
    "Constraint and effective size weigh a tie by the number of bodies and households shared; betweenness, participation and roles only see whether there is one.",
)
NONE_SPANNED = Text("网络不含村、合作组织和党组织", "the network holds no villages, co-operatives and branches")
NO_TIES = Text("没有关系", "no ties")
NO_GROUP = Text("网络没有这种分组", "the network has no such groups")
NO_KIND = Text("网络不分种类", "the network has no kinds")
CONTACTS = Text("人", "contacts")


def _columns(group: str) -> tuple[Column, ...]:
    word = GROUP_WORDS.get(group, Text(f"“{group}”", f"'{group}'"))
    twice = Text("每对人往返各计一次", "each pair counts twice, once each way")
    role = [
        ("coordinator", "协调者", "A→A→A", "两人与本人同组", "both others of the person's own group"),
        ("gatekeeper", "守门人", "A→B→B", "由外组到本组", "from another group into the person's own"),
        ("representative", "代表者", "B→B→A", "由本组到外组", "from the person's own group to another"),
        ("consultant", "顾问", "A→B→A", "两人同属另一组", "both others of one other group"),
        ("liaison", "联络者", "A→B→C", "两人分属另外两组", "the others of two other groups"),
    ]
    people, households = Text("人", "people"), Text("户", "households")
    return (
        *SUBJECT_COLUMNS,
        Column("rank", Text("名次", "rank"), Text("按说明的次序比较，1为最前", "by the stated order; 1 comes first"),
               Text("不会为空", "never missing")),
        Column("villages_spanned", Text("跨村数", "villages spanned"),
               Text("居住、任岗及所帮农户所在的不同村", "different villages among those lived in, with a post, and of the households helped"), NONE_SPANNED),
        Column("cooperatives_spanned", Text("跨合作组织数", "co-operatives spanned"),
               Text("从业或联络的不同合作组织", "different co-operatives worked in or liaised with"), NONE_SPANNED),
        Column("branches_spanned", Text("跨党组织数", "branches spanned"), Text("编入的不同党组织", "different branches belonged to"), NONE_SPANNED),
        Column("offices", Text("任职组织数", "bodies with office"), Text("有职务的不同党组织和合作组织", "different branches and co-operatives with an office in"),
               NONE_SPANNED),
        Column("ties", Text("联系数", "contacts"), Text("在人员网络中直接相连的人和大组织", "people, and large bodies, tied to directly in the people network"),
               Text("不会为空", "never missing")),
        Column("constraint", Text("约束度", "constraint"),
               Text("联系人彼此相连的程度，越小越居间（伯特）", "how far the contacts are tied to each other; smaller is more of a bridge (Burt)"), NO_TIES),
        Column("effective_size", Text("有效规模", "effective size"),
               Text("不重复的联系人数（伯特）", "contacts not already reached through another one (Burt)"), NO_TIES, unit=CONTACTS),
        Column("betweenness", Text("中介度", "betweenness"),
               Text("最短路径经过此人的其他人对数", "pairs of others whose shortest paths run through the person"), Text("不会为空", "never missing"),
               unit=Text("对", "pairs")),
        Column("betweenness_error", Text("中介度误差", "betweenness error"),
               Text("名义95%置信区间的半宽；0为精确", "half the width of the nominal 95 % confidence interval; 0: exact"),
               Text("各起点所见相同（多为抽样路径均未经过此人），误差无从得知", "all pivots say the same, as a rule that no path met the person, who may be on some: not known"), unit=Text("对", "pairs")),
        Column("participation", Text("参与度", "participation"),
               Text(f"联系在各{word.zh}间的分散程度，0为全在一个之内", f"how evenly the contacts spread over groups ({word.en}); 0: all in one"),
               Text("没有归属已知的联系人", "no contact whose group is known")),
        *(Column(name, Text(zh, name), Text(f"{path}：{rule_zh}；{twice.zh}", f"{path}: {rule_en}; {twice.en}"), NO_GROUP)
          for name, zh, path, rule_zh, rule_en in role),
        Column("is_cut_point", Text("是否割点", "is cut point"), Text("失去此人，其所在部分断成几块", "the person's part of the network breaks without them"),
               Text("不会为空", "never missing")),
        Column("stranded_households", Text("断开户数", "households stranded"), Text("失去此人后断开的农户", "households cut off without the person"), NO_KIND,
               unit=households),
        Column("stranded_people", Text("断开人数", "people stranded"),
               Text("失去此人后断开的人；不分种类的网络为节点", "people cut off without the person; in a network without kinds, nodes"),
               Text("不会为空", "never missing"), unit=people),
        Column("reason_zh", Text("理由（中文）", "reason (Chinese)"), Text("名次所据的事实", "the facts behind the rank, in Chinese"), Text("不会为空", "never missing")),
        Column("reason_en", Text("理由（英文）", "reason (English)"), Text("名次所据的事实，英文", "the facts behind the rank, in English"),
               Text("不会为空", "never missing")),
    )  # fmt: skip


@takes_network
def find_bridge_figures(network: Network, *, group: str = "village", max_body_people: int = 50, pivots: int = 1000, seed: int = 0) -> Finding:
    """Which people hold otherwise separate villages, co-operatives and branches together, and what falls apart without them?

    Measured on the people network (`Network.project_people`): contacts, constraint, effective size, betweenness,
    participation, brokerage roles. Counted on the typed network: groups spanned, offices, and, places aside, whether
    the person is a cut point and whom their loss strands. See `measures` for the definitions.

    The rank is no index. It compares in turn: how many of six signs of bridging there are (office in two or more bodies;
    two or more villages, co-operatives, branches spanned; standing between people of different groups with no tie of
    their own; people or households stranded by the loss), betweenness, people and then households stranded, constraint
    (smaller first), id.

    Parameters
    ----------
    network : Network
        The typed network of `Network.from_tables`; or a people network; or any network from networkx, whose nodes
        are then the subjects, of kind ``"Node"``.
    group : str, optional
        Grouping for participation and roles: ``"village"``, ``"township"``, ``"cooperative"``, ``"branch"``, or one
        of the network's own.
    max_body_people : int, optional
        Bodies with more people than this stay nodes between their people; at least 1. Not used for a people network.
    pivots : int, optional
        Sources from which betweenness is estimated where more than 6,500 people have ties and different contacts;
        at least 2. Exact below.
    seed : int, optional
        Decides where the spreading of pivots starts.

    Returns
    -------
    Finding
        One row a member, in the order of `rank`: ``villages_spanned, cooperatives_spanned, branches_spanned,
        offices, ties, constraint, effective_size, betweenness, betweenness_error, participation``, the five roles,
        ``is_cut_point, stranded_households, stranded_people, reason_zh, reason_en``. Each column says what a missing
        value means: no ties (constraint, effective size, participation), or a network without kinds or groups.

    Raises
    ------
    ParameterError
        If the network has groups but none of that name, or `max_body_people` or `pivots` is too small.

    References
    ----------
    Burt 1992, Structural Holes; Freeman 1977, Sociometry 40(1); Gould & Fernandez 1989, Sociological Methodology 19.

    Examples
    --------
    >>> import networkx as nx
    >>> finding = find_bridge_figures(Network.from_networkx(nx.path_graph(["a", "b", "c"])))
    >>> finding.rows.loc[0, ["subject_id", "reason_en"]].tolist()
    ['b', 'on shortest paths of 1 pair of others; without this person 1 person is cut off.']
    """
    parts = _prepare(network, max_body_people)
    if network.groups:
        network.group(group)
    need_pivots(pivots)
    asked = pivots if is_sampled(parts.people) else None
    table = _measure(parts, group, asked, seed)
    table = _rank(table)
    table = table.assign(**_reasons(table, group))
    columns = _columns(group)
    return Finding(
        "find_bridge_figures", TITLE, table[[column.name for column in columns]], columns,
        parameters={"group": group, "max_body_people": max_body_people, "pivots": pivots, "seed": seed},
        caveats=_caveats(parts, group, count_pivots(parts.people, asked), table),
        provenance={"network": network.content_hash, "nodes": len(network), "ties": len(network.ties)},
        as_of=network.as_of, label_column="subject_id", mark_column="rank", draw=draw_bridges,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Parts:
    """The networks a question needs: `typed` is None for one without kinds; `subjects` are positions in `people`, and in `typed` if there is one."""

    people: Network
    typed: Network | None
    subjects: NDArray[np.int64]
    subjects_typed: NDArray[np.int64]


def _prepare(network: Network, max_body_people: int) -> _Parts:
    typed = network.projected_from
    people = network
    if typed is None and set(tie_tables("membership", source="Member")) & set(network.ties.names):
        typed, people = network, network.project_people(max_body_people=max_body_people)
    if typed is None:
        everyone = np.arange(len(network))
        return _Parts(network, None, everyone, everyone)
    return _Parts(people, typed, np.flatnonzero(people.mask("Member")), np.flatnonzero(typed.mask("Member")))


def _measure(parts: _Parts, group: str, pivots: int | None, seed: int) -> pd.DataFrame:
    people, subjects = parts.people, parts.subjects
    holes = measure_holes(people)
    between = estimate_betweenness(people, pivots=pivots, seed=seed)
    table = pd.DataFrame({"subject_kind": "Member" if parts.typed else "Node", "subject_id": _as_words(people.ids.take(subjects))})
    for name, values in {
        **_count_spans(parts),
        "ties": people.degrees[subjects],
        "constraint": holes["constraint"].to_numpy()[subjects],
        "effective_size": holes["effective_size"].to_numpy()[subjects],
        "betweenness": between["betweenness"].to_numpy()[subjects],
        "betweenness_error": between["error"].to_numpy()[subjects],
        **_measure_groups(people, subjects, group),
        **_count_losses(parts),
    }.items():
        table[name] = values
    return table


def _as_words(ids: pd.Index) -> pd.Index:
    return ids if ids.dtype == "str" else pd.Index([str(node) for node in ids])


def _count_spans(parts: _Parts) -> dict[str, pd.array]:
    """Distinct villages, co-operatives, branches and bodies with office, by subject."""
    if parts.typed is None:
        return {name: pd.array([pd.NA] * len(parts.subjects), dtype="Int64") for name in SPAN_COLUMNS}
    ties = parts.typed.ties
    homes = tie_tables("place", source="Household", target="Village")
    helped = follow_ties(ties.select(*tie_tables("pairing", source="Member", target="Household")), ties.select(*homes), len(parts.typed))
    placed = ties.select(*tie_tables("place", "post", source="Member", target="Village"))
    spans = (
        (np.concatenate([placed[0], helped[0]]), np.concatenate([placed[1], helped[1]])),
        ties.select(*tie_tables("membership", "liaison", source="Member", target="Cooperative")),
        ties.select(*tie_tables("membership", source="Member", target="Branch")),
        (ties.source[ties.office], ties.target[ties.office]),
    )
    return {name: _count_distinct(*ends, parts) for name, ends in zip(SPAN_COLUMNS, spans, strict=True)}


def _count_distinct(source: Ints, target: Ints, parts: _Parts) -> pd.array:
    n = len(parts.typed or ())
    counts = np.bincount(distinct_pairs(source, target, n)[0], minlength=n)
    return pd.array(counts[parts.subjects_typed], dtype="Int64")


def _measure_groups(people: Network, subjects: NDArray[np.int64], group: str) -> dict[str, object]:
    if group not in people.groups:
        none = pd.array([pd.NA] * len(subjects), dtype="Int64")
        return {"participation": np.full(len(subjects), np.nan), **dict.fromkeys(ROLE_COLUMNS, none)}
    roles = count_brokerage_roles(people, group=group)
    counted = {word: pd.array(roles[column].to_numpy()[subjects], dtype="Int64") for word, column in zip(ROLE_COLUMNS, ROLES, strict=True)}
    return {"participation": score_participation(people, group=group).to_numpy()[subjects], **counted}


def _count_losses(parts: _Parts) -> dict[str, object]:
    if parts.typed is None:
        lost = count_stranded(parts.people)
        none = pd.array([pd.NA] * len(lost), dtype="Int64")
        return {"is_cut_point": lost["pieces"].to_numpy() > 1, "stranded_households": none, "stranded_people": lost["nodes"].to_numpy()}
    loose = set(parts.typed.ties.names) - set(tie_tables(*HOLDING))
    lost = count_stranded(parts.typed.drop_ties(*loose), kinds=("Member", "Household")).iloc[parts.subjects_typed]
    return {
        "is_cut_point": lost["pieces"].to_numpy() > 1,
        "stranded_households": pd.array(lost["Household"].to_numpy(), dtype="Int64"),
        "stranded_people": lost["Member"].to_numpy(),
    }


def _rank(table: pd.DataFrame) -> pd.DataFrame:
    """Rows in the stated order, and their rank."""
    signs = _count_signs(table)
    between = table["betweenness"].to_numpy().astype(np.float32)  # seven digits: equal positions stay equal however their sums were rounded
    households = table["stranded_households"].fillna(0).to_numpy(dtype=np.int64)
    constraint = table["constraint"].to_numpy().astype(np.float32)  # NaN, no ties, sorts last
    by_id = np.asarray(pc.rank(pa.array(table["subject_id"], pa.large_string()), sort_keys="ascending", tiebreaker="first"))
    order = np.lexsort((by_id, constraint, -households, -table["stranded_people"].to_numpy(), -between, -signs))
    return table.take(order).reset_index(drop=True).assign(rank=np.arange(1, len(table) + 1))


def _count_signs(table: pd.DataFrame) -> NDArray[np.int64]:
    """How many of the six signs of bridging each row shows; each of them is also a reason in words."""
    many = [table[name] >= MANY for name in SPAN_COLUMNS]
    signs = [*many, _pairs_linked(table) > 0, (table["stranded_people"] > 0) | (table["stranded_households"].fillna(0) > 0)]
    count: NDArray[np.int64] = np.sum([sign.fillna(False).to_numpy(dtype=np.int64) for sign in signs], axis=0)
    return count


def _reasons(table: pd.DataFrame, group: str) -> dict[str, pd.Series]:
    chinese = _join(_facts_zh(table, GROUP_WORDS[group].zh if group in GROUP_WORDS else "组"), "；", "。", "未见桥接迹象。")
    english = _join(_facts_en(table, GROUP_PLURALS.get(group, "groups")), "; ", ".", "No sign of bridging.")
    return {"reason_zh": pd.Series(chinese.to_pandas(), index=table.index), "reason_en": pd.Series(english.to_pandas(), index=table.index)}


def _facts_zh(table: pd.DataFrame, groups: str) -> list[pa.Array]:
    say = _speaker(table)
    return [
        say("offices", MANY, "在 ", " 个组织任职"),
        say("villages_spanned", MANY, "联系 ", " 个村"),
        say("cooperatives_spanned", MANY, "联系 ", " 个合作组织"),
        say("branches_spanned", MANY, "编入 ", " 个党组织"),
        _say(pa.array(_pairs_linked(table)), 1, f"居于不同{groups}、彼此不相连的 ", " 对人之间"),
        _say(_whole(table["betweenness"]), 1, "位于 ", _with_error(table, " 对其他人的最短路径上", "（±", "）")),
        say("stranded_people", 1, "失去此人将断开 ", " 人"),
        say("stranded_households", 1, "失去此人将断开 ", " 户"),
    ]


def _facts_en(table: pd.DataFrame, groups: str) -> list[pa.Array]:
    say = _speaker(table)
    return [
        say("offices", MANY, "holds office in ", " bodies"),
        say("villages_spanned", MANY, "spans ", " villages"),
        say("cooperatives_spanned", MANY, "spans ", " co-operatives"),
        say("branches_spanned", MANY, "belongs to ", " branches"),
        _say(pa.array(_pairs_linked(table)), 1, "stands between ", f" pairs of people from different {groups} with no tie of their own",
             one=f" pair of people from different {groups} with no tie of their own"),
        _say(_whole(table["betweenness"]), 1, "on shortest paths of ", _with_error(table, " pairs of others", " (± ", ")"), one=" pair of others"),
        say("stranded_people", 1, "without this person ", " people are cut off", one=" person is cut off"),
        say("stranded_households", 1, "without this person ", " households are cut off", one=" household is cut off"),
    ]  # fmt: skip


def _pairs_linked(table: pd.DataFrame) -> pd.Series:
    """Pairs of neighbours, not tied themselves, who are of different groups: each stands twice among the roles."""
    return (table["gatekeeper"] + table["representative"] + table["liaison"]) // 2


def _whole(values: pd.Series) -> pa.Array:
    return pa.array(values.fillna(0).round().astype(np.int64))


def _with_error(table: pd.DataFrame, words: str, before: str, after: str) -> pa.Array:
    """The words, followed by the error of betweenness where there is one."""
    error = _whole(table["betweenness_error"])
    return pc.if_else(pc.greater(error, 0), pc.binary_join_element_wise(words + before, _digits(error), after, ""), words)


def _speaker(table: pd.DataFrame) -> Callable[..., pa.Array]:
    def say(name: str, least: int, before: str, after: str, *, one: str | None = None) -> pa.Array:
        return _say(pa.array(table[name]), least, before, after, one=one)

    return say


def _say(values: pa.Array, least: int, before: str, after: str | pa.Array, *, one: str | None = None) -> pa.Array:
    """The fact in words, null where the value is below `least` or missing."""
    tail = after if one is None else pc.if_else(pc.equal(values, 1), one, after)
    words = pc.binary_join_element_wise(before, _digits(values), tail, "")
    return pc.if_else(pc.greater_equal(values, least), words, pa.scalar(None, pa.string()))


def _digits(values: pa.Array) -> pa.Array:
    """Whole numbers with thousands set apart; each different number is written once, however often it occurs."""
    coded = values.dictionary_encode()
    return pa.array([f"{number:,}" for number in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def _join(facts: list[pa.Array], comma: str, stop: str, nothing: str) -> pa.Array:
    led = pc.binary_join_element_wise("", *facts, comma, null_handling="skip")  # without the "", Arrow drops a row of nothing but nulls
    said = pc.utf8_ltrim(led, characters=comma)
    return pc.if_else(pc.equal(pc.binary_length(said), 0), nothing, pc.binary_join_element_wise(said, stop, ""))


def _caveats(parts: _Parts, group: str, pivots: int, table: pd.DataFrame) -> tuple[Text, ...]:
    caveats = [ORDER, _betweenness_caveat(parts.people, pivots, table), *_group_caveats(parts, group)]
    if parts.typed:
        caveats += [STRANDED, WEIGHTS]
    return (*caveats, *parts.people.notes)


def _betweenness_caveat(people: Network, pivots: int, table: pd.DataFrame) -> Text:
    with_ties = int(np.count_nonzero(people.degrees))
    if pivots == with_ties:
        return Text("中介度为精确值。", "Betweenness is exact.")
    error = table["betweenness_error"].max() if len(table) else 0.0
    unmet = int(table["betweenness_error"].isna().sum())
    return Text(
        f"中介度由 {with_ties:,} 个有联系的节点中均匀选取的 {pivots:,} 个起点估计；每行给出误差（名义95%置信区间的半宽，最大 {error:,.0f} 对；分布偏斜，实际误差可能更大）。"
        f"误差范围内的先后不足为凭。有 {unmet:,} 人各起点所见相同（多为抽样路径均未经过），误差未知。",
        f"Betweenness is estimated from {pivots:,} pivots spread over the {with_ties:,} nodes with ties; each row gives its error "
        f"(half the nominal 95 % confidence interval, at most {error:,.0f} pairs; the shares are skewed, so it may be more). An order within the error "
        f"means nothing. Of {unmet:,} people all pivots say the same, as a rule that no path met them: their error is not known.",
    )


def _group_caveats(parts: _Parts, group: str) -> list[Text]:
    if group not in parts.people.groups:
        return [Text("网络没有分组，不计参与度和角色。", "The network has no groups: participation and roles are not counted.")]
    word = GROUP_WORDS.get(group, Text(f"“{group}”", f"'{group}'"))
    caveats = []
    if parts.typed and group in GROUP_RULES:
        rule = GROUP_RULES[group]
        caveats.append(
            Text(
                f"参与度和角色按{word.zh}分组，每人只归一个：{rule.zh}。", f"Participation and roles go by {word.en}; everyone is in one: {rule.en}."
            )
        )
    if group in ("village", "township") and len(parts.people) > len(parts.subjects):
        caveats.append(Text(
            f"保留为节点的大组织不属于任何{word.zh}，经过它们的路径不计入角色，与它们的联系不计入参与度。",
            f"Large bodies that stay nodes are in no {word.en}: paths through them count in no role, ties to them not in participation.",
        ))  # fmt: skip
    if unknown := int((parts.people.groups[group].codes[parts.subjects] < 0).sum()):
        caveats.append(Text(
            f"有 {unknown:,} 人的{word.zh}未知，经过他们的路径不计入角色，与他们的联系不计入参与度。",
            f"The {word.en} of {unknown:,} people is unknown: paths through them count in no role, ties to them not in participation.",
        ))  # fmt: skip
    return caveats
