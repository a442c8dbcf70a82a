/*
title.zh = "党组织名册"
title.en = "Roster of a branch"
question.zh = "一个党组织里有谁，以什么身份？"
question.en = "Who is in a branch, and in what capacity?"
twin = "graphkit.queries.twins.list_branch_roster"
[parameters.branch_id]
type = "string"
nullable = true
meaning.zh = "党组织编号；空为所有党组织"
meaning.en = "id of the branch; null for every branch"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
branch_id = { type = "string", meaning.zh = "党组织编号", meaning.en = "id of the branch" }
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
name = { type = "string", personal = true, meaning.zh = "姓名；未知为空", meaning.en = "name of the person; null where unknown" }
stage = { type = "string", meaning.zh = "发展阶段；未知为空", meaning.en = "stage of admission; null where unknown" }
primary = { type = "boolean", meaning.zh = "是否主要管理", meaning.en = "whether it is the primary branch" }
office = { type = "string", meaning.zh = "职务；无为空", meaning.en = "office; null for none" }
team = { type = "string", meaning.zh = "工作小组；无为空", meaning.en = "working team; null for none" }
since = { type = "date", meaning.zh = "自何日起；未知为空", meaning.en = "since when; null where unknown" }
*/
MATCH (b:Branch)<-[r:BELONGS_TO]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR b.dataset = $dataset) AND ($branch_id IS NULL OR b.id = $branch_id)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH b, r, m, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
                   WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
                   WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
                   WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
                   WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
                   ELSE m.stage END AS stage
RETURN b.id AS branch_id, m.id AS member_id, m.name AS name, stage AS stage, r.primary AS primary, r.office AS office, r.team AS team, r.since AS since
ORDER BY branch_id, member_id, since
