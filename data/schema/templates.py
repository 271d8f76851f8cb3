"""Import templates generated from the catalogue, empty or filled: a CSV file for each table, and a workbook of them all."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import xlsxwriter

from data.base.errors import FileThere
from data.base.language import N_, translations
from data.schema.catalogue import Column, Dataset, datasets

Cell = str | int | Decimal | date | None
Row = Sequence[Cell]  # a cell for each column of the table; fixed values and states as the words that a file has
LAST_ROW = 1_048_575  # of an XLSX sheet, from 0
HEADER_ROW = 3  # from 0, below the title, "Required" and the help
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FIRST_DAY = date(1900, 3, 1)  # that all spreadsheets count alike
_DIGITS = 15  # of a number that a spreadsheet keeps
MOST_IN_WORKBOOK = 50_000  # rows of a table: to write more keeps a reader waiting
_START = N_("Read me")
_FORMATS = {"date": "yyyy-mm-dd", "money": "#,##0.00", "count": "0", "year": "0", "percent": "0.##"}
_INSTRUCTIONS = (
    N_("Each sheet is a table. Fill in the sheets you have, and leave the others as they are."),
    N_("Write below the row of headers. Columns marked Required must have a value in every row."),
    N_("Dates are written YYYY-MM-DD and months YYYY-MM. Decimals take a comma or a point."),
    N_("An empty cell means not reported. Write 0 only when it is known to be zero."),
    N_("Never write names, personal numbers or e-mail addresses of people. Such rows are refused."),
    N_("Save, and upload the whole workbook on the page Importera."),
)


def csv_template(dataset: Dataset, rows: Iterable[Row] = ()) -> bytes:
    """The table's headers, and rows, as a CSV file that Excel opens: UTF-8 with a byte order mark, semicolons."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([c.header for c in dataset.columns])
    writer.writerows(
        [_csv_text(column, cell) for column, cell in zip(dataset.columns, row, strict=True)] for row in rows
    )
    return out.getvalue().encode("utf-8-sig")


def workbook_template(language: str = "sv", rows: Mapping[str, Sequence[Row]] = MappingProxyType({})) -> bytes:
    """The XLSX workbook: a sheet with instructions, then a sheet for each table with help, formats and drop-downs.

    `rows` are those of the tables that have any, by the table's code; of more than `MOST_IN_WORKBOOK` none is written.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(2026, 1, 1), "title": translations(language).gettext(N_("Templates"))})
        _write_start_sheet(book, language)
        for dataset in datasets().values():
            sheet = _write_table_sheet(book, dataset, language)
            filled = rows.get(dataset.code, ())
            _write_rows(sheet, dataset, filled if len(filled) <= MOST_IN_WORKBOOK else ())
    return out.getvalue()


def write_templates(
    folder: Path,
    language: str = "sv",
    overwrite: bool = False,
    rows: Mapping[str, Sequence[Row]] = MappingProxyType({}),
) -> tuple[Path, ...]:
    """Write every template to the folder, created if missing, with the rows of each table. Returns the files.

    FileThere when one of them is there, perhaps filled in, and is not to be overwritten; OSError when the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{d.header}.csv": csv_template(d, rows.get(d.code, ())) for d in datasets().values()}
    files[translations(language).gettext(N_("templates.xlsx"))] = workbook_template(language, rows)
    there = next((folder / name for name in files if (folder / name).exists()), None)
    if there and not overwrite:
        raise FileThere(file=there)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in files)


def _write_start_sheet(book: xlsxwriter.Workbook, language: str) -> None:
    """Write the first sheet: instructions and the list of tables. The import ignores it."""
    gettext = translations(language).gettext
    sheet = book.add_worksheet(gettext(_START))
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24, wrap)
    sheet.set_column(1, 1, 90, wrap)
    sheet.write_string(0, 0, gettext(_START), book.add_format({"bold": True, "font_size": 16}))
    for row, line in enumerate(_INSTRUCTIONS, 2):
        sheet.write_string(row, 1, gettext(line), wrap)
    first = len(_INSTRUCTIONS) + 3
    for row, dataset in enumerate(datasets().values(), first):
        sheet.write_url(row, 0, f"internal:'{dataset.header}'!A{HEADER_ROW + 2}", bold, dataset.header)
        sheet.write_string(row, 1, f"{dataset.grain[language]}. {dataset.help[language]}", wrap)


