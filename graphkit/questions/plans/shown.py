"""How a plan is summed up, told and drawn, and what must be known before it is acted on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graphkit.pages.plots import stack_bars
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import Finding
from graphkit.questions.plans.columns import ACTS
from graphkit.questions.plans.units import Ground
from graphkit.questions.question import Summary
from graphkit.words import Text, join, say_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GENERAL = (
    Text("方案只看登记的情况和规则条文：条件具备不等于应当马上成立，须由上级批准；只用未落实的单位组合，已落实的单位和现有党组织都不变",
         "a plan knows the record and the rules alone: whether to form a body is for its superior to approve; only open units are put together, and units "
         "without a gap, and bodies that exist, stay as they are"),
    Text("新党组织成立后须选出书记或委员会，在此之前关于书记和委员会的规则对它们未落实；党员在新党组织中为协助管理，组织关系不转",
         "a new body then elects a secretary or a committee, and until then rules on offices are open for it; its members are assisted by it, nobody's membership is moved"),
    Text("名称、上级和联络指导员是按图中的情况拟的，可以改", "names, superiors and liaisons are proposals from what the graph holds"),
)  # fmt: skip


def tell_caveats(name: str, told: Mapping[str, Any], asked: Mapping[str, Any], ground: Ground) -> tuple[Text, ...]:
    """Say whether it is proven, how many plans are as good, what is left, and what a plan cannot know."""
    return (_tell_proof(name, told), *_tell_ways(told), *_tell_left(name, told), *_tell_uncounted(asked, ground), *_GENERAL)


def _tell_proof(name: str, told: Mapping[str, Any]) -> Text:
    """Whether no plan is better, and if not, what no plan passes."""
    if not told["proven"]:
        bound, gap = say_number(told["bound"]), f"{told['gap']:.1%}"
        return Text(
            f"时间不够，未能证明没有更好的方案：界为 {bound}，差距 {gap}",
            f"time was short, so this is not proven to be best: the bound is {bound}, a gap of {gap}",
        )
    if name == "select_covering_set":
        return Text("已证明：少于此数的党组织和联络指导员不能落实同样多的单位", "proven: fewer bodies and liaisons will not settle as many units")
    return Text("已证明：同样多的党组织和联络指导员不能覆盖更多", "proven: no plan with as many bodies and liaisons reaches more")


def _tell_ways(told: Mapping[str, Any]) -> list[Text]:
    ways = told["ways"]
    zh, en = "（只看哪些单位在一起，不看上级和联络指导员是谁）", ", by which units are together, whoever their superior or liaison is"
    if told["all_ways_counted"]:
        return [Text(f"同样好的方案共 {ways} 个，这是其中之一{zh}" if ways > 1 else f"同样好的方案只此一个{zh}",
                     f"it is one of {ways} plans that are as good{en}" if ways > 1 else f"no other plan is as good{en}")]  # fmt: skip
    many = f"at least {ways} plans are as good, this one included" if ways > 1 else "whether another plan is as good was not found out"
    return [Text(f"同样好的方案至少有 {ways} 个，没有数完{zh}" if ways > 1 else "有没有同样好的方案，没有查明", f"{many}{en if ways > 1 else ''}")]


def _tell_left(name: str, told: Mapping[str, Any]) -> list[Text]:
    left = told["left"]
    if not left or name != "select_covering_set":
        return []
    return [Text(f"{left} 个未落实的单位尚无办法，见各行", f"nothing can be done yet for {left} open unit{'' if left == 1 else 's'}: see the rows")]


def _tell_uncounted(asked: Mapping[str, Any], ground: Ground) -> list[Text]:
    if asked.get("weight") != "people":
        return []
    unknown = ground.tables["Household"]["people"].null_count
    return [Text(f"{unknown:,} 户人口未知，计为 0 人", f"{unknown:,} households with unknown people count as 0")] if unknown else []


def summarise_plan(finding: Finding) -> Summary:
    """A line for each thing to do."""
    words = {lang: [ACTS[act].say(lang) for act in finding.rows["act"]] for lang in ("zh", "en")}
    lines = [
        (Text(zh, en), row["unit_names"], row["full_members"], row["households"], row["superior_name"] or row["superior_id"] or "–")
        for zh, en, row in zip(words["zh"], words["en"], finding.rows.to_dict("records"), strict=True)
    ]
    headings = [Text("做什么", "what"), Text("单位", "units"), Text("正式党员", "full members"), Text("农户", "households"), Text("上级", "superior")]
    return Summary(finding.title, headings, lines, [*tell_plan(finding), *finding.caveats[:3]])


def tell_plan(finding: Finding) -> list[Text]:
    """Say what is to be done in one sentence."""
    counts = finding.rows["act"].value_counts()
    parts = [Text(f"{ACTS[act].zh} {counts[act]} 个", f"{ACTS[act].en}: {counts[act]}") for act in ACTS if act in counts]
    if not parts:
        return [Text("没有未落实的组建规则。", "No rule on bodies is open.")]
    told = finding.provenance
    return [join([Text(f"未落实的单位 {told['open']} 个。", f"Open units: {told['open']}. "), join(parts, Text("，", "; ")), Text("。", ".")])]


def extract_plan(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """Everything to be done."""
    shown = ("act", "name", "unit_names", "full_members", "households", "superior_name", "reason", "remedy")
    return [take(Text("要做的事", "What is to be done"), finding, finding.rows, shown, names)]


def draw_plan(finding: Finding, ax: Axes, lang: str, _labels: Mapping[str, str]) -> bool:
    """A bar for each act: how many units it settles."""
    counts = finding.rows.groupby("act", sort=False)["unit_count"].sum()
    if counts.empty:
        return False
    units = (Text("单位", "units").say("zh" if lang == "zh" else "en"), "#a9c5ba", counts.to_numpy())
    stack_bars(ax, [ACTS[act].say("zh" if lang == "zh" else "en") for act in counts.index], [units], shares=False)
    return True
