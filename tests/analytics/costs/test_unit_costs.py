"""What a digital case costs: twelve months at a time, told only where all twelve are known."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from analytics.costs.unit_costs import UnitCost, service_costs, unit_costs
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope, add_months
from data.store import Store

Make = Callable[..., Store]
YEAR = Scope(date(2025, 11, 1), date(2026, 10, 1))


@pytest.mark.parametrize("department", [(), ("BUF",)])
def test_the_example_recomputed(cursor: duckdb.DuckDBPyConnection, department: tuple[str, ...]) -> None:
    scope = replace(YEAR, departments=department)
    result = unit_costs(cursor, scope)[-1]
    kinds = ("other",) if department else ("fixed", "variable")
    cost = [row for row in measure(cursor, "cost", scope, "cost_type") if row.by["cost_type"] in kinds]
    cases = [row for row in measure(cursor, "cases", scope, "digital") if row.by["digital"]]
    assert result.cost == sum(Decimal(row.value or 0) for row in cost)
    assert result.cases == sum(int(row.value or 0) for row in cases)
    assert result.per_case == Decimal(result.cost or 0) / int(result.cases or 1)
    assert [u.month for u in unit_costs(cursor, scope)] == [add_months(scope.month_from, i) for i in range(12)]


def test_before_the_ledger_reaches_back_a_year_nothing_is_told(cursor: duckdb.DuckDBPyConnection) -> None:
    result = unit_costs(cursor, Scope(date(2023, 1, 1), date(2024, 1, 1)))
    assert [u.per_case is None for u in result] == [True] * 11 + [False] * 2


def test_fewer_than_twenty_cases_have_no_cost_each() -> None:
    assert UnitCost(date(2026, 1, 1), Decimal(100), 19, 1).per_case is None
    assert UnitCost(date(2026, 1, 1), Decimal(100), 20, 0).per_case == 5
    assert UnitCost(date(2026, 1, 1), Decimal(100), 20, 0).per_e_service is None
    assert UnitCost(date(2026, 1, 1), None, 20, 3).per_e_service is None


def months() -> Iterator[str]:
    return (f"{add_months(YEAR.month_from, i):%Y-%m}" for i in range(12))


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


SHARED = {
    "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\nU;Rivning;B;extern\nV;Annat;B;extern\n",
    "e_services": "etjanst_id;namn;typ\nE;Lov;e-tjänst\nF;Annat;e-tjänst\n",
    "links": "tjanst_id;etjanst_id\nT;E\nU;E\nV;F\n",
    "costs": "kostnad_id;datum;kostnadstyp;belopp;bestallare;etjanst_id\n"
    "1;2025-11-01;övrig;480;A;E\n2;2026-03-01;övrig;-60;B;E\n3;2026-10-01;fast;900;;\n4;2026-10-01;rörlig;12;;e\n",
    "case_counts": "tjanst_id;manad;kanal;antal\n"
    + "".join(f"T;{m};e-tjänst;2\nT;{m};telefon;9\nU;{m};e-tjänst;1\nV;{m};e-tjänst;7\n" for m in months()),
}


def test_an_e_services_own_cost_is_told_with_the_cases_of_all_that_use_it(small_store: Make) -> None:
    with small_store(SHARED).database().cursor() as cursor:
        result, other = service_costs(cursor, YEAR, "U"), service_costs(cursor, YEAR, "V")
    assert (result.e_services, result.services) == (("E",), ("U", "T"))
    last = result.months[-1]
    assert (last.cost, last.cases, last.per_case) == (432, 36, 12)
    assert [one.per_case for one in result.months[:-1]] == [None] * 11
    assert result.platform == Decimal(900) / 120  # the fourth posting is its own
    assert (other.e_services, other.months) == ((), ())


def test_the_own_costs_of_the_example_recomputed(cursor: duckdb.DuckDBPyConnection) -> None:
    """Straight from the register, the ledger and the cases, for each service whose e-service a posting names."""
    ids = {row[0] for row in cursor.execute("SELECT e_service_id FROM costs WHERE e_service_id IS NOT NULL").fetchall()}
    links = cursor.execute("SELECT service_id, e_service_id FROM links").fetchall()
    using = {service for service, one in links if one in ids}
    assert len(ids) == 5 and using
    for service in using:
        own_cost = {one for s, one in links if s == service and one in ids}
        result = service_costs(cursor, YEAR, service)
        booked = cursor.execute("SELECT e_service_id, booked_on, amount FROM costs").fetchall()
        cost = sum(
            amount for one, day, amount in booked if one in own_cost and YEAR.month_from <= day < date(2026, 11, 1)
        )
        assert set(result.e_services) == own_cost and result.months[-1].cost == cost
        assert set(result.services) == {s for s, one in links if one in own_cost}
        scope = replace(YEAR, services=result.services)
        cases = [row for row in measure(cursor, "cases", scope, "digital") if row.by["digital"]]
        known = result.months[-1].cases
        assert known is None or known == sum(int(row.value or 0) for row in cases)
