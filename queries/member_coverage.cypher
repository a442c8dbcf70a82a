/*
title.zh = "人员的管理与培养"
title.en = "Coverage of members"
question.zh = "每名党员是否只有一个主要管理的党组织，每名积极分子是否有培养联系人？"
question.en = "Does each member have exactly one primary branch, and each activist a mentor?"
twin = "graphkit.queries.twins.list_member_coverage"
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
verdict = { type = "string", meaning.zh = "结论：covered 已覆盖，due 应建未建，watch 待观察，blank 空白", meaning.en = "verdict: covered, due, watch or blank" }
certain = { type = "boolean", meaning.zh = "缺失的数据无论如何都不改变结论", meaning.en = "no missing datum could change the verdict" }
branches = { type = "integer", unit.zh = "个", unit.en = "branches", meaning.zh = "所在党组织数，含协助管理", meaning.en = "branches the person belongs to, assisting ones included" }
mentors = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "培养联系人数", meaning.en = "mentors" }
*/
MATCH (m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset)
OPTIONAL MATCH (m)-[r:BELONGS_TO]->(b:Branch)
WHERE coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH m, count(DISTINCT b.id) AS branches, count(DISTINCT CASE WHEN r.primary THEN b.id END) AS primaries
OPTIONAL MATCH (m)<-[t:MENTORS]-(p:Member)
WHERE coalesce(p.entered_on <= date($as_of), true) AND coalesce(p.left_on > date($as_of), true)
  AND coalesce(t.since <= date($as_of), true) AND coalesce(t.until > date($as_of), true)
WITH m, branches, primaries, count(DISTINCT p.id) AS mentors
RETURN m.id AS member_id, CASE WHEN m.stage IN ['probationary', 'full'] AND m.admitted_on > date($as_of) THEN null ELSE m.stage END AS stage,
       CASE WHEN m.stage = 'applicant' THEN 'watch'
            WHEN m.stage IN ['activist', 'candidate'] THEN CASE WHEN mentors > 0 THEN 'watch' ELSE 'due' END
            WHEN primaries = 1 THEN 'covered'
            WHEN branches > 0 THEN 'due' // two primary branches, or assisting ones alone
            ELSE 'blank' END AS verdict,
       m.stage IS NOT NULL AND NOT (m.stage IN ['probationary', 'full'] AND coalesce(m.admitted_on > date($as_of), false)) AS certain, branches AS branches, mentors AS mentors
ORDER BY member_id
