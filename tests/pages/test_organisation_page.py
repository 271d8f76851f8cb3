"""Reorganisations on the pages: what is said of them, and the choice of today's organisation."""

from html import unescape
from pathlib import Path

import pytest

from data.schema.catalogue import datasets
from data.store import Store
from tests.data.stores import import_files, write_csv
from tests.reader import Look, head, lines, words

PAGE = "pages/goals/digital_cases.py"
MONTHS = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]
DEPARTMENTS, SERVICES = "verksamhet_id;namn;overordnad_id", "tjanst_id;namn;verksamhet_id;malgrupp"


@pytest.fixture
def moved(tmp_path: Path) -> Store:
    """T2 moved from Beta to Alfa in July 2025; Nya has replaced Gamla, whose service is T3, and Gamlaste."""
    counts = [
        f"{one};{month};{channel};nej;{n}"
        for one, digital in (("T1", 80), ("T2", 10), ("T3", 50))
        for month in MONTHS
        for channel, n in (("e-tjänst", digital), ("telefon", 100 - digital))
    ]
    tables = {
        "departments": [DEPARTMENTS, "A;Alfa;", "B;Beta;", "G;Gamla;", "O;Gamlaste;", "P;Parken;"],
        "services": [SERVICES, "T1;Ett;A;extern", "T2;Två;B;extern", "T3;Tre;G;extern"],
        "e_services": ["etjanst_id;namn;typ;lanserad", *(f"E{i};E{i};e-tjänst;2020-01-01" for i in (1, 2, 3))],
        "links": ["tjanst_id;etjanst_id", "T1;E1", "T2;E2", "T3;E3"],
        "case_counts": ["tjanst_id;manad;kanal;assisterat;antal", *counts],
    }
    store = Store(tmp_path / "store")
    import_files(
        store, *(write_csv(tmp_path, f"{datasets()[code].header}.csv", *rows) for code, rows in tables.items())
    )
    later, renewed = tmp_path / "later", ("N;Nya;;2025-07-01;G, O", "M;Mera;;2025-07-01;P")
    new = write_csv(later, "verksamheter.csv", f"{DEPARTMENTS};galler_fran;ersatter", *renewed)
    dated = f"{SERVICES};galler_fran", "T2;Två;A;extern;2025-07-01", "T3;Tre;N;extern;2025-07-01"
    import_files(store, new, write_csv(later, "tjanster.csv", *dated))
    return store


def said(store: Store, look: Look, **query: str) -> str:
    period = {"from": "2025-01", "to": "2025-12", "lang": "en"}
    return " ".join(lines(words(look(store, PAGE, **period, **query))))


def test_figures_that_stay_where_they_arose_are_told(moved: Store, look: Look) -> None:
    text = said(moved, look, department="B")
    moved_words = "Services have changed department to or from the selection. Their figures stay where they arose."
    assert f"{moved_words} Use today's organisation" in text
    assert moved_words not in said(moved, look)  # of the whole municipality nothing has moved


@pytest.mark.parametrize(
    "page", [PAGE, "pages/goals/digital_handling.py", "pages/follow_up/why.py", "pages/follow_up/overview.py"]
)
def test_a_department_whose_services_have_left_keeps_its_months(moved: Store, look: Look, page: str) -> None:
    period = {"from": "2025-01", "to": "2025-12", "lang": "en"}
    text = " ".join(lines(words(look(moved, page, department="B", **period))))
    assert "No service in the selection is published." not in text


def test_a_department_that_has_replaced_another_shows_its_history(moved: Store, look: Look) -> None:
    text = said(moved, look, department="N")
    assert "Gamla and Gamlaste are counted with Nya, which has replaced them." in text
    assert "Parken is counted with Mera, which has replaced it." in said(moved, look, department="M")
    assert "50" in text and "have moved" not in text
    assert "is not reported" not in text


def test_todays_organisation_is_a_choice_that_is_told_everywhere(moved: Store, look: Look) -> None:
    app = look(moved, PAGE, department="B", lang="en", organisation="today")
    row = unescape(head(app))
    assert '<span class="heard">Organisation: </span><span>Today\'s, for all years</span>' in row
    link = '<a href="mal-2?department=B&from=2025-01&to=2025-12&lang=en" target="_self">As it was each month</a>'
    assert link in row
    text = " ".join(lines(words(app)))
    assert "today's organisation for all years" in text
    assert "No service in the selection is published." in text
    assert "Gamla is Nya in today's organisation." in said(moved, look, department="G", organisation="today")


def test_without_reorganisations_there_is_nothing_to_choose(store: Store, look: Look) -> None:
    app = look(store, PAGE, lang="en", organisation="today")
    assert "filter-organisation" not in head(app)
    assert "today's organisation" not in words(app)


def test_what_to_do_is_for_whoever_has_the_services_today(moved: Store, look: Look) -> None:
    app = look(moved, "pages/follow_up/next_steps.py", department="A", goal="2", lang="en")
    text = " ".join(lines(words(app)))
    assert "today's organisation for all years" in text
    assert "their figures stay where they arose" not in text
    assert "filter-organisation" not in head(app)
