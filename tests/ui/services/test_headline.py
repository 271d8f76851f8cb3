"""The headline of a service's page: what is left with how much of it, or what it is that is not known."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.registers.services import ServiceStatus
from ui.services import headline

SCOPE = Scope(date(2026, 1, 1), date(2026, 6, 1))
SILENT = Row({}, None, None, None, 40, 0.0, "not_reported")
CASES = Row({}, 30, 40, 0.75, 40, 1.0, "value")
STEPS = Row({}, 3, 5, 0.6, 7, 5 / 7, "value")
STATUS = ServiceStatus("T1", "e_service", CASES, CASES, STEPS, "not_digital", SILENT, CASES, "handling")
pytestmark = pytest.mark.usefixtures("register", "english")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bottleneck": "cases"}, "Bygglov: 1 in 4 cases came in another way than an e-service"),
        ({"bottleneck": "handling"}, "Bygglov: only 3 of 5 steps are digital"),
        ({"bottleneck": "e_service", "class_": "none"}, "Bygglov lacks an e-service: 40 cases in the period"),
        ({"bottleneck": "e_service", "class_": "form_only"}, "Bygglov has only a form: 40 cases in the period"),
        ({"bottleneck": "e_service", "class_": "none", "cases": SILENT}, "Bygglov lacks an e-service"),
        ({"class_": "unknown"}, "Bygglov: nobody has said whether it has an e-service"),
        ({"digital": SILENT}, "Bygglov: how its cases came in is not reported"),
        ({"handling": "not_reported"}, "Bygglov: 2 of 7 steps are not reported"),
        ({"handling": "not_reported", "steps": SILENT}, "Bygglov: its steps are not reported"),
        ({"handling": "digital"}, "Bygglov: not all of its months are reported"),
    ],
)
def test_it_carries_a_figure_or_says_what_is_not_known(
    changes: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = replace(STATUS, **({"bottleneck": "unknown"} | changes))
    found = replace(found, cases=replace(found.cases, value=found.cases.numerator and found.cases.denominator))
    monkeypatch.setattr(headline, "matrix", SimpleNamespace(statuses=lambda _scope: [found]))
    assert headline.headline(SCOPE, "T1") == said
