"""Where it is heading, as a reader of the goal pages meets it."""

import re

import pytest

from data.store import Store
from tests.reader import Look, words

PAGE = "pages/goals/{}.py"


def test_a_forecast_with_its_target(store: Store, look: Look) -> None:
    app = look(store, PAGE.format("digital_cases"), lang="en", department="BUF")
    said = words(app)
    assert re.search(
        r"If this goes on, the share is about \d+% in Jun 2028\. In four cases of five it will be between \d+% and \d+%\.",
        said,
    )
    assert "To reach the target 80% in Dec 2026 takes" in said and "than an even rise between the targets" in said
    assert said.count('class="outlook-facts') == 1 and "To reach the target" in said
    read = "Blue line: the share so far. Dotted line: the forecast. The band: four cases of five."
    assert f"{read} Diamonds: the targets." in said and "Diamonds: the targets." in said
    assert "At this pace the target 80% is" in said or "Forecast" in said


def test_what_is_under_development_stands_beside_the_forecast_of_goal_1_alone(store: Store, look: Look) -> None:
    said = words(look(store, PAGE.format("e_services"), lang="en"))
    assert re.search(r"With what is under development goal 1 is at 6\d% in May 2027\.", said)
    assert "The forecast does not count it." in said
    assert "under development" not in words(look(store, PAGE.format("digital_cases"), lang="en"))


def test_a_target_is_held_against_the_goal_whatever_the_line_counts(store: Store, look: Look) -> None:
    """Goal 3 stands at 47 %. The services that are known all along stand at 53 %, above the target: it is not reached."""
    said = words(look(store, PAGE.format("digital_handling"), lang="en"))
    assert (
        "For the services of the forecast the share is 53%, for all services 47%. Targets are compared with 47%."
        in said
    )
    assert "To reach the target 50% in Dec 2026 takes 1.6 percentage points a month." in said
    assert "than an even rise between the targets" in said and "is reached already" not in said


def test_the_row_names_the_next_target_of_ones_own(store: Store, look: Look) -> None:
    def targets(**choice: str) -> list[str]:
        page = words(look(store, "pages/follow_up/overview.py", lang="en", **choice))
        return re.findall(r"target (\d+%)<span class=\"when\"> in Dec 2026<", page)

    assert targets() == ["70%", "65%", "50%"]
    row = words(look(store, "pages/follow_up/overview.py", lang="en"))
    assert (
        len(re.findall(r'class="goal-distance">(?:\d+ percentage points? (?:behind|ahead of)|in step with) the', row))
        == 3
    )
    assert "80%" in targets(department="BUF") and "65%" not in targets(department="BUF")
    assert targets(department="KFF") == []  # that of the municipality is not its own


@pytest.mark.parametrize(
    ("page", "department", "told"),
    [
        ("digital_cases", "KFF", "Too few cases for a forecast: fewer than 20 in most months."),
        (
            "digital_handling",
            "BMF",
            "Too few months to try a forecast on since the share first changed, in Apr 2026: 7 of at least 12.",
        ),
        ("e_services", "KFF", "Too few services for a forecast: fewer than 20."),
    ],
)
def test_it_says_why_there_is_none(page: str, department: str, told: str, store: Store, look: Look) -> None:
    said = words(look(store, PAGE.format(page), lang="en", department=department))
    assert told in said and "If this goes on" not in said
    assert ("The target for the whole municipality is" in said) == (department == "KFF" and page == "digital_cases")
