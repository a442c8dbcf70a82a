/*
title.zh = "每期培训的人次"
title.en = "Reach of each training session"
question.zh = "每期培训有多少党员人次与农户户次？"
question.en = "How many attendances of members and households had each session?"
twin = "graphkit.queries.twins.list_training_reach"
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
training_id = { type = "string", meaning.zh = "培训编号", meaning.en = "id of the session" }
held_on = { type = "date", meaning.zh = "举办日期；未知为空", meaning.en = "day it was held; null where unknown" }
form = { type = "string", meaning.zh = "形式；未知为空", meaning.en = "form; null where unknown" }
member_attendances = { type = "integer", unit.zh = "人次", unit.en = "attendances", meaning.zh = "人员参训人次", meaning.en = "attendances of people" }
household_attendances = { type = "integer", unit.zh = "户次", unit.en = "attendances", meaning.zh = "农户参训户次", meaning.en = "attendances of households" }
*/
MATCH (t:Training)
WHERE ($dataset IS NULL OR t.dataset = $dataset) AND coalesce(t.held_on <= date($as_of), true)
OPTIONAL MATCH (t)<-[:ATTENDED]-(x)
RETURN t.id AS training_id, t.held_on AS held_on, t.form AS form,
       count(CASE WHEN x:Member THEN 1 END) AS member_attendances, count(CASE WHEN x:Household THEN 1 END) AS household_attendances
ORDER BY training_id
