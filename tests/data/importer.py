"""An importer in a process of its own, to be killed: says "ready", then imports the file into the store.

With a number N above 0 it kills itself, as by `kill -9`, just before its Nth change to the store's files; with a second number
above 0 it may not write larger files, of so many bytes.
"""

import os
import resource
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any

from data.intake.draft import Source
from data.store import Store
from tests.data.stores import NOW, ROLE

CHANGES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree")


def kill_at_change(number: int, folder: Path) -> None:
    """Let the interpreter's own audit of file operations end the process at one of them."""
    seen = count(1)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in CHANGES or not str(arguments[0]).startswith(str(folder)):
            return
        writes = event != "open" or arguments[1] in ("w", "wb") or arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if writes and next(seen) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def main() -> None:
    """Import `FILE` into `STORE` once the files are checked, so that a kill lands in the commit and the build."""
    store, file = Store(Path(sys.argv[1])), Path(sys.argv[2])
    with store.prepare([Source(file.name, file)], today=NOW.date()) as draft:
        print("ready", flush=True)
        kill_at, file_size = int(sys.argv[3]), int(sys.argv[4])
        if kill_at:
            kill_at_change(kill_at, store.folder)
        if file_size:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
        store.commit(draft, {}, ROLE, NOW)
    print("done", flush=True)


if __name__ == "__main__":
    main()
