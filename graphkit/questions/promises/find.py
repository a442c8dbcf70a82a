"""What did members promise, and what is recorded of it in the same unit and period?"""

from __future__ import annotations

import datetime as dt

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.arguments import need_a, read_date
from graphkit.data.tables import Tables
from graphkit.data.telling import tell_open, tell_unread, tell_unsound
from graphkit.engines.duckdb import run_question
from graphkit.engines.frames import Frame, Frames, add_up, count_rows, count_where, join_frames
from graphkit.questions.finding import Finding, pair_up
from graphkit.questions.promises.columns import COLUMNS, TITLE
from graphkit.questions.promises.outcomes import weigh
from graphkit.questions.promises.shown import draw_promises
from graphkit.questions.touches import Touches, spread_counts
from graphkit.words import Text

_TABLES = ("Promise", "Promise MADE_BY Member", "Member", "Member HELPS Household", "Household")
_COUNTS = ("households", "households_of_unknown_size", "people")
_COUNTED = pa.schema([("promise_id", pa.string()), ("member_id", pa.string()), *((name, pa.int64()) for name in _COUNTS)])
_PERIOD = ("from_on", "until_on")


def find_promises(tables: Tables, *, as_of: dt.date | None = None) -> Finding:
    """What did members promise, and what is recorded of it in the same unit and period?

    One row a promise that was made by the day and not withdrawn. Set against it are the households with which who made it is paired in the
    same kind: of a promise with a beginning and an end those paired at any time of the period, up to the day; of any other those paired on the day,
    or on the last day before its end. People are the people of these households.

    Parameters
    ----------
    tables : Tables
        The district.
    as_of : date, optional
        Day the answer speaks of; today if not given.

    Returns
    -------
    Finding
        Rows by member, then id of the promise, with the columns of `COLUMNS` and what a missing value means. A promise of which it is not recorded
        who made it stands under its own id, as one of which nothing can be told.

    Raises
    ------
    ParameterError
        If `as_of` is no date.

    Notes
    -----
    A household of unknown size counts as nobody in the lower bound, and leaves people without an upper one. Income, and whatever else no pairing
    records, is set against nothing. What is not on record may have been done all the same.

    Examples
    --------
    Promised five, none recorded:

    >>> tables = Tables({
    ...     "Member": pa.table({"id": ["m1"]}), "Promise MADE_BY Member": pa.table({"promise_id": ["p1"], "member_id": ["m1"]}),
    ...     "Promise": pa.table({"id": ["p1"], "kind": ["one_to_five"], "target": [5], "unit": ["households"]}),
    ... })
    >>> row = find_promises(tables, as_of=dt.date(2012, 4, 30)).rows.iloc[0]
    >>> row["outcome"], int(row["recorded_high"]), int(row["shortfall_low"])
    ('short', 0, 5)

    References
    ----------
    The article of Acheng's organisation department (2012), sentences 20, 51 and 57.
    """
    need_a(Tables, tables, "find_promises")
    day = dt.date.today() if as_of is None else read_date(as_of)  # noqa: DTZ011  # the reader's own day
    standing = _of_all_days(tables, day)
    promises, absent = _made(tables, standing)
    windows = _windows(promises, day)
    known = tables.known_on(day)  # ended pairings too: they count for a period that is over
    counted = run_question(
        _count,
        {"promises": windows, "pairs": known["Member HELPS Household"], "households": known["Household"]},
        _COUNTED,
        order=["promise_id", "member_id"],
    )
    rows = weigh(_beside(promises, counted, standing), day, doubted=_doubted(standing))
    account = (*tell_unsound(tables, _TABLES), *tell_unread(standing, _TABLES), *tell_open(tables, _TABLES))
    caveats = (*_caveats(rows, windows, absent), *account)
    provenance = {"dataset": tables.dataset, "nodes": tables.node_count, "ties": tables.tie_count, "account": pair_up(account)}
    return Finding("find_promises", TITLE, rows, COLUMNS, {}, (), caveats, provenance, day, None, "outcome", draw_promises)


def _of_all_days(tables: Tables, day: dt.date) -> Tables:
    """What stands on the day; a promise is of a period, so that a date known to the month or year alone leaves it open after that time too."""
    standing = tables.at(day)
    if standing.unread.num_rows == tables.unread.num_rows:
        return standing
    begun = pc.field("latest").is_null() | (pc.field("earliest") <= pa.scalar(day, pa.date32()))
    account = {**standing.account(), "unread": tables.unread.filter(begun)}
    return Tables(dict(standing), **account, dataset=tables.dataset, model=tables.model, sound=tables.sound)


def _made(tables: Tables, standing: Tables) -> tuple[pa.Table, int]:
    """Promises that stand, each with who made it, null where that is not recorded; and how many were left out, of people no longer there."""
    promises = standing["Promise"].select(["id", "kind", "target", "unit", *_PERIOD]).rename_columns({"id": "promise_id"})
    makers = [table["Promise MADE_BY Member"].select(["promise_id", "member_id"]) for table in (standing, tables)]
    gone = pc.and_(
        pc.is_in(promises["promise_id"], value_set=pc.unique(makers[1]["promise_id"])),
        pc.invert(pc.is_in(promises["promise_id"], value_set=pc.unique(makers[0]["promise_id"]))),
    )
    here = promises.filter(pc.invert(gone))
    return here.join(makers[0], "promise_id", join_type="left outer").sort_by([("member_id", "ascending"), ("promise_id", "ascending")]), (
        promises.num_rows - here.num_rows
    )


