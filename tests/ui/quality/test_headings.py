"""The findings over what is reported and what does not add up: none, one, many, and where none stands out."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.components.tables import Table
from ui.quality import headings
from ui.text.numbers import NBSP

pytestmark = pytest.mark.usefixtures("register", "swedish")


def row(department: str, reported: int, whole: int) -> Row:
    value = reported / whole if whole else None
    return Row({"branch": department}, reported, whole, value, whole, 1.0, "value" if whole else "not_applicable")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "Månad för månad"),
        ([row("A", 0, 0)], "Månad för månad"),
        ([row("A", 40, 120)], "Månad för månad"),  # there is none to be behind
        ([row("A", 120, 120), row("B", 24, 24)], "Alla verksamheter har rapporterat alla månader"),
        ([row("A", 40, 120), row("B", 24, 24)], "Minst är rapporterat i Vård och omsorg: 33 % av månaderna"),
        ([row("A", 119, 120), row("B", 6, 12)], "Minst är rapporterat i Beta: 6 av 12 månader"),
        ([row("A", 40, 120), row("B", 40, 120)], "Månad för månad"),  # as far behind
        ([row("A", 0, 0), row("B", 24, 24)], "Månad för månad"),
    ],
)
def test_who_has_reported_least(rows: list[Row], said: str) -> None:
    assert headings.reported(rows, Scope(date(2026, 1, 1), date(2026, 12, 1))).replace(NBSP, " ") == said


def test_what_stands_at_the_department_itself_has_no_unit() -> None:
    own = Scope(date(2026, 1, 1), date(2026, 12, 1), ("A",))
    said = "Minst är rapporterat i Vård och omsorg (utan enhet): 33 % av månaderna"
    assert headings.reported([row("A", 40, 120), row("B", 24, 24)], own).replace(NBSP, " ") == said


@pytest.mark.parametrize(
    ("heading", "one", "two"),
    [
        (headings.unmatched, "1 id finns inte i något register", "2 id:n finns inte i något register"),
        (headings.contradictions, "1 sak går inte ihop", "2 saker går inte ihop"),
    ],
)
def test_how_many(heading: Callable[[Table], str], one: str, two: str) -> None:
    tables = [Table("En lista", pd.DataFrame({"Namn": ["x"] * n})) for n in (1, 2)]
    assert [heading(table) for table in tables] == [one, two]


@pytest.mark.parametrize(
    ("missing", "whole", "said"),
    [
        (0, 12, "Alla uppgifter är rapporterade"),
        (1, 1, "1 av 1 uppgift är inte rapporterad"),
        (1, 12, "1 av 12 uppgifter är inte rapporterade"),
        (274, 4488, "274 av 4 488 uppgifter är inte rapporterade"),
    ],
)
def test_how_many_figures_are_not_reported(missing: int, whole: int, said: str) -> None:
    assert headings.figures(missing, whole).replace(NBSP, " ") == said
