"""The archive is the truth: it is only added to, and says which entry is damaged."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.archive import contents
from data.archive.log import Archive
from data.archive.records import read_entry
from data.base.atomic_files import encode_json, remove, sha256
from data.base.errors import NothingToChange
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


def flip(file: Path, at: int) -> None:
    """Change one bit of the byte at a place; -1: in the middle."""
    content = bytearray(file.read_bytes())
    content[at if at >= 0 else len(content) // 2] ^= 1
    file.write_bytes(content)


def state_of(store: Store, deep: bool = False) -> tuple[list[int], list[str]]:
    """The batches in force, and what is said of damage."""
    state = Archive(store.folder / "archive").state(deep=deep)
    return [b.number for b in state.active], [n.sentence() for n in state.notices]


DAMAGED = "archive/{} är skadad. Återställ filen från en säkerhetskopia."
MISSING = "archive/{} saknas. Återställ den från en säkerhetskopia."


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
            "told": ["amount", "cost_type", "department_id", "year"],
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
    assert state_of(store) == ([1], [DAMAGED.format("000002-batches-2-3/commit.json")])


def test_a_commit_that_is_json_but_not_a_commit_is_damaged(store: Store) -> None:
    (entry(store, 1) / "commit.json").write_text('{"batches": [{}], "files": {}}', "utf-8")
    assert state_of(store) == ([2, 3], [DAMAGED.format("000001-batches-1-1/commit.json")])


def test_a_truncated_parquet_file_is_damage(store: Store) -> None:
    file = next(entry(store, 1).glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1])
    assert state_of(store) == ([2, 3], [DAMAGED.format(f"000001-batches-1-1/{file.name}")])


def test_a_changed_byte_is_seen_when_every_byte_is_read(store: Store) -> None:
    flip(next(entry(store, 1).glob("*.parquet")), -1)
    assert state_of(store)[0] == [1, 2, 3]
    assert state_of(store, deep=True)[0] == [2, 3]


def test_what_was_read_is_read_again_only_where_it_was_changed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "CLOCK_STEP_NS", 0)  # so that new files are remembered, too
    archive, read = Archive(store.folder / "archive"), list[Path]()
    before = archive.state(deep=True)
    file = next(entry(store, 1).glob("*.parquet"))

    def noted(reader: Callable[..., Any]) -> Callable[..., Any]:
        def note(path: Path, *rest: Any) -> Any:
            read.append(path)
            return reader(path, *rest)

        return note

    monkeypatch.setattr(contents, "sha256", noted(sha256))
    monkeypatch.setattr(contents, "read_entry", noted(read_entry))
    assert archive.state(deep=True) == before and read == []
    flip(file, -1)
    assert [b.number for b in archive.state(deep=True).active] == [2, 3] and read == [file]
    flip(file, -1)
    assert archive.state(deep=True) == before and read == [file, file]
    (entry(store, 2) / "commit.json").write_bytes(b"{}")
    assert [b.number for b in archive.state(deep=True).active] == [1] and read == [file, file, entry(store, 2)]
    file.unlink()
    assert MISSING.format(f"000001-batches-1-1/{file.name}") in [n.sentence() for n in archive.state().notices]


def test_a_byte_that_spoils_by_itself_is_seen_by_those_who_ask_for_every_byte(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        contents, "_stamp", lambda path: (0, 0, 0, Path(path).stat().st_size)
    )  # nothing tells of a write
    assert store.verify()[0].is_whole
    file = next(entry(store, 1).glob("*.parquet"))
    flip(file, -1)
    assert [n.sentence() for n in store.verify()[0].notices] == [DAMAGED.format(f"000001-batches-1-1/{file.name}")]


def test_a_missing_record_is_damage(store: Store) -> None:
    (entry(store, 1) / "commit.json").unlink()
    assert state_of(store) == ([2, 3], [MISSING.format("000001-batches-1-1/commit.json")])


def test_a_missing_file_is_damage(store: Store) -> None:
    file = next(entry(store, 1).glob("*.parquet"))
    file.unlink()
    assert state_of(store) == ([2, 3], [MISSING.format(f"000001-batches-1-1/{file.name}")])


@pytest.mark.parametrize("number", [1, 2])
def test_a_missing_entry_is_named_also_where_it_is_the_last(store: Store, number: int) -> None:
    name = entry(store, number).name
    entry(store, number).rename(store.folder / "elsewhere")
    assert state_of(store) == ([2, 3] if number == 1 else [1], [MISSING.format(name)])


def test_an_empty_archive_where_there_was_one_is_lost(store: Store) -> None:
    shutil.rmtree(store.folder / "archive")
    (sentence,) = state_of(store)[1]
    assert sentence == (
        "Arkivet över importer är tomt eller saknas, fast 2 ändringar har sparats i det. "
        "Återställ mappen archive från en säkerhetskopia."
    )


def test_a_renamed_entry_is_told_its_name(store: Store) -> None:
    entry(store, 1).rename(store.folder / "archive" / "000003-batches-7-7")
    sentence = "archive/000003-batches-7-7 har fått ett annat namn. Byt tillbaka det till 000001-batches-1-1."
    assert state_of(store) == ([2, 3], [sentence])


def test_a_copy_of_an_entry_is_named(store: Store) -> None:
    shutil.copytree(entry(store, 1), store.folder / "archive" / "000003-batches-4-4")
    sentence = "archive/000003-batches-4-4 hör inte till arkivet. Flytta bort den därifrån."
    assert state_of(store) == ([1, 2, 3], [sentence])


def test_an_entry_of_another_archive_is_named(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    import_files(other, write_csv(tmp_path, "x.csv", BUDGET, "2020;SKOL;fast;1"))
    shutil.rmtree(entry(store, 1))
    shutil.copytree(entry(other, 1), store.folder / "archive" / entry(other, 1).name)
    assert state_of(store) == ([2, 3], [DAMAGED.format("000001-batches-1-1/commit.json")])


@pytest.mark.parametrize("content", [None, "", '{"entries": 1, "last": null}'])
def test_a_head_that_is_missing_or_damaged_is_named_and_made_anew_by_a_build(store: Store, content: str | None) -> None:
    head = store.folder / "head.json"
    head.unlink() if content is None else head.write_text(content, "utf-8")
    active, (sentence,) = state_of(store)
    assert active == [1, 2, 3]
    assert sentence == (
        "head.json, som säger var arkivet slutar, saknas eller är skadad. Återställ den från en säkerhetskopia, "
        "eller kör python -m data build för att ta arkivet som det är."
    )
    store.build(NOW)
    assert state_of(store) == ([1, 2, 3], [])


def test_a_head_that_lags_behind_a_power_cut_is_no_damage(store: Store) -> None:
    before = (store.folder / "head.json").read_bytes()
    store.undo(1, ROLE, NOW)
    (store.folder / "head.json").write_bytes(before)
    assert state_of(store) == ([2, 3], [])
    store.redo(1, ROLE, NOW)
    assert state_of(store) == ([1, 2, 3], [])


def test_a_damaged_undo_still_holds(store: Store) -> None:
    store.undo(1, ROLE, NOW)
    entry(store, 3).write_bytes(b"")
    assert state_of(store) == ([2, 3], [DAMAGED.format("000003-undo-1.json")])


def test_other_files_in_the_folder_are_left_alone(store: Store) -> None:
    (store.folder / "archive" / "anteckningar.txt").write_text("hej", "utf-8")
    assert state_of(store) == ([1, 2, 3], [])


def without_chain(store: Store) -> Store:
    """The store as it was before archives had chains."""
    (store.folder / "head.json").unlink()
    for path in [*store.folder.glob("archive/*/commit.json"), *store.folder.glob("archive/*.json")]:
        raw = json.loads(path.read_text("utf-8"))
        plain = {key: value for key, value in raw.items() if key not in ("digest", "entry", "previous")}
        path.write_bytes(encode_json(plain))
    return Store(store.folder)


class TestBeforeThereWereChains:
    """An archive without digests gets a chain at its first change, without loss, and that is told once."""

    @pytest.fixture
    def old(self, store: Store) -> Store:
        store.undo(2, ROLE, NOW)
        return without_chain(store)

    def test_it_is_read_as_it_is(self, old: Store) -> None:
        assert state_of(old, deep=True) == ([1, 3], [])

    def test_the_first_change_seals_it_and_it_is_told_once(self, old: Store) -> None:
        before = {p: p.read_bytes() for p in old.folder.glob("archive/**/*") if p.is_file()}
        old.redo(2, ROLE, NOW)
        assert {p: p.read_bytes() for p in before} == before
        assert [entry(old, n).name for n in (4, 5)] == ["000004-seal.json", "000005-redo-2.json"]
        assert state_of(old, deep=True) == ([1, 2, 3], [])
        told = [n.sentence() for n in old.database().notices]
        assert told == [
            "Arkivet över importer har fått en kedja av kontrollsummor. "
            "Från och med nu nämns varje fil som ändras, saknas eller byter namn.",
        ]
        old.undo(2, ROLE, NOW)
        assert [n.sentence() for n in old.database().notices] == []

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_then_its_old_entries_are_held_too(self, old: Store, number: int) -> None:
        old.redo(2, ROLE, NOW)
        record = entry(old, number) / "commit.json" if entry(old, number).is_dir() else entry(old, number)
        flip(record, 20)
        assert state_of(old)[1] == [DAMAGED.format(record.relative_to(old.folder / "archive"))]

    def test_a_hole_in_it_is_damage_before_that_too(self, old: Store) -> None:
        shutil.rmtree(entry(old, 1))
        assert state_of(old)[1] == ["Arkivets del 000001 saknas. Återställ den från en säkerhetskopia."]

    def test_one_that_is_gone_is_lost(self, old: Store) -> None:
        old.build(NOW)
        (old.folder / "head.json").unlink(missing_ok=True)
        shutil.rmtree(old.folder / "archive")
        database = Store(old.folder).database()
        assert not database.example
        assert database.faults[0].sentence().startswith("Arkivet över importer är tomt eller saknas, fast filer har")


class TestAcceptedDamage:
    """What is damaged can be given up: that is an entry of its own, and the archive is whole again."""

    def test_it_is_named_and_never_read_again(self, store: Store) -> None:
        flip(next(entry(store, 2).glob("*.parquet")), 20)
        told = [n.sentence() for n in store.accept_damage(ROLE, NOW)]
        assert told == ["Bortvalt: import 2, 3, 000002-batches-2-3 i arkivet."]
        assert state_of(store, deep=True) == ([1], [])
        assert entry(store, 3).name == "000003-seal.json"
        assert [(b.number, b.given_up) for b in store.history()] == [(1, False), (2, True), (3, True)]

    def test_it_is_not_put_back(self, store: Store) -> None:
        flip(entry(store, 2) / "commit.json", 20)
        store.accept_damage(ROLE, NOW)
        with pytest.raises(NothingToChange) as caught:
            store.redo(2, ROLE, NOW)
        assert caught.value.sentence() == "Import 2 var skadad och är bortvald. Importera filerna på nytt."

    def test_a_new_import_never_takes_its_number(self, store: Store, tmp_path: Path) -> None:
        shutil.rmtree(entry(store, 2))
        store.accept_damage(ROLE, NOW)
        (batch,) = import_files(store, write_csv(tmp_path, "b4.csv", BUDGET, "2024;SKOL;fast;1"))
        assert batch.number == 4
        assert entry(store, 4).name == "000004-batches-4-4"
        assert state_of(store, deep=True) == ([1, 4], [])

    def test_an_undo_still_holds(self, store: Store) -> None:
        store.undo(1, ROLE, NOW)
        entry(store, 3).unlink()
        assert [n.sentence() for n in store.accept_damage(ROLE, NOW)] == ["Bortvalt: 000003-undo-1.json i arkivet."]
        assert state_of(store, deep=True) == ([2, 3], [])

    def test_more_damage_later_is_given_up_too(self, store: Store) -> None:
        shutil.copytree(entry(store, 1), store.folder / "archive" / "000009-batches-9-9")
        assert store.accept_damage(ROLE, NOW) == ()
        shutil.rmtree(entry(store, 2))
        store.accept_damage(ROLE, NOW)
        assert state_of(store, deep=True) == ([1], [])

    def test_an_archive_that_is_gone(self, store: Store) -> None:
        shutil.rmtree(store.folder / "archive")
        told = [n.sentence() for n in store.accept_damage(ROLE, NOW)]
        assert told == ["Bortvalt: alla 2 ändringar som sparats i arkivet."]
        assert store.database().example
        assert entry(store, 3).name == "000003-seal.json"

    def test_nothing_is_given_up_of_a_whole_archive(self, store: Store) -> None:
        assert store.accept_damage(ROLE, NOW) == ()
        assert not list((store.folder / "archive").glob("*seal*"))


@pytest.fixture(scope="module")
def long(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with every kind of entry: batches and an undo from before chains, a seal, a redo, and an import after."""
    folder = tmp_path_factory.mktemp("long")
    store = Store(shutil.copytree(base, folder / "store"))
    store.undo(1, ROLE, NOW)
    store = without_chain(store)
    store.redo(1, ROLE, NOW)
    import_files(store, write_csv(folder, "late.csv", BUDGET, "2023;SKOL;fast;1"))
    return store.folder


