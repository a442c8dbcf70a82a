/*
title.zh = "人员的管理与培养"
title.en = "Members managed, activists mentored"
question.zh = "每名党员是否只有一个主要管理的党组织，每名积极分子是否有培养联系人？（只看在册的行，不计搁置的行和未读出的格）"
question.en = "Does each member have exactly one managing body, and each activist a mentor? (By the rows that are there: rows set aside and cells not read are not seen.)"
twin = "graphkit.queries.twins.list_member_coverage"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.in_force_from]
type = "date"
pack_place = "s31-32.in_force_from"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "规则自哪天起施行；此前不作要求"
meaning.en = "day from which the rule is in force; before it nothing is asked"
[parameters.managing_kinds]
type = "strings"
pack_place = "bodies.managing"
meaning.zh = "可以主要管理党员的党组织类别"
meaning.en = "kinds of bodies that may manage a membership"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
stage = { type = "string", meaning.zh = "发展阶段；未知为空", meaning.en = "stage of admission; null where unknown" }
rule = { type = "string", meaning.zh = "规则的编号", meaning.en = "id of the rule" }
asked = { type = "string", meaning.zh = "是否有要求：yes 是，unknown 不确定", meaning.en = "whether the rule asks anything of it: yes or unknown" }
outcome = { type = "string", meaning.zh = "结果：met 已落实，open 未落实，unknown 不确定", meaning.en = "outcome: met, open or unknown" }
managing_bodies = { type = "integer", unit.zh = "个", unit.en = "bodies", meaning.zh = "主要管理的党组织数", meaning.en = "bodies that manage the membership" }
mentors = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "培养联系人数", meaning.en = "mentors" }
*/
MATCH (m:Member)
WHERE ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND date($as_of) >= date($in_force_from)
OPTIONAL MATCH (m)-[r:BELONGS_TO]->(b:Branch)
WHERE coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH m, count(DISTINCT CASE WHEN r.primary AND b.kind IN $managing_kinds THEN b.id END) AS managing,
     count(DISTINCT CASE WHEN r.primary AND b.kind IS NULL THEN b.id END) AS unsure
OPTIONAL MATCH (m)<-[t:MENTORS]-(p:Member)
WHERE coalesce(p.entered_on <= date($as_of), true) AND coalesce(p.left_on > date($as_of), true)
  AND coalesce(t.since <= date($as_of), true) AND coalesce(t.until > date($as_of), true)
WITH m, managing, unsure, count(DISTINCT p.id) AS mentors,
     CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
          WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
          WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
          WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
          WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
          ELSE m.stage END AS stage
UNWIND [['s31-32', CASE WHEN stage IN ['full', 'probationary'] THEN 'yes' WHEN stage IS NULL THEN 'unknown' END,
         CASE WHEN managing >= 2 OR managing + unsure = 0 THEN 'open' WHEN unsure = 0 THEN 'met' ELSE 'unknown' END],
        ['s23-24', CASE WHEN stage IN ['activist', 'candidate'] THEN 'yes' WHEN stage IS NULL THEN 'unknown' END,
         CASE WHEN mentors > 0 THEN 'met' ELSE 'open' END]] AS told
WITH m, stage, managing, mentors, told
WHERE told[1] IS NOT NULL
RETURN m.id AS member_id, stage AS stage, told[0] AS rule, told[1] AS asked, told[2] AS outcome, managing AS managing_bodies, mentors AS mentors
ORDER BY member_id, rule
