/*
title.zh = "一联五与设岗"
title.en = "Five households and posts"
question.zh = "承诺或结对“一联五”的人是否联系了协会外的足够农户，产业链上的无职党员是否有岗？（只看在册的行，不计搁置的行和未读出的格）"
question.en = "Has whoever promised five, or pairs one to five, enough households outside the own association, and has each member on the chain without office a post? (By the rows that are there: rows set aside and cells not read are not seen.)"
twin = "graphkit.queries.twins.list_member_duties"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.threshold]
type = "integer"
unit.zh = "户"
unit.en = "households"
pack_place = "s20.households"
minimum = 1
maximum = 100
meaning.zh = "协会以外应联系多少户"
meaning.en = "households outside the association that the rule asks for"
[parameters.in_force_from]
type = "date"
pack_place = "s20.in_force_from"
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
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
rule = { type = "string", meaning.zh = "规则：s20 一联五，s52 设岗", meaning.en = "rule: s20 one to five, s52 posts" }
asked = { type = "string", meaning.zh = "是否有要求：yes 是，unknown 不确定", meaning.en = "whether the rule asks anything of the person: yes or unknown" }
outcome = { type = "string", meaning.zh = "结果：met 已落实，open 未落实", meaning.en = "outcome: met or open" }
*/
MATCH (m:Member)
WHERE ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND date($as_of) >= date($in_force_from)
OPTIONAL MATCH (m)<-[:MADE_BY]-(p:Promise)
WHERE coalesce(p.kind = 'one_to_five', true) AND coalesce(p.promised_on <= date($as_of), true) AND coalesce(p.withdrawn_on > date($as_of), true)
WITH m, count(DISTINCT CASE WHEN p.kind = 'one_to_five' THEN p.id END) AS promises, count(DISTINCT CASE WHEN p.kind IS NULL THEN p.id END) AS unclear
OPTIONAL MATCH (m)-[w:WORKS_IN]->(c:Cooperative)
WHERE coalesce(w.since <= date($as_of), true) AND coalesce(w.until > date($as_of), true)
  AND coalesce(c.founded_on <= date($as_of), true) AND coalesce(c.dissolved_on > date($as_of), true)
WITH m, promises, unclear, collect(DISTINCT c.id) AS works, count(w.office) AS jobs
OPTIONAL MATCH (m)-[r:BELONGS_TO]->(b:Branch)
WHERE r.office IS NOT NULL AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH m, promises, unclear, works, jobs, count(b.id) AS seats
WITH m, promises, unclear, works, jobs + seats AS offices
OPTIONAL MATCH (m)-[t:HOLDS_POST_IN]->(v:Village)
WHERE coalesce(t.since <= date($as_of), true) AND coalesce(t.until > date($as_of), true)
  AND coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
WITH m, promises, unclear, works, offices, count(v.code) AS posts
OPTIONAL MATCH (m)-[g:HELPS]->(h:Household)
WHERE g.kind = 'one_to_five' AND coalesce(g.since <= date($as_of), true) AND coalesce(g.until > date($as_of), true)
  AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
WITH DISTINCT m, promises, unclear, works, offices, posts, h
OPTIONAL MATCH (h)-[j:JOINED]->(own:Cooperative)
WHERE own.id IN works AND coalesce(j.kind <> 'served', true) AND coalesce(j.since <= date($as_of), true) AND coalesce(j.until > date($as_of), true)
  AND coalesce(own.founded_on <= date($as_of), true) AND coalesce(own.dissolved_on > date($as_of), true)
WITH m, promises, unclear, works, offices, posts, h, count(j) AS inside
WITH m, promises, unclear, works, offices, posts, count(h) AS pairs, count(CASE WHEN inside = 0 THEN h.id END) AS outside,
     CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
          WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
          WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
          WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
          WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
          ELSE m.stage END AS stage
UNWIND [['s20', CASE WHEN promises + pairs > 0 THEN 'yes' WHEN unclear > 0 THEN 'unknown' END, CASE WHEN outside >= $threshold THEN 'met' ELSE 'open' END],
        ['s52', CASE WHEN size(works) = 0 OR offices > 0 THEN null WHEN stage IN ['full', 'probationary'] THEN 'yes' WHEN stage IS NULL THEN 'unknown' END,
         CASE WHEN posts > 0 THEN 'met' ELSE 'open' END]] AS told
WITH m, told
WHERE told[1] IS NOT NULL
RETURN m.id AS member_id, told[0] AS rule, told[1] AS asked, told[2] AS outcome
ORDER BY member_id, rule
