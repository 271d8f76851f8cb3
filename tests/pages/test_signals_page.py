"""Signal or noise, events and small numbers on the pages where they stand."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from data.store import Store
from tests.reader import Look, words

GOALS = {f"pages/goals/{name}.py": code for name, code in (
    ("e_services", "e_service_coverage"), ("digital_cases", "digital_submission"), ("digital_handling", "digital_handling")
)}  # fmt: skip


def said(app: AppTest) -> str:
    return words(app).replace("\xa0", " ")


def layout(chart: Element | Block) -> dict[str, Any]:
    """The layout of a picture."""
    return json.loads(chart.proto.spec)["layout"]


def marked(app: AppTest) -> list[list[str]]:
    """The numbers on the baseline, picture by picture."""
    specs = map(layout, app.get("plotly_chart"))
    pictures = [" ".join(n["text"] for n in spec.get("annotations", ()) if n.get("y") == 0) for spec in specs]
    lines = said(app).split('class="share-line')[1:]
    found = [re.findall(r"<b>(\d)</b>", text) for text in pictures]
    found += [re.findall(r'class="event" style="[^"]*">(\d)<', line) for line in lines]
    return [numbers for numbers in found if numbers]


@pytest.mark.parametrize("page", GOALS)
def test_each_goal_tells_difference_from_chance(store: Store, look: Look, page: str) -> None:
    app = look(store, page, lang="en")
    assert "Is the latest month unusual?" in [fold.label for fold in app.expander]
    in_goal_3 = GOALS[page] == "digital_handling"  # whole services are digital or not: chance says nothing of its cases
    assert ("The grey area shows how large differences chance can give" in said(app)) != in_goal_3
    assert ("than chance can give." in said(app)) != in_goal_3
    assert "not compared" in said(app) or GOALS[page] != "e_service_coverage"


def test_a_department_without_others_below_has_months_only(store: Store, look: Look) -> None:
    app = look(store, "pages/goals/digital_cases.py", lang="en", department="RTJ")
    assert "Is the latest month unusual?" in [fold.label for fold in app.expander]
    assert "The grey area" not in said(app)
    assert "has fewer than 20. That is too few to see whether anything has changed" in said(app)


def test_the_overview_tells_of_each_goal_whether_it_moved_and_lists_what_happened_once(
    store: Store, look: Look
) -> None:
    app = look(store, "pages/follow_up/overview.py", lang="en")
    assert "October 2026 is within the usual" in said(app)
    assert "In March 2026 the part that is reported changed from 85% to 78%" in said(app)
    assert marked(app) == [["1", "2", "3"]] * 3
    assert said(app).count('<ul class="events marked">') == 1
    assert "Vård och omsorg rapporterar bara e-tjänsternas ärenden" in said(app)


def test_the_pictures_of_a_service_carry_its_events(store: Store, look: Look) -> None:
    app = look(store, "pages/services/one_service.py", lang="en", service="T-007", **{"from": "2024-11"})
    assert marked(app) == [["1", "2"]]  # its cost
    assert "Digital cases in Mar 2025–May 2025: 62%. In the same months a year earlier: 0%." in said(app)


def test_costs_over_time_carry_what_happened(store: Store, look: Look) -> None:
    app = look(store, "pages/follow_up/costs.py", lang="en")
    assert len(marked(app)) == said(app).count('class="share-line') == 3
    assert said(app).count('<ul class="events marked">') == 1


@pytest.mark.parametrize("page", [*GOALS, "pages/follow_up/overview.py"])
def test_every_number_over_a_picture_stands_in_the_list(store: Store, look: Look, page: str) -> None:
    app = look(store, page, lang="en", **{"from": "2023-01"})
    listed = said(app).partition('<ul class="events marked">')[2].partition("</ul>")[0]
    assert marked(app)
    for numbers in marked(app):
        assert all(f'class="event">{number}<' in listed for number in numbers)


def test_nothing_known_says_so_and_marks_nothing(small_store: Callable[..., Store], look: Look) -> None:
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\n",
    }
    for page in GOALS:
        app = look(small_store(tables), page, lang="en")
        assert marked(app) == [] and "events marked" not in said(app)


def test_a_share_of_some_cases_tells_its_interval_and_a_stock_does_not(store: Store, look: Look) -> None:
    """Räddningstjänsten: 31 of 59 cases; Wilson's interval is held by tests/analytics/statistics/test_confidence.py."""
    app = look(store, "pages/goals/digital_cases.py", lang="en", department="RTJ")
    assert "<dt>Uncertainty</dt><dd>40–65%, since the cases are so few that chance plays a part</dd>" in said(app)
    assert re.search(r'href="definitioner[^"]*#chance_interval" target="_self">Uncertainty of few cases</a>', said(app))
    assert "<dt>Uncertainty</dt>" not in said(look(store, "pages/goals/e_services.py", lang="en"))
