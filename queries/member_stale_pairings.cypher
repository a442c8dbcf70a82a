/*
title.zh = "久未走访的党员"
title.en = "Members with stale pairings"
question.zh = "谁有多少结对农户已半年没有走访？"
question.en = "Who has not visited how many of the households in half a year?"
twin = "graphkit.queries.twins.list_member_stale_pairings"
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
meaning.zh = "超过多少天未走访"
meaning.en = "more than so many days without a visit"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
pairing_kind = { type = "string", meaning.zh = "结对方式；any 为任一方式，不是各方式之和", meaning.en = "kind of pairing; any: under any kind, never their sum" }
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "结对的农户数", meaning.en = "households paired" }
stale_households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "久未走访的农户数；无走访记录的不计", meaning.en = "households visited too long ago; without any recorded visit none" }
*/
MATCH (m:Member)-[r:HELPS]->(h:Household)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
UNWIND [r.kind, 'any'] AS pairing_kind
WITH m, h, pairing_kind, max(CASE WHEN r.last_visit_on <= date($as_of) THEN r.last_visit_on END) AS newest_visit
WITH m, pairing_kind, count(h) AS households, count(CASE WHEN newest_visit < date($as_of) - duration({days: $stale_days}) THEN 1 END) AS stale_households
WHERE stale_households > 0
RETURN m.id AS member_id, pairing_kind AS pairing_kind, households AS households, stale_households AS stale_households
ORDER BY member_id, pairing_kind
