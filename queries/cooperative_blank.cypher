/*
title.zh = "空白点：合作组织"
title.en = "Blank spots among co-operatives"
question.zh = "哪些合作组织既无党支部、党小组，也无联络员，且不足 3 名正式党员？"
question.en = "Which co-operatives have no branch, no group and no liaison, and fewer than 3 full members?"
twin = "graphkit.queries.twins.list_cooperative_blank"
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
cooperative_id = { type = "string", meaning.zh = "合作组织编号", meaning.en = "id of the co-operative" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
full_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "正式党员人数", meaning.en = "full members" }
probationary_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "预备党员人数", meaning.en = "probationary members" }
unknown_stage_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "发展阶段未知的人数", meaning.en = "people of unknown stage" }
*/
MATCH (c:Cooperative)
WHERE coalesce(c.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR c.dataset = $dataset) AND coalesce(c.founded_on <= date($as_of), true)
OPTIONAL MATCH (c)<-[w:WORKS_IN]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(w.since <= date($as_of), true) AND coalesce(w.until > date($as_of), true)
WITH c,
     count(DISTINCT CASE WHEN m.stage = 'full' AND coalesce(m.admitted_on <= date($as_of), true) THEN m.id END) AS full_members,
     count(DISTINCT CASE WHEN m.stage = 'probationary' AND coalesce(m.admitted_on <= date($as_of), true) THEN m.id END) AS probationary_members,
     count(DISTINCT CASE WHEN m.stage IS NULL OR m.stage IN ['probationary', 'full'] AND m.admitted_on > date($as_of) THEN m.id END) AS unknown_stage_members
OPTIONAL MATCH (c)<-[s:SERVES]-(b:Branch)
WHERE coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH c, full_members, probationary_members, unknown_stage_members,
     count(DISTINCT CASE WHEN b.kind IN ['committee', 'general_branch', 'branch', 'joint_branch', 'temporary_branch'] THEN b.id END) AS branches,
     count(DISTINCT CASE WHEN b.kind IN ['group', 'liaison_post'] THEN b.id END) AS groups,
     count(DISTINCT CASE WHEN b.kind IS NULL THEN b.id END) AS unknown_bodies
OPTIONAL MATCH (c)<-[l:LIAISES]-(p:Member)
WHERE coalesce(p.entered_on <= date($as_of), true) AND coalesce(p.left_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH c, full_members, probationary_members, unknown_stage_members, branches, groups, unknown_bodies, count(DISTINCT p.id) AS liaisons
WHERE branches + groups + liaisons = 0 AND full_members < 3
RETURN c.id AS cooperative_id, c.name AS name, full_members AS full_members,
       probationary_members AS probationary_members, unknown_stage_members AS unknown_stage_members
ORDER BY cooperative_id
