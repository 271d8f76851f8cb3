"""The overview in Chromium, against its goal rows alone: from a click, and from the address, until everything is drawn."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.ratios import Ratio
from benchmarks.servers import dashboard
from tests.browser.harness import DRAWN, PAGES, browse, settle

CLICKS, LOADS = 10, 5
DEPARTMENT = "KSF"  # of the example data
STILL = 300  # milliseconds without a change, after which the last one was the last
NOTED = Path(__file__).with_name("drawn.js").read_text("utf-8")
TAKEN = f"() => ({DRAWN})() && bench.taken({STILL})"
OVERVIEW, CARDS = "", "body=goal_rows"
ALONE = "its goal rows without charts"


def taken(page: Page) -> float:
    """Seconds until everything was drawn, once it is."""
    return float(page.wait_for_function(TAKEN, timeout=60_000, polling=50).json_value()) / 1000


@contextmanager
def newcomer(browser: Browser) -> Iterator[Page]:
    """A page of a browser that has nothing in its cache, and that notes when it has drawn."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="sv-SE")
    context.add_init_script(NOTED)
    yield context.new_page()
    context.close()


def load(browser: Browser, address: str) -> float:
    """Seconds of a first load."""
    with newcomer(browser) as page:
        page.goto(address)
        return taken(page)


def click(page: Page, query: str) -> float:
    """Seconds from a click on a link to another choice; the page is at rest before and after."""
    settle(page)
    page.evaluate("to => bench.follow(to)", f"?{query}")
    return taken(page)


def narrow(page: Page, query: str) -> float:
    """Seconds from narrowing to a department; then back to the whole municipality."""
    seconds = click(page, "&".join(filter(None, (query, f"department={DEPARTMENT}"))))
    click(page, query)
    return seconds


def loads(browser: Browser, server: str) -> Ratio:
    """First loads in turns."""
    pairs = [[load(browser, f"{server}/?{query}") for query in (OVERVIEW, CARDS)] for _ in range(1 + LOADS)]
    overview, cards = zip(*pairs[1:], strict=True)
    return Ratio(f"{PAGES[OVERVIEW]}, first load", overview, ALONE, cards, 2.5)


def clicks(browser: Browser, server: str) -> Ratio:
    """Clicks in turns, each page in a browser of its own that has asked the same before."""
    with newcomer(browser) as overview, newcomer(browser) as cards:
        pages = {OVERVIEW: overview, CARDS: cards}
        for query, page in pages.items():
            page.goto(f"{server}/?{query}")
        pairs = [[narrow(page, query) for query, page in pages.items()] for _ in range(1 + CLICKS)]
    overview_taken, cards_taken = zip(*pairs[1:], strict=True)
    return Ratio(f"{PAGES[OVERVIEW]}, click to drawn", overview_taken, ALONE, cards_taken, 2.0)


def measure(folder: Path) -> list[Ratio]:
    """Click to drawn, and first load."""
    with dashboard(folder) as server, browse() as browser:
        print("browser: clicks …", file=sys.stderr)
        clicked = clicks(browser, server)
        print("browser: first loads …", file=sys.stderr)
        return [clicked, loads(browser, server)]
