"""Where a goal is heading: digital cases and all others projected apart, then divided. docs/forecast.md tells how well it does.

Half of the paths know a season of twelve months, half do not: neither alone was as good in the back-test. A path is a whole
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
PATHS = 1000  # in all
INTERVAL = 0.8  # of the paths lie within the interval
WIDEST_INTERVAL = 0.5  # a wider interval says nothing: there the forecast ends
NEARLY_ALL = 0.995  # in logarithms there is always something left: from here on it is 100 %


@dataclass(frozen=True)
class ForecastPoint:
    """A month to come: the middle of the paths, and between which shares (0–1) eight of ten lie."""

    month: date
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """The course so far and from there. A point stands for the `window` months that end with it: twelve where enough are known."""

    history: History
    window: int
    past: tuple[tuple[date, float], ...]
    future: tuple[ForecastPoint, ...]

    @property
    def latest(self) -> tuple[date, float]:
        """The last month that is known, and its share."""
        return self.past[-1]

    @property
    def pace(self) -> float | None:
        """How much the share moved a month, on an average of the last year or of as much as is known; None for a single month."""
        month, value = self.latest
        before, then = next(point for point in self.past if months_between(point[0], month) <= YEAR)
        months = months_between(before, month)
        return (value - then) / months if months else None

    def median_reaches(self, share: float) -> date | None:
        """The first month in which the middle of the paths is there; None when none is."""
        return next((one.month for one in self.future if one.value >= min(share, NEARLY_ALL)), None)

    def upper_bound_reaches(self, share: float) -> date | None:
        """The first month in which the upper end of the interval is there; None when none is."""
        return next((one.month for one in self.future if one.high >= min(share, NEARLY_ALL)), None)


def forecast_scope(scope: Scope) -> Scope:
    """The scope with only what a forecast heeds, so that the same question is asked once."""
    return replace(scope, month_from=scope.month_to, comparison=None, rules=None)


def forecast(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> Forecast | Refusal:
    """The forecast of a goal from the scope's last known month on, as far as it says anything; or why there is none."""
    found = history(cursor, code, scope)
    if isinstance(found, Refusal):
        return found
    whole = project(found, stock=metrics()[code].time == "stock")
    said = until_too_uncertain(whole.future)
    if not said:
        first = whole.future[YEAR - 1]
        return Refusal("wide", len(found.points), first.month, low=first.low, high=first.high)
    return replace(whole, future=said)


def until_too_uncertain(ahead: tuple[ForecastPoint, ...]) -> tuple[ForecastPoint, ...]:
    """The months until the interval is too wide to say anything; none when that is so within a year."""
    said = tuple(takewhile(lambda one: one.high - one.low <= WIDEST_INTERVAL, ahead))
    return said if len(said) >= YEAR else ()


def project(known: History, *, stock: bool = False, months: int = HORIZON, single: bool = False) -> Forecast:
    """The history carried on. A stock has no season, and to learn that of a flow takes two whole years.

    Each point of a flow is twelve months as soon as that leaves points enough; a single month when that is asked for.
    """
    season = not stock and len(known.points) >= 2 * YEAR
    window = 1 if stock or single or len(known.points) < YEAR - 1 + MIN_MONTHS else YEAR
    digital = np.array([point.digital for point in known.points])
    other = np.array([point.other for point in known.points])
    models = [False, True] if season else [False]
    each = PATHS // len(models)
    futures = [paths(digital, other, (months, each), seasonal=model, stock=stock) for model in models]
    ahead = np.hstack([_carried(digital, other, future, window) for future in futures])
    tail = (1 - INTERVAL) / 2
    low, middle, high = np.quantile(ahead, [tail, 0.5, 1 - tail], axis=1).tolist()
    told = zip((p.month for p in known.points[window - 1 :]), trailing(digital, other, window), strict=True)
    following = (add_months(known.last.month, i + 1) for i in range(months))
    return Forecast(
        known,
        window,
        tuple((month, float(share)) for month, share in told if not np.isnan(share)),
        tuple(ForecastPoint(*row) for row in zip(following, middle, low, high, strict=True)),
    )


def trailing(digital: Floats, other: Floats, window: int) -> Floats:
    """The share of each month with the ones before it, from the first that has so many; nan where there is nothing to divide."""
    parts = [_sums(volume, window) for volume in (digital, digital + other)]
    with np.errstate(invalid="ignore"):
        return np.asarray(parts[0] / parts[1])


def _sums(volume: Floats, window: int) -> Floats:
    total = np.cumsum(np.vstack([np.zeros_like(volume[:1]), volume]) if volume.ndim > 1 else np.append(0.0, volume), 0)
    return np.asarray(total[window:] - total[:-window])


def _carried(digital: Floats, other: Floats, future: tuple[Floats, Floats], window: int) -> Floats:
    """The shares of every path; a month without any case stands where the last one with some stood."""
    tails = [volume[len(volume) - window + 1 :] for volume in (digital, other)]
    joined = [
        np.vstack([np.repeat(tail[:, None], path.shape[1], axis=1), path])
        for tail, path in zip(tails, future, strict=True)
    ]
    shares = trailing(joined[0], joined[1], window)
    known = trailing(digital, other, window)
    last = known[~np.isnan(known)][-1:]
    return np.clip(np.where(np.isnan(shares), last[0] if last.size else 0.0, shares), 0.0, 1.0)
