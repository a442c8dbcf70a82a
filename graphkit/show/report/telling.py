"""Each answer in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.model.kinds import TIE_TYPES, node_type
from graphkit.questions.finding import Finding
from graphkit.show.report.sentences import join, same, stop
from graphkit.words import Text

SEPARATOR = Text("；", "; ")


def tell(name: str, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
    """Say the answer in sentences; the first is enough for a reader in a hurry."""
    if finding.rows.empty:
        return [Text("没有得到任何一行。", "The answer has no rows.")]
    tellers = {"coverage": _tell_coverage, "bridges": _tell_bridges, "reach": _tell_reach}
    if name in tellers:
        return tellers[name](finding, names)
    return [Text(f"共 {len(finding):,} 行。", f"{len(finding):,} rows.")]


def _tell_coverage(finding: Finding, _names: Mapping[str, Text]) -> list[Text]:
    rows = finding.rows
    gaps = rows[rows["verdict"].isin(["due", "blank"])]
    by_kind = [_kind_gaps(kind, rows[rows["subject_kind"] == kind]) for kind in dict.fromkeys(gaps["subject_kind"])]
    if not by_kind:
        return [Text(f"{len(rows):,} 个对象都已覆盖或列入观察。", f"All {len(rows):,} subjects are covered or on watch.")]
    sentences = [join([Text("应覆盖而未覆盖：", "Should be covered and are not: "), join(by_kind, SEPARATOR), Text("。", ".")])]
    if watched := int((rows["verdict"] == "watch").sum()):
        sentences.append(Text(f"另有 {watched:,} 个待条件成熟，列入观察。", f"A further {watched:,} are on watch."))
    if unsure := int((rows["certain"].astype(object) == False).sum()):  # noqa: E712  # null is not unsure
        sentences.append(Text(f"{unsure:,} 个结论因资料不全可能改变。", f"{unsure:,} verdicts may change once missing data are known."))
    return sentences


def _kind_gaps(kind: str, rows: pd.DataFrame) -> Text:
    heading = node_type(kind).heading
    due, blank = (int((rows["verdict"] == verdict).sum()) for verdict in ("due", "blank"))
    chinese = "、".join(f"{word} {count:,}" for word, count in (("应建", due), ("空白", blank)) if count)
    english = ", ".join(f"{count:,} {word}" for word, count in (("due", due), ("blank", blank)) if count)
    return Text(f"{heading.zh} {len(rows):,} 个中 {due + blank:,} 个（{chinese}）", f"{due + blank:,} of {len(rows):,} {_PLURALS[kind]} ({english})")


_PLURALS = {
    "Township": "townships", "Village": "villages", "Cooperative": "co-operatives", "Branch": "branches", "Member": "members",
    "Household": "households", "Training": "trainings", "Zone": "zones",
}  # fmt: skip


def _tell_bridges(finding: Finding, names: Mapping[str, Text]) -> list[Text]:
    rows = finding.rows.sort_values("rank", kind="stable")
    first = rows.iloc[0]
    who = names.get(f"Member {first['subject_id']}", same(first["subject_id"]))
    sentences = [Text(f"排在首位的是 {who.zh}：{stop(first['reason_zh'], '。')}", f"First in rank is {who.en}: {stop(first['reason_en'], '.')}")]
    if "villages_spanned" in rows and (spanning := int((rows["villages_spanned"] > 1).sum())):
        sentences.append(
            Text(f"{len(rows):,} 人中，{spanning:,} 人连接两个以上的村。", f"Of {len(rows):,} people, {spanning:,} span two villages or more.")
        )
    if "stranded_households" in rows and (losing := int((rows["stranded_households"] > 0).sum())):
        most = int(rows["stranded_households"].max())
        sentences.append(
            Text(f"{losing:,} 人若离开，会有农户与组织失去联系，最多的一人牵涉 {most:,} 户。",
                 f"The loss of any of {losing:,} would cut households off; of one of them, as many as {most:,}.")
        )  # fmt: skip
    return sentences


def _tell_reach(finding: Finding, _names: Mapping[str, Text]) -> list[Text]:
    rows = finding.rows
    one, several, none = _count_reached(rows)
    total = one + several + none
    sentences = []
    if total:
        sentences.append(
            Text(f"{total:,} 户中，{one:,} 户由一人结对，{several:,} 户由多人结对，{none:,} 户（{none / total:.0%}）无人结对。",
                 f"Of {total:,} households, {one:,} are paired with one member, {several:,} with several and {none:,} ({none / total:.0%}) with nobody.")
        )  # fmt: skip
    promises = [text for kind in _pairing_words() if (text := _kept(kind, rows)) is not None]
    if promises:
        sentences.append(join([Text("承诺与记录：", "Promised and recorded: "), join(promises, SEPARATOR), Text("。", ".")]))
    return sentences or [Text("没有结对记录。", "No pairing is recorded.")]


def _count_reached(rows: pd.DataFrame) -> tuple[int, int, int]:
    """Households with one helper, several and none: each once; by villages where the rows say no more."""
    any_kind = rows[rows["pairing_kind"] == "any"]
    if "helpers" in rows:
        helpers = any_kind.loc[any_kind["subject_kind"] == "Household", "helpers"].fillna(0)
        return int((helpers == 1).sum()), int((helpers > 1).sum()), int((helpers == 0).sum())
    villages = any_kind[any_kind["subject_kind"] == "Village"]
    one, several, none = (int(villages[name].fillna(0).sum()) for name in ("reached_by_one", "reached_by_several", "reached_by_none"))
    return one, several, none


def tell_differences(reach: Finding, coverage: Finding | None, tables: Tables) -> list[Text]:
    """Say why numbers of the page that look alike differ; nothing where they are the same, or where the parts do not add up to them."""
    told = [_tell_covered_otherwise(reach, coverage) if coverage else None, _tell_residence(reach, tables)]
    return [text for text in told if text]


def _tell_covered_otherwise(reach: Finding, coverage: Finding) -> Text | None:
    """Households paired with nobody, against households not covered: a zone covers some of the former."""
    if reach.rows.empty or not {"helpers", "verdict"} <= set(coverage.rows):
        return None
    homes = coverage.select("Household")
    unpaired, (due, blank) = (homes["helpers"].fillna(0) == 0), (homes["verdict"] == "due", homes["verdict"] == "blank")
    none, zoned, open_ = int(unpaired.sum()), int((unpaired & (homes["verdict"] == "covered")).sum()), int((due | blank).sum())
    if not zoned or none != _count_reached(reach.rows)[2] or none - zoned != open_:
        return None
    verdicts = [(Text("应落实", "due"), int(due.sum())), (Text("空白", "blank"), int(blank.sum()))]
    zh, en = "、".join(f"{word.zh} {n:,}" for word, n in verdicts if n), ", ".join(f"{n:,} {word.en}" for word, n in verdicts if n)
    return Text(
        f"无人结对的 {none:,} 户中，{zoned:,} 户在有责任人的党员责任区内，按规则算已覆盖；其余 {open_:,} 户就是“空白点”一节里未覆盖的农户（{zh}）。",
        f"Of the {none:,} households paired with nobody, {zoned:,} lie in a zone with a responsible member, which covers them by the rule; "
        f"the other {open_:,} are the households not covered under Coverage gaps ({en}).",
    )


def _tell_residence(reach: Finding, tables: Tables) -> Text | None:
    """Households of the villages added up, against all households: some live in no known village, some in several."""
    lives = pd.DataFrame(
        {name: tables["Household LIVES_IN Village"][name].to_pandas() for name in ("household_id", "village_code")}
    ).drop_duplicates()
    homes = tables["Household"]["id"].to_pandas()
    lives = lives[lives["household_id"].isin(homes)]
    nowhere, again = int((~homes.isin(lives["household_id"])).sum()), int(lives["household_id"].duplicated().sum())
    villages = reach.rows[(reach.rows["subject_kind"] == "Village") & (reach.rows["pairing_kind"] == "any")]
    summed = int(villages["households"].fillna(0).sum()) if "households" in villages else 0
    if not nowhere + again or villages.empty or summed != len(homes) - nowhere + again:
        return None
    return Text(
        f"各村户数相加是 {summed:,}，全部农户是 {len(homes):,}：{nowhere:,} 户不知住在哪个村，登记在几个村的农户多计 {again:,} 次。",
        f"The villages add up to {summed:,} households, and there are {len(homes):,}: of {nowhere:,} no village is known, and those recorded "
        f"in several villages add {again:,}.",
    )


def _kept(kind: str, rows: pd.DataFrame) -> Text | None:
    """Promised against recorded for one kind of pairing; kinds are never added up."""
    mine = rows[(rows["subject_kind"] == "Member") & (rows["pairing_kind"] == kind) & rows["promised"].notna()]
    if mine.empty:
        return None
    promised, recorded, word = int(mine["promised"].sum()), int(mine["paired_households"].fillna(0).sum()), _pairing_words()[kind]
    unit = Text("人", "people") if kind == "ten_a_year" else Text("户", "households")
    return Text(
        f"{word.zh}承诺 {promised:,} {unit.zh}、有记录 {recorded:,} 户",
        f"{word.en}, {promised:,} {unit.en} promised and {recorded:,} households on record",
    )


def _pairing_words() -> dict[str, Text]:
    helps = next(tie for tie in TIE_TYPES if tie.table == "Member HELPS Household")
    return {choice.value: choice.heading for column in helps.properties if column.name == "kind" for choice in column.choices}
