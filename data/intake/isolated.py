"""Has untrusted files read in a process of its own, with limits: what ends it, or halts it, is a fault of the file."""

import atexit
import errno
import logging
import math
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from data.base.own_process import start_module
from data.base.scratch import scratch_folder
from data.intake.child import DISK_FULL, LOG, OUT_OF_MEMORY, PROGRESS, DraftTask, Request, Task
from data.intake.draft import Draft, Source
from data.intake.prepare import Progress, StoreContext, check_sources
from data.intake.transfer import read_draft
from data.privacy import mask, mask_all
from data.readers.errors import Unreadable

MEBI = 1024 * 1024
MEMORY = 1024 * MEBI  # bytes, of the process that reads
SECONDS, START_SECONDS = 120, 120  # for one file, and before the first
FILE_SIZE = 4096 * MEBI  # bytes, of each file that the process writes
TURNS = 2  # drafts that are prepared at once
LOOK_SECONDS = 0.1  # between two looks at the clock, the progress, and whether the importer still waits
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "PYTHONPATH")  # what is passed on: nothing secret
_LOG_BYTES = 8192
_NO_MEMORY = ("MemoryError", "Out of Memory", "bad_alloc", "memory allocation of")  # Python, DuckDB, C++, Rust
_turns = threading.BoundedSemaphore(TURNS)
_log = logging.getLogger(__name__)


def prepare_isolated(
    sources: Sequence[Source], today: date, context: StoreContext, progress: Progress | None = None
) -> Draft:
    """As `data.intake.prepare.prepare`, but a file that cannot be read within the limits is a fault in the draft.

    What `progress` raises stops the reading. OSError when there is no room on the disk, or no process can be started.
    """
    check_sources(sources)
    sources = [replace(source, path=source.path.absolute()) for source in sources]
    with ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder(context.folder)).absolute()
        for attempt in range(len(sources) + 1):
            folder = scratch / str(attempt)
            folder.mkdir()
            readable = [*(source.path for source in sources), *([context.database] if context.database else [])]
            names = [source.name for source in sources]
            watch = _Watch(folder, names, today, SECONDS, progress)
            try:
                _run(DraftTask(sources, today, context), readable, watch)
                return read_draft(folder, stack, context.database)
            except (Unreadable, TypeError, ValueError, LookupError, RecursionError, duckdb.Error) as error:
                failure = error if isinstance(error, Unreadable) else Unreadable("reading_crashed")
                suspects = watch.suspects()
                sources = [replace(s, unreadable=failure) if s.name in suspects else s for s in sources]
    raise OSError(errno.EIO, "no process can read the files")


def run_isolated(
    task: Task, file: Path, folder: Path, name: str, today: date, seconds: int, progress: Progress | None = None
) -> None:
    """Have a task with one file done in an empty folder. Unreadable when the file cannot be read within the limits.

    What `progress` raises stops it; it is called with the `name`. OSError when there is no room on the disk.
    """
    watch = _Watch(folder.absolute(), [name], today, seconds, progress)
    _run(task, [file.absolute()], watch)


def _run(task: Task, readable: Sequence[Path], watch: "_Watch") -> None:
    seconds = watch.seconds * (len(watch.names) + 1)
    request = Request(task, readable, watch.folder, MEMORY, seconds, FILE_SIZE)
    with _turn(watch.report):
        _serve(request, watch)


@contextmanager
def _turn(look: Callable[[], None]) -> Iterator[None]:
    """Wait until fewer than `TURNS` other drafts are being prepared."""
    while not _turns.acquire(timeout=LOOK_SECONDS):
        look()
    try:
        yield
    finally:
        _turns.release()


