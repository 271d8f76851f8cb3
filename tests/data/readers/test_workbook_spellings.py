"""No failed formula, per cent or date base is lost, whichever program wrote the workbook."""

import io
import itertools
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.messages import render
from data.readers.cells import format_kind
from tests.data.drafts import codes_of, fault_places, prepare_file, prepare_table, typed_rows
from tests.data.workbooks import (
    Shown,
    Table,
    XlsxSpelling,
    edit_package,
    excel_ods,
    libreoffice_ods,
    ods_row,
    ods_workbook,
    xls_workbook,
    zip_parts,
)

SPELLINGS = [
    XlsxSpelling(*choice)
    for choice in itertools.product((False, True), (True, False), ('"', "'"), ("", "x:"), ("/", "\\"))
]
WRITERS: list[Callable[[Table], bytes]] = [
    *(spelling.workbook for spelling in SPELLINGS), excel_ods, libreoffice_ods, xls_workbook,
]  # fmt: skip
SHARES: Table = [
    ["kostnad_id", "verksamhet_id", "andel"],
    ["A", "X", Shown(0.5, "percent")],
    ["A", "Y", Shown(error="#DIV/0!")],
    ["B", "", Shown(1, "percent")],
    ["C", "X", Shown(12.5)],
]
COUNTS: Table = [
    ["tjanst_id", "manad", "kanal", "antal", "assisterat"],
    ["T1", "2026-03", "telefon", Shown(5), Shown(error="#N/A")],
    ["T1", "2026-04", "telefon", Shown(error="#DIV/0!"), "nej"],
    ["T1", "2026-05", "telefon", Shown(1, "percent"), "nej"],
    ["T1", "2026-06", "telefon", Shown(6), "nej"],
]


@pytest.mark.parametrize("write", WRITERS)
def test_failed_formulas_and_shares(tmp_path: Path, write: Callable[[Table], bytes]) -> None:
    table = prepare_table(tmp_path, write(SHARES))
    assert [(f.row, f.column, f.code, f.value) for f in table.faults] == [
        (3, "andel", "error_cell", "#DIV/0!"),
        (4, "verksamhet_id", "blank", None),
    ]
    assert typed_rows(tmp_path, write(SHARES), "share", "_ok") == [(Decimal(50),), (Decimal("12.5"),)]


@pytest.mark.parametrize("write", WRITERS)
def test_a_failed_count_is_no_zero_and_a_share_is_no_count(tmp_path: Path, write: Callable[[Table], bytes]) -> None:
    table = prepare_table(tmp_path, write(COUNTS))
    assert [(f.row, f.column, f.code, f.value) for f in table.faults] == [
        (2, "assisterat", "error_cell", "#N/A"),
        (3, "antal", "error_cell", "#DIV/0!"),
        (4, "antal", "bad_count", "100 %"),
    ]
    assert table.good == 1


@pytest.mark.parametrize("base_1904", [False, True])
@pytest.mark.parametrize("write", [*(spelling.workbook for spelling in SPELLINGS), xls_workbook])
def test_dates_and_serial_numbers_by_the_base_of_the_workbook(
    tmp_path: Path, write: Callable[[Table, bool], bytes], base_1904: bool
) -> None:
    serial = 46_086 - 1462 * base_1904
    content = write([["datum", "rubrik"], [Shown(serial, "date"), "a"], [Shown(serial), "b"]], base_1904)
    assert typed_rows(tmp_path, content, "date") == [(date(2026, 3, 5),)] * 2


def test_a_month_that_a_spreadsheet_shows_as_mar_26(tmp_path: Path) -> None:
    rows: Table = [["tjanst_id", "manad", "kanal", "antal"], ["T1", Shown(46_082, "date"), "telefon", Shown(5)]]
    for content in (XlsxSpelling().workbook(rows), xls_workbook(rows)):
        assert typed_rows(tmp_path, content, "month, _ok") == [(date(2026, 3, 1), True)]


