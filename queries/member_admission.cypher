/*
title.zh = "发展党员：每人走到哪一步"
title.en = "Admission: how far everybody has come"
question.zh = "申请入党的、培养中的人和党员各在什么阶段、多久了、有几名培养联系人？日期没有登记的，天数为空。"
question.en = "In which stage is everybody who applied, is brought on or was admitted, for how long, and with how many mentors? Where the day is not on record, so are the days."
twin = "graphkit.queries.twins.list_member_admission"
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
stage_since = { type = "date", meaning.zh = "进入该阶段的日期；未登记或已转正为空", meaning.en = "day on which it began; null where not on record, and of full members" }
days = { type = "integer", unit.zh = "天", unit.en = "days", meaning.zh = "已有多少天；同上", meaning.en = "days since then; null likewise" }
applied_on = { type = "date", meaning.zh = "申请入党的日期；没有或未登记为空", meaning.en = "day of the application; null where not reached or not on record" }
activist_on = { type = "date", meaning.zh = "确定为积极分子的日期；没有或未登记为空", meaning.en = "day on which the person was made an activist; null where not reached or not on record" }
candidate_on = { type = "date", meaning.zh = "确定为发展对象的日期；没有或未登记为空", meaning.en = "day on which the person was made a candidate; null where not reached or not on record" }
admitted_on = { type = "date", meaning.zh = "成为预备党员的日期；没有或未登记为空", meaning.en = "day of admission, as a probationary member; null where not reached or not on record" }
full_on = { type = "date", meaning.zh = "转正的日期；没有或未登记为空", meaning.en = "day on which the person became a full member; null where not reached or not on record" }
mentors = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "当天的培养联系人", meaning.en = "people who mentor this one on the day" }
*/
MATCH (m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true) AND ($dataset IS NULL OR m.dataset = $dataset)
WITH m, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
             WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
             WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
             WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
             WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
             ELSE m.stage END AS stage
WHERE coalesce(stage <> 'not_applied', true)
WITH m, stage, CASE stage WHEN 'applicant' THEN m.applied_on WHEN 'activist' THEN m.activist_on
                          WHEN 'candidate' THEN m.candidate_on WHEN 'probationary' THEN m.admitted_on END AS since
OPTIONAL MATCH (m)<-[t:MENTORS]-(p:Member)
WHERE coalesce(p.entered_on <= date($as_of), true) AND coalesce(p.left_on > date($as_of), true)
  AND coalesce(t.since <= date($as_of), true) AND coalesce(t.until > date($as_of), true)
WITH m, stage, since, count(DISTINCT p.id) AS mentors
RETURN m.id AS member_id, stage AS stage, CASE WHEN since <= date($as_of) THEN since END AS stage_since,
       CASE WHEN since <= date($as_of) THEN duration.inDays(since, date($as_of)).days END AS days,
       CASE WHEN m.applied_on <= date($as_of) THEN m.applied_on END AS applied_on,
       CASE WHEN m.activist_on <= date($as_of) THEN m.activist_on END AS activist_on,
       CASE WHEN m.candidate_on <= date($as_of) THEN m.candidate_on END AS candidate_on,
       CASE WHEN m.admitted_on <= date($as_of) THEN m.admitted_on END AS admitted_on,
       CASE WHEN m.full_on <= date($as_of) THEN m.full_on END AS full_on, mentors AS mentors
ORDER BY member_id
