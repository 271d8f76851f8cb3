"""The history behind a forecast: the longest run of months over one fixed set of services.

A share that changes because a department stopped reporting must not be projected. So only services known in nearly every
month of the history are counted, and the forecast is refused when they are too small a part of what the goal counts today.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import Literal

import duckdb
import numpy as np

from analytics.forecast.level_shifts import RegisterChange, register_changes
from analytics.metrics.period import period
from analytics.metrics.scope import Scope, add_months, month_range, months_between
from analytics.metrics.service_months import Booleans, Floats, Integers, service_months
from analytics.statistics.significance import MIN_DENOMINATOR

YEAR = 12
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
class _Cells:
    """Services × months: in which months each service is in force, whether its cases are known then, and how many there are."""

    services: tuple[str, ...]
    in_force: Booleans
    known: Booleans  # only where it is in force
    digital: Floats  # 0 where they are not known
    total: Floats

    def over(self, months: slice) -> "_Cells":
        """Some months of it."""
        flags = self.in_force[:, months], self.known[:, months]
        return _Cells(self.services, *flags, self.digital[:, months], self.total[:, months])

    @property
    def weights(self) -> Floats:
        """Each service's mean volume over the months in which it is known; 0 when in none."""
        weights: Floats = self.total.sum(1) / np.maximum(1, self.known.sum(1))
        return weights

    @property
    def steady(self) -> Booleans:
        """Whether each service is steady from each month on: known in the last that it is in force, and in nearly all."""
        months, unknown = (
            np.cumsum(flags[:, ::-1], axis=1)[:, ::-1] for flags in (self.in_force, self.in_force & ~self.known)
        )
        known_last = np.take_along_axis(self.known, _last(self.in_force)[:, None], axis=1)
        steady: Booleans = (months > 0) & known_last & (unknown <= np.maximum(1, (1 - MIN_KNOWN) * months))
        return steady


def _last(flags: Booleans) -> Integers:
    """The last month that is flagged, of each service; the last of all where none is."""
    months: Integers = flags.shape[1] - 1 - np.argmax(flags[:, ::-1], axis=1)
    return months


def history(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> History | Refusal:
    """The history of the goal `code` up to the scope's last month, as long as possible; or why there is none."""
    first = min(period(cursor).first, scope.month_to)
    cells = _cells(cursor, code, replace(scope, month_from=first))
    counted = np.flatnonzero(cells.total.any(0)).tolist()
    if not counted:
        return Refusal("nothing")
    months = month_range(*(add_months(first, counted[end]) for end in (0, -1)))
    if months_between(months[-1], scope.month_to) > MAX_DELAY:
        return Refusal("gap", 0, add_months(months[-1], 1))
    if len(months) < MIN_MONTHS:
        return Refusal("months", len(months))
    cells = cells.over(slice(counted[0], counted[-1] + 1))
    delays = range(min(MAX_DELAY, len(months) - MIN_MONTHS + 1))
    results = [_longest(cells, months)]
    while isinstance(results[-1], Refusal) and len(results) < len(delays):
        known = len(months) - len(results)
        results.append(_longest(cells.over(slice(known)), months[:known]))
    result = results[-1] if isinstance(results[-1], History) else results[0]
    if isinstance(result, Refusal):
        return result
    changes = register_changes(cursor, result.members, steps=code == "digital_handling")
    return replace(result, changes=changes)


def _cells(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> _Cells:
    """Each service's months. Cases that belong to no service are left out."""
    found = service_months(cursor, code, scope)
    services = tuple(service for service in found.services if service is not None)
    own = found.over(services)
    in_force = (own.population > 0) | (own.denominator > 0)
    known = in_force & (~(own.population > 0) | own.known)
    counts = (np.where(known, np.nan_to_num(part), 0.0) for part in (own.numerator, own.denominator))
    return _Cells(services, in_force, known, *counts)


def _longest(cells: _Cells, months: Sequence[date]) -> History | Refusal:
    """The history from the earliest possible month; or why there is none even over the fewest months."""
    refusals: list[Refusal] = []
    steady, weights = cells.steady, cells.over(slice(-YEAR, None)).weights
    shares = (weights[:, None] * steady).sum(0) / (sum(weights.tolist()) or 1)
    for start in range(len(months) - MIN_MONTHS + 1):
        if shares[start] < MIN_COVERED:
            refusals.append(Refusal("coverage", len(months) - start, covered_share=float(shares[start])))
            continue
        result = _over(cells.over(slice(start, None)), months[start:], steady[:, start])
        if isinstance(result, History) or result.reason not in ("coverage", "gap"):
            return result  # a shorter history has no more cases
        refusals.append(result)
    return next((r for r in refusals if r.reason == "gap" and r.months < MIN_MONTHS), refusals[-1])


def _over(cells: _Cells, months: Sequence[date], steady: Booleans) -> History | Refusal:
    """The history of the steady services over exactly these months, or why there is none."""
    current = cells.over(slice(-YEAR, None)).weights
    share = sum(current[steady].tolist()) / (sum(current.tolist()) or 1)
    if share < MIN_COVERED:
        return Refusal("coverage", len(months), covered_share=share)
    weights = cells.weights * steady
    missing = (weights[:, None] * (cells.in_force & ~cells.known)).sum(0) / (sum(weights.tolist()) or 1)
    gaps = np.flatnonzero(missing > 1 - MIN_KNOWN).tolist()
    if gaps:
        return Refusal("gap", months_between(months[gaps[-1]], months[-1]), months[gaps[-1]])
    digital, total = (values[steady].sum(0) for values in (cells.digital, cells.total))
    points = tuple(Point(*point) for point in zip(months, digital.tolist(), (total - digital).tolist(), strict=True))
    if refusal := too_little(points):
        return refusal
    counted, counted_now = (int(np.count_nonzero(each)) for each in (current[steady], current))
    members = tuple(service for service, one in zip(cells.services, steady.tolist(), strict=True) if one)
    return History(points, counted, counted_now, share, members)


def too_little(points: Sequence[Point]) -> Refusal | None:
    """Why these months tell nothing of where the share is heading, if so: few cases, or it never moved."""
    if median(point.digital + point.other for point in points[-12:]) < MIN_DENOMINATOR:
        return Refusal("few", len(points))
    return Refusal("constant", len(points)) if len({point.value for point in points}) == 1 else None
