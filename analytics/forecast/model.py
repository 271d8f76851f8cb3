"""Forecast of a goal: digital cases and all others are simulated separately, then divided. Back-test in docs/forecast.md.

Half of the paths have a season of twelve months, half have none: neither alone did as well in the back-test. A path is a
future of both volumes, so no share leaves 0–1.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

import duckdb
import numpy as np

from analytics.forecast.history import MIN_MONTHS, History, Refusal, history
from analytics.forecast.simulation import Floats, paths
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope, add_months, months_between

YEAR = 12
HORIZON = 60  # months
PATHS = 1000  # simulated paths in all
INTERVAL = 0.8  # share of the paths within the interval
WIDEST_INTERVAL = 0.5  # the forecast ends before a wider interval
NEARLY_ALL = 0.995  # counted as 100 %, which volumes in logarithms never reach


@dataclass(frozen=True)
class ForecastPoint:
    """A future month: the median of the paths and the interval that holds eight of ten, as shares (0–1)."""

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

    def median_reaches(self, share: float) -> date | None:
        """The first month in which the median is at least `share`; None when none is."""
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
    future = until_too_uncertain(result.future)
    if not future:
        last = result.future[YEAR - 1]
        return Refusal("wide", len(past.points), last.month, low=last.low, high=last.high)
    return replace(result, future=future)


def until_too_uncertain(future: tuple[ForecastPoint, ...]) -> tuple[ForecastPoint, ...]:
    """The months before the interval is wider than `WIDEST_INTERVAL`; none when that is within a year."""
    narrow = tuple(takewhile(lambda point: point.high - point.low <= WIDEST_INTERVAL, future))
    return narrow if len(narrow) >= YEAR else ()


def project(past: History, *, stock: bool = False, months: int = HORIZON, single: bool = False) -> Forecast:
    """Forecast `months` months from the history. A stock has no season; that of a flow needs two years of history.

    Each point of a flow is twelve months when that leaves `MIN_MONTHS` points; with `single`, or else, one month.
    """
    seasonal = not stock and len(past.points) >= 2 * YEAR
    window = 1 if stock or single or len(past.points) < YEAR - 1 + MIN_MONTHS else YEAR
    digital = np.array([point.digital for point in past.points])
    other = np.array([point.other for point in past.points])
    models = [False, True] if seasonal else [False]
    each = PATHS // len(models)
    futures = [paths(digital, other, (months, each), seasonal=model, stock=stock) for model in models]
    shares = np.hstack([_shares(digital, other, future, window) for future in futures])
    tail = (1 - INTERVAL) / 2
    low, median, high = np.quantile(shares, [tail, 0.5, 1 - tail], axis=1).tolist()
    observed = zip((p.month for p in past.points[window - 1 :]), trailing(digital, other, window), strict=True)
    following = (add_months(past.last.month, i + 1) for i in range(months))
    return Forecast(
        past,
        window,
        tuple((month, float(share)) for month, share in observed if not np.isnan(share)),
        tuple(ForecastPoint(*row) for row in zip(following, median, low, high, strict=True)),
    )


def trailing(digital: Floats, other: Floats, window: int) -> Floats:
    """The share over each `window` months, one value per last month; nan where the volume is 0."""
    numerator, denominator = (_sums(volume, window) for volume in (digital, digital + other))
    with np.errstate(invalid="ignore"):
        return np.asarray(numerator / denominator)


def _sums(volume: Floats, window: int) -> Floats:
    total = np.cumsum(np.vstack([np.zeros_like(volume[:1]), volume]) if volume.ndim > 1 else np.append(0.0, volume), 0)
    return np.asarray(total[window:] - total[:-window])


def _shares(digital: Floats, other: Floats, future: tuple[Floats, Floats], window: int) -> Floats:
    """The shares of every path; a month without volume has the last known share."""
    tails = [volume[len(volume) - window + 1 :] for volume in (digital, other)]
    joined = [
        np.vstack([np.repeat(tail[:, None], path.shape[1], axis=1), path])
        for tail, path in zip(tails, future, strict=True)
    ]
    shares = trailing(joined[0], joined[1], window)
    known = trailing(digital, other, window)
    last = known[~np.isnan(known)][-1:]
    return np.clip(np.where(np.isnan(shares), last[0] if last.size else 0.0, shares), 0.0, 1.0)
