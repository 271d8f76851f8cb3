"""The cost split of §8: who pays, to the öre."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from data.store import Store

Make = Callable[..., Store]
TREE = "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;\nC;Gamma;B\n"
YEAR = Scope(date(2026, 1, 1), date(2026, 10, 1))
HEAD = "kostnad_id;datum;kostnadstyp;kategori;belopp;bestallare\n"
SHARES = "kostnad_id;verksamhet_id;andel\n"


def payers(store: Store, scope: Scope = YEAR, by: str = "payer") -> dict[object, Decimal]:
    with store.database().cursor() as cursor:
        return {row.by[by]: row.value for row in measure(cursor, "cost", scope, by)}  # type: ignore[misc]  # sums are Decimal


def split(make: Make, costs: str, shares: str = "") -> dict[object, Decimal]:
    tables = {"departments": TREE, "costs": HEAD + costs}
    return payers(make(tables | ({"cost_shares": SHARES + shares} if shares else {})))


def test_fixed_and_variable_cost_is_the_system_owners_whoever_ordered_it(small_store: Make) -> None:
    assert split(small_store, "1;2026-01-01;fast;Drift;100;A\n2;2026-02-01;rörlig;SMS;0,50;\n") == {
        "system_owner": Decimal("100.50")
    }


def test_other_cost_falls_on_the_one_who_ordered_it_and_else_is_unplaced(small_store: Make) -> None:
    costs = "1;2026-01-01;övrig;RPA;100;A\n2;2026-02-01;övrig;AI;7;\n3;2026-02-01;övrig;AI;5;FINNS-EJ\n"
    assert split(small_store, costs) == {"A": Decimal(100), "unplaced": Decimal(12)}


def test_those_who_benefit_share_it_before_the_one_who_ordered(small_store: Make) -> None:
    assert split(small_store, "1;2026-01-01;övrig;RPA;100;A\n", "1;A;25\n1;B;75\n") == {
        "A": Decimal(25),
        "B": Decimal(75),
    }


@pytest.mark.parametrize("thirds", ["33,33", "33,3", "33,333333"])
def test_one_ore_over_three_departments_goes_to_exactly_one(small_store: Make, thirds: str) -> None:
    result = split(small_store, "1;2026-01-01;övrig;RPA;0,01;\n", f"1;A;{thirds}\n1;B;{thirds}\n1;C;{thirds}\n")
    if thirds == "33,3":  # 99,9 is not the whole: the rest is unplaced, and it is less than a third
        assert result.pop("unplaced", Decimal(0)) == 0
    assert sum(result.values()) == Decimal("0.01")
    assert sorted(result.values())[-1] == Decimal("0.01")


def test_shares_below_100_leave_the_rest_unplaced_and_above_100_the_whole(small_store: Make) -> None:
    costs = "1;2026-01-01;övrig;RPA;100;\n2;2026-01-01;övrig;RPA;10;\n"
    assert split(small_store, costs, "1;A;60\n2;A;60\n2;B;60\n") == {"A": Decimal(60), "unplaced": Decimal(50)}


def test_a_credit_is_dealt_like_a_cost(small_store: Make) -> None:
    assert split(small_store, "1;2026-01-01;övrig;RPA;-0,05;\n", "1;A;50\n1;B;50\n") == {
        "A": Decimal("-0.03"),
        "B": Decimal("-0.02"),
    }


def test_a_departments_own_cost_includes_what_lies_below_it(small_store: Make) -> None:
    store = small_store(
        {"departments": TREE, "costs": HEAD + "1;2026-01-01;övrig;RPA;10;C\n2;2026-01-01;övrig;RPA;5;B\n"}
    )
    only_b = Scope(YEAR.month_from, YEAR.month_to, ("B",))
    assert payers(store, only_b) == {"B": Decimal(5), "C": Decimal(10)}
    assert sum(payers(store, only_b, "cost_type").values()) == Decimal(15)


ORE = st.integers(-10_000_000, 10_000_000)
POSTINGS = st.lists(
    st.tuples(
        ORE,
        st.sampled_from(["fast", "rörlig", "övrig"]),
        st.sampled_from(["", "A", "C", "X"]),
        st.lists(
            st.tuples(st.sampled_from("ABCX"), st.integers(0, 10_000)), max_size=4, unique_by=lambda share: share[0]
        ),
        st.integers(1, 10),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POSTINGS)
def test_the_split_equals_the_ledger_to_the_ore_however_it_is_cut(
    small_store: Make, postings: list[tuple[Any, ...]]
) -> None:
    costs, shares = HEAD, SHARES
    for i, (ore, kind, orderer, shared, month) in enumerate(postings):
        costs += f"{i};2026-{month:02}-03;{kind};K{i % 3};{ore / 100:.2f};{orderer}\n"
        shares += "".join(f"{i};{name};{part / 100:.2f}\n" for name, part in shared)
    tables = {"departments": TREE, "costs": costs} | ({"cost_shares": shares} if shares != SHARES else {})
    store = small_store(tables)
    total = Decimal(sum(ore for ore, *_ in postings)) / 100
    for by in ("payer", "cost_type", "category", "month", "supplier", "department", "year"):
        assert sum((v for v in payers(store, by=by).values() if v is not None), Decimal(0)) == total
    by_type = {name: Decimal(0) for name in ("fixed", "variable", "other")}
    for ore, kind, *_ in postings:
        by_type[{"fast": "fixed", "rörlig": "variable", "övrig": "other"}[kind]] += Decimal(ore) / 100
    assert {k: v for k, v in payers(store, by="cost_type").items() if v} == {k: v for k, v in by_type.items() if v}
