"""Notices of what happened to the store, in a file until the next change that succeeds."""

from contextlib import suppress
from pathlib import Path

from data.base.atomic_files import publish, read_json, temporary_path, write_json
from data.base.errors import Notice


class Notices:
    """The notices of a store, in a JSON file; in memory only while the file cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unsaved: tuple[Notice, ...] = ()

    def all(self) -> tuple[Notice, ...]:
        """Every notice since the last change, oldest first."""
        try:
            saved = tuple(Notice.from_json(raw) for raw in read_json(self._path)["notices"])
        except (OSError, ValueError, KeyError, TypeError):
            saved = ()
        return saved + tuple(n for n in self._unsaved if n not in saved)

    def add(self, *notices: Notice) -> None:
        """Add notices; one that is there already stays the only one. The caller holds the store's lock."""
        known = self.all()
        if new := [notice for notice in notices if notice not in known]:
            self._write((*known, *new))

    def replace(self, *notices: Notice) -> None:
        """Replace all notices with these. The caller holds the store's lock."""
        self._unsaved = ()
        if notices or self._path.exists():
            self._write(notices)

    def _write(self, notices: tuple[Notice, ...]) -> None:
        self._unsaved = notices
        with suppress(OSError):
            write_json(temporary_path(self._path), {"notices": [n.as_json() for n in notices]})
            publish(self._path)
            self._unsaved = ()