def test_serial_numbers_in_an_ods_with_a_base_of_its_own(tmp_path: Path) -> None:
    settings = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    serial = (
        '<table:table-cell office:value-type="float" office:value="44624"><text:p>44624</text:p></table:table-cell>'
    )
    content = ods_workbook(ods_row("datum", "rubrik") + ods_row(serial, "a"))
    content = edit_package(content, {"content.xml": (b"<table:table ", settings.encode() + b"<table:table ")})
    assert typed_rows(tmp_path, content, "date") == [(date(2026, 3, 5),)]


def test_a_failed_formula_in_an_ods_that_only_shows_it(tmp_path: Path) -> None:
    """As Excel writes it: the value is 0."""
    failed = (
        '<table:table-cell table:formula="msoxl:=7/0" office:value-type="float" office:value="0">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    header = ods_row("tjanst_id", "manad", "kanal", "antal")
    table = prepare_table(tmp_path, ods_workbook(header + ods_row("T1", "2026-03", "e-tjänst", failed)))
    assert fault_places(table) == [(2, "antal", "error_cell")]
    assert render.sentence(table.faults[0]) == (
        "Blad Blad1, rad 2, kolumn antal: ”#DIV/0!” är ett formelfel. Rätta formeln, eller skriv värdet."
    )


@pytest.mark.parametrize(
    "shown", ["#SAKNAS!", "#DIVISION/0!", "#VÄRDEFEL!", "Fel:502", "Err:508", "#BUSY!", "#konstigt"]
)
@pytest.mark.parametrize("column", [1, 3])
def test_an_error_in_any_words_and_any_column(tmp_path: Path, shown: str, column: int) -> None:
    cells: list[str | Shown] = ["T1", "Bygglov", "SKOL", "extern"]
    cells[column] = Shown(error=shown)
    for write in (excel_ods, libreoffice_ods):
        table = prepare_table(tmp_path, write([["tjanst_id", "namn", "verksamhet_id", "malgrupp"], cells]))
        assert codes_of(table.faults) == ["error_cell"]


def test_a_comment_is_no_part_of_the_cell_and_another_prefix_is_no_other_element(tmp_path: Path) -> None:
    note = "<office:annotation><text:p>#DIV/0!</text:p></office:annotation>"
    cell = f'<table:table-cell office:value-type="float" office:value="5">{note}<text:p>5</text:p></table:table-cell>'
    content = ods_workbook(ods_row("tjanst_id", "manad", "kanal", "antal") + ods_row("T1", "2026-03", "telefon", cell))
    for before, after in ((b"table:", b"t:"), (b":t:1.0", b":table:1.0"), (b"xmlns:table=", b"xmlns:t=")):
        content = edit_package(content, {"content.xml": (before, after)})
    assert typed_rows(tmp_path, content, "cases, _ok") == [(5, True)]


@pytest.mark.parametrize(
    ("shown", "share"),
    [("50 %", Decimal(50)), ("50%", Decimal(50)), ("0,5 %", Decimal("0.5")), ("0.5", Decimal("0.5"))],
)
def test_a_share_that_only_what_is_shown_tells(tmp_path: Path, shown: str, share: Decimal) -> None:
    cell = f'<table:table-cell office:value-type="float" office:value="0.5"><text:p>{shown}</text:p></table:table-cell>'
    content = ods_workbook(ods_row("kostnad_id", "verksamhet_id", "andel") + ods_row("A", "X", cell))
    assert typed_rows(tmp_path, content, "share") == [(share,)]


@pytest.mark.parametrize(
    ("cell", "book"),
    [
        ("<f>SUM(A1:A9)</f>", ""),
        ("<f>SUM(A1:A9)</f><v></v>", ""),
        ("<f>SUM(A1:A9)</f><v>0</v>", '<calcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_a_formula_that_was_never_calculated(tmp_path: Path, cell: str, book: str) -> None:
    rows: Table = [
        ["tjanst_id", "namn", "verksamhet_id", "malgrupp", "publicerad_till"],
        ["T1", "x", "SKOL", "extern", Shown(7)],
    ]
    content = XlsxSpelling().workbook(rows, book=book)
    content = edit_package(content, {"xl/worksheets/first.xml": (b"<v>7</v>", cell.encode())})
    (fault,) = prepare_table(tmp_path, content).faults
    assert (fault.row, fault.column, fault.code) == (2, "publicerad_till", "uncalculated")
    assert render.sentence(fault) == (
        "Blad Blad1, rad 2, kolumn publicerad_till: Formeln har inget sparat värde."
        " Öppna arbetsboken i Excel eller LibreOffice, spara den och importera den igen."
    )


def test_a_formula_that_gives_an_empty_text_is_a_blank_cell(tmp_path: Path) -> None:
    rows: Table = [
        ["tjanst_id", "namn", "verksamhet_id", "malgrupp", "publicerad_till"],
        ["T1", "x", "SKOL", "extern", Shown(7)],
    ]
    change = {"xl/worksheets/first.xml": (b's="0"><v>7</v>', b't="str"><f>IF(1,"","")</f><v></v>')}
    assert prepare_table(tmp_path, edit_package(XlsxSpelling().workbook(rows), change)).good == 1


def test_shared_strings_with_formats_and_phonetics(tmp_path: Path) -> None:
    content = XlsxSpelling().workbook([["datum", "rubrik"], ["2026-01-02", Shown(0)]])
    strings = "<sst><si><r><t>Ny </t></r><r><t>sida</t></r><rPh sb='0' eb='1'><t>no</t></rPh></si><si><t>_x0041_</t></si></sst>"
    edited = edit_package(content, {"xl/worksheets/first.xml": (b's="0"><v>0</v>', b't="s"><v>0</v>')})
    with zipfile.ZipFile(io.BytesIO(edited)) as package:
        parts: dict[str, bytes | str] = {name: package.read(name) for name in package.namelist()}
    assert typed_rows(tmp_path, zip_parts({**parts, "xl/SharedStrings.xml": strings}), "title") == [("Ny sida",)]
    assert codes_of(prepare_file(tmp_path, edited).faults) == ["damaged_workbook"]


def test_a_long_number_keeps_its_digits(tmp_path: Path) -> None:
    content = XlsxSpelling().workbook(
        [["tjanst_id", "namn", "verksamhet_id", "malgrupp"], [Shown(0), "x", "S", "extern"]]
    )
    part = "xl/worksheets/first.xml"
    exact = edit_package(content, {part: (b"<v>0</v>", b"<v>1234567890123456789</v>")})
    rounded = edit_package(content, {part: (b"<v>0</v>", b"<v>1.2345678901234568E+18</v>")})
    assert typed_rows(tmp_path, exact, "service_id") == [("1234567890123456789",)]
    assert fault_places(prepare_table(tmp_path, rounded)) == [(2, "tjanst_id", "mangled_id")]


def test_a_damaged_xls(tmp_path: Path) -> None:
    whole = xls_workbook(COUNTS)
    for content in (whole[:700], whole[:512] + bytes(512) + whole[1024:], whole[:1500]):
        assert codes_of(prepare_file(tmp_path, content).faults) == ["damaged_workbook"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", ""), ("Standard", ""), ("0", ""), ("#,##0.00\\ \"kr\"", ""), ("#,##0 SEK", ""), ("0.00E+00", ""), ("@", ""),
        ("0%", "percent"), ("0.0\\ %", "percent"), ("0%;[Red]-0%", "percent"), ('0"%"', ""), ("0\\%", ""),
        ("yyyy\\-mm\\-dd", "date"), ("[$-41D]mmm\\-yy;@", "date"), ("mmm", "date"), ("d/m", "date"), ("yyyy-mm-dd hh:mm", "date"),
        ("hh:mm", "time"), ("[h]:mm:ss", "time"), ("mm:ss.0", "time"), ("[$kr-41D] #,##0", ""), ('"d"0', ""),
    ],
)  # fmt: skip
def test_number_formats(code: str, kind: str) -> None:
    assert format_kind(code) == kind
