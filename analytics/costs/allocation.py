"""The shared cost allocated to departments by usage: a calculation only, never invoiced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from analytics.metrics.grouping import dimension
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope

SHARED = ("fixed", "variable")


@dataclass(frozen=True)
class DepartmentUsage:
    """A department's usage and the shared cost allocated to it, in öre by cost type. None is usage without a department."""

    department_id: str | None
    cases: int
    e_services: int
    by_cases: Mapping[str, int]
    by_e_services: Mapping[str, int]


def largest_remainder(ore: int, weights: Sequence[int]) -> list[int]:
    """Split `ore` by weight with the largest remainder method: the parts sum to it; all 0 when the weights are 0."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    parts = [abs(ore) * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(abs(ore) * weights[i] % total), i))
    for i in order[: abs(ore) - sum(parts)]:
        parts[i] += 1
    return [part if ore > 0 else -part for part in parts]


def shared_costs(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, int]:
    """The fixed and variable cost of the period for the whole organisation, in öre by cost type."""
    rows = measure(cursor, "cost", scope.whole_organisation(), "cost_type")
    return {
        str(row.by["cost_type"]): int(Decimal(row.value or 0) * 100) for row in rows if row.by["cost_type"] in SHARED
    }


def allocate_by_usage(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[DepartmentUsage]:
    """Every branch of the scope with its part of the shared cost, the most digital cases first.

    The cost is split over all departments one by one and then summed, so that the parts of any choice sum to the whole.
    """
    keys = _departments(cursor, scope)
    ore = shared_costs(cursor, scope)
    allocated = [
        {kind: largest_remainder(amount, weights) for kind, amount in ore.items()}
        for weights in ([one.cases for one in keys], [one.e_services for one in keys])
    ]
    groups: dict[str | None, list[int]] = {}
    for i, key in enumerate(keys):
        if key.within:
            groups.setdefault(key.branch, []).append(i)
    usage = [
        DepartmentUsage(
            group,
            sum(keys[i].cases for i in members),
            sum(keys[i].e_services for i in members),
            {kind: sum(parts[i] for i in members) for kind, parts in allocated[0].items()},
            {kind: sum(parts[i] for i in members) for kind, parts in allocated[1].items()},
        )
        for group, members in groups.items()
    ]
    return sorted(usage, key=lambda one: (-one.cases, -one.e_services, one.department_id or ""))


@dataclass(frozen=True)
class _Department:
    """A department's use where it then stood in the tree; `within` is whether that is in the scope, and `branch` where in it."""

    branch: str | None
    within: bool
    cases: int
    e_services: int


def _departments(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[_Department]:
    """Every department with digital cases in the period, or e-services on the platform at its end, in order of its id."""
    filters = frozenset({"department", "service"})
    whole, bound = scope.whole_organisation().condition(filters, stock=False)
    within = "coalesce(list_has_any(department_path, lineage), false)" if scope.departments else "true"
    rows = cursor.execute(
        f"""WITH uses AS (
            SELECT month, service_id, department_id, department_path, board, cases, NULL AS e_service_id FROM case_months
            WHERE {whole} AND digital AND cases > 0
            UNION ALL
            SELECT month, service_id, department_id, department_path, board, 0, e_service_id FROM e_service_months
            WHERE month = $month_to AND on_platform
        )
        SELECT coalesce({dimension("branch", scope)}, department_id), {within}, sum(cases)::BIGINT, count(DISTINCT e_service_id)
        FROM {scope.organised("uses", filters)}
        GROUP BY 1, 2, department_id, department_path ORDER BY department_id NULLS LAST, department_path""",
        bound | ({"departments": list(scope.departments)} if scope.departments else {}),
    ).fetchall()
    return [_Department(*row) for row in rows]
