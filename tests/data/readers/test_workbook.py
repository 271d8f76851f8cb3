"""Workbooks of every kind, and those that are refused."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from data.messages import render
from data.readers import cells, package
from data.readers.cells import RawSheet
from data.readers.ods import ods_sheets
from data.readers.package import open_package
from data.readers.workbook import open_workbook
from tests.data.drafts import codes_of, fault_places, prepare_file, prepare_table, typed_rows, xlsx_bytes
from tests.data.workbooks import edit_package, ods_row, ods_workbook, zip_parts

HEADER = ["tjanst_id", "manad", "kanal", "antal"]
COUNTS = xlsx_bytes({"Blad1": [HEADER, ["T-1", "2026-01", "telefon", 3]]})
SHEET = "xl/worksheets/sheet1.xml"
CELL = '<table:table-cell office:value-type="{}"><text:p>{}</text:p></table:table-cell>'


def test_a_title_help_rows_and_a_table_that_does_not_begin_at_the_corner(tmp_path: Path) -> None:
    lines = [
        [],
        ["", "Ärenden per månad"],
        [],
        ["", "Fyll i nedan"],
        ["", *HEADER],
        [],
        ["", "T-1", "2026-01", "fax", 3.0],
    ]
    table = prepare_table(tmp_path, xlsx_bytes({"Blad1": lines}), "a.xlsx")
    assert (table.sheet, table.header_row, table.rows) == ("Blad1", 5, 1)
    assert fault_places(table) == [(7, "kanal", "unknown_value")]


def test_numbers_dates_and_yes_and_no(tmp_path: Path) -> None:
    header = ["arende_id", "tjanst_id", "inkom", "kanal", "assisterat", "avslutat"]
    lines = [
        header,
        [1001, 17.0, date(2026, 3, 4), "telefon", True, 46086],
        [1002, 45000, datetime(2026, 3, 4, 13, 30), "besök", False, 20260306],
    ]
    result = typed_rows(
        tmp_path, xlsx_bytes({"a": lines}), "case_id, service_id, received_on, assisted, closed_on, _ok"
    )
    assert result == [
        ("1001", "17", date(2026, 3, 4), True, date(2026, 3, 5), True),
        ("1002", "45000", date(2026, 3, 4), False, date(2026, 3, 6), True),
    ]


def test_months_that_excel_turned_into_dates(tmp_path: Path) -> None:
    lines = [
        HEADER,
        *([("T-1"), month, "telefon", 1] for month in (date(2026, 3, 1), 46082, 202603, "2026-03", date(2026, 3, 2))),
    ]
    table = prepare_table(tmp_path, xlsx_bytes({"a": lines}))
    assert fault_places(table) == [(6, "manad", "month_day")]
    assert table.good == 4


def test_days_counted_from_1904(tmp_path: Path) -> None:
    lines = [["datum", "rubrik"], [44_624, "x"]]
    old = edit_package(xlsx_bytes({"a": lines}), {"xl/workbook.xml": (b"<workbookPr ", b'<workbookPr date1904="1" ')})
    assert typed_rows(tmp_path, old, "date") == [(date(2026, 3, 5),)]


def test_amounts_with_rounding_errors(tmp_path: Path) -> None:
    lines = [
        ["kostnad_id", "datum", "kostnadstyp", "belopp"],
        ["A", date(2026, 1, 1), "fast", 0.1 + 0.2],
        ["B", date(2026, 1, 1), "fast", 1000 / 3],
    ]
    content = xlsx_bytes({"a": lines})
    assert fault_places(prepare_table(tmp_path, content)) == [(3, "belopp", "decimals")]
    assert typed_rows(tmp_path, content, "amount", "_ok") == [(Decimal("0.30"),)]


def test_shares_shown_as_per_cent_and_formulas_that_failed(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("kostnadsandelar")
        percent = book.add_format({"num_format": "0.0 %"})
        for i, line in enumerate(
            [["kostnad_id", "verksamhet_id", "andel"], ["A", "X"], ["A", "Y"], ["A", "Z"], ["A", "V"]]
        ):
            sheet.write_row(i, 0, line)
        sheet.write_number(1, 2, 0.125, percent)
        sheet.write_number(2, 2, 12.5)
        sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 2, "=NA()", percent, "#N/A")
    table = prepare_table(tmp_path, out.getvalue())
    assert [(f.row, f.code, f.value) for f in table.faults] == [(4, "error_cell", "#DIV/0!"), (5, "error_cell", "#N/A")]
    assert typed_rows(tmp_path, out.getvalue(), "share", "_ok") == [(Decimal("12.5"),), (Decimal("12.5"),)]


def test_cells_merged_downwards_and_sheets_hidden(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("antal")
        sheet.merge_range("A1:D1", "Ärenden 2026")
        sheet.write_row(1, 0, HEADER)
        sheet.merge_range("A3:A4", "T-1")
        sheet.write_row(2, 1, ["2026-01", "telefon", 1])
        sheet.write_row(3, 1, ["2026-02", "telefon", 2])
        book.add_worksheet("Hemligt").hide()
    file = prepare_file(tmp_path, out.getvalue(), "a.xlsx")
    (table,) = file.tables
    assert (codes_of(file.notes), file.notes[0].params) == (["hidden_sheets"], {"names": ["Hemligt"]})
    assert (table.good, codes_of(table.notes)[0]) == (2, "merged_cells")
    assert typed_rows(tmp_path, out.getvalue(), "service_id") == [("T-1",), ("T-1",)]


def test_a_merged_number_is_not_repeated(tmp_path: Path) -> None:
    """It is unknown which row it belongs to: the other rows are not reported, with a note."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("antal")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["T-1", "2026-01", "telefon"])
        sheet.write_row(2, 0, ["T-1", "2026-01", "brev"])
        sheet.merge_range("D2:D3", 5)
    assert typed_rows(tmp_path, out.getvalue(), "channel, cases, cases_state") == [
        ("phone", 5, "value"),
        ("letter", None, "not_reported"),
    ]


