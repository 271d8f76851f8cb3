"""The store: imports that hold or do not, versions that are swapped under their readers, and what is said."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.base.errors import ArchiveDamaged, ImportRefused, NothingToChange, StoreUnavailable, UnknownBatch
from data.intake.draft import Source
from data.reading_store import DEFAULT_FOLDER
from data.store import Store
from tests.data.stores import BUDGET, EVENTS, NOW, ROLE, all_tables, import_files, table_rows, write_csv


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one import: a budget of 100 for 2026; only copied."""
    folder = tmp_path_factory.mktemp("store")
    import_files(Store(folder / "store"), budget(folder, 100))
    return folder / "store"


@pytest.fixture
def store(base: Path, tmp_path: Path) -> Store:
    """A copy of the base to change."""
    return Store(shutil.copytree(base, tmp_path / "store"))


def budget(folder: Path, amount: int, year: int = 2026) -> Path:
    return write_csv(folder, f"budget-{year}-{amount}.csv", BUDGET, f"{year};SKOL;fast;{amount}")


def total(store: Store) -> int:
    (result,) = table_rows(store.database(), "budgets", "sum(amount)::INTEGER")
    return int(result[0])


def sentences(store: Store) -> list[str]:
    return [n.sentence() for n in store.database().notices]


@contextmanager
def refused(text: str) -> Iterator[None]:
    with pytest.raises(ImportRefused) as caught:
        yield
    assert text in caught.value.sentence()


class TestWhere:
    """The folder is the one given, or the one in the environment, or the usual one."""

    def test_given(self, tmp_path: Path) -> None:
        assert Store(tmp_path / "x").folder == tmp_path / "x"

    def test_in_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "y"))
        assert Store().folder == tmp_path / "y"

    def test_the_usual_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("DASHBOARD_STORE", raising=False)
        assert Store().folder == DEFAULT_FOLDER


class TestCommit:
    def test_a_drop_is_one_batch_a_file(self, store: Store, tmp_path: Path) -> None:
        event = write_csv(tmp_path, "e.csv", EVENTS, "2026-01-01;Start", "2026-02-01;Slut")
        batches = import_files(store, budget(tmp_path, 200, 2025), event)
        assert [(b.number, b.file, b.rows, b.who, b.at) for b in batches] == [
            (2, "budget-2025-200.csv", 1, ROLE, NOW),
            (3, "e.csv", 2, ROLE, NOW),
        ]
        assert store.history()[1:] == batches

    def test_a_skipped_file_is_left_out(self, store: Store, tmp_path: Path) -> None:
        with refused("Ingen fil valdes"):
            import_files(store, budget(tmp_path, 200), take="skip")
        assert len(store.history()) == 1

    def test_a_file_with_a_fault_is_refused_whole(self, store: Store, tmp_path: Path) -> None:
        bad = write_csv(tmp_path, "e.csv", EVENTS, "2026-01-01;Start", "snart;Slut")
        with refused("e.csv har 1 fel"):
            import_files(store, budget(tmp_path, 200), bad)
        assert (total(store), len(store.history())) == (100, 1)

    def test_its_good_rows_are_taken_when_asked_for(self, store: Store, tmp_path: Path) -> None:
        bad = write_csv(tmp_path, "e.csv", EVENTS, "2026-01-01;Start", "snart;Slut")
        (batch,) = import_files(store, bad, take="good")
        assert [(t.rows, t.refused) for t in batch.tables] == [(1, 1)]
        assert batch.choice == "good"

    def test_a_file_without_a_good_row_has_nothing_to_take(self, store: Store, tmp_path: Path) -> None:
        with refused("Inget i e.csv går att importera"):
            import_files(store, write_csv(tmp_path, "e.csv", EVENTS, "snart;Slut"), take="good")

    @pytest.mark.parametrize("who", ["anna@sala.se", "850709-9805", "Anna 19850709-9805"])
    def test_who_is_a_role_and_not_a_person(self, store: Store, tmp_path: Path, who: str) -> None:
        file = budget(tmp_path, 200)
        with store.prepare([Source(file.name, file)], today=NOW.date()) as draft, refused("Skriv en roll"):
            store.commit(draft, {}, who, NOW)
        with refused("Skriv en roll"):
            store.undo(1, who, NOW)
        assert not any(who.encode() in p.read_bytes() for p in store.folder.rglob("*") if p.is_file())

    def test_who_is_not_blank(self, store: Store) -> None:
        with refused("Ange vem"):
            store.undo(1, " ", NOW)

    def test_a_moment_with_a_time_zone_is_kept_as_the_wall_clock_shows(self, store: Store) -> None:
        moment = datetime(2026, 11, 23, 9, 32, tzinfo=UTC)
        change = store.undo(1, ROLE, moment).changes[0]
        assert change.at == moment.astimezone().replace(tzinfo=None)

    def test_references_are_checked_against_what_is_in_force_and_never_the_example(
        self, store: Store, tmp_path: Path
    ) -> None:
        import_files(store, write_csv(tmp_path, "v.csv", "verksamhet_id;namn", "SKOL;Skolkontoret"))
        file = write_csv(tmp_path, "b.csv", BUDGET, "2026;SKOL;fast;1", "2026;GRS;fast;1")
        with store.prepare([Source(file.name, file)], today=NOW.date()) as draft:
            assert [str(n.value or n.params) for t in draft.files[0].tables for n in t.notes if "GRS" in str(n)]
            assert not [n for t in draft.files[0].tables for n in t.notes if "SKOL" in str(n)]


