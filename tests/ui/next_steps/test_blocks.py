"""What the blocks of the actions say: the largest gaps, how few give how much, the departments, and one's own steps."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import Row, State
from analytics.priorities.ranking import Branch, Gain
from tests.ui.next_steps.cases import YEAR, found, gain
from ui.components import own_goal
from ui.components.ranking import Bar
from ui.next_steps import department, ranking

pytestmark = pytest.mark.usefixtures("on_example", "english")
Show = Callable[..., None]
KNOWN = Row({}, 500, 1000, 0.5, 1000, 1.0, "value")


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """A function that makes these the gaps of every goal, spread over departments."""

    def set_(*rows: Gain, row: Row = KNOWN, branches: dict[str, int] | None = None, few: bool = False) -> None:
        spread = tuple(Branch(key, left, 1000) for key, left in (branches or {}).items())
        monkeypatch.setattr(ranking, "load_gains", lambda _scope, _goal: found(*rows))
        monkeypatch.setattr(ranking, "one", lambda _code, _scope: row)
        monkeypatch.setattr(ranking, "too_few", lambda _scope, _goal: few)
        monkeypatch.setattr(ranking, "_by_branch", lambda _scope, _goal: spread)

    return set_


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Bar]]:
    """The rankings that are drawn, by what they are called; what they say is left out of what is heard."""
    kept: dict[str, list[Bar]] = {}

    def keep(bars: list[Bar], alt: str) -> str:
        kept[alt] = bars
        return ""

    monkeypatch.setattr(ranking, "drawn", keep)
    return kept


def unknown(state: str) -> Row:
    return Row({}, None, None, None, None, None, state)  # type: ignore[arg-type]  # a field by its name


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"row": unknown("not_reported")}, ["Nothing in the selection is reported yet.", "To the import"]),
        ({}, ["We know of nothing left in the selection."]),
    ],
)
def test_without_a_gap(case: dict[str, Any], said: list[str], show: Show, heard: list[str]) -> None:
    show(**case)
    ranking.block(YEAR, 2)
    assert heard == said


def test_few_are_not_ranked(show: Show, heard: list[str]) -> None:
    show(gain("A", 50), few=True)
    ranking.block(YEAR, 2)
    assert heard == ["Fewer than 20 are counted in the whole municipality, so nothing is ranked."]


@pytest.mark.parametrize(
    ("rows", "whole", "part"),
    [
        (
            [gain("A", 50, "withdrawn")],
            "There is no service to act on now.",
            "There is no service to act on now.",
        ),
        (
            [gain("A", 50)],
            "We know of nothing left to goal 2 in other services. The service makes up 5.0 percentage points.",
            "We know of nothing left to goal 2 for Barn och utbildning in other services. The service makes up 25.0"
            " percentage points.",
        ),
        (
            [gain("A", 50), gain("B", 40, "build")],
            "We know of nothing left to goal 2 in other services. These 2 services make up 9.0 percentage points.",
            "We know of nothing left to goal 2 for Barn och utbildning in other services. These 2 services make up 45.0"
            " percentage points.",
        ),
        (
            [gain("A", 10), gain("B", 40, "withdrawn")],
            "The service makes up 1.0 percentage point of the 5.0 percentage points left to goal 2.",
            "The service makes up 5.0 percentage points of the 25.0 percentage points left to goal 2 for Barn och utbildning.",
        ),
        (
            [gain("A", 50, "form"), gain("B", 30), gain("C", 20, "exempt")],
            "These 2 services make up 8.0 percentage points of the 10.0 percentage points left to goal 2.",
            "These 2 services make up 40.0 percentage points of the 50.0 percentage points left to goal 2 for Barn och"
            " utbildning.",
        ),
    ],
)
def test_one_or_two_gaps_have_no_curve(
    rows: list[Gain], whole: str, part: str, show: Show, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of a department's text is of its own goal, of 200 here; of several departments it is of the municipality's."""
    show(*rows)
    monkeypatch.setattr(own_goal, "one", lambda _code, _scope: replace(KNOWN, denominator=200))
    own, several = (replace(YEAR, departments=codes) for codes in (("BUF",), ("BUF", "VOF")))
    for scope in (YEAR, own, several):
        ranking.block(scope, 2)
    chosen = "the municipality's goal 2 in the departments chosen"
    assert heard == [
        "Services that do most for goal 2, in percentage points",
        whole,
        "Services that do most for goal 2 for Barn och utbildning, in percentage points",
        part,
        f"Services that do most for {chosen}, in percentage points",
        whole.replace("goal 2", chosen),
    ]
    services = replace(own, services=("A",))
    assert own_goal.name(services, 2) == "the municipality's goal 2 in the services chosen"
    assert own_goal.denominator(services, 2) is None


@pytest.mark.parametrize(
    ("rows", "few", "said"),
    [
        ([], False, []),
        ([gain("A", 50, "find_out")], False, []),
        ([gain("A", 50)], True, []),
        ([gain("A", 50)], False, ["Try what it would give to act on the service that does most"]),
        (
            [gain("A", 50), gain("F", 45, "find_out"), gain("B", 40, "build"), gain("C", 90, "withdrawn")],
            False,
            ["Try what it would give to act on the 2 services that do most"],
        ),
        (
            [gain(f"T{i}", 50 - i) for i in range(12)],
            False,
            ["Try what it would give to act on the 10 services that do most"],
        ),
    ],
)
def test_what_gives_most_can_be_tried(
    rows: list[Gain], few: bool, said: list[str], show: Show, heard: list[str]
) -> None:
    show(*rows, few=few)
    ranking.scenario_link(YEAR, 2)
    assert heard == said


