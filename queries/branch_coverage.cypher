/*
title.zh = "党组织的正式党员人数"
title.en = "Full members of bodies"
question.zh = "每个党支部、党总支是否有足够的正式党员？（只看在册的行，不计搁置的行和未读出的格）"
question.en = "Has each branch and general branch enough full members? (By the rows that are there: rows set aside and cells not read are not seen.)"
twin = "graphkit.queries.twins.list_branch_coverage"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.threshold]
type = "integer"
unit.zh = "人"
unit.en = "people"
pack_place = "2007-branches.threshold"
minimum = 0
maximum = 1000000
meaning.zh = "党支部、党总支应有多少名正式党员"
meaning.en = "full members that a branch should have"
[parameters.in_force_from]
type = "date"
pack_place = "2007-branches.in_force_from"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "规则自哪天起施行；此前不作要求"
meaning.en = "day from which the rule is in force; before it nothing is asked"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
branch_id = { type = "string", meaning.zh = "党组织编号", meaning.en = "id of the branch" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
asked = { type = "string", meaning.zh = "是否有要求：yes 是，unknown 类别未知", meaning.en = "whether the rule asks anything of it: yes, or unknown where its kind is" }
outcome = { type = "string", meaning.zh = "结果：met 已落实，open 未落实，unknown 不确定", meaning.en = "outcome: met, open or unknown" }
full_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "正式党员人数", meaning.en = "full members" }
probationary_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "预备党员人数", meaning.en = "probationary members" }
unknown_stage_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "发展阶段未知的人数", meaning.en = "people of unknown stage" }
*/
MATCH (b:Branch)
WHERE coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR b.dataset = $dataset) AND date($as_of) >= date($in_force_from)
  AND coalesce(b.kind IN ['branch', 'general_branch', 'joint_branch', 'temporary_branch'], true)
OPTIONAL MATCH (b)<-[r:BELONGS_TO]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH b, m, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
                WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
                WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
                WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
                WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
                ELSE m.stage END AS stage
WITH b, count(DISTINCT CASE WHEN stage = 'full' THEN m.id END) AS full, count(DISTINCT CASE WHEN stage = 'probationary' THEN m.id END) AS probationary,
     count(DISTINCT CASE WHEN stage IS NULL THEN m.id END) AS unknown
RETURN b.id AS branch_id, b.name AS name, CASE WHEN b.kind IS NULL THEN 'unknown' ELSE 'yes' END AS asked,
       CASE WHEN full >= $threshold THEN 'met' WHEN full + unknown >= $threshold THEN 'unknown' ELSE 'open' END AS outcome,
       full AS full_members, probationary AS probationary_members, unknown AS unknown_stage_members
ORDER BY branch_id
