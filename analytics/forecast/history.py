"""The history that a forecast may rest on: the longest run of months in which the same services are counted.

A share that moves because a department stopped reporting must not be projected as if its residents had changed their ways.
So the forecast counts a fixed set of services, those that are known in nearly every month of the history, and it is refused
when that set is too small a part of what the goal counts today.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import Literal

import duckdb

from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.period import period
from analytics.metrics.scope import Scope, add_months, month_range, months_between
from analytics.statistics.significance import MIN_DENOMINATOR

MIN_MONTHS = 8  # months known in a row; fewer are no history
MIN_KNOWN = 0.9  # of its months that a service must be known in; of the set's weight that a month must hold
MIN_COVERED = 2 / 3  # of what the goal counts in the last twelve months that the set must stand for
MAX_DELAY = 3  # the last months may still be on their way in

RefusalReason = Literal["nothing", "months", "few", "gap", "coverage", "still", "wide"]


@dataclass(frozen=True)
class Point:
    """A month with what has been done digitally and all else, over the services of the history."""

    month: date
    digital: float
    other: float

    @property
    def value(self) -> float | None:
        """The share (0–1); None in a month without any."""
        whole = self.digital + self.other
        return self.digital / whole if whole else None


@dataclass(frozen=True)
class History:
    """Months without a gap over one set of services. `covered_share` is how much of today's count the set stands for (0–1)."""

    points: tuple[Point, ...]
    services: int
    counted_services: int  # services counted in the last twelve months
    covered_share: float

    @property
    def last(self) -> Point:
        """The last month that is known."""
        return self.points[-1]


@dataclass(frozen=True)
class Refusal:
    """Why there is no forecast.

    `months` is the number of consecutive known months, `month` the one where the history breaks, `covered_share` as in
    `History`. Where the interval is too wide, `month` is a year ahead and `low` and `high` the interval's ends then.
    """

    reason: RefusalReason
    months: int = 0
    month: date | None = None
    covered_share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class _Cell:
    """A service in a month in which it is in force. `sign` is how it is known; None is not known."""

    sign: object | None
    digital: float
    whole: float


Cells = Mapping[str, Mapping[date, _Cell]]


