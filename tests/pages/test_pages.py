"""Every page says something true, however little is known. The browser sees the rest (tests/browser)."""

from collections.abc import Callable, Mapping
from functools import cache

import pytest

from data.store import Store
from tests.conftest import imported
from tests.reader import ROOT, Look, check, words

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
MET = {  # all of goal 1, and all that is reported of goal 2
    "departments": DEPARTMENTS,
    "services": SERVICES,
    "e_services": E_SERVICES + "E2;Nyckel;e-tjänst\n",
    "links": LINKS + "T2;E2\n",
    "case_counts": "tjanst_id;manad;kanal;antal\nT1;2026-10;e-tjänst;25\nT1;2026-10;blankett;0\nT2;2026-10;e-tjänst;3\n",
}


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Store]:
    """A function that gives one of the stores above by name; only read."""
    return cache(lambda known: imported(tmp_path_factory.mktemp("little"), STORES[known]))


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store whose goals are reached, as far as is known; only read."""
    return imported(tmp_path_factory.mktemp("met"), MET)


def test_there_are_pages() -> None:
    assert len(PAGES) >= 4


@pytest.mark.parametrize("page", PAGES)
def test_a_page_on_example_data(page: str, store: Store, look: Look) -> None:
    app = look(store, page)
    assert "Exempeldata" in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_in_english(page: str, store: Store, look: Look) -> None:
    app = look(store, page, lang="en")
    assert "Example data" in words(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("known", STORES)
def test_a_page_that_knows_little(page: str, known: str, little: Callable[[str], Store], look: Look) -> None:
    app = look(little(known), page)
    assert "Exempeldata" not in words(app)


@pytest.mark.parametrize("page", [page for page in PAGES if "/sources/" not in page])
def test_a_page_where_nothing_is_left_of_what_is_reported(page: str, met: Store, look: Look) -> None:
    assert "saknar e-tjänst" not in words(look(met, page))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_for_one_department_and_one_month(page: str, store: Store, look: Look) -> None:
    department = store.database().cursor().sql("SELECT min(department_id) FROM departments").fetchall()[0][0]
    look(store, page, department=department, audience="internal", **{"from": "2026-10", "to": "2026-10"})


STORY = "pages/services/one_service.py"


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (
            "one department",
            "Bygglov: stegen är inte rapporterade",
        ),  # three of four are digital, and no step is reported
        ("one month", "Bygglov: ingen har uppgett om den har en e-tjänst"),  # no e-service was ever imported
        ("everything unknown", "Bygglov: ingen har uppgett om den har en e-tjänst"),
    ],
)
def test_a_service_of_which_little_is_known(known: str, told: str, little: Callable[[str], Store], look: Look) -> None:
    app = look(little(known), STORY, service="T1")
    assert told in words(app)


def test_a_service_that_nobody_knows(store: Store, look: Look) -> None:
    app = look(store, STORY, service="finns-inte")
    assert "Välj en tjänst" in words(app)


def test_services_of_every_kind_have_a_story(store: Store, look: Look) -> None:
    with store.database().cursor() as cursor:
        every = [row[0] for row in cursor.sql("SELECT service_id FROM services").fetchall()]
    app = look(store, STORY, service=every[0])
    for service in every[::5]:
        app.selectbox(key="_service").select(service).run()
        check(app)
