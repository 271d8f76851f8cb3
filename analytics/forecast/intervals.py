"""The candidates together, and the interval: as wide as their earlier predictions on the same series would have needed to be.

Conformal prediction on rolling origins. An error is divided by its spread, which tells how far ahead it is and how much was known,
so that errors at all horizons tell together how wide the interval has to be. A series changes, so older errors count for less
(Barber, Candès, Ramdas and Tibshirani 2023, Conformal prediction beyond exchangeability, Annals of Statistics 51:816-845). Half of
what the candidates disagree on is added: the errors are those of their mean. The interval is never narrower than chance makes it.
What the same would have given at each earlier month, from what was known then, widens it where that did not hold
(analytics/forecast/record.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.forecast.backtest import MIN_TRAINING, Series, Trial
from analytics.forecast.candidates import SEASON, Floats, Integers
from analytics.forecast.record import Record, follow

INTERVAL = 0.8  # share of the truths within the interval
NORMAL = 1.2816  # standard deviations that hold them, where errors are normal
SHARPNESS = 3.0  # a candidate with a third larger errors than the best weighs e⁻¹ of it
PARSIMONY = 0.03  # so much larger counts the error of a candidate for its trend, and for its season
RECENCY = 0.9  # weight of an origin relative to the next: a pace that slackened is noticed
RECENT = 0.85  # the same where the width is calibrated
DISAGREEMENT = 0.5  # so much of the candidates' variance is added
STEEPEST = 0.9  # so much of the mean square error may grow with the months ahead
LEAST_ERROR = 1e-6
MIN_TESTS = 6  # origins that an interval is calibrated on
SEASONAL = 24  # months from which a season can be told


@dataclass(frozen=True)
class Outlook:
    """Shares (0–1) by month ahead: the shown one, half the width of its interval, and the monthly one.

    `record` is how the intervals of earlier months did.
    """

    shares: Floats
    half_width: Floats
    monthly: Floats
    record: Record


@dataclass(frozen=True)
class _Tried:
    """All candidates' errors and spreads by candidate, origin and month ahead; an error is 0 where it is not known yet.

    `sizes` is that of the errors up to a year ahead. `month` is the one that is predicted, beyond all time where it is not known;
    `assumed` is what each candidate's error is counted up by, `seasonal` whether it has a season.
    """

    errors: Floats
    sizes: Floats
    spread: Floats
    month: Integers
    assumed: Floats
    seasonal: Floats


@dataclass(frozen=True)
class _Learnt:
    """What was learnt up to a month: each candidate's weight, and by month ahead the width for a spread of 1."""

    weights: Floats
    width: Floats


def combine(series: Series, trials: Sequence[Trial]) -> Outlook:
    """The candidates' mean, each weighted by its errors up to a year ahead, with a calibrated interval."""
    tried = _tried(series, trials)
    each, spread, monthly = (
        np.array(part)
        for part in zip(*((t.ahead.shares[0], t.ahead.spread[0], t.ahead.monthly[0]) for t in trials), strict=True)
    )
    ahead = each.shape[1]
    learnt = _learn(series, tried, series.months, ahead)
    shares = learnt.weights @ each
    least = _least(series, series.months, shares)
    half = np.maximum(_half_width(learnt, (each, spread), shares), least)
    record = follow(_misses(series, trials, tried))
    return Outlook(shares, np.maximum(half * record.widened(ahead), least), learnt.weights @ monthly, record)


def _tried(series: Series, trials: Sequence[Trial]) -> _Tried:
    errors = np.array([trial.errors for trial in trials])
    month = series.origins[:, None] + np.arange(errors.shape[2])
    return _Tried(
        np.nan_to_num(errors),
        np.nan_to_num(np.abs(errors[:, :, :SEASON])),
        np.array([trial.past.spread for trial in trials]),
        np.where(np.isnan(errors[0]), np.iinfo(np.int64).max, month),
        np.array([1 + PARSIMONY * ((t.candidate.trend > 0) + t.candidate.season) for t in trials]),
        np.array([t.candidate.season for t in trials]),
    )


