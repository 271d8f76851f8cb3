"""Month by month: what the goals did is told as it is, and the table has the months that the line has."""

from datetime import date
from itertools import product

import pytest

from analytics.metrics.catalogue import GOAL_CODES, GOALS
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from tests.markup import texts
from ui.components import courses
from ui.components.metric_views import ask
from ui.components.tables import percentage

YEAR = Scope(date(2025, 11, 1), date(2026, 10, 1), comparison="last_year")


def row(share: float | None, of: int, coverage: float = 1.0) -> Row:
    counted = None if share is None else round(share * of)
    return Row(
        value=share,
        numerator=counted,
        denominator=of,
        state="value" if share is not None else "not_reported",
        coverage=coverage,
        population=of,
        by={},
    )


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (("up", "up", "up"), "All three shares rose"),
        (("down", "down", "down"), "All three shares fell"),
        (("still", "still", "still"), "Little has changed"),
        (("still", "up", "up"), "Digital cases and digital case handling rose, e-services hardly"),
        (("up", "still", "down"), "E-services rose, digital case handling fell"),
        (("down", "still", None), "E-services fell, digital cases hardly"),
        ((None, "up", None), "Digital cases rose"),
        ((None, "down", None), "Digital cases fell"),
        (("still", None, None), "E-services hardly changed"),
        ((None, None, None), "Month by month"),
    ],
)
def test_what_the_goals_did_in_each_case(moves: tuple[str | None, ...], said: str) -> None:
    assert courses.clause(dict(zip(GOAL_CODES, moves, strict=True))) == said


@pytest.mark.usefixtures("swedish")
def test_no_heading_is_longer_than_a_line_of_the_page() -> None:
    for moves in product(("up", "down", "still", None), repeat=3):
        assert 0 < len(courses.clause(dict(zip(GOAL_CODES, moves, strict=True)))) <= 76
    assert courses.clause(dict(zip(GOAL_CODES, ("still", "up", "up"), strict=True))) == (
        "Digitala ärenden och digital ärendehantering ökar, e-tjänster nästan inte"
    )


@pytest.mark.parametrize(
    ("now", "then", "moved"),
    [
        (row(0.62, 1000), row(0.51, 1000), "up"),
        (row(0.51, 1000), row(0.62, 1000), "down"),
        (row(0.62, 1000), row(0.62, 1000), "still"),
        (row(0.60, 40), row(0.55, 40), "still"),  # chance can make it
        (row(0.62, 1000, 0.4), row(0.51, 1000), None),  # too little is known
        (row(0.62, 10), row(0.51, 1000), None),
        (row(None, 0), row(0.51, 1000), None),
    ],
)
def test_a_goal_moves_only_where_that_can_be_told(now: Row, then: Row, moved: str | None) -> None:
    assert courses.direction_of(GOALS[2], now, then) == moved


@pytest.mark.usefixtures("on_example", "english")
def test_a_line_stands_under_what_it_did_and_its_months_are_a_table() -> None:
    assert texts(str(courses.figure(GOALS[2], YEAR)), "h3") == ["Digital cases rose"]
    table = courses.months(YEAR, (GOALS[2],))
    assert table.title == "Digital cases month by month"
    assert list(table.rows) == [
        "Month",
        "Digital cases, %",
        "Digital cases, number",
        "Digital cases, of",
        "Digital cases a year earlier, %",
        "From counting weeks",
    ]
    assert list(table.rows["Digital cases, %"]) == [percentage(row) for row in ask(GOALS[2], YEAR, "month")]
    every = courses.months(YEAR, GOAL_CODES)
    assert every.title == "The goals month by month" and len(every.rows.columns) == 8
