"""ODS workbooks, LibreOffice's and Excel's: one parser decides each cell's value and format together."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from xml.parsers import expat

from data.readers.cells import (
    DAY_ZERO,
    UNCALCULATED,
    Area,
    Cell,
    CellCount,
    Percent,
    RawSheet,
    Rows,
    check_span,
    error_text,
)
from data.readers.errors import Unreadable
from data.readers.package import Package

MIMETYPE = b"opendocument.spreadsheet"
_NAMESPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
    "urn:org:documentfoundation:names:experimental:office:xmlns:calcext:1.0": "calcext",
}
_NOT_SHOWN = frozenset(("office:annotation", "draw:frame", "draw:custom-shape", "draw:g", "table:shapes"))
_CELLS = frozenset(("table:table-cell", "table:covered-table-cell"))
_ERROR = re.compile(r"\s*(?:#[^\W\d]|[A-Za-zÀ-ÿ]{3,8}:\s?[0-9]{3}\s*$)")  # what a number never looks like
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_SHARE = re.compile(r"([+-]?[0-9 .,\u00a0\u202f\u2212-]*[0-9])\s?%")


def is_ods(package: Package) -> bool:
    """Whether the package is an ODS workbook. Unreadable when it is locked with a password."""
    if "mimetype" not in package or MIMETYPE not in package.read("mimetype")[:200]:
        return False
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise Unreadable("locked_workbook")
    return True


def ods_sheets(package: Package) -> Sequence[RawSheet]:
    """Every sheet of the workbook. Unreadable when a sheet spans too many cells."""
    parser = _OdsParser(CellCount(package.packed_bytes))
    for piece in package.pieces("content.xml"):
        parser.feed(piece)
    parser.feed(b"", last=True)
    return parser.sheets


class _OdsParser:
    """An expat parser of content.xml, where repeated rows and cells are written once with a count."""

    def __init__(self, count: CellCount) -> None:
        self.sheets: list[RawSheet] = []
        self._count = count
        self._day_zero = DAY_ZERO
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._row = self._next_row = self._column = self._width = 0
        self._rows: Rows = {}
        self._merged: list[Area] = []
        self._cells: dict[int, Cell] = {}
        self._attributes: Mapping[str, str] | None = None
        self._paragraphs: list[list[str]] = []
        self._inside = False
        self._not_shown = 0
        self._names: dict[str, str] = {}
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, piece: bytes, last: bool = False) -> None:
        """Parse the next piece of the XML."""
        self._parser.Parse(piece, last)

    def _name(self, full: str) -> str:
        """The name with the usual prefix of its namespace, whatever the file's."""
        if full not in self._names:
            space, _, local = full.rpartition(" ")
            prefix = _NAMESPACES.get(space) or ("calcext" if "calcext" in space else space)
            self._names[full] = f"{prefix}:{local}"
        return self._names[full]

    def _start(self, full: str, raw: dict[str, str]) -> None:
        name = self._name(full)
        if self._not_shown or name in _NOT_SHOWN:
            self._not_shown += 1
            return
        attributes = {self._name(key): value for key, value in raw.items()}
        if name in _CELLS:
            self._attributes, self._paragraphs = attributes, []
        elif name.startswith("text:"):
            self._start_text(name, attributes)
        elif name == "table:table-row":
            self._row = self._next_row + 1
            self._next_row += int(attributes.get("table:number-rows-repeated", 1))
            self._column, self._cells = 0, {}
        elif name == "table:table":
            self._start_table(attributes)
        elif name.startswith("style:"):
            self._start_style(name, attributes)
        elif name == "table:null-date":
            self._day_zero = date.fromisoformat(attributes.get("table:date-value", DAY_ZERO.isoformat())[:10])

    def _start_table(self, attributes: Mapping[str, str]) -> None:
        visible = attributes.get("table:style-name") not in self._hidden_styles
        self._rows, self._merged = {}, []
        name = attributes.get("table:name", "")
        self.sheets.append(RawSheet(name, self._rows, self._merged, self._day_zero, visible))
        self._row = self._next_row = self._width = 0

    def _start_style(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style:style":
            self._style = attributes.get("style:name", "")
        elif attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def _start_text(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._attributes is None:
            return
        if name == "text:p":
            self._paragraphs.append([])
            self._inside = True
        elif self._inside:
            spaces = " " * int(attributes.get("text:c", 1))
            self._paragraphs[-1].append({"text:s": spaces, "text:tab": "\t", "text:line-break": "\n"}.get(name, ""))

    def _characters(self, text: str) -> None:
        if self._inside and not self._not_shown:
            self._paragraphs[-1].append(text)

    def _end(self, full: str) -> None:
        if self._not_shown:
            self._not_shown -= 1
            return
        name = self._name(full)
        if name in _CELLS:
            self._end_cell()
        elif name == "text:p":
            self._inside = False
        elif name == "table:table-row" and self._cells:
            self._end_row()

    def _end_cell(self) -> None:
        attributes, self._attributes = self._attributes or {}, None
        cell = _value(attributes, "\n".join(map("".join, self._paragraphs)))
        first = self._column + 1
        self._column += int(attributes.get("table:number-columns-repeated", 1))
        height = int(attributes.get("table:number-rows-spanned", 1))
        width = int(attributes.get("table:number-columns-spanned", 1))
        if height > 1 or width > 1:
            self._merged.append((self._row, first, self._row + height - 1, first + width - 1))
        if not isinstance(cell, str) or cell:
            check_span(self._next_row, max(self._width, self._column))
            self._count.add(self._column + 1 - first, self._next_row, self._column)
            self._cells |= dict.fromkeys(range(first, self._column + 1), cell)

    def _end_row(self) -> None:
        """Store the row for each of its repetitions."""
        width = max(self._cells)
        self._width = max(self._width, width)
        check_span(self._next_row, self._width)
        self._count.add(width * (self._next_row - self._row), self._next_row, self._width)
        cells = [self._cells.get(i, "") for i in range(1, width + 1)]
        for row in range(self._row, self._next_row + 1):
            self._rows[row] = cells


def _value(attributes: Mapping[str, str], shown: str) -> Cell:
    """A cell's value, from its attributes and the text that is shown; the error where its formula failed."""
    kind = attributes.get("office:value-type")
    numeric = kind not in (None, "string")
    if attributes.get("calcext:value-type") == "error" or (numeric and _ERROR.match(shown)):
        return error_text(shown)
    match kind:
        case "float" | "currency" | "percentage":
            return _number(attributes.get("office:value"), kind, shown)
        case "date":
            return _moment(attributes.get("office:date-value"), shown)
        case "boolean":
            return attributes.get("office:boolean-value", shown).lower() == "true"
        case "time":
            return _clock(attributes.get("office:time-value", shown))
        case "string":
            return attributes.get("office:string-value", shown)
    return UNCALCULATED if "table:formula" in attributes else shown


def _number(value: str | None, kind: str, shown: str) -> Cell:
    """The number; a percentage also where only what is shown tells so. Without a value the formula was never calculated."""
    if value is None:
        return UNCALCULATED
    try:
        number = float(value)
    except ValueError:
        return value
    return Percent(number) if kind == "percentage" or _shows_share(number, shown) else number


def _shows_share(number: float, shown: str) -> bool:
    """Whether 0.5 is shown as 50 %, and not as 0.5 %, which a format with the sign as text would do."""
    match = _SHARE.fullmatch(shown.strip())
    if match is None:
        return False
    digits = re.sub("[ \u00a0\u202f]", "", match[1]).replace(",", ".").replace("\u2212", "-")
    try:
        share = float(digits)
    except ValueError:
        return True
    return abs(share - 100 * number) <= abs(share - number)


def _moment(value: str | None, shown: str) -> Cell:
    """A date, with its time where there is one; what is shown when it cannot be read."""
    try:
        return datetime.fromisoformat(value or "").replace(tzinfo=None)
    except ValueError:
        return value or shown or UNCALCULATED


def _clock(value: str) -> str:
    """A time of day or a duration as hh:mm:ss; another text as it is."""
    match = _DURATION.fullmatch(value)
    return f"{int(match[1]):02}:{match[2]:0>2}:{match[3]:0>2}" if match else value
