"""Coverage gaps: who or what should be covered by the organisation, by a written rule, and is not?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from graphkit.data.tables import Tables, day_before
from graphkit.engines.duckdb import run_question
from graphkit.engines.frames import Frame, Frames, count_distinct, count_rows, count_where, join_frames, stack_frames
from graphkit.errors import ParameterError
from graphkit.model.kinds import MODEL
from graphkit.questions.coverage.shown import draw_gaps
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.rules.packs import CASES, Rule, RulePack, read_rule_pack
from graphkit.rules.words import Case, Words, explain_case
from graphkit.words import Text

BRANCH_KINDS = ("committee", "general_branch", "branch", "joint_branch", "temporary_branch")  # bodies that cover
SUPPORT_KINDS = ("group", "liaison_post")  # what a unit short of the threshold has instead
STALE_DAYS = 183  # half a year without a visit
VERDICTS = ("covered", "due", "watch", "blank")
KINDS = ("Village", "Cooperative", "Member", "Household")  # judged, in the order of the schema

_PEOPLE = Text("人", "people")
_BODIES = Text("个", "bodies")
_VERDICT_WORDS = {
    "covered": Text("已覆盖", "covered"),
    "due": Text("应建未建（应落实）", "due"),
    "watch": Text("待成熟", "watch"),
    "blank": Text("空白点", "blank"),
}
_NOT_COUNTED = Text("此类对象不计此数", "not counted for this kind")
_SCOPES = {choice.value: choice.heading for p in MODEL.node_type("Cooperative").properties if p.name == "scope" for choice in p.choices}

COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("name", Text("名称", "name"), Text("村或合作组织的名称", "name of the village or co-operative"), Text("未知；人员与农户不列姓名", "unknown; people and households are not named")),
    Column("verdict", Text("结论", "verdict"), Text("按规则得出的结论", "what the rule comes to"), Text("不会为空", "never missing"), values=_VERDICT_WORDS),
    Column("certain", Text("是否确定", "certain"), Text("未知的值无论如何都不改变结论", "no unknown value could change the verdict"), Text("不会为空", "never missing")),
    Column("near_threshold", Text("接近条件", "near threshold"),
           Text("未达人数，但只差少许，或预备党员转正后即达到", "short of the threshold by few, or only until its probationary members are full members"), _NOT_COUNTED),
    Column("rule", Text("规则", "rule"), Text("所依据的规则", "the rule applied"), Text("不会为空", "never missing")),
    Column("full_members", Text("正式党员", "full members"), Text("从业或居住的正式党员", "full members who work or live there"), _NOT_COUNTED, _PEOPLE),
    Column("probationary_members", Text("预备党员", "probationary members"), Text("从业或居住的预备党员", "probationary members who work or live there"), _NOT_COUNTED, _PEOPLE),
    Column("unknown_stage_members", Text("阶段未知人员", "people of unknown stage"), Text("从业或居住、发展阶段未知的人", "people there whose stage is unknown"), _NOT_COUNTED, _PEOPLE),
    Column("branches", Text("党组织", "branches"),
           Text("覆盖它的党支部以上党组织；人员：所在党组织数。覆盖多个村的党委是上级，不计入", "bodies that cover it, branch and above; of a person: bodies belonged to. A committee that serves several villages is their superior and is not counted"),
           _NOT_COUNTED, _BODIES),
    Column("groups", Text("党小组、联络岗", "groups"), Text("覆盖它的党小组与联络岗", "groups and liaison posts that serve it"), _NOT_COUNTED, _BODIES),
    Column("liaisons", Text("联络员", "liaisons"), Text("联系它的党员", "members who are its liaisons"), _NOT_COUNTED, _PEOPLE),
    Column("helpers", Text("帮扶人、培养联系人", "helpers"), Text("农户：结对帮扶的党员；人员：培养联系人", "of a household: members who help it; of a person: mentors"), _NOT_COUNTED, _PEOPLE),
    Column("scope", Text("范围", "scope"), Text("登记的范围，未登记时由经营村推断", "declared scope, or inferred from the villages"), Text("不适用，或范围未知", "does not apply, or unknown"), values=_SCOPES),
    Column("superior_agrees", Text("隶属相符", "superior agrees"), Text("有党组织隶属于规则所指的上级", "a serving body reports to the superior that the rule names"),
           Text("无党组织、规则未指明上级，或无从判断", "no body, no superior named, or it cannot be told")),
    Column("superior_zh", Text("上级（中文）", "superior (Chinese)"), Text("规则所指的上级党组织", "superior body named by the rule"), Text("规则未指明", "the rule names none")),
    Column("superior_en", Text("上级（英文）", "superior (English)"), Text("规则所指的上级党组织", "superior body named by the rule"), Text("规则未指明", "the rule names none")),
    Column("reason_zh", Text("理由（中文）", "reason (Chinese)"), Text("结论的理由", "why the verdict is so"), Text("不会为空", "never missing")),
    Column("reason_en", Text("理由（英文）", "reason (English)"), Text("结论的理由", "why the verdict is so"), Text("不会为空", "never missing")),
    Column("remedy_zh", Text("办法（中文）", "remedy (Chinese)"), Text("该做什么", "what to do"), Text("不会为空", "never missing")),
    Column("remedy_en", Text("办法（英文）", "remedy (English)"), Text("该做什么", "what to do"), Text("不会为空", "never missing")),
)  # fmt: skip

_TITLE = Text(
    "空白点：按规则应覆盖而未覆盖的合作组织、村、人员与农户",
    "Coverage gaps: co-operatives, villages, members and households that a rule would have covered",
)

_TABLES = (
    "Village", "Cooperative", "Branch", "Member", "Household", "Village IN Township", "Cooperative OPERATES_IN Village", "Branch SERVES Cooperative",
    "Branch SERVES Village", "Branch REPORTS_TO Branch", "Member BELONGS_TO Branch", "Member WORKS_IN Cooperative", "Member LIVES_IN Village",
    "Member HELPS Household", "Member MENTORS Member", "Member LIAISES Cooperative", "Member RESPONSIBLE_FOR Zone", "Zone COVERS Household",
)  # fmt: skip

_STRING, _COUNT, _BOOLEAN = pa.string(), pa.int64(), pa.bool_()
_ANSWER = pa.schema(
    [("kind_order", _COUNT), ("subject_kind", _STRING), ("subject_id", _STRING), ("name", _STRING), ("verdict", _STRING), ("case", _STRING)]
    + [("scope", _STRING)]
    + [(name, _BOOLEAN) for name in ("near_threshold", "stage_matters", "kind_matters", "in_zone")]
    + [(name, _COUNT) for name in ("full_members", "probationary_members", "unknown_stage_members", "branches", "groups", "liaisons", "helpers")]
    + [(name, _COUNT) for name in ("primaries", "unknown_bodies", "villages", "superiors", "village_body", "township_committee", "sector_committee")]
)
_TYPES: Mapping[pa.DataType, nw.Int64 | nw.String | nw.Boolean] = {_STRING: nw.String(), _COUNT: nw.Int64(), _BOOLEAN: nw.Boolean()}
_CASE_COLUMNS = tuple(Case.__dataclass_fields__)


def find_coverage_gaps(tables: Tables, *, rules: str | Path | RulePack = "acheng-2010", as_of: dt.date | None = None) -> Finding:
    """Who or what should be covered by the organisation, by a written rule, and is not?

    Every village, co-operative, member and household that is there gets one verdict. T is the
    threshold of the rule pack (3 in every shipped one); all counts are of distinct nodes, over ties
    in force on `as_of`.

    - *Co-operative, village*: **covered** with a branch of any kind from temporary branch to
      committee; else **due** with T or more full members (who work or live there); else **blank**
      with no group, liaison post or liaison; else **watch** near the threshold, that is one member
      short of T, or at T once the probationary members are admitted; else covered. A
      committee that serves several villages is their superior and covers none of them.
    - *Member* (full, probationary or of unknown stage): **covered** with exactly one primary branch;
      **due** with two or more, or with assisting ones alone; **blank** in no branch. Activist or
      candidate: **watch** with a mentor, **due** without. Applicant: **watch**.
    - *Household*: with helpers **watch** if the last visit of every pairing is recorded and more than
      183 days ago, else **covered**. Without: **due** if poor; covered in a zone with a responsible
      member; else **blank**.

    Parameters
    ----------
    tables : Tables
        The district.
    rules : str, Path or RulePack
        Name of a shipped pack, path of a user's own, or a pack already read.
    as_of : date, optional
        Day the answer speaks of; today if not given. An unknown date of a tie or body excludes nothing.

    Returns
    -------
    Finding
        Rows in the order of kind (Village, Co-operative, Member, Household), then id; columns as
        `COLUMNS` declares them, with the meaning of a missing value. ``certain`` is false where a
        value that is unknown (a stage, the kind of a body, whether a household is poor) could change
        the verdict; caveats count these and give the coverage of co-operatives as an interval.
        Words are categorical: few texts, many rows.

    Raises
    ------
    ModelError
        If the rule pack contradicts itself.
    ParameterError
        If no such pack is shipped, or `as_of` is no date.
    SourceError
        If a pack's file cannot be read.

    Examples
    --------
    >>> tables = Tables({
    ...     "Cooperative": pa.table({"id": ["c1"], "name": ["稻米协会"], "scope": ["village"]}),
    ...     "Member": pa.table({"id": ["m1", "m2", "m3"], "stage": ["full"] * 3}),
    ...     "Member WORKS_IN Cooperative": pa.table({"member_id": ["m1", "m2", "m3"], "cooperative_id": ["c1"] * 3}),
    ... })
    >>> gaps = find_coverage_gaps(tables, as_of=dt.date(2012, 4, 30))
    >>> gaps.select("Cooperative")[["verdict", "rule", "full_members", "superior_en"]].to_dict("records")
    [{'verdict': 'due', 'rule': 'acheng-2010.s12', 'full_members': 3, 'superior_en': "the village's general branch (or its branch)"}]

    References
    ----------
    The article of Acheng's organisation department (2012), sentences 12–16, 31–32, 51 and 57; set
    covering calls what is due or blank *uncovered demand*.
    """
    pack = rules if isinstance(rules, RulePack) else read_rule_pack(rules)
    day = dt.date.today() if as_of is None else as_of  # noqa: DTZ011  # the reader's own day
    standing = tables.at(day)
    answer = run_question(_Question(pack, day), {name: standing[name] for name in _TABLES}, _ANSWER, order=["kind_order", "subject_id"])
    codes, cases = _distinct_cases(answer)
    words = [explain_case(case, pack, day, STALE_DAYS) for case in cases]
    rows = _frame(answer, codes, words)
    applied = {w.rule.name: w.rule for w in words}
    return Finding(
        "find_coverage_gaps", _TITLE, rows, COLUMNS, {"rules": pack.id}, tuple(sorted(applied)),
        (*_count_caveats(rows), *_rule_caveats(pack, applied, day), *_GENERAL_CAVEATS),
        {"dataset": tables.dataset, "nodes": tables.node_count, "ties": tables.tie_count}, day, "name", "verdict", draw_gaps,
    )  # fmt: skip


def summarise_coverage(finding: Finding) -> pd.DataFrame:
    """How many of each kind are covered, due, on watch and blank, and what is the rate of coverage?

    Parameters
    ----------
    finding : Finding
        Of `find_coverage_gaps`.

    Returns
    -------
    DataFrame
        One row a kind that occurs, in the order of the schema: subject_kind, total, covered, due,
        watch, blank, uncertain (subjects), rate_low, rate_high (0 to 1). The rate is an interval:
        low counts what is certainly covered, high counts every uncertain one as covered too.

    Raises
    ------
    ParameterError
        If the finding answers another question.

    Examples
    --------
    >>> tables = Tables({"Household": pa.table({"id": ["h1", "h2"], "is_poor": [True, None]})})
    >>> summarise_coverage(find_coverage_gaps(tables)).to_dict("records")[0]["rate_high"]
    0.5
    """
    if finding.question != "find_coverage_gaps":
        raise ParameterError(
            f"takes a finding of find_coverage_gaps, not of {finding.question}", zh=f"须是 find_coverage_gaps 的回答，而不是 {finding.question} 的"
        )
    summary = [_summarise_kind(kind, finding.select(kind)) for kind in KINDS]
    frame = pd.DataFrame(summary, columns=["subject_kind", "total", *VERDICTS, "uncertain", "rate_low", "rate_high"])
    return frame[frame["total"] > 0].reset_index(drop=True)


def _summarise_kind(kind: str, rows: pd.DataFrame) -> dict[str, object]:
    verdict, certain = rows["verdict"], rows["certain"].astype(bool)
    covered = verdict == "covered"
    total = len(rows)
    return {
        "subject_kind": kind,
        "total": total,
        **{name: int((verdict == name).sum()) for name in VERDICTS},
        "uncertain": int((~certain).sum()),
        "rate_low": int((covered & certain).sum()) / total if total else np.nan,
        "rate_high": int((covered | ~certain).sum()) / total if total else np.nan,
    }


# the question: lazy frames in, one lazy frame out


class _Question:
    """The relational part: counts and verdict of every subject, by the thresholds of one pack on one day."""

    def __init__(self, pack: RulePack, day: dt.date) -> None:
        self.pack, self.day = pack, day

    def __call__(self, frames: Frames) -> Frame:
        parts = [self._villages(frames), self._cooperatives(frames), _judge_members(frames), self._households(frames)]
        whole = [_complete(part.with_columns(nw.lit(order).alias("kind_order"), nw.lit(kind).alias("subject_kind"))) for order, (kind, part) in enumerate(zip(KINDS, parts, strict=True))]  # fmt: skip
        return stack_frames(whole, _ANSWER.names)

    def _villages(self, frames: Frames) -> Frame:
        subjects = _subjects(frames["Village"], "code", "name")
        people = _count_stages(frames["Member LIVES_IN Village"], frames["Member"], "village_code")
        bodies = _count_bodies(_village_bodies(frames), "village_code")
        counted = _left(_left(subjects, people, "village_code"), bodies, "village_code")
        return self._judge_hosts(_zeros(counted.with_columns(nw.lit(0).alias("liaisons"))), "Village")

    def _cooperatives(self, frames: Frames) -> Frame:
        counted = _subjects(frames["Cooperative"], "id", "name", "scope")
        for counts in (
            _count_stages(frames["Member WORKS_IN Cooperative"], frames["Member"], "cooperative_id"),
            _count_bodies(_serving(frames, "Branch SERVES Cooperative", "cooperative_id"), "cooperative_id"),
            frames["Member LIAISES Cooperative"].group_by("cooperative_id").agg(count_distinct("member_id").alias("liaisons")),
            _count_villages(frames),
            _count_superiors(frames),
        ):
            counted = _left(counted, counts, "cooperative_id")
        scoped = _zeros(counted).with_columns(_scope().alias("scope"))
        return self._judge_hosts(scoped.with_columns(nw.col("scope").fill_null("unknown").alias("case")), "Cooperative")

    def _judge_hosts(self, counted: Frame, kind: str) -> Frame:
        full, all_full = nw.col("full_members"), nw.col("full_members") + nw.col("unknown_stage_members")
        threshold = self.pack.threshold(kind)
        judged = counted.with_columns(
            self._near(full, threshold).alias("near_threshold"),
            self._host_verdict(full, threshold).alias("verdict"),
            self._host_verdict(all_full, threshold).alias("verdict_if_full"),
        )
        return judged.with_columns(
            (nw.col("verdict") != nw.col("verdict_if_full")).alias("stage_matters"),
            ((nw.col("verdict") != "covered") & (nw.col("unknown_bodies") > 0)).alias("kind_matters"),
        )

    def _near(self, full: nw.Expr, threshold: int) -> nw.Expr:
        close = full >= threshold - self.pack.near_missing
        if self.pack.near_counts_probationary:
            close = close | (full + nw.col("probationary_members") >= threshold)
        return (full < threshold) & close

    def _host_verdict(self, full: nw.Expr, threshold: int) -> nw.Expr:
        return (
            nw.when(nw.col("branches") > 0).then(nw.lit("covered"))
            .when(full >= threshold).then(nw.lit("due"))
            .when(nw.col("groups") + nw.col("liaisons") == 0).then(nw.lit("blank"))
            .when(self._near(full, threshold)).then(nw.lit("watch"))
            .otherwise(nw.lit("covered"))
        )  # fmt: skip

    def _households(self, frames: Frames) -> Frame:
        pairings = frames["Member HELPS Household"].group_by("household_id").agg(
            count_distinct("member_id").alias("helpers"),
            count_where(nw.col("last_visit_on").is_null()).alias("unvisited"),
            nw.col("last_visit_on").max().alias("last_visit_on"),
        )  # fmt: skip
        subjects = _subjects(frames["Household"], "id", "is_poor")
        counted = _left(_left(subjects, pairings, "household_id"), _zoned(frames), "household_id")
        known = counted.with_columns(nw.col("helpers").fill_null(0), (nw.col("zones").fill_null(0) > 0).alias("in_zone"))
        helped, cutoff = nw.col("helpers") > 0, day_before(self.day, STALE_DAYS)
        stale = (nw.col("unvisited") == 0) & (nw.col("last_visit_on") < nw.lit(cutoff))
        poor = nw.col("is_poor")
        return known.with_columns(
            nw.when(helped & stale).then(nw.lit("watch")).when(helped).then(nw.lit("covered")).when(poor).then(nw.lit("due"))
            .when(nw.col("in_zone")).then(nw.lit("covered")).otherwise(nw.lit("blank")).alias("verdict"),
            nw.when(poor).then(nw.lit("poor")).when(~poor).then(nw.lit("not_poor")).otherwise(nw.lit("unknown")).alias("case"),
            (~helped & poor.is_null()).alias("stage_matters"),
        )  # fmt: skip


def _subjects(table: Frame, key: str, *columns: str) -> Frame:
    return table.select(nw.col(key).alias("subject_id"), *columns)


def _left(subjects: Frame, counts: Frame, key: str) -> Frame:
    return join_frames(subjects, counts.with_columns(nw.col(key).alias("subject_id")).drop(key), on=["subject_id"], how="left")


def _complete(frame: Frame) -> Frame:
    """Add the columns of the answer that a kind does not count, as nulls of their type."""
    there = frame.collect_schema().names()
    return frame.select((nw.col(f.name) if f.name in there else nw.lit(None)).cast(_TYPES[f.type]).alias(f.name) for f in _ANSWER)


def _zeros(counted: Frame) -> Frame:
    """A subject without a tie counts 0."""
    there = counted.collect_schema()
    return counted.with_columns(nw.col(name).fill_null(0) for name, kind in there.items() if kind == nw.Int64)


def _members(frames: Frames) -> Frame:
    return frames["Member"].select(nw.col("id").alias("member_id"), "stage")


def _count_stages(ties: Frame, members: Frame, key: str) -> Frame:
    """Distinct people tied to each unit, by stage."""
    stages = members.select(nw.col("id").alias("member_id"), "stage")
    people = join_frames(ties.select(key, "member_id").unique(), stages, on=["member_id"])
    return people.group_by(key).agg(
        count_where(nw.col("stage") == "full").alias("full_members"),
        count_where(nw.col("stage") == "probationary").alias("probationary_members"),
        count_where(nw.col("stage").is_null()).alias("unknown_stage_members"),
    )


def _branches(frames: Frames, prefix: str = "branch") -> Frame:
    return frames["Branch"].select(nw.col("id").alias(f"{prefix}_id"), nw.col("kind").alias(f"{prefix}_kind"))


def _serving(frames: Frames, ties: str, key: str) -> Frame:
    """Distinct pairs of a unit and a body that serves it, with the kind of body."""
    return join_frames(frames[ties].select(key, "branch_id").unique(), _branches(frames), on=["branch_id"])


def _village_bodies(frames: Frames) -> Frame:
    """As `_serving`, without committees that serve several villages: those are the villages' superiors."""
    serving = _serving(frames, "Branch SERVES Village", "village_code")
    villages = serving.group_by("branch_id").agg(count_rows().alias("villages_served"))
    known = join_frames(serving, villages, on=["branch_id"])
    return known.filter(nw.col("branch_kind").is_null() | (nw.col("branch_kind") != "committee") | (nw.col("villages_served") == 1))


