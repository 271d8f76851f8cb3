"""The largest sizes: `python -m benchmarks large`, or `make bench-large`. It takes an hour, 8 GB of memory and 10 GB of disk."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks import imports, memory, sizes
from benchmarks.ratios import Ratio
from benchmarks.readers import serving
from benchmarks.rerun import WARM, query, reader
from benchmarks.servers import dashboard, resident
from data.store import Store
from tests.browser.harness import PAGES
from tests.data.stores import NOW, import_files

SIZES = {
    "150,000 cases": (2, 96, 1),
    "600,000 cases": (6, 120, 1),
    "14 million cases": (6, 120, 25),
}  # copies, months, times
SMALL, MIDDLE, LARGE = SIZES
EXAMPLE = "on example data"
RUNS, IMPORTS = 15, 3
ROWS, RERUNS, MONTHLY = 10_000_000, 20_000, 5_000
DEPARTMENT = {"department": "KSF"}
LATER = (  # what `make bench` leaves to this: what, against what, and its aim
    ("every page, rerun, live, 600 services × ten years", f"the same {EXAMPLE}", "≤ 2"),
    (f"a department's page, live, {LARGE}", MIDDLE, "≤ 1.3"),
    (f"{MONTHLY:,} cases of a month into {LARGE}", f"into {SMALL}", "≤ 3"),
    (f"memory, serving {LARGE}", MIDDLE, "≤ 1.5"),
    (f"memory after {RERUNS:,} reruns", f"after {memory.WARM}", f"≤ {memory.GROWN:g}"),
    (f"{ROWS:,} rows, checked import", "an unchecked pandas read", "≤ 2.5"),
)


def made(folder: Path, size: str) -> Store:
    """A store of a size."""
    print(f"large: {size} …", file=sys.stderr)
    sizes.write(folder / "csv", *SIZES[size])
    store = Store(folder / "store")
    import_files(store, *sorted((folder / "csv").glob("*.csv")))
    shutil.rmtree(folder / "csv")
    return store


async def live(
    servers: tuple[str, str], path: str, queries: tuple[dict[str, str], dict[str, str]]
) -> list[list[float]]:
    """Seconds of a page with every answer forgotten, at the two servers in turns."""
    taken: list[list[float]] = [[], []]
    async with AsyncExitStack() as stack:
        for_each = [
            [
                await stack.enter_async_context(reader(server, path, **named, **more))
                for more in ({"body": "forget"}, {})
            ]
            for server, named in zip(servers, queries, strict=True)
        ]
        for _ in range(WARM + RUNS):
            for (forget, page), seconds in zip(for_each, taken, strict=True):
                await forget.rerun()
                seconds.append(await page.rerun())
    return [seconds[WARM:] for seconds in taken]


def pages(example: Path, middle: Path) -> Iterator[Ratio]:
    """Every page, at 600 services and ten years against the example."""
    with dashboard(middle) as server, dashboard(example) as small:
        for path, title in PAGES.items():
            asked = query(path, middle), query(path, example)
            taken, base = asyncio.run(live((server, small), path, asked))
            yield Ratio(f"{title}, rerun, live, 600 services × ten years", taken, EXAMPLE, base, 2)


def department(middle: Path, large: Path) -> Ratio:
    """A department's page."""
    with dashboard(large) as server, dashboard(middle) as smaller:
        taken, base = asyncio.run(live((server, smaller), "mal-2", (DEPARTMENT, DEPARTMENT)))
    return Ratio(f"{PAGES['mal-2']} of a department, live, {LARGE}", taken, MIDDLE, base, 1.3)


def serving_memory(folder: Path) -> float:
    """Megabytes of a server that has shown some pages."""
    with serving("1 worker", folder) as server:
        asyncio.run(memory.sessions(server, memory.FIRST))
        return resident(server.process.pid)


def month(folder: Path, store: Store) -> list[float]:
    """Seconds of importing a month's cases, with the build."""
    file = imports.cases(folder, MONTHLY, "2026-10")
    return [imports.seconds(lambda: import_files(store, file, again=True, now=NOW)) for _ in range(IMPORTS)]


def measure(folder: Path) -> Iterator[Ratio]:
    """The sizes, from what is least to what is most."""
    places = {size: folder / str(number) for number, size in enumerate(SIZES)}
    stores = {size: made(place, size) for size, place in places.items()}
    print("large: pages …", file=sys.stderr)
    yield from pages(folder / "example", places[MIDDLE])
    yield department(places[MIDDLE], places[LARGE])
    taken, base = ([serving_memory(places[size])] for size in (LARGE, MIDDLE))
    yield Ratio(f"memory, serving {LARGE}", taken, MIDDLE, base, 1.5, "MB")
    print("large: a month …", file=sys.stderr)
    taken, base = (month(places[size], stores[size]) for size in (LARGE, SMALL))
    yield Ratio(f"{MONTHLY:,} cases of a month into {LARGE}", taken, f"into {SMALL}", base, 3)
    yield from memory.measure(folder / "memory", RERUNS)
    yield from imports.measure(folder / "rows", ROWS, IMPORTS)
