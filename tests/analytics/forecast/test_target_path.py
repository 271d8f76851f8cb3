"""The path between dated targets: exact at the dates, never outside its neighbours, and ahead or behind with the right sign."""

from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.forecast.target_path import MONTH, Target, TargetPath, month_end, target_path
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope

SCOPE = Scope(date(2025, 11, 1), date(2026, 10, 1))
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
SHARES = st.integers(0, 100).map(lambda whole: whole / 100)
PATHS = st.dictionaries(DAYS, SHARES, min_size=1, max_size=6).map(
    lambda result: TargetPath(None, True, tuple(Target(*pair) for pair in sorted(result.items())))
)


@given(PATHS)
def test_it_is_exact_at_the_dates(direction: TargetPath) -> None:
    assert [direction.at(target.day) for target in direction.targets] == [target.share for target in direction.targets]
    assert direction.at(direction.targets[0].day - timedelta(1)) is None
    assert direction.at(direction.targets[-1].day + timedelta(400)) == direction.targets[-1].share


@given(PATHS, DAYS)
def test_between_two_targets_it_lies_between_their_shares(direction: TargetPath, day: date) -> None:
    expected = direction.at(day)
    before = [target for target in direction.targets if target.day <= day]
    after = [target for target in direction.targets if target.day >= day]
    assert (expected is None) == (not before)
    if expected is not None and after:
        low, high = sorted((before[-1].share, after[0].share))
        assert low - 1e-9 <= expected <= high + 1e-9
    assert direction.next(day) == next((target for target in direction.targets if target.day > day), None)


@given(PATHS, DAYS, SHARES)
def test_ahead_is_above_it_and_later_on_it(direction: TargetPath, day: date, share: float) -> None:
    """So many months on, or back, the path is where one stands now."""
    expected, deviation = direction.at(day), direction.deviation(day, share)
    if expected is None or deviation is None:
        assert expected is None and deviation is None
        return
    assert deviation.points == pytest.approx(share - expected)
    if deviation.months is None:
        return
    assert deviation.points * deviation.months >= 0
    there = day + timedelta(days=round(deviation.months * MONTH))
    around = [direction.at(there + timedelta(d)) for d in (-1, 0, 1)]
    known = [value for value in around if value is not None]
    assert min(known) - 1e-6 <= share <= max(known) + 1e-6


def test_ahead_and_behind_in_numbers() -> None:
    """Ten points a year, from half on New Year's Day 2025."""
    direction = TargetPath(None, True, (Target(date(2025, 1, 1), 0.5), Target(date(2027, 1, 1), 0.7)))
    day = date(2026, 1, 1)
    assert direction.at(day) == pytest.approx(0.6)
    ahead, behind = direction.deviation(day, 0.65), direction.deviation(day, 0.55)
    assert ahead and ahead.points == pytest.approx(0.05) and ahead.months == pytest.approx(6, abs=0.05)
    assert behind and behind.points == pytest.approx(-0.05) and behind.months == pytest.approx(-6, abs=0.05)
    over, under = direction.deviation(day, 0.9), direction.deviation(day, 0.4)
    assert over and over.months is None and under and under.months is None


def test_a_level_path_has_no_months() -> None:
    """Half until 2026, and no more until 2027: who is behind is not so many months behind, nor after the last target."""
    shares = ((date(2025, 1, 1), 0.3), (date(2026, 1, 1), 0.5), (date(2027, 1, 1), 0.5))
    direction = TargetPath(None, True, tuple(Target(*pair) for pair in shares))
    for day in (date(2026, 6, 1), date(2028, 1, 1)):
        behind = direction.deviation(day, 0.4)
        assert behind and behind.points == pytest.approx(-0.1) and behind.months is None
    rising = direction.deviation(date(2026, 1, 1), 0.4)
    assert rising and rising.months == pytest.approx(-6, abs=0.05)


@pytest.mark.parametrize(
    ("departments", "goal", "owner", "department"),
    [
        ((), "digital_submission", None, True),
        (("BUF",), "digital_submission", "BUF", True),
        (("GRS",), "digital_submission", "BUF", False),
        (("VOF",), "digital_submission", None, False),
        (("BUF", "BMF"), "digital_submission", None, False),
        (("BUF",), "digital_handling", None, False),
        (("NADA",), "digital_handling", None, False),
    ],
)
def test_whose_it_is(
    cursor: duckdb.DuckDBPyConnection, departments: tuple[str, ...], goal: str, owner: str | None, department: bool
) -> None:
    result = target_path(cursor, goal, replace(SCOPE, departments=departments))
    assert result and (result.owner, result.exact_match) == (owner, department)
    narrowed = target_path(cursor, goal, replace(SCOPE, departments=departments, audience="external"))
    assert narrowed and narrowed.owner == owner and not narrowed.exact_match


def test_the_path_starts_where_its_owner_stood(cursor: duckdb.DuckDBPyConnection) -> None:
    stock, flow = target_path(cursor, "e_service_coverage", SCOPE), target_path(cursor, "digital_submission", SCOPE)
    first = measure(cursor, "e_service_coverage", Scope(date(2023, 1, 1), date(2023, 1, 1)))[0]
    year = measure(cursor, "digital_submission", Scope(date(2023, 1, 1), date(2023, 12, 1)))[0]
    assert stock and stock.start == Target(date(2023, 1, 31), float(first.value or 0))
    assert flow and flow.start == Target(date(2023, 12, 31), float(year.value or 0))
    assert [target.share for target in stock.targets] == [0.55, 0.7, 0.85, 1.0]
    assert month_end(date(2024, 2, 1)) == date(2024, 2, 29)
