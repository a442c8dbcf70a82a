/*
title.zh = "后备干部人才库"
title.en = "The reserve pool"
question.zh = "谁登记为后备干部，住在哪个村，已在几个组织任职？"
question.en = "Who is listed in the reserve pool, in which village do they live, and in how many bodies do they hold an office already?"
twin = "graphkit.queries.twins.list_member_reserve_pool"
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
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
stage = { type = "string", meaning.zh = "那天的发展阶段；未知为空", meaning.en = "stage of admission on the day; null where unknown" }
birth_year = { type = "integer", unit.zh = "年", unit.en = "year", meaning.zh = "出生年；未知为空", meaning.en = "year of birth; null where unknown" }
education = { type = "string", meaning.zh = "文化程度；未知为空", meaning.en = "highest schooling; null where unknown" }
village_code = { type = "string", meaning.zh = "所住村的代码；没有登记或不止一个为空", meaning.en = "code of the village lived in; null where none is on record, or several" }
township_code = { type = "string", meaning.zh = "该村所属乡镇的代码；无从判断为空", meaning.en = "code of the township of that village; null where it cannot be told" }
offices = { type = "integer", unit.zh = "个", unit.en = "bodies", meaning.zh = "当天任职的党组织和合作组织", meaning.en = "branches and co-operatives in which an office is held on the day" }
*/
MATCH (m:Member)
WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true) AND ($dataset IS NULL OR m.dataset = $dataset)
  AND m.in_reserve_pool
OPTIONAL MATCH (m)-[l:LIVES_IN]->(v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND coalesce(l.since <= date($as_of), true) AND coalesce(l.until > date($as_of), true)
WITH m, count(DISTINCT v.code) AS villages, min(v.code) AS lowest
WITH m, CASE WHEN villages = 1 THEN lowest END AS village_code
OPTIONAL MATCH (w:Village {code: village_code})-[:IN]->(t:Township)
WHERE w.dataset = m.dataset AND coalesce(t.founded_on <= date($as_of), true) AND coalesce(t.dissolved_on > date($as_of), true)
WITH m, village_code, count(DISTINCT t.code) AS townships, min(t.code) AS lowest
WITH m, village_code, CASE WHEN townships = 1 THEN lowest END AS township_code
OPTIONAL MATCH (m)-[r:BELONGS_TO|WORKS_IN]->(body)
WHERE r.office IS NOT NULL AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  AND coalesce(body.founded_on <= date($as_of), true) AND coalesce(body.dissolved_on > date($as_of), true)
WITH m, village_code, township_code, count(DISTINCT body) AS offices
RETURN m.id AS member_id, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
                               WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
                               WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
                               WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
                               WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
                               ELSE m.stage END AS stage,
       m.birth_year AS birth_year, m.education AS education, village_code AS village_code, township_code AS township_code, offices AS offices
ORDER BY member_id
