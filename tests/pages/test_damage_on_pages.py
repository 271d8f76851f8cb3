"""What a reader meets when something in the store is damaged: a sentence on every page, and never example data."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.store import Store
from tests.conftest import NOW
from tests.reader import ROOT, Look, check, opened, tables, words
from ui import database

pytestmark = pytest.mark.no_cover  # other tests run the same code

PAGES = ("pages/follow_up/overview.py", "pages/sources/import_files.py", "pages/sources/data_quality.py")
TABLES = {
    "departments": "verksamhet_id;namn\nA;Alfa\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\n",
}


def headlines(app: AppTest) -> list[str]:
    return re.findall(r"<h1[^>]*>(.*?)</h1>", words(app), re.S)


@pytest.fixture
def small(small_store: Callable[..., Store]) -> Store:
    return small_store(TABLES)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_which_file_and_what_to_do(small: Store, look: Look, page: str) -> None:
    (small.folder / "archive" / "000001-batches-1-2" / "commit.json").write_text("{", "utf-8")
    said = words(look(small, page))
    assert said.count("archive/000001-batches-1-2/commit.json är skadad. Återställ filen från en säkerhetskopia.") == 1
    assert "Tills dess visas den senaste hela versionen, och ingenting kan ändras." in said
    assert "Exempeldata" not in said


def test_the_import_page_says_first_that_nothing_can_be_imported(small: Store, look: Look) -> None:
    shutil.rmtree(small.folder / "archive")
    assert headlines(look(small, PAGES[1])) == ["Något är skadat, så ingenting kan importeras just nu"]


def test_nothing_is_offered_that_would_be_refused(small: Store, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """No uploader, no undo and no fetch; the pages that change the store by themselves are locked."""
    for name, value in (("BASE", "http://127.0.0.1:1"), ("INTERFACES", "catalogue")):
        monkeypatch.setenv(f"OPEN_EPLATFORM_OEP_{name}", value)
    whole = look(small, PAGES[1])
    assert whole.get("file_uploader") and whole.button(key="_switch_1")
    (small.folder / "archive" / "000001-batches-1-2" / "commit.json").write_text("{", "utf-8")
    damaged = look(small, PAGES[1])
    assert not damaged.get("file_uploader") and not [
        b for b in damaged.button if str(b.key).startswith(("_switch", "_fetch"))
    ]
    assert "Inget kan importeras, hämtas eller ångras förrän filen som namnges överst är återställd." in words(damaged)
    for page in ("pages/sources/pair.py", "pages/sources/rules.py"):
        assert all(button.disabled for button in look(small, page).button)


@pytest.mark.parametrize("page", PAGES)
def test_a_store_that_is_lost_is_no_example(small: Store, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    for folder in ("archive", "versions"):
        shutil.rmtree(small.folder / folder)
    monkeypatch.setenv("DASHBOARD_STORE", str(small.folder))
    app = opened(page)
    check(app)
    assert headlines(app) == ["Siffrorna kan inte visas just nu"]
    assert "fast 1 ändringar har sparats i det. Återställ mappen archive från en säkerhetskopia." in words(app)
    assert "xempeldata" not in words(app)


def test_what_is_given_up_is_listed(small: Store, look: Look) -> None:
    small.close()
    (small.folder / "archive" / "000001-batches-1-2" / "commit.json").unlink()
    small.accept_damage("kanslichef", NOW)
    app = look(small, PAGES[1])
    assert list(tables(app)[0]["Läge"]) == ["Skadad, bortvald"] * 2


def rot(file: Path) -> None:
    """Change every block of a database but its headers."""
    with file.open("r+b") as content:
        content.seek(12288)
        rest = content.read()
        content.seek(12288)
        content.write(bytes(byte ^ 0xFF for byte in rest))


def test_a_rotten_block_is_met_by_rebuilding_and_no_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
    opened(PAGES[0])
    database.store().close()  # forgets the blocks that are read
    database._answers.clear()
    served = database.store().database()
    rot(served.file)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    check(app)
    assert headlines(app) == headlines(opened(PAGES[0]))
    assert database.store().database().version == served.version + 1
