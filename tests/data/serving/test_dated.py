"""What was known on an earlier day: from what was in force when it ended, apart from what is served, and under the same rules."""

import shutil
import threading
from datetime import date, datetime
from pathlib import Path

import pytest

from data import served_store
from data.base.errors import ArchiveDamaged, NothingKnown
from data.served_store import Request, ServedStore
from data.serving.dated import KEPT_DAYS
from data.store import Store
from tests.data.stores import EVENTS, ROLE, import_files, table_rows, write_csv
from tests.pages.test_damage_on_pages import rot


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with an event imported on each of 2–5 November, the first undone on the 6th; only copied."""
    folder = tmp_path_factory.mktemp("dated")
    store = Store(folder / "store")
    for day in (2, 3, 4, 5):
        import_files(store, write_csv(folder, f"{day}.csv", EVENTS, f"2026-01-01;{day}"), now=at(day, 23))
    store.undo(1, ROLE, at(6))
    return folder / "store"


@pytest.fixture
def store(base: Path, tmp_path: Path) -> Store:
    """A copy of the base to change."""
    return Store(shutil.copytree(base, tmp_path / "store"))


def known(store: Store | ServedStore, day: int | None = None) -> list[str]:
    """The events that were known when a day of November ended; those of now without one."""
    rows = table_rows(store.database(day and date(2026, 11, day)), "events", "title")  # type: ignore[arg-type]  # no day is 0
    return [title for (title,) in rows]


def kept(store: Store) -> list[str]:
    """The days of which a version lies on the disk."""
    return sorted(day.name for day in (store.folder / "as_of").iterdir())


def test_a_day_shows_what_was_in_force_when_it_ended(store: Store) -> None:
    served = sorted(path.name for path in (store.folder / "versions").iterdir())
    assert [known(store, day) for day in (2, 3, 5)] == [["2"], ["2", "3"], ["2", "3", "4", "5"]]
    assert known(store) == ["3", "4", "5"]
    assert store.database(date(2026, 11, 3)).today == date(2026, 11, 3)
    assert sorted(path.name for path in (store.folder / "versions").iterdir()) == served


def test_since_the_last_change_it_is_what_is_served(store: Store) -> None:
    assert store.database(date(2026, 11, 6)) is store.database(date(2026, 11, 20)) is store.database()
    assert not (store.folder / "as_of").exists()


def test_an_import_since_then_does_not_change_it(store: Store, tmp_path: Path) -> None:
    file = store.database(date(2026, 11, 3)).file
    import_files(store, write_csv(tmp_path, "9.csv", EVENTS, "2026-01-01;9"), now=at(9))
    assert store.database(date(2026, 11, 3)).file == file
    assert known(store, 8) == ["3", "4", "5"]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 1), "Den 2026-11-01 var inget importerat. Den första importen gjordes den 2026-11-02."),
        (date(2026, 12, 24), "Den 2026-12-24 har inte varit än, så det finns inget att visa."),
    ],
)
def test_a_day_of_which_nothing_is_known(store: Store, day: date, said: str) -> None:
    with pytest.raises(NothingKnown) as caught:
        store.database(day)
    assert caught.value.sentence() == said


def test_example_data_were_never_imported(example: Path) -> None:
    with pytest.raises(NothingKnown) as caught, Store(example) as store:
        store.database(date(2026, 11, 20))
    assert caught.value.sentence() == "Den 2026-11-20 fanns ingen gällande import."


def test_few_are_kept_and_the_least_recently_used_goes(store: Store) -> None:
    for day in (2, 3, 4, 2, 5):
        known(store, day)
    assert kept(store) == ["2026-11-02", "2026-11-04", "2026-11-05"]
    assert len(list((store.folder / "as_of").glob("*/versions/*.duckdb"))) == KEPT_DAYS
    assert known(store, 3) == ["2", "3"]


def test_where_small_numbers_are_protected_no_day_but_todays_is_shown(store: Store) -> None:
    """Of two days beside each other, what differs may be a small number."""
    assert known(store, 3) == ["2", "3"]
    store.protect(True, ROLE, "", at(9))
    with pytest.raises(NothingKnown) as caught:
        store.database(date(2026, 11, 3))
    assert (
        caught.value.sentence()
        == "Små antal skyddas, och skillnaden mellan två dagar kunde visa dem. Bara dagens visas."
    )
    assert not (store.folder / "as_of").exists()
    assert store.database(date(2026, 11, 20)) is store.database()


def test_nothing_is_built_from_what_is_left_of_an_archive(store: Store) -> None:
    file = next((store.folder / "archive").glob("000003-*/commit.json"))
    whole = file.read_bytes()
    file.write_text("{", "utf-8")
    with pytest.raises(ArchiveDamaged) as caught:
        store.database(date(2026, 11, 3))
    assert "Ingenting kan visas" in caught.value.sentence() and f"{file.parent.name}/commit.json" in str(caught.value)
    assert not (store.folder / "as_of").exists()
    file.write_bytes(whole)
    assert known(store, 3) == ["2", "3"]


def test_what_was_built_is_shown_with_the_damage_named(store: Store) -> None:
    known(store, 3)
    table = next((store.folder / "archive").glob("000003-*/*.parquet"))
    table.write_bytes(bytes(byte ^ 1 for byte in table.read_bytes()))
    with Store(store.folder) as again:
        database = again.database(date(2026, 11, 3))
        assert [title for (title,) in table_rows(database, "events", "title")] == ["2", "3"]
        assert table.name in database.faults[0].sentence()


def test_a_version_that_rots_is_built_again(store: Store) -> None:
    database = store.database(date(2026, 11, 3))
    store.close()
    rot(database.file)
    assert known(store, 3) == ["2", "3"]
    assert store.database(date(2026, 11, 3)).file != database.file


def test_a_process_that_serves_has_them_built_one_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = [0], [0]

    def build(request: Request, progress: object = None) -> list[object]:
        running[0] += 1
        most[0] = max(most[0], running[0])
        with Store(request.folder) as other:
            answer = [notice.as_json() for notice in other.repair(**request.arguments)]
        running[0] -= 1
        return list(answer)

    monkeypatch.setattr(served_store, "_answer", build)
    with ServedStore(store.folder) as served:
        threads = [threading.Thread(target=known, args=(served, day)) for day in (2, 3, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (most[0], kept(store)) == (1, ["2026-11-02", "2026-11-03"])
