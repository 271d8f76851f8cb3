"""A report of data that are hard to report gives every document whole: forty long names, nothing known, protected numbers."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import streamlit as st
from pypdf import PdfReader

from data.store import Store
from tests.data.stores import NOW, ROLE
from tests.ui.reports.test_reports import BOTH, SCOPE, TABLES, plain
from ui.reports import content, figures, files
from ui.reports.model import Report
from ui.reports.outline import Outline, outline
from ui.text.i18n import spoken

LONG = (
    "Förvaltningen för samhällsbyggnadsplanering, medborgarservice, näringslivsutveckling, kultur, fritid och"
    " lokal demokrati med e-tjänster nummer "
)
MANY = range(40)
FORTY = {
    "departments": "verksamhet_id;namn\n" + "".join(f"D{n:02};{LONG[:137]} {n:02}\n" for n in MANY),
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\n" + "".join(f"T{n};Tjänst {n};D{n:02};extern\n" for n in MANY),
    "e_services": TABLES["e_services"],
    "links": "tjanst_id;etjanst_id\nT1;E1\n",
    "case_counts": "tjanst_id;manad;kanal;antal\n"
    + "".join(f"T{n};2026-0{m};telefon;{30 + n}\n" for n in MANY for m in range(1, 9)),
    "targets": "mal;verksamhet_id;datum;andel\n"
    + "".join(f"2;D{n:02};2025-01-01;90\n2;D{n:02};2027-01-01;95\n" for n in MANY),
}
NOTHING = {"departments": TABLES["departments"], "services": TABLES["services"]}
ONE = {name: TABLES[name] for name in ("departments", "services", "e_services", "links")} | {
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Bygglov;A;extern\n",
    "case_counts": "tjanst_id;manad;kanal;antal\nT1;2026-01;e-tjänst;3\nT1;2026-01;telefon;40\n",
}
pytestmark = pytest.mark.usefixtures("swedish")


def frozen(store: Store, monkeypatch: pytest.MonkeyPatch, language: str = "sv") -> Outline:
    """The report as it is frozen, in a language; no figure of it comes out otherwise when it is counted in SQL."""
    monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
    st.cache_resource.clear()
    with spoken(language):
        made = content.report(SCOPE)
        assert figures.miscounted(made, SCOPE) == []
    kept = store.freeze(made.title, made.as_json(), ROLE, NOW + timedelta(minutes=1))
    return outline(Report.from_json(store.report(kept.number)), kept)


def documents(told: Outline) -> dict[str, bytes]:
    """All four, each of which is a whole file."""
    made = {ending: write(told, NOW) for _label, ending, write in files.WRITERS}
    assert all(file.startswith(b"%PDF" if ending == "pdf" else b"PK") for ending, file in made.items())
    return made


def test_forty_departments_with_long_names_and_no_explanation_or_budget(
    small_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = small_store(FORTY, {"case_counts": replace(BOTH, channels=("phone",))})
    told = frozen(store, monkeypatch)
    pdf = PdfReader(io.BytesIO(documents(told)["pdf"]))
    assert len(pdf.pages) <= 9  # eight, and what the names of forty that have explained nothing take
    (explained,) = (one for one in told.report.sections if one.grid and one.grid.title == "Förklaringar")
    assert explained.heading == "39 avvikelser är inte förklarade" and explained.grid is not None
    ((whose, why, _nothing),) = explained.grid.rows  # a line for the goal, with every name in it
    assert (
        whose.startswith("Mål 2: ") and whose.count(LONG[:137]) == 39 and why.startswith("Ingen förklaring är lämnad")
    )


def test_nothing_known(small_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> None:
    told = frozen(small_store(NOTHING), monkeypatch, "en")
    assert len(PdfReader(io.BytesIO(documents(told)["pdf"])).pages) <= 4
    assert "Not reported" in {goal.value for goal in told.goals}
    assert told.number.startswith("Report ") and "Data up to: 2 November 2026" in told.about


def test_protected_small_numbers_of_one_service(
    small_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = small_store(ONE, {"case_counts": BOTH})
    store.protect(True, ROLE, "", NOW)
    told = frozen(store, monkeypatch)
    pages = PdfReader(io.BytesIO(documents(told)["pdf"])).pages
    assert len(pages) <= 4 and "antal från 1 till 4 visas inte" in told.about
    assert not any(one.metric == "digital_submission" and one.numerator == 3 for one in told.report.figures)
    assert "3 av 43" not in " ".join(plain(page.extract_text() for page in pages))
