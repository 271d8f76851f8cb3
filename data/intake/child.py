"""The process that reads untrusted files, `python -m data.intake`; started by `data.intake.isolated`.

It forks a process for each request, when it has imported and worked out what it can and opened nothing, and answers with
the exit code as a line. Where there is no fork (Windows) it reads the files of one request itself, and ends.
"""

import errno
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

import duckdb

from data.base.atomic_files import is_disk_full
from data.base.confinement import limit_resources, limit_rights
from data.intake.draft import Source
from data.intake.prepare import StoreContext, get_ready, prepare
from data.intake.transfer import write_draft

DISK_FULL, OUT_OF_MEMORY = 70, 71  # exit codes
PROGRESS, LOG = "progress", "log"  # files in the folder of a request
_CODE = Path(__file__).parents[1]
_SYSTEM = ("/usr", "/lib", "/lib64", "/etc/localtime", "/proc/self", "/sys/fs/cgroup", sys.prefix, sys.base_prefix)


Report = Callable[[int, float], None]  # the number of the file that is being read, and the share that is done of all


class Task(Protocol):
    """What is done with untrusted files. It comes from the parent, which is trusted, as it is."""

    def run(self, folder: Path, report: Report) -> None:
        """Read the files and write what came of it in the folder. It raises whatever the readers do."""


@dataclass(frozen=True)
class Request:
    """A task, what it may read, and the limits: bytes of memory, seconds, bytes of a file that is written.

    What comes of it, the progress and the log are written in `folder`.
    """

    task: Task
    readable: Sequence[Path]
    folder: Path
    memory: int
    seconds: int
    file_size: int


@dataclass(frozen=True)
class DraftTask:
    """Prepares a draft of files."""

    sources: Sequence[Source]
    today: date
    context: StoreContext

    def run(self, folder: Path, report: Report) -> None:
        """See `Task.run`."""
        numbers = {source.name: number for number, source in enumerate(self.sources)}
        context = replace(self.context, folder=None)

        def on_file(name: str, share: float) -> None:
            report(numbers.get(name, len(numbers)), share)

        with prepare(self.sources, self.today, context, on_file) as draft:
            write_draft(draft, folder)


def main() -> None:
    """Serve the requests on standard input until it is closed."""
    get_ready()
    while True:
        try:
            request: Request = pickle.load(sys.stdin.buffer)  # what the parent says is trusted, never the reverse
        except EOFError:
            return
        if not hasattr(os, "fork"):
            sys.exit(_run(request))
        process = os.fork()
        if process == 0:
            os._exit(_run(request))
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(request: Request) -> int:
    """Serve a request in this process, with the limits; its exit code. What is not foreseen ends it."""
    log = os.open(request.folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(0)
    limit_resources(request.memory, request.seconds, request.file_size)
    limit_rights(_readable(request), request.folder)
    tempfile.tempdir = str(request.folder)
    try:
        _do(request)
    except (MemoryError, duckdb.OutOfMemoryException):
        return OUT_OF_MEMORY
    except (OSError, duckdb.Error) as error:
        if is_disk_full(error) and getattr(error, "errno", None) != errno.EFBIG:
            return DISK_FULL
        raise
    return 0


def _readable(request: Request) -> list[Path]:
    """What the process may read: its program, without the store that may lie in the middle of it, and the files."""
    code = [path for path in _CODE.iterdir() if path.name != "store"]
    return [*map(Path, _SYSTEM), *code, *request.readable]


def _do(request: Request) -> None:
    with (request.folder / PROGRESS).open("wb", buffering=0) as progress:

        def report(number: int, share: float) -> None:
            progress.write(b"%d %.4f\n" % (number, share))

        request.task.run(request.folder, report)
