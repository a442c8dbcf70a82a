"""Why numbers of the page that look alike differ."""

from __future__ import annotations

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.questions.finding import Finding
from graphkit.questions.reach.shown import count_reached
from graphkit.words import Text


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
    if not zoned or none != count_reached(reach.rows)[2] or none - zoned != open_:
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
