"""Where a number comes from: the files in force whose rows count, and nothing of those that were replaced."""

from collections.abc import Callable

import duckdb
import pytest

from analytics.metrics.catalogue import metrics
from analytics.metrics.provenance import sources
from data.schema.catalogue import datasets
from data.store import Store
from tests.conftest import NOW
from tests.reader import Look, words

Make = Callable[..., Store]
TABLES = {
    "departments": "verksamhet_id;namn\nA;Alfa\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\n",
    "case_counts": "tjanst_id;manad;kanal;antal\nT;2026-09;e-tjänst;30\nT;2026-09;telefon;10\n",
}


def test_each_table_names_its_files(small_store: Make) -> None:
    with small_store(TABLES).database().cursor() as cursor:
        found = sources(cursor, ("services", "cases", "case_counts"))
    assert [(one.table, one.files, one.imported_at) for one in found] == [
        ("services", ("services.csv",), NOW),
        ("case_counts", ("case_counts.csv",), NOW),
    ]


def test_the_example_has_no_files(cursor: duckdb.DuckDBPyConnection) -> None:
    assert sources(cursor, tuple(datasets())) == ()


@pytest.mark.parametrize("code", metrics())
def test_every_number_says_which_tables_it_is_counted_from(code: str) -> None:
    assert metrics()[code].tables and set(metrics()[code].tables) <= set(datasets())


def test_the_strip_names_them(small_store: Make, look: Look) -> None:
    app = look(small_store(TABLES), "pages/goals/digital_cases.py", **{"from": "2026-09", "to": "2026-09"})
    assert "Tjänster: services.csv, importerad 2 november 2026" in words(app).replace("\xa0", " ")
