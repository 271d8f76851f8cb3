"""Answers from the columns in memory are those of SQL, row by row and to the last digit, whatever is asked and stored."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from random import Random

import duckdb
import numpy as np
import pytest

from analytics.metrics import served
from analytics.metrics.catalogue import metrics
from analytics.metrics.columns import Columns
from analytics.metrics.fact_columns import PARTS, formulas
from analytics.metrics.formula import AGGREGATE, formula
from analytics.metrics.measure import measure
from analytics.metrics.period import period
from analytics.metrics.scope import Scope, add_months

Cursor = duckdb.DuckDBPyConnection
SUMMED = [code for code, metric in metrics().items() if metric.kind in ("share", "sum")]
FORMULAS = {getattr(metrics()[code], part) for code in SUMMED for part in PARTS}


@dataclass(frozen=True)
class Both:
    """Two cursors on a version, one that asks the database and one with its columns."""

    sql: Cursor
    columns: Cursor
    held: Columns

    def compare(self, scope: Scope, code: str, *by: str) -> None:
        assert repr(measure(self.columns, code, scope, *by)) == repr(measure(self.sql, code, scope, *by)), (scope, by)


@contextmanager
def both(cursor: Cursor, **bounds: int) -> Iterator[Both]:
    held = Columns(**bounds)
    with cursor.cursor() as other:
        yield Both(cursor, served.attach(other, served.Served(held, anew, anew)), held)


def anew(_question: object, _about: object, make: Callable[[], object]) -> object:
    """A memory that remembers nothing."""
    return make()


def ids(cursor: Cursor, column: str, table: str) -> list[str]:
    return [one for (one,) in cursor.execute(f"SELECT {column} FROM {table} ORDER BY ALL").fetchall()]


def compare_some(cursor: Cursor, random: Random, scopes: int) -> None:
    """Every metric over scopes at random, each by some of the dimensions that it has."""
    months = period(cursor)
    departments = [*ids(cursor, "department_id", "departments"), "nowhere"]
    services, rules = ids(cursor, "service_id", "services"), [None, *ids(cursor, "rule_set", "rule_sets")]
    with both(cursor) as asked:
        for _ in range(scopes):
            first, last = sorted(add_months(months.first, random.randint(-2, 30)) for _ in range(2))
            scope = Scope(
                first,
                last,
                tuple(random.sample(departments, min(len(departments), random.choice((0, 0, 1, 1, 2, 3))))),
                random.choice((None, None, "external", "internal")),
                tuple(random.sample(services, min(len(services), random.choice((0, 0, 1, 5))))),
                rules=random.choice(rules),
                organisation=random.choice(("historical", "historical", "today")),
            )
            for code in SUMMED:
                by = metrics()[code].fact.dimensions
                asked.compare(scope, code, *random.sample(by, random.choice((0, 1, 1, 2, 3))))


def test_any_question_of_the_example_has_one_answer(cursor: Cursor) -> None:
    compare_some(cursor, Random(1), scopes=10)


def test_every_metric_but_the_quantiles_is_counted_from_columns(cursor: Cursor) -> None:
    with both(cursor) as asked:
        scope = period(cursor).scope()
        counted = {code for code, m in metrics().items() if asked.held.groups(asked.columns, m, scope, ()) is not None}
    assert counted == set(SUMMED)


@pytest.mark.parametrize("sql", sorted(FORMULAS))
def test_a_formula_is_worked_out_as_the_database_does(cursor: Cursor, sql: str) -> None:
    """For NULL too, whose logic has three values."""
    worked_out = formula(sql)
    assert worked_out is not None
    outer, kinds = sql, [AGGREGATE.match(one) for one in worked_out.aggregates]
    for i, one in sorted(enumerate(worked_out.aggregates), key=lambda each: -len(each[1])):
        outer = outer.replace(one, f"a{i}")
    domains = [(None, True, False) if kind and kind[1].startswith("bool") else (None, 0, 3, 407) for kind in kinds]
    for values in product(*domains):
        types = ["BOOLEAN" if True in domain else "HUGEINT" for domain in domains]
        columns = ", ".join(f"${i + 1}::{kind} AS a{i}" for i, kind in enumerate(types))
        ((expected,),) = cursor.execute(f"SELECT {outer} FROM (SELECT {columns or 0})", list(values)).fetchall()
        assert repr(worked_out.of(values)) == repr(expected), values
        (each,) = np.atleast_1d(worked_out.of_each([np.array([np.nan if v is None else float(v)]) for v in values]))
        assert (None if np.isnan(each) else each) == (None if expected is None else pytest.approx(float(expected)))


@pytest.mark.parametrize(
    "sql",
    ["count(DISTINCT month)", "median(cases)", "sum(cases) // 2", "any_value(x)", "sum(a) < sum(b) < 3", "-sum(a)"],
)
def test_what_is_no_sum_of_parts_is_left_to_the_database(sql: str) -> None:
    assert formula(sql) is None


@pytest.mark.parametrize("code", SUMMED)
def test_an_array_holds_what_the_rows_say(cursor: Cursor, code: str) -> None:
    by = metrics()[code].fact.dimensions[2], "month"
    with both(cursor) as asked:
        groups = asked.held.groups(asked.columns, metrics()[code], period(cursor).scope(), by)
        assert groups is not None
        for part in (formulas(metrics()[code]) or {}).values():
            told = [np.nan if value is None else float(value) for value in groups.values(part)]
            np.testing.assert_allclose(groups.array(part), told)


def test_a_fact_with_too_many_rows_is_left_to_the_database(cursor: Cursor) -> None:
    for bounds in ({"max_rows": 5}, {"max_bytes": 100}):
        with both(cursor, **bounds) as asked:
            asked.held.load(asked.columns)
            asked.compare(period(cursor).scope(), "digital_submission", "month")
            assert asked.held.bytes == 0


def test_the_memory_of_columns_is_bounded(cursor: Cursor) -> None:
    with both(cursor) as asked:
        asked.held.load(asked.columns)
        everything = asked.held.bytes
    with both(cursor, max_bytes=everything // 2) as asked:
        asked.held.load(asked.columns)
        assert 0 < asked.held.bytes <= everything // 2
        for code in SUMMED:
            asked.compare(period(cursor).scope(), code)
            assert asked.held.bytes <= everything // 2


def test_nobody_waits_while_columns_are_made(cursor: Cursor) -> None:
    with both(cursor) as asked, asked.held._making:
        asked.compare(period(cursor).scope(), "cases", "channel")
        assert asked.held.bytes == 0
