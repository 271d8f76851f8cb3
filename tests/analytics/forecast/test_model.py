"""Forecasts stay within 0–100 %, hold their own middle, say the same of the same, and are refused where little is known."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.forecast.history import MIN_COVERED, MIN_MONTHS, History, Point, Refusal, history
from analytics.forecast.level_shifts import RegisterChange
from analytics.forecast.model import (
    HORIZON,
    NEARLY_ALL,
    WIDEST_INTERVAL,
    YEAR,
    Forecast,
    forecast,
    forecast_scope,
    project,
)
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope, add_months, months_between
from data.store import Store

FIRST = date(2023, 1, 1)
SCOPE = Scope(date(2025, 11, 1), date(2026, 10, 1))
FLOWS = ("digital_submission", "digital_handling")
Volumes = list[tuple[int, int]]
PAIRS = st.tuples(st.integers(0, 60), st.integers(0, 60))


def made(volumes: Volumes, *, stock: bool = False) -> Forecast:
    result = project(make_history(volumes), stock=stock)
    assert isinstance(result, Forecast)
    return result


def make_history(volumes: Volumes) -> History:
    points = tuple(Point(add_months(FIRST, i), d, o) for i, (d, o) in enumerate(volumes))
    return History(points, 1, 1, 1.0)


@settings(max_examples=12)
@given(st.lists(PAIRS, min_size=MIN_MONTHS, max_size=30), st.booleans())
@example([(0, 0)] * 30, False)
@example([(0, 40)] * 30, False)
@example([(40, 0)] * 30, False)
@example([(20, 20)] * MIN_MONTHS, True)
@example([(0, 1), (1, 0)] * 15, False)
@example([(i, 10**6 * (i % 2)) for i in range(30)], False)
@example([(0, 40)] * 29 + [(10**6, 0)], False)
@example([(20, 20)] * 28 + [(0, 0)] * 2, False)
def test_a_forecast_is_a_share_with_its_middle_inside(volumes: Volumes, stock: bool) -> None:
    history = make_history([(d + stock, o) for d, o in volumes])  # a register is never empty
    result = project(history, stock=stock)
    if isinstance(result, Refusal):
        assert result.reason in ("tests", "missed")
        return
    assert len(result.future) == min(HORIZON, max(YEAR + 1, len(volumes)))
    for one in result.future:
        assert 0 <= one.low <= one.value <= one.high <= 1
    assert [one.month for one in result.future] == [
        add_months(FIRST, len(volumes) + i) for i in range(len(result.future))
    ]
    assert all(0 <= share <= 1 for _month, share in result.past)


def test_what_never_moved_stays() -> None:
    """And where it could have moved, the interval is what chance alone does."""
    for volumes, share in (([(0, 40)] * 30, 0), ([(40, 0)] * 30, 1)):
        assert all(
            (one.low, one.value, one.high) == pytest.approx((share,) * 3, abs=1e-4) for one in made(volumes).future
        )
    for one in made([(30, 10)] * 30).future:
        assert one.value == pytest.approx(0.75) and 0 < one.high - one.low < 0.15


def test_a_million_times_as_many_cases_are_as_digital() -> None:
    volumes = [(800 + 7 * (i % 5), 200 + 3 * (i % 4)) for i in range(30)]
    few, many = (made([(d * n, o * n) for d, o in volumes]).future for n in (1, 1_000_000))
    for one, other in zip(few, many, strict=True):
        assert abs(one.value - other.value) < 0.01 and 0.78 < other.low <= other.high < 0.83


def test_the_same_data_give_the_same_forecast() -> None:
    volumes = [(20 + i + i % 5, 60 - i % 7) for i in range(30)]
    assert project(make_history(volumes)) == project(make_history(volumes))


@pytest.mark.parametrize("months", [15, 24, 36])
@pytest.mark.parametrize("stock", [True, False])
def test_a_straight_line_goes_on(months: int, stock: bool) -> None:
    """One of a hundred more a month: a year ahead the line is within a point and a half, and the truth inside."""
    result = made([(30 + i, 70 - i) for i in range(months)], stock=stock)
    assert result.trend and not result.shifts and result.pace == pytest.approx(0.01)
    ahead = result.future[YEAR - 1]
    truth = result.latest[1] + 0.01 * YEAR
    assert ahead.low <= truth <= ahead.high and abs(ahead.value - truth) < 0.02


@pytest.mark.parametrize("registered", [True, False])
def test_a_launch_three_months_ago_is_a_step_and_no_trend(registered: bool) -> None:
    """From 50 to 70 % of some 400 cases, three months ago. A point is twelve months, so what is known of them still rises."""
    shares = [0.5] * 27 + [0.7] * 3
    cases = [400 + 9 * (i % 7) for i in range(30)]
    volumes = [
        (round(n * share) + (-1) ** i * 4, n - round(n * share) - (-1) ** i * 4)
        for i, (n, share) in enumerate(zip(cases, shares, strict=True))
    ]
    launch = RegisterChange(add_months(FIRST, 27), "launched", "E-1")
    known = replace(make_history(volumes), changes=(launch,) if registered else ())
    result = project(known)
    assert isinstance(result, Forecast) and not result.trend
    (shift,) = result.shifts
    assert shift == result.recent_shift and shift.month == launch.month and shift.size == pytest.approx(0.2, abs=0.02)
    assert shift.changes == known.changes
    assert [result.future[i].value for i in (8, 11, 23)] == pytest.approx([0.7] * 3, abs=0.02)
    assert result.future[YEAR - 1].low <= 0.7 <= result.future[YEAR - 1].high


def test_a_launch_of_long_ago_is_told_no_more() -> None:
    volumes = [(50 + i % 3, 50 - i % 3) for i in range(12)] + [(75 + i % 3, 25 - i % 3) for i in range(14)]
    known = replace(make_history(volumes), changes=(RegisterChange(add_months(FIRST, 12), "launched", "E-1"),))
    result = project(known)
    assert isinstance(result, Forecast) and len(result.shifts) == 1 and result.recent_shift is None


def test_one_launch_is_how_a_register_moves() -> None:
    """A launch in a register of thirty moves the share by three points: that is its pace, and no level shift."""
    known = make_history([(10 + i // 5, 20 - i // 5) for i in range(30)])
    launches = tuple(RegisterChange(add_months(FIRST, i), "launched", f"E-{i}") for i in range(0, 30, 5))
    result = project(replace(known, changes=launches), stock=True)
    assert isinstance(result, Forecast) and not result.shifts and result.trend


def test_what_stood_at_nothing_has_too_short_a_history() -> None:
    """The months at 0 % hold no chance to learn: seven months since are too few, however long it stood there."""
    volumes = [(0, 100)] * 30 + [(50 + i, 50 - i) for i in range(7)]
    assert project(make_history(volumes)) == Refusal("tests", 7, add_months(FIRST, 30))
    assert project(make_history(volumes[-11:-7] + [(20, 20), (25, 15)] * 3)) == Refusal(
        "tests", 6, add_months(FIRST, 4)
    )
    assert project(make_history([(20, 20), (25, 15)] * 5)) == Refusal("tests", 10)


def test_the_season_is_learnt_and_each_point_is_a_year() -> None:
    """January is ten times as large and all digital: only who knows the season says how the year's share goes on."""
    volumes = [(400 + i, 4) if i % YEAR == 0 else (20, 20 + i % 3) for i in range(36)]
    result = made(volumes)
    assert result.window == YEAR and len(result.past) == 36 - 11
    assert [made(volumes[:n]).window for n in (18, 19)] == [1, YEAR]
    last = volumes[-YEAR:]
    assert result.latest == (
        add_months(FIRST, 35),
        pytest.approx(sum(d for d, _o in last) / sum(d + o for d, o in last)),
    )
    assert all(one.value == pytest.approx(result.latest[1], abs=0.03) for one in result.future[:YEAR])


