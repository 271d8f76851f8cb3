"""The models that a forecast chooses between: regressions of a monthly share on level, trend, season and level shifts.

A candidate is fitted with the months weighted down by age, to as many origins at once as wanted, in one batch of small matrices: a
library that fits one series at a time would need a second for a back-test, and a page waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

SEASON = 12  # months
DAMPED, STRAIGHT = 0.9, 1.0  # what is left of a trend from month to month
LAST = 0.01  # memory of nearly nothing but the last month
STOCK_TRENDS = ((0.0, LAST), (DAMPED, 0.9), (DAMPED, 1.0), (STRAIGHT, 0.9), (STRAIGHT, 1.0))
LEVELS = (0.3, 0.7, 0.9, 1.0)  # weight of a month relative to the next, without a trend
TRENDS = ((DAMPED, 0.9, 0.9), (DAMPED, 1.0, 0.5), (STRAIGHT, 0.9, 0.5), (STRAIGHT, 1.0, 0.5), (STRAIGHT, 1.0, 1.0))
MARGIN = 0.02  # 0 and 100 % lie so far within the ends of the logit scale
LEVEL_PENALTY = 1e-6
TREND_PENALTY = 20.0  # in months of the average volume: a few months are no trend
SEASON_PENALTY = 1.0  # a season seen once counts half
SHIFT_PENALTY = 0.05

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Candidate:
    """A model: on the logit scale or on the share's own, with a season or not, with a trend or not.

    `trend` is what is left of the trend from month to month, 0 where there is none. `memory` is the weight of a month relative to
    the next in the fit, `level` the same where the level alone is brought up to date.
    """

    logit: bool
    season: bool
    trend: float
    memory: float
    level: float

    def scaled(self, shares: Floats) -> Floats:
        """The shares on the candidate's scale; finite also at 0 and 1."""
        inner = MARGIN + (1 - 2 * MARGIN) * shares
        return np.log(inner / (1 - inner)) if self.logit else shares

    def share(self, scaled: Floats) -> Floats:
        """Shares (0–1) from values on the candidate's scale."""
        inner = (1 / (1 + np.exp(-scaled)) - MARGIN) / (1 - 2 * MARGIN) if self.logit else scaled
        return np.clip(inner, 0.0, 1.0)

    def slope(self, share: Floats) -> Floats:
        """The change of the share for a small change on the candidate's scale."""
        inner = MARGIN + (1 - 2 * MARGIN) * share
        return inner * (1 - inner) / (1 - 2 * MARGIN) if self.logit else np.ones_like(share)


@dataclass(frozen=True)
class Fit:
    """Predictions on the candidate's scale by origin and month ahead, with what their uncertainty takes.

    `future` holds the regressors of each prediction, `inverse` the inverse information of the coefficients, by origin.
    """

    predicted: Floats
    future: Floats
    inverse: Floats


def candidates(*, seasonal: bool, stock: bool) -> list[Candidate]:
    """Every candidate; those with a season only where that can be told. A stock is where it is: its level has no chance in it."""
    seasons = (False, True) if seasonal else (False,)
    if stock:
        return [Candidate(logit, False, *trend, LAST) for logit in (False, True) for trend in STOCK_TRENDS]
    steady = [Candidate(False, season, 0.0, memory, memory) for season, memory in product(seasons, LEVELS)]
    return steady + [Candidate(*pair, *trend) for pair, trend in product(product((False, True), seasons), TRENDS)]


def fit(
    candidate: Candidate,
    scaled: Floats,
    weights: Floats,
    span: tuple[Integers, int],
    shifts: Sequence[int] = (),
) -> Fit:
    """The candidate fitted to the months before each origin, and predictions from there on.

    `span` is the origins, as indexes of the first month ahead, and the number of months ahead. From each month of `shifts` on the
    level is free to be another.
    """
    origins, ahead = span
    months = np.arange(len(scaled))
    age = origins[:, None] - 1 - months
    past, future = _regressors(candidate, span, age, shifts)
    weighted = _weights(candidate.memory, age, weights)
    moments = (past * weighted[..., None]).transpose(0, 2, 1)
    inverse = np.linalg.inv(moments @ past + np.diag(_penalties(candidate, shifts)))
    coefficients = inverse @ (moments @ scaled)[..., None]
    predicted = (future @ coefficients)[..., 0]
    if candidate.level < candidate.memory:
        recent = _weights(candidate.level, age, weights)
        missed = (recent * (scaled - (past @ coefficients)[..., 0])).sum(1) / np.maximum(recent.sum(1), 1e-9)
        predicted = predicted + missed[:, None]
        inverse[:, 0, 0] += (1 - candidate.level) / (1 + candidate.level)
    return Fit(np.asarray(predicted), future, np.asarray(inverse, dtype=np.float64))


def _weights(memory: float, age: Integers, weights: Floats) -> Floats:
    """What each month before an origin counts for: its weight, less the older it is."""
    return np.where(age >= 0, memory ** np.maximum(age, 0), 0.0) * weights


def _penalties(candidate: Candidate, shifts: Sequence[int]) -> list[float]:
    trend = [TREND_PENALTY] if candidate.trend else []
    season = [SEASON_PENALTY] * SEASON if candidate.season else []
    return [LEVEL_PENALTY, *trend, *season, *[SHIFT_PENALTY] * len(shifts)]


def _regressors(
    candidate: Candidate, span: tuple[Integers, int], age: Integers, shifts: Sequence[int]
) -> tuple[Floats, Floats]:
    """The regressors of the past months and of those ahead, by origin and month: level, trend, month of the year, level shifts."""
    origins, ahead = span
    steps = np.arange(1, ahead + 1)
    months, coming = np.broadcast_to(np.arange(age.shape[1]), age.shape), origins[:, None] + steps - 1
    past, future = [np.ones((*age.shape, 1))], [np.ones((*coming.shape, 1))]
    if candidate.trend:
        damping = candidate.trend
        travelled = steps if damping == 1 else damping * (1 - damping**steps) / (1 - damping)
        past.append(-age[..., None])
        future.append(np.broadcast_to(travelled, coming.shape)[..., None])
    if candidate.season:
        past.append(np.eye(SEASON)[months % SEASON])
        future.append(np.eye(SEASON)[coming % SEASON])
    if shifts:
        past.append(months[..., None] >= np.array(shifts))
        future.append(coming[..., None] >= np.array(shifts))
    return np.concatenate(past, -1), np.concatenate(future, -1)
