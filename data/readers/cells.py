"""Cells of workbooks: a value that its reader has decided on together with its format, and its text as it would be typed."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from data.readers.errors import Unreadable
from data.readers.limits import CELLS_PER_BYTE, COLUMNS, FEW_CELLS, WORKBOOK_CELLS


class Percent(float):
    """A number in percent format: 0.5, which is shown as 50 %."""


Cell = float | str | bool | time | date | datetime | timedelta
Rows = dict[int, list[Cell]]  # by row number from 1; a row's cells from column A to its last filled one
Area = tuple[int, int, int, int]  # top, left, bottom and right, from 1
DAY_ZERO, DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
UNCALCULATED = "#UNCALCULATED!"  # a formula that was written by a program and never calculated
_FIRST_DAY, _LAST_DAY = 20_000, 80_000  # serial numbers that are read as dates: 1954–2119
_MAX_SERIAL = 2_958_466  # the day after 9999-12-31
_ERROR = re.compile(r"#(?:N/A|SAKNAS|GETTING_DATA|[A-ZÅÄÖ][A-ZÅÄÖ0-9_/]*[!?])|(?:Err|Fel):[0-9]{3}")
_NO_FORMAT = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\[\]]*\]|general|standard', re.I)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.I)


@dataclass(frozen=True)
class RawSheet:
    """A sheet of a workbook: its cells, its merged areas, and the day that serial numbers are counted from."""

    name: str
    rows: Rows
    merged: Sequence[Area] = ()
    day_zero: date = DAY_ZERO
    visible: bool = True


def error_text(text: str) -> str:
    """The text of a failed formula, always one that the checks recognise (the macro `failed`)."""
    return text.strip() if _ERROR.fullmatch(text.strip()) else "#N/A"


def format_kind(code: str) -> str:
    """What a number format makes of a number: "percent", "date", "time", or "" for a number."""
    if _ELAPSED.search(code):
        return "time"
    plain = _NO_FORMAT.sub("", code).split(";")[0].lower()
    if "%" in plain:
        return "percent"
    if "#" in plain:
        return ""
    if re.search("[yd]", plain) or ("m" in plain and not re.search("[hs]", plain)):
        return "date"
    return "time" if re.search("[hs]", plain) else ""


def formatted(value: float, kind: str, day_zero: date) -> Cell:
    """The number as its format shows it; `kind` is that of `format_kind`."""
    if kind == "percent":
        return Percent(value)
    if not kind or not 0 <= value < _MAX_SERIAL:
        return value
    days = math.floor(value)
    moment = timedelta(days, round((value - days) * 86_400))
    if kind == "date":
        return datetime.combine(day_zero, time()) + moment
    return (datetime.min + moment).time() if moment < timedelta(1) else moment


def check_span(rows: int, columns: int) -> None:
    """Raise Unreadable when a sheet spans too many cells, or more columns than any program has."""
    if columns > COLUMNS or rows * columns > WORKBOOK_CELLS:
        raise Unreadable("too_many_cells_in_sheet", rows=rows, columns=columns)


class CellCount:
    """The cells of a workbook while it is read: what some hundred bytes say a million times over costs as if it were written."""

    def __init__(self, packed_bytes: int) -> None:
        self._left = FEW_CELLS + CELLS_PER_BYTE * packed_bytes

    def add(self, cells: int, rows: int, columns: int) -> None:
        """Count cells more of a sheet that spans so much. Unreadable when they are more than the file's size allows."""
        self._left -= cells
        if self._left < 0:
            raise Unreadable("too_many_cells_in_sheet", rows=rows, columns=columns)


def column_number(letters: str) -> int:
    """The number of a column by its letters: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def cell_text(cell: Cell, kind: str, day_zero: date = DAY_ZERO) -> str:
    """A cell as it would be typed. Serial numbers become dates where `kind`, the column's type, is date or month."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, Percent):
        return f"{_number_text(cell * 100, 'percent', day_zero)} %"
    if isinstance(cell, int | float):
        return _number_text(float(cell), kind, day_zero)
    return str(cell)


def _number_text(value: float, kind: str, day_zero: date) -> str:
    if kind in ("date", "month") and _FIRST_DAY <= value <= _LAST_DAY:
        return (day_zero + timedelta(days=int(value))).isoformat()
    if kind == "money" and abs(value - round(value, 2)) < 1e-6 and abs(value) < 1e12:
        value = round(value, 2)
    if kind == "percent":
        value = round(value, 8)
    if value.is_integer() and abs(value) < 1e17:
        return str(int(value))
    return f"{value:.15f}".rstrip("0") if 1e-15 < abs(value) < 1e-4 else repr(value).upper()
