"""`python -m data`: what it answers, in Swedish, and its exit codes."""

import csv
import io
import json
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from data.store import Store
from tests.data.command import Run, run_command
from tests.data.stores import BUDGET, COUNTS, EVENTS, table_rows, write_csv

SERVICES = (
    "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran",
    "T-1;Bygglov;BYGG;extern;2020-01-01",
    "T-2;Två;BYGG;extern;",
)
COVERING = ("--from", "2026-01", "--to", "2026-02", "--channels", "telefon", "e-post", "--covers", "all")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder whose store is the one in the environment."""
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command and read its answer."""
    return partial(run_command, capsys)


@pytest.fixture
def budget(folder: Path) -> Path:
    return write_csv(folder, "budget.csv", BUDGET, "2026;SKOL;fast;100")


@pytest.fixture
def faulty(folder: Path) -> Path:
    return write_csv(folder, "handelser.csv", EVENTS, "2026-01-01;Start", "snart;Slut")


class TestImport:
    def test_files_come_in(self, run: Run, budget: Path) -> None:
        answer = run("import", budget)
        assert (answer.code, answer.err) == (0, "")
        assert "Budget: 1 rad, 1 utan fel" in answer.out
        assert answer.out.endswith("Import 1: budget.csv, 1 rad.\n")
        (batch,) = Store().history()
        assert (batch.who, batch.choice) == ("kommandoraden", "all")

    def test_as_json(self, run: Run, budget: Path) -> None:
        result = run("import", budget, "--json", "--who", "systemförvaltare").json
        assert result["imported"]
        assert result["batches"][0]["who"] == "systemförvaltare"
        assert result["files"][0]["tables"] == [
            {"table": "budgets", "sheet": None, "rows": 1, "new": None, "good": 1, "faults": 0}
        ]

    def test_a_ledger_that_comes_again_under_other_numbers_waits_for_an_answer(self, run: Run, folder: Path) -> None:
        head = "kopare_id;kopare;verifikationsnummer;leverantor;leverantor_id;konto_nr;konto_text;belopp;datum"
        posting = "2120000000;Ex;{};Annat AB;5560000001;6540;IT;50,00;2026-02-{}"
        assert run("import", write_csv(folder, "feb.csv", head, posting.format(1, 15))).code == 0
        again = write_csv(folder, "igen.csv", head, posting.format(801, 16))
        answer = run("import", again)
        assert answer.code == 1
        assert "Det mesta av det som redan finns, från feb.csv, kommer igen under andra nummer" in answer.out
        assert (
            "En bokföringsfil väntar på svar: --ledger replace (ersätt) eller --ledger add (lägg till)." in answer.out
        )
        assert run("import", again, "--ledger", "replace").code == 0
        assert table_rows(Store().database(), "costs", "voucher, amount::VARCHAR") == [("801", "50.00")]
        emptied = write_csv(folder, "tom.csv", head)
        assert run("import", emptied).code == 1
        assert run("import", emptied, "--from", "2026-02").code == 1
        assert run("import", emptied, "--from", "2026-02", "--to", "2026-02").code == 0
        assert table_rows(Store().database(), "costs") == []

    def test_a_file_with_faults_refuses_the_whole_drop(self, run: Run, budget: Path, faulty: Path) -> None:
        answer = run("import", budget, faulty)
        assert answer.code == 1
        assert "rad 3, kolumn datum" in answer.out.lower()
        assert answer.out.endswith(
            "handelser.csv har 1 fel. Rätta filen och importera den igen, eller ta bara de felfria raderna."
            " Det görs med --good-rows.\n"
        )
        assert Store().history() == ()

    def test_the_report_is_a_file_for_a_spreadsheet(self, run: Run, folder: Path, faulty: Path) -> None:
        assert run("import", faulty, "--report", "fel.csv").code == 1
        listed = list(csv.reader(io.StringIO((folder / "fel.csv").read_text("utf-8-sig")), delimiter=";"))
        assert [line[:4] for line in listed[1:]] == [["handelser.csv", "", "3", "datum"]]

    def test_as_json_the_faults_stand_one_by_one(self, run: Run, faulty: Path) -> None:
        answer = run("import", faulty, "--json")
        assert answer.code == 1
        (fault,) = answer.json["files"][0]["faults"]
        assert (fault["row"], fault["column"], fault["value"]) == (3, "datum", "snart")
        assert not answer.json["imported"]

    def test_the_good_rows_are_taken_when_asked_for(self, run: Run, faulty: Path) -> None:
        answer = run("import", faulty, "--good-rows", "--json")
        assert answer.code == 0
        (table,) = answer.json["batches"][0]["tables"]
        assert (table["rows"], table["refused"]) == (1, 1)

    def test_a_dry_run_imports_nothing(self, run: Run, budget: Path, faulty: Path) -> None:
        answer = run("import", budget, "--dry-run")
        assert (answer.code, Store().history()) == (0, ())
        assert "ingenting importerades" in answer.out
        assert run("import", faulty, "--dry-run").code == 1

    def test_the_same_file_again(self, run: Run, budget: Path) -> None:
        run("import", budget)
        answer = run("import", budget)
        assert answer.code == 1
        assert "redan importerad" in answer.out
        assert run("import", budget, "--again").code == 0

    def test_the_table_can_be_told(self, run: Run, folder: Path) -> None:
        file = write_csv(folder, "x.csv", BUDGET, "2026;SKOL;fast;100")
        for name in ("budget", "budgets", "Budget", "x.csv=budget"):
            answer = run("import", file, "--table", name, "--dry-run", "--json")
            assert [t["table"] for t in answer.json["files"][0]["tables"]] == ["budgets"]

    def test_two_files_with_one_name_are_numbered(self, run: Run, folder: Path, budget: Path) -> None:
        other = write_csv(folder / "sub", "budget.csv", BUDGET, "2025;SKOL;fast;100")
        result = run("import", budget, other, "--json").json
        assert [b["file"] for b in result["batches"]] == ["budget.csv", "budget (2).csv"]

    def test_what_the_files_cover_can_be_told(self, run: Run, folder: Path) -> None:
        file = write_csv(folder, "c.csv", COUNTS, "T-1;2026-01;besök;3")
        assert run("import", file, *COVERING).code == 0
        result = table_rows(Store().database(), "covers", "service_id, channel, month_from::VARCHAR, month_to::VARCHAR")
        assert result == [
            ("T-1", "visit", "2026-01-01", "2026-01-01"),  # the file's own row
            (None, "email", "2026-01-01", "2026-02-01"),
            (None, "phone", "2026-01-01", "2026-02-01"),
        ]

    def test_what_is_not_told_stays_as_suggested(self, run: Run, folder: Path) -> None:
        file = write_csv(folder, "c.csv", COUNTS, "T-1;2026-01;besök;3")
        run("import", file, "--to", "2026-03")
        result = table_rows(Store().database(), "covers", "service_id, channel, month_from::VARCHAR, month_to::VARCHAR")
        assert result == [("T-1", "visit", "2026-01-01", "2026-03-01")]

    def test_a_hole_is_no_zero_unless_it_is_stated(self, run: Run, folder: Path) -> None:
        rows = ("T-1;2026-01;telefon;5", "T-1;2026-04;telefon;5", "T-1;2026-04;besök;1", "T-2;2026-01;telefon;2")
        file = write_csv(folder, "c.csv", COUNTS, *rows)
        answer = run("import", file, "--dry-run")
        assert (
            "2 uppgifter saknar rad och är inte rapporterade: telefon feb–mars 2026. Är de 0, ange --covers own."
            in answer.out
        )
        assert run("import", file, "--dry-run", "--json").json["files"][0]["zeros"] == []
        assert "2 uppgifter blir 0: telefon feb–mars 2026." in run("import", file, "--dry-run", "--covers", "own").out
        answer = run("import", file, "--covers", "file", "--json")
        assert answer.json["files"][0]["zeros"] == [
            {"table": "case_counts", "channel": "phone", "month_from": "2026-02", "month_to": "2026-04", "cells": 5},
            {"table": "case_counts", "channel": "visit", "month_from": "2026-01", "month_to": "2026-04", "cells": 7},
        ]
        again = run("import", file, "--covers", "file", "--again", "--dry-run", "--json")
        assert len(again.json["files"][0]["zeros"]) == 2, "no service is in the register: nothing is 0 yet"
        assert run("import", write_csv(folder, "t.csv", *SERVICES)).code == 0
        again = run("import", file, "--covers", "file", "--again", "--dry-run", "--json")
        assert again.json["files"][0]["zeros"] == [], "it is 0 already"

    def test_what_refused_rows_leave_unknown_is_told(self, run: Run, folder: Path) -> None:
        file = write_csv(
            folder, "c.csv", COUNTS, "T-1;2026-01;telefon;5", "T-1;2026-01;besök;ca 5", "T-2;2026-01;brev;x"
        )
        answer = run("import", file, "--good-rows", "--dry-run")
        assert (
            "2 rader kommer inte med: deras tjänster, kanaler och månader blir då inte rapporterade, tills en rättad fil har"
            " raderna." in answer.out
        )

    def test_every_change_is_told_before_it_is_done(self, run: Run, folder: Path) -> None:
        run("import", write_csv(folder, "tjanster.csv", *SERVICES))
        renamed = write_csv(folder, "t2.csv", "tjanst_id;namn;publicerad_fran", "T-1;Bygglov – Ansökan;", "T-2;Två;")
        answer = run("import", renamed, "--table", "tjanster", "--dry-run")
        assert "1 rad ändras:" in answer.out
        text = "Tjänst T-1: namn Bygglov → Bygglov – Ansökan; publicerad från töms (var 1 januari 2020)"
        assert text in answer.out
        assert run("import", renamed, "--table", "tjanster", "--json").json["files"][0]["changes"] == [
            {
                "table": "services", "key": {"tjanst_id": "T-1"}, "column": "namn", "old": "Bygglov",
                "new": "Bygglov – Ansökan",
            },
            {
                "table": "services", "key": {"tjanst_id": "T-1"}, "column": "publicerad_fran", "old": "2020-01-01",
                "new": None,
            },
        ]  # fmt: skip

    def test_what_becomes_of_the_goals_is_told_before_it_is_done(self, run: Run, folder: Path) -> None:
        run("import", write_csv(folder, "v.csv", "verksamhet_id;namn", "BYGG;Bygg"))
        run("import", write_csv(folder, "tjanster.csv", *SERVICES), "--good-rows")
        file = write_csv(folder, "e.csv", "etjanst_id;namn;typ", "E1;Bygglov;e-tjänst")
        linked = write_csv(folder, "k.csv", "tjanst_id;etjanst_id", "T-1;E1", "T-1;E1")
        answer = run("import", file, linked, "--dry-run")
        assert "Så ändras målen om det här importeras (hela kommunen" in answer.out
        assert "\nMål 1, E-tjänster: inte rapporterat → 1 av 2" in answer.out
        (first, *_) = run("import", file, linked, "--json").json["goals"]
        assert (first["goal"], first["before"]["state"], first["after"]["numerator"]) == (1, "not_reported", 1)

    def test_many_changes_are_listed_in_the_json(self, run: Run, folder: Path) -> None:
        run("import", write_csv(folder, "b.csv", BUDGET, *(f"{year};SKOL;fast;100" for year in range(2000, 2025))))
        raised = write_csv(folder, "b2.csv", BUDGET, *(f"{year};SKOL;fast;101" for year in range(2000, 2025)))
        assert "… och 5 till; --json listar dem" in run("import", raised, "--dry-run").out
        (file,) = run("import", raised, "--dry-run", "--json").json["files"]
        assert len(file["changes"]) == file["change_count"] == 25

    def test_the_encoding_can_be_told(self, run: Run, folder: Path) -> None:
        (folder / "e.csv").write_bytes("datum;rubrik\n2026-01-02;Dag ö\n".encode("cp850"))
        assert "--encoding" in run("import", "e.csv").out
        assert run("import", "e.csv", "--encoding", "cp850").code == 0
        assert table_rows(Store().database(), "events", "title") == [("Dag ö",)]


