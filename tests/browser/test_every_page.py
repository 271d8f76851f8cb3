"""What holds on every page, in both themes, on a wide screen and on a phone: every other page is light where the rest are dark."""

import re
from collections.abc import Iterator

import pytest

from tests.browser.conftest import Visit, Visitor
from tests.browser.harness import PAGES, THEMES, settle, violations

WIDTHS = (1440, 320)
BETWEEN = (1024, 960, 768)  # small screens, and 1920 enlarged to 200 %
VIEWS = {**PAGES, "tjanst?service=T-021": PAGES["tjanst"], "register?do=exemption": PAGES["register"]}
SEEN = [(path, THEMES[(i + j) % 2], width) for i, path in enumerate(VIEWS) for j, width in enumerate(WIDTHS)]
A4, LEAST = 680, 12  # pixels within the margins; nine points
WHOLE = """() => [...document.querySelectorAll('.datatable:has(.dots)')].map(e => getComputedStyle(e).breakInside)"""
SIZES = """() => [...document.querySelectorAll('.stMain *')]
    .filter(e => e.checkVisibility() && !e.closest('.heard, caption, svg') && e.getBoundingClientRect().width > 1)
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => parseFloat(getComputedStyle(e).fontSize))"""
PARTED = """() => {
    const parted = [], range = document.createRange();
    const walker = document.createTreeWalker(document.querySelector('.stMain'), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        for (const word of walker.currentNode.data.matchAll(/e-[a-zåäö]+|(mål|§)\\s[0-9.]+/gi)) {
            range.setStart(walker.currentNode, word.index);
            range.setEnd(walker.currentNode, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) parted.push(word[0]);
        }
    }
    return parted;
}"""
UNFOLD = """() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    for (const table of document.querySelectorAll('.datatable')) {
        table.querySelector('thead th:last-child button').click();
        const field = table.querySelector('input');
        if (!field) continue;
        field.value = 'e';
        field.dispatchEvent(new Event('input', { bubbles: true }));
    }
}"""
SHOW_PANELS = """() => {
    for (const panel of document.querySelectorAll('.frame [popover]')) {
        panel.removeAttribute('popover'); // all at once, none over another
        panel.style = 'max-height: none';
        document.querySelector('.frame').append(panel);
    }
}"""
WORDS = """() => {
    const names = ['aria-label', 'title', 'placeholder', 'alt', 'data-title'];
    const said = [...document.querySelectorAll('body *')].flatMap(e => names.map(name => e.getAttribute(name)));
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest('script, style, noscript')) said.push(walker.currentNode.data);
    }
    return said.filter(Boolean).map(text => text.trim());
}"""
SIDEWAYS = """() => [...document.querySelectorAll('html, body, [data-testid="stApp"], [data-testid="stMain"]')]
    .filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.dataset.testid || e.tagName}: ${e.scrollWidth} > ${e.clientWidth}`)"""
# Streamlit's and Plotly's own words, as they stand alone in a text or a label.
ENGLISH = re.compile(
    r"Deploy|Rerun|Settings|Print|Record a screencast|Report a bug|Get help|About|Clear caches?|Made with.*"
    r"|Stop|Running.*|Loading.*|Fullscreen|View fullscreen|Close|Close .*|Open (?!ePlatform).*"
    r"|Expand .*|Collapse .*|Show .*|Hide .*"
    r"|Search.*|Download( as CSV| data)?|Show/hide columns|Select all.*|No (results|options|data|content).*"
    r"|Choose .*|Drag and drop.*|Browse files?|Upload( director\w+)?|.* per file.*|Limit .*|Press Enter.*|Type to .*"
    r"|Clear( value| all| selection)?|Main menu|App pages|Skip to .*|Copy.*|Sort (asc|desc).*|(Pin|Unpin) column"
    r"|View (\d+ more|less)|\d+ more|Increment|Decrement|Remove.*|Delete.*|(Previous|Next)( month| page)?|Help( for.*)?|Dismiss"
    r"|Cancel|Selected .*|Empty|Main|Sidebar|Page not found|January|February|March|May|June|July|October"
    r"|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Zoom( in| out)?|Pan|Reset axes|Autoscale|Box Select|Lasso Select"
    r"|Download plot.*|Produced with.*|Double-click.*|trace \d+"
)


