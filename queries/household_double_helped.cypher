/*
title.zh = "重复结对的农户"
title.en = "Households helped by several"
question.zh = "哪些农户有两人以上结对？"
question.en = "Which households have two or more helpers?"
twin = "graphkit.queries.twins.list_household_double_helped"
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
helpers = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "结对的党员人数", meaning.en = "people paired with it" }
*/
MATCH (h:Household)<-[r:HELPS]-(m:Member)
WHERE coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR h.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH h, count(DISTINCT m.id) AS helpers
WHERE helpers >= 2
RETURN h.id AS household_id, helpers AS helpers
ORDER BY helpers DESC, household_id
