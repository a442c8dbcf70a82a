/*
title.zh = "隶属不符的合作组织党组织"
title.en = "Co-operatives whose branch stands under the wrong superior"
question.zh = "哪些合作组织的党组织，没有一个隶属于其范围所要求的上级？"
question.en = "In which co-operatives does no branch report to the superior that their scope asks for?"
twin = "graphkit.queries.twins.list_cooperative_wrong_superior"
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
scope = { type = "string", meaning.zh = "范围：所填，或由经营村推断；不明为空", meaning.en = "scope: as declared, else from the villages it operates in; null where unknown" }
*/
MATCH (c:Cooperative)
WHERE coalesce(c.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR c.dataset = $dataset) AND coalesce(c.founded_on <= date($as_of), true)
OPTIONAL MATCH (c)-[o:OPERATES_IN]->(v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND coalesce(o.since <= date($as_of), true) AND coalesce(o.until > date($as_of), true)
OPTIONAL MATCH (v)-[:IN]->(t:Township)
WHERE coalesce(t.founded_on <= date($as_of), true) AND coalesce(t.dissolved_on > date($as_of), true)
WITH c, collect(DISTINCT v.code) AS villages, count(DISTINCT t.code) AS townships
WITH c, villages, coalesce(c.scope, CASE WHEN size(villages) = 1 THEN 'village'
                                WHEN townships >= 2 THEN 'cross_township'
                                WHEN size(villages) >= 2 THEN 'cross_village' END) AS scope
WHERE scope = 'cross_township' OR scope IS NOT NULL AND size(villages) > 0
MATCH (c)<-[s:SERVES]-(b:Branch)-[r:REPORTS_TO]->(p:Branch)
WHERE b.kind IN ['committee', 'general_branch', 'branch', 'joint_branch', 'temporary_branch']
  AND coalesce(s.since <= date($as_of), true) AND coalesce(s.until > date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(b.founded_on <= date($as_of), true) AND coalesce(b.dissolved_on > date($as_of), true)
  AND coalesce(p.founded_on <= date($as_of), true) AND coalesce(p.dissolved_on > date($as_of), true)
WITH c, scope, b, p, EXISTS { MATCH (p)-[q:SERVES]->(near:Village) WHERE coalesce(near.founded_on <= date($as_of), true) AND coalesce(near.dissolved_on > date($as_of), true)
  AND near.code IN villages
     AND coalesce(q.since <= date($as_of), true) AND coalesce(q.until > date($as_of), true) } AS is_near
WITH c, scope, max(CASE WHEN scope = 'village' AND p.kind IN ['general_branch', 'branch'] AND is_near THEN 1
                        WHEN scope IN ['cross_village', 'township'] AND p.kind = 'committee' AND is_near THEN 1
                        WHEN scope = 'cross_township' AND p.kind = 'committee' AND b.management = 'sector' THEN 1
                        ELSE 0 END) AS agrees
WHERE agrees = 0
RETURN c.id AS cooperative_id, c.name AS name, scope AS scope
ORDER BY cooperative_id