class TestSameFileTwice:
    def test_it_is_recognised(self, store: Store) -> None:
        (batch,) = store.history()
        assert store.find_duplicate(batch.checksum) == batch
        assert store.find_duplicate("0" * 64) is None

    def test_it_is_refused_under_any_name(self, store: Store, tmp_path: Path) -> None:
        same = tmp_path / "annat namn.csv"
        shutil.copy(budget(tmp_path, 100), same)
        with refused("annat namn.csv är redan importerad: den innehåller exakt detsamma som import 1 (budget-2026-100"):
            import_files(store, same)

    def test_it_is_taken_when_that_is_meant(self, store: Store, tmp_path: Path) -> None:
        (batch,) = import_files(store, budget(tmp_path, 100), again=True)
        assert batch.number == 2
        assert total(store) == 100

    def test_it_is_taken_when_the_first_is_undone(self, store: Store, tmp_path: Path) -> None:
        store.undo(1, ROLE, NOW)
        assert import_files(store, budget(tmp_path, 100))[0].number == 2

    def test_twice_in_one_drop_is_refused(self, store: Store, tmp_path: Path) -> None:
        first = budget(tmp_path, 300)
        shutil.copy(first, tmp_path / "kopia.csv")
        with refused("kopia.csv och budget-2026-300.csv har samma innehåll"):
            import_files(store, first, tmp_path / "kopia.csv")

    def test_why_it_would_be_refused_is_told_beforehand(self, store: Store, tmp_path: Path) -> None:
        file = budget(tmp_path, 100)
        with store.prepare([Source(file.name, file)], today=NOW.date()) as draft:
            refusal = store.refusal(draft, {})
            assert refusal is not None
            assert "redan importerad" in refusal.sentence()
            assert store.refusal(draft, {}, again=True) is None


class TestUndo:
    def test_undo_and_redo(self, store: Store, tmp_path: Path) -> None:
        import_files(store, budget(tmp_path, 200))
        assert total(store) == 200
        assert not store.undo(2, ROLE, NOW).active
        assert total(store) == 100
        assert store.redo(2, ROLE, NOW).active
        assert total(store) == 200

    def test_what_is_not_there_cannot_be_undone(self, store: Store) -> None:
        with pytest.raises(UnknownBatch, match="no import number 7"):
            store.undo(7, ROLE, NOW)

    def test_twice_is_refused(self, store: Store) -> None:
        with pytest.raises(NothingToChange, match="already in force"):
            store.redo(1, ROLE, NOW)
        store.undo(1, ROLE, NOW)
        with pytest.raises(NothingToChange, match="already undone"):
            store.undo(1, ROLE, NOW)

    def test_with_nothing_in_force_the_example_is_back_and_said(self, store: Store) -> None:
        store.undo(1, ROLE, NOW)
        assert store.database().example
        assert sentences(store) == ["Alla importer är ångrade, så exempeldata visas: påhittade siffror."]
        store.redo(1, ROLE, NOW)
        assert (store.database().example, sentences(store)) == (False, [])


