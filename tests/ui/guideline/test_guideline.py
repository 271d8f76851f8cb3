"""The guideline's page: what each section says for none, one and many, the lists, the calendar, and the page on the example."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import streamlit as st
from icalendar import Calendar
from streamlit.testing.v1 import AppTest

from analytics.forecast.planned import Planned
from analytics.metrics.measure import Row
from analytics.registers.benefit import Freed
from analytics.registers.guideline import are_needs_reported
from data.store import Store
from tests.analytics.registers.test_guideline import MONTHS, TABLES, TESTED
from tests.reader import Look, words
from ui.components import planned as planned_words
from ui.guideline import criteria, exemptions, lists, sections

PAGE = "pages/follow_up/guideline.py"
NOTHING = {
    "departments": "verksamhet_id;namn\nA;Alfa\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;kontaktroll;lagkrav;granskad\n"
    "T1;Bygglov;A;extern;2020-01-01;Chef;inga;2026-10-01\n",
}
pytestmark = pytest.mark.usefixtures("swedish")


@pytest.fixture
def on(
    monkeypatch: pytest.MonkeyPatch, small_store: Callable[..., Store]
) -> Iterator[Callable[[dict[str, str]], None]]:
    """A function that serves a store with these tables."""

    def serve(tables: dict[str, str]) -> None:
        monkeypatch.setenv("DASHBOARD_STORE", str(small_store(tables).folder))
        st.cache_resource.clear()

    yield serve
    st.cache_resource.clear()


def row(numerator: float | None, denominator: float | None, coverage: float | None = 1.0) -> Row:
    value = numerator / denominator if denominator and numerator is not None else None
    return Row(
        {}, numerator, denominator, value, denominator, coverage, "value" if value is not None else "not_reported"
    )


SHARES = (
    "e_service_coverage",
    "digital_submission",
    "digital_handling",
    "analysed_exemptions",
    "answered_for",
    "followed_up",
    "criteria_met",
    "other_way_in",
)


@pytest.mark.parametrize(
    ("share", "breaches", "cost", "headline", "states"),
    [
        ((30, 30), 0, 1.0, "Riktlinjen följs i alla avsnitt", {"followed"}),
        ((15, 30), 2, 0.97, "Inget avsnitt i riktlinjen följs fullt ut ännu", {"partly"}),
        ((15, 30), 2, 1.0, "1 av 10 avsnitt i riktlinjen följs fullt ut", {"partly", "followed"}),
        ((0, 30), 0, 0.97, "Inget avsnitt i riktlinjen följs fullt ut ännu", {"not_followed", "partly"}),
        ((None, None), None, None, "Inget i riktlinjen går att följa upp ännu", {"unknown"}),
    ],
)
def test_a_section_is_followed_where_nothing_remains(
    monkeypatch: pytest.MonkeyPatch,
    share: tuple[Any, Any],
    breaches: int | None,
    cost: float | None,
    headline: str,
    states: set[str],
) -> None:
    known = {code: row(*share) for code in SHARES}
    known["guideline_breaches"] = replace(row(breaches, None), value=breaches)
    known["cost"] = replace(row(1, None, cost), value=Decimal(1))
    monkeypatch.setattr(sections, "one", lambda code, _scope: known[code])
    freed = None if share[0] is None else (Freed(hours=share[0]), Freed(hours=share[1] - share[0]))
    monkeypatch.setattr("ui.database.answer", lambda *_: freed)
    assert sections.headline(MONTHS) == headline
    found = {one.number: one for one in sections.sections(MONTHS)}
    assert list(found) == ["3.1", "3.2", "3.2.1", "3.2.2", "3.2.3", "4", "5", "6", "7", "8"]
    assert {one.state for one in found.values()} == states
    left = {number: one.left.replace("\xa0", " ") for number, one in found.items()}
    if share == (15, 30) and breaches:
        assert left["3.1"] == "15 timmar till är möjliga"
        assert left["5"] == "15 av 30 tjänster återstår"
        assert left["4"] == "2 e-tjänster utan undantag, 15 undantag utan analys"
        assert left["8"] == ("" if cost == 1 else "3 % av kostnaderna saknar betalare")


@pytest.mark.parametrize(
    ("part", "said"), [((3, 4), "1 av 4 bedömda kriterier återstår, 25 % är känt"), ((4, 4), "25 % är känt")]
)
def test_what_is_not_known_is_said(monkeypatch: pytest.MonkeyPatch, part: tuple[int, int], said: str) -> None:
    monkeypatch.setattr(sections, "one", lambda _code, _scope: row(*part, 0.25))
    monkeypatch.setattr("ui.database.answer", lambda *_: None)
    (one,) = (one for one in sections.sections(MONTHS) if one.number == "7")
    assert one.left.replace("\xa0", " ") == said and one.state == "partly"


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ((), "Inget undantag är känt"),
        (("holds", "ends"), "Inget undantag behöver något nu"),
        (("ended", "holds"), "1 undantag behöver beslut eller analys"),
        (("ended", "no_analysis", "not_acceptable"), "3 undantag behöver beslut eller analys"),
    ],
)
def test_exemptions_that_need_something(monkeypatch: pytest.MonkeyPatch, reasons: tuple[str, ...], said: str) -> None:
    class Review:
        def __init__(self, reason: str) -> None:
            self.reason = reason

    monkeypatch.setattr("ui.database.answer", lambda *_: [Review(reason) for reason in reasons])
    assert exemptions.heading(MONTHS) == said


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ((None, None), "Andra sätt än e-tjänsten"),
        ((3, 3), "Varje tjänst med e-tjänst nås också på annat sätt"),
        ((2, 3), "I 1 tjänst är inget annat sätt än e-tjänsten känt"),
        ((1, 3), "I 2 tjänster är inget annat sätt än e-tjänsten känt"),
    ],
)
def test_services_without_another_way_in(monkeypatch: pytest.MonkeyPatch, known: tuple[Any, Any], said: str) -> None:
    monkeypatch.setattr(lists, "one", lambda *_: row(*known))
    assert lists.ways_heading(MONTHS) == said


class TestOnAStore:
    """The lists of a small store worked out by hand in the tests of the registers."""

    def test_the_exemptions_and_their_calendar(self, on: Callable[[dict[str, str]], None]) -> None:
        on(TABLES)
        assert exemptions.heading(MONTHS) == "3 undantag behöver beslut eller analys"
        table = exemptions.table(MONTHS)
        assert list(table.rows["Läge"]) == [
            "har gått ut",
            "saknar analys",
            "risken är inte godtagbar",
            "går ut inom ett år",
            "gäller",
        ]
        assert list(table.rows["Utfall"])[:3] == ["godtagbar", "", "inte godtagbar"]
        assert {"Gäller", "Omprövas", "Mål 1, procentenheter", "Beslutat av", "Diarienummer"} <= set(table.rows)
        assert table.title == "Undantag, vad de behöver och vad de kostar"
        calendar = exemptions.calendar(MONTHS).decode()
        assert "SUMMARY:Undantaget för Skjuts går ut" in calendar
        days = sorted(re.findall(r"DTSTART;VALUE=DATE:(\d+)", calendar))
        assert days == ["20251231", "20261101", "20261101", "20261130", "20261231", "20271031"]
        events = Calendar.from_ical(calendar).walk("VEVENT")
        assert calendar.count("TRIGGER:-P90D") == len(events) == 6
        assert {str(event["uid"]): str(event["summary"]) for event in events}.items() >= {
            "U4@exemptions": "Undantaget för Äldre går ut",
            "U4-review@exemptions": "Undantaget för Äldre ska omprövas",
            "U5-review@exemptions": "Undantaget för Bidrag ska omprövas",
        }.items()

    def test_temporary_ones_outside_the_platform(self, on: Callable[[dict[str, str]], None]) -> None:
        on(TABLES)
        assert not len(exemptions.temporary(MONTHS))
        on({**TABLES, "e_services": "etjanst_id;namn;typ;plattform;tidsbegransad\nE8;Enkät;e-tjänst;Annat;ja\n"})
        table = exemptions.temporary(MONTHS)
        assert list(table.rows["E-tjänst"]) == ["Enkät"]
        assert table.title == "Tidsbegränsade e-tjänster utanför Open ePlatform"

    def test_no_other_way_in(self, on: Callable[[dict[str, str]], None]) -> None:
        counts = "tjanst_id;manad;kanal;antal\nT1;2026-10;telefon;1\nT2;2026-10;e-tjänst;5\nT3;2026-10;e-tjänst;30\n"
        on({**TABLES, "case_counts": counts})
        table = lists.ways(MONTHS)
        assert list(table.rows["Tjänst"]) == ["Skolskjuts", "Nyckel"] and list(table.rows["Ärenden"]) == [30, 5]
        assert table.title == "Tjänster som inte nås på annat sätt" and "Inskrivet av medarbetare, %" in table.rows

    def test_who_answers(self, on: Callable[[dict[str, str]], None]) -> None:
        on(TABLES)
        assert lists.answers_heading(MONTHS) == "3 tjänster saknar något som riktlinjen vill ha angivet"
        table = lists.answers(MONTHS)
        assert list(table.rows["Vad som saknas"]) == [
            "kontaktroll, lagkrav, granskning inom två år", "lagkrav, granskning inom två år", "verksamhet",
        ]  # fmt: skip
        assert table.title == "Tjänster där ansvaret inte är fullt angivet" and "Senast granskad" in table.rows

    def test_what_is_open(self, on: Callable[[dict[str, str]], None]) -> None:
        on(TABLES)
        assert lists.needs_heading(MONTHS) == "3 fel och behov är öppna, hälften blev klara inom 10 dagar"
        table = lists.needs(MONTHS)
        assert list(table.rows["Vad"]) == ["Stannar", "En till", "Ny"] and list(table.rows["Dagar"]) == [91, 60, 1]
        assert table.title == "Öppna fel och behov" and "Meddelat" in table.rows

    def test_what_is_in_process(self, on: Callable[[dict[str, str]], None]) -> None:
        on(TABLES)
        assert lists.process_heading(MONTHS) == "1 e-tjänst är under utveckling, 3 väntar på uppföljning"
        order, _dot, stays = lists.process_reading().partition(" Hälften")
        assert order == "§ 6. De som varit längst i sitt skede först."
        assert stays == " av e-tjänsterna var högst så länge i varje skede: uppstart 70 dagar, utveckling 105 dagar."
        table = lists.process(MONTHS)
        assert list(table.rows["Skede"]) == ["uppstart", "lansering", "lansering", "lansering"]
        assert table.title == "E-tjänster i utvecklingsprocessen"
        assert {"Sedan", "Väntar på", "Planerad lansering", "Uppföljd"} <= set(table.rows)
        days = table.rows.set_index(table.rows.columns[-1])  # by id
        assert str(days.loc["E4", "Uppstart"]) == "2026-09-01" and str(days.loc["E1", "Utveckling"]) == "2024-09-09"

    def test_the_criteria(self, on: Callable[[dict[str, str]], None]) -> None:
        on(TABLES)
        assert criteria.heading(MONTHS) == "Minst uppfyllt är ”insyn”: 1 av 2"
        on({**TABLES, "criteria": "etjanst_id;kriterium;lage;bedomt\nE1;insyn;uppfyllt;2026-01-01\n"})
        assert criteria.heading(MONTHS) == "1 av 1 av de bedömda kriterierna är uppfyllda"

    def test_the_evidence_and_the_accessibility(self, on: Callable[[dict[str, str]], None]) -> None:
        on(TESTED)
        told = criteria.beside(MONTHS)
        assert told.title == "De sex kriterierna och vad uppgifterna säger, per e-tjänst"
        plain = told.rows.map(lambda cell: str(cell).replace("\xa0", " "))
        assert plain.iloc[0, :7].tolist() == [
            "Bygglov", "Nås från webbplatsen", "25 % avbryter, betyg 4,0 av 5", "E-legitimation, signeras",
            "Lagkrav: Plan- och bygglagen", "Uppfyllt; status visas", "300 kontakter per hundra ärenden",
        ]  # fmt: skip
        assert plain.iloc[1, 1:7].tolist() == [
            "Tjänstens sida länkar inte hit", "", "Uppfyllt; ingen inloggning", "", "Delvis; status visas inte", "",
        ]  # fmt: skip
        assert plain.iloc[2, 1:7].tolist() == ["Ingen sida på webbplatsen", "", "", "Lagkrav: inga", "", ""]
        heading, table = criteria.accessibility_heading(MONTHS), criteria.accessibility(MONTHS)
        assert heading == "För 2 e-tjänster är inget tillgänglighetsprov känt från de senaste tre åren"
        assert list(table.rows["E-tjänst"]) == ["Skjuts", "Nyckel"] and list(table.rows["Utfall"]) == ["", "uppfyllt"]
        assert table.title == "E-tjänster utan tillgänglighetsprov på tre år" and "Prövad" in table.rows

    def test_what_is_not_told_is_not_taken_for_done(self, on: Callable[[dict[str, str]], None]) -> None:
        """Nothing is known but one service: no list may say that all is well."""
        on(NOTHING)
        assert lists.ways_heading(MONTHS) == "Andra sätt än e-tjänsten"
        assert lists.needs_heading(MONTHS) == "Inga fel eller behov är rapporterade"
        assert lists.needs(MONTHS).nothing == "Fel och behov kommer från tabellen behov."
        assert lists.process_heading(MONTHS) == "E-tjänster i utvecklingsprocessen"
        assert lists.process_reading() == "§ 6. De som varit längst i sitt skede först."
        assert {lists.ways(MONTHS).nothing, lists.process(MONTHS).nothing} == {"Inget är rapporterat än"}
        assert criteria.heading(MONTHS) == "Ingen e-tjänst är bedömd efter de sex kriterierna"
        assert lists.answers_heading(MONTHS) == "Någon svarar för varje tjänst" and not lists.answers(MONTHS).nothing
        assert exemptions.heading(MONTHS) == "Inget undantag är känt" and not len(exemptions.table(MONTHS))
        assert sections.headline(MONTHS) == "1 av 1 känt avsnitt i riktlinjen följs fullt ut"

    def test_all_that_is_told_is_done(self, on: Callable[[dict[str, str]], None]) -> None:
        register = "etjanst_id;namn;typ;plattform;lanserad;uppfoljd\nE1;Bygglov;e-tjänst;Open ePlatform;2020-01-05;2026-02-01\n"
        need = "behov_id;typ;rubrik;verksamhet_id;anmalt;lage;klart\nB1;fel;Stannade;A;2026-01-01;klart;2026-01-02\n"
        counts = "tjanst_id;manad;kanal;antal\nT1;2026-10;telefon;1\n"
        links = "tjanst_id;etjanst_id\nT1;E1\n"
        on({**NOTHING, "e_services": register, "links": links, "needs": need, "case_counts": counts})
        assert lists.ways_heading(MONTHS) == "Varje tjänst med e-tjänst nås också på annat sätt"
        assert lists.needs_heading(MONTHS) == "Inga fel eller behov är öppna"
        assert lists.process_heading(MONTHS) == "Ingen e-tjänst väntar på uppföljning"
        assert [build(MONTHS).nothing for build in (lists.ways, lists.needs, lists.process)] == [""] * 3


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ((None, 0), "Tillgänglighetsprov"),
        ((3, 3), "Varje e-tjänst är prövad för tillgänglighet de senaste tre åren"),
        ((2, 3), "För 1 e-tjänst är inget tillgänglighetsprov känt från de senaste tre åren"),
    ],
)
def test_how_many_are_tested(monkeypatch: pytest.MonkeyPatch, part: tuple[int | None, int], said: str) -> None:
    monkeypatch.setattr(criteria, "one", lambda *_: row(*part))
    assert criteria.accessibility_heading(MONTHS) == said


@pytest.mark.parametrize(
    ("per_100", "said"), [(1.2, "1 kontakt per hundra ärenden"), (0.2, "0 kontakter per hundra ärenden")]
)
def test_contacts_are_told_as_whole_numbers(per_100: float, said: str) -> None:
    class One:
        contacts = per_100

    assert criteria._contact(One()).replace("\xa0", " ") == said  # type: ignore[arg-type]  # that is all it reads


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, ""),
        (
            Planned(27, 30, 2, date(2027, 5, 3), 1),
            "Med det som är under utveckling är mål 1 uppe i 90 % i maj 2027. "
            "Det förutsätter att 2 e-tjänster lanseras som planerat och "
            "att inget annat ändras. Prognosen räknar inte med dem. 1 till saknar planerad dag och är inte med.",
        ),
        (
            Planned(3, 5, 1, date(2027, 2, 15), 0),
            "Med det som är under utveckling är mål 1 uppe i 3 av 5 i feb 2027. "
            "Det förutsätter att 1 e-tjänst lanseras som planerat och "
            "att inget annat ändras. Prognosen räknar inte med den.",
        ),
        (
            Planned(3, 5, 1, date(2027, 2, 15), 2),
            "Med det som är under utveckling är mål 1 uppe i 3 av 5 i feb 2027. "
            "Det förutsätter att 1 e-tjänst lanseras som planerat och "
            "att inget annat ändras. Prognosen räknar inte med den. 2 till saknar planerad dag och är inte med.",
        ),
        (
            Planned(3, 5, 0, None, 1),
            "Det som är under utveckling, 1 e-tjänst, har ingen planerad dag, så det går inte att säga vad det ger mål 1.",
        ),
        (
            Planned(3, 5, 0, None, 2),
            "Det som är under utveckling, 2 e-tjänster, har inga planerade dagar, så det går inte att säga vad det ger mål 1.",
        ),
    ],
)
def test_what_is_under_development_gives(monkeypatch: pytest.MonkeyPatch, found: Planned | None, said: str) -> None:
    monkeypatch.setattr("ui.database.answer", lambda *_: found)
    assert planned_words.scenario(MONTHS).replace("\xa0", " ") == said


def test_who_answers_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.database.answer", lambda *_: [])
    monkeypatch.setattr(lists, "one", lambda *_: row(None, None))
    assert lists.answers_heading(MONTHS) == "Vem som svarar för tjänsterna"


@pytest.mark.parametrize(
    ("open_", "time", "said"),
    [
        (0, None, "Inga fel eller behov är öppna"),
        (1, None, "1 fel eller behov är öppet"),
        (6, 1.0, "6 fel och behov är öppna, hälften blev klara inom 1 dag"),
    ],
)
def test_how_many_are_open(monkeypatch: pytest.MonkeyPatch, open_: int, time: float | None, said: str) -> None:
    monkeypatch.setattr("ui.database.answer", lambda query, *_: query is are_needs_reported or range(open_))
    monkeypatch.setattr(lists, "one", lambda *_: replace(row(None, None), value=time))
    assert lists.needs_heading(MONTHS) == said


@pytest.mark.parametrize(
    ("begun", "late", "said"),
    [
        (0, 1, "1 e-tjänst väntar på uppföljning"),
        (0, 3, "3 e-tjänster väntar på uppföljning"),
        (2, 0, "2 e-tjänster är under utveckling"),
        (2, 1, "2 e-tjänster är under utveckling, 1 väntar på uppföljning"),
    ],
)
def test_how_many_are_on_their_way(monkeypatch: pytest.MonkeyPatch, begun: int, late: int, said: str) -> None:
    class Stage:
        def __init__(self, stage: str) -> None:
            self.stage = stage

    monkeypatch.setattr("ui.database.answer", lambda *_: [*[Stage("start_up")] * begun, *[Stage("launch")] * late])
    assert lists.process_heading(MONTHS) == said


def test_the_page_of_the_example(store: Store, look: Look) -> None:
    page = look(store, PAGE)
    told = words(page)
    assert "Inget avsnitt i riktlinjen följs fullt ut ännu" in told
    for asks in (
        "Varje publicerad tjänst har en e-tjänst", "Alla ärenden skickas in digitalt", "Alla ärenden hanteras digitalt",
        "E-tjänster finns i Open ePlatform eller är undantagna genom beslut", "Någon svarar för varje tjänst",
        "E-tjänster följs upp när de är i drift", "E-tjänster är enkla, säkra, lagliga och ger insyn",
        "Varje kostnad har den betalare som kostnadsmodellen anger",
    ):  # fmt: skip
        assert asks in told
    for column in ("Avsnitt", "Vad riktlinjen vill", "Vad som återstår", "Riktlinjen, avsnitt för avsnitt"):
        assert column in told
    for reading in (
        "§ 3.2. Digitalt först, men ingen lämnas utanför. 100 % digitalt och inget annat sätt bryter mot det.",
        "Ingen lämnas utanför: det går på annat sätt också",
        "§ 4. Det som behöver något står först.", "§ 5. De som saknar mest först.", "§ 5. Det äldsta först.",
        "§ 6. De som varit längst i sitt skede först. Hälften",
        "§ 7. Den senaste bedömningen räknas.",
        "§ 7. Det som lagen om tillgänglighet till digital offentlig service (DOS-lagen) kräver prövas mot EN 301 549. "
        "Att provet är högst tre år gammalt är vår gräns.", "Uppfyllda av de bedömda kriterierna, per verksamhet", "inte bedömt",
    ):  # fmt: skip
        assert reading in told.replace("\xa0", " ")
    assert "Med det som är under utveckling är mål 1 uppe i" in told and "Prognosen räknar inte med dem." in told
    assert downloads_of(page, "Ladda ner slutdagar och omprövningar till kalendern")
    page = look(store, PAGE, department="BMF")
    assert "3 av 10 avsnitt i riktlinjen följs fullt ut" in words(page).replace("\xa0", " ")
    assert not downloads_of(page, "Ladda ner slutdagar och omprövningar till kalendern")


def downloads_of(page: AppTest, label: str) -> list[object]:
    return [each for each in page.get("download_button") if each.proto.label == label]
