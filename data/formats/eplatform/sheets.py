"""An answer of the platform as sheets: parsed once, written to CSV files, one per table and set of known columns."""

from collections.abc import Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.formats.eplatform.answers import open_answer
from data.formats.eplatform.rows import AnswerRows
from data.formats.eplatform.table_row import write_rows
from data.formats.origin import Origin, installation_of
from data.readers.decoding import head_text, is_html
from data.readers.file_scan import FileScan
from data.readers.sheet import HeaderRow, Note, Opened, Sheet, load_rows
from data.schema.catalogue import datasets


class DerivedSheet(Sheet):
    """A table made from an answer. Columns other than `known_columns` are guesses."""

    def __init__(
        self, name: str, dataset: str, columns: Sequence[str], known_columns: frozenset[str], path: Path
    ) -> None:
        self.name, self.dataset, self.known_columns = name, dataset, known_columns
        self.head = [(1, tuple(columns))]
        self._path = path

    def load(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> Sequence[Note]:
        """See `Sheet.load`."""
        load_rows(connection, table, self._path, header.width)
        return ()


def _sheets(rows: AnswerRows, work: Path) -> Sequence[DerivedSheet]:
    """The sheets in the order of the data catalogue; where the answer's own table has no rows, it is there without any."""
    files = write_rows(rows, work, "answer", numbered=True)
    if rows.empty_table and all(rows.empty_table[0] != dataset for dataset, *_ in files):
        dataset, columns = rows.empty_table
        files[dataset, tuple(columns), frozenset(columns)] = path = work / "empty.csv"
        path.touch()
    order, sheets = [*datasets()], list[DerivedSheet]()
    for dataset, columns, known in sorted(files, key=lambda kind: order.index(kind[0])):
        number = sum(sheet.dataset == dataset for sheet in sheets) + 1
        title = datasets()[dataset].header + (f" ({number})" if number > 1 else "")
        sheets.append(DerivedSheet(title, dataset, columns, known, files[dataset, columns, known]))
    return sheets


def open_answer_sheets(path: Path, scan: FileScan, work: Path, origin: Origin) -> Opened | None:
    """The sheets of an answer, and notes; None when the file is not one, or is a web page.

    Unreadable when it is malformed, or when its installation or flow family is unknown.
    """
    if is_html(head_text(scan.head)):
        return None
    answer = open_answer(path, scan, origin.today)
    if answer is None:
        return None
    rows = AnswerRows(answer.kind, answer.records(), origin, installation_of(origin, answer.host))
    sheets = _sheets(rows, work)
    return sheets, [*rows.notes, *answer.notes()]
