"""Asking an installation: one question at a time, politely, again when it may help. Answers go to files, not memory.

An answer may hold personal data, so it lies in a scratch folder until it is read, and is never part of an error or a log.
"""

import logging
import random
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from pathlib import Path
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import certifi
import httpx

from data.connections.config import Connection
from data.connections.errors import FetchFailed, minutes
from data.connections.settings import LOCAL

ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = 2.0, 60.0  # seconds before the second attempt, and at most before a later one
MAX_RETRY_AFTER = 300.0  # how long we wait because the platform asks us to
ANSWER_BYTES = 512 * 1024 * 1024
ANSWER_SECONDS = 1800.0  # a platform that dribbles is not waited for for ever
REDIRECTS = 3
_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_PORTS = {"http": 80, "https": 443}
_TEMPORARY = frozenset((429, 500, 502, 503, 504))
logging.getLogger("httpcore").setLevel(
    logging.WARNING
)  # below that it writes headers, with whatever session is in them


@dataclass(frozen=True)
class Clock:
    """Time as the client sees it, so that a test need not wait."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random


class _RetryableError(Exception):
    """An attempt that failed in a way that may pass: what to say if it does not, and how long to wait if told."""

    def __init__(self, msgid: str, wait: float | None = None, **params: object) -> None:
        super().__init__(msgid)
        self.msgid, self.wait, self.params = msgid, wait, params


class Client:
    """Reads from one installation into files in `folder`. A context manager: closing it ends the connection."""

    def __init__(self, connection: Connection, folder: Path, clock: Clock | None = None) -> None:
        self._connection, self._folder, self._clock = connection, folder, clock or Clock()
        self._numbers = count(1)
        self._last: float | None = None
        local = connection.host in LOCAL  # never by way of a proxy
        self._http = httpx.Client(
            timeout=httpx.Timeout(connection.read_timeout, connect=connection.connect_timeout),
            verify=True if connection.base.startswith("http://") else _ssl_context(),
            follow_redirects=False,
            trust_env=not local,
            limits=httpx.Limits(max_connections=1),
            headers={
                "Accept": "application/xml, text/xml, application/json;q=0.5",
                "User-Agent": "e-service-dashboard",
            },
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    @contextmanager
    def answer(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[Path]:
        """A file with the whole answer, gone after the block; FetchFailed when there is none to be had."""
        file = self._folder / f"answer-{next(self._numbers)}"
        try:
            self._fetch(path, query or {}, file)
            yield file
        finally:
            with suppress(OSError):
                file.unlink()

    def _fetch(self, path: str, query: Mapping[str, str], file: Path) -> None:
        for attempt in count(1):
            self._pause()
            try:
                self._attempt(path, query, file)
            except _RetryableError as again:
                if attempt == ATTEMPTS:
                    raise self._failed(again.msgid, path, attempts=attempt, **again.params) from None
                self._clock.sleep(self._wait(attempt, again.wait))
            else:
                return
            finally:
                self._last = self._clock.monotonic()

    def _pause(self) -> None:
        """Leave the platform alone between two questions."""
        if self._last is not None:
            left = self._connection.pause - (self._clock.monotonic() - self._last)
            if left > 0:
                self._clock.sleep(left)

    def _wait(self, attempt: int, told: float | None) -> float:
        """Twice as long each time, and not all at the same moment; never less than the platform asks for."""
        longest = min(FIRST_WAIT * 2.0 ** (attempt - 1), LONGEST_WAIT)
        return max(longest * (0.5 + self._clock.jitter() / 2), told or 0.0)

    def _failed(self, msgid: str, path: str, **params: object) -> FetchFailed:
        one = self._connection
        return FetchFailed(msgid, **{"name": one.name, "host": one.host, "path": path, **params})

    def _attempt(self, path: str, query: Mapping[str, str], file: Path) -> None:
        """One attempt, with the redirects that stay on the machine."""
        url = httpx.URL(self._connection.base + path, params=dict(query) or None)
        try:
            for _ in range(REDIRECTS):
                onwards = self._ask(url, path, file)
                if onwards is None:
                    return
                url = onwards
        except httpx.HTTPError as error:
            raise self._explained(error, path) from None
        except httpx.InvalidURL:
            raise self._failed(FetchFailed.MISSING, path) from None
        raise self._failed(FetchFailed.ELSEWHERE, path, to=_origin(str(url)))

    def _ask(self, url: httpx.URL, path: str, file: Path) -> httpx.URL | None:
        """Write the answer to the file, or return where it lies instead. The login is sent to the base's host alone."""
        one = self._connection
        auth = httpx.BasicAuth(one.user or "", one.password.reveal()) if one.password else None
        with self._http.stream("GET", url, auth=auth) as response:
            if response.is_redirect:
                return self._onwards(url, response)
            self._refuse(response, path)
            self._save(response, path, file)
        self._check(file, path)
        return None

    def _onwards(self, url: httpx.URL, response: httpx.Response) -> httpx.URL:
        target = urljoin(str(url), response.headers["location"])
        if _origin(target) != _origin(self._connection.base):
            raise self._failed(FetchFailed.ELSEWHERE, url.path, to=_origin(target))
        return httpx.URL(target)

    def _refuse(self, response: httpx.Response, path: str) -> None:
        """FetchFailed for a status that stands, _Again for one that may pass."""
        status = response.status_code
        if status == 401:
            raise self._failed(FetchFailed.LOGIN if self._connection.password else FetchFailed.LOGIN_NEEDED, path)
        if status in (403, 404):
            raise self._failed(FetchFailed.FORBIDDEN if status == 403 else FetchFailed.MISSING, path, status=status)
        if status in _TEMPORARY:
            wait = _retry_after(response.headers.get("retry-after"))
            if wait and wait > MAX_RETRY_AFTER:
                raise self._failed(FetchFailed.WAIT, path, status=status, minutes=minutes(wait))
            raise _RetryableError(FetchFailed.BROKEN, wait, status=status)
        if status not in (200, 204):
            raise self._failed(
                FetchFailed.BROKEN if status >= 500 else FetchFailed.REFUSED, path, status=status, attempts=1
            )

    def _save(self, response: httpx.Response, path: str, file: Path) -> None:
        """Write what comes, up to a limit of size and of time."""
        size, start = 0, self._clock.monotonic()
        with file.open("wb") as out:
            for block in response.iter_bytes():
                size += len(block)
                if size > ANSWER_BYTES:
                    raise self._failed(FetchFailed.LARGE, path, limit=ANSWER_BYTES >> 20)
                if self._clock.monotonic() - start > ANSWER_SECONDS:
                    raise self._failed(FetchFailed.SLOW, path, attempts=1)
                out.write(block)

    def _check(self, file: Path, path: str) -> None:
        """Whether it is data, and all of it: a connection may close early without anybody noticing."""
        with file.open("rb") as answer:
            head = answer.read(65536)
            answer.seek(-min(file.stat().st_size, 4096), 2)
            tail = answer.read().rstrip(b"\0 \t\r\n")
        if not tail:
            raise _RetryableError(FetchFailed.EMPTY)
        if _PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
            raise self._failed(FetchFailed.PAGE, path)
        if not _is_complete(head, tail):
            raise _RetryableError(FetchFailed.HALF)

    def _explained(self, error: httpx.HTTPError, path: str) -> FetchFailed | _RetryableError:
        """What a failed connection means. httpx knows what was sent, so its own words go no further."""
        causes = [*_causes(error)]
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            return self._failed(FetchFailed.CERTIFICATE, path)
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return _RetryableError(FetchFailed.LOOKUP)
        if any(isinstance(cause, ssl.SSLError) for cause in causes):
            return _RetryableError(FetchFailed.TLS)
        match error:
            case httpx.ConnectTimeout():
                return _RetryableError(FetchFailed.UNREACHED)
            case httpx.TimeoutException():
                return _RetryableError(FetchFailed.SLOW)
            case httpx.ConnectError() | httpx.ProxyError():
                return _RetryableError(FetchFailed.UNREACHED)
            case httpx.RemoteProtocolError() if "complete" in str(error):
                return _RetryableError(FetchFailed.HALF)
            case httpx.DecodingError():
                return _RetryableError(FetchFailed.HALF)
            case httpx.UnsupportedProtocol():
                return self._failed(FetchFailed.ELSEWHERE, path, to=_origin(self._connection.base))
        return _RetryableError(FetchFailed.LOST)


def _ssl_context() -> ssl.SSLContext:
    """Whom this machine trusts (a municipality may have an issuer of its own), and whom browsers do."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _origin(url: str) -> str:
    """The protocol and machine of an address: what comes after may hold a session."""
    parts = urlsplit(url)
    try:
        port = f":{parts.port}" if parts.port and parts.port != _PORTS.get(parts.scheme) else ""
    except ValueError:
        port = ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def _retry_after(told: str | None) -> float | None:
    """Seconds from a Retry-After: a number of them, or a moment."""
    if not told:
        return None
    if told.strip().isdigit():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None


def _is_complete(head: bytes, tail: bytes) -> bool:
    """Whether XML ends with the end of its root, and JSON with its last bracket; of anything else we cannot tell."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")):
        return tail.endswith((b"}", b"]"))
    root = _ROOT.search(start) if start.startswith(b"<") else None
    if root is None:
        return True
    name = re.escape(root[1])
    return re.search(rb"(?:</%s\s*>|<%s\b[^<>]*/>)(?:\s*<!--.*-->)*$" % (name, name), tail, re.S) is not None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
