-- The cases in their places: onto those of the former version, or onto none. `resolved_cases` are those that are new, changed, or placed anew.

-- case_rows: One row per case: what the imports say of it, its service where that is known (`placed_id`), the month in which it was closed, or received while it
-- is open, and its department, board, audience and area then. Not `is_timed`: the days that it took would tell of too few. In the order of its place, so that a
-- filter reads few blocks; what the builds since the last whole one have placed lies behind.
INSERT INTO case_rows BY NAME
WITH placed AS (
    SELECT c.*, coalesce(c.service_id, p.service_id) AS placed_id, date_trunc('month', coalesce(c.closed_on, c.received_on))::DATE AS ended_month,
           if(coalesce(c.service_id, p.service_id) IS NULL, p.department_id, NULL) AS own_department, -- of an e-service without a service
           if(coalesce(c.service_id, p.service_id) IS NULL, p.audience, NULL) AS own_audience
    FROM resolved_cases c
    LEFT JOIN placed_e_services p ON p.e_service_id = c.e_service_id AND p.month = date_trunc('month', c.received_on)::DATE
)
SELECT c.* EXCLUDE (own_department, own_audience), coalesce(w.department_id, c.own_department) AS department_id, d.path AS department_path, d.board,
       coalesce(s.audience, c.own_audience) AS audience, s.area, true AS is_timed
FROM placed c
LEFT JOIN services s ON s.service_id = c.placed_id
LEFT JOIN service_departments w ON w.service_id = c.placed_id AND coalesce(c.closed_on, c.received_on) BETWEEN w.month_from AND w.month_to
LEFT JOIN department_spans d ON d.department_id = coalesce(w.department_id, c.own_department)
      AND coalesce(c.closed_on, c.received_on) BETWEEN d.month_from AND d.month_to
ORDER BY d.path, c.placed_id, c.ended_month, c.e_service_id, c.received_on, c.case_id;

-- cases: One row per case, as the imports say it.
CREATE VIEW cases AS
SELECT * EXCLUDE (placed_id, ended_month, department_id, department_path, board, audience, area, is_timed) FROM case_rows;

-- placed_cases: One row per case, with its service where that is known.
CREATE VIEW placed_cases AS
SELECT case_id, placed_id AS service_id, if(placed_id IS NULL, e_service_id, NULL) AS e_service_id, e_service_id AS through_id,
       date_trunc('month', received_on)::DATE AS month, received_on, closed_on, channel, coalesce(assisted, false) AS assisted, handling
FROM case_rows;
