/*
title.zh = "失去帮扶人的农户"
title.en = "Households that lost their helper"
question.zh = "哪些农户曾有人结对而现在没有，何时结束？"
question.en = "Which households had a helper and have none now, and since when?"
twin = "graphkit.queries.twins.list_household_helper_lost"
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
ended_on = { type = "date", meaning.zh = "最后一次结束的日期", meaning.en = "day the last one ended" }
former_helpers = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "曾结对的人数", meaning.en = "people who helped before" }
*/
MATCH (h:Household)<-[r:HELPS]-(m:Member)
WHERE coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND ($dataset IS NULL OR h.dataset = $dataset) AND r.until <= date($as_of) AND NOT EXISTS {
  MATCH (h)<-[s:HELPS]-(one:Member)
  WHERE coalesce(one.entered_on <= date($as_of), true) AND coalesce(one.left_on > date($as_of), true)
    AND coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true) }
RETURN h.id AS household_id, max(r.until) AS ended_on, count(DISTINCT m.id) AS former_helpers
ORDER BY household_id
