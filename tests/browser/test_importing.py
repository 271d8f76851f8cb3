"""Files in, as an importer does it: from an empty template to the department's own numbers, and back."""

import csv
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from data.schema import templates
from data.schema.catalogue import datasets
from data.store import Store
from tests.browser.conftest import Visit, Visitor
from tests.browser.harness import ROOT, serve, settle, violations

PUBLISHED = ROOT / "data/sample/facts/published-services.csv"
RECORDED = ROOT / "tests/data/open-eplatform"
FAULTY = "verksamhet_id;namn\nA;Alfa\n;Utan id\nB;\n"


@pytest.fixture
def importer(welcome: Visit, example: Path, tmp_path: Path) -> Iterator[Visitor]:
    """A visitor at the import page of an installation of their own, where nothing is imported yet."""
    with serve(shutil.copytree(example, tmp_path / "store")) as server:
        visitor = welcome(server)
        visitor.go("importera")
        yield visitor
        visitor.page.close()


def drop(page: Page, *files: Path) -> None:
    """Drops files on the page."""
    page.locator("input[type='file']").set_input_files(files)
    page.get_by_text(files[-1].name).first.wait_for()
    settle(page)


def go_ahead(page: Page) -> Locator:
    """The button that imports."""
    return page.get_by_role("button", name=re.compile(r"^Importera \d+ fil"))


def filled(folder: Path) -> list[Path]:
    """The CSV templates for departments and services, filled in with the services that Sala has published."""
    with PUBLISHED.open(encoding="utf-8-sig") as file:
        names = [row["title"] for row in csv.DictReader(file, delimiter=";")]
    services = [f"T{n};{name};KSF;extern" for n, name in enumerate(names, 1)]
    rows = {"departments": ["KSF;Kommunstyrelsens förvaltning"], "services": services}
    files = []
    for code, lines in rows.items():
        header = templates.csv_template(datasets()[code]).decode("utf-8-sig").strip()
        empty = ";" * (header.count(";") - lines[0].count(";"))
        files.append(folder / f"{datasets()[code].header}.csv")
        files[-1].write_text("\n".join([header, *(line + empty for line in lines)]), "utf-8")
    return files


def is_leaving_asked_about(page: Page) -> bool:
    """Whether the browser would ask before it leaves the page for good."""
    left = "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    return bool(page.evaluate(left))


def test_a_file_with_faults_is_told_row_by_row_and_nothing_is_imported(importer: Visitor, tmp_path: Path) -> None:
    page, file = importer.page, tmp_path / "verksamheter.csv"
    file.write_text(FAULTY, "utf-8")
    assert not is_leaving_asked_about(page)
    drop(page, file)
    assert is_leaving_asked_about(page), "what is dropped is not imported"
    page.locator("body > [role=status]").filter(has_text="verksamheter.csv: 2 fel att rätta.").wait_for(
        state="attached"
    )
    assert page.locator("[aria-label*='\\\\']").count() == 0, "a name has no backslash"
    assert not violations(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Ladda ner felen (CSV)").click()
    report = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert {"3", "4"} <= {cell for line in report[1:] for cell in line}
    assert go_ahead(page).count() == 0
    assert "Exempeldata" in importer.go("").locator(".stApp").inner_text()


def test_an_answer_that_does_not_tell_its_e_service_asks_for_it(importer: Visitor, tmp_path: Path) -> None:
    page = importer.page
    drop(page, RECORDED / "getinstances-by-family.xml")
    assert go_ahead(page).count() == 0
    number = page.get_by_role("spinbutton", name=re.compile("Nummer på den e-tjänst"))
    number.fill("104")
    number.press("Enter")
    go_ahead(page).wait_for()
    settle(page)
    go_ahead(page).click()
    page.get_by_text("är importerade").first.wait_for()
    settle(page)
    with Store(tmp_path / "store").database().cursor() as cursor:
        assert cursor.execute("SELECT DISTINCT e_service_id FROM cases").fetchall() == [("oep-104",)]


def test_filled_templates_replace_the_example_data_and_undo_brings_them_back(importer: Visitor, tmp_path: Path) -> None:
    page = importer.page
    drop(page, *filled(tmp_path))
    page.get_by_role("button", name="Importera 2 filer").click()
    page.get_by_text("2 filer är importerade").first.wait_for()
    settle(page)
    overview = importer.follow("Översikt").locator(".stApp").inner_text()
    assert "Exempeldata" not in overview
    importer.follow("Importera")
    for number in (2, 1):
        page.get_by_role("button", name=re.compile(f"^Ångra import {number} ")).press("Enter")
        page.get_by_role("alert").filter(has_text=f"Det här försvinner om import {number}").wait_for()
        assert not violations(page)
        page.get_by_role("button", name=re.compile(f"^Ångra ändå {number} ")).press("Enter")
        page.get_by_text(f"Import {number} är ångrad").wait_for(timeout=120_000)  # the example data are built anew
        settle(page)
    assert "Exempeldata" in importer.follow("Översikt").locator(".stApp").inner_text()


def halted_change(store: Path) -> int:
    """The number of the process that changes the store, halted as soon as there is one."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if b"data.changer" in (process / "cmdline").read_bytes().split(b"\0") and (
                    f"DASHBOARD_STORE={store}".encode() in (process / "environ").read_bytes().split(b"\0")
                ):
                    os.kill(int(process.name), signal.SIGSTOP)
                    return int(process.name)
        time.sleep(0.01)
    raise AssertionError("no process makes the change")


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="finds the process that imports by what Linux tells"
)
@pytest.mark.parametrize("is_cancelled", [True, False])
def test_an_import_is_cancelled_by_its_button_and_goes_on_when_its_importer_leaves(
    importer: Visitor, tmp_path: Path, is_cancelled: bool
) -> None:
    page, store = importer.page, Store(tmp_path / "store")
    drop(page, *filled(tmp_path))
    go_ahead(page).click()
    process = halted_change(store.folder)
    try:
        page.get_by_text("Importerar …").wait_for()
        if is_cancelled:
            page.get_by_role("button", name="Avbryt").click()
        else:
            page.locator("nav").get_by_role("link", name="Översikt").first.click()
            page.wait_for_url(lambda url: "importera" not in url)
        page.wait_for_timeout(500)
    finally:
        os.kill(process, signal.SIGCONT)
    if is_cancelled:
        page.get_by_text("Importen avbröts. Inget ändrades.").wait_for()
        assert not store.history()
        settle(page)
        go_ahead(page).click()
        page.get_by_text("2 filer är importerade").first.wait_for()
    else:
        page.go_back()
        page.get_by_text(re.compile("^2 filer är importerade")).first.wait_for()
    assert len(store.history()) == 2


def test_the_templates_can_be_fetched_from_the_page(importer: Visitor) -> None:
    with importer.page.expect_download() as download:
        importer.page.get_by_role("button", name=re.compile("XLSX")).click()
    assert Path(download.value.path()).read_bytes() == templates.workbook_template()
