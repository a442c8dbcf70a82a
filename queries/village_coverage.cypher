/*
title.zh = "村的覆盖"
title.en = "Coverage of villages"
question.zh = "正式党员已够的村，是否有自己的或联合的党组织？（只看在册的行，不计搁置的行和未读出的格）"
question.en = "Does each village with enough full members have a body, of its own or joint? (By the rows that are there: rows set aside and cells not read are not seen.)"
twin = "graphkit.queries.twins.list_village_coverage"
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
pack_place = "2007-villages.threshold"
minimum = 0
maximum = 1000000
meaning.zh = "正式党员达到多少人的村应成立党组织"
meaning.en = "full members from which a village is due a body"
[parameters.in_force_from]
type = "date"
pack_place = "2007-villages.in_force_from"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "规则自哪天起施行；此前不作要求"
meaning.en = "day from which the rule is in force; before it nothing is asked"
[parameters.own_kinds]
type = "strings"
pack_place = "bodies.own"
meaning.zh = "可作单独组建的党组织类别"
meaning.en = "kinds of bodies that a unit may have of its own"
[parameters.temporary_kinds]
type = "strings"
pack_place = "bodies.temporary"
meaning.zh = "临时党组织的类别"
meaning.en = "kinds of temporary bodies"
[parameters.joint_kinds]
type = "strings"
pack_place = "bodies.joint"
meaning.zh = "联合党组织的类别"
meaning.en = "kinds of joint bodies"
[parameters.superior_kinds]
type = "strings"
pack_place = "bodies.superior"
meaning.zh = "覆盖几个单位时算作上级的类别"
meaning.en = "kinds of bodies that are a superior where they serve several units"
[parameters.support_kinds]
type = "strings"
pack_place = "bodies.group bodies.post"
meaning.zh = "党小组与联络岗的类别"
meaning.en = "kinds of groups and liaison posts"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
village_code = { type = "string", meaning.zh = "村的 12 位代码", meaning.en = "12-digit code of the village" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
asked = { type = "string", meaning.zh = "是否有要求：yes 是，unknown 不确定", meaning.en = "whether the rule asks anything of it: yes or unknown" }
outcome = { type = "string", meaning.zh = "结果：met 已落实，open 未落实，unknown 不确定", meaning.en = "outcome: met, open or unknown" }
full_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "正式党员人数", meaning.en = "full members" }
probationary_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "预备党员人数", meaning.en = "probationary members" }
unknown_stage_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "发展阶段未知的人数", meaning.en = "people of unknown stage" }
branches = { type = "integer", unit.zh = "个", unit.en = "bodies", meaning.zh = "单独、临时和联合的党组织数", meaning.en = "bodies of its own, temporary and joint ones" }
groups = { type = "integer", unit.zh = "个", unit.en = "bodies", meaning.zh = "覆盖它的党小组与联络岗数", meaning.en = "groups and liaison posts that serve it" }
*/
MATCH (v:Village)
WHERE ($dataset IS NULL OR v.dataset = $dataset) AND coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND date($as_of) >= date($in_force_from)
OPTIONAL MATCH (v)<-[w:LIVES_IN]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(w.since <= date($as_of), true) AND coalesce(w.until > date($as_of), true)
WITH v, m, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
                WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
                WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
                WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
                WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
                ELSE m.stage END AS stage
WITH v,
     count(DISTINCT CASE WHEN stage = 'full' THEN m.id END) AS full,
     count(DISTINCT CASE WHEN stage = 'probationary' THEN m.id END) AS probationary,
     count(DISTINCT CASE WHEN stage IS NULL THEN m.id END) AS unknown
OPTIONAL MATCH (v)<-[s:SERVES]-(b:Branch)
WHERE coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH v, full, probationary, unknown, b,
     EXISTS { MATCH (b)-[e:SERVES]->(other:Village) WHERE other.code <> v.code AND coalesce(other.founded_on <= date($as_of), true) AND coalesce(other.dissolved_on > date($as_of), true)
              AND coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true) } AS of_others
WITH v, full, probationary, unknown, b,
     CASE WHEN b IS NULL THEN null
          WHEN b.kind IS NULL THEN 'unknown'
          WHEN b.kind IN $support_kinds THEN 'support'
          WHEN b.kind IN $joint_kinds THEN 'lasting'
          WHEN NOT (b.kind IN $own_kinds OR b.kind IN $temporary_kinds) THEN null
          WHEN b.kind IN $superior_kinds THEN CASE WHEN of_others THEN null ELSE 'lasting' END
          WHEN of_others THEN 'lasting'
          WHEN b.kind IN $temporary_kinds THEN 'temporary'
          ELSE 'lasting' END AS role
WITH v, full, probationary, unknown,
     count(DISTINCT CASE WHEN role = 'lasting' THEN b.id END) AS lasting,
     count(DISTINCT CASE WHEN role = 'temporary' THEN b.id END) AS temporary,
     count(DISTINCT CASE WHEN role = 'support' THEN b.id END) AS groups,
     count(DISTINCT CASE WHEN role = 'unknown' THEN b.id END) AS unsure
WHERE full + unknown >= $threshold
RETURN v.code AS village_code, v.name AS name, CASE WHEN full >= $threshold THEN 'yes' ELSE 'unknown' END AS asked,
       CASE WHEN lasting > 0 THEN 'met' WHEN unsure > 0 THEN 'unknown' ELSE 'open' END AS outcome, full AS full_members,
       probationary AS probationary_members, unknown AS unknown_stage_members, lasting + temporary AS branches, groups AS groups
ORDER BY village_code
