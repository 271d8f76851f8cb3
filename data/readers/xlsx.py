"""XLSX and XLSM workbooks, transitional and strict: one parser decides each cell's value and format together."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.parsers import expat

from data.readers.cells import (
    DAY_ZERO,
    DAY_ZERO_1904,
    UNCALCULATED,
    Area,
    Cell,
    CellCount,
    RawSheet,
    Rows,
    check_span,
    column_number,
    error_text,
    format_kind,
    formatted,
)
from data.readers.errors import Unreadable
from data.readers.package import Package

BOOK = "xl/workbook.xml"
TRUE = ("1", "true", "on")
_EXACT_DIGITS = 15  # of a number; what has more is kept as written
_REFERENCE = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_BUILT_IN: Mapping[int, str] = (
    dict.fromkeys((9, 10), "percent")
    | dict.fromkeys((*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)), "date")
    | dict.fromkeys((*range(18, 22), 32, 33, *range(45, 48)), "time")
)


def number_kinds(formats: Sequence[int], codes: Mapping[int, str]) -> Sequence[str]:
    """The kind of each cell style by its number format; `codes` are the workbook's own formats."""
    return [format_kind(codes[i]) if i in codes else _BUILT_IN.get(i, "") for i in formats]


@dataclass(frozen=True)
class _Book:
    """What the cells of all sheets refer to. Formulas are `stale` when the book asks to be calculated when opened."""

    strings: Sequence[str]
    kinds: Sequence[str]
    day_zero: date
    stale: bool
    count: CellCount


def book_name(package: Package) -> str | None:
    """The name of the part that describes the workbook; None when the package has none."""
    for _, kind, target in _relations(package, ""):
        if kind.endswith("/officeDocument") and (target.endswith("workbook.bin") or _is_book(package, target)):
            return target
    return BOOK if BOOK in package else None


def _is_book(package: Package, part: str) -> bool:
    return part.lower().endswith(".xml") and _local(package.xml(part).tag) == "workbook"


def xlsx_sheets(package: Package, name: str) -> Sequence[RawSheet]:
    """Every worksheet of the workbook `name`; hidden ones without rows. Unreadable when a part is missing."""
    root = package.xml(name)
    relations = {key: (kind, target) for key, kind, target in _relations(package, name)}
    parts = {kind.rpartition("/")[2]: target for kind, target in relations.values()}
    attributes = {_local(e.tag): e.attrib for e in root.iter()}
    base_1904 = attributes.get("workbookPr", {}).get("date1904", "").lower() in TRUE
    book = _Book(
        _shared_strings(package, parts.get("sharedStrings", "xl/sharedStrings.xml")),
        _kinds(package.xml(parts.get("styles", "xl/styles.xml"))),
        DAY_ZERO_1904 if base_1904 else DAY_ZERO,
        attributes.get("calcPr", {}).get("fullCalcOnLoad", "").lower() in TRUE,
        CellCount(package.packed_bytes),
    )
    sheets = []
    for sheet in (e for e in root.iter() if _local(e.tag) == "sheet"):
        kind, target = relations[next((v for k, v in sheet.attrib.items() if _local(k) == "id"), "")]
        if kind.endswith("/worksheet"):
            visible = sheet.get("state", "visible") == "visible"
            sheets.append(_sheet(package, target, book, sheet.get("name", ""), visible))
    if not sheets:
        raise Unreadable("damaged_workbook")
    return sheets


def _sheet(package: Package, part: str, book: _Book, name: str, visible: bool) -> RawSheet:
    if not visible:
        return RawSheet(name, {}, visible=False)
    parser = _SheetParser(book)
    for piece in package.pieces(part):
        parser.feed(piece)
    parser.feed(b"", last=True)
    return RawSheet(name, parser.rows, parser.merged, book.day_zero)


def _local(name: str) -> str:
    """The name without its namespace, which differs between transitional and strict, or its prefix."""
    return name.rpartition("}")[2].rpartition(":")[2]


def _relations(package: Package, name: str) -> Sequence[tuple[str, str, str]]:
    """(id, type, part) of everything that the part refers to; "" is the package itself."""
    folder, base = posixpath.split(name)
    relationships = []
    for e in package.xml(posixpath.join(folder, "_rels", f"{base}.rels")):
        target = unquote(e.get("Target", "")).replace("\\", "/")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        relationships.append((e.get("Id", ""), e.get("Type", ""), part))
    return relationships


def _kinds(styles: ElementTree.Element) -> Sequence[str]:
    """The kind of each cell style; one that names no number format has that of the style it is made from."""
    by_name: dict[str, list[ElementTree.Element]] = {}
    for element in styles:
        by_name.setdefault(_local(element.tag), []).extend(element)
    codes = {int(e.get("numFmtId", "0")): e.get("formatCode", "") for e in by_name.get("numFmts", ())}
    bases = [int(xf.get("numFmtId", "0")) for xf in by_name.get("cellStyleXfs", ())]

    def number_format(xf: ElementTree.Element) -> int:
        base = int(xf.get("xfId", "0"))
        return int(xf.get("numFmtId", bases[base] if base < len(bases) else 0))

    return number_kinds([number_format(xf) for xf in by_name.get("cellXfs", ())], codes)


