"""HTTP client for one installation: one request at a time, with pauses and retries. Answers are written to files.

An answer may contain personal data, so it is kept in a scratch folder until it is read, and is never part of an error or
a log.
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
from urllib.parse import urljoin, urlsplit

import certifi
import httpx

from data.connections.config import Connection
from data.connections.errors import FetchFailed
from data.connections.settings import LOCAL

ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = 2.0, 60.0  # seconds before the second attempt, and at most before a later one
MAX_RETRY_AFTER = 300.0  # seconds; a longer Retry-After ends the fetch
ANSWER_BYTES = 512 * 1024 * 1024
ANSWER_SECONDS = 1800.0  # total time limit for one response
REDIRECTS = 3
_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_LAST_TAG = re.compile(rb"(?:</([A-Za-z_][\w.:-]*)\s*>|<([A-Za-z_][\w.:-]*+)[^<>]*/>)$")
_COMMENTS = re.compile(rb"<!--(?:(?!<!--|-->).)*-->", re.S)
_PORTS = {"http": 80, "https": 443}
_TEMPORARY = frozenset((429, 500, 502, 503, 504))
logging.getLogger("httpcore").setLevel(logging.WARNING)  # at lower levels it logs headers, with session cookies


@dataclass(frozen=True)
class Clock:
    """The client's sources of time and chance, which a test replaces."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random


class _RetryableError(Exception):
    """An attempt that failed but may be retried: the message if all fail, and the seconds to wait if the platform said."""

    def __init__(self, text: str, wait: float | None = None, **params: object) -> None:
        super().__init__(text)
        self.text, self.wait, self.params = text, wait, params


