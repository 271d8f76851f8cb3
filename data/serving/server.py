"""Opens the served version of the database read-only, and the next one when it is published."""

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
from data.archive.state import ArchiveState, damage_notices
from data.base import errors
from data.base.atomic_files import WRITE_ERRORS
from data.base.errors import ImportBusy, Notice, StoreUnavailable
from data.base.lock import import_lock
from data.build.database import CONFIG
from data.serving.build_version import build_version, expected_fingerprint
from data.serving.notices import Notices
from data.serving.recovery import leftovers, remove_leftovers
from data.serving.versions import Version, Versions

RETRY_SECONDS = 30.0  # until a rebuild or a read that failed is tried again
BUILD_WAIT_SECONDS = 120.0  # for another process that builds the first version
_READER = {**CONFIG, "enable_external_access": "false", "lock_configuration": "true"}


@dataclass(frozen=True, eq=False)
class Database:
    """One version, open for reading for as long as it or one of its cursors is referred to."""

    version: int
    fingerprint: str
    example: bool
    today: date
    built_at: datetime
    notices: tuple[Notice, ...]
    connection: DuckDBPyConnection

    def cursor(self) -> DuckDBPyConnection:
        """A new cursor. Each query takes its own, from any thread."""
        return self.connection.cursor()


@dataclass(frozen=True)
class _OpenVersion:
    """A version and its connection; `current` when it is the one that the pointer names."""

    version: Version
    connection: DuckDBPyConnection
    current: bool


class Server:
    """Keeps one connection open to the newest version that can be read. Thread-safe."""

    def __init__(self, folder: Path, archive: Archive, versions: Versions, notices: Notices) -> None:
        self._folder = folder
        self._archive = archive
        self._versions = versions
        self._notices = notices
        self._guard = threading.Lock()
        self._database: Database | None = None
        self._stamp: tuple[int, int, int] | None = None
        self._retry = math.inf

    def database(self, wait: bool = False) -> Database:
        """The database to read now; costs one look at the pointer unless that changed.

        While another thread opens the next version, the one before is returned, unless the caller will `wait`. The
        first call removes what an interrupted import left, and builds what is missing, damaged or out of date.
        StoreUnavailable when no version can be read or built; ImportBusy when another process is still building the
        first one after `BUILD_WAIT_SECONDS`.
        """
        before = self._database
        if before and self._guard.locked() and not wait:
            return before
        with self._guard:
            unchanged = self._versions.stamp() == self._stamp and time.monotonic() < self._retry
            if self._database is None or not unchanged:
                self._database = self._refreshed(self._database)
            return self._database

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
        except OSError as error:
            self._retry = time.monotonic() + RETRY_SECONDS
            if before is None:
                raise StoreUnavailable(path=self._folder, reason=str(error)) from error
            return before

    def _refresh(self) -> Database:
        self._retry = math.inf
        state = self._archive.state(deep=True)
        opened = self._newest()
        failures: tuple[Notice, ...] = ()
        interrupted = self._database is None and leftovers(self._folder)
        if opened is None or interrupted or self._rebuild_reason(opened, state):
            opened, failures = self._repair(opened)
            state = self._archive.state(deep=True)
        return _database(opened, (*self._notices.all(), *failures, *self._state_notices(state)))

    def _state_notices(self, state: ArchiveState) -> tuple[Notice, ...]:
        """The notices that hold until the archive or the folder is changed."""
        undone = [Notice(errors.BACK_TO_EXAMPLE)] if state.batches and not state.active else []
        read_only = [] if os.access(self._folder, os.W_OK) else [Notice(errors.READ_ONLY)]
        return (*damage_notices(state), *undone, *read_only)

    def _newest(self) -> _OpenVersion | None:
        """The version that the pointer names, or else the newest that can be opened."""
        self._stamp = self._versions.stamp()
        current = self._versions.current()
        for version in [*([current] if current else []), *self._versions.complete()]:
            with suppress(duckdb.Error):
                return self._open(version, version == current)
        return None

    def _open(self, version: Version, current: bool) -> _OpenVersion:
        """Open a version; duckdb.Error when that fails."""
        connection = duckdb.connect(self._versions.path(version), read_only=True, config=_READER)
        return _OpenVersion(version, connection, current)

    def _rebuild_reason(self, opened: _OpenVersion | None, state: ArchiveState) -> str | None:
        """The text of the notice of why a new version must be built; None when none must."""
        if opened is None:
            return errors.VERSION_DAMAGED if self._stamp else errors.REBUILT
        if not state.is_complete:
            return None  # the open version may hold rows that the archive has lost
        if not opened.current:
            return errors.VERSION_DAMAGED
        expected = expected_fingerprint(state)
        if opened.version.fingerprint == expected:
            return None
        same_data = opened.version.fingerprint.partition("-")[0] == expected.partition("-")[0]
        return errors.UPDATED if same_data else errors.REBUILT

    def _repair(self, opened: _OpenVersion | None) -> tuple[_OpenVersion, tuple[Notice, ...]]:
        """Clean and rebuild under the lock; where that fails, `opened` with a notice of why."""
        now = datetime.now().replace(microsecond=0)
        try:
            with import_lock(self._folder, "", now, wait=0 if opened else BUILD_WAIT_SECONDS):
                return self._rebuild(now), ()
        except ImportBusy:
            opened = opened or self._newest()
            if opened is None:
                raise
            failure = Notice(errors.BUILD_WAITING)
        except WRITE_ERRORS as error:
            if opened is None:
                raise StoreUnavailable(path=self._folder, reason=str(error)) from error
            text = errors.BUILD_FAILED if opened.current else errors.SERVING_OLDER
            failure = Notice(text, {"reason": str(error)})
        self._retry = time.monotonic() + RETRY_SECONDS
        return opened, (failure,)

    def _rebuild(self, now: datetime) -> _OpenVersion:
        happened = remove_leftovers(self._folder)
        state = self._archive.state(deep=True)
        opened = self._newest()
        reason = self._rebuild_reason(opened, state)
        if opened is None or reason:
            version = build_version(self._versions, state, now).publish()
            self._versions.prune()
            happened += [Notice(reason)] if reason and (state.batches or reason != errors.REBUILT) else []
            opened = self._newest() or self._open(version, True)
        self._notices.add(*happened)
        return opened


def _database(opened: _OpenVersion, notices: tuple[Notice, ...]) -> Database:
    row = opened.connection.execute("SELECT example, today, built_at FROM info").fetchone()
    example, today, built_at = row or (True, date.min, datetime.min)
    version = opened.version
    return Database(version.version, version.fingerprint, example, today, built_at, notices, opened.connection)
