"""The sitemap has every page file once, and the browser tests visit every page of it."""

from pathlib import Path

from tests.browser.harness import HIDDEN, PAGES
from tests.browser.test_every_page import VIEWS
from ui.database import translations
from ui.frame.sitemap import page_specs
from ui.text import i18n

ROOT = Path(__file__).resolve().parents[3]


def test_every_page_file_is_in_the_sitemap_once() -> None:
    files = sorted(file.relative_to(ROOT).as_posix() for file in ROOT.glob("pages/*/*.py"))
    assert sorted(spec.file for spec in page_specs()) == files
    assert len({spec.path for spec in page_specs()}) == len(files)


def test_the_browser_visits_every_page_of_the_sitemap() -> None:
    assert set(VIEWS) >= set(PAGES) == {spec.path for spec in page_specs()}
    assert {spec.path for spec in page_specs() if spec.section is None} == HIDDEN


def test_the_browser_expects_swedish_titles() -> None:
    assert PAGES["nasta-steg"] == "Åtgärder"
    assert list(PAGES.values()) == [translations("sv").gettext(title) for title in _english_titles()]


def _english_titles() -> list[str]:
    token = i18n._spoken.set("en")
    try:
        return [spec.title for spec in page_specs()]
    finally:
        i18n._spoken.reset(token)
