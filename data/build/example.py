"""The example data: files in `data/sample/`, read by the same import as all files, and shown until there is an import."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from data.archive.state import ArchiveState
from data.base.atomic_files import remove
from data.build.coverage_table import batch_parts
from data.build.database import Contents
from data.build.fingerprint import COVERAGE_FILE, example_files, example_fingerprint
from data.coverage import Coverage, parse_month
from data.intake.draft import Draft, Source
from data.intake.prepare import prepare
from data.intake.table_writer import write_tables

TODAY = date(2026, 11, 2)


@contextmanager
def example_draft() -> Iterator[Draft]:
    """The example files, checked; ValueError when they have a fault."""
    with prepare([Source(p.name, p) for p in example_files()], TODAY) as draft:
        if faults := [fault for file in draft.files for fault in file.all_faults]:
            raise ValueError(f"the example data have a fault: {faults[0]}")
        yield draft


def example_coverage() -> Mapping[str, Coverage]:
    """What the example files cover, by their names."""
    files: list[dict[str, Any]] = tomllib.loads(COVERAGE_FILE.read_text("utf-8"))["file"]
    return {
        raw["name"]: Coverage(tuple(raw["channels"]), raw["services"], parse_month(raw["from"]), parse_month(raw["to"]))
        for raw in files
    }


@contextmanager
def example_contents(state: ArchiveState, scratch: Path) -> Iterator[Contents]:
    """The example data as what a build reads; `scratch` holds their Parquet files until the block ends.

    ValueError when the example data have a fault.
    """
    scratch.mkdir(parents=True)
    try:
        with example_draft() as draft:
            by_file = example_coverage()
            tables = [
                (t, by_file.get(f.name, t.coverage) if t.dataset.covers else None)
                for f in draft.files
                for t in f.tables
            ]
            written = write_tables(scratch, draft.connection, tables, 0)
        parts = batch_parts(0, scratch, written, TODAY)
        yield Contents(parts, state.batches, True, TODAY, example_fingerprint(state), bool(state.protected))
    finally:
        remove(scratch)
