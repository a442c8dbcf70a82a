/*
title.zh = "责任区外的农户"
title.en = "Households outside every zone"
question.zh = "哪些农户不在任何责任区内？"
question.en = "Which households lie in no zone?"
twin = "graphkit.queries.twins.list_household_outside_zones"
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
household_id = { type = "string", meaning.zh = "农户编号", meaning.en = "id of the household" }
village_code = { type = "string", meaning.zh = "所住村的代码，多个取最小；未知为空", meaning.en = "code of its village, the lowest of several; null where unknown" }
*/
MATCH (h:Household)
WHERE coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND ($dataset IS NULL OR h.dataset = $dataset) AND NOT EXISTS {
  MATCH (h)<-[k:COVERS]-(zone:Zone)
  WHERE coalesce(zone.founded_on <= date($as_of), true) AND coalesce(zone.dissolved_on > date($as_of), true)
    AND coalesce(k.since <= date($as_of), true) AND coalesce(k.until > date($as_of), true) }
OPTIONAL MATCH (h)-[l:LIVES_IN]->(v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH h, min(v.code) AS village_code
RETURN h.id AS household_id, village_code AS village_code
ORDER BY household_id
