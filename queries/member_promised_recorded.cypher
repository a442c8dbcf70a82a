/*
title.zh = "承诺与登记"
title.en = "Promised against recorded"
question.zh = "每人按每种结对方式承诺多少，登记了多少农户？"
question.en = "How many did each person promise in each kind of pairing, and how many households are recorded?"
twin = "graphkit.queries.twins.list_member_promised_recorded"
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
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
pairing_kind = { type = "string", meaning.zh = "结对方式", meaning.en = "kind of pairing" }
promised = { type = "integer", unit.zh = "户（每年十人：人）", unit.en = "households (ten a year: people)", meaning.zh = "承诺的总数，取最大的登记值；每年十人以人计", meaning.en = "promised in all, the largest figure recorded; people for ten a year" }
recorded = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "登记结对的农户数", meaning.en = "households recorded" }
*/
MATCH (m:Member)-[r:HELPS]->(h:Household)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH m, r.kind AS pairing_kind, max(CASE WHEN coalesce(r.promised_on <= date($as_of), true) THEN r.target END) AS promised, count(DISTINCT h.id) AS recorded
WHERE promised IS NOT NULL
RETURN m.id AS member_id, pairing_kind AS pairing_kind, promised AS promised, recorded AS recorded
ORDER BY member_id, pairing_kind
