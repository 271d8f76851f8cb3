"""Workbooks (XLSX, XLSM, ODS, XLS): every sheet as text, with the cells as they would be typed in a CSV file."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from pathlib import Path

import python_calamine as calamine
from duckdb import DuckDBPyConnection

from data.readers.cell_flags import CellFlags
from data.readers.errors import Unreadable
from data.readers.limits import HEAD_ROWS
from data.readers.package import Package, inspect_package, sheet_flags
from data.readers.sheet import HeaderRow, Note, Opened, Sheet, load_rows

SUMMED = ("count", "money", "percent")
Position = tuple[int, int]  # row from 1, position from 0
Cell = int | float | str | bool | time | date | datetime | timedelta
_FIRST_DAY, _LAST_DAY = 20_000, 80_000  # serial numbers that are read as dates: 1954–2119
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class WorkbookSheet(Sheet):
    """One sheet. All cells of an area merged over several rows get its value."""

    def __init__(self, name: str, sheet: calamine.CalamineSheet, package: Package, work: Path) -> None:
        self.name = name
        self._sheet, self._package, self._work = sheet, package, work
        rows = ((row, [cell_text(cell, "text", False) for cell in cells]) for row, cells in self._cells())
        filled = ((row, texts) for row, texts in rows if any(text.strip() for text in texts))
        self.head = [*islice(filled, HEAD_ROWS)]

    def _cells(self) -> Iterator[tuple[int, list[Cell]]]:
        """Every row with its number and its cells from column A on."""
        indent: list[Cell] = [""] * (self._sheet.start[1] if self._sheet.start else 0)
        for row, cells in enumerate(self._sheet.iter_rows(), 1):
            yield row, indent + cells

    @cached_property
    def _flags(self) -> CellFlags:
        return sheet_flags(self._package, self.name or "")

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
        base_1904, tops = self._package.base_1904, dict[Position, Cell]()
        flagged = {row for row, _ in (*self._flags.errors, *self._flags.percent)}
        for row, cells in self._cells():
            if row <= header.row:
                continue
            if merged:
                _fill_merged(row, cells, merged, tops, kinds)
            texts = [cell_text(cell, kind, base_1904) for cell, kind in zip(cells, kinds, strict=False)]
            if row in flagged:
                self._apply_flags(row, cells, texts, kinds)
            if any(texts):
                yield [row, "", *texts, *[""] * (header.width - len(texts))]

    def _apply_flags(self, row: int, cells: Sequence[Cell], texts: list[str], kinds: Sequence[str]) -> None:
        """Replace the texts of flagged cells: the error of a failed formula, and the per cent of a fraction."""
        for i, cell in enumerate(cells[: len(texts)]):
            if (row, i + 1) in self._flags.errors:
                texts[i] = self._flags.errors[row, i + 1]
            elif kinds[i] == "percent" and (row, i + 1) in self._flags.percent and isinstance(cell, int | float):
                texts[i] = cell_text(cell * 100, "percent", False)

    def _merged(self, header: int) -> dict[Position, Position]:
        """The position of every cell below the header that a merged area hides, and that of the area's value."""
        return {
            (row + 1, first[1]): (first[0] + 1, first[1])
            for first, last in self._sheet.merged_cell_ranges or ()
            if first[0] >= header
            for row in range(first[0] + 1, last[0] + 1)
        }


def _fill_merged(
    row: int, cells: list[Cell], merged: Mapping[Position, Position], tops: dict[Position, Cell], kinds: Sequence[str]
) -> None:
    """Give the cells hidden by a merged area the value of its top cell; numbers are not repeated."""
    for i in range(min(len(cells), len(kinds))):
        top = merged.get((row, i))
        if top is None or kinds[i] in SUMMED:
            tops[row, i] = cells[i]
        else:
            cells[i] = tops.get(top, "")


def cell_text(cell: Cell, kind: str, base_1904: bool) -> str:
    """A cell as it would be typed. Serial numbers become dates where `kind`, the column's type, is date or month."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, int | float):
        return _number_text(float(cell), kind, base_1904)
    return str(cell)


def _number_text(value: float, kind: str, base_1904: bool) -> str:
    if kind in ("date", "month") and _FIRST_DAY <= value <= _LAST_DAY:
        start = date(1904, 1, 1) if base_1904 else date(1899, 12, 30)
        return (start + timedelta(days=int(value))).isoformat()
    if kind == "money" and abs(value - round(value, 2)) < 1e-6 and abs(value) < 1e12:
        value = round(value, 2)
    if kind == "percent":
        value = round(value, 8)
    if value.is_integer() and abs(value) < 1e17:
        return str(int(value))
    return f"{value:.15f}".rstrip("0") if 1e-15 < abs(value) < 1e-4 else repr(value)


def open_workbook(path: Path, work: Path) -> Opened:
    """The visible sheets, and notes. Unreadable when the workbook is damaged, locked or too large."""
    with path.open("rb") as file:
        zipped = file.read(4) == b"PK\x03\x04"
    package = inspect_package(path) if zipped else _xls_package(path)
    try:
        return _visible_sheets(path, package, work)
    except calamine.PasswordError as error:
        raise Unreadable("locked_workbook") from error
    except calamine.CalamineError as error:
        raise Unreadable("damaged_workbook") from error


def _xls_package(path: Path) -> Package:
    """The package of an XLS file. Unreadable when it is a locked XLSX, which has the same container."""
    if _ENCRYPTED in path.read_bytes():
        raise Unreadable("locked_workbook")
    return Package(path, "xls")


def _visible_sheets(path: Path, package: Package, work: Path) -> Opened:
    sheets, hidden = list[Sheet](), []
    with path.open("rb") as file:
        book = calamine.CalamineWorkbook.from_filelike(file)
        for meta in book.sheets_metadata:
            if meta.visible != calamine.SheetVisibleEnum.Visible:
                hidden.append(meta.name)
            elif meta.typ == calamine.SheetTypeEnum.WorkSheet:
                sheets.append(WorkbookSheet(meta.name, book.get_sheet_by_name(meta.name), package, work))
    return sheets, [Note("hidden_sheets", {"names": hidden})] if hidden else []
