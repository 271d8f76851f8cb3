"""Opens the served version of the database read-only, and the next one when it is published. Builds nothing."""

import math
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from data.archive.log import Archive
from data.archive.state import ArchiveState
from data.base import errors
from data.base.database_config import CONFIG
from data.base.errors import ArchiveDamaged, Notice, StoreError, StoreUnavailable
from data.base.scratch import remove_orphaned
from data.build.fingerprint import expected_fingerprint, is_of_empty_archive
from data.serving import protection
from data.serving.notices import Notices
from data.serving.origin import archive_state, has_store, refuse_foreign_folder
from data.serving.recovery import leftovers
from data.serving.versions import Version, Versions

RETRY_SECONDS = 30.0  # until a rebuild or a read that failed is tried again
SWEEP_SECONDS = 5.0  # between two looks for what dead processes left
READER = {  # one thread a query: pages are asked side by side, so that more would only be in each other's way
    **CONFIG, "enable_external_access": "false", "lock_configuration": "true", "threads": 1,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Database:
    """One version, open for reading for as long as it or one of its cursors is referred to.

    `protected`: counts of 1–4 cases are left out of it. `file` is where it lies until later versions have replaced it.
    `faults` are those of the notices that say that something is not whole.
    """

    version: int
    fingerprint: str
    file: Path
    protected: bool
    example: bool
    today: date
    built_at: datetime
    notices: tuple[Notice, ...]
    faults: tuple[Notice, ...]
    connection: DuckDBPyConnection

    def cursor(self) -> DuckDBPyConnection:
        """A new cursor. Each query takes its own, from any thread."""
        return self.connection.cursor()


@dataclass(frozen=True)
class OpenVersion:
    """A version and its connection; `current` when it is the one that the pointer names."""

    version: Version
    connection: DuckDBPyConnection
    current: bool
    protected: bool
    example: bool


class Server:
    """Keeps one connection open to the newest version that may be served and can be read. Thread-safe.

    Who builds what is missing or out of date is a subclass's to say; `failures` are why the latest could not be built.
    """

    failures: tuple[Notice, ...] = ()

    def __init__(self, folder: Path, archive: Archive, versions: Versions, notices: Notices) -> None:
        self._folder = folder
        self._archive = archive
        self._versions = versions
        self._notices = notices
        self._guard = threading.Lock()
        self._database: Database | None = None
        self._stamp: object = None
        self._retry = math.inf
        self._swept = -math.inf
        self._served_imports = False  # whether this process has served more than example data

    def database(self, wait: bool = False) -> Database:
        """The database to read now; costs one look at the pointer and at the archive unless one of them changed.

        While another thread opens the next version, the one before is returned, unless the caller will `wait` or small
        numbers are protected now and were not then. The first call removes what an interrupted import left, and builds
        what is missing, damaged or out of date. StoreUnavailable when no version can be read or built; ArchiveDamaged when
        the archive is not whole and no version is left from when it was; ImportBusy when another process is still
        building the first one.
        """
        self._sweep()
        before = self._database
        if before and self._guard.locked() and not wait and self._may_serve(before):
            return before
        with self._guard:
            if self._database is None or self._look() != self._stamp or time.monotonic() >= self._retry:
                try:
                    self._database = self._refreshed(self._database)
                except StoreError:
                    self._database = None
                    raise
            return self._database

    def _sweep(self) -> None:
        """Remove uploaded files that processes left when they died."""
        if time.monotonic() >= self._swept + SWEEP_SECONDS:
            self._swept = time.monotonic()
            remove_orphaned(self._folder)

    def _look(self) -> object:
        """A value that changes whenever the pointer or the archive does."""
        return self._versions.stamp(), self._archive.names()[-1:]

    def state(self, deep: bool = False) -> ArchiveState:
        """The state of the archive, with what the built versions tell of one that is lost. OSError."""
        return archive_state(self._archive, self._versions, deep)

    def replace_damaged(self, database: Database) -> bool:
        """After a query failed: whether another version is served now, since the file of this one is damaged.

        It is rebuilt from the archive. StoreUnavailable when that cannot be done.
        """
        with self._guard:
            if self._database is database:
                served = (v for v in self._versions.complete() if self._versions.path(v) == database.file)
                if any(map(self._versions.is_whole, served)):
                    return False
                self._database = None
                self._database = self._refreshed(None)
            return True

    def _may_serve(self, database: Database) -> bool:
        """Whether a version that is open may be served on: always, if small numbers are left out of it."""
        try:
            return database.protected or not protection.must_protect(self._archive)
        except OSError:
            return True  # as was known when it was opened

    def close(self) -> None:
        """Close the connection; the next `database` opens it again."""
        with self._guard:
            if self._database:
                self._database.connection.close()
            self._database = self._stamp = None

    def _refreshed(self, before: Database | None) -> Database:
        """The database to read now; the one `before` when the store cannot be read, until the next retry."""
        try:
            return self._refresh()
        except (OSError, MemoryError) as error:
            self._retry = time.monotonic() + RETRY_SECONDS
            if before is None or not self._may_serve(before):
                raise StoreUnavailable(path=self._folder, reason=str(error)) from error
            return before

    def _refresh(self) -> Database:
        self._retry = math.inf
        self._refuse_lost()
        self._stamp = self._look()
        must_protect = protection.must_protect(self._archive)
        state = self.state(deep=True)
        opened = self._newest(must_protect or bool(state.protected))  # the entry that says so may be missing
        failures: tuple[Notice, ...] = ()
        interrupted = self._database is None and leftovers(self._folder)
        if state.is_whole and (opened is None or interrupted or self._rebuild_reason(opened, state)):
            opened, failures = self._repair(opened)
            state = self.state(deep=True)
        if opened is None or (opened.example and not state.is_whole):
            raise ArchiveDamaged(ArchiveDamaged.NOTHING_LEFT, damage=state.notices[0])
        self._served_imports = not is_of_empty_archive(opened.version.fingerprint)
        waiting = [n for n in failures if n.msgid == errors.BUILD_WAITING]
        damage = () if state.is_whole else (*state.notices, Notice(errors.NOT_WHOLE))
        faults = (*(n for n in failures if n not in waiting), *damage)
        return self._as_database(opened, faults, (*self._notices.all(), *waiting, *self._state_notices(state)))

    def _refuse_lost(self) -> None:
        """Raise StoreUnavailable when the store that this process served is gone, or other files lie in its place."""
        refuse_foreign_folder(self._folder, self._archive, self._versions)
        if self._served_imports and not has_store(self._archive, self._versions):
            raise ArchiveDamaged(ArchiveDamaged.NOTHING_LEFT, damage=Notice(errors.STORE_LOST))

    def _state_notices(self, state: ArchiveState) -> tuple[Notice, ...]:
        """The notices that hold until the archive or the folder is changed."""
        undone = [Notice(errors.BACK_TO_EXAMPLE)] if state.is_whole and state.batches and not state.active else []
        read_only = [] if os.access(self._folder, os.W_OK) else [Notice(errors.READ_ONLY)]
        return (*undone, *read_only)

    def _newest(self, must_protect: bool) -> OpenVersion | None:
        """The version that the pointer names, or else the newest that is whole; if asked, of those that protect."""
        current = self._versions.current()
        for version in dict.fromkeys([*([current] if current else []), *self._versions.complete()]):
            with suppress(duckdb.Error, OSError):
                if not self._versions.is_whole(version):
                    continue
                opened = self._open(version, version == current)
                if opened.protected or not must_protect:
                    return opened
                opened.connection.close()
        return None

    def _open(self, version: Version, current: bool) -> OpenVersion:
        """Open a version; duckdb.Error when that fails."""
        connection = duckdb.connect(self._versions.path(version), read_only=True, config=READER)
        ((protected, example),) = connection.execute("SELECT protected, example FROM info").fetchall()
        return OpenVersion(version, connection, current, protected, example)

    def _rebuild_reason(self, opened: OpenVersion | None, state: ArchiveState) -> str | None:
        """The text of the notice of why a new version must be built; None when none must."""
        if not state.is_whole:
            return None  # the open version may hold rows that the archive has lost
        if opened is None:
            if not self._versions.stamp():
                return errors.RESTORED
            replaced = state.protected and self._versions.current()  # by one that protects small numbers
            return errors.REBUILT if replaced else errors.VERSION_DAMAGED
        if not opened.current:
            return errors.VERSION_DAMAGED
        expected = expected_fingerprint(state)
        if opened.version.fingerprint == expected:
            return None
        same_data = opened.version.fingerprint.partition("-")[0] == expected.partition("-")[0]
        return errors.UPDATED if same_data else errors.REBUILT

    def _repair(self, opened: OpenVersion | None) -> tuple[OpenVersion | None, tuple[Notice, ...]]:
        """Have what an interrupted change left removed, and the database rebuilt; `opened` and a notice where that fails.

        StoreError when it fails and nothing is open.
        """
        raise NotImplementedError

    def _reopened(self) -> OpenVersion | None:
        """The version to serve after a rebuild that failed: what may be served can have changed meanwhile."""
        self._stamp = self._look()
        return self._newest(protection.must_protect(self._archive))

    def _as_database(self, opened: OpenVersion, faults: tuple[Notice, ...], notices: tuple[Notice, ...]) -> Database:
        row = opened.connection.execute("SELECT example, today, built_at FROM info").fetchone()
        example, today, built_at = row or (True, date.min, datetime.min)
        version = opened.version
        served = (version.version, version.fingerprint, self._versions.path(version), opened.protected)
        return Database(*served, example, today, built_at, (*faults, *notices), faults, opened.connection)
