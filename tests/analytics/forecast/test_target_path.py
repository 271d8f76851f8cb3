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
    lambda found: TargetPath(None, True, tuple(Target(*pair) for pair in sorted(found.items())))
)


@given(PATHS)
def test_it_is_exact_at_the_dates(way: TargetPath) -> None:
    assert [way.at(target.day) for target in way.targets] == [target.share for target in way.targets]
    assert way.at(way.targets[0].day - timedelta(1)) is None
    assert way.at(way.targets[-1].day + timedelta(400)) == way.targets[-1].share


@given(PATHS, DAYS)
def test_between_two_targets_it_lies_between_their_shares(way: TargetPath, day: date) -> None:
    asked = way.at(day)
    before = [target for target in way.targets if target.day <= day]
    after = [target for target in way.targets if target.day >= day]
    assert (asked is None) == (not before)
    if asked is not None and after:
        low, high = sorted((before[-1].share, after[0].share))
        assert low - 1e-9 <= asked <= high + 1e-9
    assert way.next(day) == next((target for target in way.targets if target.day > day), None)


@given(PATHS, DAYS, SHARES)
def test_ahead_is_above_it_and_later_on_it(way: TargetPath, day: date, share: float) -> None:
    """So many months on, or back, the path is where one stands now."""
    asked, standing = way.at(day), way.deviation(day, share)
    if asked is None or standing is None:
        assert asked is None and standing is None
        return
    assert standing.points == pytest.approx(share - asked)
    if standing.months is None:
        return
    assert standing.points * standing.months >= 0
    there = day + timedelta(days=round(standing.months * MONTH))
    around = [way.at(there + timedelta(d)) for d in (-1, 0, 1)]
    known = [value for value in around if value is not None]
    assert min(known) - 1e-6 <= share <= max(known) + 1e-6


def test_ahead_and_behind_in_numbers() -> None:
    """Ten points a year, from half on New Year's Day 2025."""
    way = TargetPath(None, True, (Target(date(2025, 1, 1), 0.5), Target(date(2027, 1, 1), 0.7)))
    day = date(2026, 1, 1)
    assert way.at(day) == pytest.approx(0.6)
    ahead, behind = way.deviation(day, 0.65), way.deviation(day, 0.55)
    assert ahead and ahead.points == pytest.approx(0.05) and ahead.months == pytest.approx(6, abs=0.05)
    assert behind and behind.points == pytest.approx(-0.05) and behind.months == pytest.approx(-6, abs=0.05)
    over, under = way.deviation(day, 0.9), way.deviation(day, 0.4)
    assert over and over.months is None and under and under.months is None


@pytest.mark.parametrize(
    ("departments", "goal", "owner", "own"),
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
    cursor: duckdb.DuckDBPyConnection, departments: tuple[str, ...], goal: str, owner: str | None, own: bool
) -> None:
    found = target_path(cursor, goal, replace(SCOPE, departments=departments))
    assert found and (found.owner, found.exact_match) == (owner, own)
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
