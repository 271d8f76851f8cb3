"""Why a share changed: the parts sum exactly, and each world gives the part that it should."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from random import Random
from typing import TypeVar

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.decomposition.cells import decompose_change
from analytics.decomposition.effects import Counts, CoverageReason, Decomposition
from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from tests.analytics.decomposition import by_fractions
from tests.analytics.decomposition.by_fractions import Cell, agree, decompose_arrays, near

T = TypeVar("T")
GOALS = ("e_service_coverage", "digital_submission", "digital_handling")
SHARES = [code for code, m in metrics().items() if m.kind == "share" and m.goal and "service" in m.fact.dimensions]
YEAR = Scope(date(2025, 11, 1), date(2026, 10, 1))
SCOPES = [
    YEAR,
    replace(YEAR, comparison="previous"),
    Scope(date(2026, 5, 1), date(2026, 10, 1), comparison="previous"),
    Scope(date(2026, 3, 1), date(2026, 3, 1)),
    replace(YEAR, departments=("VOF",)),
    replace(YEAR, departments=("BUF", "BMF")),
    replace(YEAR, audience="internal"),
    Scope(date(2024, 3, 1), date(2025, 2, 1)),
]

counts = st.integers(0, 60).flatmap(lambda of: st.builds(Counts, st.integers(0, of), st.just(of)))
keys = st.tuples(st.sampled_from("abcdef"), st.integers(0, 2))


def by_cell(drawn: dict[tuple[str, int], tuple[bool, T]]) -> dict[Cell, T]:
    """One cell for a service and month, fully reported or not."""
    return {Cell(service, month, full, month): value for (service, month), (full, value) in drawn.items()}


def dictionaries(values: st.SearchStrategy[T], least: int = 0) -> st.SearchStrategy[dict[Cell, T]]:
    return st.dictionaries(keys, st.tuples(st.booleans(), values), min_size=least, max_size=16).map(by_cell)


periods = dictionaries(counts)
WHYS: tuple[CoverageReason, ...] = ("published", "stopped", "less")


def reasons(*periods: Mapping[Cell, Counts]) -> dict[Cell, CoverageReason]:
    """Some reason or other for every cell."""
    return {cell: WHYS[cell.month] for period in periods for cell in period}


def parts(found: Decomposition) -> float:
    return found.rate + found.season + found.mix + found.coverage


def parted(then: Mapping[Cell, Counts], now: Mapping[Cell, Counts]) -> Decomposition | None:
    return decompose_arrays(then, now, reasons(then, now))


def pooled(period: Mapping[Cell, Counts]) -> Fraction | None:
    of = sum(one.denominator for one in period.values())
    return Fraction(sum(one.numerator for one in period.values()), of) if of else None


@given(periods, periods)
def test_the_parts_sum_to_the_change_to_the_last_digit(then: dict[Cell, Counts], now: dict[Cell, Counts]) -> None:
    found, before, after = parted(then, now), pooled(then), pooled(now)
    if before is None or after is None:
        assert found is None
        return
    assert found is not None
    agree(found, by_fractions.decompose(then, now, reasons(then, now)))
    assert found.change == near(after - before)
    assert parts(found) == near(found.change)
    assert sum(one.points for one in found.services) == near(found.change)
    assert sum(cause.points for cause in found.causes) == near(found.change)


@given(periods, periods, st.randoms())
def test_the_order_of_the_services_does_not_matter(
    then: dict[Cell, Counts], now: dict[Cell, Counts], random: Random
) -> None:
    shuffled = []
    for period in (then, now):
        items = list(period.items())
        random.shuffle(items)
        shuffled.append(dict(items))
    assert parted(then, now) == parted(*shuffled)


@given(periods)
def test_where_nothing_changed_every_part_of_every_service_is_nothing(period: dict[Cell, Counts]) -> None:
    found = parted(period, period)
    for one in found.services if found else ():
        assert (one.rate, one.season, one.mix, one.coverage_reasons) == (0, 0, 0, ())
    assert not found or not found.causes


@given(dictionaries(counts, 1), st.data())
def test_with_the_same_volumes_all_is_rate(then: dict[Cell, Counts], data: st.DataObject) -> None:
    now = {cell: Counts(data.draw(st.integers(0, one.denominator)), one.denominator) for cell, one in then.items()}
    if found := parted(then, now):
        assert (found.season, found.mix, found.coverage, found.rate) == (0, 0, 0, near(found.change))


@given(dictionaries(st.tuples(st.integers(0, 5), st.integers(1, 9), st.integers(1, 9)), 1))
def test_with_the_same_shares_all_is_mix(drawn: dict[Cell, tuple[int, int, int]]) -> None:
    """One share a service, volumes that are multiples of five."""
    share = {cell.service: digital for cell, (digital, _then, _now) in drawn.items()}
    then, now = (
        {cell: Counts(share[cell.service] * sizes[i], 5 * sizes[i]) for cell, sizes in drawn.items()} for i in (1, 2)
    )
    found = parted(then, now)
    assert found
    assert (found.rate, found.season, found.coverage, found.mix) == (0, 0, 0, near(found.change))


@given(dictionaries(st.tuples(st.integers(0, 5), st.integers(1, 9), st.integers(1, 9)), 1))
def test_with_the_same_shares_in_each_month_no_service_became_more_digital(
    drawn: dict[Cell, tuple[int, int, int]],
) -> None:
    """One share a service and calendar month, volumes that are multiples of five."""
    share = {(cell.service, cell.season): digital for cell, (digital, _then, _now) in drawn.items()}
    periods = [
        {c: Counts(share[c.service, c.season] * sizes[i], 5 * sizes[i]) for c, sizes in drawn.items()} for i in (1, 2)
    ]
    found = parted(*periods)
    assert found
    assert (found.rate, found.coverage, found.season + found.mix) == (0, 0, near(found.change))
    # where the calendar months cannot be compared, a service is taken as a whole
    whole = parted(*({cell._replace(season=0): of for cell, of in period.items()} for period in periods))
    assert whole and (whole.season, whole.rate) == (0, near(found.season))


@given(periods, periods)
def test_when_those_in_both_stand_still_all_is_coverage(then: dict[Cell, Counts], more: dict[Cell, Counts]) -> None:
    here = {(cell.service, cell.month) for cell in then}
    now = {cell: of for cell, of in more.items() if (cell.service, cell.month) not in here} | then
    if found := parted(then, now):
        assert (found.rate, found.mix, found.coverage) == (0, 0, near(found.change))
    if found := parted(now, then):
        assert (found.rate, found.mix, found.coverage) == (0, 0, near(found.change))


def test_an_example_that_can_be_done_by_hand() -> None:
    """In both: a 10 of 20 → 15 of 20, b 0 of 20 → 0 of 60. Gone: c, 0 of 60. p: 10/40 → 15/80; P: 10/100 → 15/80."""
    a, b, c = Cell("a"), Cell("b"), Cell("c")
    then = {a: Counts(10, 20), b: Counts(0, 20), c: Counts(0, 60)}
    now = {a: Counts(15, 20), b: Counts(0, 60)}
    found = decompose_arrays(then, now, {c: "stopped"}, {"c": "X"})
    assert found
    rate = (Fraction(1, 2) + Fraction(1, 4)) / 2 * Fraction(1, 4)
    assert (found.rate, found.coverage) == (near(rate), near(Fraction(1, 4) - Fraction(1, 10)))
    assert found.mix == near(Fraction(15, 80) - Fraction(10, 40) - rate)
    first, second, third = found.causes
    assert (first.kind, second.kind, third.kind) == ("mix", "stopped", "rate")
    assert (second.branch, second.services, second.whole_branch) == ("X", ("c",), True)


def test_with_nothing_in_both_all_is_coverage() -> None:
    found = parted({Cell("a"): Counts(1, 4)}, {Cell("b"): Counts(3, 4)})
    assert found
    assert (found.rate, found.mix, found.coverage) == (0, 0, Fraction(1, 2))


@pytest.mark.parametrize("scope", SCOPES, ids=str)
@pytest.mark.parametrize("code", GOALS)
def test_it_agrees_with_the_goals_of_the_example(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> None:
    found, before = decompose_change(cursor, code, scope), scope.compared()
    assert found and before
    for counted, one in ((found.now, scope), (found.then, before)):
        (row,) = measure(cursor, code, one)
        assert (counted.numerator, counted.denominator) == (row.numerator, row.denominator)
        assert counted.share == row.value
    agree(found, by_fractions.decompose_change(cursor, code, scope))
    if metrics()[code].time == "stock":
        assert found.mix == 0


@pytest.mark.parametrize("code", SHARES)
def test_every_share_by_service_can_be_split(cursor: duckdb.DuckDBPyConnection, code: str) -> None:
    found = decompose_change(cursor, code, YEAR)
    assert found
    (now,), (then,) = measure(cursor, code, YEAR), measure(cursor, code, YEAR.compared() or YEAR)
    assert (found.now.share, found.then.share) == (now.value, then.value)
    agree(found, by_fractions.decompose_change(cursor, code, YEAR))


def test_a_period_against_itself_is_nothing(cursor: duckdb.DuckDBPyConnection) -> None:
    for code in GOALS:
        found = decompose_change(cursor, code, YEAR, YEAR)
        assert found and not any((found.rate, found.season, found.mix, found.coverage))


def test_without_a_comparison_or_before_the_data_there_is_none(cursor: duckdb.DuckDBPyConnection) -> None:
    for code, scope in product(GOALS, (replace(YEAR, comparison=None), Scope(date(2023, 3, 1), date(2023, 5, 1)))):
        assert decompose_change(cursor, code, scope) is None


def test_what_cannot_be_split_is_refused(cursor: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        decompose_change(cursor, "cases", YEAR)
    with pytest.raises(ValueError, match="different length"):
        decompose_change(cursor, "digital_submission", YEAR, Scope(date(2025, 1, 1), date(2025, 1, 1)))


def test_care_stopped_reporting_and_that_is_told_as_coverage(cursor: duckdb.DuckDBPyConnection) -> None:
    """In March 2026 six services of Vård och omsorg fall silent: none of goal 2's rise that this makes is rate or mix."""
    found = decompose_change(cursor, "digital_submission", YEAR)
    assert found
    (stopped,) = (cause for cause in found.causes if cause.kind == "stopped")
    assert (stopped.branch, len(stopped.services), stopped.whole_branch) == ("VOF", 6, False)  # two others count weeks
    assert stopped in found.causes[:2] and stopped.points > found.change * 0.4
    march = decompose_change(cursor, "digital_submission", Scope(date(2026, 3, 1), date(2026, 3, 1)))
    assert march and march.coverage > march.change * 0.75