def _serve(request: Request, watch: "_Watch") -> None:
    """Have the request served. Unreadable when a file ended the process, OSError when the disk is full."""
    reader = _Reader.take()
    watch.start()
    try:
        code = reader.serve(request, watch.look)
    except BaseException as error:
        reader.kill()
        if isinstance(error, _TooSlow):
            raise Unreadable("reading_slow", seconds=watch.seconds) from None
        raise
    reader.put_back()
    if code == 0:
        return
    if code == DISK_FULL:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    log = _log_text(watch)
    _log.info("The process that reads files ended with code %s: %s", code, log)
    if code in (-signal.SIGALRM, -signal.SIGXCPU):
        raise Unreadable("reading_slow", seconds=watch.seconds)
    if code == OUT_OF_MEMORY or any(word in log for word in _NO_MEMORY):
        raise Unreadable("reading_memory", size=MEMORY // MEBI)
    raise Unreadable("reading_crashed")


def _log_text(watch: "_Watch") -> str:
    """The end of what the process wrote, with personal data masked."""
    with suppress(OSError), (watch.folder / LOG).open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LOG_BYTES))
        return mask_all(file.read(_LOG_BYTES).decode("utf-8", "replace"), watch.today)
    return ""


class _TooSlow(Exception):
    """A file takes longer than it may."""


class _Watch:
    """Looks at a request while it is served in `folder`: at the clock, and at the file that is being read."""

    def __init__(
        self, folder: Path, names: Sequence[str], today: date, seconds: int, progress: Progress | None
    ) -> None:
        self.folder, self.names, self.today, self.seconds = folder, names, today, seconds
        self._progress = progress
        self._number, self._end = -1, math.inf

    def start(self) -> None:
        """Start the clock."""
        self._end = time.monotonic() + START_SECONDS

    def look(self) -> None:
        """Report the progress. _TooSlow when the file takes longer than it may."""
        number, _ = self._position()
        if number != self._number:
            self._number, self._end = number, time.monotonic() + self.seconds
        if time.monotonic() > self._end:
            raise _TooSlow
        self.report()

    def report(self) -> None:
        """Report the progress."""
        if self._progress and self.names:
            number, share = self._position()
            name = self.names[max(0, min(number, len(self.names) - 1))]
            self._progress(mask(name, self.today), share)

    def suspects(self) -> list[str]:
        """The names of the files that may have ended the process: the one that was being read, else all."""
        number, _ = self._position()
        names = [*self.names]
        return names[number : number + 1] if 0 <= number < len(names) else names

    def _position(self) -> tuple[int, float]:
        """The number of the file that is being read, -1 before the first, and the share that is done of all."""
        with suppress(OSError, ValueError, IndexError), (self.folder / PROGRESS).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 64))
            number, share = file.read(64).splitlines()[-1].split()
            return int(number), min(1.0, max(0.0, float(share)))
        return -1, 0.0


class _Reader:
    """A running `data.intake.child`, for one request at a time."""

    _idle: list["_Reader"] = []

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        self._process = start_module("data.intake", environment)

    @classmethod
    def take(cls) -> "_Reader":
        """One that waits for a request, or a new one."""
        while cls._idle:
            with suppress(IndexError):
                reader = cls._idle.pop()
                if reader._process.poll() is None:
                    return reader
        return cls()

    def put_back(self) -> None:
        """Keep it for the next request."""
        self._idle.append(self)

    def serve(self, request: Request, look: Callable[[], None]) -> int | None:
        """The exit code of the process that served the request. `look` is called meanwhile."""
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):
            pickle.dump(request, self._process.stdin)
            self._process.stdin.flush()
        answer: Future[bytes] = Future()
        stdout = self._process.stdout
        threading.Thread(target=lambda: answer.set_result(stdout.readline()), daemon=True).start()
        while True:
            try:
                if line := answer.result(LOOK_SECONDS):
                    return int(line)
                return self._process.wait(LOOK_SECONDS)  # it serves one request itself, without a fork
            except (TimeoutError, subprocess.TimeoutExpired):
                look()

    def kill(self) -> None:
        """End it and the process that serves its request."""
        if sys.platform == "win32":
            self._process.kill()
        else:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self.close()

    def close(self) -> None:
        """End it when it waits for a request."""
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    @classmethod
    def close_idle(cls) -> None:
        """End all that wait for a request."""
        while cls._idle:
            cls._idle.pop().close()


atexit.register(_Reader.close_idle)
