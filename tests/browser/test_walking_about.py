"""Addresses, Back, the keyboard and paper."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, Visitor
from tests.browser.harness import HIDDEN, PAGES, SPECS, Theme, headline, main_text, serve, settle, violations

CHOSEN = "?from=2025-01&to=2025-12&audience=external"
YEAR = {"from": ["2025-11"], "to": ["2026-10"]}  # what is shown where nothing is chosen
LISTED = {path: title for path, title in PAGES.items() if path not in HIDDEN}
FOCUSED = (
    "() => document.activeElement.innerText.trim().split('\\n').at(-1)"  # the last line: before it stands what is heard
)
SHOWN = "span:last-child"  # of a filter: its choice
UNFOLDED = """() => {
    for (const fold of document.querySelectorAll('.stExpander summary')) fold.click();
    return document.getAnimations().map(motion => motion.effect.target.className);
}"""
MOVING = """() => [...document.querySelectorAll('body *')]
    .filter(e => ((style) => style.animationName !== 'none' || parseFloat(style.transitionDuration))(getComputedStyle(e)))
    .map(e => e.className)"""


def query(page: Page) -> dict[str, list[str]]:
    """The choices in the address."""
    return parse_qs(urlsplit(page.url).query)


def test_a_choice_follows_along(visitor: Visitor) -> None:
    """From page to page; that an address opened cold shows the same is for test_finding_the_way."""
    visitor.go("definitioner" + CHOSEN)
    for path, title in LISTED.items():
        walked = visitor.follow(title)
        assert query(walked) == parse_qs(CHOSEN[1:]), title
        assert urlsplit(walked.url).path.strip("/") == path


@pytest.mark.parametrize("path", ["", "nasta-steg", "kostnader", "importera"])
def test_a_page_that_is_walked_to_and_one_from_a_deep_link_are_the_same(
    path: str, welcome: Visit, visitor: Visitor, server: str
) -> None:
    visitor.go("definitioner" + CHOSEN)
    walked = main_text(visitor.follow(PAGES[path]))
    newcomer = welcome(server)
    assert main_text(newcomer.go(path + CHOSEN)) == walked
    newcomer.page.close()


def test_where_the_navigation_does_not_fit_all_of_it_is_in_one_menu(welcome: Visit, server: str) -> None:
    visitor = welcome(server, width=768)
    page = visitor.go("")
    page.get_by_role("button", name="Meny", exact=True).click()
    assert page.locator("#menu-all a").all_inner_texts() == list(LISTED.values())
    page.locator("#menu-all").get_by_role("link", name="Våra tjänster", exact=True).click()
    assert headline(visitor.arrive("Våra tjänster"))
    page.get_by_role("button", name="Meny", exact=True).click()
    assert page.locator("#menu-all [aria-current=page]").inner_text() == "Våra tjänster"
    visitor.page.close()


def test_a_choice_changes_the_page(visitor: Visitor) -> None:
    everything = main_text(visitor.go("kostnader"))
    assert main_text(visitor.go("kostnader?from=2025-01&to=2025-03")) != everything


def test_an_address_with_nonsense_is_no_error(visitor: Visitor) -> None:
    page = visitor.go("finns-inte?department=ingen&audience=x&from=igår&to=2099-01&comparison=!&lang=xx")
    assert page.locator("[data-testid='stException'], [data-testid='stAlert']").count() == 0
    assert headline(page)
    assert "Sidan finns inte. Översikten visas i stället." in page.get_by_role("dialog").inner_text()
    assert page.locator(".notice").all_inner_texts()[:3] == [
        "Det finns ingen verksamhet ”ingen”, så den används inte.",
        "”igår” är ingen månad, så en annan visas.",
        "Inget är rapporterat för 2099-01. En annan månad visas.",
    ]


def test_back_and_forward_and_reload(visitor: Visitor) -> None:
    first = headline(visitor.go(""))
    second = headline(visitor.follow("Kostnader"))
    visitor.page.go_back()
    assert headline(visitor.arrive("Översikt")) == first
    visitor.page.go_forward()
    assert headline(visitor.arrive("Kostnader")) == second
    visitor.page.reload()
    settle(visitor.page)
    assert headline(visitor.page) == second


def test_the_keyboard_reaches_navigation_and_filters(visitor: Visitor) -> None:
    page = visitor.go("")
    in_line = [spec.title for spec in SPECS if spec.section == ""]
    shown = [
        page.locator(f"#filter-{key} {SHOWN}").inner_text()
        for key in ("department", "audience", "services", "period", "comparison")
    ]
    reached = []
    for _ in range(1 + len(in_line) + 2 + len(shown)):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    assert reached == ["Till innehållet", *in_line, "Att göra", "Underlag", *shown]


def test_the_keyboard_skips_to_the_content(visitor: Visitor) -> None:
    page = visitor.go("")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.frame')")


def test_a_menu_opens_by_keyboard_and_gives_the_focus_back(visitor: Visitor) -> None:
    page = visitor.go("")
    page.get_by_role("button", name="Att göra", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Åtgärder"
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "Att göra"
    page.keyboard.press("Enter")
    for _ in range(page.locator(":popover-open a").count() + 1):
        assert page.locator(":popover-open").count() == 1
        page.keyboard.press("Tab")
    assert page.locator(":popover-open").count() == 0  # it would lie over what has the focus
    page.get_by_role("button", name="Att göra", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    visitor.arrive("Åtgärder")
    page.wait_for_function("() => document.activeElement.id === 'content'")
    assert page.get_by_role("button", name="Att göra", exact=True).get_attribute("aria-current") == "true"


def test_a_word_is_explained_where_it_stands(visitor: Visitor) -> None:
    page = visitor.go("datakvalitet")
    words = page.locator("button.word")
    words.first.wait_for()
    marked = words.evaluate_all("words => words.map(word => word.dataset.word)")
    assert len(marked) == len({*marked}) > 3
    word = page.locator("button.word[data-word=words-fully_reported]")
    word.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name="Vad ordet betyder")
    assert "när alla kanaler vi känner till" in box.inner_text()
    assert page.evaluate("document.activeElement.id") == "explained"
    assert not violations(page)
    page.keyboard.press("Escape")
    assert box.count() == 0 and word.evaluate("word => word === document.activeElement")
    word.click()
    box.get_by_role("link", name="Alla ord").click()
    visitor.arrive("Definitioner")
    assert page.locator("#word-words-fully_reported[open]").is_visible()


@pytest.mark.parametrize("width", [1440, 320])
def test_what_opens_lies_on_the_screen(welcome: Visit, server: str, width: int) -> None:
    visitor = welcome(server, width=width)
    page = visitor.go("")
    openers = page.locator(".frame [popovertarget]:visible")
    assert openers.count() >= 5
    for i in range(openers.count()):
        openers.nth(i).click()
        panel = page.locator(":popover-open")
        assert panel.count() == 1
        box = panel.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
    visitor.page.close()


def test_filters_put_codes_into_the_address_keep_the_rest_and_go_back(visitor: Visitor) -> None:
    page = visitor.go("tjanster?stop=handling")
    department, audience = page.locator(f"#filter-department {SHOWN}"), page.locator(f"#filter-audience {SHOWN}")
    assert department.inner_text() == "Alla verksamheter"
    department.click()
    page.get_by_label("Barn och utbildning", exact=True).check()
    page.get_by_label("Kultur och fritid", exact=True).check()
    page.locator("#panel-department").get_by_role("button", name="Visa").click()
    page.wait_for_url(re.compile("department="))
    settle(page)
    assert department.inner_text() == "2 verksamheter"
    assert page.evaluate("document.activeElement.id") == "filter-department"
    audience.click()
    page.get_by_role("link", name="Extern", exact=True).click()
    page.wait_for_url(re.compile("audience=external"))
    settle(page)
    assert query(page) == {"stop": ["handling"], "department": ["BUF", "KFF"], "audience": ["external"], **YEAR}
    told = page.locator("body > [role=status]").filter(has_text=str(page.locator(".chosen").text_content()))
    told.wait_for(state="attached")  # what it has come to is read out
    assert "changed" in str(page.locator("#filter-audience").get_attribute("class"))
    page.go_back()
    page.wait_for_url(lambda url: "audience" not in url)
    settle(page)
    assert audience.inner_text() == "Alla målgrupper"
    assert department.inner_text() == "2 verksamheter"
    department.click()
    page.get_by_label("Kultur och fritid", exact=True).uncheck()
    page.keyboard.press("Escape")  # drops it
    department.click()
    page.get_by_label("Kultur och fritid", exact=True).uncheck()
    page.locator("h1").click(position={"x": 600, "y": 5})  # whoever leaves has chosen
    page.wait_for_url(lambda url: "KFF" not in url)
    settle(page)
    assert department.inner_text() == "Barn och utbildning"
    page = visitor.go("mal-2?definition=digital_submission_with_email#other-definitions")
    assert 0 <= page.evaluate("document.getElementById('other-definitions').getBoundingClientRect().top") < 900
    assert page.locator("body > [role=status]").text_content() == ""
    visitor.follow("Mål 1 E-tjänster")
    assert page.locator("body > [role=status]").text_content() == ""  # nothing of the page before


def test_a_period_that_ends_before_it_begins_is_put_right(visitor: Visitor) -> None:
    page = visitor.go("")
    page.locator("#filter-period").click()
    page.locator("select[name=to]").select_option("2026-03")
    assert page.locator("select[name=from]").input_value() == "2025-04"  # twelve months stay twelve
    page.locator("select[name=from]").select_option("2026-10")
    page.locator("select[name=to]").select_option("2026-01")
    page.locator("#panel-period").get_by_role("button", name="Visa").click()
    page.wait_for_url(re.compile("from=2026-10"))
    settle(page)
    assert page.locator(f"#filter-period {SHOWN}").inner_text() == "jan 2026–okt 2026"
    assert page.locator(".notice").inner_text() == "Perioden slutade innan den började, så månaderna har bytt plats."
    assert page.locator(".head a").nth(1).get_attribute("href") == "mal-1?from=2026-01&to=2026-10"


def test_a_view_is_copied_as_an_address_with_its_months(visitor: Visitor) -> None:
    page = visitor.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.go("mal-1?department=BUF")
    assert query(page) == {"department": ["BUF"], **YEAR}
    page.get_by_role("button", name="Kopiera länk till den här vyn").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Länken är kopierad").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (urlsplit(copied).path, parse_qs(urlsplit(copied).query)) == ("/mal-1", query(page))


def test_pictures_follow_what_the_reader_has_set(visitor: Visitor) -> None:
    page = visitor.go("mal-2")
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector(".frame[data-theme=dark]")
    page.emulate_media(forced_colors="active")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for mark in (".bullet-bar", ".stack .shade", ".outlook i.now", ".dots .dot"):
        assert page.locator(mark).first.evaluate("e => getComputedStyle(e).backgroundColor") != ground, mark
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(UNFOLDED) == [], "what Streamlit's scripts move"
    assert page.evaluate(MOVING) == []
    assert page.locator(".stExpander details[open]").count()


def test_the_overview_fits_a_desk_and_the_goals_a_phone(visitor: Visitor) -> None:
    page = visitor.go("")
    ends = """what => [...document.querySelectorAll(what)].filter(e => e.checkVisibility())
        .map(e => e.getBoundingClientRect().bottom)"""
    goals, actions = (page.evaluate(ends, what) for what in (".goal", ".action"))
    assert (len(goals), len(actions)) == (3, 3)
    assert max(goals) < max(actions) <= 900
    assert page.evaluate("document.querySelector('.stMain').scrollHeight") <= 2600
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(f"() => Math.max(...({ends})('.goal')) <= 844")


def test_the_keyboard_follows_a_link(visitor: Visitor) -> None:
    page = visitor.go("")
    page.get_by_role("link", name="Kostnader", exact=True).first.focus()
    page.keyboard.press("Enter")
    assert headline(visitor.arrive("Kostnader"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paper_is_white_and_without_controls(welcome: Visit, server: str, theme: Theme) -> None:
    visitor = welcome(server, theme=theme)
    page = visitor.go("")
    page.emulate_media(media="print", color_scheme=theme)
    assert not page.locator(".frame").is_visible()
    assert not page.locator("[data-testid='stHeader']").is_visible()
    ground = page.locator("[data-testid='stApp']").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    for part in ("h1", ".goal-number", ".datatable tbody th", ".datatable td b"):
        ink = page.locator(part).first.evaluate("e => getComputedStyle(e).color")
        assert max(map(int, re.findall(r"\d+", ink)[:3])) < 100, part
    assert page.locator("[data-testid='stMain']").evaluate("e => e.scrollHeight <= e.clientHeight + 1"), "cut"
    visitor.page.close()


def test_paper_has_what_the_reader_opened_and_all_of_its_rows(visitor: Visitor) -> None:
    page = visitor.go("mal-1")
    fold = page.locator(".stExpander:has(.datatable)").first
    rows = fold.locator(".datatable tbody tr")
    fold.locator("summary").click()
    settle(page)
    assert rows.count() == 10
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".stExpander:visible").count() == 1 < page.locator(".stExpander").count()
    assert fold.locator(".datatable").is_visible() and fold.locator("summary").is_visible()
    assert rows.count() == 12
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert rows.count() == 10


def test_a_deep_link_is_the_first_thing_a_new_installation_serves(welcome: Visit, tmp_path: Path) -> None:
    with serve(tmp_path / "store") as server:
        visitor = welcome(server)
        page = visitor.go("kostnader" + CHOSEN)
        assert page.title().startswith("Kostnader")
        assert query(page) == parse_qs(CHOSEN[1:])
        assert page.get_by_role("link", name="Översikt", exact=True).count()
        visitor.page.close()
