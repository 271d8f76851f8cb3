"""Beside each 100 %: the other way in, what staff typed in and what was given up; on a goal, in lists and on a service's page."""

from collections.abc import Callable
from html import unescape

import pytest

from data.store import Store
from tests.reader import Look, words

MONTHS = tuple(f"2026-{month:02}" for month in range(1, 11))
TABLES = {
    "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;annat_satt\n"
    "T1;Ett;A;extern;2020-01-01;\nT2;Två;B;extern;2020-01-01;\nT3;Tre;B;extern;2020-01-01;Ring växeln\n",
    "e_services": "etjanst_id;namn;typ;plattform;lanserad\n"
    + "".join(f"E{n};E{n};e-tjänst;Open ePlatform;2020-01-01\n" for n in (1, 2, 3)),
    "links": "tjanst_id;etjanst_id\nT1;E1\nT2;E2\nT3;E3\n",
    "case_counts": "tjanst_id;manad;kanal;assisterat;antal\n"
    + "".join(
        f"{key};{month};e-tjänst;nej;40\n{key};{month};telefon;nej;{n}\n"
        for key, n in (("T1", 0), ("T2", 20), ("T3", 0))
        for month in MONTHS
    ),
    "e_service_use": "etjanst_id;manad;paborjade;inskickade;avbrutna\n"
    + "".join(f"E1;{month};50;40;10\n" for month in MONTHS),
}
BREACH = "100 % och inget annat sätt bryter mot det digitala innanförskapet (§ 3.2)."


@pytest.fixture
def said(small_store: Callable[..., Store], look: Look) -> Callable[..., str]:
    store = small_store(TABLES)
    return lambda page, **query: unescape(words(look(store, page, **query))).replace("\u00a0", " ")


def test_a_service_of_100_percent_shows_its_other_way_in_or_the_breach(said: Callable[..., str]) -> None:
    page = "pages/services/one_service.py"
    alone = said(page, service="T1")
    beside = "Annat sätt in: inget är känt. Inskrivet av medarbetare: 0 % av ärendena. Avbrutna: 20 % av de påbörjade."
    assert f"{BREACH} {beside}" in alone
    with_other = said(page, service="T3")
    assert BREACH not in with_other
    assert "Annat sätt in: Ring växeln. Inskrivet av medarbetare: 0 % av ärendena. Avbrutna: inte känt." in with_other
    less = said(page, service="T2")
    assert BREACH not in less and "Annat sätt in:" not in less


def test_a_goal_has_them_beside_it_and_a_department_of_100_percent_is_named(said: Callable[..., str]) -> None:
    goal = said("pages/goals/digital_cases.py")
    rest = "Inskrivet av medarbetare: 0 % av ärendena. Avbrutna: 20 % av de påbörjade."
    assert f"Annat sätt in: 2 av 3 tjänster. {rest}" in goal
    named = f"Alfa har 100 % i Digitala ärenden. Annat sätt in: 0 av 1 tjänst. {rest}"
    assert f"{named} {BREACH}" in goal and "Beta har 100 %" not in goal
    first = said("pages/goals/e_services.py")
    assert "100 %, men 1 tjänst nås inte på annat sätt: det bryter mot det digitala innanförskapet (§ 3.2)." in first
    overview = said("pages/follow_up/overview.py")
    assert f"{named} {BREACH}" in overview and "Alfa har 100 % i E-tjänster." in overview
    alone = said("pages/goals/digital_cases.py", department="A")
    assert "100 %, men 1 tjänst nås inte på annat sätt" in alone


def test_a_list_of_services_marks_100_percent_without_another_way_in(said: Callable[..., str]) -> None:
    listed = said("pages/services/our_services.py")
    assert listed.count("inget annat sätt</small>") == 1
