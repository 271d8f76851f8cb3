"""The append-only archive: the log of imports, undos, redos and settings. The database is a pure function of it."""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from data.archive.state import ArchiveState, Batch, BatchTable, Change, ChangeKind, ProtectionChange
from data.base.atomic_files import TEMPORARY, read_json, sha256
from data.base.errors import CHANGE_DAMAGED, ENTRY_MISSING, Notice

COMMIT = "commit.json"
_ENTRY = re.compile(
    r"(?P<entry>\d{6,})-(?:batches-(?P<first>\d+)-(?P<last>\d+)|(?P<kind>undo|redo)-(?P<batch>\d+)\.json"
    r"|protection-(?P<setting>on|off)\.json)"
)
_CLOCK_STEP_NS = 100_000_000  # a folder changed less than this ago may change again without another time of change


def _read_batch(raw: Mapping[str, Any], folder: Path, files: Mapping[str, Mapping[str, Any]]) -> Batch:
    tables = tuple(map(BatchTable.from_json, raw["tables"]))
    names = [name for t in tables for name in (t.file, t.gaps) if name]
    at = datetime.fromisoformat(raw["at"])
    same = {name: raw[name] for name in ("number", "file", "checksum", "size", "who", "choice")}
    return Batch(**same, folder=folder, at=at, tables=tables, files=tuple((n, files[n]["sha256"]) for n in names))


def _check_files(folder: Path, files: Mapping[str, Mapping[str, Any]], deep: bool) -> None:
    """Raise ValueError when a file of an entry has another size than was written or, if `deep`, another SHA-256."""
    for name, written in files.items():
        if (folder / name).stat().st_size != written["bytes"] or (deep and sha256(folder / name) != written["sha256"]):
            raise ValueError(f"{name} is damaged")


def _read_commit(folder: Path, deep: bool) -> tuple[Batch, ...]:
    raw = read_json(folder / COMMIT)
    _check_files(folder, raw["files"], deep)
    return tuple(_read_batch(b, folder, raw["files"]) for b in raw["batches"])


class Archive:
    """The folder of the entries. Entries are added, and never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._listing: tuple[int, tuple[str, ...]] | None = None  # when the folder was last changed, and its entries

    def entries(self) -> tuple[str, ...]:
        """The names of the published entries, in order. Costs one look at the folder unless that changed."""
        try:
            changed = self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return ()
        if self._listing is None or self._listing[0] != changed:
            names = tuple(sorted(p.name for p in self.folder.iterdir() if _ENTRY.fullmatch(p.name)))
            self._listing = (changed, names) if time.time_ns() - changed > _CLOCK_STEP_NS else None
            return names
        return self._listing[1]

    def protected(self) -> bool | None:
        """What `state().protected` is, read from the names of the entries alone."""
        settings = [m["setting"] for m in map(_ENTRY.fullmatch, self.entries()) if m and m["setting"]]
        return settings[-1] == "on" if settings else None

    def state(self, pending: Path | None = None, deep: bool = False) -> ArchiveState:
        """The state after all entries, and after `pending`, the path of one that is written but not published.

        A damaged entry becomes a notice or damaged batches, and the rest is read. `deep` reads every byte of the files.
        OSError when the folder cannot be read.
        """
        state = ArchiveState()
        for match, path in self._entries(pending):
            number = int(match["entry"])
            missing = [Notice(ENTRY_MISSING, {"entry": f"{n:06}"}) for n in range(state.entries + 1, number)]
            state = replace(state, entries=number, damage=(*state.damage, *missing))
            if match["setting"]:
                state = _with_protection(state, match, path)
            else:
                state = _with_change(state, match, path) if match["kind"] else _with_batches(state, match, path, deep)
        return state

    def _entries(self, pending: Path | None) -> Iterator[tuple[re.Match[str], Path]]:
        published = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        named = [(path.name, path) for path in published]
        if pending:
            named.append((pending.name.removesuffix(TEMPORARY), pending))
        for name, path in named:
            match = _ENTRY.fullmatch(name)
            if match:
                yield match, path


def _with_batches(state: ArchiveState, match: re.Match[str], path: Path, deep: bool) -> ArchiveState:
    try:
        return replace(state, batches=state.batches + _read_commit(path, deep))
    except (OSError, ValueError, KeyError, TypeError):
        first, last = int(match["first"]), int(match["last"])
        damaged = tuple(Batch(n, path, damaged=True) for n in range(first, last + 1))
        return replace(state, batches=state.batches + damaged)


def _with_protection(state: ArchiveState, match: re.Match[str], path: Path) -> ArchiveState:
    """The state after a change of the protection. The file's name holds which, its content who, when and why."""
    on = match["setting"] == "on"
    try:
        raw = read_json(path)
        change = ProtectionChange(on, raw["who"], datetime.fromisoformat(raw["at"]), raw["why"])
    except (OSError, ValueError, KeyError, TypeError):
        change = ProtectionChange(on)
        state = replace(state, damage=(*state.damage, Notice(CHANGE_DAMAGED, {"entry": path.name})))
    return replace(state, protection=(*state.protection, change))


def _with_change(state: ArchiveState, match: re.Match[str], path: Path) -> ArchiveState:
    """The state after an undo or redo. The file's name holds what was done to which batch, its content who and when."""
    kind: ChangeKind = "undo" if match["kind"] == "undo" else "redo"
    try:
        raw = read_json(path)
        change = Change(kind, raw["who"], datetime.fromisoformat(raw["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        change = Change(kind, None, None)
        state = replace(state, damage=(*state.damage, Notice(CHANGE_DAMAGED, {"entry": path.name})))
    number = int(match["batch"])
    changed = tuple(
        replace(b, active=kind == "redo", changes=(*b.changes, change)) if b.number == number else b
        for b in state.batches
    )
    return replace(state, batches=changed)