def _count_bodies(serving: Frame, key: str) -> Frame:
    kind = nw.col("branch_kind")
    return serving.group_by(key).agg(
        count_where(kind.is_in(BRANCH_KINDS)).alias("branches"),
        count_where(kind.is_in(SUPPORT_KINDS)).alias("groups"),
        count_where(kind.is_null()).alias("unknown_bodies"),
    )


def _count_villages(frames: Frames) -> Frame:
    """Villages a co-operative operates in, and the known townships of those."""
    places = frames["Cooperative OPERATES_IN Village"].select("cooperative_id", "village_code")
    townships = frames["Village IN Township"].select("village_code", "township_code")
    both = join_frames(places, townships, on=["village_code"], how="left")
    return both.group_by("cooperative_id").agg(count_distinct("village_code").alias("villages"), count_distinct("township_code").alias("townships"))


def _scope() -> nw.Expr:
    declared, villages, townships = nw.col("scope"), nw.col("villages"), nw.col("townships")
    return (
        nw.when(~declared.is_null()).then(declared)
        .when(villages == 1).then(nw.lit("village"))
        .when(townships >= 2).then(nw.lit("cross_township"))
        .when(villages >= 2).then(nw.lit("cross_village"))
        .otherwise(nw.lit(None, nw.String))
    )  # fmt: skip


