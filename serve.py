"""Serves the dashboard and starts again what dies: `python serve.py [--workers N] [arguments of uvicorn]`, as `make run` does.

With several workers HAProxy stands in front of them, and keeps each reader with one of them.
"""

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

SERVER = [sys.executable, "-m", "uvicorn", "asgi:app", "--no-access-log", "--no-server-header"]
SERVER += ["--ws-per-message-deflate", "false", "--timeout-graceful-shutdown", "5"]
STARTING = 20.0  # seconds: a server that ends itself sooner could not start, with its port in use, say
MOST_DEATHS, WITHIN = 5, 60.0  # more often than this, in seconds, it is not started again
PAUSE = 1.0  # seconds before it is
LOOK = 0.3  # seconds between two looks at whether all is well
COOKIE_SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"
NO_PROXY = (
    "Several workers need a proxy that keeps each reader with one of them. Install haproxy (on Debian and Ubuntu: "
    "sudo apt-get install haproxy), or run without WORKERS."
)
# A busy worker may be slow to say that it is well; one that is dead refuses the connection, and the next is tried.
# Each reader is given a worker in turn, and a cookie that names it; a worker that is down gives its readers to the others.
# Scripts cannot read the cookie. It is Secure where the proxy with https in front says so, as the workers' own cookies are.
PROXY = """
global
    maxconn 4000
defaults
    mode http
    option forwardfor
    option redispatch
    retries 3
    retry-on conn-failure empty-response
    timeout http-request 30s
    timeout connect 5s
    timeout client 10m
    timeout server 10m
    timeout tunnel 1h
frontend dashboard
    bind {host}:{port}
    http-request set-var(txn.scheme) req.hdr(X-Forwarded-Proto),lower
    http-after-response replace-header Set-Cookie ^(dashboard_worker=.*)$ "\\1; Secure" if {{ var(txn.scheme) -m str https }}
    default_backend workers
backend workers
    http-request disable-l7-retry unless METH_GET
    balance roundrobin
    cookie dashboard_worker insert indirect nocache httponly attr SameSite=Lax
    option httpchk
    http-check send meth GET uri /_stcore/health ver HTTP/1.1 hdr Host localhost
    timeout check 15s
    default-server check inter 2s fall 3 rise 1
"""


class Supervisor:
    """Keeps a command running until somebody asks it to stop. Ctrl+C reaches the command once, from here.

    `name` begins the sentences about it, and where it is one of several its lines too.
    """

    def __init__(
        self,
        command: Sequence[str],
        name: str = "The dashboard",
        environment: Mapping[str, str] = os.environ,
        mark: str = "",
    ) -> None:
        self.name = name
        self._command, self._environment, self._mark = command, environment, mark
        self._is_stopping = False
        self._process: subprocess.Popen[bytes] | None = None

    def stop(self, number: int, _frame: FrameType | None = None) -> None:
        """Pass a signal on to the command, and do not start it again."""
        self._is_stopping = True
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def run(self) -> int:
        """The exit code: 0 when asked to stop, else that of a command that cannot start or dies again and again."""
        deaths: list[float] = []
        while not self._is_stopping:
            started = time.monotonic()
            code = self._run_once()
            now = time.monotonic()
            if self._is_stopping:
                break
            deaths = [*(death for death in deaths if now - death < WITHIN), now]
            if code > 0 and now - started < STARTING:
                return code
            if len(deaths) > MOST_DEATHS:
                _say(
                    f"{self.name} stopped ({_cause(code)}) for the {len(deaths)}th time in a minute. It is not started again."
                )
                return 1
            _say(f"{self.name} stopped ({_cause(code)}). It is started again.")
            while not self._is_stopping and time.monotonic() < now + PAUSE:
                time.sleep(min(PAUSE, LOOK))
        return 0

    def _run_once(self) -> int:
        """Run the command until it ends; its exit code. Its lines are passed on, marked."""
        out = subprocess.PIPE if self._mark else None
        merged = subprocess.STDOUT if self._mark else None
        process = subprocess.Popen(
            self._command, env=self._environment, stdout=out, stderr=merged, start_new_session=True
        )
        self._process = process
        if self._is_stopping:  # asked while it was started
            process.terminate()
        for line in process.stdout or ():
            _say(f"{self._mark}{line.decode('utf-8', 'replace').rstrip()}")
        return process.wait()


