"""Rows of one key that differ stand side by side, rows that belong to no department are named, and new rows are counted."""

from pathlib import Path

from data.intake.draft import FileDraft, Source
from data.messages.listed import (
    contradiction_sentence,
    contradictions_csv,
    without_department_csv,
    without_department_sentence,
)
from data.store import Store
from tests.data.stores import COUNTS, NOW, import_files, write_csv

SERVICES = "tjanst_id;namn;verksamhet_id;malgrupp"


def drafted(store: Store, *paths: Path) -> list[FileDraft]:
    with store.prepare([Source(path.name, path) for path in paths], NOW.date()) as draft:
        return [*draft.files]


def test_rows_of_one_key_are_shown_with_the_columns_that_differ(tmp_path: Path) -> None:
    rows = (
        "T1;Bygglov;BYGG;extern",
        "T2;Skylt;BYGG;extern",
        "t1;Bygglov – Ansökan;BYGG;intern",
        "T2;Skylt;BYGG;extern",
    )
    departments = write_csv(tmp_path, "verksamheter.csv", "verksamhet_id;namn", "BYGG;Bygg")
    _, file = drafted(Store(tmp_path / "store"), departments, write_csv(tmp_path, "tjanster.csv", SERVICES, *rows))
    assert [contradiction_sentence(each) for each in file.contradictions] == [
        "rad 2 har namn Bygglov, rad 4 har Bygglov – Ansökan",
        "rad 2 har målgrupp extern, rad 4 har intern",
    ]
    assert contradictions_csv(file.contradictions).decode("utf-8-sig").splitlines()[:2] == [
        "Tabell;Rad;Senare rad;Kolumn;Värde;Värde i den senare raden", "Tjänster;2;4;Namn;Bygglov;Bygglov – Ansökan",
    ]  # fmt: skip
    assert not file.without_department


def test_rows_without_a_department_are_named_whatever_they_lack_it_through(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    import_files(store, write_csv(tmp_path, "verksamheter.csv", "verksamhet_id;namn", "BYGG;Bygg"))
    services = write_csv(tmp_path, "tjanster.csv", SERVICES, "T1;Bygglov;bygg;extern", "T2;Skylt;BYG;extern")
    e_services = write_csv(
        tmp_path, "etjanster.csv", "etjanst_id;namn;typ;verksamhet_id", "E1;Ett;e-tjänst;", "E2;Två;e-tjänst;BYGG",
        "E3;Tre;e-tjänst;",
    )  # fmt: skip
    links = write_csv(tmp_path, "kopplingar.csv", "tjanst_id;etjanst_id", "T1;E1", "T2;E3")
    head = "tjanst_id;etjanst_id;manad;kanal;antal"
    rows = ("T1;;2026-01;telefon;1", "T2;;2026-01;telefon;1", ";E1;2026-01;e-tjänst;1", ";E3;2026-01;e-tjänst;1")
    counts = write_csv(tmp_path, "arendeantal.csv", head, *rows)
    files = drafted(store, services, e_services, links, counts)
    assert [without_department_sentence(row) for file in files for row in file.without_department] == [
        "Tjänster, rad 3: verksamhet BYG",
        "E-tjänster, rad 4: e-tjänst E3",
        "Ärendeantal, rad 3: tjänst T2",
        "Ärendeantal, rad 5: e-tjänst E3",
    ]
    assert [file.without_department_count for file in files] == [1, 1, 0, 2]
    assert without_department_csv(files[0].without_department).decode("utf-8-sig").splitlines() == [
        "Fil;Blad;Tabell;Rad;Kolumn;Värde", "tjanster.csv;;Tjänster;3;Verksamhet;BYG",
    ]  # fmt: skip


def test_new_rows_are_counted_where_something_is_known(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    first = write_csv(tmp_path, "a.csv", COUNTS, "T1;2026-01;telefon;1", "T1;2026-02;telefon;1")
    assert [table.new_count for file in drafted(store, first) for table in file.tables] == [None]
    import_files(store, first)
    second = write_csv(
        tmp_path, "b.csv", COUNTS, "t1;2026-02;telefon;2", "T1;2026-03;telefon;1", "T1;2026-03;telefon;1"
    )
    third = write_csv(tmp_path, "c.csv", COUNTS, "T1;2026-03;telefon;1", "T1;2026-04;telefon;1")
    assert [table.new_count for file in drafted(store, second, third) for table in file.tables] == [1, 1]
