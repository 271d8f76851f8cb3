"""The built versions of the database, and the pointer to the one that is served."""

import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from data.base.atomic_files import flush, publish, read_json, remove, temporary_path, write_json

KEPT_VERSIONS = 3
_VERSION = re.compile(r"v(\d{6,})\.")


@dataclass(frozen=True)
class Version:
    """One built database: its file's name and size, and a hash of what it was built from."""

    version: int
    file: str
    bytes: int
    fingerprint: str


class Versions:
    """`versions/` with one file a version (and a note of its size beside it), and `current.json` that points at one."""

    def __init__(self, store: Path) -> None:
        self.folder = store / "versions"
        self.pointer = store / "current.json"

    def path(self, version: Version) -> Path:
        """Where the version's database lies."""
        return self.folder / version.file

    def current(self) -> Version | None:
        """The version that the pointer names, if the pointer can be read and the file is as large as it says."""
        return self._noted(self.pointer)

    def complete(self) -> list[Version]:
        """Every version whose file is as large as it was when it was built, newest first."""
        notes = sorted(self.folder.glob("v*.json"), reverse=True) if self.folder.is_dir() else []
        return [v for v in map(self._noted, notes) if v]

    def _noted(self, note: Path) -> Version | None:
        try:
            raw = read_json(note)
            version = Version(int(raw["version"]), str(raw["file"]), int(raw["bytes"]), str(raw["fingerprint"]))
            whole = self.path(version).name == version.file and self.path(version).stat().st_size == version.bytes
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return version if whole else None

    def stamp(self) -> tuple[int, int, int] | None:
        """A value that changes whenever the pointer does; None while there is none."""
        try:
            stat = self.pointer.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino, stat.st_size

    def next_number(self) -> int:
        """A number that no version has had, whole or not."""
        names = [p.name for p in self.folder.iterdir()] if self.folder.is_dir() else []
        found = [int(m[1]) for m in map(_VERSION.match, names) if m]
        current = self.current()
        return max([0, *found, *([current.version] if current else [])]) + 1

    def build(self, number: int, fingerprint: str, build: Callable[[Path], None]) -> "PendingVersion":
        """Build a version beside the others; nothing of it stays if that fails. `publish` makes it the served one."""
        final = self.folder / f"v{number:06}.duckdb"
        self.folder.mkdir(parents=True, exist_ok=True)
        pending = PendingVersion(self, final)
        try:
            build(temporary_path(final))
            size = temporary_path(final).stat().st_size
            pending.version = Version(number, final.name, size, fingerprint)
            for path in (pending.note, self.pointer):
                write_json(temporary_path(path), asdict(pending.version))
        except BaseException:
            pending.discard()
            raise
        return pending

    def prune(self) -> None:
        """Remove all but the newest few versions; a file that a reader holds open goes on the next try."""
        kept = {v.version for v in self.complete()[:KEPT_VERSIONS]}
        for path in self.folder.iterdir():
            match = _VERSION.match(path.name)
            if match and int(match[1]) not in kept:
                remove(path)


class PendingVersion:
    """A version that is built and flushed but not yet served."""

    version: Version

    def __init__(self, versions: Versions, final: Path) -> None:
        self._versions = versions
        self._final = final
        self.note = final.with_suffix(".json")

    def publish(self) -> Version:
        """Serve it from now on: only renames are left, the last of which is the swap. OSError if one of them fails."""
        try:
            os.replace(temporary_path(self._final), self._final)
            publish(self.note)
            flush(self._versions.pointer.parent)
            publish(self._versions.pointer)
        except BaseException:
            self.discard()
            raise
        return self.version

    def discard(self) -> None:
        """Remove all of it that is not served."""
        for path in self._final.parent.glob(f"{self._final.stem}.*"):
            remove(path)
        remove(temporary_path(self._versions.pointer))