class Group:
    """Workers at ports of this machine with a proxy in front of them, each kept running. They end together."""

    def __init__(self, proxy: Supervisor, workers: Mapping[int, Supervisor], address: str) -> None:
        self._proxy, self._workers, self._address = proxy, workers, address
        self._is_stopping = False
        self._codes: dict[Supervisor, int] = {}
        self._change = threading.Condition()

    def stop(self, number: int, _frame: FrameType | None = None) -> None:
        """Pass a signal on to all of them, and start none again."""
        self._is_stopping = True
        for one in (self._proxy, *self._workers.values()):
            one.stop(number)

    def run(self) -> int:
        """The exit code: 0 when asked to stop, else that of the proxy, or of the last worker, when it is given up."""
        threads = [threading.Thread(target=self._keep, args=(one,)) for one in self._workers.values()]
        threads.append(threading.Thread(target=self._keep_proxy))
        for thread in threads:
            thread.start()
        with self._change:
            while not self._is_over():
                self._change.wait(LOOK)  # signals are handled in between
        self.stop(signal.SIGTERM)
        for thread in threads:
            thread.join()
        return next(filter(None, self._codes.values()), 0)

    def _keep(self, one: Supervisor) -> None:
        code = one.run()
        with self._change:
            self._codes[one] = code
            self._change.notify_all()
        if code and not self._is_over():
            _say(f"{one.name} is given up. The others go on.")

    def _keep_proxy(self) -> None:
        """Run the proxy when the workers answer that have not been given up, and say so."""
        waiting = dict(self._workers)
        while waiting and not self._is_stopping:
            time.sleep(LOOK)
            waiting = {at: one for at, one in waiting.items() if one not in self._codes and not _answers(at)}
        ports = [str(at) for at, one in self._workers.items() if one not in self._codes]
        if ports and not self._is_stopping:
            _say(f"The readers of {self._address} are shared by the workers at these ports: {', '.join(ports)}.")
        self._keep(self._proxy)

    def _is_over(self) -> bool:
        return self._proxy in self._codes or all(worker in self._codes for worker in self._workers.values())


def proxy_configuration(host: str, port: int, workers: Sequence[int]) -> str:
    """HAProxy's configuration: a server at this address, in front of workers at these ports of this machine."""
    servers = (f"    server worker{n} 127.0.0.1:{at} cookie {n}\n" for n, at in enumerate(workers, 1))
    return PROXY.lstrip().format(host=host, port=port) + "".join(servers)


def find_proxy() -> str | None:
    """The path of HAProxy, which Debian keeps where only root looks; None where it is not installed."""
    return shutil.which("haproxy", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))


def several(count: int, host: str, port: int, rest: Sequence[str], proxy: str, folder: Path) -> Group:
    """That many workers at the ports after this one, and a proxy in front; `folder` holds its configuration."""
    ports = [port + n for n in range(1, count + 1)]
    environment = {**os.environ, COOKIE_SECRET: os.environ.get(COOKIE_SECRET) or secrets.token_hex(32)}
    configuration = folder / "haproxy.cfg"
    configuration.write_text(proxy_configuration(host, port, ports), "utf-8")
    workers = {
        at: Supervisor(
            [*SERVER, "--host", "127.0.0.1", "--port", str(at), "--log-level", "warning", *rest],
            f"Worker {n}", environment, f"worker {n}: ",
        )
        for n, at in enumerate(ports, 1)
    }  # fmt: skip
    front = Supervisor([proxy, "-db", "-f", str(configuration)], "The proxy", mark="proxy: ")
    return Group(front, workers, f"http://{host}:{port}")


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
            return True
    except (URLError, OSError):
        return False


def _cause(code: int) -> str:
    """An exit code in words: the signal that ended the process, or the code itself."""
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _keep_running(what: Supervisor | Group) -> int:
    """Serve until Ctrl+C or SIGTERM; the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, what.stop)
    return what.run()


def main(arguments: Sequence[str]) -> int:
    """Serve with as many workers as the arguments say; the exit code."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501)
    options, rest = parser.parse_known_args(arguments)
    if options.workers < 2:
        return _keep_running(Supervisor([*SERVER, "--host", options.host, "--port", str(options.port), *rest]))
    proxy = find_proxy()
    if proxy is None:
        _say(NO_PROXY)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        return _keep_running(several(options.workers, options.host, options.port, rest, proxy, Path(folder)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
