"""The HTTP client: temporary errors are retried, permanent ones are not, and no secret is revealed."""

import gzip
import logging
import shutil
import socket
import ssl
import subprocess
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from data.connections.config import Connection, Secret
from data.connections.errors import FetchFailed
from data.fetch.client import ATTEMPTS, Client, Clock
from tests.data.platform_server import CATALOGUE, LOGIN, PASSWORD, USER, VERSIONS, Platform, Reply, serving

OK = b"<Flows><Flow><ID>1</ID></Flow></Flows>"
PAGE = b"<!DOCTYPE html>\n<html><body><form>Logga in, Hemlig</form></body></html>"
Ask = Callable[..., bytes]


@pytest.fixture
def platform() -> Iterator[Platform]:
    with serving() as one:
        yield one


@pytest.fixture
def slept() -> list[float]:
    """The seconds the client slept, each time; the clock does not advance."""
    return []


@pytest.fixture
def connection(platform: Platform) -> Connection:
    return Connection("extern", platform.base, user=USER, password=Secret(PASSWORD), pause=0.5, read_timeout=30.0)


@pytest.fixture
def ask(connection: Connection, slept: list[float], tmp_path: Path) -> Ask:
    """Request a path; returns the answer."""

    def answered(path: str = CATALOGUE, one: Connection = connection, times: int = 1, **query: str) -> bytes:
        result = b""
        with closing(Client(one, tmp_path, Clock(slept.append, lambda: 0.0, lambda: 1.0))) as client:
            for _ in range(times):
                with client.download(path, query) as file:
                    result = file.read_bytes()
        assert not list(tmp_path.iterdir())
        return result

    return answered


def failure(ask: Ask, *arguments: object) -> FetchFailed:
    """The error of a request."""
    with pytest.raises(FetchFailed) as caught:
        ask(*arguments)
    return caught.value


def test_an_answer_comes_in_a_file(platform: Platform, ask: Ask) -> None:
    platform.next(CATALOGUE, Reply(body=OK))
    assert ask(fromDate="2026-01-01", showStatus="true") == OK
    (asked,) = platform.requests
    assert asked.query == {"fromDate": "2026-01-01", "showStatus": "true"}
    assert asked.login == LOGIN


def test_a_pause_between_two_questions(platform: Platform, ask: Ask, slept: list[float]) -> None:
    platform.always(CATALOGUE, Reply(body=OK))
    ask(times=3)
    assert slept == [0.5, 0.5]


def test_a_packed_answer(platform: Platform, ask: Ask) -> None:
    platform.next(CATALOGUE, Reply(body=gzip.compress(OK), headers={"Content-Encoding": "gzip"}))
    assert ask() == OK


# What may pass: the failure, and its msgid when it does not.
PASSING = {
    "500": (Reply(500, PAGE, content_type="text/html"), FetchFailed.SERVER_ERROR),
    "503": (Reply(503), FetchFailed.SERVER_ERROR),
    "429": (Reply(429), FetchFailed.SERVER_ERROR),
    "half of a told length": (Reply(body=OK, sent=20), FetchFailed.TRUNCATED),
    "half of an untold length": (Reply(body=OK, sent=27, has_length=False), FetchFailed.TRUNCATED),
    "ends with another element": (
        Reply(body=b"<Flows><Flow><ID>1</ID></Flow>", has_length=False),
        FetchFailed.TRUNCATED,
    ),
    "half a packed answer": (
        Reply(body=gzip.compress(OK * 500)[:-60], headers={"Content-Encoding": "gzip"}),
        FetchFailed.TRUNCATED,
    ),
    "not packed after all": (Reply(body=OK, headers={"Content-Encoding": "gzip"}), FetchFailed.TRUNCATED),
    "nothing": (Reply(), FetchFailed.EMPTY),
    "204": (Reply(204), FetchFailed.EMPTY),
    "blank": (Reply(body=b"\r\n \n"), FetchFailed.EMPTY),
    "slow": (Reply(body=OK, delay=60.0), FetchFailed.TIMEOUT),
}


