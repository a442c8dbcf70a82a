/*
title.zh = "无培养联系人的积极分子"
title.en = "Activists and candidates without a mentor"
question.zh = "哪些积极分子与发展对象没有培养联系人？"
question.en = "Which activists and candidates have no mentor?"
twin = "graphkit.queries.twins.list_member_without_mentor"
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
stage = { type = "string", meaning.zh = "发展阶段", meaning.en = "stage of admission" }
*/
MATCH (m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND ($dataset IS NULL OR m.dataset = $dataset) AND NOT EXISTS {
  MATCH (m)<-[t:MENTORS]-(one:Member)
  WHERE coalesce(one.entered_on <= date($as_of), true) AND coalesce(one.left_on > date($as_of), true)
    AND coalesce(t.since <= date($as_of), true) AND coalesce(t.until > date($as_of), true) }
WITH m, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
             WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
             WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
             WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
             WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
             ELSE m.stage END AS stage
WHERE stage IN ['activist', 'candidate']
RETURN m.id AS member_id, stage AS stage
ORDER BY member_id
