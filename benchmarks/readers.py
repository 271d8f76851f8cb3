"""Many readers at once: `python -m benchmarks.readers [number …]` prints answers a second, and how long they take.

Each reader has a session and a web socket of their own, thinks for a while (exponentially, five seconds in the mean), and
asks for a page, of the whole municipality or of a department. *Of the best* is the answers a second as a share of the most
that the same way gave fewer readers in this run: below 1, work fell with more of them. The older way (DuckDB on all cores for
each query) and the number of workers are tried in turns in one
run, for machines differ and are noisy. *CPU* is the time that the servers' processes spend on an answer (on Linux): other
work on the machine does not change it much. It takes a minute or two for each line; several workers need haproxy.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import serve
from benchmarks import imports
from benchmarks.ratios import Ratio
from benchmarks.rerun import Reader, reader
from benchmarks.servers import cpu_seconds
from data.base.own_process import NICE
from data.build.fingerprint import SAMPLE
from data.store import Store
from tests.browser.harness import ROOT, await_health, free_port, uvicorn
from tests.data.stores import NOW, ROLE, import_files

READERS = (1, 10, 50, 150)
CROWD, IMPORTED = 100, 500_000  # readers, and rows
THINK = 5.0  # seconds in the mean
MEASURED, FEWEST = 20.0, 100  # seconds, and answers where there are that many readers or more
GIVEN_UP = 300.0  # seconds for the first answers to all
PATHS, DEPARTMENTS = ("", "mal-1", "mal-2", "nasta-steg", "tjanster"), ("", "KSF")  # of the example data
HEADER = ("readers", "way", "answers/s", "of the best", "half within", "95 % within", "CPU an answer")


@dataclass
class Server:
    """A way to serve: its name, and the command."""

    name: str
    address: str
    process: subprocess.Popen[bytes]
    environment: Mapping[str, str]


@dataclass
class Load:
    """What readers have been answered: seconds each, since when it is measured."""

    began: set[int] = field(default_factory=set)
    taken: list[float] = field(default_factory=list)


@contextmanager
def serving(name: str, folder: Path) -> Iterator[Server]:
    """The dashboard served in a way: "older", or a number of workers."""
    port, log = free_port(), folder / f"{name}.log"
    count = name.removesuffix(" workers").removesuffix(" worker")
    command = [sys.executable, "serve.py", "--workers", count, "--port", str(port)]
    if name == "older":
        command = [sys.executable, "-m", *uvicorn("benchmarks.older:app", port)]
    environment = {**os.environ, "DASHBOARD_STORE": str(folder / "store")}
    with (
        log.open("w") as out,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True) as process,
    ):
        try:
            await_health(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield Server(name, f"http://127.0.0.1:{port}", process, environment)
        finally:
            process.terminate()


async def read(server: Server, number: int, load: Load, queries: Sequence[tuple[str, dict[str, str]]]) -> None:
    """One reader, until cancelled."""
    chance = random.Random(number)
    path, named = chance.choice(queries)
    async with reader(server.address, path, **named) as session:
        await asyncio.sleep(chance.uniform(0, THINK))
        while True:
            path, named = chance.choice(queries)
            asked = Reader(session.socket, path, **named)
            load.taken.append(await asked.rerun())
            load.began.add(number)
            await asyncio.sleep(chance.expovariate(1 / THINK))


async def warm(server: Server, queries: Sequence[tuple[str, dict[str, str]]]) -> None:
    """Ask for everything once: what is measured is not what is asked for the first time."""
    async with reader(server.address, "") as session:
        for path, named in queries:
            await Reader(session.socket, path, **named).rerun()


async def loaded(
    server: Server, count: int, queries: Sequence[tuple[str, dict[str, str]]], beside: Sequence[str] = ()
) -> tuple[Sequence[float], float, float]:
    """Seconds of each answer to so many readers, from least to most; for how long, and what processor time the servers took.

    Until enough is answered; or, where a command runs beside, from its start until a while after its end.
    """
    load = Load()
    readers = [asyncio.create_task(read(server, number, load, queries)) for number in range(count)]
    end = time.monotonic() + GIVEN_UP
    while len(load.began) < count and time.monotonic() < end:
        await _look(readers)
    load.taken.clear()
    start, spent = time.monotonic(), cpu_seconds(server.process.pid)
    if beside:
        process = await asyncio.create_subprocess_exec(
            *beside, cwd=ROOT, env=server.environment, stdout=subprocess.DEVNULL, preexec_fn=lambda: os.nice(NICE)
        )  # as the page starts it
        while process.returncode is None:
            await _look(readers)
        assert process.returncode == 0, beside
        start_of_rest = time.monotonic()
        while time.monotonic() < start_of_rest + THINK:
            await _look(readers)
    while time.monotonic() < start + MEASURED or (len(load.taken) < min(FEWEST, 2 * count) and time.monotonic() < end):
        await _look(readers)
    seconds, spent = time.monotonic() - start, cpu_seconds(server.process.pid) - spent
    for one in readers:
        one.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    return sorted(load.taken), seconds, spent


def within(taken: Sequence[float]) -> tuple[float, float]:
    """Seconds within which half, and 95 %, were answered."""
    cuts = quantiles(taken, n=20, method="inclusive") if len(taken) > 1 else [*taken, float("nan")] * 20
    return cuts[9], cuts[18]


async def measured(
    server: Server, count: int, queries: Sequence[tuple[str, dict[str, str]]], best: dict[str, float]
) -> tuple[str, ...]:
    """The line of the table. `best` has the most answers a second by way so far, and gets this."""
    taken, seconds, spent = await loaded(server, count, queries)
    half, most = within(taken)
    rate = len(taken) / seconds
    ratio = f"{rate / best[server.name]:.2f}" if best.get(server.name) else "–"
    best[server.name] = max(rate, best.get(server.name, 0.0))
    cells = f"{rate:.2f}", ratio, f"{half:.2f} s", f"{most:.2f} s", f"{1000 * spent / max(1, len(taken)):.0f} ms"
    return str(count), server.name, *cells


def measure(folder: Path) -> Iterator[Ratio]:
    """A hundred readers against one, and against themselves while a file is imported; AssertionError when one was not answered."""
    print("readers: one, and a hundred …", file=sys.stderr)
    import_files(Store(folder / "store"), *sorted(SAMPLE.glob("*.csv")))
    file, asked = imports.cases(folder, IMPORTED), queries()
    command = [sys.executable, "-m", "data", "import", str(file), "--covers", "all", "--who", ROLE]
    with serving("1 worker", folder) as server:
        asyncio.run(warm(server, asked))
        alone, _ = within(asyncio.run(loaded(server, 1, asked))[0])
        _, many = within(asyncio.run(loaded(server, CROWD, asked))[0])
        print("readers: an import beside …", file=sys.stderr)
        _, beside = within(asyncio.run(loaded(server, CROWD, asked, command))[0])
    what = f"{CROWD} readers, {THINK:g} s between clicks, 95 % within"
    yield Ratio(what, [many], "one reader, half within", [alone], 5)
    yield Ratio(f"{what}, while {IMPORTED:,} rows are imported", [beside], "the same without", [many], 2)


async def _look(readers: Sequence[asyncio.Task[None]]) -> None:
    """Wait a moment; raise what ended a reader."""
    await asyncio.sleep(0.1)
    for one in readers:
        if one.done():
            one.result()


def queries() -> list[tuple[str, dict[str, str]]]:
    """Some pages, of the whole municipality and of a department."""
    return [(path, {"department": code} if code else {}) for path in PATHS for code in DEPARTMENTS]


def main() -> None:
    """Reads the command line, measures, and prints the table, each line when it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readers", description="Prints a Markdown table.")
    parser.add_argument("readers", nargs="*", type=int, default=READERS, help="how many [1 10 50 150]")
    parser.add_argument("--ways", nargs="+", help='"older", "1 worker", "2 workers" …')
    options = parser.parse_args()
    several = ["2 workers", "4 workers"] if serve.find_proxy() else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Store(folder / "store").build(NOW)
        asked, best = queries(), dict[str, float]()
        print(f"| {' | '.join(HEADER)} |\n|{'---|' * len(HEADER)}", flush=True)
        for count in options.readers:
            for way in options.ways or ["older", "1 worker", *several]:
                with serving(way, folder) as server:
                    asyncio.run(warm(server, asked))
                    print(f"| {' | '.join(asyncio.run(measured(server, count, asked, best)))} |", flush=True)


if __name__ == "__main__":
    main()
