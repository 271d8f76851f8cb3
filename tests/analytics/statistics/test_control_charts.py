"""Signal or noise: the limits a second time with plain loops, and the laws that hold for any months."""

from datetime import date

import duckdb
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope, add_months
from analytics.statistics.control_charts import (
    MAX_BASELINE,
    MIN_BASELINE,
    RUN_LENGTH,
    ControlChart,
    control_chart,
    evaluate,
    reporting_change_start,
)

FLOW, STOCK, SUM = (metrics()[code] for code in ("digital_submission", "e_service_coverage", "cases"))
FIRST, LAST = date(2024, 10, 1), date(2026, 10, 1)
MONTHS = MAX_BASELINE + 1


def row(month: date, numerator: int | None, denominator: int | None = None, coverage: float = 1.0) -> Row:
    """A month of a share; of a sum without a denominator."""
    value = None if numerator is None else numerator / denominator if denominator else numerator
    state = "not_reported" if value is None else "value"
    return Row({"month": month}, numerator, denominator, value, None, coverage, state)  # type: ignore[arg-type]  # a field by its name


def shares(counts: list[tuple[int, int]], coverage: float = 1.0) -> list[Row]:
    return [row(add_months(LAST, i + 1 - len(counts)), part, whole, coverage) for i, (part, whole) in enumerate(counts)]