class TestWrongUse:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ((), "fel: följande argument måste anges: KOMMANDO"),
            (("import",), "fel: följande argument måste anges: FIL"),
            (("exportera",), "okänt val: 'exportera'"),
            (("undo", "två"), "inget giltigt värde"),
            (("import", "saknas.csv"), "Det finns ingen fil saknas.csv."),
            (("import", "."), ". är en mapp. Ange filerna i den."),
            (
                ("import", "budget.csv", "--table", "bugdet"),
                "Det finns ingen tabell bugdet. Tabellerna är: verksamheter",
            ),
            (("import", "budget.csv", "--table", "x.csv=budget"), "--table pekar ut filen x.csv"),
            (("import", "budget.csv", "--channels", "fax"), "Det finns ingen kanal fax. Kanalerna är: e-tjänst"),
            (("import", "budget.csv", "--from", "jan"), "jan är ingen månad"),
            (("import", "budget.csv", "--from", "2026-02", "--to", "2026-01"), "kommer efter den sista"),
            (("import", "budget.csv", "--who", "anna@sala.se"), "Skriv en roll"),
            (("undo", "7"), "Det finns ingen import med nummer 7."),
        ],
    )
    def test_it_is_said_and_the_code_is_2(
        self, run: Run, budget: Path, arguments: tuple[str, ...], sentence: str
    ) -> None:
        answer = run(*arguments)
        assert (answer.code, answer.out) == (2, "")
        assert sentence in answer.err
        assert Store().history() == ()

    def test_as_json_it_is_an_object(self, run: Run, budget: Path) -> None:
        answer = run("undo", "7", "--json")
        assert (answer.code, answer.json) == (2, {"error": "Det finns ingen import med nummer 7."})

    def test_in_english(self, run: Run, budget: Path) -> None:
        assert run("undo", "7", "--language", "en").err == "There is no import number 7.\n"
        assert "usage:" in run("--language=en", "export").err