def test_when_it_is_reached() -> None:
    result = made([(40 + i, 60 - i) for i in range(24)], stock=True)
    for share in (0.65, 0.7, 1.0):
        there, earliest = result.median_reaches(share), result.upper_bound_reaches(share)
        later = [one for one in result.future if one.value >= min(share, NEARLY_ALL)]
        assert there == (later[0].month if later else None)
        assert there is None or (earliest is not None and earliest <= there)
    assert result.median_reaches(0.0) == result.future[0].month


@pytest.mark.parametrize("code", FLOWS)
def test_the_history_is_the_goals_own_where_everything_is_known(cursor: duckdb.DuckDBPyConnection, code: str) -> None:
    scope = replace(SCOPE, departments=("BMF",))
    result = history(cursor, code, scope)
    assert isinstance(result, History) and result.covered_share == 1
    rows = measure(cursor, code, replace(scope, month_from=result.points[0].month), "month")
    assert [(p.month, p.digital, p.digital + p.other) for p in result.points] == [
        (row.by["month"], row.numerator, row.denominator) for row in rows
    ]


def test_who_stopped_reporting_is_not_in_the_history(cursor: duckdb.DuckDBPyConnection) -> None:
    """Health and social care stops in March 2026. Without the guard the digital share would seem to leap."""
    result = history(cursor, "digital_submission", SCOPE)
    assert (
        isinstance(result, History)
        and MIN_COVERED <= result.covered_share < 1
        and result.services < result.counted_services
    )
    months = replace(SCOPE, month_from=result.points[0].month)
    rest = {row.by["department"] for row in measure(cursor, "digital_submission", SCOPE, "department")}
    gone = {"ALD", "BOU", "EKB", "FUN", "IFO", "VOF", "VXE"}
    others = replace(months, departments=tuple(str(d) for d in rest - gone - {None}))
    rows = measure(cursor, "digital_submission", others, "month")
    for point, row in zip(result.points, rows, strict=True):
        assert point.digital <= (row.numerator or 0) and point.digital + point.other <= (row.denominator or 0)


