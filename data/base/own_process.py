"""Processes of this program beside the one that serves: a module of it each, after the readers of pages."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

NICE = 10  # the readers of pages go first
_ROOT = Path(__file__).parents[2]


def start_module(module: str, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
    """A started `python -m module`, in a session of its own, with pipes to its standard input and output.

    It sees the environment given, or else ours. OSError when no process can be started.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=_ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    if sys.platform != "win32":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    return process
