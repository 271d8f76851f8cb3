"""A backup, and what is put back from it: the restore drill, whatever was lost, cut, changed or renamed."""

import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.archive import copies
from data.archive.log import Archive
from data.base import atomic_files
from data.base.errors import ArchiveDamaged, BackupRefused, ImportFailed
from data.store import Store
from tests.data.command import Run, run_command
from tests.data.stores import BUDGET, EVENTS, NOW, ROLE, all_tables, import_files, write_csv

Digests = dict[str, bytes]
RUINS: dict[str, Callable[[Path], object]] = {
    "lost": Path.unlink,
    "emptied": lambda path: path.write_bytes(b""),
    "changed": lambda path: path.write_bytes(path.read_bytes()[:-2] + b"~~"),
    "renamed": lambda path: path.rename(path.with_name(f"x{path.name}")),
}


def read(folder: Path) -> Digests:
    """Every file of the archive, and its head."""
    files = [*folder.glob("archive/**/*"), folder / "head.json"]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files if file.is_file()}


def add(store: Store, name: str, amount: int) -> None:
    import_files(store, write_csv(store.folder.parent, name, BUDGET, f"2026;SKOL;fast;{amount}"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of two batches, an undo and a report, and `copy`, a backup of it; only copied."""
    folder = tmp_path_factory.mktemp("copies")
    store = Store(folder / "store")
    add(store, "b1.csv", 100)
    import_files(store, write_csv(folder, "e.csv", EVENTS, "2026-01-01;Start"))
    store.undo(2, ROLE, NOW)
    store.freeze("Delår", {"rubrik": "62 %"}, ROLE, NOW)
    (store.folder / "layouts.json").write_text('{"layouts": {}}', "utf-8")
    store.back_up(folder / "copy")
    return folder


@pytest.fixture
def place(base: Path, tmp_path: Path) -> Path:
    """A copy of the base to change."""
    return shutil.copytree(base, tmp_path / "base")


def test_a_backup_is_the_archive_and_adds_what_is_new(place: Path) -> None:
    store, copy = Store(place / "store"), place / "copy"
    assert read(copy) == read(store.folder) and (copy / "layouts.json").exists()
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=copy, capture_output=True)
    assert (checked.returncode, checked.stdout) == (0, b"")
    before = {file: file.stat().st_mtime_ns for file in copy.glob("archive/*/*")}
    add(store, "b2.csv", 300)
    assert store.back_up(copy) == copies.Copied(("000005-batches-3-3",), 5)
    assert {file: file.stat().st_mtime_ns for file in before} == before
    assert read(copy) == read(store.folder)
    assert store.back_up(copy).names == ()


def test_a_backup_that_spoils_is_made_good(place: Path) -> None:
    store = Store(place / "store")
    file = next((place / "copy").glob("archive/*/*.parquet"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    assert store.back_up(place / "copy").names == (file.parent.name,)
    assert file.read_bytes() == whole


def test_what_a_disk_writes_wrong_is_named(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The backup is read after it was written, and is not said to be whole when it is not."""
    copytree = shutil.copytree

    def spoiling(source: Path, target: Path) -> Path:
        copied = copytree(source, target)
        for file in copied.glob("*.parquet"):
            file.write_bytes(file.read_bytes()[:-1] + b"~")
        return copied

    monkeypatch.setattr(shutil, "copytree", spoiling)
    with pytest.raises(ArchiveDamaged):
        Store(place / "store").back_up(tmp_path / "new")
    assert not (tmp_path / "new" / "SHA256SUMS").exists()


def test_damage_is_not_copied(place: Path) -> None:
    before = read(place / "copy")
    next((place / "store").glob("archive/*/*.parquet")).unlink()
    with pytest.raises(ArchiveDamaged):
        Store(place / "store").back_up(place / "copy")
    assert read(place / "copy") == before


def test_a_store_that_is_gone_is_put_back(place: Path, tmp_path: Path) -> None:
    before = all_tables(Store(place / "store").database())
    fresh = Store(tmp_path / "fresh")
    copied = fresh.restore(place / "copy", ROLE, NOW)
    assert (len(copied.names), copied.of, copied.aside) == (4, 4, None)
    assert all_tables(fresh.database()) == before
    assert read(fresh.folder) == read(place / "copy") and (fresh.folder / "layouts.json").exists()
    assert fresh.report(4) == {"rubrik": "62 %"}
    add(fresh, "b3.csv", 400)  # and it goes on
    state, version_is_whole = fresh.verify()
    assert state.is_whole and version_is_whole


@given(ruined=st.dictionaries(st.integers(0, 7), st.sampled_from(sorted(RUINS)), min_size=1), newer=st.booleans())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_damaged_is_put_back(base: Path, tmp_path: Path, ruined: dict[int, str], newer: bool) -> None:
    shutil.rmtree(tmp_path / "base", ignore_errors=True)
    place = shutil.copytree(base, tmp_path / "base")
    store = Store(place / "store")
    if newer:
        add(store, "b2.csv", 300)
    whole = read(store.folder)
    files = sorted(read(place / "copy"))
    for at, how in ruined.items():
        RUINS[how](store.folder / files[at % len(files)])
    hurt = {name: content for name, content in read(store.folder).items() if whole.get(name, b"") != content}
    hurt.pop("head.json", None)  # it names the last entry, and is made anew
    mended = Store(store.folder)
    copied = mended.restore(place / "copy", ROLE, NOW)
    after = read(store.folder)
    assert {name: after[name] for name in whole if name != "head.json" or not newer} == {
        name: content for name, content in whole.items() if name != "head.json" or not newer
    }
    state, version_is_whole = Store(store.folder).verify()
    assert state.is_whole and version_is_whole and state.entries == 4 + newer
    kept = {file.read_bytes() for file in store.folder.glob("set-aside*/**/*") if file.is_file()}
    stayed = set(after.values())
    assert all(content in kept | stayed for content in hurt.values()), "what was in the way is not lost"
    assert bool(kept) == bool(copied.aside)


def test_what_was_renamed_is_moved_aside(place: Path) -> None:
    store = place / "store"
    (store / "archive" / "000003-undo-2.json").rename(store / "archive" / "000009-undo-2.json")
    copied = Store(store).restore(place / "copy", ROLE, NOW)
    assert copied.aside and [file.name for file in copied.aside.iterdir()] == ["000009-undo-2.json"]
    assert Store(store).verify()[0].is_whole


def test_what_is_newer_and_damaged_is_named(place: Path) -> None:
    store = Store(place / "store")
    add(store, "b2.csv", 300)
    (parquet,) = store.folder.glob("archive/000005-*/*.parquet")
    parquet.unlink()
    next(store.folder.glob("archive/000001-*/*.parquet")).unlink()
    with pytest.raises(ArchiveDamaged) as caught:
        Store(store.folder).restore(place / "copy", ROLE, NOW)
    assert f"archive/000005-batches-3-3/{parquet.name} saknas" in caught.value.sentence()
    assert len(Store(store.folder).verify()[0].damage) == 1


def test_it_goes_on_where_it_was_cut_off(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, publish = tmp_path / "fresh", atomic_files.publish
    for _ in range(3):
        done: list[Path] = []

        def cut(path: Path, done: list[Path] = done) -> None:
            if done:
                raise OSError("cut off")
            done.append(path)
            publish(path)

        monkeypatch.setattr(copies, "publish", cut)
        with pytest.raises(ImportFailed, match="cut off"):
            Store(fresh).restore(place / "copy", ROLE, NOW)
    monkeypatch.setattr(copies, "publish", publish)
    Store(fresh).restore(place / "copy", ROLE, NOW)
    assert read(fresh) == read(place / "copy")


class TestRefused:
    """Nothing is written where it does not belong."""

    def refused(self, done: Callable[[], object]) -> str:
        with pytest.raises(BackupRefused) as caught:
            done()
        return caught.value.sentence()

    def test_a_folder_in_the_store(self, place: Path) -> None:
        store, folder = Store(place / "store"), place / "store" / "copy"
        assert self.refused(lambda: store.back_up(folder)) == (
            f"{folder} ligger i själva datamappen. Välj en mapp någon annanstans, helst på en annan disk."
        )
        assert not folder.exists()

    def test_a_folder_with_other_files(self, place: Path) -> None:
        assert self.refused(lambda: Store(place / "store").back_up(place)) == (
            f"I {place} finns andra filer, men ingen säkerhetskopia. Välj en tom mapp."
        )

    @pytest.mark.parametrize("way", ["back up", "restore"])
    def test_another_store(self, place: Path, tmp_path: Path, way: str) -> None:
        other = Store(tmp_path / "other")
        add(other, "b9.csv", 900)
        before = read(other.folder), read(place / "copy")
        done = (
            (lambda: other.back_up(place / "copy"))
            if way == "back up"
            else (lambda: other.restore(place / "copy", ROLE, NOW))
        )
        assert self.refused(done) == (
            f"Säkerhetskopian i {place / 'copy'} är av en annan datamapp, eller så har de ändrats på olika sätt sedan den "
            "gjordes. Ingenting ändrades. Välj en annan mapp."
        )
        assert (read(other.folder), read(place / "copy")) == before

    def test_a_store_that_went_another_way(self, place: Path) -> None:
        shutil.copytree(place / "store", place / "second")
        first, second = Store(place / "store"), Store(place / "second")
        add(first, "b2.csv", 300)
        add(second, "b3.csv", 400)
        first.back_up(place / "copy")
        assert "ändrats på olika sätt" in self.refused(lambda: second.back_up(place / "copy"))
        assert "ändrats på olika sätt" in self.refused(lambda: second.restore(place / "copy", ROLE, NOW))

    def test_no_backup(self, place: Path, tmp_path: Path) -> None:
        fresh = Store(tmp_path / "fresh")
        assert self.refused(lambda: fresh.restore(tmp_path / "no", ROLE, NOW)) == (
            f"I {tmp_path / 'no'} finns ingen säkerhetskopia."
        )

    def test_a_backup_that_is_damaged(self, place: Path, tmp_path: Path) -> None:
        (place / "copy" / "archive" / "000003-undo-2.json").unlink()
        assert self.refused(lambda: Store(tmp_path / "fresh").restore(place / "copy", ROLE, NOW)) == (
            f"Säkerhetskopian i {place / 'copy'} är inte hel, så ingenting ändrades. archive/000003-undo-2.json saknas. "
            "Återställ den från en säkerhetskopia."
        )
        assert not Archive(tmp_path / "fresh" / "archive").names()


def test_a_store_whose_damage_was_accepted(place: Path) -> None:
    """What is given up stays given up, also where the backup has it whole; and such a store is backed up on."""
    store, copy = Store(place / "store"), place / "copy"
    next(store.folder.glob("archive/000001-*/*.parquet")).unlink()
    store.accept_damage(ROLE, NOW)
    assert store.back_up(copy).names == ("000005-seal.json",)
    assert Archive(copy / "archive").state(deep=True).given_up == ("000001-batches-1-1",)
    (store.folder / "archive" / "000005-seal.json").unlink()
    Store(store.folder).restore(copy, ROLE, NOW)
    assert Store(store.folder).verify()[0].given_up == ("000001-batches-1-1",)


def test_on_the_command_line(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run: Run = partial(run_command, capsys)
    monkeypatch.setenv("DASHBOARD_STORE", str(place / "store"))
    new = place / "new"
    assert run("backup", new).out == f"Säkerhetskopian i {new} är hel: 4 sparade ändringar, varav 4 nya.\n"
    assert run("backup", new, "--json").json["copied"] == []
    assert run("restore", new).out == f"Ingenting saknades eller var skadat, så ingenting återställdes från {new}.\n"
    next((place / "store").glob("archive/*/*.parquet")).write_bytes(b"")
    (place / "store" / "archive" / "000003-undo-2.json").unlink()
    assert run("verify").code == 1
    assert run("restore", new).out == (
        f"2 sparade ändringar är återställda från {new}, och databasen är byggd. "
        f"Det som var skadat ligger i {place / 'store' / 'set-aside'}.\n"
    )
    assert run("verify").code == 0
    answer = run("backup", place / "store" / "x")
    assert (answer.code, answer.out) == (1, "") and "ligger i själva datamappen" in answer.err
