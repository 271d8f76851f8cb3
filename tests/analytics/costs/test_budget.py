"""A year's budget against what is booked: to the öre, from January, and no further than the ledger reaches."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.costs.budget import BudgetYear, budget_year, forecast, linear_forecast
from analytics.metrics.scope import Scope
from data.store import Store

Make = Callable[..., Store]
TREE = "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;\nC;Gamma;B\n"
HEAD = "kostnad_id;datum;kostnadstyp;belopp;bestallare\n"
BUDGET = "ar;verksamhet_id;kostnadstyp;belopp\n"
MONEY = st.decimals(-1_000_000, 1_000_000, places=2)
GAINED = st.decimals(0, 1_000_000, places=2)


def load_year(make: Make, costs: str, budget: str = "", scope: Scope | None = None) -> BudgetYear:
    tables = {"departments": TREE, "costs": HEAD + costs} | ({"budgets": BUDGET + budget} if budget else {})
    with make(tables).database().cursor() as cursor:
        return budget_year(cursor, scope or Scope(date(2025, 11, 1), date(2026, 10, 1)))


@given(GAINED, GAINED, GAINED)
def test_a_forecast_is_never_below_what_is_booked(so_far: Decimal, same: Decimal, rest: Decimal) -> None:
    assert forecast(so_far, same, rest) >= so_far
    assert forecast(so_far, same, rest) <= so_far + 2 * rest + Decimal("0.01")


@given(MONEY, MONEY, MONEY)
def test_a_credit_is_not_awaited_again(so_far: Decimal, same: Decimal, rest: Decimal) -> None:
    assert forecast(so_far, same, rest) >= so_far
    if rest <= 0:
        assert forecast(so_far, same, rest) == so_far


@given(MONEY, st.integers(3, 12))
def test_a_pace_is_linear_and_a_credit_has_none(so_far: Decimal, months: int) -> None:
    assert linear_forecast(so_far, months) >= so_far
    if so_far <= 0 or months == 12:
        assert linear_forecast(so_far, months) == so_far


def test_a_year_that_ends_in_the_middle_of_the_period_holds_its_own_months_only(small_store: Make) -> None:
    costs = "1;2025-12-01;fast;7;\n2;2026-01-10;fast;100;\n3;2026-02-10;fast;50;\n4;2026-10-01;fast;25;\n"
    result = load_year(
        small_store, costs + "5;2026-11-01;fast;1000;\n", "2026;systemagare;fast;500\n2025;systemagare;fast;9\n"
    )
    assert (result.year, result.booked_through) == (2026, date(2026, 10, 1))
    assert [(line.budget, line.outcome) for line in result.lines] == [(Decimal(500), Decimal(175))]


def test_a_short_period_still_counts_the_year_from_january(small_store: Make) -> None:
    costs = "1;2026-01-10;fast;100;\n2;2026-02-10;fast;50;\n3;2026-03-10;fast;25;\n"
    result = load_year(small_store, costs, "2026;systemagare;fast;500\n", Scope(date(2026, 2, 1), date(2026, 2, 1)))
    assert result.lines[0].outcome == Decimal(150)
    assert (result.basis, result.lines[0].forecast) == ("too_few", None)
    assert result.lines[0].remaining == Decimal(350)


def test_last_year_tells_the_months_that_are_left(small_store: Make) -> None:
    last = "1;2025-01-10;fast;100;\n2;2025-11-10;fast;40;\n"
    now = "3;2026-01-10;fast;150;\n4;2026-02-10;rörlig;1;\n5;2026-10-10;rörlig;1;\n"
    result = load_year(small_store, last + now, "2026;systemagare;fast;200\n")
    fixed = result.lines[0]
    assert result.basis == "last_year"
    assert fixed.forecast == Decimal(150) + Decimal(40) * Decimal("1.5")
    assert fixed.remaining == Decimal(-10)


def test_a_credit_is_not_expected_again_whatever_is_beside_it(small_store: Make) -> None:
    last = "1;2025-01-10;fast;100;\n2;2025-11-10;fast;40;\n3;2025-11-11;fast;-30;\n4;2025-12-01;fast;-5;\n"
    result = load_year(small_store, last + "5;2026-01-10;fast;100;\n6;2026-02-10;fast;50;\n7;2026-10-10;fast;-50;\n")
    assert (result.basis, result.lines[0].forecast) == ("last_year", Decimal(140))


def test_the_example_forecast_leaves_last_years_credit_out(cursor: duckdb.DuckDBPyConnection) -> None:
    lines = budget_year(cursor, Scope(date(2025, 11, 1), date(2026, 10, 1))).lines
    variable = next(line for line in lines if (line.payer, line.cost_type) == ("system_owner", "variable"))
    assert variable.forecast is not None and round(variable.forecast) == 100_926


def test_without_last_year_the_pace_goes_on(small_store: Make) -> None:
    costs = "".join(f"{m};2026-0{m}-01;rörlig;10;\n" for m in (1, 2, 3))
    result = load_year(small_store, costs, "2026;systemagare;rörlig;100\n")
    assert (result.basis, result.lines[0].forecast) == ("pace", Decimal(120))


def test_a_whole_year_needs_no_forecast(small_store: Make) -> None:
    result = load_year(
        small_store,
        "1;2025-12-10;fast;100;\n",
        "2025;systemagare;fast;90\n",
        Scope(date(2025, 1, 1), date(2025, 12, 1)),
    )
    assert (result.basis, result.lines[0].forecast, result.lines[0].remaining) == (
        "whole_year",
        Decimal(100),
        Decimal(-10),
    )


def test_a_unit_without_a_budget_spends_what_lies_above_it(small_store: Make) -> None:
    costs = "1;2026-01-01;övrig;10;C\n2;2026-01-01;övrig;5;B\n3;2026-01-01;övrig;3;A\n4;2026-01-01;övrig;2;\n"
    result = load_year(small_store, costs, "2026;B;övrig;100\n")
    assert {line.payer: (line.budget, line.outcome) for line in result.lines} == {
        "B": (Decimal(100), Decimal(15)),
        "A": (None, Decimal(3)),
        "unplaced": (None, Decimal(2)),
    }
    budgeted = load_year(small_store, costs, "2026;B;övrig;100\n", Scope(date(2026, 1, 1), date(2026, 1, 1), ("C",)))
    assert [(line.payer, line.budget, line.outcome) for line in budgeted.lines] == [("C", None, Decimal(10))]


def test_nothing_booked_and_nothing_budgeted(small_store: Make) -> None:
    result = load_year(small_store, "1;2024-01-01;fast;1;\n")
    assert (result.booked_through, result.lines, result.has_budget) == (None, (), False)
    planned = load_year(small_store, "1;2024-01-01;fast;1;\n", "2026;systemagare;fast;500\n")
    assert [(line.outcome, line.remaining) for line in planned.lines] == [(Decimal(0), Decimal(500))]


POSTINGS = st.lists(
    st.tuples(
        st.integers(-100_000, 100_000),
        st.sampled_from(["fast", "rörlig", "övrig"]),
        st.sampled_from(["", "A", "B", "C", "X"]),
        st.integers(1, 12),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POSTINGS, st.integers(1, 10))
def test_the_lines_of_a_year_sum_to_what_is_booked_in_it(
    small_store: Make, postings: list[tuple[Any, ...]], last: int
) -> None:
    dated = [(ore, kind, who, date(2025 if month > 10 else 2026, month, 3)) for ore, kind, who, month in postings]
    costs = "".join(f"{i};{day};{kind};{ore / 100:.2f};{who}\n" for i, (ore, kind, who, day) in enumerate(dated))
    result = load_year(
        small_store, costs, "2026;B;övrig;100\n2026;systemagare;fast;7\n", Scope(date(2025, 11, 1), date(2026, last, 1))
    )
    whole = sum(ore for ore, _kind, _who, day in dated if date(2026, 1, 1) <= day < date(2026, last, 28))
    assert sum((line.outcome for line in result.lines), Decimal(0)) == Decimal(whole) / 100
    for line in result.lines:
        assert line.forecast is None or line.forecast >= line.outcome


@pytest.mark.parametrize("department", ["VOF", "BUF"])
def test_the_example_budget_is_the_departments_own(cursor: duckdb.DuckDBPyConnection, department: str) -> None:
    result = budget_year(cursor, Scope(date(2025, 11, 1), date(2026, 10, 1), (department,)))
    assert [line.payer for line in result.lines] == [department]
