/*
title.zh = "双重管理的党员"
title.en = "Members under dual management"
question.zh = "哪些党员由一个党组织主要管理，同时由另一个协助管理？"
question.en = "Which members have a primary branch and an assisting one?"
twin = "graphkit.queries.twins.list_member_dual_management"
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
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
primary_branch_id = { type = "string", meaning.zh = "主要管理的党组织", meaning.en = "the primary branch" }
assisting_branch_id = { type = "string", meaning.zh = "协助管理的党组织", meaning.en = "the assisting branch" }
*/
MATCH (p:Branch)<-[r:BELONGS_TO]-(m:Member)-[s:BELONGS_TO]->(a:Branch)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND r.primary AND NOT s.primary AND a.id <> p.id
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
  AND coalesce(p.founded_on <= date($as_of), true) AND coalesce(p.dissolved_on > date($as_of), true)
  AND coalesce(a.founded_on <= date($as_of), true) AND coalesce(a.dissolved_on > date($as_of), true)
RETURN DISTINCT m.id AS member_id, p.id AS primary_branch_id, a.id AS assisting_branch_id
ORDER BY member_id, primary_branch_id, assisting_branch_id
