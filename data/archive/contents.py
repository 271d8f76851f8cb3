"""The entries of the archive as they are read from the disk, each file once for as long as it is unchanged.

A change reads the archive before it, under the lock and after it, and ten years of nightly fetches are thousands of files.
What was read whole is therefore remembered by the stamps of its file, which every write moves on. What spoils on a disk
without being written is seen by the next process, and by `Contents.forget`.
"""

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from data.archive.chain import Damage, file_damage
from data.archive.records import REPORT, Entry, EntryName, read_entry
from data.archive.state import Batch, BatchTable, FrozenReport
from data.base.atomic_files import parse_json, sha256
from data.base.errors import UnknownReport

CLOCK_STEP_NS = 100_000_000  # a file changed less than this ago may change again without another time of change
Stamp = tuple[int, int, int, int]  # times of change, number and size of a file
Batches = tuple[Batch, ...]


class Contents:
    """Reads the entries in the folder of an archive, and their files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._entries: dict[str, tuple[Stamp, Entry]] = {}
        self._batches: dict[str, tuple[Entry, Batches]] = {}
        self._digests: dict[str, tuple[Stamp, str]] = {}

    def forget(self) -> None:
        """Read every byte anew the next time."""
        for remembered in (self._entries, self._batches, self._digests):
            remembered.clear()

    def entry(self, name: EntryName) -> Entry:
        """The published entry of this name; without a record where it is damaged."""
        key, stamp = name.text, _stamp(f"{self.folder}/{name.record}")
        known = self._entries.get(key)
        if known and known[0] == stamp:
            return known[1]
        entry = read_entry(self.folder / key, name)
        if entry.record and stamp and _is_settled(stamp):
            self._entries[key] = stamp, entry
        return entry

    def batches(self, entry: Entry) -> Batches:
        """The batches of a whole record; ValueError, KeyError, TypeError or AttributeError when it is no record of batches."""
        known = self._batches.get(entry.name.text)
        if known and known[0] is entry:
            return known[1]
        record = entry.record or {}
        batches = tuple(_batch(raw, entry.path, record.get("files", {})) for raw in record["batches"])
        self._batches[entry.name.text] = entry, batches
        return batches

    def damaged_files(self, entry: Entry, deep: bool) -> Iterator[Damage]:
        """The files of an entry that are missing or have another size than was written or, if `deep`, another SHA-256."""
        for name, written in ((entry.record or {}).get("files", {})).items():
            path = f"{entry.path}/{name}"
            stamp = _stamp(path)
            try:
                whole = stamp and stamp[-1] == written["bytes"]
                whole = whole and (not deep or self._digest(path, stamp) == written["sha256"])
            except OSError:
                whole = False
            if not whole:
                yield file_damage(f"{entry.name.text}/{name}", entry.name.text, missing=not os.path.exists(path))

    def _digest(self, path: str, stamp: Stamp | None) -> str:
        known = self._digests.get(path)
        if known and known[0] == stamp:
            return known[1]
        digest = sha256(Path(path))
        if stamp and _is_settled(stamp):
            self._digests[path] = stamp, digest
        return digest


def read_report(report: FrozenReport) -> dict[str, Any]:
    """The content of a frozen report; UnknownReport when a byte of it is not as it was written."""
    try:
        content = (report.folder / REPORT).read_bytes()
    except OSError as error:
        raise UnknownReport(UnknownReport.DAMAGED, report=report.number) from error
    if report.damaged or hashlib.sha256(content).hexdigest() != report.sha256:
        raise UnknownReport(UnknownReport.DAMAGED, report=report.number)
    return parse_json(content, REPORT)


def _stamp(path: str) -> Stamp | None:
    """What changes whenever a file does; None where there is none."""
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_size


def _is_settled(stamp: Stamp) -> bool:
    """Whether a further write would give another stamp."""
    return time.time_ns() - max(stamp[:2]) > CLOCK_STEP_NS


def _batch(raw: Mapping[str, Any], folder: Path, files: Mapping[str, Mapping[str, Any]]) -> Batch:
    tables = tuple(map(BatchTable.from_json, raw["tables"]))
    names = [name for t in tables for name in (t.file, t.gaps) if name]
    at = datetime.fromisoformat(raw["at"])
    same = {name: raw[name] for name in ("number", "file", "checksum", "size", "who", "choice")}
    return Batch(**same, folder=folder, at=at, tables=tables, files=tuple((n, files[n]["sha256"]) for n in names))
