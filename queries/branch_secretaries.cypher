/*
title.zh = "党组织书记"
title.en = "Secretaries of bodies"
question.zh = "每个党委、党总支、党支部由谁任书记，年龄与文化程度如何？没有登记的也列出。"
question.en = "Who is secretary of each committee and branch, how old and how schooled? Those with none on record are listed too."
twin = "graphkit.queries.twins.list_branch_secretaries"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.office]
type = "string"
default = "书记"
meaning.zh = "职务名称"
meaning.en = "name of the office"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
branch_id = { type = "string", meaning.zh = "党组织编号", meaning.en = "id of the branch" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
kind = { type = "string", meaning.zh = "类别；未知为空", meaning.en = "kind; null where unknown" }
serves_cooperative = { type = "boolean", meaning.zh = "当天覆盖合作组织", meaning.en = "it serves a co-operative on the day" }
member_id = { type = "string", meaning.zh = "书记编号；没有登记为空", meaning.en = "id of the secretary; null where none is on record" }
birth_year = { type = "integer", unit.zh = "年", unit.en = "year", meaning.zh = "出生年；未知为空", meaning.en = "year of birth; null where unknown" }
education = { type = "string", meaning.zh = "文化程度；未知为空", meaning.en = "highest schooling; null where unknown" }
origin = { type = "string", meaning.zh = "来源；未知为空", meaning.en = "where the person comes from; null where unknown" }
*/
MATCH (b:Branch)
WHERE coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true) AND ($dataset IS NULL OR b.dataset = $dataset)
OPTIONAL MATCH (b)-[s:SERVES]->(c:Cooperative)
WHERE coalesce(c.founded_on <= date($as_of), true) AND coalesce(c.dissolved_on > date($as_of), true)
  AND coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
WITH b, count(c.id) AS served
OPTIONAL MATCH (b)<-[r:BELONGS_TO]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND r.office = $office AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH b, served, m
WHERE m IS NOT NULL OR b.kind IS NULL OR NOT b.kind IN ['group', 'liaison_post']
RETURN DISTINCT b.id AS branch_id, b.name AS name, b.kind AS kind, served > 0 AS serves_cooperative, m.id AS member_id,
       m.birth_year AS birth_year, m.education AS education, m.origin AS origin
ORDER BY branch_id, member_id
