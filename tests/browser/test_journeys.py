"""Whole journeys without a mouse: by touch on a phone and at the meeting's tablet, and by keyboard, in both languages."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Visitor
from tests.browser.harness import headline, settle, violations
from tests.browser.test_finding_the_way import tab_to
from tests.browser.test_slides import CUT

PHONE, TABLET = {"width": 390, "height": 844}, {"width": 1024, "height": 768}


@pytest.fixture
def toucher(browser: Browser, server: str) -> Iterator[Visitor]:
    """A visitor with a phone and no mouse."""
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="sv-SE")  # type: ignore[arg-type]  # two whole numbers
    yield Visitor(context.new_page(), server)
    context.close()


def swipe(page: Page, by: int) -> None:
    """Draws a finger so far to the right, or to the left where it is negative, and holds it there a moment."""
    wire, y = page.context.new_cdp_session(page), 300
    wire.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": 400, "y": y}]})
    for step in range(1, 9):
        wire.send(
            "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": 400 + by * step / 8, "y": y}]}
        )
    page.wait_for_timeout(150)
    wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_by_touch_to_a_service_and_back_and_through_the_meeting(toucher: Visitor) -> None:
    page = toucher.go("")
    page.get_by_role("button", name="Meny", exact=True).tap()
    page.locator("#menu-all").get_by_role("link", name="Våra tjänster", exact=True).tap()
    toucher.arrive("Våra tjänster")
    page.locator("#filter-department").tap()
    page.locator("#panel-department").get_by_role("link", name="Kultur och fritid", exact=True).tap()
    page.wait_for_url(re.compile("department=KFF"))
    settle(page)
    name = page.locator(".datatable tbody th a").first
    named = name.inner_text()
    name.tap()
    toucher.arrive("En tjänst")
    assert headline(page).startswith(named)
    page.go_back()
    toucher.arrive("Våra tjänster")
    assert parse_qs(urlsplit(page.url).query)["department"] == ["KFF"]
    page.set_viewport_size(TABLET)  # type: ignore[arg-type]  # two whole numbers
    page.locator("footer").get_by_role("link", name="Bildspel för mötet").tap()
    page.locator(".slideshow").wait_for()
    settle(page)
    for by, wanted in ((-200, "bild=2"), (-200, "bild=3"), (200, "bild=2")):
        swipe(page, by)
        page.wait_for_url(re.compile(wanted))
        settle(page)
        assert not page.evaluate(CUT), headline(page)
    page.locator(".sheet-foot").get_by_role("link", name="Nästa").tap()
    page.wait_for_url(re.compile("bild=3"))
    page.locator(".sheet-foot a.end").tap()
    page.wait_for_url(lambda url: "visa" not in url)
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["department"] == ["KFF"]
    page.go_back()  # not into the slides once more
    page.wait_for_url(lambda url: "department" not in url)
    settle(page)
    assert urlsplit(page.url).path == "/tjanster" and page.locator(".slideshow").count() == 0
    assert not toucher.complaints


def test_by_keyboard_through_filter_reason_table_and_widget(visitor: Visitor) -> None:
    page = visitor.go("")
    page.locator("#filter-department").focus()
    page.keyboard.press("Enter")
    tab_to(page, "Kultur och fritid")
    page.keyboard.press("Space")
    tab_to(page, "Visa")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("department=KFF"))
    settle(page)
    tab_to(page, "Vad ligger bakom")
    page.keyboard.press("Enter")
    visitor.arrive("Bakom ändringen")
    head = page.locator(".datatable thead th").nth(1)
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    page.go_back()
    visitor.arrive("Översikt")
    assert parse_qs(urlsplit(page.url).query)["department"] == ["KFF"]
    visitor.go("tjanst?service=T-021&lang=en")
    box = page.get_by_role("combobox").first
    box.focus()
    page.keyboard.press("ArrowDown")
    page.locator("[role=option]").first.wait_for()
    assert page.locator("[role=option][lang=sv]").count() > 5
    assert page.locator("[role=option]:not([lang=sv])").count() <= 1  # the word for none is English
    assert not violations(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "T-021" not in url)
    settle(page)
    assert page.locator(".stSelectbox [lang=sv]").count() >= 1