def _count_superiors(frames: Frames) -> Frame:
    """Superiors of the bodies that cover a co-operative, by what they are and whether they serve one of its villages."""
    covering = _serving(frames, "Branch SERVES Cooperative", "cooperative_id").filter(nw.col("branch_kind").is_in(BRANCH_KINDS))
    management = frames["Branch"].select(nw.col("id").alias("branch_id"), "management")
    reports = frames["Branch REPORTS_TO Branch"].select("branch_id", "superior_id").unique()
    under = join_frames(join_frames(covering, management, on=["branch_id"]), reports, on=["branch_id"])
    placed = join_frames(under, _branches(frames, "superior"), on=["superior_id"])
    flagged = join_frames(placed, _local_bodies(frames), on=["cooperative_id", "superior_id"], how="left")
    local, kind = nw.col("is_local").fill_null(0) == 1, nw.col("superior_kind")
    return flagged.group_by("cooperative_id").agg(
        count_rows().alias("superiors"),
        count_where(local & kind.is_in(("general_branch", "branch"))).alias("village_body"),
        count_where(local & (kind == "committee")).alias("township_committee"),
        count_where((kind == "committee") & (nw.col("management") == "sector")).alias("sector_committee"),
    )


def _local_bodies(frames: Frames) -> Frame:
    """Bodies that serve a village in which a co-operative operates."""
    places = frames["Cooperative OPERATES_IN Village"].select("cooperative_id", "village_code")
    serving = frames["Branch SERVES Village"].select(nw.col("branch_id").alias("superior_id"), "village_code")
    pairs = join_frames(places, serving, on=["village_code"]).select("cooperative_id", "superior_id").unique()
    return pairs.with_columns(nw.lit(1).alias("is_local"))


