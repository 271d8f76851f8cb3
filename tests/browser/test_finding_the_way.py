"""From a picture, a row or a sentence to what lies behind it: by mouse, by keyboard, cold from an address, as a file."""

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page
from python_calamine import CalamineWorkbook

from tests.browser.conftest import Visit, Visitor
from tests.browser.harness import headline, main_text, settle, violations

VIEWS = (
    "?department=VOF&audience=external&from=2025-01&to=2025-06&comparison=previous",
    "tjanster?stop=handling&department=BUF",
    "tjanst?service=T-021&from=2026-01",
    "kostnader?payer=VOF&cost_type=other",
    "varfor?goal=2&from=2026-01",
    "tank-om?new=T-022&share=60&since=2027-02",
    "mal-1?lang=en",
)
LINK = "a[*|href*='department=']"
TOP = "document.querySelector('.stMain').scrollTop"


def query(page: Page) -> dict[str, list[str]]:
    """The choices in the address."""
    return parse_qs(urlsplit(page.url).query)


def mark(page: Page) -> None:
    """Leaves a mark that a load of the whole dashboard would wipe out."""
    page.evaluate("window.notLoadedAnew = true")


def unloaded(page: Page) -> bool:
    """Whether the mark is still there."""
    return bool(page.evaluate("window.notLoadedAnew === true"))


def arrive(page: Page, wanted: str) -> None:
    """Returns when the address holds what is wanted and the page is drawn."""
    page.wait_for_url(re.compile(re.escape(wanted)))
    settle(page)


def test_a_department_leads_to_its_heads_page_and_back(visitor: Visitor) -> None:
    page = visitor.go("")
    first = headline(page)
    mark(page)
    page.locator(f".datatable th {LINK}").first.click()
    arrive(page, "department=")
    assert unloaded(page) and urlsplit(page.url).path == "/tjanster"
    chosen = page.locator("#filter-department span:last-child").inner_text()
    assert page.title().startswith(f"Våra tjänster – {chosen} – ")
    assert chosen == str(page.locator(".chosen").text_content()).split(" · ")[0]
    page.go_back()
    page.wait_for_url(lambda url: "department" not in url)
    settle(page)
    assert headline(page) == first


def test_a_department_on_a_goals_page_narrows_it_by_keyboard(visitor: Visitor) -> None:
    page = visitor.go("mal-1")
    mark(page)
    page.locator(f".datatable th {LINK}").first.focus()
    page.keyboard.press("Enter")
    arrive(page, "department=")
    assert urlsplit(page.url).path == "/mal-1"
    assert unloaded(page)


@pytest.mark.parametrize("path", ["", "mal-1"])
def test_the_whole_stands_in_the_scale_over_its_line(visitor: Visitor, path: str) -> None:
    page = visitor.go(path)
    middle = "e => { const box = e.getBoundingClientRect(); return box.left + box.width / 2; }"
    table = page.locator(".datatable:has(td.dots)").first
    said = [scale.evaluate(middle) for scale in table.locator("th .dots-scale > b").all()]
    drawn = [line.evaluate(middle) for line in table.locator("tbody tr").first.locator("td.dots .ref").all()]
    assert len(said) == len(drawn) > 0
    assert max(abs(a - b) for a, b in zip(said, drawn, strict=True)) < 2


def map_open(page: Page) -> Locator:
    """The heat map, with the fold that it lies in open."""
    heat = page.locator("table.heat")
    if not heat.is_visible():
        page.locator(".stExpander").filter(has=heat).locator("summary").click()
    heat.wait_for()
    return heat


def test_a_department_in_a_heat_map_narrows_and_the_filter_does_the_same(visitor: Visitor) -> None:
    page = visitor.go("mal-3")
    link = map_open(page).locator(LINK).first
    name = link.inner_text()
    link.click()
    arrive(page, "department=")
    map_open(page)
    by_link = main_text(page)
    visitor.go("mal-3")
    page.locator("#filter-department").click()
    page.get_by_label(name, exact=True).check()
    page.locator("#panel-department").get_by_role("button").click()
    arrive(page, "department=")
    map_open(page)
    assert main_text(page) == by_link


def test_advice_leads_to_what_it_speaks_of_without_loading_anew(visitor: Visitor) -> None:
    page = visitor.go("")
    mark(page)
    link = page.locator(".action a").first
    wanted = urlsplit(str(link.get_attribute("href")))
    link.click()
    arrive(page, wanted.path)
    assert unloaded(page)
    assert wanted.fragment and page.evaluate("document.activeElement.id") == wanted.fragment
    page.keyboard.press("Tab")
    part = page.locator(f"#{wanted.fragment}")
    assert part.evaluate("e => e.compareDocumentPosition(document.activeElement)") == 4  # goes on from there


def test_the_name_of_a_row_is_a_link_to_its_service(visitor: Visitor) -> None:
    page = visitor.go("tjanster")
    mark(page)
    name = page.locator(".datatable tbody th a").last
    named = name.inner_text()
    name.scroll_into_view_if_needed()
    stood = page.evaluate(TOP)
    name.click()
    arrive(page, "service=")
    assert page.title().startswith(f"En tjänst – {named} – ") and headline(page).startswith(named)
    assert unloaded(page)
    assert stood > page.evaluate(TOP) == 0
    page.go_back()
    visitor.arrive("Våra tjänster")
    assert (page.evaluate(TOP), page.evaluate("document.activeElement.innerText")) == (stood, named)
    page.reload()
    settle(page)
    assert page.evaluate(TOP) == stood
    mark(page)
    page.locator(".datatable tbody th a").nth(1).focus()
    page.keyboard.press("Enter")
    arrive(page, "service=")
    assert unloaded(page) and not headline(page).startswith(named)


