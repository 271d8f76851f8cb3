"""Simulated futures of two volumes that belong together: digital cases and all others.

Each volume follows exponential smoothing with a damped trend in logarithms (statsmodels' `ETSModel`), with or without a season
of twelve months. The errors of the two are drawn together, since a month that is large for one is so for the other. Unbounded,
the model fits a straight line through a few years, with far too narrow intervals: hence the bounds on its smoothing.
"""

import warnings
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

SEED = 321  # fixed: the same data give the same forecast
SEASON = 12
LEVEL = (0.3, 0.9999)  # bounds of the level's smoothing
STOCK_LEVEL = (0.95, 0.9999)  # … of a stock, which continues from its last value
TREND = (0.02, 0.9999)  # bounds of the trend's smoothing
HIGHEST = 1000  # times the largest month so far: the limit of a path

Floats = npt.NDArray[np.float64]


@cache
def smoothing() -> Any:
    """The model class of statsmodels, imported on first use since that takes seconds."""
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    warnings.filterwarnings("ignore", category=ConvergenceWarning)  # the best fit so far is used
    return ETSModel


def paths(
    digital: Floats, other: Floats, shape: tuple[int, int], *, seasonal: bool, stock: bool
) -> tuple[Floats, Floats]:
    """Simulated futures of both volumes: two arrays of `shape`, a row per month and a column per path."""
    months, count = shape
    fits = [_fit(np.log1p(volume), seasonal, STOCK_LEVEL if stock else LEVEL) for volume in (digital, other)]
    errors = _errors(
        [fit.resid if fit else np.zeros(len(digital)) for fit in fits], months, count, _parameters(seasonal)
    )
    logs = [_logs(*pair, months) for pair in zip(fits, (digital, other), errors, strict=True)]
    limit = HIGHEST * max(float(digital.max()), float(other.max()), 1.0)
    first, second = (np.maximum(0.0, np.expm1(np.minimum(log, np.log1p(limit)))) for log in logs)
    return first, second


def _fit(logs: Floats, seasonal: bool, level: tuple[float, float]) -> Any:
    """The fitted model of a volume; None where it never changed."""
    if np.ptp(logs) < 1e-9:
        return None
    season = {"seasonal": "add", "seasonal_periods": SEASON, "initialization_method": "heuristic"} if seasonal else {}
    bounds = {"smoothing_level": level, "smoothing_trend": TREND}
    return smoothing()(logs, trend="add", damped_trend=True, bounds=bounds, **season).fit(disp=False)


def _parameters(seasonal: bool) -> int:
    """The number of fitted parameters, to subtract from the number of months in the variance."""
    return 5 + (SEASON if seasonal else 0)


def _errors(residuals: list[Floats], months: int, count: int, parameters: int) -> list[Floats]:
    """Future errors of both volumes, drawn with the covariance of the residuals."""
    both = np.vstack(residuals)
    n = both.shape[1]
    covariance = both @ both.T / max(1, n - parameters)
    drawn = np.random.default_rng(SEED).standard_normal((2, months * count))
    eigenvalues, eigenvectors = np.linalg.eigh(covariance)
    errors = eigenvectors @ (np.sqrt(np.maximum(eigenvalues, 0.0))[:, None] * drawn)
    return [row.reshape(months, count) for row in errors]


def _logs(fit: Any, volume: Floats, errors: Floats, months: int) -> Floats:
    if fit is None:
        return np.full_like(errors, np.log1p(volume[-1]))
    simulated: Floats = fit.simulate(months, anchor="end", repetitions=errors.shape[1], random_errors=errors)
    return simulated
