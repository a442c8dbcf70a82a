/*
title.zh = "谁培养谁"
title.en = "Who brought whom on"
question.zh = "申请入党的人和党员由谁培养或培养过？结束了的、培养人已离开的也在内。"
question.en = "Who mentors or has mentored everybody who applied or was admitted? What has ended counts too, and mentors who left."
twin = "graphkit.queries.twins.list_member_brought_on"
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
stage = { type = "string", meaning.zh = "那天的发展阶段；未知为空", meaning.en = "stage of admission on the day; null where unknown" }
mentor_id = { type = "string", meaning.zh = "培养联系人的编号", meaning.en = "id of the mentor" }
runs = { type = "boolean", meaning.zh = "当天仍在培养", meaning.en = "whether the mentoring runs on the day" }
*/
MATCH (m:Member)<-[t:MENTORS]-(p:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true) AND ($dataset IS NULL OR m.dataset = $dataset)
  AND coalesce(t.since <= date($as_of), true)
WITH m, p, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
                WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
                WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
                WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
                WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
                ELSE m.stage END AS stage,
     max(CASE WHEN coalesce(t.until > date($as_of), true)
               AND coalesce(p.entered_on <= date($as_of), true) AND coalesce(p.left_on > date($as_of), true) THEN 1 ELSE 0 END) AS running
WHERE coalesce(stage <> 'not_applied', true)
RETURN m.id AS member_id, stage AS stage, p.id AS mentor_id, running = 1 AS runs
ORDER BY member_id, mentor_id
