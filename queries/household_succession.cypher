/*
title.zh = "结对的接替"
title.en = "Successions in pairing"
question.zh = "哪些农户的结对结束后由别人接替，间隔几天？"
question.en = "At which households did one helper end and another begin, and how many days lay between?"
twin = "graphkit.queries.twins.list_household_succession"
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
former_member_id = { type = "string", meaning.zh = "结束的人", meaning.en = "who ended" }
ended_on = { type = "date", meaning.zh = "结束日期", meaning.en = "day it ended" }
next_member_id = { type = "string", meaning.zh = "接替的人", meaning.en = "who began next" }
began_on = { type = "date", meaning.zh = "开始日期", meaning.en = "day it began" }
days_between = { type = "integer", unit.zh = "天", unit.en = "days", meaning.zh = "间隔天数", meaning.en = "days between" }
*/
MATCH (former:Member)-[r:HELPS]->(h:Household)<-[s:HELPS]-(next:Member)
WHERE ($dataset IS NULL OR h.dataset = $dataset) AND former.id <> next.id
  AND r.until <= date($as_of) AND s.since <= date($as_of) AND s.since >= r.until
  AND NOT EXISTS { MATCH (h)<-[e:HELPS]-(earlier:Member)
                   WHERE earlier.id <> former.id AND e.since >= r.until AND e.since < s.since }
RETURN DISTINCT h.id AS household_id, former.id AS former_member_id, r.until AS ended_on,
       next.id AS next_member_id, s.since AS began_on, duration.inDays(r.until, s.since).days AS days_between
ORDER BY household_id, former_member_id, ended_on, next_member_id