class TestReaders:
    def test_an_empty_store_shows_the_example(self, tmp_path: Path) -> None:
        status = Store(tmp_path / "new").status()
        assert (status.example, status.today.isoformat(), status.version) == (True, "2026-11-02", 1)
        assert all(status.tables.values())
        assert (status.batches, status.notices) == ((), ())

    def test_the_same_database_until_something_changes(self, store: Store, tmp_path: Path) -> None:
        before = store.database()
        assert store.database() is before
        import_files(store, budget(tmp_path, 200))
        assert store.database() is not before

    def test_another_process_swaps_and_open_cursors_go_on(self, store: Store, tmp_path: Path) -> None:
        cursor = store.database().cursor()
        other = Store(store.folder)
        for amount in range(200, 206):
            import_files(other, budget(tmp_path, amount))
        assert total(store) == 205
        assert cursor.execute("SELECT sum(amount)::INTEGER FROM budgets").fetchall() == [(100,)]
        remaining = [p.name.partition("-")[0] for p in sorted((store.folder / "versions").glob("*.duckdb"))]
        assert remaining == ["v000005", "v000006", "v000007"]

    def test_many_threads_read_whole_versions_while_they_are_swapped(self, store: Store, tmp_path: Path) -> None:
        stop, wrong, reads = threading.Event(), [], []

        def read() -> None:
            while not stop.wait(0.002):
                database = store.database()
                query = "SELECT sum(amount)::INTEGER, max(batch), (SELECT version FROM info) FROM budgets"
                (result,) = database.cursor().execute(query).fetchall()
                reads.append(result)
                if result != (99 + result[1], result[1], database.version):
                    wrong.append(result)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        other = Store(store.folder)
        for amount in range(101, 106):
            import_files(other, budget(tmp_path, amount))
        stop.set()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert {version for _, _, version in reads} >= {1, 6}

    def test_a_reader_can_neither_write_nor_reach_other_files(self, store: Store) -> None:
        cursor = store.database().cursor()
        for query in (
            "CREATE TABLE x (a INTEGER)",
            "SET threads = 1",
            "SET enable_external_access = true",
            f"FROM read_text('{__file__}')",
            "INSTALL httpfs",
        ):
            with pytest.raises(Exception, match="read-only|locked|disabled|Permission|Cannot"):
                cursor.execute(query).fetchall()

    def test_version_numbers_are_not_used_twice(self, store: Store, tmp_path: Path) -> None:
        first = store.database().version
        assert store.build(NOW).version == first + 1
        assert store.database().version == first + 1


