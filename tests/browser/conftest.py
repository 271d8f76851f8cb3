"""One server and one browser a worker; a visitor a test."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.harness import Theme, browse, open_menu, serve, settle


@dataclass
class Visitor:
    """A reader with a browser of their own, and what the browser complained about and asked for."""

    page: Page
    server: str
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._ask(request.url))
        self.page.on("websocket", lambda socket: self._ask(socket.url))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _ask(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob"):
            self.hosts.add(parts.hostname or url)

    def go(self, path: str) -> Page:
        """The page at this path (with or without a query), when it is drawn."""
        self.page.goto(f"{self.server}/{path}")
        settle(self.page)
        return self.page

    def follow(self, title: str) -> Page:
        """The page that the navigation's link leads to, when it is drawn."""
        open_menu(self.page, title)
        self.page.get_by_role("link", name=title, exact=True).first.click()
        return self.arrive(title)

    def arrive(self, title: str) -> Page:
        """The page, when it has this title and is drawn."""
        self.page.wait_for_function("title => document.title.startsWith(title)", arg=title)
        settle(self.page)
        return self.page


Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser."""
    with browse() as browser:
        yield browser


@pytest.fixture(scope="session")
def server(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard on example data, which no test changes."""
    store = shutil.copytree(example, tmp_path_factory.mktemp("server") / "store")
    with serve(store) as address:
        yield address


@pytest.fixture(scope="session")
def welcome(browser: Browser) -> Visit:
    """A function that lets a visitor in: `welcome(server, width=1440, theme="light")`; out by `visitor.page.close()`.

    Those with the same screen share a cache, as one reader's tabs do: the figures' script is large.
    """

    @cache
    def screen(width: int, theme: Theme) -> BrowserContext:
        return browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, locale="sv-SE")

    return lambda server, width=1440, theme="light": Visitor(screen(width, theme).new_page(), server)


@pytest.fixture
def visitor(welcome: Visit, server: str) -> Iterator[Visitor]:
    """A visitor on a wide light screen, who has not opened a page yet."""
    visitor = welcome(server)
    yield visitor
    visitor.page.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage is not measured in these tests: what they are about runs in a server and a browser."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("no_cover")
