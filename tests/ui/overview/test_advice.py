"""What matters most in words: every kind of finding has a sentence with its numbers, and a page that shows more."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from analytics.insights.findings import Finding
from analytics.metrics.scope import Scope
from ui.overview.advice import SAID

WHOLE = Scope(date(2026, 1, 1), date(2026, 6, 1))
OWN = Scope(date(2026, 1, 1), date(2026, 6, 1), ("A",))
LESS = {"before": 0.9, "now": 0.4}
pytestmark = pytest.mark.usefixtures("register", "english")


@pytest.mark.parametrize(
    ("kind", "values", "scope", "sentence", "page"),
    [
        (
            "not_told_e_service_coverage",
            {"metric": "e_service_coverage", "table": "links"},
            WHOLE,
            "Goal 1 cannot be told until somebody says which e-service belongs to which service.",
            "koppla",
        ),
        (
            "not_told_digital_submission",
            {"metric": "digital_submission", "table": "cases"},
            WHOLE,
            "Goal 2 cannot be told for the period. Import the table Cases.",
            "importera",
        ),
        (
            "fell",
            {"metric": "digital_submission", "points": 4.0},
            WHOLE,
            "the share fell by 4 percentage points from the same period a year before. See in which department.",
            "#departments",
        ),
        (
            "stopped_reporting",
            {"department": "A", **LESS},
            WHOLE,
            "Vård och omsorg reports less: 40% of its service-months are complete, 90% the same period a year before.",
            "department=A",
        ),
        (
            "stopped_reporting",
            {"department": "A", **LESS},
            OWN,
            "Less is reported: 40% of the service-months are complete, 90% the same period a year before. Report the rest.",
            "mal-2",
        ),
        (
            "outside_e_service",
            {"service": "T1", "outside": 30, "of": 40, "points": 2.5},
            WHOLE,
            "Bygglov has the most cases outside e-services: 30 of 40. All of them digital would add 2.5 percentage points.",
            "service=T1",
        ),
        (
            "outside_e_service",
            {"service": "T1", "outside": 30, "of": 40, "points": 2.5},
            OWN,
            "All of them digital would add 2.5 percentage points to goal 2 here.",
            "service=T1",
        ),
        (
            "without_e_service",
            {"missing": 2, "of": 3, "department": None},
            WHOLE,
            "2 of 3 services lack an e-service.",
            "mal-1",
        ),
        (
            "without_e_service",
            {"missing": 2, "of": 3, "department": "A", "there": 1},
            WHOLE,
            "2 of 3 services lack an e-service, most of them in Vård och omsorg (1).",
            "department=A",
        ),
        ("breaches", {"count": 1}, WHOLE, "1 e-service lies outside Open ePlatform", "mal-1"),
        ("breaches", {"count": 2}, WHOLE, "2 e-services lie outside Open ePlatform", "mal-1"),
        ("unplaced_cost", {"amount": 1200}, WHOLE, "has no payer. Say who ordered it, or who benefits.", "kostnader"),
        (
            "blocking_step",
            {"step": "decision", "missing": 2, "of": 3},
            WHOLE,
            "stops most services: it is not digital in 2 of 3.",
            "mal-3",
        ),
    ],
)
def test_a_finding_is_told_with_its_numbers(
    kind: str, values: Mapping[str, Any], scope: Scope, sentence: str, page: str
) -> None:
    advice = SAID[kind](Finding(kind, 1.0, values), scope)
    assert sentence in advice.sentence.replace("\xa0", " ")
    assert page in advice.href