@pytest.fixture(scope="module", params=SEEN, ids=lambda p: f"{p[0] or PAGES['']}-{p[1]}-{p[2]}")
def view(request: pytest.FixtureRequest, welcome: Visit, server: str) -> Iterator[Visitor]:
    """A visitor who looks at one page."""
    path, theme, width = request.param
    visitor = welcome(server, width, theme)
    visitor.go(path)
    yield visitor
    visitor.page.close()


def test_nothing_scrolls_sideways_and_no_word_is_parted(view: Visitor, request: pytest.FixtureRequest) -> None:
    width = request.node.callspec.params["view"][2]
    for across in (width, *BETWEEN) if width == WIDTHS[0] else (width,):
        view.page.set_viewport_size({"width": across, "height": 900})
        assert not view.page.evaluate(SIDEWAYS), across
        assert not view.page.evaluate(PARTED), across
    view.page.set_viewport_size({"width": width, "height": 900})


def test_nothing_leaves_the_machine_and_nothing_complains(view: Visitor) -> None:
    assert view.hosts == {"127.0.0.1"}
    assert not view.complaints


def test_it_says_what_it_is(view: Visitor, request: pytest.FixtureRequest) -> None:
    path = request.node.callspec.params["view"][0]
    assert view.page.title().startswith(VIEWS[path])
    assert view.page.locator("h1").count() == 1
    assert view.page.locator("h1").inner_text().strip()


def test_it_is_swedish(view: Visitor) -> None:
    assert view.page.locator("html").get_attribute("lang") == "sv"
    assert not [said for said in view.page.evaluate(WORDS) if ENGLISH.fullmatch(said)]


def test_it_says_that_the_data_are_an_example(view: Visitor) -> None:
    assert "Exempeldata" in view.page.locator(".stApp").inner_text()


def test_every_picture_has_words(view: Visitor) -> None:
    assert view.page.locator("[data-testid='stPlotlyChart']:not([aria-label])").count() == 0
    assert view.page.locator(".datatable table:not(:has(caption))").count() == 0
    assert view.page.locator("img:not([alt])").count() == 0


def test_the_theme_is_the_readers(view: Visitor, request: pytest.FixtureRequest) -> None:
    ground = view.page.locator("[data-testid='stApp']").evaluate("e => getComputedStyle(e).backgroundColor")
    dark = sum(map(int, re.findall(r"\d+", ground)[:3])) < 3 * 128
    assert dark == (request.node.callspec.params["view"][1] == "dark")


def test_it_prints_on_two_pages(view: Visitor, request: pytest.FixtureRequest) -> None:
    width = request.node.callspec.params["view"][2]
    if width != WIDTHS[0]:
        return  # paper is as wide from any screen
    paper = view.page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2
    view.page.emulate_media(media="print")
    view.page.set_viewport_size({"width": A4, "height": 1000})
    assert min(view.page.evaluate(SIZES)) >= LEAST
    assert set(view.page.evaluate(WHOLE)) <= {"avoid"}
    assert view.page.locator(".stMain :is(button:not(th button, .word), input, select):visible").count() == 0
    view.page.emulate_media(media="screen")
    view.page.set_viewport_size({"width": width, "height": 900})


def test_everybody_can_use_all_that_it_holds(view: Visitor) -> None:
    """With every fold open, and tables sorted and searched."""
    view.page.evaluate(UNFOLD)
    settle(view.page)
    assert not view.page.evaluate(SIDEWAYS)
    assert not violations(view.page)


def test_everybody_can_use_what_the_head_opens(view: Visitor, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["view"][0] not in list(VIEWS)[:2]:  # both themes and widths; all heads are alike
        return
    view.page.evaluate(SHOW_PANELS)
    assert not violations(view.page, ".frame")
