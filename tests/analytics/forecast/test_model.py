"""Forecasts stay within 0–100 %, hold their own middle, say the same of the same, and are refused where little is known."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.forecast.history import MIN_COVERED, MIN_MONTHS, History, Point, Refusal, history
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
def test_a_forecast_is_a_share_with_its_middle_inside(volumes: Volumes, stock: bool) -> None:
    result = project(make_history(volumes), stock=stock)
    assert len(result.future) == HORIZON
    for one in result.future:
        assert 0 <= one.low <= one.value <= one.high <= 1
    assert [one.month for one in result.future] == [add_months(FIRST, len(volumes) + i) for i in range(HORIZON)]
    assert all(0 <= share <= 1 for _month, share in result.past)


def test_what_never_moved_stays() -> None:
    for volumes, share in (([(0, 40)] * 30, 0), ([(40, 0)] * 30, 1), ([(30, 10)] * 30, 0.75)):
        assert {(one.low, one.value, one.high) for one in project(make_history(volumes)).future} == {
            (share, share, share)
        }


def test_a_million_times_as_many_cases_are_as_digital() -> None:
    volumes = [(800 + 7 * (i % 5), 200 + 3 * (i % 4)) for i in range(30)]
    few, many = (project(make_history([(d * n, o * n) for d, o in volumes])).future for n in (1, 1_000_000))
    for one, other in zip(few, many, strict=True):
        assert abs(one.value - other.value) < 0.01 and 0.75 < other.low <= other.high < 0.85


def test_the_same_data_give_the_same_forecast() -> None:
    volumes = [(20 + i + i % 5, 60 - i % 7) for i in range(30)]
    assert project(make_history(volumes)) == project(make_history(volumes))


def test_a_straight_line_goes_on_and_slows_down() -> None:
    """One of a hundred services more a month."""
    result = project(make_history([(40 + i, 60 - i) for i in range(24)]), stock=True)
    assert result.window == 1 and result.pace == pytest.approx(0.01)
    _month, now = result.latest
    values = [one.value for one in result.future]
    assert values == sorted(values) and now + 0.02 < values[5] < now + 0.07
    assert result.future[5].low < result.future[5].high


def test_the_season_is_learnt_and_each_point_is_a_year() -> None:
    """January is ten times as large and all digital: only who knows the season says so of the next one."""
    volumes = [(400 + i, 4) if i % YEAR == 0 else (20, 20 + i % 3) for i in range(36)]
    months = project(make_history(volumes), single=True).future
    assert months[0].value > 0.9 and all(one.value < 0.75 for one in months[1:11])
    result = project(make_history(volumes))
    assert result.window == YEAR and len(result.past) == 36 - 11
    assert [project(make_history(volumes[:n]), months=1).window for n in (18, 19)] == [1, YEAR]
    last = volumes[-YEAR:]
    assert result.latest == (
        add_months(FIRST, 35),
        pytest.approx(sum(d for d, _o in last) / sum(d + o for d, o in last)),
    )
    assert all(one.value == pytest.approx(result.latest[1], abs=0.1) for one in result.future[:YEAR])


def test_when_it_is_reached() -> None:
    result = project(make_history([(40 + i, 60 - i) for i in range(24)]), stock=True)
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
    """Building and environment went from nothing to half in a year, in steps; together the services are steadier."""
    leap = forecast(cursor, "digital_handling", replace(SCOPE, departments=("BMF",)))
    assert isinstance(leap, Refusal) and leap.reason == "wide" and leap.month == date(2027, 10, 1)
    assert (leap.high or 0) - (leap.low or 0) > WIDEST_INTERVAL
    steady = forecast(cursor, "digital_handling", SCOPE)
    assert isinstance(steady, Forecast) and YEAR <= len(steady.future) <= HORIZON
    assert all(one.high - one.low <= WIDEST_INTERVAL for one in steady.future)


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
)
SERVICES = {"SHORT": "A", "SMALL": "B", "GAP": "C", "STAYS": "D", "LEFT1": "D", "LEFT2": "D", "LEFT3": "D"}
SERVICES |= {"STILL": "E", "FINE": "F", "SILENT": "G"}
TABLES = {
    "departments": "verksamhet_id;namn\n" + "".join(f"{code};{code}\n" for code in "ABCDEFG"),
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\n"
    + "".join(f"{s};{s};{d};extern\n" for s, d in SERVICES.items()),
    "case_counts": "tjanst_id;manad;kanal;antal\n" + CASES,
}


def test_why_there_is_no_forecast(small_store: Callable[..., Store]) -> None:
    with small_store(TABLES).database().cursor() as cursor:
        result = {d: history(cursor, "digital_submission", replace(SCOPE, departments=(d,))) for d in "ABCDEFG"}
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
    assert early == Refusal("gap", 0, date(2026, 11, 1))
    assert result["G"] == handling == Refusal("nothing")
