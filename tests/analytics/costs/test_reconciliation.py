"""Reconciliation: every krona of every imported file is in exactly one part, and a fault in the database shows."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.costs.postings import postings
from analytics.costs.reconciliation import reconcile
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from data.store import Store

Make = Callable[..., Store]
TREE = "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;\nC;Gamma;B\n"
SPAN = Scope(date(2026, 1, 1), date(2026, 3, 1))
HEAD = "kostnad_id;datum;kostnadstyp;belopp;bestallare;motpart\n"
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
def test_every_krona_of_a_file_is_in_one_part(
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
        measured = measure(cursor, "cost", scope)[0].value or 0
        listed = sum((row.amount for row in postings(cursor, scope)), Decimal(0))
    last_ones = [
        *{i % 12: row for i, row in enumerate(rows)}.values()
    ]  # a later row replaces an earlier one with its id
    assert file.file == "costs.csv" and file.postings == len(rows)
    assert file.replaced_postings == len(rows) - len(last_ones)
    assert file.replaced == Decimal(sum(row[0] for row in rows) - sum(row[0] for row in last_ones)) / 100
    assert file.booked == Decimal(sum(row[0] for row in rows)) / 100
    assert file.unexplained == 0
    assert file.in_scope == measured == listed
    outside = sum(ore for ore, kind, *_ in last_ones if kind == "utanför")
    internal = sum(ore for ore, kind, _who, other, _m in last_ones if not kind and other[:1] in "1234" and other)
    assert (file.outside, file.internal) == (Decimal(outside) / 100, Decimal(internal) / 100)


COSTS = (
    "1;2026-01-03;fast;100;;\n1;2026-01-03;fast;90;;\n2;2026-02-03;övrig;10;A;\n3;2026-02-03;utanför;7;;\n"
    "4;2026-02-03;;5;;11\n5;2026-06-03;övrig;3;B;\n"
)


@pytest.mark.parametrize(
    ("broken", "unexplained"),
    [
        ("costs AS FROM main.costs WHERE true", 0),
        ("costs AS FROM main.costs WHERE cost_id <> '1'", 90),
        ("cost_splits AS FROM main.cost_splits WHERE cost_id <> '5'", 3),
        ("placed_costs AS FROM main.placed_costs WHERE cost_id <> '3'", 7),
        (
            "cost_splits AS FROM main.cost_splits UNION ALL"
            " SELECT * REPLACE ('3' AS cost_id, 700 AS ore) FROM main.cost_splits WHERE cost_id = '5'",
            -7,
        ),
    ],
)
def test_a_fault_in_the_database_is_unexplained(small_store: Make, broken: str, unexplained: int) -> None:
    store = small_store({"departments": TREE, "costs": HEAD + COSTS})
    with store.database().cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {broken}")
        (file,) = reconcile(cursor, SPAN)
    assert (file.booked, file.replaced, file.replaced_postings) == (215, 100, 1)
    assert file.unexplained == unexplained
