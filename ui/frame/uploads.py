"""Bounds on uploads, which Streamlit keeps in memory: their size, number and time, for a session and in all.

Whoever has a web socket may upload, whether a page asks for a file or not. What no page claims is removed.
"""

import asyncio
import os
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.text import numbers
from ui.text.i18n import _

LARGEST = "STREAMLIT_SERVER_MAX_UPLOAD_SIZE"  # in MB
SECONDS = 300.0  # for one upload
UNCLAIMED_SECONDS = 45.0  # without a page that claims it, before a file is removed
SWEEP_SECONDS = 5.0
TOLD_SECONDS = 60.0  # how long the page says that an upload was refused
SESSION_FILES, ALL_FILES = 50, 200
SESSION_SHARE, ALL_SHARE = 2, 4  # times the largest file: bytes of one session, and of all
_PATH = re.compile(r"/_stcore/upload_file/(?P<session>[^/]++)/(?P<file>[^/]++)\Z")
Key = tuple[str, str]  # session, file


def set_largest_file() -> None:
    """Take the size from the environment variable, which Streamlit reads on its own command line only."""
    named = os.environ.get(LARGEST, "").strip()
    if re.fullmatch("[1-9][0-9]{0,4}", named):
        config.set_option("server.maxUploadSize", int(named))


def largest_file() -> int:
    """The size in bytes of the largest file that is taken (`server.maxUploadSize`, in MB)."""
    return int(st.get_option("server.maxUploadSize")) * 1024 * 1024


@dataclass
class _Upload:
    """The bytes of an upload, and when it was last claimed; None while it is under way, or claimed by a page."""

    size: int
    unclaimed_since: float | None = None
    under_way: bool = True


@dataclass
class Uploads:
    """The uploads that there are. Thread-safe."""

    now: Callable[[], float] = time.monotonic
    _files: dict[Key, _Upload] = field(default_factory=dict)
    _refused: dict[str, tuple[int, float]] = field(default_factory=dict)  # by session: the status, and when
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, key: Key, size: int) -> int | None:
        """Make room for an upload of `size` bytes; the HTTP status of the refusal when there is none."""
        limit = largest_file()
        if size > limit:
            return 413
        with self._guard:
            sizes = {k: upload.size for k, upload in self._files.items() if k != key}
            own = [other for (session, _), other in sizes.items() if session == key[0]]
            full = len(own) >= SESSION_FILES or sum(own) + size > SESSION_SHARE * limit
            if full or len(sizes) >= ALL_FILES or sum(sizes.values()) + size > ALL_SHARE * limit:
                return 429
            self._files[key] = _Upload(size)
        return None

    def refuse(self, session: str, status: int) -> None:
        """Note that an upload of a session was refused with this HTTP status."""
        with self._guard:
            limit = self.now() - TOLD_SECONDS
            self._refused = {one: refusal for one, refusal in self._refused.items() if refusal[1] > limit}
            self._refused[session] = status, self.now()

    def refusal(self, session: str) -> int | None:
        """The HTTP status that an upload of the session was refused with a moment ago; None when none was."""
        status, at = self._refused.get(session, (None, 0.0))
        return status if self.now() - at < TOLD_SECONDS else None

    def end(self, key: Key, is_stored: bool) -> None:
        """An upload is over; when it was stored, a page has `UNCLAIMED_SECONDS` to claim it and those beside it."""
        with self._guard:
            if not is_stored:
                self._files.pop(key, None)
            elif key in self._files:
                self._files[key].under_way = False
                self._files[key].unclaimed_since = self.now()
                for (session, _), upload in self._files.items():
                    if session == key[0] and upload.unclaimed_since is not None:
                        upload.unclaimed_since = self.now()

    def claim(self, session: str, files: Collection[str]) -> None:
        """A page of the session holds these files, and no others."""
        with self._guard:
            for (owner, file), upload in self._files.items():
                if owner == session and not upload.under_way:
                    since = self.now() if upload.unclaimed_since is None else upload.unclaimed_since
                    upload.unclaimed_since = None if file in files else since

    def expired(self, is_active: Callable[[str], bool]) -> list[Key]:
        """Forget the uploads that no page has claimed for so long, or whose session has ended; returns which."""
        with self._guard:
            under_way = {session for (session, _), upload in self._files.items() if upload.under_way}
            for (session, _), upload in self._files.items():
                if upload.unclaimed_since is None and not upload.under_way and not is_active(session):
                    upload.unclaimed_since = self.now()
            limit = self.now() - UNCLAIMED_SECONDS
            gone = [
                key
                for key, upload in self._files.items()
                if key[0] not in under_way and upload.unclaimed_since is not None and upload.unclaimed_since <= limit
            ]
            for key in gone:
                del self._files[key]
        return gone


