"""What a digital case costs: twelve months at a time, told only where all twelve are known."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from analytics.query import measure
from analytics.scope import Scope, shift
from analytics.unit_costs import UnitCost, unit_costs
from data.store import Store

Make = Callable[..., Store]
YEAR = Scope(date(2025, 11, 1), date(2026, 10, 1))


@pytest.mark.parametrize("department", [(), ("BUF",)])
def test_the_example_recomputed(cursor: duckdb.DuckDBPyConnection, department: tuple[str, ...]) -> None:
    scope = replace(YEAR, departments=department)
    found = unit_costs(cursor, scope)[-1]
    kinds = ("other",) if department else ("fixed", "variable")
    cost = [row for row in measure(cursor, "cost", scope, "cost_type") if row.by["cost_type"] in kinds]
    cases = [row for row in measure(cursor, "cases", scope, "digital") if row.by["digital"]]
    assert found.cost == sum(Decimal(row.value or 0) for row in cost)
    assert found.cases == sum(int(row.value or 0) for row in cases)
    assert found.per_case == Decimal(found.cost or 0) / int(found.cases or 1)
    assert [u.month for u in unit_costs(cursor, scope)] == [shift(scope.month_from, i) for i in range(12)]


def test_before_the_ledger_reaches_back_a_year_nothing_is_told(cursor: duckdb.DuckDBPyConnection) -> None:
    found = unit_costs(cursor, Scope(date(2023, 1, 1), date(2024, 1, 1)))
    assert [u.per_case is None for u in found] == [True] * 11 + [False] * 2


def test_fewer_than_twenty_cases_have_no_cost_each() -> None:
    assert UnitCost(date(2026, 1, 1), Decimal(100), 19, 1).per_case is None
    assert UnitCost(date(2026, 1, 1), Decimal(100), 20, 0).per_case == 5
    assert UnitCost(date(2026, 1, 1), Decimal(100), 20, 0).per_e_service is None
    assert UnitCost(date(2026, 1, 1), None, 20, 3).per_e_service is None


def months() -> Iterator[str]:
    return (f"{shift(YEAR.month_from, i):%Y-%m}" for i in range(12))


def test_a_credit_lowers_it_and_a_month_without_cases_known_leaves_it_unknown(small_store: Make) -> None:
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\n",
        "costs": "kostnad_id;datum;kostnadstyp;belopp\n1;2025-11-01;fast;500\n2;2026-10-01;fast;-20\n",
        "case_counts": "tjanst_id;manad;kanal;antal\n" + "".join(f"T;{m};e-tjänst;2\n" for m in months()),
    }
    with small_store(tables).database().cursor() as cursor:
        assert unit_costs(cursor, YEAR)[-1].per_case == 20
        assert unit_costs(cursor, YEAR)[-2].per_case is None
