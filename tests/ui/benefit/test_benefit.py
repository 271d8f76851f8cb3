"""The page of what the e-services give: its findings for none, one and many, its tables, and the page on the example."""

from collections.abc import Callable, Iterator

import pytest
import streamlit as st

from analytics.metrics.measure import Row
from analytics.registers.benefit import ContactRate, Freed, totals
from data.store import Store
from tests.analytics.registers.test_benefit import COVERS, MONTHS, TABLES
from tests.reader import Look, words
from ui.benefit import hours, use

PAGE = "pages/follow_up/benefit.py"
pytestmark = pytest.mark.usefixtures("swedish")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, small_store: Callable[..., Store]) -> Iterator[None]:
    """The small store that the tests of the registers work out by hand."""
    monkeypatch.setenv("DASHBOARD_STORE", str(small_store(TABLES, COVERS).folder))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def row(numerator: float | None, denominator: float | None, population: float | None = None, **by: object) -> Row:
    value = numerator / denominator if denominator and numerator is not None else None
    return Row(
        by,
        numerator,
        denominator,
        value,
        population or denominator,
        1.0,
        "value" if value is not None else "not_reported",
    )


@pytest.mark.usefixtures("told")
class TestHours:
    def test_the_headline_and_what_it_rests_on(self) -> None:
        assert hours.headline(MONTHS) == "84 timmar frigjorda, 65 till är möjliga"
        assert hours.reading(MONTHS) == "De angivna minuterna är osäkra: 42–127 timmar frigjorda, 33–98 möjliga."

    def test_by_goal_and_by_service(self) -> None:
        goals = hours.by_goal(MONTHS)
        assert list(goals.rows["Frigjorda timmar"]) == [59, 25] and list(goals.rows["Möjliga timmar"]) == [40, 25]
        ranges = goals.marks["Minst, högst"]  # a phone names what are numbers
        assert (ranges.kind, [cell.content for cell in ranges.cells]) == ("number", list(goals.rows["Minst, högst"]))
        assert list(goals.rows["Minst, högst"]) == ["29–89", "13–38"] and list(
            goals.rows["Minst, högst om allt görs"]
        ) == ["20–60", "13–38"]
        assert list(goals.rows["Möjliga kronor"]) == [16_000, 10_000] and "Frigjorda kronor" in goals.rows
        assert list(goals.rows["Räknat på ärenden"]) == [210, 200] and goals.title == "Frigjord arbetstid, per mål"
        services = hours.by_service(MONTHS)
        assert list(services.rows["Tjänst"]) == ["Bygglov", "Nyckel"] and list(services.rows["Minuter"]) == [
            "egna",
            "för alla",
        ]
        assert services.title == "Frigjord arbetstid, per tjänst"

    def test_the_assumptions_stand_beside(self) -> None:
        table = hours.assumptions(MONTHS)
        assert table.title == "Vad timmarna är räknade på" and list(table.rows["Gäller"]) == [
            "Alla andra tjänster",
            "Bygglov",
        ]
        columns = {
            "Minuter, annat sätt",
            "Minuter, e-tjänst",
            "Minuter, alla steg digitala",
            "Kronor per timme",
            "Osäkerhet, ± %",
        }
        assert columns <= set(table.rows)


def test_hours_that_nothing_is_stated_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.database.answer", lambda of, *_: None if of is totals else [])
    assert hours.headline(MONTHS) == "Vad e-tjänsterna ger är inte angivet ännu"
    assert (
        hours.reading(MONTHS)
        == "Ange hur många minuter ett ärende tar i tabellen tidsatgang. Mallen finns på sidan Importera."
    )
    assert hours.by_goal(MONTHS).nothing == "Ingen tidsåtgång är angiven."


def test_a_loss_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Freed(1, -2.0, -3.0, -1.0, -900.0)
    monkeypatch.setattr("ui.database.answer", lambda *_: (lost, Freed()))
    assert hours.headline(MONTHS) == "−2 timmar frigjorda, 0 till är möjliga"


@pytest.mark.parametrize(
    ("digital", "other", "said"),
    [
        (None, 10, "Hur länge invånarna väntar"),
        (10, 10.2, "Digitala ärenden tar lika lång tid som andra"),
        (9, 10, "Digitala ärenden blir klara 1 dag tidigare"),
        (3, 10, "Digitala ärenden blir klara 7 dagar tidigare"),
        (10, 9, "Digitala ärenden blir klara 1 dag senare"),
        (12, 9, "Digitala ärenden blir klara 3 dagar senare"),
    ],
)
def test_who_waits_longer(monkeypatch: pytest.MonkeyPatch, digital: float | None, other: float, said: str) -> None:
    rows = [row(digital, 1 if digital else None, digital=True), row(other, 1, digital=False)]
    monkeypatch.setattr(hours, "ask", lambda *_: rows)
    assert hours.lead_times_heading(MONTHS) == said
    table = hours.lead_times(MONTHS)
    assert list(table.rows["Kom in"]) == (["via e-tjänst", "på annat sätt"] if digital else ["på annat sätt"])
    assert {"Hälften inom, dagar", "Nio av tio inom, dagar", "Avslutade ärenden"} <= set(table.rows)
    assert (
        table.title == "Hur länge invånarna väntar" and table.nothing == "Inget avslutat ärende har sina dagar angivna."
    )


