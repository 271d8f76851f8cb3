"""What every reader returns: sheets of text rows with row numbers, which load into DuckDB."""

import csv
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.base.atomic_files import sql_path
from data.ledger_source import LedgerSource
from data.readers.errors import Unreadable
from data.readers.limits import LINE_BYTES, TABLE_COLUMNS

ROW_FILE = csv.unix_dialect  # how rows are written that `load_rows` reads: all quoted, with commas, one newline a row
Row = tuple[int, Sequence[str]]  # the spreadsheet's row number, and the cells


@dataclass(frozen=True)
class Note:
    """A note about how a file was read: the code of its sentence, and the parameters."""

    code: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class HeaderRow:
    """The row of a sheet's headers, and below it the number of columns and the catalogue's types by position."""

    row: int
    width: int
    types: Mapping[int, str] = field(default_factory=dict)  # for cells that a type decides how to read

    def check_width(self) -> None:
        """Unreadable when there are more columns than a table may have."""
        if self.width > TABLE_COLUMNS:
            raise Unreadable("too_many_columns", row=self.row, count=self.width, limit=TABLE_COLUMNS)


class Sheet(ABC):
    """One sheet of a workbook, a whole text file, or a table that was put together from one.

    `head` holds the first rows that are not blank, among which the header is looked for. `dataset` is the table's code
    where the reader knows it, `known_columns` the columns that the source has values for (None: all), and
    `original_headers` the file's headers by those that the reader replaced them with. With `has_refused_rows`, `load`
    also makes the relation `<table>_refused` of rows that are refused as a whole, each with its one fault: `_row`,
    `position`, `code`, `value`. `empty_note` is the code of the note on a sheet without rows,
    `ledger` the source of a ledger's postings, known when it is loaded.
    """

    name: str | None = None
    head: Sequence[Row] = ()
    dataset: str | None = None
    known_columns: frozenset[str] | None = None
    original_headers: Mapping[str, str] = {}
    has_refused_rows = False
    empty_note = "no_rows"
    ledger: LedgerSource | None = None

    @abstractmethod
    def load(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> Sequence[Note]:
        """Create the relation `table` of the rows below the header, and return notes about them.

        Its columns are `_row` INTEGER, `_extra` VARCHAR (the first cell beyond the header that is not blank) and `c0` …
        as VARCHAR, NULL where blank. Unreadable when the rest of the sheet cannot be read.
        """

    def totals(self, connection: DuckDBPyConnection, typed: str) -> Iterable[Note]:
        """Notes with the sums of the rows that were read and left out, from the relation `typed`; by default none."""
        return ()


Opened = tuple[Sequence[Sheet], Sequence[Note]]  # the sheets of a file, and notes on how it was read


def text_columns(width: int) -> str:
    """The `columns` argument of `read_csv` for text columns c0 …."""
    return "{" + ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width)) + "}"


def load_rows(connection: DuckDBPyConnection, table: str, path: Path, width: int) -> None:
    """Create the view `table` of a CSV file (as `ROW_FILE`) with row number, extra cell and `width` cells."""
    columns = "{'_row': 'INTEGER', '_extra': 'VARCHAR', " + text_columns(width)[1:]
    connection.execute(
        f"CREATE TABLE {table}_raw AS FROM read_csv({sql_path(path)}, columns = {columns}, delim = ',', quote = '\"',"
        " escape = '\"', header = false, auto_detect = false, parallel = false, comment = '',"
        " new_line = '\\n',"  # as in ROW_FILE; else DuckDB takes that of a cell for it
        f" max_line_size = {LINE_BYTES})"
    )
    connection.execute(f"CREATE VIEW {table} AS FROM {table}_raw")


def insert_rows(connection: DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows of Python values into a table, by column, which is much faster than `executemany`."""
    if rows:
        columns = [*map(list, zip(*rows, strict=True))]
        connection.execute(f"INSERT INTO {table} SELECT {', '.join('unnest(?)' for _ in columns)}", columns)
