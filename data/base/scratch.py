"""Temporary folders for files being read, inside the store so that those of dead processes can be removed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data.base.atomic_files import remove

FOLDER = "drops"


@contextmanager
def scratch_folder(store: Path | None) -> Iterator[Path]:
    """A temporary folder of this process, removed afterwards; the system's where the store is None or read-only."""
    parent, prefix = _parent_folder(store), f"{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent, ignore_cleanup_errors=True) as path:
        yield Path(path)


def _parent_folder(store: Path | None) -> Path | None:
    """The folder for scratch folders, rid of those of dead processes; None where nothing can be written."""
    if store is None:
        return None
    folder = store / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    remove_orphaned(store)
    return folder if os.access(folder, os.W_OK) else None


def remove_orphaned(store: Path) -> None:
    """Remove the scratch folders of dead processes: they may hold uploaded files."""
    with suppress(OSError):
        for path in sorted((store / FOLDER).iterdir()):
            owner = path.name.partition("-")[0]
            if not (owner.isdigit() and _is_running(int(owner))):
                remove(path)


def remove_own(store: Path) -> None:
    """Remove the scratch folders of this process, before it ends."""
    with suppress(OSError):
        for path in sorted((store / FOLDER).glob(f"{os.getpid()}-*")):
            remove(path)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it belongs to another user
    return True
