"""The forecast's own earlier intervals widen the next one, from what was known alone, and it is refused where they did not hold."""

from dataclasses import replace
from math import exp, inf, log, nan

import numpy as np
import pytest

from analytics.forecast import model
from analytics.forecast.history import Refusal
from analytics.forecast.intervals import combine
from analytics.forecast.record import NARROWEST, OUTSIDE, STEP, Record, follow
from benchmarks.forecast_series import make

MISSES = np.abs(np.random.default_rng(5).normal(0, 1, (20, 8)))
MISSES[np.add.outer(np.arange(20), np.arange(8)) >= 20] = nan  # not come yet
MISSES[3, 2] = nan  # and a month of which nothing is known


def test_the_width_is_what_each_month_added_in_turn() -> None:
    """Counted again, one number of months ahead at a time: a truth outside adds four times what one inside takes back."""
    scales: list[float] = []
    for ahead in range(8):
        scale = NARROWEST
        for missed in MISSES[: 20 - ahead, ahead]:
            if missed > exp(scale):
                scale += STEP * (1 - OUTSIDE)
            elif not np.isnan(missed):
                scale = max(NARROWEST, scale - STEP * OUTSIDE)
        scales.append(scale)
    expected = [max(scales[: ahead + 1]) for ahead in range(8)]
    np.testing.assert_allclose(np.log(follow(MISSES).factors), expected, atol=1e-12)


def test_an_interval_is_judged_by_what_was_known_when_it_was_made() -> None:
    """What is told of an origin is the same whatever came after its month, and the same as when standing there."""
    whole = follow(MISSES)
    for origin in (5, 12):
        earlier = MISSES[:origin].copy()
        earlier[np.add.outer(np.arange(origin), np.arange(8)) >= origin] = nan
        inside = MISSES[origin] <= follow(earlier).factors
        np.testing.assert_array_equal(whole.inside[origin], np.where(np.isnan(MISSES[origin]), nan, inside))


def test_who_always_holds_is_narrow_and_who_never_holds_is_refused() -> None:
    held, missed = follow(np.zeros((30, 12))), follow(np.full((30, 12), inf))
    assert held.factors == pytest.approx(exp(NARROWEST)) and held.held == 1 and not held.fails
    assert log(missed.factors[0]) == pytest.approx(NARROWEST + 30 * STEP * (1 - OUTSIDE))
    assert missed.held == 0 and missed.fails
    assert (follow(np.full((3, 12), nan)).held, follow(np.full((3, 12), nan)).fails) == (None, False)


def test_a_further_month_is_widened_at_least_as_much_and_the_last_goes_on() -> None:
    record = follow(MISSES)
    assert (np.diff(record.factors) >= 0).all() and record.factors[-1] > record.factors[0]
    np.testing.assert_array_equal(record.widened(10), [*record.factors, *record.factors[-1:].repeat(2)])


@pytest.mark.parametrize(("inside", "fails"), [(10, True), (13, False), (16, False)])
def test_few_forecasts_miss_by_chance(inside: int, fails: bool) -> None:
    """Of twenty, ten are fewer than chance leaves of four of five; thirteen are not."""
    assert Record(np.ones(1), (np.arange(20) < inside).astype(float)[:, None]).fails == fails


def test_a_series_whose_forecasts_did_not_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    known = make("lines", 36, 1).history
    assert not isinstance(model.project(known), Refusal)
    missed = follow(np.full((30, 12), inf))
    monkeypatch.setattr("analytics.forecast.model.combine", lambda *given: replace(combine(*given), record=missed))
    assert model.project(known) == Refusal("missed", 36, held=0.0)


def test_what_misses_is_widened() -> None:
    """A pace that turns every half year misses again and again; the same noise on a steady line does not."""
    width = {}
    for name, turns in (("turning", True), ("steady", False)):
        path = 0.5 + 0.01 * np.cumsum(np.where(np.arange(46) // 6 % 2 == 0, 1.0, -1.0 if turns else 1.0) * 0.5)
        series = make("lines", 46, 3)
        points = tuple(
            replace(point, digital=round(1000 * share), other=1000 - round(1000 * share))
            for point, share in zip(series.history.points, path.tolist(), strict=True)
        )
        result = model.project(replace(series.history, points=points))
        assert not isinstance(result, Refusal)
        width[name] = result.future[5].high - result.future[5].low
    assert width["turning"] > width["steady"]
