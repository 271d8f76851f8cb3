"""A ledger that no reader knows, as an importer meets it: mapped once, and read at once the next month."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, Visitor
from tests.browser.harness import main_text, serve, settle, violations
from tests.browser.test_importing import drop, go_ahead

LEDGER = """Huvudbok;Sala kommun

Vernr;Bokfört;Summa;Utbetalt till;Notering
A1;2026-0{m}-14;-12 500,00;Plattformsbolaget AB;Årsavgift
A2;2026-0{m}-20;-1 234,50;SMS-bolaget AB;SMS
"""
CUT = """() => [...document.querySelectorAll('label p')].filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => e.innerText)"""
MAPPED = "Läses som Kostnader enligt kolumnvalen från"


@pytest.fixture
def importer(welcome: Visit, example: Path, tmp_path: Path) -> Iterator[Visitor]:
    """A visitor with a phone at the import page of an installation of their own."""
    with serve(shutil.copytree(example, tmp_path / "store")) as server:
        visitor = welcome(server, width=320)
        visitor.go("importera")
        yield visitor
        visitor.page.close()


def ledger(folder: Path, month: int) -> Path:
    """The ledger of a month."""
    file = folder / f"bok-{month}.csv"
    file.write_text(LEDGER.format(m=month), "utf-8")
    return file


def choose(page: Page, column: str, header: str) -> None:
    """Choose with the keyboard alone which column of the file is read as a column of the table."""
    option = page.get_by_role("option", name=header, exact=True)
    for _attempt in range(5):
        page.get_by_role("combobox", name=column, exact=True).focus()
        page.keyboard.type(header)
        page.wait_for_timeout(1000)
        if option.count():
            break
        page.keyboard.press("Escape")  # the page was drawn anew just then, and the list closed
        settle(page)
    page.keyboard.press("Enter")
    settle(page)


def carry_out(page: Page) -> None:
    go_ahead(page).click()
    page.get_by_text("är importerade").first.wait_for()
    settle(page)


def test_a_ledger_is_mapped_once_and_read_at_once_the_next_month(importer: Visitor, tmp_path: Path) -> None:
    page = importer.page
    drop(page, ledger(tmp_path, 3))
    assert "Filen har egna rubriker och ser ut att vara Kostnader" in main_text(page)
    assert go_ahead(page).count() == 0, "a guess is not imported before somebody says so"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_text("kolumner till").click()
    page.get_by_role("combobox", name="Leverantör", exact=True).wait_for()
    settle(page)
    assert page.evaluate(CUT) == []
    assert not violations(page)
    choose(page, "Leverantör", "Utbetalt till")
    page.get_by_text("Byt plus och minus i belopp").click()
    settle(page)
    rows = page.get_by_role("region", name="De första raderna i bok-3.csv").locator("tbody tr")
    first = re.sub(r"\s", " ", rows.first.inner_text())
    assert "2026-03-14" in first and " 12 500,00" in first and "Plattformsbolaget AB" in first
    assert "13 734,50 i belopp" in re.sub(r"[^\S\n]", " ", main_text(page))
    page.get_by_text("Ta med båda raderna").click()
    settle(page)
    carry_out(page)
    drop(page, ledger(tmp_path, 4))
    assert MAPPED in main_text(page)
    carry_out(page)
    drop(page, ledger(tmp_path, 5))
    page.get_by_role("button", name=re.compile("Ta bort de sparade kolumnvalen för")).click()
    page.get_by_text("Filen har egna rubriker").wait_for()
    settle(page)
    assert MAPPED not in main_text(page)
    assert not importer.complaints
