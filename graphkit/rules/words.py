"""What a verdict rests on, in words: the rule, the superior body it names, a reason and a remedy, in Chinese and English.

Subjects with the same counts get the same words, so words are made once for each combination of
counts (`Case`), never row by row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from graphkit.rules.packs import Rule, RulePack, When
from graphkit.words import Text

NOTHING = Text("无需处理", "nothing to do")


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about a subject that its words depend on; None where a count does not apply.

    `case` is what rules tell apart: scope of a co-operative, stage of a person, poor, not_poor or unknown.
    """

    subject_kind: str
    verdict: str
    case: str | None
    stage_matters: bool | None
    kind_matters: bool | None
    near_threshold: bool | None
    full_members: int | None
    probationary_members: int | None
    unknown_stage_members: int | None
    branches: int | None
    groups: int | None
    liaisons: int | None
    helpers: int | None
    primaries: int | None
    unknown_bodies: int | None
    villages: int | None
    superiors: int | None
    village_body: int | None
    township_committee: int | None
    sector_committee: int | None
    in_zone: bool | None


@dataclass(frozen=True, slots=True)
class Words:
    """The rule applied to a case, and what to tell the reader."""

    rule: Rule
    superior: Text | None
    superior_agrees: bool | None
    reason: Text
    remedy: Text


def explain_case(case: Case, pack: RulePack, as_of: dt.date, stale_days: int) -> Words:
    """Say by which rule of `pack` a case is judged, why the verdict is what it is, and what to do.

    Parameters
    ----------
    case : Case
        The counts and the verdict.
    pack : RulePack
        The rules.
    as_of : date
        Day of the question; a rule in force on it is taken before one that is not.
    stale_days : int
        Age from which a visit is stale, days.

    Examples
    --------
    >>> from graphkit.rules.packs import read_rule_pack
    >>> counts = dict.fromkeys(Case.__dataclass_fields__) | {"subject_kind": "Household", "verdict": "due", "case": "poor", "helpers": 0}
    >>> explain_case(Case(**counts), read_rule_pack("acheng-2010"), dt.date(2012, 4, 30), 183).reason.en
    'a poor household without a helper'
    """
    if case.subject_kind == "Member":
        return _explain_member(case, _rule(case, pack, as_of))
    if case.subject_kind == "Household":
        return _explain_household(case, _rule(case, pack, as_of), stale_days)
    return _explain_host(case, pack, as_of)


def _rule(case: Case, pack: RulePack, as_of: dt.date, when: When = "enough") -> Rule:
    return pack.find_rule(case.subject_kind, case=case.case, when=when, as_of=as_of)


def _join(*texts: Text | None) -> Text:
    said = [text for text in texts if text]
    return Text("；".join(text.zh for text in said), "; ".join(text.en for text in said))