def test_each_sheet_is_its_own_table(tmp_path: Path) -> None:
    sheets: dict[str, list[Any]] = {
        "Läs mig": [["Hej"]],
        "antal": [HEADER, ["T-1", "2026-01", "telefon", 3]],
        "Diagram": [["år", "x"], [1, 2]],
        "Tomt": [],
    }
    sheets["länkar"] = [["tjanst_id", "etjanst_id"], ["T-1", "E-1"]]
    file = prepare_file(tmp_path, xlsx_bytes(sheets), "a.xlsx")
    assert [(t.sheet, t.dataset.code) for t in file.tables] == [("antal", "case_counts"), ("länkar", "links")]
    assert [(n.sheet, n.code) for n in file.notes] == [("Diagram", "not_recognised")]
    assert not file.faults


def test_a_note_to_the_right_is_ignored_and_named(tmp_path: Path) -> None:
    table = prepare_table(tmp_path, xlsx_bytes({"a": [HEADER, ["T-1", "2026-01", "telefon", 3, "", "kolla"]]}))
    assert (table.good, table.ignored) == (1, ("(F)",))


def test_a_million_empty_formatted_rows(tmp_path: Path) -> None:
    empty = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (i, i) for i in range(3, 1_048_577))
    content = edit_package(COUNTS, {SHEET: (b"</sheetData>", empty + b"</sheetData>")})
    assert prepare_table(tmp_path, content).good == 1


