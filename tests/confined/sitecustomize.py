"""Counts the lines that the confined process runs. It may write no file but its own, so one is opened before it is confined.

Python imports it at the start of `python -m data.intake`, where `tests.packages.count_confined` has put it on the path. What it
takes to count is made ready there, once for all that are forked.
"""

import atexit
import os
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

from coverage import Coverage

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".venv" / "confined"


def count(coverage: Coverage) -> None:
    """Begin to count in this process, just forked; what it ran is written when it ends, unless it is killed."""
    file = NamedTemporaryFile(dir=FOLDER, delete=False)  # noqa: SIM115 (it lives as long as the process)
    leave = os._exit

    def write() -> None:
        if not file.closed:
            coverage.stop()
            file.write(coverage.get_data().dumps())
            file.close()

    def write_and_leave(status: int) -> None:
        write()
        leave(status)

    os._exit = write_and_leave  # type: ignore[assignment]  # what never returns is not told apart here
    atexit.register(write)
    coverage.start()


if sys.orig_argv[1:] == ["-m", "data.intake"]:
    ready = Coverage(data_file=None, config_file=False, include=[f"{ROOT}/data/*"])
    ready.start()
    ready.stop()
    os.register_at_fork(after_in_child=lambda: count(ready))