def test_help_is_swedish_through_and_through(run: Run) -> None:
    for command in ((), ("import",), ("status",), ("undo",), ("redo",), ("build",), ("templates",)):
        answer = run(*command, "--help")
        assert answer.code == 0
        assert answer.out.startswith("användning: python -m data")
        for english in ("usage", "options", "positional", "show this", "the "):
            assert english not in answer.out


def test_undo_redo_and_status(run: Run, budget: Path) -> None:
    run("import", budget)
    asked = run("undo", 1)
    assert asked.code == 1
    assert asked.out == (
        "Det här försvinner om import 1, budget.csv, ångras:\n"
        "Budget: 1 rad. Ingen annan import har rader i tabellen.\n"
        "Inget annat är importerat, så sidorna visar exempeldata efteråt.\n"
        "Ingenting är ändrat. Lägg till --yes för att ångra ändå. Du kan återställa en ångrad import.\n"
    )
    lost = run("undo", 1, "--json").json["lost"]
    assert lost == {
        "batch": 1,
        "tables": [{"table": "budgets", "rows": 1, "months": None, "emptied": True}],
        "goals": [],
        "to_example": True,
    }
    assert "Import 1: budget.csv, 1 rad, av kommandoraden" in run("status").out
    assert run("undo", 1, "--yes").out == "Import 1 (budget.csv) är ångrad.\n"
    assert "Import 1: budget.csv, 1 rad, av kommandoraden" in run("status").out
    assert run("undo", 1).code == 1
    result = run("redo", 1, "--json").json
    assert (result["batch"], result["active"]) == (1, True)
    status = run("status", "--json").json
    assert (status["example"], status["tables"]["budgets"], status["version"], status["notices"]) == (False, 1, 3, [])
    assert [(c["kind"], c["who"]) for c in status["batches"][0]["changes"]] == [
        ("undo", "kommandoraden"),
        ("redo", "kommandoraden"),
    ]


