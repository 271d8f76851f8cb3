"""A draft is checked against the current database: references, cases beside counts, shares and trees."""

from pathlib import Path

from data.base.fault import Fault
from data.intake.draft import Source
from data.messages import render
from data.store import Store
from tests.data.drafts import CASES, COUNTS, TODAY, codes_of
from tests.data.stores import import_files, write_csv

DEPARTMENTS = ("verksamhet_id;namn;overordnad_id", "A;a;", "B;b;A")
SERVICES = ("tjanst_id;namn;verksamhet_id;malgrupp", "T-1;Bygglov;B;extern")


def notes_of(store: Store, path: Path) -> dict[str, dict[str, object]]:
    """The parameters, by code, of the notes on a file checked against the store."""
    with store.prepare([Source(path.name, path)], today=TODAY) as draft:
        (table,) = draft.files[0].tables
        assert not table.faults
        return {note.code: dict(note.params) for note in table.notes}


def test_checked_against_the_current_database(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    files = [
        write_csv(tmp_path, "verksamheter.csv", *DEPARTMENTS),
        write_csv(tmp_path, "tjanster.csv", *SERVICES),
        write_csv(tmp_path, "antal.csv", COUNTS.strip(), "T-1;2026-01;telefon;5"),
        write_csv(tmp_path, "andelar.csv", "kostnad_id;verksamhet_id;andel", "K;A;60", "K;B;40"),
    ]
    import_files(store, *files)
    cases = write_csv(tmp_path, "arenden.csv", CASES.strip(), "1;T-1;2026-01-09;telefon", "2;T-2;2026-01-09;telefon")
    notes = notes_of(store, cases)
    assert notes["unmatched"]["values"] == ["T-2"]
    assert (notes["cases_win"]["count"], notes["cases_win"]["values"]) == (1, ["T-1 2026-01"])
    import_files(store, cases)
    later = write_csv(tmp_path, "februari.csv", CASES.strip(), "3;T-1;2026-02-09;telefon")
    assert "cases_win" not in notes_of(store, later), "that is about the store, and not about this file"
    shares = write_csv(tmp_path, "nya.csv", "kostnad_id;verksamhet_id;andel", "K;B;30")
    assert notes_of(store, shares)["shares_sum"]["values"] == ["K = 90.00 %"]
    tree = write_csv(tmp_path, "trad.csv", "verksamhet_id;namn;overordnad_id", "A;a;B")
    assert notes_of(store, tree)["department_cycle"]["values"] == ["A"]


def test_example_data_are_no_reference(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "arenden.csv", CASES.strip(), "1;T-001;2026-01-09;telefon")
    with Store(tmp_path / "store").prepare([Source(path.name, path)], today=TODAY) as draft:
        assert codes_of(draft.files[0].tables[0].notes) == ["unmatched"]


def test_what_moves_is_told_with_from_when(tmp_path: Path) -> None:
    """Old → new, before anything is imported; a column that the file lacks moves nothing."""
    store = Store(tmp_path / "store")
    import_files(
        store, write_csv(tmp_path, "verksamheter.csv", *DEPARTMENTS), write_csv(tmp_path, "tjanster.csv", *SERVICES)
    )
    (services, row), dated = SERVICES, f"{SERVICES[0]};galler_fran"
    assert not notes_of(store, write_csv(tmp_path / "same", "tjanster.csv", services, row))
    notes = notes_of(store, write_csv(tmp_path / "today", "tjanster.csv", services, "t-1;Bygglov;A;extern"))
    assert notes == {"moved_today": {"table": "services", "count": 1, "values": ["T-1 B → A"]}}
    later = write_csv(tmp_path / "from", "tjanster.csv", dated, "T-1;Bygglov;A;extern;2026-03-01")
    assert notes_of(store, later)["moved_from"]["values"] == ["T-1 B → A 2026-03-01"]
    import_files(store, later)
    corrected = write_csv(tmp_path / "day", "tjanster.csv", dated, "T-1;Bygglov;A;extern;2026-02-01")
    assert notes_of(store, corrected)["moved_day"]["values"] == ["T-1 A 2026-03-01 → 2026-02-01"]
    tree = write_csv(tmp_path / "tree", "verksamheter.csv", f"{DEPARTMENTS[0]};ersatter", "B;b;;", "N;n;;B, gammal")
    notes = notes_of(store, tree)
    assert (notes["moved_today"]["values"], notes["unmatched"]["values"]) == (["B A → –"], ["gammal"])
    assert not notes_of(store, write_csv(tmp_path / "names", "verksamheter.csv", "verksamhet_id;namn", "B;Beta"))


def test_the_words_of_a_move() -> None:
    values = {"table": "services", "count": 1, "values": ["T-1 B → A"]}
    assert render.sentence(Fault("moved_today", "tjanster.csv", params=values)) == (
        "Flyttas från och med dagen för importen: T-1 B → A. Sammanlagt: 1. Tidigare månader står kvar där de var. Skedde flytten"
        " en annan dag, eller rättar den ett fel, ange dagen i kolumnen galler_fran."
    )
    assert render.sentence(Fault("moved_from", "tjanster.csv", params=values)) == (
        "Flyttas från och med dagen i galler_fran: T-1 B → A. Sammanlagt: 1. Tidigare månader står kvar där de var."
    )
    assert render.sentence(Fault("moved_day", "tjanster.csv", params=values)) == (
        "Dagen för en tidigare flytt ändras: T-1 B → A. Sammanlagt: 1."
    )