def _count(number: int | None, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


# co-operatives and villages


def _explain_host(case: Case, pack: RulePack, as_of: dt.date) -> Words:
    by_scope = _rule(case, pack, as_of)
    threshold = pack.threshold(case.subject_kind)
    few = case.branches == 0 and (case.full_members or 0) < threshold
    rule = _rule(case, pack, as_of, "few") if few else by_scope
    agrees = _superior_agrees(case, by_scope)
    reason = _join(_host_reason(case, threshold), _host_doubt(case), _superior_doubt(by_scope.superior) if agrees is False else None)
    remedy = _join(_host_first(case), _host_remedy(case, rule, threshold), _superior_remedy(by_scope.superior) if agrees is False else None)
    return Words(rule, by_scope.superior, agrees, reason, _without_nothing(remedy))


def _superior_agrees(case: Case, rule: Rule) -> bool | None:
    """Whether a serving body reports to the superior that the rule names; None where that cannot be told."""
    needs_village = "sector_committee" not in rule.superior_check
    if not rule.superior_check or not case.branches or not case.superiors or (needs_village and not case.villages):
        return None
    return any(getattr(case, check) for check in rule.superior_check)


def _host_reason(case: Case, threshold: int) -> Text:
    full = _count(case.full_members, "full member", "full members")
    if case.branches:
        return Text(f"有{case.branches}个党组织覆盖", f"served by {_count(case.branches, 'branch', 'branches')}")
    if case.verdict == "due":
        return Text(
            f"正式党员{case.full_members}人，已达{threshold}人，但无党组织覆盖", f"{full}, at or above the threshold of {threshold}, and no branch"
        )
    below = Text(f"正式党员{case.full_members}人，不足{threshold}人", f"{full}, below the threshold of {threshold}")
    if case.verdict == "blank":
        return _join(below, Text("也无党小组、联络岗或联络员", "no group, liaison post or liaison either"))
    return _join(below, _near(case.probationary_members or 0) if case.verdict == "watch" else None, _support(case))


def _near(probationary: int) -> Text:
    return Text(f"预备党员{probationary}人，接近条件", f"near it with {probationary} probationary") if probationary else Text("接近条件", "near it")


def _support(case: Case) -> Text:
    """What a unit short of the threshold has instead of a branch; what it has none of is not named."""
    groups = Text(f"{case.groups}个党小组或联络岗", _count(case.groups, "group or liaison post", "groups or liaison posts"))
    liaisons = Text(f"{case.liaisons}名联络员", _count(case.liaisons, "liaison", "liaisons"))
    there = [text for number, text in ((case.groups, groups), (case.liaisons, liaisons)) if number]
    return Text("有" + "、".join(text.zh for text in there), " and ".join(text.en for text in there) + " in place")


def _host_doubt(case: Case) -> Text | None:
    stage = Text(
        f"另有{case.unknown_stage_members}人发展阶段未知，若为正式党员，结论不同",
        f"the stage of {case.unknown_stage_members} more is unknown: were they full members, the verdict would differ",
    )
    kind = Text(f"另有{case.unknown_bodies}个类别未知的党组织", f"{_count(case.unknown_bodies, 'body', 'bodies')} of unknown kind besides")
    return _join(stage if case.stage_matters else None, kind if case.kind_matters else None) if case.stage_matters or case.kind_matters else None


def _host_first(case: Case) -> Text | None:
    """What to find out before acting."""
    if case.stage_matters:
        return Text("先核实人员的发展阶段", "first find out the stage of the people")
    return Text("先核实党组织的类别", "first find out the kind of the body") if case.kind_matters else None


def _host_remedy(case: Case, rule: Rule, threshold: int) -> Text:
    more = threshold - (case.full_members or 0)
    if case.verdict == "due":
        return _form_body(case, rule)
    if case.verdict == "watch":
        return Text(
            f"列入待成熟名单，再有{more}名正式党员即应成立",
            f"keep on the watch list: with {_count(more, 'more full member', 'more full members')} a body is due",
        )
    if case.verdict == "blank":
        generic = Text("指派联络员，或与相邻单位联合组建", "appoint a liaison, or join with a neighbouring unit")
        return rule.remedy if rule.remedy and rule.when == "few" else generic
    return NOTHING if case.branches else Text("暂无需处理，条件成熟后及时成立", "nothing for now; form a body as soon as the conditions are met")


def _form_body(case: Case, rule: Rule) -> Text:
    """The rule's own remedy, its superior, and the larger body that its bounds allow for so many members."""
    full, bounds = case.full_members or 0, rule.bounds
    under = rule.superior if rule.superior_check else None
    larger = None
    if full >= bounds.get("committee_from", full + 1):
        larger = Text(f"正式党员达{bounds['committee_from']}人，可成立党委", f"with {bounds['committee_from']} or more a committee may be formed")
    elif full >= bounds.get("general_branch_from", full + 1):
        larger = Text(
            f"正式党员达{bounds['general_branch_from']}人，可成立党总支",
            f"with {bounds['general_branch_from']} or more a general branch may be formed",
        )
    elif full > bounds.get("branch_at_most", full):
        larger = Text(f"超过{bounds['branch_at_most']}人，宜分设", f"above {bounds['branch_at_most']} it should be divided")
    form = rule.remedy or Text("成立党组织", "form a Party body")
    place = Text(f"隶属{under.zh}", f"under {under.en}") if under else None
    return _join(Text(f"{form.zh}，{place.zh}", f"{form.en} {place.en}") if place else form, larger)


def _superior_doubt(superior: Text | None) -> Text | None:
    return Text(f"现有党组织未见隶属{superior.zh}", f"no serving body is recorded under {superior.en}") if superior else None


def _superior_remedy(superior: Text | None) -> Text | None:
    return Text(f"核对隶属关系，应为{superior.zh}", f"check the superior body, which should be {superior.en}") if superior else None


def _without_nothing(remedy: Text) -> Text:
    """Drop "nothing to do" where something else is to be done."""
    if remedy == NOTHING or not remedy.zh.startswith(f"{NOTHING.zh}；"):
        return remedy
    return Text(remedy.zh.removeprefix(f"{NOTHING.zh}；"), remedy.en.removeprefix(f"{NOTHING.en}; "))


# people


def _explain_member(case: Case, rule: Rule) -> Words:
    unknown = case.case == "unknown"
    admitted = case.case in ("full", "probationary", "unknown")
    reason, remedy = _admitted(case) if admitted else _on_the_way(case)
    doubt = Text("发展阶段未知", "the stage is unknown") if unknown else None
    first = Text("先核实发展阶段", "first find out the stage") if unknown else None
    return Words(rule, None, None, _join(reason, doubt), _join(first, None if unknown and remedy == NOTHING else remedy))


def _admitted(case: Case) -> tuple[Text, Text]:
    branches, primaries = case.branches or 0, case.primaries or 0
    if not branches:
        return Text("未编入任何党组织（脱管）", "belongs to no branch: nobody manages the membership"), Text("编入一个党组织", "assign to a branch")
    if not primaries:
        reason = Text(
            f"有{branches}个协助管理的党组织，但无主要管理的党组织",
            f"{_count(branches, 'assisting branch', 'assisting branches')}, but no primary one",
        )
        return reason, Text("确定组织关系所在的党组织", "decide which branch holds the membership")
    if primaries > 1:
        reason = Text(f"有{primaries}个主要管理的党组织，应为1个", f"{primaries} primary branches where one is the rule")
        return reason, Text("保留一个主要管理，其余改为协助管理", "keep one as primary, mark the others as assisting")
    assisting = branches - primaries
    also = Text(f"，另有{assisting}个协助管理", f" and {_count(assisting, 'assisting one', 'assisting ones')}") if assisting else Text("", "")
    return Text(f"有1个主要管理的党组织{also.zh}", f"one primary branch{also.en}"), NOTHING


def _on_the_way(case: Case) -> tuple[Text, Text]:
    if case.case == "applicant":
        return Text("申请人，尚未列为积极分子", "an applicant, not yet an activist"), Text("纳入培养视野", "bring into view for admission")
    if not case.helpers:
        return Text("无培养联系人", "no mentor"), Text("确定培养联系人", "appoint a mentor")
    mentors = Text(f"有{case.helpers}名培养联系人", f"{_count(case.helpers, 'mentor', 'mentors')}")
    return mentors, Text("继续培养考察", "go on mentoring")


# households


def _explain_household(case: Case, rule: Rule, stale_days: int) -> Words:
    reason, remedy = _helped(case, stale_days) if case.helpers else _unhelped(case)
    doubt = Text("是否困难户未知", "whether it is poor is unknown") if case.stage_matters else None
    first = Text("先核实是否困难户", "first find out whether it is poor") if case.stage_matters else None
    return Words(rule, None, None, _join(reason, doubt), _join(first, None if first and remedy == NOTHING else remedy))


def _helped(case: Case, stale_days: int) -> tuple[Text, Text]:
    helpers = Text(f"有{case.helpers}名党员结对", f"{_count(case.helpers, 'helper', 'helpers')}")
    if case.verdict == "watch":
        old = Text(f"最近走访均在{stale_days}天以前", f"the last visit of each more than {stale_days} days ago")
        return _join(helpers, old), Text("安排走访并记录", "visit, and record the visit")
    return helpers, NOTHING


def _unhelped(case: Case) -> tuple[Text, Text]:
    if case.verdict == "due":
        return Text("困难户，无党员结对", "a poor household without a helper"), Text("安排党员“一帮一”结对", "pair it with a member, one to one")
    if case.in_zone:
        return Text("无党员结对，但所在责任区有责任人", "no helper, but its zone has a responsible member"), NOTHING
    reason = Text("无党员结对，也不在有责任人的责任区", "no helper, and in no zone with a responsible member")
    return reason, Text("安排结对，或划入有责任人的责任区", "pair it, or put it in a zone with a responsible member")
