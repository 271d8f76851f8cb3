"""What the departments show: true for none, one, two and many, and plain where there is nothing to say."""

from collections.abc import Mapping
from datetime import date

import pytest

from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.components import findings
from ui.text import i18n

pytestmark = pytest.mark.usefixtures("register", "swedish")
WHOLE = Scope(date(2026, 1, 1), date(2026, 12, 1))
OWN = Scope(date(2026, 1, 1), date(2026, 12, 1), ("A",))
TWO = Scope(date(2026, 1, 1), date(2026, 12, 1), ("A", "B"))
LOW, HIGH = (0.4, 0.4, 0.4), (0.6, 0.6, 0.6)
MIXED = (0.4, 0.6, 0.5)
PLAIN = "Verksamheterna sida vid sida"
Shares = Mapping[str | None, tuple[float | None, ...]]


def row(branch: str | None, value: float | None) -> Row:
    return Row({"branch": branch}, value, 1.0, value, 1, 1.0, "value" if value is not None else "not_reported")


def told(
    monkeypatch: pytest.MonkeyPatch, shares: Shares, scope: Scope = WHOLE, whole: float | None = 0.5
) -> tuple[str, str]:
    def ask(code: str, _scope: Scope, *_by: str) -> list[Row]:
        return [row(branch, values[GOAL_CODES.index(code)]) for branch, values in shares.items()]

    monkeypatch.setattr(findings, "ask", ask)
    monkeypatch.setattr(findings, "one", lambda _code, _scope: row(None, whole))
    return findings.departments(scope)


@pytest.mark.parametrize(
    ("shares", "scope", "heading", "reading"),
    [
        ({}, WHOLE, PLAIN, ""),
        ({"A": LOW, "B": HIGH}, WHOLE, PLAIN, ""),
        ({"A": MIXED, "B": MIXED, "C": MIXED}, WHOLE, PLAIN, ""),
        ({"A": LOW, "B": MIXED, "C": MIXED}, WHOLE, "Vård och omsorg ligger under kommunen i alla tre målen", ""),
        (
            {"A": LOW, "B": HIGH, "C": MIXED},
            WHOLE,
            "Vård och omsorg ligger under kommunen i alla tre målen",
            "Beta ligger över kommunen i alla tre målen.",
        ),
        (
            {"A": LOW, "B": LOW, "C": HIGH},
            OWN,
            "2 verksamheter ligger under Vård och omsorg i alla tre målen",
            "Lägre: Vård och omsorg (utan enhet) och Beta. Högre: C.",
        ),
        ({"A": LOW, "B": LOW, "C": LOW}, TWO, "3 verksamheter ligger under hela urvalet i alla tre målen", ""),
        (
            {"A": HIGH, "B": HIGH, "C": MIXED},
            WHOLE,
            "Vård och omsorg och Beta ligger över kommunen i alla tre målen",
            "",
        ),
        ({"A": LOW, "B": (0.4, None, 0.4), "C": MIXED, None: LOW}, WHOLE, PLAIN, ""),
    ],
)
def test_who_lies_on_one_side_in_every_goal(
    monkeypatch: pytest.MonkeyPatch, shares: Shares, scope: Scope, heading: str, reading: str
) -> None:
    assert told(monkeypatch, shares, scope) == (heading, reading)


def test_a_goal_that_is_not_known_has_no_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, {"A": LOW, "B": LOW, "C": LOW}, whole=None) == (PLAIN, "")


def test_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    i18n.set_language("en")
    one = told(monkeypatch, {"A": LOW, "B": HIGH, "C": MIXED})
    assert one == (
        "Vård och omsorg is below the municipality in all three goals",
        "Beta is above the municipality in all three goals.",
    )
    many = told(monkeypatch, {"A": LOW, "B": LOW, "C": HIGH, "D": HIGH})
    assert many == (
        "Vård och omsorg and Beta are below the municipality in all three goals",
        "C and D are above the municipality in all three goals.",
    )
    assert (
        findings.left_in({"A": 4, "B": 0}, GOAL_CODES[0])
        == "All of the services without an e-service are in Vård och omsorg"
    )
    assert (
        findings.left_in({"A": 4, "B": 3, "C": 1}, GOAL_CODES[0])
        == "Half of the services without an e-service are in Vård och omsorg"
    )
    assert (
        findings.left_in({"A": 4, "B": 1}, GOAL_CODES[0])
        == "Most of the services without an e-service are in Vård och omsorg"
    )
    assert (
        findings.left_in({"A": 4, "B": 3, "C": 3}, GOAL_CODES[0])
        == "40% of the services without an e-service are in Vård och omsorg"
    )


@pytest.mark.parametrize(
    ("lacking", "code", "chosen", "said"),
    [
        ({}, 0, (), "Så ligger verksamheterna till"),
        ({"A": 9}, 0, (), "Så ligger verksamheterna till"),
        ({"A": 0, "B": 0}, 0, (), "Så ligger verksamheterna till"),
        ({"A": 3, "B": 3}, 0, (), "Så ligger verksamheterna till"),
        ({"A": 9, "B": 3}, 0, ("A",), "Så ligger verksamheterna till"),
        ({"A": 9, "B": 0}, 0, (), "Alla tjänsterna utan e-tjänst finns i Vård och omsorg"),
        ({"A": 15, "B": 11, "C": 4}, 0, (), "Hälften av tjänsterna utan e-tjänst finns i Vård och omsorg"),
        ({"A": 9, "B": 3}, 1, (), "De flesta av ärendena som kom in på annat sätt finns i Vård och omsorg"),
        ({"A": 4, "B": 3, "C": 3}, 1, (), "40 % av ärendena som kom in på annat sätt finns i Vård och omsorg"),
        ({"A": 4, "B": 3, "C": 3}, 2, (), "Mest återstår i Vård och omsorg"),  # where the whole is over seventy letters
    ],
)
def test_where_most_of_what_is_left_is(
    lacking: Mapping[object, int], code: int, chosen: tuple[str, ...], said: str
) -> None:
    assert findings.left_in(lacking, GOAL_CODES[code], chosen).replace("\xa0", " ") == said
