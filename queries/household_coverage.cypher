/*
title.zh = "农户的覆盖"
title.en = "Coverage of households"
question.zh = "每个农户是否有人结对，或在有责任人的责任区内？"
question.en = "Is each household paired with somebody, or in a zone that somebody answers for?"
twin = "graphkit.queries.twins.list_household_coverage"
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
verdict = { type = "string", meaning.zh = "结论：covered 已覆盖，due 应建未建，watch 待观察，blank 空白", meaning.en = "verdict: covered, due, watch or blank" }
certain = { type = "boolean", meaning.zh = "缺失的数据无论如何都不改变结论", meaning.en = "no missing datum could change the verdict" }
helpers = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "结对的党员人数", meaning.en = "people paired with it" }
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
RETURN h.id AS household_id, verdict AS verdict, helpers > 0 OR h.is_poor IS NOT NULL AS certain, helpers AS helpers
ORDER BY household_id
