"""Serves the dashboard and starts it again when it dies: `python serve.py [arguments of uvicorn]`, which `make run` does."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

SERVER = [sys.executable, "-m", "uvicorn", "asgi:app", "--no-access-log", "--no-server-header"]
SERVER += ["--ws-per-message-deflate", "false", "--timeout-graceful-shutdown", "5"]
STARTING = 20.0  # seconds: a server that ends itself sooner could not start, with its port in use, say
MOST_DEATHS, WITHIN = 5, 60.0  # more often than this, in seconds, it is not started again
PAUSE = 1.0  # seconds before it is


class Supervisor:
    """Keeps a command running until somebody asks it to stop. Ctrl+C reaches the command once, from here."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command, self._is_stopping = command, False
        self._process: subprocess.Popen[bytes] | None = None

    def stop(self, number: int, _frame: FrameType | None) -> None:
        """Pass a signal on to the command, and do not start it again."""
        self._is_stopping = True
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def run(self) -> int:
        """The exit code: 0 when asked to stop, else that of a command that cannot start or dies again and again."""
        deaths: list[float] = []
        while True:
            started = time.monotonic()
            self._process = subprocess.Popen(self._command, start_new_session=True)
            code = self._process.wait()
            now = time.monotonic()
            if self._is_stopping:
                return 0
            deaths = [*(death for death in deaths if now - death < WITHIN), now]
            if code > 0 and now - started < STARTING:
                return code
            if len(deaths) > MOST_DEATHS:
                _say(
                    f"The dashboard stopped ({_cause(code)}) for the {len(deaths)}th time in a minute. It is not started again."
                )
                return 1
            _say(f"The dashboard stopped ({_cause(code)}). It is started again.")
            time.sleep(PAUSE)
            if self._is_stopping:
                return 0


def _cause(code: int) -> str:
    """An exit code in words: the signal that ended the process, or the code itself."""
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Serve until Ctrl+C or SIGTERM."""
    supervisor = Supervisor([*SERVER, *sys.argv[1:]])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, supervisor.stop)
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main())
