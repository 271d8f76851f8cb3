"""Shared cost by use, and every krona of every file: parts that sum to the whole, to the öre."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.costs.allocation import allocate_by_usage, largest_remainder, shared_costs
from analytics.costs.postings import postings
from analytics.costs.reconciliation import reconcile
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from data.store import Store

Make = Callable[..., Store]
TREE = "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;\nC;Gamma;B\n"
SPAN = Scope(date(2026, 1, 1), date(2026, 10, 1))
HEAD = "kostnad_id;datum;kostnadstyp;belopp;bestallare;motpart\n"
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=20)


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_what_is_dealt_is_the_whole_and_nobody_is_an_ore_from_fair(ore: int, weights: list[int]) -> None:
    parts = largest_remainder(ore, weights)
    whole = sum(weights)
    if not whole:
        assert not any(parts)
        return
    assert sum(parts) == ore
    assert all(abs(part * whole - ore * weight) < whole for part, weight in zip(parts, weights, strict=True))
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)


@pytest.mark.parametrize("ore", [1, -1])
def test_one_ore_over_three_goes_to_one(ore: int) -> None:
    assert largest_remainder(ore, [1, 1, 1]) == [ore, 0, 0]


@pytest.mark.parametrize("chosen", [(), ("BUF",), ("BUF", "VOF"), ("KUL",)])
def test_the_use_of_any_choice_is_the_same_parts(cursor: duckdb.DuckDBPyConnection, chosen: tuple[str, ...]) -> None:
    scope = Scope(date(2025, 11, 1), date(2026, 10, 1), chosen)
    everyone = allocate_by_usage(cursor, Scope(scope.month_from, scope.month_to))
    whole = shared_costs(cursor, scope)
    for kind, ore in whole.items():
        assert sum(use.by_cases[kind] for use in everyone) == ore
        assert sum(use.by_e_services[kind] for use in everyone) == ore
    found = allocate_by_usage(cursor, scope)
    if len(chosen) == 1 and chosen[0] == "BUF":
        mine = next(use for use in everyone if use.department_id == "BUF")
        assert sum(use.cases for use in found) == mine.cases
        assert sum(sum(use.by_cases.values()) for use in found) == sum(mine.by_cases.values())
    assert sum(use.cases for use in found) <= sum(use.cases for use in everyone)


def test_no_use_is_no_split(small_store: Make) -> None:
    store = small_store({"departments": TREE, "costs": HEAD + "1;2026-01-01;fast;100;;\n"})
    with store.database().cursor() as cursor:
        assert allocate_by_usage(cursor, SPAN) == []
        assert shared_costs(cursor, SPAN) == {"fixed": 10_000}


POSTINGS = st.lists(
    st.tuples(
        st.integers(-(10**7), 10**7),
        st.sampled_from(["fast", "övrig", "utanför", ""]),
        st.sampled_from(["", "A", "C", "X"]),
        st.sampled_from(["", "1", "81", "410"]),
        st.integers(1, 10),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POSTINGS, st.sampled_from([(), ("A",), ("B",)]), st.integers(1, 10))
def test_every_krona_of_a_file_is_accounted_for(
    small_store: Make,
    rows: list[tuple[Any, ...]],
    chosen: tuple[str, ...],
    last: int,
) -> None:
    costs = HEAD + "".join(
        f"{i % 12};2026-{month:02}-03;{kind};{ore / 100:.2f};{who};{other}\n"
        for i, (ore, kind, who, other, month) in enumerate(rows)
    )
    scope = Scope(date(2026, 1, 1), date(2026, last, 1), chosen)
    with small_store({"departments": TREE, "costs": costs}).database().cursor() as cursor:
        (file,) = reconcile(cursor, scope)
        here = measure(cursor, "cost", scope)[0].value or 0
        listed = sum((row.amount for row in postings(cursor, scope)), Decimal(0))
    last_ones = [
        *{i % 12: row for i, row in enumerate(rows)}.values()
    ]  # a later row replaces an earlier one with its id
    assert file.file == "costs.csv" and file.postings == len(rows)
    assert file.replaced_postings == len(rows) - len(last_ones)
    assert file.replaced == Decimal(sum(row[0] for row in rows) - sum(row[0] for row in last_ones)) / 100
    assert file.booked == Decimal(sum(row[0] for row in rows)) / 100
    assert file.booked == file.in_scope + file.out_of_scope + file.outside + file.internal + file.replaced
    assert file.in_scope == here == listed
    outside = sum(ore for ore, kind, *_ in last_ones if kind == "utanför")
    internal = sum(ore for ore, kind, _who, other, _m in last_ones if not kind and other[:1] in "1234" and other)
    assert (file.outside, file.internal) == (Decimal(outside) / 100, Decimal(internal) / 100)
