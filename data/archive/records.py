"""An entry of the archive as it lies on the disk: its name, and its record, which carries its own digest."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from data.base.atomic_files import encode_json, parse_json

COMMIT = "commit.json"
REPORT = "report.json"  # the content of a frozen report, in the folder of its entry
_DIGEST = "digest"
_SIGNATURE = re.compile(rb'^ "digest": "[0-9a-f]{64}",\n', re.M)  # its line in a record, which is never the last
_NAME = re.compile(
    r"(\d{6,})-(?:(batches)-(\d+)-(\d+)|(undo|redo)-(\d+)\.json|(seal|protection-(?:on|off))\.json|(report))"
)
_FOLDERS = ("batches", "report")  # the kinds whose entry is a folder with files, its record among them


@dataclass(frozen=True)
class EntryName:
    """The name of an entry, which says its number, its kind and the batches that it makes or changes."""

    text: str
    number: int
    kind: str  # batches, undo, redo, seal, protection-on, protection-off or report
    batches: range = range(0)

    @classmethod
    def parse(cls, text: str) -> "EntryName | None":
        """The name that this is; None when no entry is called so."""
        match = _NAME.fullmatch(text)
        if not match:
            return None
        number, batches, first, last, change, batch, other, report = match.groups()
        if batches:
            return cls(text, int(number), batches, range(int(first), int(last) + 1))
        return cls(
            text, int(number), change or other or report, range(int(batch), int(batch) + 1) if batch else range(0)
        )

    @property
    def record(self) -> str:
        """The path of its record within the archive."""
        return f"{self.text}/{COMMIT}" if self.kind in _FOLDERS else self.text


@dataclass(frozen=True)
class Link:
    """What names one entry and no other: its name, and the SHA-256 of its record's bytes."""

    entry: str
    sha256: str

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Link":
        """The link that `asdict` wrote; KeyError or TypeError when it is none."""
        return cls(str(raw["entry"]), str(raw["sha256"]))


@dataclass(frozen=True)
class Entry:
    """An entry that was read from `path`. Its record is None when that cannot be read, or a byte of it was changed."""

    name: EntryName
    path: Path
    record: Mapping[str, Any] | None = None
    sha256: str = ""  # of the record's bytes
    signed: bool = False  # whether the record carries a digest; those of old archives do not

    @cached_property
    def link(self) -> Link:
        """What the next entry carries of this one."""
        return Link(self.name.text, self.sha256)

    @property
    def record_path(self) -> Path:
        """Where its record lies."""
        return self.path / COMMIT if self.name.kind in _FOLDERS else self.path

    @property
    def written_as(self) -> str:
        """The name that it was written under."""
        return str(self.record["entry"]) if self.record and self.signed else self.name.text

    @cached_property
    def previous(self) -> Link | None:
        """The link to the entry before it."""
        raw = self.record and self.record.get("previous")
        return Link.from_json(raw) if raw else None


def sign(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its digest."""
    return {**raw, _DIGEST: _digest(encode_json(raw))}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def chained(raw: Mapping[str, Any], entry: str, previous: Link | None) -> dict[str, Any]:
    """The record as it is written for the entry of this name, after the entry `previous`."""
    return sign({**raw, "entry": entry, "previous": previous and asdict(previous)})


def read_signed(path: Path) -> tuple[dict[str, Any], str, bool]:
    """A record, the SHA-256 of its bytes, and whether it carries a digest.

    ValueError when it does and a byte was changed, or when it holds no JSON object; OSError when it cannot be read.
    """
    content = path.read_bytes()
    raw = parse_json(content, path.name)
    signed = _DIGEST in raw
    if signed and (_digest(_SIGNATURE.sub(b"", content, count=1)) != raw[_DIGEST] or list(raw) != sorted(raw)):
        raise ValueError(f"{path.name} is damaged")
    return raw, hashlib.sha256(content).hexdigest(), signed


def read_entry(path: Path, name: EntryName) -> Entry:
    """The entry at the path; without a record where it is damaged."""
    try:
        entry = Entry(name, path, *read_signed(Entry(name, path).record_path))
        _ = entry.written_as, entry.previous  # raise here when they are missing
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Entry(name, path)
    return entry
