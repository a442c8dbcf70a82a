"""The admission funnel: how far has everybody come, since when, and who brings or brought whom on?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from graphkit.arguments import read_date
from graphkit.data.tables import Tables
from graphkit.model.kinds import MEMBER
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.questions.people.frames import (
    UNREAD,
    count_column,
    count_unread_rows,
    counted,
    day_number,
    days_of,
    finish,
    frame,
    inexact_dates,
    property_column,
    read_day,
    say_shares,
    share,
    words_of,
)
from graphkit.questions.question import Summary
from graphkit.words import Text, same, say_number

READ = ("Member", "Member MENTORS Member")
STEPS = tuple((step.value, step.dated_by) for column in MEMBER.columns if column.course for step in column.course.steps)
"""The stages in their order, each with the column of its day."""
_FULL = STEPS[-1][0]
_DAYS = Text("天", "days")
_UNDATED = Text("没有登记该日期：不是 0 天；已转正的不计", "the day is not on record: this is not 0 days; nor is a full member counted")
COLUMNS = (
    *SUBJECT_COLUMNS,
    property_column("Member", "stage"),
    Column("stage_since", Text("进入该阶段日期", "in it since"), Text("进入那天所处阶段的日期，未转正的", "day on which the stage of the day began, of those not yet full members"), _UNDATED),
    Column("days", Text("已在该阶段", "days in it"), Text("自该日起的天数", "days since then"), _UNDATED, _DAYS),
    *(property_column("Member", date, Text("没有到这一步，或日期未登记", "not reached, or its day not on record")) for _, date in STEPS),
    count_column("mentors", ("培养联系人", "mentors"), ("当天的培养联系人", "people who mentor this one on the day")),
    Column("brought_on_by", Text("谁培养", "brought on by"), Text("培养联系人的编号，已结束的也在内", "ids of those who mentor this person or ever did"), Text("没有登记", "none on record")),
    Column("in_period", Text("申请在期内", "applied in the period"), Text("申请入党的日期在所问的起始日期之后（含）", "the application is of the day asked from, or later"), Text("没有登记日期，无从判断", "cannot be told: its day is not on record")),
    UNREAD,
)  # fmt: skip
TITLE = Text("发展党员：走到哪一步，多久了，谁在培养", "Admission: how far has everybody come, since when, and brought on by whom?")


def find_admission_funnel(tables: Tables, *, since: dt.date | None = None, as_of: dt.date | None = None) -> Finding:
    """How far has everybody come on the way into the Party, since when, and who brings them on?

    One row a person on the books who applied, became an activist or a candidate, or was admitted; and everybody whose stage is not known. Whoever
    is a full member has passed every stage before, so a stage has two numbers: who stands in it, and who has reached it.

    Parameters
    ----------
    tables : Tables
        The district.
    since : date, optional
        Leave out whoever applied before this day. Somebody whose application has no date stays, with `in_period` missing, unless a later stage is
        dated before that day. Everybody, if not given.
    as_of : date, optional
        Day the answer speaks of; today if not given.

    Returns
    -------
    Finding
        Rows by stage, then days in it, the longest first, then id, with the columns of `COLUMNS` and what a missing value means.

    Raises
    ------
    ParameterError
        If `since` or `as_of` is no date.

    Notes
    -----
    Who has left the books is not counted, so a published total of a campaign may be larger. A stage whose day is not on record has no days.

    Examples
    --------
    >>> import pyarrow as pa
    >>> district = Tables({"Member": pa.table({"id": ["a", "b"], "stage": ["activist", "applicant"], "activist_on": [dt.date(2012, 1, 1), None]})})
    >>> find_admission_funnel(district, as_of=dt.date(2012, 1, 31)).rows.set_index("subject_id")["days"].to_dict()
    {'b': None, 'a': 30}

    References
    ----------
    The article of Acheng's organisation department (2012), sentences 24 and 25.
    """
    day = read_day(tables, "find_admission_funnel", as_of)
    start = None if since is None else read_date(since, "since")
    standing = tables.at(day)
    people = frame(standing, "Member").rename(columns={"id": "subject_id"})
    numbers = {date: days_of(standing, "Member", date) for _, date in STEPS}
    inexact = inexact_dates(tables, "Member", [date for _, date in STEPS], "Member")
    people["in_period"] = _in_period(numbers, start, people.index)
    if start is not None:
        either = inexact.loc[(inexact["earliest"] < start) & (inexact["latest"] >= start), "subject_id"]
        people["in_period"] = people["in_period"].mask(people["subject_id"].isin(either))
    people = _dated(people, numbers, day)
    mentoring = frame(standing, "Member MENTORS Member")
    people["mentors"] = counted(people["subject_id"], mentoring.groupby("mentee_id")["mentor_id"].nunique())
    people["brought_on_by"] = people["subject_id"].map(_brought_on(tables, day))
    people["unread_rows"] = count_unread_rows(standing, "Member", people["subject_id"], READ)
    kept = people[(people["stage"] != "not_applied").fillna(value=True) & people["in_period"].fillna(value=True)].assign(subject_kind="Member")
    place = kept["stage"].map({stage: n for n, (stage, _) in enumerate(STEPS)})
    rows = kept.assign(_place=place).sort_values(["_place", "days", "subject_id"], ascending=[True, False, True], na_position="last", kind="stable")
    return finish(
        "find_admission_funnel",
        TITLE,
        rows,
        COLUMNS,
        tables,
        day=day,
        read=READ,
        parameters={"since": start},
        caveats=_caveats(rows, start, inexact["subject_id"]),
        provenance={"inexact": sorted(set(inexact["subject_id"]))},
        mark="stage",
    )


def _in_period(numbers: Mapping[str, pd.Series], start: dt.date | None, index: pd.Index) -> pd.Series:
    """Whether the application is of the day asked from or later; before it, where any later stage is; missing where nothing tells."""
    if start is None:
        return pd.Series(data=True, index=index, dtype="boolean")
    applied = numbers[STEPS[0][1]]
    earlier = pd.concat(numbers.values(), axis=1).min(axis=1) < day_number(start)
    return (applied >= day_number(start)).astype("boolean").mask(earlier.fillna(value=False), other=False)


def _dated(people: pd.DataFrame, numbers: Mapping[str, pd.Series], day: dt.date) -> pd.DataFrame:
    """The day on which the stage of each began and the days since, of those not yet full members."""
    since, began = pd.Series(None, index=people.index, dtype=object), pd.Series(pd.NA, index=people.index, dtype="Int64")
    for stage, date in STEPS[:-1]:
        here = (people["stage"] == stage).fillna(value=False).astype(bool)
        since[here], began[here] = people.loc[here, date], numbers[date][here]
    return people.assign(stage_since=since, days=day_number(day) - began)


def _brought_on(tables: Tables, day: dt.date) -> pd.Series:
    """Ids of those who mentor each person on the day or did before it, whoever has left the books since among them."""
    ties = frame(tables, "Member MENTORS Member")
    begun = days_of(tables, "Member MENTORS Member", "since") <= day_number(day)
    pairs = ties.loc[begun.fillna(value=True).astype(bool), ["mentee_id", "mentor_id"]].drop_duplicates().sort_values(["mentee_id", "mentor_id"])
    return pairs.groupby("mentee_id")["mentor_id"].agg(";".join)


def _caveats(rows: pd.DataFrame, start: dt.date | None, inexact: pd.Series) -> list[Text]:
    waiting = rows[rows["stage"].notna() & (rows["stage"] != _FULL)]
    said = [
        Text("在某一阶段的和走到过某一阶段的是两个数；已不在册的不计", "who stands in a stage and who has reached it are two numbers; who has left the books is counted in neither"),
        Text("后申请的人时间还短：占比是在册的人走到了哪一步，不是申请人被接收的机会", "who applied late has had less time: shares say how far those on the books have come, not an applicant's chance"),
    ]  # fmt: skip
    if start is None:
        said.append(Text("没有限定申请时间（since），早年入党的与今年申请的合在一起", "no period of application was asked for (since): members of long ago stand beside applicants of this year"))  # fmt: skip
    if undated := int(waiting["days"].isna().sum()):
        said.append(Text(f"{undated:,} 人没有登记进入现阶段的日期：天数未知，不是 0", f"of {undated:,} people the day on which their stage began is not on record: the days are unknown, not 0"))  # fmt: skip
    if short := int((waiting["days"].notna() & waiting["subject_id"].isin(inexact)).sum()):
        said.append(Text(f"{short:,} 人的日期只登记到年或月：天数是至多的天数，中位和最长不计这些人", f"of {short:,} people a date is known to the month or year alone: their days are the most they may be, and not counted in median and longest"))  # fmt: skip
    if unknown := int(rows["stage"].isna().sum()):
        said.append(
            Text(f"{unknown:,} 人的阶段未知，可能在任何一步，也可能没有申请", f"the stage of {unknown:,} people is unknown: it may be any, or none")
        )
    if start and (unsure := int(rows["in_period"].isna().sum())):
        said.append(Text(f"{unsure:,} 人没有登记申请日期，无从判断是否在 {start} 以后申请", f"of {unsure:,} people it cannot be told whether they applied on or after {start}"))  # fmt: skip
    return said


def _dated_rows(finding: Finding) -> pd.DataFrame:
    """The rows of those of whom the days in their stage are known to the day."""
    rows = finding.rows
    return rows[rows["days"].notna() & ~rows["subject_id"].isin(finding.provenance["inexact"])]


def count_reached(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row a stage: ``people`` in it, who ``reached`` it at least and at most, and that as a share of those who applied, at least and at most.

    Each person whose stage or period is not known is taken every way that the dates leave open; the bounds are attained.
    """
    least, most = _bounds(rows)
    inside, maybe = rows["in_period"].fillna(value=False).astype(bool).to_numpy(), rows["in_period"].isna().to_numpy()
    outside = maybe | (least == 0)
    found = []
    for place, (stage, _) in enumerate(STEPS, start=1):
        could, must = most >= place, (least >= place) & inside
        lowest_one = (least < place) & (most >= 1)
        lowest, highest = ~lowest_one & ~outside, could
        low = share(int(lowest.sum()), int((lowest_one | lowest).sum()))
        high = share(int(highest.sum()), int((highest | (~highest & ~outside)).sum()))
        found.append((stage, int((rows["stage"] == stage).sum()), int(must.sum()), int(could.sum()), low, high))
    return pd.DataFrame(found, columns=["stage", "people", "reached_low", "reached_high", "share_low", "share_high"])


