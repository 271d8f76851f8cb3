"""What cells say beside their values, which calamine leaves out: failed formulas, and shares shown as per cent."""

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
    """The marks of a sheet: the error text of each failed formula, and the cells that show a fraction as per cent."""

    errors: dict[Position, str] = field(default_factory=dict)
    percent: set[Position] = field(default_factory=set)


def column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def xlsx_flags(pieces: Iterator[bytes], percent_styles: frozenset[bytes]) -> CellFlags:
    """The marks of an XLSX sheet from its XML in pieces that end with a row."""
    found = CellFlags()
    styles = b"|".join(rb'\bs="%s"' % style for style in percent_styles)
    wanted = re.compile(rb'\bt="e"' + (b"|" + styles if styles else b""))
    for piece in pieces:
        if wanted.search(piece):
            _add_flags(piece, percent_styles, found)
    return found


def _add_flags(piece: bytes, styles: frozenset[bytes], found: CellFlags) -> None:
    for attributes, value in _CELL.findall(piece):
        told = dict(_ATTRIBUTE.findall(attributes))
        place = _REFERENCE.fullmatch(told.get(b"r", b""))
        if place is None:
            continue
        at = (int(place[2]), column_number(place[1]))
        if told.get(b"t") == b"e":
            found.errors[at] = value.decode("utf-8", "replace") or "#N/A"
        elif value and told.get(b"s") in styles:
            found.percent.add(at)


def ods_flags(path: Path) -> Mapping[str, CellFlags]:
    """The marks of every sheet of an ODS workbook. Unreadable when it is damaged, or a sheet spans too many cells."""
    reader = _OpenDocument()
    with zipfile.ZipFile(path) as package, package.open("content.xml") as stream:
        try:
            while block := stream.read(CHUNK):
                reader.parser.Parse(block, False)
            reader.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unreadable("damaged_workbook") from error
    return reader.sheets


class _OpenDocument:
    """Follows rows and cells, which are written once with a number of repetitions."""

    def __init__(self) -> None:
        self.sheets: dict[str, CellFlags] = {}
        self._marks = CellFlags()
        self._row = self._next_row = self._column = self._width = self._last = 0
        self._errors: list[tuple[range, list[str]]] = []
        self._percent: list[range] = []
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._marks = self.sheets.setdefault(attributes.get("table:name", ""), CellFlags())
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

    def _said(self, text: str) -> None:
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
        """Write down the marks of a row for every row that it stands for."""
        for row in range(self._row, self._next_row + 1) if self._errors or self._percent else ():
            for columns, text in self._errors:
                self._marks.errors |= {(row, column): "".join(text) or "#N/A" for column in columns}
            for columns in self._percent:
                self._marks.percent |= {(row, column) for column in columns}
