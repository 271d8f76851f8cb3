"""XLS workbooks (BIFF5 and BIFF8): what calamine leaves out of its cells, namely failed formulas and number formats."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from data.readers.cells import DAY_ZERO, DAY_ZERO_1904, UNCALCULATED, Cell, Percent, RawSheet, Rows, check_span
from data.readers.errors import Unreadable
from data.readers.xlsx import number_kinds

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_LAST_SECTOR = 0xFFFF_FFFA  # greater numbers mean the end of a chain, or no sector
_BOF, _SHEET, _DATE_MODE, _FORMAT, _XF = 0x809, 0x85, 0x22, 0x41E, 0xE0
_FORMULAS, _BOOL_OR_ERROR, _NUMBER, _RK, _MULTIPLE_RK = (0x06, 0x206, 0x406), 0x205, 0x203, 0x27E, 0xBD
_CALCULATE_ON_LOAD = 2
Position = tuple[int, int]  # row and column, from 1


@dataclass
class _Flags:
    """The flags of a sheet: the text of each failed formula, and the cells in percent format."""

    errors: dict[Position, str] = field(default_factory=dict)
    percent: set[Position] = field(default_factory=set)


def xls_sheets(path: Path) -> Sequence[RawSheet]:
    """Every worksheet; hidden ones without rows. Unreadable when damaged or locked, also a locked XLSX, which looks alike."""
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise Unreadable("locked_workbook")
    try:
        flags = _BookFlags(
            _stream(content)
        )  # first: a chain of sectors that never ends would take all memory in calamine
        with path.open("rb") as file:
            book = CalamineWorkbook.from_filelike(file)
            return [
                _sheet(book, meta.name, meta.visible == SheetVisibleEnum.Visible, flags)
                for meta in book.sheets_metadata
                if meta.typ == SheetTypeEnum.WorkSheet
            ]
    except PasswordError as error:
        raise Unreadable("locked_workbook") from error
    except (CalamineError, struct.error, LookupError, ValueError) as error:
        raise Unreadable("damaged_workbook") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of calamine's Rust; it is no Exception, and cannot be imported
            raise Unreadable("damaged_workbook") from error
        raise


def _sheet(book: CalamineWorkbook, name: str, visible: bool, flags: "_BookFlags") -> RawSheet:
    if not visible:
        return RawSheet(name, {}, visible=False)
    sheet = book.get_sheet_by_name(name)
    indent: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    rows: Rows = {row: indent + cast("list[Cell]", cells) for row, cells in enumerate(sheet.iter_rows(), 1)}
    _apply(flags.sheets[name], rows)
    merged = [
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    return RawSheet(name, rows, merged, flags.day_zero)


def _apply(flags: _Flags, rows: Rows) -> None:
    """Put the errors where calamine has blanks, and mark the numbers in percent format."""
    for (row, column), text in flags.errors.items():
        check_span(row, column)
        cells = rows.setdefault(row, [])
        cells.extend([""] * (column - len(cells)))
        cells[column - 1] = text
    for row, column in flags.percent:
        cell = rows[row][column - 1]
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            rows[row][column - 1] = Percent(cell)


class _BookFlags:
    """The flags of every sheet by name, and the day that serial numbers are counted from."""

    def __init__(self, stream: bytes) -> None:
        self.day_zero: date = DAY_ZERO
        self.sheets: dict[str, _Flags] = {}
        self._formats: list[int] = []
        self._codes: dict[int, str] = {}
        self._wide = True
        starts: dict[int, str] = {}
        for kind, data in _records(stream, 0):
            self._add(kind, data, starts)
        self._kinds = number_kinds(self._formats, self._codes)
        for start, name in starts.items():
            self.sheets[name] = self._sheet_flags(stream, start)

    def _add(self, kind: int, data: bytes, starts: dict[int, str]) -> None:
        match kind:
            case _ if kind == _BOF:
                self._wide = data[:2] == b"\x00\x06"  # BIFF8
            case _ if kind == _DATE_MODE:
                self.day_zero = DAY_ZERO_1904 if data[0] else DAY_ZERO
            case _ if kind == _SHEET:
                starts[struct.unpack_from("<I", data)[0]] = self._text(data[6:], 1)
            case _ if kind == _FORMAT:
                self._codes[struct.unpack_from("<H", data)[0]] = self._text(data[2:], 2 if self._wide else 1)
            case _ if kind == _XF:
                self._formats.append(struct.unpack_from("<H", data, 2)[0])

    def _text(self, data: bytes, size: int) -> str:
        """A text that begins with its length in `size` bytes."""
        length, rest = int.from_bytes(data[:size], "little"), data[size:]
        if not self._wide:
            return rest[:length].decode("cp1252", "replace")
        return rest[1 : 1 + 2 * length].decode("utf-16-le") if rest[0] & 1 else rest[1 : 1 + length].decode("latin-1")

    def _sheet_flags(self, stream: bytes, start: int) -> _Flags:
        flags = _Flags()
        for kind, data in _records(stream, start):
            if kind in _FORMULAS or kind in (_BOOL_OR_ERROR, _NUMBER, _RK):
                row, column, style = struct.unpack_from("<HHH", data)
                error = _formula_error(data) if kind in _FORMULAS else _constant_error(kind, data)
                self._flag(flags, (row + 1, column + 1), style, error)
            elif kind == _MULTIPLE_RK:
                row, first = struct.unpack_from("<HH", data)
                for i in range((len(data) - 6) // 6):
                    self._flag(flags, (row + 1, first + i + 1), struct.unpack_from("<H", data, 4 + 6 * i)[0], None)
        return flags

    def _flag(self, flags: _Flags, position: Position, style: int, error: str | None) -> None:
        if error:
            flags.errors[position] = error
        elif style < len(self._kinds) and self._kinds[style] == "percent":
            flags.percent.add(position)


def _constant_error(kind: int, data: bytes) -> str | None:
    return _ERRORS.get(data[6], "#N/A") if kind == _BOOL_OR_ERROR and data[7] else None


def _formula_error(data: bytes) -> str | None:
    """The error that a formula gave; also one whose 0 a program wrote, to be calculated when it is opened."""
    result, options = data[6:14], struct.unpack_from("<H", data, 14)[0]
    if result[6:8] == b"\xff\xff":
        return _ERRORS.get(result[2], "#N/A") if result[0] == 2 else None
    return UNCALCULATED if options & _CALCULATE_ON_LOAD and not any(result) else None


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of the substream that begins at `start`, and none of those nested in it."""
    depth, at = 0, start
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind & 0xFF == 0x09) - (kind == 0x0A)
        if depth == 1 or kind == 0x0A:
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        if depth == 0:
            return


