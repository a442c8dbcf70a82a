/*
title.zh = "一名人员的全部关系"
title.en = "Page of a member"
question.zh = "一名人员有哪些关系，从何时到何时？"
question.en = "Which ties has a person, since when and until when?"
twin = "graphkit.queries.twins.list_member_page"
[parameters.member_id]
type = "string"
nullable = true
meaning.zh = "人员编号；空为所有人员"
meaning.en = "id of the person; null for everybody"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
name = { type = "string", personal = true, meaning.zh = "姓名；未知为空", meaning.en = "name of the person; null where unknown" }
stage = { type = "string", meaning.zh = "发展阶段；未知为空", meaning.en = "stage of admission; null where unknown" }
tie = { type = "string", meaning.zh = "关系；无为空", meaning.en = "the tie; null for none" }
direction = { type = "string", meaning.zh = "out 由本人指向，in 指向本人；无关系为空", meaning.en = "out: from the person; in: to the person; null for no tie" }
other_id = { type = "string", meaning.zh = "另一端的编号", meaning.en = "key of the other end" }
detail = { type = "string", meaning.zh = "结对方式、职务或岗位；无为空", meaning.en = "kind of pairing, office or post; null for none" }
since = { type = "date", meaning.zh = "自何日起，走访为走访日；未知或不适用为空", meaning.en = "since when, of a visit its day; null where unknown, or where it has no period" }
until = { type = "date", meaning.zh = "到何日；空为仍在继续，走访没有", meaning.en = "until when; null: still going on, or a visit" }
*/
MATCH (m:Member)
WHERE ($dataset IS NULL OR m.dataset = $dataset) AND ($member_id IS NULL OR m.id = $member_id)
OPTIONAL MATCH (m)-[r:BELONGS_TO|WORKS_IN|LIVES_IN|HELPS|MENTORS|LIAISES|HOLDS_POST_IN|RESPONSIBLE_FOR|ATTENDED|MADE_BY|POSTED_BY|PART_OF|VISITED]-(x)
RETURN m.id AS member_id, m.name AS name, m.stage AS stage, type(r) AS tie,
       CASE WHEN r IS NULL THEN null WHEN startNode(r) = m THEN 'out' ELSE 'in' END AS direction,
       coalesce(x.id, x.code) AS other_id, coalesce(r.kind, r.office, r.post) AS detail, coalesce(r.since, r.visited_on) AS since, r.until AS until
ORDER BY member_id, tie, direction, other_id, detail, since
