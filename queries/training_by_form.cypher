/*
title.zh = "培训：人次与人"
title.en = "Training: attendances and people"
question.zh = "每种形式办了几期，多少人次，实际多少人、多少户？"
question.en = "How many sessions of each form, how many attendances, and how many different people and households?"
twin = "graphkit.queries.twins.list_training_by_form"
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
form = { type = "string", meaning.zh = "形式；unknown 为未知", meaning.en = "form; unknown where it is not recorded" }
sessions = { type = "integer", unit.zh = "期", unit.en = "sessions", meaning.zh = "期数", meaning.en = "sessions" }
member_attendances = { type = "integer", unit.zh = "人次", unit.en = "attendances", meaning.zh = "人员参训人次", meaning.en = "attendances of people" }
members = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "参训的人数，一人只计一次", meaning.en = "people, each counted once" }
household_attendances = { type = "integer", unit.zh = "户次", unit.en = "attendances", meaning.zh = "农户参训户次", meaning.en = "attendances of households" }
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "参训的农户数，一户只计一次", meaning.en = "households, each counted once" }
*/
MATCH (t:Training)
WHERE ($dataset IS NULL OR t.dataset = $dataset) AND coalesce(t.held_on <= date($as_of), true)
OPTIONAL MATCH (t)<-[:ATTENDED]-(x)
RETURN coalesce(t.form, 'unknown') AS form, count(DISTINCT t) AS sessions,
       count(CASE WHEN x:Member THEN 1 END) AS member_attendances, count(DISTINCT CASE WHEN x:Member THEN x END) AS members,
       count(CASE WHEN x:Household THEN 1 END) AS household_attendances, count(DISTINCT CASE WHEN x:Household THEN x END) AS households
ORDER BY form
