-- Which departments, services and e-services belong together in which month: the places in which cases, costs and the like are put.

-- rejected_links: One row per service and e-service that somebody decided do not belong together; links holds those that do.
CREATE TABLE rejected_links AS SELECT service_id, e_service_id FROM links WHERE NOT paired;
DELETE FROM links WHERE NOT paired;

-- months: One row per month from the first to the last that anything is known about; as_of is its last day, or the day of the latest import.
CREATE TABLE months AS
WITH flow AS (
    SELECT min(month_from) AS first, max(month_to) AS last FROM covers
    UNION ALL SELECT min(month_from), max(month_to) FROM refusals
    UNION ALL SELECT min(month), max(month) FROM case_counts
    UNION ALL SELECT date_trunc('month', min(week))::DATE, NULL FROM counted_weeks
    UNION ALL SELECT date_trunc('month', min(received_on))::DATE, date_trunc('month', max(received_on))::DATE
    FROM (SELECT received_on FROM case_rows UNION ALL SELECT received_on FROM resolved_cases)
    UNION ALL SELECT min(date_trunc('month', booked_on))::DATE, max(date_trunc('month', booked_on))::DATE FROM costs
), bounds AS (
    SELECT date_trunc('month', max(i.today))::DATE AS today,
           coalesce(min(f.first), (date_trunc('month', max(i.today)) - INTERVAL 11 MONTH)::DATE) AS first
    FROM info i, flow f
), grid AS (
    SELECT unnest(generate_series(least(first, today), today, INTERVAL 1 MONTH))::DATE AS month FROM bounds
)
SELECT g.month,
       least(last_day(g.month), i.today) AS as_of,
       EXISTS (FROM covers c WHERE g.month BETWEEN c.month_from AND c.month_to)
       OR EXISTS (FROM case_counts k WHERE k.month = g.month AND k.cases_state <> 'not_reported') AS has_flow
FROM grid g, info i
ORDER BY g.month;

-- spans_of: One row per id and span of months with one owner: the owner when a month ends. What was known first holds back to the beginning; what begins
-- after the newest import does not hold yet. `spells` names a relation like `parent_spells`.
CREATE MACRO spans_of(spells) AS TABLE
SELECT id, owner, board, month_from,
       (coalesce(lead(month_from) OVER (PARTITION BY id ORDER BY month_from), DATE '9999-12-31') - INTERVAL 1 DAY)::DATE AS month_to
FROM (
    SELECT id, date_trunc('month', valid_from)::DATE AS month_from, arg_max_null(owner, valid_from) AS owner, arg_max_null(board, valid_from) AS board
    FROM query_table(spells) WHERE valid_from <= (SELECT today FROM info) GROUP BY ALL
);

-- service_departments: One row per service and span of months in which it belongs to one department.
CREATE TABLE service_departments AS
SELECT id AS service_id, owner AS department_id, month_from, month_to FROM spans_of('department_spells');

-- department_spans: One row per department and span of months in which no parent changes: its path from the top, and its board (its own, or the
-- nearest above).
CREATE TABLE department_spans AS
WITH RECURSIVE parent_spans AS (
    FROM spans_of('parent_spells')
), spans AS (
    SELECT month_from, (coalesce(lead(month_from) OVER (ORDER BY month_from), DATE '9999-12-31') - INTERVAL 1 DAY)::DATE AS month_to
    FROM (SELECT DISTINCT month_from FROM parent_spans)
), parents AS (
    SELECT s.month_from, s.month_to, d.department_id, d.name, p.owner AS parent_id, p.board
    FROM departments d
    CROSS JOIN spans s
    JOIN parent_spans p ON p.id = d.department_id AND s.month_from BETWEEN p.month_from AND p.month_to
), tree AS (
    SELECT month_from, month_to, department_id, board, [department_id] AS path, [name] AS names
    FROM parents WHERE parent_id IS NULL OR parent_id NOT IN (SELECT department_id FROM departments)
    UNION ALL
    SELECT p.month_from, p.month_to, p.department_id, coalesce(p.board, t.board), list_append(t.path, p.department_id), list_append(t.names, p.name)
    FROM parents p
    JOIN tree t ON t.month_from = p.month_from AND p.parent_id = t.department_id AND NOT list_contains(t.path, p.department_id)
)
FROM tree
UNION ALL  -- a circle has no top: each department in it is its own
SELECT month_from, month_to, department_id, board, [department_id], [name] FROM parents
ANTI JOIN tree USING (month_from, department_id);

-- department_dim: One row per department: its path from the top and its board as they are today.
CREATE VIEW department_dim AS
SELECT s.department_id, d.name, s.board, s.path, s.names FROM department_spans s JOIN departments d USING (department_id) WHERE s.month_to = DATE '9999-12-30';

