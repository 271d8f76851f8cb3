"""An answer of the platform as sheets: parsed once, written to CSV files, one per table and set of known columns."""

import csv
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from duckdb import DuckDBPyConnection

from data.formats.eplatform.answers import open_answer
from data.formats.eplatform.rows import AnswerRows
from data.formats.eplatform.table_row import TableRow
from data.formats.origin import Origin, installation_of
from data.readers.decoding import head_text, is_html
from data.readers.file_scan import FileScan
from data.readers.sheet import Note, Sheet, load_rows
from data.schema.catalogue import datasets


class DerivedSheet(Sheet):
    """A table made from an answer. Columns other than `known_columns` are guesses."""

    def __init__(
        self, name: str, dataset: str, columns: Sequence[str], known_columns: frozenset[str] | None, path: Path
    ) -> None:
        self.name, self.dataset, self.known_columns = name, dataset, known_columns
        self.head = [(1, tuple(columns))]
        self._path = path

    def load(
        self, connection: DuckDBPyConnection, table: str, header: int, width: int, types: Mapping[int, str]
    ) -> Sequence[Note]:
        """See `Sheet.load`."""
        load_rows(connection, table, self._path, width)
        return ()


class TableFiles:
    """Writes rows to CSV files in the work folder, one file per table, columns and known columns."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._files = ExitStack()
        self._open: dict[tuple[str, tuple[str, ...], frozenset[str]], _TableFile] = {}

    def __enter__(self) -> "TableFiles":
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def write(self, row: TableRow) -> None:
        """Add a row."""
        self._file(row.dataset, tuple(row.values), row.known_columns).write(row)

    def _file(self, dataset: str, columns: tuple[str, ...], known: frozenset[str]) -> "_TableFile":
        file = self._open.get((dataset, columns, known))
        if file is None:
            path = self._work / f"{dataset}-{len(self._open)}.csv"
            file = _TableFile(path, self._files.enter_context(path.open("w", encoding="utf-8", newline="")))
            self._open[dataset, columns, known] = file
        return file

    def sheets(self, empty_table: tuple[str, Sequence[str]] | None) -> Sequence[DerivedSheet]:
        """The sheets in the order of the data catalogue; without rows, one of `empty_table`."""
        if not self._open and empty_table:
            dataset, columns = empty_table
            self._file(dataset, tuple(columns), frozenset(columns))
        order = [*datasets()]
        keys = sorted(self._open, key=lambda key: order.index(key[0]))
        numbers = [sum(other[0] == key[0] for other in keys[:i]) for i, key in enumerate(keys)]
        return [
            DerivedSheet(_title(dataset, number), dataset, columns, known, self._open[dataset, columns, known].path)
            for (dataset, columns, known), number in zip(keys, numbers, strict=True)
        ]


class _TableFile:
    """One CSV file. Rows are numbered by the answer's lines, raised where needed to be unique."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self.path = path
        self._writer = csv.writer(file, delimiter=",", lineterminator="\n", quoting=csv.QUOTE_ALL)
        self._last = 1

    def write(self, row: TableRow) -> None:
        """Add a row."""
        self._last = max(row.line, self._last + 1)
        self._writer.writerow([self._last, "", *row.values.values()])


def _title(dataset: str, number: int) -> str:
    header = datasets()[dataset].header
    return f"{header} ({number + 1})" if number else header


def open_answer_sheets(
    path: Path, scan: FileScan, work: Path, origin: Origin
) -> tuple[Sequence[DerivedSheet], Sequence[Note]] | None:
    """The sheets of an answer, and notes; None when the file is not one, or is a web page.

    Unreadable when it is malformed, or when its installation or flow family is unknown.
    """
    if is_html(head_text(scan.head)):
        return None
    answer = open_answer(path, scan, origin.today)
    if answer is None:
        return None
    rows = AnswerRows(answer.kind, answer.records(), origin, installation_of(origin, answer.host))
    with TableFiles(work) as files:
        for row in rows:
            files.write(row)
        sheets = files.sheets(rows.empty_table)
    return sheets, [*rows.notes, *answer.notes()]