def test_a_sheet_that_spans_too_far(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    (fault,) = prepare_file(tmp_path, edit_package(COUNTS, {SHEET: (b"</sheetData>", far)})).faults
    assert (fault.code, fault.params) == ("too_many_cells_in_sheet", {"rows": 1_048_576, "columns": 16_384})


@pytest.mark.parametrize("columns", [2_000, 2_001])
def test_a_table_with_too_many_columns(tmp_path: Path, columns: int) -> None:
    """Of a workbook and of a text file: the memory goes by the columns, also where there are three rows."""
    rows = [[*HEADER, *(f"x{i}" for i in range(columns - len(HEADER)))], ["T-1", "2026-01", "telefon", "3"]]
    text = "\n".join(map(";".join, rows)).encode()
    for content in (xlsx_bytes({"a": rows}), text):
        file = prepare_file(tmp_path, content)
        assert codes_of(file.faults) == ([] if columns == 2_000 else ["too_many_columns"])
        assert all(fault.params == {"count": columns, "limit": 2_000} for fault in file.faults)


def test_a_bomb_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "INFLATED_BYTES", 50_000_000)
    content = edit_package(COUNTS, {SHEET: (b"<sheetData>", b"<!--" + b" " * 60_000_000 + b"--><sheetData>")})
    assert len(content) < 200_000
    (fault,) = prepare_file(tmp_path, content).faults
    assert render.sentence(fault, "en") == (
        "Unpacked, the file is larger than 47 MB. It is not opened. Save the table as CSV instead."
    )


def test_a_bomb_with_a_false_size(tmp_path: Path) -> None:
    honest = edit_package(COUNTS, {SHEET: (b"<sheetData>", b"<!--" + b" " * 80_000_000 + b"--><sheetData>")})
    with zipfile.ZipFile(io.BytesIO(honest)) as package:
        size = package.getinfo(SHEET).file_size
    lying = honest.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert codes_of(prepare_file(tmp_path, lying).faults) == ["damaged_workbook"]


def test_entities_do_not_multiply(tmp_path: Path) -> None:
    declared = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    laughs = declared + f'<!DOCTYPE x [<!ENTITY l0 "{"a" * 100}">{entities}]>'.encode()
    content = edit_package(COUNTS, {SHEET: (declared, laughs)})
    content = edit_package(content, {SHEET: (b"<sheetData>", b"<sheetData><row><c><v>&l11;</v></c></row>")})
    assert codes_of(prepare_file(tmp_path, content).faults) == ["damaged_workbook"]