def _windows(promises: pa.Table, day: dt.date) -> pa.Table:
    """The first and the last day of which pairings count for each promise; none count where the first is after the last."""
    until = pc.subtract(promises["until_on"].cast(pa.int32()), pa.scalar(1, pa.int32()))
    last = pc.min_element_wise(until, pa.scalar((day - dt.date(1970, 1, 1)).days, pa.int32()))
    start = promises["from_on"].cast(pa.int32())
    first = pc.if_else(pc.and_(pc.is_valid(start), pc.is_valid(until)), start, pc.max_element_wise(last, _after(start, last)))
    days = {name: column.cast(pa.date32()) for name, column in (("first", first), ("last", last))}
    return pa.table({name: promises[name] for name in ("promise_id", "member_id", "kind")} | days)


def _after(start: pa.ChunkedArray, last: pa.ChunkedArray) -> pa.ChunkedArray:
    """The beginning where it is still to come: a promise of no end counts what stands, once it has begun."""
    return pc.if_else(pc.greater(start, last), start, pa.scalar(None, pa.int32()))


def _count(frames: Frames) -> Frame:
    """Households paired with who made each promise in the same kind on its days, each once, and their people."""
    pairs = frames["pairs"].select("member_id", "household_id", "kind", "since", "until")
    homes = frames["households"].select(nw.col("id").alias("household_id"), "people", "entered_on", "left_on")
    both = join_frames(join_frames(frames["promises"], pairs, on=["member_id", "kind"]), homes, on=["household_id"])
    there = (
        both.filter(_there("since", "until") & _there("entered_on", "left_on")).select("promise_id", "member_id", "household_id", "people").unique()
    )
    return there.group_by("promise_id", "member_id").agg(
        count_rows().alias("households"),
        count_where(nw.col("people").is_null()).alias("households_of_unknown_size"),
        add_up("people").alias("people"),
    )


def _there(since: str, until: str) -> nw.Expr:
    begun, held = nw.col(since).is_null() | (nw.col(since) <= nw.col("last")), nw.col(until).is_null() | (nw.col(until) > nw.col("first"))
    return begun & held & (nw.col("first") <= nw.col("last"))


def _beside(promises: pa.Table, counted: pa.Table, standing: Tables) -> pd.DataFrame:
    """Each promise with its counts, 0 where nothing is recorded, and how many pairings more and fewer of its member may be there unread."""
    rows = promises.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype(na_value=np.nan)}.get, date_as_object=True)
    rows = rows.merge(counted.to_pandas(), on=["promise_id", "member_id"], how="left")
    rows[list(_COUNTS)] = rows[list(_COUNTS)].fillna(0).astype("Int64")
    pair = Touches(standing).at("Member HELPS Household", "member_id")
    return rows.assign(less=spread_counts(pair.less, promises["member_id"]), more=spread_counts(pair.more, promises["member_id"]))


def _doubted(standing: Tables) -> set[str]:
    """Promises of which something that was written could not be read, or speaks against itself: their period or number may be another."""
    lines = standing.unread.filter(pc.equal(standing.unread["table"], "Promise"))
    return set(lines["subject_id"].drop_null().to_pylist())


def _caveats(rows: pd.DataFrame, windows: pa.Table, absent: int) -> list[Text]:
    caveats = [
        Text("只与登记相比：没有登记不等于没有做到", "set against what is on record: not on record is not the same as not done"),
        Text("每项承诺单独相比；一户可计入几个人的承诺，各种方式、各种单位不相加",
             "each promise stands by itself; one household may count for several members; kinds and units are never added up"),
    ]  # fmt: skip
    if unsized := int((rows["households_of_unknown_size"].fillna(0) > 0).sum()):
        caveats.append(Text(f"{unsized:,} 项承诺对照的农户中有人口未知的，人数没有上限", f"{unsized:,} promises rest on households of unknown size: people have no upper bound"))  # fmt: skip
    if twice := _count_overlaps(windows):
        caveats.append(Text(f"{twice:,} 项承诺与同一人同一方式的另一项同时，同一结对计入两项", f"{twice:,} promises run beside another of the same member and kind: a pairing counts for both"))  # fmt: skip
    if nobody := int((rows["subject_kind"] == "Promise").sum()):
        caveats.append(Text(f"{nobody:,} 项承诺没有登记由谁作出", f"{nobody:,} promises do not say who made them"))
    if absent:
        caveats.append(Text(f"另有 {absent:,} 项，承诺人已不在册，未列", f"{absent:,} more, of people no longer on the books, are left out"))
    return caveats


def _count_overlaps(windows: pa.Table) -> int:
    """Promises whose days lie among those of another of the same member and kind."""
    rows = windows.to_pandas(date_as_object=False).dropna(subset=["member_id", "kind"])
    rows = rows[rows["first"] <= rows["last"]].sort_values(["member_id", "kind", "first", "last"])
    rows = rows[rows.duplicated(["member_id", "kind"], keep=False)]
    if rows.empty:
        return 0
    before = rows.groupby(["member_id", "kind"])["last"].transform(lambda last: last.cummax().shift())
    after = rows.groupby(["member_id", "kind"])["first"].shift(-1)
    return int(((before >= rows["first"]) | (after <= rows["last"])).sum())
