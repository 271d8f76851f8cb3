"""What the archive tells: every batch with what was done to it, and which are in force."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from data.base.errors import ENTRY_DAMAGED, Notice
from data.coverage import Coverage

ChangeKind = Literal["undo", "redo"]
_SAME_NAME = ("dataset", "sheet", "rows", "refused", "file", "gaps")  # fields of a table that are written as they are


@dataclass(frozen=True)
class BatchTable:
    """What a batch brought to one table: rows taken and refused, what it covers, and its files in the archive."""

    dataset: str
    sheet: str | None
    rows: int
    refused: int
    coverage: Coverage | None
    file: str
    gaps: str | None  # the refused rows' service, channel and month: not reported, however much is covered
    known_columns: tuple[str, ...] | None = None  # the columns whose values its source knows; None: all
    keep_higher: bool = False  # counts from a source that removes old cases: a lower one does not replace a higher

    def as_json(self) -> dict[str, Any]:
        """The table as it is written in the archive."""
        coverage = self.coverage and self.coverage.as_json()
        named = {"cover": coverage, "told": self.known_columns, "keep_higher": self.keep_higher}
        return {**named, **{name: getattr(self, name) for name in _SAME_NAME}}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "BatchTable":
        """The table that `as_json` wrote, now or before there were `told` and `keep_higher`; KeyError when it is none."""
        coverage = Coverage.from_json(raw["cover"]) if raw["cover"] else None
        known = tuple(raw["told"]) if raw.get("told") is not None else None
        same = {name: raw[name] for name in _SAME_NAME}
        return cls(**same, coverage=coverage, known_columns=known, keep_higher=raw.get("keep_higher", False))


@dataclass(frozen=True)
class Change:
    """That a batch was undone or redone; `who` and `at` are None when the archive no longer tells."""

    kind: ChangeKind
    who: str | None
    at: datetime | None


@dataclass(frozen=True)
class Batch:
    """One imported file. Damaged: the archive cannot give its rows back; then only its number is certain."""

    number: int
    folder: Path
    file: str = ""
    checksum: str = ""
    size: int = 0
    who: str = ""
    at: datetime | None = None
    choice: Literal["all", "good"] = "all"
    tables: tuple[BatchTable, ...] = ()
    active: bool = True
    changes: tuple[Change, ...] = ()
    damaged: bool = False
    files: tuple[tuple[str, str], ...] = ()  # (name, sha256) of what it keeps in the archive

    @property
    def rows(self) -> int:
        """The rows it brought, over all its tables."""
        return sum(t.rows for t in self.tables)


@dataclass(frozen=True)
class ArchiveState:
    """The fold over the archive's entries: every batch in order, and what is wrong with the archive."""

    batches: tuple[Batch, ...] = ()
    damage: tuple[Notice, ...] = ()
    entries: int = 0  # the number of the newest entry

    @cached_property
    def active(self) -> tuple[Batch, ...]:
        """The batches in force, oldest first."""
        return tuple(b for b in self.batches if b.active and not b.damaged)

    @property
    def is_complete(self) -> bool:
        """Whether every batch in force can be read."""
        return not any(b.active and b.damaged for b in self.batches)

    def batch(self, number: int) -> Batch | None:
        """The batch with this number."""
        return next((b for b in self.batches if b.number == number), None)

    def find_duplicate(self, checksum: str) -> Batch | None:
        """The newest batch in force that came from a file with exactly these bytes."""
        return next((b for b in reversed(self.active) if b.checksum == checksum), None)

    def identity(self) -> str:
        """A text that is equal for two states exactly when they build the same database."""
        covers = [
            [t.dataset, t.coverage and t.coverage.as_json(), t.known_columns, t.keep_higher]
            for b in self.active
            for t in b.tables
        ]
        batches = [[b.number, b.file, b.who, b.at and b.at.isoformat(), b.files, b.active] for b in self.batches]
        return json.dumps([batches, covers], sort_keys=True)


def damage_notices(state: ArchiveState) -> tuple[Notice, ...]:
    """What is wrong with the archive and what to do. A damaged batch that is undone no longer matters."""
    lost: dict[str, list[int]] = {}
    for batch in state.batches:
        if batch.damaged and batch.active:
            lost.setdefault(batch.folder.name, []).append(batch.number)
    said = (Notice(ENTRY_DAMAGED, {"entry": e, "batches": ", ".join(map(str, n))}) for e, n in lost.items())
    return (*said, *state.damage)