def test_status_of_the_example(run: Run) -> None:
    answer = run("status")
    assert answer.code == 0
    assert answer.out.startswith("Version 1, uppgifter till och med 2026-11-02.\nExempeldata – påhittade siffror.\n")


def test_status_names_what_the_system_does_not_limit(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("status", "--json").json["unlimited"] == []
    assert "begränsar" not in run("status").out
    monkeypatch.setattr("data.serving.status.unlimited", lambda: ("memory", "files", "network"))
    assert run("status").out.endswith(
        "När filer läses begränsar det här systemet inte: minnet, vilka andra filer som kan öppnas, anslutningar till nätet.\n"
    )


def test_build_and_store(run: Run, budget: Path, folder: Path) -> None:
    run("import", budget, "--store", folder / "other")
    assert run("build", "--store", folder / "other").out == "Version 2 är byggd.\n"
    assert not (folder / "store").exists()


def test_templates_that_are_filled_in_can_be_imported(run: Run, folder: Path) -> None:
    result = run("templates", folder / "mallar", "--json").json["files"]
    assert {Path(name).suffix for name in result} == {".csv", ".xlsx"}
    assert all(Path(name).stat().st_size > 0 for name in result)


def test_templates_are_filled_with_what_holds_now(run: Run, folder: Path) -> None:
    departments = write_csv(folder, "verksamheter.csv", "verksamhet_id;namn", "BYGG;Bygg", "VATT;Vatten")
    run("import", departments, write_csv(folder, "tjanster.csv", *SERVICES))
    result = run("templates", "nu", "--filled", "--department", "VATT", "--json").json
    rows = {
        name: (folder / "nu" / f"{name}.csv").read_text("utf-8-sig").splitlines()[1:]
        for name in ("verksamheter", "tjanster")
    }
    assert rows == {"verksamheter": ["VATT;Vatten;;;;;"], "tjanster": []}
    assert result["left_out"] == [
        "Ingen verksamhet har egna rader i Uppföljningsomgångar, Frågor från möten, Namn i Stratsys, Plattformens summor och "
        "Webbsidor: hämta dem för hela kommunen."
    ]
    assert run("templates", "nu", "--filled", "--overwrite").code == 0
    assert len((folder / "nu" / "tjanster.csv").read_text("utf-8-sig").splitlines()) == 3
    answer = run("templates", "nu", "--department", "GATA")
    assert (answer.code, answer.err) == (
        2,
        "Det finns ingen verksamhet GATA. Skriv dess id, som i tabellen verksamheter.\n",
    )


def test_templates_are_not_written_over_those_that_are_filled_in(run: Run, folder: Path) -> None:
    mine = write_csv(folder, "tjanster.csv", *SERVICES)
    filled = mine.read_bytes()
    answer = run("templates")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "tjanster.csv finns redan, så inget skrevs. Välj en annan mapp, eller lägg till --overwrite.\n"
    assert mine.read_bytes() == filled and [*folder.glob("*.csv")] == [mine]
    assert run("templates", "--overwrite").code == 0
    assert mine.read_bytes() != filled


def test_a_store_that_cannot_be_is_one_sentence(run: Run, folder: Path) -> None:
    (folder / "store").write_text("not a folder", "utf-8")
    answer = run("status")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("Det finns ingen databas att visa")
    assert answer.err.count("\n") == 1


def test_as_a_command_of_its_own(folder: Path, budget: Path) -> None:
    command = [sys.executable, "-m", "data", "import", str(budget), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["imported"]


class TestDamage:
    """What is damaged is named, with an exit code; nothing is changed on top of it unless somebody accepts it."""

    @pytest.fixture
    def parquet(self, run: Run, budget: Path, folder: Path) -> Path:
        run("import", budget)
        run("import", write_csv(folder, "handelser.csv", EVENTS, "2026-01-01;Start"))
        return next((folder / "store" / "archive" / "000001-batches-1-1").glob("*.parquet"))

    def test_a_whole_archive(self, run: Run, parquet: Path) -> None:
        assert run("verify").out == "Arkivet är helt: 2 sparade ändringar.\n"
        assert run("verify", "--json").json == {
            "whole": True,
            "entries": 2,
            "batches": 2,
            "damage": [],
            "given_up": [],
        }
        assert run("status", "--json").json["whole"]

    def test_a_flipped_byte_is_named_by_verify_and_status_and_refuses_imports(
        self, run: Run, parquet: Path, folder: Path
    ) -> None:
        content = bytearray(parquet.read_bytes())
        content[len(content) // 2] ^= 1
        parquet.write_bytes(content)
        sentence = f"archive/000001-batches-1-1/{parquet.name} är skadad. Återställ filen från en säkerhetskopia."
        assert (run("verify").code, run("verify").out) == (1, sentence + "\n")
        status = run("status")
        assert (status.code, sentence in status.out, "Budget: 1" in status.out) == (1, True, True)
        assert not run("status", "--json").json["whole"]
        refused = run("import", write_csv(folder, "b2.csv", BUDGET, "2027;SKOL;fast;1"))
        assert refused.code == 1 and sentence in refused.err
        assert run("undo", 2).err == f"Ingenting ändrades, eftersom arkivet över importer inte är helt. {sentence}\n"
        assert "Budget: 1" in run("status").out

    def test_it_is_accepted_with_what_is_given_up(self, run: Run, parquet: Path, folder: Path) -> None:
        parquet.unlink()
        answer = run("import", write_csv(folder, "b2.csv", BUDGET, "2027;SKOL;fast;1"), "--accept-damage")
        assert (answer.code, answer.err) == (0, "Bortvalt: import 1, 000001-batches-1-1 i arkivet.\n")
        status = run("status")
        assert status.code == 0 and "Import 1: skadad och bortvald" in status.out
        assert run("verify", "--json").json["given_up"] == ["000001-batches-1-1"]
        assert run("build", "--accept-damage").err == ""

    def test_given_up_without_an_import(self, run: Run, parquet: Path, folder: Path) -> None:
        run("undo", 2, "--yes")
        (folder / "store" / "archive" / "000003-undo-2.json").write_text("", "utf-8")
        assert run("build", "--accept-damage").err == "Bortvalt: 000003-undo-2.json i arkivet.\n"

    def test_more_than_one_fault(self, run: Run, parquet: Path) -> None:
        parquet.unlink()
        next((parquet.parents[1] / "000002-batches-2-2").glob("*.parquet")).unlink()
        assert run("undo", 2).err.endswith(" Det är fler fel: python -m data verify visar dem.\n")
        assert len(run("verify").out.splitlines()) == 2

    def test_a_database_that_is_damaged(self, run: Run, parquet: Path, folder: Path) -> None:
        version = next((folder / "store" / "versions").glob("v000002-*.duckdb"))
        version.write_bytes(version.read_bytes()[:-1] + b"x")
        sentence = "Den byggda databasen saknas eller är skadad. Bygg om den: python -m data build.\n"
        assert (run("verify").code, run("verify").out) == (1, sentence)
        assert run("build").code == 0
        assert run("verify").code == 0

    def test_a_restored_archive_is_built(self, run: Run, parquet: Path, folder: Path) -> None:
        (folder / "store" / "archive").rename(folder / "kept")
        shutil.rmtree(folder / "store")
        (folder / "store").mkdir()
        (folder / "kept").rename(folder / "store" / "archive")
        assert run("status").code == 1
        assert run("build").code == 0
        assert run("status").code == 0


class TestInit:
    def test_a_store_is_made_once(self, run: Run, folder: Path) -> None:
        (folder / "store").mkdir()
        (folder / "store" / "anteckningar.txt").write_text("hej", "utf-8")
        assert run("status").code == 1
        assert run("init").out == f"En datamapp är skapad i {folder / 'store'}. Den visar exempeldata.\n"
        assert run("status").out.startswith("Version 1,")
        assert (run("init").code, run("init").err) == (
            1,
            f"{folder / 'store'} är redan en datamapp. Ingenting ändrades.\n",
        )

    def test_help_tells_of_it(self, run: Run) -> None:
        out = " ".join(run("--help").out.split())
        assert "läs varje byte i arkivet och säg vad som inte är som det skrevs" in out
        assert "skapa en tom datamapp, som visar exempeldata" in out
        told = " ".join(run("build", "--help").out.split())
        assert "välj först bort det som är skadat i arkivet, och säg vad det är" in told