def _learn(series: Series, tried: _Tried, month: int, ahead: int) -> _Learnt:
    """Weights and widths from what came before `month` alone."""
    age = month - 1 - series.origins[:, None]
    known = tried.month < month
    weights = _weights(series, tried, month, np.where(known, RECENCY ** np.maximum(age, 0), 0.0)[:, :SEASON])
    past = np.tensordot(weights, tried.errors, 1) / np.tensordot(weights, tried.spread, 1)
    recent = np.where(known, RECENT ** np.maximum(age, 0), 0.0)
    growth = _growth(past, recent, max(ahead, past.shape[1]))
    return _Learnt(weights, _quantile(np.abs(past / growth[: past.shape[1]]), recent) * growth[:ahead])


def _weights(series: Series, tried: _Tried, month: int, recent: Floats) -> Floats:
    """What each candidate weighs: the less, the larger its error up to a year ahead; one with a season only after two years."""
    sizes = np.maximum(LEAST_ERROR, np.tensordot(tried.sizes, recent, 2) / recent.sum() * tried.assumed)
    if month - series.start < SEASONAL:
        sizes = np.where(tried.seasonal, np.inf, sizes)
    weights = np.exp(-SHARPNESS * (sizes / sizes.min() - 1))
    return np.asarray(weights / weights.sum())


def _half_width(learnt: _Learnt, each: tuple[Floats, Floats], shares: Floats) -> Floats:
    """Half the width of the interval, before its record and chance; `each` is the candidates' shares and spreads."""
    disagreement = NORMAL * np.sqrt(DISAGREEMENT * (learnt.weights @ (each[0] - shares) ** 2))
    return np.hypot(learnt.width * (learnt.weights @ each[1]), disagreement)


def _least(series: Series, months: int, shares: Floats) -> Floats:
    """Half the width that chance alone makes."""
    return NORMAL * _chance(series, months, np.clip(shares, 0.0, 1.0))


def _misses(series: Series, trials: Sequence[Trial], tried: _Tried) -> Floats:
    """How many half widths what came was from what had been forecast, by origin and month ahead; nan where not known.

    Each from what was known at its origin, and none before there were enough origins to calibrate it on. 0 within what is chance.
    """
    shares = np.array([trial.past.shares for trial in trials])
    misses = np.full(shares.shape[1:], np.nan)
    for index, month in enumerate(series.origins.tolist()):
        if np.count_nonzero(series.total[series.start + MIN_TRAINING : month]) < MIN_TESTS:
            continue
        learnt = _learn(series, tried, month, shares.shape[2])
        forecast = learnt.weights @ shares[:, index]
        half = _half_width(learnt, (shares[:, index], tried.spread[:, index]), forecast)
        least = _least(series, month, forecast)
        size = np.abs(learnt.weights @ tried.errors[:, index])
        missed = np.where(size <= least, 0.0, size / np.maximum(np.maximum(half, least), LEAST_ERROR))
        misses[index] = np.where(tried.month[index] < series.months, missed, np.nan)
    return misses


def _growth(relative: Floats, recent: Floats, ahead: int) -> Floats:
    """How errors grow with the months ahead beyond their spread: the root of a line through their mean squares, never falling.

    `recent` is what each error counts for, 0 where it is not known.
    """
    counted = recent.sum(0)
    steps = np.flatnonzero(counted)
    weights = counted[steps]
    squares = (recent * relative**2).sum(0)[steps] / weights
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


def _chance(series: Series, months: int, shares: Floats) -> Floats:
    """The standard deviation of chance alone after so many months.

    Of a flow, that of which way each case comes in; of a stock, that of how many services change at the pace so far.
    """
    ahead = np.arange(1, len(shares) + 1)
    if series.stock:
        changed = np.abs(np.diff(series.digital[:months])).mean()
        return np.asarray(np.sqrt(changed * ahead) / series.total[months - 1])
    volume = max(series.total[:months][-SEASON:].mean(), 1.0)
    return np.asarray(np.sqrt(shares * (1 - shares) * np.minimum(ahead, series.window) / volume) / series.window)
