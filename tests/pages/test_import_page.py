"""The import page as an importer meets it: files are checked and imported, undone and redone, and a busy store says so."""

import fcntl
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from data.base import clock
from data.intake import isolated
from data.intake.draft import Source
from data.serving import current_rows
from data.store import Store
from tests.data.stores import write_csv
from tests.data.workbooks import large_workbook
from tests.reader import Look, lines, words
from ui.imports import changes

PAGE = "pages/sources/import_files.py"
EVENTS = "datum;rubrik\n2026-03-01;Ny blankett\n2026-04-01;Kampanj\n"
FAULTY = "datum;rubrik\n2026-03-01;Ny blankett\n2026-04-31;Kampanj\n"
LEDGER = "Vernr;Bokfört;Summa;Utbetalt till\nA1;2026-03-14;-12500,00;Plattformsbolaget AB\n"


@pytest.fixture
def page(store: Store, look: Look) -> AppTest:
    """The page on a store of one's own."""
    return look(store, PAGE)


@contextmanager
def busy(store: Store) -> Iterator[None]:
    """Somebody else imports."""
    with (store.folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def drop(page: AppTest, text: str, name: str = "fil.csv") -> None:
    page.file_uploader[0].set_value([(name, text.encode(), "text/csv")])
    page.run()
    assert not page.exception


def click(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label.startswith(label)).click().run()
    assert not page.exception


def said(page: AppTest) -> str:
    return " ".join(element.value for element in (*page.success, *page.error, *page.info, *page.warning)).replace(
        "\\", ""
    )


def test_a_file_is_imported_undone_and_redone(page: AppTest, store: Store) -> None:
    drop(page, EVENTS)
    click(page, "Importera 1 fil")
    assert "2 rader från 1 fil är importerade" in said(page)
    click(page, "Ångra import")  # what is lost stands in the warning itself
    assert "Det här försvinner om import 1, fil.csv, ångras:" in said(page)
    assert "- Händelser: 2 rader. Ingen annan import har rader i tabellen." in said(page)
    click(page, "Behåll importen")
    assert "försvinner" not in said(page) and [batch.active for batch in store.history()] == [True]
    click(page, "Ångra import")
    click(page, "Ångra ändå")
    assert [batch.active for batch in store.history()] == [False]
    click(page, "Återställ import")
    assert [batch.active for batch in store.history()] == [True]
    drop(page, EVENTS)
    assert "redan" in said(page), "the same file"


def test_a_file_that_ends_the_reading_is_one_sentence(
    page: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolated, "MEMORY", 250 * 1024 * 1024)
    page.file_uploader[0].set_value([("stor.xlsx", large_workbook(), ""), ("fil.csv", EVENTS.encode(), "text/csv")])
    page.run()
    assert not page.exception
    assert "Filen kunde inte läsas: den tar mer än 250 MB minne" in words(page)
    click(page, "Importera 1 fil")
    assert [batch.file for batch in store.history()] == ["fil.csv"]


def test_nothing_changes_while_somebody_else_imports(page: AppTest, store: Store) -> None:
    drop(page, EVENTS)
    with busy(store):
        click(page, "Importera 1 fil")
        assert "importerar" in said(page)
    assert not store.history()
    click(page, "Importera 1 fil")
    click(page, "Ångra import")
    with busy(store):
        click(page, "Ångra ändå")
        assert "importerar" in said(page)
    assert [batch.active for batch in store.history()] == [True]


def test_the_good_rows_of_a_file_are_taken_where_one_says_so(page: AppTest, store: Store) -> None:
    drop(page, FAULTY)
    take = next(radio for radio in page.radio if radio.label.startswith("Det här tas med av"))
    take.set_value("good").run()
    click(page, "Importera 1 fil")
    assert [batch.rows for batch in store.history()] == [1]


def test_a_ledger_is_mapped(page: AppTest) -> None:
    drop(page, LEDGER)
    assert any("Summa" in map(str, box.options) for box in page.selectbox)


POSTINGS = (
    "verifikationsnummer;konto_nr;belopp;datum;kopare;leverantor;kopare_id\n{}6540;50,00;2026-02-{};Ex;A;2120000000\n"
)


def test_a_ledger_that_comes_again_under_other_numbers_waits_for_an_answer(page: AppTest, store: Store) -> None:
    drop(page, POSTINGS.format("1;", "15"), "feb.csv")
    click(page, "Importera 1 fil")
    drop(page, POSTINGS.format("801;", "16"), "igen.csv")
    assert (
        "igen.csv kan innehålla poster som redan finns, eller bara en del av bokföringen."
        " Ange om den ersätter det som finns eller läggs till vid sidan av."
    ) in said(page)
    assert not any(button.label.startswith("Importera 1 fil") for button in page.button)
    next(
        radio
        for radio in page.radio
        if radio.label.replace("\\", "") == "Vad igen.csv gör med de poster som redan finns"
    ).set_value("replace").run()
    click(page, "Importera 1 fil")
    assert "1 rad från 1 fil är importerad" in said(page)
    assert store.database().cursor().execute("SELECT voucher FROM costs").fetchall() == [("801",)]


def test_a_ledger_without_rows_empties_the_months_that_it_covers(page: AppTest, store: Store) -> None:
    drop(page, POSTINGS.format("1;", "15"), "feb.csv")
    click(page, "Importera 1 fil")
    drop(page, POSTINGS.partition("\n")[0] + "\n", "tom.csv")
    assert "Med de här valen importeras inget" in said(page)
    for box in [box for box in page.selectbox if box.key and box.key.endswith(("_first", "_last"))]:
        box.set_value(date(2026, 2, 1))
    page.run()
    click(page, "Importera 1 fil")
    assert "0 rader från 1 fil är importerade" in said(page)
    assert store.database().cursor().execute("SELECT * FROM costs").fetchall() == []


def test_a_clock_that_goes_back_is_asked_about(small_store: Callable[..., Store], look: Look, tmp_path: Path) -> None:
    store, file = small_store({"events": EVENTS}), write_csv(tmp_path, "start.csv", "datum;rubrik", "2026-02-01;Start")
    with store.prepare([Source(file.name, file)]) as draft:
        store.commit(draft, {}, "test", clock.now() + timedelta(days=2))
    page = look(store, PAGE)
    drop(page, EVENTS.replace("Kampanj", "Ny kampanj"))
    assert "Datorns klocka visar" in said(page)
    assert next(button for button in page.button if button.label.startswith("Importera")).disabled
    next(box for box in page.checkbox if box.label == "Klockan går rätt").check().run()
    click(page, "Importera 1 fil")
    assert "2 rader från 1 fil är importerade" in said(page)


REGISTER = {
    "verksamheter.csv": "verksamhet_id;namn\nSKOL;Skolkontoret\n",
    "tjanster.csv": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran\n"
    "T1;Bygglov;SKOL;extern;2020-01-01\nT2;Skolskjuts;SKOL;extern;\n",
}
COUNTS = """tjanst_id;manad;kanal;antal
T1;2026-03;e-tjänst;40
T1;2026-03;telefon;10
T1;2026-03;besök;ca 50
T2;2026-03;e-tjänst;10
T2;2026-03;telefon;10
"""
HOLES = "tjanst_id;manad;kanal;antal\nT1;2026-01;telefon;5\nT1;2026-04;telefon;5\nT2;2026-01;telefon;5\n"
MARCH = Scope(date(2026, 3, 1), date(2026, 3, 1))


def drop_all(page: AppTest, files: dict[str, str]) -> None:
    page.file_uploader[0].set_value([(name, text.encode(), "text/csv") for name, text in files.items()])
    page.run()
    assert not page.exception


def radio(page: AppTest, label: str) -> Any:
    return next(one for one in page.radio if one.label.replace("\\", "").startswith(label))


def test_a_refused_row_is_not_reported_and_no_page_says_that_all_is_known(
    page: AppTest, store: Store, look: Look
) -> None:
    drop_all(page, REGISTER | {"arendeantal.csv": COUNTS})
    radio(page, "Det här tas med av arendeantal").set_value("good").run()
    assert "1 rad kommer inte med: dess tjänst, kanal och månad blir då inte rapporterade" in words(page)
    click(page, "Importera 3 filer")
    with store.database().cursor() as cursor:
        (row,) = measure(cursor, "digital_submission", MARCH)
        (reporting,) = measure(cursor, "reporting", MARCH)
    assert (row.numerator, row.denominator) == (10, 20)
    assert (reporting.numerator, reporting.denominator) == (1, 2)
    for one in ("pages/follow_up/overview.py", "pages/goals/digital_cases.py"):
        assert "allt är rapporterat" not in words(look(store, one, **{"from": "2026-03", "to": "2026-03"}))


def test_a_hole_is_no_zero_until_the_importer_says_so(page: AppTest, store: Store) -> None:
    drop_all(page, REGISTER | {"arendeantal.csv": HOLES})
    hole = "2 uppgifter (tjänst, kanal och månad) saknar rad och är inte rapporterade: telefon feb–mars 2026."
    assert hole in words(page)
    silent = radio(page, "Det som saknar rad i Ärendeantal, arendeantal.csv")
    assert silent.value == "rows"
    silent.set_value("own").run()
    assert "2 uppgifter (tjänst, kanal och månad) blir 0: telefon feb–mars 2026." in words(page)
    radio(page, "Det som saknar rad").set_value("file").run()
    assert "5 uppgifter (tjänst, kanal och månad) blir 0: telefon feb–apr 2026." in words(page)
    next(one for one in page.multiselect if one.label == "Kanaler som filen omfattar").set_value(["visit"]).run()
    assert "8 uppgifter (tjänst, kanal och månad) blir 0: besök jan–apr 2026." in words(page)
    radio(page, "Det som saknar rad").set_value("rows").run()
    click(page, "Importera 3 filer")
    with store.database().cursor() as cursor:
        states = cursor.execute("SELECT DISTINCT state FROM case_months WHERE month = '2026-02-01'").fetchall()
    assert states == [("not_reported",)]


def test_what_holds_for_many_files_is_said_and_asked_once(page: AppTest) -> None:
    drop_all(page, REGISTER | {"a.csv": HOLES, "b.csv": HOLES.replace("telefon", "besök")})
    assert "4 filer, 9 rader, inga fel." in lines(words(page))
    assert "Exempeldata försvinner med importen: sidorna visar då bara det som är importerat." in words(page)
    assert any(button.label == "Importera 4 filer i stället för exempeldata" for button in page.button)
    assert "Inget är importerat än. Filerna och valen finns kvar tills du lämnar sidan." in words(page)
    next(box for box in page.selectbox if box.label == "Det som saknar rad, i alla filer").set_value("own").run()
    assert not [one for one in page.radio if one.label.startswith("Det som saknar rad")]
    for channel in ("telefon", "besök"):
        assert f"2 uppgifter (tjänst, kanal och månad) blir 0: {channel} feb–mars 2026." in words(page)


def test_what_a_file_changes_stands_old_and_new(page: AppTest, store: Store) -> None:
    drop_all(page, REGISTER)
    click(page, "Importera 2 filer")
    rows = "T1;Lov;;SKOL;extern\nT1;Bygglov – Ansökan;;SKOL;extern\nT2;Skolskjuts;;SKOL;extern\nT3;Nytt;;SKOL;extern\n"
    drop_all(page, {"tjanster.csv": f"tjanst_id;namn;publicerad_fran;verksamhet_id;malgrupp\n{rows}"})
    told = lines(words(page))
    assert "Tjänster: 1 ny rad av 4, inga fel." in told
    new = told.index("1 rad är ny:")
    assert told[new + 3 :][:2] == ["5", "Tjänst T3, namn Nytt, verksamhet SKOL, målgrupp extern"]
    assert "1 rad ändras. Avmarkera det som inte ska ändras." in told
    differing = told.index("1 värde skiljer sig mellan rader med samma id, och den senare raden gäller:")
    assert told[differing + 6 :][:5] == ["2", "3", "Namn", "Lov", "Bygglov – Ansökan"]
    (line,) = [box for box in page.checkbox if "T1" in box.label]
    text = "Tjänst T1: namn Bygglov → Bygglov – Ansökan; publicerad från töms (var 1 januari 2020)"
    assert (line.label.replace("\\", ""), line.value) == (text, True)
    line.uncheck().run()
    click(page, "Importera 1 fil")
    assert "2 rader från 1 fil är importerade: 1 ny, 0 ändrade." in said(page)
    assert re.search(r'href="tjanster["?][^>]*>Se Våra tjänster<', words(page))
    with store.database().cursor() as cursor:
        result = cursor.execute("SELECT name, department_id, published_from FROM services WHERE service_id = 'T1'")
        assert [(name, str(day)) for name, _, day in result.fetchall()] == [("Bygglov", "2020-01-01")]
    drop_all(page, {"tjanster.csv": f"tjanst_id;namn;publicerad_fran;verksamhet_id;malgrupp\n{rows}\n"})
    told = lines(words(page))
    assert "1 rad ändras. Avmarkera det som inte ska ändras." in told
    click(page, "Importera 1 fil")
    with store.database().cursor() as cursor:
        result = cursor.execute("SELECT name, department_id, published_from FROM services WHERE service_id = 'T1'")
        assert result.fetchall() == [("Bygglov – Ansökan", "SKOL", None)]


def test_more_changes_than_are_listed_are_not_said_to_be_all() -> None:
    assert [changes.how_many(n, listed=False) for n in (1, 2)] == ["Minst 1 rad ändras", "Minst 2 rader ändras"]


def test_a_fault_of_a_whole_file_is_one_sentence_without_empty_columns(page: AppTest) -> None:
    drop(page, "", "tom.csv")
    told = lines(words(page))
    assert told[told.index("1 fel att rätta:") + 1 :][:2] == [
        "Vad som är fel och vad du kan göra", "Filen är tom. Exportera den igen, eller välj en annan fil.",
    ]  # fmt: skip
    drop(page, 'tjanst_id;namn;verksamhet_id;malgrupp\nT1;"Bygglov;BYGG;extern\n', "trasig.csv")
    assert "skriv det två gånger" in words(page) and "Filen har egna rubriker" not in words(page)
    assert not page.checkbox, "no columns are chosen of what cannot be read"


def test_the_letters_of_a_file_are_asked_about(page: AppTest, store: Store) -> None:
    page.file_uploader[0].set_value([("e.csv", "datum;rubrik\n2026-01-02;Dag ö\n".encode("cp850"), "text/csv")])
    page.run()
    asked = radio(page, "Så här läses orden i e.csv rätt")
    assert [option.replace("\\", "") for option in asked.options] == [
        "Dag ” (Windows)",
        "Dag ö (DOS (850))",
        "Dag î (Mac)",
    ]
    asked.set_value("cp850").run()
    click(page, "Importera 1 fil")
    with store.database().cursor() as cursor:
        assert cursor.execute("SELECT title FROM events").fetchall() == [("Dag ö",)]


def test_what_holds_now_is_offered_beside_the_empty_templates(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = next(radio for radio in page.radio if radio.label == "Ladda ner")
    assert kind.options == ["Tomma mallar", "Det som gäller nu"]
    monkeypatch.setattr(current_rows, "MOST_IN_WORKBOOK", 37_000)
    kind.set_value("now").run()
    assert not page.exception
    whose = next(box for box in page.selectbox if box.label == "Vems rader")
    assert whose.options[0] == "Hela kommunen"
    assert "Tabeller med fler än 37\xa0000 rader finns inte i arbetsboken, bara som CSV: Ärenden." in words(page)
    whose.set_value("BMF").run()
    assert not page.exception
    text = words(page)
    assert "Frågor från möten, Namn i Stratsys, Plattformens summor och Webbsidor: hämta dem för hela kommunen." in text
    assert (
        "Ändra det som är fel i en fil och importera den: rapporten visar vad som ändras, och rader som du låter vara "
        "ändrar inget. En tömd cell tömmer uppgiften. En rad som du tar bort ur filen finns kvar som den är."
    ) in text
