"""Changes of the archive: one entry at a time, under the lock, on top of a whole archive, and served when it is there."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from data.archive.copies import Copied, put_back
from data.archive.log import Archive
from data.archive.state import ArchiveState
from data.base.atomic_files import WRITE_ERRORS
from data.base.clock import local_time
from data.base.errors import HEAD_MISSING, NothingToChange, Notice, StoreError
from data.base.failures import import_failures
from data.base.lock import import_lock
from data.build.database import Progress
from data.build.fingerprint import expected_fingerprint
from data.intake import archive_writer
from data.intake.archive_writer import NewEntry
from data.serving.build_version import build_version
from data.serving.building_server import BuildingServer
from data.serving.notices import Notices
from data.serving.origin import has_store, refuse_foreign_folder
from data.serving.versions import KEPT_VERSIONS, PendingVersion, Version, Versions

Plan = tuple[NewEntry, Callable[[Path], None]]  # the next entry, and the function that writes it


class Changes:
    """What changes the archive of a store, or builds its database anew; each method takes the store's lock."""

    def __init__(self, archive: Archive, versions: Versions, notices: Notices, server: BuildingServer) -> None:
        self._folder = archive.folder.parent
        self._archive = archive
        self._versions = versions
        self._notices = notices
        self._server = server

    def add(
        self,
        plan: Callable[[ArchiveState], Plan],
        who: str,
        now: datetime,
        progress: Progress | None,
        keep: int = KEPT_VERSIONS,
    ) -> ArchiveState:
        """Add one entry to the archive and serve the database built from it: the state after it.

        Where the entry changes nothing of the database, none is built. `plan` makes the entry, or raises what refuses it; all
        but the `keep` newest versions are removed. When anything fails, nothing has changed: ImportBusy, ArchiveDamaged or
        ImportFailed.
        """
        refuse_foreign_folder(self._folder, self._archive, self._versions)
        saved: list[ArchiveState] = []
        with import_failures(saved), import_lock(self._folder, who, local_time(now)):
            state, notices = self._server.prepare_change(local_time(now))
            if progress:
                progress("write", 0.0)
            plan(state)  # raises what refuses the change, before the archive gets a chain
            state, chained = archive_writer.with_chain(self._archive, state, who, local_time(now))
            entry, write = plan(state)
            with entry.unfinished() as path:
                write(path)
                state = self._archive.extended(state, path, entry.path)
                state.refuse_damaged()
                pending = self._pending(state, now, progress)
                try:
                    entry.publish()
                except BaseException:
                    if pending:
                        pending.discard()
                    raise
                saved.append(state.moved(path, entry.path))
            self._serve(state, pending, [*notices, *chained], keep)
        with suppress(StoreError, *WRITE_ERRORS):
            self._server.database(wait=True)  # opened before the change is reported as done, which it is all the same
        return saved[0]

    def _pending(self, state: ArchiveState, now: datetime, progress: Progress | None) -> PendingVersion | None:
        """The database of the state; None where the one that is served is of the same data."""
        current = self._versions.current()
        if current and current.fingerprint == expected_fingerprint(state):
            return None
        return build_version(self._versions, state, local_time(now), progress, carry=True)

    def _serve(self, state: ArchiveState, pending: PendingVersion | None, notices: Sequence[Notice], keep: int) -> None:
        """Serve a version of a change that is saved; what fails here is made up for by the next reader or change."""
        with suppress(*WRITE_ERRORS):
            self._archive.follow(state)
        with suppress(*WRITE_ERRORS):
            if pending:
                pending.publish()
                self._versions.prune(keep)
            self._notices.replace(*notices)

    def create(self, now: datetime) -> Version:
        """Make a store in the folder, whatever lies there; NothingToChange when there is one, ArchiveDamaged when it is lost."""
        with import_failures(), import_lock(self._folder, "", local_time(now)):
            self._server.state().refuse_damaged()
            if has_store(self._archive, self._versions):
                raise NothingToChange(NothingToChange.STORE, path=self._folder)
            return self._build(now, None)

    def build(self, now: datetime, progress: Progress | None = None) -> Version:
        """Build the database anew from the archive and serve it. A head of the archive that is missing is made anew."""
        refuse_foreign_folder(self._folder, self._archive, self._versions)
        with import_failures(), import_lock(self._folder, "", local_time(now)):
            return self._build(now, progress)

    def restore(self, folder: Path, settings: Sequence[str], who: str, now: datetime) -> Copied:
        """Put back what the archive lacks of the backup in a folder, and build the database from it: see `put_back`.

        ArchiveDamaged when something is damaged that the backup does not have.
        """
        refuse_foreign_folder(self._folder, self._archive, self._versions)
        with import_failures(), import_lock(self._folder, who, local_time(now)):
            self._archive.forget()
            copied = put_back(folder, self._archive, self._server.state(deep=True), settings)
            self._build(now, None)
        return copied

    def _build(self, now: datetime, progress: Progress | None) -> Version:
        """Build and serve a version; the caller holds the lock."""
        state = self._server.state()
        if [d.notice.msgid for d in state.damage] == [HEAD_MISSING]:
            self._archive.follow(state)
        state, notices = self._server.prepare_change(local_time(now))
        version = build_version(self._versions, state, local_time(now), progress).publish()
        self._versions.prune()
        self._notices.replace(*notices)
        return version

    def accept_damage(self, who: str, now: datetime) -> tuple[Notice, ...]:
        """Give up what is damaged in the archive, so that it is whole again: what is given up; nothing where it is whole."""
        with import_failures(), import_lock(self._folder, who, local_time(now)):
            self._archive.forget()
            state = self._server.state(deep=True)
            if state.is_whole:
                return ()
            archive_writer.add_seal(self._archive, state, who, local_time(now))
            self._build(now, None)
        return state.given_up_notices()
