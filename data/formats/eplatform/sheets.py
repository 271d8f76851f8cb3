"""An answer of the platform as sheets: parsed once, written as tidy files, one a table and set of told columns."""

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
    """A table that was put together from an answer. `told` are the columns that the answer tells; others are guesses."""

    def __init__(
        self, name: str, dataset: str, columns: Sequence[str], told: frozenset[str] | None, path: Path
    ) -> None:
        self.name, self.dataset, self.known_columns = name, dataset, told
        self.head = [(1, tuple(columns))]
        self._path = path

    def load(
        self, connection: DuckDBPyConnection, table: str, header: int, width: int, types: Mapping[int, str]
    ) -> Sequence[Note]:
        """See `Sheet.load`."""
        load_rows(connection, table, self._path, width)
        return ()


class TableFiles:
    """Writes rows of tables to files in the work folder; rows of one table that tell different columns lie apart."""

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

    def _file(self, dataset: str, columns: tuple[str, ...], told: frozenset[str]) -> "_TableFile":
        found = self._open.get((dataset, columns, told))
        if found is None:
            path = self._work / f"{dataset}-{len(self._open)}.csv"
            found = _TableFile(path, self._files.enter_context(path.open("w", encoding="utf-8", newline="")))
            self._open[dataset, columns, told] = found
        return found

    def sheets(self, blank: tuple[str, Sequence[str]] | None) -> Sequence[DerivedSheet]:
        """The sheets in the order of the catalogue of tables; `blank` is the only one when nothing was written."""
        if not self._open and blank:
            dataset, columns = blank
            self._file(dataset, tuple(columns), frozenset(columns))
        order = [*datasets()]
        keys = sorted(self._open, key=lambda key: order.index(key[0]))
        numbers = [sum(other[0] == key[0] for other in keys[:i]) for i, key in enumerate(keys)]
        return [
            DerivedSheet(_title(dataset, number), dataset, columns, told, self._open[dataset, columns, told].path)
            for (dataset, columns, told), number in zip(keys, numbers, strict=True)
        ]


class _TableFile:
    """One file of tidy rows. Rows are numbered by the answer's lines, and no number comes twice."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self.path = path
        self._writer = csv.writer(file, delimiter=",", lineterminator="\n", quoting=csv.QUOTE_ALL)
        self._last = 1

    def write(self, row: TableRow) -> None:
        self._last = max(row.line, self._last + 1)
        self._writer.writerow([self._last, "", *row.values.values()])


def _title(dataset: str, number: int) -> str:
    header = datasets()[dataset].header
    return f"{header} ({number + 1})" if number else header


def open_answer_sheets(
    path: Path, surveyed: FileScan, work: Path, origin: Origin
) -> tuple[Sequence[DerivedSheet], Sequence[Note]] | None:
    """The sheets of an answer, and what is worth saying; None when it is none, or a web page.

    Unreadable when it is one but broken, or when nothing tells where it comes from.
    """
    if is_html(head_text(surveyed.head)):
        return None
    answer = open_answer(path, surveyed, origin.today)
    if answer is None:
        return None
    rows = AnswerRows(answer.kind, answer.records(), origin, installation_of(origin, answer.host))
    with TableFiles(work) as files:
        for row in rows:
            files.write(row)
        sheets = files.sheets(rows.blank)
    return sheets, [*rows.notes, *answer.notes()]
