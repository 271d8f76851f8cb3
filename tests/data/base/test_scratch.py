"""Temporary folders are removed, whatever happens to the process that reads a file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.base.scratch import FOLDER, remove_own
from data.intake.draft import Source, unique_names
from data.intake.prepare import StoreContext, prepare
from data.store import Store
from tests.data.stores import EVENTS, NOW, write_csv


def dead_process() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_folders_of_dead_processes_are_removed_and_of_living_ones_not(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    dead, alive = (store.folder / FOLDER / f"{process}-x" for process in (dead_process(), os.getpid()))
    for folder in (dead, alive):
        folder.mkdir(parents=True)
        (folder / "utf8.csv").write_text("850709-9805")
    with store.scratch() as own:
        assert own.parent == store.folder / FOLDER
        assert not dead.exists()
        assert alive.exists()
    assert not own.exists()


def test_a_process_removes_its_own_folders(tmp_path: Path) -> None:
    remove_own(tmp_path)  # where nothing was ever dropped
    own, others = (tmp_path / FOLDER / f"{process}-x" for process in (os.getpid(), f"{os.getpid()}0"))
    for folder in (own, others):
        folder.mkdir(parents=True)
        (folder / "utf8.csv").write_text("850709-9805")
    remove_own(tmp_path)
    assert (own.exists(), others.exists()) == (False, True)


def test_a_draft_uses_a_folder_in_the_store_and_removes_it(tmp_path: Path) -> None:
    store, file = Store(tmp_path / "store"), write_csv(tmp_path, "handelser.csv", EVENTS, "2026-01-01;Start")
    with store.prepare([Source(file.name, file)], today=NOW.date()):
        assert [path.name.partition("-")[0] for path in (store.folder / FOLDER).iterdir()] == [str(os.getpid())]
    assert list((store.folder / FOLDER).iterdir()) == []


def test_a_read_only_store_does_not_stop_the_reading(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    file = write_csv(tmp_path, "handelser.csv", EVENTS, "2026-01-01;Start")
    with prepare([Source(file.name, file)], NOW.date(), StoreContext(folder=tmp_path / "store")) as draft:
        assert draft.files[0].tables[0].good == 1


def test_two_files_of_one_draft_have_names_of_their_own(tmp_path: Path) -> None:
    file = write_csv(tmp_path, "handelser.csv", EVENTS, "2026-01-01;Start")
    with pytest.raises(ValueError, match="names of their own"):
        prepare([Source("a.csv", file), Source("a.csv", file)], NOW.date())


@pytest.mark.parametrize(
    ("names", "unique"),
    [
        (["a.csv", "b.csv"], ["a.csv", "b.csv"]),
        (["a.csv", "a.csv", "a.csv"], ["a.csv", "a (2).csv", "a (3).csv"]),
        (["a.csv", "a (2).csv", "a.csv"], ["a.csv", "a (2).csv", "a (3).csv"]),
        (["a", "a"], ["a", "a (2)"]),
    ],
)
def test_names_are_numbered_where_they_repeat(names: list[str], unique: list[str]) -> None:
    assert unique_names(names) == unique
