"""The history behind a forecast: the longest run of months over one fixed set of services.

A share that changes because a department stopped reporting must not be projected. So only services known in nearly every
month of the history are counted, and the forecast is refused when they are too small a part of what the goal counts today.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import Literal

import duckdb

from analytics.forecast.level_shifts import RegisterChange, register_changes
from analytics.metrics.measure import measure
from analytics.metrics.period import period
from analytics.metrics.scope import Scope, add_months, month_range, months_between
from analytics.statistics.significance import MIN_DENOMINATOR

MIN_MONTHS = 8  # fewest consecutive known months
MIN_KNOWN = 0.9  # share of the months that a service must be known in, and of the set's weight that a month must have
MIN_COVERED = 2 / 3  # share of what the goal counts in the last twelve months that the set must have
MAX_DELAY = 3  # so many of the last months may still be unreported

RefusalReason = Literal["nothing", "months", "few", "gap", "coverage", "constant", "tests", "wide", "missed"]


@dataclass(frozen=True)
class Point:
    """A month's digital and other volume, summed over the services of the history."""

    month: date
    digital: float
    other: float

    @property
    def value(self) -> float | None:
        """The share (0–1); None in a month without any."""
        total = self.digital + self.other
        return self.digital / total if total else None


@dataclass(frozen=True)
class History:
    """Consecutive months over `services` services, which have `covered_share` (0–1) of what the goal counts today."""

    points: tuple[Point, ...]
    services: int
    counted_services: int  # services counted in the last twelve months
    covered_share: float
    members: tuple[str, ...] = ()  # the ids of all services of the history, also those withdrawn since
    changes: tuple[RegisterChange, ...] = ()  # what the registers know of around them

    @property
    def last(self) -> Point:
        """The last known month."""
        return self.points[-1]


@dataclass(frozen=True)
class Refusal:
    """Why there is no forecast.

    `months` is the number of consecutive known months, `month` the one where the history breaks, `covered_share` as in
    `History`. With too few months to try a forecast on, `month` is the first that was not 0 or 100 %, where those before it were.
    Where the interval is too wide, `month` is the first in which it is, and `low` and `high` its ends.
    Where the intervals of earlier forecasts missed, `held` is the share (0–1) of the truths that lay inside.
    """

    reason: RefusalReason
    months: int = 0
    month: date | None = None
    covered_share: float | None = None
    low: float | None = None
    high: float | None = None
    held: float | None = None


@dataclass(frozen=True)
class _Cell:
    """A service in a month in which it is in force, and whether its cases are known."""

    known: bool
    digital: float
    total: float


Cells = Mapping[str, Mapping[date, _Cell]]


