"""The website against the registers, on a few pages that can be checked by hand, and on the example data a second, dumber way."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from analytics.metrics.scope import Scope
from analytics.quality import website_coverage
from analytics.registers import web_readings
from data.store import Store

Make = Callable[..., Store]
SAMPLE = Path(__file__).parents[3] / "data/sample"
MARCH, OCTOBER = date(2026, 3, 2), date(2026, 10, 5)
NOW = Scope(date(2026, 10, 1), date(2026, 10, 1))

TABLES = {
    "departments": "verksamhet_id;namn;overordnad_id\nSKOL;Skolkontoret;\nTEK;Tekniska kontoret;\n",
    "services": """tjanst_id;namn;verksamhet_id;malgrupp;adress;publicerad_fran;publicerad_till
T1;Plats i förskola;SKOL;extern;https://www.sala.se/barn/forskola;;
T2;Skolskjuts;SKOL;extern;https://sala.se/barn/skjuts/?ret=x;;
T3;Grävtillstånd;TEK;extern;http://sala.se/gata/grava;;
T4;Nycklar;TEK;intern;;;
T5;Trädfällning;TEK;extern;https://sala.se/gata/trad;;
T6;Vigsel;TEK;extern;https://sala.se/vigsel;;2026-06-30
T7;Parkering;TEK;extern;https://sala.se/gata/parkering;;
T8;Bostadsbidrag;TEK;extern;https://annan.se/bidrag;;
""",
    "e_services": """etjanst_id;namn;typ;lanserad;avvecklad;adress;kortadress
E1;Förskola;e-tjänst;2025-01-01;;https://e.sala.se/oversikt/overview/1;
E2;Ensam;e-tjänst;2025-01-01;;https://e.sala.se/oversikt/overview/2;
E3;Länkad från en sida;e-tjänst;2025-01-01;;https://e.sala.se/oversikt/overview/3;https://e.sala.se/kort
E4;Slutat;e-tjänst;2025-01-01;2026-01-31;https://e.sala.se/oversikt/overview/4;
E5;Med sin rubrik;e-tjänst;2025-01-01;;;
B3;Gräva;blankett;2025-01-01;;;
""",
    "links": "tjanst_id;etjanst_id;hor_ihop\nT1;E1;ja\nT3;B3;ja\n"
    + "".join(f"T{i};{e};nej\n" for i in range(1, 9) for e in ("E2", "E3", "E5")),
    "web_pages": """webbplats;sedd;adress;titel;leder_till
www.sala.se;2026-03-02;https://www.sala.se/barn/forskola;Förskola;
sala.se;2026-03-02;https://sala.se/barn/skjuts;Skolskjuts;
sala.se;2026-03-02;https://sala.se/gata/grava;Grävtillstånd;blankett
sala.se;2026-03-02;https://sala.se/gata/trad;Trädfällning;
sala.se;2026-03-02;https://sala.se/fest;Fest – Anmälan;
sala.se;2026-10-05;http://sala.se/barn/forskola/;Förskola;blankett
sala.se;2026-10-05;https://sala.se/barn/skjuts;Skolskjuts;
sala.se;2026-10-05;https://sala.se/gata/grava;Grävtillstånd;blankett
sala.se;2026-10-05;https://sala.se/flyttad;PARKERING;
sala.se;2026-10-05;https://sala.se/vigsel;Vigsel;
sala.se;2026-10-05;https://sala.se/kolonilott;Kolonilott;blankett
sala.se;2026-10-05;https://sala.se/om/nyheter;Nyheter;
sala.se;2026-10-05;https://sala.se/felanmalan-gatubelysning;;
sala.se;2026-10-05;https://sala.se/med-sin-rubrik.html;;
e.sala.se;2026-10-05;https://e.sala.se/kort/;Tredje;e-tjänst
intranat;2026-10-05;https://intranat/nycklar;Nycklar;
""",
    "sightings": """installation;sedd;etjanst_id
