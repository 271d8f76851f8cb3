"""What serving takes in memory: for each further session, and after many reruns."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import cycle, islice
from pathlib import Path

from benchmarks.ratios import Ratio
from benchmarks.readers import Server, queries, serving, warm
from benchmarks.rerun import Reader, reader
from benchmarks.servers import resident
from data.store import Store
from tests.data.stores import NOW

SESSIONS, FIRST = 100, 20  # those that are counted, and those before, for which the server makes room once
RERUNS, WARM = 2_000, 500
LARGEST = 0.5  # megabytes a session
GROWN = 1.02  # what is no growth: the system gives memory in pieces


async def sessions(server: Server, count: int) -> float:
    """Megabytes that so many sessions more take, each with a page of its own."""
    before = resident(server.process.pid)
    async with AsyncExitStack() as stack:
        for path, named in islice(cycle(queries()), count):
            await (await stack.enter_async_context(reader(server.address, path, **named))).rerun()
        return resident(server.process.pid) - before


async def reruns(server: Server, count: int) -> float:
    """Megabytes after so many reruns of one reader, through pages and departments."""
    async with reader(server.address, "") as session:
        for path, named in islice(cycle(queries()), count):
            await Reader(session.socket, path, **named).rerun()
    return resident(server.process.pid)


def measure(folder: Path, count: int = RERUNS) -> Iterator[Ratio]:
    """A session more, and many reruns."""
    print(f"memory: {count:,} reruns …", file=sys.stderr)
    Store(folder / "store").build(NOW)
    with serving("1 worker", folder) as server:
        asyncio.run(warm(server, queries()))
        asyncio.run(sessions(server, FIRST))
        each = asyncio.run(sessions(server, SESSIONS)) / SESSIONS
        yield Ratio("memory of a further session", [each], "what it may take", [LARGEST], 1, "MB")
        before, after = (asyncio.run(reruns(server, runs)) for runs in (WARM, count))
        yield Ratio(f"memory after {count:,} reruns", [after], f"after {WARM}", [before], GROWN, "MB")
