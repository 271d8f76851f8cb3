"""A server that builds what is missing, damaged or out of date itself, in its own process."""

import time
from contextlib import suppress
from datetime import datetime

from data.archive.log import Archive
from data.archive.state import ArchiveState, ProtectionChange
from data.base import clock, errors
from data.base.atomic_files import WRITE_ERRORS, remove
from data.base.errors import ImportBusy, Notice, StoreUnavailable
from data.base.lock import import_lock
from data.intake import archive_writer
from data.serving import protection
from data.serving.build_version import build_version
from data.serving.dated import KEPT_DAYS
from data.serving.recovery import remove_leftovers
from data.serving.server import RETRY_SECONDS, OpenVersion, Server

BUILD_WAIT_SECONDS = 120.0  # for another process that builds the first version


class BuildingServer(Server):
    """Builds under the store's lock."""

    def _repair(self, opened: OpenVersion | None) -> tuple[OpenVersion | None, tuple[Notice, ...]]:
        """Clean and rebuild under the lock; where that fails, `opened` with a notice of why."""
        self.failures = ()
        now = clock.now().replace(microsecond=0)
        try:
            with import_lock(self._folder, "", now, wait=0 if opened else BUILD_WAIT_SECONDS):
                return self._rebuild(now), ()
        except ImportBusy:
            opened = self._reopened()
            if opened is None:
                raise
            failure = Notice(errors.BUILD_WAITING)
        except WRITE_ERRORS as error:
            opened = self._reopened()
            if opened is None:
                text = StoreUnavailable.UNPROTECTED if self._newest(False) else StoreUnavailable.msgid
                raise StoreUnavailable(text, path=self._folder, reason=str(error)) from error
            text = errors.BUILD_FAILED if opened.current else errors.SERVING_OLDER
            failure = Notice(text, {"reason": str(error)})
        self._retry = time.monotonic() + RETRY_SECONDS
        self.failures = (failure,)
        return opened, self.failures

    def _rebuild(self, now: datetime) -> OpenVersion | None:
        state, happened = self.prepare_change(now)
        self._stamp = self._look()
        opened = self._newest(bool(state.protected))
        reason = self._rebuild_reason(opened, state)
        if reason:
            version = build_version(self._versions, state, now).publish()
            if reason == errors.VERSION_DAMAGED:
                self._versions.remove_damaged()
            self._versions.prune()
            interrupted = state.batches and not happened
            happened += [Notice(reason)] if interrupted or reason not in (errors.REBUILT, errors.RESTORED) else []
            self._stamp = self._look()
            opened = self._newest(bool(state.protected)) or self._open(version, True)
        self._notices.add(*happened)
        return opened

    def prepare_change(self, now: datetime) -> tuple[ArchiveState, list[Notice]]:
        """The state of the whole archive, tidied for one more entry, and what happened to it. The caller holds the lock.

        What an interrupted change left is removed, and whether small numbers are protected is decided where nobody has:
        see `settle_protection`. ArchiveDamaged when the archive is not whole.
        """
        happened = remove_leftovers(self._folder)
        state = self.state(deep=True)
        state.refuse_damaged()
        self._archive.begin(state)
        served = self._newest(False)
        state, settled = settle_protection(self._archive, state, bool(served and served.protected), now)
        return state, [*happened, *settled]


class DatedBuildingServer(BuildingServer):
    """Builds what was known when a day ended, in a folder for that day with a lock of its own. The archive is only read."""

    def prepare_change(self, now: datetime) -> tuple[ArchiveState, list[Notice]]:
        """The state when the day ended, of a whole archive; what an interrupted build left in the day's folder is removed."""
        remove_leftovers(self._folder)
        state = self.state(deep=True)
        state.refuse_damaged()
        return state, []

    def _rebuild(self, now: datetime) -> OpenVersion | None:
        opened = super()._rebuild(now)
        with suppress(FileNotFoundError):  # of a day that another process removes
            for day in sorted(self._folder.parent.iterdir(), key=lambda day: -day.stat().st_mtime)[KEPT_DAYS:]:
                remove(day)
        return opened


def settle_protection(
    archive: Archive, state: ArchiveState, served: bool, now: datetime
) -> tuple[ArchiveState, list[Notice]]:
    """Protect small numbers where nobody has decided, but this process is asked to or the version `served` does.

    The caller holds the lock and builds. Returns the state after that, and what happened. StoreUnavailable as in
    `protection.must_protect`; OSError when the archive cannot be written.
    """
    requested = protection.must_protect(archive)
    if state.protected is not None or not (requested or served):
        return state, []
    state, notices = archive_writer.with_chain(archive, state, protection.VARIABLE, now)
    entry = archive_writer.protection_entry(archive, state, True)
    with entry.unfinished() as path:
        archive_writer.write_protection(entry, path, ProtectionChange(True, protection.VARIABLE, now))
        entry.publish()
    return archive.followed(), [*notices, Notice(errors.PROTECTED)]