def test_areas_merged_over_all_rows_cost_nothing(tmp_path: Path) -> None:
    areas = "".join(f'<mergeCell ref="{chr(65 + i)}2:{chr(65 + i)}1048576"/>' for i in range(26))
    merged = f"</sheetData><mergeCells>{areas}</mergeCells>".encode()
    table = prepare_table(tmp_path, edit_package(COUNTS, {SHEET: (b"</sheetData>", merged)}))
    assert table.good == 1
    assert "merged_cells" in codes_of(table.notes)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (COUNTS[: len(COUNTS) // 2], "damaged_workbook"),
        (b"PK\x03\x04" + b"x" * 100, "damaged_workbook"),
        (edit_package(COUNTS, {SHEET: (b"<sheetData>", b"<sheetData")}), "damaged_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "damaged_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked_workbook"),
        (zip_parts({"word/document.xml": "<a/>"}), "wrong_kind"),
        (zip_parts({"xl/workbook.bin": b"x"}), "wrong_kind"),
        (zip_parts({"xl/workbook.xml": "<a/>"}), "damaged_workbook"),
        (zip_parts({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "damaged_workbook"),
        (ods_workbook(ods_row(*HEADER), "<x><encryption-data/></x>"), "locked_workbook"),
        (xlsx_bytes({"Blad1": []}), "empty_file"),
    ],
)
def test_workbooks_that_cannot_be_read(tmp_path: Path, content: bytes, code: str) -> None:
    (fault,) = prepare_file(tmp_path, content, "bok.xlsx").faults
    assert fault.code == code
    assert render.sentence(fault).endswith(".")


def test_ods(tmp_path: Path) -> None:
    error = CELL.format('float" office:value="0" calcext:value-type="error', "#DIV/0!")
    share = CELL.format('percentage" office:value="0.5', "50 %")

    rest = ods_row('<table:table-cell table:number-columns-repeated="16384"/>', times=1_048_000)
    content = ods_workbook(
        ods_row("Andelar")
        + ods_row("kostnad_id", "verksamhet_id", "andel")
        + ods_row("A", "X", share, times=2)
        + ods_row("A", "Y", error)
        + rest
    )
    assert fault_places(prepare_table(tmp_path, content, "a.ods")) == [(5, "andel", "error_cell")]
    assert typed_rows(tmp_path, content, "share", "_ok") == [(Decimal(50),), (Decimal(50),)]


def test_an_ods_that_repeats_itself_too_often(tmp_path: Path) -> None:
    cell = CELL.format('string" table:number-columns-repeated="16384', "x")
    (fault,) = prepare_file(tmp_path, ods_workbook(ods_row(cell, times=1_048_576))).faults
    assert fault.code == "too_many_cells_in_sheet"


@pytest.mark.parametrize(("columns", "rows"), [(19, 1_000_000), (16_385, 1), (3, 1_048_576)])
def test_an_ods_of_some_hundred_bytes_has_no_millions_of_cells(tmp_path: Path, columns: int, rows: int) -> None:
    """Its cells would cost as much as if they were written: minutes, and memory until the limit."""
    share = CELL.format(f'percentage" office:value="0.5" table:number-columns-repeated="{columns}', "50 %")
    (fault,) = prepare_file(tmp_path, ods_workbook(ods_row(share, times=rows))).faults
    assert (fault.code, fault.params) == ("too_many_cells_in_sheet", {"rows": rows, "columns": columns})


def test_an_xlsx_that_is_packed_from_one_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "FEW_CELLS", 100_000)
    row = b"<row>" + b"<c><v>0</v></c>" * 1000 + b"</row>"
    content = edit_package(COUNTS, {SHEET: (b"</sheetData>", row * 400 + b"</sheetData>")})
    assert len(content) < 30_000
    (fault,) = prepare_file(tmp_path, content).faults
    assert fault.code == "too_many_cells_in_sheet"


def test_a_workbook_may_be_called_anything(tmp_path: Path) -> None:
    assert prepare_table(tmp_path, COUNTS, "export.csv").good == 1
    assert prepare_table(tmp_path, "tjanst_id;manad;kanal;antal\nT-1;2026-01;telefon;1\n", "export.xlsx").good == 1


@pytest.mark.parametrize(
    ("attributes", "inside", "text"),
    [
        ('"boolean" office:boolean-value="true"', "SANT", "ja"),
        ('"time" office:time-value="PT09H05M00S"', "09:05", "09:05:00"),
        ('"time" office:time-value="strax"', "strax", "strax"),
        ('"date" office:date-value="i går"', "i går", "i går"),
        ('"float" office:value="tolv"', "tolv", "tolv"),
        ('"string"', 'två<text:s text:c="2"/>ord<text:tab/>till', "två  ord\ttill"),
        ('"string" office:string-value="hela"', "he…", "hela"),
    ],
)
def test_a_cell_of_an_ods(tmp_path: Path, attributes: str, inside: str, text: str) -> None:
    path = tmp_path / "a.ods"
    cell = f"<table:table-cell office:value-type={attributes}><text:p>{inside}</text:p></table:table-cell>"
    path.write_bytes(ods_workbook(ods_row("id", "namn") + ods_row("A", cell)))
    (sheet,) = open_workbook(path, tmp_path)[0]
    assert sheet.head[1][1][1] == text


@pytest.mark.parametrize("day", ["1899-12-30", "1904-01-01"])
def test_an_ods_says_from_which_day_it_counts(tmp_path: Path, day: str) -> None:
    path = tmp_path / "a.ods"
    null_date = f'<table:calculation-settings><table:null-date table:date-value="{day}"/></table:calculation-settings>'
    content = ods_workbook(ods_row("id", "namn"))
    path.write_bytes(content)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    parts["content.xml"] = parts["content.xml"].replace("<office:spreadsheet>", f"<office:spreadsheet>{null_date}")
    path.write_bytes(zip_parts(parts))
    (sheet,) = ods_sheets_of(path)
    assert sheet.day_zero.isoformat() == day


def ods_sheets_of(path: Path) -> list[RawSheet]:
    with open_package(path) as package:
        return list(ods_sheets(package))
