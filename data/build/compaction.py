"""The rows of many small imports in few files: a cache beside the archive, which stays the record.

A nightly fetch leaves thousands of Parquet files, and each costs as much to open as thousands of rows to read. Rows carry
their batch, so that what is undone is left out by a condition. A chunk is used only while it is as it was written, and was
written from the very files that the archive has; without it the archive's files are read.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import duckdb

from data.archive.records import read_signed, sign
from data.base.atomic_files import (
    WRITE_ERRORS,
    flush,
    make_folder,
    publish,
    remove,
    sha256,
    sql_path,
    temporary_path,
    write_json,
)
from data.base.database_config import CONFIG
from data.build.coverage_table import BatchPart, read_rows

LOOSE = 32  # files of a table that may lie by themselves
Source = tuple[int, int, str]  # a part's batch, its place there, and the SHA-256 of its file


@dataclass(frozen=True)
class Chunk:
    """A Parquet file with the rows of parts of one table, with a record of the same name beside it."""

    path: Path
    rows: int
    sources: frozenset[Source]

    @classmethod
    def read(cls, record: Path) -> "Chunk":
        """The chunk of a record; OSError, ValueError, KeyError or TypeError when either is not as it was written."""
        raw, _, signed = read_signed(record)
        path = record.with_suffix(".parquet")
        if not signed or sha256(path) != raw["sha256"]:
            raise ValueError(f"{path.name} is damaged")
        return cls(path, int(raw["rows"]), frozenset((int(b), int(p), str(sha)) for b, p, sha in raw["sources"]))


def compacted(folder: Path, parts: Sequence[BatchPart]) -> tuple[BatchPart, ...]:
    """The parts, those that lie in a chunk with its path; chunks are written where many do not. The caller holds the lock.

    What fails is left as it is: the parts are then read from their own files.
    """
    known = {part.key: part.sha256 for part in parts}
    chunks = [chunk for chunk in _chunks(folder) if all(known.get((b, p), sha) == sha for b, p, sha in chunk.sources)]
    for alike in _alike(parts).values():
        loose = [part for part in alike if part.sha256 and not any(_source(part) in c.sources for c in chunks)]
        if len(loose) > LOOSE:
            with suppress(*WRITE_ERRORS, duckdb.Error):
                chunks = _merged(folder, alike, loose, chunks)
    paths = {source: chunk.path for chunk in reversed(chunks) for source in chunk.sources}
    return tuple(replace(part, chunk=paths[key]) if (key := _source(part)) in paths else part for part in parts)


def _source(part: BatchPart) -> Source:
    return (*part.key, part.sha256)


def _alike(parts: Iterable[BatchPart]) -> Mapping[object, list[BatchPart]]:
    """The parts by what decides how their rows are read."""
    result: dict[object, list[BatchPart]] = {}
    for part in parts:
        result.setdefault((part.dataset, part.known_columns, part.keep_higher), []).append(part)
    return result


def _chunks(folder: Path) -> list[Chunk]:
    """The whole chunks in the folder, the smallest first; all else in it is removed."""
    result = []
    for record in sorted(folder.glob("*.json")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            result.append(Chunk.read(record))
    kept = {chunk.path.stem for chunk in result}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stem not in kept:
            remove(path)
    return sorted(result, key=lambda chunk: chunk.rows)


def _merged(folder: Path, alike: Sequence[BatchPart], loose: Sequence[BatchPart], chunks: list[Chunk]) -> list[Chunk]:
    """The chunks with one for the loose parts, and for those of the chunks that are no larger than what it holds so far.

    So a row is written again only when its chunk doubles.
    """
    own = {_source(part): part for part in alike}
    taken, merged, rows = list(loose), [], sum(part.rows for part in loose)
    for chunk in chunks:
        inside = [part for source, part in own.items() if source in chunk.sources]
        if inside and chunk.rows <= rows:
            taken += [replace(part, chunk=chunk.path) for part in inside]
            merged.append(chunk)
            rows += chunk.rows
    result = [_written(folder, taken), *(chunk for chunk in chunks if chunk not in merged)]
    for chunk in merged:
        remove(chunk.path.with_suffix(".json"))
        remove(chunk.path)
    return sorted(result, key=lambda chunk: chunk.rows)


def _written(folder: Path, parts: Sequence[BatchPart]) -> Chunk:
    """Write a chunk, its record last: without one it does not exist."""
    path = folder / f"{parts[0].dataset}-{uuid4().hex[:12]}.parquet"
    make_folder(folder)
    with duckdb.connect(config=CONFIG) as connection:
        target = sql_path(temporary_path(path))
        connection.execute(f"COPY (FROM {read_rows(parts)}) TO {target} (FORMAT parquet, COMPRESSION zstd)")
    flush(temporary_path(path))
    publish(path)
    rows, sources = sum(part.rows for part in parts), sorted(map(_source, parts))
    record = path.with_suffix(".json")
    write_json(temporary_path(record), sign({"rows": rows, "sha256": sha256(path), "sources": sources}))
    publish(record)
    return Chunk(path, rows, frozenset(sources))
