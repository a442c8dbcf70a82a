/*
title.zh = "隶属不符的合作组织党组织"
title.en = "Co-operatives whose body stands under the wrong superior"
question.zh = "哪些合作组织自己的党组织，没有一个隶属于其范围所要求的上级？（只看在册的行，不计搁置的行和未读出的格）"
question.en = "In which co-operatives does no body of their own report to the superior that their scope asks for? (By the rows that are there: rows set aside and cells not read are not seen.)"
twin = "graphkit.queries.twins.list_cooperative_wrong_superior"
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
scope = { type = "string", meaning.zh = "范围：所填，或由经营村推断；不明为空", meaning.en = "scope: as declared, else from the villages it operates in; null where unknown" }
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
WITH c, full, probationary, unknown
WHERE full + unknown >= $threshold
OPTIONAL MATCH (c)-[o:OPERATES_IN]->(v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND coalesce(o.since <= date($as_of), true) AND coalesce(o.until > date($as_of), true)
OPTIONAL MATCH (v)-[:IN]->(t:Township)
WHERE coalesce(t.founded_on <= date($as_of), true) AND coalesce(t.dissolved_on > date($as_of), true)
WITH c, full, probationary, unknown, collect(DISTINCT v.code) AS villages, count(DISTINCT t.code) AS townships
WITH c, full, probationary, unknown, villages, coalesce(c.scope, CASE WHEN size(villages) = 1 THEN 'village' WHEN townships >= 2 THEN 'cross_township'
                                                                     WHEN size(villages) >= 2 THEN 'cross_village' END) AS scope
WHERE scope = 'cross_township' OR scope IS NOT NULL AND size(villages) > 0
MATCH (c)<-[s:SERVES]-(b:Branch)
WHERE coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH c, full, probationary, unknown, villages, scope, b,
     EXISTS { MATCH (b)-[e:SERVES]->(place:Village) WHERE coalesce(place.founded_on <= date($as_of), true) AND coalesce(place.dissolved_on > date($as_of), true)
              AND coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true) } AS of_village,
     EXISTS { MATCH (b)-[e:SERVES]->(other:Cooperative) WHERE other.id <> c.id AND coalesce(other.founded_on <= date($as_of), true) AND coalesce(other.dissolved_on > date($as_of), true)
              AND coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true) } AS of_others,
     EXISTS { MATCH (b)<-[e:REPORTS_TO]-(below:Branch) WHERE coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true)
              AND coalesce(below.founded_on <= date($as_of), true) AND coalesce(below.dissolved_on > date($as_of), true) } AS is_above
WITH c, villages, scope, b,
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
WITH c, villages, scope, b, role
WHERE role IN ['own', 'joint', 'temporary']
MATCH (b)-[r:REPORTS_TO]->(p:Branch)
WHERE coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(p.founded_on <= date($as_of), true) AND coalesce(p.dissolved_on > date($as_of), true)
WITH c, scope, b, p,
     EXISTS { MATCH (p)-[q:SERVES]->(near:Village) WHERE near.code IN villages AND coalesce(near.founded_on <= date($as_of), true) AND coalesce(near.dissolved_on > date($as_of), true)
              AND coalesce(q.since <= date($as_of), true) AND coalesce(q.until > date($as_of), true) } AS is_near,
     EXISTS { MATCH (p)-[q:SERVES]->(near:Village) WHERE coalesce(near.founded_on <= date($as_of), true) AND coalesce(near.dissolved_on > date($as_of), true)
              AND coalesce(q.since <= date($as_of), true) AND coalesce(q.until > date($as_of), true) } AS is_placed
WITH c, scope,
     CASE WHEN scope = 'cross_township'
          THEN CASE WHEN p.kind = 'committee' AND b.management = 'sector' THEN 'agrees'
                    WHEN coalesce(p.kind = 'committee', true) AND coalesce(b.management = 'sector', true) THEN 'unsure' END
          WHEN p.kind IS NULL THEN CASE WHEN is_near THEN 'unsure' END
          WHEN scope = 'village' AND NOT p.kind IN ['general_branch', 'branch'] OR scope <> 'village' AND p.kind <> 'committee' THEN null
          WHEN is_near THEN 'agrees'
          WHEN NOT is_placed THEN 'unsure' END AS told
WITH c, scope, count(told) AS perhaps
WHERE perhaps = 0
RETURN c.id AS cooperative_id, c.name AS name, scope AS scope
ORDER BY cooperative_id
