"""Protection is a setting of the store and fails closed: no version with small numbers is served where they are protected."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from analytics.__main__ import main as measure
from data.archive.log import Archive
from data.archive.state import ProtectionChange
from data.base.errors import ArchiveDamaged, ImportBusy, NothingToChange, StoreUnavailable
from data.base.lock import import_lock
from data.intake import archive_writer
from data.serving import building_server
from data.serving.protection import VARIABLE
from data.store import Store
from tests.data.command import Answer, run_command
from tests.data.stores import EVENTS, NOW, ROLE, import_files, write_csv
from tests.reader import ROOT, Look, words

COUNTS = "tjanst_id;manad;kanal;antal"
WHY = "Beslut i kommunstyrelsen, 100 % enigt"


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def small(tmp_path: Path) -> Store:
    """A store with 3 cases by phone in one month and 30 in the next."""
    files = (
        write_csv(tmp_path, "verksamheter.csv", "verksamhet_id;namn", "A;Alfa"),
        write_csv(tmp_path, "tjanster.csv", "tjanst_id;namn;verksamhet_id;malgrupp", "T;Bygglov;A;extern"),
        write_csv(tmp_path, "arendeantal.csv", COUNTS, "T;2026-08;telefon;3", "T;2026-09;telefon;30"),
    )
    store = Store(tmp_path / "store")
    import_files(store, *files)
    return store


@pytest.fixture
def data(small: Store, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """`python -m data` on the store."""
    return lambda *arguments: run_command(capsys, *arguments, "--store", small.folder)


def shown(store: Store) -> list[int]:
    """The numbers of cases of the months, as the store serves them."""
    rows = store.database().cursor().execute("SELECT cases FROM case_months WHERE cases > 0 ORDER BY 1").fetchall()
    return [n for (n,) in rows]


def published_entry(store: Store, on: bool) -> None:
    """As a process leaves the archive that dies after the entry is published and before the version is."""
    archive = Archive(store.folder / "archive")
    entry = archive_writer.protection_entry(archive, archive.state(), on)
    archive_writer.write_protection(entry, entry.path, ProtectionChange(on, ROLE, NOW))


class TestSetting:
    def test_it_holds_for_every_process(self, small: Store) -> None:
        assert shown(small) == [3, 30]
        small.protect(True, ROLE, WHY, NOW)
        assert shown(small) == shown(Store(small.folder)) == [30]
        import_files(
            Store(small.folder), write_csv(small.folder.parent, "handelser.csv", EVENTS, "2026-01-01;Ny växel")
        )
        Store(small.folder).build(NOW)
        assert shown(small) == shown(Store(small.folder)) == [30]

    def test_no_older_version_is_left(self, small: Store) -> None:
        small.build(NOW)
        small.protect(True, ROLE, "", NOW)
        small.close()
        (version,) = (small.folder / "versions").glob("*.duckdb")
        with duckdb.connect(version, read_only=True) as connection:
            assert connection.execute("SELECT protected FROM info").fetchall() == [(True,)]

    def test_a_restored_archive_keeps_it(self, small: Store, tmp_path: Path) -> None:
        small.protect(True, ROLE, "", NOW)
        small.close()
        (tmp_path / "restored").mkdir()
        for name in ("archive", "head.json"):
            (small.folder / name).rename(tmp_path / "restored" / name)
        assert shown(Store(tmp_path / "restored")) == [30]

    def test_the_command_and_what_it_says(self, small: Store, data: Callable[..., Answer]) -> None:
        answer = data("protect", "on", "--who", ROLE, "--why", WHY, "--json")
        assert (answer.code, answer.json["on"], answer.json["who"], answer.json["why"]) == (0, True, ROLE, WHY)
        assert answer.json["sentence"].startswith("Skydd av små antal: påslaget av systemförvaltare 20")
        again = data("protect", "on")
        assert (again.code, again.err) == (1, "Små antal är redan skyddade.\n")
        status = data("status", "--json").json
        assert status["protected"] and [change["why"] for change in status["protection"]] == [WHY]
        assert f". {WHY}\n" in data("status").out

    def test_turning_it_off_says_what_follows_and_wants_a_yes(self, small: Store, data: Callable[..., Answer]) -> None:
        assert data("protect", "off", "--yes").err == "Små antal är inte skyddade, så det finns inget att stänga av.\n"
        data("protect", "on")
        answer = data("protect", "off")
        assert answer.code == 1 and answer.out == (
            "Då visas och exporteras antal på 1–4 ärenden igen, för alla som läser sidorna, och det som har visats går inte att"
            " ta tillbaka. Ingenting är ändrat. Lägg till --yes för att ändå stänga av skyddet.\n"
        )
        assert shown(small) == [30]
        assert data("protect", "off", "--yes").out.startswith("Skydd av små antal: avstängt av kommandoraden 20")
        assert shown(small) == [3, 30]
        assert [change["on"] for change in data("status", "--json").json["protection"]] == [True, False]

    def test_the_history_shows_it(self, small: Store, look: Look) -> None:
        small.protect(True, ROLE, "<b>Beslut</b> 100 %", NOW)
        page = words(look(small, "pages/sources/import_files.py"))
        assert (
            "Skydd av små antal: påslaget av systemförvaltare 2026-11-23 10:32. &lt;b&gt;Beslut&lt;/b&gt; 100 %" in page
        )

    def test_a_damaged_entry_protects_all_the_same(self, small: Store) -> None:
        small.protect(True, ROLE, "", NOW)
        (entry,) = (small.folder / "archive").glob("*-protection-on.json")
        entry.write_text("{", "utf-8")
        again = Store(small.folder)
        assert shown(again) == [30]
        with pytest.raises(ArchiveDamaged):
            again.protect(False, ROLE, "", NOW)
        again.accept_damage(ROLE, NOW)
        assert shown(again) == [30]
        assert again.status().protection == (ProtectionChange(True),)
        with pytest.raises(NothingToChange, match="already protected"):
            again.protect(True, ROLE, "", NOW)

    def test_who_is_a_role_and_why_is_masked(self, small: Store) -> None:
        change = small.protect(True, ROLE, "enligt a.b@sala.se", NOW)
        assert change.why == "enligt …@…"


class TestVariable:
    def test_it_turns_it_on_where_nobody_has_decided(self, small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, "ja")
        assert shown(Store(small.folder)) == [30]
        monkeypatch.delenv(VARIABLE)
        assert shown(small) == shown(Store(small.folder)) == [30]
        (change,) = small.protection()
        assert (change.on, change.who) == (True, VARIABLE)
        notices = [notice.sentence() for notice in small.database().notices]
        assert "Små antal är skyddade från och med nu. Databasen är ombyggd utan dem." in notices

    @pytest.mark.parametrize("value", ["", "nej", "0"])
    def test_it_never_turns_it_off(self, small: Store, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        small.protect(True, ROLE, "", NOW)
        monkeypatch.setenv(VARIABLE, value)
        again = Store(small.folder)
        again.build(NOW)
        assert shown(again) == [30]

    def test_an_import_turns_it_on_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, "1")
        store = Store(tmp_path / "store")
        import_files(store, write_csv(tmp_path, "handelser.csv", EVENTS, "2026-01-01;Ny växel"))
        assert [change.on for change in store.protection()] == [True]
        assert store.database().protected

    def test_where_it_was_turned_off_nothing_is_served(
        self,
        small: Store,
        data: Callable[..., Answer],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        small.protect(True, ROLE, "", NOW)
        small.protect(False, ROLE, "", NOW)
        assert shown(small) == [3, 30]
        monkeypatch.setenv(VARIABLE, "ja")
        sentence = (
            "DASHBOARD_PROTECT_SMALL_NUMBERS begär att små antal skyddas, men i den här datamappen är skyddet avstängt, så"
            " ingenting visas. Slå på skyddet (python -m data protect on) eller ta bort variabeln.\n"
        )
        assert (measure(["measure", "cases", "--store", str(small.folder)]), capsys.readouterr().err) == (1, sentence)
        for command in (("status",), ("build",), ("undo", 1)):
            answer = data(*command)
            assert (answer.code, answer.err) == (1, sentence)
        assert all(batch.active for batch in small.history())

    def test_nor_is_it_turned_off_where_a_process_asks_for_it(
        self, small: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small.protect(True, ROLE, "", NOW)
        monkeypatch.setenv(VARIABLE, "ja")
        with pytest.raises(StoreUnavailable):
            small.protect(False, ROLE, "", NOW)
        assert shown(small) == [30]

    def test_a_store_that_was_protected_before_it_was_a_setting_stays_so(self, small: Store) -> None:
        """What serves is protected, and nobody has decided: so it was by the variable."""
        small.protect(True, ROLE, "", NOW)
        small.close()
        (entry,) = (small.folder / "archive").glob("*-protection-on.json")
        entry.unlink()
        again = Store(small.folder)
        assert shown(again) == [30] and [change.on for change in again.protection()] == [True]


class TestRaces:
    def test_a_process_that_dies_half_way_shows_nothing_more(self, small: Store) -> None:
        """The entry is in the archive, the version is not built: whoever serves builds it, and shows none until then."""
        assert shown(small) == [3, 30]
        published_entry(small, True)
        assert shown(small) == [30]
        (notice,) = small.database().notices
        assert notice.sentence().startswith("En ändring sparades men avbröts innan den hann visas.")

    def test_while_an_import_is_under_way_none_is_served(self, small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """It used to be served for 30 s: what opened, while the lock was busy."""
        monkeypatch.setattr(building_server, "BUILD_WAIT_SECONDS", 0.1)
        assert shown(small) == [3, 30]
        published_entry(small, True)
        with import_lock(small.folder, ROLE, NOW):
            for store in (small, small, Store(small.folder)):
                with pytest.raises(ImportBusy):
                    store.database()
        assert shown(small) == [30]

    def test_while_another_thread_opens_the_next_version_none_is_served(
        self, small: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(building_server, "BUILD_WAIT_SECONDS", 30.0)
        assert shown(small) == [3, 30]
        served: list[list[int]] = []
        with import_lock(small.folder, ROLE, NOW):
            published_entry(small, True)
            threads = [threading.Thread(target=lambda: served.append(shown(small))) for _ in range(4)]
            for thread in threads:
                thread.start()
            threads[0].join(0.5)
            assert served == []
        for thread in threads:
            thread.join()
        assert served == [[30]] * 4

    def test_a_disk_that_cannot_be_written_shows_nothing(self, small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        published_entry(small, True)

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(building_server, "build_version", full)
        with pytest.raises(StoreUnavailable) as caught:
            small.database()
        said = caught.value.sentence()
        assert said.startswith("Små antal är skyddade, och ingen databas utan dem gick att bygga i ")
        assert said.endswith("No space left on device). Ingenting visas förrän det är gjort.")

    def test_a_version_that_protects_is_served_until_the_next_is_built(self, small: Store) -> None:
        small.protect(True, ROLE, "", NOW)
        published_entry(small, False)
        with import_lock(small.folder, ROLE, NOW):
            assert shown(Store(small.folder)) == [30]
        assert shown(small) == [3, 30]

    def test_racing_imports_of_other_processes_never_show_one(self, small: Store) -> None:
        """Processes without the variable import, while this one reads."""
        folder = small.folder.parent
        files = [write_csv(folder, f"handelser{i}.csv", EVENTS, f"2026-0{i + 1}-01;Nr {i}") for i in range(3)]
        code = (
            "import sys;from data.__main__ import main\n"
            f"for file in sys.argv[1:]: main(['import', file, '--store', {str(small.folder)!r}])"
        )
        small.protect(True, ROLE, "", NOW)
        with subprocess.Popen(
            [sys.executable, "-c", code, *map(str, files)], cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL
        ) as importer:
            served = set()
            while importer.poll() is None:
                served.add(tuple(shown(small)))
        assert importer.returncode == 0 and served == {(30,)}
        assert len(small.history()) == 6


class TestReports:
    def test_what_is_undone_does_not_tell_its_number_of_cases(self, small: Store, data: Callable[..., Answer]) -> None:
        number = next(batch.number for batch in small.history() if batch.holds_cases)
        small.protect(True, ROLE, "", NOW)
        for command in (("undo", number, "--yes"), ("redo", number)):
            answer = data(*command, "--json")
            told = answer.json
            assert (told["rows"], told["size"], told["checksum"], told["tables"][0]["rows"]) == (None,) * 4
        batch = next(one for one in data("status", "--json").json["batches"] if one["batch"] == number)
        assert (batch["rows"], batch["size"], batch["checksum"]) == (None,) * 3

    def test_the_import_tells_whoever_holds_the_file(self, small: Store, data: Callable[..., Answer]) -> None:
        small.protect(True, ROLE, "", NOW)
        file = write_csv(small.folder.parent, "fler.csv", COUNTS, "T;2026-10;telefon;2")
        assert [b["rows"] for b in data("import", file, "--json").json["batches"]] == [1]
