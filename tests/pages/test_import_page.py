"""The import page as an importer meets it: files are checked and imported, undone and redone, and a busy store says so."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.intake.draft import Source
from data.store import Store
from tests.data.stores import write_csv
from tests.reader import Look

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
    assert "2 rader från 1 fil är importerade." in said(page)
    click(page, "Ångra import")
    assert [batch.active for batch in store.history()] == [False]
    click(page, "Gör om import")
    assert [batch.active for batch in store.history()] == [True]
    drop(page, EVENTS)
    assert "redan" in said(page), "the same file"


def test_nothing_changes_while_somebody_else_imports(page: AppTest, store: Store) -> None:
    drop(page, EVENTS)
    with busy(store):
        click(page, "Importera 1 fil")
        assert "importerar" in said(page)
    assert not store.history()
    click(page, "Importera 1 fil")
    with busy(store):
        click(page, "Ångra import")
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
        radio for radio in page.radio if radio.label.replace("\\", "") == "Vad igen.csv gör med de poster som finns"
    ).set_value("replace").run()
    click(page, "Importera 1 fil")
    assert "1 rad från 1 fil är importerad." in said(page)
    assert store.database().cursor().execute("SELECT voucher FROM costs").fetchall() == [("801",)]


def test_a_ledger_without_rows_empties_the_months_that_it_covers(page: AppTest, store: Store) -> None:
    drop(page, POSTINGS.format("1;", "15"), "feb.csv")
    click(page, "Importera 1 fil")
    drop(page, POSTINGS.partition("\n")[0] + "\n", "tom.csv")
    assert "Inget kommer att importeras som det är valt nu" in said(page)
    for box in [box for box in page.selectbox if box.key and box.key.endswith(("_first", "_last"))]:
        box.set_value(date(2026, 2, 1))
    page.run()
    click(page, "Importera 1 fil")
    assert "0 rader från 1 fil är importerade." in said(page)
    assert store.database().cursor().execute("SELECT * FROM costs").fetchall() == []


def test_a_clock_that_goes_back_is_asked_about(small_store: Callable[..., Store], look: Look, tmp_path: Path) -> None:
    store, file = small_store({"events": EVENTS}), write_csv(tmp_path, "start.csv", "datum;rubrik", "2026-02-01;Start")
    with store.prepare([Source(file.name, file)]) as draft:
        store.commit(draft, {}, "test", datetime.now() + timedelta(days=2))
    page = look(store, PAGE)
    drop(page, EVENTS.replace("Kampanj", "Ny kampanj"))
    assert "Datorns klocka visar" in said(page)
    assert next(button for button in page.button if button.label.startswith("Importera")).disabled
    next(box for box in page.checkbox if box.label == "Klockan går rätt").check().run()
    click(page, "Importera 1 fil")
    assert "2 rader från 1 fil är importerade." in said(page)