_UPLOADS = Uploads()


def claim(files: Collection[str]) -> None:
    """Say that the page that is drawn holds these uploaded files, and no others of its session."""
    context = get_script_run_ctx()
    if context:
        _UPLOADS.claim(context.session_id, files)


def refusal() -> str:
    """Why an upload of this session was refused a moment ago; "" when none was."""
    context = get_script_run_ctx()
    match context and _UPLOADS.refusal(context.session_id):
        case 413:
            limit = numbers.count(largest_file() // 1024 // 1024)
            return _("A file was not taken: it is larger than {limit} MB. Divide it, and upload the parts.").format(
                limit=limit
            )
        case 429:
            return _(
                "A file was not taken: the files here are too many, or too large together. Import them or take "
                "some of them away, and upload it again."
            )
        case None:
            return ""
    return _("A file was not taken: it did not come whole, or not in time. Upload it again.")


class UploadGate:
    """Lets uploads through within the bounds. What is refused is read to its end, or the browser tells of a broken connection."""

    def __init__(self, app: ASGIApp, uploads: Uploads = _UPLOADS) -> None:
        self.app, self._uploads = app, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; all but uploads pass through untouched."""
        match = _PATH.search(scope["path"]) if scope["type"] == "http" else None
        if match is None or scope["method"] not in ("PUT", "DELETE"):
            await self.app(scope, receive, send)
        elif scope["method"] == "PUT":
            await self._put((match["session"], match["file"]), scope, receive, send)
        else:
            await self.app(scope, receive, send)
            self._uploads.end((match["session"], match["file"]), is_stored=False)

    async def _put(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        size = Headers(scope=scope).get("content-length", "")
        refusal = self._uploads.begin(key, int(size)) if re.fullmatch("[0-9]{1,15}", size) else 411
        if refusal:
            await _drain(receive)
            await PlainTextResponse("refused", refusal, headers={"connection": "close"})(scope, receive, send)
            self._tell(key[0], refusal)
            return
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            async with asyncio.timeout(SECONDS):
                await self.app(scope, receive, watch)
        except TimeoutError:
            if not status:
                await PlainTextResponse("too slow", 408, headers={"connection": "close"})(scope, receive, send)
            self._tell(key[0], 408)
        finally:
            self._uploads.end(key, is_stored=200 <= status < 300)

    def _tell(self, session: str, status: int) -> None:
        """Have the page of the session say why, if there is one."""
        instance = runtime.get_instance() if runtime.exists() else None
        info = instance._session_mgr.get_active_session_info(session) if instance else None
        if info:
            self._uploads.refuse(session, status)
            info.session.request_rerun(info.session._client_state)  # the page as it was last drawn, and its widgets


async def _drain(receive: Receive) -> None:
    """Read the rest of a request and throw it away, within the bounds of a file and of its time."""
    left = 2 * largest_file()
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body"):
                    return


@asynccontextmanager
async def sweeping(uploads: Uploads = _UPLOADS) -> AsyncIterator[None]:
    """Meanwhile remove what no page claims."""
    task = asyncio.create_task(_sweep(uploads))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sweep(uploads: Uploads) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        instance = runtime.get_instance() if runtime.exists() else None
        if instance and isinstance(instance.uploaded_file_mgr, MemoryUploadedFileManager):
            for session, file in uploads.expired(instance.is_active_session):
                instance.uploaded_file_mgr.remove_file(session, file)