def _patient(connection: Connection, reply: Reply) -> Connection:
    """The connection, with a short timeout for replies that never come and a long one for others."""
    return replace(connection, read_timeout=1.0) if reply.delay else connection


@pytest.mark.parametrize(("reply", "msgid"), PASSING.values(), ids=PASSING)
class TestWhatMayPass:
    def test_it_is_retried(
        self, platform: Platform, ask: Ask, connection: Connection, reply: Reply, msgid: str
    ) -> None:
        platform.next(CATALOGUE, reply, Reply(body=OK))
        assert ask(CATALOGUE, _patient(connection, reply)) == OK

    def test_and_fails_after_the_last_attempt(
        self, platform: Platform, ask: Ask, connection: Connection, slept: list[float], reply: Reply, msgid: str
    ) -> None:
        platform.always(CATALOGUE, reply)
        error = failure(ask, CATALOGUE, _patient(connection, reply))
        assert error.text == msgid
        assert len(platform.requests) == ATTEMPTS
        waits = [pause for pause in slept if pause > 0.5]
        assert waits == [2.0, 4.0, 8.0, 16.0]


# What stands: the failure, its msgid, and what the Swedish sentence says to do.
STANDING = {
    "401": (Reply(401, PAGE), FetchFailed.LOGIN, "Kontrollera user och password"),
    "403": (Reply(403, PAGE), FetchFailed.FORBIDDEN, "Be den som sköter plattformen om behörighet"),
    "404": (Reply(404, PAGE), FetchFailed.NOT_FOUND, "Kontrollera adressen och sökvägen"),
    "410": (Reply(410), FetchFailed.REFUSED, "Kontrollera sökvägen"),
    "a page": (Reply(body=PAGE), FetchFailed.WEB_PAGE, "Kontrollera adress, sökväg och inloggning"),
    "a page called XML": (Reply(body=b"\xef\xbb\xbf <?xml version='1.0'?><html/>"), FetchFailed.WEB_PAGE, "inloggning"),
    "to another host": (
        Reply(302, headers={"Location": "https://login.example.se/saml?session=Hemlig"}),
        FetchFailed.REDIRECTED,
        "https://login.example.se i stället",
    ),
    "for ever": (Reply(302, headers={"Location": CATALOGUE}), FetchFailed.REDIRECTED, "Kontrollera adressen"),
    "wait long": (Reply(503, headers={"Retry-After": "3600"}), FetchFailed.RETRY_LATER, "så här många minuter: 60"),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "msgid", "do"), STANDING.values(), ids=STANDING)
