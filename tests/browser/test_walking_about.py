"""Addresses, Back, the keyboard and paper."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, Visitor
from tests.browser.harness import HIDDEN, PAGES, Theme, headline, main_text, serve, settle

CHOSEN = "?from=2025-01&to=2025-12&audience=external"
LISTED = {path: title for path, title in PAGES.items() if path not in HIDDEN}
WIDGETS = ("stSelectbox", "stMultiSelect", "stDateInput", "stRadio", "stButtonGroup", "stCheckbox", "stSlider")
FILTERS = ", ".join(f"[data-testid='stSidebar'] [data-testid='{kind}']" for kind in WIDGETS)
FOCUSED = f"""() => {{
    const here = document.activeElement;
    const filters = [...document.querySelectorAll("{FILTERS}")];
    return [here.innerText || here.getAttribute('aria-label') || '', filters.findIndex(f => f.contains(here))];
}}"""


def query(page: Page) -> dict[str, list[str]]:
    """The choices in the address."""
    return parse_qs(urlsplit(page.url).query)


def test_a_choice_follows_along(visitor: Visitor) -> None:
    """From page to page; that an address opened cold shows the same is for test_finding_the_way."""
    visitor.go("definitioner" + CHOSEN)
    for path, title in LISTED.items():
        walked = visitor.follow(title)
        assert query(walked) == parse_qs(CHOSEN[1:]), title
        assert urlsplit(walked.url).path.strip("/") == path


@pytest.mark.parametrize("path", ["", "nasta-steg", "kostnader", "importera"])
def test_a_page_that_is_walked_to_and_one_from_a_deep_link_are_the_same(
    path: str, welcome: Visit, visitor: Visitor, server: str
) -> None:
    visitor.go("definitioner" + CHOSEN)
    walked = main_text(visitor.follow(PAGES[path]))
    newcomer = welcome(server)
    assert main_text(newcomer.go(path + CHOSEN)) == walked
    newcomer.page.close()


def test_where_the_navigation_does_not_fit_the_rest_is_told_in_swedish(welcome: Visit, server: str) -> None:
    visitor = welcome(server, width=768)
    page = visitor.go("")
    more = page.locator("header button").filter(has_text=re.compile(r"^\d+ till$"))
    more.click()
    page.get_by_role("menuitem", name="Definitioner", exact=True).click()
    assert headline(visitor.arrive("Definitioner"))
    visitor.page.close()


def test_a_choice_changes_the_page(visitor: Visitor) -> None:
    everything = main_text(visitor.go("kostnader"))
    assert main_text(visitor.go("kostnader?from=2025-01&to=2025-03")) != everything


def test_an_address_with_nonsense_is_no_error(visitor: Visitor) -> None:
    page = visitor.go("?department=finns-inte&audience=x&from=igår&comparison=!&lang=xx")
    assert page.locator("[data-testid='stException'], [data-testid='stAlert']").count() == 0
    assert headline(page)


def test_back_and_forward_and_reload(visitor: Visitor) -> None:
    first = headline(visitor.go(""))
    second = headline(visitor.follow("Kostnader"))
    visitor.page.go_back()
    assert headline(visitor.arrive("Översikt")) == first
    visitor.page.go_forward()
    assert headline(visitor.arrive("Kostnader")) == second
    visitor.page.reload()
    settle(visitor.page)
    assert headline(visitor.page) == second


def test_the_keyboard_reaches_navigation_and_filters(visitor: Visitor) -> None:
    page = visitor.go("")
    filters = page.locator(FILTERS).count()
    words, reached = set(), set()
    for _ in range(120):
        page.keyboard.press("Tab")
        word, place = page.evaluate(FOCUSED)
        words.add(word.strip())
        reached.add(place)
    assert filters > 0
    assert set(LISTED.values()) <= words
    assert set(range(filters)) <= reached


def test_the_keyboard_follows_a_link(visitor: Visitor) -> None:
    page = visitor.go("")
    page.get_by_role("link", name="Kostnader", exact=True).first.focus()
    page.keyboard.press("Enter")
    assert headline(visitor.arrive("Kostnader"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paper_is_white_and_without_controls(welcome: Visit, server: str, theme: Theme) -> None:
    visitor = welcome(server, theme=theme)
    page = visitor.go("")
    page.emulate_media(media="print", color_scheme=theme)
    for part in ("stHeader", "stSidebar", "stToolbar"):
        assert not page.locator(f"[data-testid='{part}']").first.is_visible()
    ground = page.locator("[data-testid='stApp']").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert page.locator("[data-testid='stMain']").evaluate("e => e.scrollHeight <= e.clientHeight + 1"), "cut"
    visitor.page.close()


def test_a_deep_link_is_the_first_thing_a_new_installation_serves(welcome: Visit, tmp_path: Path) -> None:
    with serve(tmp_path / "store") as server:
        visitor = welcome(server)
        page = visitor.go("kostnader" + CHOSEN)
        assert page.title().startswith("Kostnader")
        assert query(page) == parse_qs(CHOSEN[1:])
        assert page.get_by_role("link", name="Översikt", exact=True).count()
        visitor.page.close()
