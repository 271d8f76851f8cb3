"""The real server and a real browser, and the one way to wait for a page."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, get_args
from urllib.error import URLError

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from ui.frame import sitemap

ROOT = Path(__file__).resolve().parents[2]
SPECS = sitemap.page_specs()  # the titles in Swedish: no request asks for another language
PAGES = {spec.path: spec.title for spec in SPECS}
HIDDEN = {spec.path for spec in SPECS if spec.section is None}  # not in the navigation
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
LIST = 'role="listbox"'  # of a widget that is open: Streamlit draws it outside the page's landmarks, its widget stands within
DRAWN = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
    return app?.dataset.testScriptState === 'notRunning'
        && app.dataset.testConnectionState === 'CONNECTED'
        && document.querySelector('h1')
        && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
        && charts.every(chart => chart.querySelector('.main-svg'));
}"""
BELOW = """() => {
    const head = document.querySelector('.frame');
    head.hidden = true;
    const words = document.querySelector('[data-testid="stMain"]').innerText;
    head.hidden = false;
    return words;
}"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def uvicorn(app: str, port: int) -> list[str]:
    """The module that serves an app, with its arguments: as `make run` does it."""
    return ["uvicorn", app, "--port", str(port), "--log-level", "warning", "--ws-per-message-deflate", "false"]


@contextmanager
def serve(store: Path) -> Iterator[str]:
    """The dashboard on this store, as `make run` serves it; gives its address.

    What it runs is not counted as covered, which would slow it down: the tests of the pages' own run the same lines.
    """
    port, log = free_port(), store.with_name(f"{store.name}.log")
    command = [sys.executable, "-m", *uvicorn("asgi:app", port), "--timeout-graceful-shutdown", "1"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment = {**inherited, "DASHBOARD_STORE": str(store)}
    with log.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out) as process:
        try:
            await_health(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def await_health(address: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 120) -> None:
    """Returns when the server answers; AssertionError with its log when it ends or takes too long."""
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (URLError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"The server did not start:\n{log.read_text()}")


@contextmanager
def browse() -> Iterator[Browser]:
    """Chromium: the machine's own, or else the one that Playwright installed."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


def settle(page: Page) -> None:
    """Returns when the script has run and everything is drawn."""
    page.wait_for_function(DRAWN, timeout=30_000)
    page.wait_for_timeout(250)  # a widget's answer starts a new run a moment later
    page.wait_for_function(DRAWN, timeout=30_000)


def violations(page: Page, context: str | None = None) -> list[str]:
    """What axe finds against on the page as it stands, or in the parts that the selector `context` names."""
    found = Axe().run(page, context=context, options=RULES).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if not (rule["id"] == "region" and LIST in node["html"])
    ]


def headline(page: Page) -> str:
    """The words of the page's h1."""
    return page.locator("h1").inner_text()


def main_text(page: Page) -> str:
    """All the words in the page's main part, below navigation and filters."""
    return str(page.evaluate(BELOW))


def open_menu(page: Page, title: str) -> None:
    """Opens the menu of the header that holds the link with this title, if it stands in one."""
    section = next(spec.section for spec in SPECS if spec.title == title)
    for menu in ("menu-all", f"menu-{section}"):
        opener = page.locator(f"[popovertarget={menu}]")
        if opener.count() and opener.is_visible():
            opener.click()
