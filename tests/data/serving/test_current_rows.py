"""What holds now, exported and imported again: nothing changes, for all, for a department, with small numbers protected."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from data.build.example import example_coverage, example_draft
from data.intake.choices import Choice
from data.intake.draft import Source
from data.schema.catalogue import datasets
from data.schema.templates import csv_template, workbook_template, write_templates
from data.serving.current_rows import all_rows, current_rows, left_out
from data.serving.server import Database
from data.store import Store
from tests.conftest import NOW
from tests.data.stores import ROLE, import_files

# which import says what, and when, changes with every import, whatever it says
_OF_IMPORTS = (
    "batches",
    "info",
    "built_parts",
    "covers",
    "stated_covers",
    "refusals",
    "relation_digests",
    "reporting",
    "booked_costs",
    "ledger_sources",
)
_COLUMNS = ("batch", "source", "file", "imported_at")


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every relation of the database, but for which import each row is from."""
    cursor = database.cursor()
    named: dict[str, list[str]] = {}
    for relation, column in cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns ORDER BY table_name, ordinal_position"
    ).fetchall():
        named.setdefault(relation, []).append(column)
    assert set(datasets()) < set(named)
    return {
        relation: cursor.execute(
            f"SELECT {', '.join(name for name in columns if name not in _COLUMNS)} FROM {relation} ORDER BY ALL"
        ).fetchall()
        for relation, columns in named.items()
        if relation not in _OF_IMPORTS
    }


def changed(before: Mapping[str, list[tuple[Any, ...]]], after: Mapping[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    """The relations that differ, with the first row of each that only one has."""
    return {
        relation: next(
            pair for pair in zip([*rows, None], [*after[relation], None], strict=False) if pair[0] != pair[1]
        )
        for relation, rows in before.items()
        if rows != after[relation]
    }


@pytest.mark.no_cover  # other tests run the same code
def test_what_holds_now_is_imported_and_nothing_changes(tmp_path: Path) -> None:
    covers = example_coverage()
    store = Store(tmp_path / "store")
    with example_draft() as draft:
        files = {f.name: {t.dataset.code: covers[f.name] for t in f.tables} for f in draft.files if f.name in covers}
        store.commit(draft, {name: Choice("all", cover) for name, cover in files.items()}, ROLE, NOW)
    database = store.database()
    before, rows, own = contents(database), all_rows(database), all_rows(database, "BMF")
    assert all(rows.values())
    written = write_templates(tmp_path / "alla", rows=rows)[:-1]
    workbook = write_templates(tmp_path / "BMF", rows=own)[-1]
    with store.prepare([Source(f.name, f) for f in (*written, workbook)], NOW.date()) as draft:
        found = {f.name: f for f in draft.files}
        assert {name for name, f in found.items() if f.fault_count} == set()
        assert [change for f in draft.files for change in f.changes] == []
        tables = {t.dataset.code: t.rows for t in found[workbook.name].tables if t.rows}
        assert tables == {code: len(lines) for code, lines in own.items() if lines}
        store.commit(draft, {}, ROLE, NOW)
    assert changed(before, contents(store.database())) == {}

    departments = {row[0] for row in own["departments"]}
    assert "BMF" in departments and {row[2] for row in own["services"]} <= departments
    assert 0 < len(own["services"]) < len(rows["services"]) and 0 < len(own["cases"]) < len(rows["cases"])
    assert {row[1] for row in own["links"]} <= {row[0] for row in own["e_services"]}
    assert not own["web_pages"]
    assert left_out(store.database()) == []
    assert left_out(store.database(), "BMF") == [
        "Ingen verksamhet har egna rader i Uppföljningsomgångar, Frågor från möten, Namn i Stratsys, Plattformens summor och "
        "Webbsidor: hämta dem för hela kommunen."
    ]


def test_what_is_protected_is_not_written_and_stays_as_it_is(tmp_path: Path, small_store: Callable[..., Store]) -> None:
    store = small_store(
        {
            "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT-1;Bygglov;BYGG;extern\n",
            "case_counts": "tjanst_id;manad;kanal;antal\nT-1;2026-03;telefon;3\nT-1;2026-03;brev;7\nT-1;2026-03;e-tjänst;20\n",
            "cases": "arende_id;tjanst_id;inkom;kanal\n" + "".join(f"{n};T-1;2026-04-02;brev\n" for n in range(9)),
        }
    )
    assert len(all_rows(store.database())["case_counts"]) == 3
    store.protect(True, ROLE, "", NOW)
    before, rows = contents(store.database()), all_rows(store.database())
    assert [(row[3], row[5]) for row in rows["case_counts"]] == [("e-tjänst", 20)] and not rows["cases"]
    assert left_out(store.database()) == [
        "Små antal skyddas: enskilda ärenden, och antal som inte visas, skrivs inte. En import av filerna lämnar dem som de är."
    ]
    files = {f.stem: f for f in write_templates(tmp_path / "filer", rows=rows)}
    import_files(store, files["tjanster"], files["arendeantal"], now=NOW)
    assert changed(before, contents(store.database())) == {}


def test_a_text_that_a_spreadsheet_would_run_comes_back_as_it_was(small_store: Callable[..., Store]) -> None:
    store = small_store({"events": 'datum;rubrik\n2026-03-01;"=1+1"\n2026-03-02;-12 procent\n'})
    dataset = datasets()["events"]
    rows = current_rows(store.database(), dataset)
    text = csv_template(dataset, rows)
    assert b";'=1+1;" in text and b";'-12 procent;" in text
    again = small_store({"events": text.decode("utf-8-sig")})
    assert current_rows(again.database(), dataset) == rows
    sheet = load_workbook(io.BytesIO(workbook_template("sv", {"events": rows}))).get_sheet_by_name("handelser")
    assert [row[1] for row in sheet.to_python()[4:]] == ["=1+1", "-12 procent"]
