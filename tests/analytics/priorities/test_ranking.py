"""Gaps in points sum to what is left of the goal; the order is theirs; kronor are told only where they are known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from statistics import median
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.costs.break_even import AnnualVolume, Assumptions, annual_volume, annual_volumes, default_assumptions
from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope, add_months
from analytics.priorities.actions import Action
from analytics.priorities.ranking import (
    Gain,
    by_branch,
    cumulative_shares,
    gains,
    rank_differences,
    rank_gains,
    services_needed,
    share_of,
    without_department_filter,
)
from analytics.priorities.savings import Savings
from data.store import Store

Make = Callable[..., Store]
YEAR = Scope(date(2025, 11, 1), date(2026, 10, 1))
SCOPES = (
    YEAR,
    replace(YEAR, audience="internal"),
    replace(YEAR, month_from=date(2026, 10, 1)),
    Scope(date(2024, 1, 1), date(2025, 3, 1), audience="external"),
)
NARROW = (*SCOPES, replace(YEAR, departments=("BUF",)), replace(YEAR, departments=("VOF", "IT"), audience="external"))
ASSUMPTIONS = Assumptions(Decimal(10), Decimal(25), Decimal(450), Decimal(12_000))


def total(result: tuple[Gain, ...]) -> Fraction:
    return sum((gain.share for gain in result), Fraction(0))


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_the_gaps_sum_to_what_is_left_of_the_goal(cursor: duckdb.DuckDBPyConnection, goal: int, scope: Scope) -> None:
    row = measure(cursor, GOALS[goal], scope)[0]
    assert row.denominator
    assert total(gains(cursor, scope, goal, ASSUMPTIONS)) == 1 - Fraction(int(row.numerator or 0), int(row.denominator))


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("scope", NARROW, ids=str)
def test_the_departments_sum_to_the_gaps(cursor: duckdb.DuckDBPyConnection, goal: int, scope: Scope) -> None:
    branches = by_branch(cursor, scope, goal)
    assert sum((one.share for one in branches), Fraction(0)) == total(gains(cursor, scope, goal, ASSUMPTIONS))
    assert [one.remaining for one in branches] == sorted((one.remaining for one in branches), reverse=True)


@pytest.mark.parametrize("goal", GOALS)
def test_a_departments_gaps_are_those_of_the_whole(cursor: duckdb.DuckDBPyConnection, goal: int) -> None:
    assumptions = default_assumptions(cursor, YEAR)
    everywhere = {gain.service_id: gain for gain in gains(cursor, YEAR, goal, assumptions)}
    department_gains = gains(cursor, replace(YEAR, departments=("BUF",)), goal, assumptions)
    assert department_gains
    for gain in department_gains:
        unplaced: dict[str, Any] = {"rank": None, "rank_kronor": None}
        assert replace(gain, **unplaced) == replace(everywhere[gain.service_id], **unplaced)
    assert without_department_filter(
        replace(YEAR, departments=("BUF",), services=("T-005",), audience="external")
    ) == replace(YEAR, audience="external")


@pytest.mark.parametrize("goal", GOALS)
def test_a_departments_gaps_sum_to_what_is_left_of_its_own_goal(cursor: duckdb.DuckDBPyConnection, goal: int) -> None:
    own = replace(YEAR, departments=("BUF",))
    row = measure(cursor, GOALS[goal], own)[0]
    part, of = int(row.numerator or 0), int(row.denominator or 0)
    gaps = gains(cursor, own, goal, ASSUMPTIONS)
    assert sum((share_of(gain, of) for gain in gaps), Fraction(0)) == 1 - Fraction(part, of)


@pytest.mark.parametrize("goal", GOALS)
def test_the_order_is_that_of_the_points(cursor: duckdb.DuckDBPyConnection, goal: int) -> None:
    result = gains(cursor, YEAR, goal, ASSUMPTIONS)
    selected = [gain for gain in result if gain.is_open]
    assert [g.is_open for g in result] == sorted((g.is_open for g in result), reverse=True)
    assert [g.remaining for g in selected] == sorted((g.remaining for g in selected), reverse=True)
    for gain in result:
        better = sum(other.remaining > gain.remaining for other in selected)
        assert gain.rank == (better + 1 if gain.is_open else None)
        savings = [other.savings.kronor for other in result if other.savings.kronor is not None]
        kronor = gain.savings.kronor
        assert gain.rank_kronor == (None if kronor is None else sum(other > kronor for other in savings) + 1)


def test_what_is_known_of_each_service_is_what_is_known_of_it_alone(cursor: duckdb.DuckDBPyConnection) -> None:
    each = annual_volumes(cursor, YEAR)
    assert len(each) > 80
    for key in list(each)[::9]:
        assert each[key] == annual_volume(cursor, replace(YEAR, services=(key,)))


def test_the_kronor_recomputed(cursor: duckdb.DuckDBPyConnection) -> None:
    """From the rows of each service, in plain loops."""
    classes = {r.by["service"]: r.by["class"] for r in measure(cursor, "services", YEAR, "service", "class") if r.value}
    rows = measure(cursor, "digital_submission", YEAR, "service", "department")
    with_one = [
        r for r in rows if str(classes.get(r.by["service"])).startswith("e_service") and (r.denominator or 0) >= 20
    ]
    each = (25 - 10) * 450 / 60
    reporting = {r.by["service"]: r for r in measure(cursor, "reporting", YEAR, "service")}
    assumptions = {(goal, g.service_id): g for goal in (1, 2) for g in gains(cursor, YEAR, goal, ASSUMPTIONS)}
    seen = 0
    for row in rows:
        service, of = row.by["service"], row.denominator or 0
        full = service in reporting and reporting[service].value == 1
        for goal in (1, 2):
            gain = assumptions.get((goal, str(service)))
            if gain is None:
                continue
            if not full or of < 20 or not gain.is_open:
                assert gain.savings.kronor is None and gain.savings.unknown_reason and gain.rank_kronor is None
                continue
            department_gains = [r for r in with_one if r.by["department"] == row.by["department"]]
            peer_share = median(
                float(r.value or 0) for r in (department_gains if len(department_gains) >= 3 else with_one)
            )
            moved = float(of) * peer_share if goal == 1 else float(of) - float(row.numerator or 0)
            new = 0 if str(classes[service]).startswith("e_service") else 12_000
            assert float(gain.savings.kronor or 0) == pytest.approx(moved * each - new)
            seen += 1
    assert seen > 40
    assert all(
        g.savings.kronor is None and g.savings.unknown_reason == "handling" for g in gains(cursor, YEAR, 3, ASSUMPTIONS)
    )


GAINS = st.lists(
    st.builds(
        Gain,
        service_id=st.uuids().map(str),
        department_id=st.none(),
        remaining=st.integers(1, 40),
        denominator=st.just(1000),
        action=st.sampled_from([Action("build"), Action("uptake"), Action("exempt")]),
        savings=st.builds(
            Savings,
            year=st.just(AnnualVolume(Decimal(100), Decimal(0), 12)),
            kronor=st.none() | st.integers(-20, 20).map(Decimal),
        ),
    ),
    max_size=25,
)


@given(GAINS, st.fractions(0, 1))
def test_the_fewest_services_that_give_a_share(rows: list[Gain], share: Fraction) -> None:
    placed = rank_gains(rows, {})
    sums, all_points = cumulative_shares(placed), sum((g.share for g in rows), Fraction(0))
    assert sums == sorted(sums)
    assert all(a - b >= c - a for b, a, c in zip([Fraction(0), *sums], sums, sums[1:], strict=False))  # ever less
    n = services_needed(placed, share)
    selected = sorted((g.share for g in rows if g.is_open), reverse=True)
    if n is None:
        assert sum(selected, Fraction(0)) < share * all_points or not selected
    else:
        assert sum(selected[:n], Fraction(0)) >= share * all_points
        assert n == 1 or sum(selected[: n - 1], Fraction(0)) < share * all_points


@given(GAINS, st.randoms())
def test_the_places_are_the_same_whatever_the_order_was(rows: list[Gain], random: Random) -> None:
    mixed = random.sample(rows, len(rows))
    places = {g.service_id: (g.rank, g.rank_kronor) for g in rank_gains(rows, {})}
    assert {g.service_id: (g.rank, g.rank_kronor) for g in rank_gains(mixed, {})} == places


@given(GAINS)
def test_where_the_orders_disagree(rows: list[Gain]) -> None:
    placed = rank_gains(rows, {})
    both = [g for g in placed if g.rank and g.rank_kronor]
    result = rank_differences(placed)
    assert [abs(one.distance) for one in result] == sorted((abs(one.distance) for one in result), reverse=True)
    assert {one.gain.service_id for one in result} <= {g.service_id for g in both}
    for one in result:
        assert one.rank == 1 + sum(g.remaining > one.gain.remaining for g in both)
        assert one.distance
    in_step = sorted(both, key=lambda g: -g.remaining)
    if in_step and all(
        (a.remaining > b.remaining) == ((a.savings.kronor or 0) > (b.savings.kronor or 0))
        for a in in_step
        for b in in_step
    ):
        assert not result


@given(GAINS)
def test_fewer_than_twenty_are_not_ranked(rows: list[Gain]) -> None:
    assert all(g.rank is None for g in rank_gains([replace(g, remaining=1, denominator=19) for g in rows], {}))


SMALL = {
    "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_till\n"
    "HAR;Har;A;extern;\nNY;Ny;A;extern;\nBARA;Blankett;A;extern;\nSAKNAR;Saknar;B;extern;\n"
    "SLIPPER;Slipper;B;extern;\nANNAN;Annan;B;extern;\nBORTA;Borta;B;extern;2026-06-30\n",
    "e_services": "etjanst_id;namn;typ;lanserad\nE1;Ett;e-tjänst;2020-01-01\nE2;Två;e-tjänst;2026-05-10\n"
    "E3;Tre;blankett;2020-01-01\n",
    "links": "tjanst_id;etjanst_id\nHAR;E1\nNY;E2\nBARA;E3\n",
    "exemptions": "undantag_id;tjanst_id;typ;skal;beslutat;galler_till\n"
    "U1;SLIPPER;ej tillämpligt;Information;2024-01-01;\nU2;ANNAN;annan plattform;Regionen;2024-01-01;2030-01-01\n"
    "U3;SAKNAR;annan plattform;Förut;2020-01-01;2021-01-01\n",
    "case_counts": "tjanst_id;manad;kanal;antal\n"
    + "".join(
        f"{s};{add_months(YEAR.month_from, i):%Y-%m};{k};{n}\n"
        for i in range(12)
        for s, k, n in (
            *(("HAR", "e-tjänst", 6), ("HAR", "telefon", 4), ("NY", "e-tjänst", 1), ("NY", "telefon", 3)),
            *(("BARA", "telefon", 5), ("SAKNAR", "telefon", 1), ("SLIPPER", "telefon", 7), ("ANNAN", "telefon", 2)),
        )
    )
    + "".join(f"BORTA;2026-0{i};telefon;9\n" for i in range(1, 7)),
    "handling_steps": "tjanst_id;steg;lage;fran\n"
    + "".join(
        f"{s};{step};{state};2020-01-01\n"
        for s, last in (("HAR", "digitalt"), ("NY", "inte digitalt"), ("BARA", "inte digitalt"))
        for step, state in (
            *((x, "digitalt") for x in ("mottagning", "registrering", "komplettering", "beredning", "expediering")),
            *(("beslut", last if s == "NY" else "digitalt"), ("arkivering", last)),
        )
    )
    + "BARA;arkivering;digitalt;2026-09-15\n",
}


@pytest.fixture
def small(small_store: Make) -> duckdb.DuckDBPyConnection:
    return small_store(SMALL).database().cursor()


def test_what_to_do_in_each_case(small: duckdb.DuckDBPyConnection) -> None:
    first = {gain.service_id: gain.action.code for gain in gains(small, YEAR, 1, ASSUMPTIONS)}
    assert first == {
        "BARA": "form",
        "SAKNAR": "build",
        "ANNAN": "build",
    }  # another platform is allowed, an e-service is still wanted
    second = {gain.service_id: gain.action for gain in gains(small, YEAR, 2, ASSUMPTIONS)}
    assert {key: way.code for key, way in second.items()} == {
        "HAR": "uptake",
        "NY": "uptake",
        "BARA": "form",
        "SAKNAR": "build",
        "SLIPPER": "exempt",
        "ANNAN": "build",
        "BORTA": "withdrawn",
    }
    assert (second["HAR"].since, second["NY"].since) == (None, date(2026, 5, 1))
    third = {gain.service_id: gain.action for gain in gains(small, YEAR, 3, ASSUMPTIONS)}
    assert {key: (way.code, way.steps) for key, way in third.items()} == {
        "NY": ("steps", ("decision", "archiving")),
        "BARA": ("done", ()),
    }


def test_an_e_service_that_was_decided_against_is_never_proposed(cursor: duckdb.DuckDBPyConnection) -> None:
    exempt = {row[0] for row in cursor.execute("SELECT service_id FROM exemptions").fetchall() if row[0]}
    proposed = {
        g.service_id
        for goal in (1, 2)
        for g in gains(cursor, YEAR, goal, ASSUMPTIONS)
        if g.action.code in ("build", "form")
    }
    with_one = {
        row.by["service"]
        for row in measure(cursor, "services", YEAR, "service", "class")
        if row.value and str(row.by["class"]).startswith("e_service")
    }
    assert exempt
    assert not proposed & exempt
    assert not proposed & with_one


def test_kronor_are_not_told_where_they_are_not_known(small: duckdb.DuckDBPyConnection) -> None:
    result = {gain.service_id: gain.savings for gain in gains(small, YEAR, 2, ASSUMPTIONS)}
    assert {key: savings.unknown_reason for key, savings in result.items()} == {
        "HAR": "",
        "NY": "",
        "BARA": "",
        "SAKNAR": "few",
        "SLIPPER": "nothing",
        "ANNAN": "",
        "BORTA": "nothing",
    }
    each = Decimal(15 * 450) / 60
    assert result["HAR"].kronor == 48 * each
    assert result["BARA"].kronor == 60 * each - 12_000
    assert all((savings.kronor is None) == bool(savings.unknown_reason) for savings in result.values())
    first = {gain.service_id: gain.savings for gain in gains(small, YEAR, 1, ASSUMPTIONS)}
    assert first["BARA"].uptake == (Decimal("0.6") + Decimal("0.25")) / 2  # two with an e-service: the median of all
    assert first["BARA"].kronor == 60 * Decimal("0.425") * each - 12_000


def test_a_month_that_is_not_reported_takes_the_kronor_away(small_store: Make) -> None:
    unreported = SMALL["case_counts"].replace("HAR;2026-03;telefon;4\n", "HAR;2026-03;telefon;\n")
    with small_store(SMALL | {"case_counts": unreported}).database().cursor() as cursor:
        result = {gain.service_id: gain.savings for gain in gains(cursor, YEAR, 2, ASSUMPTIONS)}
    assert result["HAR"].unknown_reason == "reporting" and result["HAR"].kronor is None
    assert result["NY"].kronor is not None


@pytest.mark.parametrize("goal", GOALS)
def test_nothing_is_known(small_store: Make, goal: int) -> None:
    with small_store({"departments": SMALL["departments"]}).database().cursor() as cursor:
        assert gains(cursor, YEAR, goal, ASSUMPTIONS) == ()
        assert by_branch(cursor, YEAR, goal) == ()
