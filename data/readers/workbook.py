"""Workbooks (XLSX, XLSM, ODS, XLS): every sheet as text, with the cells as they would be typed in a CSV file."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.readers.cells import Area, Cell, RawSheet, cell_text
from data.readers.errors import Unreadable
from data.readers.limits import HEAD_ROWS
from data.readers.ods import is_ods, ods_sheets
from data.readers.package import open_package
from data.readers.sheet import ROW_FILE, HeaderRow, Note, Opened, Row, Sheet, load_rows
from data.readers.xls import xls_sheets
from data.readers.xlsx import book_name, xlsx_sheets

SUMMED = ("count", "money", "percent")


class WorkbookSheet(Sheet):
    """One sheet. All cells of an area merged over several rows get its value."""

    def __init__(self, sheet: RawSheet, work: Path) -> None:
        self.name = sheet.name
        self._sheet, self._work = sheet, work
        self._width = max(map(len, sheet.rows.values()), default=0)
        self.head = list(self._first_rows())

    def _first_rows(self) -> Iterator[Row]:
        count = 0
        for row, cells in sorted(self._sheet.rows.items()):
            texts = [cell_text(cell, "text") for cell in cells] + [""] * (self._width - len(cells))
            if any(text.strip() for text in texts):
                count += 1
                yield row, texts
            if count == HEAD_ROWS:
                return

    def load(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> Sequence[Note]:
        """See `Sheet.load`."""
        header.check_width()
        copy = self._work / f"{table}.csv"
        merged = _MergedAreas(self._sheet.merged, header)
        with copy.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, ROW_FILE)
            writer.writerows(self._texts(header, merged))
        load_rows(connection, table, copy, header.width)
        copy.unlink()
        return [Note("merged_cells", {"count": merged.hidden_cells})] if merged.hidden_cells else []

    def _texts(self, header: HeaderRow, merged: "_MergedAreas") -> Iterator[list[object]]:
        """The rows below the header as text: row number, an empty extra cell, and the cells."""
        kinds = [header.types.get(i, "text") for i in range(header.width)]
        for row, cells in sorted(self._sheet.rows.items()):
            if row <= header.row:
                continue
            if merged.hidden_cells:
                cells = merged.fill(row, cells)
            texts = [cell_text(cell, kind, self._sheet.day_zero) for cell, kind in zip(cells, kinds, strict=False)]
            if any(texts):
                yield [row, "", *texts, *[""] * (header.width - len(texts))]


class _MergedAreas:
    """The areas below a header that are merged over several rows. Only their top cells have a value in the file."""

    def __init__(self, areas: Sequence[Area], header: HeaderRow) -> None:
        below = [(top, left - 1, bottom) for top, left, bottom, _ in areas if header.row < top < bottom]
        self.hidden_cells = sum(bottom - top for top, _, bottom in below)
        self._below = deque(sorted(below))
        self._header = header
        self._reached: dict[int, tuple[int, int, Cell]] = {}  # by position, the last area: top, bottom and value

    def fill(self, row: int, cells: Sequence[Cell]) -> list[Cell]:
        """The cells of the next row, those hidden by an area with the value of its top cell; numbers are not repeated."""
        filled: list[Cell] = [*cells, *[""] * (self._header.width - len(cells))]
        while self._below and self._below[0][0] <= row:
            top, i, bottom = self._below.popleft()
            if i < self._header.width and self._header.types.get(i) not in SUMMED:
                self._reached[i] = (top, bottom, filled[i] if top == row else "")
        for i, (top, bottom, value) in self._reached.items():
            if top < row <= bottom:
                filled[i] = value
        return filled


def open_workbook(path: Path, work: Path) -> Opened:
    """The visible sheets, and notes. Unreadable when the workbook is damaged, locked or too large."""
    with path.open("rb") as file:
        zipped = file.read(4) == b"PK\x03\x04"
    raw = _zipped_sheets(path) if zipped else xls_sheets(path)
    hidden = [sheet.name for sheet in raw if not sheet.visible]
    sheets = [WorkbookSheet(sheet, work) for sheet in raw if sheet.visible]
    return sheets, [Note("hidden_sheets", {"names": hidden})] if hidden else []


def _zipped_sheets(path: Path) -> Sequence[RawSheet]:
    """The sheets of an XLSX or ODS workbook. Unreadable for any other package."""
    with open_package(path) as package:
        name = book_name(package)
        if name and name.endswith(".bin"):
            raise Unreadable("wrong_kind", kind="XLSB")
        if name:
            return xlsx_sheets(package, name)
        if is_ods(package):
            return ods_sheets(package)
        if "xl/workbook.bin" in package:
            raise Unreadable("wrong_kind", kind="XLSB")
        if "mimetype" in package or package.has_folder("word", "ppt"):  # another kind of document
            raise Unreadable("wrong_kind", kind="ZIP")
        raise Unreadable("packed")
