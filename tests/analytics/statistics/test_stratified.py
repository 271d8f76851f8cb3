"""The total of a stratified sample: against every sample that could have been drawn, and against scipy's t."""

from fractions import Fraction
from itertools import combinations, product
from math import prod, sqrt
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from analytics.statistics.stratified import Stratum, estimate, half_width, quantile

POPULATIONS = ((3, 9, 4, 8, 1), (0, 2, 2, 7))  # all weeks of two seasons
COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=20)


def sampled(counts: tuple[int, ...], weeks: int) -> Stratum:
    return Stratum(counts, weeks - len(counts), sum(counts))


def test_over_every_sample_the_total_and_its_variance_are_right_on_average() -> None:
    every = list(product(*(combinations(population, n) for population, n in zip(POPULATIONS, (3, 2), strict=True))))
    strata = [
        [sampled(counts, len(population)) for counts, population in zip(draw, POPULATIONS, strict=True)]
        for draw in every
    ]
    totals = [found.total for draw in strata if (found := estimate(draw))]
    errors = [sum(stratum.error() or 0 for stratum in draw) for draw in strata]
    truth = sum(map(sum, POPULATIONS))
    assert len(totals) == prod((10, 6)) and fmean(totals) == pytest.approx(truth)
    assert fmean(errors) == pytest.approx(fmean((total - truth) ** 2 for total in totals))


@given(st.lists(COUNTS, min_size=1, max_size=5))
def test_a_census_gives_the_exact_total_without_an_interval(seasons: list[list[int]]) -> None:
    found = estimate([sampled(tuple(counts), len(counts)) for counts in seasons])
    assert found and (found.total, found.half_width) == (sum(map(sum, seasons)), 0)
    assert found.low == found.high == found.counted


@given(COUNTS.filter(lambda counts: len(counts) > 1), st.integers(1, 40))
def test_one_stratum_is_written_out(counts: list[int], left: int) -> None:
    n, weeks = len(counts), len(counts) + left
    found = estimate([sampled(tuple(counts), weeks)])
    fraction = 1 - n / weeks
    expected = weeks * sqrt(fraction * variance(map(Fraction, counts)) / n) * t.ppf(0.975, n - 1)
    assert found and found.half_width == pytest.approx(expected, rel=1e-4, abs=1e-9)
    assert found.total == pytest.approx(weeks * sum(counts) / n) and found.low is not None
    assert sum(counts) <= found.low <= found.total * (1 + 1e-12)
    more = half_width([sampled(tuple(counts), weeks)], [0])
    assert more is not None and more <= (found.half_width or 0) + 1e-9


def test_fewer_than_two_weeks_have_no_interval_and_none_no_total() -> None:
    one, none, known = sampled((4,), 5), sampled((), 5), sampled((4, 6), 9)
    single = estimate([one, known])
    assert single and (single.half_width, single.low, single.high) == (None, None, None)
    assert single.total == 4 * 5 + 5 * 9
    assert estimate([none, known]) is None and half_width([one], [0]) is None


@given(st.floats(1, 60), st.sampled_from((0.8, 0.95)))
def test_the_quantile_is_scipys(freedom: float, level: float) -> None:
    assert quantile(freedom, level) == pytest.approx(t.ppf((1 + level) / 2, freedom), rel=1e-3)
