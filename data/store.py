"""The store: one folder with the archive, the built versions and the lock. The only way in to and out of the data."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path

from data.archive.log import Archive
from data.archive.state import ArchiveState, Batch, ChangeKind
from data.base.atomic_files import WRITE_ERRORS, is_disk_full, is_read_only, publish
from data.base.errors import ImportFailed, ImportRefused, NothingToChange, StoreError, UnknownBatch
from data.base.lock import import_lock
from data.base.scratch import scratch_folder
from data.build.database import Progress
from data.connections.config import connections_and_errors
from data.intake.archive_writer import (
    batches_path,
    change_path,
    next_batch,
    unfinished_entry,
    write_batches,
    write_change,
)
from data.intake.choices import Choice, accept, refuse_person, refuse_repeated
from data.intake.draft import Draft, Source
from data.intake.prepare import StoreContext, prepare
from data.mapping import saved
from data.mapping.model import ColumnMapping
from data.serving.build_version import build_version
from data.serving.notices import Notices
from data.serving.recovery import remove_leftovers
from data.serving.server import Database, Server
from data.serving.status import Status, read_status
from data.serving.versions import Version, Versions

LOCK_WAIT_SECONDS = 5.0  # seconds to wait for another importer, before a mapping is not remembered
DEFAULT_FOLDER = Path(__file__).with_name("store")
Plan = tuple[Path, Callable[[Path], None]]  # where the next entry goes, and what writes it there


class Store:
    """A store of imports, in a folder that is made when it is first written to.

    Every method that changes something raises ImportBusy when somebody else is changing, and ImportFailed when the
    disk will not take it; then the old version goes on being served and nothing else has changed.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.folder = (path or Path(os.environ.get("DASHBOARD_STORE") or DEFAULT_FOLDER)).absolute()
        self._archive = Archive(self.folder / "archive")
        self._versions = Versions(self.folder)
        self._notices = Notices(self.folder / "notices.json")
        self._server = Server(self.folder, self._archive, self._versions, self._notices)

    def database(self) -> Database:
        """The newest whole version, open for reading. Cheap enough to ask for before every query.

        StoreUnavailable when there is nothing whole to show and nothing can be built.
        """
        return self._server.database()

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
        current = self._versions.current() if self._archive.state().active else None
        hosts = {connection.name: connection.host for connection in connections_and_errors()[0]}
        mappings = saved.load_mappings(self.folder) if use_saved_mappings else {}
        context = StoreContext(self._versions.path(current) if current else None, self.folder, hosts, mappings)
        try:
            return prepare(files, today or date.today(), context, progress)
        except WRITE_ERRORS as error:
            raise _failed(error) from error

    def scratch(self) -> AbstractContextManager[Path]:
        """A folder for a file on its way in, gone afterwards; what a dead process left is removed at the next."""
        return scratch_folder(self.folder)

    def find_duplicate(self, checksum: str) -> Batch | None:
        """The batch in force that came from a file with exactly these bytes, if there is one."""
        return self._archive.state().find_duplicate(checksum)

    def history(self) -> tuple[Batch, ...]:
        """Every batch, in force or undone, oldest first."""
        return self._archive.state().batches

    def status(self) -> Status:
        """What is shown, and all that was imported."""
        return read_status(self.database(), self.history())

    def refusal(self, draft: Draft, choices: Mapping[str, Choice], again: bool = False) -> ImportRefused | None:
        """Why `commit` would refuse the draft as it is chosen; None when it would not."""
        try:
            taken = accept(draft, choices)
            if not again:
                refuse_repeated(taken, self._archive.state())
        except ImportRefused as refused:
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
    ) -> tuple[Batch, ...]:
        """Import a draft: one batch a file, all or none. A file without a choice is taken whole.

        ImportRefused when a file has faults and its good rows were not chosen, when it has nothing to take, when it
        is already in force byte for byte (unless `again`), or when `who` is not a role.
        """
        refuse_person(who, now.date())
        taken = accept(draft, choices)

        def plan(state: ArchiveState) -> Plan:
            if not again:
                refuse_repeated(taken, state)
            first, moment = next_batch(state), local_time(now)
            path = batches_path(self._archive, state, len(taken))
            return path, lambda path: write_batches(path, draft, taken, first, who, moment)

        return self._change(plan, who, now, progress).batches[-len(taken) :]

    def undo(self, batch: int, who: str, now: datetime, progress: Progress | None = None) -> Batch:
        """Withdraw a batch: the database becomes as if it had never been imported. It can be redone.

        UnknownBatch or NothingToChange when there is nothing to undo.
        """
        return self._switch("undo", batch, who, now, progress)

    def redo(self, batch: int, who: str, now: datetime, progress: Progress | None = None) -> Batch:
        """Put an undone batch back in its old place in the order; UnknownBatch or NothingToChange when it cannot be."""
        return self._switch("redo", batch, who, now, progress)

    def build(self, now: datetime, progress: Progress | None = None) -> Version:
        """Build the database anew from the archive and serve it."""
        moment = local_time(now)
        try:
            with import_lock(self.folder, "", moment):
                happened = remove_leftovers(self.folder)
                version = build_version(self._versions, self._archive.state(deep=True), moment, progress).publish()
                self._versions.prune()
                self._notices.replace(*happened)
        except WRITE_ERRORS as error:
            raise _failed(error) from error
        return version

    def save_mapping(self, mapping: ColumnMapping, now: datetime) -> None:
        """Read files of the mapping's layout so from now on."""
        moment = local_time(now)
        self._keep(moment, lambda: saved.save_mapping(self.folder, mapping, moment.date()))

    def delete_mapping(self, layout: str, now: datetime) -> None:
        """Read files of the layout by their headers again."""
        self._keep(local_time(now), lambda: saved.delete_mapping(self.folder, layout))

    def _keep(self, moment: datetime, write: Callable[[], None]) -> None:
        try:
            with import_lock(self.folder, "", moment, wait=LOCK_WAIT_SECONDS):
                write()
        except WRITE_ERRORS as error:
            raise _failed(error) from error

    def _switch(self, kind: ChangeKind, number: int, who: str, now: datetime, progress: Progress | None) -> Batch:
        refuse_person(who, now.date())

        def plan(state: ArchiveState) -> Plan:
            _refuse_switch(kind, number, state)
            path = change_path(self._archive, state, kind, number)
            return path, lambda path: write_change(path, who, local_time(now))

        changed = self._change(plan, who, now, progress).batch(number)
        if changed is None:
            raise UnknownBatch(batch=number)
        return changed

    def _change(
        self, plan: Callable[[ArchiveState], Plan], who: str, now: datetime, progress: Progress | None
    ) -> ArchiveState:
        """Add one entry to the archive and serve what follows from it, or leave everything as it was."""
        try:
            with import_lock(self.folder, who, local_time(now)):
                happened = remove_leftovers(self.folder)
                if progress:
                    progress("write", 0.0)
                final, write = plan(self._archive.state())
                with unfinished_entry(final) as path:
                    write(path)
                    self._publish(final, self._archive.state(pending=path, deep=True), local_time(now), progress)
                self._versions.prune()
                self._notices.replace(*happened)
        except WRITE_ERRORS as error:
            raise _failed(error) from error
        self._server.database(wait=True)  # whoever made the change sees it at once
        return self._archive.state()

    def _publish(self, final: Path, state: ArchiveState, now: datetime, progress: Progress | None) -> None:
        """Build first, so that after the entry has its name (the moment of truth) only renames are left."""
        pending = build_version(self._versions, state, now, progress)
        try:
            publish(final)
        except BaseException:
            pending.discard()
            raise
        pending.publish()


def local_time(now: datetime) -> datetime:
    """The moment as the clock on the wall shows it, in whole seconds."""
    naive = now.astimezone().replace(tzinfo=None) if now.tzinfo else now
    return naive.replace(microsecond=0)


def _refuse_switch(kind: ChangeKind, number: int, state: ArchiveState) -> None:
    batch = state.batch(number)
    if batch is None:
        raise UnknownBatch(batch=number)
    if batch.active == (kind == "redo"):
        raise NothingToChange(NothingToChange.ACTIVE if batch.active else NothingToChange.UNDONE, batch=number)


def _failed(error: BaseException) -> StoreError:
    if is_disk_full(error):
        return ImportFailed(ImportFailed.FULL)
    return ImportFailed(ImportFailed.READ_ONLY) if is_read_only(error) else ImportFailed(reason=str(error))
