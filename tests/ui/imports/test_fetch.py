"""Fetching from the import page: a button, what came of it, and why it did not."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data.base import clock
from data.store import Store
from tests.data.platform_server import CATALOGUE, PASSWORD, PERSONAL, USER, Platform, Reply, serving
from tests.reader import Look, press, words
from ui.text.i18n import escape_markdown

Make = Callable[..., Store]
PAGE = "pages/sources/import_files.py"
REGISTER = {
    "departments": "verksamhet_id;namn\nA;Alfa\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Ett;A;extern\n",
}


@pytest.fixture
def platform() -> Iterator[Platform]:
    with serving() as one:
        one.case(1, 104, "2026-09-14", "2026-09-20")
        yield one


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, small_store: Make, platform: Platform, look: Look) -> tuple[AppTest, Store]:
    """The import page with one connection, on a store with a register."""
    store = small_store(REGISTER)
    said = {
        "BASE": platform.base,
        "INTERFACES": "catalogue,instances",
        "USER": USER,
        "PASSWORD": PASSWORD,
        "PAUSE": "0",
    }
    for name, value in {**said, "AUDIENCE": "external", "SINCE": "2026-08"}.items():
        monkeypatch.setenv(f"OPEN_EPLATFORM_EXTERN_{name}", value)
    return look(store, PAGE), store


def test_one_press_fetches_and_a_second_finds_nothing_new(page: tuple[AppTest, Store]) -> None:
    app, store = page
    press(app, "_fetch_extern")
    assert [m.value for m in app.success] == [escape_markdown("Hämtat från extern. Nya ärenden: 1. Ändrade: 0.")]
    with store.database().cursor() as cursor:
        assert cursor.execute("SELECT case_id, closed_on IS NOT NULL FROM cases").fetchall() == [("extern-1", True)]
        assert cursor.execute("SELECT DISTINCT installation, audience FROM e_services").fetchall() == [
            ("extern", "external")
        ]
    before = len(store.history())
    app.button(key="_fetch_extern").click().run()
    assert [m.value for m in app.success] == [escape_markdown("Hämtat från extern. Inget är nytt sedan förra gången.")]
    assert len(store.history()) == before
    assert not [said for said in (*PERSONAL, PASSWORD) if said in words(app)]


def test_why_it_failed_stands_there_until_it_succeeds(page: tuple[AppTest, Store], platform: Platform) -> None:
    app, store = page
    platform.next(CATALOGUE, Reply(401))
    app.button(key="_fetch_extern").click().run()
    assert len(app.error) == 1 and "lösenord" in app.error[0].value
    assert "misslyckades" in words(app)
    assert len(store.history()) == len(REGISTER)
    app.run()
    assert not app.error and "misslyckades" in words(app)
    app.button(key="_fetch_extern").click().run()
    assert app.success and "misslyckades" not in words(app)


def test_a_clock_that_goes_back_is_asked_about(monkeypatch: pytest.MonkeyPatch, page: tuple[AppTest, Store]) -> None:
    app, store = page
    newest = store.history()[-1].at
    assert newest
    early = newest - timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: early)
    app.run()
    assert "Datorns klocka visar" in app.warning[0].value and app.button(key="_fetch_extern").disabled
    app.checkbox(key="_fetch_clock").check().run()
    press(app, "_fetch_extern")
    assert len(store.history()) == len(REGISTER) + 1


def test_wrong_settings_are_said(monkeypatch: pytest.MonkeyPatch, page: tuple[AppTest, Store]) -> None:
    app, _ = page
    monkeypatch.setenv("OPEN_EPLATFORM_EXTERN_INTERFACES", "allt")
    app.run()
    assert len(app.error) == 1 and "gränssnitt" in app.error[0].value


def test_the_goals_tell_where_they_come_from(page: tuple[AppTest, Store]) -> None:
    app, store = page
    app.button(key="_fetch_extern").click().run()
    app.switch_page("pages/goals/e_services.py").run()
    with store.database().cursor() as cursor:
        ((flows,),) = cursor.execute("SELECT count(*) FROM sightings").fetchall()
    assert "Open ePlatform extern, hämtad den" in words(app) and f"{flows} e-tjänster" in words(app)