def history(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> History | Refusal:
    """The history of the goal `code` up to the scope's last month, as long as possible; or why there is none."""
    first = min(period(cursor).first, scope.month_to)
    cells = _cells(cursor, code, replace(scope, month_from=first))
    counted = {month for by_month in cells.values() for month, cell in by_month.items() if cell.known and cell.total}
    if not counted:
        return Refusal("nothing")
    if months_between(max(counted), scope.month_to) > MAX_DELAY:
        return Refusal("gap", 0, add_months(max(counted), 1))
    months = month_range(min(counted), max(counted))
    if len(months) < MIN_MONTHS:
        return Refusal("months", len(months))
    results = [
        _longest(cells, months[: len(months) - late]) for late in range(min(MAX_DELAY, len(months) - MIN_MONTHS + 1))
    ]
    result = next((result for result in results if isinstance(result, History)), results[0])
    if isinstance(result, Refusal):
        return result
    changes = register_changes(cursor, result.members, steps=code == "digital_handling")
    return replace(result, changes=changes)


def _cells(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> Cells:
    """Each service's months, by service id. Cases that belong to no service are left out."""
    cells: dict[str, dict[date, _Cell]] = defaultdict(dict)
    for row in measure(cursor, code, scope, "service", "month"):
        service, month = row.by["service"], row.by["month"]
        if service is None or row.population == 0 and not row.denominator:
            continue
        numerator, denominator = float(row.numerator or 0), float(row.denominator or 0)
        cells[str(service)][month] = _Cell(not row.population or row.coverage == 1, numerator, denominator)
    return cells


def _longest(cells: Cells, months: Sequence[date]) -> History | Refusal:
    """The history from the earliest possible month; or why there is none even over the fewest months."""
    refusals: list[Refusal] = []
    shares = _covered_shares(cells, months)
    for start in range(len(months) - MIN_MONTHS + 1):
        if shares[start] < MIN_COVERED:
            refusals.append(Refusal("coverage", len(months) - start, covered_share=shares[start]))
            continue
        result = _over(cells, months[start:])
        if isinstance(result, History) or result.reason not in ("coverage", "gap"):
            return result  # a shorter history has no more cases
        refusals.append(result)
    return next((r for r in refusals if r.reason == "gap" and r.months < MIN_MONTHS), refusals[-1])


def _covered_shares(cells: Cells, months: Sequence[date]) -> list[float]:
    """For each first month, the share of the last twelve months' weight that the services steady from there have."""
    total, steady = 0.0, [0.0] * len(months)
    for by_month in cells.values():
        weight = _weight(by_month, months[-12:])
        total += weight
        for start in _steady_from(by_month, months):
            steady[start] += weight
    return [each / (total or 1) for each in steady]


def _steady_from(by_month: Mapping[date, _Cell], months: Sequence[date]) -> Iterator[int]:
    """The indexes of the first months from which a service is steady, the latest first; see `_steady`."""
    last, deviating, count = False, 0, 0
    for start in reversed(range(len(months))):
        if cell := by_month.get(months[start]):
            last = last if count else cell.known
            count, deviating = count + 1, deviating + (not cell.known)
        if last and _nearly_all(deviating, count):
            yield start


def _nearly_all(deviating: int, count: int) -> bool:
    """Whether so few of the months deviate that a service is steady."""
    return deviating <= max(1, (1 - MIN_KNOWN) * count)


def _over(cells: Cells, months: Sequence[date]) -> History | Refusal:
    """The history over exactly these months, or why there is none."""
    included = {service: steady for service, by_month in cells.items() if (steady := _steady(by_month, months))}
    current = {service: _weight(by_month, months[-12:]) for service, by_month in cells.items()}
    share = sum(current[service] for service in included) / (sum(current.values()) or 1)
    if share < MIN_COVERED:
        return Refusal("coverage", len(months), covered_share=share)
    weight = {service: _weight(by_month, months) for service, by_month in included.items()}
    gaps = [month for month in months if _missing_share(included, weight, month) > 1 - MIN_KNOWN]
    if gaps:
        return Refusal("gap", months_between(gaps[-1], months[-1]), gaps[-1])
    points = tuple(_point(included, month) for month in months)
    if refusal := too_little(points):
        return refusal
    counted = [sum(1 for service in services if current[service]) for services in (included, current)]
    return History(points, counted[0], counted[1], share, tuple(included))


def too_little(points: Sequence[Point]) -> Refusal | None:
    """Why these months tell nothing of where the share is heading, if so: few cases, or it never moved."""
    if median(point.digital + point.other for point in points[-12:]) < MIN_DENOMINATOR:
        return Refusal("few", len(points))
    return Refusal("constant", len(points)) if len({point.value for point in points}) == 1 else None


def _steady(by_month: Mapping[date, _Cell], months: Sequence[date]) -> Mapping[date, _Cell] | None:
    """The months of a service, if the last and nearly all of them are known; None if not."""
    selected = {month: by_month[month] for month in months if month in by_month}
    unknown = sum(not cell.known for cell in selected.values())
    return selected if selected and selected[max(selected)].known and _nearly_all(unknown, len(selected)) else None


def _weight(by_month: Mapping[date, _Cell], months: Sequence[date]) -> float:
    """A service's mean volume over the months in which it is known; 0 when in none."""
    known = [by_month[m].total for m in months if m in by_month and by_month[m].known]
    return sum(known) / len(known) if known else 0.0


def _missing_share(included: Cells, weight: Mapping[str, float], month: date) -> float:
    """The share of the set's weight (0–1) that is not known this month."""
    missing = sum(weight[s] for s, by_month in included.items() if month in by_month and not by_month[month].known)
    return missing / (sum(weight.values()) or 1)


def _point(included: Cells, month: date) -> Point:
    cells = [by_month[month] for by_month in included.values() if month in by_month and by_month[month].known]
    digital = sum(cell.digital for cell in cells)
    return Point(month, digital, sum(cell.total for cell in cells) - digital)
