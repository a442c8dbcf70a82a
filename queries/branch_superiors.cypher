/*
title.zh = "党组织的隶属关系"
title.en = "Superiors of branches"
question.zh = "每个党组织隶属于哪个上级，管理方式是什么？"
question.en = "To which superior does each branch report, and who manages it?"
twin = "graphkit.queries.twins.list_branch_superiors"
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
management = { type = "string", meaning.zh = "管理方式；未知为空", meaning.en = "management; null where unknown" }
superior_id = { type = "string", meaning.zh = "上级党组织；无为空", meaning.en = "the superior; null for none" }
superior_kind = { type = "string", meaning.zh = "上级的类别；无或未知为空", meaning.en = "kind of the superior; null for none, or unknown" }
*/
MATCH (b:Branch)
WHERE ($dataset IS NULL OR b.dataset = $dataset)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
OPTIONAL MATCH (b)-[r:REPORTS_TO]->(p:Branch)
WHERE coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(p.founded_on <= date($as_of), true) AND coalesce(p.dissolved_on > date($as_of), true)
RETURN DISTINCT b.id AS branch_id, b.name AS name, b.kind AS kind, b.management AS management, p.id AS superior_id, p.kind AS superior_kind
ORDER BY branch_id, superior_id
