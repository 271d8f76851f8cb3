"""The supervisor of `make run`: it starts again what died, gives up on what cannot run, and ends at Ctrl+C with what it runs.

Several workers, and the proxy in front of them, are programs of a few lines here.
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import serve

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


# A worker that answers everything with its port and secret, dies when it is asked for /die, and cannot start at a port in CLOSED.
WORKER = """
import os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

port = int(sys.argv[sys.argv.index("--port") + 1])
if str(port) in os.environ.get("CLOSED", "").split():
    sys.exit(4)

class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/die":
            os._exit(7)
        body = f"{port} {os.environ['STREAMLIT_SERVER_COOKIE_SECRET']} {self.headers.get('X-Forwarded-For', '-')}".encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

print(f"pid {os.getpid()} at {port}", flush=True)
ThreadingHTTPServer(("127.0.0.1", port), Answer).serve_forever()
"""
SHARED = r"^(The readers of .*)$"
GROUP = """
import signal, sys, tempfile
from pathlib import Path
import serve

serve.LOOK, serve.SERVER = 0.05, [sys.executable, "-c", sys.argv[1]]
proxy, count, port, serve.PAUSE = sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
with tempfile.TemporaryDirectory() as folder:
    if proxy == "-":
        serve.find_proxy = lambda: sys.executable
        run = serve.Supervisor.__init__
        def stand_in(self, command, *rest, **named):
            one = "import os, time; print('pid', os.getpid(), 'in front', flush=True); time.sleep(600)"
            run(self, [command[0], "-c", one] if "-f" in command else command, *rest, **named)
        serve.Supervisor.__init__ = stand_in
    sys.exit(serve.main(["--workers", str(count), "--port", str(port)]))
"""


def free_ports(count: int) -> int:
    """A port that is free, and so are the `count` after it."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            for n in range(1, count + 1):
                with socket.socket() as other:
                    other.bind(("127.0.0.1", port + n))
            return port


Running = tuple["subprocess.Popen[bytes]", int, Callable[[str, int], list[str]]]


@contextmanager
def group(
    tmp_path: Path, count: int, proxy: str = "-", closed: Sequence[int] = (), pause: float = 0.05
) -> Iterator[Running]:
    """A group that runs: its process, its port, and a function that awaits lines of its output, by an expression."""
    out, port = tmp_path / "out", free_ports(count)
    environment = {**os.environ, "CLOSED": " ".join(str(port + n) for n in closed)}
    command = [sys.executable, "-c", GROUP, WORKER, proxy, str(count), str(port), str(pause)]
    with out.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)

    def lines(pattern: str, least: int) -> list[str]:
        end = time.monotonic() + WAITED
        while time.monotonic() < end:
            found = [match[1] for match in re.finditer(pattern, out.read_text(), re.M)]
            if len(found) >= least:
                return found
            time.sleep(0.02)
        raise AssertionError(out.read_text())

    try:
        yield process, port, lines
    finally:
        process.terminate()
        process.wait(WAITED)


