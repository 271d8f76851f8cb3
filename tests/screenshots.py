"""Pictures of every page, of a running server or of its own on example data: `python -m tests.screenshots FOLDER`."""

import argparse
import tempfile
from contextlib import AbstractContextManager, nullcontext
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.harness import PAGES, THEMES, browse, serve, settle

WIDTHS = (1440, 768, 320)
TALLEST = 12_000
HEIGHT = """() => {
    const find = name => document.querySelector(`[data-testid="${name}"]`);
    return Math.ceil(find('stMainBlockContainer').getBoundingClientRect().bottom + find('stMain').scrollTop);
}"""


def picture(page: Page, address: str, file: Path, width: int) -> None:
    """Saves the first screen and the whole page, which needs a viewport as tall as the page."""
    page.goto(address)
    settle(page)
    page.screenshot(path=file.with_stem(f"{file.stem}-first"))
    page.set_viewport_size({"width": width, "height": min(page.evaluate(HEIGHT), TALLEST)})
    page.wait_for_timeout(500)
    settle(page)
    page.screenshot(path=file)


def take(browser: Browser, server: str, folder: Path, query: str) -> None:
    """Saves every page × theme × width under a telling name."""
    for (path, title), theme, width in product(PAGES.items(), THEMES, WIDTHS):
        size: ViewportSize = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, color_scheme=theme, locale="sv-SE")
        file = folder / f"{title.lower()}-{theme}-{width}.png"
        picture(context.new_page(), f"{server}/{path}{query}", file, width)
        context.close()


def running(address: str | None, folder: str) -> AbstractContextManager[str]:
    """The server at this address, or one of our own on example data."""
    return nullcontext(address.rstrip("/")) if address else serve(Path(folder) / "store")


def main() -> None:
    """Reads the command line and takes the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("address", nargs="?")
    parser.add_argument("--query", default="", help="what to choose, such as ?department=SKOL")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as own, running(arguments.address, own) as server, browse() as browser:
        take(browser, server, arguments.folder, arguments.query)


if __name__ == "__main__":
    main()
