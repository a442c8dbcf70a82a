/*
title.zh = "没有帮扶人的困难户"
title.en = "Poor households without a helper"
question.zh = "哪些困难户，或是否困难户未知的农户，没有党员结对，住在哪个村？"
question.en = "Which poor households, and households of which that is unknown, have no helper, and where do they live?"
twin = "graphkit.queries.twins.list_household_uncovered"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.in_force_from]
type = "date"
pack_place = "s51.in_force_from"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "规则自哪天起施行；此前不作要求"
meaning.en = "day from which the rule is in force; before it nothing is asked"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
household_id = { type = "string", meaning.zh = "农户编号", meaning.en = "id of the household" }
village_code = { type = "string", meaning.zh = "所住村的代码，多个取最小；未知为空", meaning.en = "code of its village, the lowest of several; null where unknown" }
is_poor = { type = "boolean", meaning.zh = "是否困难户；未知为空", meaning.en = "registered as poor; null where unknown" }
asked = { type = "string", meaning.zh = "是否有要求：yes 是，unknown 不确定", meaning.en = "whether the rule asks anything of it: yes or unknown" }
*/
MATCH (h:Household)
WHERE ($dataset IS NULL OR h.dataset = $dataset) AND coalesce(h.is_poor, true) AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND date($as_of) >= date($in_force_from)
OPTIONAL MATCH (h)<-[r:HELPS]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH h, count(DISTINCT m.id) AS helpers, max(r.last_visit_on) AS newest_visit,
     count(CASE WHEN r.last_visit_on IS NULL THEN m.id END) AS unvisited
WITH h, helpers
WHERE helpers = 0
OPTIONAL MATCH (h)-[l:LIVES_IN]->(v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH h, min(v.code) AS village_code
RETURN h.id AS household_id, village_code AS village_code, h.is_poor AS is_poor, CASE WHEN h.is_poor THEN 'yes' ELSE 'unknown' END AS asked
ORDER BY household_id
