"""A forecast earns its interval: on series whose future is known, four truths of five lie inside; and no prediction looks ahead.

A part of `python -m benchmarks.forecast`, whose tables stand in docs/forecast.md.
"""

from collections.abc import Sequence
from statistics import mean

import numpy as np
import pytest
from statsmodels.regression.linear_model import WLS

from analytics.forecast.candidates import (
    LEVEL_PENALTY,
    SHIFT_PENALTY,
    STRAIGHT,
    TREND_PENALTY,
    Candidate,
    candidates,
    fit,
)
from benchmarks.forecast import Trial, made
from benchmarks.forecast_series import KINDS, make

LENGTHS = (20, 36)
SEEDS = range(1000, 1012)
SERIES = make("seasons", 36, 1)


@pytest.fixture(scope="module")
def trials() -> Sequence[Trial]:
    """Two dozen series of each kind, forecast one, three, six and twelve months ahead."""
    return made(list(KINDS), SEEDS, LENGTHS)


def test_four_truths_of_five_lie_inside(trials: Sequence[Trial]) -> None:
    assert 0.75 <= mean(trial.inside for trial in trials if trial.result) <= 0.85


@pytest.mark.parametrize("kind", KINDS)
def test_of_each_kind_not_much_fewer(trials: Sequence[Trial], kind: str) -> None:
    """Also of a level that wanders, which has no law to learn from two years: there the record widens the interval."""
    assert mean(trial.inside for trial in trials if trial.group == kind and trial.result) >= 0.7


def test_a_year_ahead_of_a_line_the_error_is_within_a_point_and_a_half(trials: Sequence[Trial]) -> None:
    some = [trial for trial in trials if (trial.group, trial.horizon) == ("lines", 12)]
    errors = [trial.result[0] - trial.came for trial in some if trial.result]
    assert len(errors) == len(some) and mean(map(abs, errors)) <= 0.015 and abs(mean(errors)) <= 0.01


def test_no_interval_is_earned_by_saying_nothing(trials: Sequence[Trial]) -> None:
    """Nearly all are forecast, a year ahead within half of what the naive "as now" misses by."""
    assert mean(trial.result is not None for trial in trials) > 0.95
    year = [(t, t.result) for t in trials if t.horizon == 12 and t.result and t.group not in ("drift", "register")]
    error, naive = (
        mean(part) for part in zip(*((abs(r[0] - t.came), abs(t.now - t.came)) for t, r in year), strict=True)
    )
    assert error < naive / 2


@pytest.mark.parametrize(
    "candidate", [*candidates(seasonal=True, stock=False), *candidates(seasonal=False, stock=True)]
)
def test_a_prediction_does_not_look_ahead(candidate: Candidate) -> None:
    """What came after an origin, whatever it is, changes nothing of what is predicted there."""
    shares = SERIES.digital[:36] / SERIES.total[:36]
    changed = np.where(np.arange(36) < 30, shares, 1 - shares)
    first, second = (
        fit(candidate, candidate.scaled(each), np.ones(36), (np.arange(6, 37), 12)) for each in (shares, changed)
    )
    np.testing.assert_array_equal(first.predicted[:25], second.predicted[:25])
    assert not np.allclose(first.predicted[25:], second.predicted[25:])


@pytest.mark.parametrize("memory", [0.9, 1.0])
@pytest.mark.parametrize("shifts", [(), (20,)])
def test_a_fit_is_what_statsmodels_computes(memory: float, shifts: tuple[int, ...]) -> None:
    """Weighted least squares, with each penalty as an observation of 0."""
    months, shares, volume = np.arange(30), SERIES.digital[:30] / SERIES.total[:30], SERIES.total[:30] / 1000
    columns = [np.ones(30), months - 29.0, *(months >= shift for shift in shifts)]
    penalties = [LEVEL_PENALTY, TREND_PENALTY, *[SHIFT_PENALTY] * len(shifts)]
    weights = np.append(volume * memory ** (29 - months), penalties)
    observed = np.append(shares, np.zeros(len(penalties)))
    expected = WLS(observed, np.vstack([np.column_stack(columns), np.eye(len(penalties))]), weights).fit().params
    ours = fit(
        Candidate(False, False, STRAIGHT, memory, memory), shares, volume, (np.array([30]), 12), shifts
    ).predicted[0]
    steps = np.arange(1, 13)
    np.testing.assert_allclose(ours, expected[0] + expected[1] * steps + expected[2:].sum())
