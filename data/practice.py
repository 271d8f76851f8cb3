"""Practice copies: stores of a reader's own, filled with the example data, in which everything can be tried.

Each is a scratch folder of the served store under a name that cannot be guessed: whoever knows the name may use it, from
any process. It belongs to the process that made it, and ends with it at the latest.
"""

import math
import os
import re
import shutil
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from data.base import clock
from data.base.atomic_files import make_folder
from data.base.errors import ImportRefused, PracticeFull, PracticeGone, StoreError
from data.base.failures import import_failures
from data.base.lock import import_lock
from data.base.scratch import FOLDER, PRACTICE, own_folder, remove_folder
from data.intake.prepare import Progress
from data.reading_store import LOCK_WAIT_SECONDS
from data.served_store import ServedStore

MOST = 8  # copies of one process
BUSY_SECONDS = 1800.0  # without use, before a copy gives way to a new one
UNUSED_SECONDS = 8 * 3600.0  # without use, before a copy is removed in any case
LOOK_SECONDS = 300.0  # between two looks for those
_NAME = re.compile("[0-9a-f]{32}")
_WHOLE = "head.json"  # of an archive: what is being made or removed has none


class PracticeStore(ServedStore):
    """A store to practise in. The example data are of a day of their own, so the clock is never asked about."""

    def fill(self, who: str) -> None:
        """Import the example data into the empty store, as this role."""
        self._change("fill", {"who": who}, None)

    def clock_refusal(self, _now: datetime) -> ImportRefused | None:
        """None: whatever the clock says is accepted."""
        return None

    def _change(self, change: str, arguments: Mapping[str, Any], progress: Progress | None) -> Any:
        accepted = {"accept_clock": True} if "accept_clock" in arguments else {}
        return super()._change(change, {**arguments, **accepted}, progress)


class PracticeCopies:
    """The practice copies of a served store. Thread-safe."""

    def __init__(self, served: Path) -> None:
        self._folder = served / PRACTICE
        self._guard = threading.RLock()
        self._made: list[str] = []  # by this process
        self._stores: dict[str, PracticeStore] = {}
        self._is_watched = False
        self._filling = threading.Lock()
        self._filled: Path | None = None  # what copies are copied from

    def create(self, who: str) -> str:
        """The name of a new copy, in which the example data were imported by a role.

        PracticeFull when all that there may be are in use; another StoreError when it cannot be written.
        """
        with self._guard, import_failures():
            self._make_room()
            make_folder(self._folder)
            folder = own_folder(self._folder)
            self._made.append(folder.name)
        try:
            with import_failures():
                self._fill(folder, who)
        except BaseException:
            self._forget(folder.name)
            raise
        self._touch(folder)
        self._watch()
        return folder.name

    def _fill(self, folder: Path, who: str) -> None:
        """The example data in an empty copy: imported once in a process, into a store that nobody can open, then copied."""
        with self._filling:
            if self._filled is None or not (self._filled / _WHOLE).is_file():
                make_folder(self._folder.with_name(FOLDER))
                filled = own_folder(self._folder.with_name(FOLDER))
                try:
                    PracticeStore(filled).fill(who)
                except BaseException:
                    remove_folder(filled)
                    raise
                self._filled = filled
            shutil.copytree(self._filled, folder, dirs_exist_ok=True)

    def open(self, name: str) -> PracticeStore:
        """The copy of this name; PracticeGone when there is none, or no longer."""
        if not _NAME.fullmatch(name):
            raise PracticeGone
        folder = self._folder / name
        with self._guard:
            if not (folder / _WHOLE).is_file():
                self._close(name)
                raise PracticeGone
            self._touch(folder)
            return self._stores.setdefault(name, PracticeStore(folder))

    def discard(self, name: str) -> None:
        """Remove the copy of this name, whichever process made it. ImportBusy while it is changed; PracticeGone."""
        self.open(name)
        self._remove(name, LOCK_WAIT_SECONDS)

    def _remove(self, name: str, wait: float) -> None:
        with suppress(OSError), import_lock(self._folder / name, "", clock.now(), wait):
            pass  # no change is under way
        self._forget(name)

    def _forget(self, name: str) -> None:
        with self._guard:
            self._close(name)
            if name in self._made:
                self._made.remove(name)
            remove_folder(self._folder / name)

    def _close(self, name: str) -> None:
        store = self._stores.pop(name, None)
        if store:
            store.close()

    def _make_room(self) -> None:
        """Remove the copy that was used longest ago where there are as many as there may be."""
        if len(self._made) >= MOST:
            oldest = max(self._made, key=self._seconds_unused)
            if self._seconds_unused(oldest) < BUSY_SECONDS:
                raise PracticeFull
            self._forget(oldest)

    def _touch(self, folder: Path) -> None:
        """Note that it is used now."""
        now = clock.now().timestamp()
        with suppress(OSError):
            os.utime(folder, (now, now))

    def _seconds_unused(self, name: str) -> float:
        """How long ago the copy was last used, by any process; for ever when it is gone."""
        try:
            return clock.now().timestamp() - (self._folder / name).stat().st_mtime
        except OSError:
            return math.inf

    def _watch(self) -> None:
        """Look for copies that nobody uses, now and then while there are any."""
        with self._guard:
            if not self._is_watched:
                self._is_watched = True
                self._look_later()

    def _look_later(self) -> None:
        timer = threading.Timer(LOOK_SECONDS, self._look)
        timer.daemon = True
        timer.start()

    def _look(self) -> None:
        self.remove_unused()
        with self._guard:
            self._is_watched = bool(self._made)
            if self._is_watched:
                self._look_later()

    def remove_unused(self) -> None:
        """Remove the copies of this process that nobody has used for long, or that another process has removed."""
        for name in [one for one in self._made if self._seconds_unused(one) >= UNUSED_SECONDS]:
            with suppress(StoreError):
                self._remove(name, 0)
