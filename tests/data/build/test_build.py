"""The database is a pure function of the archive, in which a later row with the same key wins."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.archive.log import Archive
from data.build import compaction
from data.build import database as building
from data.build.coverage_table import BatchPart
from data.build.database import archive_contents, build_database
from data.coverage import Coverage
from data.schema.catalogue import datasets
from data.store import Store
from tests.data.stores import BUDGET, COUNTS, EVENTS, NOW, ROLE, all_tables, import_files, table_rows, write_csv


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_the_later_row_of_a_file_wins_whole(store: Store, tmp_path: Path) -> None:
    lines = ("2026-01-01;Start;SKOL", "2026-01-01;Start;")
    import_files(store, write_csv(tmp_path, "e.csv", "datum;rubrik;verksamhet_id", *lines))
    assert table_rows(store.database(), "events", "title, department_id, batch") == [("Start", None, 1)]


def test_the_later_import_wins_whole_whatever_its_rows(store: Store, tmp_path: Path) -> None:
    head = "datum;rubrik;verksamhet_id"
    import_files(store, write_csv(tmp_path, "e1.csv", head, "2026-01-02;Annat;BYGG", "2026-01-01;Start;SKOL"))
    import_files(store, write_csv(tmp_path, "e2.csv", head, "2026-01-01;Start;"))
    assert table_rows(store.database(), "events", "title, department_id, batch") == [
        ("Annat", "BYGG", 1),
        ("Start", None, 2),
    ]


def test_a_blank_in_a_key_is_a_value_of_its_own(store: Store, tmp_path: Path) -> None:
    head = "mal;verksamhet_id;datum;andel"
    import_files(store, write_csv(tmp_path, "d1.csv", head, "1;;2027-12-31;70", "1;SKOL;2027-12-31;60"))
    import_files(store, write_csv(tmp_path, "d2.csv", head, "1;;2027-12-31;80"))
    result = table_rows(store.database(), "targets", "department_id, share")
    assert result == [("SKOL", Decimal(60)), (None, Decimal(80))]


def test_every_table_has_the_columns_of_the_catalogue_and_its_batch(store: Store, tmp_path: Path) -> None:
    import_files(store, write_csv(tmp_path, "b.csv", BUDGET, "2026;SKOL;fast;100"))
    for code, dataset in datasets().items():
        result = store.database().cursor().execute(f"DESCRIBE {code}").fetchall()
        assert [(c[0], c[1]) for c in result] == [*dataset.stored, ("batch", "INTEGER")]


def test_info_and_batches_tell_what_it_was_built_from(store: Store, tmp_path: Path) -> None:
    import_files(store, write_csv(tmp_path, "b.csv", BUDGET, "2026;SKOL;fast;100"))
    import_files(store, write_csv(tmp_path, "e.csv", EVENTS, "2026-01-01;Start"), now=NOW.replace(month=12))
    store.undo(2, ROLE, NOW)
    database = store.database()
    assert table_rows(database, "info", "version, fingerprint, example, today") == [
        (database.version, database.fingerprint, False, NOW.date())
    ]
    assert table_rows(database, "batches", "batch, file, who, tables, rows, active") == [
        (1, "b.csv", ROLE, ["budgets"], 1, True),
        (2, "e.csv", ROLE, ["events"], 1, False),
    ]


class TestCovers:
    """What is covered is told service by service."""

    LINES = ("T-1;2026-01;telefon;3", "T-1;2026-03;e-post;4", "T-2;2026-02;telefon;5")

    def test_the_default_is_the_rows_of_the_file(self, store: Store, tmp_path: Path) -> None:
        """A hole is no zero: who stopped reporting, or left a month out, did not report zero."""
        import_files(store, write_csv(tmp_path, "c.csv", COUNTS, *self.LINES, "T-2;2026-04;telefon;1"))
        january, february, march, april = (date(2026, month, 1) for month in (1, 2, 3, 4))
        assert table_rows(store.database(), "covers") == [
            (1, "case_counts", "T-1", None, "email", march, march),
            (1, "case_counts", "T-1", None, "phone", january, january),
            (1, "case_counts", "T-2", None, "phone", february, february),
            (1, "case_counts", "T-2", None, "phone", april, april),
        ]

    def test_cases_of_the_unfinished_month_are_left_out_unless_it_is_the_only_one(
        self, store: Store, tmp_path: Path
    ) -> None:
        head = "arende_id;tjanst_id;inkom;kanal"
        import_files(store, write_csv(tmp_path, "c1.csv", head, "1;T-1;2026-10-03;telefon", "2;T-1;2026-11-03;telefon"))
        import_files(store, write_csv(tmp_path, "c2.csv", head, "3;T-2;2026-11-04;telefon"))
        result = table_rows(store.database(), "covers", "service_id, month_from, month_to")
        october, november = date(2026, 10, 1), date(2026, 11, 1)
        assert result == [("T-1", october, october), ("T-2", november, november)]

    def test_a_row_that_says_not_reported_covers_nothing(self, store: Store, tmp_path: Path) -> None:
        lines = ("T-1;2026-01;telefon;3", "T-2;2026-04;e-post;ej rapporterat")
        import_files(store, write_csv(tmp_path, "c.csv", COUNTS, *lines))
        result = table_rows(store.database(), "covers", "service_id, channel, month_to")
        assert result == [("T-1", "phone", date(2026, 1, 1))]

    def test_what_is_stated_is_covered_beside_the_rows(self, store: Store, tmp_path: Path) -> None:
        choice = Coverage(("visit",), "all", date(2025, 1, 1), date(2025, 12, 1))
        import_files(store, write_csv(tmp_path, "c.csv", COUNTS, self.LINES[0]), covers={"case_counts": choice})
        assert table_rows(store.database(), "covers") == [
            (1, "case_counts", "T-1", None, "phone", date(2026, 1, 1), date(2026, 1, 1)),
            (1, "case_counts", None, None, "visit", date(2025, 1, 1), date(2025, 12, 1)),
        ]


def test_an_older_file_lacks_a_newer_column(store: Store, tmp_path: Path) -> None:
    import_files(store, write_csv(tmp_path, "e.csv", "datum;rubrik;verksamhet_id", "2026-01-01;Start;SKOL"))
    what = archive_contents(Archive(store.folder / "archive").state())
    old = tmp_path / "old.parquet"
    duckdb.execute(f"COPY (SELECT * EXCLUDE (department_id) FROM '{what.parts[0].path}') TO '{old}'")
    build_database(tmp_path / "v.duckdb", replace(what, parts=(BatchPart("events", 1, old, NOW.date()),)), 1, NOW)
    with duckdb.connect(tmp_path / "v.duckdb") as connection:
        assert connection.execute("SELECT title, department_id FROM events").fetchall() == [("Start", None)]


def test_another_program_calls_for_another_database(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_files(store, write_csv(tmp_path, "e.csv", EVENTS, "2026-01-01;Start"))
    state = Archive(store.folder / "archive").state()
    before = archive_contents(state).fingerprint
    monkeypatch.setattr("data.build.fingerprint.source_files", lambda *_: (building.VIEWS,))
    assert archive_contents(state).fingerprint != before
    assert archive_contents(state).fingerprint.partition("-")[0] == before.partition("-")[0]


def test_built_twice_it_is_the_same(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_files(store, write_csv(tmp_path, "c.csv", COUNTS, *TestCovers.LINES))
    import_files(store, write_csv(tmp_path, "b.csv", BUDGET, "2026;SKOL;fast;100"))
    first = store.database()
    monkeypatch.setattr(compaction, "LOOSE", 0)  # so that the second is read from chunks
    store.build(NOW)
    second = store.database()
    assert {path.name.partition("-")[0] for path in (store.folder / "versions" / "compacted").iterdir()} == {
        "budgets",
        "case_counts",
    }
    assert second.version == first.version + 1
    assert second.fingerprint == first.fingerprint
    assert all_tables(second) == all_tables(first)


files = st.lists(st.tuples(st.integers(2024, 2026), st.integers(0, 99)), min_size=1, max_size=4)
switches = st.lists(st.integers(1, 3), max_size=3)


@pytest.mark.no_cover  # other tests run the same code
@settings(max_examples=4)
@given(drops=st.lists(files, min_size=3, max_size=3), flips=switches)
def test_any_history_is_a_replay_of_what_is_in_force(drops: list[list[tuple[int, int]]], flips: list[int]) -> None:
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store")
        for i, drop in enumerate(drops):
            lines = [f"{year};SKOL;fast;{amount}" for year, amount in drop]
            import_files(store, write_csv(Path(folder), f"{i}.csv", BUDGET, *lines), again=True)
        active = {1: True, 2: True, 3: True}
        for number in flips:
            (store.undo if active[number] else store.redo)(number, ROLE, NOW)
            active[number] = not active[number]
        expected: dict[int, tuple[int, int]] = {}
        for number, drop in enumerate(drops, 1):
            expected |= {year: (amount, number) for year, amount in drop if active[number]}
        database = store.database()
        assert database.example == (not any(active.values()))
        if not database.example:
            result = table_rows(database, "budgets", "year, amount::INTEGER, batch")
            assert result == sorted((year, *what) for year, what in expected.items())


@pytest.mark.no_cover  # other tests run the same code
@settings(max_examples=4)
@given(drops=st.lists(files, min_size=2, max_size=3), data=st.data())
def test_undone_is_as_never_imported_and_redone_is_as_before(
    drops: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    undone = data.draw(st.integers(1, len(drops)))
    with TemporaryDirectory() as folder:
        with_it, without = Store(Path(folder) / "with"), Store(Path(folder) / "without")
        for i, drop in enumerate(drops, 1):
            path = write_csv(Path(folder), f"{i}.csv", BUDGET, *(f"{y};SKOL;fast;{a}" for y, a in drop))
            import_files(with_it, path, again=True)
            if i != undone:
                import_files(without, path, again=True)
        before = all_tables(with_it.database())
        with_it.undo(undone, ROLE, NOW)
        years = "year, department_id, cost_type, amount"
        assert table_rows(with_it.database(), "budgets", years) == table_rows(without.database(), "budgets", years)
        with_it.redo(undone, ROLE, NOW)
        assert all_tables(with_it.database()) == before


def test_a_reference_is_matched_without_regard_to_case_and_diacritics(store: Store, tmp_path: Path) -> None:
    """Two spellings of one key are one row, the later."""
    tree = write_csv(
        tmp_path, "verksamheter.csv", "verksamhet_id;namn;overordnad_id", "Ålder;A;", "B;B;ALDER", "x;X;", "X;Y;"
    )
    services = write_csv(
        tmp_path, "tjanster.csv", "tjanst_id;namn;verksamhet_id;malgrupp", "T1;T;alder;extern", "T2;T;X;intern"
    )
    counts = write_csv(tmp_path, "arendeantal.csv", COUNTS, "t1;2026-01;brev;1", "T3;2026-01;brev;2")
    import_files(store, tree, services, counts)
    database = store.database()
    assert table_rows(database, "departments", "department_id, parent_id") == [
        ("B", "Ålder"),
        ("X", None),
        ("Ålder", None),
    ]
    assert table_rows(database, "services", "service_id, department_id") == [("T1", "Ålder"), ("T2", "X")]
    assert table_rows(database, "case_counts", "service_id") == [("T1",), ("T3",)]
    assert table_rows(database, "covers", "service_id") == [("T1",), ("T3",)]


def test_a_correction_in_another_spelling_replaces_what_it_corrects(store: Store, tmp_path: Path) -> None:
    services = write_csv(tmp_path, "tjanster.csv", "tjanst_id;namn;verksamhet_id;malgrupp", "T-1;T;A;extern")
    import_files(store, services, write_csv(tmp_path, "arendeantal.csv", COUNTS, "T-1;2026-03;telefon;10"))
    import_files(store, write_csv(tmp_path, "rattat.csv", COUNTS, "t-1;2026-03;telefon;12"))
    assert table_rows(store.database(), "case_counts", "service_id, cases") == [("T-1", 12)]


def test_nothing_is_covered_after_the_month_of_the_import(store: Store, tmp_path: Path) -> None:
    choice = {"case_counts": Coverage(("phone",), "file", date(2026, 3, 1), date(2030, 1, 1))}
    import_files(store, write_csv(tmp_path, "arendeantal.csv", COUNTS, "T-1;2026-03;telefon;10"), covers=choice)
    assert table_rows(store.database(), "covers", "month_from, month_to") == [(date(2026, 3, 1), date(2026, 11, 1))]
