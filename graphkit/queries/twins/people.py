"""Lists about people on the way, founders, training and posts."""

from __future__ import annotations

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.queries.twins.frames import TODAY, Day, as_recorded, choose, count_distinct, counted, frame, read_day, returned, standing
from graphkit.questions.finding import Finding
from graphkit.questions.people.admission import STEPS, find_admission_funnel
from graphkit.questions.people.founders import find_founders
from graphkit.questions.people.frames import ADMITTED
from graphkit.questions.people.posts import find_posts
from graphkit.questions.people.reserve import find_reserve_pool
from graphkit.questions.people.secretaries import OFFICE, find_secretaries
from graphkit.questions.people.training import ANY, find_training_reach


def list_member_mentoring(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the mentors with the people they mentor, by stage."""
    there = standing(tables, as_of, dataset)
    ties = frame(there, "Member MENTORS Member")
    ties = ties.assign(stage=ties["mentee_id"].map(frame(there, "Member").set_index("id")["stage"]))
    rows = ties[["mentor_id"]].drop_duplicates().rename(columns={"mentor_id": "member_id"})
    wanted = {"mentees": None, "applicants": ["applicant"], "activists": ["activist"], "candidates": ["candidate"], "admitted": ADMITTED}
    for name, stages in wanted.items():
        of_these = ties if stages is None else ties[ties["stage"].isin(stages)]
        rows[name] = counted(rows["member_id"], count_distinct(of_these, "mentor_id", "mentee_id"))
    return returned("member_mentoring", rows, by=["member_id"], most_first="mentees")


def list_member_admission(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List everybody who applied, is brought on or was admitted, with the stage, since when, and the mentors of the day."""
    return returned("member_admission", _admission(tables, as_of, dataset), by=["member_id"])


def list_member_brought_on(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List who mentors or has mentored whom, of those who applied or were admitted."""
    rows = _admission(tables, as_of, dataset).dropna(subset=["brought_on_by"])
    rows = rows.assign(mentor_id=rows["brought_on_by"].str.split(";")).explode("mentor_id")
    running = frame(standing(tables, as_of, dataset), "Member MENTORS Member")[["mentee_id", "mentor_id"]].drop_duplicates()
    rows = rows.merge(running, left_on=["member_id", "mentor_id"], right_on=["mentee_id", "mentor_id"], how="left")
    return returned("member_brought_on", rows.assign(runs=rows["mentee_id"].notna()), by=["member_id", "mentor_id"])


def list_member_admission_funnel(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the five stages of admission with the people in each, and how many have a mentor."""
    people = _admission(tables, as_of, dataset)
    rows = pd.DataFrame({"step": range(1, len(STEPS) + 1), "stage": [stage for stage, _ in STEPS]})
    rows["people"] = counted(rows["stage"], people.groupby("stage").size())
    rows["with_mentor"] = counted(rows["stage"], people[people["mentors"] > 0].groupby("stage").size())
    return returned("member_admission_funnel", rows, by=["step"])


def list_member_time_in_stage(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List everyone who is not yet a full member with the day on which the present stage began, where it is recorded, and the days since."""
    rows = _admission(tables, as_of, dataset).dropna(subset=["days"])
    return returned("member_time_in_stage", rows, by=["member_id"], most_first="days")


def _admission(tables: Tables, as_of: Day, dataset: str | None) -> pd.DataFrame:
    return find_admission_funnel(choose(tables, dataset), as_of=read_day(as_of)).rows.rename(columns={"subject_id": "member_id"})


def list_member_without_mentor(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the activists and candidates without a mentor."""
    there = standing(tables, as_of, dataset)
    people = frame(there, "Member").rename(columns={"id": "member_id"})
    waiting = people["stage"].isin(["activist", "candidate"]) & ~people["member_id"].isin(frame(there, "Member MENTORS Member")["mentee_id"])
    return returned("member_without_mentor", people[waiting], by=["member_id"])


def list_cooperative_founders(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the co-operatives with their founders, how many of these are cadres or members, still there and in office; who left counts too."""
    rows = find_founders(as_recorded(choose(tables, dataset)), as_of=read_day(as_of)).rows
    return returned("cooperative_founders", rows.rename(columns={"subject_id": "cooperative_id"}), by=["cooperative_id"])


def list_member_reserve_pool(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the people in the reserve pool, where they live, and in how many bodies they hold an office."""
    rows = find_reserve_pool(as_recorded(choose(tables, dataset)), as_of=read_day(as_of)).rows
    return returned("member_reserve_pool", rows.rename(columns={"subject_id": "member_id"}), by=["member_id"])


def list_branch_secretaries(tables: Tables, *, office: str = OFFICE, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the secretary of each committee and branch, or that none is on record."""
    rows = find_secretaries(as_recorded(choose(tables, dataset)), office=office, as_of=read_day(as_of)).rows
    return returned("branch_secretaries", rows.rename(columns={"subject_id": "branch_id"}), by=["branch_id", "member_id"])


def list_training_reach(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the sessions held by the day with their attendances, which are not people."""
    rows, attended = _sessions(tables, as_of, dataset)
    for name, ties in attended.items():
        rows[f"{name}_attendances"] = counted(rows["training_id"], ties.groupby("training_id").size())
    return returned("training_reach", rows, by=["training_id"])


def list_training_people(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List each person and household once, with the different sessions attended; 0 where none is on record."""
    rows = _trained(tables, as_of, dataset).rows.rename(columns={"subject_kind": "attendee_kind", "subject_id": "attendee_id"})
    return returned("training_people", rows[rows["form"] == ANY], by=["attendee_kind", "attendee_id"])


def list_training_by_form(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the forms of training with sessions, attendances, and the people and households who came, each counted once."""
    finding = _trained(tables, as_of, dataset)
    sessions: dict[str, int] = finding.provenance["sessions"]
    rows = pd.DataFrame({"form": pd.array(list(sessions), dtype="string"), "sessions": list(sessions.values())})
    for kind in ("Member", "Household"):
        groups = finding.select(kind).groupby("form")["sessions"]
        rows[f"{kind.lower()}_attendances"] = counted(rows["form"], groups.sum())
        rows[f"{kind.lower()}s"] = counted(rows["form"], groups.size())
    return returned("training_by_form", rows, by=["form"])


def list_member_never_trained(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the probationary and full members who attended no session held by the day."""
    rows = _trained(tables, as_of, dataset).select("Member").rename(columns={"subject_id": "member_id"})
    never = rows["on_books"] & (rows["form"] == ANY) & rows["stage"].isin(ADMITTED) & (rows["sessions"] == 0)
    return returned("member_never_trained", rows[never], by=["member_id"])


def _trained(tables: Tables, as_of: Day, dataset: str | None) -> Finding:
    return find_training_reach(choose(tables, dataset), as_of=read_day(as_of))


def list_village_posts_unfilled(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the villages and which of the four posts nobody holds there."""
    rows = find_posts(as_recorded(choose(tables, dataset)), as_of=read_day(as_of)).rows.rename(columns={"subject_id": "village_code"})
    return returned("village_posts_unfilled", rows[rows["holders"] == 0], by=["village_code", "post"])


def _sessions(tables: Tables, as_of: Day, dataset: str | None) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The sessions held by the day, and who attended them, people and households apart; who has left since attended all the same."""
    sessions = frame(standing(tables, as_of, dataset), "Training").rename(columns={"id": "training_id"})
    attended = {kind.lower(): frame(tables, f"{kind} ATTENDED Training") for kind in ("Member", "Household")}
    return sessions, {name: ties[ties["training_id"].isin(sessions["training_id"])] for name, ties in attended.items()}
