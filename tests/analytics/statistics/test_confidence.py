"""Confidence intervals and funnel limits: Wilson's interval against statsmodels, and departments against the whole."""

from datetime import date
from math import sqrt
from statistics import NormalDist

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.statistics.confidence import Z_95, Z_FUNNEL, funnel, funnel_point, limits, wilson
from analytics.statistics.significance import MIN_COVERAGE, MIN_DENOMINATOR

SCOPE = Scope(date(2025, 11, 1), date(2026, 10, 1))
COUNTS = st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@given(COUNTS, st.floats(0.5, 4))
def test_wilson_is_what_statsmodels_computes(count: tuple[int, int], z: float) -> None:
    alpha = 2 * NormalDist().cdf(-z)
    assert wilson(*count, z) == pytest.approx(proportion_confint(*count, alpha, "wilson"), abs=1e-12)


@given(COUNTS)
def test_more_cases_of_the_same_share_are_surer(count: tuple[int, int]) -> None:
    (low, high), (nearer, closer) = wilson(*count), wilson(count[0] * 4, count[1] * 4)
    assert nearer >= low - 1e-12 and closer <= high + 1e-12
    assert high - low < 1 and Z_95 < Z_FUNNEL
    assert wilson(0, 0) == (0.0, 1.0)


@given(COUNTS, st.floats(0.001, 0.999))
def test_outside_the_limits_is_where_wilson_leaves_the_whole_out(count: tuple[int, int], whole: float) -> None:
    low, high = wilson(*count, Z_FUNNEL)
    lower, upper = limits(whole, count[1])
    assert 0 <= lower <= whole <= upper <= 1
    place = funnel_point("A", *count, whole, 1.0)
    if count[1] < MIN_DENOMINATOR:
        assert place.side is None and place.too_few
    elif min(abs(whole - low), abs(whole - high)) > 1e-9:
        assert place.side == (1 if whole < low else -1 if whole > high else 0)


def test_of_a_whole_that_is_all_or_nothing_nobody_differs_who_is_the_same() -> None:
    assert limits(0.0, 50) == (0.0, 0.0) and limits(1.0, 50) == (1.0, 1.0)
    assert funnel_point("A", 50, 50, 1.0, 1.0).side == 0 and funnel_point("A", 0, 50, 0.0, 1.0).side == 0


@pytest.mark.parametrize("code", ["e_service_coverage", "digital_submission", "digital_handling"])
def test_the_example_a_second_time(cursor: duckdb.DuckDBPyConnection, code: str) -> None:
    found = funnel(cursor, code, SCOPE)
    assert found is not None
    rows = [row for row in measure(cursor, code, SCOPE, "branch") if row.denominator]
    part, whole = sum(int(row.numerator or 0) for row in rows), sum(int(row.denominator or 0) for row in rows)
    assert found.share == pytest.approx(part / whole)
    assert {place.key for place in found.points} == {row.by["branch"] for row in rows}
    for place in found.points:
        row = next(row for row in rows if row.by["branch"] == place.key)
        errors = (place.value - part / whole) / sqrt(part / whole * (1 - part / whole) / int(row.denominator or 1))
        expected = (
            None if (row.denominator or 0) < MIN_DENOMINATOR else 0 if abs(errors) <= 3 else 1 if errors > 0 else -1
        )
        assert (place.side, place.low_coverage) == (expected, (row.coverage or 0) < MIN_COVERAGE)
    assert {place.side for place in found.comparable} <= {-1, 0, 1}
    assert [place.denominator for place in found.points] == sorted((p.denominator for p in found.points), reverse=True)


def test_one_department_or_a_whole_of_few_has_nothing_to_compare(cursor: duckdb.DuckDBPyConnection) -> None:
    assert funnel(cursor, "e_service_coverage", Scope(SCOPE.month_from, SCOPE.month_to, ("VOF",))) is None
    assert funnel(cursor, "digital_submission", Scope(SCOPE.month_from, SCOPE.month_to, ("RTJ",))) is None
    assert funnel(cursor, "digital_submission", Scope(date(2019, 1, 1), date(2019, 1, 1))) is None
