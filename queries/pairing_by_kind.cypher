/*
title.zh = "各种结对的规模"
title.en = "Size of each kind of pairing"
question.zh = "每种结对方式有多少结对、多少人、多少农户？"
question.en = "How many pairings, people and households are there in each kind?"
twin = "graphkit.queries.twins.list_pairing_by_kind"
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
pairing_kind = { type = "string", meaning.zh = "结对方式；各方式不可相加", meaning.en = "kind of pairing; kinds are never added up" }
pairings = { type = "integer", unit.zh = "对", unit.en = "pairs", meaning.zh = "结对数", meaning.en = "pairs" }
members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "结对的人数", meaning.en = "people who help" }
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "农户数", meaning.en = "households" }
*/
MATCH (m:Member)-[r:HELPS]->(h:Household)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH DISTINCT r.kind AS pairing_kind, m, h
RETURN pairing_kind AS pairing_kind, count(*) AS pairings, count(DISTINCT m) AS members, count(DISTINCT h) AS households
ORDER BY pairing_kind
