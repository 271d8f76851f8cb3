"""Removes what a process that died during a change left in the store."""

from datetime import datetime
from pathlib import Path

from data.base.atomic_files import TEMPORARY, remove
from data.base.errors import CHANGE_INTERRUPTED, INTERRUPTED, Notice
from data.base.scratch import remove_orphaned


def leftovers(store: Path) -> list[Path]:
    """The unfinished files in the store: of a running import, or of an interrupted one when the lock is free."""
    folders = (store, store / "archive", store / "versions")
    return [p for folder in folders if folder.is_dir() for p in sorted(folder.glob(f"*{TEMPORARY}*"))]


def remove_leftovers(store: Path) -> list[Notice]:
    """Remove the unfinished files; returns which imports and changes were interrupted. The caller holds the lock."""
    paths = leftovers(store)
    notices = [_interrupted(path) for path in paths if path.parent.name == "archive"]
    for path in paths:
        remove(path)
    remove_orphaned(store)
    return notices


def _interrupted(path: Path) -> Notice:
    files = [path, *path.iterdir()] if path.is_dir() else [path]
    at = datetime.fromtimestamp(max(f.stat().st_mtime for f in files)).replace(microsecond=0)
    return Notice(INTERRUPTED if path.is_dir() else CHANGE_INTERRUPTED, at=at)
