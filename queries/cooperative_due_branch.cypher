/*
title.zh = "应建未建党组织的合作组织"
title.en = "Co-operatives due a branch"
question.zh = "哪些合作组织已有 3 名正式党员而没有党支部，范围如何？"
question.en = "Which co-operatives have 3 full members and no branch, and how far do they reach?"
twin = "graphkit.queries.twins.list_cooperative_due_branch"
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
scope = { type = "string", meaning.zh = "范围：所填，或由经营村推断；不明为空", meaning.en = "scope: as declared, else from the villages it operates in; null where unknown" }
*/
MATCH (c:Cooperative)<-[w:WORKS_IN]-(m:Member)
WHERE coalesce(c.dissolved_on > date($as_of), true)
  AND coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR c.dataset = $dataset) AND coalesce(c.founded_on <= date($as_of), true) AND m.stage = 'full' AND coalesce(m.admitted_on <= date($as_of), true)
  AND coalesce(w.since <= date($as_of), true) AND coalesce(w.until > date($as_of), true)
WITH c, count(DISTINCT m.id) AS full_members
WHERE full_members >= 3 AND NOT EXISTS {
  MATCH (c)<-[s:SERVES]-(b:Branch)
  WHERE b.kind IN ['committee', 'general_branch', 'branch', 'joint_branch', 'temporary_branch']
    AND coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
    AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true) }
OPTIONAL MATCH (c)-[o:OPERATES_IN]->(v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND coalesce(o.since <= date($as_of), true) AND coalesce(o.until > date($as_of), true)
OPTIONAL MATCH (v)-[:IN]->(t:Township)
WHERE coalesce(t.founded_on <= date($as_of), true) AND coalesce(t.dissolved_on > date($as_of), true)
WITH c, full_members, collect(DISTINCT v.code) AS villages, count(DISTINCT t.code) AS townships
RETURN c.id AS cooperative_id, c.name AS name, full_members AS full_members,
       coalesce(c.scope, CASE WHEN size(villages) = 1 THEN 'village'
                                WHEN townships >= 2 THEN 'cross_township'
                                WHEN size(villages) >= 2 THEN 'cross_village' END) AS scope
ORDER BY cooperative_id
