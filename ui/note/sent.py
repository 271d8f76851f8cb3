"""What has been sent, so that no letter goes twice: a file beside the settings, which only grows.

A line is written before a letter is handed to the server and another when the server has taken it, or has not. A letter whose
first line alone is there may have gone: a run was ended in the middle of it. No address is in the file, but a digest of it
with a key, so that nobody can read from it who has had a letter, also when they are taken out of the settings.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from ui.note.settings import Recipient
from ui.text.i18n import _

State = Literal["begun", "sent", "failed"]


class SentUnusable(Exception):
    """The file cannot be used, so that nothing is sent; the message is a sentence that says why and what to do."""


class Sent:
    """What has been sent; held by one process at a time (`remembered`)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._states: dict[str, State] = {}
        self._key = ""
        self._read()
        if not self._key:
            self._key = secrets.token_hex(32)
            self._write({"key": self._key})

    def number(self, to: Recipient, month: str) -> str:
        """What a recipient's letter of a month is called in the file, the same every time."""
        told = "\0".join((to.address.casefold(), to.department, month))
        return hmac.new(self._key.encode(), told.encode(), hashlib.sha256).hexdigest()[:40]

    def state(self, number: str) -> State | None:
        """What became of a letter; None where it has not been tried."""
        return self._states.get(number)

    def note(self, number: str, state: State) -> None:
        """Write what becomes of a letter, and flush it to the disk."""
        self._write({"letter": number, "state": state})
        self._states[number] = state

    def _read(self) -> None:
        try:
            lines = self._path.read_text("utf-8").split("\n") if self._path.exists() else []
        except (OSError, ValueError):
            raise self._unusable() from None
        for place, line in enumerate(lines):
            try:
                if line:
                    self._take(json.loads(line))
            except (ValueError, KeyError, TypeError):
                if place < len(lines) - 1 or not self._key:  # a run that was ended may have left half of its last line
                    raise self._unusable() from None

    def _take(self, line: dict[str, State]) -> None:
        if not self._key:
            self._key = line["key"]
        else:
            self._states[line["letter"]] = line["state"]

    def _write(self, line: dict[str, str]) -> None:
        """Add a line. What half a line has been left of is ended first, and is then blank."""
        try:
            self._mend()
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(json.dumps(line).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            raise self._unusable() from None

    def _mend(self) -> None:
        """Cut off half a line at the end."""
        content = self._path.read_bytes() if self._path.exists() else b""
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(self._path, whole)

    def _unusable(self) -> SentUnusable:
        return SentUnusable(
            _(
                "Nothing more is sent: {file}, which remembers what is sent, cannot be read or written, or is damaged. Restore"
                " it, or check who may write there."
            ).format(file=self._path)
        )


@contextmanager
def remembered(path: Path) -> Iterator[Sent]:
    """What has been sent, for this process alone. SentUnusable where another one is sending, or the file cannot be used."""
    try:
        lock = FileLock(f"{path}.lock", thread_local=False, fallback_to_soft=False).acquire(timeout=0)
    except Timeout:
        raise SentUnusable(_("Another run is sending right now. This one has sent nothing.")) from None
    except OSError:
        raise SentUnusable(
            _("Nothing is sent: {folder} cannot be written, where what is sent is remembered.").format(
                folder=path.parent
            )
        ) from None
    with lock:
        yield Sent(path)
