/*
title.zh = "未覆盖的农户"
title.en = "Households not covered"
question.zh = "哪些农户空白，或应结对而未结对，住在哪个村？"
question.en = "Which households are blank or due a helper, and where do they live?"
twin = "graphkit.queries.twins.list_household_uncovered"
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
household_id = { type = "string", meaning.zh = "农户编号", meaning.en = "id of the household" }
village_code = { type = "string", meaning.zh = "所住村的代码，多个取最小；未知为空", meaning.en = "code of its village, the lowest of several; null where unknown" }
is_poor = { type = "boolean", meaning.zh = "是否困难户；未知为空", meaning.en = "registered as poor; null where unknown" }
verdict = { type = "string", meaning.zh = "结论：covered 已覆盖，due 应建未建，watch 待观察，blank 空白", meaning.en = "verdict: covered, due, watch or blank" }
certain = { type = "boolean", meaning.zh = "缺失的数据无论如何都不改变结论", meaning.en = "no missing datum could change the verdict" }
*/
MATCH (h:Household)
WHERE coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND ($dataset IS NULL OR h.dataset = $dataset)
OPTIONAL MATCH (h)<-[r:HELPS]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH h, count(DISTINCT m.id) AS helpers, max(CASE WHEN r.last_visit_on <= date($as_of) THEN r.last_visit_on END) AS newest_visit,
     count(CASE WHEN m IS NOT NULL AND NOT coalesce(r.last_visit_on <= date($as_of), false) THEN m.id END) AS unvisited
OPTIONAL MATCH (h)<-[k:COVERS]-(z:Zone)<-[a:RESPONSIBLE_FOR]-(one:Member)
WHERE coalesce(z.founded_on <= date($as_of), true) AND coalesce(z.dissolved_on > date($as_of), true)
  AND coalesce(one.entered_on <= date($as_of), true) AND coalesce(one.left_on > date($as_of), true)
  AND coalesce(k.since <= date($as_of), true) AND coalesce(k.until > date($as_of), true)
  AND coalesce(a.since <= date($as_of), true) AND coalesce(a.until > date($as_of), true)
WITH h, helpers, newest_visit, unvisited, count(z) AS zones
WITH h, helpers,
     CASE WHEN helpers > 0 AND unvisited = 0 AND newest_visit < date($as_of) - duration({days: 183}) THEN 'watch'
          WHEN helpers > 0 THEN 'covered'
          WHEN h.is_poor THEN 'due'
          WHEN zones > 0 THEN 'covered'
          ELSE 'blank' END AS verdict
WHERE verdict IN ['due', 'blank']
OPTIONAL MATCH (h)-[l:LIVES_IN]->(v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH h, verdict, min(v.code) AS village_code
RETURN h.id AS household_id, village_code AS village_code, h.is_poor AS is_poor, verdict AS verdict, h.is_poor IS NOT NULL AS certain
ORDER BY household_id
