"""Forecast of a goal: what models of the level, trend and season say, each weighted by how well it did before on the same series.

Level shifts at known changes are steps, not trend. How it does on lines, steps, seasons and more stands in docs/forecast.md.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from math import hypot

import duckdb
import numpy as np

from analytics.forecast.backtest import Series, run_trial, trailing
from analytics.forecast.candidates import candidates
from analytics.forecast.history import MIN_MONTHS, History, Refusal, history
from analytics.forecast.intervals import INTERVAL, MIN_TESTS, SEASONAL, combine
from analytics.forecast.level_shifts import MIN_SERVICES, MIN_SIZE, LevelShift, find_shifts
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope, add_months, months_between
from analytics.statistics.week_estimates import error

YEAR = 12
HORIZON = 60  # months
STILL = 3  # months at 0 or 100 % from the start on that are left out
WIDEST_INTERVAL = 0.5  # the forecast ends before a wider interval
NEARLY_ALL = 0.995  # counted as 100 %, which shares on the logit scale never reach
TREND = 0.01  # change of the monthly share in a year (a point) from which there is a trend


@dataclass(frozen=True)
class ForecastPoint:
    """A future month: the share that is most likely and the interval that holds the truth four times of five, as shares (0–1)."""

    month: date
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """Past and future shares (0–1). Each is of the `window` months that end with it: twelve where enough are known, else one."""

    history: History
    window: int
    past: tuple[tuple[date, float], ...]
    future: tuple[ForecastPoint, ...]
    shifts: tuple[LevelShift, ...] = ()  # of the monthly share, in order
    trend: bool = True
    week_error: float = 0.0  # half the width of the latest share's interval, for what is counted in some weeks alone

    @property
    def latest(self) -> tuple[date, float]:
        """The last known month and its share."""
        return self.past[-1]

    @property
    def pace(self) -> float | None:
        """Mean change of the share a month over the last year, or what is known of it; None for a single month."""
        month, value = self.latest
        earlier, earlier_value = next(point for point in self.past if months_between(point[0], month) <= YEAR)
        months = months_between(earlier, month)
        return (value - earlier_value) / months if months else None

    @property
    def recent_shift(self) -> LevelShift | None:
        """The last level shift, where that was within a year."""
        recent = (shift for shift in self.shifts if months_between(shift.month, self.latest[0]) < YEAR)
        return max(recent, key=lambda shift: shift.month, default=None)

    def median_reaches(self, share: float) -> date | None:
        """The first month in which the middle is at least `share`; None when none is."""
        return next((point.month for point in self.future if point.value >= min(share, NEARLY_ALL)), None)

    def upper_bound_reaches(self, share: float) -> date | None:
        """The first month in which the interval's upper end is at least `share`; None when none is."""
        return next((point.month for point in self.future if point.high >= min(share, NEARLY_ALL)), None)


def forecast_scope(scope: Scope) -> Scope:
    """The scope with only what a forecast depends on, so that equal forecasts share one cached answer."""
    return replace(scope, month_from=scope.month_to, comparison=None, rules=None)


