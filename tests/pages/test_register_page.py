"""The register as a system manager meets it: a row is found and corrected, each saving is an import, and it is undone."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs

from streamlit.testing.v1 import AppTest

from data.store import Store
from tests.data.stores import table_rows
from tests.reader import Look, words
from ui.register import form, many, saving

PAGE, GOAL = "pages/sources/register.py", "pages/goals/e_services.py"
REGISTER = {
    "departments": "verksamhet_id;namn\nBYGG;Bygg\nSKOL;Skolan\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran\n"
    "T-1;Bygglov;BYGG;extern;2020-01-01\nT-2;Skjuts;GATA;extern;\n",
    "e_services": "etjanst_id;namn;typ\nE-1;Lov;e-tjänst\nE-2;Nytt lov;e-tjänst\nE-3;Ensam;e-tjänst\n",
    "links": "tjanst_id;etjanst_id\nT-1;E-1\nT-1;E-2\n",
    "costs": "kostnad_id;datum;belopp;leverantor\nK-1;2026-03-01;100;Bolaget\n",
}


def field(page: AppTest, label: str) -> object:
    """The field with this label."""
    fields = (*page.text_input, *page.selectbox)
    return next(one for one in fields if one.label == label)


def fill(page: AppTest, **values: str) -> None:
    for label, value in values.items():
        field(page, label).set_value(value)  # type: ignore[attr-defined]


def press(page: AppTest, label: str) -> str:
    """Press a button; returns what the page says of it."""
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return " ".join(one.value for one in (*page.success, *page.error)).replace("\\", "").replace("\u2060", "")


def preview(page: AppTest) -> str:
    """Send the form; returns what is wrong with it."""
    return press(page, "Visa vad som ändras")


def save(page: AppTest, why: str = "") -> str:
    """Send the form and save for a reason; returns what the page says of it."""
    assert not preview(page)
    field(page, "Varför, för den som läser historiken").set_value(why)  # type: ignore[attr-defined]
    return press(page, "Spara")


def test_a_service_is_found_renamed_moved_and_undone(small_store: Callable[..., Store], look: Look) -> None:
    store = small_store(REGISTER)
    page = look(store, PAGE)
    said = words(page)
    assert "2 rader i registret saknar verksamhet" in said
    assert "Skjuts (T-2)" in said and "Ensam (E-3)" in said and "Bygglov (T-1)" not in said

    page = look(store, PAGE, do="service", row="T-1")
    assert "I filer: `publicerad_fran`" in field(page, "Publicerad från").help  # type: ignore[attr-defined]
    assert preview(page) == "Inget är ändrat."
    fill(page, Namn="Lov")
    assert save(page) == "Inget är sparat: skriv varför."
    fill(page, Namn="Lov", Webbadress="sala")
    assert preview(page) == "Webbadress: ”sala” är ingen webbadress. Skriv hela adressen, från https://."
    assert not [button for button in page.button if button.label == "Spara"]
    fill(page, Namn="Lov", Webbadress="https://sala.se/1")
    assert not preview(page)
    assert "Tjänst T-1: namn Bygglov → Lov; webbadress blir https://sala.se/1" in words(page)
    assert "Målen ändras inte." in words(page)
    assert table_rows(store.database(), "services", "name")[0] == ("Bygglov",)
    field(page, "Varför, för den som läser historiken").set_value("Nytt namn")  # type: ignore[attr-defined]
    assert press(page, "Spara") == "Sparat: Tjänst T-1: namn Bygglov → Lov; webbadress blir https://sala.se/1."
    batch = store.history()[-1]
    assert (batch.file, batch.who, batch.rows) == ("Registret: Nytt namn.csv", "Systemförvaltare", 1)
    said = words(page)
    assert "namn Bygglov → Lov; webbadress blir https://sala.se/1" in said and "namn blir Bygglov" in said
    assert "Senast: ”Registret: Nytt namn”, 29 november 2026, Systemförvaltare." in said

    page = look(store, PAGE, do="move", row="T-1")
    fill(page, Verksamhet="SKOL")
    assert save(page, "Ny nämnd") == "Sparat: Tjänst T-1: verksamhet BYGG → SKOL."
    assert table_rows(store.database(), "services", "name, department_id")[0] == ("Lov", "SKOL")
    next(button for button in page.button if button.label == "Ångra den senaste").click().run()
    assert table_rows(store.database(), "services", "name, department_id")[0] == ("Lov", "BYGG")
    assert "Registret: Nytt namn" in words(page)


def test_an_e_service_is_replaced_and_an_exemption_added(small_store: Callable[..., Store], look: Look) -> None:
    store = small_store(REGISTER)
    page = look(store, PAGE, do="replace", row="E-1")
    fill(page, **{"Ersätts av": "E-3"})
    fill(page, Avvecklad="2026-06-30")
    assert not preview(page)
    assert "Mål 1" in words(page) and "1 rad läggs till" in words(page)
    assert save(page, "Ny plattform") == "Sparat: E-tjänst E-1: avvecklad blir 30 juni 2026. Sparat: 1 ny rad."
    assert {part.dataset for part in store.history()[-1].tables} == {"e_services", "links"}
    database = store.database()
    assert ("T-1", "E-3", True) in table_rows(database, "links", "service_id, e_service_id, paired")
    assert str(table_rows(database, "e_services", "live_to")[0][0]) == "2026-06-30"

    page = look(store, PAGE, do="exemption", service_id="T-2")
    assert field(page, "Undantag (id)").value == "U-01"  # type: ignore[attr-defined]
    fill(page, Typ="ej tillämpligt", Skäl="Ingen söker", Beslutat="2026-05-01")
    assert save(page, "Beslut") == "Sparat: 1 ny rad."
    assert table_rows(store.database(), "exemptions", "exemption_id, service_id, kind") == [
        ("U-01", "T-2", "not_applicable")
    ]


def test_a_question_about_a_view_is_kept_and_answered_and_a_round_is_opened(
    small_store: Callable[..., Store], look: Look
) -> None:
    store = small_store(REGISTER)
    asked = re.findall(r'href="register\?([^"#]*do=question[^"#]*)', words(look(store, GOAL)))[0]
    view = parse_qs(unescape(asked))["view"][0]
    assert view.startswith("mal-1?from=")
    page = look(store, PAGE, do="question", view=view)
    assert [field(page, name).value for name in ("Fråga (id)", "Vy")] == ["FR-01", view]  # type: ignore[attr-defined]
    fill(page, **{"Fråga": "Varför?", "Ansvarig roll": "Chef"})
    assert save(page, "Mötet") == "Sparat: 1 ny rad."
    page = look(store, PAGE, do="answer", row="FR-01")
    fill(page, Svar="Därför", Besvarad="2026-11-29")
    assert "svar blir Därför" in save(page, "Svar")
    page = look(store, PAGE, do="round")
    fill(page, **{"Omgång (id)": "D2", "Från månad": "2026-01", "Till månad": "2026-08"})
    assert save(page, "Delår") == "Sparat: 1 ny rad."
    page = look(store, PAGE, do="ready", round_id="D2", department_id="BYGG")
    fill(page, **{"Ansvarig roll": "Byggchef"})
    assert save(page, "Klar") == "Sparat: 1 ny rad."
    database = store.database()
    assert table_rows(database, "questions", "view, answer, asked_on <= answered_on") != []
    assert table_rows(database, "rounds", "round_id, opened_on > DATE '2026-01-01'") == [("D2", True)]
    assert table_rows(database, "ready", "round_id, department_id, role") == [("D2", "BYGG", "Byggchef")]


def test_the_example_data_are_only_read(store: Store, look: Look) -> None:
    page = look(store, PAGE, do="posting", row="K-0001")
    assert not [button for button in page.button if button.label == "Spara"]
    assert not page.text_input
    said = words(page)
    assert "Ingen import nämner raden: exempeldata har ingen historik." in said
    assert "Kostnadstyp: fast" in said
    assert not look(store, PAGE, do="many", table="departments").text_input
    assert not look(store, PAGE, do="nothing").text_input


def test_many_rows_are_asked_for_at_once(small_store: Callable[..., Store], look: Look) -> None:
    page = look(small_store(REGISTER), PAGE, do="many", table="departments")
    assert "En rad känns igen på sitt id: ändra inte id för en rad som finns. En tömd cell tömmer uppgiften." in words(
        page
    )
    assert preview(page) == "Inget är ändrat."


def test_only_rows_that_differ_are_saved() -> None:
    before = [["T-1", "Bygglov"], ["T-2", "Skjuts"]]
    after = [["T-1", "Bygglov"], ["T-2", "Skol  skjuts"], ["", ""], ["T-3", "Ny"]]
    assert many.changed(before, after) == [["T-2", "Skol skjuts"], ["T-3", "Ny"]]


def test_what_is_saved_is_told_in_lines() -> None:
    assert saving.described((), 2) == "Sparat: 2 nya rader."
    assert saving.described(("a", "b", "c", "d"), 0) == "Sparat: a · b · c. Och 1 rad till."
    assert saving.described(("a", "b", "c", "d", "e"), 0) == "Sparat: a · b · c. Och 2 rader till."


def test_an_id_follows_the_highest() -> None:
    assert form.next_id(["U-01", "U-12", "X-99", "U-a"], "U-") == "U-13"
    assert form.next_id([], "T-") == "T-01"


def test_what_holds_is_told_where_nothing_is_missing(small_store: Callable[..., Store], look: Look) -> None:
    whole = {
        "departments": REGISTER["departments"],
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT-1;Bygglov;BYGG;extern\n",
        "e_services": "etjanst_id;namn;typ;verksamhet_id\nE-1;Lov;e-tjänst;BYGG\nE-2;Nytt lov;e-tjänst;BYGG\n",
    }
    assert "Registret har 1 tjänst och 2 e-tjänster" in words(look(small_store(whole), PAGE))
    one = whole | {"e_services": "etjanst_id;namn;typ\nE-1;Lov;e-tjänst\n"}
    assert "1 rad i registret saknar verksamhet" in words(look(small_store(one), PAGE))


def test_where_something_is_wrong_leads_to_the_form(
    store: Store, small_store: Callable[..., Store], look: Look
) -> None:
    known = small_store(REGISTER)
    found = [
        re.findall(r'href="register\?([^"]*do=(?!question)\w+&amp;\w+=)', words(look(of, f"pages/{page}.py")))
        for of, page in (
            (known, "sources/pair"),
            (known, "sources/data_quality"),
            (store, "sources/website"),
            (known, "follow_up/costs"),
        )
    ]
    assert [{each.partition("do=")[2] for each in one} for one in found] == [
        {"e_service&amp;row="},
        {"many&amp;table=", "weeks&amp;desk="},
        {"new_service&amp;name="},
        {"posting&amp;row="},
    ]
    for page, codes, named in (
        ("follow_up/guideline", {"exemption_change", "service", "e_service", "need_change"}, {}),
        ("services/one_service", {"service", "e_service"}, {"service": "T-001"}),
    ):
        links = words(look(store, f"pages/{page}.py", **named))
        assert codes <= set(re.findall(r'href="register\?[^"]*do=(\w+)&amp;row=', links)), page


def test_what_the_address_asks_for_in_vain_is_said(small_store: Callable[..., Store], look: Look) -> None:
    store = small_store(REGISTER)
    vain = words(look(store, PAGE, do="flytta", row="T-1"))
    assert "Rättelsen ”flytta” finns inte. Välj en i listan." in vain and "Vad vill du rätta?" in vain
    assert "Ingen rad har id ”T-9”. Välj en efter namn." in words(look(store, PAGE, do="move", row="T-9"))
    assert 'class="notice"' not in words(look(store, PAGE, do="move", row="T-1"))


def test_a_deviation_is_explained_and_its_action_followed_up(small_store: Callable[..., Store], look: Look) -> None:
    store = small_store(REGISTER)
    page = look(store, PAGE, do="explanation", goal="2", department_id="BYGG", month_from="2026-05", month_to="2026-08")
    held = {name: field(page, name).value for name in ("Förklaring (id)", "Verksamhet", "Till månad", "Lämnad")}  # type: ignore[attr-defined]
    assert held == {
        "Förklaring (id)": "F-01",
        "Verksamhet": "BYGG",
        "Till månad": "2026-08",
        "Lämnad": "2026-11-29",
    }
    fill(page, **{"Vad som hände": "Brev saknade länk", "Åtgärd": "Länkar", "Klart senast": "2026-09-01"})
    assert save(page, "Delår") == "Sparat: 1 ny rad."
    page = look(store, PAGE, do="action", row="F-01")
    fill(page, Läge="klar")
    assert "planerad → klar" in save(page, "Klart")
    assert table_rows(store.database(), "explanations", "explanation_id, goal, month_from::VARCHAR, state") == [
        ("F-01", "2", "2026-05-01", "done")
    ]


def test_what_the_guideline_asks_for_is_entered_by_forms(small_store: Callable[..., Store], look: Look) -> None:
    """§§ 5–7: a new e-service, the stage that it came to, a criterion of it, and a fault that is reported and done."""
    store = small_store(REGISTER)
    page = look(store, PAGE, do="new_e_service")
    assert field(page, "E-tjänst (id)").value == "E-4"  # type: ignore[attr-defined]
    fill(page, Namn="Lotteri", Typ="e-tjänst", Skede="utveckling")
    assert save(page, "Ny") == "Sparat: 1 ny rad."
    page = look(store, PAGE, do="stage", e_service_id="E-4")
    assert field(page, "Från och med").value == "2026-11-29"  # type: ignore[attr-defined]
    fill(page, **{"Skede": "utveckling", "Väntar på": "Jurist"})
    assert save(page, "Start") == "Sparat: 1 ny rad."
    page = look(store, PAGE, do="criterion", e_service_id="E-1")
    fill(page, Kriterium="säker", Bedömning="uppfyllt", Underlag="Test")
    assert save(page, "Granskat") == "Sparat: 1 ny rad."
    page = look(store, PAGE, do="need", e_service_id="E-1")
    assert field(page, "Behov (id)").value == "B-01"  # type: ignore[attr-defined]
    fill(page, **{"Typ": "fel", "Vad det gäller": "Bilagan fastnar", "Verksamhet": "BYGG"})
    assert save(page, "Anmält") == "Sparat: 1 ny rad."
    page = look(store, PAGE, do="need_change", row="B-01")
    assert list(field(page, "Vilken rad").options) == ["Bilagan fastnar (B-01)"]  # type: ignore[attr-defined]
    fill(page, Läge="klart", Klart="2026-11-29")
    assert "läge anmält → klart" in save(page, "Mendat")
    database = store.database()
    assert table_rows(database, "stages", "e_service_id, stage, waiting_for") == [("E-4", "development", "Jurist")]
    assert table_rows(database, "criteria", "e_service_id, criterion, state") == [("E-1", "secure", "met")]
    assert table_rows(database, "needs", "need_id, state, done_on IS NULL") == [("B-01", "done", False)]
