"""Shared cost allocated by usage: the parts sum to the whole, to the öre."""

from collections.abc import Callable
from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.costs.allocation import allocate_by_usage, largest_remainder, shared_costs
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
    all_usage = allocate_by_usage(cursor, Scope(scope.month_from, scope.month_to))
    whole = shared_costs(cursor, scope)
    for kind, ore in whole.items():
        assert sum(use.by_cases[kind] for use in all_usage) == ore
        assert sum(use.by_e_services[kind] for use in all_usage) == ore
    result = allocate_by_usage(cursor, scope)
    if len(chosen) == 1 and chosen[0] == "BUF":
        usage = next(use for use in all_usage if use.department_id == "BUF")
        assert sum(use.cases for use in result) == usage.cases
        assert sum(sum(use.by_cases.values()) for use in result) == sum(usage.by_cases.values())
    assert sum(use.cases for use in result) <= sum(use.cases for use in all_usage)


def test_no_use_is_no_split(small_store: Make) -> None:
    store = small_store({"departments": TREE, "costs": HEAD + "1;2026-01-01;fast;100;;\n"})
    with store.database().cursor() as cursor:
        assert allocate_by_usage(cursor, SPAN) == []
        assert shared_costs(cursor, SPAN) == {"fixed": 10_000}
