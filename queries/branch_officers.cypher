/*
title.zh = "党组织的任职情况"
title.en = "Office holders of branches"
question.zh = "每个党组织由谁任职，年龄与文化程度如何？"
question.en = "Who holds office in each branch, how old and how schooled?"
twin = "graphkit.queries.twins.list_branch_officers"
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
branch_name = { type = "string", meaning.zh = "党组织名称；未知为空", meaning.en = "name of the branch; null where unknown" }
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
office = { type = "string", meaning.zh = "职务", meaning.en = "office" }
birth_year = { type = "integer", unit.zh = "年", unit.en = "year", meaning.zh = "出生年；未知为空", meaning.en = "year of birth; null where unknown" }
education = { type = "string", meaning.zh = "文化程度；未知为空", meaning.en = "highest schooling; null where unknown" }
*/
MATCH (b:Branch)<-[r:BELONGS_TO]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR b.dataset = $dataset) AND r.office IS NOT NULL
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
RETURN DISTINCT b.id AS branch_id, b.name AS branch_name, m.id AS member_id, r.office AS office, m.birth_year AS birth_year, m.education AS education
ORDER BY branch_id, member_id, office
