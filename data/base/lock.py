"""The import lock: one importer at a time. The operating system releases it when the process dies."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from data.base.atomic_files import make_folder, read_json, remove, write_json
from data.base.errors import ImportBusy


def _busy_error(folder: Path) -> ImportBusy:
    """The error that names who holds the lock, where lock.json can be read."""
    try:
        raw = read_json(folder / "lock.json")
        since = datetime.fromisoformat(raw["since"]).time()
        text = ImportBusy.HELD_BY if raw["who"] else ImportBusy.REBUILDING
        return ImportBusy(text, who=raw["who"], since=since)
    except (OSError, ValueError, KeyError, TypeError):
        return ImportBusy()


@contextmanager
def import_lock(folder: Path, who: str, now: datetime, wait: float = 0) -> Iterator[None]:
    """Hold the store's lock for a role, `who`; blank is the program itself, rebuilding.

    ImportBusy when another process holds it for longer than `wait` seconds; OSError when the folder cannot be written.
    """
    make_folder(folder)
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    try:
        lock = FileLock(folder / "lock", thread_local=False, fallback_to_soft=False).acquire(timeout=wait)
    except Timeout:
        raise _busy_error(folder) from None
    with lock:
        try:
            write_json(folder / "lock.json", {"who": who, "pid": os.getpid(), "since": now.isoformat()})
            yield
        finally:
            remove(folder / "lock.json")