class TestDamage:
    """A reader never waits for, and never sees, half a version."""

    def newest(self, store: Store) -> Path:
        return sorted((store.folder / "versions").glob("*.duckdb"))[-1]

    @pytest.mark.parametrize("left", [0, 5000, -1])
    def test_a_truncated_version_is_rebuilt_and_said(self, store: Store, left: int) -> None:
        file = self.newest(store)
        os.truncate(file, left if left >= 0 else file.stat().st_size - 1)
        fresh = Store(store.folder)
        assert total(fresh) == 100
        assert sentences(fresh) == ["Databasen var skadad. Den har byggts om från arkivet över importer."]
        assert fresh.database().version > 1

    def test_a_version_of_the_right_size_that_does_not_open(self, store: Store) -> None:
        file = self.newest(store)
        file.write_bytes(b"x" * file.stat().st_size)
        assert total(Store(store.folder)) == 100

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1}', '{"version": "x", "file": 1}'])
    def test_a_damaged_pointer_is_mended(self, store: Store, content: str) -> None:
        (store.folder / "current.json").write_text(content, "utf-8")
        fresh = Store(store.folder)
        assert total(fresh) == 100
        assert json.loads((store.folder / "current.json").read_text("utf-8"))["version"] == fresh.database().version

    def test_a_pointer_out_of_the_folder_is_not_followed(self, store: Store, tmp_path: Path) -> None:
        pointer = store.folder / "current.json"
        raw = json.loads(pointer.read_text("utf-8"))
        shutil.copy(self.newest(store), tmp_path / "elsewhere.duckdb")
        pointer.write_text(json.dumps({**raw, "file": "../../elsewhere.duckdb"}), "utf-8")
        opened = Store(store.folder).database().cursor().execute("SELECT path FROM duckdb_databases()").fetchall()
        assert "elsewhere" not in str(opened)

    def test_no_version_at_all_is_rebuilt(self, store: Store) -> None:
        shutil.rmtree(store.folder / "versions")
        assert total(Store(store.folder)) == 100

    def test_a_damaged_version_leaves_an_older_one_shown_when_nothing_can_be_built(
        self, store: Store, tmp_path: Path
    ) -> None:
        import_files(store, budget(tmp_path, 200))
        os.truncate(self.newest(store), 5000)
        (store.folder / "lock").unlink()
        (store.folder / "lock").mkdir()  # a lock that nobody can take: the folder is out of order
        fresh = Store(store.folder)
        assert total(fresh) == 100
        assert sentences(fresh)[0].startswith("Den senaste databasen är skadad och kunde inte byggas om")

    def test_a_damaged_archive_leaves_the_last_whole_version_shown(self, store: Store, tmp_path: Path) -> None:
        import_files(store, budget(tmp_path, 200))
        next((store.folder / "archive" / "000002-batches-2-2").glob("*.parquet")).write_bytes(b"")
        fresh = Store(store.folder)
        assert total(fresh) == 200
        parquet = "archive/000002-batches-2-2/000002-01-budgets.parquet"
        assert sentences(fresh) == [
            f"{parquet} är skadad. Återställ filen från en säkerhetskopia.",
            "Tills dess visas den senaste hela versionen, och ingenting kan ändras.",
        ]
        assert list(fresh.database().faults) == list(fresh.database().notices)

    def test_an_only_import_that_is_damaged_is_not_told_as_undone(self, store: Store) -> None:
        (store.folder / "archive" / "000001-batches-1-1" / "commit.json").write_text("{", "utf-8")
        fresh = Store(store.folder)
        assert (total(fresh), fresh.database().example) == (100, False)
        assert sentences(fresh) == [
            "archive/000001-batches-1-1/commit.json är skadad. Återställ filen från en säkerhetskopia.",
            "Tills dess visas den senaste hela versionen, och ingenting kan ändras.",
        ]

    def test_nothing_is_changed_on_top_of_it(self, store: Store, tmp_path: Path) -> None:
        import_files(store, budget(tmp_path, 200))
        next((store.folder / "archive" / "000002-batches-2-2").glob("*.parquet")).unlink()
        before = sorted(p for p in store.folder.rglob("*") if p.name not in ("lock", "drops"))
        for change in (
            lambda: import_files(store, budget(tmp_path, 300)),
            lambda: store.undo(2, ROLE, NOW),
            lambda: store.redo(1, ROLE, NOW),
            lambda: store.build(NOW),
        ):
            with pytest.raises(ArchiveDamaged) as caught:
                change()
            assert caught.value.sentence() == (
                "Ingenting ändrades, eftersom arkivet över importer inte är helt. archive/000002-batches-2-2/"
                "000002-01-budgets.parquet saknas. Återställ den från en säkerhetskopia."
            )
        assert sorted(p for p in store.folder.rglob("*") if p.name not in ("lock", "drops")) == before
        assert total(store) == 200

    def test_it_is_mended_by_putting_the_file_back(self, store: Store, tmp_path: Path) -> None:
        import_files(store, budget(tmp_path, 200))
        file = next((store.folder / "archive" / "000002-batches-2-2").glob("*.parquet"))
        whole = file.read_bytes()
        file.write_bytes(b"")
        assert not Store(store.folder).verify()[0].is_whole
        file.write_bytes(whole)
        fresh = Store(store.folder)
        import_files(fresh, budget(tmp_path, 300))
        assert (total(fresh), sentences(fresh)) == (300, [])

    def test_or_by_giving_it_up_and_importing_again(self, store: Store, tmp_path: Path) -> None:
        import_files(store, budget(tmp_path, 200))
        next((store.folder / "archive" / "000002-batches-2-2").glob("*.parquet")).write_bytes(b"")
        fresh = Store(store.folder)
        fresh.accept_damage(ROLE, NOW)
        assert (total(fresh), sentences(fresh)) == (100, [])
        import_files(fresh, budget(tmp_path, 200))
        assert (total(fresh), sentences(fresh)) == (200, [])

    def test_without_a_whole_version_nothing_is_shown(self, store: Store) -> None:
        next((store.folder / "archive" / "000001-batches-1-1").glob("*.parquet")).unlink()
        shutil.rmtree(store.folder / "versions")
        with pytest.raises(ArchiveDamaged) as caught:
            Store(store.folder).database()
        assert caught.value.sentence().startswith("Ingenting kan visas, eftersom arkivet över importer inte är helt.")

    def test_a_rotten_block_is_met_by_rebuilding(self, store: Store) -> None:
        file = self.newest(store)
        content = bytearray(file.read_bytes())
        database = store.database()
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        assert store.replace_damaged(database)
        assert store.database().version == database.version + 1
        assert (total(store), sentences(store)) == (
            100,
            ["Databasen var skadad. Den har byggts om från arkivet över importer."],
        )

    def test_a_query_that_fails_on_a_whole_version_rebuilds_nothing(self, store: Store) -> None:
        database = store.database()
        assert not store.replace_damaged(database)
        assert store.database() is database

    def test_a_changed_byte_in_a_version_is_seen_when_it_is_opened(self, store: Store) -> None:
        file = self.newest(store)
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        assert not store.verify()[1]
        assert total(Store(store.folder)) == 100
        assert not file.exists()

    def test_a_new_program_rebuilds_and_says_so(self, store: Store) -> None:
        before = all_tables(store.database())
        for note in (store.folder / "current.json", *store.folder.glob("versions/v000001-*.json")):
            raw = json.loads(note.read_text("utf-8"))
            data_only = raw["fingerprint"].partition("-")[0]
            note.write_text(json.dumps({**raw, "fingerprint": f"{data_only}-older"}), "utf-8")
        fresh = Store(store.folder)
        assert all_tables(fresh.database()) == before
        assert sentences(fresh) == [
            "Databasen har byggts om för en ny version av programmet. Inga uppgifter har ändrats.",
        ]

    def test_what_happened_is_said_until_the_next_change(self, store: Store, tmp_path: Path) -> None:
        os.truncate(self.newest(store), 0)
        Store(store.folder).database()
        assert len(sentences(Store(store.folder))) == 1
        import_files(store, budget(tmp_path, 200))
        assert sentences(Store(store.folder)) == []

    def test_nothing_to_show_is_one_clear_error(self, tmp_path: Path) -> None:
        (tmp_path / "store").write_text("not a folder", "utf-8")
        with pytest.raises(StoreUnavailable) as caught:
            Store(tmp_path / "store").database()
        assert caught.value.sentence().startswith("Det finns ingen databas att visa, och ingen kunde byggas i")


