"""Who may ask a real server: our own pages by our own names, sockets too; and whoever knocks, it asks no other host anything."""

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from tests import coroutines
from tests.browser.harness import ROOT, await_health, free_port, uvicorn

NAMES = "e-tjanster.example.se, *.intern.example, not/a/host *"
WATCHED = """
import runpy, sys
log = open(sys.argv.pop(1), "a", buffering=1)
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        log.write(f"{event} {args[1:] if event in ('socket.connect', 'socket.sendto') else args}\\n")
sys.addaudithook(watch)
sys.argv.pop(0)
runpy.run_module("uvicorn", run_name="__main__", alter_sys=True)
"""  # every connection and every look-up of a name, whatever library makes it


@pytest.fixture(scope="module")
def server(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """The port of a server as `make run` starts it, and the file that lists what it connects to."""
    port, folder = free_port(), tmp_path_factory.mktemp("origins")
    log, calls = folder / "log", folder / "calls"
    command = [
        sys.executable,
        "-c",
        WATCHED,
        str(calls),
        *uvicorn("asgi:app", port),
        "--timeout-graceful-shutdown",
        "1",
    ]
    environment = {**os.environ, "DASHBOARD_STORE": str(example), "DASHBOARD_HOSTS": NAMES}
    with log.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out) as process:
        try:
            await_health(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield port, calls
        finally:
            process.terminate()
    assert "'not/a/host' is not the name of a host" in log.read_text() and "'*' is not" in log.read_text()


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """The status and text of an answer; `host` is the server's address unless it is given."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_host="host" in headers)
    for key, value in headers.items():
        connection.putheader(key.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")


def shake(port: int, headers: Mapping[str, str]) -> int:
    """The status of a socket's handshake: 101 when it opens."""

    async def knock() -> int:
        # the library writes a Host of its own, so the name goes into the address and the connection to this machine
        name = headers.get("host", f"127.0.0.1:{port}")
        try:
            async with connect(
                f"ws://{name}/_stcore/stream",
                origin=Origin(headers["origin"]) if "origin" in headers else None,
                host="127.0.0.1",
                port=port,
                proxy=None,
            ):
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    return coroutines.run(knock())


OWN = (
    "127.0.0.1:{port}",
    "localhost:{port}",
    "e-tjanster.example.se",
    "e-tjanster.example.se:8443",
    "a.intern.example",
)
FOREIGN = (
    "evil.example:{port}",
    "evil.example",
    "e-tjanster.example.se.evil.example",
    "intern.example.evil",
    "192.0.2.1",
)


@pytest.mark.parametrize("name", OWN)
def test_our_own_pages_are_served_by_each_of_our_names(server: tuple[int, Path], name: str) -> None:
    port, _ = server
    host = name.format(port=port)
    assert ask(port, "/", host=host)[0] == 200
    for scheme in ("http", "https"):
        assert ask(port, "/_stcore/health", host=host, origin=f"{scheme}://{host}") == (200, "ok")
        assert shake(port, {"host": host, "origin": f"{scheme}://{host}"}) == 101
    assert shake(port, {"host": host}) == 101


@pytest.mark.parametrize("name", FOREIGN)
def test_another_name_is_refused_whatever_the_origin_says(server: tuple[int, Path], name: str) -> None:
    """A name that somebody else lets point at this machine (DNS rebinding)."""
    port, _ = server
    host = name.format(port=port)
    for path in ("/", "/_stcore/health", "/_stcore/host-config", "/static/js/x.js"):
        assert ask(port, path, host=host) == (400, "Invalid host header")
    assert shake(port, {"host": host, "origin": f"http://{host}"}) == 400
    assert shake(port, {"host": host, "origin": f"http://127.0.0.1:{port}"}) == 400


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://e-tjanster.example.se",  # a name of ours, but not the one that was asked
        "http://127.0.0.1:1",
        "http://127.0.0.1:{port}.evil.example",
        "http://evil.example@127.0.0.1:{port}",
        "http://127.0.0.1:{port}/",
        "file://127.0.0.1:{port}",
        "null",
        "",
    ],
)
def test_a_foreign_page_is_refused_and_nobody_is_asked_about_it(server: tuple[int, Path], origin: str) -> None:
    port, calls = server
    given = origin.format(port=port)
    for method in ("GET", "POST", "PUT", "OPTIONS", "DELETE"):
        assert ask(port, "/_stcore/health", method, origin=given) == (403, "foreign origin")
    assert ask(port, "/_stcore/upload_file/a/b", "PUT", origin=given)[0] == 403
    assert shake(port, {"origin": given}) == 403 if given else True
    assert not [call for call in calls.read_text().splitlines() if "127.0.0.1" not in call and "AF_UNIX" not in call]


def test_health_is_a_word_and_metrics_are_for_this_machine(server: tuple[int, Path]) -> None:
    port, _ = server
    assert ask(port, "/_stcore/health") == (200, "ok")
    assert ask(port, "/_stcore/health", "HEAD") == (200, "")
    assert ask(port, "/_stcore/health/")[1] in ("ok", "unavailable")
    status, text = ask(port, "/_stcore/metrics")
    assert status == 200 and text.startswith("# TYPE")
    for hidden in ({"host": "e-tjanster.example.se"}, {"x_forwarded_for": "192.0.2.1"}, {"via": "1.1 proxy"}):
        assert ask(port, "/_stcore/metrics", **hidden) == (404, "not found")
        assert ask(port, "/_stcore/metrics/", **hidden) == (404, "not found")


def test_a_page_of_ours_may_upload(server: tuple[int, Path]) -> None:
    """Streamlit's XSRF cookie comes with the answer about health, and an upload without it is refused."""
    port, _ = server
    own = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=own, headers={"origin": own}) as client:
        assert client.get("/_stcore/health").text == "ok"
        token = client.cookies["_streamlit_xsrf"]
        answer = client.put("/_stcore/upload_file/none/none", headers={"x-xsrftoken": token}, files={"file": b"x"})
        assert answer.status_code not in (403, 405), answer.text
        refused = httpx.put(f"{own}/_stcore/upload_file/none/none", headers={"origin": own}, files={"file": b"x"})
        assert refused.status_code == 403 and refused.text != "foreign origin"


def test_a_request_that_names_two_hosts_or_none_is_refused(server: tuple[int, Path]) -> None:
    port, _ = server
    for hosts in ((), (f"127.0.0.1:{port}", "evil.example")):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.putrequest("GET", "/", skip_host=True)
        for host in hosts:
            connection.putheader("host", host)
        connection.endheaders()
        assert connection.getresponse().status in (400, 403)