def test_coverage_of_the_example_recomputed(cursor: duckdb.DuckDBPyConnection) -> None:
    """Goal 2 once more, from the service-months that are fully reported in both years and those that are not."""
    rows = cursor.execute(
        "SELECT service_id, month, cases_digital, cases FROM service_months WHERE fully_reported AND month >= '2024-11-01'"
    ).fetchall()
    now = {(s, m.month): (d, n) for s, m, d, n in rows if date(2025, 11, 1) <= m <= date(2026, 10, 1)}
    then = {(s, m.month): (d, n) for s, m, d, n in rows if m < date(2025, 11, 1)}

    def share(of: dict[tuple[str, int], tuple[int, int]], only: set[tuple[str, int]]) -> Fraction:
        return Fraction(sum(of[key][0] for key in only), sum(of[key][1] for key in only))

    both = now.keys() & then.keys()
    found = decompose_change(cursor, "digital_submission", YEAR)
    assert found
    assert found.rate + found.season + found.mix == near(share(now, both) - share(then, both))
    rest = (share(now, set(now)) - share(now, both)) - (share(then, set(then)) - share(then, both))
    assert found.coverage == near(rest)
    # had each month kept its part of the service's cases, only the share in the month would have changed it
    rate = Fraction(0)
    for service in {s for s, _month in both}:
        months = [m for s, m in both if s == service]
        cases = [sum(year[service, m][1] for m in months) for year in (then, now)]
        wholes = [sum(year[key][1] for key in both) for year in (then, now)]
        weight = sum((Fraction(n, whole) for n, whole in zip(cases, wholes, strict=True)), Fraction(0)) / 2
        for month in months:
            (d0, n0), (d1, n1) = then[service, month], now[service, month]
            if n0 and n1:
                part = (Fraction(n0, cases[0]) + Fraction(n1, cases[1])) / 2
                rate += weight * part * (Fraction(d1, n1) - Fraction(d0, n0))
    assert found.rate == near(rate) and found.season
