"""A million cases, checked on their way in, against pandas reading the same file unchecked."""

import sys
import time
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path

import pandas as pd

from benchmarks.ratios import Ratio
from data.build.fingerprint import SAMPLE
from data.intake.draft import Source
from data.store import Store
from tests.data.stores import NOW, import_files

ROWS, RUNS = 1_000_000, 7
REGISTERS = ("verksamheter.csv", "tjanster.csv", "etjanster.csv", "kopplingar.csv")  # what the cases refer to
CASES = "arenden.csv"


def rows(lines: list[str]) -> Iterator[str]:
    """The rows of the example's cases over and over, each under a number of its own."""
    for number in count():
        yield f"M-{number:08};{lines[number % len(lines)].partition(';')[2]}"


def cases(folder: Path, count: int, month: str = "") -> Path:
    """A valid file of so many cases; of a month (`2026-10`), where one is named."""
    header, *lines = (SAMPLE / CASES).read_text("utf-8").splitlines(keepends=True)
    lines = [line for line in lines if f";{month}" in line]
    file = folder / CASES
    with file.open("w", encoding="utf-8") as out:
        out.write(header)
        out.writelines(islice(rows(lines), count))
    return file


def registered(folder: Path) -> Store:
    """A store with the registers of the example imported, against which the cases are checked."""
    store = Store(folder / "imports")
    import_files(store, *(SAMPLE / name for name in REGISTERS))
    return store


def checked(store: Store, file: Path, count: int) -> None:
    """Read and check the file; AssertionError when it was not all read and right."""
    with store.prepare([Source(file.name, file)], today=NOW.date()) as draft:
        good = [table.good for found in draft.files for table in found.tables]
        assert good == [count], draft.files


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(folder: Path, count: int = ROWS, runs: int = RUNS) -> Iterator[Ratio]:
    """The two in turns."""
    print(f"import: {count:,} rows …", file=sys.stderr)
    store, file = registered(folder), cases(folder, count)
    turns = [
        (seconds(lambda: checked(store, file, count)), seconds(lambda: pd.read_csv(file, sep=";")))
        for _ in range(1 + runs)
    ]
    ours, pandas = zip(*turns[1:], strict=True)
    yield Ratio(f"{count:,} rows, checked import", ours, "an unchecked pandas read", pandas, 2.5)