def forecast(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> Forecast | Refusal:
    """The forecast of a goal from the scope's last known month on, until it is too uncertain; or why there is none."""
    past = history(cursor, code, scope)
    if isinstance(past, Refusal):
        return past
    result = project(past, stock=metrics()[code].time == "stock")
    if isinstance(result, Refusal):
        return result
    result = _with_weeks(cursor, code, scope, result)
    future = until_too_uncertain(result.future)
    if not future:
        wide = next(point for point in result.future if point.high - point.low > WIDEST_INTERVAL)
        return Refusal("wide", len(past.points), wide.month, low=wide.low, high=wide.high)
    return replace(result, future=future)


def _with_weeks(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope, found: Forecast) -> Forecast:
    """The forecast as much less sure as its latest months are, of what is counted in some weeks alone.

    A season's weeks are behind all of its months: an error in them is a level, which no earlier forecast can have missed.
    """
    last = found.latest[0]
    latest = replace(
        scope, month_from=add_months(last, 1 - found.window), month_to=last, services=found.history.members
    )
    half = error(cursor, code, latest, INTERVAL)
    if not half:
        return found
    future = (
        replace(
            point,
            low=max(0.0, point.value - hypot(point.value - point.low, half)),
            high=min(1.0, point.value + hypot(point.high - point.value, half)),
        )
        for point in found.future
    )
    return replace(found, future=tuple(future), week_error=half)


def until_too_uncertain(future: tuple[ForecastPoint, ...]) -> tuple[ForecastPoint, ...]:
    """The months before the interval is wider than `WIDEST_INTERVAL`; none when that is within a year."""
    narrow = tuple(takewhile(lambda point: point.high - point.low <= WIDEST_INTERVAL, future))
    return narrow if len(narrow) >= YEAR else ()


def project(past: History, *, stock: bool = False) -> Forecast | Refusal:
    """The forecast from a history, as far ahead as that is long; or why it cannot be calibrated, or did not hold.

    Each point of a flow is twelve months when that leaves `MIN_MONTHS` points, else one month; so is a stock's.
    """
    series = _series(past, stock)
    if np.count_nonzero(series.total[series.origins]) < MIN_TESTS:
        since = past.points[series.start].month if series.start else None
        return Refusal("tests", series.months - series.start, since)
    least = max(MIN_SIZE, (MIN_SERVICES - 0.5) / series.total[-1] if stock else 0.0)
    known = {months_between(past.points[0].month, change.month) for change in past.changes}
    shifts = find_shifts(series.shares, series.weights, known, seasonal=series.seasonal, least=least)
    ahead = min(HORIZON, max(YEAR + 1, series.months))
    trials = [
        run_trial(series, each, list(shifts), ahead) for each in candidates(seasonal=series.seasonal, stock=stock)
    ]
    outlook = combine(series, trials)
    if outlook.record.fails:
        return Refusal("missed", series.months, held=outlook.record.held)
    half = outlook.half_width
    fan = np.clip([outlook.shares, outlook.shares - half, outlook.shares + half], 0.0, 1.0)
    following = (add_months(past.last.month, i + 1) for i in range(ahead))
    observed = zip((p.month for p in past.points), trailing(series.digital, series.total, series.window), strict=True)
    return Forecast(
        past,
        series.window,
        tuple((month, float(share)) for month, share in observed if not np.isnan(share)),
        tuple(ForecastPoint(*row) for row in zip(following, *fan.tolist(), strict=True)),
        tuple(_shift(past, month, size) for month, size in sorted(shifts.items())),
        bool(abs(outlook.monthly[YEAR] - outlook.monthly[0]) >= TREND),
    )


def _series(past: History, stock: bool) -> Series:
    """The volumes of a history. Of a flow that stood at 0 or 100 % at first, those months are left out: they hold no chance."""
    digital, other = (
        np.array([getattr(point, part) for point in past.points], dtype=float) for part in ("digital", "other")
    )
    total, shares = digital + other, [point.value for point in past.points]
    moved = next((i for i, share in enumerate(shares) if share not in (None, shares[0])), 0)
    start = moved if not stock and moved >= STILL and shares[0] in (0, 1) else 0
    months = len(total)
    weights = np.where(total > 0, np.maximum(total / max(total.mean(), 1e-9), 0.05), 0.0)
    weights = np.ones(months) if stock else np.where(np.arange(months) < start, 0.0, weights)
    window = 1 if stock or months < YEAR - 1 + MIN_MONTHS else YEAR
    return Series(digital, total, weights, window, start, not stock and months - start >= SEASONAL, stock)


def _shift(past: History, month: int, size: float) -> LevelShift:
    """A level shift with the changes that may be behind it."""
    day = past.points[month].month
    near = tuple(change for change in past.changes if change.month in (day, add_months(day, -1)))
    return LevelShift(day, size, near)
