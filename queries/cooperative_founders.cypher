/*
title.zh = "合作组织的创建人"
title.en = "Founders of co-operatives"
question.zh = "每个合作组织有多少创建人，其中多少是村干部或党员？"
question.en = "How many founders has each co-operative, and how many of them are cadres or members?"
twin = "graphkit.queries.twins.list_cooperative_founders"
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
founders = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "创建人数，已离开的也算", meaning.en = "founders, those who left included" }
cadre_founders = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "其中干部", meaning.en = "of these, cadres" }
member_founders = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "其中预备与正式党员", meaning.en = "of these, probationary and full members" }
is_led = { type = "boolean", meaning.zh = "有干部或党员参与创建", meaning.en = "a cadre or member was among the founders" }
*/
MATCH (c:Cooperative)
WHERE coalesce(c.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR c.dataset = $dataset) AND coalesce(c.founded_on <= date($as_of), true)
OPTIONAL MATCH (c)<-[w:WORKS_IN]-(m:Member)
WHERE w.is_founder AND coalesce(w.since <= date($as_of), true)
WITH c, m, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
                WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
                WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
                WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
                WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
                ELSE m.stage END AS stage
WITH c, count(DISTINCT m.id) AS founders, count(DISTINCT CASE WHEN m.is_cadre THEN m.id END) AS cadre_founders,
     count(DISTINCT CASE WHEN stage IN ['probationary', 'full'] THEN m.id END) AS member_founders
RETURN c.id AS cooperative_id, c.name AS name, founders AS founders, cadre_founders AS cadre_founders, member_founders AS member_founders,
       cadre_founders + member_founders > 0 AS is_led
ORDER BY cooperative_id