def test_a_forecast_heeds_neither_the_periods_start_nor_the_comparison(cursor: duckdb.DuckDBPyConnection) -> None:
    scope = replace(SCOPE, departments=("KFF",), audience="external")
    assert forecast_scope(scope) == forecast_scope(replace(scope, month_from=FIRST, comparison=None))
    assert forecast_scope(scope).departments == ("KFF",) and forecast_scope(scope).audience == "external"
    assert forecast(cursor, "digital_submission", scope) == Refusal("few", history_months(cursor, scope))


def test_a_forecast_ends_where_it_says_nothing(cursor: duckdb.DuckDBPyConnection) -> None:
    """Children and education had one launch after the other until June 2025; the municipality is steadier."""
    leap = forecast(cursor, "digital_handling", Scope(date(2024, 7, 1), date(2025, 6, 1), departments=("BUF",)))
    assert isinstance(leap, Refusal) and leap.reason == "wide" and leap.month and leap.month <= date(2026, 6, 1)
    assert (leap.high or 0) - (leap.low or 0) > WIDEST_INTERVAL
    steady = forecast(cursor, "digital_handling", SCOPE)
    assert isinstance(steady, Forecast) and YEAR <= len(steady.future) <= HORIZON
    assert all(one.high - one.low <= WIDEST_INTERVAL for one in steady.future)


def test_seven_months_from_nothing_to_half_are_too_few(cursor: duckdb.DuckDBPyConnection) -> None:
    """Building and environment got a digital archive in April 2026, and with it half of its cases handled digitally."""
    result = forecast(cursor, "digital_handling", replace(SCOPE, departments=("BMF",)))
    assert result == Refusal("tests", 7, date(2026, 4, 1))