def _shared_strings(package: Package, part: str) -> Sequence[str]:
    """The texts that cells refer to by number; empty when there are none."""
    parser = _StringParser()
    if part in package:
        for piece in package.pieces(part):
            parser.parser.Parse(piece, False)
        parser.parser.Parse(b"", True)
    return parser.strings


def _unescaped(text: str) -> str:
    """The text with characters that XML cannot hold, written `_x000D_`."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _StringParser:
    """An expat parser of the shared strings."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._texts: list[str] = []
        self._inside = False
        self._phonetic = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, _: dict[str, str]) -> None:
        match _local(name):
            case "si":
                self._texts = []
            case "rPh":
                self._phonetic = True
            case "t":
                self._inside = not self._phonetic

    def _end(self, name: str) -> None:
        match _local(name):
            case "si":
                self.strings.append(_unescaped("".join(self._texts)))
            case "rPh":
                self._phonetic = False
            case "t":
                self._inside = False

    def _characters(self, text: str) -> None:
        if self._inside:
            self._texts.append(text)


class _SheetParser:
    """An expat parser of a sheet. Cells without a reference follow the one before, as spreadsheet programs read them."""

    def __init__(self, book: _Book) -> None:
        self.rows: Rows = {}
        self.merged: list[Area] = []
        self._book = book
        self._kinds = {str(number): kind for number, kind in enumerate(book.kinds) if kind}
        self._tags: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._cells: list[Cell] = []
        self._row = self._column = self._last_row = self._width = 0
        self._type = self._style = self._value = ""
        self._into: list[str] | None = None
        self._formula = self._phonetic = self._numbered = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, piece: bytes, last: bool = False) -> None:
        """Parse the next piece of the sheet's XML."""
        self._parser.Parse(piece, last)

    def _tag(self, name: str) -> str:
        self._tags[name] = _local(name)
        return self._tags[name]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags.get(name) or self._tag(name)
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "v" or (tag == "t" and not self._phonetic):
            self._into = []
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._numbered, self._column = "r" in attributes, 0
            self._begin_row(int(attributes.get("r", self._row + 1)))
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            self._add_area(attributes.get("ref", ""))

    def _begin_row(self, row: int) -> None:
        self._row, self._cells = row, self.rows.get(row, [])

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._value, self._into, self._formula = "", None, False
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        if not self._numbered:
            self._begin_row(_split(reference)[1])
        letters = reference.rstrip("0123456789")
        if letters not in self._columns:
            self._columns[letters] = column_number(_split(reference)[0])
        self._column = self._columns[letters]

    def _end(self, name: str) -> None:
        tag = self._tags.get(name) or self._tag(name)
        if tag == "c":
            if self._value or self._formula or self._type == "e":
                self._end_cell()
        elif tag in ("v", "t"):
            if self._into is not None:
                self._value += "".join(self._into)
            self._into = None
        elif tag == "rPh":
            self._phonetic = False

    def _characters(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _end_cell(self) -> None:
        cell, column = self._cell(), self._column
        if isinstance(cell, str) and not cell:
            return
        if column > self._width or self._row > self._last_row:
            self._last_row, self._width = max(self._last_row, self._row), max(self._width, column)
            check_span(self._last_row, self._width)
        cells = self._cells
        if not cells:
            self.rows[self._row] = cells
        if column > len(cells):
            self._book.count.add(column - len(cells), self._last_row, self._width)
            cells.extend([""] * (column - len(cells)))
        cells[column - 1] = cell

    def _cell(self) -> Cell:
        """The cell's value. Whatever cannot be read is its text, which the checks then refuse."""
        kind, value = self._type, self._value
        if kind == "e":
            return error_text(value)
        if kind in ("str", "inlineStr"):
            return _unescaped(value)
        value = value.strip()
        if self._formula and (not value or (value == "0" and self._book.stale)):
            return UNCALCULATED
        if kind == "s":
            return self._book.strings[int(value) if value.isdigit() else len(self._book.strings)]
        if kind == "b":
            return value.lower() in TRUE
        return _moment(value) if kind == "d" else self._number(value)

    def _number(self, value: str) -> Cell:
        if len(value) > _EXACT_DIGITS and value.isdigit():
            return value
        try:
            return formatted(float(value), self._kinds.get(self._style, ""), self._book.day_zero)
        except (ValueError, OverflowError):
            return value

    def _add_area(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        (left, top), (right, bottom) = _split(first), _split(last or first)
        self.merged.append((top, column_number(left), bottom, column_number(right)))


def _split(reference: str) -> tuple[str, int]:
    """The letters and the row of a reference. Unreadable when it is none."""
    match = _REFERENCE.fullmatch(reference.replace("$", "").upper())
    if match is None:
        raise Unreadable("damaged_workbook")
    return match[1], int(match[2])


def _moment(value: str) -> Cell:
    """A date and time in ISO 8601; the text itself when it is none."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return value