COUNTS = st.integers(20, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def told(found: ControlChart) -> list[str | None]:
    return [point.signal for point in found.points]


# ---- the limits, a second time


@pytest.mark.parametrize("department", ["BUF", "BMF", "KSF"])
def test_the_limits_of_a_share_of_cases_are_laneys(cursor: duckdb.DuckDBPyConnection, department: str) -> None:
    scope = Scope(date(2025, 11, 1), LAST, (department,))
    found = control_chart(cursor, "digital_submission", scope)
    months = [
        (int(r.numerator or 0), int(r.denominator or 0))
        for r in measure(cursor, "digital_submission", Scope(FIRST, LAST, (department,)), "month")
    ]
    assert len(found.points) == len(months) == MONTHS
    part = whole = 0
    for numerator, denominator in months[:-1]:
        part, whole = part + numerator, whole + denominator
    centre = part / whole
    steps: list[float] = []
    last: float | None = None
    for numerator, denominator in months[:-1]:
        z = (numerator / denominator - centre) / (centre * (1 - centre) / denominator) ** 0.5
        if last is not None:
            steps.append(abs(z - last))
        last = z
    wider = max(1, sum(steps) / len(steps) / 1.128)
    for point, (numerator, denominator) in zip(found.points, months, strict=True):
        reach = 3 * wider * (centre * (1 - centre) / denominator) ** 0.5
        assert point.value == pytest.approx(numerator / denominator)
        assert (point.centre, point.lower, point.upper) == pytest.approx(
            (centre, max(0, centre - reach), min(1, centre + reach))
        )


def test_the_limits_of_a_sum_are_those_of_the_xmr_chart(cursor: duckdb.DuckDBPyConnection) -> None:
    scope = Scope(FIRST, LAST, ("BUF",))
    found = control_chart(cursor, "cases", scope)
    values = [float(r.value or 0) for r in measure(cursor, "cases", scope, "month")]
    base, steps = values[:-1], 0.0
    for i in range(1, len(base)):
        steps += abs(base[i] - base[i - 1])
    centre, reach = sum(base) / len(base), 3 / 1.128 * steps / (len(base) - 1)
    assert [p.upper for p in found.points] == pytest.approx([centre + reach] * MONTHS)
    assert [p.lower for p in found.points] == pytest.approx([max(0, centre - reach)] * MONTHS)


def test_a_stock_is_judged_by_what_it_changes_in_a_month(cursor: duckdb.DuckDBPyConnection) -> None:
    scope = Scope(FIRST, LAST)
    found = control_chart(cursor, "e_service_coverage", scope)
    values = [float(r.value or 0) for r in measure(cursor, "e_service_coverage", scope, "month")]
    changes = [values[i] - values[i - 1] for i in range(1, len(values))]
    usual = sorted(changes[:-1])
    middle = (usual[11] + usual[11]) / 2  # 23 changes before the latest
    steps = [abs(changes[i] - changes[i - 1]) for i in range(1, len(changes) - 1)]
    reach = 3 / 1.128 * sum(steps) / len(steps)
    for before, value, point in zip(values, values[1:], found.points[1:], strict=False):
        assert point.centre == pytest.approx(before + middle)
        assert point.upper == pytest.approx(before + middle + reach)
        assert (point.outside is not None) == (abs(value - before - middle) > reach + 1e-9)


# ---- laws


@given(st.lists(COUNTS, min_size=MIN_BASELINE + 1, max_size=MONTHS), st.sampled_from([FLOW, STOCK]))
def test_the_limits_of_a_share_lie_within_0_and_1(counts: list[tuple[int, int]], metric: object) -> None:
    found = evaluate(metric, shares(counts))  # type: ignore[arg-type]  # a field by its name
    assert found.refusal is None and len(found.points) == len(counts)
    for point in found.points:
        assert 0 <= point.lower <= 1 and 0 <= point.upper <= 1 and point.lower <= point.upper
        assert (point.outside is None) == (point.lower - 1e-8 <= point.value <= point.upper + 1e-8)
        assert (point.side is None) <= (point.run == 0)


@given(
    COUNTS, st.lists(st.integers(1, 9), min_size=MIN_BASELINE + 1, max_size=MONTHS), st.sampled_from([FLOW, STOCK, SUM])
)
def test_a_constant_series_has_no_signal(count: tuple[int, int], sizes: list[int], metric: object) -> None:
    """The same share every month, of however many."""
    if metric is SUM:
        rows = [row(add_months(LAST, i), count[0]) for i in range(len(sizes))]
    else:
        rows = shares([(count[0] * size, count[1] * size) for size in sizes])
    assert told(evaluate(metric, rows)) == [None] * len(rows)  # type: ignore[arg-type]  # a field by its name


@given(st.integers(20, 80), st.integers(200, 2000), st.integers(18, 30), st.booleans())
def test_a_leap_is_a_signal(share: int, whole: int, leap: int, up: bool) -> None:
    assume(3 * (share / 100 * (1 - share / 100) / whole) ** 0.5 < (leap - 2) / 100)
    after = share + leap if up else share - leap
    assume(0 <= after <= 100)
    steady = [(share * whole // 100, whole)] * MAX_BASELINE
    found = evaluate(FLOW, shares([*steady, (after * whole // 100, whole)]))
    assert found.points[-1].outside == ("above" if up else "below")
    assert told(found)[:-1] == [None] * MAX_BASELINE
    assert evaluate(STOCK, shares([*steady, (after * whole // 100, whole)])).points[-1].signal == "outside"


@pytest.mark.parametrize(("months", "signal"), [(RUN_LENGTH - 1, None), (RUN_LENGTH, "run"), (RUN_LENGTH + 1, "run")])
@pytest.mark.parametrize("step", [1, -1])
def test_so_many_in_a_row_on_one_side_are_a_signal(months: int, signal: str | None, step: int) -> None:
    counts = [(50, 100)] * (MONTHS - months) + [(50 + step, 100)] * months
    latest = evaluate(FLOW, shares(counts)).points[-1]
    assert (latest.signal, latest.outside, latest.run) == (signal, None, months)
    assert latest.side == ("above" if step > 0 else "below")


def test_a_month_that_is_not_known_ends_the_row() -> None:
    rows = shares([(50, 100)] * (MONTHS - RUN_LENGTH - 1) + [(51, 100)] * (RUN_LENGTH + 1))
    rows[-4] = row(rows[-4].by["month"], None)
    assert evaluate(FLOW, rows).points[-1].run == 3


@given(st.permutations([(part, 100) for part in range(40, 40 + MAX_BASELINE)]))
def test_the_centre_is_the_share_of_all_the_months_before(counts: list[tuple[int, int]]) -> None:
    found = evaluate(FLOW, shares([*counts, (99, 100)]))
    assert found.points[-1].centre == pytest.approx(sum(part for part, _whole in counts) / (100 * MAX_BASELINE))


# ---- when it cannot be told


@given(st.integers(1, MIN_BASELINE))
def test_too_few_months_are_refused(n: int) -> None:
    found = evaluate(FLOW, shares([(50, 100)] * n))
    assert (found.refusal, found.baseline_months, found.points, found.latest) == ("short", n - 1, (), None)


def test_months_of_few_are_no_months() -> None:
    assert evaluate(FLOW, shares([(50, 100)] * MAX_BASELINE + [(10, 19)])).refusal == "few"
    assert evaluate(FLOW, shares([(10, 19)] * 13 + [(50, 100)] * 12)).refusal == "short"
    assert evaluate(FLOW, shares([(10, 19)] * 12 + [(50, 100)] * 13)).baseline_months == MIN_BASELINE


@given(st.integers(1, MIN_BASELINE), st.sampled_from([(0.9, 0.7), (0.5, 0.8)]))
def test_a_change_of_reporting_is_told_as_such_and_never_as_a_signal(since: int, moved_to: tuple[float, float]) -> None:
    """However much the share leaps with it."""
    before, after = moved_to
    old = shares([(20, 100)] * (MONTHS - since), before)
    rows = [row(add_months(r.by["month"], -since), 20, 100, before) for r in old] + shares([(90, 100)] * since, after)
    found = evaluate(FLOW, rows)
    assert (found.refusal, found.points, found.baseline_months) == ("reporting", (), since - 1)
    assert (found.changed_in, found.coverage_before, found.coverage_after) == (
        rows[MONTHS - since].by["month"],
        before,
        after,
    )


def test_after_a_change_of_reporting_the_months_since_are_enough_when_they_are_thirteen() -> None:
    old = [row(add_months(LAST, i - MONTHS + 1), 20, 100, 0.9) for i in range(MONTHS - 13)]
    found = evaluate(FLOW, old + shares([(60, 100)] * 13, 0.7))
    assert (
        found.refusal is None and found.baseline_months == MIN_BASELINE and found.baseline[0] == add_months(LAST, -12)
    )
    assert told(found) == [None] * 13


def test_coverage_that_comes_and_goes_with_the_season_is_no_change_of_reporting() -> None:
    season = [0.85, 0.91, 0.9, 0.89, 0.86, 0.87, 0.85, 0.83, 0.88, 0.89, 0.89, 0.88]
    for end in range(13, MONTHS + 12):
        rows = [row(add_months(FIRST, i), 50, 100, season[i % 12]) for i in range(end)]
        assert reporting_change_start(rows[-MONTHS:]) == 0


def test_the_example_refuses_where_a_department_stopped_reporting(cursor: duckdb.DuckDBPyConnection) -> None:
    scope = Scope(date(2025, 11, 1), LAST)
    found = control_chart(cursor, "digital_submission", scope)
    assert (found.refusal, found.changed_in, found.baseline_months) == ("reporting", date(2026, 3, 1), 7)
    rows = {
        r.by["month"]: r.coverage for r in measure(cursor, "digital_submission", Scope(date(2026, 2, 1), LAST), "month")
    }
    assert found.coverage_after == rows[date(2026, 3, 1)] and rows[date(2026, 2, 1)] - found.coverage_after >= 0.05  # type: ignore[operator]  # None fails the test
    february = control_chart(cursor, "digital_submission", Scope(date(2025, 11, 1), date(2026, 2, 1)))
    assert february.refusal is None and february.baseline_months == MAX_BASELINE


def test_the_latest_known_month_is_judged_and_nothing_known_says_so(cursor: duckdb.DuckDBPyConnection) -> None:
    later = control_chart(cursor, "cases", Scope(date(2026, 1, 1), date(2027, 2, 1), ("BUF",)))
    assert later.month == LAST
    early = control_chart(cursor, "digital_submission", Scope(date(2019, 1, 1), date(2019, 12, 1)))
    assert (early.month, early.refusal, early.points) == (None, "unknown", ())
