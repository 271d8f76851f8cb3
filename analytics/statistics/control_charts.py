"""Control charts: whether the latest month lies beyond the variation of the months before it.

A share of cases has Laney's p'-chart: limits as wide as chance makes them for so many cases, widened by how much the
months differ beyond that. A sum or a median has the XmR chart, and a stock the XmR chart of its change in the month.
Laney (2002), Improved control charts for attributes, Quality Engineering 14:531-537. Wheeler (1993), Understanding
variation: 2.66 is three standard deviations from the mean moving range, 3 / 1.128.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import hypot, inf, sqrt
from statistics import fmean, median
from typing import Literal

import duckdb

from analytics.metrics.catalogue import Metric, metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope, add_months, month_range
from analytics.statistics.significance import MIN_COVERAGE_CHANGE, MIN_DENOMINATOR
from analytics.statistics.week_estimates import errors_by

MIN_BASELINE = 12  # known months needed before the latest
MAX_BASELINE = 24  # months before the latest that are compared with
RUN_LENGTH = 8  # consecutive months on one side of the centre line that are a signal
D2 = 1.128  # mean moving range of two values in standard deviations
NO_ERRORS: Mapping[date, float] = {}
TOLERANCE = 1e-9  # relative: closer values are equal

Side = Literal["above", "below"]
Refusal = Literal["unknown", "few", "reporting", "short"]


@dataclass(frozen=True)
class ControlPoint:
    """A month with its control limits. `outside`: the limit it is beyond; `run`: consecutive months on its side of the centre."""

    month: date
    value: float
    centre: float
    lower: float
    upper: float
    outside: Side | None = None
    side: Side | None = None  # of the centre
    run: int = 0

    @property
    def signal(self) -> Literal["outside", "run"] | None:
        """The rule that the month breaks, None when it breaks none."""
        return "outside" if self.outside else "run" if self.run >= RUN_LENGTH else None


@dataclass(frozen=True)
class ControlChart:
    """The comparable months with their limits, the latest last; or why there are none.

    `month` is the latest known month; `baseline_months` the number of comparable months before it. With the refusal
    "reporting", `changed_in` is the month in which coverage (0–1) changed from `coverage_before` to `coverage_after`.
    """

    month: date | None
    points: tuple[ControlPoint, ...] = ()
    refusal: Refusal | None = None
    baseline_months: int = 0
    changed_in: date | None = None
    coverage_before: float = 0.0
    coverage_after: float = 0.0

    @property
    def latest(self) -> ControlPoint | None:
        """The month that is evaluated."""
        return self.points[-1] if self.points else None

    @property
    def baseline(self) -> tuple[date, date]:
        """The first and last month that the limits are computed from."""
        return self.points[0].month, self.points[-2].month


def control_chart(cursor: duckdb.DuckDBPyConnection, metric: str, scope: Scope) -> ControlChart:
    """The latest known month of the scope, compared with up to 24 months before it, also those before the scope begins."""
    within = measure(cursor, metric, scope, "month")
    latest = max((row.by["month"] for row in within if row.value is not None), default=None)
    if not isinstance(latest, date):
        return ControlChart(None, refusal="unknown")
    wider = replace(scope, month_from=add_months(latest, -MAX_BASELINE), month_to=latest, comparison=None)
    months = {
        month: replace(wider, month_from=month, month_to=month) for month in month_range(wider.month_from, latest)
    }
    return evaluate(metrics()[metric], measure(cursor, metric, wider, "month"), errors_by(cursor, metric, months))


def evaluate(metric: Metric, rows: Sequence[Row], errors: Mapping[date, float] = NO_ERRORS) -> ControlChart:
    """The control chart of rows by month, in order; the last month is the one that is evaluated.

    `errors` are half the widths of the intervals of the months that are counted in some weeks: their limits are as much wider.
    """
    month, known = _month(rows[-1]), [row for row in rows if row.value is not None]
    if _few(rows[-1]):
        return ControlChart(month, refusal="few")
    start = reporting_change_start(known)
    comparable = [row for row in known[start:] if not _few(row)]
    chart = ControlChart(month, baseline_months=len(comparable) - 1)
    if len(comparable) > MIN_BASELINE:
        return replace(chart, points=_points(metric, comparable, errors))
    if not start or len([row for row in known if not _few(row)]) <= MIN_BASELINE:
        return replace(chart, refusal="short")
    before, after = _usual_coverage(known[:start]), known[start].coverage or 0.0
    return replace(
        chart, refusal="reporting", changed_in=_month(known[start]), coverage_before=before, coverage_after=after
    )


def _month(row: Row) -> date:
    month = row.by["month"]
    assert isinstance(month, date)
    return month


def _few(row: Row) -> bool:
    return row.denominator is not None and row.denominator < MIN_DENOMINATOR


def _usual_coverage(rows: Sequence[Row]) -> float:
    """The median coverage of the last twelve months."""
    return median([row.coverage or 0.0 for row in rows[-MIN_BASELINE:]] or [0.0])


def reporting_change_start(rows: Sequence[Row]) -> int:
    """The index of the month from which coverage has changed for good; 0 when it has not.

    Each month from there on differs by `MIN_COVERAGE_CHANGE` from the usual coverage before, and from the same month a year before.
    """
    start = 0
    while later := next((i for i in range(start + 1, len(rows)) if _differs_throughout(rows[start:i], rows[i:])), 0):
        start = later
    return start


def _differs_throughout(before: Sequence[Row], after: Sequence[Row]) -> bool:
    usual, then = _usual_coverage(before), {_month(row): row.coverage or 0.0 for row in before}
    differences = [
        (row.coverage or 0.0) - earlier
        for row in after
        for earlier in (usual, then.get(add_months(_month(row), -12), usual))
    ]
    return min(differences) >= MIN_COVERAGE_CHANGE or max(differences) <= -MIN_COVERAGE_CHANGE


def _points(metric: Metric, rows: Sequence[Row], errors: Mapping[date, float]) -> tuple[ControlPoint, ...]:
    values = [float(row.value or 0) for row in rows]
    if metric.time == "stock":
        centres, distances = _changes(values)
    else:
        centres, distances = _laney(rows) if metric.kind == "share" else _xmr(values)
    low, high = (0.0 if min(values) >= 0 else -inf), (1.0 if metric.unit == "share" else inf)
    points: list[ControlPoint] = []
    for row, value, centre, distance in zip(rows, values, centres, distances, strict=True):
        error = errors.get(_month(row), 0.0)
        lower, upper = max(low, centre - hypot(distance, error)), min(high, centre + hypot(distance, error))
        outside, side = _side(value, lower, upper), _side(value, centre - error, centre + error)
        point = ControlPoint(_month(row), value, centre, lower, upper, outside, side)
        points.append(replace(point, run=_run(points[-1] if points else None, point)))
    return tuple(points)


Limits = tuple[list[float], list[float]]  # per month: the centre line, and the distance from it to the limits


def _laney(rows: Sequence[Row]) -> Limits:
    """Laney's p'-limits around the share of all months but the last, at least as wide as binomial limits."""
    base = rows[:-1]
    centre = sum(float(row.numerator or 0) for row in base) / sum(float(row.denominator or 0) for row in base)
    errors = [sqrt(centre * (1 - centre) / float(row.denominator or 1)) for row in rows]
    scores = [(float(row.value or 0) - centre) / error for row, error in zip(base, errors, strict=False) if error]
    factor = max(1.0, _deviation(scores))
    return [centre] * len(rows), [3 * factor * error for error in errors]


def _xmr(values: Sequence[float]) -> Limits:
    """XmR limits around the mean of all months but the last."""
    return [fmean(values[:-1])] * len(values), [3 * _deviation(values[:-1])] * len(values)


def _changes(values: Sequence[float]) -> Limits:
    """XmR limits of a stock's change: around the month before plus the median change.

    The level of a stock is cumulative: limits around it would be exceeded for ever after a single launch.
    """
    changes = [b - a for a, b in pairwise(values)]
    usual, distance = median(changes[:-1]), 3 * _deviation(changes[:-1])
    return [values[0], *(value + usual for value in values[:-1])], [distance] * len(values)


def _deviation(values: Sequence[float]) -> float:
    """The standard deviation estimated from the mean moving range."""
    return fmean(abs(b - a) for a, b in pairwise(values)) / D2 if len(values) > 1 else 0.0


def _side(value: float, lower: float, upper: float) -> Side | None:
    margin = TOLERANCE * max(1.0, abs(value))
    return "above" if value > upper + margin else "below" if value < lower - margin else None


def _run(before: ControlPoint | None, now: ControlPoint) -> int:
    """The number of consecutive months on the side of `now`; an unknown month ends the run."""
    if now.side is None:
        return 0
    follows = before is not None and before.side == now.side and add_months(before.month, 1) == now.month
    return 1 + (before.run if before and follows else 0)
