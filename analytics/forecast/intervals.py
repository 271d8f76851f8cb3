"""The candidates together, and the interval: as wide as their earlier predictions on the same series would have needed to be.

Conformal prediction on rolling origins. An error is divided by its spread, which tells how far ahead it is and how much was known,
so that errors at all horizons tell together how wide the interval has to be. A series changes, so older errors count for less
(Barber, Candès, Ramdas and Tibshirani 2023, Conformal prediction beyond exchangeability, Annals of Statistics 51:816-845). Half of
what the candidates disagree on is added: the errors are those of their mean. The interval is never narrower than chance makes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.forecast.backtest import Series, Trial
from analytics.forecast.candidates import SEASON, Floats

INTERVAL = 0.8  # share of the truths within the interval
NORMAL = 1.2816  # standard deviations that hold them, where errors are normal
SHARPNESS = 3.0  # a candidate with a third larger errors than the best weighs e⁻¹ of it
PARSIMONY = 0.03  # so much larger counts the error of a candidate for its trend, and for its season
RECENCY = 0.9  # weight of an origin relative to the next: a pace that slackened is noticed
RECENT = 0.85  # the same where the width is calibrated
DISAGREEMENT = 0.5  # so much of the candidates' variance is added
STEEPEST = 0.9  # so much of the mean square error may grow with the months ahead
LEAST_ERROR = 1e-6


@dataclass(frozen=True)
class Outlook:
    """Shares (0–1) by month ahead: the shown one, half the width of its interval, and the monthly one."""

    shares: Floats
    half_width: Floats
    monthly: Floats


def combine(series: Series, trials: Sequence[Trial]) -> Outlook:
    """The candidates' mean, each weighted by its errors up to a year ahead, with a calibrated interval."""
    mean_errors = np.array([_mean_error(trial) for trial in trials])
    weights = np.exp(-SHARPNESS * (mean_errors / mean_errors.min() - 1))
    weights /= weights.sum()
    each = np.array([trial.ahead.shares[0] for trial in trials])
    shares, spread, monthly = (
        weights @ part for part in (each, [t.ahead.spread[0] for t in trials], [t.ahead.monthly[0] for t in trials])
    )
    past = np.tensordot(weights, np.array([trial.errors for trial in trials]), 1)
    past /= np.tensordot(weights, np.array([trial.spread for trial in trials]), 1)
    recent = np.where(np.isnan(past), 0.0, RECENT ** np.arange(len(past))[::-1, None])
    growth = _growth(past, recent, max(len(shares), past.shape[1]))
    tested = _quantile(np.abs(past / growth[: past.shape[1]]), recent) * spread * growth[: len(shares)]
    disagreement = NORMAL * np.sqrt(DISAGREEMENT * (weights @ (each - shares) ** 2))
    least = NORMAL * _chance(series, np.clip(shares, 0.0, 1.0))
    return Outlook(shares, np.maximum(np.hypot(tested, disagreement), least), monthly)


def _mean_error(trial: Trial) -> float:
    """The mean error of a candidate up to a year ahead, a little larger for each thing that it assumes."""
    assumed = 1 + PARSIMONY * ((trial.candidate.trend > 0) + trial.candidate.season)
    errors = np.abs(trial.errors[:, :SEASON])
    weights = np.where(np.isnan(errors), 0.0, RECENCY ** np.arange(len(errors))[::-1, None])
    return max(LEAST_ERROR, float((np.nan_to_num(errors) * weights).sum() / weights.sum()) * assumed)


def _growth(relative: Floats, recent: Floats, ahead: int) -> Floats:
    """How errors grow with the months ahead beyond their spread: the root of a line through their mean squares, never falling.

    `recent` is what each error counts for, 0 where it is not known.
    """
    counted = recent.sum(0)
    steps = np.flatnonzero(counted)
    weights = counted[steps]
    squares = (recent * np.nan_to_num(relative) ** 2).sum(0)[steps] / weights
    mean, centre = np.average(squares, weights=weights), np.average(steps, weights=weights)
    moment = np.average((steps - centre) ** 2, weights=weights)
    slope = np.average((steps - centre) * squares, weights=weights) / max(moment, LEAST_ERROR)
    slope = np.clip(slope, 0.0, STEEPEST * mean / max(centre, LEAST_ERROR))
    return np.asarray(np.sqrt(np.maximum(mean + slope * (np.arange(ahead) - centre), LEAST_ERROR**2)))


def _quantile(errors: Floats, recent: Floats) -> float:
    """The size that `INTERVAL` of the weighted errors, and of one to come with weight 1, do not exceed."""
    known = recent > 0
    sizes, weights = errors[known], recent[known]
    order = np.argsort(sizes)
    below = np.cumsum(weights[order]) / (weights.sum() + 1)
    return float(sizes[order][min(int(np.searchsorted(below, INTERVAL)), len(sizes) - 1)])


def _chance(series: Series, shares: Floats) -> Floats:
    """The standard deviation of chance alone.

    Of a flow, that of which way each case comes in; of a stock, that of how many services change at the pace so far.
    """
    ahead = np.arange(1, len(shares) + 1)
    if series.stock:
        return np.asarray(np.sqrt(np.abs(np.diff(series.digital)).mean() * ahead) / series.total[-1])
    volume = max(series.total[-SEASON:].mean(), 1.0)
    return np.asarray(np.sqrt(shares * (1 - shares) * np.minimum(ahead, series.window) / volume) / series.window)
