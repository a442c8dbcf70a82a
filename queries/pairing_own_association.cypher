/*
title.zh = "本协会内的结对"
title.en = "Pairings inside one association"
question.zh = "哪些结对的农户与帮扶人同在一个合作组织？"
question.en = "Which pairings join a person and a household of the same co-operative?"
twin = "graphkit.queries.twins.list_pairing_own_association"
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
household_id = { type = "string", meaning.zh = "农户编号", meaning.en = "id of the household" }
cooperative_id = { type = "string", meaning.zh = "合作组织编号", meaning.en = "id of the co-operative" }
*/
MATCH (m:Member)-[r:HELPS]->(h:Household)-[j:JOINED]->(c:Cooperative)<-[w:WORKS_IN]-(m)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND coalesce(c.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(j.kind, 'member') = 'member' AND coalesce(c.founded_on <= date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(j.since <= date($as_of), true) AND coalesce(j.until > date($as_of), true)
  AND coalesce(w.since <= date($as_of), true) AND coalesce(w.until > date($as_of), true)
RETURN DISTINCT m.id AS member_id, h.id AS household_id, c.id AS cooperative_id
ORDER BY member_id, household_id, cooperative_id
