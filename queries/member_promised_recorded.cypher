/*
title.zh = "承诺与登记"
title.en = "Promised against recorded"
question.zh = "每项承诺是多少，同一方式、同一单位、同一期限内登记了多少？"
question.en = "How much is each promise, and how much is recorded in the same kind, unit and period?"
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
promise_id = { type = "string", meaning.zh = "承诺编号", meaning.en = "id of the promise" }
kind = { type = "string", meaning.zh = "承诺内容", meaning.en = "kind of promise" }
target = { type = "integer", unit.zh = "承诺的单位", unit.en = "unit of the promise", meaning.zh = "承诺数，按其单位", meaning.en = "how many were promised, in its unit" }
unit = { type = "string", meaning.zh = "单位", meaning.en = "unit" }
from_on = { type = "date", meaning.zh = "期限起", meaning.en = "first day of the period" }
until_on = { type = "date", meaning.zh = "期限止，不含这一天", meaning.en = "the period ends before this day" }
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "以同一方式结对的农户，每户计一次；没有登记可以对照的为空", meaning.en = "households paired in the same kind, each once; null where nothing on record speaks of it" }
households_of_unknown_size = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "其中人口未知的", meaning.en = "of these, of unknown size" }
recorded_low = { type = "integer", unit.zh = "承诺的单位", unit.en = "unit of the promise", meaning.zh = "至少登记了多少，按承诺的单位", meaning.en = "on record at least, in the unit of the promise" }
recorded_high = { type = "integer", unit.zh = "承诺的单位", unit.en = "unit of the promise", meaning.zh = "至多登记了多少；有的户人口未知则为空", meaning.en = "on record at most; null where a household of unknown size leaves no bound" }
*/
MATCH (p:Promise)-[:MADE_BY]->(m:Member)
WHERE coalesce(p.promised_on <= date($as_of), true) AND coalesce(p.withdrawn_on > date($as_of), true)
  AND coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset)
OPTIONAL MATCH (m)-[r:HELPS]->(h:Household)
WHERE r.kind = p.kind AND coalesce(p.from_on <= date($as_of), true) AND coalesce(p.from_on < p.until_on, true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.since < p.until_on, true)
  AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.entered_on < p.until_on, true)
  AND CASE WHEN p.from_on IS NOT NULL AND p.until_on IS NOT NULL THEN coalesce(r.until > p.from_on, true) AND coalesce(h.left_on > p.from_on, true)
           WHEN coalesce(p.until_on <= date($as_of), false) THEN coalesce(r.until >= p.until_on, true) AND coalesce(h.left_on >= p.until_on, true)
           ELSE coalesce(r.until > date($as_of), true) AND coalesce(h.left_on > date($as_of), true) END
WITH DISTINCT m, p, h
WITH m, p, count(h) AS homes, count(CASE WHEN h IS NOT NULL AND h.people IS NULL THEN 1 END) AS unsized, sum(h.people) AS people,
     coalesce(p.from_on <= date($as_of), true) AND coalesce(p.unit IN ['households', 'people'], false)
       AND coalesce(p.kind IN ['one_to_one', 'one_to_five', 'ten_a_year', 'technical', 'post'], false) AS speaks
RETURN m.id AS member_id, p.id AS promise_id, p.kind AS kind, p.target AS target, p.unit AS unit, p.from_on AS from_on, p.until_on AS until_on,
       CASE WHEN speaks THEN homes END AS households, CASE WHEN speaks THEN unsized END AS households_of_unknown_size,
       CASE WHEN NOT speaks THEN null WHEN p.unit = 'people' THEN people ELSE homes END AS recorded_low,
       CASE WHEN NOT speaks THEN null WHEN p.unit = 'households' THEN homes WHEN unsized = 0 THEN people END AS recorded_high
ORDER BY member_id, promise_id
