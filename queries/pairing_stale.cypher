/*
title.zh = "久未走访的结对"
title.en = "Stale pairings"
question.zh = "哪些结对已半年没有走访，过了多少天？"
question.en = "Which pairings have had no visit in half a year, and for how many days?"
twin = "graphkit.queries.twins.list_pairing_stale"
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
household_id = { type = "string", meaning.zh = "农户编号", meaning.en = "id of the household" }
pairing_kind = { type = "string", meaning.zh = "结对方式", meaning.en = "kind of pairing" }
last_visit_on = { type = "date", meaning.zh = "最近走访日期", meaning.en = "day of the last recorded visit" }
days = { type = "integer", unit.zh = "天", unit.en = "days", meaning.zh = "至所问日期的天数", meaning.en = "days from then to the day asked about" }
*/
MATCH (m:Member)-[r:HELPS]->(h:Household)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH m, h, r.kind AS pairing_kind, max(CASE WHEN r.last_visit_on <= date($as_of) THEN r.last_visit_on END) AS last_visit_on
WHERE last_visit_on < date($as_of) - duration({days: $stale_days})
RETURN m.id AS member_id, h.id AS household_id, pairing_kind AS pairing_kind, last_visit_on AS last_visit_on,
       duration.inDays(last_visit_on, date($as_of)).days AS days
ORDER BY days DESC, member_id, household_id, pairing_kind
