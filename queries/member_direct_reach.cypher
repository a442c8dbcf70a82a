/*
title.zh = "党员直接结对的农户"
title.en = "Direct reach of members"
question.zh = "每人按每种方式结对多少农户，其中多少还有别人结对？"
question.en = "How many households does each person help in each kind of pairing, and how many of them has somebody else too?"
twin = "graphkit.queries.twins.list_member_direct_reach"
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
pairing_kind = { type = "string", meaning.zh = "结对方式；any 为任一方式，不是各方式之和", meaning.en = "kind of pairing; any: under any kind, never their sum" }
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "结对的农户数", meaning.en = "households paired" }
shared_households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "其中还有别人以同一方式（any：任一方式）结对的", meaning.en = "of these, helped by somebody else too, in the same kind (any: in any)" }
*/
MATCH (m:Member)-[r:HELPS]->(h:Household)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
UNWIND [r.kind, 'any'] AS pairing_kind
WITH DISTINCT m, h, pairing_kind
OPTIONAL MATCH (h)<-[s:HELPS]-(other:Member)
WHERE coalesce(other.entered_on <= date($as_of), true) AND coalesce(other.left_on > date($as_of), true)
  AND other.id <> m.id AND (pairing_kind = 'any' OR s.kind = pairing_kind)
  AND coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
WITH m, h, pairing_kind, count(other) AS others
RETURN m.id AS member_id, pairing_kind AS pairing_kind, count(h) AS households, count(CASE WHEN others > 0 THEN 1 END) AS shared_households
ORDER BY member_id, pairing_kind