def _judge_members(frames: Frames) -> Frame:
    memberships = frames["Member BELONGS_TO Branch"].group_by("member_id", "branch_id").agg(count_where(nw.col("primary")).alias("primary_ties"))
    branches = memberships.group_by("member_id").agg(count_rows().alias("branches"), count_where(nw.col("primary_ties") > 0).alias("primaries"))
    mentors = frames["Member MENTORS Member"].group_by("mentee_id").agg(count_distinct("mentor_id").alias("helpers"))
    counted = _zeros(_left(_left(_subjects(frames["Member"], "id", "stage"), branches, "member_id"), mentors, "mentee_id"))
    stage, primaries = nw.col("stage"), nw.col("primaries")
    return counted.with_columns(
        nw.when(stage == "applicant").then(nw.lit("watch"))
        .when(stage.is_in(("activist", "candidate")) & (nw.col("helpers") > 0)).then(nw.lit("watch"))
        .when(stage.is_in(("activist", "candidate"))).then(nw.lit("due"))
        .when(primaries == 1).then(nw.lit("covered"))
        .when(nw.col("branches") > 0).then(nw.lit("due"))
        .otherwise(nw.lit("blank")).alias("verdict"),
        stage.fill_null("unknown").alias("case"),
        stage.is_null().alias("stage_matters"),
    )  # fmt: skip


