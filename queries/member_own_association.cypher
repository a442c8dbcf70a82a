/*
title.zh = "帮扶本协会农户的党员"
title.en = "Members who help within their own association"
question.zh = "谁结对的农户中有本人所在合作组织的会员？"
question.en = "Who helps households that are members of the co-operative the person works in?"
twin = "graphkit.queries.twins.list_member_own_association"
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
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "结对的农户数", meaning.en = "households paired" }
own_association_households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "其中本合作组织的会员户", meaning.en = "of these, members of the own co-operative" }
*/
MATCH (m:Member)-[r:HELPS]->(h:Household)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH DISTINCT m, h
OPTIONAL MATCH (h)-[j:JOINED]->(c:Cooperative)<-[w:WORKS_IN]-(m)
WHERE coalesce(c.dissolved_on > date($as_of), true)
  AND coalesce(j.kind, 'member') = 'member' AND coalesce(c.founded_on <= date($as_of), true)
  AND coalesce(j.since <= date($as_of), true) AND coalesce(j.until > date($as_of), true)
  AND coalesce(w.since <= date($as_of), true) AND coalesce(w.until > date($as_of), true)
WITH m, h, count(c) AS own
WITH m, count(h) AS households, count(CASE WHEN own > 0 THEN 1 END) AS own_association_households
WHERE own_association_households > 0
RETURN m.id AS member_id, households AS households, own_association_households AS own_association_households
ORDER BY member_id
