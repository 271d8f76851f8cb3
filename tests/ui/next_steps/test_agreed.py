"""The actions agreed on: how many are late, what each was to give, their calendar, and how a goal's page tells of them."""

import re
from dataclasses import replace
from datetime import date

import pytest
from icalendar import Calendar

from analytics.forecast.target_path import Deviation
from analytics.metrics.scope import Scope
from analytics.priorities.deviations import GoalDeviation
from analytics.registers.explanations import Explanation, State
from ui.components import explanations
from ui.goals.explanations import heading, parted
from ui.next_steps import agreed

SCOPE = Scope(date(2026, 1, 1), date(2026, 8, 1))
BEHIND = Deviation(-0.1, None)
ONE = Explanation(
    "F-1", 2, "BMF", SCOPE.month_from, SCOPE.month_to, "Brev saknade länk", None, None, None, "planned", None, None, None
)  # fmt: skip


def told(monkeypatch: pytest.MonkeyPatch, *states: State) -> str:
    """The heading of actions in these states."""
    monkeypatch.setattr("ui.database.answer", lambda *_: [replace(ONE, state=state) for state in states])
    return agreed.heading(SCOPE)


@pytest.mark.usefixtures("english")
def test_how_many_are_late(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, "late", "done") == "1 action agreed on is late"
    assert told(monkeypatch, "late", "late", "planned") == "2 actions agreed on are late"
    assert told(monkeypatch, "planned", "done") == "1 action is agreed on"
    assert told(monkeypatch, "planned", "in_progress") == "2 actions are agreed on"
    assert told(monkeypatch, "done") == "Every action agreed on is done"
    assert agreed.reading() == (
        "Late first. The goal since is how the department's goal has changed on the same services since the period that is"
        " explained: not all of it comes from the action."
    )


def deviation(*explained: Explanation, due: bool = True, previous: bool = False) -> GoalDeviation:
    return GoalDeviation(2, "BMF", BEHIND if due else None, None, explained, (ONE,) if previous else ())


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([deviation()], "1 verksamhet har inte förklarat sin avvikelse"),
        ([deviation(), deviation()], "2 verksamheter har inte förklarat sina avvikelser"),
        ([deviation(ONE)], "1 verksamhet har förklarat sin avvikelse"),
        ([deviation(ONE), deviation(ONE, due=False)], "2 verksamheter har förklarat sina avvikelser"),
        ([deviation(ONE), deviation()], "1 verksamhet har inte förklarat sin avvikelse, 1 har"),
        ([deviation(due=False, previous=True)], "Tidigare förklaringar från verksamheterna"),
    ],
)
def test_how_many_departments_have_explained(found: list[GoalDeviation], said: str) -> None:
    assert heading(found) == said


@pytest.mark.usefixtures("on_example", "english")
def test_the_days_of_what_is_not_done_are_a_calendar() -> None:
    calendar = agreed.calendar(replace(SCOPE, departments=("BMF",))).decode()
    assert "SUMMARY:To be done: Större bilagor i e-tjänsten för bygglov (Byggchef)" in calendar.replace("\r\n ", "")
    assert re.findall(r"DTSTART;VALUE=DATE:(\d+)", calendar) == ["20261015", "20261201"]
    assert calendar.count("TRIGGER:-P14D") == len(Calendar.from_ical(calendar).walk("VEVENT")) == 2


@pytest.mark.usefixtures("on_example", "swedish")
class TestOnTheExample:
    def test_the_table_has_what_was_expected_beside_what_came(self) -> None:
        rows = agreed.table(SCOPE).rows.set_index("Förklaring")
        assert list(rows["Läge"]) == ["försenad", "pågår", "pågår", "planerad", "planerad", "planerad", "klar"]
        expected, came = (
            list(rows[name])[-1] for name in ("Väntat, procentenheter", "Målet sedan dess, procentenheter")
        )
        assert expected == 25 < came
        assert rows.loc["F-01", "Mål och verksamhet"] == "Mål 3, Bygg och miljö Sala Heby"
        assert rows.loc["F-02", "Mål och verksamhet"] == "Mål 1, kommunen" and rows.loc["F-05", "Roll"] == "Byggchef"

    def test_under_a_goal_stands_what_is_told_what_is_missing_and_what_came_of_the_last(self) -> None:
        own, of_departments = parted("digital_handling", SCOPE)
        assert [one.department_id for one in own] == [None]
        (missing,) = of_departments
        lacking, last = (str(item) for item in explanations.items(missing, SCOPE, named=True))
        assert "Bygg och miljö Sala Heby. </strong>Ingen förklaring är lämnad för perioden." in lacking
        form = (
            "register?do=explanation&amp;goal=3&amp;department_id=BMF&amp;month_from=2026-01&amp;month_to=2026-08#form"
        )
        assert f'href="{form}"' in lacking and "Lämna en förklaring" in lacking
        assert (
            "Förra förklaringen, jan 2025–aug 2025" in last and "Förvaltningschef: klar. Sedan dess har målet" in last
        )
        assert re.search(r"ändrats med \+38 procentenheter\. Väntat var \+25\sprocentenheter\.", last)
        assert 'href="tank-om?department=BMF&amp;steps=T-033&amp;steps=T-043"' in last and "Följ upp" not in last

    def test_without_an_action_or_an_address_none_is_made_up(self) -> None:
        one = replace(ONE, explained_on=date(2026, 9, 1), scenario="javascript:alert(1)")
        (item,) = explanations.items(deviation(one), SCOPE, named=False)
        assert "Brev saknade länk." in item and "Ingen åtgärd är angiven. Lämnad 1 september 2026." in item
        assert "javascript" not in item and "row=F-1" in item
        assert explanations.became(replace(ONE, month_to=date(2026, 10, 1))) == ""
        assert explanations.became(ONE).startswith("Sedan dess har målet ändrats med ")
        assert not parted("digital_handling", replace(SCOPE, audience="external"))[1]