def escape_formula(cell: object) -> object:
    """The cell, with an apostrophe before a text that a spreadsheet would run as a formula; the import takes it away."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def cell_text(column: Column, cell: Cell) -> str:
    """The cell as the import reads it."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return (f"{cell:.2f}" if column.type == "money" else _shortest(cell)).replace(".", ",")
    return str(cell)


def _csv_text(column: Column, cell: Cell) -> str:
    """As `cell_text`; a text is escaped, but no number."""
    return str(escape_formula(cell)) if isinstance(cell, str) else cell_text(column, cell)


def _shortest(number: Decimal) -> str:
    """The number without zeros at its end."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _write_rows(sheet: xlsxwriter.workbook.Worksheet, dataset: Dataset, rows: Sequence[Row]) -> None:
    """Write the rows below the headers: numbers and days as such, where a spreadsheet keeps them to the last digit."""
    for number, row in enumerate(rows, HEADER_ROW + 1):
        for i, (column, cell) in enumerate(zip(dataset.columns, row, strict=True)):
            if isinstance(cell, date) and cell >= _FIRST_DAY:
                sheet.write_datetime(number, i, datetime(cell.year, cell.month, cell.day))
            elif isinstance(cell, int | Decimal) and len(str(cell)) <= _DIGITS:
                sheet.write_number(number, i, float(cell))
            elif cell is not None:
                sheet.write_string(number, i, cell_text(column, cell))


def _write_table_sheet(book: xlsxwriter.Workbook, dataset: Dataset, language: str) -> xlsxwriter.workbook.Worksheet:
    """Write a table's sheet, and return it: title, required or optional, help, and the headers, which are frozen."""
    gettext = translations(language).gettext
    sheet = book.add_worksheet(dataset.header)
    title = book.add_format({"bold": True, "font_size": 14})
    requirement = book.add_format({"bold": True, "italic": True, "valign": "top"})
    help_text = book.add_format({"text_wrap": True, "valign": "top", "font_size": 9})
    required = book.add_format({"bold": True, "bottom": 2, "bg_color": "#DCE6F1"})
    header = book.add_format({"bottom": 1})
    sheet.write_string(0, 0, f"{dataset.title[language]}: {dataset.grain[language]}", title)
    for i, column in enumerate(dataset.columns):
        sheet.set_column(i, i, max(18, len(column.header) + 4), _format(book, column))
        sheet.write_string(1, i, gettext(N_("Required")) if column.required else gettext(N_("Optional")), requirement)
        sheet.write_string(2, i, _help(column, language), help_text)
        sheet.write_string(HEADER_ROW, i, column.header, required if column.required else header)
        _add_validation(sheet, i, column, language)
    sheet.set_row(2, 110)
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    return sheet


def _format(book: xlsxwriter.Workbook, column: Column) -> object:
    """The cell format of a column; ids, texts and months are text, so that "2026-03" and "0012" stay as written."""
    return book.add_format({"num_format": _FORMATS.get(column.type, "@")})


def _help(column: Column, language: str) -> str:
    if not column.example:
        return column.help[language]
    template = translations(language).gettext(N_("Example: %(value)s"))
    return f"{column.help[language]}\n{template % {'value': column.example}}"


def _add_validation(sheet: xlsxwriter.workbook.Worksheet, i: int, column: Column, language: str) -> None:
    """Validate all cells of a column: a drop-down for allowed values, a check of dates."""
    gettext = translations(language).gettext
    common = {"ignore_blank": True, "error_title": column.header, "error_type": "stop"}
    if column.values:
        rule = {"validate": "list", "source": [v.labels["sv"] for v in column.values], **common}
    elif column.type == "date":
        rule = {"validate": "date", "criteria": ">=", "value": datetime(1900, 1, 1), **common}
        rule["error_message"] = gettext(N_("Write the date as YYYY-MM-DD."))
    else:
        return
    sheet.data_validation(HEADER_ROW + 1, i, LAST_ROW, i, rule)
