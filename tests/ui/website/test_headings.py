"""The findings over the website's lists: none, one, many, and where none stands out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd
import pytest

from analytics.metrics.scope import Scope
from ui.components.sections import nothing_in
from ui.components.tables import Table
from ui.website import headings, summary

pytestmark = pytest.mark.usefixtures("swedish")
NONE = dict.fromkeys(
    ("with", "without", "in_no_register", "lost", "moved", "unknown", "not_applicable", "unsearchable", "no_page"), 0
)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "Webbplatsen och registret har samma tjänster"),
        ({"in_no_register": 1}, "1 sida som ser ut som en tjänst saknas i registret"),
        ({"in_no_register": 4, "without": 30}, "4 sidor som ser ut som tjänster saknas i registret"),
        ({"with": 59, "without": 30}, "30 av 89 publicerade tjänster saknar e-tjänst"),
        ({"without": 1}, "1 av 1 publicerad tjänst saknar e-tjänst"),
        ({"lost": 1}, "Sidan för 1 tjänst är borta från webbplatsen"),
        ({"lost": 2}, "Sidorna för 2 tjänster är borta från webbplatsen"),
        ({"unknown": 1}, "Vi vet inte vad 1 tjänst erbjuder"),
        ({"unknown": 2}, "Vi vet inte vad 2 tjänster erbjuder"),
        ({"unsearchable": 1}, "1 tjänst går inte att leta upp på webbplatsen"),
        ({"unsearchable": 2}, "2 tjänster går inte att leta upp på webbplatsen"),
    ],
)
def test_the_headline_is_one_clause(counts: Mapping[str, int], said: str) -> None:
    assert summary.finding({**NONE, **counts}) == said
    assert len(said) <= 70


@pytest.mark.parametrize(
    ("departments", "counts", "said"),
    [
        ((), {"in_no_register": 4, "without": 15, "with": 13}, "4 sidor som ser ut som tjänster saknas i registret"),
        (("A",), {"in_no_register": 4, "without": 15, "with": 13}, "15 av 28 publicerade tjänster saknar e-tjänst"),
        (("A",), {"in_no_register": 4, "with": 13}, "4 sidor som ser ut som tjänster saknas i registret"),
        (("A",), {"with": 13}, "Webbplatsen och registret har samma tjänster"),
    ],
)
def test_a_departments_own_findings_come_before_the_pages_of_nobody(
    departments: tuple[str, ...], counts: Mapping[str, int], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "readings", lambda: ["read"])
    monkeypatch.setattr(summary, "_counts", lambda _scope: {**NONE, **counts})
    assert summary.headline(Scope(date(2026, 1, 1), date(2026, 6, 1), departments)) == said


def table(n: int, column: str = "Namn", values: Sequence[str] = ()) -> Table:
    return Table("En lista", pd.DataFrame({column: list(values) or ["x"] * n}), nothing="Inget att göra.")


@pytest.mark.parametrize(
    ("departments", "said"),
    [
        (["A"], "1 publicerad tjänst saknar e-tjänst"),
        (["A", "A"], "2 publicerade tjänster saknar e-tjänst"),
        (["A", "B"], "2 publicerade tjänster saknar e-tjänst"),  # none has most
        (["A", "B", "B"], "Flest utan e-tjänst i B: 2 av 3"),
    ],
)
def test_which_department_has_most_without(departments: list[str], said: str) -> None:
    assert headings.without_e_service(table(0, "Verksamhet", departments)) == said


@pytest.mark.parametrize(
    ("pages", "services", "said"),
    [
        (1, 0, "1 sida är borta sedan förra gången"),
        (3, 0, "3 sidor är borta sedan förra gången"),
        (0, 1, "1 e-tjänst är borta sedan förra gången"),
        (0, 2, "2 e-tjänster är borta sedan förra gången"),
        (1, 2, "1 sida och 2 e-tjänster är borta sedan förra gången"),
    ],
)
def test_what_is_gone(pages: int, services: int, said: str) -> None:
    assert headings.removed(table(0, "Vad det var", ["en sida"] * pages + ["en e-tjänst"] * services)) == said


@pytest.mark.parametrize(
    ("heading", "one", "two"),
    [
        (headings.forms, "1 sida visar en blankett", "2 sidor visar en blankett"),
        (headings.orphaned, "1 tjänst är borta från webbplatsen", "2 tjänster är borta från webbplatsen"),
        (headings.no_page, "Inget leder till 1 e-tjänst", "Inget leder till 2 e-tjänster"),
        (headings.departed, "1 tjänst räknas inte längre i mål 1", "2 tjänster räknas inte längre i mål 1"),
    ],
)
def test_how_many(heading: Callable[[Table], str], one: str, two: str) -> None:
    assert (heading(table(1)), heading(table(2))) == (one, two)


def test_what_holds_nothing_shares_one_line() -> None:
    made = nothing_in([("a", table(0)), ("b", table(0))])
    assert made.count("<details") == 1 and "<summary>2 listor är tomma</summary>" in made
    assert made.count("En lista (0)") == made.count("Inget att göra.") == 2
    assert 'id="a"' in made and 'id="b"' in made
    assert "<summary>1 lista är tom</summary>" in nothing_in([("a", table(0))])
