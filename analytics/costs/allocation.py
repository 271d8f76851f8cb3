"""How the shared cost would fall by use. A calculation only: nobody is invoiced by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from analytics.metrics.measure import dimension, measure
from analytics.metrics.scope import Scope

SHARED = ("fixed", "variable")


@dataclass(frozen=True)
class DepartmentUsage:
    """A department's use and what the shared cost would be for it, in öre by type. None is use without a department."""

    department_id: str | None
    cases: int
    e_services: int
    by_cases: Mapping[str, int]
    by_e_services: Mapping[str, int]


def largest_remainder(ore: int, weights: Sequence[int]) -> list[int]:
    """The öre over the weights by the largest remainder, so that the parts sum to it; all 0 when nothing weighs anything."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    floors = [abs(ore) * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(abs(ore) * weights[i] % whole), i))
    for i in order[: abs(ore) - sum(floors)]:
        floors[i] += 1
    return [part if ore > 0 else -part for part in floors]


def shared_costs(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, int]:
    """The fixed and the variable cost of the period for all, in öre."""
    rows = measure(cursor, "cost", scope.whole_organisation(), "cost_type")
    return {
        str(row.by["cost_type"]): int(Decimal(row.value or 0) * 100) for row in rows if row.by["cost_type"] in SHARED
    }


def allocate_by_usage(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[DepartmentUsage]:
    """Every branch of what is chosen with its part of the shared cost, the most digital cases first.

    The cost is dealt over all departments, each for itself, and then summed: the parts of any choice sum to the whole.
    """
    cases, services = _cases(cursor, scope), _e_services(cursor, scope)
    keys = sorted({*cases, *services}, key=lambda key: (key is None, key or ""))
    ore = shared_costs(cursor, scope)
    dealt = [
        {kind: largest_remainder(amount, [weights.get(key, 0) for key in keys]) for kind, amount in ore.items()}
        for weights in (cases, services)
    ]
    branches = _branches(cursor, scope)
    groups: dict[str | None, list[int]] = {}
    for i, key in enumerate(keys):
        if key in branches or not scope.departments:
            groups.setdefault(branches.get(key, key), []).append(i)
    found = [
        DepartmentUsage(
            group,
            sum(cases.get(keys[i], 0) for i in within),
            sum(services.get(keys[i], 0) for i in within),
            {kind: sum(parts[i] for i in within) for kind, parts in dealt[0].items()},
            {kind: sum(parts[i] for i in within) for kind, parts in dealt[1].items()},
        )
        for group, within in groups.items()
    ]
    return sorted(found, key=lambda use: (-use.cases, -use.e_services, use.department_id or ""))


def _branches(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str | None, str]:
    """The branch of every department within what is chosen."""
    branch, bound = dimension("branch", scope)
    within = "list_has_any(department_path, $branch)" if scope.departments else "true"
    rows = cursor.execute(
        f"SELECT department_id, {branch} FROM (SELECT *, path AS department_path FROM department_dim) WHERE {within}",
        bound,
    ).fetchall()
    return dict(rows)


def _cases(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str | None, int]:
    rows = measure(cursor, "cases", scope.whole_organisation(), "department", "digital")
    return {_key(row.by["department"]): int(row.value) for row in rows if row.by["digital"] and row.value}


def _e_services(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str | None, int]:
    """The e-services on the platform that are live at the end of the period."""
    rows = cursor.execute(
        "SELECT department_id, count(DISTINCT e_service_id) FROM e_service_months WHERE month = ? AND on_platform GROUP BY ALL",
        [scope.month_to],
    ).fetchall()
    return dict(rows)


def _key(code: object) -> str | None:
    return None if code is None else str(code)
