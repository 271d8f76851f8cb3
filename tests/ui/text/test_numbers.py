"""Numbers as a Swedish reader writes them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.text import numbers

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0 %"), (1, "100 %"), (0.755, "76 %"), (0.9999, "99 %"), (0.0001, "1 %"), (None, "–")],
)
def test_only_the_whole_is_100_and_only_nothing_is_0(share: float | None, said: str) -> None:
    assert numbers.percent(share).replace(NBSP, " ") == said


@given(st.floats(0, 1), st.integers(0, 3))
def test_a_share_is_within_a_unit_of_what_is_said(share: float, decimals: int) -> None:
    said = numbers.percent(share, decimals)
    value = float(said.replace(NBSP, "").replace("%", "").replace(",", "."))
    assert abs(value - 100 * share) <= 10**-decimals
    assert (value == 0) == (share == 0)
    assert (value == 100) == (share == 1)


def test_two_shares_that_would_look_equal_get_a_decimal() -> None:
    assert [s.replace(NBSP, " ") for s in numbers.percents(0.501, 0.504)] == ["50,1 %", "50,4 %"]
    assert [s.replace(NBSP, " ") for s in numbers.percents(0.5, 0.5)] == ["50 %", "50 %"]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Decimal("1840000"), "1,84 mnkr"),
        (Decimal("12500.4"), "12 500 kr"),
        (Decimal("-12500"), "−12 500 kr"),
        (Decimal("999500"), "1,00 mnkr"),
        (Decimal("-0.4"), "0 kr"),
        (None, "–"),
    ],
)
def test_money_is_short_on_pages(amount: Decimal | None, said: str) -> None:
    assert numbers.money(amount).replace(NBSP, " ") == said


def test_exact_money_has_its_ore() -> None:
    assert numbers.exact_money(Decimal("12500.5")).replace(NBSP, " ") == "12 500,50"


@pytest.mark.parametrize(
    ("difference", "said"),
    [(0.05, "5 procentenheter"), (-0.01, "1 procentenhet"), (0.0149, "1 procentenhet"), (0, "0 procentenheter")],
)
def test_points_have_their_number(difference: float, said: str) -> None:
    assert numbers.points(difference).replace(NBSP, " ") == said


def test_few_are_said_as_a_part_of_a_whole() -> None:
    assert numbers.share(1.0, 3, 3) == "3 av 3"
    assert numbers.share(0.5, 10, 20).replace(NBSP, " ") == "50 %"


def test_dates_are_in_words() -> None:
    assert numbers.month(date(2026, 10, 1)) == "okt 2026"
    assert numbers.day(date(2026, 10, 31)) == "31 oktober 2026"
    assert numbers.months(date(2025, 11, 1), date(2026, 10, 1)) == "nov 2025–okt 2026"
    assert numbers.months(date(2026, 10, 1), date(2026, 10, 1)) == "okt 2026"