oep;2026-03-02;E1
oep;2026-03-02;E4
oep;2026-10-05;E1
oep;2026-10-05;E2
""",
}


@pytest.fixture
def small(small_store: Make) -> Iterator[duckdb.DuckDBPyConnection]:
    with small_store(TABLES).database().cursor() as cursor:
        yield cursor


def test_the_latest_reading_of_each_website(small: duckdb.DuckDBPyConnection) -> None:
    found = {one.site: one for one in web_readings.website_readings(small)}
    assert found["sala.se"] == web_readings.WebsiteReading("sala.se", OCTOBER, 9, MARCH, 5)
    assert set(found) == {"sala.se", "e.sala.se", "intranat"}
    assert not found["sala.se"].has_shrunk and web_readings.WebsiteReading("x", OCTOBER, 2, MARCH, 5).has_shrunk


def test_a_page_finds_its_service_by_address_and_then_by_name(small: duckdb.DuckDBPyConnection) -> None:
    of = {p.url: (p.services, p.e_services) for p in web_readings.web_pages(small)}
    assert of["http://sala.se/barn/forskola/"] == (("T1",), ())  # by its address, though an e-service has its title
    assert of["https://sala.se/flyttad"] == (("T7",), ())
    assert of["https://intranat/nycklar"] == (("T4",), ())
    assert of["https://e.sala.se/kort/"] == ((), ("E3",))
    assert of["https://sala.se/med-sin-rubrik.html"] == ((), ("E5",))
    assert "https://sala.se/om/nyheter" not in of


def test_what_is_published_and_in_no_register(small: duckdb.DuckDBPyConnection) -> None:
    found = {p.url: p.evidence for p in website_coverage.in_no_register(small)}
    assert found == {
        "https://sala.se/felanmalan-gatubelysning": "words",
        "https://sala.se/kolonilott": "offers",
        "https://sala.se/vigsel": None,  # in the register, as no longer published
    }


def test_pages_that_lie_among_services_look_like_services(small_store: Make) -> None:
    services = "".join(f"S{n};Tjänst {n};SKOL;extern;https://sala.se/tjanst/{n};;\n" for n in range(3))
    seen = "".join(
        f"sala.se;2026-10-05;https://sala.se/{place};;\n"
        for place in ("tjanst/0", "tjanst/1", "tjanst/2", "tjanst/9", "om/9")
    )
    tables = TABLES | {"services": TABLES["services"] + services, "web_pages": TABLES["web_pages"] + seen}
    with small_store(tables).database().cursor() as cursor:
        found = {p.url: p.evidence for p in website_coverage.in_no_register(cursor)}
    assert found["https://sala.se/tjanst/9"] == "place"
    assert "https://sala.se/om/9" not in found


def test_what_is_published_without_an_e_service(small: duckdb.DuckDBPyConnection) -> None:
    found = [
        (one.reason, one.service_id or one.page and one.page.url)
        for one in website_coverage.without_e_service(small, NOW)
    ]
    assert sorted(found, key=str) == [
        ("form_only", "T3"), ("none", "T2"), ("none", "T4"), ("none", "T7"), ("page", "https://sala.se/felanmalan-gatubelysning"),
        ("page", "https://sala.se/kolonilott"), ("page", "https://sala.se/vigsel"),
    ]  # fmt: skip


def test_where_there_is_only_a_form(small: duckdb.DuckDBPyConnection) -> None:
    found = [
        (one.reason, one.service_id or one.page and one.page.url) for one in website_coverage.form_only(small, NOW)
    ]
    assert found == [("form_only", "T3"), ("despite", "T1"), ("page", "https://sala.se/kolonilott")]


def test_e_services_that_nothing_leads_to(small: duckdb.DuckDBPyConnection) -> None:
    assert website_coverage.e_services_without_page(small) == [
        "E2"
    ]  # E4 has ended, a page leads to E3 and E5, a service has E1


def test_services_whose_page_is_gone_or_has_moved(small: duckdb.DuckDBPyConnection) -> None:
    assert website_coverage.orphaned(small, NOW) == [
        website_coverage.Orphaned("T7", "https://sala.se/gata/parkering", None, MARCH, "https://sala.se/flyttad"),
        website_coverage.Orphaned("T5", "https://sala.se/gata/trad", MARCH, OCTOBER, None),
    ]
    assert website_coverage.unsearchable(small, NOW) == ["T8"]  # its website was never read


def test_what_is_gone_since_the_last_reading(small: duckdb.DuckDBPyConnection) -> None:
    assert website_coverage.removed(small) == [
        website_coverage.Removed("sala.se", MARCH, OCTOBER, "Fest – Anmälan", "https://sala.se/fest", ()),
        website_coverage.Removed("sala.se", MARCH, OCTOBER, "Trädfällning", "https://sala.se/gata/trad", ("T5",)),
        website_coverage.Removed("oep", MARCH, OCTOBER, "Slutat", "https://e.sala.se/oversikt/overview/4", (), "E4"),
    ]


def test_a_choice_narrows_the_services_and_not_the_pages_that_are_nobodys(small: duckdb.DuckDBPyConnection) -> None:
    school = Scope(NOW.month_from, NOW.month_to, ("SKOL",))
    own = [one.service_id for one in website_coverage.without_e_service(small, school)]
    assert own == ["T2", None, None, None]
    assert website_coverage.orphaned(small, school) == []
    internal = Scope(NOW.month_from, NOW.month_to, audience="internal")
    assert [one.service_id for one in website_coverage.without_e_service(small, internal) if one.service_id] == ["T4"]


def test_the_counts_are_those_of_the_lists(small: duckdb.DuckDBPyConnection) -> None:
    assert website_coverage.coverage_counts(small, NOW) == {
        "with": 1, "without": 4, "not_applicable": 0, "unknown": 0, "in_no_register": 3, "lost": 2,
        "moved": 1, "unsearchable": 1, "no_page": 1,
    }  # fmt: skip
    assert website_coverage.coverage_counts(small, NOW)["lost"] == len(website_coverage.orphaned(small, NOW))


def test_who_left_the_denominator_is_listed_with_why(small_store: Make) -> None:
    more = {
        "exemptions": "undantag_id;tjanst_id;etjanst_id;typ;skal;beslutat\n"
        "U1;T5;;ej tillämpligt;Görs inte längre;2026-05-06\nU2;;B3;ej tillämpligt;Polisen prövar;2026-06-01\n"
    }
    links = TABLES["links"].replace("T3;B3\n", "T3;B3\nT2;E4\n")
    with small_store(TABLES | more | {"links": links}).database().cursor() as cursor:
        period = Scope(date(2026, 5, 1), date(2026, 10, 1), comparison="previous")
        found = {one.change.service_id: one for one in website_coverage.departed(cursor, period)}
    assert {key: (one.change.cause, one.change.changed_on, one.change.reason) for key, one in found.items()} == {
        "T3": ("not_applicable", date(2026, 6, 1), "Polisen prövar"),
        "T5": ("not_applicable", date(2026, 5, 6), "Görs inte längre"),
        "T6": ("unpublished", date(2026, 6, 30), None),
    }
    assert {key: one.page_missing_since for key, one in found.items()} == {"T3": None, "T5": OCTOBER, "T6": None}


def test_two_files_of_one_day_are_one_reading(small_store: Make) -> None:
    twice = "sala.se;2026-10-05;http://www.sala.se/kolonilott/;;e-tjänst\n"
    with small_store(TABLES | {"web_pages": TABLES["web_pages"] + twice}).database().cursor() as cursor:
        (one,) = [p for p in web_readings.web_pages(cursor) if "kolonilott" in p.url]
        assert (one.title, one.leads_to) == ("Kolonilott", "both")
        assert {r.site: r.pages for r in web_readings.website_readings(cursor)}["sala.se"] == 9


def test_nothing_read_tells_nothing(small_store: Make) -> None:
    tables = {key: TABLES[key] for key in ("departments", "services", "e_services", "links")}
    with small_store(tables).database().cursor() as cursor:
        assert (
            web_readings.website_readings(cursor)
            == web_readings.web_pages(cursor)
            == website_coverage.removed(cursor)
            == website_coverage.orphaned(cursor, NOW)
            == []
        )
        assert website_coverage.e_services_without_page(cursor) == ["E2", "E3", "E5"]


# ---- the example data, with plain loops over the files


def read(table: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def bare(url: str) -> str:
    """The address without what differs in the example data."""
    return re.sub(r"^https?://(www\.)?|[?&]ret=.*$|/(?=\?)", "", url).rstrip("/")


def test_the_example_data_a_second_way(cursor: duckdb.DuckDBPyConnection) -> None:
    seen, services = read("webbsidor"), [s for s in read("tjanster") if not s["publicerad_till"]]
    days = {page["webbplats"]: max(p["sedd"] for p in seen if p["webbplats"] == page["webbplats"]) for page in seen}
    latest = [page for page in seen if page["sedd"] == days[page["webbplats"]]]
    addresses, names = {bare(s["adress"]) for s in services if s["adress"]}, {s["namn"] for s in services}
    loose = {p["adress"] for p in latest if bare(p["adress"]) not in addresses and p["titel"] not in names}
    assert {p.url for p in website_coverage.in_no_register(cursor)} == loose
    assert len(loose) == 4
    there = {bare(p["adress"]) for p in latest}
    missing = {s["tjanst_id"] for s in services if s["adress"] and bare(s["adress"]) not in there}
    assert {one.service_id for one in website_coverage.orphaned(cursor, NOW)} == missing == {"T-025", "T-037"}
    titles = {p["titel"] for p in latest}
    sought = {s["tjanst_id"] for s in services if bare(s["adress"]) in there or s["namn"] in titles}
    counts = website_coverage.coverage_counts(cursor, NOW)
    assert sum(counts[code] for code in ("with", "without", "not_applicable", "unknown")) == len(sought)
