"""The overview in Chromium, against its goal rows alone: from a click, and from the address, until everything is drawn.

And against an empty page as Streamlit is shipped, both on a slow line, with Chromium's own throttling.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.ratios import Ratio
from benchmarks.rerun import SHIPPED
from benchmarks.servers import dashboard, shipped
from tests.browser.harness import DRAWN, PAGES, browse, settle

CLICKS, LOADS, FIRST = 15, 5, 15
DEPARTMENT = "KSF"  # of the example data
STILL = 300  # milliseconds without a change, after which the last one was the last
NOTED = Path(__file__).with_name("drawn.js").read_text("utf-8")
OVERVIEW, CARDS = "", "body=goal_rows"
ALONE = "its goal rows without charts"
LINE = {"offline": False, "latency": 40, "downloadThroughput": 1_250_000, "uploadThroughput": 1_250_000}  # 10 Mbit/s
EMPTY = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED';
}"""  # of an empty page, that everything is drawn


def taken(page: Page, drawn: str = DRAWN) -> tuple[float, float]:
    """Seconds until the first screen, and everything, was drawn, once it is."""
    page.wait_for_function(f"() => ({drawn})() && bench.rests({STILL})", timeout=60_000, polling=50)
    screen, whole = page.evaluate("bench.taken()")
    return screen / 1000, whole / 1000


@contextmanager
def newcomer(browser: Browser) -> Iterator[Page]:
    """A page of a browser that has nothing in its cache, and that notes when it has drawn."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="sv-SE")
    context.add_init_script(NOTED)
    yield context.new_page()
    context.close()


def load(browser: Browser, address: str) -> float:
    """Seconds of a first load, until everything is drawn."""
    with newcomer(browser) as page:
        page.goto(address)
        return taken(page)[1]


def click(page: Page, query: str) -> tuple[float, float]:
    """Seconds from a click on a link to another choice, to the first screen and to the whole; the page is at rest before."""
    page.evaluate("to => bench.follow(to)", f"?{query}")
    return taken(page)


def narrow(page: Page, query: str) -> tuple[float, float]:
    """Seconds from narrowing to a department; then back to the whole municipality."""
    settle(page)
    seconds = click(page, "&".join(filter(None, (query, f"department={DEPARTMENT}"))))
    settle(page)
    click(page, query)
    return seconds


def loads(browser: Browser, server: str) -> Ratio:
    """First loads in turns."""
    pairs = [[load(browser, f"{server}/?{query}") for query in (OVERVIEW, CARDS)] for _ in range(1 + LOADS)]
    overview, cards = zip(*pairs[1:], strict=True)
    return Ratio(f"{PAGES[OVERVIEW]}, first load", overview, ALONE, cards, 2.5)


def first_screen(browser: Browser, address: str, drawn: str) -> float:
    """Seconds of a first load on the slow line, until the first screen is drawn."""
    with newcomer(browser) as page:
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", LINE)
        page.goto(address, wait_until="commit")
        return taken(page, drawn)[0]


def first_screens(browser: Browser, server: str, plain: str) -> Ratio:
    """First loads on the slow line in turns."""
    pages = ((server, DRAWN), (plain, EMPTY))
    pairs = [[first_screen(browser, *page) for page in pages] for _ in range(1 + FIRST)]
    ours, empty = zip(*pairs[1:], strict=True)
    return Ratio(f"{PAGES[OVERVIEW]}, first load to the first screen, 10 Mbit/s and 40 ms", ours, SHIPPED, empty, 0.7)


def clicks(browser: Browser, server: str) -> Iterator[Ratio]:
    """Clicks in turns, each page in a browser of its own that has asked the same before: the first screen, and the whole page."""
    with newcomer(browser) as overview, newcomer(browser) as cards:
        pages = {OVERVIEW: overview, CARDS: cards}
        for query, page in pages.items():
            page.goto(f"{server}/?{query}")
        pairs = [[narrow(page, query) for query, page in pages.items()] for _ in range(1 + CLICKS)]
    for part, (name, aim) in enumerate((("first screen", 1.6), ("whole page", 2.5))):
        ours, alone = ([pair[which][part] for pair in pairs[1:]] for which in (0, 1))
        yield Ratio(f"{PAGES[OVERVIEW]}, click to drawn, {name}", ours, ALONE, alone, aim)


def measure(folder: Path) -> list[Ratio]:
    """Click to drawn, and first load on this machine and on a slow line."""
    with dashboard(folder) as server, shipped(folder) as plain, browse() as browser:
        print("browser: clicks …", file=sys.stderr)
        clicked = list(clicks(browser, server))
        print("browser: first loads …", file=sys.stderr)
        return [*clicked, loads(browser, server), first_screens(browser, server, plain)]
