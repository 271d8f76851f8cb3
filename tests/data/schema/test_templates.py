"""Templates and the dictionary: values filled in are imported as written."""

import io
import re
import zipfile
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from data.schema import dictionary, templates
from data.schema.catalogue import Dataset, datasets, fold
from tests.data.drafts import codes_of, fault_places, prepare_file, prepare_table, typed_rows
from tests.data.workbooks import edit_package

TABLES = list(datasets().values())


def filled(dataset: Dataset, lines: list[list[str]]) -> bytes:
    """The workbook template with texts typed into a table's sheet, from the first row below the headers."""
    first = templates.HEADER_ROW + 2
    cell = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'
    typed = ""
    for row, line in enumerate(lines, first):
        cells = "".join(cell.format(chr(65 + i), row, escape(text)) for i, text in enumerate(line))
        typed += f'<row r="{row}">{cells}</row>'
    sheet = f"xl/worksheets/sheet{TABLES.index(dataset) + 2}.xml"
    return edit_package(templates.workbook_template(), {sheet: (b"</sheetData>", typed.encode() + b"</sheetData>")})


def example(dataset: Dataset) -> list[str]:
    """A row of the catalogue's examples; of mutually exclusive columns only one has an example."""
    return [c.example for c in dataset.columns]


@pytest.mark.parametrize("dataset", TABLES, ids=lambda d: d.code)
def test_a_csv_template(tmp_path: Path, dataset: Dataset) -> None:
    empty = prepare_table(tmp_path, templates.csv_template(dataset), f"{dataset.header}.csv")
    assert (empty.dataset.code, empty.rows, empty.fault_count, codes_of(empty.notes)) == (
        dataset.code,
        0,
        0,
        ["no_rows"],
    )
    line = ";".join(example(dataset)).encode() + b"\r\n"
    table = prepare_table(tmp_path, templates.csv_template(dataset) + line, f"{dataset.header}.csv")
    assert (table.dataset.code, table.good, fault_places(table)) == (dataset.code, 1, [])


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_empty_workbook_gives_notes_only(tmp_path: Path, language: str) -> None:
    file = prepare_file(tmp_path, templates.workbook_template(language), "mallar.xlsx")
    assert [t.dataset.code for t in file.tables] == list(datasets())
    assert (file.faults, file.notes) == ((), ())
    assert {(t.rows, t.fault_count, tuple(codes_of(t.notes))) for t in file.tables} == {(0, 0, ("no_rows",))}


@pytest.mark.parametrize("dataset", TABLES, ids=lambda d: d.code)
def test_a_filled_workbook_is_imported_with_the_rows_of_the_sheet(tmp_path: Path, dataset: Dataset) -> None:
    bad = ["" for _ in dataset.columns[:-1]] + ["…"]
    file = prepare_file(tmp_path, filled(dataset, [example(dataset), bad]), "mallar.xlsx")
    (table,) = [t for t in file.tables if t.rows]
    assert (table.dataset.code, table.rows, table.good) == (dataset.code, 2, 1)
    assert {f.row for f in table.faults} == {templates.HEADER_ROW + 3}


def test_the_first_sheet_has_instructions_and_is_ignored() -> None:
    book = load_workbook(io.BytesIO(templates.workbook_template()))
    assert book.sheet_names == ["Läs mig", *(d.header for d in TABLES)]
    text = str(book.get_sheet_by_index(0).to_python())
    assert "En tom cell betyder ej rapporterat" in text


def test_required_columns_are_marked_in_words_and_fixed_values_can_be_chosen() -> None:
    with zipfile.ZipFile(io.BytesIO(templates.workbook_template())) as package:
        for i, dataset in enumerate(TABLES, 2):
            xml = package.read(f"xl/worksheets/sheet{i}.xml").decode()
            fixed = [c for c in dataset.columns if c.values]
            assert xml.count('type="list"') == len(fixed)
            assert len(re.findall(r'type="list"[^>]*sqref="[A-Z]+5:[A-Z]+1048576"', xml)) == len(fixed)
            assert 'state="frozen"' in xml
    sheet = load_workbook(io.BytesIO(templates.workbook_template())).get_sheet_by_name("tjanster").to_python()
    assert sheet[1][:5] == ["Obligatorisk"] * 4 + ["Frivillig"]


def test_no_help_line_can_be_taken_for_headers() -> None:
    for dataset in TABLES:
        names = {fold(n) for c in dataset.columns for n in (c.header, c.code)}
        for row in (
            load_workbook(io.BytesIO(templates.workbook_template())).get_sheet_by_name(dataset.header).to_python()[:3]
        ):
            assert not names & {fold(str(cell)) for cell in row}


def test_all_templates_are_written(tmp_path: Path) -> None:
    written = templates.write_templates(tmp_path / "mallar")
    assert [p.name for p in written] == [*(f"{d.header}.csv" for d in TABLES), "mallar.xlsx"]
    assert all(p.stat().st_size for p in written)


NAME = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="@\ufffd"), min_size=1, max_size=20
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    st.lists(st.tuples(st.dates(), NAME.filter(lambda n: n.strip() and not n.startswith("#"))), min_size=1, max_size=5)
)
def test_written_texts_are_imported_unchanged(tmp_path: Path, written: list[tuple[object, str]]) -> None:
    usable = [(day, name) for day, name in written if "1900" <= str(day)[:4] <= "2199"]
    lines = [[str(day), name] for day, name in usable]
    expected = [(day, " ".join(name.split("\t")).strip()) for day, name in usable]
    csv = "".join(f'{day};"{name.replace(chr(34), chr(34) * 2)}"\r\n' for day, name in lines).encode()
    content = templates.csv_template(datasets()["events"]).replace(
        b"datum;rubrik;verksamhet_id;tjanst_id;etjanst_id", b"datum;rubrik"
    )
    assert [(d, n) for d, n in typed_rows(tmp_path, content + csv, "date, title")] == expected


def test_the_dictionary_names_every_column() -> None:
    page = dictionary.markdown()
    for dataset in TABLES:
        assert f"## {dataset.header} (`{dataset.code}`)" in page
        for column in dataset.columns:
            assert f"`{column.code}`" in page
    assert "| **antal** | `cases` | whole number: ej tillämpligt, ej rapporterat, skyddat |" in page
