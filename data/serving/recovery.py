"""What a process that died in the middle of a change left behind."""

from datetime import datetime
from pathlib import Path

from data.base.atomic_files import TEMPORARY, remove
from data.base.errors import CHANGE_INTERRUPTED, INTERRUPTED, Notice
from data.base.scratch import remove_orphaned


def leftovers(store: Path) -> list[Path]:
    """Everything in the store that is unfinished: of a live import, or of a dead one when the lock is free."""
    folders = (store, store / "archive", store / "versions")
    return [p for folder in folders if folder.is_dir() for p in sorted(folder.iterdir()) if TEMPORARY in p.name]


def remove_leftovers(store: Path) -> list[Notice]:
    """Remove what is unfinished, and say which imports and changes were interrupted. Only the lock's holder may."""
    found = leftovers(store)
    notices = [_interrupted(path) for path in found if path.parent.name == "archive"]
    for path in found:
        remove(path)
    remove_orphaned(store)
    return notices


def _interrupted(path: Path) -> Notice:
    files = [path, *path.iterdir()] if path.is_dir() else [path]
    at = datetime.fromtimestamp(max(f.stat().st_mtime for f in files)).replace(microsecond=0)
    return Notice(INTERRUPTED if path.is_dir() else CHANGE_INTERRUPTED, at=at)
