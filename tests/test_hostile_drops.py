"""A server at which hostile files are thrown goes on: each drop ends in a report, and a reader beside it waits no longer."""

import asyncio
import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import httpx
import pytest

from tests import coroutines
from tests.browser.harness import serve
from tests.data.drafts import COUNTS
from tests.data.intake.test_fuzz import mutated, originals
from tests.data.workbooks import ods_row, ods_workbook, workbook_of
from tests.sessions import Session, open_session

pytestmark = pytest.mark.no_cover  # other tests run the same code

LONG = 1.0  # seconds
REST = 0.05  # between two questions of the reader
BLOCK = 25  # drops of a session, one of them costly; then the reader is alone for as many questions
PAGES = ("", "mal-2", "kostnader", "tjanster")
FAILURES = ("Traceback", "failure ")
SHARE = '<table:table-cell office:value-type="percentage" office:value="0.5" table:number-columns-repeated="{}"/>'
FAR = "<worksheet><sheetData><row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData></worksheet>"
MERGED = "".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(1, 20_000))
COSTLY: Mapping[str, Callable[[], bytes]] = {  # for their size
    "far.xlsx": lambda: workbook_of(FAR),
    "merged.xlsx": lambda: workbook_of(f"<worksheet><sheetData/><mergeCells>{MERGED}</mergeCells></worksheet>"),
    "repeated.ods": lambda: ods_workbook(ods_row(SHARE.format(19), times=1_000_000)),
    "just-allowed.ods": lambda: ods_workbook(ods_row(SHARE.format(4), times=400_000)),
    "one-word.csv": lambda: f"{COUNTS}{'a' * 130_000};2026-01;telefon;3\n".encode(),
    "spaces.csv": lambda: b"<URL>" + b" " * 60_000,
    "digits.se": lambda: b"#FLAGGA 0\n#VER A 1 20260101 x\n{\n#TRANS 1 {} " + b"9" * 100_000 + b"\n}\n",
    "deep.xml": lambda: b"<flows>" + b"<a>" * 100_000,
}


@dataclass
class Waits:
    """How long a reader waited for each answer, in seconds."""

    seconds: list[float] = field(default_factory=list)

    @property
    def long(self) -> int:
        """How many times it was over a second."""
        return sum(one > LONG for one in self.seconds)

    def __str__(self) -> str:
        mid = f"median {median(self.seconds):.2f} s, longest {max(self.seconds):.2f} s" if self.seconds else "-"
        return f"{len(self.seconds)} questions, {self.long} waited over {LONG:.0f} s ({mid})"


def hostile(number: int) -> tuple[str, bytes]:
    """The hostile file of this number: damaged, of each format in turn, and one that is costly in each block."""
    if number % BLOCK == 0:
        name = [*COSTLY][number // BLOCK % len(COSTLY)]
        return name, COSTLY[name]()
    kind = [*originals()][number % len(originals())]
    return f"{kind}-{number}", mutated(kind, 10_000 + number)


def drop_block(server: str, start: int) -> list[float]:
    """Drop a block of files in a session, one after the other; the seconds until each had its report."""

    async def drop() -> list[float]:
        taken = []
        async with open_session(server, "importera") as session, httpx.AsyncClient(timeout=300) as client:
            await session.rerun()
            for number in range(start, start + BLOCK):
                name, content = hostile(number)
                begun = time.monotonic()
                assert await session.drop(client, name, content) == 204
                assert name in session.words(), name
                taken.append(time.monotonic() - begun)
        return taken

    return coroutines.run(drop())


async def read_while(sessions: list[Session], waits: Waits, going: Callable[[], bool]) -> None:
    """Ask for one page after the other while `going`."""
    turns = cycle(sessions)
    while going():
        waits.seconds.append(await next(turns).rerun())
        await asyncio.sleep(REST)


async def read_beside(server: str, blocks: int, first: int) -> tuple[Waits, Waits, list[float]]:
    """A reader's waits while another process drops files, and when it is alone, in turns; the seconds of each drop."""
    beside, alone, taken = Waits(), Waits(), list[float]()
    with ProcessPoolExecutor(1, get_context("spawn")) as dropper:
        async with (
            open_session(server, PAGES[0]) as a, open_session(server, PAGES[1]) as b,
            open_session(server, PAGES[2]) as c, open_session(server, PAGES[3]) as d,
        ):  # fmt: skip
            readers = [a, b, c, d]
            for reader in readers * 2:  # the first time a page is asked for
                await reader.rerun()
            for block in range(blocks):
                drops = dropper.submit(drop_block, server, (first + block) * BLOCK)
                await read_while(readers, beside, lambda drops=drops: not drops.done())  # type: ignore[misc]
                taken += drops.result()
                end = len(alone.seconds) + BLOCK
                await read_while(readers, alone, lambda end=end: len(alone.seconds) < end)  # type: ignore[misc]
    return beside, alone, taken


def throw(store: Path, blocks: int, first: int = 0) -> str:
    """Throw blocks of hostile files at a server on the store; what came of it."""
    with serve(store) as server:
        beside, alone, taken = coroutines.run(read_beside(server, blocks, first))
    log = store.with_name(f"{store.name}.log").read_text()
    assert not [word for word in FAILURES if word in log], log
    assert not beside.long or alone.long, f"beside drops: {beside}; alone: {alone}"
    spent = f"median {median(taken):.2f} s, longest {max(taken):.1f} s"
    return f"{len(taken)} hostile drops ({spent}); a reader beside them: {beside}; alone, in turns with it: {alone}"


def test_hostile_drops(example: Path, tmp_path: Path) -> None:
    throw(shutil.copytree(example, tmp_path / "store"), 1, first=1)


@pytest.mark.fuzz
def test_a_thousand_hostile_drops(example: Path, tmp_path: Path) -> None:
    print("\n" + throw(shutil.copytree(example, tmp_path / "store"), 1000 // BLOCK))
