"""Counting weeks: which months they fill and with what, by plain loops; how sure that is; and who counts which weeks."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from math import inf, sqrt
from statistics import fmean, variance

import duckdb
import pytest
from scipy.stats import t

from analytics.forecast.history import History, Point
from analytics.forecast.model import Forecast, ForecastPoint, _with_weeks
from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope, add_months, month_range
from analytics.quality.counting_weeks import DRAWN, Desk, desks, plan, samples
from analytics.statistics.confidence import funnel_point, limits
from analytics.statistics.control_charts import evaluate
from analytics.statistics.significance import significant_change
from analytics.statistics.week_estimates import change_between, error, error_of_part, errors_by, narrowest, used
from data.coverage import Coverage
from data.schema.catalogue import datasets
from data.store import Store
from tests import recompute

TODAY = date(2026, 11, 2)
SCOPE = Scope(date(2026, 1, 1), date(2026, 10, 1))
COUNTED = {  # T1's calls by the Monday of the week: spring, summer, autumn, and two holidays
    "2026-01-12": 6, "2026-02-09": 9, "2026-05-18": 4, "2026-06-01": 3, "2026-07-06": 0, "2026-08-10": 5, "2026-09-07": 8,
    "2026-10-12": 7, "2026-04-06": 2, "2026-06-15": 5,
}  # fmt: skip
MONTHS = [f"2026-{month:02}" for month in range(1, 11)]
TABLES = {
    "departments": "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;publicerad_till;aktiv\n"
    "T1;Ett;A;extern;2020-01-01;;ja\nT2;Två;A;extern;2026-03-15;;ja\nT3;Tre;B;extern;2020-01-01;;ja\n",
    "e_services": "etjanst_id;namn;typ;plattform;lanserad;avvecklad;aktiverad\n"
    + "".join(f"E{n};E{n};e-tjänst;Open ePlatform;2020-01-01;;ja\n" for n in (1, 2, 3)),
    "links": "tjanst_id;etjanst_id;hor_ihop\nT1;E1;ja\nT2;E2;ja\nT3;E3;ja\n",
    "case_counts": "tjanst_id;etjanst_id;manad;kanal;assisterat;antal\n"
    + "".join(f"{service};;{month};e-tjänst;nej;40\n" for service in ("T1", "T2") for month in MONTHS)
    + "T1;;2026-06;telefon;nej;77\nT1;;2026-05;telefon;nej;\nT1;;2026-01;besök;nej;1\n",
    "counted_weeks": "tjanst_id;kanal;mandag;antal\n"
    + "".join(f"T1;telefon;{day};{n}\n" for day, n in COUNTED.items())
    + "T1;telefon;2026-01-12;6\nT1;besök;2026-02-09;5\nT1;besök;2026-03-02;5\n"  # visits are covered: no row is 0
    + "T1;e-tjänst;2026-02-09;5\nT1;e-tjänst;2026-03-02;5\n"  # which counts itself
    + "T2;brev;2026-02-09;3\nT2;brev;2026-02-18;1\nT2;brev;2026-06-03;1\n",  # one of them before it is published
}
COVERS = {"case_counts": Coverage(("visit",), "file", date(2026, 1, 1), date(2026, 10, 1))}


@pytest.fixture
def weeks(small_store: Callable[..., Store]) -> Iterator[duckdb.DuckDBPyConnection]:
    with small_store(TABLES, COVERS, TODAY).database().cursor() as cursor:
        yield cursor


def plain() -> recompute.Tables:
    """The same tables for the plain loops."""
    files = []
    for code, text in TABLES.items():
        covers = (["besök"], "file", "2026-01", "2026-10") if code == "case_counts" else None
        rows = list(csv.DictReader(StringIO(text), delimiter=";"))
        files.append(recompute.File(datasets()[code].header, rows, covers=covers))
    return recompute.state(files, TODAY.isoformat())


def test_the_months_are_filled_as_plain_loops_say_and_nothing_else_gives_way(weeks: duckdb.DuckDBPyConnection) -> None:
    tables = plain()
    for month in month_range(SCOPE.month_from, SCOPE.month_to):
        (row,) = measure(weeks, "digital_submission", Scope(month, month))
        expected = tables.goal_2(f"{month:%Y-%m}", f"{month:%Y-%m}")
        assert (row.numerator, row.denominator, row.coverage) == (
            expected.numerator, expected.denominator, expected.coverage,
        ), month  # fmt: skip
    rows = measure(weeks, "cases", SCOPE, "service", "channel", "method", "month")
    scaled = {
        (row.by["service"], row.by["channel"], row.by["month"].month)
        for row in rows
        if row.value and row.by["method"] == "sampled_weeks"
    }
    assert scaled == {("T1", "phone", n) for n in range(1, 11) if n != 6} | {("T2", "letter", 3), ("T2", "letter", 5)}
    states = {(row.by["channel"], row.by["state"]) for row in measure(weeks, "figures", SCOPE, "channel", "state")}
    assert {("phone", "sampled_weeks"), ("phone", "value"), ("letter", "not_reported"), ("visit", "zero")} <= states


def test_the_interval_of_the_goal_is_that_of_its_strata(weeks: duckdb.DuckDBPyConnection) -> None:
    """Of T1 from January to October, but for June, which is counted: what its weeks are scaled up to, by hand."""
    asked = Scope(SCOPE.month_from, SCOPE.month_to, services=("T1",))
    mondays = [monday for month in MONTHS if month != "2026-06" for monday in recompute.mondays_of(month)]
    total, errors = 0.0, []
    for season in sorted({recompute.season(monday) for monday in mondays}):
        counts = [n for day, n in COUNTED.items() if recompute.season(day) == season]
        left = sum(day not in COUNTED and recompute.season(day) == season for day in mondays)
        total += left * fmean(counts)
        errors.append((variance(counts) * (left**2 / len(counts) + left), len(counts) - 1))
    total += sum(n for day, n in COUNTED.items() if day in mondays)
    spread = sum(error for error, _df in errors)
    freedom = spread**2 / sum(error**2 / df for error, df in errors)
    found = used(weeks, "digital_submission", asked)
    assert found and found.cases.total == pytest.approx(total)
    assert found.cases.half_width == pytest.approx(t.ppf(0.975, freedom) * sqrt(spread), rel=1e-4)
    (row,) = measure(weeks, "digital_submission", asked)
    share, cases = float(row.value or 0), float(row.denominator or 0)
    half = share * (found.cases.half_width or 0) / cases  # each call is one less of the share
    assert found.shares == pytest.approx((share - half, share + half))
    year, most, now, then = narrowest(weeks, asked) or (0, "", 0.0, 0.0)
    assert (year, most) in {recompute_season(day) for day in COUNTED} and now == found.cases.half_width and then < now
    assert used(weeks, "digital_submission", Scope(SCOPE.month_from, SCOPE.month_to, services=("T3",))) is None


def test_a_goal_whose_weeks_are_digital_is_as_sure_as_the_rest_allows(small_store: Callable[..., Store]) -> None:
    """Of goal 3, T1 is digital from start to end and its calls are scaled up: each is a case that the goal counts."""
    steps = "tjanst_id;steg;fran;lage\n" + "".join(
        f"{service};{step};2020-01-01;{state}\n"
        for service, state in (("T1", "digitalt"), ("T4", "inte digitalt"))
        for step in recompute.STEPS
    )
    other = "".join(f"T4;;{month};{way};nej;30\n" for month in MONTHS for way in ("e-tjänst", "telefon"))
    tables = TABLES | {
        "services": TABLES["services"] + "T4;Fyra;B;extern;2020-01-01;;ja\n",
        "case_counts": TABLES["case_counts"] + other,
        "handling_steps": steps,
    }
    asked = Scope(SCOPE.month_from, SCOPE.month_to)
    with small_store(tables, COVERS, TODAY).database().cursor() as cursor:
        found = used(cursor, "digital_handling", asked)
        alone = used(cursor, "digital_handling", Scope(SCOPE.month_from, SCOPE.month_to, services=("T1",)))
        (row,) = measure(cursor, "digital_handling", asked)
        before = Scope(date(2025, 1, 1), date(2025, 10, 1))
        assert error(cursor, "digital_handling", before) == error(cursor, "e_service_coverage", asked) == 0
        assert 0 < error(cursor, "digital_handling", asked, level=0.8) < error(cursor, "digital_handling", asked)
    assert found and found.cases.half_width and row.denominator
    left = (1 - float(row.value or 0)) * found.cases.half_width / float(row.denominator)
    assert 0 < float(row.value or 0) < 1 and found.half_width == pytest.approx(left)
    assert alone and (alone.share, alone.half_width, alone.shares) == (1, 0, (1, 1))


def test_a_change_within_what_the_weeks_leave_open_is_no_change(weeks: duckdb.DuckDBPyConnection) -> None:
    """T1 with as many cases as its calls are estimated at, moved within and beyond the interval of the weeks."""
    asked = Scope(SCOPE.month_from, SCOPE.month_to, services=("T1",))
    found = used(weeks, "digital_submission", asked)
    assert found and found.half_width
    (now,) = measure(weeks, "digital_submission", asked)
    before, size = Scope(date(2025, 1, 1), date(2025, 10, 1)), 1_000_000  # so many that chance gives nothing
    for times, is_sure in ((0.95, False), (1.05, True), (-0.95, False), (-1.05, True)):
        share = found.share + times * found.half_width
        many = replace(now, numerator=found.share * size, denominator=size)
        then = replace(now, value=share, numerator=share * size, denominator=size)
        assert significant_change("digital_submission", many, then) is not None
        assert (significant_change("digital_submission", many, then, found.half_width) is not None) is is_sure
        part = replace(now, value=found.share, numerator=found.share * 100, denominator=100)
        of_part = error_of_part((found.half_width, 0.0), (now, then), (part, then))
        assert of_part == pytest.approx(found.half_width * float(now.denominator or 0) / 100)  # as wide in fewer cases
    assert change_between(weeks, "digital_submission", asked, before) is None


def test_a_forecast_is_wider_by_what_the_weeks_leave_open(weeks: duckdb.DuckDBPyConnection) -> None:
    """Four times of five, of the months that the latest point holds and the services of the history alone."""
    last, scope = date(2026, 10, 1), Scope(date(2026, 10, 1), date(2026, 10, 1))
    ahead = tuple(ForecastPoint(add_months(last, n), 0.5, 0.47, 0.96 + n / 100) for n in (1, 2))

    def of(member: str) -> Forecast:
        past = History((Point(last, 40, 30),), 1, 1, 1.0, (member,))
        return _with_weeks(weeks, "digital_submission", scope, Forecast(past, 10, ((last, 0.5),), ahead))

    found, own = of("T1"), Scope(SCOPE.month_from, last, services=("T1",))
    half = error(weeks, "digital_submission", own, 0.8)
    assert found.week_error == half < error(weeks, "digital_submission", own)
    for point, wider in zip(ahead, found.future, strict=True):
        assert wider.low == pytest.approx(point.value - sqrt((point.value - point.low) ** 2 + half**2))
        assert point.high < wider.high <= 1 and wider.value == point.value
    assert of("T3").future == ahead and of("T3").week_error == 0


def test_no_department_or_month_differs_by_what_the_weeks_leave_open(weeks: duckdb.DuckDBPyConnection) -> None:
    """A point of a funnel and a month of a control chart, beyond their limits by less and by more than the weeks allow."""
    low, high = limits(0.5, 400)
    for error_, side in ((0.0, 1), (0.2, 0), (inf, 0)):
        assert funnel_point("A", round(400 * (high + 0.05)), 400, 0.5, 1.0, error_).side == side
        assert funnel_point("A", round(400 * (low - 0.05)), 400, 0.5, 1.0, error_).side == -side
    months = [add_months(date(2025, 1, 1), n) for n in range(15)]
    rows = [
        Row({"month": m}, n, 1000, n / 1000, 1000, 1.0, "value")
        for m, n in zip(months, [500] * 14 + [600], strict=True)
    ]
    goal = metrics()["digital_submission"]
    assert evaluate(goal, rows).points[-1].outside == "above"
    within = evaluate(goal, rows, {months[-1]: 0.1}).points[-1]
    assert within.outside is None and within.upper > 0.6
    asked = {month: Scope(month, month) for month in (date(2026, 1, 1), date(2026, 6, 1))}
    assert list(errors_by(weeks, "digital_submission", asked)) == [date(2026, 1, 1)]


def recompute_season(day: str) -> tuple[int, str]:
    year, season = recompute.season(day)
    return int(year), season


def test_the_strata_are_those_of_the_calendar_and_the_samples_those_of_the_file(
    weeks: duckdb.DuckDBPyConnection,
) -> None:
    rows = weeks.execute("SELECT week, year, season, month FROM weeks").fetchall()
    assert [(year, season) for _week, year, season, _month in rows] == [recompute_season(str(row[0])) for row in rows]
    assert all(week.weekday() == 0 and (week + timedelta(3)).replace(day=1) == month for week, _y, _s, month in rows)
    calls = {s.season: s for s in samples(weeks, SCOPE) if s.channel == "phone"}
    assert {season: s.counts for season, s in calls.items()} == {
        "spring": (6, 9, 4), "summer": (3, 0, 5), "autumn": (8, 7), "holiday": (2, 5),
    }  # fmt: skip
    assert sum(s.weeks for s in calls.values()) in (52, 53)


def test_a_plan_is_drawn_of_each_season_and_nobody_can_choose_it(weeks: duckdb.DuckDBPyConnection) -> None:
    drawn = {name: plan(weeks, 2026, name) for name in ("A", "B")}
    for planned in drawn.values():
        seasons = [recompute_season(str(week.monday)) for week in planned]
        assert {season: seasons.count((2026, season)) for season in DRAWN} == DRAWN
        assert planned == sorted(planned, key=lambda week: week.monday)
    assert drawn["A"] != drawn["B"] != plan(weeks, 2027, "B") and drawn["A"] == plan(weeks, 2026, "A")
    assert desks(weeks, SCOPE) == [
        Desk("A", {"T1": ("phone",), "T2": ("letter",)}), Desk("B", {"T3": ("email", "phone", "visit")}),
    ]  # fmt: skip
    assert desks(weeks, Scope(SCOPE.month_from, SCOPE.month_to, departments=("A",)))[0].department_id == "A"
