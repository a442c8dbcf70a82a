"""Lists about people on the way, founders, training and posts."""

from __future__ import annotations

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.model.kinds import MEMBER
from graphkit.queries.twins.frames import TODAY, Day, choose, count_distinct, counted, frame, read_day, returned, standing

STAGES = ("applicant", "activist", "candidate", "probationary", "full")
ADMITTED = ["probationary", "full"]
POSTS = ("help", "technology", "circulation", "information")


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


def list_member_admission_funnel(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the five stages of admission with the people in each, and how many have a mentor."""
    there = standing(tables, as_of, dataset)
    people = frame(there, "Member")
    mentored = people["id"].isin(frame(there, "Member MENTORS Member")["mentee_id"])
    rows = pd.DataFrame({"step": range(1, len(STAGES) + 1), "stage": STAGES})
    rows["people"] = [int((people["stage"] == stage).sum()) for stage in STAGES]
    rows["with_mentor"] = [int(((people["stage"] == stage) & mentored).sum()) for stage in STAGES]
    return returned("member_admission_funnel", rows, by=["step"])


def list_member_time_in_stage(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List everyone who is not yet a full member with the day on which the present stage began, where it is recorded, and the days since."""
    day = read_day(as_of)
    people = frame(standing(tables, as_of, dataset), "Member").rename(columns={"id": "member_id"})
    before = [step for column in MEMBER.columns if column.course for step in column.course.steps[:-1]]
    parts = [
        people.loc[people["stage"] == step.value, ["member_id", "stage", step.dated_by]].set_axis(["member_id", "stage", "stage_since"], axis=1)
        for step in before
    ]
    rows = pd.concat(parts).dropna(subset=["stage_since"])
    rows["days"] = pd.Series([(day - since).days for since in rows["stage_since"]], index=rows.index, dtype="Int64")
    return returned("member_time_in_stage", rows, by=["member_id"], most_first="days")


def list_member_without_mentor(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the activists and candidates without a mentor."""
    there = standing(tables, as_of, dataset)
    people = frame(there, "Member").rename(columns={"id": "member_id"})
    waiting = people["stage"].isin(["activist", "candidate"]) & ~people["member_id"].isin(frame(there, "Member MENTORS Member")["mentee_id"])
    return returned("member_without_mentor", people[waiting], by=["member_id"])


def list_cooperative_founders(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the co-operatives with their founders, and how many of these are cadres or members; who left counts too."""
    day = read_day(as_of)
    rows = frame(standing(tables, as_of, dataset), "Cooperative").rename(columns={"id": "cooperative_id"})
    ties = frame(choose(tables, dataset), "Member WORKS_IN Cooperative")
    begun = ties["since"].map(lambda since: since is None or pd.isna(since) or since <= day).astype(bool)
    founders = ties[ties["is_founder"].fillna(False) & begun].merge(frame(tables.known_on(day), "Member"), left_on="member_id", right_on="id")
    groups = {
        "founders": founders,
        "cadre_founders": founders[founders["is_cadre"].fillna(False)],
        "member_founders": founders[founders["stage"].isin(ADMITTED)],
    }
    for name, group in groups.items():
        rows[name] = counted(rows["cooperative_id"], count_distinct(group, "cooperative_id", "member_id"))
    rows["is_led"] = rows["cadre_founders"] + rows["member_founders"] > 0
    return returned("cooperative_founders", rows, by=["cooperative_id"])


def list_training_reach(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the sessions held by the day with their attendances, which are not people."""
    rows, attended = _sessions(tables, as_of, dataset)
    for name, ties in attended.items():
        rows[f"{name}_attendances"] = counted(rows["training_id"], ties.groupby("training_id").size())
    return returned("training_reach", rows, by=["training_id"])


def list_training_by_form(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the forms of training with sessions, attendances, and the people and households who came, each counted once."""
    sessions, attended = _sessions(tables, as_of, dataset)
    sessions = sessions.assign(form=sessions["form"].fillna("unknown"))
    rows = sessions.groupby("form", as_index=False).agg(sessions=("training_id", "nunique"))
    for name, attendances in attended.items():
        ties = attendances.merge(sessions[["training_id", "form"]], on="training_id")
        rows[f"{name}_attendances"] = counted(rows["form"], ties.groupby("form").size())
        rows[f"{name}s"] = counted(rows["form"], count_distinct(ties, "form", f"{name}_id"))
    return returned("training_by_form", rows, by=["form"])


def list_member_never_trained(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the probationary and full members who attended no session held by the day."""
    _, attended = _sessions(tables, as_of, dataset)
    people = frame(standing(tables, as_of, dataset), "Member").rename(columns={"id": "member_id"})
    never = people["stage"].isin(ADMITTED) & ~people["member_id"].isin(attended["member"]["member_id"])
    return returned("member_never_trained", people[never], by=["member_id"])


def list_village_posts_unfilled(tables: Tables, *, as_of: Day = TODAY, dataset: str | None = None) -> pd.DataFrame:
    """List the villages and which of the four posts nobody holds there."""
    there = standing(tables, as_of, dataset)
    villages = frame(there, "Village").rename(columns={"code": "village_code"})[["village_code", "name"]]
    wanted = villages.merge(pd.DataFrame({"post": pd.array(POSTS, dtype="string")}), how="cross")
    filled = frame(there, "Member HOLDS_POST_IN Village")[["village_code", "post"]].drop_duplicates()
    rows = wanted.merge(filled, on=["village_code", "post"], how="left", indicator=True)
    return returned("village_posts_unfilled", rows[rows["_merge"] == "left_only"], by=["village_code", "post"])


def _sessions(tables: Tables, as_of: Day, dataset: str | None) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The sessions held by the day, and who attended them, people and households apart; who has left since attended all the same."""
    sessions = frame(standing(tables, as_of, dataset), "Training").rename(columns={"id": "training_id"})
    attended = {kind.lower(): frame(tables, f"{kind} ATTENDED Training") for kind in ("Member", "Household")}
    return sessions, {name: ties[ties["training_id"].isin(sessions["training_id"])] for name, ties in attended.items()}