def _bounds(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The least and the most stage that each may have reached, from 1; 0 where perhaps none. Dates tell what a missing stage does not."""
    known = rows["stage"].map({stage: n for n, (stage, _) in enumerate(STEPS, start=1)}).astype("Int64")
    dated = pd.concat([rows[date].notna().astype(int) * n for n, (_, date) in enumerate(STEPS, start=1)], axis=1).max(axis=1)
    return known.fillna(dated).astype(int).to_numpy(), known.fillna(len(STEPS)).astype(int).to_numpy()


def summarise(finding: Finding) -> Summary:
    """A line a stage: who stands in it, who reached it, how long, and with a mentor."""
    headings = [
        Text("阶段", "stage"), Text("在此阶段", "in it"), Text("走到过", "reached it"), Text("占申请的", "of those who applied"), Text("有日期", "dated"),
        Text("天数中位", "median days"), Text("天数最长", "most days"), Text("有培养联系人", "with a mentor"),
    ]  # fmt: skip
    words, lines, exact = words_of("Member", "stage"), [], _dated_rows(finding)
    for row in count_reached(finding.rows).itertuples():
        here = finding.rows[finding.rows["stage"] == row.stage]
        days = exact.loc[exact["stage"] == row.stage, "days"]
        times = [say_number(float(days.median())), int(days.max())] if len(days) else ["–", "–"]
        low, high = row.reached_low, row.reached_high
        reached = same(f"{low:,}" if low == high else f"{low:,} – {high:,}")
        dated = int(here[dict(STEPS)[str(row.stage)]].notna().sum())
        lines.append(
            [words[str(row.stage)], row.people, reached, say_shares(row.share_low, row.share_high), dated, *times, int((here["mentors"] > 0).sum())]
        )
    return Summary(finding.title, headings, lines, finding.caveats)


def tell(finding: Finding) -> list[Text]:
    """Say how many came how far, who has waited longest, and who brought on most."""
    steps, words = count_reached(finding.rows), words_of("Member", "stage")
    start = finding.parameters["since"]
    first = Text(
        f"{start} 以后申请的，走到过各阶段的" if start else "走到过各阶段的",
        f"Of those who applied on or after {start}, reached" if start else "Reached",
    )
    said = [
        (words[row.stage], f"{row.reached_low:,}" if row.reached_low == row.reached_high else f"{row.reached_low:,}–{row.reached_high:,}")
        for row in steps.itertuples()
    ]
    sentences = [
        Text(f"{first.zh}：{'，'.join(f'{word.zh} {n} 人' for word, n in said)}。", f"{first.en}: {', '.join(f'{word.en} {n}' for word, n in said)}.")
    ]
    waiting = _dated_rows(finding)
    if len(waiting):
        longest = waiting.loc[waiting["days"].astype("int64").idxmax()]
        word = words[str(longest["stage"])]
        sentences.append(Text(f"知道是哪一天的 {len(waiting):,} 人中，在现阶段最久的是 {longest['subject_id']}：{word.zh}，{longest['days']:,} 天。",
                              f"Of {len(waiting):,} of whom the day is known, {longest['subject_id']} has waited longest: {word.en}, {longest['days']:,} days."))  # fmt: skip
    return [*sentences, *_tell_mentors(finding.rows)]


def _tell_mentors(rows: pd.DataFrame) -> list[Text]:
    pairs = rows[["stage", "brought_on_by"]].dropna(subset=["brought_on_by"])
    if pairs.empty:
        return []
    pairs = pairs.assign(mentor=pairs["brought_on_by"].str.split(";")).explode("mentor")
    most = pairs.groupby("mentor").size().sort_index().idxmax()
    theirs = pairs[pairs["mentor"] == most]
    admitted = int(theirs["stage"].isin(["probationary", "full"]).sum())
    return [Text(f"培养或培养过人数最多的是 {most}：{len(theirs):,} 人，其中 {admitted:,} 人已入党。", f"{most} mentors or has mentored most of them: {len(theirs):,}, of whom {admitted:,} have been admitted.")]  # fmt: skip


def extract(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """The funnel is in the words; the table shows who has waited longest in a dated stage."""
    first = _dated_rows(finding).sort_values(["days", "subject_id"], ascending=[False, True], kind="stable").head(10)
    caption = Text("在现阶段最久的，只列有日期的", "Longest in their present stage, of those with its day on record")
    return [take(caption, finding, first, ("subject", "stage", "stage_since", "days", "mentors", "brought_on_by"), names)] if len(first) else []
