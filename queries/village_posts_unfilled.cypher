/*
title.zh = "无人担任的岗位"
title.en = "Posts unfilled"
question.zh = "哪些村的哪些岗位无人担任？"
question.en = "Which of the four posts has nobody, in which villages?"
twin = "graphkit.queries.twins.list_village_posts_unfilled"
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
village_code = { type = "string", meaning.zh = "村的 12 位代码", meaning.en = "12-digit code of the village" }
name = { type = "string", meaning.zh = "名称；未知为空", meaning.en = "name; null where unknown" }
post = { type = "string", meaning.zh = "岗位：help、technology、circulation、information", meaning.en = "post: help, technology, circulation or information" }
*/
MATCH (v:Village)
WHERE coalesce(v.founded_on <= date($as_of), true) AND coalesce(v.dissolved_on > date($as_of), true)
  AND ($dataset IS NULL OR v.dataset = $dataset)
UNWIND ['help', 'technology', 'circulation', 'information'] AS post
WITH v, post
WHERE NOT EXISTS {
  MATCH (v)<-[r:HOLDS_POST_IN]-(one:Member)
  WHERE coalesce(one.entered_on <= date($as_of), true) AND coalesce(one.left_on > date($as_of), true)
    AND r.post = post AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true) }
RETURN v.code AS village_code, v.name AS name, post AS post
ORDER BY village_code, post
