"""Counts the lines that the confined process runs. It may write no file but its own, so one is opened before it is confined.

Python imports it at the start of `python -m data.intake`, where `tests.packages.count_confined` has put it on the path.
"""

import atexit
import os
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

from coverage import Coverage

FOLDER = Path(__file__).parents[2] / ".venv" / "confined"


def count() -> None:
    """Begin to count in this process, just forked; what it ran is written when it ends, unless it is killed."""
    file = NamedTemporaryFile(dir=FOLDER, delete=False)  # noqa: SIM115 (it lives as long as the process)
    coverage = Coverage(data_file=None, config_file=False, source=["data"])
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
    os.register_at_fork(after_in_child=count)
