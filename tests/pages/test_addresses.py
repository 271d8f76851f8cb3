"""An address holds the view that it showed, and a link the choice of whoever follows it."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from data.store import Store
from tests.data.stores import EVENTS, import_files, write_csv
from tests.reader import Look, head, lines, tables, words

OVERVIEW, GOAL, IMPORT = "pages/follow_up/overview.py", "pages/goals/e_services.py", "pages/sources/import_files.py"
YEAR = {"from": ["2025-11"], "to": ["2026-10"]}
FOLLOW_UPS = {  # the links to the periods that a municipality follows up in
    "De senaste tolv månaderna": ("2025-11", "2026-10"),
    "Delår jan–aug 2026": ("2026-01", "2026-08"),
    "Tertial 2, maj–aug 2026": ("2026-05", "2026-08"),
    "Tertial 1, delår jan–apr 2026": ("2026-01", "2026-04"),
    "Helår 2025": ("2025-01", "2025-12"),
    "Tertial 3, sep–dec 2025": ("2025-09", "2025-12"),
    "Delår jan–aug 2025": ("2025-01", "2025-08"),
    "Tertial 2, maj–aug 2025": ("2025-05", "2025-08"),
    "Tertial 1, delår jan–apr 2025": ("2025-01", "2025-04"),
}


@pytest.fixture
def two_days(tmp_path: Path) -> Store:
    """An event imported on 2 November, another on the 5th."""
    store = Store(tmp_path / "store")
    for day in (2, 5):
        file = write_csv(tmp_path, f"{day}.csv", EVENTS, f"2026-01-0{day};Händelse {day}")
        import_files(store, file, now=datetime(2026, 11, day, 9))
    return store


def links(html: str) -> dict[str, str]:
    """The addresses of this dashboard that the links lead to, by their words."""
    found = re.findall(r'<a href="([^"#][^"]*)"[^>]*>(.*?)</a>', html)
    return {" ".join(lines(text)): unescape(href) for href, text in found if not href.startswith("http")}


def test_every_link_writes_out_both_months(store: Store, look: Look) -> None:
    app = look(store, OVERVIEW)
    for words_, href in (links(head(app)) | links(words(app))).items():
        if words_ not in FOLLOW_UPS:
            held = parse_qs(urlsplit(href).query)
            assert {end: held.get(end) for end in YEAR} == YEAR, words_
    assert 'data-asked="/" data-from="2025-11" data-to="2026-10"' in words(app)
    assert 'data-copy="./?from=2025-11&amp;to=2026-10"' in words(app)


def test_each_follow_up_is_one_link_away_and_held_against_the_year_before(store: Store, look: Look) -> None:
    app = look(store, OVERVIEW, **{"from": "2026-05", "to": "2026-08", "comparison": "previous"})
    here = {text: parse_qs(urlsplit(href).query) for text, href in links(head(app)).items() if text in FOLLOW_UPS}
    assert {text: (*held["from"], *held["to"]) for text, held in here.items()} == FOLLOW_UPS
    assert list(here) == list(FOLLOW_UPS) and not any("comparison" in held for held in here.values())
    (now,) = re.findall(r'aria-current="true">([^<]*2026)<', head(app))
    assert now == "Tertial 2, maj–aug 2026"


def test_an_earlier_last_month_keeps_twelve_months(store: Store, look: Look) -> None:
    app = look(store, GOAL, to="2026-03", stop="x")
    assert "apr 2025–mars 2026" in head(app)
    assert 'data-copy="mal-1?from=2025-04&amp;to=2026-03&amp;stop=x"' in words(app)


def test_what_an_address_cannot_choose_is_said(store: Store, look: Look) -> None:
    said = words(look(store, GOAL, department="NEJ", audience="alla", comparison="2031-01"))
    assert "Det finns ingen verksamhet ”NEJ”" in said
    for code in ("alla", "2031-01"):
        assert f"”{code}” går inte att välja här och används därför inte." in said
    assert "att välja här" not in words(look(store, GOAL, audience="all", organisation="historical", lang="sv"))


def test_a_figure_of_all_leads_to_a_list_of_all(store: Store, look: Look) -> None:
    """What is narrowed to a department says so by its name, or in an action of that department's."""
    names = {name for (name,) in store.database().cursor().sql("SELECT name FROM departments").fetchall()}
    here = links(words(look(store, OVERVIEW)))
    narrowed = {text for text, href in here.items() if "department=" in href}
    assert narrowed and narrowed <= {*names, "Se vilka månader som saknas"}
    (text, href) = next((text, href) for text, href in here.items() if re.fullmatch(r"Se de \d+ tjänsterna", text))
    held = {key: value for key, (value,) in parse_qs(urlsplit(href).query).items()}
    listed = next(table for table in tables(look(store, GOAL, **held)) if "Tjänst" in table.columns)
    assert len(listed) == int(re.findall(r"\d+", text)[0])


