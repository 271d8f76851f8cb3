"""The chain of the archive: each record carries the digest of the one before, and `head.json` that of the last.

An archive from before there was a chain is sealed at its first change: an entry that lists all before it. So is one whose
damage somebody accepted: that seal also lists what is given up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.archive.records import Entry, EntryName, Link, read_signed, sign
from data.base.atomic_files import publish, temporary_path, write_json
from data.base.errors import (
    ARCHIVE_LOST,
    ENTRY_DOUBLED,
    ENTRY_MISSING,
    ENTRY_RENAMED,
    FILE_CHANGED,
    FILE_MISSING,
    HEAD_MISSING,
    Notice,
)

HEAD = "head.json"


@dataclass(frozen=True)
class Head:
    """The last entry of the archive and its number; 0 and None in a store in which nothing was changed."""

    number: int = 0
    last: Link | None = None


def read_head(path: Path) -> Head | None:
    """The head; None when there is none or it is damaged."""
    try:
        raw, _, signed = read_signed(path)
        head = Head(int(raw["entries"]), Link.from_json(raw["last"]) if raw["last"] else None)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return head if signed else None


def write_head(path: Path, head: Head) -> None:
    """Write the head. The caller holds the lock; OSError when it cannot be written."""
    last = head.last and {"entry": head.last.entry, "sha256": head.last.sha256}
    write_json(temporary_path(path), sign({"entries": head.number, "last": last}))
    publish(path)


@dataclass(frozen=True)
class Damage:
    """Something that is not as it was written. When it is accepted `entry` is given up, and `stranger` is not read."""

    notice: Notice
    entry: str | None = None
    stranger: str | None = None  # the name of an entry that has no place in the chain


def file_damage(file: str, entry: str, missing: bool = False) -> Damage:
    """That a file of the archive is missing, or is not as it was written."""
    return Damage(Notice(FILE_MISSING if missing else FILE_CHANGED, {"file": f"archive/{file}"}), entry)


@dataclass(frozen=True)
class Place:
    """A place in the chain; its entry is None where that is missing, damaged or given up."""

    name: EntryName
    entry: Entry | None
    given_up: bool = False


@dataclass
class Chain:
    """The places of the archive, oldest first, and what is damaged. `is_chained`: it is no archive from before chains."""

    places: list[Place] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)  # the names that the newest seal leaves aside
    is_chained: bool = True


def check_chain(entries: Sequence[Entry], head: Head | None, has_head: bool) -> Chain:
    """The chain that the entries make, walked from its head to its beginning or to the newest seal.

    `head` is None where it cannot be read, `has_head` where there is a file of that name.
    """
    if head and head.number and not entries:
        return Chain(damage=[Damage(Notice(ARCHIVE_LOST, {"count": head.number}))])
    signed = any(e.signed for e in entries)
    unsigned = not signed and (not head or not head.number or any(e.link == head.last for e in entries))
    walk = _Walk(entries, head or Head(), unsigned)
    walk.run()
    if head is None and (signed or has_head):
        walk.chain.damage.append(Damage(Notice(HEAD_MISSING)))
    walk.chain.places.reverse()
    walk.chain.is_chained = signed or not entries
    return walk.chain


class _Walk:
    """One walk along the chain, from the newest entry backwards."""

    def __init__(self, entries: Sequence[Entry], head: Head, unsigned: bool) -> None:
        self.entries = entries
        self.by_name = {e.name.text: e for e in entries}
        self.head = head
        self.unsigned_allowed = unsigned  # the archive is from before chains, or a seal that lists them is damaged
        self.chain = Chain()
        self.known: set[str] = set()  # the names that have had their place
        self.missing: dict[str, str] = {}  # by the digest of a missing entry, its name

    def run(self) -> None:
        """Find every place and all damage."""
        signed = any(e.signed for e in self.entries)
        own = [
            e.name.number
            for e in self.entries
            if e.record is None or (e.signed == signed and e.written_as == e.name.text)
        ]
        expected: Link | None = None
        for number in range(max([self.head.number, *own]), 0, -1):
            expected = self._expected(number, expected)
            entry = self._at(number, expected)
            if entry and entry.name.kind == "seal" and entry.record:
                self._sealed(entry.record)
                break
            expected = entry.previous if entry else None
        self._strangers()

    def _expected(self, number: int, claim: Link | None) -> Link | None:
        """The link that the entry of this number must have, by the head or by its successor; None: nobody knows."""
        if number != self.head.number:
            return claim
        if claim and claim != self.head.last:
            successor = self.chain.places.pop()
            self._damaged(successor.name, successor.entry)
        return self.head.last

    def _at(self, number: int, expected: Link | None) -> Entry | None:
        """Place the entry of this number; returns it when it is whole."""
        if expected:
            return self._place(expected)
        candidates = [e for e in self.entries if e.name.number == number and e.written_as == e.name.text]
        if not candidates:
            self.chain.damage.append(Damage(Notice(ENTRY_MISSING, {"entry": f"{number:06}"})))
            return None
        if self._is_sound(candidates[0]):
            return self._good(candidates[0])
        self._damaged(candidates[0].name, candidates[0])
        return None

    def _is_sound(self, entry: Entry) -> bool:
        """Whether an entry that nothing links to may stand in its place."""
        if entry.record is None or not entry.signed:
            return entry.record is not None and self.unsigned_allowed and entry.name.kind != "seal"
        return entry.previous is not None or entry.name.number == 1 or entry.name.kind == "seal"

    def _place(self, expected: Link) -> Entry | None:
        """Place the entry of this link; returns it when it is whole."""
        entry = self.by_name.get(expected.entry)
        if entry and entry.sha256 == expected.sha256:
            return self._good(entry)
        name = EntryName.parse(expected.entry)
        if name:
            self._damaged(name, entry)
            self.missing |= {} if entry else {expected.sha256: name.text}
        return None

    def _good(self, entry: Entry) -> Entry:
        self.known.add(entry.name.text)
        self.chain.places.append(Place(entry.name, entry))
        return entry

    def _damaged(self, name: EntryName, entry: Entry | None) -> None:
        self.known.add(name.text)
        self.unsigned_allowed |= name.kind == "seal"
        self.chain.places.append(Place(name, None))
        file = name.record if entry else name.text
        self.chain.damage.append(file_damage(file, name.text, missing=not (entry and entry.record_path.exists())))

    def _sealed(self, record: Mapping[str, Any]) -> None:
        """Place the entries that a seal lists, and those that it gives up."""
        self.chain.strangers = record["strangers"]
        given_up = [name for text in record["given_up"] if (name := EntryName.parse(text))]
        listed = {link.entry: link for link in map(Link.from_json, record["entries"])}
        names = [*given_up, *(name for text in listed if (name := EntryName.parse(text)))]
        for name in sorted(names, key=lambda n: (-n.number, n.text)):
            if name.text in listed:
                self._place(listed[name.text])
            else:
                self.known.add(name.text)
                self.chain.places.append(Place(name, None, given_up=True))

    def _strangers(self) -> None:
        """Name the entries that have no place: renamed, or copies."""
        for entry in self.entries:
            stranger = entry.name.text
            if stranger in self.known or stranger in self.chain.strangers:
                continue
            name = self.missing.get(entry.sha256)
            if name:
                self.chain.damage = [d for d in self.chain.damage if d.entry != name]
                notice = Notice(ENTRY_RENAMED, {"file": f"archive/{stranger}", "name": name})
            else:
                notice = Notice(ENTRY_DOUBLED, {"file": f"archive/{stranger}"})
            self.chain.damage.append(Damage(notice, name, stranger))
