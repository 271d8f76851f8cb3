"""Disks that fail and memory that runs out, at every call of the write path: all or nothing, and a sentence that is true."""

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from data.base.errors import ImportFailed, StoreError
from data.build import carried
from data.intake.draft import Source
from data.serving.recovery import leftovers
from data.store import Store
from tests.data.stores import BUDGET, NOW, ROLE, import_files, table_rows, write_csv

TRIED = 4
Trouble = Callable[[Path], Any]
WRITES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir")
ERRORS: tuple[Callable[[], BaseException], ...] = (
    lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    lambda: OSError(errno.EIO, os.strerror(errno.EIO)),
    MemoryError,
)
_armed: list[Callable[[], None]] = []  # what is called before each write of the store; an audit hook cannot be removed
_folder: list[Path] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _armed or event not in WRITES or not str(arguments[0]).startswith(f"{_folder[0]}/"):
        return
    if event != "open" or arguments[1] in ("w", "wb") or arguments[2] & (os.O_WRONLY | os.O_RDWR):
        _armed[0]()


sys.addaudithook(_watch)


@contextmanager
def failing(
    folder: Path, number: int, error: Callable[[], BaseException] = MemoryError, lasting: bool = False
) -> Iterator[list[int]]:
    """The nth write or flush in the folder fails, or all from the nth on where it is `lasting`. Yields [the calls so far]."""
    calls, fsync = [0], os.fsync

    def fail() -> None:
        calls[0] += 1
        if calls[0] == number or (lasting and calls[0] > number):
            raise error()

    def on_fsync(handle: int) -> None:
        fail()
        fsync(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", on_fsync)
        _folder[:], _armed[:] = [folder], [fail]
        try:
            yield calls
        finally:
            _armed.clear()


@contextmanager
def out_of_memory(folder: Path, number: int) -> Iterator[list[int]]:
    """The nth call of a function of ours fails for lack of memory. Yields [the calls so far]."""
    calls = [0]

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and f"{os.sep}data{os.sep}" in frame.f_code.co_filename:
            calls[0] += 1
            if calls[0] == number:
                raise MemoryError

    sys.setprofile(watch)
    try:
        yield calls
    finally:
        sys.setprofile(None)


@pytest.fixture(autouse=True)
def _carried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each build takes over from the version before, as with many cases: it does all that another does, and more."""
    monkeypatch.setattr(carried, "ROW_GROUP", 0)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of two imports, and a file to import."""
    folder = tmp_path_factory.mktemp("failing")
    for year in (2025, 2026):
        import_files(Store(folder / "store"), write_csv(folder, f"{year}.csv", BUDGET, f"{year};SKOL;fast;{year}"))
    write_csv(folder, "2027.csv", BUDGET, "2027;SKOL;fast;2027")
    return folder


OLD = {2025, 2026}
CHANGES = {"undo": {2025}, "import": {*OLD, 2027}}  # and what is in force afterwards


def years(store: Store) -> set[int]:
    return {year for (year,) in table_rows(store.database(), "budgets", "year")}


def attempt(folder: Path, name: str, trouble: Trouble) -> tuple[str, int]:
    """Make the change in trouble; what was told ("" when it was done), and how many calls there were."""
    file, told = folder / "2027.csv", ""
    with Store(folder / "store") as store, store.prepare([Source(file.name, file)], NOW.date()) as draft:
        store.database()
        with trouble(folder) as calls:
            try:
                store.undo(2, ROLE, NOW) if name == "undo" else store.commit(draft, {}, ROLE, NOW)
            except StoreError as error:
                told = error.text
            except MemoryError:  # before the change began, or after it was done: it is told as what it is
                told = ImportFailed.UNCERTAIN
    return told, calls[0]


def count_calls(base: Path, folder: Path, name: str, trouble: Callable[..., Any]) -> int:
    """How many calls the change makes when none fails."""
    copy = shutil.copytree(base, folder / "whole")
    told, calls = attempt(copy, name, partial(trouble, number=0))
    shutil.rmtree(copy)
    assert told == "" and calls >= TRIED
    return calls


def fails(base: Path, folder: Path, name: str, trouble: Trouble) -> str:
    """Make the change in trouble on a copy, and check what is left; returns what was told."""
    copy = shutil.copytree(base, folder / "copy")
    told, _ = attempt(copy, name, trouble)
    store, new = Store(copy / "store"), CHANGES[name]
    known = years(store)
    assert known in (OLD, new)
    assert told == ImportFailed.UNCERTAIN or known == (OLD if told else new), told
    assert store.database().faults == () and leftovers(store.folder) == []
    store.redo(2, ROLE, NOW) if known == {2025} else store.undo(
        1, ROLE, NOW
    )  # the next change is made as if nothing was
    store.close()
    shutil.rmtree(copy)
    return told


@pytest.mark.parametrize("name", CHANGES)
def test_a_disk_that_fails_once(name: str, base: Path, tmp_path: Path) -> None:
    """At some of the writes, with each error; at every write in `make fuzz`."""
    total = count_calls(base, tmp_path, name, failing)
    each = [(n, error) for n, error in zip(range(1, total + 1, total // TRIED), cycle(ERRORS))]
    outcomes = [fails(base, tmp_path, name, partial(failing, number=n, error=error)) for n, error in each]
    assert {ImportFailed.FULL, ImportFailed.MEMORY} & set(outcomes)


@pytest.mark.parametrize("error", ERRORS[1:], ids=["io", "memory"])
def test_what_fails_for_good_around_the_commit(error: Callable[[], BaseException], base: Path, tmp_path: Path) -> None:
    """Where the entry is there, and can be neither confirmed nor withdrawn, the sentence says that it may be there."""
    outcomes = [
        fails(base, tmp_path, "undo", partial(failing, number=n, error=error, lasting=True)) for n in (14, 15, 16)
    ]
    assert ImportFailed.UNCERTAIN in outcomes


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a generator that is closed
@pytest.mark.parametrize("name", CHANGES)
def test_memory_that_runs_out(name: str, base: Path, tmp_path: Path) -> None:
    """At some of the calls of our functions; at many more in `make fuzz`."""
    total = count_calls(base, tmp_path, name, out_of_memory)
    outcomes = [
        fails(base, tmp_path, name, partial(out_of_memory, number=n))
        for n in range(total // TRIED, total, total // TRIED)
    ]
    assert ImportFailed.MEMORY in outcomes


def freeze(base: Path, folder: Path, trouble: Trouble) -> tuple[str, int]:
    """Freeze a report in trouble on a copy, and check what is left; returns what was told, and how many calls there were."""
    copy, told = folder / "copy", ""
    shutil.copytree(base, copy)
    with Store(copy / "store") as store:
        store.database()
        with trouble(copy) as calls:
            try:
                store.freeze("Delår", {"a": 1}, ROLE, NOW)
            except StoreError as error:
                told = error.text
    with Store(copy / "store") as store:
        frozen = [store.report(one.number) for one in store.reports()]
        assert frozen in ([], [{"a": 1}])
        assert told == ImportFailed.UNCERTAIN or bool(frozen) == (told == ""), told
        assert store.database().faults == () and leftovers(store.folder) == [] and years(store) == OLD
    shutil.rmtree(copy)
    return told, calls[0]


def test_a_report_is_frozen_whole_or_not_at_all(base: Path, tmp_path: Path) -> None:
    """Each write of it fails once; whatever is told, it is there as it was made, or not there."""
    told, total = freeze(base, tmp_path, partial(failing, number=0))
    assert told == "" and total >= TRIED
    outcomes = [
        freeze(base, tmp_path, partial(failing, number=n, error=error))[0]
        for n, error in zip(range(1, total + 1), cycle(ERRORS), strict=False)
    ]
    assert {ImportFailed.FULL, ImportFailed.MEMORY} & set(outcomes)


@pytest.mark.fuzz
@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("error", ERRORS, ids=["full", "io", "memory"])
@pytest.mark.parametrize("name", CHANGES)
def test_every_write(name: str, error: Callable[[], BaseException], lasting: bool, base: Path, tmp_path: Path) -> None:
    total = count_calls(base, tmp_path, name, failing)
    for n in range(1, total + 1):
        fails(base, tmp_path, name, partial(failing, number=n, error=error, lasting=lasting))
    print(f"\n{name}: {total} writes")


@pytest.mark.fuzz
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", CHANGES)
def test_every_call(name: str, base: Path, tmp_path: Path) -> None:
    total = count_calls(base, tmp_path, name, out_of_memory)
    for n in range(1, total + 1, 13):
        fails(base, tmp_path, name, partial(out_of_memory, number=n))
    print(f"\n{name}: every 13th of {total} calls")