def test_an_earlier_day_is_shown_with_a_way_back(two_days: Store, look: Look) -> None:
    app = look(two_days, GOAL, as_of="2026-11-03", lang="en")
    assert "This is what was known on 3 November 2026." in head(app)
    here = links(head(app))
    assert "as_of" not in here["Show what is known today"]
    assert "as_of=2026-11-03" in here["Costs"]
    assert "what was known on 3 November 2026 · data up to Nov 2026" in " ".join(lines(words(app)))
    refused = look(two_days, IMPORT, as_of="2026-11-03", lang="en")
    assert "The figures are changed on this page" in words(refused) and not refused.get("file_uploader")
    assert "what was known" not in words(look(two_days, GOAL, lang="en"))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("i går", "”i går” är ingen dag. Skriv den som 2026-03-01."),
        ("20260301", "”20260301” är ingen dag. Skriv den som 2026-03-01."),
        ("2026-12-24", "Den 2026-12-24 har inte varit än, så det finns inget att visa."),
        ("2020-01-01", "Den 2020-01-01 fanns ingen gällande import."),
    ],
)
def test_a_day_that_cannot_be_shown_is_no_other_day(day: str, said: str, store: Store, look: Look) -> None:
    app = look(store, GOAL, as_of=day, department="BUF", visa="bildspel")
    text = words(app)
    assert "<h1>Den dagen går inte att visa</h1>" in text and said in text
    assert (
        "as_of" not in links(text)["Visa vad vi vet i dag"] and "department=BUF" in links(text)["Visa vad vi vet i dag"]
    )
    assert not tables(app) and "as_of" not in head(app)


def test_services_are_chosen_by_their_codes(store: Store, look: Look) -> None:
    """The goal is that of the services with the code; the choice stands in the row, under the headline and in every link."""
    register = {row[0]: row[1:] for row in store.database().cursor().sql(
        "SELECT service_id, sdg_code, process_code, department_id FROM services WHERE published_to IS NULL"
    ).fetchall()}  # fmt: skip
    chosen = [codes for codes in register.values() if codes[0] == "X1" and codes[1] == "3.2.2"]
    app = look(store, GOAL, sdg_code="X1", process_code="3.2.2")
    assert f"av {len(chosen)} tjänster" in words(app) and 0 < len(chosen) < 10
    assert "<span>X1, 3.2.2</span>" in head(app)
    assert "Hela kommunen · SDG-kod X1 · KLASSA-kod 3.2.2 · " in words(app)
    assert "sdg_code=X1&process_code=3.2.2" in links(head(app))["Kostnader"]
    app = look(store, "pages/follow_up/costs.py", sdg_code="X1")
    costs = words(app)
    assert "<span>SDG-kod X1</span>" in head(app)
    assert "Filtret Tjänster påverkar inte de här siffrorna." in costs


def test_codes_that_no_service_has_together_choose_none(store: Store, look: Look) -> None:
    said = words(look(store, GOAL, sdg_code="X1", process_code="3.7.5", life_event="Finns inte"))
    assert "Ingen tjänst i urvalet är publicerad" in said and "”Finns inte” går inte att välja här" in said


def test_without_codes_there_is_no_such_filter(small_store: Callable[..., Store], look: Look) -> None:
    plain = small_store({
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Bygglov;A;extern\n",
    })  # fmt: skip
    assert "filter-audience" in head(look(plain, GOAL)) and "filter-services" not in head(look(plain, GOAL))
