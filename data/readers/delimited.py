"""Text files with a delimiter. Plain ones are read by DuckDB at full speed, all others record by record."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from data.base.atomic_files import sql_path
from data.readers.errors import Unreadable
from data.readers.file_scan import FileScan, detect_encoding, fallback_encoding, is_utf8
from data.readers.limits import COLUMNS, HEAD_BYTES, HEAD_ROWS
from data.readers.sheet import Note, Row, Sheet, load_rows, text_columns
from data.schema.catalogue import datasets, fold

DELIMITERS = (";", ",", "\t", "|")
_GLOB = frozenset("*?[")
_SENTINEL = "\x1e\x1f\x1e"  # a line of its own after the last: swallowed when a quotation mark is never closed
REPLACEMENT = "\ufffd"


class Delimited(Sheet):
    """A CSV file as one sheet. Unreadable when its first rows make no sense."""

    def __init__(self, path: Path, survey: FileScan, work: Path) -> None:
        self._path, self._survey, self._work = path, survey, work
        self._encoding, text = self._decoded_head()
        first, _, rest = text.partition("\n")
        self._told = first.strip().lower().startswith("sep=") and len(first.strip()) <= 5
        self.delimiter = self._delimiter(rest if self._told else text, first)
        self._lines: dict[int, int] = {}
        self.head = list(self._first_rows(rest if self._told else text))

    def _decoded_head(self) -> tuple[str, str]:
        """The encoding, and the first lines as text."""
        encoding = detect_encoding(self._survey.head) or ("utf-8" if _starts_as_utf8(self._survey.head) else None)
        encoding = encoding or fallback_encoding(self._path)
        text = self._survey.head.decode(encoding, "replace").replace("\0", REPLACEMENT)
        whole = self._survey.size <= HEAD_BYTES
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        return encoding, lines if whole else lines[: lines.rfind("\n") + 1] or lines

    def _delimiter(self, text: str, first: str) -> str:
        """The delimiter that the file tells, or under which the most headers are recognised."""
        if self._told:
            return first.strip()[4:] or "\t"
        known = {fold(name) for d in datasets().values() for c in d.columns for name in (c.header, c.code)}

        def score(delimiter: str) -> tuple[int, int]:
            rows = [cells for _, cells in _records(text, delimiter)][:HEAD_ROWS]
            return (
                max((len(known & set(map(fold, cells))) for cells in rows), default=0),
                sum(len(c) - 1 for c in rows),
            )

        return max(DELIMITERS, key=score)

    def _first_rows(self, text: str) -> Iterator[Row]:
        """The first rows that hold something; remembers at which line each ends."""
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, skipinitialspace=True)
        found = 0
        try:
            for row, cells in enumerate(reader, 1):
                self._lines[row] = reader.line_num + self._told
                if any(cell.strip() for cell in cells):
                    found += 1
                    yield row, cells
                if found == HEAD_ROWS:
                    return
        except csv.Error as error:
            raise Unreadable("cell_too_long", row=len(self._lines) + 1) from error

    def load(
        self, connection: DuckDBPyConnection, table: str, header: int, width: int, types: Mapping[int, str]
    ) -> Sequence[Note]:
        """See `Sheet.load`."""
        if width > COLUMNS:
            raise Unreadable("too_many_columns", row=header, count=width, limit=COLUMNS)
        if not (self._survey.regular and self._fast(connection, table, header, width)):
            self._slow(connection, table, header, width)
        return ()

    def _fast(self, connection: DuckDBPyConnection, table: str, header: int, width: int) -> bool:
        """Let DuckDB read it; False when it finds anything that is not quite regular."""
        path = self._as_utf8()
        try:
            connection.execute(
                f"CREATE TABLE {table}_raw AS FROM read_csv({sql_path(path)}, delim = ?, columns = {text_columns(width)},"
                f" skip = {self._lines[header]}, header = false, auto_detect = false,"
                " quote = '\"', escape = '\"', comment = '', compression = 'none', strict_mode = true)",
                [self.delimiter],
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            if self._encoding == "utf-8" and not is_utf8(self._path):
                return self._relabel() and self._fast(connection, table, header, width)
            return False
        connection.execute(
            f"CREATE VIEW {table} AS SELECT (rowid + {header + 1})::INTEGER AS _row, NULL::VARCHAR AS _extra, *"
            f" FROM {table}_raw"
        )
        return True

    def _relabel(self) -> bool:
        """The bytes after the head turned out not to be UTF-8. False when they are UTF-8 that was damaged."""
        if self._survey.head.isascii():
            self._encoding = fallback_encoding(self._path)
        return self._encoding != "utf-8"

    def _as_utf8(self) -> Path:
        """The file in UTF-8 under a name that DuckDB takes literally: itself, if it is so already."""
        path = self._path.resolve()
        if self._encoding in ("utf-8", "utf-8-sig") and not _GLOB & set(str(path)):
            return path
        copy = self._work / "utf8.csv"
        with self._text() as source, copy.open("w", encoding="utf-8", newline="") as target:
            while block := source.read(1 << 20):
                target.write(block)
        return copy

    def _text(self) -> io.TextIOWrapper:
        return self._path.open(encoding=self._encoding, errors="replace", newline="")

    def _slow(self, connection: DuckDBPyConnection, table: str, header: int, width: int) -> None:
        """Read record by record as Python's csv module does, and load the tidy copy."""
        copy = self._work / "rows.csv"
        with copy.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=",", lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writerows(_padded(self._rows(header), width))
        load_rows(connection, table, copy, width)

    def _rows(self, header: int) -> Iterator[Row]:
        """Every record below the header that is not blank, with its row."""
        with self._text() as file:
            lines = (line.replace("\0", REPLACEMENT) for line in file) if self._survey.nul_bytes else file
            yield from _records_below(lines, self.delimiter, header, self._told)


def _starts_as_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= HEAD_BYTES - 4 and error.reason == "unexpected end of data"
    return True


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a text as far as they can be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        for row, cells in enumerate(reader, 1):
            yield row, cells
            if row == 3 * HEAD_ROWS:
                return
    except csv.Error:
        return


def _records_below(lines: Iterator[str] | io.TextIOWrapper, delimiter: str, header: int, told: bool) -> Iterator[Row]:
    """The records below the header. Unreadable where a quotation mark is opened and never closed."""

    def closed() -> Iterator[str]:
        for number, line in enumerate(lines):
            if number or not told:
                yield line.removeprefix("\ufeff") if number == 0 else line
        yield _SENTINEL

    row, reader = 0, csv.reader(closed(), delimiter=delimiter, skipinitialspace=True)
    try:
        for row, cells in enumerate(reader, 1):
            if cells and cells[-1].endswith(_SENTINEL):
                if cells != [_SENTINEL]:
                    raise Unreadable("quote_not_closed", row=row)
                return
            if row > header and any(cells):
                yield row, cells
    except csv.Error as error:
        raise Unreadable("cell_too_long", row=row + 1) from error


def _padded(rows: Iterator[Row], width: int) -> Iterator[list[object]]:
    """Row, first cell beyond the header, and exactly `width` cells."""
    for row, cells in rows:
        extra = next((cell for cell in cells[width:] if cell.strip()), "")
        yield [row, extra, *cells[:width], *[""] * (width - len(cells))]
