"""A change of a share is significant exactly when the pooled test of two proportions says so."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportions_ztest

from analytics.metrics.measure import Row
from analytics.statistics.significance import MIN_DENOMINATOR, significant_change

COUNTS = st.integers(MIN_DENOMINATOR, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def row(part: int, whole: int, coverage: float = 1.0) -> Row:
    return Row({}, part, whole, part / whole, whole, coverage, "value")


@given(COUNTS, COUNTS)
def test_a_flow_changed_where_statsmodels_finds_two_standard_errors(
    now: tuple[int, int], then: tuple[int, int]
) -> None:
    z, _p = (
        proportions_ztest((now[0], then[0]), (now[1], then[1])) if 0 < now[0] + then[0] < now[1] + then[1] else (0, 1)
    )
    assume(abs(abs(z) - 2) > 1e-9)
    change = significant_change("digital_submission", row(*now), row(*then))
    assert (change is not None) == (abs(z) > 2)
    assert change is None or change.points == pytest.approx(now[0] / now[1] - then[0] / then[1])


def test_a_stock_is_no_sample() -> None:
    change = significant_change("e_service_coverage", row(51, 100), row(50, 100))
    assert change is not None and change.points == pytest.approx(0.01)


def test_few_or_unknown_is_not_compared() -> None:
    many, few = row(50, 100), row(5, MIN_DENOMINATOR - 1)
    assert significant_change("e_service_coverage", many, few) is None
    assert significant_change("e_service_coverage", replace(many, value=None), many) is None


def test_a_change_with_other_coverage_may_be_reporting() -> None:
    change = significant_change("e_service_coverage", row(60, 100, 0.9), row(50, 100, 0.8))
    assert change is not None and change.is_reporting
    steady = significant_change("e_service_coverage", row(60, 100, 0.9), row(50, 100, 0.88))
    assert steady is not None and not steady.is_reporting
