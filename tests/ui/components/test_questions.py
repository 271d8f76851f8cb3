"""Questions from meetings: those that wait first, where they were asked, on the page, the slides and in the report."""

from collections.abc import Callable
from datetime import date

import pytest
import streamlit as st

from analytics.metrics.scope import Scope
from data.store import Store
from tests.reader import Look, words
from ui import slides
from ui.components import questions
from ui.reports import content

REPORTS = "pages/follow_up/reports.py"
SCOPE = Scope(date(2026, 9, 1), date(2026, 10, 1))
HEADER = "fraga_id;stalld;fraga;vy;roll;svar;besvarad\n"
ASKED = (
    "F1;2026-01-10;Vad kostar det?;kostnader;Ekonom;60 kr;2026-01-20\n",
    "F2;2026-03-10;Varför?;mal-2?from=2026-01&to=2026-08;Chef;;\n",
    "F3;2026-02-10;När?;//annan.se/;;;\n",
)
TABLES = {
    "departments": "verksamhet_id;namn\nA;Alfa\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Bygglov;A;extern\n",
    "case_counts": "tjanst_id;manad;kanal;antal\nT1;2026-09;telefon;8\nT1;2026-10;telefon;9\n",
}
pytestmark = pytest.mark.usefixtures("swedish")


@pytest.fixture
def asked(small_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Store]:
    """A function that makes a store with some of the questions."""

    def make(*lines: str) -> Store:
        store = small_store({**TABLES, "questions": HEADER + "".join(lines)} if lines else TABLES)
        monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
        st.cache_resource.clear()
        return store

    return make


def test_those_that_wait_come_first(asked: Callable[..., Store], look: Look) -> None:
    store = asked(*ASKED)
    table = questions.table(None)
    assert table.title == "Frågor från möten"
    assert list(table.rows["Fråga"]) == ["När?", "Varför?", "Vad kostar det?"]
    assert list(table.rows["Svar"]) == ["väntar", "väntar", "60 kr"] and list(table.rows["Vem svarar"])[2] == "Ekonom"
    assert table.links == ("", "mal-2?from=2026-01&to=2026-08", "kostnader")  # no other site's, whoever wrote the file
    assert questions.heading() == "2 frågor från möten väntar på svar"
    assert (
        slides.slides(SCOPE)[0].headline == questions.heading() and "Vad kostar" not in slides.slides(SCOPE)[0].picture
    )
    (section,) = (one for one in content.report(SCOPE).sections if one.heading == questions.heading())
    assert section.grid and section.grid.columns == ("Fråga", "Ställd", "Vem svarar", "Svar")
    assert section.grid.rows[0] == ("När?", "2026-02-10", "–", "väntar")
    assert questions.heading() in words(look(store, REPORTS))


@pytest.mark.parametrize(
    ("lines", "heading"),
    [
        (ASKED[:1], "Alla frågor från möten är besvarade"),
        (ASKED[:2], "1 fråga från ett möte väntar på svar"),
        ((), ""),
    ],
)
def test_how_many_wait(asked: Callable[..., Store], lines: tuple[str, ...], heading: str) -> None:
    asked(*lines)
    assert questions.heading() == heading
    assert any(one.heading == heading for one in content.report(SCOPE).sections) == bool(lines)
    assert (slides.slides(SCOPE)[0].headline == heading) == ("väntar" in heading)


@pytest.mark.parametrize(
    "view",
    ["https://sala.se/mal-2", "javascript:alert(1)", "//x.se/mal-2", "/mal-2", "nej", "", "http://[", "../mal-1"],
)
def test_an_address_that_is_not_ours_leads_nowhere(view: str) -> None:
    assert questions.own_address(view) == ""
