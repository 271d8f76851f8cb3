"""Temporary folders for files being read and for practice, inside the store so that those of dead processes can be removed.

Each is owned by a lock on the file beside it, which the operating system releases when the process dies: in a container
every server has the same process number. So are the counts of what processes hold in memory.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from data.base.atomic_files import make_folder, remove

FOLDER, PRACTICE = "drops", "practice"  # of uploads, and of practice copies
_LOCK = ".lock"
_COUNTED = "upload-"  # with its bytes, the name of the empty file in the folder that counts an upload
_own: dict[Path, FileLock] = {}


@contextmanager
def scratch_folder(store: Path | None) -> Iterator[Path]:
    """A temporary folder of this process, removed afterwards; the system's where the store is None or read-only."""
    parent = _parent_folder(store)
    if parent is None:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as path:
            yield Path(path)
        return
    folder = own_folder(parent)
    try:
        yield folder
    finally:
        remove_folder(folder)


def own_folder(parent: Path) -> Path:
    """A new folder in `parent` that this process owns until it is removed; its name cannot be guessed. OSError."""
    folder = parent / uuid4().hex
    _own[folder] = _lock(folder)
    _own[folder].acquire(timeout=10)  # a sweep may just hold it
    try:
        folder.mkdir()
    except BaseException:
        remove_folder(folder)
        raise
    return folder


def remove_folder(folder: Path) -> None:
    """Remove a scratch folder, whoever owns it: its lock is its owner's to remove."""
    lock = _own.pop(folder, None)
    if lock:
        _remove(folder, lock)
    else:
        remove(folder)


def remove_orphaned(store: Path) -> None:
    """Remove the scratch folders that no living process owns: they may hold uploaded files."""
    for parent in (store / FOLDER, store / PRACTICE):
        with suppress(OSError):
            names = {path.name.removesuffix(_LOCK) for path in parent.iterdir()}
            for folder in sorted(parent / name for name in names):
                if folder not in _own:
                    _remove_if_free(folder)


def remove_own(store: Path) -> None:
    """Remove the scratch folders of this process, before it ends."""
    for folder in [folder for folder in _own if folder.parent in (store / FOLDER, store / PRACTICE)]:
        remove_folder(folder)


@dataclass(frozen=True)
class UploadCount:
    """The uploads that all processes of a store hold in memory. Each is counted by a scratch folder of its process."""

    store: Path

    def add(self, size: int) -> Path | None:
        """Count an upload of so many bytes; what to `remove` when it is gone. None where nothing can be written.

        Whoever adds before looking at the sum, and removes where that is too much, never lets it grow beyond a bound.
        """
        with suppress(OSError):
            if parent := _parent_folder(self.store):
                folder = own_folder(parent)
                (folder / f"{_COUNTED}{size}").touch()
                return folder
        return None

    def remove(self, counted: Path) -> None:
        """No longer count an upload."""
        remove_folder(counted)

    def sizes(self) -> list[int]:
        """The bytes of each upload that is counted."""
        names = (path.name.removeprefix(_COUNTED) for path in (self.store / FOLDER).glob(f"*/{_COUNTED}*"))
        return [int(name) for name in names if name.isdecimal()]


def _parent_folder(store: Path | None) -> Path | None:
    """The folder for scratch folders, rid of the orphaned; None where nothing can be written."""
    if store is None:
        return None
    folder = store / FOLDER
    try:
        make_folder(folder)
    except OSError:
        return None
    remove_orphaned(store)
    return folder if os.access(folder, os.W_OK) else None


def _lock(folder: Path) -> FileLock:
    return FileLock(folder.with_name(folder.name + _LOCK), thread_local=False, fallback_to_soft=False)


def _remove_if_free(folder: Path) -> None:
    lock = _lock(folder)
    with suppress(Timeout):
        lock.acquire(timeout=0)
        _remove(folder, lock)


def _remove(folder: Path, lock: FileLock) -> None:
    """Remove a folder and its lock, which is held, and released last."""
    try:
        remove(folder)
        remove(Path(lock.lock_file))
    finally:
        lock.release()
