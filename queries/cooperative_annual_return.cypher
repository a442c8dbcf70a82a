/*
title.zh = "年报的各类"
title.en = "Classes of the annual return"
question.zh = "每个合作组织归入年报的哪一类：单独建立、联合、应建尚未建、仅有个别党员、没有党员，是否已派指导员？"
question.en = "In which class of the annual return is each co-operative: own body, joint, due and not formed, a few members, none; and is there a liaison?"
twin = "graphkit.queries.twins.list_cooperative_annual_return"
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
default = 3
minimum = 1
maximum = 1000000
meaning.zh = "正式党员达到多少人算应建"
meaning.en = "full members from which a body is due"
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
[parameters.group_kinds]
type = "strings"
pack_place = "bodies.group"
meaning.zh = "党小组的类别"
meaning.en = "kinds of groups"
[parameters.post_kinds]
type = "strings"
pack_place = "bodies.post"
meaning.zh = "联络岗的类别"
meaning.en = "kinds of liaison posts"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
cooperative_id = { type = "string", meaning.zh = "合作组织编号", meaning.en = "id of the co-operative" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
class = { type = "string", meaning.zh = "类别：own 单独建立，joint_enough 联合且本单位已达人数，joint 联合，due 应建尚未建，few 仅有个别党员，none 没有党员，unknown 不能归类", meaning.en = "class: own, joint_enough (joint, with enough members of its own), joint, due, few, none; unknown where it cannot be classed" }
possible = { type = "string", meaning.zh = "可能的各类，以分号隔开", meaning.en = "the classes that it may be in, with semicolons between" }
has_liaison = { type = "boolean", meaning.zh = "已派党建联络指导员或设联络岗；有类别未知的党组织而无从判断的为空", meaning.en = "a liaison or a liaison post is there; null where a body of unknown kind may be one" }
management = { type = "string", meaning.zh = "它单独或联合的党组织由谁管理：direct、territorial、sector，several 几种，no_body 没有；未知为空", meaning.en = "who manages its own or joint body: direct, territorial, sector, several, or no_body; null where unknown" }
kind = { type = "string", meaning.zh = "依托的类别；未知为空", meaning.en = "kind of host; null where unknown" }
sector = { type = "string", meaning.zh = "产业门类；未知为空", meaning.en = "line of business; null where unknown" }
full_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "正式党员人数", meaning.en = "full members" }
*/
MATCH (c:Cooperative)
WHERE ($dataset IS NULL OR c.dataset = $dataset) AND coalesce(c.founded_on <= date($as_of), true) AND coalesce(c.dissolved_on > date($as_of), true)
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
          WHEN b.kind IS NULL THEN CASE WHEN of_village THEN 'village' WHEN of_others THEN 'several' WHEN is_above THEN 'above' ELSE 'alone' END
          WHEN b.kind IN $group_kinds THEN null
          WHEN b.kind IN $post_kinds THEN 'post'
          WHEN b.kind IN $joint_kinds THEN 'joint'
          WHEN NOT (b.kind IN $own_kinds OR b.kind IN $temporary_kinds) THEN null
          WHEN b.kind IN $superior_kinds THEN CASE WHEN of_village OR of_others OR is_above THEN null ELSE 'own' END
          WHEN of_village THEN null
          WHEN of_others THEN 'joint'
          ELSE 'own' END AS role,
     coalesce(b.management, '?') AS way
WITH c, full, probationary, unknown,
     count(DISTINCT CASE WHEN role = 'own' THEN b.id END) AS own,
     count(DISTINCT CASE WHEN role = 'joint' THEN b.id END) AS joint,
     count(DISTINCT CASE WHEN role = 'post' THEN b.id END) AS posts,
     count(DISTINCT CASE WHEN role IN ['alone', 'above', 'several', 'village'] THEN b.id END) AS perhaps,
     count(DISTINCT CASE WHEN role = 'alone' OR role = 'above' AND any(k IN $own_kinds + $temporary_kinds WHERE NOT k IN $superior_kinds) THEN b.id END) AS perhaps_own,
     collect(DISTINCT CASE WHEN role IN ['own', 'joint'] THEN way END) AS ways,
     collect(DISTINCT CASE WHEN role IN ['alone', 'above', 'several', 'village'] THEN way END) AS perhaps_ways
OPTIONAL MATCH (c)<-[l:LIAISES]-(p:Member)
WHERE coalesce(p.entered_on <= date($as_of), true) AND coalesce(p.left_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH c, full, probationary, unknown, own, joint, posts, perhaps, perhaps_own, ways, perhaps_ways, count(DISTINCT p.id) AS liaisons
WITH *, [w IN ways WHERE w <> '?'] AS named,
     own > 0 AS is_own, own = 0 AND joint + perhaps > 0 AS may_be_joint, own = 0 AND joint = 0 AS may_be_without, // a body of unknown kind may be a group
     full + unknown >= $threshold AS may_be_enough, full < $threshold AS may_be_fewer
WITH *, CASE WHEN is_own OR perhaps_own > 0 THEN ';own' ELSE '' END
     + CASE WHEN may_be_joint AND may_be_enough THEN ';joint_enough' ELSE '' END
     + CASE WHEN may_be_joint AND may_be_fewer THEN ';joint' ELSE '' END
     + CASE WHEN may_be_without AND may_be_enough THEN ';due' ELSE '' END
     + CASE WHEN may_be_without AND may_be_fewer AND full + probationary + unknown > 0 THEN ';few' ELSE '' END
     + CASE WHEN may_be_without AND full + probationary = 0 THEN ';none' ELSE '' END AS classes
WITH *, substring(classes, 1) AS possible
RETURN c.id AS cooperative_id, c.name AS name, CASE WHEN possible CONTAINS ';' THEN 'unknown' ELSE possible END AS class, possible AS possible,
       CASE WHEN posts + liaisons > 0 THEN true WHEN perhaps = 0 THEN false END AS has_liaison,
       CASE WHEN size(ways) + size(perhaps_ways) = 0 THEN 'no_body'
            WHEN size(named) > 1 THEN 'several'
            WHEN size(ways) = 1 AND size(named) = 1 AND all(w IN perhaps_ways WHERE w = named[0]) THEN named[0] END AS management,
       c.kind AS kind, c.sector AS sector, full AS full_members
ORDER BY cooperative_id
