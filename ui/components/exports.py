"""A table as a file to take along: CSV and XLSX, headed by what it holds, which filters, as of when, by which definitions."""

import csv
import io
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import xlsxwriter

from ui.database import escape_formula

Head = Sequence[tuple[str, str]]  # label and text
WIDEST = 60  # characters of a column in a workbook
OPTIONS = {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
NOT_IN_NAMES, LONGEST_NAME = re.compile(r"[\[\]:*?/\\']"), 31  # of a sheet
STYLES = ({"bold": True}, {"num_format": "0.0%"}, {"num_format": "mmm yyyy"})
PERCENT = "%"  # what the heading of a column of percentages ends with


@dataclass(frozen=True)
class Export:
    """What a file holds: its head, the rows with their headers, and the language that numbers are written in.

    Without a head the headers come first.
    """

    head: Head
    rows: pd.DataFrame
    language: str

    def csv(self) -> bytes:
        """CSV that a spreadsheet opens: UTF-8 with a byte order mark; in Swedish semicolons and decimal commas."""
        swedish = self.language == "sv"
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=";" if swedish else ",", lineterminator="\r\n")
        head = [*([label, escape_formula(text)] for label, text in self.head), []] if self.head else []
        writer.writerows([*head, list(self.rows.columns)])
        writer.writerows([_text(cell, swedish) for cell in row] for row in _cells(self.rows))
        return out.getvalue().encode("utf-8-sig")

    def workbook(self) -> bytes:
        """XLSX with one sheet, named as the table: the head, then a table that sorts and filters.

        Text is text, numbers are numbers, percentages are per cents of one, and days and months are dates.
        """
        return workbook([self])


def workbook(sheets: Sequence[Export], properties: Mapping[str, Any] | None = None) -> bytes:
    """XLSX with a sheet for each; the same bytes each time where the properties say when it was `created`."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties(dict(properties or {}))
        formats = [book.add_format(style) for style in STYLES]
        for name, export in zip(_sheet_names(sheets), sheets, strict=True):
            _write(book.add_worksheet(name), export, *formats)
    return out.getvalue()


def _write(sheet: Any, export: Export, bold: Any, percent: Any, month: Any) -> None:
    share = [str(name).endswith(PERCENT) for name in export.rows.columns]
    for row, (label, text) in enumerate(export.head):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, text)
    top = len(export.head) + 1 if export.head else 0
    for column, name in enumerate(export.rows.columns):
        sheet.write_string(top, column, str(name), bold)
        sheet.set_column(column, column, _width(name, export.rows[name]))
    for row, cells in enumerate(_cells(export.rows), top + 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):  # never taken for a formula, a link or a number
                sheet.write_string(row, column, cell)
            elif isinstance(cell, pd.Period):
                sheet.write_datetime(row, column, cell.start_time, month)
            elif share[column] and cell is not None:
                sheet.write_number(row, column, float(str(cell)) / 100, percent)
            else:
                sheet.write(row, column, cell)
    sheet.autofilter(top, 0, top + len(export.rows), max(0, len(export.rows.columns) - 1))
    sheet.freeze_panes(top + 1, 0)


def _sheet_names(sheets: Sequence[Export]) -> Sequence[str | None]:
    """What each sheet is called, no two alike to a spreadsheet; the program's own name where an export has no head."""
    names: dict[str, None] = {}
    for export in sheets:
        title = sheet_name(export.head[0][1]) if export.head else ""
        same = sum(1 for name in names if name.lower().startswith(title[: LONGEST_NAME - 4].lower()))
        taken = title.lower() in {name.lower() for name in names}
        names[f"{title[: LONGEST_NAME - 4]} ({same + 1})" if taken else title] = None
    return [name or None for name in names]


def sheet_name(title: str) -> str:
    """A title as a workbook may name a sheet, cut between words."""
    return textwrap.shorten(NOT_IN_NAMES.sub(" ", title), LONGEST_NAME, placeholder=" …")


def _cells(rows: pd.DataFrame) -> Iterable[Sequence[object]]:
    """The rows, cell by cell; a missing value is None."""
    plain = rows.astype(object).where(rows.notna(), None)
    return plain.itertuples(index=False, name=None)


def _text(cell: object, swedish: bool) -> object:
    """A cell of a CSV file: every decimal that there is, and no text that a spreadsheet would run."""
    if cell is None:
        return ""
    if isinstance(cell, float | Decimal):
        written = format(Decimal(repr(cell)) if isinstance(cell, float) else cell, "f")
        return written.replace(".", ",") if swedish else written
    return escape_formula(cell)


def _width(name: object, column: "pd.Series[Any]") -> int:
    longest = max((len(str(cell)) for cell in column.head(500)), default=0)
    return min(WIDEST, max(len(str(name)), longest) + 2)