def history_months(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> int:
    """How many months a department has from its first fully reported one on."""
    rows = measure(cursor, "digital_submission", replace(scope, month_from=FIRST), "month")
    return months_between(next(row.by["month"] for row in rows if row.denominator), scope.month_to) + 1


def counts(months: Iterator[date], services: str, phone: int | str, web: int | str) -> str:
    return "".join(
        f"{s};{m:%Y-%m};telefon;{phone}\n{s};{m:%Y-%m};e-tjänst;{web}\n" for m in months for s in services.split()
    )


def month_span(first: str, months: int) -> Iterator[date]:
    return (add_months(date.fromisoformat(f"{first}-01"), i) for i in range(months))


CASES = (
    counts(month_span("2026-05", 6), "SHORT", 30, 10)
    + counts(month_span("2025-11", 12), "SMALL", 3, 2)
    + counts(month_span("2025-01", 16), "GAP", 30, 10)
    + counts(month_span("2026-05", 1), "GAP", "", "")
    + counts(month_span("2026-06", 5), "GAP", 30, 10)
    + counts(month_span("2025-11", 12), "STAYS", 30, 10)
    + counts(month_span("2025-11", 6), "LEFT1 LEFT2 LEFT3", 30, 10)
    + counts(month_span("2026-05", 6), "LEFT1 LEFT2 LEFT3", "", 10)
    + counts(month_span("2025-11", 12), "STILL", 30, 0)
    + counts(month_span("2025-11", 11), "FINE", 30, 10)
    + counts(month_span("2026-10", 1), "FINE", 30, 20)
    + counts(month_span("2025-01", 22), "OLD", 30, 10)
    + counts(month_span("2025-01", 13), "NEW", "", 40)
    + counts(month_span("2026-02", 8), "NEW", 20, 40)
    + counts(month_span("2026-10", 1), "NEW", 30, 30)
)
SERVICES = {"SHORT": "A", "SMALL": "B", "GAP": "C", "STAYS": "D", "LEFT1": "D", "LEFT2": "D", "LEFT3": "D"}
SERVICES |= {"STILL": "E", "FINE": "F", "SILENT": "G", "OLD": "H", "NEW": "H"}
TABLES = {
    "departments": "verksamhet_id;namn\n" + "".join(f"{code};{code}\n" for code in "ABCDEFGH"),
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\n"
    + "".join(f"{s};{s};{d};extern\n" for s, d in SERVICES.items()),
    "case_counts": "tjanst_id;manad;kanal;antal\n" + CASES,
}


def test_why_there_is_no_forecast(small_store: Callable[..., Store]) -> None:
    with small_store(TABLES).database().cursor() as cursor:
        result = {d: history(cursor, "digital_submission", replace(SCOPE, departments=(d,))) for d in "ABCDEFGH"}
        early = history(cursor, "digital_submission", Scope(SCOPE.month_from, date(2027, 2, 1)))
        handling = history(cursor, "digital_handling", replace(SCOPE, departments=("F",)))
    assert result["A"] == Refusal("months", 6)
    assert result["B"] == Refusal("few", 12)
    assert result["C"] == Refusal("gap", 5, date(2026, 5, 1))
    assert (
        isinstance(result["D"], Refusal)
        and result["D"].reason == "coverage"
        and result["D"].covered_share == pytest.approx(1 / 4)
    )
    assert result["E"] == Refusal("constant", 12)
    assert isinstance(result["F"], History) and [p.digital for p in result["F"].points] == [10] * 11 + [20]
    assert isinstance(result["H"], History) and result["H"].points[0] == Point(
        date(2026, 2, 1), 50, 50
    )  # silence is no zero
    assert [point.digital for point in result["H"].points] == [50] * 8 + [40] and result["H"].members == ("NEW", "OLD")
    assert early == Refusal("gap", 0, date(2026, 11, 1))
    assert result["G"] == handling == Refusal("nothing")
