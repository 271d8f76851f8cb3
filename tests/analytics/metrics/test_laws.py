"""Laws that hold for every metric, on the example data."""

from decimal import Decimal
from itertools import product

import duckdb
import pytest

from analytics.metrics.catalogue import metrics
from analytics.metrics.dimensions import departments
from analytics.metrics.grouping import DIMENSION_SQL
from analytics.metrics.measure import Row, _of_services_sql, measure
from analytics.metrics.period import period
from analytics.metrics.scope import Scope

ADDITIVE = [code for code, metric in metrics().items() if metric.kind in ("share", "sum")]
GROUPED = [(code, by) for code in ADDITIVE for by in metrics()[code].fact.dimensions]


@pytest.fixture
def scope(cursor: duckdb.DuckDBPyConnection) -> Scope:
    return period(cursor).scope()


def parts(row: Row) -> tuple[Decimal, Decimal, Decimal]:
    return tuple(Decimal(str(n or 0)) for n in (row.numerator, row.denominator, row.population))  # type: ignore[return-value]  # three by the line above


@pytest.mark.parametrize("code", metrics())
def test_every_metric_says_something_true_of_the_example(
    cursor: duckdb.DuckDBPyConnection, scope: Scope, code: str
) -> None:
    (row,) = measure(cursor, code, scope)
    assert row.value is not None and row.state in ("value", "zero")
    assert row.coverage is not None and 0 < row.coverage <= 1
    if metrics()[code].unit == "share":
        assert 0 < row.value < 1
    if row.worst is not None and row.best is not None:
        assert 0 <= row.worst <= row.value <= row.best <= 1


@pytest.mark.parametrize(("code", "by"), GROUPED)
def test_the_parts_sum_to_the_whole(cursor: duckdb.DuckDBPyConnection, scope: Scope, code: str, by: str) -> None:
    rows = measure(cursor, code, scope, by)
    if metrics()[code].time == "stock" and by in ("month", "year"):
        rows = rows[-1:]  # a stock is what stands in the last of them
    sums = [sum(column, Decimal(0)) for column in zip(*map(parts, rows), strict=True)]
    assert sums == list(parts(measure(cursor, code, scope)[0]))


@pytest.mark.parametrize("code", ADDITIVE)
def test_a_filter_equals_its_row_in_the_split(cursor: duckdb.DuckDBPyConnection, scope: Scope, code: str) -> None:
    top = [d.department_id for d in departments(cursor) if d.depth == 1]
    split = {row.by["branch"]: row for row in measure(cursor, code, scope, "branch")}
    for department in top:
        (alone,) = measure(cursor, code, Scope(scope.month_from, scope.month_to, (department,)))
        if department in split:
            assert parts(alone) == parts(split[department])
        else:
            assert not any(parts(alone))


@pytest.mark.parametrize("code", [code for code in metrics() if "audience" in metrics()[code].fact.filters])
def test_an_audience_equals_its_row_in_the_split(cursor: duckdb.DuckDBPyConnection, scope: Scope, code: str) -> None:
    for row in measure(cursor, code, scope, "audience"):
        if row.by["audience"]:
            (alone,) = measure(cursor, code, Scope(scope.month_from, scope.month_to, audience=str(row.by["audience"])))
            assert (alone.value, alone.numerator, alone.denominator) == (row.value, row.numerator, row.denominator)


def test_every_dimension_of_every_fact_can_be_asked_for(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    for code, metric in metrics().items():
        for by in metric.fact.dimensions:
            assert by in DIMENSION_SQL or by in ("branch", "payer")
            assert measure(cursor, code, scope, by)


def test_an_unknown_dimension_or_metric_is_refused(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    with pytest.raises(ValueError, match="cannot be grouped by 'channel'"):
        measure(cursor, "e_service_coverage", scope, "channel")
    with pytest.raises(KeyError):
        measure(cursor, "no_such_metric", scope)


def test_months_that_nothing_is_known_about_are_there_and_not_reported(cursor: duckdb.DuckDBPyConnection) -> None:
    first = period(cursor).first
    early = Scope(first.replace(year=first.year - 1), first)
    rows = measure(cursor, "digital_submission", early, "month")
    assert len(rows) == early.months
    assert [row.state for row in rows[:-1]] == ["not_reported"] * (early.months - 1)


def test_fully_reported_means_what_the_definition_says(cursor: duckdb.DuckDBPyConnection) -> None:
    """The rule once more, row by row in Python, from the long fact."""
    rows = cursor.execute(
        "SELECT service_id, month, channel, reported FROM case_months WHERE service_id IS NOT NULL"
    ).fetchall()
    channels: dict[tuple[str, object], dict[str, bool]] = {}
    for service, month, channel, reported in rows:
        held = channels.setdefault((service, month), {})
        held[channel] = held.get(channel, True) and reported
    wide = cursor.execute(
        "SELECT service_id, month, has_e_service, fully_reported FROM service_months WHERE in_force"
    ).fetchall()
    seen = set()
    for service, month, has_e_service, fully_reported in wide:
        held = channels.get((service, month), {})
        others = [ok for channel, ok in held.items() if channel != "e_service"]
        expected = bool(others) and all(others) and (not has_e_service or held.get("e_service", False))
        assert fully_reported == expected, (service, month, held)
        seen.add((has_e_service, fully_reported))
    assert seen == set(product((True, False), repeat=2))


def test_a_median_by_service_is_each_service_s_own_share(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    """No column is selected twice: DuckDB takes the first, other engines refuse."""
    sql, _bound = _of_services_sql(metrics()["digital_submission_median"], scope, ("service",))
    assert sql.count(' AS "service"') == 1
    shares = {row.by["service"]: row.value for row in measure(cursor, "digital_submission", scope, "service")}
    medians = {row.by["service"]: row.value for row in measure(cursor, "digital_submission_median", scope, "service")}
    assert medians == pytest.approx(shares)
