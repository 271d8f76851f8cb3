"""The futures of two volumes that belong together: what comes in digitally, and all else.

Each volume follows an exponential smoothing with damped trend in logarithms (statsmodels' `ETSModel`), with or without a season of
twelve months. The errors of the two are drawn together, for what makes a month large makes it so for both. Left alone, the model
finds a straight line through a few years and believes in it: it then says far too narrow intervals. So it must heed what is new.
"""

import warnings
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

SEED = 321  # fixed: the same data give the same forecast
SEASON = 12
LEVEL = (0.3, 0.9999)  # how much of a month's surprise stays, between these bounds
STOCK_LEVEL = (0.95, 0.9999)  # … of a stock: it is counted, so each month starts where the last one ended
TREND = (0.02, 0.9999)  # … and how much of that turns the trend
HIGHEST = 1000  # times the largest month so far: a path must not run away to infinity

Floats = npt.NDArray[np.float64]


@cache
def smoothing() -> Any:
    """statsmodels takes seconds to import: only who asks for a forecast pays."""
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    warnings.filterwarnings("ignore", category=ConvergenceWarning)  # the best fit found is still the best fit found
    return ETSModel


def paths(
    digital: Floats, other: Floats, shape: tuple[int, int], *, seasonal: bool, stock: bool
) -> tuple[Floats, Floats]:
    """Simulated futures of both volumes: two arrays of `shape`, a row per month and a column per path."""
    months, count = shape
    fits = [_fit(np.log1p(volume), seasonal, STOCK_LEVEL if stock else LEVEL) for volume in (digital, other)]
    errors = _errors([fit.resid if fit else np.zeros(len(digital)) for fit in fits], months, count, _spent(seasonal))
    logs = [_logs(*pair, months) for pair in zip(fits, (digital, other), errors, strict=True)]
    most = HIGHEST * max(float(digital.max()), float(other.max()), 1.0)
    first, second = (np.maximum(0.0, np.expm1(np.minimum(log, np.log1p(most)))) for log in logs)
    return first, second


def _fit(logs: Floats, seasonal: bool, level: tuple[float, float]) -> Any:
    """The model of a volume; None where it never changed, for then there is nothing to learn."""
    if np.ptp(logs) < 1e-9:
        return None
    season = {"seasonal": "add", "seasonal_periods": SEASON, "initialization_method": "heuristic"} if seasonal else {}
    bounds = {"smoothing_level": level, "smoothing_trend": TREND}
    return smoothing()(logs, trend="add", damped_trend=True, bounds=bounds, **season).fit(disp=False)


def _spent(seasonal: bool) -> int:
    """How many numbers a model has learnt from the months: what is left of them tells how much it errs."""
    return 5 + (SEASON if seasonal else 0)


def _errors(residuals: list[Floats], months: int, count: int, spent: int) -> list[Floats]:
    """Errors to come of both volumes, as large and as alike as those so far."""
    both = np.vstack(residuals)
    n = both.shape[1]
    spread = both @ both.T / max(1, n - spent)
    drawn = np.random.default_rng(SEED).standard_normal((2, months * count))
    roots, turns = np.linalg.eigh(spread)
    made = turns @ (np.sqrt(np.maximum(roots, 0.0))[:, None] * drawn)
    return [row.reshape(months, count) for row in made]


def _logs(fit: Any, volume: Floats, errors: Floats, months: int) -> Floats:
    if fit is None:
        return np.full_like(errors, np.log1p(volume[-1]))
    made: Floats = fit.simulate(months, anchor="end", repetitions=errors.shape[1], random_errors=errors)
    return made
