"""Slides for a meeting: one finding a screen that can be read from afar, turned and ended by keys."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, Visitor
from tests.browser.harness import headline, settle, violations

LEAST = 36  # pixels of text on a screen of 1920 × 1080
FOOT = ".sheet-foot, .heard, caption"
SAID = f"""[...document.querySelectorAll('.sheet *')]
    .filter(e => e.checkVisibility() && !e.closest('{FOOT}') && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))"""
TEXTS = f"""() => {SAID}
    .map(e => {{
        let zoom = 1;
        for (let up = e; up; up = up.parentElement) zoom *= Number(getComputedStyle(up).zoom) || 1;
        return Math.round(parseFloat(getComputedStyle(e).fontSize) * zoom * 10) / 10;
    }})"""
CUT = f"""() => {{
    const sheet = document.querySelector('.sheet:not(.on-paper-only)').getBoundingClientRect();
    const foot = document.querySelector('.sheet:not(.on-paper-only) > .sheet-foot').getBoundingClientRect();
    return {SAID}
        .filter(e => {{
            const box = e.getBoundingClientRect();
            return box.bottom > foot.top || box.right > sheet.right || box.left < sheet.left;
        }})
        .map(e => e.innerText);
}}"""  # what is said where it runs into the foot, or out at a side


def turn(page: Page, key: str, wanted: str) -> None:
    """Presses the key and waits for the address."""
    page.keyboard.press(key)
    page.wait_for_url(re.compile(wanted))
    settle(page)


@pytest.mark.parametrize("scope", ["", "&department=VOF"])
def test_every_slide_is_large_and_whole(scope: str, visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.go(f"?visa=bildspel{scope}")
    of = int(page.locator(".slideshow .place").inner_text().split()[-1])
    findings = set()
    for n in range(1, of + 1):
        if n > 1:
            turn(page, "ArrowRight", f"bild={n}")
        assert min(page.evaluate(TEXTS)) >= LEAST
        assert not page.evaluate(CUT)
        findings.add(headline(page))
        assert not violations(page, ".slideshow")
    assert len(findings) == of > 3
    paper = page.pdf(prefer_css_page_size=True, print_background=True)  # one press prints them all, a page each, lying
    sides = re.findall(rb"/MediaBox\s*\[0 0 ([0-9.]+) ([0-9.]+)\]", paper)
    assert len(sides) == of and all(float(across) > float(down) for across, down in sides)


def test_keys_turn_and_escape_returns(visitor: Visitor) -> None:
    page = visitor.go("mal-1?audience=external")
    page.locator("footer").get_by_role("link", name="Bildspel för mötet").click()
    page.wait_for_url(re.compile("visa=bildspel"))
    page.locator(".slideshow").wait_for()  # keys turn only what is drawn
    settle(page)
    turn(page, " ", "bild=2")
    turn(page, "ArrowRight", "bild=3")
    turn(page, "ArrowLeft", "bild=2")
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "visa" not in url)
    settle(page)
    assert urlsplit(page.url).path == "/mal-1"
    assert parse_qs(urlsplit(page.url).query) == {"audience": ["external"], "from": ["2025-11"], "to": ["2026-10"]}
    assert page.locator(".slideshow").count() == 0


def test_a_slide_fills_a_small_screen_too(welcome: Visit, server: str) -> None:
    visitor = welcome(server, width=960)
    visitor.page.set_viewport_size({"width": 960, "height": 540})
    page = visitor.go("?visa=bildspel&bild=99")
    box = page.locator(".sheet:visible").bounding_box()
    assert box and (round(box["width"]), round(box["height"])) == (960, 540)
    first, last = page.locator(".slideshow .place").inner_text().split(" av ")
    assert first == last
    page.set_viewport_size({"width": 390, "height": 844})  # a phone: read by scrolling
    visitor.go("?visa=bildspel&bild=3")
    rows = page.locator(".sheet:visible tbody tr")
    assert rows.count() == 7
    rows.last.scroll_into_view_if_needed()
    row, foot = (part.bounding_box() for part in (rows.last, page.locator(".sheet-foot:visible")))
    assert row and foot and 100 < row["y"] + row["height"] <= foot["y"]
    assert min(page.evaluate(TEXTS)) >= 12
    visitor.page.close()
