"""The overview in Chromium, against its goal rows alone: from a click, and from the address, until everything is drawn.

And against an empty page as Streamlit is shipped, both on a slow line, with Chromium's own throttling.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.ratios import Ratio
from benchmarks.rerun import SHIPPED
from benchmarks.servers import dashboard, in_dash, shipped
from tests.browser.harness import DRAWN, PAGES, browse

CLICKS, LOADS, FIRST = 15, 5, 15
DEPARTMENT = "KSF"  # of the example data
REST, STILL = 250, 300  # milliseconds between clicks, and without a change after which the last one was the last
NOTED = Path(__file__).with_name("drawn.js").read_text("utf-8")
OVERVIEW, CARDS = "", "body=goal_rows"
ALONE = "its goal rows without charts"
LINE = {"offline": False, "latency": 40, "downloadThroughput": 1_250_000, "uploadThroughput": 1_250_000}  # 10 Mbit/s
EMPTY = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED';
}"""  # of an empty page, that everything is drawn
IN_DASH = """() => {
    const charts = [...document.querySelectorAll('#page .dash-graph')];
    return charts.length && !document.querySelector('._dash-loading, [data-dash-is-loading]')
        && charts.every(chart => chart.querySelector('.main-svg'));
}"""


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


def click(page: Page, query: str, drawn: str) -> tuple[float, float]:
    """Seconds from a click on a link to another choice, to the first screen and to the whole; before, the page is left to rest."""
    page.wait_for_timeout(REST)
    page.evaluate("to => bench.follow(to)", f"?{query}")
    return taken(page, drawn)


def narrow(page: Page, query: str, drawn: str = DRAWN) -> tuple[float, float]:
    """Seconds from narrowing to a department; then back to the whole municipality."""
    seconds = click(page, "&".join(filter(None, (query, f"department={DEPARTMENT}"))), drawn)
    click(page, query, drawn)
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


def clicks(browser: Browser, server: str, dash: str | None) -> Iterator[Ratio]:
    """Clicks in turns, each page in a browser of its own that has asked the same before: the first screen, and the whole page."""
    pages = [(f"{server}/?{OVERVIEW}", OVERVIEW, DRAWN), (f"{server}/?{CARDS}", CARDS, DRAWN)]
    pages += [(dash, OVERVIEW, IN_DASH)] if dash else []
    with ExitStack() as stack:
        opened = []
        for address, query, drawn in pages:
            page = stack.enter_context(newcomer(browser))
            page.goto(address)
            taken(page, drawn)
            opened.append((page, query, drawn))
        turns = [[narrow(*one) for one in opened] for _ in range(1 + CLICKS)][1:]
    ours, alone, *others = ([[turn[which][part] for turn in turns] for part in (0, 1)] for which in range(len(pages)))
    for part, (name, aim) in enumerate((("first screen", 1.6), ("whole page", 2.5))):
        yield Ratio(f"{PAGES[OVERVIEW]}, click to drawn, {name}", ours[part], ALONE, alone[part], aim)
    for other in others:
        yield Ratio(f"{PAGES[OVERVIEW]}, click to drawn, whole page", ours[1], "the same facts in Dash", other[1], 1.2)


def measure(folder: Path) -> Iterator[Ratio]:
    """Click to drawn, and first load on this machine and on a slow line."""
    with ExitStack() as stack:
        server, plain = stack.enter_context(dashboard(folder)), stack.enter_context(shipped(folder))
        browser = stack.enter_context(browse())
        print("browser: clicks …", file=sys.stderr)
        dash = stack.enter_context(in_dash(folder)) if find_spec("dash") else None
        yield from clicks(browser, server, dash)
        print("browser: first loads …", file=sys.stderr)
        yield loads(browser, server)
        yield first_screens(browser, server, plain)