class TestLost:
    """Where a store was, an archive that is gone is a fault; a new store is made where there was none."""

    def test_another_store_in_the_same_folder_is_served_and_no_old_file(self, store: Store, tmp_path: Path) -> None:
        assert total(store) == 100
        other = Store(tmp_path / "other")
        import_files(other, budget(tmp_path, 700))
        shutil.rmtree(store.folder)
        shutil.copytree(other.folder / "archive", store.folder / "archive")
        assert Store(store.folder).build(NOW).version == 1
        assert (store.database().version, total(store)) == (1, 700)

    def test_an_archive_that_is_gone_leaves_the_last_version_and_says_so(self, store: Store) -> None:
        shutil.rmtree(store.folder / "archive")
        fresh = Store(store.folder)
        assert (total(fresh), fresh.database().example) == (100, False)
        assert sentences(fresh)[0].startswith("Arkivet över importer är tomt eller saknas, fast 1 ändringar")

    def test_also_while_it_is_served(self, store: Store) -> None:
        assert not store.database().faults
        (store.folder / "archive").rename(store.folder.with_name("elsewhere"))
        assert store.database().faults
        store.folder.with_name("elsewhere").rename(store.folder / "archive")
        assert not store.database().faults

    def test_a_folder_that_is_emptied_under_a_server_is_no_new_store(self, store: Store) -> None:
        assert total(store) == 100
        shutil.rmtree(store.folder)
        store.folder.mkdir()
        for _ in range(2):
            with pytest.raises(ArchiveDamaged, match="empty or missing, although files have been imported"):
                store.database()

    def test_example_data_are_not_shown_in_its_place(self, store: Store) -> None:
        shutil.rmtree(store.folder / "archive")
        shutil.rmtree(store.folder / "versions")
        with pytest.raises(ArchiveDamaged, match="Nothing can be shown"):
            Store(store.folder).database()

    def test_a_folder_of_other_files_is_no_store_until_one_is_made(self, tmp_path: Path) -> None:
        (tmp_path / "bilder").mkdir()
        store = Store(tmp_path)
        with pytest.raises(StoreUnavailable) as caught:
            store.database()
        assert caught.value.sentence() == (
            f"{tmp_path} är ingen datamapp: där finns andra filer. Om det är rätt mapp, kör python -m data init där."
        )
        assert store.create(NOW).version == 1
        assert store.database().example
        with pytest.raises(NothingToChange) as again:
            store.create(NOW)
        assert again.value.sentence() == f"{tmp_path} är redan en datamapp. Ingenting ändrades."

    def test_no_new_store_is_made_of_one_that_is_lost(self, store: Store) -> None:
        shutil.rmtree(store.folder / "archive")
        with pytest.raises(ArchiveDamaged):
            store.create(NOW)
