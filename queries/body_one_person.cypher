/*
title.zh = "只有一人的组织"
title.en = "Bodies with one person only"
question.zh = "哪些党组织与合作组织只有一个人？"
question.en = "In which branches and co-operatives is there one person only?"
twin = "graphkit.queries.twins.list_body_one_person"
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
body_kind = { type = "string", meaning.zh = "Branch 党组织，或 Cooperative 合作组织", meaning.en = "Branch or Cooperative" }
body_id = { type = "string", meaning.zh = "组织编号", meaning.en = "id of the body" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
*/
MATCH (m:Member)-[r:BELONGS_TO|WORKS_IN]->(body)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(body.founded_on <= date($as_of), true) AND coalesce(body.dissolved_on > date($as_of), true)
WITH body, CASE type(r) WHEN 'BELONGS_TO' THEN 'Branch' ELSE 'Cooperative' END AS body_kind, count(DISTINCT m.id) AS people, min(m.id) AS member_id
WHERE people = 1
RETURN body_kind AS body_kind, body.id AS body_id, body.name AS name, member_id AS member_id
ORDER BY body_kind, body_id
