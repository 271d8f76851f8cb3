"""Events on a picture over time: few, numbered in order, never upon each other; and in words in each case."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from analytics.insights.events import Event
from analytics.metrics.scope import Scope, add_months
from ui.charts.event_marks import NARROWEST, WIDTH, min_months_apart
from ui.components import events
from ui.text import numbers

SPAN = Scope(date(2023, 1, 1), date(2026, 10, 1))


@given(some.integers(1, 240))
def test_marks_stand_apart_on_a_phone(months: int) -> None:
    assert min_months_apart(months) * NARROWEST / months >= WIDTH
    assert min_months_apart(months) == 1 or (min_months_apart(months) - 1) * NARROWEST / months < WIDTH


@pytest.mark.usefixtures("on_example", "english")
@pytest.mark.parametrize("department", [None, "VOF", "BUF", "KSF"])
@pytest.mark.parametrize("months", [1, 12, 24, 46])
@pytest.mark.parametrize("register", [False, True])
def test_few_are_marked_in_order_and_none_upon_another(department: str | None, months: int, register: bool) -> None:
    scope = replace(
        SPAN, month_from=add_months(SPAN.month_to, 1 - months), departments=(department,) if department else ()
    )
    chosen, marks = events.marked_events(scope, register), events.marks(scope, register)
    assert len(chosen) <= events.MOST
    assert [mark.number for mark in marks] == list(range(1, len(marks) + 1))
    assert [mark.month for mark in marks] == sorted({event.day.replace(day=1) for _number, event in chosen})
    for one, other in zip(marks, marks[1:], strict=False):
        assert add_months(one.month, min_months_apart(months)) <= other.month
    assert not (register and any(event.kind == "reporting" for _number, event in chosen))


@pytest.mark.usefixtures("on_example", "english")
def test_own_events_are_marked_before_the_register() -> None:
    marked = [event for _number, event in events.marked_events(SPAN)]
    assert {event.kind for event in marked} == {"own"}
    year = [event.kind for _number, event in events.marked_events(replace(SPAN, month_from=date(2025, 11, 1)))]
    assert year == ["own", "reporting", "own", "launched", "launched"]


DAY = date(2026, 3, 10)


@pytest.mark.usefixtures("on_example", "english")
@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Event(DAY, "own", "Ny startsida"), "Ny startsida"),
        (Event(DAY, "launched", "Byt skola", ("T-012",), e_service="E-111"), "The e-service “Byt skola” was launched"),
        (Event(DAY, "closed", "Byt skola", ("T-012",), e_service="E-111"), "The e-service “Byt skola” was closed"),
        (
            Event(DAY, "exempt", "", ("T-083",), e_service="E-174"),
            "An exemption was decided for Bidrag till samlingslokaler, drift",
        ),
        (
            Event(DAY, "not_applicable", "", ("I-11",)),
            "Decision: Internpost – Utdelning needs no e-service",
        ),
        (
            Event(DAY, "reporting", coverage_before=0.71, coverage_after=0.79),
            "More is reported: 79% of the services, against 71% the month before",
        ),
        (
            Event(DAY, "reporting", coverage_before=0.79, coverage_after=0.71),
            "Less is reported: 71% of the services, against 79% the month before",
        ),
    ],
)
def test_what_happened_in_each_case(event: Event, said: str) -> None:
    assert events.describe(event) == said


@pytest.mark.usefixtures("on_example", "english")
@pytest.mark.parametrize(
    ("metric", "event", "said"),
    [
        (
            "digital_submission",
            Event(date(2025, 2, 3), "own", "", ("T-007",)),
            "For those concerned: Digital cases in Mar 2025–May 2025: 62%. In the same months a year earlier: 0%.",
        ),
        (
            "digital_handling",
            Event(date(2024, 10, 31), "own", "", ("T-012",)),
            (
                "For those concerned: Digital case handling in Nov 2024–Jan 2025: 0%, the same as in those "
                "months a year earlier."
            ),
        ),
        (
            "digital_submission",
            Event(date(2026, 4, 1), "own", "", (), "BMF"),
            (
                "For those concerned: Digital cases in Apr 2026–Jun 2026: 59%. In the same months a year "
                "earlier: 58%. The difference may be due to chance."
            ),
        ),
        (
            "digital_submission",
            Event(date(2026, 3, 1), "own"),
            (
                "Digital cases in Mar 2026–May 2026: 64%. In the same months a year earlier: 50%. The reporting "
                "changed too, so the periods cannot be compared."
            ),
        ),
        (
            "digital_submission",
            Event(date(2026, 4, 1), "own", "", ("T-029",)),
            (
                "For those concerned: Digital cases in Apr 2026–Jun 2026: 15%. In the same months a year earlier: 0%."
                " There was no e-service then."
            ),
        ),
        ("digital_submission", Event(date(2026, 4, 1), "own", "", (), "BMF", goal=3), ""),
        ("digital_submission", Event(date(2026, 9, 1), "own"), ""),
    ],
)
def test_what_came_after_in_each_case(metric: str, event: Event, said: str) -> None:
    """The numbers are those of the example; tests/analytics/insights/test_events.py derives such numbers from rows."""
    assert events.metric_after(metric, SPAN, event).replace(numbers.NBSP, " ") == said


MONTHS = ("January", "February", "March", "April", "May", "June", "July")


@pytest.mark.usefixtures("on_example", "english")
@pytest.mark.parametrize(
    ("months", "rest"),
    [
        (5, []),
        (6, ["1 more event in the period", "1 January 2026 Event 1"]),
        (7, ["2 more events in the period", "1 January 2026 Event 1", "1 February 2026 Event 2"]),
    ],
)
def test_what_there_is_no_room_for_is_counted(
    months: int, rest: list[str], heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One event a month: the latest are marked."""
    happened = [Event(date(2026, i, 1), "own", f"Event {i}") for i in range(1, months + 1)]
    monkeypatch.setattr(events, "_found", lambda _scope, _register: happened)
    events.listed(replace(SPAN, month_from=date(2026, 1, 1)))
    shown = range(months - events.MOST, months)
    assert heard == [f"{n}: 1 {MONTHS[i]} 2026 Event {i + 1}" for n, i in enumerate(shown, 1)] + rest
