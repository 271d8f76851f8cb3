"""A comparison never overlaps the period that is compared with it."""

from datetime import date

import pytest

from analytics.metrics.scope import month_range
from ui.frame import filters

MONTHS = [filters.month_code(month) for month in month_range(date(2024, 1, 1), date(2026, 12, 1))]


@pytest.mark.parametrize(
    ("first", "usual"),
    [(date(2026, 1, 1), ("last_year", "previous")), (date(2025, 12, 1), ("previous",))],
)
def test_the_year_before_is_offered_for_a_year_at_most(first: date, usual: tuple[str, ...]) -> None:
    assert filters.usual_comparisons(first, date(2026, 12, 1)) == usual


def test_a_period_begins_where_it_ends_before_or_after() -> None:
    assert filters.comparison_starts(MONTHS, "2025-06", "2025-08") == [*MONTHS[:15], *MONTHS[20:34]]
    assert filters.comparison_starts(MONTHS, "2024-06", "2026-08") == []
