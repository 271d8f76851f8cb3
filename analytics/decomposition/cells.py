"""The input of a decomposition: the cells of two periods, and why a cell is in one of them only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np

from analytics.decomposition.decompose import Cells, Whose, decompose
from analytics.decomposition.effects import REASONS, Decomposition
from analytics.metrics.catalogue import Metric, metrics
from analytics.metrics.measure import measure_columns
from analytics.metrics.scope import Scope, months_between
from analytics.metrics.service_months import Booleans, Integers, Service, ServiceMonths, places, service_months

REPORTING = "reporting"  # the metric of fully reported service-months
STOPPED_MONTHS = 3  # a service without a full report in the last so many months has stopped reporting
(PUBLISHED, WITHDRAWN, APPLICABLE, NOT_APPLICABLE, BEGAN, STOPPED, MORE, LESS, MOVED_IN, MOVED_OUT) = range(
    len(REASONS)
)


@dataclass(frozen=True)
class _Measured:
    """What is measured of a period."""

    own: ServiceMonths
    reporting: ServiceMonths
    full: ServiceMonths | None  # of fully reported cases; of a stock none could be half reported
    branches: Whose


@dataclass(frozen=True)
class _Period:
    """What is known of each service and month of a period; `elsewhere` in force in a department outside the scope."""

    cells: Cells
    in_force: Booleans
    not_applicable: Booleans
    elsewhere: Booleans


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
    scopes = earlier, scope
    measured = [_measure(cursor, metric, one) for one in scopes]
    services = sorted({s for one in measured for part in (one.own, one.reporting) for s in part.services}, key=_order)
    in_force = [_is_in_force(one.reporting.over(services)) for one in measured]
    changed = [s for s, row in zip(services, in_force[0] ^ in_force[1], strict=True) if s and row.any()]
    where: dict[Service, str | None] = {}
    periods = []
    for one, period, force in zip(measured, scopes, in_force, strict=True):
        elsewhere, departments = _elsewhere(cursor, period, services, force, changed)
        where |= departments
        periods.append(_period(one, services, force, elsewhere))
    first = scope.month_from.month - 1 if have_same_months(earlier, scope) else None
    seasons = [0 if first is None else (first + month) % 12 for month in range(scope.months)]
    branches = {**measured[0].branches, **measured[1].branches}
    before, now = periods
    return decompose(services, before.cells, now.cells, _why(before, now), seasons, branches, where)


def have_same_months(earlier: Scope, scope: Scope) -> bool:
    """Whether the two begin in the same month of the year: else season cannot be told from what the services did."""
    return months_between(earlier.month_from, scope.month_from) % 12 == 0


def _order(service: Service) -> tuple[bool, str]:
    return service is None, service or ""


def _measure(cursor: duckdb.DuckDBPyConnection, metric: Metric, scope: Scope) -> _Measured:
    of_cases = metric.time == "flow" and metric.code != REPORTING
    own, reporting = (service_months(cursor, code, scope) for code in (metric.code, REPORTING))
    full = service_months(cursor, "fully_reported_cases", scope) if of_cases else None
    found = measure_columns(cursor, metric.code, scope, "branch", "service")
    branches = dict(zip(found["service"].tolist(), found["branch"].tolist(), strict=True))
    return _Measured(own, reporting, full, branches)


def _is_in_force(reporting: ServiceMonths) -> Booleans:
    return (reporting.denominator > 0) | reporting.not_applicable


def _period(measured: _Measured, services: Sequence[Service], in_force: Booleans, elsewhere: Booleans) -> _Period:
    own = measured.own.over(services)
    known_empty = own.known | ((own.population == 0) & ~own.not_applicable)  # nothing to count, by a complete report
    counted = (own.denominator > 0) | (in_force & known_empty)
    fully_reported = ~np.isnan(measured.full.over(services).numerator) if measured.full else counted
    numerator, denominator = (
        np.where(counted, np.nan_to_num(part), 0).astype(np.int64) for part in (own.numerator, own.denominator)
    )
    cells = Cells(numerator, denominator, counted, fully_reported & counted)
    return _Period(cells, in_force, own.not_applicable & ~counted, elsewhere)


def _elsewhere(
    cursor: duckdb.DuckDBPyConnection,
    scope: Scope,
    services: Sequence[Service],
    in_force: Booleans,
    changed: Sequence[str],
) -> tuple[Booleans, Whose]:
    """Where the `changed` services are in force outside the chosen departments, and the last department that each is in there."""
    outside = np.zeros_like(in_force)
    if not scope.departments or not changed:
        return outside, {}
    wider = replace(scope, departments=(), services=tuple(changed))
    outside = _is_in_force(service_months(cursor, REPORTING, wider).over(services)) & ~in_force
    found = measure_columns(cursor, REPORTING, wider, "service", "month", "department")
    names, rows, months = places(found, scope)
    number = {service: i for i, service in enumerate(services)}
    there = outside[np.array([number[name] for name in names], int)[rows], months]
    of_each = (found[name][there].tolist() for name in ("service", "department"))
    return outside, dict(zip(*of_each, strict=True))


def _why(then: _Period, now: _Period) -> Integers:
    """Why each cell that is in one of the periods only is not in the other, as an index in `REASONS`."""
    ever = _each(then.cells.fully_reported | now.cells.fully_reported)
    whole = [one.cells.counted & (one.cells.fully_reported | ~ever) for one in (then, now)]
    reported, recently_reported = _each(whole[0]), _each(whole[1][:, -STOPPED_MONTHS:])
    left = np.select(
        [now.elsewhere, ~now.in_force, now.not_applicable, recently_reported],
        [MOVED_OUT, WITHDRAWN, NOT_APPLICABLE, LESS],
        STOPPED,
    )
    came = np.select(
        [then.elsewhere, ~then.in_force, then.not_applicable, reported],
        [MOVED_IN, PUBLISHED, APPLICABLE, MORE],
        BEGAN,
    )
    # counted in both, but not all its cases in one of them, it is less where that is now
    return np.where(~now.cells.counted | (then.cells.counted & then.cells.fully_reported), left, came)


def _each(months: Booleans) -> Booleans:
    """Whether it is so in any month, service by service."""
    return np.asarray(months.any(axis=1, keepdims=True))