-- replaced_departments: One row per department and other one that it replaces, as its row says it.
CREATE TABLE replaced_departments AS
SELECT DISTINCT r.department_id, coalesce(d.department_id, r.predecessor_id) AS predecessor_id
FROM (SELECT department_id, trim(unnest(string_split(replaces, ','))) AS predecessor_id FROM departments) r
LEFT JOIN departments d ON lower(strip_accents(d.department_id)) = lower(strip_accents(r.predecessor_id))
WHERE r.predecessor_id <> '' AND r.department_id <> coalesce(d.department_id, r.predecessor_id);

-- predecessors: One row per department and other one whose place it has taken, directly or through others. Where several replace one, none does.
CREATE TABLE predecessors AS
WITH RECURSIVE single AS (
    SELECT predecessor_id, any_value(department_id) AS department_id FROM replaced_departments GROUP BY ALL HAVING count(*) = 1
), chain AS (
    SELECT department_id, predecessor_id, [predecessor_id, department_id] AS path FROM single
    UNION ALL
    SELECT s.department_id, c.predecessor_id, list_append(c.path, s.department_id)
    FROM chain c JOIN single s ON s.predecessor_id = c.department_id AND NOT list_contains(c.path, s.department_id)
)
SELECT department_id, predecessor_id, len(path) AS distance FROM chain;

-- departments_today: One row per department: itself, or the last that has taken its place, with that one's path and board today.
CREATE TABLE departments_today AS
WITH last AS (SELECT predecessor_id, arg_max(department_id, distance) AS department_id FROM predecessors GROUP BY ALL)
SELECT d.department_id, t.department_id AS today_id, t.path AS department_path, t.board
FROM departments d
LEFT JOIN last l ON l.predecessor_id = d.department_id
JOIN department_dim t ON t.department_id = coalesce(l.department_id, d.department_id);

-- department_lineage: One row per organisation, department that is chosen, and id that it stands under in that organisation: in the historical one its own
-- and those it has replaced, in today's what it is today.
CREATE TABLE department_lineage AS
SELECT 'historical' AS organisation, department_id AS chosen_id, department_id FROM departments
UNION ALL SELECT 'historical', department_id, predecessor_id FROM predecessors
UNION ALL SELECT 'today', department_id, today_id FROM departments_today;

-- lineage_of: One row: the ids that the chosen departments stand under in an organisation, each department's own first, and whose each is.
CREATE MACRO lineage_of(ids, named) AS TABLE
SELECT list(department_id ORDER BY chosen_id <> department_id, department_id) AS lineage,
       list(chosen_id ORDER BY chosen_id <> department_id, department_id) AS chosen
FROM department_lineage WHERE organisation = named AND list_contains(ids, chosen_id);

-- e_service_users: One row per e-service, month and service that uses it: those published some day of the month, or all where none is. What is in no
-- register counts as published.
CREATE TEMP TABLE e_service_users AS
SELECT k.e_service_id, m.month, k.service_id, w.department_id, s.audience, s.service_id IS NOT NULL AS registered,
       coalesce(s.published_from <= least(m.as_of, s.published_to), true) AND coalesce(s.published_to >= m.month, true) AS published
FROM links k
CROSS JOIN months m
LEFT JOIN services s USING (service_id)
LEFT JOIN service_departments w ON w.service_id = k.service_id AND m.month BETWEEN w.month_from AND w.month_to
QUALIFY published = bool_or(published) OVER (PARTITION BY k.e_service_id, m.month);

-- shared_e_services: One row per e-service, month and service that shares it with others that month.
CREATE TABLE shared_e_services AS
SELECT e_service_id, month, service_id FROM e_service_users
WHERE published QUALIFY count(*) OVER (PARTITION BY e_service_id, month) > 1;

-- placed_e_services: One row per e-service and month, with the one service it belongs to (NULL when it serves none or several), all that it serves, and the
-- one department and audience: of the services that use it that month, or its own while it has none.
CREATE TABLE placed_e_services AS
SELECT e.e_service_id, m.month,
       CASE WHEN count(*) = 1 AND bool_and(u.registered) THEN any_value(u.service_id) END AS service_id,
       coalesce(list(u.service_id ORDER BY u.service_id) FILTER (u.registered), []) AS service_ids,
       CASE WHEN count(u.service_id) = 0 THEN any_value(e.department_id)
            WHEN bool_and(u.registered) AND count(DISTINCT u.department_id) = 1 THEN any_value(u.department_id) END AS department_id,
       CASE WHEN count(u.service_id) = 0 THEN any_value(e.audience)
            WHEN bool_and(u.registered) AND count(DISTINCT u.audience) = 1 THEN any_value(u.audience) END AS audience
FROM e_services e
CROSS JOIN months m
LEFT JOIN e_service_users u ON u.e_service_id = e.e_service_id AND u.month = m.month
GROUP BY e.e_service_id, m.month;
