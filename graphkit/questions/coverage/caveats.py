"""What a reader must know before quoting a number of the coverage answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from graphkit.rules.pack import Rule, RulePack
from graphkit.words import Text

_GENERAL = (
    Text("已落实是按规则与登记得出的结论，不证明党组织在开展活动", "met is a verdict by rule and record; it does not show that the body is active"),
    Text("每条规则有自己的落实率；规则不要求的对象不计入，不同规则的率不能相加或平均",
         "each rule has a rate of its own; of whom nothing is asked, nothing is counted, and rates of different rules are neither added nor averaged"),
    Text("日期未知的关系与党组织视为有效", "ties and bodies without dates are taken as in force"),
    Text("覆盖多个村的党委视为这些村的上级，不算其中任何一个村的党组织；直接覆盖合作组织的上级党委、代管它的村党组织，不算它自己的党组织",
         "a committee that serves several villages counts as their superior, not as a body of any; a superior committee, or a village's body, that serves a "
         "co-operative is no body of its own"),
)  # fmt: skip


def tell_caveats(rows: pd.DataFrame, pack: RulePack, in_force: Sequence[Rule], day: dt.date) -> tuple[Text, ...]:
    """Say what is uncertain, which rules do not hold on the day, which were not verified, and what no rule applies."""
    return (*_uncertain(rows, in_force), *_resting(pack, in_force, day), *_unverified(in_force), *_left_out(pack), *_GENERAL)


def _uncertain(rows: pd.DataFrame, in_force: Sequence[Rule]) -> list[Text]:
    unsure = rows.loc[~rows["certain"].astype(bool), "rule"].value_counts()
    found = []
    for rule in in_force:
        if n := int(unsure.get(rule.name, 0)):
            zh = f"{rule.title.zh}（{rule.name}）：{n:,}个对象因资料不全不确定，落实率因此是一个区间"
            found.append(Text(zh, f"{rule.title.en} ({rule.name}): uncertain for {n:,}, since data are missing; the rate is an interval therefore"))
    return found


def _resting(pack: RulePack, in_force: Sequence[Rule], day: dt.date) -> list[Text]:
    return [_not_in_force(rule, day) for rule in pack if rule not in in_force]


def _not_in_force(rule: Rule, day: dt.date) -> Text:
    since, until = rule.in_force_from, rule.in_force_until
    zh = (f"自{since}起" if since else "") + (f"至{until}前" if until else "")
    en = " ".join([*([f"from {since}"] if since else []), *([f"until {until}"] if until else [])])
    return Text(
        f"规则 {rule.name} 在{day}并不施行（{zh}施行），不作要求", f"rule {rule.name} was not in force on {day} (in force {en}) and asks nothing"
    )


def _unverified(in_force: Sequence[Rule]) -> list[Text]:
    return [
        Text(f"规则未经官方文本核实：{rule.cite().zh}", f"rule not verified against an official text: {rule.cite().en}")
        for rule in in_force
        if not rule.verified
    ]


def _left_out(pack: RulePack) -> list[Text]:
    return [
        Text(f"未作判断：{left.text.zh}（{left.article.zh}）：{left.why.zh}", f"not judged: {left.text.en} ({left.article.en}): {left.why.en}")
        for left in pack.not_applied
    ]
