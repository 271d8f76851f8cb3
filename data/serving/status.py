"""The status of a store, as a value and as JSON."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data.archive.state import ArchiveState, Batch, BatchTable, ProtectionChange
from data.base.confinement import unlimited
from data.base.errors import Notice
from data.schema.catalogue import datasets
from data.serving.server import Database


@dataclass(frozen=True)
class Status:
    """The version that is served, the number of rows in each table, every batch (oldest first) and the notices.

    `protected`: small numbers are, and no batch tells its number of cases. `protection`: when that was turned on and off.
    `unlimited` is what this system does not limit while files are read: "memory", "files", "network".
    """

    version: int
    example: bool
    today: date
    built_at: datetime
    tables: dict[str, int]
    batches: tuple[Batch, ...]
    notices: tuple[Notice, ...]
    protected: bool
    protection: tuple[ProtectionChange, ...]
    unlimited: tuple[str, ...]
    faults: tuple[Notice, ...]  # those of the notices that say that something is not whole

    def as_json(self, language: str = "sv") -> dict[str, Any]:
        """The status as plain values for JSON."""
        return {
            "version": self.version,
            "example": self.example,
            "today": self.today.isoformat(),
            "built_at": self.built_at.isoformat(),
            "protected": self.protected,
            "protection": [change.as_json() for change in self.protection],
            "unlimited": list(self.unlimited),
            "tables": self.tables,
            "batches": [batch_json(b, self.protected) for b in self.batches],
            "notices": [n.sentence(language) for n in self.notices],
            "whole": not self.faults,
        }


def read_status(database: Database, state: ArchiveState) -> Status:
    """The status of an open database and the archive behind it."""
    cursor = database.cursor()
    tables = {code: cursor.execute(f"SELECT count(*) FROM {code}").fetchall()[0][0] for code in datasets()}
    version = (database.version, database.example, database.today, database.built_at)
    protected = (database.protected, state.protection)
    return Status(*version, tables, state.batches, database.notices, *protected, unlimited(), database.faults)


def batch_json(batch: Batch, protected: bool) -> dict[str, Any]:
    """A batch as plain values for JSON; without what tells its numbers of cases where small numbers are `protected`."""
    hidden = protected and batch.holds_cases
    return {
        "batch": batch.number,
        "file": batch.file,
        "checksum": None if hidden else batch.checksum,
        "size": None if hidden else batch.size,
        "who": batch.who,
        "at": batch.at and batch.at.isoformat(),
        "choice": batch.choice,
        "active": batch.active,
        "damaged": batch.damaged,
        "given_up": batch.given_up,
        "rows": None if hidden else batch.rows,
        "tables": [_table_json(t, hidden) for t in batch.tables],
        "changes": [{"kind": c.kind, "who": c.who, "at": c.at and c.at.isoformat()} for c in batch.changes],
    }


def _table_json(table: BatchTable, hidden: bool) -> dict[str, Any]:
    return {
        "table": table.dataset,
        "sheet": table.sheet,
        "rows": None if hidden else table.rows,
        "refused": None if hidden else table.refused,
        "covers": table.coverage and table.coverage.as_json(),
    }
