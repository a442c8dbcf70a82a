/*
title.zh = "培养联系人及其对象"
title.en = "Mentors and whom they mentor"
question.zh = "谁在培养联系多少人，各在什么阶段？"
question.en = "Who mentors how many people, and in which stages are they?"
twin = "graphkit.queries.twins.list_member_mentoring"
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
mentees = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "培养对象人数", meaning.en = "people mentored" }
applicants = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "其中申请人", meaning.en = "of these, applicants" }
activists = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "其中积极分子", meaning.en = "of these, activists" }
candidates = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "其中发展对象", meaning.en = "of these, candidates" }
admitted = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "其中预备与正式党员", meaning.en = "of these, probationary and full members" }
*/
MATCH (m:Member)-[t:MENTORS]->(p:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(p.entered_on <= date($as_of), true) AND coalesce(p.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(t.since <= date($as_of), true) AND coalesce(t.until > date($as_of), true)
WITH m, p, CASE WHEN p.applied_on > date($as_of) THEN 'not_applied'
                WHEN p.activist_on > date($as_of) THEN CASE WHEN p.applied_on <= date($as_of) THEN 'applicant' END
                WHEN p.candidate_on > date($as_of) THEN CASE WHEN p.activist_on <= date($as_of) THEN 'activist' END
                WHEN p.admitted_on > date($as_of) THEN CASE WHEN p.candidate_on <= date($as_of) THEN 'candidate' END
                WHEN p.full_on > date($as_of) THEN CASE WHEN p.admitted_on <= date($as_of) THEN 'probationary' END
                ELSE p.stage END AS stage
RETURN m.id AS member_id, count(DISTINCT p.id) AS mentees, count(DISTINCT CASE WHEN stage = 'applicant' THEN p.id END) AS applicants,
       count(DISTINCT CASE WHEN stage = 'activist' THEN p.id END) AS activists, count(DISTINCT CASE WHEN stage = 'candidate' THEN p.id END) AS candidates,
       count(DISTINCT CASE WHEN stage IN ['probationary', 'full'] THEN p.id END) AS admitted
ORDER BY mentees DESC, member_id
