/*
title.zh = "发展党员的漏斗"
title.en = "The admission funnel"
question.zh = "每个发展阶段有多少人，其中多少有培养联系人？"
question.en = "How many people stand in each stage of admission, and how many of them have a mentor?"
twin = "graphkit.queries.twins.list_member_admission_funnel"
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
step = { type = "integer", unit.zh = "步", unit.en = "steps", meaning.zh = "第几步，从 1 起", meaning.en = "step, from 1" }
stage = { type = "string", meaning.zh = "发展阶段", meaning.en = "stage of admission" }
people = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "人数", meaning.en = "people" }
with_mentor = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "有培养联系人的人数", meaning.en = "with a mentor" }
*/
UNWIND range(1, 5) AS step
WITH step, ['applicant', 'activist', 'candidate', 'probationary', 'full'][step - 1] AS stage
OPTIONAL MATCH (m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
       WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
       WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
       WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
       WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
       ELSE m.stage END = stage AND ($dataset IS NULL OR m.dataset = $dataset)
OPTIONAL MATCH (m)<-[t:MENTORS]-(p:Member)
WHERE coalesce(p.entered_on <= date($as_of), true) AND coalesce(p.left_on > date($as_of), true)
  AND coalesce(t.since <= date($as_of), true) AND coalesce(t.until > date($as_of), true)
RETURN step AS step, stage AS stage, count(DISTINCT m) AS people, count(DISTINCT CASE WHEN p IS NOT NULL THEN m END) AS with_mentor
ORDER BY step
