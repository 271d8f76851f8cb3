"""The goals and the cost split of the example data, computed a second, dumber way: plain loops over the CSV files."""

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pytest

import data.sample
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from tests.recompute import SYSTEM_OWNER, Share, Tables, load

SPANS = [("2023-01", "2023-12"), ("2024-03", "2024-03"), ("2024-11", "2025-10"), ("2026-01", "2026-10")]
NARROWED = [((), None), (("BUF",), None), (("VOF", "SBK"), None), ((), "internal"), (("KSF",), "external")]


@cache
def tables() -> Tables:
    return load(Path(data.sample.__file__).parent)


def scope(span: tuple[str, str], departments: tuple[str, ...] = (), audience: str | None = None) -> Scope:
    first, last = (date.fromisoformat(f"{month}-01") for month in span)
    return Scope(first, last, departments, audience)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize(("departments", "audience"), NARROWED)
def test_the_goals_are_what_plain_loops_say(
    cursor: duckdb.DuckDBPyConnection, span: tuple[str, str], departments: tuple[str, ...], audience: str | None
) -> None:
    asked = scope(span, departments, audience)
    word = {"internal": "intern", "external": "extern"}.get(audience or "")
    expected: dict[str, Share] = {
        "e_service_coverage": tables().goal_1(span[1], departments, word),
        "digital_submission": tables().goal_2(*span, departments, word),
        "digital_handling": tables().goal_3(*span, departments, word),
    }
    for code, share in expected.items():
        (row,) = measure(cursor, code, asked)
        assert (row.numerator, row.denominator) == (share.numerator, share.denominator), code
        assert row.coverage == share.coverage, code


@pytest.mark.parametrize("month", ["2023-01", "2025-02", "2026-10"])
def test_the_classes_are_what_plain_loops_say(cursor: duckdb.DuckDBPyConnection, month: str) -> None:
    rows = measure(cursor, "services", scope((month, month)), "class")
    assert Counter({str(row.by["class"]): row.value for row in rows if row.value}) == tables().classes(month)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("departments", [(), ("BMF",), ("SKOL", "VOF")])
def test_the_split_is_what_plain_loops_say(
    cursor: duckdb.DuckDBPyConnection, span: tuple[str, str], departments: tuple[str, ...]
) -> None:
    names = {SYSTEM_OWNER: "system_owner", "": "unplaced"}
    expected = {names.get(payer, payer): ore for payer, ore in tables().payers(*span, departments).items() if ore}
    rows = cursor_by_department(cursor, scope(span, departments))
    assert {payer: ore for payer, ore in rows.items() if ore} == expected


def cursor_by_department(cursor: duckdb.DuckDBPyConnection, asked: Scope) -> dict[str, int]:
    """Öre by department, and by kind of payer where there is none."""
    paid = {str(row.by["department"]): row.value for row in measure(cursor, "cost", asked, "department")}
    paid.pop("None", None)
    kinds = {str(row.by["payer"]): row.value for row in measure(cursor, "cost", asked, "payer")}
    paid |= {kind: value for kind, value in kinds.items() if kind in ("system_owner", "unplaced")}
    return {payer: int(value * 100) for payer, value in paid.items() if value is not None}
