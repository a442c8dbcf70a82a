"""Each answer in words."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.model.kinds import TIE_TYPES, node_type
from graphkit.questions.coverage import summarise_coverage
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
    """What is open, rule by rule, what cannot be told, and what is near: never one number over several rules."""
    lines = [line for line in summarise_coverage(finding).to_dict("records") if line["asked"] + line["unknown"]]
    titles = {column.name: column.values for column in finding.columns}["rule"]
    open_ = [_say_rule(titles[line["rule"]], line) for line in lines if line["open"]]
    if open_:
        sentences = [join([Text("未落实的：", "Not met: "), join(open_, SEPARATOR), Text("。", ".")])]
    else:
        sentences = [Text("凡确定有要求的都已落实。", "Every rule is met wherever it certainly asks something.")]
    if unsure := int((~finding.rows["certain"].astype(bool)).sum()):
        sentences.append(Text(f"{unsure:,} 个结果因资料不全不能确定。", f"{unsure:,} outcomes cannot be told, since data are missing."))
    if near := int(finding.rows["flags"].astype(object).fillna("").map(lambda flags: "watch" in flags.split(";")).sum()):
        sentences.append(Text(f"{near:,} 个接近条件，待成熟后应成立党组织。", f"{near:,} are near the threshold, above which a body is due."))
    return sentences


def _say_rule(title: Text, line: Mapping[Hashable, Any]) -> Text:
    asked, open_ = int(line["asked"]), int(line["open"])
    return Text(f"{title.zh}，{asked:,} 个中 {open_:,} 个", f"{title.en}, {open_:,} of {asked:,}")


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
    told = [_tell_asked_otherwise(reach, coverage) if coverage else None, _tell_residence(reach, tables)]
    return [text for text in told if text]


def _tell_asked_otherwise(reach: Finding, coverage: Finding) -> Text | None:
    """Households paired with nobody, against those of which a rule asks a helper: of most no rule asks one."""
    if reach.rows.empty or not {"helpers", "outcome"} <= set(coverage.rows):
        return None
    homes = coverage.select("Household")
    unpaired = homes[homes["helpers"].fillna(0) == 0]
    none = _count_reached(reach.rows)[2]
    open_, unsure = (int(((unpaired["asked"] == asked) & (unpaired["outcome"] == "open")).sum()) for asked in ("yes", "unknown"))
    if not none or open_ + unsure > none or homes["subject_id"].duplicated().any():
        return None
    zh = f"，{unsure:,} 户是否困难户未知" if unsure else ""
    en = f", and of {unsure:,} it is unknown whether they are poor" if unsure else ""
    rest = none - open_ - unsure
    return Text(
        f"无人结对的 {none:,} 户中，{open_:,} 户按规则应有人结对{zh}；其余 {rest:,} 户没有规则要求结对，不是空白点。",
        f"Of the {none:,} households paired with nobody, a rule asks a helper for {open_:,}{en}; of the other {rest:,} no rule asks a pairing, and they "
        "are no gap.",
    )  # fmt: skip


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
