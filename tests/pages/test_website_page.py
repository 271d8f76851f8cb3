"""The page of the website, empty and filled: what it says, and where its lists lead."""

import re
from collections import Counter
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from data.store import Store
from tests.analytics.quality.test_website_coverage import TABLES
from tests.reader import Look, tables, words

PAGE = "pages/sources/website.py"


def said(app: AppTest) -> str:
    return words(app)


def cells(app: AppTest, column: str) -> list[list[object]]:
    """The values of a column in every table that has it."""
    return [list(frame[column]) for frame in tables(app) if column in frame]


def test_before_anything_is_read_it_says_how(small_store: Callable[..., Store], look: Look) -> None:
    app = look(small_store({key: TABLES[key] for key in ("departments", "services")}), PAGE, lang="en")
    assert "Nothing is imported from the website yet" in said(app)
    assert "sitemap.xml" in said(app) and 'href="importera' in said(app)


def test_the_lists(small_store: Callable[..., Store], look: Look) -> None:
    app = look(small_store(TABLES), PAGE, lang="en")
    assert "3 pages that look like services are not in the register" in said(app)
    (departments,) = [Counter(frame["Department"]) for frame in tables(app) if "Offers" in frame]
    (name, most), *_others = departments.most_common()
    assert f"{name} has most without an e-service: {most} of {departments.total()}" in said(app)
    assert "1 list is empty" in said(app)
    assert cells(app, "Page") == [["https://sala.se/felanmalan-gatubelysning", "Kolonilott", "Vigsel"]]
    assert cells(app, "Service or page") == [["Plats i förskola", "Kolonilott"]]
    assert cells(app, "E-service") == [["Ensam"]]
    assert cells(app, "Address in the register") == [["https://sala.se/gata/parkering", "https://sala.se/gata/trad"]]
    assert cells(app, "Gone") != [] and cells(app, "Name") == [["Fest – Anmälan", "Trädfällning", "Slutat"]]
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', said(app), re.S)
    assert len(rows) == sum(map(len, tables(app))) and all(re.match(r'<a href="[^"]+"', row) for row in rows), rows


def test_a_reading_that_is_much_smaller_is_doubted(small_store: Callable[..., Store], look: Look) -> None:
    later = "sala.se;2026-11-01;https://sala.se/vigsel;Vigsel;\n"
    app = look(small_store(TABLES | {"web_pages": TABLES["web_pages"] + later}), PAGE, lang="en")
    assert "sala.se: number of pages last time 9, on 1 November 2026 only 1" in said(app)


def test_everything_in_its_place(small_store: Callable[..., Store], look: Look) -> None:
    tables = TABLES | {
        "services": "\n".join(TABLES["services"].splitlines()[:2]) + "\n",
        "links": "tjanst_id;etjanst_id\nT1;E1\n",
        "web_pages": "webbplats;sedd;adress\nsala.se;2026-10-05;https://sala.se/barn/forskola\n",
    }
    assert "The website and the register have the same services" in said(look(small_store(tables), PAGE, lang="en"))
