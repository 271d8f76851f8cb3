"""Workbooks (XLSX, XLSM, ODS, XLS): every sheet as text, with the cells as they would be typed in a CSV file."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.readers.cells import Cell, RawSheet, cell_text
from data.readers.errors import Unreadable
from data.readers.limits import HEAD_ROWS
from data.readers.ods import is_ods, ods_sheets
from data.readers.package import open_package
from data.readers.sheet import HeaderRow, Note, Opened, Row, Sheet, load_rows
from data.readers.xls import xls_sheets
from data.readers.xlsx import book_name, xlsx_sheets

SUMMED = ("count", "money", "percent")
Position = tuple[int, int]  # row from 1, position from 0


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
        copy = self._work / f"{table}.csv"
        merged = self._merged(header.row)
        with copy.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writerows(self._texts(header, merged))
        load_rows(connection, table, copy, header.width)
        copy.unlink()
        return [Note("merged_cells", {"count": len(merged)})] if merged else []

    def _texts(self, header: HeaderRow, merged: Mapping[Position, Position]) -> Iterator[list[object]]:
        """The rows below the header as text: row number, an empty extra cell, and the cells."""
        kinds = [header.types.get(i, "text") for i in range(header.width)]
        tops = dict[Position, Cell]()
        for row, cells in sorted(self._sheet.rows.items()):
            if row <= header.row:
                continue
            if merged:
                cells = _with_merged(row, cells, merged, tops, kinds)
            texts = [cell_text(cell, kind, self._sheet.day_zero) for cell, kind in zip(cells, kinds, strict=False)]
            if any(texts):
                yield [row, "", *texts, *[""] * (header.width - len(texts))]

    def _merged(self, header: int) -> dict[Position, Position]:
        """The position of every cell below the header that a merged area hides, and that of the area's value."""
        return {
            (row, left - 1): (top, left - 1)
            for top, left, bottom, _ in self._sheet.merged
            if top > header
            for row in range(top + 1, bottom + 1)
        }


def _with_merged(
    row: int,
    cells: Sequence[Cell],
    merged: Mapping[Position, Position],
    tops: dict[Position, Cell],
    kinds: Sequence[str],
) -> list[Cell]:
    """The cells, those hidden by a merged area with the value of its top cell; numbers are not repeated."""
    filled: list[Cell] = [*cells, *[""] * (len(kinds) - len(cells))]
    for i in range(len(kinds)):
        top = merged.get((row, i))
        if top is None or kinds[i] in SUMMED:
            tops[row, i] = filled[i]
        else:
            filled[i] = tops.get(top, "")
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
