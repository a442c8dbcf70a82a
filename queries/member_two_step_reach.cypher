/*
title.zh = "党员两步之内的农户"
title.en = "Two-step reach of members"
question.zh = "每名党员，连同同支部、同合作组织的人与培养联系对象，一共触及多少农户？"
question.en = "How many households does each member reach, together with those who share a branch, a co-operative or a mentoring tie?"
twin = "graphkit.queries.twins.list_member_two_step_reach"
[parameters.as_of]
type = "date"
default = "today"
minimum = "1900-01-01"
maximum = "2100-12-31"
meaning.zh = "所问的日期，默认今天；起止日期未知的不排除"
meaning.en = "the day asked about, today by default; an unknown date excludes nothing"
[parameters.max_body_people]
type = "integer"
unit.zh = "人"
unit.en = "people"
default = 50
minimum = 2
maximum = 100000
meaning.zh = "人数更多的组织不算同事"
meaning.en = "larger bodies make no colleagues"
[parameters.dataset]
type = "string"
nullable = true
meaning.zh = "数据集名称；空为整个数据库"
meaning.en = "name of the dataset; null for the whole database"
[returns]
member_id = { type = "string", meaning.zh = "人员编号", meaning.en = "id of the person" }
households = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "本人结对的农户数", meaning.en = "households of the person alone" }
households_within_steps = { type = "integer", unit.zh = "户", unit.en = "households", meaning.zh = "两步之内的农户数", meaning.en = "households within two steps" }
*/
CALL () { // for every person, the households of each body they share and of each mentoring tie; a body's are gathered once
  MATCH (person:Member)-[r:BELONGS_TO|WORKS_IN]->(body)
  WHERE coalesce(person.entered_on <= date($as_of), true) AND coalesce(person.left_on > date($as_of), true)
    AND ($dataset IS NULL OR person.dataset = $dataset) AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
    AND coalesce(body.founded_on <= date($as_of), true) AND coalesce(body.dissolved_on > date($as_of), true)
  WITH body, collect(DISTINCT person) AS people
  WHERE size(people) <= $max_body_people
  CALL (people) {
    UNWIND people AS colleague
    MATCH (colleague)-[r:HELPS]->(h:Household)
    WHERE coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
      AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
    RETURN collect(DISTINCT h.id) AS shared
  }
  UNWIND people AS m
  RETURN m, shared
  UNION ALL
  MATCH (m:Member)-[t:MENTORS]-(one:Member)-[r:HELPS]->(h:Household)
  WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
    AND coalesce(one.entered_on <= date($as_of), true) AND coalesce(one.left_on > date($as_of), true)
    AND coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
    AND ($dataset IS NULL OR m.dataset = $dataset) AND coalesce(t.since <= date($as_of), true) AND coalesce(t.until > date($as_of), true)
    AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
  RETURN m, collect(DISTINCT h.id) AS shared
  UNION ALL
  MATCH (m:Member) // and whoever shares nothing
  WHERE coalesce(m.entered_on <= date($as_of), true) AND coalesce(m.left_on > date($as_of), true)
    AND ($dataset IS NULL OR m.dataset = $dataset)
  RETURN m, [] AS shared
}
WITH m, collect(shared) AS shares
OPTIONAL MATCH (m)-[r:HELPS]->(h:Household)
WHERE coalesce(h.entered_on <= date($as_of), true) AND coalesce(h.left_on > date($as_of), true)
  AND coalesce(r.since <= date($as_of), true) AND coalesce(r.until > date($as_of), true)
WITH m, shares, collect(DISTINCT h.id) AS own
WITH m, shares, own, CASE WHEN m.applied_on > date($as_of) THEN 'not_applied'
                          WHEN m.activist_on > date($as_of) THEN CASE WHEN m.applied_on <= date($as_of) THEN 'applicant' END
                          WHEN m.candidate_on > date($as_of) THEN CASE WHEN m.activist_on <= date($as_of) THEN 'activist' END
                          WHEN m.admitted_on > date($as_of) THEN CASE WHEN m.candidate_on <= date($as_of) THEN 'candidate' END
                          WHEN m.full_on > date($as_of) THEN CASE WHEN m.admitted_on <= date($as_of) THEN 'probationary' END
                          ELSE m.stage END AS stage
WHERE stage IN ['full', 'probationary'] OR size(own) > 0
CALL (own, shares) {
  UNWIND [own] + shares AS some
  UNWIND some AS household_id
  RETURN count(DISTINCT household_id) AS within_steps
}
RETURN m.id AS member_id, size(own) AS households, within_steps AS households_within_steps
ORDER BY member_id
