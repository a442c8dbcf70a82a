"""Why numbers of the page that look alike differ."""

from __future__ import annotations

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.questions.finding import Finding
from graphkit.questions.reach.shown import count_reached
from graphkit.words import Text


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
    none = count_reached(reach.rows)[2]
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
