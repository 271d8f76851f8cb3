"""Back-test of a candidate on the series at hand: at each month so far, what would it have predicted, and what came?

What is predicted is what a page shows: the share of twelve months together, or of one. Months before a level shift are lifted to
the level after it, since what a known change did is no error of the forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.forecast.candidates import SEASON, Candidate, Fit, Floats, Integers, fit
from analytics.forecast.level_shifts import without_shifts

MIN_TRAINING = 6  # months before the first origin
MAX_TESTED = 24  # months ahead


@dataclass(frozen=True)
class Series:
    """Monthly volumes, and the number of months that a shown share holds.

    `weights` is what a month counts for in a fit, 1 on an average; `start` is the first month that may be fitted. A `stock` counts
    what is there when a month ends.
    """

    digital: Floats
    total: Floats
    weights: Floats
    window: int
    start: int
    seasonal: bool
    stock: bool

    @property
    def months(self) -> int:
        """The number of months known."""
        return len(self.total)

    @property
    def shares(self) -> Floats:
        """The monthly shares; 0 where there is no volume, which weighs nothing."""
        return self.digital / np.maximum(self.total, 1e-9)

    @property
    def origins(self) -> Integers:
        """The months at which a prediction is tried: those with enough months behind them."""
        return np.arange(self.start + MIN_TRAINING, self.months)


@dataclass(frozen=True)
class Prediction:
    """Shares (0–1) by origin and month ahead, each with its spread relative to that of a single month, and the monthly shares."""

    shares: Floats
    spread: Floats
    monthly: Floats


@dataclass(frozen=True)
class Trial:
    """A candidate's prediction from now on, those by origin, and their errors; nan where what came is not known yet."""

    candidate: Candidate
    ahead: Prediction
    past: Prediction
    errors: Floats


def run_trial(series: Series, candidate: Candidate, shifts: Sequence[int], ahead: int) -> Trial:
    """The candidate tried at every origin, and fitted to all months with the level shifts as regressors."""
    origins, now = series.origins, np.array([series.months])
    tested = min(MAX_TESTED, series.months)
    scaled = candidate.scaled(series.shares)
    level = without_shifts(scaled, series.weights, shifts, seasonal=series.seasonal)
    steady = candidate.share(level) * series.total
    past = _predict(series, candidate, steady, origins, fit(candidate, level, series.weights, (origins, tested)))
    last = fit(candidate, scaled, series.weights, (now, ahead), shifts)
    came = trailing(steady, series.total, series.window)
    month = origins[:, None] + np.arange(tested)
    known = np.append(came, np.full(tested + 1, np.nan))[month]
    return Trial(candidate, _predict(series, candidate, series.digital, now, last), past, known - past.shares)


def _predict(series: Series, candidate: Candidate, digital: Floats, origins: Integers, result: Fit) -> Prediction:
    """The shown shares: what is known of their months together with what is predicted."""
    ahead = result.predicted.shape[1]
    monthly = candidate.share(result.predicted)
    volume = _future_total(series.total, origins, ahead)
    total = _known(series.total, origins, ahead, series.window) + _within(volume, series.window)
    shares = (_known(digital, origins, ahead, series.window) + _within(volume * monthly, series.window)) / total
    effect = volume * candidate.slope(monthly)
    noise = _within(effect**2 / np.maximum(volume / max(series.total.mean(), 1e-9), 0.05), series.window)
    reach = _within(result.future * effect[..., None], series.window)
    uncertain = ((reach @ result.inverse) * reach).sum(-1)
    return Prediction(shares, np.sqrt(noise + uncertain) / total, monthly)


def _future_total(total: Floats, origins: Integers, ahead: int) -> Floats:
    """The volume of the months ahead: that of the same month in the last known year, or the mean of a shorter time."""
    same = origins[:, None] + np.arange(ahead) % SEASON - SEASON
    mean = np.append(np.nan, np.cumsum(total) / np.arange(1, len(total) + 1))[origins]
    return np.maximum(np.where(origins[:, None] < SEASON, mean[:, None], total[np.maximum(same, 0)]), 1e-9)


def _known(volume: Floats, origins: Integers, ahead: int, window: int) -> Floats:
    """The sum of the months before the origin that the window of each month ahead still holds."""
    sums = np.append(0.0, np.cumsum(volume))
    first = np.clip(origins[:, None] + np.arange(ahead) - window + 1, 0, origins[:, None])
    return np.asarray(sums[origins][:, None] - sums[first])


def _within(values: Floats, window: int) -> Floats:
    """The sum of the months ahead that the window of each month ahead holds."""
    sums = np.cumsum(values, axis=1)
    return np.concatenate([sums[:, :window], sums[:, window:] - sums[:, :-window]], axis=1)


def trailing(digital: Floats, total: Floats, window: int) -> Floats:
    """The share over the `window` months that end with each month; nan for the first, and where the volume is 0."""
    sums = [
        np.cumsum(volume) - np.append(np.zeros(window), np.cumsum(volume))[: len(volume)] for volume in (digital, total)
    ]
    with np.errstate(invalid="ignore"):
        shares = sums[0] / sums[1]
    return np.where(np.arange(len(total)) < window - 1, np.nan, shares)
