"""The store: one folder with the archive, the built versions and the lock; every change of the data goes through it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data.archive.copies import Copied, back_up
from data.archive.state import ArchiveState, Batch, ChangeKind, FrozenReport, ProtectionChange
from data.base.atomic_files import remove
from data.base.clock import local_time
from data.base.errors import NothingToChange, Notice, StoreUnavailable, UnknownBatch
from data.base.failures import import_failures
from data.build.database import Progress, archive_contents, build_database
from data.changes import Changes, Plan
from data.intake import archive_writer
from data.intake.choices import Choice, accept, refuse_clock, refuse_person, refuse_repeated
from data.intake.draft import AcceptedFile, Draft
from data.mapping.saved import FILE as MAPPINGS
from data.privacy import mask_all
from data.reading_store import ReadingStore
from data.serving import protection
from data.serving.building_server import BuildingServer, DatedBuildingServer
from data.serving.dated import FOLDER
from data.serving.versions import Version

SETTINGS = (MAPPINGS,)  # the files beside the archive that somebody has decided on


class Store(ReadingStore):
    """A store that builds and changes its data in this process.

    Every method that changes something raises ImportBusy while another process makes a change, ArchiveDamaged when the
    archive is not whole, and ImportFailed when the disk cannot be written; then nothing has changed.
    """

    _server: BuildingServer

    def __init__(self, path: Path | None = None) -> None:
        super().__init__(path, BuildingServer, DatedBuildingServer)
        self._changes = Changes(self._archive, self._versions, self._notices, self._server)

    def repair(self, day: date | None = None) -> tuple[Notice, ...]:
        """Build the database where it is missing, damaged or out of date, then that of the day: why that could not be done.

        StoreError when none of that day can be read.
        """
        self.database()
        server = self._server_on(day)
        server.database()
        return server.failures

    def commit(
        self,
        draft: Draft,
        choices: Mapping[str, Choice],
        who: str,
        now: datetime,
        progress: Progress | None = None,
        again: bool = False,
        accept_clock: bool = False,
    ) -> tuple[Batch, ...]:
        """Import a draft: one batch for each file, all of them or none. A file without a choice is imported whole.

        ImportRefused when a file has faults and its good rows were not chosen, when it has no rows to import, when the
        same bytes are already in force (unless `again`), when `now` lies before the newest import or long after it (unless
        `accept_clock`), or when `who` is not a role.
        """
        refuse_person(who, now.date())
        accepted = accept(draft, choices)

        def plan(state: ArchiveState) -> Plan:
            if not again:
                refuse_repeated(accepted, state)
            if not accept_clock:
                refuse_clock(state, local_time(now))
            return self._import_plan(state, draft, accepted, who, now)

        return self._changes.add(plan, who, now, progress).batches[-len(accepted) :]

    def build_after_import(
        self, folder: Path, draft: Draft, choices: Mapping[str, Choice], now: datetime
    ) -> Path | None:
        """Build the database as `commit` would leave it, in a folder where nobody serves it; the store stays as it is.

        ImportRefused as from `commit`, but for repeated files and the clock; OSError or duckdb.Error when it cannot be written.
        """
        accepted = accept(draft, choices)
        return self._build_after(folder, lambda state: self._import_plan(state, draft, accepted, "-", now), now)

    def build_after_undo(self, folder: Path, batch: int, now: datetime) -> Path | None:
        """As `build_after_import`, but after `undo`; None where no import is left in force. As `undo` it may refuse."""
        return self._build_after(folder, lambda state: self._switch_plan(state, "undo", batch, "-", now), now)

    def undo(self, batch: int, who: str, now: datetime, progress: Progress | None = None) -> Batch:
        """Withdraw a batch: the database becomes as if it had never been imported. `redo` puts it back.

        UnknownBatch or NothingToChange when there is nothing to undo.
        """
        return self._set_active("undo", batch, who, now, progress)

    def redo(self, batch: int, who: str, now: datetime, progress: Progress | None = None) -> Batch:
        """Put an undone batch back in its old place in the order; UnknownBatch or NothingToChange when it cannot be."""
        return self._set_active("redo", batch, who, now, progress)

    def protect(
        self, on: bool, who: str, why: str, now: datetime, progress: Progress | None = None
    ) -> ProtectionChange:
        """Leave counts of 1–4 cases out of every version from now on, or no longer.

        NothingToChange when it is so already; StoreUnavailable when this process is asked to protect them (see
        `data.serving.protection`), for turning it off.
        """
        refuse_person(who, now.date())
        change = ProtectionChange(on, who, local_time(now), mask_all(why, now.date()))

        def plan(state: ArchiveState) -> Plan:
            if on == bool(state.protected):
                raise NothingToChange(NothingToChange.PROTECTED if on else NothingToChange.NOT_PROTECTED)
            if not on and protection.is_requested():
                raise StoreUnavailable(StoreUnavailable.NOT_PROTECTED, variable=protection.VARIABLE)
            entry = archive_writer.protection_entry(self._archive, state, on)
            return entry, lambda path: archive_writer.write_protection(entry, path, change)

        self._changes.add(plan, who, now, progress, keep=1)  # an older version would show what is protected now
        remove(self.folder / FOLDER)
        return change

    def freeze(
        self, title: str, content: Mapping[str, Any], who: str, now: datetime, progress: Progress | None = None
    ) -> FrozenReport:
        """Keep a report as it is: it is never worked out anew, and no import, undo or rebuild changes it.

        NothingToChange when nothing is in force; ImportRefused when `who` is not a role.
        """
        refuse_person(who, now.date())
        title = mask_all(title, now.date())

        def plan(state: ArchiveState) -> Plan:
            if not state.active:
                raise NothingToChange(NothingToChange.NO_DATA)
            moment = who, local_time(now), bool(state.protected)
            entry = archive_writer.report_entry(self._archive, state)
            return entry, lambda path: archive_writer.write_report(entry, path, title, content, moment)

        return self._changes.add(plan, who, now, progress).reports[-1]

    def create(self, now: datetime) -> Version:
        """Make a store in the folder, whatever lies there; NothingToChange when there is one, ArchiveDamaged when it is lost."""
        return self._changes.create(now)

    def build(self, now: datetime, progress: Progress | None = None) -> Version:
        """Build the database anew from the archive and serve it. A head of the archive that is missing is made anew."""
        return self._changes.build(now, progress)

    def accept_damage(self, who: str, now: datetime) -> tuple[Notice, ...]:
        """Give up what is damaged in the archive, so that it is whole again: what is given up; nothing where it is whole.

        An entry of the archive says who gave up what; the entries that are given up are never read again.
        """
        refuse_person(who, now.date())
        return self._changes.accept_damage(who, now)

    def back_up(self, folder: Path) -> Copied:
        """Copy what a folder lacks of the archive and of the saved mappings; nobody has to wait for it.

        BackupRefused, ArchiveDamaged and OSError as from `data.archive.copies.back_up`; ArchiveDamaged too when this archive
        is not whole: then the backup is left as it was.
        """
        self._archive.forget()
        state = self._server.state(deep=True)
        state.refuse_damaged()
        return back_up(self._archive, state, SETTINGS, folder)

    def restore(self, folder: Path, who: str, now: datetime) -> Copied:
        """Put back from the backup in a folder what is missing here or not as it was written, and build the database.

        What is newer than the backup stays. BackupRefused when nothing was changed; ArchiveDamaged when something is damaged
        that the backup does not have.
        """
        refuse_person(who, now.date())
        return self._changes.restore(folder, SETTINGS, who, now)

    def verify(self) -> tuple[ArchiveState, bool]:
        """The state of the archive, every byte of it read, and whether the served version is as it was built.

        Nothing is built or changed. OSError when the folder cannot be read.
        """
        current = self._versions.current()
        self._archive.forget()
        return self._server.state(deep=True), current is not None and self._versions.is_whole(current)

    def write_unprotected(self, path: Path, now: datetime) -> None:
        """Build the batches in force with their small numbers, at a path where nobody serves it; ImportFailed when it cannot be."""
        with import_failures():
            contents = archive_contents(self._archive.state())
            build_database(path, replace(contents, protected=False), 0, local_time(now))

    def _set_active(self, kind: ChangeKind, number: int, who: str, now: datetime, progress: Progress | None) -> Batch:
        refuse_person(who, now.date())
        state = self._changes.add(lambda state: self._switch_plan(state, kind, number, who, now), who, now, progress)
        changed = state.batch(number)
        if changed is None:
            raise UnknownBatch(batch=number)
        return changed

    def _import_plan(
        self, state: ArchiveState, draft: Draft, accepted: Sequence[AcceptedFile], who: str, now: datetime
    ) -> Plan:
        moment = archive_writer.next_batch(state), who, local_time(now)
        entry = archive_writer.batches_entry(self._archive, state, len(accepted))
        return entry, lambda path: archive_writer.write_batches(entry, path, draft, accepted, moment)

    def _switch_plan(self, state: ArchiveState, kind: ChangeKind, number: int, who: str, now: datetime) -> Plan:
        _refuse_unchanged(kind, number, state)
        entry = archive_writer.change_entry(self._archive, state, kind, number)
        return entry, lambda path: archive_writer.write_change(entry, path, who, local_time(now))

    def _build_after(self, folder: Path, plan: Callable[[ArchiveState], Plan], now: datetime) -> Path | None:
        """Build the database with one entry more in a folder; None where nothing is in force. Takes no lock."""
        state = self._archive.state()
        entry, write = plan(state)
        path, database = folder / entry.path.name, folder / "after.duckdb"
        write(path)
        state = self._archive.extended(state, path, entry.path)
        if not state.active:
            return None
        build_database(database, archive_contents(state), 0, local_time(now))
        return database


def _refuse_unchanged(kind: ChangeKind, number: int, state: ArchiveState) -> None:
    batch = state.batch(number)
    if batch is None:
        raise UnknownBatch(batch=number)
    if batch.given_up:
        raise NothingToChange(NothingToChange.GIVEN_UP, batch=number)
    if batch.active == (kind == "redo"):
        raise NothingToChange(NothingToChange.ACTIVE if batch.active else NothingToChange.UNDONE, batch=number)
