"""Every page says something true, however little is known. The browser sees the rest (tests/browser)."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.store import Store

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(file.relative_to(ROOT).as_posix() for file in ROOT.glob("pages/*/*.py"))
DEPARTMENTS = "verksamhet_id;namn\nA;Alfa\n"
SERVICES = "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Bygglov;A;extern\nT2;Nyckel;A;intern\n"
E_SERVICES = "etjanst_id;namn;typ\nE1;Bygglov;e-tjänst\n"
LINKS = "tjanst_id;etjanst_id\nT1;E1\n"
ONE_MONTH = "tjanst_id;manad;kanal;antal\nT1;2026-10;e-tjänst;3\nT1;2026-10;blankett;1\nT2;2026-10;besök;2\n"
COSTS = "kostnad_id;datum;kostnadstyp;belopp;bestallare\nK1;2026-10-05;fast;1000,50;\nK2;2026-10-06;övrig;99,99;\n"
STORES: Mapping[str, Mapping[str, str]] = {
    "one department": {
        "departments": DEPARTMENTS,
        "services": SERVICES,
        "e_services": E_SERVICES,
        "links": LINKS,
        "case_counts": ONE_MONTH + ONE_MONTH.replace("2026-10", "2026-09").partition("\n")[2],
        "costs": COSTS,
    },
    "one month": {"departments": DEPARTMENTS, "services": SERVICES, "case_counts": ONE_MONTH},
    "everything unknown": {"departments": DEPARTMENTS, "services": SERVICES},
    "only departments": {"departments": DEPARTMENTS},
    "only costs": {"costs": COSTS},
    "cases of services that nobody knows": {"case_counts": ONE_MONTH},
}
LEAKS = re.compile(r"\b(nan|NaN|None|inf|NaT|Traceback)\b|\{\w*\}|%\(\w+\)s")


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Callable[..., AppTest]:
    """A function that opens a page on a store as a reader gets there; the last resort must not be needed."""

    def open_page(store: Store, page: str, **query: str) -> AppTest:
        monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
        st.cache_data.clear()
        st.cache_resource.clear()
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
        app.query_params.update(query)
        app.run().switch_page(page).run()
        assert not [record.getMessage() for record in caplog.records if record.name == "dashboard"]
        return app

    return open_page


def words(app: AppTest) -> str:
    """Everything that the page says in its own words, as HTML."""
    said = [element.proto.body for element in app.get("html")]
    return "\n".join(said + [element.value for element in (*app.markdown, *app.caption, *app.info, *app.warning)])


def check(app: AppTest) -> None:
    """The page stands: no error, one headline, nothing of ours that leaks."""
    assert not app.exception
    assert not app.error
    said = words(app)
    headlines = re.findall(r"<h1[^>]*>(.*?)</h1>", said, re.S)
    assert len(headlines) + len(app.title) == 1
    assert all(unescape(text).strip() for text in headlines)
    assert not LEAKS.search(re.sub(r"<[^>]*>", " ", said))


def test_there_are_pages() -> None:
    assert len(PAGES) >= 4


@pytest.mark.parametrize("page", PAGES)
def test_a_page_on_example_data(page: str, store: Store, look: Callable[..., AppTest]) -> None:
    app = look(store, page)
    check(app)
    assert "Exempeldata" in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_in_english(page: str, store: Store, look: Callable[..., AppTest]) -> None:
    app = look(store, page, lang="en")
    check(app)
    assert "Example data" in words(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("known", STORES)
def test_a_page_that_knows_little(
    page: str, known: str, small_store: Callable[..., Store], look: Callable[..., AppTest]
) -> None:
    app = look(small_store(STORES[known]), page)
    check(app)
    assert "Exempeldata" not in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_for_one_department_and_one_month(page: str, store: Store, look: Callable[..., AppTest]) -> None:
    department = store.database().cursor().sql("SELECT min(department_id) FROM departments").fetchall()[0][0]
    check(look(store, page, department=department, audience="internal", **{"from": "2026-10", "to": "2026-10"}))


STORY = "pages/services/one_service.py"


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ("one department", "Bygglov: för lite är känt"),  # three of four are digital, and no step is reported
        ("one month", "Bygglov: för lite är känt"),  # no e-service was ever imported
        ("everything unknown", "Bygglov: för lite är känt"),
    ],
)
def test_a_service_of_which_little_is_known(
    known: str, told: str, small_store: Callable[..., Store], look: Callable[..., AppTest]
) -> None:
    app = look(small_store(STORES[known]), STORY, service="T1")
    check(app)
    assert told in words(app)


def test_a_service_that_nobody_knows(store: Store, look: Callable[..., AppTest]) -> None:
    app = look(store, STORY, service="finns-inte")
    check(app)
    assert "Välj en tjänst" in words(app)


def test_services_of_every_kind_have_a_story(store: Store, look: Callable[..., AppTest]) -> None:
    with store.database().cursor() as cursor:
        every = [row[0] for row in cursor.sql("SELECT service_id FROM services").fetchall()]
    app = look(store, STORY, service=every[0])
    for service in every[::5]:
        app.selectbox(key="_service").select(service).run()
        check(app)
