-- Which rule places which posting, for every rule set that was ever saved, so that an earlier report can be made again. The macros stay in the
-- database: analytics/rules/model.py tries rules with them before they are saved.

-- A posting and a condition are compared by whole words without case and å/ä/ö, and by codes in a list, by prefix or range.
CREATE MACRO plain_words(value) AS ' ' || trim(regexp_replace(lower(strip_accents(coalesce(value, ''))), '[^a-z0-9*]+', ' ', 'g')) || ' ';
CREATE MACRO word_patterns(condition) AS list_transform(
    list_filter(string_split(condition, ','), lambda part: plain_words(part) <> '  '),
    lambda part: '%' || replace(plain_words(part), '*', '%') || '%');
CREATE MACRO has_words(words, patterns) AS len(list_filter(patterns, lambda pattern: words LIKE pattern)) > 0;

-- An organisation number has many spellings: 5560000000, 556000-0000, 165560000000, SE556000000001. They are compared as one. A posting holds it with
-- and without a hyphen, so that a condition may have the beginning of either.
CREATE MACRO organisation_number(value, written) AS regexp_replace(value,
    '(?i)\b(?:SE[- ]?([0-9]{2}[2-9][0-9]{3})[- ]?([0-9]{4})[- ]?01|(?:SE[- ]?)?(?:16)?([0-9]{2}[2-9][0-9]{3})[- ]?([0-9]{4})(?:01)?)\b', written, 'g');
CREATE MACRO posting_supplier(supplier, supplier_id) AS
    plain_words(organisation_number(concat_ws(' ', supplier, supplier_id), '\1\2\3\4 \1\3 \2\4'));
CREATE MACRO supplier_patterns(condition) AS word_patterns(organisation_number(condition, '\1\2\3\4'));
UPDATE costs SET supplier_id = organisation_number(supplier_id, '\1\3-\2\4') WHERE supplier_id <> organisation_number(supplier_id, '\1\3-\2\4');