def ask(port: int, path: str = "/", **headers: str) -> tuple[list[str], str]:
    """The words of the answer, and the cookie that it sets."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    words, header = answer.read().decode().split(), answer.headers.get("Set-Cookie", "")
    connection.close()
    return words, header


class TestSeveralWorkers:
    def test_without_a_proxy_one_sentence_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(serve, "find_proxy", lambda: None)
        assert serve.main(["--workers", "2"]) == 1
        assert capsys.readouterr().err == (
            "Several workers need a proxy that keeps each reader with one of them. Install haproxy (on Debian and Ubuntu: "
            "sudo apt-get install haproxy), or run without WORKERS.\n"
        )

    def test_all_are_started_share_a_secret_and_end_together(self, tmp_path: Path) -> None:
        with group(tmp_path, 2) as (process, port, lines):
            assert lines(SHARED, 1) == [
                f"The readers of http://127.0.0.1:{port} are shared by the workers at these ports: {port + 1}, {port + 2}."
            ]
            pids = [*lines(r"^worker [12]: pid (\d+) at", 2), *lines(r"^proxy: pid (\d+) in front", 1)]
            secrets = {ask(port + n)[0][1] for n in (1, 2)}
            assert len(secrets) == 1 and len(secrets.pop()) == 64
            process.send_signal(signal.SIGINT)
            assert process.wait(WAITED) == 0
            assert not [pid for pid in pids if is_alive(int(pid))]

    def test_a_worker_that_dies_is_started_again(self, tmp_path: Path) -> None:
        with group(tmp_path, 2) as (_, port, lines):
            first = lines(r"^worker 1: pid (\d+)", 1)
            lines(r"^proxy: pid (\d+)", 1)
            os.kill(int(first[0]), signal.SIGKILL)
            assert lines(r"^(Worker 1 stopped .*)$", 1) == ["Worker 1 stopped (SIGKILL). It is started again."]
            lines(r"^worker 1: pid (\d+)", 2)
            assert len(lines(r"^worker 2: pid (\d+)", 1)) == 1, "the other goes on"

    def test_a_worker_that_cannot_start_is_given_up_and_the_others_go_on(self, tmp_path: Path) -> None:
        with group(tmp_path, 2, closed=(1,)) as (process, port, lines):
            assert lines(r"^(Worker .*)$", 1) == ["Worker 1 is given up. The others go on."]
            assert lines(SHARED, 1)[0].endswith(f"these ports: {port + 2}.")
            lines(r"^proxy: pid (\d+)", 1)
            assert process.poll() is None

    def test_when_none_can_start_the_exit_code_says_so(self, tmp_path: Path) -> None:
        with group(tmp_path, 2, closed=(1, 2)) as (process, _, lines):
            assert process.wait(WAITED) == 4
            assert not lines(SHARED, 0)

    def test_the_proxy_keeps_a_reader_with_a_worker_while_it_lives(self, tmp_path: Path) -> None:
        path = serve.find_proxy()
        if path is None:
            pytest.skip("haproxy is not installed")
        with group(tmp_path, 3, path, pause=600) as (_, port, lines):
            lines(SHARED, 1)
            self._await(port)
            answers = [ask(port) for _ in range(6)]
            assert {words[0] for words, _ in answers} == {str(port + n) for n in (1, 2, 3)}, "each in turn"
            assert all(words[2] == "127.0.0.1" for words, _ in answers), "told as coming through a proxy"
            words, header = answers[0]
            assert re.fullmatch(r"dashboard_worker=[123]; path=/; HttpOnly; SameSite=Lax", header)
            for scheme, ending in (("https", "; Secure"), ("HTTPS", "; Secure"), ("http", "")):
                secured = ask(port, x_forwarded_proto=scheme)[1]
                assert re.fullmatch(rf"dashboard_worker=[123]; path=/; HttpOnly; SameSite=Lax{ending}", secured)
            cookie = header.partition(";")[0]
            assert {ask(port, cookie=cookie)[0][0] for _ in range(6)} == {words[0]}
            ((at, pid),) = [
                (at, pid)
                for n in (1, 2, 3)
                for pid in lines(rf"^worker {n}: pid (\d+)", 1)[-1:]
                if (at := str(port + n)) == words[0]
            ]
            os.kill(int(pid), signal.SIGKILL)
            assert ask(port, cookie=cookie)[0][0] != at, "another takes over"

    def _await(self, port: int) -> None:
        end = time.monotonic() + WAITED
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                if len(ask(port)[0]) == 3:
                    return
            time.sleep(0.05)
        raise AssertionError("the proxy does not answer")

    def test_the_configuration_is_valid(self, tmp_path: Path) -> None:
        text = serve.proxy_configuration("127.0.0.1", 8501, [8502, 8503])
        assert "    bind 127.0.0.1:8501\n" in text
        assert text.endswith("    server worker1 127.0.0.1:8502 cookie 1\n    server worker2 127.0.0.1:8503 cookie 2\n")
        path = serve.find_proxy()
        if path is None:
            pytest.skip("haproxy is not installed")
        file = tmp_path / "haproxy.cfg"
        file.write_text(text)
        check = subprocess.run([path, "-c", "-f", file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert check.returncode == 0, check.stdout
        assert b"WARNING" not in check.stdout
