"""A value in the first rows of a file that is mapped stands as the pages write it."""

from datetime import date

import pytest

from data import datasets
from ui.imports.mapping_preview import _written


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("table", "column", "value", "text"),
    [
        ("services", "name", None, ""),
        ("services", "active", False, "nej"),
        ("services", "audience", "external", "extern"),
        ("services", "published_from", date(2026, 3, 1), "2026-03-01"),
        ("case_counts", "month", date(2026, 3, 1), "mars 2026"),
    ],
)
def test_a_value_is_written_as_pages_write_it(table: str, column: str, value: object, text: str) -> None:
    assert _written(datasets()[table].column(column), value).replace("\xa0", " ") == text
