"""Tells a new store from one that is lost: an archive that is gone is no empty archive."""

from dataclasses import replace
from pathlib import Path

from data.archive.chain import Damage
from data.archive.log import Archive
from data.archive.state import ArchiveState
from data.base.atomic_files import TEMPORARY
from data.base.errors import STORE_LOST, Notice, StoreUnavailable
from data.build.fingerprint import is_of_empty_archive
from data.serving.versions import Versions

# what may lie in a folder before there is a store: the lock, uploads, practice copies and fetches under way, column mappings, a
# file system's own
_BEFORE = {
    "lock",
    "lock.json",
    "drops",
    "practice",
    "fetching",
    "fetches.json",
    "fetches.lock",
    "layouts.json",
    "versions",
    "archive",
    "lost+found",
}


def archive_state(archive: Archive, versions: Versions, deep: bool = False) -> ArchiveState:
    """The state of the archive, damaged when it is empty though versions were built from imports. OSError."""
    state = archive.state(deep)
    imported = any(not is_of_empty_archive(version.fingerprint) for version in versions.known())
    if imported and not state.entries and not archive.head.exists():
        return replace(state, damage=(Damage(Notice(STORE_LOST)),))
    return state


def has_store(archive: Archive, versions: Versions) -> bool:
    """Whether anything of a store is in the folder: entries, the head of the archive or a built version."""
    return archive.head.exists() or any(archive.names()) or bool(versions.known())


def refuse_foreign_folder(folder: Path, archive: Archive, versions: Versions) -> None:
    """Raise StoreUnavailable when there is no store in the folder, but other files: it may be the wrong one."""
    if has_store(archive, versions) or not folder.is_dir():
        return
    foreign = (p.name for p in folder.iterdir() if p.name not in _BEFORE and not p.name.startswith("."))
    if any(TEMPORARY not in name for name in foreign):
        raise StoreUnavailable(StoreUnavailable.NO_STORE, path=folder)
