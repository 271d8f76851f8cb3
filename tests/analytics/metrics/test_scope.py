"""The scope: periods, comparisons, conditions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.scope import Scope, add_months, month_range, months_between

MONTHS = st.dates(date(1990, 1, 1), date(2100, 12, 1)).map(lambda d: d.replace(day=1))


@given(MONTHS, st.integers(-600, 600))
def test_shifting_there_and_back_changes_nothing(month: date, months: int) -> None:
    there = add_months(month, months)
    assert there.day == 1
    assert months_between(month, there) == months
    assert add_months(there, -months) == month


@given(MONTHS, st.integers(0, 60))
def test_the_previous_period_ends_where_the_period_begins(month: date, more: int) -> None:
    scope = Scope(month, add_months(month, more), comparison="previous")
    before = scope.compared()
    assert before is not None
    assert before.months == scope.months == more + 1
    assert add_months(before.month_to, 1) == scope.month_from


def test_last_year_is_the_same_months_a_year_earlier() -> None:
    before = Scope(date(2026, 1, 1), date(2026, 4, 1), ("A",), "external", comparison="last_year").compared()
    assert before == Scope(date(2025, 1, 1), date(2025, 4, 1), ("A",), "external", comparison="last_year")


@given(MONTHS, st.integers(0, 60), MONTHS)
def test_a_month_begins_a_comparison_of_as_many_months(month: date, more: int, begins: date) -> None:
    before = Scope(month, add_months(month, more), comparison=begins).compared()
    assert before is not None and (before.month_from, before.months) == (begins, more + 1)
    if begins.day == 1:
        with pytest.raises(ValueError, match="first day"):
            Scope(month, month, comparison=begins.replace(day=2))


def test_no_comparison_asked_for_gives_none() -> None:
    assert Scope(date(2026, 1, 1), date(2026, 1, 1), comparison=None).compared() is None


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 2, 1), date(2026, 1, 1)), (date(2026, 1, 2), date(2026, 2, 1))]
)
def test_an_impossible_period_is_refused(first: date, last: date) -> None:
    with pytest.raises(ValueError, match="period"):
        Scope(first, last)


def test_a_filter_that_cannot_apply_is_named_and_left_out_of_the_condition() -> None:
    scope = Scope(date(2026, 1, 1), date(2026, 1, 1), ("A",), "internal", ("s1",))
    only_departments = frozenset({"department"})
    assert scope.cannot_apply(only_departments) == ("audience", "service")
    condition, bound = scope.condition(only_departments, stock=False)
    assert "audience" not in condition and "service" not in condition
    assert bound["departments"] == ["A"]


@given(MONTHS, st.integers(0, 60))
def test_a_range_of_months_holds_each_once(first: date, more: int) -> None:
    months = month_range(first, add_months(first, more))
    assert len(months) == more + 1
    assert [months_between(first, month) for month in months] == list(range(more + 1))
