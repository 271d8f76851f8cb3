"""The state of the archive: every batch, the changes of it, and whether it is in force."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from data.archive.chain import Damage
from data.archive.records import Link
from data.base.errors import GIVEN_UP, GIVEN_UP_ALL, GIVEN_UP_BATCHES, ArchiveDamaged, Notice
from data.coverage import Coverage
from data.ledger_source import LedgerSource

CASE_TABLES = ("cases", "case_counts", "platform_totals")
ChangeKind = Literal["undo", "redo"]
_SAME_NAME = ("dataset", "sheet", "rows", "refused", "file", "gaps")  # fields of a table that are written as they are


@dataclass(frozen=True)
class BatchTable:
    """The part of a batch for one table: number of rows, what it covers, and its files in the archive."""

    dataset: str
    sheet: str | None
    rows: int
    refused: int
    coverage: Coverage | None
    file: str
    gaps: str | None  # file of the refused rows' service, channel and month, which are not reported
    known_columns: tuple[str, ...] | None = None  # the columns whose values its source knows; None: all
    keep_higher: bool = False  # counts from a source that removes old cases: a lower one does not replace a higher
    ledger: LedgerSource | None = None  # the source whose earlier postings it replaces

    def as_json(self) -> dict[str, Any]:
        """The table as it is written in the archive."""
        coverage = self.coverage and self.coverage.as_json()
        named = {"cover": coverage, "told": self.known_columns, "keep_higher": self.keep_higher}
        named |= {"ledger": self.ledger.as_json()} if self.ledger else {}
        return {**named, **{name: getattr(self, name) for name in _SAME_NAME}}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "BatchTable":
        """The table that `as_json` wrote, now or before there were `told`, `keep_higher` and `ledger`; KeyError when it is none."""
        coverage = Coverage.from_json(raw["cover"]) if raw["cover"] else None
        known = tuple(raw["told"]) if raw.get("told") is not None else None
        same = {name: raw[name] for name in _SAME_NAME}
        ledger = LedgerSource.from_json(raw["ledger"]) if raw.get("ledger") else None
        return cls(
            **same, coverage=coverage, known_columns=known, keep_higher=raw.get("keep_higher", False), ledger=ledger
        )


@dataclass(frozen=True)
class Change:
    """An undo or redo of a batch; `who` and `at` are None when its entry is damaged."""

    kind: ChangeKind
    who: str | None
    at: datetime | None


@dataclass(frozen=True)
class ProtectionChange:
    """When small numbers were protected (`on`), or no longer; `who` and `at` are None when its entry is damaged."""

    on: bool
    who: str | None = None
    at: datetime | None = None
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """The change as plain values for JSON."""
        return {"on": self.on, "who": self.who, "at": self.at and self.at.isoformat(), "why": self.why}


@dataclass(frozen=True)
class Batch:
    """One imported file. When it is `damaged` its rows cannot be read; perhaps only its number and folder are known."""

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
    given_up: bool = False  # somebody accepted the damage; it is never in force again
    files: tuple[tuple[str, str], ...] = ()  # (name, SHA-256) of its files in the archive

    @property
    def days(self) -> frozenset[date]:
        """The days on which it was imported and changed, as far as they can be read."""
        return frozenset(at.date() for at in (self.at, *(c.at for c in self.changes)) if at)

    @cached_property
    def identity(self) -> tuple[str, str]:
        """What is built from it, as JSON: of the batch, and of what its tables cover (in a list; blank when not in force)."""
        covers = [
            [
                t.dataset,
                t.coverage and t.coverage.as_json(),
                t.known_columns,
                t.keep_higher,
                t.ledger and t.ledger.as_json(),
            ]
            for t in (self.tables if self.active and not self.damaged else ())
        ]
        named = [self.number, self.file, self.who, self.at and self.at.isoformat(), self.files, self.active]
        return json.dumps(named), json.dumps(covers, sort_keys=True)[1:-1]

    def on(self, day: date) -> "Batch":
        """The batch as it was when the day ended. A change whose time cannot be read holds from the beginning."""
        changes = tuple(c for c in self.changes if not c.at or c.at.date() <= day)
        active = not self.given_up and (not changes or changes[-1].kind == "redo")
        return replace(self, changes=changes, active=active)

    @property
    def rows(self) -> int:
        """The number of rows of all its tables."""
        return sum(t.rows for t in self.tables)

    @property
    def holds_cases(self) -> bool:
        """Whether its rows, size and checksum tell of cases: they are left out where small numbers are protected."""
        return any(t.dataset in CASE_TABLES for t in self.tables)


@dataclass(frozen=True)
class FrozenReport:
    """A report as it was made: `number` is that of its entry, `sha256` of its content's bytes.

    It is of the months ("2026-01", "2026-08") of some departments, none for all. When it is `damaged` perhaps only its number is
    known. `protected`: counts of 1–4 cases were left out of it.
    """

    number: int
    folder: Path
    title: str = ""
    who: str = ""
    at: datetime | None = None
    sha256: str = ""
    months: tuple[str, str] = ("", "")
    departments: tuple[str, ...] = ()
    protected: bool = False
    damaged: bool = False


@dataclass(frozen=True)
class ArchiveState:
    """Every batch in order, every frozen report, and what is damaged, after all entries of the archive."""

    batches: tuple[Batch, ...] = ()
    damage: tuple[Damage, ...] = ()
    entries: int = 0  # the number of the newest entry
    protection: tuple[ProtectionChange, ...] = ()  # oldest first
    links: tuple[Link, ...] = ()  # of the whole entries, oldest first
    given_up: tuple[str, ...] = ()  # the names of entries that were damaged when somebody accepted that
    strangers: tuple[str, ...] = ()  # the names in the folder that are not read since then
    is_chained: bool = True
    reports: tuple[FrozenReport, ...] = ()  # oldest first

    @cached_property
    def active(self) -> tuple[Batch, ...]:
        """The batches in force, oldest first."""
        return tuple(b for b in self.batches if b.active and not b.damaged)

    @property
    def protected(self) -> bool | None:
        """Whether counts of 1–4 cases are left out of what is built; None when nobody has decided."""
        return self.protection[-1].on if self.protection else None

    @property
    def is_whole(self) -> bool:
        """Whether every entry is as it was written."""
        return not self.damage

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is damaged and what to do, as notices."""
        return tuple(d.notice for d in self.damage)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days on which batches were imported or changed, in order."""
        return tuple(sorted({day for b in self.batches for day in b.days}))

    def on(self, day: date) -> "ArchiveState":
        """The state when the day ended; what is damaged, and whether small numbers are protected, is as it is now."""
        return replace(self, batches=tuple(b.on(day) for b in self.batches if not b.at or b.at.date() <= day))

    def moved(self, source: Path, target: Path) -> "ArchiveState":
        """The state when the entry that was written at `source` lies at `target`."""
        batches = tuple(replace(one, folder=target) if one.folder == source else one for one in self.batches)
        reports = tuple(replace(one, folder=target) if one.folder == source else one for one in self.reports)
        return replace(self, batches=batches, reports=reports)

    def refuse_damaged(self) -> None:
        """Raise ArchiveDamaged when the archive is not whole."""
        if self.damage:
            text = ArchiveDamaged.msgid if len(self.damage) == 1 else ArchiveDamaged.MORE
            raise ArchiveDamaged(text, damage=self.notices[0])

    def given_up_notices(self) -> tuple[Notice, ...]:
        """What is given up when the damage is accepted."""
        entries = sorted({d.entry for d in self.damage if d.entry})
        if self.entries and not self.links and not entries:
            return (Notice(GIVEN_UP_ALL, {"count": self.entries}),)
        batches = {e: ", ".join(str(b.number) for b in self.batches if b.folder.name == e) for e in entries}
        return tuple(
            Notice(GIVEN_UP_BATCHES if batches[e] else GIVEN_UP, {"entry": e, "batches": batches[e]}) for e in entries
        )

    def batch(self, number: int) -> Batch | None:
        """The batch with this number."""
        return next((b for b in self.batches if b.number == number), None)

    def find_duplicate(self, checksum: str) -> Batch | None:
        """The newest batch in force from a file with this SHA-256."""
        return next((b for b in reversed(self.active) if b.checksum == checksum), None)

    def identity(self) -> str:
        """A text that is equal for two states exactly when the same database is built from them."""
        named = ", ".join(b.identity[0] for b in self.batches)
        covers = ", ".join(filter(None, (b.identity[1] for b in self.batches)))
        protected = ', "protected"' if self.protected else ""
        return f"[[{named}], [{covers}]{protected}]"
