"""What the split of a share's change is made of: the cells of two periods, and why a cell is in one of them only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from analytics.decomposition.decompose import Cell, Counts, CoverageReason, Decomposition, decompose
from analytics.metrics.catalogue import Metric, metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope, months_between

REPORTING = "reporting"  # the metric that tells whether a service-month is fully reported
STOPPED_MONTHS = 3  # months at the end of the period without a whole report: then it has stopped
ServiceMonth = tuple[str | None, int]  # a service, and the month of the period


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
    """Why a share changed from `then` (what the scope compares with, when None) to the scope. None without anything to compare.

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
    before, now = _read(cursor, metric, earlier), _read(cursor, metric, scope)
    branches = {**before.branches, **now.branches}
    return decompose(before.cells, now.cells, _why(before, now, scope.months), branches)


def _read(cursor: duckdb.DuckDBPyConnection, metric: Metric, scope: Scope) -> _Period:
    reporting = measure(cursor, REPORTING, scope, "service", "month")
    in_force = frozenset(_place(row, scope.month_from) for row in reporting if row.denominator)
    whole = frozenset(_place(row, scope.month_from) for row in reporting if row.numerator)
    of_cases = metric.time == "flow" and metric.code != REPORTING  # else there is nothing that could be half reported
    cells, branches, idle = {}, {}, set()
    for row in measure(cursor, metric.code, scope, "branch", "service", "month"):
        place = _place(row, scope.month_from)
        branches[place[0]] = None if row.by["branch"] is None else str(row.by["branch"])
        if row.denominator or (place in in_force and _known_empty(row)):
            counted = Counts(int(row.numerator or 0), int(row.denominator or 0))
            cells[Cell(*place, not of_cases or place in whole)] = counted
        elif row.state == "not_applicable":
            idle.add(place)
    return _Period(cells, branches, in_force, frozenset(idle))


def _place(row: Row, first: date) -> ServiceMonth:
    month, service = row.by["month"], row.by["service"]
    assert isinstance(month, date)
    return None if service is None else str(service), months_between(first, month)


def _known_empty(row: Row) -> bool:
    """Whether it is known that there was nothing to count."""
    return row.coverage == 1 or (row.population == 0 and row.state != "not_applicable")


def _why(then: _Period, now: _Period, months: int) -> dict[Cell, CoverageReason]:
    """Why each cell that is in one of the periods only is not in the other."""
    before, after = then.at, now.at
    ever = {cell.service for cells in (then.cells, now.cells) for cell in cells if cell.fully_reported}
    reported = {cell.service for cell in then.cells if cell.fully_reported or cell.service not in ever}
    late = [cell for cell in now.cells if cell.month >= months - STOPPED_MONTHS]
    lately = {cell.service for cell in late if cell.fully_reported or cell.service not in ever}

    def left(service: str | None, month: int) -> CoverageReason:
        if (service, month) not in now.in_force:
            return "withdrawn"
        if (service, month) in now.not_applicable:
            return "not_applicable"
        return "less" if service in lately else "stopped"

    def came(service: str | None, month: int) -> CoverageReason:
        if (service, month) not in then.in_force:
            return "published"
        if (service, month) in then.not_applicable:
            return "applicable"
        return "more" if service in reported else "began"

    told: dict[Cell, CoverageReason] = {}
    for place in before.keys() | after.keys():
        old, new = before.get(place), after.get(place)
        less = new is None or (
            old is not None and old.fully_reported
        )  # counted in both, but not all its cases in one of them
        if old != new:
            told |= {cell: (left if less else came)(*place) for cell in (old, new) if cell}
    return told
