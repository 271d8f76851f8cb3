"""What was known on an earlier day: a server for each such version, a few of them, apart from the one that is served."""

import os
from contextlib import suppress
from datetime import date
from threading import Lock

from cachetools import LRUCache

from data.archive.log import Archive
from data.archive.state import ArchiveState
from data.base.errors import ArchiveDamaged, NothingKnown
from data.serving.notices import Notices
from data.serving.protection import must_protect
from data.serving.server import Server
from data.serving.versions import Versions

FOLDER = "as_of"  # in the store; a folder in it for each day
KEPT_DAYS = 3  # versions on the disk and open in this process; the least recently used goes


class DatedServers:
    """The servers of what was known when a day ended, built from the archive as `server` builds. Thread-safe."""

    def __init__(self, archive: Archive, current: Server, server: type[Server]) -> None:
        self._archive = archive
        self._current = current
        self._server = server
        self._servers = LRUCache[date, Server](KEPT_DAYS)
        self._guard = Lock()
        self._read: tuple[object, ArchiveState] | None = None

    def on(self, day: date) -> Server | None:
        """The server of what was known when a day ended; None when nothing has been changed since.

        NothingKnown when no import was in force then, or when small numbers are protected: what differs between two days
        could show one. ArchiveDamaged when the archive is not whole. OSError when it cannot be read.
        """
        with self._guard:
            state = self._state()
            changed = max((d for d in state.days if d <= day), default=None)
            if changed is None and state.days:
                raise NothingKnown(NothingKnown.EARLIER, day=day, first=state.days[0])
            if changed is None or not state.on(changed).active:
                raise NothingKnown(day=day)
            if changed == state.days[-1]:
                return None
            if must_protect(self._archive):
                raise NothingKnown(NothingKnown.PROTECTED)
            return self._server_of(changed)

    def close(self) -> None:
        """Close what is open; it is opened again when it is next asked for."""
        with self._guard:
            for server in self._servers.values():
                server.close()

    def _state(self) -> ArchiveState:
        """The state of the whole archive, read again when an entry was added."""
        names = self._archive.names()[-1:]
        if self._read is None or self._read[0] != names:
            state = self._current.state()
            if not state.is_whole:
                raise ArchiveDamaged(ArchiveDamaged.NOTHING_LEFT, damage=state.notices[0])
            self._read = names, state
        return self._read[1]

    def _server_of(self, day: date) -> Server:
        """The server of a day on which something was changed; the day's folder is marked as used now."""
        folder = self._archive.folder.with_name(FOLDER) / day.isoformat()
        with suppress(OSError):
            os.utime(folder)
        if day not in self._servers:
            archive, versions = self._archive.on(day), Versions(folder, kept=1)
            self._servers[day] = self._server(folder, archive, versions, Notices(folder / "notices.json"))
        return self._servers[day]
