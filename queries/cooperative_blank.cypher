/*
title.zh = "空白点：合作组织"
title.en = "Blank spots among co-operatives"
question.zh = "哪些合作组织正式党员不足，又没有党小组、联络岗和联络指导员？（只看在册的行，不计搁置的行和未读出的格）"
question.en = "Which co-operatives have too few full members for a body, and no group, liaison post or liaison? (By the rows that are there: rows set aside and cells not read are not seen.)"
twin = "graphkit.queries.twins.list_cooperative_blank"
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
pack_place = "s12-15.threshold"
minimum = 0
maximum = 1000000
meaning.zh = "正式党员达到多少人应成立党组织"
meaning.en = "full members from which a body is due"
[parameters.few_below]
type = "integer"
unit.zh = "人"
unit.en = "people"
pack_place = "s16.threshold"
minimum = 0
maximum = 1000000
meaning.zh = "正式党员不足多少人的应有党小组或联络指导员"
meaning.en = "full members below which a group or liaison will do"
[parameters.in_force_from]
type = "date"
pack_place = "s12-15.in_force_from"
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
cooperative_id = { type = "string", meaning.zh = "合作组织编号", meaning.en = "id of the co-operative" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
full_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "正式党员人数", meaning.en = "full members" }
probationary_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "预备党员人数", meaning.en = "probationary members" }
unknown_stage_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "发展阶段未知的人数", meaning.en = "people of unknown stage" }
*/
MATCH (c:Cooperative)
WHERE ($dataset IS NULL OR c.dataset = $dataset) AND coalesce(c.founded_on <= date($as_of), true) AND coalesce(c.dissolved_on > date($as_of), true)
  AND date($as_of) >= date($in_force_from)
OPTIONAL MATCH (c)<-[w:WORKS_IN]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(w.since <= date($as_of), true) AND coalesce(w.until > date($as_of), true)
WITH c, m, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
                WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
                WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
                WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
                WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
                ELSE m.stage END AS stage
WITH c,
     count(DISTINCT CASE WHEN stage = 'full' THEN m.id END) AS full,
     count(DISTINCT CASE WHEN stage = 'probationary' THEN m.id END) AS probationary,
     count(DISTINCT CASE WHEN stage IS NULL THEN m.id END) AS unknown
OPTIONAL MATCH (c)<-[s:SERVES]-(b:Branch)
WHERE coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH c, full, probationary, unknown, b,
     EXISTS { MATCH (b)-[e:SERVES]->(place:Village) WHERE coalesce(place.founded_on <= date($as_of), true) AND coalesce(place.dissolved_on > date($as_of), true)
              AND coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true) } AS of_village,
     EXISTS { MATCH (b)-[e:SERVES]->(other:Cooperative) WHERE other.id <> c.id AND coalesce(other.founded_on <= date($as_of), true) AND coalesce(other.dissolved_on > date($as_of), true)
              AND coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true) } AS of_others,
     EXISTS { MATCH (b)<-[e:REPORTS_TO]-(below:Branch) WHERE coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true)
              AND coalesce(below.founded_on <= date($as_of), true) AND coalesce(below.dissolved_on > date($as_of), true) } AS is_above
WITH c, full, probationary, unknown, b,
     CASE WHEN b IS NULL THEN null
          WHEN b.kind IS NULL THEN CASE WHEN of_village OR of_others OR is_above THEN 'unknown' ELSE 'unknown_alone' END
          WHEN b.kind IN $support_kinds THEN 'support'
          WHEN b.kind IN $joint_kinds THEN 'joint'
          WHEN NOT (b.kind IN $own_kinds OR b.kind IN $temporary_kinds) THEN null
          WHEN b.kind IN $superior_kinds THEN CASE WHEN of_village OR of_others OR is_above THEN 'superior' ELSE 'own' END
          WHEN of_village THEN 'territorial'
          WHEN of_others THEN 'joint'
          WHEN b.kind IN $temporary_kinds THEN 'temporary'
          ELSE 'own' END AS role
WITH c, full, probationary, unknown,
     count(DISTINCT CASE WHEN role IN ['own', 'joint'] THEN b.id END) AS lasting,
     count(DISTINCT CASE WHEN role = 'temporary' THEN b.id END) AS temporary,
     count(DISTINCT CASE WHEN role = 'territorial' THEN b.id END) AS territorial,
     count(DISTINCT CASE WHEN role = 'support' THEN b.id END) AS groups,
     count(DISTINCT CASE WHEN role = 'unknown_alone' THEN b.id END) AS alone,
     count(DISTINCT CASE WHEN role = 'unknown' THEN b.id END) AS unsure
OPTIONAL MATCH (c)<-[l:LIAISES]-(p:Member)
WHERE coalesce(p.entered_on <= date($as_of), true) AND coalesce(p.left_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH c, full, probationary, unknown, lasting, temporary, territorial, groups, alone, unsure, count(DISTINCT p.id) AS liaisons
OPTIONAL MATCH (c)-[o:OPERATES_IN]->(v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND coalesce(o.since <= date($as_of), true) AND coalesce(o.until > date($as_of), true)
OPTIONAL MATCH (v)-[:IN]->(t:Township)
WHERE coalesce(t.founded_on <= date($as_of), true) AND coalesce(t.dissolved_on > date($as_of), true)
WITH c, full, probationary, unknown, lasting, temporary, territorial, groups, alone, unsure, liaisons,
     count(DISTINCT v.code) AS places, count(DISTINCT t.code) AS townships
WITH *, coalesce(c.scope, CASE WHEN places = 1 THEN 'village' WHEN townships >= 2 THEN 'cross_township' WHEN places >= 2 THEN 'cross_village' END) AS scope
WITH *,
     CASE WHEN full >= $threshold THEN 'yes' WHEN full + unknown >= $threshold THEN 'unknown' END AS body_asked,
     CASE WHEN lasting > 0 OR temporary > 0 AND coalesce(scope IN ['cross_village', 'township'], false) THEN 'met'
          WHEN alone + unsure > 0 OR temporary > 0 AND scope IS NULL THEN 'unknown'
          ELSE 'open' END AS body_outcome,
     CASE WHEN full + unknown < $few_below THEN 'yes' WHEN full < $few_below THEN 'unknown' END AS support_asked,
     CASE WHEN lasting + temporary + territorial + groups + alone + liaisons > 0 THEN 'met' // whatever a body that serves it alone may be
          WHEN unsure > 0 THEN 'unknown'
          ELSE 'open' END AS support_outcome
WITH c, full, probationary, unknown, support_asked, support_outcome
WHERE support_asked = 'yes' AND support_outcome = 'open'
RETURN c.id AS cooperative_id, c.name AS name, full AS full_members, probationary AS probationary_members, unknown AS unknown_stage_members
ORDER BY cooperative_id
