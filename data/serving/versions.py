"""The built versions of the database, and the pointer to the one that is served."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from data.base.atomic_files import flush, make_folder, publish, read_json, remove, sha256, temporary_path, write_json

KEPT_VERSIONS = 3
_VERSION = re.compile(r"v(\d{6,})[-.]")


@dataclass(frozen=True)
class Version:
    """One built database: its file's name, size and SHA-256, and a hash of what it was built from."""

    version: int
    file: str
    bytes: int
    fingerprint: str
    sha256: str = ""  # of the file; blank in versions from before it was noted


def _read(description: Path) -> Version | None:
    try:
        raw = read_json(description)
        texts = {name: str(raw[name]) for name in ("file", "fingerprint")}
        return Version(version=int(raw["version"]), bytes=int(raw["bytes"]), **texts, sha256=str(raw.get("sha256", "")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Versions:
    """The folder `versions/`, a file and its description (JSON) for each version, and the pointer `current.json`.

    The `kept` newest stay when there are more.
    """

    def __init__(self, store: Path, kept: int = KEPT_VERSIONS) -> None:
        self._kept = kept
        self.folder = store / "versions"
        self.pointer = store / "current.json"

    def path(self, version: Version) -> Path:
        """The file of the version's database."""
        return self.folder / version.file

    def current(self) -> Version | None:
        """The version that the pointer names; None when the pointer cannot be read or the file has another size."""
        return self._described(self.pointer)

    def complete(self) -> list[Version]:
        """Every version whose file has the size that it had when it was built, newest first."""
        descriptions = sorted(self.folder.glob("v*.json"), reverse=True) if self.folder.is_dir() else []
        return [v for v in map(self._described, descriptions) if v]

    def known(self) -> list[Version]:
        """Every version that the pointer or a description names, whether or not its file is there."""
        descriptions = [self.pointer, *(self.folder.glob("v*.json") if self.folder.is_dir() else ())]
        return [v for v in map(_read, descriptions) if v]

    def _described(self, description: Path) -> Version | None:
        """The version that a description or the pointer names; None when either file is damaged."""
        version = _read(description)
        with suppress(OSError):
            if version and self.path(version).name == version.file:
                return version if self.path(version).stat().st_size == version.bytes else None
        return None

    def is_whole(self, version: Version) -> bool:
        """Whether every byte of the version's file is as it was built; OSError when it cannot be read."""
        return version.sha256 in ("", sha256(self.path(version)))

    def stamp(self) -> tuple[int, int, int] | None:
        """A value that changes whenever the pointer does; None when there is no pointer."""
        try:
            stat = self.pointer.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino, stat.st_size

    def next_number(self) -> int:
        """A number that no file of a version has."""
        names = [p.name for p in self.folder.iterdir()] if self.folder.is_dir() else []
        numbers = [int(m[1]) for m in map(_VERSION.match, names) if m]
        current = self.current()
        return max([0, *numbers, *([current.version] if current else [])]) + 1

    def build(self, number: int, fingerprint: str, build: Callable[[Path], None]) -> "PendingVersion":
        """Build a version that is served after `publish`; all its files are removed if that fails.

        Its name never comes again, in whatever store: DuckDB would take a file for the one that had its name before.
        """
        final = self.folder / f"v{number:06}-{uuid4().hex[:12]}.duckdb"
        make_folder(self.folder)
        pending = PendingVersion(self, final)
        try:
            build(temporary_path(final))
            size, digest = temporary_path(final).stat().st_size, sha256(temporary_path(final))
            pending.version = Version(number, final.name, size, fingerprint, digest)
            for path in (pending.description, self.pointer):
                write_json(temporary_path(path), asdict(pending.version))
        except BaseException:
            pending.discard()
            raise
        return pending

    def remove_damaged(self) -> None:
        """Remove the versions whose files are not as they were built."""
        for version in self.complete():
            with suppress(OSError):
                if not self.is_whole(version):
                    remove(self.path(version))

    def prune(self, keep: int | None = None) -> None:
        """Remove all but the newest versions, `keep` of them where that is given.

        A file that cannot be removed while it is open is removed another time.
        """
        kept = {Path(v.file).stem for v in self.complete()[: keep or self._kept]}
        for path in self.folder.iterdir():
            if _VERSION.match(path.name) and path.name.partition(".")[0] not in kept:
                remove(path)


class PendingVersion:
    """A version that is built and flushed but not yet served."""

    version: Version

    def __init__(self, versions: Versions, final: Path) -> None:
        self._versions = versions
        self._final = final
        self.description = final.with_suffix(".json")

    def publish(self) -> Version:
        """Serve it from now on: renames only, the last of the pointer. OSError if one of them fails."""
        try:
            os.replace(temporary_path(self._final), self._final)
            publish(self.description)
            flush(self._versions.pointer.parent)
            publish(self._versions.pointer)
        except BaseException:
            self.discard()
            raise
        return self.version

    def discard(self) -> None:
        """Remove its files and the pointer that was to be."""
        for path in self._final.parent.glob(f"{self._final.stem}.*"):
            remove(path)
        remove(temporary_path(self._versions.pointer))
