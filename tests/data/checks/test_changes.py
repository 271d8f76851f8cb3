"""What a file changes is listed, old and new, before it is done; what is new in it must be whole."""

from pathlib import Path

import pytest

from data.base.errors import ImportRefused
from data.intake.choices import Choice
from data.intake.draft import FileDraft, Source
from data.messages.listed import changed_rows, changes_csv
from data.messages.render import form_sentence, sentence
from data.schema.catalogue import datasets
from data.store import Store
from tests.data.drafts import TODAY
from tests.data.stores import NOW, ROLE, import_files, table_rows, write_csv

SERVICES = "tjanst_id;namn;verksamhet_id;malgrupp;aktiv;publicerad_fran;adress"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A register of two services, with a count and a cost."""
    store = Store(tmp_path / "store")
    import_files(
        store,
        write_csv(tmp_path, "verksamheter.csv", "verksamhet_id;namn", "SKOL;Skolkontoret", "BYGG;Bygg"),
        write_csv(
            tmp_path, "tjanster.csv", SERVICES,
            "T1;Bygglov;BYGG;extern;ja;2020-01-01;https://kommun.se/1", "T2;Skolskjuts;SKOL;extern;ja;;",
        ),
        write_csv(tmp_path, "arendeantal.csv", "tjanst_id;manad;kanal;antal", "T1;2026-03;telefon;7"),
        write_csv(
            tmp_path, "kostnader.csv", "kostnad_id;datum;kostnadstyp;belopp;leverantor", "K1;2026-03-01;fast;100;Bolaget"
        ),
        write_csv(tmp_path, "steg.csv", "tjanst_id;steg;fran;lage", "T1;beslut;2026-01-01;digitalt"),
    )  # fmt: skip
    return store


def drafted(store: Store, tmp_path: Path, *lines: str, table: str = "services") -> FileDraft:
    path = write_csv(tmp_path, "fil.csv", *lines)
    with store.prepare([Source(path.name, path, table=table)], TODAY) as draft:
        (file,) = draft.files
        return file


def changes(file: FileDraft) -> list[str]:
    return [row.text for table in file.tables for row in changed_rows(table.changes)]


def test_every_change_is_listed_old_and_new(store: Store, tmp_path: Path) -> None:
    file = drafted(
        store, tmp_path, "tjanst_id;namn;adress;malgrupp", "t1;Bygglov – Ansökan;;intern", "T2;Skolskjuts;;extern"
    )
    assert changes(file) == [
        "Tjänst T1: namn Bygglov → Bygglov – Ansökan; målgrupp extern → intern; webbadress töms (var https://kommun.se/1)"
    ]
    assert (file.change_count, file.fault_count) == (3, 0)
    assert changes_csv(file.changes).decode("utf-8-sig").splitlines()[:2] == [
        "Tabell;Vilken rad;Kolumn;Före;Efter", "Tjänster;Tjänst T1;Namn;Bygglov;Bygglov – Ansökan",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "lines", "expected"),
    [
        (
            "case_counts", ("tjanst_id;manad;kanal;antal", "T1;2026-03;telefon;8"),
            ["Tjänst T1, månad mars 2026, kanal telefon, inskrivet av medarbetare nej: antal 7 → 8"],
        ),
        (
            "case_counts", ("tjanst_id;manad;kanal;antal", "T1;2026-03;telefon;"),
            ["Tjänst T1, månad mars 2026, kanal telefon, inskrivet av medarbetare nej: antal 7 → ej rapporterat"],
        ),
        ("costs", ("kostnad_id;belopp", "K1;99,50"), ["Post K1: belopp 100\xa0kr → 99,50\xa0kr"]),
        (
            "handling_steps", ("tjanst_id;steg;fran;lage", "T1;beslut;2026-01-01;inte digitalt"),
            ["Tjänst T1, steg beslut, från och med 1 januari 2026: läge digitalt → inte digitalt"],
        ),
        ("departments", ("verksamhet_id;namn", "BYGG;Bygg"), []),
    ],
)  # fmt: skip
def test_of_all_tables(store: Store, tmp_path: Path, table: str, lines: tuple[str, ...], expected: list[str]) -> None:
    file = drafted(store, tmp_path, *lines, table=table)
    assert (changes(file), file.fault_count) == (expected, 0)


def test_the_last_of_two_rows_with_one_key_is_what_changes(store: Store, tmp_path: Path) -> None:
    assert changes(drafted(store, tmp_path, "tjanst_id;namn", "T1;A", "T1;B")) == ["Tjänst T1: namn Bygglov → B"]


def test_a_new_row_needs_all_that_the_file_lacks(store: Store, tmp_path: Path) -> None:
    file = drafted(store, tmp_path, "tjanst_id;namn", "T1;Bygglov", "T3;Ny tjänst")
    assert [sentence(fault, "en") for fault in file.all_faults] == [
        "Row 3: No row with this tjanst_id is known, and a new one needs verksamhet_id, malgrupp too."
        " Correct the tjanst_id, or add the columns."
    ]
    assert file.tables[0].good == 1


def test_where_no_row_is_known_the_columns_are_missing(store: Store, tmp_path: Path) -> None:
    file = drafted(store, tmp_path, "tjanst_id;namn", "T8;Ny", "T9;Ny")
    assert [(fault.code, fault.column) for fault in file.all_faults] == [
        ("missing_column", "verksamhet_id"), ("missing_column", "malgrupp"),
    ]  # fmt: skip


def test_a_value_under_another_header_is_not_dropped_without_a_word(store: Store, tmp_path: Path) -> None:
    """A file with the keys of known rows alone changes nothing: its values stand under a header that nobody knows."""
    import_files(store, write_csv(tmp_path, "budget.csv", "ar;verksamhet_id;kostnadstyp;belopp", "2026;BYGG;fast;10"))
    file = drafted(store, tmp_path, "ar;verksamhet_id;kostnadstyp;summan", "2026;BYGG;fast;14", table="budgets")
    assert [(fault.code, fault.column) for fault in file.all_faults] == [("missing_column", "belopp")]
    assert file.tables[0].good == 0


def test_a_row_of_an_earlier_file_in_the_same_drop_is_known(tmp_path: Path) -> None:
    first = write_csv(tmp_path, "a.csv", SERVICES, "T1;Bygglov;BYGG;extern;;;")
    second = write_csv(tmp_path, "b.csv", "tjanst_id;adress", "T1;https://kommun.se/1")
    store = Store(tmp_path / "new")
    sources = [Source(path.name, path, table="services") for path in (first, second)]
    with store.prepare(sources, TODAY) as draft:
        assert not [fault for file in draft.files for fault in file.all_faults]
        store.commit(draft, {}, ROLE, NOW)
    with store.database().cursor() as cursor:
        assert cursor.execute("SELECT name, url FROM services").fetchall() == [("Bygglov", "https://kommun.se/1")]


def test_what_an_earlier_file_in_the_same_drop_changes_comes_before(store: Store, tmp_path: Path) -> None:
    first = write_csv(tmp_path, "a.csv", "tjanst_id;namn;aktiv", "T1;Bygglovet;ja", "t2;Skolbuss;nej")
    second = write_csv(tmp_path, "b.csv", "tjanst_id;namn;adress", "t1;Lov;", "T2;Skolbuss;")
    third = write_csv(tmp_path, "c.csv", "tjanst_id;aktiv", "T2;ja")
    with store.prepare([Source(path.name, path) for path in (first, second, third)], TODAY) as draft:
        assert [changes(file) for file in draft.files] == [
            [
                "Tjänst T1: namn Bygglov → Bygglovet",
                "Tjänst T2: namn Skolskjuts → Skolbuss; sökanden gör något själv ja → nej",
            ],
            ["Tjänst T1: namn Bygglovet → Lov; webbadress töms (var https://kommun.se/1)"],
            ["Tjänst T2: sökanden gör något själv nej → ja"],
        ]


def test_a_rejected_link_stays_so_and_it_is_told(store: Store, tmp_path: Path) -> None:
    e_services = write_csv(tmp_path, "etjanster.csv", "etjanst_id;namn;typ", "E1;Ett;e-tjänst")
    import_files(store, e_services, write_csv(tmp_path, "l.csv", "tjanst_id;etjanst_id;hor_ihop", "T1;E1;nej"))
    file = drafted(store, tmp_path, "tjanst_id;etjanst_id", "t1;E1", "T2;E1", table="links")
    (note,) = [note for note in file.all_notes if note.code == "rejected_links"]
    assert sentence(note) == (
        "Någon har bestämt att de här inte hör ihop, och det gäller fortfarande, eftersom filen saknar kolumnen hor_ihop: t1 E1."
        " Sammanlagt: 1. Hör de ihop, lägg till kolumnen, med ja."
    )
    said = drafted(store, tmp_path, "tjanst_id;etjanst_id;hor_ihop", "T1;E1;ja", table="links")
    assert not said.all_notes
    assert changes(said) == ["Tjänst T1, e-tjänst E1: hör ihop nej → ja"]


def test_a_date_must_agree_with_the_one_that_is_known(store: Store, tmp_path: Path) -> None:
    file = drafted(store, tmp_path, "tjanst_id;publicerad_till", "T1;2019-12-31", "T2;2019-12-31")
    assert [sentence(fault, "en") for fault in file.all_faults] == [
        "Row 2, column publicerad_till: ”2019-12-31” does not agree with publicerad_fran, which is known: the first day"
        " comes after the last. Correct the date, or let the file have both."
    ]


def test_a_file_is_known_by_its_name_when_it_has_the_key(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "tjanster.csv", "tjanst_id;publicerad_till", "T2;2026-12-31")
    with store.prepare([Source(path.name, path)], TODAY) as draft:
        assert changes(draft.files[0]) == ["Tjänst T2: publicerad till blir 31 december 2026"]


@pytest.mark.parametrize(
    ("headers", "row", "expected"),
    [
        ("tjanst_id;verksamhet_id;galler_fran", "T1;SKOL;2026-02-01", "Tjänst T1: verksamhet BYGG → SKOL"),
        ("tjanst_id;verksamhet_id;galler_fran;varfor", "T1;SKOL;2026-02-01;Flytt", "Tjänst T1: verksamhet BYGG → SKOL"),
        ("tjanst_id;adress", "T1;", "Tjänst T1: webbadress töms (var https://kommun.se/1)"),
        ("tjanst_id;publicerad_fran", "T1;2021-01-01", "Tjänst T1: publicerad från 1 januari 2020 → 1 januari 2021"),
        ("verksamhet_id;namnd", "BYGG;Nämnden", "Verksamhet BYGG: nämnd blir Nämnden"),
        ("kostnad_id;leverantor", "K1;Firman", "Post K1: leverantör Bolaget → Firman"),
    ],
)  # fmt: skip
def test_a_file_under_any_name_is_known_by_its_key(
    store: Store, tmp_path: Path, headers: str, row: str, expected: str
) -> None:
    """A file with `verksamhet_id` that is of services was once read as one of departments."""
    path = write_csv(tmp_path, "flytt.csv", headers, row)
    with store.prepare([Source(path.name, path)], TODAY) as draft:
        (file,) = draft.files
        assert (file.fault_count, changes(file)) == (0, [expected])


def test_the_example_data_are_no_register(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "tjanster.csv", "tjanst_id;namn", "T-001;Ny")
    with Store(tmp_path / "none").prepare([Source(path.name, path)], TODAY) as draft:
        assert not draft.files[0].changes
        assert {fault.code for fault in draft.files[0].all_faults} == {"missing_column"}


def test_a_changed_row_that_is_left_out_is_not_imported(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "fil.csv", "tjanst_id;namn;adress", "T1;Ett lov;", "T2;Skolbuss;", "T1;Lov;")
    with store.prepare([Source(path.name, path)], TODAY) as draft:
        assert [(row.row, row.text) for row in changed_rows(draft.files[0].changes)] == [
            (3, "Tjänst T2: namn Skolskjuts → Skolbuss"),
            (4, "Tjänst T1: namn Bygglov → Lov; webbadress töms (var https://kommun.se/1)"),
        ]
        both = Choice(left_out=frozenset({(0, 3), (0, 4), (0, 2)}))
        refusal = store.refusal(draft, {path.name: both})
        assert refusal and refusal.text == ImportRefused.NOTHING_TO_IMPORT
        (batch,) = store.commit(draft, {path.name: Choice(left_out=frozenset({(0, 4)}))}, ROLE, NOW)
    assert batch.rows == 1, "no row of its key, or the one before it would count"
    assert table_rows(store.database(), "services", "service_id, name, url") == [
        ("T1", "Bygglov", "https://kommun.se/1"),
        ("T2", "Skolbuss", None),
    ]


def test_every_column_of_a_table_is_called_something_of_its_own() -> None:
    for dataset in datasets().values():
        for language in ("sv", "en"):
            own = {
                c.code for c in dataset.columns if c.key and c.type == "id" and not c.references
            }  # a form adds "(id)"
            titles = [column.title[language] for column in dataset.columns if column.code not in own]
            assert len({*titles}) == len(titles), (dataset.code, titles)
            assert not [title for title in titles if "_" in title or title != title.strip()]


def test_what_a_form_has_wrong_is_told_by_the_titles_of_its_fields(store: Store, tmp_path: Path) -> None:
    file = drafted(
        store, tmp_path, "undantag_id;tjanst_id;etjanst_id;typ;skal;beslutat;galler_till",
        "U-1;;;ej tillämpligt;Ingen;2026-03-01;2026-01-01", table="exemptions",
    )  # fmt: skip
    told = [form_sentence(fault) for fault in file.all_faults]
    assert told == [
        "En av de här kolumnerna behöver ett värde: tjänst, e-tjänst.",
        "Gäller till: ”2026-01-01” ligger före datumet i kolumnen beslutat. Kontrollera båda.",
    ]
