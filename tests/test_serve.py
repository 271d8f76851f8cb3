"""The supervisor of `make run`: it starts again what died, gives up on what cannot run, and ends at Ctrl+C with what it runs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENDURES = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
WAITED = 30.0  # seconds at most for what takes none


def supervise(code: str, out: Path) -> subprocess.Popen[bytes]:
    """A supervisor of a Python program, in a process of its own; both write to the file."""
    script = (
        "import signal, sys, serve; serve.PAUSE = 0.05; one = serve.Supervisor([sys.executable, '-c', sys.argv[1]]); "
        "signal.signal(signal.SIGINT, one.stop); signal.signal(signal.SIGTERM, one.stop); sys.exit(one.run())"
    )
    with out.open("wb") as file:
        return subprocess.Popen([sys.executable, "-c", script, code], cwd=ROOT, stdout=file, stderr=file)


def pids(out: Path, count: int) -> list[int]:
    """The process numbers that the programs have written, when there are as many as `count`."""
    end = time.monotonic() + WAITED
    while time.monotonic() < end:
        numbers = [int(line) for line in out.read_text().splitlines() if line.isdigit()]
        if len(numbers) >= count:
            return numbers
        time.sleep(0.02)
    raise AssertionError(out.read_text())


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_killed_is_started_again_and_a_stop_ends_both(number: signal.Signals, tmp_path: Path) -> None:
    out = tmp_path / "out"
    supervisor = supervise(ENDURES, out)
    (first,) = pids(out, 1)
    os.kill(first, signal.SIGKILL)
    second = pids(out, 2)[1]
    assert "The dashboard stopped (SIGKILL). It is started again." in out.read_text()
    supervisor.send_signal(number)
    assert supervisor.wait(WAITED) == 0
    assert not is_alive(second)


def test_what_cannot_start_is_not_tried_again(tmp_path: Path) -> None:
    """A port in use, say: uvicorn has said why and ends with 1."""
    out = tmp_path / "out"
    assert supervise("import sys; print('in use'); sys.exit(3)", out).wait(WAITED) == 3
    assert out.read_text() == "in use\n"


def test_what_dies_again_and_again_is_given_up(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert supervise("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", out).wait(WAITED) == 1
    told = out.read_text().splitlines()
    assert told[:-1] == ["The dashboard stopped (SIGSEGV). It is started again."] * 5
    assert told[-1] == "The dashboard stopped (SIGSEGV) for the 6th time in a minute. It is not started again."


def test_a_server_that_ends_itself_after_a_while_is_started_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    supervisor = supervise("import os, serve, sys; print(os.getpid(), flush=True); sys.exit(0)", out)
    assert len(pids(out, 6)) == 6
    assert supervisor.wait(WAITED) == 1
    assert "The dashboard stopped (exit code 0). It is started again." in out.read_text()
