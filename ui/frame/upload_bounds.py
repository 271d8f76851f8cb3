"""Bounds on uploads, which Streamlit keeps in memory: how large and how many, for a session and in all workers of the store."""

import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import streamlit as st

UNCLAIMED_SECONDS = 45.0  # without a page that claims it, before a file is removed
TOLD_SECONDS = 60.0  # how long the page says that an upload was refused
SESSION_FILES, ALL_FILES = 50, 200
SESSION_SHARE, ALL_SHARE = 2, 4  # times the largest file: bytes of one session, and of all
Key = tuple[str, str]  # session, file


def largest_file() -> int:
    """The size in bytes of the largest file that is taken (`server.maxUploadSize`, in MB)."""
    return int(st.get_option("server.maxUploadSize")) * 1024 * 1024


class SharedCount(Protocol):
    """Counts the uploads of all workers: see `data.UploadCount`."""

    def add(self, size: int) -> Path | None:
        """Count one; what to `remove`, or None where it cannot be shared."""

    def remove(self, counted: Path) -> None:
        """No longer count one."""

    def sizes(self) -> list[int]:
        """The bytes of each."""


@dataclass
class _Upload:
    """The bytes of an upload, and when it was last claimed; None while it is under way, or claimed by a page.

    `counted` is what it is counted by among those of all workers.
    """

    size: int
    unclaimed_since: float | None = None
    under_way: bool = True
    counted: Path | None = None


@dataclass
class Uploads:
    """The uploads of this worker, counted with those of the others where there is a `shared` count. Thread-safe."""

    now: Callable[[], float] = time.monotonic
    shared: SharedCount | None = None
    _files: dict[Key, _Upload] = field(default_factory=dict)
    _refused: dict[str, tuple[int, float]] = field(default_factory=dict)  # by session: the status, and when
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, key: Key, size: int) -> int | None:
        """Make room for an upload of `size` bytes; the HTTP status of the refusal when there is none."""
        limit = largest_file()
        if size > limit:
            return 413
        upload = _Upload(size)
        with self._guard:
            sizes = {k: other.size for k, other in self._files.items() if k != key}
            own = [other for (session, _), other in sizes.items() if session == key[0]]
            replaced = self._files.get(key)
            is_doubled = replaced is not None and replaced.under_way
            full = len(own) >= SESSION_FILES or sum(own) + size > SESSION_SHARE * limit
            if is_doubled or full or _is_full([*sizes.values(), size]):
                return 429
            self._files[key] = upload
        self._uncount([replaced] if replaced else [])
        upload.counted = self.shared.add(size) if self.shared else None
        if self.shared and upload.counted and _is_full(self.shared.sizes()):
            self.end(key, is_stored=False)
            return 429
        return None

    def _uncount(self, uploads: Iterable[_Upload]) -> None:
        for upload in uploads:
            if self.shared and upload.counted:
                self.shared.remove(upload.counted)

    def refuse(self, session: str, status: int) -> None:
        """Note that an upload of a session was refused with this HTTP status."""
        with self._guard:
            limit = self.now() - TOLD_SECONDS
            self._refused = {one: refusal for one, refusal in self._refused.items() if refusal[1] > limit}
            self._refused[session] = status, self.now()

    def refusal(self, session: str) -> int | None:
        """The HTTP status that an upload of the session was refused with a moment ago; None when none was."""
        status, at = self._refused.get(session, (None, 0.0))
        return status if self.now() - at < TOLD_SECONDS else None

    def end(self, key: Key, is_stored: bool) -> None:
        """An upload is over; when it was stored, a page has `UNCLAIMED_SECONDS` to claim it and those beside it."""
        with self._guard:
            gone = [] if is_stored else [self._files.pop(key)]
            if is_stored:
                self._files[key].under_way = False
                self._files[key].unclaimed_since = self.now()
                for (session, _), upload in self._files.items():
                    if session == key[0] and upload.unclaimed_since is not None:
                        upload.unclaimed_since = self.now()
        self._uncount(gone)

    def remove(self, key: Key) -> None:
        """An upload was taken away; one that is under way goes on, and is counted until it is over."""
        with self._guard:
            upload = self._files.get(key)
            gone = [self._files.pop(key)] if upload and not upload.under_way else []
        self._uncount(gone)

    def claim(self, session: str, files: Collection[str]) -> None:
        """A page of the session holds these files, and no others."""
        with self._guard:
            for (owner, file), upload in self._files.items():
                if owner == session and not upload.under_way:
                    since = self.now() if upload.unclaimed_since is None else upload.unclaimed_since
                    upload.unclaimed_since = None if file in files else since

    def expired(self, is_active: Callable[[str], bool]) -> list[Key]:
        """Forget the uploads that no page has claimed for so long, or whose session has ended; returns which."""
        with self._guard:
            under_way = {session for (session, _), upload in self._files.items() if upload.under_way}
            for (session, _), upload in self._files.items():
                if upload.unclaimed_since is None and not upload.under_way and not is_active(session):
                    upload.unclaimed_since = self.now()
            limit = self.now() - UNCLAIMED_SECONDS
            gone = [
                key
                for key, upload in self._files.items()
                if key[0] not in under_way and upload.unclaimed_since is not None and upload.unclaimed_since <= limit
            ]
            removed = [self._files.pop(key) for key in gone]
        self._uncount(removed)
        return gone


def _is_full(sizes: Collection[int]) -> bool:
    """Whether uploads of these sizes are more than there may be in all."""
    return len(sizes) > ALL_FILES or sum(sizes) > ALL_SHARE * largest_file()
