"""Delimited text files. Regular ones are read by DuckDB, all others record by record with Python's csv module."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from data.base.atomic_files import sql_path
from data.readers.decoding import detect_encoding, fallback_encoding, is_utf8
from data.readers.errors import Unreadable
from data.readers.file_scan import FileScan
from data.readers.limits import HEAD_BYTES, HEAD_ROWS
from data.readers.sheet import ROW_FILE, HeaderRow, Note, Row, Sheet, load_rows, text_columns
from data.schema.catalogue import datasets, fold

DELIMITERS = (";", ",", "\t", "|")
_GLOB = frozenset("*?[")
_SENTINEL = "\x1e\x1f\x1e"  # a line added after the last: part of a cell when a quotation mark is never closed
REPLACEMENT = "\ufffd"


class Delimited(Sheet):
    """A CSV file as one sheet."""

    def __init__(self, path: Path, scan: FileScan, work: Path) -> None:
        self._path, self._scan, self._work = path, scan, work
        self._encoding, text = self._decoded_head()
        first, _, rest = text.partition("\n")
        self._sep_line = first.strip().lower().startswith("sep=") and len(first.strip()) <= 5
        self.delimiter = self._delimiter(rest if self._sep_line else text, first)
        self._lines: dict[int, int] = {}
        self.head = [*islice(self._first_rows(rest if self._sep_line else text), HEAD_ROWS)]

    def _decoded_head(self) -> tuple[str, str]:
        """The encoding, and the first whole lines as text."""
        encoding = detect_encoding(self._scan.head) or ("utf-8" if _starts_as_utf8(self._scan.head) else None)
        encoding = encoding or fallback_encoding(self._path)
        decoded = self._scan.head.decode(encoding, "replace").replace("\0", REPLACEMENT)
        complete = self._scan.size <= HEAD_BYTES
        decoded = decoded.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        return encoding, decoded if complete else decoded[: decoded.rfind("\n") + 1] or decoded

    def _delimiter(self, text: str, first: str) -> str:
        """The delimiter that the file declares (`sep=;`), or the one with which most headers are recognised."""
        if self._sep_line:
            return first.strip()[4:] or "\t"
        known = known_headers()

        def score(delimiter: str) -> tuple[int, int]:
            rows = [*_first_records(text, delimiter)]
            recognised = max((len(known & set(map(fold, cells))) for cells in rows), default=0)
            return recognised, sum(len(cells) - 1 for cells in rows)

        return max(DELIMITERS, key=score)

    def _first_rows(self, text: str) -> Iterator[Row]:
        """The rows that are not blank; stores the line at which each row ends."""
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, skipinitialspace=True)
        try:
            for row, cells in enumerate(reader, 1):
                self._lines[row] = reader.line_num + self._sep_line
                if any(cell.strip() for cell in cells):
                    yield row, cells
        except csv.Error as error:
            raise Unreadable("cell_too_long", row=len(self._lines) + 1) from error

    def load(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> Sequence[Note]:
        """See `Sheet.load`."""
        header.check_width()
        if not (self._scan.regular and self._load_with_duckdb(connection, table, header)):
            self._load_with_csv(connection, table, header)
        return ()

    def _load_with_duckdb(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> bool:
        """Load with DuckDB's reader; False when the file turns out not to be regular."""
        path = self._as_utf8()
        try:
            connection.execute(
                f"CREATE TABLE {table}_raw AS FROM read_csv({sql_path(path)}, delim = ?, columns = {text_columns(header.width)},"
                f" skip = {self._lines[header.row]}, header = false, auto_detect = false,"
                " quote = '\"', escape = '\"', comment = '', compression = 'none', strict_mode = true)",
                [self.delimiter],
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            if self._encoding == "utf-8" and not is_utf8(self._path):
                return self._correct_encoding() and self._load_with_duckdb(connection, table, header)
            return False
        connection.execute(
            f"CREATE VIEW {table} AS SELECT (rowid + {header.row + 1})::INTEGER AS _row, NULL::VARCHAR AS _extra, *"
            f" FROM {table}_raw"
        )
        return True

    def _correct_encoding(self) -> bool:
        """Choose another encoding when bytes after the head are not UTF-8; False when they are damaged UTF-8."""
        if self._scan.head.isascii():
            self._encoding = fallback_encoding(self._path)
        return self._encoding != "utf-8"

    def _as_utf8(self) -> Path:
        """The file in UTF-8 under a name without glob characters: itself, or a copy."""
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

    def _load_with_csv(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> None:
        """Read record by record with Python's csv module, and load a regular copy."""
        if self._encoding == "utf-8" and not is_utf8(self._path):
            self._correct_encoding()
        copy = self._work / "rows.csv"
        with copy.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, ROW_FILE)
            writer.writerows(_padded(self._rows(header.row), header.width))
        load_rows(connection, table, copy, header.width)

    def _rows(self, header: int) -> Iterator[Row]:
        """Every record below the header that is not blank, with its row number."""
        with self._text() as file:
            lines = (line.replace("\0", REPLACEMENT) for line in file) if self._scan.nul_bytes else file
            yield from _records_below(lines, self.delimiter, header, self._sep_line)


@cache
def known_headers() -> frozenset[str]:
    """The header and the code of every column of a table, folded."""
    return frozenset(fold(name) for d in datasets().values() for c in d.columns for name in (c.header, c.code))


def _starts_as_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= HEAD_BYTES - 4 and error.reason == "unexpected end of data"
    return True


def _first_records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The first records of a text, as far as they can be read."""
    with suppress(csv.Error):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        yield from islice(reader, HEAD_ROWS)


def _records_below(lines: Iterable[str], delimiter: str, header: int, sep_line: bool) -> Iterator[Row]:
    """The records below row `header`. Unreadable where a quotation mark is never closed."""

    def terminated() -> Iterator[str]:
        for number, line in enumerate(lines):
            if number or not sep_line:
                yield line.removeprefix("\ufeff") if number == 0 else line
        yield _SENTINEL

    row, reader = 0, csv.reader(terminated(), delimiter=delimiter, skipinitialspace=True)
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
    """Row number, first cell beyond the header that is not blank, and exactly `width` cells."""
    for row, cells in rows:
        extra = next((cell for cell in cells[width:] if cell.strip()), "")
        yield [row, extra, *cells[:width], *[""] * (width - len(cells))]
