"""A store in a process that serves: it is read there, and changed by a process of its own (`data.changer`)."""

import json
import pickle
import queue
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from data.archive.state import Batch, FrozenReport
from data.base.errors import ChangeFailed, ImportBusy, ImportFailed, Notice, StoreError
from data.base.own_process import start_module
from data.intake.choices import Choice
from data.intake.draft import Draft
from data.intake.prepare import Progress
from data.reading_store import ReadingStore
from data.serving.server import RETRY_SECONDS, OpenVersion, Server

CANCEL = b"cancel"  # on the standard input of the process, after the request
LOOK_SECONDS = 0.1  # between two looks at whether the importer still waits


@dataclass(frozen=True)
class Request:
    """A change to make in the store of a folder: its name in `data.changer.CHANGES`, and its arguments."""

    folder: Path
    change: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Fetched:
    """The outcome of a fetch: see `data.fetch.run.FetchResult`. `notices` are sentences by language."""

    is_new: bool
    new_cases: int
    changed_cases: int
    protected: bool
    sentences: Mapping[str, list[str]]


class ServedStore(ReadingStore):
    """A store whose imports, undoings, redoings and fetches are made by a process of their own, beside the readers.

    ChangeFailed when one could not be made. What `progress` raises cancels it, if it is not saved yet; that is told as
    ChangeFailed too.
    """

    def __init__(self, path: Path | None = None) -> None:
        super().__init__(path, _ServedServer, _ServedServer)

    def commit(
        self,
        draft: Draft,
        choices: Mapping[str, Choice],
        who: str,
        now: datetime,
        progress: Progress | None = None,
        again: bool = False,
        accept_clock: bool = False,
    ) -> tuple[Batch, ...]:
        """Import a draft: see `data.store.Store.commit`."""
        arguments = {"choices": choices, "who": who, "now": now, "again": again, "accept_clock": accept_clock}
        numbers = self._change("commit", {"draft": draft.folder, **arguments}, progress)
        return tuple(batch for batch in self.history() if batch.number in numbers)

    def undo(self, batch: int, who: str, now: datetime, progress: Progress | None = None) -> Batch:
        """Withdraw a batch: see `data.store.Store.undo`."""
        return self._switch("undo", batch, who, now, progress)

    def redo(self, batch: int, who: str, now: datetime, progress: Progress | None = None) -> Batch:
        """Put an undone batch back: see `data.store.Store.redo`."""
        return self._switch("redo", batch, who, now, progress)

    def freeze(self, title: str, content: Mapping[str, Any], who: str, now: datetime) -> FrozenReport:
        """Keep a report as it is: see `data.store.Store.freeze`."""
        arguments = {"title": title, "content": content, "who": who, "now": now}
        number = self._change("freeze", arguments, None)
        return next(each for each in self.reports() if each.number == number)

    def fetch(
        self, name: str, who: str, now: datetime, progress: Progress | None = None, accept_clock: bool = False
    ) -> Fetched:
        """Fetch what is new from the connection of this name, and import it."""
        arguments = {"name": name, "who": who, "now": now, "accept_clock": accept_clock}
        return Fetched(**self._change("fetch", arguments, progress))

    def _switch(self, change: str, batch: int, who: str, now: datetime, progress: Progress | None) -> Batch:
        self._change(change, {"batch": batch, "who": who, "now": now}, progress)
        return next(each for each in self.history() if each.number == batch)

    def _change(self, change: str, arguments: Mapping[str, Any], progress: Progress | None) -> Any:
        """Have the change made, and the version with it served here; its answer. StoreError when it was not made."""
        answer = _answer(Request(self.folder, change, arguments), progress)
        with suppress(StoreError):
            self._server.database(wait=True)
        return answer


class _ServedServer(Server):
    """A server whose database is built by a process of its own, one at a time."""

    _turn = threading.Lock()  # of all servers of this process: that of today, and those of earlier days

    def _repair(self, opened: OpenVersion | None) -> tuple[OpenVersion | None, tuple[Notice, ...]]:
        request = Request(self._archive.folder.parent, "repair", {"day": self._archive.day})
        with self._turn:
            failures = tuple(map(Notice.from_json, _answer(request)))
        if failures:
            self._retry = time.monotonic() + RETRY_SECONDS
        opened = self._reopened()
        if opened is None:
            raise ImportBusy
        return opened, failures


def _answer(request: Request, progress: Progress | None = None) -> Any:
    """What the process answers that is started for the request. StoreError when it did not make the change."""
    try:
        return _Changer(request).answer(progress)
    except OSError as error:
        raise ImportFailed(reason=str(error)) from error


class _Changer:
    """A running `data.changer`."""

    def __init__(self, request: Request) -> None:
        self._process = start_module("data.changer")
        assert self._process.stdin and self._process.stdout
        self._stdin, self._lines = self._process.stdin, queue.SimpleQueue[bytes]()
        threading.Thread(target=_pass_lines, args=(self._process.stdout, self._lines), daemon=True).start()
        with suppress(BrokenPipeError):
            pickle.dump(request, self._stdin)
            self._stdin.flush()

    def answer(self, progress: Progress | None) -> Any:
        """What the process answers in the end; StoreError when that is an error, or when it dies."""
        outcome = self._outcome(progress)
        with suppress(BrokenPipeError):
            self._stdin.close()
        self._process.wait()
        if "error" in outcome:
            raise ChangeFailed(outcome["error"])
        if "answer" not in outcome:
            raise ImportFailed(ImportFailed.ENDED)
        return outcome["answer"]

    def _outcome(self, progress: Progress | None) -> dict[str, Any]:
        """The last line that the process writes; nothing when it dies before."""
        stage, share = "", 0.0
        while True:
            with suppress(queue.Empty):
                line: dict[str, Any] = json.loads(self._lines.get(timeout=LOOK_SECONDS) or b"{}")
                if "progress" not in line:
                    return line
                stage, share = line["progress"]
            if progress:
                try:
                    progress(stage, share)
                except BaseException:  # noqa: BLE001 - whatever ends the run of a page: the change is asked to end
                    progress = None
                    self._cancel()

    def _cancel(self) -> None:
        with suppress(BrokenPipeError):
            self._stdin.write(CANCEL)
            self._stdin.flush()


def _pass_lines(source: IO[bytes], lines: "queue.SimpleQueue[bytes]") -> None:
    """Put each line of the source in the queue, and an empty one at its end."""
    with source:
        for line in source:
            lines.put(line)
    lines.put(b"")
