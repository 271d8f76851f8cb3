"""Temporary folders are removed, whatever happens to the process that reads a file."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from data.base.scratch import FOLDER, remove_orphaned, remove_own, scratch_folder
from data.intake.draft import Source, unique_names
from data.intake.prepare import StoreContext, prepare
from data.store import Store
from tests.data.stores import EVENTS, NOW, write_csv

OWNER = """
import sys
from data.base.scratch import scratch_folder
from pathlib import Path
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "utf8.csv").write_text("850709-9805")
    print(folder, flush=True)
    sys.stdin.read()
"""


def owner(store: Path) -> tuple[subprocess.Popen[str], Path]:
    """Another process, with a scratch folder of its own in the store."""
    command = [sys.executable, "-c", OWNER, str(store)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, Path(process.stdout.readline().strip())


def test_folders_of_dead_processes_are_removed_and_of_living_ones_not(tmp_path: Path) -> None:
    """Whatever their numbers are: a folder is owned by whoever holds its lock."""
    store = Store(tmp_path / "store")
    dead, left = owner(store.folder)
    dead.kill()
    dead.communicate()
    alive, kept = owner(store.folder)
    older = store.folder / FOLDER / f"{os.getpid()}-x"  # from before there were locks
    older.mkdir()
    with store.scratch() as own:
        assert own.parent == store.folder / FOLDER
        assert [path.exists() for path in (left, older, kept)] == [False, False, True]
        remove_orphaned(store.folder)
        assert own.exists()
    alive.communicate("")
    assert list((store.folder / FOLDER).iterdir()) == []


def test_a_process_removes_its_own_folders(tmp_path: Path) -> None:
    remove_own(tmp_path)  # where nothing was ever dropped
    alive, kept = owner(tmp_path)
    with scratch_folder(tmp_path) as own:
        remove_own(tmp_path)
        assert (own.exists(), kept.exists()) == (False, True)
    alive.communicate("")


def test_what_a_killed_server_left_is_removed_at_the_next_look(
    tmp_path: Path, small_store: Callable[..., Store]
) -> None:
    store = small_store({"events": f"{EVENTS}\n2026-01-01;Start\n"})
    killed, left = owner(store.folder)
    killed.kill()
    killed.communicate()
    with Store(store.folder) as served:
        served.database()
        assert not left.exists()


def test_a_draft_uses_a_folder_in_the_store_and_removes_it(tmp_path: Path) -> None:
    store, file = Store(tmp_path / "store"), write_csv(tmp_path, "handelser.csv", EVENTS, "2026-01-01;Start")
    with store.prepare([Source(file.name, file)], today=NOW.date()):
        assert sorted(path.suffix for path in (store.folder / FOLDER).iterdir()) == ["", ".lock"]
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