def test_permanent_errors_are_not_retried(
    platform: Platform,
    ask: Ask,
    slept: list[float],
    caplog: pytest.LogCaptureFixture,
    reply: Reply,
    msgid: str,
    do: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    platform.always(CATALOGUE, reply)
    error = failure(ask)
    assert error.text == msgid
    assert do in error.sentence("sv") and "extern" in error.sentence("sv")
    assert not slept
    text = error.sentence("sv") + "".join(traceback.format_exception(error)) + caplog.text
    assert not [secret for secret in (PASSWORD, USER, LOGIN, LOGIN.split()[1], "Hemlig") if secret in text]


def test_a_redirect_on_the_same_machine_is_followed_to_data_only(platform: Platform, ask: Ask) -> None:
    platform.next(CATALOGUE, Reply(302, headers={"Location": "/login"}), Reply(301, headers={"Location": "/flows"}))
    platform.always("/login", Reply(body=PAGE, content_type="text/html"))
    platform.always("/flows", Reply(body=OK))
    assert failure(ask).text == FetchFailed.WEB_PAGE
    assert ask() == OK


def test_the_login_goes_to_no_other_machine(platform: Platform, ask: Ask) -> None:
    with serving() as other:
        platform.next(CATALOGUE, Reply(302, headers={"Location": other.base + CATALOGUE}))
        assert failure(ask).text == FetchFailed.REDIRECTED
        assert not other.requests


def test_without_a_login_none_is_sent(platform: Platform, ask: Ask, connection: Connection) -> None:
    error = failure(ask, VERSIONS, replace(connection, user=None, password=None))
    assert error.text == FetchFailed.LOGIN_NEEDED
    assert platform.requests[0].login is None


@pytest.mark.parametrize(
    ("told", "wait"), [("120", 120.0), ("1", 2.0), ("Thu, 01 Jan 2026 00:00:00 GMT", 2.0), ("snart", 2.0)]
)
def test_retry_after_is_obeyed(platform: Platform, ask: Ask, slept: list[float], told: str, wait: float) -> None:
    platform.next(CATALOGUE, Reply(429, headers={"Retry-After": told}), Reply(body=OK))
    ask()
    assert max(slept) == wait


def test_too_large(platform: Platform, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.fetch.client.ANSWER_BYTES", 30)
    platform.always(CATALOGUE, Reply(body=OK))
    assert failure(ask).text == FetchFailed.TOO_LARGE


def test_an_answer_that_never_ends(platform: Platform, connection: Connection, tmp_path: Path) -> None:
    platform.always(CATALOGUE, Reply(body=OK))
    hours = count(0, 3600)
    clock = Clock(lambda _: None, lambda: float(next(hours)))
    with (
        pytest.raises(FetchFailed) as caught,
        closing(Client(connection, tmp_path, clock)) as client,
        client.download(CATALOGUE),
    ):
        pass
    assert caught.value.text == FetchFailed.TIMEOUT
    assert len(platform.requests) == 1


class TestNoConnection:
    def test_nobody_answers(self, ask: Ask, connection: Connection) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            base = f"http://127.0.0.1:{free.getsockname()[1]}"
        error = failure(ask, CATALOGUE, replace(connection, base=base))
        assert error.text == FetchFailed.UNREACHABLE
        assert "brandvägg" in error.sentence("sv")

    def test_no_such_machine(self, ask: Ask, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.upper(), raising=False)
        error = failure(ask, CATALOGUE, replace(connection, base="https://e-tjanster.invalid"))
        assert error.text == FetchFailed.HOST_NOT_FOUND
        assert "e-tjanster.invalid" in error.sentence("sv")

    def test_it_hangs_up(self, ask: Ask, connection: Connection) -> None:
        with hanging_up() as base:
            assert failure(ask, CATALOGUE, replace(connection, base=base)).text == FetchFailed.CONNECTION_LOST

    def test_it_speaks_no_tls(self, platform: Platform, ask: Ask, connection: Connection) -> None:
        base = platform.base.replace("http://", "https://")
        assert failure(ask, CATALOGUE, replace(connection, base=base)).text == FetchFailed.TLS
        assert not platform.requests

    @pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
    def test_a_certificate_that_nobody_trusts(
        self, platform: Platform, ask: Ask, connection: Connection, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        with untrusted(platform, tmp_path_factory.mktemp("certificate")) as base:
            error = failure(ask, CATALOGUE, replace(connection, base=base))
        assert error.text == FetchFailed.CERTIFICATE
        assert "så inget skickades" in error.sentence("sv")
        assert not platform.requests


@contextmanager
def hanging_up() -> Iterator[str]:
    """The address of a server that accepts connections and never replies."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    taken, _ = server.accept()
                    taken.recv(65536)
                    taken.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@contextmanager
def untrusted(platform: Platform, folder: Path) -> Iterator[str]:
    """The address of a server with a self-signed certificate."""
    generated = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*generated, "-keyout", folder / "key", "-out", folder / "crt"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "crt", folder / "key")
    with serving(platform, context):
        yield platform.base
