/*
title.zh = "跨合作组织的人员"
title.en = "People who span co-operatives"
question.zh = "谁在两个以上的合作组织从业或担任联络员？"
question.en = "Who works in, or is liaison to, two or more co-operatives?"
twin = "graphkit.queries.twins.list_member_spans_cooperatives"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.min_cooperatives]
type = "integer"
unit.zh = "个"
unit.en = "co-operatives"
default = 2
minimum = 1
maximum = 1000
meaning.zh = "至少跨几个合作组织"
meaning.en = "at least so many co-operatives"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
cooperatives = { type = "integer", unit.zh = "个", unit.en = "co-operatives", meaning.zh = "跨越的合作组织数", meaning.en = "co-operatives spanned" }
*/
MATCH (m:Member)-[r:WORKS_IN|LIAISES]->(c:Cooperative)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(c.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(c.founded_on <= date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH m, count(DISTINCT c.id) AS cooperatives
WHERE cooperatives >= $min_cooperatives
RETURN m.id AS member_id, cooperatives AS cooperatives
ORDER BY cooperatives DESC, member_id
