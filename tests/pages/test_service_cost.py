"""What a service's own e-services cost, on its page: a rule names the e-service, and the page tells what a case costs."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from data.store import Store
from tests.analytics.costs.test_unit_costs import SHARED
from tests.reader import Look, tables, words

Make = Callable[..., Store]
PAGE = "pages/services/one_service.py"


def said(app: AppTest) -> str:
    """The page's words with plain spaces."""
    return words(app).replace("\xa0", " ")


def test_what_a_case_costs_is_told_where_postings_name_the_e_service(small_store: Make, look: Look) -> None:
    store = small_store(SHARED)
    app = look(store, PAGE, service="T", **{"from": "2025-11", "to": "2026-10"})
    assert "432 kr bokfört på tjänstens e-tjänst: 12,00 kr per digitalt ärende." in said(app)
    assert "Räknat på alla 2 tjänster" in said(app) and "plattformens kostnad, 7,50 kr" in said(app)
    (booked,) = [frame for frame in tables(app) if "Belopp, kr" in frame]
    assert sorted(booked["Belopp, kr"]) == [-60, 12, 480] and set(booked["E-tjänst"]) == {"Lov"}


def test_where_none_does_the_way_to_say_so_is_shown(small_store: Make, look: Look) -> None:
    store = small_store(SHARED)
    app = look(store, PAGE, service="V", **{"from": "2025-11", "to": "2026-10"})
    assert "Ingen bokförd post gäller tjänstens e-tjänst." in said(app) and 'href="regler' in said(app)


def test_too_few_cases_have_no_cost_each(small_store: Make, look: Look) -> None:
    few = SHARED | {"case_counts": "tjanst_id;manad;kanal;antal\nT;2026-10;e-tjänst;3\n"}
    app = look(small_store(few), PAGE, service="T", **{"from": "2025-11", "to": "2026-10"})
    assert "Dess digitala ärenden är för få, eller inte rapporterade för varje månad" in said(app)
