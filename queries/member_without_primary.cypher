/*
title.zh = "脱管的党员"
title.en = "Members whom no branch manages"
question.zh = "哪些党员没有主要管理的党组织（脱管），有几个协助管理的？"
question.en = "Which members have no primary branch, and how many assisting ones?"
twin = "graphkit.queries.twins.list_member_without_primary"
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
assisting_branches = { type = "integer", unit.zh = "个", unit.en = "branches", meaning.zh = "协助管理的党组织数", meaning.en = "assisting branches" }
*/
MATCH (m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset)
OPTIONAL MATCH (m)-[r:BELONGS_TO]->(b:Branch)
WHERE coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH m, count(DISTINCT b.id) AS branches, count(DISTINCT CASE WHEN r.primary THEN b.id END) AS primaries
WITH m, branches, primaries, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
                                  WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
                                  WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
                                  WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
                                  WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
                                  ELSE m.stage END AS stage
WHERE primaries = 0 AND coalesce(stage IN ['full', 'probationary'], true) // an unknown stage may be one of these
RETURN m.id AS member_id, stage AS stage, branches AS assisting_branches
ORDER BY member_id
