"""Rows of the input tables, made from an answer of the platform, and CSV files of them."""

import csv
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from data.readers.sheet import ROW_FILE

RowKind = tuple[str, tuple[str, ...], frozenset[str]]  # table, columns, known columns


@dataclass(frozen=True)
class TableRow:
    """A row of the table `dataset`: texts by column, "" for blank. Columns other than `known_columns` are guesses.

    `line` is the row's line in the answer, 0 when it has none.
    """

    dataset: str
    values: Mapping[str, str]
    known_columns: frozenset[str]
    line: int


def table_row(dataset: str, line: int, guesses: Iterable[str], /, **values: object) -> TableRow:
    """A row of `values`, whose columns are known except for the `guesses`. None becomes blank."""
    texts = {code: _text(value) for code, value in values.items()}
    return TableRow(dataset, texts, frozenset(texts) - frozenset(guesses), line)


def write_rows(rows: Iterable[TableRow], folder: Path, name: str, numbered: bool = False) -> dict[RowKind, Path]:
    """Write rows to CSV files, one for each kind of row, called `name` and a number. Returns the files.

    They have headers, unless `numbered`: then each row begins with its line in the answer, raised where needed to be
    unique, and an empty cell.
    """
    files: dict[RowKind, Path] = {}
    writers, lines = {}, dict[RowKind, int]()
    with ExitStack() as stack:
        for row in rows:
            kind = row.dataset, tuple(row.values), row.known_columns
            if kind not in files:
                files[kind] = folder / f"{name}-{len(files)}.csv"
                file = stack.enter_context(files[kind].open("w", encoding="utf-8", newline=""))
                writers[kind] = csv.writer(file, ROW_FILE)
                if not numbered:
                    writers[kind].writerow(row.values)
            lines[kind] = max(row.line, lines.get(kind, 1) + 1)
            writers[kind].writerow([*([lines[kind], ""] if numbered else []), *row.values.values()])
    return files


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return "" if value is None else str(value)
