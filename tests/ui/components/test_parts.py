"""The parts of a whole: the bar has what is counted, and the months what each month had."""

from datetime import date
from typing import Literal

import pytest

from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from ui.components import channels, parts
from ui.components.metric_views import ask
from ui.goals import e_services
from ui.quality import summary

YEAR = Scope(date(2025, 11, 1), date(2026, 10, 1), comparison="last_year")
SHADES: list[parts.Shade] = [("a", "e-service", "digital"), ("b", "phone", "grey_1"), ("c", "unknown", "unknown")]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("comparison", "told"), [("last_year", "A year earlier"), ("previous", "Comparison period")])
def test_the_bar_says_what_is_counted_now_and_before(
    comparison: Literal["last_year", "previous"], told: str, heard: list[str]
) -> None:
    scope = Scope(YEAR.month_from, YEAR.month_to, comparison=comparison)
    parts.draw(SHADES, {"a": 30.0, "b": 10.0}, {"a": 20.0, "c": 1.0}, scope, shares=True)
    assert f"{told}: 20 e-service, 1 unknown" in heard
    assert "30 e-service, 75%" in heard and "10 phone, 25%" in heard


@pytest.mark.usefixtures("english")
def test_nothing_is_said_and_not_drawn(heard: list[str]) -> None:
    parts.draw(SHADES, {}, {"a": 1.0}, YEAR)
    assert heard == ["Nothing in the selection is reported yet."]


def test_a_month_of_which_nothing_is_known_is_blank_and_a_part_without_cases_is_left_out() -> None:
    values: dict[tuple[object, object], float] = {
        (date(2026, 1, 1), "a"): 3.0,
        (date(2026, 1, 1), "b"): 0.0,
        (date(2026, 3, 1), "a"): 0.0,
    }
    rows = parts.months("t", SHADES, values, Scope(date(2026, 1, 1), date(2026, 3, 1)), ()).rows
    assert list(rows["e-service"].isna()) == [False, True, False]
    assert list(rows["e-service"].dropna()) == [3, 0]
    assert list(rows)[1:] == ["e-service"]
    assert parts.months("t", SHADES, {}, YEAR, ()).rows.empty


@pytest.mark.usefixtures("on_example", "english")
def test_the_months_sum_to_what_the_bar_counts() -> None:
    cases = sum(float(row.value or 0) for row in ask("cases", YEAR, "channel"))
    months = channels.months(YEAR).rows.iloc[:, 1:]
    of_weeks = months.pop("From counting weeks").sum()  # beside the channels, which it is part of
    assert 0 < of_weeks < months.sum().sum() == cases
    assert channels.months(YEAR).title == "How the cases came in, month by month"
    figures = sum(float(row.value or 0) for row in ask("figures", YEAR, "state"))
    assert summary.states_by_month(YEAR).rows.iloc[:, 1:].sum().sum() == figures
    assert summary.states_by_month(YEAR).title == "How the channels are reported, month by month"


@pytest.mark.usefixtures("on_example", "english")
def test_the_services_by_what_they_offer_hold_the_goal() -> None:
    """The first two parts of the bar are the goal's numerator, and all but the unknown its denominator."""
    (goal,) = ask(GOALS[1], YEAR)
    offered = [part.value for part in parts._parts(e_services._counted(), e_services._offered(YEAR), False)]
    assert sum(offered[:2]) == goal.numerator
    assert sum(offered) == goal.denominator
    last = e_services.offers_by_month(YEAR).rows.iloc[-1]
    assert last["e-service"] == offered[0]
    assert e_services.offers_by_month(YEAR).title == "What the services offer, month by month"
