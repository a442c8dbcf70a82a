/*
title.zh = "村内农户的结对"
title.en = "Pairing reach of villages"
question.zh = "每个村有多少农户，由一人、多人结对或无人结对？"
question.en = "How many households of each village has one helper, several, or none?"
twin = "graphkit.queries.twins.list_village_reach"
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
village_code = { type = "string", meaning.zh = "村的 12 位代码", meaning.en = "12-digit code of the village" }
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "住在村里的农户数", meaning.en = "households that live there" }
reached_by_one = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "只有一人结对", meaning.en = "with one helper" }
reached_by_several = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "两人以上结对", meaning.en = "with two or more" }
reached_by_none = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "无人结对", meaning.en = "with none" }
helpers = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "结对的人数", meaning.en = "people who help them" }
*/
MATCH (v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR v.dataset = $dataset)
OPTIONAL MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH DISTINCT v, h
OPTIONAL MATCH (h)<-[r:HELPS]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH v, h, collect(DISTINCT m.id) AS helpers_of_one
UNWIND CASE WHEN size(helpers_of_one) = 0 THEN [null] ELSE helpers_of_one END AS helper
RETURN v.code AS village_code, count(DISTINCT h.id) AS households,
       count(DISTINCT CASE WHEN size(helpers_of_one) = 1 THEN h.id END) AS reached_by_one,
       count(DISTINCT CASE WHEN size(helpers_of_one) > 1 THEN h.id END) AS reached_by_several,
       count(DISTINCT CASE WHEN size(helpers_of_one) = 0 THEN h.id END) AS reached_by_none,
       count(DISTINCT helper) AS helpers
ORDER BY village_code
