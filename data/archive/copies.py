"""Copies of an archive in another folder: a backup is made of what a store lacks nothing of, and put back where it does.

A backup is laid out as a store is, without its databases: `archive/`, `head.json` and the settings beside them. The entries of
an archive never change, so the next backup in the same folder adds what is new. `SHA256SUMS` is for `sha256sum --check`.
"""

import filecmp
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from data.archive.chain import Head, read_head, write_head
from data.archive.log import Archive
from data.archive.state import ArchiveState
from data.base.atomic_files import flush, make_folder, publish, remove, sha256, temporary_path
from data.base.errors import BackupRefused

ARCHIVE, SUMS, ASIDE = "archive", "SHA256SUMS", "set-aside"


@dataclass(frozen=True)
class Copied:
    """The names of the entries that were copied, of how many; what was in the way lies in the folder `aside`, where any was."""

    names: tuple[str, ...]
    of: int
    aside: Path | None = None


def back_up(archive: Archive, state: ArchiveState, settings: Sequence[str], folder: Path) -> Copied:
    """Copy what a folder lacks of a whole archive, and the `settings` (files) beside it; then every byte there is read.

    BackupRefused when the folder is the store's own, holds other files, or a backup of another store or of a later state of
    this one; ArchiveDamaged when what was copied cannot be read back; OSError when it cannot be written.
    """
    store = archive.folder.parent
    if store.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise BackupRefused(BackupRefused.OWN_FOLDER, path=folder)
    backup = Archive(folder / ARCHIVE)
    _refuse_other(backup, state, folder, settings)
    make_folder(backup.folder)
    copied = [name for name in _names(state) if _copy(archive.folder / name, backup.folder / name)]
    write_head(backup.head, Head(state.entries, state.links[-1] if state.links else None))
    for name in settings:
        if (store / name).is_file():
            _copy(store / name, folder / name)
    backup.state(deep=True).refuse_damaged()
    _write_sums(folder)
    return Copied(tuple(copied), len(state.links))


def put_back(folder: Path, archive: Archive, state: ArchiveState, settings: Sequence[str]) -> Copied:
    """Put back what an archive lacks of its backup, or has otherwise than it was written. What is in the way is moved aside.

    BackupRefused when there is no whole backup in the folder, or it is one of another store: then nothing is changed. OSError
    when it cannot be written. The caller holds the lock; made again after a crash, it goes on.
    """
    backup = Archive(folder / ARCHIVE)
    kept = backup.state(deep=True)
    head = read_head(backup.head)
    if not kept.links or head is None:
        raise BackupRefused(BackupRefused.NONE, path=folder)
    if kept.damage:
        raise BackupRefused(BackupRefused.DAMAGED, path=folder, damage=kept.notices[0])
    others = {name for name in _names(state) if _number(name) <= kept.entries}.difference(_names(kept), kept.given_up)
    if others.union(_differing(kept, state)):
        raise BackupRefused(BackupRefused.OTHER_STORE, path=folder)
    aside = _free_folder(archive.folder.with_name(ASIDE))
    make_folder(archive.folder)
    strangers = {d.stranger for d in state.damage if d.stranger}.difference(_names(kept))
    for name in sorted(strangers):
        _move_aside(archive.folder / name, aside)
    names = [n for n in _names(kept) if _copy(backup.folder / n, archive.folder / n, aside)]
    if read_head(archive.head) is None and state.entries <= kept.entries:
        write_head(archive.head, head)
    for name in settings:
        if (folder / name).is_file() and not archive.folder.with_name(name).exists():
            _copy(folder / name, archive.folder.with_name(name))
    return Copied(tuple(names), len(kept.links), aside if aside.exists() else None)


def _names(state: ArchiveState) -> list[str]:
    return [link.entry for link in state.links]


def _number(name: str) -> int:
    return int(name.partition("-")[0])


def _differing(one: ArchiveState, other: ArchiveState) -> Iterator[str]:
    """The names of entries that are whole in both, and not the same."""
    known = {link.entry: link.sha256 for link in other.links}
    return (link.entry for link in one.links if known.get(link.entry, link.sha256) != link.sha256)


def _refuse_other(backup: Archive, state: ArchiveState, folder: Path, settings: Sequence[str]) -> None:
    """Refuse a folder with other files, or with entries that this archive does not have."""
    own = {ARCHIVE, SUMS, backup.head.name, *settings}
    files = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    if not backup.folder.is_dir() and any(name not in own and not name.startswith(".") for name in files):
        raise BackupRefused(BackupRefused.OTHER_FILES, path=folder)
    there = backup.state()
    if {*_names(there)}.difference(_names(state), state.given_up) or any(_differing(there, state)):
        raise BackupRefused(BackupRefused.OTHER_STORE, path=folder)


def _copy(source: Path, target: Path, aside: Path | None = None) -> bool:
    """Copy an entry or a file, flushed and at once, unless the same is there: whether it was copied."""
    if _is_same(source, target):
        return False
    path = temporary_path(target)
    remove(path)
    if source.is_dir():
        shutil.copytree(source, path)
        for file in path.iterdir():
            flush(file)
    else:
        shutil.copyfile(source, path)
    flush(path)
    if aside and target.exists():
        _move_aside(target, aside)
    remove(target)
    publish(target)
    return True


def _is_same(source: Path, target: Path) -> bool:
    """Whether both are the same, byte by byte. An extra file in the target's folder is nothing of the entry."""
    with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        if not source.is_dir():
            return filecmp.cmp(source, target, shallow=False)
        names = [file.name for file in source.iterdir()]
        return filecmp.cmpfiles(source, target, names, shallow=False)[1:] == ([], [])
    return False


def _free_folder(path: Path) -> Path:
    """The first of `path`, `path-2`, `path-3` … that is not there."""
    number = 1
    while (free := path if number == 1 else path.with_name(f"{path.name}-{number}")).exists():
        number += 1
    return free


def _move_aside(path: Path, aside: Path) -> None:
    make_folder(aside)
    path.replace(aside / path.name)
    flush(aside)


def _write_sums(folder: Path) -> None:
    """Write the SHA-256 of every file of the backup, as `sha256sum` writes them."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != SUMS)
    lines = (f"{sha256(file)}  {file.relative_to(folder).as_posix()}\n" for file in files)
    temporary_path(folder / SUMS).write_text("".join(lines), "utf-8")
    flush(temporary_path(folder / SUMS))
    publish(folder / SUMS)
