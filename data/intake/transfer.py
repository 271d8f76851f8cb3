"""A draft as files in a folder, JSON and Parquet: what comes from a process that is not trusted is never unpickled."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import duckdb
from duckdb import DuckDBPyConnection

from data.base.atomic_files import sql_path
from data.intake.draft import Draft, FileDraft, TableDraft
from data.schema.catalogue import Dataset, datasets

T = TypeVar("T")
FILE = "draft.json"
MAX_BYTES = 64 * 1024 * 1024  # of the JSON, which is parsed in the process that serves


@dataclass(frozen=True)
class _Files:
    """The content of the JSON file."""

    files: tuple[FileDraft, ...]


def write_draft(draft: Draft, folder: Path) -> None:
    """Write the files of a draft, and the typed rows of each table. OSError or duckdb.Error when the disk is full."""
    for i, table in enumerate(table for file in draft.files for table in file.tables):
        path = sql_path(_rows_path(folder, i))
        draft.connection.execute(f"COPY {table.relation} TO {path} (FORMAT parquet)")
    write_content(_Files(draft.files), folder / FILE)


def read_draft(folder: Path, resources: ExitStack, database: Path | None = None) -> Draft:
    """The draft that `write_draft` wrote in the folder, which must remain; closing it closes the `resources` too.

    The current `database` is attached to its connection as `known`.

    TypeError, ValueError, LookupError, RecursionError, OSError or duckdb.Error when it is none.
    """
    content = read_content(_Files, folder / FILE)
    connection = resources.enter_context(duckdb.connect(config={"autoload_known_extensions": False}))
    connection.execute("SET python_enable_replacements = false; SET enable_progress_bar = false")
    if database:
        connection.execute(f"ATTACH {sql_path(database)} AS known (READ_ONLY)")
    tables = _Tables(connection, folder)
    files = [replace(file, tables=tuple(map(tables.with_rows, file.tables))) for file in content.files]
    return Draft(files, connection, resources.pop_all(), folder)


def write_content(content: object, path: Path) -> None:
    """Write a dataclass as JSON."""
    path.write_text(json.dumps(content, default=_encode), "ascii")


def read_content(kind: type[T], path: Path) -> T:
    """The dataclass of this kind that `write_content` wrote; TypeError, ValueError, LookupError or OSError when it is none."""
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise ValueError("the file is too large")
    content: T = _build(kind, json.loads(raw, object_hook=_decode))
    return content


def _rows_path(folder: Path, number: int) -> Path:
    return folder / f"rows-{number}.parquet"


class _Tables:
    """The tables of the files, numbered in order."""

    def __init__(self, connection: DuckDBPyConnection, folder: Path) -> None:
        self._connection, self._folder, self._count = connection, folder, 0

    def with_rows(self, table: TableDraft) -> TableDraft:
        """The next table, its relation a view of its rows with the columns and types that it must have."""
        relation, path = f"rows_{self._count}", sql_path(_rows_path(self._folder, self._count))
        self._count += 1
        columns = (*table.dataset.stored, ("_row", "INTEGER"), ("_ok", "BOOLEAN"), ("_unread", "VARCHAR[]"))
        typed = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in columns)
        self._connection.execute(f"CREATE VIEW {relation} AS SELECT {typed} FROM read_parquet({path})")
        return replace(table, relation=relation)


def _encode(value: object) -> object:
    match value:
        case Dataset():
            return {"$table": value.code}
        case date():
            return {"$date": value.isoformat()}
        case Decimal():
            return {"$decimal": str(value)}
        case frozenset():
            return sorted(value)
        case Mapping():
            return dict(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON")


def _decode(raw: dict[str, Any]) -> object:
    match raw:
        case {"$table": str(code)}:
            return datasets()[code]
        case {"$date": str(text)}:
            return date.fromisoformat(text)
        case {"$decimal": str(text)}:
            return Decimal(text)
    return raw


@cache
def _fields(kind: Any) -> Mapping[str, Any]:
    """The annotations of a dataclass's fields, by name; none for another type."""
    hints = get_type_hints(kind) if is_dataclass(kind) else {}
    return {f.name: hints[f.name] for f in fields(kind)} if hints else {}


def _build(kind: Any, value: Any) -> Any:
    """The value as the annotation `kind` says; TypeError when it is something else."""
    origin, parts = get_origin(kind), get_args(kind)
    match value:
        case _ if origin in (Union, UnionType):
            return _build_any(parts, value)
        case _ if kind is object or type(value) is kind or (origin is Literal and value in parts):
            return value
        case dict() if origin is None and value.keys() == _fields(kind).keys():
            return kind(**{name: _build(_fields(kind)[name], part) for name, part in value.items()})
        case dict() if origin is Mapping:
            return {name: _build(parts[1], part) for name, part in value.items()}
        case list() if origin in (tuple, frozenset):
            return origin(_build(parts[0], part) for part in value)
    raise TypeError(f"{type(value).__name__} instead of {kind}")


def _build_any(kinds: Sequence[Any], value: Any) -> Any:
    for kind in kinds:
        try:
            return _build(kind, value)
        except TypeError:
            continue
    raise TypeError(f"{type(value).__name__} instead of one of {kinds}")
