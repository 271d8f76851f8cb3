"""The store: one folder with the archive, the built versions and the lock; every change of the data goes through it."""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from data.archive.log import Archive
from data.archive.state import ArchiveState, Batch, ChangeKind, ProtectionChange
from data.base import clock
from data.base.errors import (
    ArchiveDamaged,
    ImportRefused,
    NothingToChange,
    Notice,
    StoreError,
    StoreUnavailable,
    UnknownBatch,
)
from data.base.lock import import_lock
from data.base.scratch import scratch_folder
from data.build.database import Progress, archive_contents, build_database
from data.changes import Changes, Plan, import_failures, local_time
from data.connections.config import connections_and_errors
from data.intake import archive_writer
from data.intake.choices import Choice, accept, refuse_clock, refuse_person, refuse_repeated
from data.intake.draft import Draft, Source
from data.intake.isolated import prepare_isolated
from data.intake.prepare import StoreContext
from data.mapping import saved
from data.mapping.model import ColumnMapping
from data.privacy import mask_all
from data.serving import protection
from data.serving.notices import Notices
from data.serving.server import Database, Server
from data.serving.status import Status, read_status
from data.serving.versions import Version, Versions

LOCK_WAIT_SECONDS = 5.0  # for another import, before a mapping is not saved
DEFAULT_FOLDER = Path(__file__).with_name("store")


class Store:
    """A store of imports, in a folder that is made when it is first written to. A context manager.

    Every method that changes something raises ImportBusy while another process makes a change, ArchiveDamaged when the
    archive is not whole, and ImportFailed when the disk cannot be written; then nothing has changed.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.folder = (path or Path(os.environ.get("DASHBOARD_STORE") or DEFAULT_FOLDER)).absolute()
        self._archive = Archive(self.folder / "archive")
        self._versions = Versions(self.folder)
        notices = Notices(self.folder / "notices.json")
        self._server = Server(self.folder, self._archive, self._versions, notices)
        self._changes = Changes(self._archive, self._versions, notices, self._server)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection to the database; it is opened again when it is next needed."""
        self._server.close()

    def database(self) -> Database:
        """The newest version that can be read, open for reading. Cheap enough to call before every query.

        StoreUnavailable when no version can be read or built.
        """
        return self._server.database()

    def replace_damaged(self, database: Database) -> bool:
        """After a query failed: whether another version is served now, since the file of this one is damaged.

        StoreUnavailable when no other can be built.
        """
        return self._server.replace_damaged(database)

    def prepare(
        self,
        files: Sequence[Source],
        today: date | None = None,
        progress: Progress | None = None,
        *,
        use_saved_mappings: bool = True,
    ) -> Draft:
        """Read and check files against what is in force; nothing is stored. Close the draft when done.

        Files with the layout of a saved mapping are read by that, where `use_saved_mappings` and unless they have
        another mapping of their own. ImportFailed when there is no room to check them in.
        """
        current = self.database().file if self._archive.state().active else None
        hosts = {connection.name: connection.host for connection in connections_and_errors()[0]}
        mappings = saved.load_mappings(self.folder) if use_saved_mappings else {}
        context = StoreContext(current, self.folder, hosts, mappings)
        with import_failures():
            return prepare_isolated(files, today or clock.today(), context, progress)

    def scratch(self) -> AbstractContextManager[Path]:
        """A temporary folder for uploaded files; those of dead processes are removed at the next call."""
        return scratch_folder(self.folder)

    def find_duplicate(self, checksum: str) -> Batch | None:
        """The newest batch in force from a file with this SHA-256; None when there is none."""
        return self._archive.state().find_duplicate(checksum)

    def history(self) -> tuple[Batch, ...]:
        """Every batch, in force or undone, oldest first."""
        return self._archive.state().batches

    def protection(self) -> tuple[ProtectionChange, ...]:
        """When small numbers were protected, and when no longer, oldest first."""
        return self._archive.state().protection

    def status(self) -> Status:
        """The version that is served, and every batch."""
        return read_status(self.database(), self._archive.state())

    def clock_refusal(self, now: datetime) -> ImportRefused | None:
        """The error that `commit` would raise since the clock seems to be wrong; None when it would not."""
        try:
            refuse_clock(self._archive.state(), local_time(now))
        except ImportRefused as refused:
            return refused
        return None

    def refusal(self, draft: Draft, choices: Mapping[str, Choice], again: bool = False) -> StoreError | None:
        """The error that `commit` would raise for these choices; None when it would not. Reads no file of the archive."""
        try:
            accepted = accept(draft, choices)
            state = self._archive.state()
            state.refuse_damaged()
            if not again:
                refuse_repeated(accepted, state)
        except (ArchiveDamaged, ImportRefused) as refused:
            return refused
        return None

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
            moment = archive_writer.next_batch(state), who, local_time(now)
            entry = archive_writer.batches_entry(self._archive, state, len(accepted))
            return entry, lambda path: archive_writer.write_batches(entry, path, draft, accepted, moment)

        return self._changes.add(plan, who, now, progress).batches[-len(accepted) :]

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
        return change

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

    def verify(self) -> tuple[ArchiveState, bool]:
        """The state of the archive, every byte of it read, and whether the served version is as it was built.

        Nothing is built or changed. OSError when the folder cannot be read.
        """
        current = self._versions.current()
        return self._server.state(deep=True), current is not None and self._versions.is_whole(current)

    def write_unprotected(self, path: Path, now: datetime) -> None:
        """Build the batches in force with their small numbers, at a path where nobody serves it; ImportFailed when it cannot be."""
        with import_failures():
            contents = archive_contents(self._archive.state())
            build_database(path, replace(contents, protected=False), 0, local_time(now))

    def save_mapping(self, mapping: ColumnMapping, now: datetime) -> None:
        """Read files of the mapping's layout by it from now on."""
        with import_failures(), import_lock(self.folder, "", local_time(now), wait=LOCK_WAIT_SECONDS):
            saved.save_mapping(self.folder, mapping, local_time(now).date())

    def delete_mapping(self, layout: str, now: datetime) -> None:
        """Read files of the layout by their headers again."""
        with import_failures(), import_lock(self.folder, "", local_time(now), wait=LOCK_WAIT_SECONDS):
            saved.delete_mapping(self.folder, layout)

    def _set_active(self, kind: ChangeKind, number: int, who: str, now: datetime, progress: Progress | None) -> Batch:
        refuse_person(who, now.date())

        def plan(state: ArchiveState) -> Plan:
            _refuse_unchanged(kind, number, state)
            entry = archive_writer.change_entry(self._archive, state, kind, number)
            return entry, lambda path: archive_writer.write_change(entry, path, who, local_time(now))

        changed = self._changes.add(plan, who, now, progress).batch(number)
        if changed is None:
            raise UnknownBatch(batch=number)
        return changed


def _refuse_unchanged(kind: ChangeKind, number: int, state: ArchiveState) -> None:
    batch = state.batch(number)
    if batch is None:
        raise UnknownBatch(batch=number)
    if batch.given_up:
        raise NothingToChange(NothingToChange.GIVEN_UP, batch=number)
    if batch.active == (kind == "redo"):
        raise NothingToChange(NothingToChange.ACTIVE if batch.active else NothingToChange.UNDONE, batch=number)