class TestWhateverIsDone:
    """Any byte, any entry: what is changed is named, and nothing else is."""

    @given(data=st.data())
    def test_a_flipped_byte_is_named(self, long: Path, data: st.DataObject) -> None:
        files = sorted(p for p in [*long.glob("archive/**/*"), long / "head.json"] if p.is_file())
        file = data.draw(st.sampled_from(files))
        whole = file.read_bytes()
        at, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
        file.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :])
        try:
            (sentence,) = state_of(Store(long), deep=True)[1]
            assert sentence.startswith(file.relative_to(long).as_posix())
        finally:
            file.write_bytes(whole)

    @given(data=st.data())
    def test_a_cut_file_is_named(self, long: Path, data: st.DataObject) -> None:
        file = data.draw(st.sampled_from(sorted(p for p in long.glob("archive/**/*") if p.is_file())))
        whole = file.read_bytes()
        file.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
        try:
            (sentence,) = state_of(Store(long))[1]
            assert sentence.startswith(file.relative_to(long).as_posix())
        finally:
            file.write_bytes(whole)

    @given(data=st.data())
    def test_an_entry_renamed_doubled_or_taken_away_is_named(self, long: Path, data: st.DataObject) -> None:
        archive = long / "archive"
        path = data.draw(st.sampled_from(sorted(archive.iterdir())))
        number = data.draw(st.integers(1, 12))
        other = archive / f"{number:06}{path.name[6:]}"
        done = data.draw(st.sampled_from(["rename", "double", "delete"]))
        aside = long / "aside"
        if done == "delete":
            path.rename(aside)
        elif other.exists():
            return
        elif done == "rename":
            path.rename(other)
        else:
            (shutil.copytree if path.is_dir() else shutil.copy)(path, other)
        try:
            sentences = state_of(Store(long), deep=True)[1]
            assert len(sentences) == 1
            assert (path.name if done == "delete" else other.name) in sentences[0]
        finally:
            if done == "delete":
                aside.rename(path)
            elif done == "rename":
                other.rename(path)
            else:
                remove(other)
