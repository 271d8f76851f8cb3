-- The facts that analytics reads. Each opens with its grain. Tables are materialised at build: what is asked often
-- and is dear to make. The rest are views. Terms: docs/metrics.md. The definitions of numbers are in analytics/metrics.toml.

-- is_digital: Whether a case is digital, as goal 2 counts it: sent in through an e-service by the applicant or a representative, not typed in by staff.
CREATE MACRO is_digital(channel, assisted) AS channel = 'e_service' AND NOT assisted;

-- placed_counts: One row per count, with its service where that is known. `through_id` is the e-service that was counted, NULL for a service's own.
CREATE VIEW placed_counts AS
SELECT coalesce(k.service_id, p.service_id) AS service_id,
       CASE WHEN coalesce(k.service_id, p.service_id) IS NULL THEN k.e_service_id END AS e_service_id,
       k.e_service_id AS through_id,
       k.month, k.channel, coalesce(k.assisted, false) AS assisted, k.method, k.cases,
       CASE WHEN k.cases_state <> 'value' THEN k.cases_state WHEN k.cases = 0 THEN 'zero' ELSE 'value' END AS state
FROM case_counts k
LEFT JOIN placed_e_services p ON p.e_service_id = k.e_service_id AND p.month = k.month;

-- Where small numbers are protected a week's few cases are not used, nor what is scaled up from them.
DELETE FROM counted_weeks WHERE getvariable('protected');

