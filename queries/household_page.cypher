/*
title.zh = "一个农户的全部关系"
title.en = "Page of a household"
question.zh = "一个农户有哪些关系，从何时到何时？"
question.en = "Which ties has a household, since when and until when?"
twin = "graphkit.queries.twins.list_household_page"
[parameters.household_id]
type = "string"
nullable = true
meaning.zh = "农户编号；空为所有农户"
meaning.en = "id of the household; null for every household"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
household_id = { type = "string", meaning.zh = "农户编号", meaning.en = "id of the household" }
people = { type = "integer", unit.zh = "人", unit.en = "people", meaning.zh = "家庭人口；未知为空", meaning.en = "people in the household; null where unknown" }
is_poor = { type = "boolean", meaning.zh = "是否困难户；未知为空", meaning.en = "registered as poor; null where unknown" }
tie = { type = "string", meaning.zh = "关系；无为空", meaning.en = "the tie; null for none" }
direction = { type = "string", meaning.zh = "out 由农户指向，in 指向农户；无关系为空", meaning.en = "out: from the household; in: to the household; null for no tie" }
other_id = { type = "string", meaning.zh = "另一端的编号", meaning.en = "key of the other end" }
detail = { type = "string", meaning.zh = "结对方式、职务或岗位；无为空", meaning.en = "kind of pairing, office or post; null for none" }
since = { type = "date", meaning.zh = "自何日起，走访为走访日；未知或不适用为空", meaning.en = "since when, of a visit its day; null where unknown, or where it has no period" }
until = { type = "date", meaning.zh = "到何日；空为仍在继续，走访没有", meaning.en = "until when; null: still going on, or a visit" }
*/
MATCH (h:Household)
WHERE ($dataset IS NULL OR h.dataset = $dataset) AND ($household_id IS NULL OR h.id = $household_id)
OPTIONAL MATCH (h)-[r:LIVES_IN|JOINED|HELPS|COVERS|ATTENDED|ASSISTS|PART_OF|NEIGHBOURS|VISITED]-(x)
RETURN h.id AS household_id, h.people AS people, h.is_poor AS is_poor, type(r) AS tie,
       CASE WHEN r IS NULL THEN null WHEN startNode(r) = h THEN 'out' ELSE 'in' END AS direction,
       coalesce(x.id, x.code) AS other_id, r.kind AS detail, coalesce(r.since, r.visited_on) AS since, r.until AS until
ORDER BY household_id, tie, direction, other_id, detail, since
