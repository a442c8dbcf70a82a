/*
title.zh = "培训到了谁"
title.en = "Whom training reached"
question.zh = "每个人、每户参加过几期不同的培训？一人只列一次；0 为没有登记。"
question.en = "How many different sessions did each person and each household attend? Each stands once; 0 where none is on record."
twin = "graphkit.queries.twins.list_training_people"
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
attendee_kind = { type = "string", meaning.zh = "Member 人员，或 Household 农户", meaning.en = "Member or Household" }
attendee_id = { type = "string", meaning.zh = "编号", meaning.en = "id of the person or household" }
on_books = { type = "boolean", meaning.zh = "当天在册", meaning.en = "on the books on the day" }
sessions = { type = "integer", unit.zh = "期", unit.en = "sessions", meaning.zh = "参加的不同期数", meaning.en = "different sessions attended" }
last_held_on = { type = "date", meaning.zh = "其中有日期的最近一期；没有为空", meaning.en = "the last of them that has a day; null where none" }
*/
MATCH (x)
WHERE (x:Member OR x:Household) AND ($dataset IS NULL OR x.dataset = $dataset)
OPTIONAL MATCH (x)-[:ATTENDED]->(t:Training)
WHERE coalesce(t.held_on <= date($as_of), true)
WITH x, count(DISTINCT t.id) AS sessions, max(t.held_on) AS last_held_on
WITH CASE WHEN x:Member THEN 'Member' ELSE 'Household' END AS attendee_kind, x.id AS attendee_id, sessions, last_held_on,
     coalesce(x.entered_on <= date($as_of), true) AND coalesce(x.left_on > date($as_of), true) AS on_books
WHERE on_books OR sessions > 0
RETURN attendee_kind AS attendee_kind, attendee_id AS attendee_id, on_books AS on_books, sessions AS sessions, last_held_on AS last_held_on
ORDER BY attendee_kind, attendee_id
