"""The database that readers see: opened read-only, changed for the next when a new version is swapped in."""

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

RETRY_SECONDS = 30.0  # seconds until what could not be done at once is tried again
BUILD_WAIT_SECONDS = 120.0  # seconds to wait for another process that builds the first version
_READER = {**CONFIG, "enable_external_access": "false", "lock_configuration": "true"}


@dataclass(frozen=True, eq=False)
class Database:
    """One whole version, open for reading. It stays open for as long as somebody holds it or one of its cursors."""

    version: int
    fingerprint: str
    example: bool
    today: date
    built_at: datetime
    notices: tuple[Notice, ...]
    connection: DuckDBPyConnection

    def cursor(self) -> DuckDBPyConnection:
        """A cursor of one's own: every query takes one, from any thread."""
        return self.connection.cursor()


@dataclass(frozen=True)
class _OpenVersion:
    """A version that opens; `current` when it is the one that the pointer names."""

    version: Version
    connection: DuckDBPyConnection
    current: bool


class Server:
    """Keeps one connection open for the process, to the newest whole version. Safe to use from many threads."""

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
        """The database to read now: one look at the pointer, unless that changed.

        While another thread opens the next version the one before is good enough, unless the caller will `wait`.

        The first call removes what a dead import left, and builds what is missing, damaged or out of date.
        StoreUnavailable when there is nothing whole to show and nothing can be built; ImportBusy when somebody else
        has been building the first version for minutes.
        """
        before = self._database
        if before and self._guard.locked() and not wait:
            return before  # somebody is opening the next one
        with self._guard:
            unchanged = self._versions.stamp() == self._stamp and time.monotonic() < self._retry
            if self._database is None or not unchanged:
                self._database = self._refreshed(self._database)
            return self._database

    def _refreshed(self, before: Database | None) -> Database:
        """The database to read now, or for a while yet the one before, if the store has become unreadable."""
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
        trouble: tuple[Notice, ...] = ()
        interrupted = self._database is None and leftovers(self._folder)
        if opened is None or interrupted or self._reason(opened, state):
            opened, trouble = self._mend(opened)
            state = self._archive.state(deep=True)
        return _database(opened, (*self._notices.all(), *trouble, *self._lasting(state)))

    def _lasting(self, state: ArchiveState) -> tuple[Notice, ...]:
        """What is so for as long as nobody changes it."""
        undone = [Notice(errors.BACK_TO_EXAMPLE)] if state.batches and not state.active else []
        locked = [] if os.access(self._folder, os.W_OK) else [Notice(errors.READ_ONLY)]
        return (*damage_notices(state), *undone, *locked)

    def _newest(self) -> _OpenVersion | None:
        """The version that the pointer names, or else the newest that opens."""
        self._stamp = self._versions.stamp()
        current = self._versions.current()
        for version in [*([current] if current else []), *self._versions.complete()]:
            with suppress(duckdb.Error):
                return self._opened(version, version == current)
        return None

    def _opened(self, version: Version, current: bool) -> _OpenVersion:
        """The version, opened; duckdb.Error when it will not."""
        return _OpenVersion(
            version, duckdb.connect(self._versions.path(version), read_only=True, config=_READER), current
        )

    def _reason(self, opened: _OpenVersion | None, state: ArchiveState) -> str | None:
        """Why a new version must be built: what to say of it, or None when there is no reason."""
        if opened is None:
            return errors.VERSION_DAMAGED if self._stamp else errors.REBUILT
        if not state.is_complete:
            return None  # what opens may hold what the archive has lost
        if not opened.current:
            return errors.VERSION_DAMAGED
        call = expected_fingerprint(state)
        if opened.version.fingerprint == call:
            return None
        same_data = opened.version.fingerprint.partition("-")[0] == call.partition("-")[0]
        return errors.UPDATED if same_data else errors.REBUILT

    def _mend(self, opened: _OpenVersion | None) -> tuple[_OpenVersion, tuple[Notice, ...]]:
        """Clean and rebuild under the lock; where that fails, what opened before, and why it was not mended."""
        now = datetime.now().replace(microsecond=0)
        try:
            with import_lock(self._folder, "", now, wait=0 if opened else BUILD_WAIT_SECONDS):
                return self._rebuild(now), ()
        except ImportBusy:
            opened = opened or self._newest()
            if opened is None:
                raise
            trouble = Notice(errors.BUILD_WAITING)
        except WRITE_ERRORS as error:
            if opened is None:
                raise StoreUnavailable(path=self._folder, reason=str(error)) from error
            text = errors.BUILD_FAILED if opened.current else errors.SERVING_OLDER
            trouble = Notice(text, {"reason": str(error)})
        self._retry = time.monotonic() + RETRY_SECONDS
        return opened, (trouble,)

    def _rebuild(self, now: datetime) -> _OpenVersion:
        happened = remove_leftovers(self._folder)
        state = self._archive.state(deep=True)
        opened = self._newest()
        reason = self._reason(opened, state)
        if opened is None or reason:
            version = build_version(self._versions, state, now).publish()
            self._versions.prune()
            happened += [Notice(reason)] if reason and (state.batches or reason != errors.REBUILT) else []
            opened = self._newest() or self._opened(version, True)
        self._notices.add(*happened)
        return opened


def _database(opened: _OpenVersion, notices: tuple[Notice, ...]) -> Database:
    found = opened.connection.execute("SELECT example, today, built_at FROM info").fetchone()
    example, today, built_at = found or (True, date.min, datetime.min)
    version = opened.version
    return Database(version.version, version.fingerprint, example, today, built_at, notices, opened.connection)