-- easter: Easter Sunday of a year (Gauss's rule).
CREATE MACRO easter(y) AS (
    SELECT make_date(y, 3, 22) + (d + if(d = 29 AND e = 6 OR d = 28 AND e = 6 AND y % 19 > 10, -1, e))::INTEGER FROM (
        SELECT d, (2 * (y % 4) + 4 * (y % 7) + 6 * d + 4 + k - k // 4) % 7 AS e FROM (
            SELECT k, (19 * (y % 19) + 15 - (13 + 8 * k) // 25 + k - k // 4) % 30 AS d FROM (SELECT y // 100 AS k)
        )
    )
);

-- weeks: One row per ISO week (its Monday), in the month and year of its Thursday, to the end of next year, with its stratum: the season, or `holiday` where
-- Christmas, New Year, Easter or Midsummer makes it a week of few working days.
CREATE TABLE weeks AS
WITH mondays AS (
    SELECT unnest(generate_series(date_trunc('week', make_date(year(min(month)), 1, 1)), max(make_date(year(month) + 1, 12, 31)), INTERVAL 7 DAY))::DATE AS week
    FROM months
), placed AS (
    SELECT week, date_trunc('month', week + 3)::DATE AS month, year(week + 3) AS year, easter(year(week)) AS easter FROM mondays
)
SELECT week, month, year,
       CASE WHEN (month(week) = 12 AND day(week) >= 20) OR (month(week) = 1 AND day(week) = 1)  -- Christmas, New Year, on a working day
              OR easter BETWEEN week AND week + 6 OR week = easter + 1        -- Good Friday; Easter Monday
              OR (month(week + 4) = 6 AND day(week + 4) BETWEEN 19 AND 25)    -- Midsummer's Eve
            THEN 'holiday'
            WHEN month(month) <= 5 THEN 'spring' WHEN month(month) <= 8 THEN 'summer' ELSE 'autumn' END AS season
FROM placed ORDER BY week;

-- week_counts: One row per service, channel (never an e-service, which counts itself) and counted week: what was said last of any of its days.
CREATE TABLE week_counts AS
SELECT service_id, channel, date_trunc('week', week)::DATE AS week, arg_max(cases, (batch, week)) AS cases
FROM counted_weeks WHERE channel <> 'e_service' GROUP BY ALL;

-- week_estimates: One row per service, channel and ended month in which each week is counted, or of a stratum with two counted weeks or more: those that are
-- counted, and the mean of its stratum for each that is not.
CREATE TABLE week_estimates AS
WITH samples AS (
    SELECT k.service_id, k.channel, w.year, w.season, count(*) AS counted, avg(k.cases) AS mean
    FROM week_counts k JOIN weeks w USING (week) GROUP BY ALL
)
SELECT s.service_id, s.channel, w.month, round(round(sum(coalesce(k.cases, s.mean)), 6))::BIGINT AS cases
FROM (SELECT *, count(*) OVER (PARTITION BY month) AS in_month FROM weeks) w
JOIN months m ON m.month = w.month AND m.as_of = last_day(m.month)
JOIN samples s ON s.year = w.year AND s.season = w.season
LEFT JOIN week_counts k ON k.service_id = s.service_id AND k.channel = s.channel AND k.week = w.week
WHERE k.week IS NOT NULL OR s.counted >= 2
GROUP BY ALL HAVING count(*) = any_value(w.in_month);

-- installations: One row per installation of the platform whose catalogue was read: when last, with how many e-services, enabled or not.
CREATE VIEW installations AS
SELECT installation, seen_on, count(*) AS flows, count(*) FILTER (coalesce(enabled, true)) AS enabled
FROM sightings s
WHERE seen_on = (SELECT max(l.seen_on) FROM sightings l WHERE l.installation = s.installation)
GROUP BY installation, seen_on;

-- reporting: One row per import, service and channel that it covers, with the first and last month; service_id NULL covers every service.
CREATE TABLE reporting AS
WITH of_e_services AS (
    SELECT DISTINCT batch, e_service_id, channel, month_from, month_to FROM covers WHERE service_id IS NULL AND e_service_id IS NOT NULL
), runs AS (  -- once for all imports and channels that cover the same
    SELECT e_service_id, month_from, month_to, service_id, min(month) AS first, max(month) AS last FROM (
        SELECT c.e_service_id, c.month_from, c.month_to, p.service_id, p.month, date_diff('month', DATE '1900-01-01', p.month)
               - row_number() OVER (PARTITION BY c.e_service_id, c.month_from, c.month_to, p.service_id ORDER BY p.month) AS run
        FROM (SELECT DISTINCT e_service_id, month_from, month_to FROM of_e_services) c
        JOIN placed_e_services p ON p.e_service_id = c.e_service_id AND p.month BETWEEN c.month_from AND c.month_to
        WHERE p.service_id IS NOT NULL
    ) GROUP BY e_service_id, month_from, month_to, service_id, run
)
SELECT DISTINCT batch, service_id, channel, month_from, month_to FROM covers WHERE service_id IS NOT NULL OR e_service_id IS NULL
UNION
SELECT c.batch, r.service_id, c.channel, r.first, r.last FROM of_e_services c JOIN runs r USING (e_service_id, month_from, month_to);

-- refused_cells: One row per service or e-service, channel and month of which an import had a row that was refused, with the latest such import.
CREATE TEMP TABLE refused_cells AS
WITH months_of AS (
    SELECT batch, service_id, e_service_id, channel, unnest(generate_series(month_from, month_to, INTERVAL 1 MONTH))::DATE AS month FROM refusals
), cells AS (
    FROM months_of WHERE coalesce(service_id, e_service_id) IS NOT NULL
    UNION ALL SELECT r.batch, s.service_id, NULL, r.channel, r.month FROM months_of r, services s WHERE coalesce(r.service_id, r.e_service_id) IS NULL
    UNION ALL SELECT r.batch, NULL, e.e_service_id, r.channel, r.month FROM months_of r, e_services e WHERE coalesce(r.service_id, r.e_service_id) IS NULL
    UNION ALL SELECT r.batch, p.service_id, NULL, r.channel, r.month
    FROM months_of r JOIN placed_e_services p USING (e_service_id, month) WHERE r.service_id IS NULL AND p.service_id IS NOT NULL
)
SELECT service_id, e_service_id, channel, month, max(batch) AS batch FROM cells GROUP BY ALL;

-- published_months: One row per service and month in which it is published some day, from `first_day` to `day`; not in_force where it is withdrawn before
-- the month ends. A stock counts those in force, a flow all of them.
CREATE TEMP TABLE published_months AS
SELECT s.service_id, m.month, coalesce(s.published_to >= m.as_of, true) AS in_force,
       greatest(m.month, s.published_from) AS first_day, least(m.as_of, s.published_to) AS day
FROM services s
JOIN months m ON coalesce(s.published_from <= least(m.as_of, s.published_to), true) AND coalesce(s.published_to >= m.month, true);

-- live_spans: One row per e-service, link or form and span of days on which it is live: by its own dates, and by the catalogue if that was read. What a
-- reading of the catalogue says holds until the next, and the first reading before it too.
CREATE TEMP TABLE live_spans AS
WITH readings AS (
    SELECT installation, seen_on, row_number() OVER w = 1 AS is_first, lead(seen_on) OVER w AS next_on
    FROM (SELECT DISTINCT installation, seen_on FROM sightings) WINDOW w AS (PARTITION BY installation ORDER BY seen_on)
), open_spans AS (
    SELECT s.e_service_id, if(r.is_first, DATE '-infinity', r.seen_on) AS first_day, coalesce(r.next_on - 1, DATE 'infinity') AS last_day
    FROM sightings s JOIN readings r USING (installation, seen_on)
    WHERE coalesce(s.enabled, true)
    UNION ALL
    SELECT e_service_id, DATE '-infinity', DATE 'infinity' FROM e_services
    WHERE e_service_id NOT IN (SELECT e_service_id FROM sightings) AND (live_to IS NOT NULL OR coalesce(enabled, true))
)
SELECT e.e_service_id, e.kind, coalesce(e.temporary, false) AS temporary,
       e.kind = 'e_service' AND regexp_replace(lower(e.platform), '[^a-z]', '', 'g') = 'openeplatform' AS on_platform,
       greatest(e.live_from, o.first_day) AS first_day, least(e.live_to, o.last_day) AS last_day
FROM e_services e
JOIN open_spans o USING (e_service_id)
WHERE e.live_from IS NOT NULL OR coalesce(e.stage, '') NOT IN ('start_up', 'development');

-- live_e_services: One row per e-service, link or form and month at whose end it is live.
CREATE TABLE live_e_services AS
SELECT DISTINCT m.month, m.as_of, l.e_service_id, l.kind, l.temporary, l.on_platform
FROM live_spans l JOIN months m ON m.as_of BETWEEN l.first_day AND l.last_day;

-- ways_in: One row per service, month and e-service, link or form of its that is live some day of the month, of those on which the service is published.
CREATE TEMP TABLE ways_in AS
SELECT DISTINCT m.month, k.service_id, l.e_service_id, l.kind
FROM links k
JOIN live_spans l USING (e_service_id)
CROSS JOIN months m
LEFT JOIN published_months p ON p.service_id = k.service_id AND p.month = m.month
WHERE l.first_day <= least(l.last_day, coalesce(p.day, m.as_of)) AND l.last_day >= coalesce(p.first_day, m.month);

-- exemption_months: One row per exemption and month in which it is in force.
CREATE VIEW exemption_months AS
SELECT m.month, x.exemption_id, x.kind, x.reason, x.service_id, x.e_service_id, x.decided_on, x.valid_to, x.risk_analysis_on,
       CASE WHEN x.service_id IS NULL THEN p.service_ids ELSE [x.service_id] END AS service_ids,
       w.department_id, d.path AS department_path, d.board, s.audience
FROM exemptions x
JOIN months m ON x.decided_on <= m.as_of AND coalesce(x.valid_to >= m.as_of, true)
LEFT JOIN placed_e_services p ON p.e_service_id = x.e_service_id AND p.month = m.month
LEFT JOIN services s ON s.service_id = coalesce(x.service_id, p.service_id)
LEFT JOIN service_departments w ON w.service_id = s.service_id AND m.month BETWEEN w.month_from AND w.month_to
LEFT JOIN department_spans d ON d.department_id = w.department_id AND m.month BETWEEN d.month_from AND d.month_to;

-- e_service_months: One row per live e-service or link (never a form) and month: its service, department and platform, and whether it is exempt.
CREATE TABLE e_service_months AS
SELECT l.month, l.e_service_id, l.on_platform, l.temporary, p.service_id, p.service_ids, p.department_id, d.path AS department_path, d.board, p.audience,
       e.followed_up_on >= l.as_of - INTERVAL 2 YEAR AND e.followed_up_on <= l.as_of AS followed_up, coalesce(e.live_from <= l.as_of - INTERVAL 1 YEAR, true) AS settled,
       e.accessibility_tested_on >= l.as_of - INTERVAL 3 YEAR AND e.accessibility_tested_on <= l.as_of AS accessibility_tested,
       EXISTS (
           FROM exemption_months x
           WHERE x.month = l.month AND x.kind = 'other_platform'
             AND (x.e_service_id = l.e_service_id
                  OR x.service_id IN (SELECT k.service_id FROM links k WHERE k.e_service_id = l.e_service_id))
       ) AS exempt
FROM live_e_services l
JOIN e_services e USING (e_service_id)
JOIN placed_e_services p USING (e_service_id, month)
LEFT JOIN department_spans d ON d.department_id = p.department_id AND l.month BETWEEN d.month_from AND d.month_to
WHERE l.kind <> 'form';

-- criterion_months: One row per live e-service or link and month and criterion of § 7, with the latest assessment by then: NULL where there is none.
CREATE VIEW criterion_months AS
SELECT e.* EXCLUDE (on_platform, temporary, followed_up, settled, accessibility_tested, exempt), t.criterion, c.state, c.assessed_on
FROM e_service_months e
JOIN months m USING (month)
CROSS JOIN (SELECT unnest(['findable', 'usable', 'secure', 'lawful', 'transparent', 'contact']) AS criterion) t
ASOF LEFT JOIN criteria c ON c.e_service_id = e.e_service_id AND c.criterion = t.criterion AND m.as_of >= c.assessed_on;

-- need_months: One row per fault or need and month from that in which it was reported to that in which it was done, with the days that it took.
CREATE VIEW need_months AS
SELECT m.month, n.need_id, n.kind, n.state, n.service_id, n.e_service_id, n.reported_on, n.done_on,
       date_trunc('month', n.done_on)::DATE IS NOT DISTINCT FROM m.month AS ended, coalesce(n.done_on > m.as_of, true) AS open,
       date_diff('day', n.reported_on, n.done_on) AS days, n.department_id, d.path AS department_path, d.board, s.audience
FROM needs n
JOIN months m ON n.reported_on <= m.as_of AND coalesce(n.done_on >= m.month, n.state IN ('reported', 'in_progress'))
LEFT JOIN services s ON s.service_id = n.service_id
LEFT JOIN department_spans d ON d.department_id = n.department_id AND m.month BETWEEN d.month_from AND d.month_to;

-- How many sent in is how many digital cases there are: where small numbers are protected, the use of e-services is not shown, nor who makes contact.
DELETE FROM e_service_use WHERE getvariable('protected');
DELETE FROM abandoned_steps WHERE getvariable('protected');
DELETE FROM contacts WHERE getvariable('protected');

-- use_months: One row per e-service and month of use that is told, with its department.
CREATE VIEW use_months AS
SELECT u.month, u.e_service_id, u.started, u.submitted, u.abandoned, u.answers, u.grades,
       p.service_id, p.service_ids, p.department_id, d.path AS department_path, d.board, p.audience
FROM e_service_use u
LEFT JOIN placed_e_services p USING (e_service_id, month)
LEFT JOIN department_spans d ON d.department_id = p.department_id AND u.month BETWEEN d.month_from AND d.month_to;

-- contact_months: One row per service, month, channel and reason of contact, with its department.
CREATE VIEW contact_months AS
SELECT c.service_id, c.month, c.channel, c.reason, c.contacts, w.department_id, d.path AS department_path, d.board, s.audience, s.area
FROM contacts c
LEFT JOIN services s USING (service_id)
LEFT JOIN service_departments w ON w.service_id = c.service_id AND c.month BETWEEN w.month_from AND w.month_to
LEFT JOIN department_spans d ON d.department_id = w.department_id AND c.month BETWEEN d.month_from AND d.month_to;

-- published_classes: One row per row of published_months: how a resident or an employee can apply on its `day`. What has no e-service is unknown
-- while an e-service is live that is paired with no service: it may be this one's, unless somebody said that it is not.
CREATE TEMP TABLE published_classes AS
WITH offered AS (
    SELECT p.service_id, p.month, bool_or(l.on_platform) AS on_platform, bool_or(l.kind <> 'form') AS online
    FROM published_months p
    JOIN links k USING (service_id)
    JOIN live_spans l ON l.e_service_id = k.e_service_id AND p.day BETWEEN l.first_day AND l.last_day
    GROUP BY ALL
), unresolved AS (
    SELECT DISTINCT service_id FROM links WHERE e_service_id NOT IN (SELECT e_service_id FROM e_services)
), unpaired AS (
    SELECT DISTINCT p.day, l.e_service_id
    FROM live_spans l JOIN (SELECT DISTINCT day FROM published_months) p ON p.day BETWEEN l.first_day AND l.last_day
    WHERE l.kind <> 'form' AND l.e_service_id NOT IN (SELECT e_service_id FROM links)
), unpaired_days AS (
    SELECT day, count(*) AS e_services FROM unpaired GROUP BY ALL
), rejected_days AS (
    SELECT r.service_id, u.day, count(DISTINCT u.e_service_id) AS e_services FROM rejected_links r JOIN unpaired u USING (e_service_id) GROUP BY ALL
), exempt AS (
    SELECT DISTINCT p.service_id, p.month
    FROM published_months p
    JOIN (SELECT x.decided_on, x.valid_to, coalesce(x.service_id, k.service_id) AS service_id
          FROM exemptions x LEFT JOIN links k ON x.service_id IS NULL AND k.e_service_id = x.e_service_id
          WHERE x.kind = 'not_applicable') x
      ON x.service_id = p.service_id AND x.decided_on <= p.day AND coalesce(x.valid_to >= p.day, true)
)
SELECT f.service_id, f.month, f.in_force,
       CASE WHEN o.on_platform THEN 'e_service'
            WHEN o.online THEN 'e_service_elsewhere'
            WHEN x.service_id IS NOT NULL THEN 'not_applicable'
            WHEN u.service_id IS NOT NULL OR NOT EXISTS (FROM e_services) THEN 'unknown'
            WHEN NOT EXISTS (FROM links) THEN 'unknown'  -- no pairing is imported yet
            WHEN n.e_services > coalesce(r.e_services, 0) THEN 'unknown'
            WHEN o.service_id IS NOT NULL THEN 'form_only'
            ELSE 'none' END AS class
FROM published_months f
LEFT JOIN offered o USING (service_id, month)
LEFT JOIN exempt x USING (service_id, month)
LEFT JOIN unresolved u USING (service_id)
LEFT JOIN unpaired_days n USING (day)
LEFT JOIN rejected_days r USING (service_id, day);

-- service_classes: One row per service and month at whose end it is in force: how a resident or an employee can apply.
CREATE TABLE service_classes AS SELECT service_id, month, class FROM published_classes WHERE in_force;

-- case_groups: One row per service, e-service, month, channel, assisted and handling of single cases; `covered`: an import of single cases covers them,
-- and no row of theirs was refused in it or since.
CREATE TEMP TABLE case_groups AS
WITH groups AS (
    SELECT service_id, e_service_id, through_id, month, channel, assisted, handling, count(*)::BIGINT AS cases FROM placed_cases GROUP BY ALL
), latest_refusals AS (
    SELECT g.*, greatest(s.batch, e.batch) AS refused
    FROM groups g
    LEFT JOIN refused_cells s ON s.service_id = g.service_id AND s.channel = g.channel AND s.month = g.month
    LEFT JOIN refused_cells e ON e.e_service_id = g.through_id AND e.service_id IS NULL AND e.channel = g.channel AND e.month = g.month
), covering AS (
    SELECT DISTINCT batch, service_id, e_service_id, channel, month_from, month_to FROM covers WHERE dataset = 'cases'
)
SELECT g.* EXCLUDE refused,
       EXISTS (FROM covering v WHERE v.e_service_id = g.through_id AND v.channel = g.channel AND g.month BETWEEN v.month_from AND v.month_to
               AND (g.refused IS NULL OR v.batch > g.refused))
       OR EXISTS (FROM covering v WHERE v.e_service_id IS NULL AND v.service_id = g.service_id AND v.channel = g.channel
                  AND g.month BETWEEN v.month_from AND v.month_to AND (g.refused IS NULL OR v.batch > g.refused))
       OR EXISTS (FROM covering v WHERE v.e_service_id IS NULL AND v.service_id IS NULL AND v.channel = g.channel
                  AND g.month BETWEEN v.month_from AND v.month_to AND (g.refused IS NULL OR v.batch > g.refused)) AS covered
FROM latest_refusals g;

-- complete_cases: One row per service, month and channel where single cases are all of them: an import covers those of the service as a whole, or of
-- each e-service that was open some day of the month.
CREATE TEMP TABLE complete_cases AS
WITH ways AS (
    SELECT DISTINCT service_id, through_id, month, channel FROM case_groups WHERE covered AND service_id IS NOT NULL
), other_ways AS (
    SELECT DISTINCT w.service_id, w.month, w.channel
    FROM (SELECT DISTINCT service_id, month, channel FROM ways) w
    JOIN ways_in o ON o.service_id = w.service_id AND o.month = w.month AND (o.kind <> 'form' OR w.channel = 'form')
    ANTI JOIN ways t ON t.service_id = w.service_id AND t.month = w.month AND t.channel = w.channel AND t.through_id = o.e_service_id
)
SELECT DISTINCT service_id, month, channel, through_id IS NULL AS as_a_whole FROM ways w
WHERE through_id IS NULL OR NOT EXISTS (FROM other_ways o WHERE o.service_id = w.service_id AND o.month = w.month AND o.channel = w.channel);

-- estimates_in_force: The rows of week_estimates that hold: where nothing else is reported of a published service, and no import says 0 by what it covers.
CREATE TEMP TABLE estimates_in_force AS
FROM week_estimates w
SEMI JOIN published_months p ON p.service_id = w.service_id AND p.month = w.month
WHERE NOT EXISTS (FROM placed_counts k WHERE k.service_id = w.service_id AND k.month = w.month AND k.channel = w.channel AND k.state <> 'not_reported')
  AND NOT EXISTS (FROM case_groups c WHERE c.service_id = w.service_id AND c.month = w.month AND c.channel = w.channel)
  AND (EXISTS (FROM placed_counts k WHERE k.service_id = w.service_id AND k.month = w.month AND k.channel = w.channel)
       OR NOT EXISTS (FROM reporting r WHERE coalesce(r.service_id, w.service_id) = w.service_id AND r.channel = w.channel
                      AND w.month BETWEEN r.month_from AND r.month_to));

-- counts_in_force: The rows of placed_counts that hold, and estimates by counting weeks where nothing else is reported. Single cases that their own import covers replace a count of the same e-service, and a service's
-- own count where they are all of its cases; a service's own count replaces those of its e-services.
CREATE TEMP TABLE counts_in_force AS
WITH own_counts AS (
    SELECT *, 'counts' AS source FROM placed_counts k
    WHERE through_id IS NULL
      AND NOT EXISTS (FROM complete_cases o WHERE o.service_id = k.service_id AND o.month = k.month AND o.channel = k.channel)
      AND (state <> 'not_reported'
           OR NOT EXISTS (FROM case_groups o WHERE o.service_id = k.service_id AND o.month = k.month AND o.channel = k.channel)
          AND NOT EXISTS (FROM estimates_in_force o WHERE o.service_id = k.service_id AND o.month = k.month AND o.channel = k.channel))
)
FROM own_counts
UNION ALL
SELECT *, 'e_service_counts' AS source FROM placed_counts k
WHERE through_id IS NOT NULL
  AND NOT EXISTS (FROM case_groups o WHERE o.through_id = k.through_id AND o.month = k.month AND o.channel = k.channel
                  AND (o.covered OR k.state = 'not_reported'))
  AND NOT EXISTS (FROM complete_cases o WHERE o.as_a_whole AND o.service_id = k.service_id AND o.month = k.month AND o.channel = k.channel)
  AND NOT EXISTS (FROM own_counts o WHERE o.service_id = k.service_id AND o.month = k.month AND o.channel = k.channel AND o.cases IS NOT NULL)
UNION ALL BY NAME
SELECT service_id, NULL::VARCHAR AS e_service_id, NULL::VARCHAR AS through_id, month, channel, false AS assisted, 'sampled_weeks' AS method, cases,
       if(cases = 0, 'zero', 'value') AS state, 'weeks' AS source
FROM estimates_in_force;

-- cases_in_force: The rows of case_groups that hold: those of which no count in force speaks.
CREATE TEMP TABLE cases_in_force AS
WITH effective_counts AS (
    SELECT DISTINCT service_id, through_id, month, channel FROM counts_in_force WHERE state <> 'not_reported'
)
FROM case_groups c
WHERE NOT EXISTS (FROM effective_counts k WHERE k.service_id = c.service_id AND k.month = c.month AND k.channel = c.channel
                  AND (k.through_id IS NULL OR c.through_id IS NULL))
  AND NOT EXISTS (FROM effective_counts k WHERE k.through_id = c.through_id AND k.month = c.month AND k.channel = c.channel);

-- counted_twice: One row per service, month and channel with both single cases and counts of its own, and different numbers of them.
CREATE TABLE counted_twice AS
SELECT service_id, month, channel, o.cases, k.cases AS counted
FROM (SELECT service_id, month, channel, sum(cases)::BIGINT AS cases FROM case_groups GROUP BY ALL) o
JOIN (SELECT service_id, month, channel, coalesce(sum(cases), 0)::BIGINT AS cases FROM case_counts GROUP BY ALL
      HAVING bool_and(cases_state IN ('value', 'not_applicable'))) k USING (service_id, month, channel)
WHERE o.cases <> k.cases;

-- figures: The rows of counts_in_force and cases_in_force.
CREATE TEMP TABLE figures AS
SELECT *, true AS covered, NULL::VARCHAR AS handling FROM counts_in_force
UNION ALL BY NAME SELECT *, 'counted' AS method, 'value' AS state, 'cases' AS source FROM cases_in_force;

-- own_of_shared: One row per service, e-service that it shares, month, channel and assisted with cases of no service, `cases`: those that the service has
-- of its own, which name the e-service or do not. Single cases of one service are others than those of none; a count of an e-service holds both.
CREATE TEMP TABLE own_of_shared AS
WITH of_no_service AS (
    SELECT e_service_id, month, channel, assisted, bool_and(source = 'cases') AS one_by_one, sum(cases) AS cases
    FROM figures WHERE service_id IS NULL GROUP BY ALL HAVING sum(cases) > 0
), own AS (
    SELECT e_service_id, h.service_id, month, n.channel, n.assisted, any_value(n.cases) AS cases,
           coalesce(sum(f.cases) FILTER (f.through_id IS NOT NULL), 0) AS naming_it,
           coalesce(sum(f.cases) FILTER (f.through_id IS NULL), 0) AS of_any
    FROM of_no_service n
    JOIN shared_e_services h USING (e_service_id, month)
    JOIN figures f ON f.service_id = h.service_id AND f.month = n.month AND f.channel = n.channel AND f.assisted = n.assisted
     AND (f.source = 'counts' OR (NOT n.one_by_one AND (f.through_id IS NULL OR f.through_id = n.e_service_id)))
    GROUP BY ALL
)
SELECT *, of_any > 0 AND count(*) FILTER (of_any > 0) OVER (PARTITION BY service_id, month, channel, assisted) > 1 AS of_several FROM own;

-- counted_elsewhere: One row per shared e-service, month, channel and assisted: how many of its cases the services that share it have of their own. What a
-- service has of several e-services is taken once in all: from those that such services join, as if they were one, in the order of their ids.
CREATE TEMP TABLE counted_elsewhere AS
WITH RECURSIVE several AS (
    FROM own_of_shared WHERE of_several
), joined AS (
    SELECT DISTINCT month, channel, assisted, e_service_id, e_service_id AS other_id FROM several
    UNION
    SELECT j.month, j.channel, j.assisted, j.e_service_id, b.e_service_id
    FROM joined j
    JOIN several a ON a.e_service_id = j.other_id AND a.month = j.month AND a.channel = j.channel AND a.assisted = j.assisted
    JOIN several b ON b.service_id = a.service_id AND b.month = a.month AND b.channel = a.channel AND b.assisted = a.assisted
), pools AS (
    SELECT month, channel, assisted, e_service_id, min(other_id) AS pool FROM joined GROUP BY ALL
), owned AS (  -- once for each service of a pool
    SELECT month, channel, assisted, pool, sum(of_any) AS own
    FROM (SELECT DISTINCT month, channel, assisted, pool, service_id, of_any FROM several JOIN pools USING (month, channel, assisted, e_service_id))
    GROUP BY ALL
), remaining AS (
    SELECT e_service_id, month, channel, assisted, any_value(cases) AS cases,
           greatest(0, any_value(cases) - sum(naming_it) - coalesce(sum(of_any) FILTER (NOT of_several), 0)) AS remaining
    FROM own_of_shared GROUP BY ALL
), summed AS (
    SELECT r.*, coalesce(o.own, 0) AS own,
           sum(remaining) OVER (PARTITION BY coalesce(p.pool, r.e_service_id), month, channel, assisted ORDER BY r.e_service_id) AS until
    FROM remaining r
    LEFT JOIN pools p USING (e_service_id, month, channel, assisted)
    LEFT JOIN owned o USING (pool, month, channel, assisted)
)
SELECT e_service_id, month, channel, assisted,
       cases - (greatest(0, until - own) - greatest(0, until - remaining - own)) AS taken
FROM summed;

-- reported_cases: One row per service, month, channel, assisted, handling and method (and e-service, where e-services were counted): what holds. What came
-- through a shared e-service, less what the services that share it that month have of their own, belongs to no service. A channel that is known for a
-- service has a row each month from its first covered one on in which the service is published: a value, zero or a state. What a refused row would have
-- said is not reported, beside whatever else is known, until a later import covers it.
CREATE TEMP TABLE reported_cases AS
WITH of_no_service AS (
    SELECT f.*, coalesce(t.taken, 0) AS taken
    FROM figures f
    LEFT JOIN counted_elsewhere t USING (e_service_id, month, channel, assisted)
    WHERE f.service_id IS NULL
), present AS (
    SELECT service_id, month, channel, assisted, handling, method, state, source, bool_and(covered) AS covered, sum(cases)::BIGINT AS cases
    FROM figures WHERE service_id IS NOT NULL AND source = 'cases' GROUP BY ALL
    UNION ALL BY NAME
    SELECT * EXCLUDE through_id FROM figures WHERE service_id IS NOT NULL AND source <> 'cases'
    UNION ALL BY NAME
    SELECT e_service_id, month, channel, assisted, if(taken > 0, NULL, handling) AS handling, method,
           if(sum(cases) = any_value(taken), 'zero', any_value(state)) AS state, source, bool_and(covered) AS covered,
           (sum(cases) - any_value(taken))::BIGINT AS cases
    FROM of_no_service GROUP BY ALL
), covered_from AS (
    SELECT service_id, channel, month_from AS month FROM reporting WHERE service_id IS NOT NULL
    UNION ALL SELECT s.service_id, r.channel, r.month_from FROM services s, reporting r WHERE r.service_id IS NULL
    UNION ALL SELECT service_id, channel, month FROM placed_counts WHERE service_id IS NOT NULL
    UNION ALL SELECT service_id, channel, date_trunc('month', week + 3)::DATE FROM week_counts
    UNION ALL SELECT service_id, channel, month FROM refused_cells WHERE service_id IS NOT NULL
), refused AS (  -- and no later import covers it
    SELECT f.service_id, f.month, f.channel FROM refused_cells f
    JOIN published_months c ON c.service_id = f.service_id AND c.month = f.month
    WHERE NOT EXISTS (FROM reporting r WHERE r.service_id = f.service_id AND r.channel = f.channel
                      AND f.month BETWEEN r.month_from AND r.month_to AND r.batch > f.batch)
      AND NOT EXISTS (FROM reporting r WHERE r.service_id IS NULL AND r.channel = f.channel
                      AND f.month BETWEEN r.month_from AND r.month_to AND r.batch > f.batch)
), known AS (
    SELECT service_id, channel, min(month) AS first FROM covered_from GROUP BY ALL
), rows_and_gaps AS (
    FROM present
    UNION ALL BY NAME
    SELECT *, false AS assisted, 'refused' AS source, 'not_reported' AS state, false AS covered FROM refused
    UNION ALL BY NAME
    SELECT c.service_id, c.month, n.channel, false AS assisted, 'gap' AS source,
           EXISTS (FROM reporting r WHERE r.service_id = c.service_id AND r.channel = n.channel AND c.month BETWEEN r.month_from AND r.month_to)
           OR EXISTS (FROM reporting r WHERE r.service_id IS NULL AND r.channel = n.channel AND c.month BETWEEN r.month_from AND r.month_to) AS covered
    FROM published_months c JOIN known n ON n.service_id = c.service_id AND c.month >= n.first
    WHERE NOT EXISTS (
        FROM present p WHERE p.service_id = c.service_id AND p.month = c.month AND p.channel = n.channel
    ) AND NOT EXISTS (
        FROM refused f WHERE f.service_id = c.service_id AND f.month = c.month AND f.channel = n.channel
    )
)
SELECT c.month, c.service_id, c.e_service_id, c.channel, c.assisted, c.handling, c.method,
       CASE WHEN c.source = 'gap' AND c.covered THEN 0 ELSE c.cases END AS cases,
       CASE WHEN c.source = 'gap' THEN if(c.covered, 'zero', 'not_reported') ELSE c.state END AS state,
       CASE WHEN c.source IN ('counts', 'e_service_counts') THEN c.state IN ('value', 'zero', 'not_applicable') ELSE c.covered END AS reported,
       c.source,
       coalesce(w.department_id, p.department_id) AS department_id, d.path AS department_path, d.board,
       coalesce(s.audience, p.audience) AS audience, s.area
FROM rows_and_gaps c
LEFT JOIN services s ON s.service_id = c.service_id
LEFT JOIN service_departments w ON w.service_id = c.service_id AND c.month BETWEEN w.month_from AND w.month_to
LEFT JOIN placed_e_services p ON c.service_id IS NULL AND p.e_service_id = c.e_service_id AND p.month = c.month
LEFT JOIN department_spans d ON d.department_id = coalesce(w.department_id, p.department_id) AND c.month BETWEEN d.month_from AND d.month_to;

-- protected_cells: Where small numbers are protected, one row per cell (service, or e-service without one, month, channel and assisted) that is left out
-- of everything: cells of 1–4 cases, and those with 1–4 through one of their e-services; where a service-month has only one of them, also its next smallest
-- cell; and a shared e-service's cells where that of a service that uses it is left out. No number on any page includes them, so that none can be found by
-- subtraction.
CREATE TABLE protected_cells AS
WITH cells AS (
    SELECT service_id, e_service_id, month, channel, assisted, sum(cases)::BIGINT AS cases FROM reported_cases WHERE cases > 0 GROUP BY ALL
), parts AS (
    SELECT service_id, month, channel, assisted, through_id, sum(cases) AS cases FROM (
        SELECT service_id, month, channel, assisted, through_id, cases FROM counts_in_force
        UNION ALL SELECT service_id, month, channel, assisted, through_id, cases FROM cases_in_force
    ) GROUP BY ALL
), small_or_not AS (
    SELECT c.*, c.cases < 5 OR EXISTS (FROM parts p WHERE p.service_id = c.service_id AND p.month = c.month AND p.channel = c.channel
                                       AND p.assisted = c.assisted AND p.cases BETWEEN 1 AND 4) AS small
    FROM cells c
), ranked AS (
    SELECT *, count(*) FILTER (small) OVER (PARTITION BY service_id, e_service_id, month) AS small_cells,
           row_number() OVER (PARTITION BY service_id, e_service_id, month, small ORDER BY cases, channel, assisted) AS size_rank
    FROM small_or_not
), left_out AS (
    SELECT service_id, e_service_id, month, channel, assisted FROM ranked
    WHERE getvariable('protected') AND (small OR (small_cells = 1 AND size_rank = 1))
)
FROM left_out
UNION
SELECT c.service_id, c.e_service_id, c.month, c.channel, c.assisted
FROM reported_cases c
JOIN links k ON k.e_service_id = c.e_service_id
JOIN left_out o ON o.service_id = k.service_id AND o.month = c.month AND o.channel = c.channel
WHERE c.service_id IS NULL AND c.cases IS NOT NULL;

CREATE TEMP TABLE protected_rows AS
SELECT c.*, any_value(r.department_id) AS department_id, any_value(r.department_path) AS department_path, any_value(r.board) AS board,
       any_value(r.audience) AS audience, any_value(r.area) AS area, any_value(r.source ORDER BY r.source) AS source
FROM protected_cells c
JOIN reported_cases r ON r.month = c.month AND r.channel = c.channel AND r.assisted = c.assisted
 AND r.service_id IS NOT DISTINCT FROM c.service_id AND r.e_service_id IS NOT DISTINCT FROM c.e_service_id
GROUP BY ALL;

DELETE FROM reported_cases r USING protected_cells c
WHERE r.month = c.month AND r.channel = c.channel AND r.assisted = c.assisted
  AND r.service_id IS NOT DISTINCT FROM c.service_id AND r.e_service_id IS NOT DISTINCT FROM c.e_service_id;
INSERT INTO reported_cases BY NAME SELECT *, 'suppressed' AS state, false AS reported FROM protected_rows;

-- The handling of a cell is protected where fewer than five of its cases were handled, or handled and counted, in one way.
CREATE TEMP TABLE protected_handling AS
SELECT service_id, e_service_id, month, channel, assisted FROM (
    SELECT service_id, e_service_id, month, channel, assisted, handling, method, sum(cases) AS cases FROM reported_cases WHERE cases > 0 GROUP BY ALL
) WHERE getvariable('protected') GROUP BY ALL HAVING count(*) > 1 AND min(cases) < 5;
UPDATE reported_cases r SET handling = NULL FROM protected_handling c
WHERE r.month = c.month AND r.channel = c.channel AND r.assisted = c.assisted
  AND r.service_id IS NOT DISTINCT FROM c.service_id AND r.e_service_id IS NOT DISTINCT FROM c.e_service_id;

-- The cases and counts of the cells are removed too. So is all that does not hold, or holds in part (a shared e-service's), and other systems' sums of the
-- same cases: beside what holds it would tell how many are left out. Of two numbers that differ both are kept only where neither they, the difference nor a
-- part of them is small.
DELETE FROM counted_twice o WHERE getvariable('protected') AND (
    abs(cases - counted) < 5
    OR EXISTS (FROM case_counts k WHERE k.service_id = o.service_id AND k.month = o.month AND k.channel = o.channel AND k.cases BETWEEN 1 AND 4)
    OR EXISTS (FROM (SELECT service_id, month, channel, through_id, assisted, sum(cases) AS cases FROM case_groups GROUP BY ALL) g
               WHERE g.service_id = o.service_id AND g.month = o.month AND g.channel = o.channel AND g.cases < 5)
    OR EXISTS (FROM protected_cells c WHERE c.service_id = o.service_id AND c.month = o.month AND c.channel = o.channel)
);
DELETE FROM case_rows WHERE getvariable('protected') AND case_id NOT IN (
    SELECT p.case_id
    FROM placed_cases p
    SEMI JOIN cases_in_force k ON k.service_id IS NOT DISTINCT FROM p.service_id AND k.through_id IS NOT DISTINCT FROM p.through_id
      AND k.month = p.month AND k.channel = p.channel AND k.assisted = p.assisted
    ANTI JOIN protected_cells c ON c.month = p.month AND c.channel = p.channel AND c.assisted = p.assisted
      AND c.service_id IS NOT DISTINCT FROM p.service_id AND c.e_service_id IS NOT DISTINCT FROM p.e_service_id
    ANTI JOIN shared_e_services h ON p.service_id IS NULL AND h.e_service_id = p.e_service_id AND h.month = p.month
);
DELETE FROM case_counts k WHERE getvariable('protected') AND NOT EXISTS (
    FROM counts_in_force f
    ANTI JOIN protected_cells c ON c.month = f.month AND c.channel = f.channel AND c.assisted = f.assisted
      AND c.service_id IS NOT DISTINCT FROM f.service_id AND c.e_service_id IS NOT DISTINCT FROM f.e_service_id
    ANTI JOIN shared_e_services h ON f.service_id IS NULL AND h.e_service_id = f.e_service_id AND h.month = f.month
    WHERE f.through_id IS NOT DISTINCT FROM k.e_service_id AND (k.service_id IS NULL OR f.service_id = k.service_id)
      AND f.month = k.month AND f.channel = k.channel AND f.assisted = coalesce(k.assisted, false)
);
DELETE FROM lowered_counts WHERE getvariable('protected');
DELETE FROM platform_totals WHERE getvariable('protected');

-- published_steps: One row per service, month in which it is published and handling step, with the state that holds on the last day of both.
CREATE TABLE published_steps AS
WITH steps AS (
    SELECT unnest(['intake', 'registration', 'completion', 'preparation', 'decision', 'dispatch', 'archiving']) AS step
), spans AS (
    SELECT service_id, step, coalesce(state, 'not_reported') AS state, enabler, valid_from,
           lead(valid_from) OVER (PARTITION BY service_id, step ORDER BY valid_from) AS next_from
    FROM handling_steps
)
SELECT c.month, c.service_id, c.in_force, t.step, coalesce(h.state, 'not_reported') AS state, h.enabler,
       w.department_id, d.path AS department_path, d.board, s.audience, s.area
FROM published_months c
JOIN services s USING (service_id)
CROSS JOIN steps t
LEFT JOIN spans h ON h.service_id = c.service_id AND h.step = t.step
                 AND h.valid_from <= c.day AND coalesce(h.next_from > c.day, true)
LEFT JOIN service_departments w ON w.service_id = c.service_id AND c.month BETWEEN w.month_from AND w.month_to
LEFT JOIN department_spans d ON d.department_id = w.department_id AND c.month BETWEEN d.month_from AND d.month_to
ORDER BY d.path, c.service_id, c.month;

-- step_months: One row per service, month at whose end it is in force and handling step.
CREATE VIEW step_months AS SELECT * EXCLUDE in_force FROM published_steps WHERE in_force;

-- handling_of: The handling of a service by its steps: digital where every applicable one is.
CREATE MACRO handling_of(reported, steps, applicable, digital) AS
    CASE WHEN coalesce(reported, 0) < steps THEN 'not_reported' WHEN applicable = 0 THEN 'not_applicable'
         WHEN digital = applicable THEN 'digital' ELSE 'not_digital' END;

-- service_months: One row per service and month in which it is published some day (in_force: at the month's end), and one per service (or e-service
-- without one) and month with cases outside that. All that the three goals need, wide. `reportable`: published, active, and no exemption says that an
-- e-service does not apply.
CREATE TABLE service_months AS
WITH totals AS (
    SELECT service_id, e_service_id, month,
           sum(cases)::BIGINT AS cases,
           sum(cases) FILTER (is_digital(channel, assisted))::BIGINT AS cases_digital,
           sum(cases) FILTER (channel = 'e_service' AND assisted)::BIGINT AS cases_assisted,
           sum(cases) FILTER (channel = 'email')::BIGINT AS cases_by_email,
           sum(cases) FILTER (channel = 'phone')::BIGINT AS cases_by_phone,
           sum(cases) FILTER (handling IN ('automatic', 'digital'))::BIGINT AS cases_handled_digitally,
           sum(cases) FILTER (handling IS NOT NULL)::BIGINT AS cases_handling_known,
           bool_and(reported) FILTER (channel = 'e_service') AS e_service_reported,
           coalesce(bool_or(source = 'counts') FILTER (channel = 'e_service'), false) AS e_service_counted,
           bool_and(reported) FILTER (channel <> 'e_service') AS others_reported
    FROM reported_cases GROUP BY ALL
), steps AS (
    SELECT service_id, month,
           count(*) FILTER (state = 'digital') AS steps_digital,
           count(*) FILTER (state IN ('digital', 'not_digital')) AS steps_applicable,
           count(*) FILTER (state <> 'not_reported') AS steps_reported,
           count(*) FILTER (step <> 'archiving' AND state = 'digital') AS others_digital,
           count(*) FILTER (step <> 'archiving' AND state IN ('digital', 'not_digital')) AS others_applicable,
           count(*) FILTER (step <> 'archiving' AND state <> 'not_reported') AS others_reported
    FROM published_steps GROUP BY ALL
), online AS (  -- an e-service that is open some day; shared: it serves others too, and its cases cannot be divided between them
    SELECT w.service_id, w.month, bool_or(h.service_id IS NOT NULL) AS shared
    FROM ways_in w
    LEFT JOIN shared_e_services h ON h.service_id = w.service_id AND h.e_service_id = w.e_service_id AND h.month = w.month
    WHERE w.kind <> 'form' GROUP BY ALL
), other_ways AS (  -- a case came in another way than an e-service in the twelve months up to the month
    SELECT DISTINCT service_id, unnest(generate_series(month, month + INTERVAL 11 MONTH, INTERVAL 1 MONTH))::DATE AS month
    FROM reported_cases WHERE channel <> 'e_service' AND (cases > 0 OR state = 'suppressed')
), keys AS (
    SELECT service_id, NULL::VARCHAR AS e_service_id, month FROM published_classes
    UNION SELECT service_id, e_service_id, month FROM totals
)
SELECT k.month, k.service_id, k.e_service_id, coalesce(c.in_force, false) AS in_force,
       coalesce(c.class <> 'not_applicable' AND coalesce(s.active, true), false) AS reportable, c.class,
       coalesce(c.class IN ('e_service', 'e_service_elsewhere'), false) AS has_e_service,
       t.cases, coalesce(t.cases_digital, 0) AS cases_digital, coalesce(t.cases_assisted, 0) AS cases_assisted,
       coalesce(t.cases_by_email, 0) AS cases_by_email, coalesce(t.cases_by_phone, 0) AS cases_by_phone,
       coalesce(t.cases_handled_digitally, 0) AS cases_handled_digitally, coalesce(t.cases_handling_known, 0) AS cases_handling_known,
       c.class IS NOT NULL
       AND coalesce(t.others_reported, false)
       AND ((o.service_id IS NULL AND c.class <> 'unknown') OR coalesce(t.e_service_reported, false))
       AND (NOT coalesce(o.shared, false) OR coalesce(t.e_service_counted, false)) AS fully_reported,
       coalesce(p.steps_digital, 0) AS steps_digital, coalesce(p.steps_applicable, 0) AS steps_applicable,
       coalesce(p.steps_reported, 0) AS steps_reported,
       handling_of(p.steps_reported, 7, p.steps_applicable, p.steps_digital) AS handling,
       handling_of(p.others_reported, 6, p.others_applicable, p.others_digital) AS handling_but_archiving,
       d.path IS NOT NULL AND s.contact_role IS NOT NULL AND s.legal_demands IS NOT NULL
       AND coalesce(s.reviewed_on BETWEEN k.month - INTERVAL 2 YEAR AND last_day(k.month), false) AS answered_for,
       s.other_way IS NOT NULL OR y.service_id IS NOT NULL AS other_way,
       coalesce(w.department_id, e.department_id) AS department_id, d.path AS department_path, d.board,
       coalesce(s.audience, e.audience) AS audience, s.area
FROM keys k
LEFT JOIN published_classes c USING (service_id, month)
LEFT JOIN totals t ON t.month = k.month AND t.service_id IS NOT DISTINCT FROM k.service_id AND t.e_service_id IS NOT DISTINCT FROM k.e_service_id
LEFT JOIN steps p ON p.service_id = k.service_id AND p.month = k.month
LEFT JOIN online o ON o.service_id = k.service_id AND o.month = k.month
LEFT JOIN other_ways y ON y.service_id = k.service_id AND y.month = k.month
LEFT JOIN services s ON s.service_id = k.service_id
LEFT JOIN service_departments w ON w.service_id = k.service_id AND k.month BETWEEN w.month_from AND w.month_to
LEFT JOIN placed_e_services e ON k.service_id IS NULL AND e.e_service_id = k.e_service_id AND e.month = k.month
LEFT JOIN department_spans d ON d.department_id = coalesce(w.department_id, e.department_id) AND k.month BETWEEN d.month_from AND d.month_to
ORDER BY d.path, k.service_id, k.month;

-- step_cases: One row per service, month in which it is published and handling step, with the cases of that service and month (NULL: not reported).
CREATE VIEW step_cases AS
SELECT t.*, m.cases, m.reportable, m.fully_reported
FROM published_steps t
JOIN service_months m ON m.service_id = t.service_id AND m.month = t.month;

-- case_months: The rows of reported_cases, each with whether its service-month is fully reported.
CREATE TABLE case_months AS
SELECT c.*, is_digital(c.channel, c.assisted) AS digital, m.fully_reported
FROM reported_cases c
LEFT JOIN service_months m ON m.month = c.month AND m.service_id = c.service_id
ORDER BY c.department_path, c.service_id, c.month;
DROP TABLE reported_cases;

-- channel_months: One row per service, month and known channel, with the state of its number: the least known of its parts'.
CREATE TABLE channel_months AS
SELECT month, service_id, channel, any_value(department_id) AS department_id, any_value(department_path) AS department_path,
       any_value(board) AS board, any_value(audience) AS audience, any_value(area) AS area,
       CASE WHEN bool_or(state = 'suppressed') THEN 'suppressed'
            WHEN bool_or(state = 'not_reported') THEN 'not_reported'
            WHEN bool_or(source = 'weeks') THEN 'sampled_weeks'
            WHEN bool_or(state = 'value') THEN 'value'
            WHEN bool_or(state = 'zero') THEN 'zero'
            ELSE 'not_applicable' END AS state
FROM case_months WHERE service_id IS NOT NULL
GROUP BY month, service_id, channel
ORDER BY department_path, service_id, month, channel;

-- case_times: One row per single case, in the month it was closed, or was received while it is open. Where small numbers are protected, groups of fewer
-- than five cases received in one month and closed in one are left out; where these are fewer than five in all for a month of receipt, also its smallest
-- other group.
UPDATE case_rows SET is_timed = false WHERE getvariable('protected') AND case_id IN (
    WITH groups AS (
        SELECT service_id, e_service_id, channel, assisted, date_trunc('month', received_on) AS received_month, date_trunc('month', closed_on) AS closed_month, count(*) AS cases
        FROM placed_cases GROUP BY ALL
    ), ranked AS (
        SELECT *, coalesce(sum(cases) FILTER (cases < 5) OVER (PARTITION BY service_id, e_service_id, channel, assisted, received_month), 0) AS small_cases,
               row_number() OVER (PARTITION BY service_id, e_service_id, channel, assisted, received_month, cases < 5 ORDER BY cases, closed_month) AS size_rank
        FROM groups
    )
    SELECT c.case_id
    FROM placed_cases c
    JOIN ranked g ON g.service_id IS NOT DISTINCT FROM c.service_id AND g.e_service_id IS NOT DISTINCT FROM c.e_service_id
      AND g.channel = c.channel AND g.assisted = c.assisted
      AND g.received_month = date_trunc('month', c.received_on) AND g.closed_month IS NOT DISTINCT FROM date_trunc('month', c.closed_on)
    WHERE g.cases < 5 OR (g.small_cases BETWEEN 1 AND 4 AND g.size_rank = 1)
);
CREATE VIEW case_times AS
SELECT ended_month AS month, placed_id AS service_id, channel, coalesce(assisted, false) AS assisted, is_digital(channel, coalesce(assisted, false)) AS digital,
       date_diff('day', received_on, closed_on) AS days, department_id, department_path, board, audience, area
FROM case_rows WHERE is_timed;

-- cost_parts_of: One row per rule set, cost posting and department that it names (by a share, else as orderer), or one with department_id NULL. The
-- file's own values go before those of a rule. `placed` names a relation like `placed_costs`.
CREATE MACRO cost_parts_of(placed) AS TABLE
WITH shares AS (
    SELECT p.rule_set, s.cost_id, s.department_id, s.share, 'benefits' AS named_as FROM cost_shares s JOIN query_table(placed) p USING (cost_id)
    UNION ALL
    SELECT p.rule_set, p.cost_id, unnest(p.shares).department_id, unnest(p.shares).share, 'rule'
    FROM query_table(placed) p JOIN costs c ON c.cost_id = p.cost_id AND c.ordered_by IS NULL
    ANTI JOIN cost_shares s ON s.cost_id = p.cost_id
)
SELECT p.rule_set, c.cost_id, date_trunc('month', c.booked_on)::DATE AS month, c.booked_on, p.cost_type, p.category, c.supplier, c.text,
       c.account, c.cost_centre, c.project, c.office, c.voucher, c.counterparty, p.placed_by, p.position AS rule_position, p.rule, p.e_service_id,
       (c.amount * 100)::BIGINT AS ore,
       coalesce(h.department_id, c.ordered_by, p.payer) AS named_id,
       CASE WHEN h.department_id IS NOT NULL THEN h.named_as
            WHEN c.ordered_by IS NOT NULL THEN 'ordered'
            WHEN p.payer IS NOT NULL THEN 'rule' END AS named_as,
       coalesce(h.share, 100) AS share,
       d.department_id, d.path AS department_path, d.board
FROM costs c
JOIN query_table(placed) p USING (cost_id)
LEFT JOIN shares h USING (rule_set, cost_id)
LEFT JOIN department_spans d
  ON d.department_id = coalesce(h.department_id, c.ordered_by, p.payer) AND c.booked_on BETWEEN d.month_from AND d.month_to;

-- cost_parts: `cost_parts_of` every rule set that was saved.
CREATE VIEW cost_parts AS FROM cost_parts_of('placed_costs');

-- cost_splits_of: One row per rule set, cost posting and payer. §8: fixed and variable cost is the system owner's; other cost falls on the departments
-- that ordered it or benefit from it, by stated shares. The öre of a posting are dealt out by the largest remainder, so that its rows sum to
-- its amount exactly. What nobody can be found for, or no rule takes, is unplaced: shares that make less than 100 leave the rest there, shares
-- that make more leave the whole posting there. Three thirds written as 33,33 make 99,99 and are taken as the whole (within 0,05 points).
-- Postings outside (no cost of e-services) are not here. `parts_relation` names a relation like `cost_parts`.
CREATE MACRO cost_splits_of(parts_relation) AS TABLE
WITH parts AS (
    FROM query_table(parts_relation) WHERE cost_type IS DISTINCT FROM 'outside'
), named AS (
    SELECT *, sum(share) OVER (PARTITION BY rule_set, cost_id) AS stated FROM parts
), claims AS (
    SELECT rule_set, cost_id, 'system_owner' AS payer_kind, NULL::VARCHAR AS department_id, NULL::VARCHAR[] AS department_path, NULL::VARCHAR AS board,
           1::DECIMAL(18, 8) AS weight, 'guideline' AS because
    FROM parts WHERE cost_type IN ('fixed', 'variable') GROUP BY rule_set, cost_id
    UNION ALL
    SELECT rule_set, cost_id, 'unplaced', NULL, NULL, NULL, 1, 'no_rule' FROM parts WHERE cost_type IS NULL GROUP BY rule_set, cost_id
    UNION ALL
    SELECT rule_set, cost_id, if(department_id IS NULL, 'unplaced', 'department'), department_id, department_path, board, share,
           if(department_id IS NULL, if(named_id IS NULL, 'nobody_named', 'unknown_department'), named_as)
    FROM named WHERE cost_type = 'other' AND stated <= 100.05
    UNION ALL
    SELECT rule_set, cost_id, 'unplaced', NULL, NULL, NULL, 100 - any_value(stated), 'shares_below_100'
    FROM named WHERE cost_type = 'other' GROUP BY rule_set, cost_id HAVING any_value(stated) < 99.95
    UNION ALL
    SELECT rule_set, cost_id, 'unplaced', NULL, NULL, NULL, 1, 'shares_above_100'
    FROM named WHERE cost_type = 'other' GROUP BY rule_set, cost_id HAVING any_value(stated) > 100.05
), exact AS (
    SELECT c.*, p.month, p.booked_on, p.cost_type, p.category, p.supplier, p.text, p.account, p.cost_centre, p.project, p.office, p.voucher,
           p.placed_by, p.rule, p.e_service_id, p.ore,
           abs(p.ore)::HUGEINT * (c.weight * 100000000)::HUGEINT AS claim,
           sum((c.weight * 100000000)::HUGEINT) OVER (PARTITION BY c.rule_set, c.cost_id) AS whole
    FROM claims c
    JOIN (SELECT DISTINCT ON (rule_set, cost_id) * FROM parts) p USING (rule_set, cost_id)
    WHERE c.weight > 0
), dealt AS (
    SELECT *, claim // whole AS floor_ore,
           abs(ore) - sum(claim // whole) OVER (PARTITION BY rule_set, cost_id) AS left_ore,
           row_number() OVER (PARTITION BY rule_set, cost_id ORDER BY claim % whole DESC, department_id NULLS LAST, because, claim) AS turn
    FROM exact
)
SELECT rule_set, month, booked_on, cost_id, cost_type, category, supplier, text, account, cost_centre, project, office, voucher, placed_by, rule,
       e_service_id, payer_kind, department_id, department_path, board, because,
       ((floor_ore + if(turn <= left_ore, 1, 0)) * sign(ore))::BIGINT AS ore
FROM dealt;

-- cost_splits: `cost_splits_of` every rule set that was saved.
CREATE TABLE cost_splits AS FROM cost_splits_of('cost_parts') ORDER BY rule_set, department_path, month, cost_id;

-- cost_splits_by: The cost_splits of one rule set, the latest when NULL.
CREATE MACRO cost_splits_by(wanted) AS TABLE
SELECT * EXCLUDE rule_set FROM cost_splits WHERE rule_set = coalesce(wanted, (SELECT rule_set FROM rule_sets WHERE latest));

-- published_pages: One row per website, day it was read and page. Two files of one day are one reading.
CREATE TABLE published_pages AS
SELECT regexp_replace(lower(w.site), '^www\.', '') AS site, w.seen_on, k.page,
       any_value(w.url ORDER BY w.url) AS url, any_value(w.title ORDER BY w.url) AS title, any_value(w.area ORDER BY w.url) AS area,
       CASE WHEN bool_or(w.leads_to = 'both') OR (bool_or(w.leads_to = 'e_service') AND bool_or(w.leads_to = 'form')) THEN 'both'
            WHEN bool_or(w.leads_to = 'e_service') THEN 'e_service'
            WHEN bool_or(w.leads_to = 'form') THEN 'form'
            ELSE any_value(w.leads_to) END AS leads_to
FROM web_pages w JOIN page_keys k USING (url)
GROUP BY ALL
ORDER BY site, w.seen_on, k.page;

-- readings: One row per website and day it was read: how many pages, and the reading before that. `latest` is the last of a website.
CREATE VIEW readings AS
SELECT site, seen_on, count(*) AS pages,
       lag(seen_on) OVER (PARTITION BY site ORDER BY seen_on) AS before,
       lag(count(*)) OVER (PARTITION BY site ORDER BY seen_on) AS pages_before,
       row_number() OVER (PARTITION BY site ORDER BY seen_on DESC) = 1 AS latest
FROM published_pages GROUP BY site, seen_on;

-- catalogue_readings: One row per installation of the e-service platform and day its catalogue was read, and the reading before that.
CREATE VIEW catalogue_readings AS
SELECT installation, seen_on, lag(seen_on) OVER (PARTITION BY installation ORDER BY seen_on) AS before,
       row_number() OVER (PARTITION BY installation ORDER BY seen_on DESC) = 1 AS latest
FROM sightings GROUP BY installation, seen_on;
