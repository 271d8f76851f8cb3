"""A reader's session with a server, in Streamlit's own messages over its web socket; it can drop files as a browser does."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx
from google.protobuf.message import Message  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

XSRF = "_streamlit_xsrf"  # the cookie whose value an upload must know


@dataclass
class Session:
    """One page that is open in a session; `elements` are what its last run drew."""

    server: str
    socket: ClientConnection
    path: str
    query: Mapping[str, str]
    elements: list[Element] = field(default_factory=list)
    _files: list[UploadedFileInfo] = field(default_factory=list)

    async def rerun(self) -> float:
        """Have the page run; the seconds until its script has finished."""
        asked = BackMsg()
        asked.rerun_script.page_name = self.path
        asked.rerun_script.query_string = urlencode(self.query)
        asked.rerun_script.context_info.color_scheme = "light"
        if self._files:
            widget = asked.rerun_script.widget_states.widgets.add(id=self._uploader())
            widget.file_uploader_state_value.uploaded_file_info.extend(self._files)
        start = time.perf_counter()
        await self.socket.send(asked.SerializeToString())
        self.elements = [element async for element in self._drawn()]
        return time.perf_counter() - start

    async def drop(self, client: httpx.AsyncClient, name: str, content: bytes) -> int:
        """Drop a file in the place of the one before, and have the page run; the status that the upload was answered with."""
        status, info = await self.upload(client, name, content)
        for old in self._files:
            url = self.server + old.file_urls.delete_url
            await client.delete(url, headers={"x-xsrftoken": client.cookies[XSRF]})
        if status < 300:
            self._files = [info]
            await self.rerun()
        return status

    async def upload(self, client: httpx.AsyncClient, name: str, content: bytes) -> tuple[int, UploadedFileInfo]:
        """Send a file, as the browser does when one is dropped: the status of the answer, and what the page is told of it."""
        asked = BackMsg()
        asked.file_urls_request.request_id = name
        asked.file_urls_request.file_names.append(name)
        await self.socket.send(asked.SerializeToString())
        while (message := await self._message()).WhichOneof("type") != "file_urls_response":
            pass
        (urls,) = message.file_urls_response.file_urls
        if XSRF not in client.cookies:
            await client.get(f"{self.server}/_stcore/health")
        headers = {"x-xsrftoken": client.cookies[XSRF]}
        answer = await client.put(self.server + urls.upload_url, headers=headers, files={"file": (name, content)})
        return answer.status_code, UploadedFileInfo(name=name, size=len(content), file_id=urls.file_id, file_urls=urls)

    async def run_by_itself(self) -> None:
        """Wait for a run of the page that the server starts."""
        self.elements = [element async for element in self._drawn()]

    def words(self) -> str:
        """All texts that the last run drew."""
        return "\n".join(text for element in self.elements for text in _texts(element))

    def _uploader(self) -> str:
        """The id of the page's uploader."""
        return next(e.file_uploader.id for e in self.elements if e.WhichOneof("type") == "file_uploader")

    async def _message(self) -> ForwardMsg:
        return ForwardMsg.FromString(await self.socket.recv(decode=False))

    async def _drawn(self) -> AsyncIterator[Element]:
        """The elements that are drawn until the script has finished."""
        while not is_finished(message := await self._message()):
            if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
                yield message.delta.new_element


def is_finished(message: ForwardMsg) -> bool:
    """Whether this is the word that the script has finished."""
    kind = message.WhichOneof("type")
    assert kind != "page_not_found", "There is no such page."
    return kind == "script_finished" and bool(message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)


def _texts(message: Message) -> Iterator[str]:
    for field_, value in message.ListFields():
        for each in value if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) else [value]:
            if isinstance(each, Message):
                yield from _texts(each)
            elif isinstance(each, str) and field_.name in ("body", "text", "label"):
                yield each


@asynccontextmanager
async def open_session(server: str, path: str, **query: str) -> AsyncIterator[Session]:
    """A session of one's own, whose page has not run yet."""
    address = f"{server.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]  # the text that the server speaks
        yield Session(server, socket, path, query)
