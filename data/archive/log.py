"""The append-only archive: the log of imports, undos, redos and settings. The database is a pure function of it."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import reduce
from pathlib import Path
from typing import Any

from data.archive.chain import HEAD, Damage, Head, Place, check_chain, file_damage, read_head, write_head
from data.archive.records import Entry, EntryName, read_entry
from data.archive.state import ArchiveState, Batch, BatchTable, Change, ChangeKind, ProtectionChange
from data.base.atomic_files import make_folder, sha256

_PROTECTION = {"protection-on": True, "protection-off": False}
_CLOCK_STEP_NS = 100_000_000  # a folder changed less than this ago may change again without another time of change


def _read_batch(raw: Mapping[str, Any], folder: Path, files: Mapping[str, Mapping[str, Any]]) -> Batch:
    tables = tuple(map(BatchTable.from_json, raw["tables"]))
    names = [name for t in tables for name in (t.file, t.gaps) if name]
    at = datetime.fromisoformat(raw["at"])
    same = {name: raw[name] for name in ("number", "file", "checksum", "size", "who", "choice")}
    return Batch(**same, folder=folder, at=at, tables=tables, files=tuple((n, files[n]["sha256"]) for n in names))


def _damaged_files(entry: Entry, files: Mapping[str, Mapping[str, Any]], deep: bool) -> Iterator[Damage]:
    """The files of an entry that are missing or have another size than was written or, if `deep`, another SHA-256."""
    for name, written in files.items():
        file, path = f"{entry.name.text}/{name}", entry.path / name
        try:
            whole = path.stat().st_size == written["bytes"] and (not deep or sha256(path) == written["sha256"])
        except OSError:
            whole = False
        if not whole:
            yield file_damage(file, entry.name.text, missing=not path.exists())


class Archive:
    """The folder of the entries, which are added and never changed, and the head of their chain beside it.

    With a `day`, its state is that when the day ended; then nothing may be added.
    """

    def __init__(self, folder: Path, day: date | None = None) -> None:
        self.folder = folder
        self.day = day
        self.head = folder.with_name(HEAD)
        self._listing: tuple[int, tuple[EntryName, ...]] | None = None  # when the folder was changed, and its entries

    def begin(self, state: ArchiveState) -> None:
        """Write the head where a whole archive has none: it is new, or from before there were heads. The caller holds the lock."""
        if state.is_whole and not self.head.exists():
            make_folder(self.folder)
            self.follow(state)

    def names(self) -> tuple[EntryName, ...]:
        """The names of the published entries, in order. Costs one look at the folder unless that changed."""
        try:
            changed = self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return ()
        if self._listing is None or self._listing[0] != changed:
            texts = sorted(os.listdir(self.folder))
            names = tuple(name for text in texts if (name := EntryName.parse(text)))
            self._listing = (changed, names) if time.time_ns() - changed > _CLOCK_STEP_NS else None
            return names
        return self._listing[1]

    def protected(self) -> bool | None:
        """What `state().protected` is, read from the names of the entries alone."""
        settings = [_PROTECTION[name.kind] for name in self.names() if name.kind in _PROTECTION]
        return settings[-1] if settings else None

    def state(self, deep: bool = False) -> ArchiveState:
        """The state after all entries; what is damaged is named in it, and the rest is read.

        `deep` reads every byte of the files. OSError when the folder cannot be read.
        """
        has_head, head = self.head.exists(), read_head(self.head)  # before the entries: one may be added meanwhile
        entries = [read_entry(self.folder / name.text, name) for name in self.names()]
        chain = check_chain(entries, head, has_head)
        last = max([head.number if head else 0, *(place.name.number for place in chain.places)])
        begin = ArchiveState(
            damage=tuple(chain.damage), entries=last, strangers=tuple(chain.strangers), is_chained=chain.is_chained
        )
        state = reduce(lambda state, place: self._with_place(state, place, deep), chain.places, begin)
        return state.on(self.day) if self.day else state

    def extended(self, state: ArchiveState, path: Path, final: Path) -> ArchiveState:
        """The state after one more entry, which is written at `path` and not yet published as `final`."""
        name = EntryName.parse(final.name)
        if name is None:
            raise ValueError(f"no entry is called {final.name}")
        return self._with_place(replace(state, entries=name.number), Place(name, read_entry(path, name)), deep=True)

    def follow(self, state: ArchiveState) -> None:
        """Move the head to the last entry of a whole state. The caller holds the lock; OSError when that fails."""
        write_head(self.head, Head(state.entries, state.links[-1] if state.links else None))

    def followed(self) -> ArchiveState:
        """The state after an entry was published, when the head has been moved to it. As `follow`."""
        self.follow(self.state())
        return self.state()

    def _with_place(self, state: ArchiveState, place: Place, deep: bool) -> ArchiveState:
        if place.entry:
            state = replace(state, links=(*state.links, place.entry.link))
        if place.given_up:
            state = replace(state, given_up=(*state.given_up, place.name.text))
        if place.name.kind == "batches":
            return _with_batches(state, place, self.folder, deep)
        if place.name.kind in _PROTECTION:
            return _with_protection(state, place)
        return state if place.name.kind == "seal" else _with_change(state, place)


def _with_batches(state: ArchiveState, place: Place, archive: Path, deep: bool) -> ArchiveState:
    batches: Sequence[Batch] | None = None
    damage: list[Damage] = []
    if place.entry and place.entry.record:
        files = place.entry.record.get("files", {})
        try:
            damage = list(_damaged_files(place.entry, files, deep))
            batches = [_read_batch(b, place.entry.path, files) for b in place.entry.record["batches"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            damage = [file_damage(place.name.record, place.name.text)]
    if batches is None:
        batches = [
            Batch(n, archive / place.name.text, active=not place.given_up, damaged=True, given_up=place.given_up)
            for n in place.name.batches
        ]
    elif damage:
        batches = [replace(b, damaged=True) for b in batches]
    return replace(state, batches=(*state.batches, *batches), damage=(*state.damage, *damage))


def _with_protection(state: ArchiveState, place: Place) -> ArchiveState:
    """The state after a change of the protection. The file's name holds which, its content who, when and why."""
    change = ProtectionChange(_PROTECTION[place.name.kind])
    try:
        if place.entry and place.entry.record:
            raw = place.entry.record
            change = replace(change, who=raw["who"], at=datetime.fromisoformat(raw["at"]), why=raw["why"])
    except (ValueError, KeyError, TypeError):
        state = replace(state, damage=(*state.damage, file_damage(place.name.record, place.name.text)))
    return replace(state, protection=(*state.protection, change))


