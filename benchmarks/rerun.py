"""A page's rerun over the websocket, in Streamlit's own messages: from the asking to the last word."""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from analytics.metrics.dimensions import service_names
from benchmarks.ratios import Ratio
from benchmarks.servers import dashboard, shipped
from data.store import Store
from tests.browser.harness import PAGES

WARM, RUNS = 3, 25
REST = 0.02  # seconds between two runs, in which a server tidies up after the first
EMPTY, SHIPPED, USUAL = "the page emptied", "an empty page as shipped", "the page written the usual way"


class Reader:
    """A reader's session with a server."""

    def __init__(self, socket: ClientConnection, path: str, **query: str) -> None:
        asked = BackMsg()
        asked.rerun_script.page_name = path
        asked.rerun_script.query_string = urlencode(query)
        asked.rerun_script.context_info.color_scheme = "light"
        self.socket, self._asked = socket, asked.SerializeToString()

    async def rerun(self) -> float:
        """Have the page run; the seconds until its script has finished."""
        await asyncio.sleep(REST)
        start = time.perf_counter()
        await self.socket.send(self._asked)
        while not finished(await self.socket.recv(decode=False)):
            pass
        return time.perf_counter() - start


def finished(raw: bytes) -> bool:
    """Whether this is the word that the script has finished."""
    message = ForwardMsg.FromString(raw)
    kind = message.WhichOneof("type")
    assert kind != "page_not_found", "There is no such page."
    return kind == "script_finished" and bool(message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)


@asynccontextmanager
async def reader(server: str, path: str, **query: str) -> AsyncIterator[Reader]:
    """A reader with a session of their own."""
    address = f"{server.replace('http', 'ws', 1)}/_stcore/stream"
    patient = {"open_timeout": 300, "ping_interval": None}
    async with connect(address, subprotocols=["streamlit"], max_size=None, **patient) as socket:  # type: ignore[list-item, arg-type]  # the text that the server speaks
        yield Reader(socket, path, **query)


async def times(server: str, plain: Mapping[str, str], path: str, **query: str) -> Mapping[str, Sequence[float]]:
    """Seconds of each kind of run, in turns: live, cached, the page emptied, and those of plain servers, by name.

    The page emptied has another address, so its frame is made anew after each forgetting: only the run after that counts.
    """
    taken = defaultdict[str, list[float]](list)
    async with AsyncExitStack() as stack:
        page = await stack.enter_async_context(reader(server, path, **query))
        empty = await stack.enter_async_context(reader(server, path, **query, body="empty"))
        forget = await stack.enter_async_context(reader(server, path, **query, body="forget"))
        others = {name: await stack.enter_async_context(reader(other, "")) for name, other in plain.items()}
        kinds = {"forget": forget, "live": page, "cached": page, "emptied": empty, EMPTY: empty, **others}
        for _ in range(WARM + RUNS):
            for kind, who in kinds.items():
                taken[kind].append(await who.rerun())
    return {kind: seconds[WARM:] for kind, seconds in taken.items()}


def held(title: str, taken: Mapping[str, Sequence[float]]) -> list[Ratio]:
    """The ratios of a page: of the overview also those of the frame, and against the same page written the usual way."""
    ratios = [
        Ratio(f"{title}, rerun, cached", taken["cached"], EMPTY, taken[EMPTY], 1.3),
        Ratio(f"{title}, rerun, live", taken["live"], SHIPPED, taken[SHIPPED], 1.5),
    ]
    if USUAL in taken:
        ratios = [
            Ratio("the frame: a page emptied", taken[EMPTY], SHIPPED, taken[SHIPPED], 0.25),
            *ratios,
            Ratio(f"{title}, rerun, cached", taken["cached"], USUAL, taken[USUAL], 1 / 20),
            Ratio(f"{title}, rerun, live", taken["live"], USUAL, taken[USUAL], 1 / 4),
        ]
    return ratios


def query(path: str, folder: Path) -> dict[str, str]:
    """What a page needs in its address to have something to show."""
    if path != "tjanst":
        return {}
    return {"service": min(service_names(Store(folder / "store").database().cursor()))}


def measure(folder: Path) -> Iterator[Ratio]:
    """Every page, cached and live."""
    with dashboard(folder) as server, shipped(folder) as plain, shipped(folder, "usual_streamlit") as usual:
        for path, title in PAGES.items():
            print(f"rerun: {title} …", file=sys.stderr)
            others = {SHIPPED: plain} | ({USUAL: usual} if path == "" else {})
            yield from held(title, asyncio.run(times(server, others, path, **query(path, folder))))
