/*
title.zh = "无人任某职的党组织"
title.en = "Branches where an office is empty"
question.zh = "哪些党组织没有人担任某一职务，如书记？"
question.en = "In which branches does nobody hold an office, such as secretary?"
twin = "graphkit.queries.twins.list_branch_without_office"
[parameters.office]
type = "string"
default = "书记"
meaning.zh = "职务名称"
meaning.en = "name of the office"
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
branch_id = { type = "string", meaning.zh = "党组织编号", meaning.en = "id of the branch" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
kind = { type = "string", meaning.zh = "类别；未知为空", meaning.en = "kind of body; null where unknown" }
people = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "党组织里的人数", meaning.en = "people in it" }
*/
MATCH (b:Branch)
WHERE ($dataset IS NULL OR b.dataset = $dataset)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
OPTIONAL MATCH (b)<-[r:BELONGS_TO]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH b, count(DISTINCT m.id) AS people, count(CASE WHEN r.office = $office THEN 1 END) AS holders
WHERE holders = 0
RETURN b.id AS branch_id, b.name AS name, b.kind AS kind, people AS people
ORDER BY branch_id
