"""Kostnader and the break-even of a service, as a reader meets them: the address narrows, and what is told adds up."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from data.store import Store
from tests.reader import Look, words
from tests.reader import tables as read_tables

COSTS, SERVICE = "pages/follow_up/costs.py", "pages/services/one_service.py"
TREE = "verksamhet_id;namn\nA;Alfa\n"


def said(app: AppTest) -> str:
    """The words of the page without their tags."""
    return unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", words(app), flags=re.S)).replace("\u00a0", " ")


def crumbs(app: AppTest) -> list[str]:
    told = next(e.proto.body for e in app.get("html") if "crumbs" in e.proto.body and "<nav" in e.proto.body)
    return [re.sub(r"<[^>]*>", "", li).replace("\u00a0", " ") for li in re.findall(r"<li.*?</li>", told)]


def test_the_address_narrows_step_by_step(store: Store, look: Look) -> None:
    app = look(store, COSTS, payer="VOF", cost_type="other", category="Integration")
    way = crumbs(app)
    assert [step.rstrip("0123456789 ,kr") for step in way] == ["Allt", "Vård och omsorg", "övrig", "Integration"]
    assert way[-1].endswith("118 750,75 kr")
    assert "118 750,75 kr sammanlagt" in said(app)


def test_a_department_sees_its_own_postings_first_and_not_what_all_share(store: Store, look: Look) -> None:
    told = said(look(store, COSTS, department="VOF"))
    assert (
        told.index("Vad varje verksamhet betalar")
        < told.index("Vad ni betalar, och varför")
        < told.index("under budgeten")
    )
    assert "den betalar systemägaren för alla" in told
    assert "Systemägaren 6" not in told


def test_where_a_department_has_no_costs_one_sentence_says_so(small_store: Callable[..., Store], look: Look) -> None:
    tables = {
        "departments": "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;A\n",
        "costs": "kostnad_id;datum;kostnadstyp;belopp;bestallare\n1;2026-10-01;övrig;100;A\n",
    }
    app = look(small_store(tables), COSTS, department="B")
    told = said(app)
    assert "Beta har inga kostnader bokförda i perioden" in told and "Se vad Alfa betalar" in told
    assert "Importera kostnader" not in told and "Budget och utfall" not in told and not read_tables(app)


def test_who_pays_leads_and_the_picture_is_for_who_asks(store: Store, look: Look) -> None:
    app = look(store, COSTS)
    told = said(app)
    assert (
        told.index("Systemägaren betalar") < told.index("Vad varje verksamhet betalar") < told.index("saknar betalare:")
    )
    assert "Fasta och rörliga kostnader betalas av systemägaren." in told
    assert [expander.label for expander in app.expander][-3] == "Från leverantör till betalare, som bild"


def test_the_calculation_is_marked(store: Store, look: Look) -> None:
    app = look(store, COSTS)
    assert "Gemensam kostnad efter användning – faktureras inte" in said(app)
    assert any("faktureras inte" in expander.label for expander in app.expander)


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"departments": TREE}, "Ingen bokföring är importerad."),
        (
            {"departments": TREE, "costs": "kostnad_id;datum;kostnadstyp;belopp\n1;2026-10-01;fast;100\n"},
            "Ingen budget för 2026 är importerad.",
        ),
        (
            {"departments": TREE, "costs": "kostnad_id;datum;belopp;motpart\n1;2026-10-01;100;\n2;2026-10-02;7;1\n"},
            "interna poster 7,00 kr",
        ),
    ],
)
def test_little_is_known(tables: dict[str, str], told: str, small_store: Callable[..., Store], look: Look) -> None:
    app = look(small_store(tables), COSTS)
    assert told in said(app)
    assert not re.search(r"\b(nan|None|NaN)\b", said(app))


def test_break_even_follows_its_assumptions(store: Store, look: Look) -> None:
    app = look(store, SERVICE, service="T-005")
    assert "lönar sig e-tjänsten: 74 % av ärendena är digitala" in said(app)
    assert [box.value for box in app.number_input][:3] == [10, 25, 450]
    app.number_input(key="_yearly").set_value(9_000_000).run()
    assert "lönar sig e-tjänsten inte vid någon digital andel" in said(app)
    assert "9 000 000 kr per år" in said(app)
    app.number_input(key="_yearly").set_value(0).run()
    assert "0 % räcker" in said(app)


def test_break_even_of_what_is_not_reported(store: Store, look: Look) -> None:
    with store.database().cursor() as cursor:
        services = [row[0] for row in cursor.sql("SELECT service_id FROM services").fetchall()]
        known = {
            row[0] for row in cursor.sql("SELECT DISTINCT service_id FROM case_months WHERE fully_reported").fetchall()
        }
    nobody = next(key for key in services if key not in known)
    assert "minst en månad där ärendena är rapporterade i alla kanaler" in said(look(store, SERVICE, service=nobody))
