"""Power cuts, full disks and two at once: the whole old state or the whole new one, and a sentence about it."""

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import pytest

from data.archive.log import Archive
from data.base.errors import ImportBusy
from data.serving.recovery import leftovers
from data.store import Store
from tests.data import full_disk
from tests.data.stores import BUDGET, NOW, ROLE, import_files, table_rows, write_csv

pytestmark = pytest.mark.no_cover  # other tests run the same code

ROWS = 4000
KILLS = 5
CHANGES = 20  # one more, or a few, than the changes to files that an import makes


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that holds one import of 1,000 kronor, and `big.csv` to import into it."""
    folder = tmp_path_factory.mktemp("base")
    import_files(Store(folder / "store"), write_csv(folder, "old.csv", BUDGET, "2000;SKOL;fast;1000"))
    lines = (f"{2000 + i % 100};V-{i};fast;1" for i in range(ROWS))
    write_csv(folder, "big.csv", BUDGET, *lines)
    return folder


@pytest.fixture
def folder(base: Path, tmp_path: Path) -> Path:
    """A copy of the base to break."""
    return shutil.copytree(base, tmp_path / "copy")


def importer(folder: Path, kill_at: int = 0, file_size: int = 0) -> subprocess.Popen[str]:
    """Another process that imports `big.csv`; returns when its files are checked and the commit begins.

    It is killed at the change of this number, or may write no files larger than so many bytes.
    """
    command = [sys.executable, "-m", "tests.data.importer", str(folder / "store"), str(folder / "big.csv")]
    command += [str(kill_at), str(file_size)]
    # A pipe for what it says, too: the limit on the size of files would cut a file that pytest captures it in.
    unmeasured = {
        key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")
    }  # a file, limited too
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=unmeasured)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def budget(store: Store) -> tuple[int, int]:
    """The rows and kronor of the budget."""
    ((count, amount),) = table_rows(store.database(), "budgets", "count(*), sum(amount)::INTEGER")
    return count, amount


def sentences(store: Store) -> list[str]:
    return [n.sentence() for n in store.database().notices]


OLD, NEW = (1, 1000), (1 + ROWS, 1000 + ROWS)


@pytest.fixture(scope="module")
def whole_import(base: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """The seconds that an import takes which nobody kills."""
    folder = shutil.copytree(base, tmp_path_factory.mktemp("whole") / "copy")
    process = importer(folder)
    start = time.monotonic()
    assert process.wait(60) == 0
    assert budget(Store(folder / "store")) == NEW
    return time.monotonic() - start


def check_whole(folder: Path) -> tuple[int, int]:
    """The store shows the whole old or new state, says what happened, and takes the next change as if nothing had."""
    store = Store(folder / "store")
    known = budget(store)
    assert known in (OLD, NEW)
    assert len(store.history()) == (1 if known == OLD else 2)
    assert leftovers(store.folder) == []
    assert all(s.startswith(("En import avbröts 20", "En ändring sparades men avbröts")) for s in sentences(store))
    store.undo(2, ROLE, NOW) if known == NEW else import_files(store, folder / "big.csv")
    assert budget(store) == (NEW if known == OLD else OLD)
    assert sentences(store) == []
    return known


@pytest.mark.parametrize("part", [(i + 1) / KILLS for i in range(KILLS)])
def test_killed_at_any_moment_it_is_all_or_nothing(folder: Path, whole_import: float, part: float) -> None:
    process = importer(folder)
    time.sleep(whole_import * part)
    process.kill()
    process.wait()
    check_whole(folder)


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_kills(base: Path, tmp_path: Path, whole_import: float, seed: int) -> None:
    """A hundred a seed, from the beginning of the commit to a little after its end: what was told done is there."""
    chance, told, unseen = random.Random(seed), 0, 0
    for _ in range(100):
        folder = shutil.copytree(base, tmp_path / "copy")
        process = importer(folder)
        time.sleep(whole_import * 1.2 * chance.random())
        process.kill()
        acknowledged = "done" in process.communicate()[0]
        known = check_whole(folder)
        assert known == NEW or not acknowledged
        told, unseen = told + acknowledged, unseen + (known == NEW and not acknowledged)
        shutil.rmtree(folder)
    print(f"\nseed {seed}: {told} acknowledged, {unseen} saved before the kill, {100 - told - unseen} not saved")


@pytest.mark.parametrize("number", range(1, CHANGES + 1))
def test_killed_at_any_change_to_a_file_it_is_all_or_nothing(folder: Path, number: int) -> None:
    process = importer(folder, kill_at=number)
    code = process.wait(60)
    assert code in (-signal.SIGKILL, 0)
    known = check_whole(folder)
    assert known == NEW if code == 0 else number < CHANGES  # the last is past the end: every one before it was tried


@contextmanager
def held(folder: Path, who: str | None = "Anna-rollen") -> Iterator[None]:
    """Another process's hold on the lock, and what it says of itself; killed at the end."""
    store = folder / "store"
    code = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print(1, flush=True); input()"
    command = [sys.executable, "-c", code, str(store / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        if who is not None:
            note = {"who": who, "pid": process.pid, "since": "2026-11-23T10:32:00"}
            (store / "lock.json").write_text(json.dumps(note), "utf-8")
        yield
        process.kill()


class TestInterrupted:
    """What a dead import leaves is taken away and told, once it is certain that it is dead."""

    def leave(self, folder: Path) -> Path:
        unfinished = folder / "store" / "archive" / "000002-batches-2-2.tmp"
        write_csv(unfinished, "000002-01-budgets.parquet", "half")
        moment = datetime(2026, 11, 23, 10, 32).timestamp()
        for path in (*unfinished.iterdir(), unfinished):
            os.utime(path, (moment, moment))
        write_csv(folder / "store" / "versions", "v000002.duckdb.tmp", "half")
        return unfinished

    def test_it_is_said(self, folder: Path) -> None:
        self.leave(folder)
        store = Store(folder / "store")
        assert budget(store) == OLD
        assert sentences(store) == [
            "En import avbröts 2026-11-23 kl. 10.32. Inget i den kom med och inget annat ändrades.",
        ]
        assert leftovers(store.folder) == []

    def test_a_live_one_is_left_alone(self, folder: Path) -> None:
        unfinished = self.leave(folder)
        with held(folder):
            assert budget(Store(folder / "store")) == OLD
            assert unfinished.exists()

    def test_saved_but_not_shown_is_rebuilt(self, folder: Path) -> None:
        store = Store(folder / "store")
        pointer = store.folder / "current.json"
        before = pointer.read_bytes()
        import_files(store, folder / "big.csv")
        pointer.write_bytes(before)
        for path in (store.folder / "versions").glob("v000002*"):
            path.unlink()
        fresh = Store(folder / "store")
        assert budget(fresh) == NEW
        assert sentences(fresh) == [
            "En ändring sparades men avbröts innan den hann visas. Databasen har byggts om och ändringen är med.",
        ]


class TestTwoAtOnce:
    @pytest.mark.parametrize(
        ("who", "sentence"),
        [
            ("Anna-rollen", "Någon annan importerar just nu (Anna-rollen, sedan 10.32). Försök igen om en stund."),
            ("", "Databasen byggs om just nu (sedan 10.32). Försök igen om en stund."),
            (None, "Någon annan importerar just nu. Försök igen om en stund."),
        ],
    )
    def test_the_second_is_told_who_is_first(self, folder: Path, who: str | None, sentence: str) -> None:
        store = Store(folder / "store")
        with held(folder, who), pytest.raises(ImportBusy) as caught:
            import_files(store, folder / "big.csv")
        assert caught.value.sentence() == sentence
        assert budget(store) == OLD

    def test_a_dead_holder_does_not_hold_it(self, folder: Path) -> None:
        with held(folder):
            pass
        assert (folder / "store" / "lock.json").exists()
        store = Store(folder / "store")
        import_files(store, folder / "big.csv")
        assert budget(store) == NEW
        assert not (folder / "store" / "lock.json").exists()

    def test_of_two_real_imports_one_wins_or_both_do(self, folder: Path) -> None:
        first, second = importer(folder), importer(folder)
        codes = [first.wait(60), second.wait(60)]
        assert 0 in codes
        assert budget(Store(folder / "store")) == NEW
        assert len(Store(folder / "store").history()) == 2  # the second found it busy, or the same file in force

    def test_readers_go_on_while_somebody_imports(self, folder: Path) -> None:
        with held(folder):
            assert budget(Store(folder / "store")) == OLD


@pytest.fixture(scope="module")
def child() -> Iterator[ProcessPoolExecutor]:
    """A process of its own, whose files can be limited without limiting what pytest writes."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        yield pool


class TestFullDisk:
    """A limit on the size of a file stands in for a full disk: writes fail in the same places."""

    @pytest.mark.parametrize("size", [0, 60, 700, 3000, 13_000, 50_000, 1_000_000])
    def test_everything_is_as_before(self, folder: Path, child: ProcessPoolExecutor, size: int) -> None:
        store = Store(folder / "store")
        store.database()
        before = sorted(p for p in store.folder.rglob("*") if p.name != "lock")
        message = child.submit(full_disk.undo, store.folder, size).result(60)
        assert message == "Disken är full. Ingenting ändrades. Frigör utrymme och försök igen."
        assert sorted(p for p in store.folder.rglob("*") if p.name != "lock") == before
        assert budget(store) == budget(Store(folder / "store")) == OLD

    @pytest.mark.parametrize("size", [1, 2000, 12_000, 100_000])
    def test_an_import_leaves_nothing_behind(self, folder: Path, size: int) -> None:
        process = importer(folder, file_size=size)
        _, complaint = process.communicate(timeout=60)
        assert (process.returncode, "The disk is full" in complaint) == (1, True)
        store = Store(folder / "store")
        assert (budget(store), len(store.history()), leftovers(store.folder), sentences(store)) == (OLD, 1, [], [])

    def test_a_damaged_version_on_a_full_disk_leaves_an_older_one(
        self, folder: Path, child: ProcessPoolExecutor
    ) -> None:
        store = Store(folder / "store")
        import_files(store, folder / "big.csv")
        os.truncate(next((store.folder / "versions").glob("v000002-*.duckdb")), 100)
        total, notices = child.submit(full_disk.read, store.folder, 1000).result(60)
        assert total == OLD
        assert notices[0].startswith("Den senaste databasen är skadad och kunde inte byggas om")


def test_the_lock_is_the_kernels(folder: Path) -> None:
    with (folder / "store" / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(ImportBusy):
            Store(folder / "store").undo(1, ROLE, NOW)
    assert Archive(folder / "store" / "archive").state().entries == 1
