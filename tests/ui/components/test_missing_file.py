"""The file of what is missing: its rows are the numbers that lack, and it is imported as it was downloaded, empty or filled in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import streamlit as st

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.quality.missing_reports import missing_figures
from data.intake.choices import Choice
from data.intake.draft import Source
from data.store import Store
from tests.conftest import NOW, TODAY
from ui import database
from ui.components import missing_file

Make = Callable[..., Store]
SPAN = Scope(date(2026, 8, 1), date(2026, 10, 1), comparison=None)
TABLES = {
    "departments": "verksamhet_id;namn;overordnad_id;kontaktroll\nA;Alfa;;Controller Alfa\nA1;Enhet;A;\nB;Beta;;\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Bygglov;A1;extern\nT2;Resa;B;extern\nT3;Plats;A1;extern\n",
    "e_services": "etjanst_id;namn;typ;lanserad\nE3;Plats;e-tjänst;2020-01-01\n",
    "links": "tjanst_id;etjanst_id\nT3;E3\n",
    "case_counts": "tjanst_id;manad;kanal;antal\n"
    "T1;2026-08;telefon;5\nT1;2026-10;telefon;7\nT1;2026-08;brev;ej rapporterat\nT1;2026-09;brev;2\nT1;2026-10;brev;0\n"
    "T2;2026-09;besök;3\nT3;2026-08;e-tjänst;4\nT3;2026-09;e-tjänst;4\nT3;2026-10;e-tjänst;4\n",
}
ALL = [("T1", "2026-08", "letter"), ("T1", "2026-09", "phone"), ("T2", "2026-10", "visit")]
ALFA = replace(SPAN, departments=("A1",))
CODES = ("e_service_coverage", "digital_submission", "digital_handling", "reporting", "figures", "cases")


def missing(store: Store, scope: Scope) -> list[tuple[str, str, str]]:
    with store.database().cursor() as cursor:
        return [(row.service_id, f"{row.month:%Y-%m}", row.channel) for row in missing_figures(cursor, scope)]


def numbers(store: Store) -> list[object]:
    with store.database().cursor() as cursor:
        return [measure(cursor, code, SPAN, "month") for code in CODES]


def imported(store: Store, path: Path, content: bytes) -> tuple[list[str], int]:
    """The codes of what is said of the file, which is imported without a fault, and how many values it changes."""
    path.write_bytes(content)
    with store.prepare([Source(path.name, path)], TODAY) as draft:
        (file,) = draft.files
        assert not file.all_faults
        assert [table.dataset.code for table in file.tables] == ["case_counts"]
        store.commit(draft, {file.name: Choice("all")}, who="test", now=NOW)
        return [note.code for note in file.all_notes], file.change_count


@pytest.fixture
def store(small_store: Make, monkeypatch: pytest.MonkeyPatch, swedish: None) -> Store:
    store = small_store(TABLES)
    monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
    st.cache_resource.clear()
    return store


def test_its_rows_are_the_numbers_that_lack(store: Store) -> None:
    """Of T3 no other way in than the e-service is known: there is no row that anybody could fill in."""
    assert missing(store, SPAN) == ALL and missing(store, ALFA) == ALL[:2]
    csv = missing_file.export(ALFA).csv().decode("utf-8-sig").splitlines()
    assert csv == [
        "tjanst_id;tjanstens_namn;manad;kanal;antal;raknesatt",
        "T1;Bygglov;2026-08;brev;;",
        "T1;Bygglov;2026-09;telefon;;",
    ]


@pytest.mark.parametrize("kind", ["csv", "workbook"])
def test_empty_it_changes_nothing(store: Store, tmp_path: Path, kind: str) -> None:
    before, export = numbers(store), missing_file.export(SPAN)
    content = export.csv() if kind == "csv" else export.workbook()
    path = tmp_path / ("saknas.csv" if kind == "csv" else "saknas.xlsx")
    assert imported(store, path, content) == (["ignored_columns", "blank_counts"], 0)
    assert numbers(store) == before and missing(store, SPAN) == ALL


def test_filled_in_it_is_imported_as_it_is(store: Store, tmp_path: Path) -> None:
    content = missing_file.export(SPAN).csv().replace(b";;\r\n", b";0;\r\n")
    assert imported(store, tmp_path / "saknas.csv", content) == (
        ["ignored_columns"],
        1,
    )  # what was said to be not reported
    assert missing(store, SPAN) == []


def test_whom_it_is_sent_to(store: Store) -> None:
    """The role that the register names, for the department or above it; otherwise the system manager."""
    rows = database.answer(missing_figures, SPAN)
    said = missing_file.describe(rows, SPAN)
    assert "Filen har 3 rader, en per tjänst, månad och kanal där antalet ärenden saknas." in said
    assert said.endswith(
        "1 tjänst är inte med i filen: ingen annan kanal än e-tjänsten är rapporterad, eller så delar flera tjänster på den."
    )
    several = (
        "2 tjänster är inte med i filen: ingen annan kanal än e-tjänsterna är rapporterad, eller så delar flera tjänster"
        " på dem."
    )
    assert missing_file.describe(rows[-1:], SPAN).endswith(several)
    for departments, role in ((("A1",), "Controller Alfa"), (("B",), "systemförvaltaren"), ((), "systemförvaltaren")):
        said = missing_file.describe(rows[:1], replace(SPAN, departments=departments))
        assert said.startswith("Filen har 1 rad:") and f"skicka den till {role}." in said
    assert "systemförvaltaren" in missing_file.describe(rows, replace(SPAN, departments=("A1", "B")))
    assert "Controller Alfa" in missing_file.describe(rows, replace(SPAN, departments=("A", "A1")))
