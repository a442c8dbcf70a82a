"""The Python twin of every named query: the same rows, columns and order, from Tables, without a database.

``list_<name>(tables, **parameters)`` answers what ``queries/<name>.cypher`` answers; parameters, defaults and columns are
those of its header. Lists about coverage and reach select from the findings of those questions.

Examples
--------
>>> import pyarrow as pa
>>> from graphkit.data.tables import Tables
>>> district = Tables({"Household": pa.table({"id": ["h1", "h2"]}), "Member": pa.table({"id": ["m1"]}),
...     "Member HELPS Household": pa.table({"member_id": ["m1"], "household_id": ["h2"], "kind": ["one_to_one"]})})
>>> list_household_without_helper(district)["household_id"].tolist()
['h1']
"""

from graphkit.queries.twins.bodies import (
    list_body_one_officer,
    list_body_one_person,
    list_member_spans_branches,
    list_member_spans_cooperatives,
    list_member_spans_villages,
    list_member_two_offices,
)
from graphkit.queries.twins.coverage import (
    list_cooperative_blank,
    list_cooperative_coverage,
    list_cooperative_due_branch,
    list_cooperative_near_threshold,
    list_cooperative_wrong_superior,
    list_household_coverage,
    list_household_outside_zones,
    list_household_uncovered,
    list_member_coverage,
    list_member_doubled_primary,
    list_member_dual_management,
    list_member_duties,
    list_member_without_primary,
    list_member_workplace_assists,
    list_village_coverage,
    list_zone_coverage,
    list_zone_without_member,
)
from graphkit.queries.twins.office import (
    list_branch_officers,
    list_branch_roster,
    list_branch_superiors,
    list_branch_without_office,
    list_household_page,
    list_member_page,
)
from graphkit.queries.twins.people import (
    list_branch_secretaries,
    list_cooperative_founders,
    list_member_admission,
    list_member_admission_funnel,
    list_member_brought_on,
    list_member_mentoring,
    list_member_never_trained,
    list_member_reserve_pool,
    list_member_time_in_stage,
    list_member_without_mentor,
    list_training_by_form,
    list_training_people,
    list_training_reach,
    list_village_posts_unfilled,
)
from graphkit.queries.twins.reach import (
    list_household_double_helped,
    list_household_helper_lost,
    list_household_succession,
    list_household_without_helper,
    list_member_direct_reach,
    list_member_own_association,
    list_member_promised_recorded,
    list_member_sole_households,
    list_member_stale_pairings,
    list_member_two_step_reach,
    list_pairing_by_kind,
    list_pairing_own_association,
    list_pairing_stale,
    list_village_reach,
)
from graphkit.queries.twins.returns import list_cooperative_annual_return

__all__ = [
    "list_body_one_officer",
    "list_body_one_person",
    "list_branch_officers",
    "list_branch_roster",
    "list_branch_secretaries",
    "list_branch_superiors",
    "list_branch_without_office",
    "list_cooperative_annual_return",
    "list_cooperative_blank",
    "list_cooperative_coverage",
    "list_cooperative_due_branch",
    "list_cooperative_founders",
    "list_cooperative_near_threshold",
    "list_cooperative_wrong_superior",
    "list_household_coverage",
    "list_household_double_helped",
    "list_household_helper_lost",
    "list_household_outside_zones",
    "list_household_page",
    "list_household_succession",
    "list_household_uncovered",
    "list_household_without_helper",
    "list_member_admission",
    "list_member_admission_funnel",
    "list_member_brought_on",
    "list_member_coverage",
    "list_member_direct_reach",
    "list_member_doubled_primary",
    "list_member_dual_management",
    "list_member_duties",
    "list_member_mentoring",
    "list_member_never_trained",
    "list_member_own_association",
    "list_member_page",
    "list_member_promised_recorded",
    "list_member_reserve_pool",
    "list_member_sole_households",
    "list_member_spans_branches",
    "list_member_spans_cooperatives",
    "list_member_spans_villages",
    "list_member_stale_pairings",
    "list_member_time_in_stage",
    "list_member_two_offices",
    "list_member_two_step_reach",
    "list_member_without_mentor",
    "list_member_without_primary",
    "list_member_workplace_assists",
    "list_pairing_by_kind",
    "list_pairing_own_association",
    "list_pairing_stale",
    "list_training_by_form",
    "list_training_people",
    "list_training_reach",
    "list_village_coverage",
    "list_village_posts_unfilled",
    "list_village_reach",
    "list_zone_coverage",
    "list_zone_without_member",
]