def _with_change(state: ArchiveState, place: Place) -> ArchiveState:
    """The state after an undo or redo. The file's name holds what was done to which batch, its content who and when."""
    kind: ChangeKind = "undo" if place.name.kind == "undo" else "redo"
    change = Change(kind, None, None)
    try:
        if place.entry and place.entry.record:
            change = Change(kind, place.entry.record["who"], datetime.fromisoformat(place.entry.record["at"]))
    except (ValueError, KeyError, TypeError):
        state = replace(state, damage=(*state.damage, file_damage(place.name.record, place.name.text)))
    changed = tuple(
        replace(b, active=kind == "redo" and not b.given_up, changes=(*b.changes, change))
        if b.number in place.name.batches
        else b
        for b in state.batches
    )
    return replace(state, batches=changed)


def seal_record(state: ArchiveState, who: str, now: datetime) -> dict[str, Any]:
    """The record of an entry that lists all whole entries before it, and gives up what is damaged."""
    given_up = {d.entry for d in state.damage if d.entry}.union(state.given_up)
    strangers = {d.stranger for d in state.damage if d.stranger}.union(state.strangers)
    listed = [asdict(link) for link in state.links if link.entry not in given_up]
    return {
        "who": who,
        "at": now.isoformat(),
        "entries": listed,
        "given_up": sorted(given_up),
        "strangers": sorted(strangers),
    }
