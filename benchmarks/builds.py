"""A nightly fetch into an archive of ten years of nights, against one of ten imports with the same rows."""

import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb

from benchmarks.imports import CASES, registered, seconds
from benchmarks.ratios import Ratio
from data.archive.log import Archive
from data.archive.records import COMMIT, Link
from data.archive.state import BatchTable
from data.base.atomic_files import sha256, sql_path
from data.build.fingerprint import SAMPLE
from data.coverage import Coverage, month_of
from data.intake.archive_writer import NewEntry
from data.store import Store
from tests.data.stores import EVENTS, NOW, ROLE, import_files, write_csv

NIGHTS, FEW, RUNS = 3_650, 10, 7


def archive_of(folder: Path, count: int) -> Store:
    """A store with the example's registers, and its cases as this many imports."""
    store = registered(folder)
    archive = Archive(store.folder / "archive")
    state = archive.state()
    batch, previous = len(state.batches), state.links[-1]
    for number, (file, rows, last) in enumerate(_nights(folder, batch, count), state.entries + 1):
        batch += 1
        entry = NewEntry(archive.folder / f"{number:06}-batches-{batch}-{batch}", previous)
        entry.path.mkdir()
        written = file.rename(entry.path / f"{batch:06}-01-cases.parquet")
        covers = Coverage((), "named", month_of(last), month_of(last))
        table = BatchTable("cases", None, rows, 0, covers, written.name, None)
        at = datetime.combine(last + timedelta(days=1), time(2)).isoformat()
        raw = {"number": batch, "file": "cases-1.csv", "checksum": str(batch), "size": 1, "who": ROLE, "choice": "all"}
        files = {written.name: {"bytes": written.stat().st_size, "sha256": sha256(written)}}
        entry.write_record(
            entry.path / COMMIT, {"batches": [raw | {"at": at, "tables": [table.as_json()]}], "files": files}
        )
        previous = Link(entry.path.name, sha256(entry.path / COMMIT))
    archive.follow(archive.state())
    return store


def _nights(folder: Path, before: int, count: int) -> Iterator[tuple[Path, int, date]]:
    """The cases in the order that they came in, in so many Parquet files: each with its rows and the day of the last."""
    with Store(folder / "whole") as whole:
        import_files(whole, SAMPLE / CASES)
        (cases,) = whole.folder.glob("archive/*/*-cases.parquet")
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE nights AS SELECT * REPLACE ({before} + ntile({count}) OVER (ORDER BY received_on, _row) AS batch)"
            f" FROM {sql_path(cases)}"
        )
        nights = folder / "nights"
        connection.execute(
            f"COPY (SELECT *, batch AS night FROM nights) TO {sql_path(nights)} (FORMAT parquet, PARTITION_BY night)"
        )
        found = connection.execute("SELECT batch, count(*), max(received_on) FROM nights GROUP BY ALL ORDER BY ALL")
        for batch, rows, last in found.fetchall():
            (file,) = (nights / f"night={batch}").iterdir()
            yield file, rows, last


def fetched(store: Store, folder: Path) -> float:
    """The seconds that one more import of one row takes, with the build."""
    file = write_csv(folder, "handelser.csv", EVENTS, "2026-11-01;En händelse")
    return seconds(lambda: import_files(store, file, again=True, now=NOW))


def measure(folder: Path) -> Iterator[Ratio]:
    """The two in turns."""
    print("build: ten years of nights …", file=sys.stderr)
    stores = [archive_of(folder / str(count), count) for count in (NIGHTS, FEW)]
    turns = [[fetched(store, folder) for store in stores] for _ in range(1 + RUNS)]
    many, few = zip(*turns[1:], strict=True)
    yield Ratio(f"one row into an archive of {NIGHTS:,} imports", many, f"into one of {FEW}, same rows", few, 1.5)
