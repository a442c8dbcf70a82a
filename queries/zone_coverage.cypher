/*
title.zh = "责任区的责任人"
title.en = "Who answers for each zone"
question.zh = "每个责任区是否有责任人？（只看在册的行，不计搁置的行和未读出的格）"
question.en = "Does somebody answer for each zone? (By the rows that are there: rows set aside and cells not read are not seen.)"
twin = "graphkit.queries.twins.list_zone_coverage"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.in_force_from]
type = "date"
pack_place = "s57.in_force_from"
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
zone_id = { type = "string", meaning.zh = "责任区编号", meaning.en = "id of the zone" }
outcome = { type = "string", meaning.zh = "结果：met 已落实，open 未落实", meaning.en = "outcome: met or open" }
*/
MATCH (z:Zone)
WHERE ($dataset IS NULL OR z.dataset = $dataset) AND coalesce(z.founded_on <= date($as_of), true) AND coalesce(z.dissolved_on > date($as_of), true)
  AND date($as_of) >= date($in_force_from)
OPTIONAL MATCH (z)<-[r:RESPONSIBLE_FOR]-(m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH z, count(DISTINCT m.id) AS responsible
RETURN z.id AS zone_id, CASE WHEN responsible > 0 THEN 'met' ELSE 'open' END AS outcome
ORDER BY zone_id
