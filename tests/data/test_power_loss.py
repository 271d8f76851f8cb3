"""Power cuts at any point and in any order of what was not flushed: the old state or the new, and what was told done is."""

import shutil
from collections.abc import Callable
from copy import copy
from itertools import islice
from pathlib import Path

import pytest

from data.archive.log import Archive
from data.build import carried
from data.store import Store
from tests.data.archive.test_archive import without_chain
from tests.data.power_loss import CrashState, Recorder, crash_states
from tests.data.stores import BUDGET, NOW, ROLE, import_files, table_rows, write_csv

pytestmark = pytest.mark.no_cover  # other tests run the same code

OPENED = 2  # in `make test`, so many of the states are opened as a server does; all are checked as an archive


def first_import(store: Store, folder: Path) -> None:
    import_files(store, write_csv(folder, "b1.csv", BUDGET, "2025;SKOL;fast;100"))


def second_import(store: Store, folder: Path) -> None:
    import_files(store, write_csv(folder, "b2.csv", BUDGET, "2026;SKOL;fast;200"))


def undo(store: Store, _: Path) -> None:
    store.undo(1, ROLE, NOW)


def redo(store: Store, _: Path) -> None:
    store.redo(1, ROLE, NOW)


def import_into_old(store: Store, folder: Path) -> None:
    import_files(store, write_csv(folder, "b3.csv", BUDGET, "2027;SKOL;fast;300"))


CHANGES: dict[str, tuple[Callable[[Store, Path], None], list[int], list[int]]] = {
    "first": (first_import, [], [1]),
    "second": (second_import, [1], [1, 2]),
    "undo": (undo, [1, 2], [2]),
    "redo": (redo, [2], [1, 2]),
    "old": (import_into_old, [1, 2], [1, 2, 3]),  # an archive from before chains, which is sealed first
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recorder]:
    """What each change does to the disk, one after the other on the same store."""
    folder = tmp_path_factory.mktemp("recorded")
    root = folder / "root"
    root.mkdir()
    result = {}
    for name, (change, _, _) in CHANGES.items():
        if name == "old":
            without_chain(Store(root / "store"))
        recorder = Recorder(root)
        with Store(root / "store") as store, pytest.MonkeyPatch.context() as patch, recorder.recording():
            patch.setattr(carried, "ROW_GROUP", 0)  # each takes over from the version before, as with many cases
            change(store, folder)
        result[name] = recorder
    return result


def in_force(store: Path) -> list[int]:
    """The batches in force of a store whose archive is whole."""
    state = Archive(store / "archive").state(deep=True)
    assert [n.sentence() for n in state.notices] == []
    return [b.number for b in state.active]


def check(state: CrashState, recorder: Recorder, folder: Path, old: list[int], new: list[int]) -> list[int]:
    """Write the state, and check what the archive in it says."""
    state.write(folder, recorder.blobs)
    known = in_force(folder / "store")
    assert known == new if state.acknowledged else known in (old, new)
    return known


@pytest.mark.parametrize("name", CHANGES)
def test_a_power_cut_leaves_the_old_state_or_the_new(name: str, recorded: dict[str, Recorder], tmp_path: Path) -> None:
    _, old, new = CHANGES[name]
    states = list(crash_states(recorded[name]))
    assert any(s.acknowledged for s in states) and len(states) > 20
    seen = set()
    for i, state in enumerate(states):
        seen.add(tuple(check(state, recorded[name], tmp_path / str(i), old, new)))
        if i % (len(states) // OPENED) or name == "first":
            shutil.rmtree(tmp_path / str(i))
    assert seen == {tuple(old), tuple(new)}
    for folder in tmp_path.iterdir():
        opens(folder / "store", in_force(folder / "store"))


def opens(folder: Path, known: list[int]) -> None:
    """The store is served as its archive says, without a fault, and takes the next change."""
    with Store(folder) as store:
        database = store.database()
        assert database.faults == ()
        assert database.example == (not known)
        assert not known or {batch for (batch,) in table_rows(database, "budgets", "DISTINCT batch")} == set(known)
        store.redo(1, ROLE, NOW) if 1 not in known and store.history() else None


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", CHANGES)
def test_every_state_opens(name: str, seed: int, recorded: dict[str, Recorder], tmp_path: Path) -> None:
    _, old, new = CHANGES[name]
    for i, state in enumerate(crash_states(recorded[name], seed)):
        folder = tmp_path / str(i)
        known = check(state, recorded[name], folder, old, new)
        if i % 10 == seed:
            opens(folder / "store", known)
        shutil.rmtree(folder)
    print(f"\n{name}, seed {seed}: {i + 1} states")


def test_without_flushes_it_would_be_found(recorded: dict[str, Recorder], tmp_path: Path) -> None:
    """The harness can fail: had the program flushed nothing, acknowledged imports would be lost or damaged."""
    recorder = recorded["second"]
    begun = recorder.ops[: recorder.begun]
    careless = copy(recorder)
    careless.ops = [*begun, *(op for op in recorder.ops[recorder.begun :] if not op.flush)]
    careless.begun = careless.acknowledged = len(careless.ops)
    wrong = 0
    for i, state in enumerate(islice(crash_states(careless), 60)):
        try:
            check(state, careless, tmp_path / str(i), [1], [1, 2])
        except AssertionError:
            wrong += 1
    assert wrong > 10


def test_what_is_not_flushed_is_lost(tmp_path: Path) -> None:
    """The harness itself: an unflushed write, a rename before its bytes, an entry whose folder was not flushed."""
    recorder = Recorder(tmp_path)
    with recorder.recording():
        (tmp_path / "a.tmp").write_bytes(b"new")
        (tmp_path / "a.tmp").rename(tmp_path / "a")
    contents = {
        recorder.blobs[digest]
        for state in islice(crash_states(recorder), 100)
        for digest in state.files.values()
        if digest
    }
    names = {tuple(state.files) for state in crash_states(recorder)}
    assert contents == {b"new", b"n", b""}
    assert names == {(), ("a.tmp",), ("a",)}
