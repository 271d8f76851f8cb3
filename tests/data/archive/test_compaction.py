"""The rows of many small files are the same from few, whatever is undone, damaged or exchanged."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data.base.atomic_files import sha256
from data.build import compaction
from data.build.compaction import compacted
from data.build.coverage_table import BatchPart, read_rows

MANY = 12


@pytest.fixture(autouse=True)
def few_loose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "LOOSE", 2)


def write_part(folder: Path, batch: int, title: str = "", part: int = 1) -> BatchPart:
    path = folder / f"{batch}-{part}{title}.parquet"
    newer = ", true AS is_newer" if batch > MANY // 2 else ""  # a column that older files lack
    rows = f"SELECT '{title}' || {batch} || i AS title, {batch} AS batch, {part} AS _part, i AS _row{newer} FROM range(3) t(i)"
    duckdb.execute(f"COPY ({rows}) TO '{path}'")
    return BatchPart("events", batch, path, date(2026, 11, 1), part=part, rows=3, sha256=sha256(path))


@pytest.fixture
def parts(tmp_path: Path) -> list[BatchPart]:
    written = [write_part(tmp_path, batch) for batch in range(1, MANY + 1)]
    return [*written, write_part(tmp_path, MANY, part=2), replace(write_part(tmp_path, MANY + 1), keep_higher=True)]


def rows(parts: Iterable[BatchPart]) -> list[tuple[object, ...]]:
    no_rows = "SELECT NULL::BOOLEAN AS is_newer, '' AS title, 0 AS batch, 0 AS _part, 0 AS _row WHERE false"
    return duckdb.execute(f"{no_rows} UNION ALL BY NAME FROM {read_rows([*parts])} ORDER BY ALL").fetchall()


def chunks(parts: Iterable[BatchPart]) -> set[Path | None]:
    return {part.chunk for part in parts if not part.keep_higher}


def test_many_files_become_few(parts: list[BatchPart], tmp_path: Path) -> None:
    folder = tmp_path / "compacted"
    for count in range(1, len(parts) + 1):  # one import after another
        result = compacted(folder, parts[:count])
        assert [replace(part, chunk=None) for part in result] == parts[:count]
        assert rows(result) == rows(parts[:count])
        assert len({part.chunk or part.path for part in result}) <= 2 + 3
    assert result[-1].chunk is None  # its counts are read in another way, and it is alone
    assert {path.stem for path in folder.iterdir()} == {part.chunk.stem for part in result if part.chunk}


def test_what_is_undone_is_left_out(parts: list[BatchPart], tmp_path: Path) -> None:
    before = compacted(tmp_path / "compacted", parts)
    active = [part for part in parts if part.batch not in (2, MANY)]
    result = compacted(tmp_path / "compacted", active)
    assert chunks(result) == chunks(before) and len(chunks(result)) == 1
    assert rows(result) == rows(active)
    assert rows(part for part in result if part.batch == 3) == rows(part for part in parts if part.batch == 3)


@pytest.mark.parametrize("suffix", [".parquet", ".json"])
@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_damaged_chunk_is_made_anew(parts: list[BatchPart], tmp_path: Path, suffix: str, damage: str) -> None:
    (before,) = chunks(compacted(tmp_path / "compacted", parts))
    assert before
    path = before.with_suffix(suffix)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"1", b"2", 1)) if damage == "changed" else path.unlink()
    result = compacted(tmp_path / "compacted", parts)
    assert before not in chunks(result) and not before.exists()
    assert rows(result) == rows(parts)


def test_a_chunk_of_other_files_is_not_read(parts: list[BatchPart], tmp_path: Path) -> None:
    before = compacted(tmp_path / "compacted", parts)
    other = [write_part(tmp_path, 1, "other"), *parts[1:]]
    result = compacted(tmp_path / "compacted", other)
    assert not chunks(before) & chunks(result)
    assert rows(result) == rows(other) != rows(parts)


def test_a_disk_that_cannot_be_written_leaves_the_files(
    parts: list[BatchPart], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path) -> None:
        raise OSError

    monkeypatch.setattr(compaction, "flush", full)
    assert list(compacted(tmp_path / "compacted", parts)) == parts
