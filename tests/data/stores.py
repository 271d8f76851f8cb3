"""Small stores built through the production import."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from data.archive.state import Batch
from data.coverage import Coverage
from data.intake.choices import Choice
from data.intake.draft import Source
from data.schema.catalogue import datasets
from data.serving.server import Database
from data.store import Store

NOW = datetime(2026, 11, 23, 10, 32)
ROLE = "systemförvaltare"
BUDGET = "ar;verksamhet_id;kostnadstyp;belopp"
COUNTS = "tjanst_id;manad;kanal;antal"
EVENTS = "datum;rubrik"


def write_csv(folder: Path, name: str, *lines: str) -> Path:
    """A CSV file with these lines."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def import_files(
    store: Store,
    *files: Path,
    take: Literal["all", "good", "skip"] = "all",
    covers: Mapping[str, Coverage] | None = None,
    now: datetime = NOW,
    again: bool = False,
) -> tuple[Batch, ...]:
    """Import files as a person would: prepare, choose, commit."""
    with store.prepare([Source(f.name, f) for f in files], today=now.date()) as draft:
        choices = {f.name: Choice(take, covers) for f in draft.files}
        return store.commit(draft, choices, ROLE, now, again=again)


def table_rows(database: Database, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """The rows of a table, in order."""
    return database.cursor().execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()


def all_tables(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every table and view of the database but `info` and `batches`, which tell when it was built and from what."""
    names = database.cursor().execute("SELECT table_name FROM information_schema.tables ORDER BY ALL").fetchall()
    result = {name: table_rows(database, name) for (name,) in names if name not in ("info", "batches")}
    assert set(datasets()) < set(result)
    return result
