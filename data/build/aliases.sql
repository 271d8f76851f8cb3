-- Some sources know an e-service by the number of a version or by its name: here these become its id. A name that no register has is left, and is
-- listed as unmatched.

-- e_service_aliases: One row per other name of an e-service: a version of it ("oep/v2036"), or its name where no other in its installation has it.
CREATE TEMP TABLE e_service_aliases AS
SELECT lower(strip_accents(version_id)) AS alias, any_value(e_service_id) AS e_service_id, 1 AS distance
FROM versions GROUP BY ALL HAVING count(DISTINCT e_service_id) = 1
UNION ALL
SELECT lower(strip_accents(installation || '/' || trim(name))), any_value(e_service_id), 2
FROM e_services WHERE installation IS NOT NULL GROUP BY ALL HAVING count(*) = 1;

UPDATE resolved_cases SET e_service_id = a.e_service_id FROM e_service_aliases a WHERE lower(strip_accents(resolved_cases.e_service_id)) = a.alias;
UPDATE covers SET e_service_id = a.e_service_id FROM e_service_aliases a WHERE lower(strip_accents(covers.e_service_id)) = a.alias;
UPDATE lowered_counts SET e_service_id = a.e_service_id FROM e_service_aliases a WHERE lower(strip_accents(lowered_counts.e_service_id)) = a.alias;

UPDATE costs SET e_service_id = a.e_service_id FROM e_service_aliases a WHERE lower(strip_accents(costs.e_service_id)) = a.alias;
UPDATE rules SET e_service_id = a.e_service_id FROM e_service_aliases a WHERE lower(strip_accents(rules.e_service_id)) = a.alias;

-- merged_counts: One row per e-service that was counted under other names, month, channel and assisted: the sum over its versions, or else the count
-- under its name.
CREATE TEMP TABLE merged_counts AS
WITH named AS (
    SELECT k.* EXCLUDE e_service_id, a.e_service_id, a.distance
    FROM case_counts k JOIN e_service_aliases a ON lower(strip_accents(k.e_service_id)) = a.alias
)
SELECT e_service_id, month, channel, assisted, sum(cases)::BIGINT AS cases,
       if(bool_or(cases_state = 'value'), 'value', any_value(cases_state)) AS cases_state,
       if(bool_and(method = 'counted'), 'counted', 'estimated') AS method, max(batch) AS batch
FROM named GROUP BY e_service_id, month, channel, assisted, distance
QUALIFY distance = min(distance) OVER (PARTITION BY e_service_id, month, channel, assisted);

DELETE FROM case_counts WHERE lower(strip_accents(e_service_id)) IN (SELECT alias FROM e_service_aliases);
INSERT INTO case_counts BY NAME
FROM merged_counts f ANTI JOIN case_counts k
  ON k.e_service_id = f.e_service_id AND k.month = f.month AND k.channel = f.channel AND k.assisted IS NOT DISTINCT FROM f.assisted;

-- The use of e-services under other names likewise: the sum over the versions, where the e-service has no row of its own.
CREATE TEMP TABLE merged_use AS
SELECT a.e_service_id, u.month, sum(u.started)::BIGINT AS started, sum(u.submitted)::BIGINT AS submitted, sum(u.abandoned)::BIGINT AS abandoned,
       sum(u.answers)::BIGINT AS answers, sum(u.grades)::BIGINT AS grades, max(u.batch) AS batch
FROM e_service_use u JOIN e_service_aliases a ON lower(strip_accents(u.e_service_id)) = a.alias GROUP BY ALL;
CREATE TEMP TABLE merged_steps AS
SELECT a.e_service_id, s.month, s.form_step, sum(s.abandoned)::BIGINT AS abandoned, max(s.batch) AS batch
FROM abandoned_steps s JOIN e_service_aliases a ON lower(strip_accents(s.e_service_id)) = a.alias GROUP BY ALL;

DELETE FROM e_service_use WHERE lower(strip_accents(e_service_id)) IN (SELECT alias FROM e_service_aliases);
DELETE FROM abandoned_steps WHERE lower(strip_accents(e_service_id)) IN (SELECT alias FROM e_service_aliases);
INSERT INTO abandoned_steps BY NAME
FROM merged_steps f ANTI JOIN e_service_use u ON u.e_service_id = f.e_service_id AND u.month = f.month
ANTI JOIN abandoned_steps s ON s.e_service_id = f.e_service_id AND s.month = f.month;
INSERT INTO e_service_use BY NAME
FROM merged_use f ANTI JOIN e_service_use u ON u.e_service_id = f.e_service_id AND u.month = f.month;

-- A posting that a ledger says again keeps its id; what names it by the id of the later file means it too.
UPDATE cost_shares SET cost_id = r.cost_id FROM renamed_costs r
WHERE lower(strip_accents(cost_shares.cost_id)) = lower(strip_accents(r.alias))
  AND NOT EXISTS (FROM cost_shares s WHERE s.cost_id = r.cost_id AND s.department_id = cost_shares.department_id);