class Client:
    """Downloads from one installation to files in `folder`."""

    def __init__(self, connection: Connection, folder: Path, clock: Clock | None = None) -> None:
        self._connection, self._folder, self._clock = connection, folder, clock or Clock()
        self._numbers = count(1)
        self._last: float | None = None
        local = connection.host in LOCAL  # reached without a proxy
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

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    @contextmanager
    def download(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[Path]:
        """A file with the whole answer, deleted after the block. FetchFailed when all attempts fail."""
        file = self._folder / f"answer-{next(self._numbers)}"
        try:
            self._retry(path, query or {}, file)
            yield file
        finally:
            with suppress(OSError):
                file.unlink()

    def _retry(self, path: str, query: Mapping[str, str], file: Path) -> None:
        for attempt in count(1):
            self._pause()
            try:
                self._attempt(path, query, file)
            except _RetryableError as error:
                if attempt == ATTEMPTS:
                    raise self._failed(error.text, path, attempts=attempt, **error.params) from None
                self._clock.sleep(self._wait(attempt, error.wait))
            else:
                return
            finally:
                self._last = self._clock.monotonic()

    def _pause(self) -> None:
        """Sleep so that `pause` seconds pass between two requests."""
        if self._last is not None:
            remaining = self._connection.pause - (self._clock.monotonic() - self._last)
            if remaining > 0:
                self._clock.sleep(remaining)

    def _wait(self, attempt: int, retry_after: float | None) -> float:
        """Seconds to wait: exponential backoff with jitter, at least what the platform asks for."""
        longest = min(FIRST_WAIT * 2.0 ** (attempt - 1), LONGEST_WAIT)
        return max(longest * (0.5 + self._clock.jitter() / 2), retry_after or 0.0)

    def _failed(self, text: str, path: str, **params: object) -> FetchFailed:
        return FetchFailed(text, name=self._connection.name, host=self._connection.host, path=path, **params)

    def _attempt(self, path: str, query: Mapping[str, str], file: Path) -> None:
        """One attempt, which follows redirects to the same origin."""
        url = httpx.URL(self._connection.base + path, params=dict(query) or None)
        try:
            for _ in range(REDIRECTS):
                redirect = self._request(url, path, file)
                if redirect is None:
                    return
                url = redirect
        except httpx.HTTPError as error:
            raise self._translated(error, path) from None
        except httpx.InvalidURL:
            raise self._failed(FetchFailed.NOT_FOUND, path) from None
        raise self._failed(FetchFailed.REDIRECTED, path, to=_origin(str(url)))

    def _request(self, url: httpx.URL, path: str, file: Path) -> httpx.URL | None:
        """Write the answer to the file, or return the URL of a redirect. `url` has the origin of the base address."""
        user, password = self._connection.user or "", self._connection.password
        auth = httpx.BasicAuth(user, password.reveal()) if password else None
        with self._http.stream("GET", url, auth=auth) as response:
            if response.is_redirect:
                return self._redirect(url, response)
            self._check_status(response, path)
            self._save(response, path, file)
        self._check_content(file, path)
        return None

    def _redirect(self, url: httpx.URL, response: httpx.Response) -> httpx.URL:
        """The target of a redirect. FetchFailed when it has another origin."""
        target = urljoin(str(url), response.headers["location"])
        if _origin(target) != _origin(self._connection.base):
            raise self._failed(FetchFailed.REDIRECTED, url.path, to=_origin(target))
        return httpx.URL(target)

    def _check_status(self, response: httpx.Response, path: str) -> None:
        """FetchFailed for a permanent error status, _RetryableError for a temporary one."""
        status = response.status_code
        if status == 401:
            raise self._failed(FetchFailed.LOGIN if self._connection.password else FetchFailed.LOGIN_NEEDED, path)
        if status in (403, 404):
            raise self._failed(FetchFailed.FORBIDDEN if status == 403 else FetchFailed.NOT_FOUND, path, status=status)
        if status in _TEMPORARY:
            wait = _retry_after(response.headers.get("retry-after"))
            if wait and wait > MAX_RETRY_AFTER:
                raise self._failed(FetchFailed.RETRY_LATER, path, status=status, minutes=round(wait / 60))
            raise _RetryableError(FetchFailed.SERVER_ERROR, wait, status=status)
        if status not in (200, 204):
            text = FetchFailed.SERVER_ERROR if status >= 500 else FetchFailed.REFUSED
            raise self._failed(text, path, status=status, attempts=1)

    def _save(self, response: httpx.Response, path: str, file: Path) -> None:
        """Write the body to the file, within the limits of size and time."""
        size, start = 0, self._clock.monotonic()
        with file.open("wb") as out:
            for block in response.iter_bytes():
                size += len(block)
                if size > ANSWER_BYTES:
                    raise self._failed(FetchFailed.TOO_LARGE, path, limit=ANSWER_BYTES >> 20)
                if self._clock.monotonic() - start > ANSWER_SECONDS:
                    raise self._failed(FetchFailed.TIMEOUT, path, attempts=1)
                out.write(block)

    def _check_content(self, file: Path, path: str) -> None:
        """Refuse an empty answer, a web page, and an answer that was cut off (HTTP does not always report that)."""
        with file.open("rb") as answer:
            head = answer.read(65536)
            answer.seek(-min(file.stat().st_size, 4096), 2)
            tail = answer.read().rstrip(b"\0 \t\r\n")
        if not tail:
            raise _RetryableError(FetchFailed.EMPTY)
        if _PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
            raise self._failed(FetchFailed.WEB_PAGE, path)
        if not _is_complete(head, tail):
            raise _RetryableError(FetchFailed.TRUNCATED)

    def _translated(self, error: httpx.HTTPError, path: str) -> FetchFailed | _RetryableError:
        """The error to raise for one of httpx, whose own text is dropped since it may contain what was sent."""
        causes = [*_causes(error)]
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            return self._failed(FetchFailed.CERTIFICATE, path)
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return _RetryableError(FetchFailed.HOST_NOT_FOUND)
        if any(isinstance(cause, ssl.SSLError) for cause in causes):
            return _RetryableError(FetchFailed.TLS)
        match error:
            case httpx.ConnectTimeout():
                return _RetryableError(FetchFailed.UNREACHABLE)
            case httpx.TimeoutException():
                return _RetryableError(FetchFailed.TIMEOUT)
            case httpx.ConnectError() | httpx.ProxyError():
                return _RetryableError(FetchFailed.UNREACHABLE)
            case httpx.RemoteProtocolError() if "complete" in str(error):
                return _RetryableError(FetchFailed.TRUNCATED)
            case httpx.DecodingError():
                return _RetryableError(FetchFailed.TRUNCATED)
            case httpx.UnsupportedProtocol():
                return self._failed(FetchFailed.REDIRECTED, path, to=_origin(self._connection.base))
        return _RetryableError(FetchFailed.CONNECTION_LOST)


def _ssl_context() -> ssl.SSLContext:
    """TLS settings that trust the machine's certificate authorities (a municipality may have its own) and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _origin(url: str) -> str:
    """The scheme, host and port of an address, without the path and query, which may contain a session."""
    parts = urlsplit(url)
    try:
        port = f":{parts.port}" if parts.port and parts.port != _PORTS.get(parts.scheme) else ""
    except ValueError:
        port = ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def _retry_after(header: str | None) -> float | None:
    """Seconds from a Retry-After header, which has a number of seconds or a date (RFC 9110, section 10.2.3)."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None


def _is_complete(head: bytes, tail: bytes) -> bool:
    """Whether XML ends with the end tag of its root, and JSON with a bracket; true for anything else."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")):
        return tail.endswith((b"}", b"]"))
    root = _ROOT.search(start) if start.startswith(b"<") else None
    if root is None:
        return True
    last = _LAST_TAG.search(_COMMENTS.sub(b"", tail).rstrip())
    return last is not None and root[1] in last.groups()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
