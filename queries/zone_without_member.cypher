/*
title.zh = "无责任人的责任区"
title.en = "Zones that nobody answers for"
question.zh = "哪些责任区没有责任人，包含多少农户？"
question.en = "Which zones have nobody responsible, and how many households do they cover?"
twin = "graphkit.queries.twins.list_zone_without_member"
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
zone_id = { type = "string", meaning.zh = "责任区编号", meaning.en = "id of the zone" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "包含的农户数", meaning.en = "households covered" }
*/
MATCH (z:Zone)
WHERE coalesce(z.founded_on <= date($as_of), true) AND coalesce(z.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR z.dataset = $dataset) AND NOT EXISTS {
  MATCH (z)<-[a:RESPONSIBLE_FOR]-(one:Member)
  WHERE coalesce(one.entered_on <= date($as_of), true) AND coalesce(one.left_on > date($as_of), true)
    AND coalesce(a.since <= date($as_of), true) AND coalesce(a.until > date($as_of), true) }
OPTIONAL MATCH (z)-[k:COVERS]->(h:Household)
WHERE coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND coalesce(k.since <= date($as_of), true) AND coalesce(k.until > date($as_of), true)
RETURN z.id AS zone_id, z.name AS name, count(DISTINCT h.id) AS households
ORDER BY zone_id