def names(page: Page) -> list[str]:
    """The names of the rows that stand in the first table."""
    return page.locator(".datatable").first.locator("tbody th a").all_inner_texts()


def test_a_table_sorts_searches_and_shows_all_of_its_rows(visitor: Visitor) -> None:
    page = visitor.go("tjanster")
    table = page.locator(".datatable").first
    first = names(page)
    assert len(first) == 10
    table.get_by_role("button", name="Visa alla").click()
    every = names(page)
    assert len(every) > 90 and every[:10] == first
    head = table.get_by_role("columnheader", name="Tjänst", exact=True)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert names(page) == page.evaluate("names => names.sort(new Intl.Collator('sv', {numeric: true}).compare)", every)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    table.get_by_role("searchbox", name="Sök i tabellen").fill("bygglov")
    found = names(page)
    assert found and all("bygglov" in name.lower() for name in found) and len(found) < 10
    assert table.get_by_role("status").inner_text() == f"{len(found)} av {len(every)} rader"
    page.locator(".datatable tbody th a").first.click()
    arrive(page, "service=")
    page.go_back()
    settle(page)
    assert names(page) == found  # what was chosen is kept
    table.get_by_role("searchbox").fill("")
    head.get_by_role("button").click()  # a third time: the first order
    table.get_by_role("button", name="Visa de första").click()
    assert names(page) == first


def test_by_keyboard_alone_from_the_overview_to_one_service_and_back(visitor: Visitor) -> None:
    page = visitor.go("")
    tab_to(page, "Att göra")
    page.keyboard.press("Enter")
    tab_to(page, "Våra tjänster")
    page.keyboard.press("Enter")
    visitor.arrive("Våra tjänster")
    tab_to(page, "Sök i tabellen")
    page.keyboard.type("Kulturskolan, kurser")
    tab_to(page, "Kulturskolan, kurser")
    page.keyboard.press("Enter")
    visitor.arrive("En tjänst")
    assert query(page)["service"] == ["T-021"]
    assert headline(page).startswith("Kulturskolan")
    page.go_back()  # Alt and the left arrow are the browser's own, and never reach a page
    visitor.arrive("Våra tjänster")
    tab_to(page, "Översikt")
    page.keyboard.press("Enter")
    visitor.arrive("Översikt")


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the part with this name has the focus, and checks that the focus is seen."""
    told = (
        "() => { const e = document.activeElement;"
        " return (e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || '').trim(); }"
    )
    for _ in range(150):
        page.keyboard.press("Tab")
        if re.match(rf"{name}(\W|$)", page.evaluate(told)) and len(page.evaluate(told)) < 100:
            break
    else:
        raise AssertionError(f"Tab never reaches {name}")
    assert page.evaluate("document.activeElement.matches(':focus-visible')")


@pytest.fixture(scope="module")
def walker(welcome: Visit, server: str) -> Iterator[Page]:
    """The page of a visitor who has come and goes on from view to view."""
    visitor = welcome(server)
    yield visitor.go("definitioner")
    visitor.page.close()


@pytest.mark.parametrize("view", VIEWS)
def test_an_address_opened_cold_shows_the_same_view(view: str, welcome: Visit, walker: Page, server: str) -> None:
    start, wanted = walker, urlsplit(view)
    start.evaluate(
        "to => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }", f"/{view}"
    )
    arrive(start, view)
    newcomer = welcome(server)
    cold = newcomer.go(view)
    assert main_text(cold) == main_text(start)
    assert urlsplit(cold.url).path.strip("/") == wanted.path
    assert query(cold) | parse_qs(wanted.query) == query(cold)
    assert {"from", "to"} <= query(cold).keys()
    if "lang=en" in view:
        assert cold.locator(".datatable th [lang=sv], .stack [lang=sv]").count() > 10
        assert not violations(cold)
    newcomer.page.close()


def downloaded(page: Page, label: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(".st-key-downloads-lacking").get_by_role("button", name=label).click()
    return waiting.value.path().read_bytes()


def test_a_table_comes_along_as_a_file_that_says_what_it_is(visitor: Visitor) -> None:
    page = visitor.go("mal-1?department=BMF&from=2026-01&to=2026-06")
    told = list(
        csv.reader(io.StringIO(downloaded(page, "Ladda ner CSV").decode("utf-8-sig"), newline=""), delimiter=";")
    )
    head = {row[0]: row[1] for row in told[: told.index([])]}
    assert head["Tabell"] == "Tjänster utan e-tjänst"
    assert head["Urval"].startswith("Bygg och miljö Sala Heby · jan 2026–juni 2026 · jämfört med")
    assert head["Datum"] == "2026-11-02"
    assert head["Obs"].startswith("Exempeldata")
    assert "version" in head["Definition"]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(downloaded(page, "Ladda ner Excel"))).get_sheet_by_index(0)
    rows = sheet.to_python()
    top = next(i for i, row in enumerate(rows) if row[0] == told[told.index([]) + 1][0])
    assert [row[0] for row in rows[top + 1 :]] == [row[0] for row in told[told.index([]) + 2 :]]
