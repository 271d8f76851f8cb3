"""A system manager's month, done in the register without a spreadsheet: each task once, its clicks and fields counted.

What they come to stands in docs/month.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from data.store import Store
from tests.browser.conftest import Visit, Visitor
from tests.browser.harness import ROOT, main_text, serve, settle, violations
from tests.data.stores import import_files, write_csv

TABLES = {
    "verksamheter": "verksamhet_id;namn\nBYGG;Bygg\nSKOL;Skolan",
    "tjanster": "tjanst_id;namn;verksamhet_id;malgrupp\nT-01;Bygglov;BYGG;extern\nT-02;Skjuts;SKOL;extern\nT-03;Skylt;BYGG;extern",
    "etjanster": "etjanst_id;namn;typ;plattform\nE-1;Lov;e-tjänst;Annan",
    "kopplingar": "tjanst_id;etjanst_id\nT-01;E-1",
    "undantag": "undantag_id;etjanst_id;typ;skal;beslutat\nU-01;E-1;annan plattform;Avtal;2026-01-01",
    "arendeantal": "tjanst_id;manad;kanal;antal\nT-01;2026-10;telefon;50\nT-01;2026-10;e-tjänst;50",
    "kostnader": "kostnad_id;datum;belopp;leverantor;text\nK-1;2026-10-01;130000;Bolaget;Årsavgift",
}
WIDE = "document.documentElement.scrollWidth"


@pytest.fixture
def manager(welcome: Visit, tmp_path: Path) -> Iterator[Visitor]:
    """A system manager at the register of a small municipality of their own."""
    store = Store(tmp_path / "store")
    import_files(store, *(write_csv(tmp_path, f"{name}.csv", lines) for name, lines in TABLES.items()))
    with serve(store.folder) as server:
        visitor = welcome(server)
        visitor.go("register")
        yield visitor
        visitor.page.close()


@dataclass
class Hand:
    """What a reader does on a page, counted."""

    page: Page
    clicks: int = 0
    fields: int = 0

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link, exact=True).first.click()
        self.clicks += 1
        settle(self.page)

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        self.clicks += 1

    def write(self, field: str, text: str) -> None:
        """Fill in a field: a click in it, which Tab can do, is not counted."""
        self.page.get_by_role("textbox", name=field, exact=True).fill(text)
        self.fields += 1

    def choose(self, field: str, option: str) -> None:
        """Open a list and click in it."""
        self.page.get_by_role("combobox", name=field, exact=True).click()
        self.page.get_by_role("option", name=option).first.click()
        self.clicks += 2
        self.page.wait_for_timeout(250)

    def tally(self, number: str) -> None:
        """Write a number in the first cell of the grid that is not a name."""
        grid = self.page.locator("[data-testid='stDataFrame']").first
        box = grid.bounding_box()
        assert box
        grid.click(position={"x": box["width"] * 0.5, "y": 52})
        self.page.keyboard.type(number)
        self.page.keyboard.press("Enter")
        self.fields += 1
        self.page.wait_for_timeout(250)

    def save(self, change: str, goals: str) -> str:
        """Show what changes, say why and save; returns the receipt, which has the focus."""
        self.press("Visa vad som ändras")
        self.page.get_by_text("Det här ändras när du sparar:").first.wait_for(timeout=60_000)
        settle(self.page)
        told = re.sub(r"\s", " ", main_text(self.page))
        assert change in told and goals in told, told
        self.write("Varför, för den som läser historiken", "Månadens rättelser")
        self.press("Spara")
        self.page.wait_for_function("() => document.activeElement.matches('.st-key-receipt')", timeout=60_000)
        settle(self.page)
        return re.sub(r"\s", " ", self.page.locator(".st-key-receipt").inner_text())


@pytest.mark.fuzz  # a minute and more
def test_a_month_without_a_spreadsheet(manager: Visitor) -> None:
    page, tasks = manager.page, {}

    def begun(task: str, path: str = "register") -> Hand:
        manager.go(path)
        tasks[task] = Hand(page)
        return tasks[task]

    hand = begun("A new service")
    hand.follow("Lägg till en tjänst")
    hand.write("Namn", "Lotteri")
    hand.choose("Verksamhet", "Bygg")
    hand.choose("Målgrupp", "extern")
    assert "Sparat: 1 ny rad." in hand.save("1 rad läggs till", "Mål 1, E-tjänster: 1 av 3 → 1 av 4")
    assert page.get_by_role("link", name="Se Våra tjänster").count() == 1

    hand = begun("Renamed")
    hand.follow("Byt namn på eller ändra en tjänst")
    hand.choose("Vilken rad", "Skylt (T-03)")
    settle(page)
    assert not violations(page), "with an open form"
    hand.write("Namn", "Skylt och vepa")
    assert "namn Skylt → Skylt och vepa" in hand.save("Tjänst T-03: namn Skylt → Skylt och vepa", "Målen ändras inte.")

    hand = begun("Moved to another department")
    hand.follow("Flytta en tjänst till en annan verksamhet")
    hand.choose("Vilken rad", "Skylt och vepa")
    settle(page)
    hand.choose("Verksamhet", "Skolan")
    hand.write("Gäller från", "2026-11-01")
    hand.save("verksamhet BYGG → SKOL", "Målen ändras inte.")

    hand = begun("Withdrawn")
    hand.follow("Avpublicera en tjänst")
    hand.choose("Vilken rad", "Skjuts (T-02)")
    settle(page)
    hand.write("Publicerad till", "2026-09-30")
    hand.save("publicerad till blir 30 september 2026", "Mål 1, E-tjänster: 1 av 4 → 1 av 3")

    hand = begun("One wrong count")
    hand.follow("Rätta ett antal")
    hand.choose("Tjänst", "Bygglov")
    hand.write("Månad", "2026-10")
    hand.choose("Kanal", "telefon")
    hand.write("Antal", "150")
    hand.save("Tjänst T-01, månad oktober 2026, kanal telefon, inskrivet av medarbetare nej: antal 50 → 150", "→")

    hand = begun("A counting week")
    page.locator("a[href*='do=weeks']").first.click()
    hand.clicks += 1
    settle(page)
    hand.choose("Vecka", "vecka")  # the first of the year
    settle(page)
    hand.tally("12")
    hand.press("Visa vad som ändras")
    page.get_by_text("Det här ändras när du sparar:").first.wait_for(timeout=60_000)
    assert "1 rad läggs till" in main_text(page)
    hand.press("Spara")
    page.wait_for_function("() => document.activeElement.matches('.st-key-receipt')", timeout=60_000)

    hand = begun("An exemption that ends", "riktlinjen")
    page.get_by_role("link", name="Lov", exact=True).first.click()
    hand.clicks += 1
    manager.arrive("Registret")
    hand.write("Gäller till", "2026-12-31")
    hand.save("Undantag U-01: gäller till blir 31 december 2026", "")

    hand = begun("A cost placed", "kostnader")
    page.locator("a[href*='do=posting']").first.click()
    hand.clicks += 1
    manager.arrive("Registret")
    hand.choose("Kostnadstyp", "fast")
    hand.save("Post K-1: kostnadstyp blir fast", "Inget mål räknas på detta.")

    assert not manager.complaints
    lines = [f"| {task} | {hand.clicks} | {hand.fields} |" for task, hand in tasks.items()]
    table = (ROOT / "docs/month.md").read_text("utf-8").splitlines()
    assert [line for line in table if re.search(r"\| \d+ \|", line)] == lines


def test_the_keyboard_and_a_phone_are_enough(manager: Visitor) -> None:
    """A service is renamed by keys alone, and the grid and a form stand on the narrowest screen."""
    page = manager.go("register?do=service&row=T-01")

    def tab_to(name: str) -> None:
        for _press in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("() => document.activeElement.ariaLabel ?? document.activeElement.innerText") == name:
                return
        raise AssertionError(f"No Tab leads to {name}")

    tab_to("Namn")
    page.keyboard.press("Control+A")
    page.keyboard.type("Lov")
    tab_to("Visa vad som ändras")
    page.keyboard.press("Enter")
    page.get_by_text("Det här ändras när du sparar:").first.wait_for(timeout=60_000)
    settle(page)
    tab_to("Varför, för den som läser historiken")
    page.keyboard.type("Nytt namn")
    tab_to("Spara")
    page.keyboard.press("Enter")
    page.get_by_text("Sparat: Tjänst T-01").wait_for(timeout=60_000)
    page.set_viewport_size({"width": 320, "height": 800})
    settle(page)
    assert page.evaluate(WIDE) <= 320
    manager.go("register?do=many&table=services")
    assert page.evaluate(WIDE) <= 320
    assert not violations(page), "with an open grid"