@pytest.mark.parametrize(
    ("liked", "left", "said"),
    [
        (row(None, None), row(None, None), "Hur e-tjänsterna används"),
        (row(370, 100), row(None, None), "Invånarna ger 3,7 av 5"),
        (row(30, 10), row(25, 100), "25 % av de påbörjade ärendena avbryts"),
        (row(370, 100), row(25, 100), "Invånarna ger 3,7 av 5, 25 % av de påbörjade ärendena avbryts"),
    ],
)
def test_how_the_e_services_are_liked(monkeypatch: pytest.MonkeyPatch, liked: Row, left: Row, said: str) -> None:
    monkeypatch.setattr(use, "one", lambda code, _scope: {"satisfaction": liked, "abandonment": left}[code])
    assert use.heading(MONTHS).replace("\xa0", " ") == said


def test_how_many_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use, "one", lambda *_: row(370, 100, 400))
    assert (
        use.reading(MONTHS).replace("\xa0", " ")
        == "100 svar, från 25 % av dem som skickade in. Där flest avbröt står först."
    )
    monkeypatch.setattr(use, "one", lambda *_: row(None, None))
    assert use.reading(MONTHS) == "Nöjdhet och avbrutna ärenden kommer från tabellen anvandning."


@pytest.mark.usefixtures("told")
class TestUse:
    def test_by_e_service_and_month(self) -> None:
        table = use.table(MONTHS)
        assert list(table.rows["Var de flesta"]) == ["2 Bilaga (15 av 29)", ""] and list(table.rows["Svar"]) == [50, 5]
        assert table.rows["Betyg 1–5"].tolist()[0] == pytest.approx(165 / 50) and table.rows[
            "Betyg 1–5"
        ].isna().tolist() == [False, True]
        assert {"Avbrutna", "Avbrutna, %", "Svarade, %"} <= set(table.rows)
        assert table.title == "Nöjdhet och avbrutna ärenden, per e-tjänst"
        months = use.by_month(MONTHS)
        assert list(months.rows["Svar"]) == [10, 45] and list(months.rows["Påbörjade"]) == [80, 70]
        assert months.title == "Nöjdhet och avbrutna ärenden, månad för månad"

    def test_contacts(self) -> None:
        assert use.contacts_heading(MONTHS) == "35 kontakter per 100 ärenden, 9 av dem frågar var ärendet är"
        table = use.contacts(MONTHS)
        assert list(table.rows["Kontakter per 100 ärenden"]) == [80, 30] and list(
            table.rows["Varav var ärendet är"]
        ) == [0, 10]
        assert table.title == "Kontakter, per tjänst"
        why = use.reasons(MONTHS)
        assert (
            list(why.rows["Orsak"])[:2] == ["information", "var är mitt ärende"]
            and why.title == "Varför invånarna hör av sig"
        )
        by_month, by_channel = use.contact_months(MONTHS), use.contact_channels(MONTHS)
        assert list(by_month.rows["Kontakter"]) == [7, 31] and by_month.title == "Kontakter, månad för månad"
        assert list(by_channel.rows["Kanal"]) == ["telefon", "e-post"] and by_channel.title == "Kontakter, per kanal"
        assert list(by_channel.rows["Varav var ärendet är"])[0] == 0


def test_nothing_of_it_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.database.answer", lambda *_: [])
    monkeypatch.setattr(use, "ask", lambda *_: [])
    assert use.contacts_heading(MONTHS) == "Varför invånarna hör av sig"
    assert (
        use.contacts(MONTHS).nothing
        == "Inga kontakter är rapporterade i tabellen kontakter för tjänster som har ärenden."
    )
    assert not len(use.reasons(MONTHS)) and not len(use.by_month(MONTHS)) and not len(use.contact_months(MONTHS))
    assert use.table(MONTHS).nothing == "Inget av det här är rapporterat i tabellen anvandning."


def test_a_rate_without_cases_is_none() -> None:
    assert ContactRate("T", 3, 1, 0).per_100 is None and ContactRate("T", 3, 1, 0).chasing_per_100 is None


def test_the_page_of_the_example(store: Store, look: Look) -> None:
    page = words(look(store, PAGE)).replace("\xa0", " ")
    assert "timmar frigjorda" in page and "till är möjliga" in page and "Digitala ärenden blir klara" in page
    assert "Invånarna ger" in page and "frågar var ärendet är" in page
    assert "En kontakt är inte ett ärende. Den som ser sitt ärende slipper fråga var det är." in page
