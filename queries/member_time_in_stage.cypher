/*
title.zh = "在现阶段多久"
title.en = "Time in the present stage"
question.zh = "还没有转正的人，在现在的发展阶段已经多少天？只列登记了进入该阶段日期的。"
question.en = "For how many days has everyone who is not yet a full member been in the present stage of admission? Only those with that day on record."
twin = "graphkit.queries.twins.list_member_time_in_stage"
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
stage = { type = "string", meaning.zh = "那天的发展阶段", meaning.en = "stage of admission on the day" }
stage_since = { type = "date", meaning.zh = "进入该阶段的日期", meaning.en = "day on which it began" }
days = { type = "integer", unit.zh = "天", unit.en = "days", meaning.zh = "已有多少天", meaning.en = "days since then" }
*/
MATCH (m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true) AND ($dataset IS NULL OR m.dataset = $dataset)
WITH m, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
             WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
             WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
             WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
             WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
             ELSE m.stage END AS stage
WITH m, stage, CASE stage WHEN 'applicant' THEN m.applied_on WHEN 'activist' THEN m.activist_on
                          WHEN 'candidate' THEN m.candidate_on WHEN 'probationary' THEN m.admitted_on END AS since
WHERE since <= date($as_of)
RETURN m.id AS member_id, stage AS stage, since AS stage_since, duration.inDays(since, date($as_of)).days AS days
ORDER BY days DESC, member_id
