/*
title.zh = "合作组织的覆盖"
title.en = "Coverage of co-operatives"
question.zh = "按 2010 年阿城的规定（3 名正式党员），每个合作组织是否被党组织覆盖？"
question.en = "By the rule of Acheng, 2010 (3 full members): is each co-operative covered by a branch?"
twin = "graphkit.queries.twins.list_cooperative_coverage"
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
cooperative_id = { type = "string", meaning.zh = "合作组织编号", meaning.en = "id of the co-operative" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
verdict = { type = "string", meaning.zh = "结论：covered 已覆盖，due 应建未建，watch 待观察，blank 空白", meaning.en = "verdict: covered, due, watch or blank" }
certain = { type = "boolean", meaning.zh = "缺失的数据无论如何都不改变结论", meaning.en = "no missing datum could change the verdict" }
near_threshold = { type = "boolean", meaning.zh = "接近 3 名正式党员：差一名，或加上预备党员已够", meaning.en = "near 3 full members: one short, or enough with the probationary ones" }
full_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "正式党员人数", meaning.en = "full members" }
probationary_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "预备党员人数", meaning.en = "probationary members" }
unknown_stage_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "发展阶段未知的人数", meaning.en = "people of unknown stage" }
branches = { type = "integer", unit.zh = "个", unit.en = "bodies", meaning.zh = "覆盖它的党委、总支、支部数", meaning.en = "committees, general branches and branches that serve it" }
groups = { type = "integer", unit.zh = "个", unit.en = "bodies", meaning.zh = "覆盖它的党小组与联络岗数", meaning.en = "groups and liaison posts that serve it" }
liaisons = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "联络员人数", meaning.en = "people who are its liaison" }
*/
MATCH (c:Cooperative)
WHERE coalesce(c.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR c.dataset = $dataset) AND coalesce(c.founded_on <= date($as_of), true)
OPTIONAL MATCH (c)<-[w:WORKS_IN]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(w.since <= date($as_of), true) AND coalesce(w.until > date($as_of), true)
WITH c,
     count(DISTINCT CASE WHEN m.stage = 'full' AND coalesce(m.admitted_on <= date($as_of), true) THEN m.id END) AS full_members,
     count(DISTINCT CASE WHEN m.stage = 'probationary' AND coalesce(m.admitted_on <= date($as_of), true) THEN m.id END) AS probationary_members,
     count(DISTINCT CASE WHEN m.stage IS NULL OR m.stage IN ['probationary', 'full'] AND m.admitted_on > date($as_of) THEN m.id END) AS unknown_stage_members
OPTIONAL MATCH (c)<-[s:SERVES]-(b:Branch)
WHERE coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH c, full_members, probationary_members, unknown_stage_members,
     count(DISTINCT CASE WHEN b.kind IN ['committee', 'general_branch', 'branch', 'joint_branch', 'temporary_branch'] THEN b.id END) AS branches,
     count(DISTINCT CASE WHEN b.kind IN ['group', 'liaison_post'] THEN b.id END) AS groups,
     count(DISTINCT CASE WHEN b.kind IS NULL THEN b.id END) AS unknown_bodies
OPTIONAL MATCH (c)<-[l:LIAISES]-(p:Member)
WHERE coalesce(p.entered_on <= date($as_of), true) AND coalesce(p.left_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH c, full_members, probationary_members, unknown_stage_members, branches, groups, unknown_bodies, count(DISTINCT p.id) AS liaisons
WITH *, [full IN [full_members, full_members + unknown_stage_members] | // as it is, and if all of unknown stage were full members
       CASE WHEN branches > 0 THEN 'covered'
            WHEN full >= 3 THEN 'due'
            WHEN groups + liaisons = 0 THEN 'blank'
            WHEN full = 2 OR full + probationary_members >= 3 THEN 'watch'
            ELSE 'covered' END] AS verdicts
RETURN c.id AS cooperative_id, c.name AS name, verdicts[0] AS verdict,
       verdicts[0] = verdicts[1] AND (verdicts[0] = 'covered' OR unknown_bodies = 0) AS certain,
       full_members < 3 AND (full_members = 2 OR full_members + probationary_members >= 3) AS near_threshold,
       full_members AS full_members, probationary_members AS probationary_members, unknown_stage_members AS unknown_stage_members,
       branches AS branches, groups AS groups, liaisons AS liaisons
ORDER BY cooperative_id
