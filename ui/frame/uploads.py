"""The door for uploads: what is within the bounds is let in, and the page says why another was not.

Whoever has a web socket may upload, whether a page asks for a file or not. What no page claims is removed.
"""

import asyncio
import gc
import os
import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from itertools import count

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.frame.upload_bounds import Key, SharedCount, Uploads, largest_file
from ui.text import numbers
from ui.text.i18n import _

LARGEST = "STREAMLIT_SERVER_MAX_UPLOAD_SIZE"  # in MB
SECONDS = 300.0  # for one upload
SWEEP_SECONDS = 5.0
COLLECT_TURNS = 12  # sweeps between two collections of all garbage
_PATH = re.compile(r"/_stcore/upload_file/(?P<session>[^/]++)/(?P<file>[^/]++)\Z")
_UPLOADS = Uploads()


def set_largest_file() -> None:
    """Take the size from the environment variable, which Streamlit reads on its own command line only."""
    named = os.environ.get(LARGEST, "").strip()
    if re.fullmatch("[1-9][0-9]{0,4}", named):
        config.set_option("server.maxUploadSize", int(named))


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
            self._uploads.remove((match["session"], match["file"]))

    async def _put(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        size = Headers(scope=scope).get("content-length", "")
        refusal: int | None = 411
        if re.fullmatch("[0-9]{1,15}", size):
            refusal = await asyncio.to_thread(self._uploads.begin, key, int(size))
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
async def sweeping(shared: SharedCount, uploads: Uploads = _UPLOADS) -> AsyncIterator[None]:
    """Meanwhile count the uploads with those of the other workers, and remove what no page claims."""
    uploads.shared = shared
    task = asyncio.create_task(_sweep(uploads))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sweep(uploads: Uploads) -> None:
    for turn in count(1):
        await asyncio.sleep(SWEEP_SECONDS)
        instance = runtime.get_instance() if runtime.exists() else None
        if instance and isinstance(instance.uploaded_file_mgr, MemoryUploadedFileManager):
            for session, file in uploads.expired(instance.is_active_session):
                instance.uploaded_file_mgr.remove_file(session, file)
        if turn % COLLECT_TURNS == 0:
            gc.collect()  # a session that has ended may hold its files until then: no run of a page does it any more
