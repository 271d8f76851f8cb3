"""What matters most in words: every kind of finding has a sentence with its numbers, and a page that shows more."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from analytics.insights.findings import Finding
from analytics.metrics.scope import Scope
from ui.next_steps.advice import SAID

WHOLE = Scope(date(2026, 1, 1), date(2026, 6, 1))
OWN = Scope(date(2026, 1, 1), date(2026, 6, 1), ("A",))
TWO = Scope(date(2026, 1, 1), date(2026, 6, 1), ("A", "B"))
LESS = {"before": 0.9, "now": 0.4}
pytestmark = pytest.mark.usefixtures("register", "english")


@pytest.mark.parametrize(
    ("kind", "values", "scope", "sentence", "page"),
    [
        (
            "not_told_e_service_coverage",
            {"metric": "e_service_coverage", "table": "links"},
            WHOLE,
            "Goal 1 cannot be measured. Nobody has said which e-service belongs to which service.",
            "koppla",
        ),
        (
            "not_told_digital_submission",
            {"metric": "digital_submission", "table": "cases"},
            WHOLE,
            "Goal 2 cannot be measured. The table Cases is not imported for the period.",
            "importera",
        ),
        (
            "fell",
            {"metric": "digital_submission", "points": 4.0},
            WHOLE,
            "Digital cases: the share is falling. 4 percentage points lower than the same period a year earlier.",
            "#departments",
        ),
        (
            "stopped_reporting",
            {"department": "A", **LESS},
            WHOLE,
            (
                "Figures are missing from Vård och omsorg. 40% of the services' months are fully reported, "
                "against 90% the same period a year earlier."
            ),
            "department=A",
        ),
        (
            "stopped_reporting",
            {"department": "A", **LESS},
            OWN,
            (
                "Less is reported. 40% of the services' months are fully reported, against 90% the same period a "
                "year earlier."
            ),
            "datakvalitet",
        ),
        (
            "stopped_reporting",
            {"department": "A", **LESS},
            TWO,
            "Figures are missing from Vård och omsorg. 40% of the services' months are fully reported, ",
            "department=A",
        ),
        (
            "without_e_service",
            {"missing": 5, "of": 9, "department": "A", "there": 3},
            TWO,
            "5 services lack an e-service. Of 9 services in all. Most of all in Vård och omsorg: 3. See the 5 services",
            "mal-1",
        ),
        (
            "outside_e_service",
            {"service": "T1", "outside": 30, "of": 40, "points": 2.5},
            WHOLE,
            "Bygglov: 30 of 40 cases. Had all been digital, the share would have been 2.5 percentage points higher.",
            "service=T1",
        ),
        (
            "without_e_service",
            {"missing": 2, "of": 3, "department": None},
            WHOLE,
            "2 services lack an e-service. Of 3 services in all. See the 2 services",
            "mal-1",
        ),
        (
            "without_e_service",
            {"missing": 2, "of": 3, "department": "A", "there": 1},
            WHOLE,
            "2 services lack an e-service. Of 3 services in all. Half of them are in Vård och omsorg.",
            "mal-1#lacking",
        ),
        (
            "without_e_service",
            {"missing": 1, "of": 3, "department": "A", "there": 1},
            WHOLE,
            "1 service lacks an e-service. Of 3 services in all. It is in Vård och omsorg. See that service",
            "mal-1",
        ),
        (
            "without_e_service",
            {"missing": 5, "of": 9, "department": "A", "there": 3},
            WHOLE,
            "5 services lack an e-service. Of 9 services in all. Most of all in Vård och omsorg: 3. See the 5 services",
            "mal-1",
        ),
        (
            "breaches",
            {"count": 1},
            WHOLE,
            (
                "1 e-service lies outside Open ePlatform. It has no valid exemption. Decide on an exemption, or move it."
                " See the e-service"
            ),
            "mal-1",
        ),
        (
            "breaches",
            {"count": 2},
            WHOLE,
            (
                "2 e-services lie outside Open ePlatform. They have no valid exemption. Decide on exemptions, or move"
                " them. See the 2 e-services"
            ),
            "mal-1",
        ),
        (
            "unplaced_cost",
            {"amount": 1200},
            WHOLE,
            "SEK 1,200 has no payer. Say who ordered it, or who benefits.",
            "kostnader",
        ),
        (
            "blocking_step",
            {"step": "decision", "missing": 2, "of": 3},
            WHOLE,
            "The step decision is the one most often not digital. In 2 of 3 services. See which services",
            "mal-3",
        ),
        ("blocking_step", {"step": "decision", "missing": 1, "of": 1}, WHOLE, "In 1 of 1 service.", "mal-3"),
        (
            "without_e_service",
            {"missing": 2, "of": 3, "department": "A", "there": 2},
            WHOLE,
            "All of them are in Vård och omsorg.",
            "mal-1",
        ),
        (
            "without_e_service",
            {"missing": 1, "of": 1, "department": None},
            WHOLE,
            "1 service lacks an e-service. Of 1 service in all.",
            "mal-1",
        ),
    ],
)
def test_a_finding_is_told_with_its_numbers(
    kind: str, values: Mapping[str, Any], scope: Scope, sentence: str, page: str
) -> None:
    advice = SAID[kind](Finding(kind, 1.0, values), scope)
    assert sentence in f"{advice.title}. {advice.sentence} {advice.link}".replace("\xa0", " ")
    assert page in advice.href
