"""The archive is the truth: it is only added to, and says which entry is damaged."""

import json
import shutil
from pathlib import Path

import pytest

from data.archive.log import Archive
from data.archive.state import damage_notices
from data.store import Store
from tests.data.stores import BUDGET, EVENTS, NOW, ROLE, import_files, write_csv


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two drops: batch 1 a budget, then 2 a budget and 3 an event; only copied."""
    folder = tmp_path_factory.mktemp("archive")
    store = Store(folder / "store")
    import_files(store, write_csv(folder, "b1.csv", BUDGET, "2025;SKOL;fast;100"))
    second = write_csv(folder, "b2.csv", BUDGET, "2026;SKOL;fast;200")
    import_files(store, second, write_csv(folder, "e.csv", EVENTS, "2026-01-01;Start"))
    return store.folder


@pytest.fixture
def store(base: Path, tmp_path: Path) -> Store:
    """A copy of the base to change."""
    return Store(shutil.copytree(base, tmp_path / "store"))


def entry(store: Store, number: int) -> Path:
    return next((store.folder / "archive").glob(f"{number:06}-*"))


def state_of(store: Store, deep: bool = False) -> tuple[list[int], list[str]]:
    """The batches in force, and what is said of damage."""
    state = Archive(store.folder / "archive").state(deep=deep)
    return [b.number for b in state.active], [n.sentence() for n in damage_notices(state)]


def test_an_entry_tells_what_was_imported(store: Store) -> None:
    raw = json.loads((entry(store, 2) / "commit.json").read_text("utf-8"))
    assert [b["number"] for b in raw["batches"]] == [2, 3]
    first = raw["batches"][0]
    assert (first["file"], first["who"], first["at"], first["choice"]) == ("b2.csv", ROLE, NOW.isoformat(), "all")
    assert first["tables"] == [
        {
            "dataset": "budgets",
            "sheet": None,
            "rows": 1,
            "refused": 0,
            "cover": None,
            "file": "000002-01-budgets.parquet",
            "gaps": None,
            "told": None,
            "keep_higher": False,
        }
    ]
    assert len(first["checksum"]) == 64
    assert first["size"] > 0


def test_nothing_in_the_archive_is_ever_changed(store: Store) -> None:
    before = {p: p.read_bytes() for p in (store.folder / "archive").rglob("*") if p.is_file()}
    store.undo(2, ROLE, NOW)
    store.redo(2, ROLE, NOW)
    assert {p: p.read_bytes() for p in before} == before
    assert [p.name for p in sorted((store.folder / "archive").iterdir())][2:] == [
        "000003-undo-2.json",
        "000004-redo-2.json",
    ]


def test_an_undone_batch_keeps_who_undid_it_and_when(store: Store) -> None:
    store.undo(2, "kanslichef", NOW)
    batch = store.history()[1]
    assert not batch.active
    assert [(c.kind, c.who, c.at) for c in batch.changes] == [("undo", "kanslichef", NOW)]


@pytest.mark.parametrize("left", [0, 10])
def test_a_truncated_commit_is_said_and_the_rest_is_read(store: Store, left: int) -> None:
    file = entry(store, 2) / "commit.json"
    file.write_bytes(file.read_bytes()[:left])
    active, sentences = state_of(store)
    assert active == [1]
    assert len(sentences) == 1
    assert sentences[0].startswith("Import 2, 3 (000002-batches-2-3 i arkivet) är skadad")
    assert "säkerhetskopia" in sentences[0]


def test_a_commit_that_is_json_but_not_a_commit_is_damaged(store: Store) -> None:
    (entry(store, 1) / "commit.json").write_text('{"batches": [{}], "files": {}}', "utf-8")
    assert state_of(store)[0] == [2, 3]


def test_a_truncated_parquet_file_is_damage(store: Store) -> None:
    file = next(entry(store, 1).glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1])
    assert state_of(store)[0] == [2, 3]


def test_a_changed_byte_is_seen_when_every_byte_is_read(store: Store) -> None:
    file = next(entry(store, 1).glob("*.parquet"))
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    assert state_of(store)[0] == [1, 2, 3]
    assert state_of(store, deep=True)[0] == [2, 3]


def test_a_missing_file_is_damage(store: Store) -> None:
    next(entry(store, 1).glob("*.parquet")).unlink()
    assert state_of(store)[0] == [2, 3]


def test_a_missing_entry_is_said(store: Store) -> None:
    entry(store, 1).rename(store.folder / "elsewhere")
    active, sentences = state_of(store)
    assert active == [2, 3]
    assert sentences == ["Post 000001 saknas i arkivet. Återställ den från en säkerhetskopia."]


def test_a_damaged_undo_still_holds(store: Store) -> None:
    store.undo(1, ROLE, NOW)
    entry(store, 3).write_bytes(b"")
    active, sentences = state_of(store)
    assert active == [2, 3]
    assert len(sentences) == 1
    assert sentences[0].startswith("000003-undo-1.json i arkivet är skadad")


def test_a_damaged_batch_that_is_undone_no_longer_matters(store: Store) -> None:
    (entry(store, 1) / "commit.json").unlink()
    store.undo(1, ROLE, NOW)
    assert state_of(store) == ([2, 3], [])


def test_a_new_import_never_takes_the_number_of_a_damaged_one(store: Store, tmp_path: Path) -> None:
    (entry(store, 2) / "commit.json").unlink()
    (batch,) = import_files(store, write_csv(tmp_path, "b4.csv", BUDGET, "2024;SKOL;fast;1"))
    assert batch.number == 4
    assert entry(store, 3).name == "000003-batches-4-4"


def test_other_files_in_the_folder_are_left_alone(store: Store) -> None:
    (store.folder / "archive" / "anteckningar.txt").write_text("hej", "utf-8")
    assert state_of(store) == ([1, 2, 3], [])
