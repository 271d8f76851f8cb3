"""SEK per digital case and per e-service over time. To be compared over time, never between services."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import duckdb

from analytics.costs.allocation import SHARED
from analytics.metrics.catalogue import facts
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope, add_months
from analytics.statistics.significance import MIN_DENOMINATOR

WINDOW = 12  # months in each sum, so that each holds one yearly fee


@dataclass(frozen=True)
class UnitCost:
    """The twelve months that end with `month`: SEK, digital cases, and e-services live at the end. None is not known."""

    month: date
    cost: Decimal | None
    cases: int | None
    e_services: int | None

    @property
    def per_case(self) -> Decimal | None:
        """SEK per digital case; None with fewer than `MIN_DENOMINATOR` of them."""
        return (
            None if self.cost is None or (self.cases or 0) < MIN_DENOMINATOR else self.cost / Decimal(self.cases or 1)
        )

    @property
    def per_e_service(self) -> Decimal | None:
        """SEK per e-service."""
        return None if self.cost is None or not self.e_services else self.cost / self.e_services


def unit_costs(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[UnitCost]:
    """The unit costs of each month: of the platform's cost for all; where departments are chosen, of their other costs.

    A sum with a month outside the ledger, or without known cases, is not known.
    """
    wide = replace(scope, month_from=add_months(scope.month_from, 1 - WINDOW), audience=None, services=())
    cost, cases = _cost(cursor, wide), _cases(cursor, wide)
    live = _e_services(cursor, wide)
    return [
        UnitCost(month, _sum(cost, month), _count(cases, month), live.get(month))
        for month in (add_months(scope.month_from, i) for i in range(scope.months))
    ]


@dataclass(frozen=True)
class ServiceCosts:
    """The cost booked on the e-services of one service, by month. None is not known.

    `e_services` are those of its e-services that postings name, and `services` all that use one of them, itself first:
    the cases are those of all of them. `platform` is the additional platform cost in SEK per digital case over the last
    twelve months, without what is booked on these e-services.
    """

    months: tuple[UnitCost, ...]
    e_services: tuple[str, ...]
    services: tuple[str, ...]
    platform: Decimal | None


def service_costs(cursor: duckdb.DuckDBPyConnection, scope: Scope, service_id: str) -> ServiceCosts:
    """The cost booked on a service's own e-services: for each month, the twelve months that end there."""
    named = [row for row in _named(cursor, scope) if service_id in row[1]]
    ids = tuple(e_service_id for e_service_id, _services in named)
    services = (service_id, *sorted({service for _id, used in named for service in used} - {service_id}))
    wide = replace(
        scope, month_from=add_months(scope.month_from, 1 - WINDOW), departments=(), audience=None, services=()
    )
    cost, cases = _cost(cursor, wide, ids), _cases(cursor, replace(wide, services=services))
    months = tuple(
        UnitCost(month, _sum(cost, month), _count(cases, month), None)
        for month in (add_months(scope.month_from, i) for i in range(scope.months))
    )
    return ServiceCosts(months if ids else (), ids, services, _platform(cursor, wide, ids))


def _platform(cursor: duckdb.DuckDBPyConnection, scope: Scope, ids: tuple[str, ...]) -> Decimal | None:
    """The platform's cost in SEK per digital case, without what is booked on these e-services."""
    last = unit_costs(cursor, replace(scope, month_from=scope.month_to))[-1]
    year = replace(scope, month_from=add_months(scope.month_to, 1 - WINDOW))
    rows = measure(cursor, "cost", year, "cost_type", "e_service")
    named = sum(Decimal(r.value or 0) for r in rows if r.by["cost_type"] in SHARED and r.by["e_service"] in ids)
    return None if last.cost is None else replace(last, cost=last.cost - named).per_case


def _named(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[tuple[str, list[str]]]:
    """The e-services that postings name, each with the services that use it."""
    return cursor.execute(
        f"""SELECT e_service_id, list_sort(list(DISTINCT service_id)) FROM links
        WHERE e_service_id IN (SELECT e_service_id FROM {facts()["cost_splits"].relation}) GROUP BY ALL ORDER BY ALL""",
        {"rules": scope.rules},
    ).fetchall()


def _sum(by_month: Mapping[date, Decimal], last: date) -> Decimal | None:
    values = [by_month.get(add_months(last, -i)) for i in range(WINDOW)]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == WINDOW else None


def _count(by_month: Mapping[date, int], last: date) -> int | None:
    values = [by_month.get(add_months(last, -i)) for i in range(WINDOW)]
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == WINDOW else None


def _cost(
    cursor: duckdb.DuckDBPyConnection, scope: Scope, e_services: tuple[str, ...] | None = None
) -> dict[date, Decimal]:
    """SEK by month within the ledger's months, 0 in a month without postings.

    With `e_services`, the cost that names one of them; else the shared cost, or the other costs of chosen departments.
    """
    kind = "e_service" if e_services is not None else "cost_type"
    kinds = e_services if e_services is not None else ("other",) if scope.departments else SHARED
    by_month: dict[date, Decimal] = {}
    first, last = _ledger_months(cursor, scope)
    if first is None or last is None:
        return by_month
    for row in measure(cursor, "cost", scope, "month", kind):
        month = row.by["month"]
        assert isinstance(month, date)
        if row.by[kind] in kinds:
            by_month[month] = by_month.get(month, Decimal(0)) + Decimal(row.value or 0)
    months = (add_months(scope.month_from, i) for i in range(scope.months))
    return {month: by_month.get(month, Decimal(0)) for month in months if first <= month <= last}


def _ledger_months(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[date | None, date | None]:
    """The first and the last month in which any cost is booked."""
    relation = facts()["cost_splits"].relation
    row = cursor.execute(f"SELECT min(month), max(month) FROM {relation}", {"rules": scope.rules}).fetchone()
    assert row is not None  # an aggregate always returns a row
    return row[0], row[1]


def _cases(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[date, int]:
    """The digital cases by month, without the months of which nothing is known."""
    by_month: dict[date, int] = {}
    for row in measure(cursor, "cases", scope, "month", "digital"):
        month = row.by["month"]
        assert isinstance(month, date)
        if row.by["digital"] and row.value is not None:
            by_month[month] = by_month.get(month, 0) + int(row.value)
    return by_month


def _e_services(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[date, int]:
    """The number of e-services on the platform, live at the end of each month."""
    filters = facts()["e_service_months"].filters
    where, bound = scope.condition(filters, stock=False)
    rows = cursor.execute(
        f"SELECT month, count(DISTINCT e_service_id) FROM {scope.organised('e_service_months', filters)}"
        f" WHERE {where} AND on_platform GROUP BY ALL",
        bound,
    ).fetchall()
    return dict(rows)