CREATE MACRO plain_code(value) AS lower(trim(value));
CREATE MACRO code_number(value) AS CASE WHEN regexp_full_match(trim(value), '[0-9]+') THEN try_cast(trim(value) AS HUGEINT) END;
CREATE MACRO code_patterns(condition) AS list_transform(
    list_filter(string_split(condition, ','), lambda part: trim(part) <> ''),
    lambda part: {
        'written': replace(replace(replace(replace(plain_code(part), '\', '\\'), '_', '\_'), '%', '\%'), '*', '%'),
        'low': try_cast(nullif(regexp_extract(trim(part), '^([0-9]+) *[-–] *([0-9]+)$', 1), '') AS HUGEINT),
        'high': try_cast(nullif(regexp_extract(trim(part), '^([0-9]+) *[-–] *([0-9]+)$', 2), '') AS HUGEINT)
    });
CREATE MACRO has_code(code, patterns) AS len(list_filter(patterns, lambda pattern:
    code LIKE pattern.written ESCAPE '\' OR code_number(code) BETWEEN pattern.low AND pattern.high)) > 0;

-- shares_of: The shares that a rule states, "SKOL:50, BYGG:50".
CREATE MACRO shares_of(stated) AS list_filter(
    list_transform(string_split(coalesce(stated, ''), ','), lambda part: {
        'department_id': trim(regexp_replace(part, ':[^:]*$', '')),
        'share': try_cast(trim(regexp_extract(part, ':([^:]*)$', 1)) AS DECIMAL(12, 8))
    }), lambda share: share.department_id <> '' AND share.share > 0);

-- rule_sets: One row per rule set, with how many rules it has; `latest` is in use. One without rules where none was ever saved.
CREATE TABLE rule_sets AS
SELECT rule_set, count(*) AS rules, rule_set = max(rule_set) OVER () AS latest FROM rules GROUP BY rule_set
UNION ALL
SELECT '', 0, true WHERE NOT EXISTS (FROM rules)
ORDER BY rule_set;

-- grouped_costs: One row per posting that rules may place, with the number of its group: postings with the same values in every condition column.
CREATE TABLE grouped_costs AS
SELECT cost_id, dense_rank() OVER (ORDER BY attributes) AS posting_group, attributes FROM (
    SELECT cost_id, {
        'supplier': posting_supplier(supplier, supplier_id), 'account': plain_code(account), 'cost_centre': plain_code(cost_centre),
        'project': plain_code(project), 'office': plain_words(office), 'text': plain_words(concat_ws(' ', text, account_text)),
        'counterparty': plain_code(counterparty), 'unit': plain_words(unit), 'ordered_by': plain_code(ordered_by)
    } AS attributes FROM costs WHERE cost_type IS NULL
);

-- posting_groups: One row per group of postings, with the values that conditions compare. `internal`: its counterparty is the municipality itself.
CREATE TABLE posting_groups AS
SELECT posting_group, unnest(any_value(attributes)), coalesce(regexp_matches(any_value(attributes).counterparty, '^[1-4]'), false) AS internal FROM grouped_costs GROUP BY posting_group;
ALTER TABLE grouped_costs DROP COLUMN attributes;

-- matching_rules: One row per rule and group of postings that meets its conditions, without regard to other rules; `rules_relation` names a relation like
-- `rules`. A rule without conditions matches all, but internal postings only match a rule with a condition on the counterparty.
CREATE MACRO matching_rules(rules_relation) AS TABLE
WITH conditions AS MATERIALIZED (
    SELECT *, supplier_patterns(supplier) AS suppliers, word_patterns(office) AS offices, word_patterns(text) AS texts,
           code_patterns(account) AS accounts, code_patterns(cost_centre) AS cost_centres, code_patterns(project) AS projects,
           code_patterns(counterparty) AS counterparties, word_patterns(unit) AS units, code_patterns(ordered_by) AS orderers
    FROM (SELECT DISTINCT supplier, account, cost_centre, project, office, unit, ordered_by, text, counterparty FROM query_table(rules_relation))
), matches AS MATERIALIZED (
    SELECT p.posting_group, c.supplier, c.account, c.cost_centre, c.project, c.office, c.unit, c.ordered_by, c.text, c.counterparty
    FROM posting_groups p JOIN conditions c
      ON (c.counterparty IS NOT NULL OR NOT p.internal)
     AND (c.supplier IS NULL OR has_words(p.supplier, c.suppliers))
     AND (c.account IS NULL OR has_code(p.account, c.accounts))
     AND (c.cost_centre IS NULL OR has_code(p.cost_centre, c.cost_centres))
     AND (c.project IS NULL OR has_code(p.project, c.projects))
     AND (c.counterparty IS NULL OR has_code(p.counterparty, c.counterparties))
     AND (c.office IS NULL OR has_words(p.office, c.offices))
     AND (c.unit IS NULL OR has_words(p.unit, c.units))
     AND (c.ordered_by IS NULL OR has_code(p.ordered_by, c.orderers))
     AND (c.text IS NULL OR has_words(p.text, c.texts))
)
SELECT r.rule_set, r.position, f.posting_group
FROM matches f
JOIN query_table(rules_relation) r
  ON r.supplier IS NOT DISTINCT FROM f.supplier AND r.account IS NOT DISTINCT FROM f.account AND r.cost_centre IS NOT DISTINCT FROM f.cost_centre
 AND r.project IS NOT DISTINCT FROM f.project AND r.office IS NOT DISTINCT FROM f.office AND r.text IS NOT DISTINCT FROM f.text
 AND r.counterparty IS NOT DISTINCT FROM f.counterparty AND r.unit IS NOT DISTINCT FROM f.unit
 AND r.ordered_by IS NOT DISTINCT FROM f.ordered_by;

-- placed_by_rules: One row per rule set and cost posting: its cost type, by what it was decided (the file itself, a rule, an internal counterparty, or
-- nothing), and by which rule. The arguments name relations like `rules`, `rule_sets` and `matching_rules`.
CREATE MACRO placed_by_rules(rules_relation, sets_relation, matches_relation) AS TABLE
WITH first AS (
    SELECT rule_set, posting_group, min(position) AS position FROM query_table(matches_relation) GROUP BY ALL
)
SELECT s.rule_set, c.cost_id,
       CASE WHEN c.cost_type IS NOT NULL THEN 'file'
            WHEN r.position IS NOT NULL THEN 'rule'
            WHEN p.internal THEN 'internal'
            ELSE 'nobody' END AS placed_by,
       coalesce(c.cost_type, r.cost_type, CASE WHEN p.internal THEN 'outside' END) AS cost_type,
       coalesce(c.category, r.category) AS category,
       r.position, r.name AS rule, r.payer, shares_of(r.shares) AS shares, coalesce(c.e_service_id, r.e_service_id) AS e_service_id
FROM costs c
CROSS JOIN query_table(sets_relation) s
LEFT JOIN grouped_costs a ON a.cost_id = c.cost_id
LEFT JOIN posting_groups p ON p.posting_group = a.posting_group
LEFT JOIN first f ON f.rule_set = s.rule_set AND f.posting_group = a.posting_group
LEFT JOIN query_table(rules_relation) r ON r.rule_set = f.rule_set AND r.position = f.position;

-- placed_costs: The result of every saved rule set for every posting.
CREATE TEMP TABLE rule_matches AS FROM matching_rules('rules');
CREATE TABLE placed_costs AS FROM placed_by_rules('rules', 'rule_sets', 'rule_matches');
