-- cost_splits: One row per cost posting and payer. §8: fixed and variable cost is the system owner's; other cost falls on the departments
-- that ordered it or benefit from it, by stated shares. The öre of a posting are dealt out by the largest remainder, so that its rows sum to
-- its amount exactly. What nobody can be found for, or no rule takes, is unplaced: shares that make less than 100 leave the rest there, shares
-- that make more leave the whole posting there. Three thirds written as 33,33 make 99,99 and are taken as the whole (within 0,05 points).
-- Postings outside (no cost of e-services) are not here. $rules is the rule set that places them, the latest when NULL.
WITH parts AS (
    SELECT * FROM cost_parts
    WHERE rule_set = coalesce($rules, (SELECT rule_set FROM rule_sets WHERE latest)) AND cost_type IS DISTINCT FROM 'outside'
), named AS (
    SELECT *, sum(share) OVER (PARTITION BY cost_id) AS stated FROM parts
), claims AS (
    SELECT cost_id, 'system_owner' AS payer_kind, NULL::VARCHAR AS department_id, NULL::VARCHAR[] AS department_path, NULL::VARCHAR AS board,
           1::DECIMAL(18, 8) AS weight, 'guideline' AS because
    FROM parts WHERE cost_type IN ('fixed', 'variable') GROUP BY cost_id
    UNION ALL
    SELECT cost_id, 'unplaced', NULL, NULL, NULL, 1, 'no_rule' FROM parts WHERE cost_type IS NULL GROUP BY cost_id
    UNION ALL
    SELECT cost_id, if(department_id IS NULL, 'unplaced', 'department'), department_id, department_path, board, share,
           if(department_id IS NULL, if(named_id IS NULL, 'nobody_named', 'unknown_department'), named_as)
    FROM named WHERE cost_type = 'other' AND stated <= 100.05
    UNION ALL
    SELECT cost_id, 'unplaced', NULL, NULL, NULL, 100 - any_value(stated), 'shares_below_100'
    FROM named WHERE cost_type = 'other' GROUP BY cost_id HAVING any_value(stated) < 99.95
    UNION ALL
    SELECT cost_id, 'unplaced', NULL, NULL, NULL, 1, 'shares_above_100'
    FROM named WHERE cost_type = 'other' GROUP BY cost_id HAVING any_value(stated) > 100.05
), exact AS (
    SELECT c.*, p.month, p.booked_on, p.cost_type, p.category, p.supplier, p.text, p.account, p.cost_centre, p.project, p.office, p.voucher,
           p.placed_by, p.rule, p.e_service_id, p.ore,
           abs(p.ore)::HUGEINT * (c.weight * 100000000)::HUGEINT AS claim,
           sum((c.weight * 100000000)::HUGEINT) OVER (PARTITION BY c.cost_id) AS whole
    FROM claims c
    JOIN (SELECT DISTINCT ON (cost_id) * FROM parts) p USING (cost_id)
    WHERE c.weight > 0
), dealt AS (
    SELECT *, claim // whole AS floor_ore,
           abs(ore) - sum(claim // whole) OVER (PARTITION BY cost_id) AS left_ore,
           row_number() OVER (PARTITION BY cost_id ORDER BY claim % whole DESC, department_id NULLS LAST) AS turn
    FROM exact
)
SELECT month, booked_on, cost_id, cost_type, category, supplier, text, account, cost_centre, project, office, voucher, placed_by, rule, e_service_id,
       payer_kind, department_id, department_path, board, because,
       ((floor_ore + if(turn <= left_ore, 1, 0)) * sign(ore))::BIGINT AS ore
FROM dealt
