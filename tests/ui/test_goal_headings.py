"""The headings of the goals' pages: none, one, several, more, fewer and as many, and plain where nothing is known."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.components import channels
from ui.goals import digital_cases, digital_handling, e_services

pytestmark = pytest.mark.usefixtures("register", "swedish")
SCOPE = Scope(date(2026, 1, 1), date(2026, 10, 1))
ALONE = replace(SCOPE, comparison=None)
Patch = Callable[[object, Mapping[str, Any]], None]


def row(numerator: int, denominator: int, coverage: float = 1.0, total: int = 0, **by: object) -> Row:
    value = numerator / denominator if denominator else None
    counted = denominator / total if total else None
    found = Row(by, numerator, denominator, value, denominator, coverage, "value" if denominator else "not_reported")
    return replace(found, counted=counted)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Patch:
    """A function that makes a module know this."""

    def patch(module: object, told: Mapping[str, Any]) -> None:
        for name, value in told.items():
            monkeypatch.setattr(module, name, value)

    return patch


@pytest.mark.parametrize(
    ("now", "then", "scope", "said"),
    [
        ((0, 0), (0, 0), SCOPE, "Vad tjänsterna erbjuder"),
        ((61, 91), (59, 91), ALONE, "61 av 91 tjänster har en e-tjänst"),
        ((61, 91), (0, 0), SCOPE, "61 av 91 tjänster har en e-tjänst"),
        ((61, 91), (59, 90), SCOPE, "2 tjänster fler har e-tjänst än samma period året före"),
        ((61, 91), (60, 91), SCOPE, "1 tjänst fler har e-tjänst än samma period året före"),
        ((61, 91), (61, 80), SCOPE, "Lika många tjänster har e-tjänst som samma period året före"),
        ((61, 91), (62, 91), SCOPE, "1 tjänst färre har e-tjänst än samma period året före"),
        ((61, 91), (65, 91), SCOPE, "4 tjänster färre har e-tjänst än samma period året före"),
    ],
)
def test_what_the_services_offer(
    known: Patch, now: tuple[int, int], then: tuple[int, int], scope: Scope, said: str
) -> None:
    known(
        e_services,
        {"one": lambda _code, asked: row(*(now if asked.comparison == scope.comparison and asked == scope else then))},
    )
    assert e_services.offers_heading(scope) == said


@pytest.mark.parametrize(
    ("offered", "total", "said"),
    [
        ({}, 0, ""),
        ({"e_service": 1}, 1, "1 tjänst räknas i okt 2026."),
        (
            {"form_only": 1, "not_applicable": 1},
            2,
            "2 tjänster räknas i okt 2026. 1 har en blankett att börja med. 1 till behöver ingen e-tjänst och räknas inte.",
        ),
        (
            {"form_only": 14, "not_applicable": 6},
            91,
            "91 tjänster räknas i okt 2026. 14 har en blankett att börja med. 6 till behöver ingen e-tjänst och räknas inte.",
        ),
    ],
)
def test_what_there_is_to_begin_with(known: Patch, offered: Mapping[str, float], total: int, said: str) -> None:
    known(
        e_services,
        {
            "_offered": lambda _scope: offered,
            "one": lambda *_: row(0, total),
        },
    )
    assert e_services.offers_reading(SCOPE).replace("\xa0", " ") == said


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 tjänster utan e-tjänst"), (1, "1 tjänst utan e-tjänst"), (30, "30 tjänster utan e-tjänst")]
)
def test_who_lacks_one(known: Patch, n: int, said: str) -> None:
    known(e_services, {"without_e_service": lambda _scope: range(n), "_is_unknown": lambda _scope: False})
    assert e_services.lacking_heading(SCOPE) == said
    known(e_services, {"_is_unknown": lambda _scope: True})
    assert e_services.lacking_heading(SCOPE) == "Tjänster utan e-tjänst"


@pytest.mark.parametrize(
    ("sums", "said"),
    [
        ({}, "Hur ärendena kom in"),
        ({"unknown": 9.0}, "Hur ärendena kom in"),
        ({"rest": 9.0, "phone": 3.0}, "Hur ärendena kom in"),
        ({"e_service": 5.0, "phone": 5.0}, "Hur ärendena kom in"),
        ({"e_service": 5.0}, "Flest ärenden kom in via e-tjänst"),
        ({"e_service": 5.0, "rest": 3.0, "phone": 2.0}, "Flest ärenden kom in via e-tjänst"),
        ({"e_service": 5.0, "form": 3.0, "phone": 3.0}, "Flest ärenden kom in via e-tjänst"),
        ({"e_service": 5.0, "form": 3.0, "phone": 2.0}, "Flest ärenden kom in via e-tjänst, näst flest via blankett"),
        (
            {"e_service": 2.0, "assisted": 2.0, "phone": 3.0},
            "Flest ärenden kom in via e-tjänst, näst flest via telefon",
        ),
        ({"e_service": 1.0, "phone": 3.0}, "Flest ärenden kom in via telefon, näst flest via e-tjänst"),
    ],
)
def test_how_the_cases_came_in(known: Patch, sums: Mapping[str, float], said: str) -> None:
    known(channels, {"_sums": lambda _scope: sums})
    assert channels.heading(SCOPE) == said


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ([], "Ärenden på annat sätt än via e-tjänst"),
        ([9, 3, 1], "Ärenden på annat sätt än via e-tjänst"),
        ([30, 20, 10, 20, 20], "3 tjänster står för 60 % av ärendena som kom in på annat sätt"),
    ],
)
def test_where_most_take_another_way(known: Patch, left: list[int], said: str) -> None:
    known(digital_cases, {"_outside": lambda _scope: [row(0, n) for n in left]})
    assert digital_cases.outside_heading(SCOPE).replace("\xa0", " ") == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (row(0, 0), "Vad som är rapporterat"),
        (row(78, 100), "78 % av tjänsternas månader är fullt rapporterade"),
        (row(3, 4), "3 av 4 månader är fullt rapporterade, räknat per tjänst"),
    ],
)
def test_how_much_is_reported(known: Patch, found: Row, said: str) -> None:
    known(digital_cases, {"one": lambda *_: found})
    assert digital_cases.reported_heading(SCOPE).replace("\xa0", " ") == said


GOAL, BUT = "digital_handling", "digital_handling_but_archiving"


@pytest.mark.parametrize(
    ("goal", "but", "said", "parts"),
    [
        (row(0, 0), row(0, 0), "Det som kan hanteras digitalt", {}),
        (
            row(40, 100, total=120),
            row(60, 100),
            "För 20 % av ärendena är bara arkivering inte digital",
            {
                "kan hanteras digitalt": 40,
                "bara arkivering är inte digital": 20,
                "fler steg är inte digitala": 40,
                "inte rapporterat": 20,
            },
        ),
        (
            row(40, 100),
            row(60, 110),
            "40 av 100 ärenden kan hanteras digitalt",
            {"kan hanteras digitalt": 40, "något steg är inte digitalt": 60},
        ),
        (
            row(4, 9),
            row(6, 9),
            "4 av 9 ärenden kan hanteras digitalt",
            {"kan hanteras digitalt": 4, "bara arkivering är inte digital": 2, "fler steg är inte digitala": 3},
        ),
        (row(9, 9), row(9, 9), "9 av 9 ärenden kan hanteras digitalt", {"kan hanteras digitalt": 9}),
    ],
)
def test_what_can_be_handled_digitally(known: Patch, goal: Row, but: Row, said: str, parts: Mapping[str, int]) -> None:
    """The parts sum to all cases that are known: those of the goal, and those whose steps are not reported."""
    known(digital_handling, {"one": lambda code, _scope: {GOAL: goal, BUT: but}[code]})
    assert digital_handling.handled_heading(SCOPE).replace("\xa0", " ") == said
    assert {part.name: part.value for part in digital_handling.handled_parts(SCOPE)} == parts


@pytest.mark.parametrize(
    ("stopped", "said"),
    [
        ({}, "Steg som inte är digitala, och lösningar som hjälper"),
        ({"archiving": 5, "decision": 5}, "Steg som inte är digitala, och lösningar som hjälper"),
        ({"archiving": 52, "decision": 5}, "Steget arkivering är inte digitalt för 52 % av ärendena"),
    ],
)
def test_which_step_is_not_digital(known: Patch, stopped: Mapping[str, int], said: str) -> None:
    known(digital_handling, {"_stopped": lambda _scope: [(step, row(n, 100)) for step, n in stopped.items()]})
    assert digital_handling.stopping_heading(SCOPE).replace("\xa0", " ") == said