def history(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> History | Refusal:
    """The history of a goal up to the scope's last month, from as far back as it is the same; or why there is none."""
    first = min(period(cursor).first, scope.month_to)
    cells = _cells(cursor, code, replace(scope, month_from=first))
    counted = {month for own in cells.values() for month, cell in own.items() if cell.sign is not None and cell.whole}
    if not counted:
        return Refusal("nothing")
    if months_between(max(counted), scope.month_to) > MAX_DELAY:
        return Refusal("gap", 0, add_months(max(counted), 1))
    months = month_range(min(counted), max(counted))
    if len(months) < MIN_MONTHS:
        return Refusal("months", len(months))
    tried = [
        _longest(cells, months[: len(months) - late]) for late in range(min(MAX_DELAY, len(months) - MIN_MONTHS + 1))
    ]
    return next((found for found in tried if isinstance(found, History)), tried[0])


def _cells(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> Cells:
    """Each service's months. Cases that belong to no service have no history of their own."""
    whole = metrics()[code].goal == 3
    ways = _reported(cursor, scope) if whole else {}
    cells: dict[str, dict[date, _Cell]] = defaultdict(dict)
    for row in measure(cursor, code, scope, "service", "month"):
        service, month = row.by["service"], row.by["month"]
        if service is None or row.population == 0 and not whole:
            continue
        known = _known(row)
        sign = (known, ways.get((service, month))) if known else None
        numerator, denominator = float(row.numerator or 0), float(row.denominator or 0)
        cells[str(service)][month] = _Cell(sign, numerator, denominator)
    return cells


def _known(row: Row) -> str | None:
    """Whether all that the goal asks of a service is known that month. No case at all is known, and different from none told."""
    if row.population is None:
        return "silent"
    return "told" if not row.population or row.coverage == 1 else None


def _reported(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[tuple[object, object], bool]:
    """Whether every channel is reported: goal 3 counts the cases of either kind of service, but never of one that changed kind."""
    rows = measure(cursor, "reporting", scope, "service", "month")
    return {(row.by["service"], row.by["month"]): bool(row.value) for row in rows}


def _longest(cells: Cells, months: Sequence[date]) -> History | Refusal:
    """The history from the earliest month that it holds together from; or why it does not even over the fewest months."""
    refusals: list[Refusal] = []
    parts = _parts(cells, months)
    for start in range(len(months) - MIN_MONTHS + 1):
        if parts[start] < MIN_COVERED:
            refusals.append(Refusal("coverage", len(months) - start, covered_share=parts[start]))
            continue
        found = _over(cells, months[start:])
        if isinstance(found, History) or found.reason not in ("coverage", "gap"):
            return found  # a shorter history does not make more cases
        refusals.append(found)
    return next((one for one in refusals if one.reason == "gap" and one.months < MIN_MONTHS), refusals[-1])


def _parts(cells: Cells, months: Sequence[date]) -> list[float]:
    """For each month to begin with, the part of the latest year's cases that the services have which are steady from there."""
    lately, whole, kept = months[-12:], 0.0, [0.0] * len(months)
    for own in cells.values():
        weight = _weight(own, lately)
        whole += weight
        for start in _steady_from(own, months):
            kept[start] += weight
    return [each / (whole or 1) for each in kept]


def _steady_from(own: Mapping[date, _Cell], months: Sequence[date]) -> Iterator[int]:
    """The months to begin with, by number, from which a service is steady, the latest first; see `_steady`."""
    sign, odd, found = None, 0, 0
    for start in reversed(range(len(months))):
        if cell := own.get(months[start]):
            sign = cell.sign if not found else sign
            found, odd = found + 1, odd + (cell.sign != sign)
        if sign is not None and _nearly_all(odd, found):
            yield start


def _nearly_all(odd: int, found: int) -> bool:
    """Whether so few of the months are odd that a service is steady."""
    return odd <= max(1, (1 - MIN_KNOWN) * found)


def _over(cells: Cells, months: Sequence[date]) -> History | Refusal:
    """The history over just these months, or what stands in its way."""
    kept = {service: steady for service, own in cells.items() if (steady := _steady(own, months))}
    lately = months[-12:]
    counted = {service: _weight(own, lately) for service, own in cells.items()}
    part = sum(counted[service] for service in kept) / (sum(counted.values()) or 1)
    if part < MIN_COVERED:
        return Refusal("coverage", len(months), covered_share=part)
    weight = {service: _weight(own, months) for service, own in kept.items()}
    gaps = [month for month in months if _missing(kept, weight, month) > 1 - MIN_KNOWN]
    if gaps:
        return Refusal("gap", months_between(gaps[-1], months[-1]), gaps[-1])
    points = tuple(_point(kept, month) for month in months)
    if median(point.digital + point.other for point in points[-12:]) < MIN_DENOMINATOR:
        return Refusal("few", len(months))
    if len({point.value for point in points}) == 1:
        return Refusal("still", len(months))
    return History(points, sum(1 for s in kept if counted[s]), sum(1 for w in counted.values() if w), part)


def _steady(own: Mapping[date, _Cell], months: Sequence[date]) -> Mapping[date, _Cell] | None:
    """The months of a service that is known in one way in nearly all of them and in the last; those that are not, as unknown."""
    found = {month: own[month] for month in months if month in own}
    sign = found[max(found)].sign if found else None
    odd = [month for month, cell in found.items() if cell.sign != sign]
    if sign is None or not _nearly_all(len(odd), len(found)):
        return None
    return found | dict.fromkeys(odd, _Cell(None, 0.0, 0.0))


def _weight(own: Mapping[date, _Cell], months: Sequence[date]) -> float:
    """What a service counts in a month, on an average of those in which it is known."""
    known = [own[month].whole for month in months if month in own and own[month].sign is not None]
    return sum(known) / len(known) if known else 0.0


def _missing(kept: Cells, weight: Mapping[str, float], month: date) -> float:
    """How large a part of the set is not known this month."""
    gone = sum(weight[s] for s, own in kept.items() if month in own and own[month].sign is None)
    return gone / (sum(weight.values()) or 1)


def _point(kept: Cells, month: date) -> Point:
    cells = [own[month] for own in kept.values() if month in own and own[month].sign is not None]
    digital = sum(cell.digital for cell in cells)
    return Point(month, digital, sum(cell.whole for cell in cells) - digital)