def test_the_services_and_the_departments(show: Show, heard: list[str], drawn: dict[str, list[Bar]]) -> None:
    show(gain("A", 50), gain("B", 30), gain("C", 20), branches={"BUF": 60, "VOF": 40})
    ranking.block(YEAR, 3)
    assert heard == [
        "Services that do most for goal 3, in percentage points",
        "We know of nothing left to goal 3 in other services. These 3 services make up 10.0 percentage points.",
        "2 of the 3 services that can be acted on make up 80% of the 10.0 percentage points left to goal 3.",
        "What is left to goal 3 by department, in percentage points",
        "Barn och utbildning makes up 60% of the 10.0 percentage points.",
    ]
    services, departments = drawn.values()
    assert [(bar.name, bar.value, bar.text) for bar in services] == [
        ("A", 5.0, "5.0"),
        ("B", 3.0, "3.0"),
        ("C", 2.0, "2.0"),
    ]
    assert all(bar.sub and "service=" in bar.href for bar in services)
    assert [bar.value for bar in departments] == pytest.approx([6.0, 4.0])


@pytest.mark.parametrize(
    ("of", "left", "text", "points", "said"),
    [
        (
            200,
            50,
            "25.0",
            "5.0",
            "It can give you 25.0 percentage points in goal 2.",
        ),
        (
            19,
            5,
            "5 of 19",
            "0.5",
            "It can give you 5 of 19 in goal 2.",
        ),
    ],
)
@pytest.mark.usefixtures("heard")
def test_a_department_has_both_figures(
    of: int,
    left: int,
    text: str,
    points: str,
    said: str,
    show: Show,
    drawn: dict[str, list[Bar]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, row = replace(YEAR, departments=("BUF",)), replace(KNOWN, denominator=of)
    show(gain("A", left), gain("B", 3), gain("C", 2))
    monkeypatch.setattr(own_goal, "one", lambda _code, _scope: row)
    ranking.block(own, 2)
    ((title, bars),) = drawn.items()
    few = "Services that do most for goal 2 for Barn och utbildning"
    assert title == (few if of < 20 else f"{few}, in percentage points")
    assert (bars[0].value, bars[0].text) == (float(points), text)
    assert bars[0].sub == f"Get more to use the e-service · {points} percentage points for the municipality"
    step = department.Step(2, gain("A", left))
    assert said in department._said(step, own)
    several = department._said(step, replace(YEAR, departments=("BUF", "VOF")))
    assert f"It can give the municipality {points} percentage points in goal 2." in several


def test_many_that_weigh_the_same_are_told_by_department(show: Show, heard: list[str]) -> None:
    show(*(gain(f"T{i:02}", 10, "build") for i in range(11)), branches={"BUF": 60, "VOF": 50})
    ranking.block(YEAR, 1)
    assert heard == [
        "9 of the 11 services that can be acted on make up 82% of the 11.0 percentage points left to goal 1."
        " Each service gives the same: 1.0 percentage point.",
        "What is left to goal 1 by department, in percentage points",
        "Barn och utbildning makes up 55% of the 11.0 percentage points.",
    ]


@pytest.mark.parametrize(
    ("states", "rows", "said"),
    [
        (
            ["not_applicable"] * 3,
            [],
            "There is nothing to measure in the selection. There is nothing left to do. To all actions",
        ),
        (
            ["not_applicable", "not_reported", "not_reported"],
            [],
            "Too little is reported to propose any action. Begin by importing what is missing. To the import",
        ),
        (
            ["value", "not_reported", "not_reported"],
            [gain("A", 50, "exempt")],
            "Nothing of what is left can be acted on now. To all actions",
        ),
        (
            ["value", "not_reported", "value"],
            [],
            "Nothing is left of what is reported, but not all is reported. Import the rest. To the import",
        ),
        (
            ["value", "value", "not_applicable"],
            [],
            "Goals 1 and 2 are met, and in the third there is nothing to measure. There is nothing left to do. To all actions",
        ),
    ],
)
def test_without_a_step_of_ones_own(
    states: list[State], rows: list[Gain], said: str, show: Show, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    show(*rows)
    of = {
        code: replace(KNOWN, state=state, value=1.0 if state == "value" else None)
        for code, state in zip(GOALS.values(), states, strict=True)
    }
    monkeypatch.setattr(department, "one", lambda code, _scope: of[code])
    department.block(YEAR)
    assert heard == ["What matters most to you right now", said]


def test_ones_own_steps_have_a_way_on(show: Show, heard: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    show(gain("A", 50, "build"), gain("B", 40, "find_out"))
    monkeypatch.setattr(department, "lowest_goal", lambda _scope: 1)
    department.block(YEAR)
    order = "What does most for goal 1 comes first. The page Actions has all of them in the same order."
    saves = " Estimated to save SEK 1,000 a year more than it costs."
    assert heard[1:] == [
        order,
        *("1", "A"),
        "Develop an e-service: 50 cases in a year came in another way. It can give the municipality 5.0 percentage"
        f" points in goal 1 and 5.0 percentage points in goal 2.{saves}",
        *("See the service", "2", "B"),
        f"Find out whether it has an e-service. It can give the municipality 4.0 percentage points in goal 1.{saves}",
        *("Pair it", "To all actions"),
    ]
