/*
title.zh = "产业链上的协助管理"
title.en = "The workplace's body assists"
question.zh = "组织关系未转入从业单位党组织的党员，每个这样的单位的党组织是否协助管理？（只看在册的行，不计搁置的行和未读出的格）"
question.en = "Of members whose membership was not moved to the body of a workplace: does the body of each such workplace assist? (By the rows that are there: rows set aside and cells not read are not seen.)"
twin = "graphkit.queries.twins.list_member_workplace_assists"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.in_force_from]
type = "date"
pack_place = "s32.in_force_from"
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
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
asked = { type = "string", meaning.zh = "是否有要求：yes 是，unknown 不确定", meaning.en = "whether the rule asks anything of the person: yes or unknown" }
outcome = { type = "string", meaning.zh = "结果：met 已落实，open 未落实，unknown 不确定", meaning.en = "outcome: met, open or unknown" }
*/
MATCH (m:Member)-[w:WORKS_IN]->(c:Cooperative)
WHERE ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND date($as_of) >= date($in_force_from) AND coalesce(w.since <= date($as_of), true) AND coalesce(w.until > date($as_of), true)
  AND coalesce(c.founded_on <= date($as_of), true) AND coalesce(c.dissolved_on > date($as_of), true)
WITH DISTINCT m, c
MATCH (c)<-[s:SERVES]-(b:Branch)
WHERE coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH DISTINCT m, c, b
WITH m, c, b,
     EXISTS { MATCH (b)-[e:SERVES]->(place:Village) WHERE coalesce(place.founded_on <= date($as_of), true) AND coalesce(place.dissolved_on > date($as_of), true)
              AND coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true) } AS of_village,
     EXISTS { MATCH (b)-[e:SERVES]->(other:Cooperative) WHERE other.id <> c.id AND coalesce(other.founded_on <= date($as_of), true) AND coalesce(other.dissolved_on > date($as_of), true)
              AND coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true) } AS of_others,
     EXISTS { MATCH (b)<-[e:REPORTS_TO]-(below:Branch) WHERE coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true)
              AND coalesce(below.founded_on <= date($as_of), true) AND coalesce(below.dissolved_on > date($as_of), true) } AS is_above
WITH m, c, b, b.kind IS NULL AS unsure,
     CASE WHEN b.kind IS NULL THEN false
          WHEN b.kind IN $joint_kinds THEN true
          WHEN NOT (b.kind IN $own_kinds OR b.kind IN $temporary_kinds) THEN false
          WHEN b.kind IN $superior_kinds THEN NOT (of_village OR of_others OR is_above)
          ELSE NOT of_village END AS industry
OPTIONAL MATCH (m)-[r:BELONGS_TO]->(b)
WHERE coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH m, c, b, unsure, industry, count(r) > 0 AS tied, count(CASE WHEN r.primary THEN 1 END) > 0 AS primary
WITH m, c, count(CASE WHEN industry THEN 1 END) > 0 AS known, count(CASE WHEN unsure THEN 1 END) > 0 AS open,
     count(CASE WHEN industry AND primary THEN 1 END) > 0 AS moved, count(CASE WHEN unsure AND primary THEN 1 END) > 0 AS moved_perhaps,
     count(CASE WHEN industry AND tied THEN 1 END) > 0 AS tied, count(CASE WHEN unsure AND tied THEN 1 END) > 0 AS tied_perhaps
WITH m, known AND NOT moved AND NOT moved_perhaps AS stays, tied, tied_perhaps,
     NOT moved AND (known AND moved_perhaps OR NOT known AND open AND NOT moved_perhaps) AS perhaps,
     known AND tied OR NOT known AND tied_perhaps AS assists
WITH m, count(CASE WHEN stays AND tied THEN 1 END) AS assisted, count(CASE WHEN stays AND NOT tied AND NOT tied_perhaps THEN 1 END) AS lacking,
     count(CASE WHEN stays AND NOT tied AND tied_perhaps THEN 1 END) AS unsure, count(CASE WHEN perhaps AND assists THEN 1 END) AS perhaps_assisted,
     count(CASE WHEN perhaps AND NOT assists THEN 1 END) AS perhaps_lacking,
     CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
          WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
          WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
          WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
          WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
          ELSE m.stage END AS stage
WITH m, assisted, lacking, unsure, perhaps_assisted, perhaps_lacking, assisted + lacking + unsure > 0 AS chained,
     stage IN ['full', 'probationary'] AS is_member, stage IS NULL AS may_be
WHERE (is_member OR may_be) AND (chained OR perhaps_assisted + perhaps_lacking > 0)
RETURN m.id AS member_id, CASE WHEN chained AND NOT may_be THEN 'yes' ELSE 'unknown' END AS asked,
       CASE WHEN lacking > 0 THEN 'open' WHEN unsure > 0 THEN 'unknown'
            WHEN perhaps_lacking = 0 THEN 'met'
            WHEN chained OR perhaps_assisted > 0 THEN 'unknown'
            ELSE 'open' END AS outcome
ORDER BY member_id
