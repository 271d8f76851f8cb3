"""Inconsistencies in the imported data: ids that are in no register, and contradictions."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.scope import Scope
from analytics.registers.benefit import EVERY_SERVICE

OWNERS = {  # the department of a row with an unknown id
    ("links", "e_service_id"): "(SELECT s.department_id FROM services s WHERE s.service_id = r.service_id)",
    ("costs", "e_service_id"): "r.ordered_by",
    ("cost_shares", "cost_id"): "r.department_id",
    ("events", "service_id"): "r.department_id",
    ("events", "e_service_id"): "r.department_id",
}
REFERENCES = {  # every column that points at a register: table, column → register
    ("departments", "parent_id"): "departments",
    ("departments", "replaces"): "departments",
    ("services", "department_id"): "departments",
    ("e_services", "department_id"): "departments",
    ("links", "service_id"): "services",
    ("links", "e_service_id"): "e_services",
    ("exemptions", "service_id"): "services",
    ("exemptions", "e_service_id"): "e_services",
    ("stages", "e_service_id"): "e_services",
    ("needs", "department_id"): "departments",
    ("needs", "service_id"): "services",
    ("needs", "e_service_id"): "e_services",
    ("criteria", "e_service_id"): "e_services",
    ("e_service_use", "e_service_id"): "e_services",
    ("abandoned_steps", "e_service_id"): "e_services",
    ("contacts", "service_id"): "services",
    ("handling_times", "service_id"): "services",
    ("cases", "service_id"): "services",
    ("cases", "e_service_id"): "e_services",
    ("case_counts", "service_id"): "services",
    ("case_counts", "e_service_id"): "e_services",
    ("counted_weeks", "service_id"): "services",
    ("handling_steps", "service_id"): "services",
    ("costs", "ordered_by"): "departments",
    ("costs", "e_service_id"): "e_services",
    ("rules", "payer"): "departments",
    ("rules", "e_service_id"): "e_services",
    ("cost_shares", "cost_id"): "costs",
    ("cost_shares", "department_id"): "departments",
    ("budgets", "department_id"): "departments",
    ("targets", "department_id"): "departments",
    ("explanations", "department_id"): "departments",
    ("ready", "round_id"): "rounds",
    ("ready", "department_id"): "departments",
    ("events", "department_id"): "departments",
    ("events", "service_id"): "services",
    ("events", "e_service_id"): "e_services",
    ("versions", "e_service_id"): "e_services",
    ("sightings", "e_service_id"): "e_services",
}
LISTS = {
    ("departments", "replaces"): "(SELECT predecessor_id AS replaces FROM replaced_departments)"
}  # one row per id of a list
KEYS = {
    "departments": "department_id",
    "services": "service_id",
    "e_services": "e_service_id",
    "costs": "cost_id",
    "rounds": "round_id",
}
SYSTEM_OWNER = "systemagare"  # written in a budget in place of a department

FULL_YEARS = """(SELECT service_id, channel, year(month) AS year, make_date(year(month), 12, 1) AS month,
               sum(cases)::BIGINT AS cases
        FROM case_months WHERE service_id IS NOT NULL AND cases IS NOT NULL GROUP BY ALL HAVING count(DISTINCT month) = 12)"""
YEARS_ALIKE, LEAP, LEAST_CASES = 4, 10, 100  # as the checks of Canada's service inventory have them; the last is ours

# Each check gives a subject and the months in which it holds; where it can, the service or department concerned, two numbers to
# compare (`value`, `other_value`) and a detail. A state at the end of a month is not held against what came in earlier that month.
CHECKS = {
    "counted_twice": """SELECT service_id AS subject, service_id, month, cases AS value, counted AS other_value, channel AS detail
        FROM counted_twice""",
    "sunk": """SELECT coalesce(l.service_id, l.e_service_id) AS subject, e.name, coalesce(l.service_id, p.service_id) AS service_id,
               l.month, l.kept AS value, l.later AS other_value, l.channel AS detail
        FROM lowered_counts l LEFT JOIN e_services e USING (e_service_id)
        LEFT JOIN placed_e_services p USING (e_service_id, month)""",
    "no_e_service": """SELECT service_id AS subject, service_id, month, c.cases AS value
        FROM case_months c JOIN service_classes k USING (service_id, month)
        WHERE c.channel = 'e_service' AND c.cases > 0 AND k.class IN ('none', 'form_only', 'not_applicable')
          AND NOT EXISTS (FROM links l JOIN e_services e USING (e_service_id) WHERE l.service_id = c.service_id
                          AND e.kind <> 'form' AND date_trunc('month', e.live_to) = c.month)""",
    "not_published": """SELECT service_id AS subject, service_id, month, c.cases AS value
        FROM case_months c JOIN services s USING (service_id) JOIN months m USING (month)
        WHERE c.cases > 0 AND (s.published_from > m.as_of OR s.published_to < c.month)""",
    "not_needed": """SELECT c.service_id AS subject, c.service_id, c.month, x.exemption_id AS detail
        FROM exemption_months x LEFT JOIN links l ON x.service_id IS NULL AND l.e_service_id = x.e_service_id
        JOIN service_classes c ON c.service_id = coalesce(x.service_id, l.service_id) AND c.month = x.month
        WHERE x.kind = 'not_applicable' AND c.class IN ('e_service', 'e_service_elsewhere')""",
    "automatic": """SELECT service_id AS subject, service_id, month, c.cases AS value
        FROM case_months c
        SEMI JOIN (SELECT t.service_id, t.month FROM step_months t ANTI JOIN handling_steps h
                   ON h.service_id = t.service_id AND h.step = t.step AND date_trunc('month', h.valid_from) = t.month
                   WHERE t.state = 'not_digital' AND t.step IN ('intake', 'registration', 'preparation', 'decision')
        ) t USING (service_id, month)
        WHERE c.handling = 'automatic' AND c.cases > 0""",
    "shared": """SELECT l.e_service_id AS subject, e.name, l.service_id, v.month
        FROM shared_e_services l JOIN e_services e USING (e_service_id)
        JOIN live_e_services v ON v.e_service_id = l.e_service_id AND v.month = l.month AND v.kind <> 'form'
        JOIN services s USING (service_id)
        WHERE NOT EXISTS (FROM case_months n WHERE n.service_id = l.service_id AND n.month = v.month
                          AND n.channel = 'e_service' AND n.source = 'counts')""",
    "totals": """SELECT t.installation AS subject, t.month, coalesce(h.cases, 0) AS value, t.total AS other_value
        FROM platform_totals t
        LEFT JOIN (SELECT installation, month, sum(cases) AS cases FROM (
                SELECT through_id, month, count(*) AS cases FROM placed_cases WHERE channel = 'e_service' GROUP BY ALL
                UNION ALL
                SELECT k.through_id, k.month, sum(k.cases) FROM placed_counts k
                ANTI JOIN placed_cases c ON c.through_id = k.through_id AND c.month = k.month AND c.channel = k.channel
                WHERE k.channel = 'e_service' GROUP BY ALL
            ) JOIN e_services ON e_service_id = through_id GROUP BY ALL) h USING (installation, month)
        WHERE t.measure = 'cases'
          AND abs(t.total - coalesce(h.cases, 0)) > if(t.method = 'counted', 0, greatest(5, t.total * 0.1))""",
    "no_service": """SELECT e_service_id AS subject, e.name, m.month
        FROM e_service_months m JOIN e_services e USING (e_service_id) ANTI JOIN links USING (e_service_id)""",
    "alike": f"""SELECT service_id AS subject, service_id, month, cases AS value, channel AS detail
        FROM (SELECT *, count(*) OVER w AS years, min(cases) OVER w AS least, max(cases) OVER w AS most FROM {FULL_YEARS}
              WINDOW w AS (PARTITION BY service_id, channel
                           ORDER BY year RANGE BETWEEN {YEARS_ALIKE - 1} PRECEDING AND CURRENT ROW))
        WHERE years = {YEARS_ALIKE} AND least = most AND cases > 0""",
    "leap": f"""SELECT service_id AS subject, service_id, a.month, a.cases AS value, b.cases AS other_value,
               channel AS detail
        FROM {FULL_YEARS} a JOIN {FULL_YEARS} b USING (service_id, channel)
        WHERE a.year = b.year + 1 AND least(a.cases, b.cases) > 0 AND greatest(a.cases, b.cases) >= {LEAST_CASES}
          AND greatest(a.cases, b.cases) >= {LEAP} * least(a.cases, b.cases)""",
    "more_sent_in": """SELECT e_service_id AS subject, e.name, u.service_id, u.department_id, u.month,
               u.submitted AS value, u.started AS other_value
        FROM use_months u JOIN e_services e USING (e_service_id) WHERE u.submitted > u.started""",
    "more_answers": """SELECT e_service_id AS subject, e.name, u.service_id, u.department_id, u.month,
               u.answers AS value, u.submitted AS other_value
        FROM use_months u JOIN e_services e USING (e_service_id) WHERE u.answers > u.submitted""",
    "shares": f"""SELECT cost_id AS subject, text AS name, department_id, month, share::DOUBLE AS value
        FROM cost_parts
        WHERE rule_set = coalesce($rules, (SELECT rule_set FROM rule_sets WHERE latest))
          AND cost_id IN (SELECT cost_id FROM {facts()["cost_splits"].relation}
                          WHERE because IN ('shares_below_100', 'shares_above_100'))""",
}


@dataclass(frozen=True)
class Unmatched:
    """An id that is not in its register: its column, the number of rows, and their department when it is one."""

    table: str
    column: str
    register: str
    id: str
    rows: int
    department_id: str | None


@dataclass(frozen=True)
class Contradiction:
    """Contradicting data of a service, an e-service or a cost posting, and the months of the scope that they concern.

    `kind` is one of `CHECKS`. `value` and `other_value` are what the check compares: cases one by one and by month, or the sum of
    the shares. `departments` are those concerned that are in the register.
    """

    kind: str
    subject: str
    name: str
    months: tuple[date, ...]
    services: tuple[str, ...]
    departments: tuple[str, ...]
    value: float | None
    other_value: float | None
    details: tuple[str, ...]


def unmatched(cursor: duckdb.DuckDBPyConnection) -> list[Unmatched]:
    """Every id in what was imported that is not in its register, most rows first, whatever the period and the department."""
    unknown = " UNION ALL ".join(_unknown(table, column, register) for (table, column), register in REFERENCES.items())
    rows = cursor.execute(
        f"""SELECT table_name, column_name, register, id, count(*),
            CASE WHEN count(d.department_id) = count(*) AND count(DISTINCT d.department_id) = 1 THEN any_value(d.department_id) END
        FROM ({unknown}) LEFT JOIN departments d ON d.department_id = owner
        GROUP BY table_name, column_name, register, id ORDER BY 5 DESC, 1, 2, 4"""
    ).fetchall()
    return [Unmatched(*row) for row in rows]


def _unknown(table: str, column: str, register: str) -> str:
    """SQL for the rows with an unknown id in a column."""
    owner = OWNERS.get((table, column), "NULL::VARCHAR")
    return f"""SELECT '{table}' AS table_name, '{column}' AS column_name, '{register}' AS register,
            r.{column} AS id, {owner} AS owner
        FROM {LISTS.get((table, column), table)} r ANTI JOIN {register} k ON k.{KEYS[register]} = r.{column}
        WHERE r.{column} IS NOT NULL
          AND ('{table}', r.{column}) NOT IN (('budgets', '{SYSTEM_OWNER}'), ('handling_times', '{EVERY_SERVICE}'))"""


def contradictions(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Contradiction]:
    """The contradictions in the scope, in the order of `CHECKS`, most months first.

    One without a known department or audience is in every scope.
    """
    filters = frozenset({"department", "audience", "service", "rules"})
    where, bound = scope.condition(filters, stock=False)
    columns = (
        "NULL::VARCHAR AS name, NULL::VARCHAR AS department_id, NULL::DOUBLE AS other_value, NULL::VARCHAR AS detail"
    )
    checks = " UNION ALL BY NAME ".join(f"SELECT '{kind}' AS kind, * FROM ({check})" for kind, check in CHECKS.items())
    rows = cursor.execute(
        f"""WITH found AS (SELECT {columns} WHERE false UNION ALL BY NAME {checks}), placed AS (
            SELECT f.kind, f.subject, f.month, f.value, f.other_value, f.detail, f.service_id,
                   coalesce(f.name, s.name, f.subject) AS name, d.department_id, d.path AS department_path, d.board, s.audience
            FROM found f LEFT JOIN services s ON s.service_id = f.service_id
            LEFT JOIN service_departments o ON o.service_id = f.service_id AND f.month BETWEEN o.month_from AND o.month_to
            LEFT JOIN department_spans d
              ON d.department_id = coalesce(o.department_id, f.department_id) AND f.month BETWEEN d.month_from AND d.month_to
            WHERE f.month BETWEEN $month_from AND $month_to
        )
        SELECT kind, subject, any_value(name), sum(value)::DOUBLE, sum(other_value)::DOUBLE,
               {_each("month")}, {_each("service_id")}, {_each("department_id")}, {_each("detail")}
        FROM {scope.organised("placed", filters)} GROUP BY kind, subject HAVING bool_or(({where}) IS DISTINCT FROM false)
        ORDER BY len({_each("month")}) DESC, subject""",
        bound,
    ).fetchall()
    result = [_contradiction(*row) for row in rows]
    return sorted(result, key=lambda one: list(CHECKS).index(one.kind))


def _contradiction(
    kind: str, subject: str, name: str, value: float | None, other_value: float | None, *lists: list[Any]
) -> Contradiction:
    months, services, departments, details = map(tuple, lists)
    return Contradiction(kind, subject, name, months, services, departments, value, other_value, details)


def _each(column: str) -> str:
    """SQL for the different values of a column, in order; an empty list where there is none."""
    return f"coalesce(list(DISTINCT {column} ORDER BY {column}) FILTER ({column} IS NOT NULL), [])"
