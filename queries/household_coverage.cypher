/*
title.zh = "困难户的帮扶"
title.en = "Helpers of poor households"
question.zh = "每个困难户是否有党员结对，是否久未走访？"
question.en = "Does each poor household have a helper, and one who came of late?"
twin = "graphkit.queries.twins.list_household_coverage"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.stale_days]
type = "integer"
unit.zh = "天"
unit.en = "days"
pack_place = "s51.stale_days"
minimum = 1
maximum = 3650
meaning.zh = "超过多少天未走访算久未走访"
meaning.en = "more than so many days without a visit are stale"
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
asked = { type = "string", meaning.zh = "是否有要求：yes 是，unknown 不确定", meaning.en = "whether the rule asks anything of it: yes or unknown" }
outcome = { type = "string", meaning.zh = "结果：met 已落实，open 未落实，unknown 不确定", meaning.en = "outcome: met, open or unknown" }
helpers = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "结对的党员人数", meaning.en = "people paired with it" }
stale = { type = "boolean", meaning.zh = "每个结对都有走访记录，且都已久未走访", meaning.en = "every pairing has a visit on record, and none of late" }
*/
MATCH (h:Household)
WHERE ($dataset IS NULL OR h.dataset = $dataset) AND coalesce(h.is_poor, true) AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND date($as_of) >= date($in_force_from)
OPTIONAL MATCH (h)<-[r:HELPS]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH h, count(DISTINCT m.id) AS helpers, max(r.last_visit_on) AS newest_visit,
     count(CASE WHEN r.last_visit_on IS NULL THEN m.id END) AS unvisited
RETURN h.id AS household_id, CASE WHEN h.is_poor THEN 'yes' ELSE 'unknown' END AS asked, CASE WHEN helpers > 0 THEN 'met' ELSE 'open' END AS outcome,
       helpers AS helpers, helpers > 0 AND unvisited = 0 AND newest_visit < date($as_of) - duration({days: $stale_days}) AS stale
ORDER BY household_id