def _stream(content: bytes) -> bytes:
    """The workbook inside the OLE container. KeyError when it has none."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    first_directory, _, cutoff, first_mini = struct.unpack_from("<IIII", content, 48)
    table = _sector_table(content, size)
    directory = _chain(content, table, size, first_directory, size)
    entries = dict(_entries(directory))
    first, length = entries.get("Workbook") or entries["Book"]
    if length >= cutoff:
        return _chain(content, table, size, first, size)[:length]
    mini = _chain(content, table, size, entries["Root Entry"][0], size)
    mini_table = _numbers(_chain(content, table, size, first_mini, size))
    return _chain(mini, mini_table, 1 << struct.unpack_from("<H", content, 32)[0], first, 0)[:length]


def _entries(directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    """(name, (first sector, length)) of everything in the directory."""
    for at in range(0, len(directory) - 127, 128):
        name_size = struct.unpack_from("<H", directory, at + 64)[0]
        if name_size >= 2:
            name = directory[at : at + name_size - 2].decode("utf-16-le")
            yield name, struct.unpack_from("<II", directory, at + 116)


def _numbers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _sector_table(content: bytes, size: int) -> Sequence[int]:
    """The number of the sector that follows each."""
    sectors = list(_numbers(content[76:512]))
    following = struct.unpack_from("<I", content, 68)[0]
    while following < _LAST_SECTOR:
        *more, following = _numbers(_sector(content, following, size))
        sectors += more
        if len(sectors) * size > len(content):
            raise ValueError("a chain of sectors that never ends")
    return [n for i in sectors if i < _LAST_SECTOR for n in _numbers(_sector(content, i, size))]


def _sector(content: bytes, number: int, size: int) -> bytes:
    return content[(number + 1) * size : (number + 2) * size]


def _chain(content: bytes, table: Sequence[int], size: int, first: int, offset: int) -> bytes:
    """The sectors of a chain together; `offset` is where the first sector of all begins."""
    parts = []
    while first < _LAST_SECTOR:
        parts.append(content[offset + first * size : offset + (first + 1) * size])
        if not parts[-1]:
            raise ValueError("a sector beyond the end of the file")
        first = table[first]
        if len(parts) > len(table):
            raise ValueError("a chain of sectors that never ends")
    return b"".join(parts)
