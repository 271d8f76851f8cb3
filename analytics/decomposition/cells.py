"""The input of a decomposition: the cells of two periods, and why a cell is in one of them only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from analytics.decomposition.decompose import Cell, Counts, CoverageReason, Decomposition, decompose
from analytics.metrics.catalogue import Metric, metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope, months_between

REPORTING = "reporting"  # the metric of fully reported service-months
STOPPED_MONTHS = 3  # a service without a full report in the last so many months has stopped reporting
ServiceMonth = tuple[str | None, int]  # a service, and the month of the period
Elsewhere = Mapping[ServiceMonth, str | None]  # a department outside the scope


@dataclass(frozen=True)
class _Period:
    """What is known of each service and month of a period."""

    cells: Mapping[Cell, Counts]
    branches: Mapping[str | None, str | None]
    in_force: frozenset[ServiceMonth]
    not_applicable: frozenset[ServiceMonth]

    @property
    def at(self) -> dict[ServiceMonth, Cell]:
        """The cell of each service and month."""
        return {(cell.service, cell.month): cell for cell in self.cells}


def decompose_change(
    cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope, then: Scope | None = None
) -> Decomposition | None:
    """The decomposition of a share's change from `then` (the scope's comparison, when None); None without a comparison.

    Raises ValueError for a metric that is no share by service, and for periods of different length.
    """
    metric = metrics()[code]
    if metric.kind != "share" or "service" not in metric.fact.dimensions:
        raise ValueError(f"the change of {code} cannot be split by service")
    earlier = then or scope.compared()
    if earlier is None:
        return None
    if metric.time == "stock":
        scope, earlier = (replace(one, month_from=one.month_to) for one in (scope, earlier))
    if scope.months != earlier.months:
        raise ValueError("the two periods are of different length")
    seasonal = have_same_months(earlier, scope)
    before, now = (_read(cursor, metric, one, seasonal) for one in (earlier, scope))
    branches = {**before.branches, **now.branches}
    changed = {str(service) for service, _month in before.in_force ^ now.in_force if service}
    elsewhere = tuple(
        _elsewhere(cursor, one, period.in_force, changed) for one, period in ((earlier, before), (scope, now))
    )
    where = {service: department for one in elsewhere for (service, _month), department in one.items()}
    return decompose(before.cells, now.cells, _why(before, now, scope.months, elsewhere), branches, where)


def have_same_months(earlier: Scope, scope: Scope) -> bool:
    """Whether the two begin in the same month of the year: else season cannot be told from what the services did."""
    return months_between(earlier.month_from, scope.month_from) % 12 == 0


def _read(cursor: duckdb.DuckDBPyConnection, metric: Metric, scope: Scope, seasonal: bool) -> _Period:
    reporting = measure(cursor, REPORTING, scope, "service", "month")
    in_force = frozenset(
        _service_month(row, scope.month_from) for row in reporting if row.denominator or row.state == "not_applicable"
    )
    full = measure(cursor, "fully_reported_cases", scope, "service", "month")
    fully_reported = frozenset(_service_month(row, scope.month_from) for row in full if row.numerator is not None)
    of_cases = metric.time == "flow" and metric.code != REPORTING  # else there is nothing that could be half reported
    cells, branches, not_applicable = {}, {}, set()
    for row in measure(cursor, metric.code, scope, "branch", "service", "month"):
        key = _service_month(row, scope.month_from)
        branches[key[0]] = None if row.by["branch"] is None else str(row.by["branch"])
        if row.denominator or (key in in_force and _known_empty(row)):
            counted = Counts(int(row.numerator or 0), int(row.denominator or 0))
            season = (scope.month_from.month - 1 + key[1]) % 12 if seasonal else 0
            cells[Cell(*key, not of_cases or key in fully_reported, season)] = counted
        elif row.state == "not_applicable":
            not_applicable.add(key)
    return _Period(cells, branches, in_force, frozenset(not_applicable))


def _elsewhere(
    cursor: duckdb.DuckDBPyConnection, scope: Scope, in_force: frozenset[ServiceMonth], services: set[str]
) -> Elsewhere:
    """The department of those of the services that are in force in a month, but outside the chosen departments."""
    if not scope.departments or not services:
        return {}
    wider = replace(scope, departments=(), services=tuple(sorted(services)))
    rows = measure(cursor, REPORTING, wider, "service", "month", "department")
    known = {
        _service_month(row, scope.month_from): row for row in rows if row.denominator or row.state == "not_applicable"
    }
    return {
        key: None if row.by["department"] is None else str(row.by["department"])
        for key, row in known.items()
        if key not in in_force
    }


def _service_month(row: Row, first: date) -> ServiceMonth:
    month, service = row.by["month"], row.by["service"]
    assert isinstance(month, date)
    return None if service is None else str(service), months_between(first, month)


def _known_empty(row: Row) -> bool:
    """Whether there was nothing to count, by a complete report."""
    return row.coverage == 1 or (row.population == 0 and row.state != "not_applicable")


def _why(then: _Period, now: _Period, months: int, elsewhere: tuple[Elsewhere, ...]) -> dict[Cell, CoverageReason]:
    """Why each cell that is in one of the periods only is not in the other."""
    before, after = then.at, now.at
    ever_reported = {cell.service for cells in (then.cells, now.cells) for cell in cells if cell.fully_reported}
    reported = {cell.service for cell in then.cells if cell.fully_reported or cell.service not in ever_reported}
    recent = [cell for cell in now.cells if cell.month >= months - STOPPED_MONTHS]
    recently_reported = {cell.service for cell in recent if cell.fully_reported or cell.service not in ever_reported}

    def left(service: str | None, month: int) -> CoverageReason:
        if (service, month) in elsewhere[1]:
            return "moved_out"
        if (service, month) not in now.in_force:
            return "withdrawn"
        if (service, month) in now.not_applicable:
            return "not_applicable"
        return "less" if service in recently_reported else "stopped"

    def came(service: str | None, month: int) -> CoverageReason:
        if (service, month) in elsewhere[0]:
            return "moved_in"
        if (service, month) not in then.in_force:
            return "published"
        if (service, month) in then.not_applicable:
            return "applicable"
        return "more" if service in reported else "began"

    reasons: dict[Cell, CoverageReason] = {}
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        less = new is None or (
            old is not None and old.fully_reported
        )  # counted in both, but not all its cases in one of them
        if old != new:
            reasons |= {cell: (left if less else came)(*key) for cell in (old, new) if cell}
    return reasons
