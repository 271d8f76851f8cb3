"""Practice in a browser: one address through Back, reload and links; in, a file, undone, thrown away, out."""

import re
from pathlib import Path

from tests.browser.conftest import Visitor
from tests.browser.harness import headline, settle

FORM = "tjanst_id;namn;verksamhet_id;malgrupp\nOVNING-1;Övningstjänsten;KSF;extern\n"
MARK = "Övning – inte de riktiga siffrorna"


def test_a_reader_practises_and_comes_back(visitor: Visitor, tmp_path: Path) -> None:
    """On a server that no test changes, and neither does this."""
    page = visitor.go("koppla")
    assert page.get_by_role("button", name="Öva", exact=True).count() == 1
    visitor.follow("Importera")
    page.get_by_role("button", name="Öva", exact=True).click()
    page.get_by_role("button", name="Släng allt").wait_for(timeout=120_000)  # the first copy of a server is built
    settle(page)
    assert "practice=" in page.url and MARK in page.locator(".stApp").inner_text()
    before = headline(visitor.follow("Koppla"))
    page.get_by_role("button", name=re.compile("^Hör inte ihop")).first.press("Enter")
    page.get_by_text("föreslås inte mer").first.wait_for()
    page.wait_for_function("() => document.activeElement.matches('[class*=st-key-rows_] button')")  # of the next row
    page.go_back()
    visitor.arrive("Importera")
    file = tmp_path / "tjanster.csv"
    file.write_text(FORM, "utf-8")
    page.locator("input[type='file']").set_input_files(file)
    page.get_by_role("button", name="Importera 1 fil").click()
    page.get_by_text("1 rad från 1 fil är importerad").first.wait_for()
    settle(page)
    visitor.follow("Koppla")
    page.reload()
    settle(page)
    assert headline(page) != before, "one more lacks an e-service"
    visitor.follow("Importera")
    page.get_by_role("button", name=re.compile(r"^Ångra import \d+ tjanster\.csv")).first.click()
    page.get_by_role("alert").filter(has_text="Tjänster: 1 rad.").wait_for()
    page.get_by_role("button", name=re.compile(r"^Ångra ändå")).click()
    page.get_by_text("är ångrad").first.wait_for()
    settle(page)
    assert headline(visitor.follow("Koppla")) == before
    page.get_by_role("button", name="Släng allt").click()
    page.get_by_role("button", name="Släng ändå").click()
    page.get_by_role("button", name="Öva", exact=True).wait_for()
    settle(page)
    assert "practice=" not in page.url
    assert MARK not in page.locator(".stApp").inner_text()  # beside it stands what was read out last
    assert "Exempeldata" in page.locator(".stApp").inner_text()
    assert not visitor.complaints
