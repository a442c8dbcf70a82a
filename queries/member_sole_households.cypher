/*
title.zh = "只靠一人的农户"
title.en = "Households on one person alone"
question.zh = "哪些人一旦离开，就有农户无人联系？"
question.en = "Without which people would households have nobody?"
twin = "graphkit.queries.twins.list_member_sole_households"
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
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "只由此人结对、或在只由此人负责的责任区，所加入的合作组织也无人的农户", meaning.en = "households that only this person helps or answers for in a zone, in no co-operative with people" }
*/
MATCH (h:Household)<-[r:HELPS|COVERS]-(near)
WHERE coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND ($dataset IS NULL OR h.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(near.founded_on <= date($as_of), true) AND coalesce(near.dissolved_on > date($as_of), true)
  AND coalesce(near.entered_on <= date($as_of), true) AND coalesce(near.left_on > date($as_of), true)
  AND NOT EXISTS {
  MATCH (h)-[j:JOINED]->(c:Cooperative)<-[w:WORKS_IN|LIAISES]-(one:Member)
  WHERE coalesce(j.since <= date($as_of), true) AND coalesce(j.until > date($as_of), true)
    AND coalesce(c.founded_on <= date($as_of), true) AND coalesce(c.dissolved_on > date($as_of), true)
    AND coalesce(w.since <= date($as_of), true) AND coalesce(w.until > date($as_of), true)
    AND coalesce(one.entered_on <= date($as_of), true) AND coalesce(one.left_on > date($as_of), true) }
OPTIONAL MATCH (near)<-[a:RESPONSIBLE_FOR]-(keeper:Member)
WHERE coalesce(a.since <= date($as_of), true) AND coalesce(a.until > date($as_of), true)
  AND coalesce(keeper.entered_on <= date($as_of), true) AND coalesce(keeper.left_on > date($as_of), true)
WITH h, CASE type(r) WHEN 'HELPS' THEN near.id ELSE keeper.id END AS member_id
WITH h, count(DISTINCT member_id) AS people, min(member_id) AS member_id
WHERE people = 1
RETURN member_id AS member_id, count(h) AS households
ORDER BY households DESC, member_id
