/*
title.zh = "在两个以上组织任职的人员"
title.en = "Offices held in two bodies"
question.zh = "谁在两个以上的党组织与合作组织中任职？"
question.en = "Who holds office in two or more branches and co-operatives?"
twin = "graphkit.queries.twins.list_member_two_offices"
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
branch_offices = { type = "integer", unit.zh = "个", unit.en = "bodies", meaning.zh = "任职的党组织数", meaning.en = "branches with an office" }
cooperative_offices = { type = "integer", unit.zh = "个", unit.en = "bodies", meaning.zh = "任职的合作组织数", meaning.en = "co-operatives with an office" }
offices = { type = "integer", unit.zh = "个", unit.en = "bodies", meaning.zh = "任职的组织数", meaning.en = "bodies with an office" }
*/
MATCH (m:Member)-[r:BELONGS_TO|WORKS_IN]->(body)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND r.office IS NOT NULL
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(body.founded_on <= date($as_of), true) AND coalesce(body.dissolved_on > date($as_of), true)
WITH m, count(DISTINCT CASE type(r) WHEN 'BELONGS_TO' THEN body.id END) AS branch_offices,
     count(DISTINCT CASE type(r) WHEN 'WORKS_IN' THEN body.id END) AS cooperative_offices
WHERE branch_offices + cooperative_offices >= 2
RETURN m.id AS member_id, branch_offices AS branch_offices, cooperative_offices AS cooperative_offices,
       branch_offices + cooperative_offices AS offices
ORDER BY offices DESC, member_id
