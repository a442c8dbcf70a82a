/*
title.zh = "跨村的人员"
title.en = "People who span villages"
question.zh = "谁的居住、任岗与帮扶合起来跨两个以上的村？"
question.en = "Whose home, posts and helped households together span two or more villages?"
twin = "graphkit.queries.twins.list_member_spans_villages"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.min_villages]
type = "integer"
unit.zh = "个"
unit.en = "villages"
default = 2
minimum = 1
maximum = 1000
meaning.zh = "至少跨几个村"
meaning.en = "at least so many villages"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
villages = { type = "integer", unit.zh = "个", unit.en = "villages", meaning.zh = "跨越的村数", meaning.en = "villages spanned" }
*/
MATCH (m:Member)-[r:LIVES_IN|HOLDS_POST_IN|HELPS]->(x)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(x.founded_on <= date($as_of), true) AND coalesce(x.dissolved_on > date($as_of), true)
  AND coalesce(x.entered_on <= date($as_of), true) AND coalesce(x.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
OPTIONAL MATCH (x)-[l:LIVES_IN]->(v:Village) // of a household; a village has none
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH m, count(DISTINCT CASE type(r) WHEN 'HELPS' THEN v.code ELSE x.code END) AS villages
WHERE villages >= $min_villages
RETURN m.id AS member_id, villages AS villages
ORDER BY villages DESC, member_id
