"""What was said of one row, when, and by which file: read from the archive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from data.archive.state import Batch, BatchTable
from data.base.atomic_files import sql_path
from data.base.database_config import CONFIG
from data.base.fault import Change
from data.messages.listed import values_text
from data.schema.catalogue import Dataset
from data.schema.id_matching import folded_sql


@dataclass(frozen=True)
class Statement:
    """What one import said of a row: in words what was new in it ("" where it only repeated), and whether it is in force."""

    batch: int
    file: str
    who: str
    at: datetime | None
    text: str
    active: bool


def row_history(batches: Sequence[Batch], dataset: Dataset, key: str, language: str = "sv") -> list[Statement]:
    """The imports that say something of the row with this id, oldest first. Only of a table whose key is one id.

    OSError or duckdb.Error when a file cannot be read.
    """
    parts = {
        (batch.number, number): (batch, table)
        for batch in batches
        if not batch.damaged
        for number, table in enumerate(batch.tables, 1)
        if table.dataset == dataset.code
    }
    held: dict[str, str | None] = {}
    statements = []
    for row in _rows(parts, dataset, key):
        batch, table = parts[row["batch"], row["_part"]]
        changes = _news(dataset, table, row, held)
        if batch.active:
            held |= {change.column: change.new for change in changes}
        text = values_text(changes, language)
        statements.append(Statement(batch.number, batch.file, batch.who, batch.at, text, batch.active))
    return statements


def _rows(
    parts: Mapping[tuple[int, int], tuple[Batch, BatchTable]], dataset: Dataset, key: str
) -> list[dict[str, Any]]:
    """The archived rows of the id, in the order in which they were said."""
    if not parts:
        return []
    files = ", ".join(sql_path(batch.folder / table.file) for batch, table in parts.values())
    with duckdb.connect(config=CONFIG) as connection:
        found = connection.execute(
            f"SELECT * FROM read_parquet([{files}], union_by_name = true)"
            f" WHERE {folded_sql(dataset.key[0])} = {folded_sql('$key')} ORDER BY batch, _part, _row",
            {"key": key},
        )
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _news(dataset: Dataset, table: BatchTable, row: Mapping[str, Any], held: Mapping[str, str | None]) -> list[Change]:
    """The values that are other than those that were said before, of the columns that the file knows."""
    known = {c.code for c in dataset.columns} if table.known_columns is None else table.known_columns
    texts = {c.code: _text(row.get(c.code)) for c in dataset.columns if c.code in known and not c.key}
    return [
        Change(dataset.code, (), code, held.get(code), text) for code, text in texts.items() if text != held.get(code)
    ]


def _text(value: object) -> str | None:
    """A stored value as `Change` has it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)
