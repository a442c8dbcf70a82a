/*
title.zh = "接近建支部条件的村"
title.en = "Villages near the threshold"
question.zh = "哪些没有党支部的村只差一名正式党员，或预备党员转正后就够 3 名？"
question.en = "Which villages without a branch lack one full member, or have enough once the probationary ones are admitted?"
twin = "graphkit.queries.twins.list_village_near_threshold"
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
village_code = { type = "string", meaning.zh = "村的 12 位代码", meaning.en = "12-digit code of the village" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
full_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "正式党员人数", meaning.en = "full members" }
probationary_members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "预备党员人数", meaning.en = "probationary members" }
groups = { type = "integer", unit.zh = "个", unit.en = "bodies", meaning.zh = "覆盖它的党小组与联络岗数", meaning.en = "groups and liaison posts that serve it" }
*/
MATCH (v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR v.dataset = $dataset)
OPTIONAL MATCH (v)<-[l:LIVES_IN]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH v,
     count(DISTINCT CASE WHEN m.stage = 'full' AND coalesce(m.admitted_on <= date($as_of), true) THEN m.id END) AS full_members,
     count(DISTINCT CASE WHEN m.stage = 'probationary' AND coalesce(m.admitted_on <= date($as_of), true) THEN m.id END) AS probationary_members,
     count(DISTINCT CASE WHEN m.stage IS NULL OR m.stage IN ['probationary', 'full'] AND m.admitted_on > date($as_of) THEN m.id END) AS unknown_stage_members
OPTIONAL MATCH (v)<-[s:SERVES]-(b:Branch)
WHERE coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
WITH v, full_members, probationary_members, unknown_stage_members, b,
     EXISTS { MATCH (b)-[e:SERVES]->(other:Village) WHERE coalesce(other.founded_on <= date($as_of), true) AND coalesce(other.dissolved_on > date($as_of), true)
       AND other.code <> v.code
              AND coalesce(e.since <= date($as_of), true) AND coalesce(e.until > date($as_of), true) } AS serves_others
WITH v, full_members, probationary_members, unknown_stage_members,
     count(DISTINCT CASE WHEN b.kind IN ['general_branch', 'branch', 'joint_branch', 'temporary_branch'] THEN b.id
                         WHEN b.kind = 'committee' AND NOT serves_others THEN b.id END) AS branches, // a committee over many villages is their superior
     count(DISTINCT CASE WHEN b.kind IN ['group', 'liaison_post'] THEN b.id END) AS groups,
     count(DISTINCT CASE WHEN b.kind IS NULL THEN b.id END) AS unknown_bodies
WITH v, full_members, probationary_members, branches, groups
WHERE branches = 0 AND full_members < 3 AND (full_members = 2 OR full_members + probationary_members >= 3)
RETURN v.code AS village_code, v.name AS name, full_members AS full_members,
       probationary_members AS probationary_members, groups AS groups
ORDER BY village_code
