"""A metric as services × months holds what the rows of `measure` say, from the columns in memory and by SQL."""

from datetime import date

import duckdb
import numpy as np
import pytest

from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope, months_between
from analytics.metrics.service_months import service_months
from tests.analytics.metrics.test_columns import SUMMED, both

SCOPE = Scope(date(2025, 9, 1), date(2026, 10, 1))
CODES = [code for code in SUMMED if "service" in metrics()[code].fact.dimensions]


def told(row: Row) -> tuple[object, ...]:
    counts = (None if n is None else float(n) for n in (row.numerator, row.denominator, row.population))
    return (*counts, row.state == "not_applicable", row.coverage == 1)


@pytest.mark.parametrize("code", CODES)
def test_they_hold_what_the_rows_say(cursor: duckdb.DuckDBPyConnection, code: str) -> None:
    with both(cursor) as asked:
        rows = measure(cursor, code, SCOPE, "service", "month")
        for one in (asked.sql, asked.columns):
            found = service_months(one, code, SCOPE)
            arrays = (found.numerator, found.denominator, found.population, found.not_applicable, found.known)
            filled = np.zeros(arrays[0].shape, bool)
            for row in rows:
                place = found.services.index(row.by["service"]), months_between(SCOPE.month_from, row.by["month"])
                here = tuple(array[place].item() for array in arrays)
                assert tuple(None if value != value else value for value in here) == told(row)
                filled[place] = True
            assert np.isnan(np.stack(arrays[:3])[:, ~filled]).all() and not np.stack(arrays[3:])[:, ~filled].any()


def test_over_other_services_they_are_the_same(cursor: duckdb.DuckDBPyConnection) -> None:
    found = service_months(cursor, "digital_submission", SCOPE)
    first, second, *_rest = found.services
    other = found.over((second, "no such service", first))
    np.testing.assert_array_equal(other.numerator[[2, 0]], found.numerator[:2])
    assert other.services == (second, "no such service", first)
    assert np.isnan(other.numerator[1]).all() and not other.known[1].any()
