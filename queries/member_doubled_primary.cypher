/*
title.zh = "有两个主要管理党组织的人员"
title.en = "People with two primary branches"
question.zh = "哪些人员的组织关系同时登记在两个以上党组织？"
question.en = "Whose membership is recorded in two or more branches at a time?"
twin = "graphkit.queries.twins.list_member_doubled_primary"
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
stage = { type = "string", meaning.zh = "发展阶段；未知为空", meaning.en = "stage of admission; null where unknown" }
primary_branches = { type = "integer", unit.zh = "个", unit.en = "branches", meaning.zh = "主要管理的党组织数", meaning.en = "primary branches" }
*/
MATCH (m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset)
OPTIONAL MATCH (m)-[r:BELONGS_TO]->(b:Branch)
WHERE coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH m, count(DISTINCT b.id) AS branches, count(DISTINCT CASE WHEN r.primary THEN b.id END) AS primaries
WHERE primaries >= 2
WITH m, primaries, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
                        WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
                        WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
                        WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
                        WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
                        ELSE m.stage END AS stage
RETURN m.id AS member_id, stage AS stage, primaries AS primary_branches
ORDER BY member_id