def _zoned(frames: Frames) -> Frame:
    """Households in a zone with a responsible member."""
    zones = frames["Member RESPONSIBLE_FOR Zone"].select("zone_id").unique()
    return join_frames(frames["Zone COVERS Household"], zones, on=["zone_id"]).group_by("household_id").agg(count_rows().alias("zones"))


# words, once for each combination of counts


def _distinct_cases(answer: pa.Table) -> tuple[NDArray[np.int64], list[Case]]:
    """Number the combinations of counts: for each row the number of its combination, and the combinations."""
    codes = np.zeros(answer.num_rows, np.int64)
    for name in _CASE_COLUMNS:
        values, distinct = pd.factorize(answer[name].to_pandas(), use_na_sentinel=False)
        if len(distinct) > 1:
            codes, _ = pd.factorize(codes * len(distinct) + values)
    first = np.zeros(int(codes.max()) + 1 if len(codes) else 0, np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return codes, [Case(**row) for row in answer.select(_CASE_COLUMNS).take(pa.array(first)).to_pylist()]


def _frame(answer: pa.Table, codes: NDArray[np.int64], words: list[Words]) -> pd.DataFrame:
    certain = ~(answer["stage_matters"].fill_null(False).to_numpy() | answer["kind_matters"].fill_null(False).to_numpy())
    said: dict[str, pd.Series | pd.Categorical] = {
        "certain": pd.Series(certain),
        "rule": _spread([w.rule.name for w in words], codes).astype("str"),
        "superior_agrees": pd.Series(pd.array([w.superior_agrees for w in words], "boolean").take(codes)),
        "superior_zh": _spread([w.superior.zh if w.superior else None for w in words], codes),
        "superior_en": _spread([w.superior.en if w.superior else None for w in words], codes),
        "reason_zh": _spread([w.reason.zh for w in words], codes),
        "reason_en": _spread([w.reason.en for w in words], codes),
        "remedy_zh": _spread([w.remedy.zh for w in words], codes),
        "remedy_en": _spread([w.remedy.en for w in words], codes),
    }
    types = {_COUNT: "Int64", _BOOLEAN: "boolean", _STRING: "str"}
    counted = {f.name: answer[f.name].to_pandas(types_mapper=_NULLABLE.get).astype(types[f.type]) for f in _ANSWER if f.name not in said}
    return pd.DataFrame({column.name: {**counted, **said}[column.name] for column in COLUMNS})


_NULLABLE: Mapping[pa.DataType, object] = {_COUNT: pd.Int64Dtype(), _BOOLEAN: pd.BooleanDtype()}


def _spread(texts: list[str | None], codes: NDArray[np.int64]) -> pd.Series:
    """One text a case → one category a row."""
    numbers, distinct = pd.factorize(np.array(texts, dtype=object))
    return pd.Series(pd.Categorical.from_codes(numbers[codes] if len(codes) else codes, categories=pd.Index(distinct, dtype="str")))


# caveats

_GENERAL_CAVEATS = (
    Text("覆盖是按规则与登记得出的结论，不证明党组织在开展活动", "covered is a verdict by rule and record; it does not show that the body is active"),
    Text("日期未知的关系与党组织视为有效", "ties and bodies without dates are taken as in force"),
    Text(
        "覆盖多个村的党委视为这些村的上级，不算覆盖其中任何一个村",
        "a committee that serves several villages counts as their superior and covers none of them",
    ),
)
_KIND_WORDS = {kind: MODEL.node_type(kind).heading for kind in KINDS}
_PLURALS = {"Village": "villages", "Cooperative": "co-operatives", "Member": "members", "Household": "households"}


def _count_caveats(rows: pd.DataFrame) -> list[Text]:
    """How many verdicts are uncertain, by kind, and the coverage of co-operatives as an interval."""
    caveats = []
    for kind in KINDS:
        summary = _summarise_kind(kind, rows[rows["subject_kind"] == kind])
        if summary["uncertain"]:
            zh = f"{_KIND_WORDS[kind].zh}：{summary['total']:,}个中有{summary['uncertain']:,}个结论不确定（发展阶段、党组织类别或是否困难户未知）"
            caveats.append(
                Text(
                    zh,
                    f"uncertain verdicts: {summary['uncertain']:,} of {summary['total']:,} {_PLURALS[kind]} (a stage, a kind of body or poverty is unknown)",
                )
            )
        if kind == "Cooperative" and summary["total"]:
            low, high = f"{summary['rate_low']:.1%}", f"{summary['rate_high']:.1%}"
            caveats.append(Text(f"合作组织覆盖率在{low}与{high}之间：下限只计确定已覆盖的，上限把不确定的全部计入",
                                f"coverage of co-operatives lies between {low} and {high}: low counts what is certainly covered, high every uncertain one too"))  # fmt: skip
    return caveats


def _rule_caveats(pack: RulePack, applied: Mapping[str, Rule], day: dt.date) -> list[Text]:
    caveats = []
    for _, rule in sorted(applied.items()):
        if not rule.is_in_force(day):
            caveats.append(_not_in_force(rule, day))
        if not rule.verified:
            caveats.append(Text(f"规则未经官方文本核实：{rule.cite().zh}", f"rule not verified against an official text: {rule.cite().en}"))
    borrowed = sorted({rule.applies_to for rule in applied.values() if rule.pack != pack.id}, key=list(CASES).index)
    if borrowed:
        zh, en = "、".join(_KIND_WORDS[kind].zh for kind in borrowed), ", ".join(_PLURALS[kind] for kind in borrowed)
        caveats.append(Text(f"规则包 {pack.id} 未规定{zh}的全部情形，未规定的按其后备规则包判断，见“规则”栏",
                            f"pack {pack.id} does not decide every case of {en}; those are judged by the packs it falls back on, see the column rule"))  # fmt: skip
    return caveats


def _not_in_force(rule: Rule, day: dt.date) -> Text:
    since, until = rule.in_force_from, rule.in_force_until
    zh = (f"自{since}起" if since else "") + (f"至{until}前" if until else "")
    en = " ".join([*([f"from {since}"] if since else []), *([f"until {until}"] if until else [])])
    return Text(f"规则 {rule.name} 在{day}并不施行（{zh}施行）", f"rule {rule.name} was not in force on {day} (in force {en})")
