"""The shared cost allocated to departments by usage: a calculation only, never invoiced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from analytics.metrics.measure import dimension, measure
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
    cases, services = _cases(cursor, scope), _e_services(cursor, scope)
    keys = sorted({*cases, *services}, key=lambda key: (key is None, key or ""))
    ore = shared_costs(cursor, scope)
    allocated = [
        {kind: largest_remainder(amount, [weights.get(key, 0) for key in keys]) for kind, amount in ore.items()}
        for weights in (cases, services)
    ]
    branches = _branches(cursor, scope)
    groups: dict[str | None, list[int]] = {}
    for i, key in enumerate(keys):
        if key in branches or not scope.departments:
            groups.setdefault(branches.get(key, key), []).append(i)
    usage = [
        DepartmentUsage(
            group,
            sum(cases.get(keys[i], 0) for i in members),
            sum(services.get(keys[i], 0) for i in members),
            {kind: sum(parts[i] for i in members) for kind, parts in allocated[0].items()},
            {kind: sum(parts[i] for i in members) for kind, parts in allocated[1].items()},
        )
        for group, members in groups.items()
    ]
    return sorted(usage, key=lambda one: (-one.cases, -one.e_services, one.department_id or ""))


def _branches(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str | None, str]:
    """The branch of every department in the scope, by department id."""
    branch, bound = dimension("branch", scope)
    condition = "list_has_any(department_path, $branch)" if scope.departments else "true"
    rows = cursor.execute(
        f"SELECT department_id, {branch} FROM (SELECT *, path AS department_path FROM department_dim) WHERE {condition}",
        bound,
    ).fetchall()
    return dict(rows)


def _cases(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str | None, int]:
    rows = measure(cursor, "cases", scope.whole_organisation(), "department", "digital")
    return {_key(row.by["department"]): int(row.value) for row in rows if row.by["digital"] and row.value}


def _e_services(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str | None, int]:
    """The number of e-services on the platform, live at the end of the period, by department id."""
    rows = cursor.execute(
        "SELECT department_id, count(DISTINCT e_service_id) FROM e_service_months WHERE month = ? AND on_platform GROUP BY ALL",
        [scope.month_to],
    ).fetchall()
    return dict(rows)


def _key(code: object) -> str | None:
    return None if code is None else str(code)
