/*
title.zh = "跨党组织的人员"
title.en = "People who span branches"
question.zh = "谁编入两个以上的党组织？"
question.en = "Who belongs to two or more branches?"
twin = "graphkit.queries.twins.list_member_spans_branches"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.min_branches]
type = "integer"
unit.zh = "个"
unit.en = "branches"
default = 2
minimum = 1
maximum = 1000
meaning.zh = "至少跨几个党组织"
meaning.en = "at least so many branches"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
branches = { type = "integer", unit.zh = "个", unit.en = "branches", meaning.zh = "所在的党组织数", meaning.en = "branches spanned" }
*/
MATCH (m:Member)-[r:BELONGS_TO]->(b:Branch)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH m, count(DISTINCT b.id) AS branches
WHERE branches >= $min_branches
RETURN m.id AS member_id, branches AS branches
ORDER BY branches DESC, member_id
