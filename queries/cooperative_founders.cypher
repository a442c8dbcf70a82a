/*
title.zh = "合作组织的创建人"
title.en = "Founders of co-operatives"
question.zh = "每个合作组织有多少创建人，其中多少是干部或党员，多少仍在、任职？"
question.en = "How many founders has each co-operative, how many of them are cadres or members, and how many are still there and in office?"
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
founders = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "登记的创建人，已离开的也算", meaning.en = "founders on record, those who left included" }
cadre_founders = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "其中干部", meaning.en = "of these, cadres" }
member_founders = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "其中当天的预备与正式党员", meaning.en = "of these, probationary and full members on the day" }
unsure_people = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "可能是干部或党员创建人的：是否创建人、是否干部或阶段没有登记", meaning.en = "people who may be a founder and a cadre or member: one of these three is not on record" }
is_led = { type = "boolean", meaning.zh = "创建人中有干部或党员；没有登记创建人或无从判断为空", meaning.en = "a cadre or member is among the founders; null where no founder is on record or it cannot be told" }
founders_there = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "当天仍在此从业的创建人", meaning.en = "founders who work there on the day" }
founders_in_office = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "当天在此任职的创建人", meaning.en = "founders who hold an office there on the day" }
heads = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "当天在此任职的人", meaning.en = "people who hold an office there on the day" }
*/
MATCH (c:Cooperative)
WHERE coalesce(c.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR c.dataset = $dataset) AND coalesce(c.founded_on <= date($as_of), true)
OPTIONAL MATCH (c)<-[w:WORKS_IN]-(m:Member)
WHERE coalesce(w.since <= date($as_of), true)
WITH c, m, max(CASE WHEN w.is_founder THEN 1 ELSE 0 END) AS founder, max(CASE WHEN w.is_founder IS NULL THEN 1 ELSE 0 END) AS perhaps,
     max(CASE WHEN coalesce(w.until > date($as_of), true) AND coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
              THEN 1 ELSE 0 END) AS there,
     max(CASE WHEN w.office IS NOT NULL AND coalesce(w.until > date($as_of), true)
               AND coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true) THEN 1 ELSE 0 END) AS head
WITH c, m, founder, perhaps, there, head, coalesce(m.is_cadre, false) AS cadre, m.is_cadre IS NULL AS unknown_cadre,
     CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
          WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
          WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
          WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
          WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
          ELSE m.stage END AS stage
WITH c, m, founder, there, head, cadre, coalesce(stage IN ['probationary', 'full'], false) AS party,
     founder = 1 OR perhaps = 1 AS may_be, unknown_cadre OR stage IS NULL AS unknown
WITH c, count(DISTINCT CASE WHEN founder = 1 THEN m.id END) AS founders, count(DISTINCT CASE WHEN founder = 1 AND cadre THEN m.id END) AS cadre_founders,
     count(DISTINCT CASE WHEN founder = 1 AND party THEN m.id END) AS member_founders,
     count(DISTINCT CASE WHEN may_be AND (cadre OR party OR unknown) AND NOT (founder = 1 AND (cadre OR party)) THEN m.id END) AS unsure_people,
     count(DISTINCT CASE WHEN founder = 1 AND there = 1 THEN m.id END) AS founders_there,
     count(DISTINCT CASE WHEN founder = 1 AND head = 1 THEN m.id END) AS founders_in_office, count(DISTINCT CASE WHEN head = 1 THEN m.id END) AS heads
RETURN c.id AS cooperative_id, c.name AS name, founders AS founders, cadre_founders AS cadre_founders, member_founders AS member_founders,
       unsure_people AS unsure_people,
       CASE WHEN cadre_founders + member_founders > 0 THEN true WHEN founders > 0 AND unsure_people = 0 THEN false END AS is_led,
       founders_there AS founders_there, founders_in_office AS founders_in_office, heads AS heads
ORDER BY cooperative_id
