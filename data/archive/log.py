"""The append-only archive: the log of imports, undos, redos, settings and frozen reports. The database is a pure function of it."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data.archive.chain import HEAD, Chain, Damage, Head, Place, check_chain, file_damage, read_head, write_head
from data.archive.contents import CLOCK_STEP_NS, Contents
from data.archive.records import REPORT, Entry, EntryName, read_entry
from data.archive.state import ArchiveState, Batch, Change, ChangeKind, FrozenReport, ProtectionChange
from data.base.atomic_files import make_folder

Read = tuple[list[Entry], Head | None, bool]  # the entries, the head, and whether there is a file of that name
_PROTECTION = {"protection-on": True, "protection-off": False}


class Archive:
    """The folder of the entries, which are added and never changed, and the head of their chain beside it.

    With a `day`, its state is that when the day ended; then nothing may be added.
    """

    def __init__(self, folder: Path, day: date | None = None, contents: Contents | None = None) -> None:
        self.folder = folder
        self.day = day
        self._contents = contents or Contents(folder)
        self.head = folder.with_name(HEAD)
        self._whole: tuple[Read, Chain] | None = None  # the chain that was checked last, where nothing was damaged
        self._listing: tuple[int, tuple[EntryName, ...]] | None = None  # when the folder was changed, and its entries

    def on(self, day: date) -> "Archive":
        """The same archive as it was when the day ended."""
        return Archive(self.folder, day, self._contents)

    def forget(self) -> None:
        """Read every byte of the files anew the next time, also where nothing has written to them."""
        self._contents.forget()

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
            self._listing = (changed, names) if time.time_ns() - changed > CLOCK_STEP_NS else None
            return names
        return self._listing[1]

    def protected(self) -> bool | None:
        """What `state().protected` is, read from the names of the entries alone."""
        settings = [_PROTECTION[name.kind] for name in self.names() if name.kind in _PROTECTION]
        return settings[-1] if settings else None

    def state(self, deep: bool = False) -> ArchiveState:
        """The state after all entries; what is damaged is named in it, and the rest is read.

        `deep` reads every byte of the files, of those that were not changed since this object last did so only the times of
        change. OSError when the folder cannot be read.
        """
        has_head, head = self.head.exists(), read_head(self.head)  # before the entries: one may be added meanwhile
        chain = self._checked([self._contents.entry(name) for name in self.names()], head, has_head)
        last = max([head.number if head else 0, *(place.name.number for place in chain.places)])
        begin = ArchiveState(
            damage=tuple(chain.damage), entries=last, strangers=tuple(chain.strangers), is_chained=chain.is_chained
        )
        state = self._after(begin, chain.places, deep)
        return state.on(self.day) if self.day else state

    def extended(self, state: ArchiveState, path: Path, final: Path) -> ArchiveState:
        """The state after one more entry, which is written at `path` and not yet published as `final`."""
        name = EntryName.parse(final.name)
        if name is None:
            raise ValueError(f"no entry is called {final.name}")
        place = Place(name, read_entry(path, name))
        return self._after(replace(state, entries=name.number), [place], deep=True)

    def follow(self, state: ArchiveState) -> None:
        """Move the head to the last entry of a whole state. The caller holds the lock; OSError when that fails."""
        write_head(self.head, Head(state.entries, state.links[-1] if state.links else None))

    def followed(self) -> ArchiveState:
        """The state after an entry was published, when the head has been moved to it. As `follow`."""
        self.follow(self.state())
        return self.state()

    def _checked(self, *read: *Read) -> Chain:
        """The chain of the entries; of the very same as the last time, that of the last time."""
        last = self._whole
        if last and last[0] == read:
            return last[1]
        chain = check_chain(*read)
        self._whole = None if chain.damage else (read, chain)
        return chain

    def _after(self, state: ArchiveState, places: Sequence[Place], deep: bool) -> ArchiveState:
        log = _Log(state, self._contents, deep)
        for place in places:
            log.add(place)
        return log.state()


class _Log:
    """The state after one place of the chain and the next."""

    def __init__(self, begin: ArchiveState, contents: Contents, deep: bool) -> None:
        self._begin, self._contents, self._deep = begin, contents, deep
        self._batches, self._damage = [*begin.batches], [*begin.damage]
        self._links, self._given_up = [*begin.links], [*begin.given_up]
        self._protection = [*begin.protection]
        self._reports = [*begin.reports]

    def state(self) -> ArchiveState:
        """The state by now."""
        return replace(
            self._begin,
            batches=tuple(self._batches),
            damage=tuple(self._damage),
            links=tuple(self._links),
            given_up=tuple(self._given_up),
            protection=tuple(self._protection),
            reports=tuple(self._reports),
        )

    def add(self, place: Place) -> None:
        """Take the entry of the next place into account."""
        if place.entry:
            self._links.append(place.entry.link)
        if place.given_up:
            self._given_up.append(place.name.text)
        if place.name.kind == "batches":
            self._add_batches(place)
        elif place.name.kind in _PROTECTION:
            self._add_protection(place)
        elif place.name.kind == "report":
            self._add_report(place)
        elif place.name.kind != "seal":
            self._add_change(place)

    def _add_batches(self, place: Place) -> None:
        batches: Sequence[Batch] | None = None
        damage: list[Damage] = []
        if place.entry and place.entry.record:
            try:
                damage = list(self._contents.damaged_files(place.entry, self._deep))
                batches = self._contents.batches(place.entry)
            except (ValueError, KeyError, TypeError, AttributeError):
                damage = [file_damage(place.name.record, place.name.text)]
        if batches is None:
            folder, given_up = self._contents.folder / place.name.text, place.given_up
            batches = [
                Batch(n, folder, active=not given_up, damaged=True, given_up=given_up) for n in place.name.batches
            ]
        elif damage:
            batches = [replace(b, damaged=True) for b in batches]
        self._batches += batches
        self._damage += damage

    def _add_protection(self, place: Place) -> None:
        """A change of the protection. The file's name holds which, its content who, when and why."""
        change = ProtectionChange(_PROTECTION[place.name.kind])
        try:
            if place.entry and place.entry.record:
                raw = place.entry.record
                change = replace(change, who=raw["who"], at=datetime.fromisoformat(raw["at"]), why=raw["why"])
        except (ValueError, KeyError, TypeError):
            self._damage.append(file_damage(place.name.record, place.name.text))
        self._protection.append(change)

    def _add_report(self, place: Place) -> None:
        """A frozen report: the folder holds its content, which is read when it is wanted."""
        folder = self._contents.folder / place.name.text
        report = FrozenReport(place.name.number, folder, damaged=True)
        try:
            if place.entry and place.entry.record:
                damage = list(self._contents.damaged_files(place.entry, self._deep))
                report = replace(_report(report, place.entry.record), damaged=bool(damage))
                self._damage += damage
        except (ValueError, KeyError, TypeError, AttributeError):
            self._damage.append(file_damage(place.name.record, place.name.text))
        self._reports.append(report)

    def _add_change(self, place: Place) -> None:
        """An undo or redo. The file's name holds what was done to which batch, its content who and when."""
        kind: ChangeKind = "undo" if place.name.kind == "undo" else "redo"
        change = Change(kind, None, None)
        try:
            if place.entry and place.entry.record:
                change = Change(kind, place.entry.record["who"], datetime.fromisoformat(place.entry.record["at"]))
        except (ValueError, KeyError, TypeError):
            self._damage.append(file_damage(place.name.record, place.name.text))
        for at, batch in enumerate(self._batches):
            if batch.number in place.name.batches:
                active = kind == "redo" and not batch.given_up
                self._batches[at] = replace(batch, active=active, changes=(*batch.changes, change))


def _report(report: FrozenReport, raw: Mapping[str, Any]) -> FrozenReport:
    """The report with what its record says; ValueError, KeyError or TypeError when that is no record of one."""
    at, digest = datetime.fromisoformat(raw["at"]), raw["files"][REPORT]["sha256"]
    first, last = raw["months"]
    same = {name: raw[name] for name in ("title", "who", "protected")}
    return replace(report, **same, at=at, sha256=digest, months=(first, last), departments=tuple(raw["departments"]))


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
