"""The default period: of what the goals are counted from, whatever else is known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import duckdb

from analytics.metrics.measure import measure
from analytics.metrics.period import FOLLOW_UPS, period
from data.store import Store

TABLES = {
    "departments": "verksamhet_id;namn\nA;Alfa\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Bygglov;A;extern\n",
    "case_counts": "tjanst_id;manad;kanal;antal\nT1;2026-09;telefon;8\nT1;2026-10;telefon;9\n",
    "costs": "kostnad_id;datum;kostnadstyp;belopp\nK1;2026-01-05;fast;1000\nK2;2026-11-01;fast;1000\n",
}


def test_a_ledger_does_not_set_it(small_store: Callable[..., Store]) -> None:
    with small_store(TABLES).database().cursor() as cursor:
        found = period(cursor)
        assert (found.first, found.default()) == (date(2026, 1, 1), (date(2026, 9, 1), date(2026, 10, 1)))
        (row,) = measure(cursor, "reporting", found.scope())
        assert row.denominator == 2  # the service's two months, none of those that only the ledger has
        assert found.default(date(2026, 3, 1)) == (date(2026, 1, 1), date(2026, 3, 1))  # nothing is reported by then


def test_follow_ups_are_those_that_are_over(cursor: duckdb.DuckDBPyConnection) -> None:
    """Of the two latest years; one that has months to come, or begins before the first report, is not there."""
    known = period(cursor)
    assert known.latest == date(2026, 10, 1)
    spans = [(one.code, one.month_from, one.month_to) for one in known.follow_ups()]
    assert [(code, first.month, last.month) for code, first, last in spans if last.year == 2026] == [
        ("interim_august", 1, 8), ("third_2", 5, 8), ("third_1", 1, 4),
    ]  # fmt: skip
    assert [code for code, _, last in spans if last.year == 2025] == list(FOLLOW_UPS)
    assert {last.year for *_, last in spans} == {2026, 2025}
    assert all(first.year == last.year for _, first, last in spans)
    late = replace(known, earliest=date(2026, 2, 1))
    assert [one.code for one in late.follow_ups()] == ["third_2"]


def test_where_no_case_is_reported_it_is_what_is_known(small_store: Callable[..., Store]) -> None:
    with small_store({"costs": TABLES["costs"]}).database().cursor() as cursor:
        assert period(cursor).default() == (date(2026, 1, 1), date(2026, 11, 1))
