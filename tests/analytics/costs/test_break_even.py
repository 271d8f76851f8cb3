"""Break-even: the share at which both ways cost the same lies in 0–1, or is None."""

import ast
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.costs.break_even import (
    Assumptions,
    annual_volume,
    break_even,
    cost_with,
    cost_without,
    default_assumptions,
    own_yearly_cost,
    typical_yearly_cost,
)
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from data.store import Store

Make = Callable[..., Store]
MINUTES = st.decimals(0, 1000, places=0)
ASSUMED = st.builds(Assumptions, MINUTES, MINUTES, st.decimals(0, 10_000, places=0), st.decimals(0, 10**6, places=0))
CASES = st.decimals(1, 100_000, places=1)
SHARE = st.decimals(0, 1, places=3)


@given(CASES, SHARE, ASSUMED)
def test_the_share_is_where_both_cost_the_same(cases: Decimal, now: Decimal, a: Assumptions) -> None:
    result = break_even(cases, now, a)
    if result.share is None:
        assert (
            cost_with(cases, Decimal(1), a) > cost_without(cases, a)
            or a.minutes_digital >= a.minutes_other
            or not a.hourly
        )
        return
    assert 0 <= result.share <= 1
    assert abs(cost_with(cases, result.share, a) - cost_without(cases, a)) < Decimal("0.01")


@given(CASES, SHARE, ASSUMED)
def test_what_is_saved_is_the_distance_between_the_two(cases: Decimal, now: Decimal, a: Assumptions) -> None:
    result = break_even(cases, now, a)
    assert result.saved_now is not None
    assert abs(result.saved_now - (cost_without(cases, a) - cost_with(cases, now, a))) < Decimal("0.01")
    assert abs(result.saved_at_most - (cost_without(cases, a) - cost_with(cases, Decimal(1), a))) < Decimal("0.01")
    if result.share is not None and abs(now - result.share) > Decimal("0.0001"):
        assert (result.saved_now > 0) == (now > result.share)


def test_minutes_become_kronor_in_one_place() -> None:
    arithmetic = {
        str(path)
        for folder in ("analytics", "ui", "pages")
        for path in Path(folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.BinOp)
        for side in (node.left, node.right)
        if isinstance(side, ast.Attribute) and side.attr == "hourly"
    }
    assert arithmetic == {"analytics/costs/break_even.py"}
    assumed = Assumptions(Decimal(10), Decimal(25), Decimal(450), Decimal(12_000))
    assert assumed.handling_cost(Decimal(40)) == 300
    assert assumed.handling_saved(Decimal(4)) == 450


def test_nothing_is_saved_by_what_takes_longer() -> None:
    slower = Assumptions(Decimal(30), Decimal(20), Decimal(400), Decimal(0))
    assert break_even(Decimal(100), None, slower).share is None
    assert break_even(Decimal(100), None, slower).saved_now is None


def test_free_pays_at_once() -> None:
    free = Assumptions(Decimal(10), Decimal(20), Decimal(400), Decimal(0))
    assert break_even(Decimal(100), Decimal(0), free).share == 0


def test_what_is_reported_of_an_example_service(cursor: duckdb.DuckDBPyConnection) -> None:
    scope = Scope(date(2026, 5, 1), date(2026, 10, 1), ("SKOL",), services=("T-005",))
    year = Scope(date(2025, 11, 1), date(2026, 10, 1), ("SKOL",), services=("T-005",))
    row = measure(cursor, "digital_submission", year)[0]
    volume = annual_volume(cursor, scope)
    assert (volume.cases, volume.months) == (row.denominator, 12)
    assert float(volume.digital_share or 0) == row.value
    cost = typical_yearly_cost(cursor, scope)
    assert cost and cost % 100 == 0


def test_months_that_are_not_fully_reported_do_not_count(small_store: Make) -> None:
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\n",
        "e_services": "etjanst_id;namn;typ\nE;Bygglov;e-tjänst\n",
        "links": "tjanst_id;etjanst_id\nT;E\n",
        "case_counts": "tjanst_id;manad;kanal;antal\nT;2026-09;e-tjänst;3\nT;2026-09;telefon;1\nT;2026-10;e-tjänst;5\n",
    }
    scope = Scope(date(2026, 10, 1), date(2026, 10, 1), services=("T",))
    with small_store(tables).database().cursor() as cursor:
        volume = annual_volume(cursor, scope)
        assert typical_yearly_cost(cursor, scope) is None
    assert (volume.cases, volume.digital_share, volume.months) in (
        (Decimal(48), Decimal("0.75"), 1),
        (Decimal(54), Decimal(8) / 9, 2),  # the hurried import covers October by phone as 0
    )


def test_cases_a_year_are_whole_and_never_below_what_is_known(small_store: Make) -> None:
    counts = "".join(f"T;2026-{month:02};e-tjänst;{n}\n" for month, n in [(6, 100), (7, 50), (8, 70), (9, 1), (10, 2)])
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\n",
        "e_services": "etjanst_id;namn;typ\nE;Bygglov;e-tjänst\n",
        "links": "tjanst_id;etjanst_id\nT;E\n",
        "case_counts": "tjanst_id;manad;kanal;antal\n" + counts + "T;2026-09;telefon;1\nT;2026-10;telefon;3\n",
    }
    scope = Scope(date(2026, 10, 1), date(2026, 10, 1), services=("T",))
    with small_store(tables).database().cursor() as cursor:
        volume = annual_volume(cursor, scope)
        year = Scope(date(2025, 11, 1), date(2026, 10, 1), services=("T",))
        reported = measure(cursor, "cases", year)[0].value
    assert reported == 227
    assert volume.cases is not None and volume.cases >= reported and volume.cases == int(volume.cases)
    if volume.months == 2:
        assert (volume.cases, volume.at_least) == (227, True)


LEDGER = "kostnad_id;datum;kostnadstyp;belopp;etjanst_id\n" + "".join(
    f"K{month};2025-{month:02}-05;fast;1200;\nL{month};2025-{month:02}-05;övrig;750;BOOKED\n" for month in range(1, 13)
)


@pytest.mark.parametrize(
    ("links", "booked_on", "own"),
    [
        ("T;E\nU;F\n", "E", 9000),  # stated, and its alone
        ("T;E\nU;F\n", "F", None),  # nothing is booked on its own e-service
        ("T;E\nU;E\n", "E", None),  # shared: whose it is is not stated
    ],
)
def test_the_yearly_cost_is_the_services_own_where_it_is_stated(
    small_store: Make, links: str, booked_on: str, own: int | None
) -> None:
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\nU;Nyckel;A;extern\n",
        "e_services": "etjanst_id;namn;typ;plattform\nE;Bygglov;e-tjänst;Open ePlatform\nF;Nyckel;e-tjänst;Open ePlatform\n",
        "links": "tjanst_id;etjanst_id\n" + links,
        "costs": LEDGER.replace("BOOKED", booked_on),
    }
    scope = Scope(date(2025, 12, 1), date(2025, 12, 1), services=("T",))
    with small_store(tables).database().cursor() as cursor:
        assert own_yearly_cost(cursor, scope) == own
        assert default_assumptions(cursor, scope).yearly == (own or typical_yearly_cost(cursor, scope))
        assert own_yearly_cost(cursor, replace(scope, services=())) is None
