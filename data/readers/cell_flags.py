"""Cell properties that calamine leaves out: errors of formulas, and the percent format."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from data.readers.errors import Unreadable
from data.readers.limits import CHUNK, WORKBOOK_CELLS

Position = tuple[int, int]  # row and column, from 1
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<)", re.S)
_ATTRIBUTE = re.compile(rb'\b(r|s|t)="([^"]*)"')
_REFERENCE = re.compile(rb"([A-Z]+)([0-9]+)")


@dataclass
class CellFlags:
    """The flags of a sheet: the error text of each failed formula, and the cells in percent format."""

    errors: dict[Position, str] = field(default_factory=dict)
    percent: set[Position] = field(default_factory=set)


def column_number(letters: bytes) -> int:
    """The number of a column by its letters: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def xlsx_flags(pieces: Iterator[bytes], percent_styles: frozenset[bytes]) -> CellFlags:
    """The flags of an XLSX sheet from its XML, in pieces that end with a row."""
    flags = CellFlags()
    styles = b"|".join(rb'\bs="%s"' % style for style in percent_styles)
    flagged = re.compile(rb'\bt="e"' + (b"|" + styles if styles else b""))
    for piece in pieces:
        if flagged.search(piece):
            _add_flags(piece, percent_styles, flags)
    return flags


def _add_flags(piece: bytes, styles: frozenset[bytes], flags: CellFlags) -> None:
    for attributes, value in _CELL.findall(piece):
        values = dict(_ATTRIBUTE.findall(attributes))
        reference = _REFERENCE.fullmatch(values.get(b"r", b""))
        if reference is None:
            continue
        position = (int(reference[2]), column_number(reference[1]))
        if values.get(b"t") == b"e":
            flags.errors[position] = value.decode("utf-8", "replace") or "#N/A"
        elif value and values.get(b"s") in styles:
            flags.percent.add(position)


def ods_flags(path: Path) -> Mapping[str, CellFlags]:
    """The flags of every sheet of an ODS workbook. Unreadable when damaged, or when a sheet spans too many cells."""
    parser = _OdsParser()
    with zipfile.ZipFile(path) as package, package.open("content.xml") as stream:
        try:
            while block := stream.read(CHUNK):
                parser.parser.Parse(block, False)
            parser.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unreadable("damaged_workbook") from error
    return parser.sheets


class _OdsParser:
    """An expat parser of content.xml, where repeated rows and cells are written once with a count."""

    def __init__(self) -> None:
        self.sheets: dict[str, CellFlags] = {}
        self._flags = CellFlags()
        self._row = self._next_row = self._column = self._width = self._last = 0
        self._errors: list[tuple[range, list[str]]] = []
        self._percent: list[range] = []
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._character_data

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._flags = self.sheets.setdefault(attributes.get("table:name", ""), CellFlags())
            self._row = self._next_row = self._width = 0
        elif name == "table:table-row":
            self._row = self._next_row + 1
            self._next_row += int(attributes.get("table:number-rows-repeated", 1))
            self._column = self._last = 0
            self._errors, self._percent = [], []
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        first = self._column + 1
        self._column += int(attributes.get("table:number-columns-repeated", 1))
        kind = attributes.get("office:value-type")
        if kind is None:
            return
        self._last = self._column
        if attributes.get("calcext:value-type") == "error":
            self._text = []
            self._errors.append((range(first, self._column + 1), self._text))
        elif kind == "percentage":
            self._percent.append(range(first, self._column + 1))

    def _character_data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            self._text = None
        elif name == "table:table-row" and self._last:
            self._width = max(self._width, self._last)
            if self._next_row * self._width > WORKBOOK_CELLS:
                raise Unreadable("too_many_cells_in_sheet", rows=self._next_row, columns=self._width)
            self._repeat()

    def _repeat(self) -> None:
        """Store the flags of a row for each of its repetitions."""
        for row in range(self._row, self._next_row + 1) if self._errors or self._percent else ():
            for columns, text in self._errors:
                self._flags.errors |= {(row, column): "".join(text) or "#N/A" for column in columns}
            for columns in self._percent:
                self._flags.percent |= {(row, column) for column in columns}
