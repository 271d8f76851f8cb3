"""Practice copies: the example data in a store of one's own, and nothing else that is touched, guessed or left behind."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.measure import Row, measure
from analytics.metrics.period import period
from data import practice
from data.base import clock
from data.base.atomic_files import sha256
from data.base.errors import ImportBusy, PracticeFull, PracticeGone
from data.base.lock import import_lock
from data.base.scratch import FOLDER, PRACTICE, remove_own
from data.intake.draft import Source
from data.practice import PracticeCopies, PracticeStore
from data.served_store import ServedStore
from data.serving.server import Database
from data.store import Store
from tests.conftest import imported
from tests.data.stores import EVENTS, NOW, ROLE, table_rows, write_csv

REGISTER = {"departments": "verksamhet_id;namn\nA;Alfa\n", "events": f"{EVENTS}\n2026-01-01;Start\n"}
OWNER = """
import sys
from pathlib import Path
from data.base.scratch import own_folder
folder = own_folder(Path(sys.argv[1]))
(folder / "head.json").touch()
print(folder.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a store that is served, with a little in it."""
    with imported(tmp_path_factory.mktemp("served"), REGISTER) as store:
        store.database()
        yield store.folder
    remove_own(store.folder)


@pytest.fixture(scope="module")
def copies(served: Path) -> PracticeCopies:
    return PracticeCopies(served)


@pytest.fixture(scope="module")
def name(copies: PracticeCopies) -> str:
    """The name of a copy."""
    return copies.create(ROLE)


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PracticeCopies]:
    """Copies that hold nothing, and so are there at once."""
    monkeypatch.setattr(PracticeStore, "fill", lambda store, _who: (store.folder / "head.json").touch())
    yield PracticeCopies(tmp_path)
    remove_own(tmp_path)


def wait(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    later = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: later)


def digests(served: Path) -> dict[str, str]:
    """Every file of a store but its scratch folders, by its path."""
    files = (path for path in served.rglob("*") if path.is_file() and not {PRACTICE, FOLDER} & {*path.parts})
    return {path.relative_to(served).as_posix(): sha256(path) for path in files}


def goals(database: Database) -> list[list[Row]]:
    with database.cursor() as cursor:
        return [measure(cursor, code, period(cursor).scope()) for code in GOAL_CODES]


def test_a_copy_shows_what_the_example_shows(copies: PracticeCopies, name: str, example: Path) -> None:
    copy = copies.open(name).database()
    assert not copy.example
    with Store(example) as shown:
        assert copy.today == shown.database().today
        assert goals(copy) == goals(shown.database())


def test_everything_can_be_changed_in_it_and_the_served_store_stays(
    copies: PracticeCopies, name: str, served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Years later, too: the example data are of a day of their own, so the clock is not asked about."""
    before, copy, other = digests(served), copies.open(name), copies.open(copies.create(ROLE))
    assert copy.database().fingerprint == other.database().fingerprint, "the same, so that they may share answers"
    events = len(table_rows(copy.database(), "events"))
    wait(monkeypatch, 3 * 366 * 24 * 3600)
    assert copy.clock_refusal(clock.now()) is None
    file = write_csv(tmp_path, "kampanj.csv", EVENTS, "2026-03-01;Kampanj")
    with copy.prepare([Source(file.name, file)], NOW.date()) as draft:
        copy.commit(draft, {}, ROLE, clock.now())
    assert len(table_rows(copy.database(), "events")) == events + 1
    assert copy.database().fingerprint != other.database().fingerprint, "answers are kept under it"
    example = next(batch for batch in copy.history() if {part.dataset for part in batch.tables} == {"events"})
    assert not copy.undo(example.number, ROLE, clock.now()).active
    assert len(table_rows(copy.database(), "events")) == 1, "what came with it can be undone too"
    assert len(table_rows(other.database(), "events")) == events
    copies.discard(other.folder.name)
    assert not other.folder.exists() and copy.folder.exists()
    assert digests(served) == before


@pytest.mark.parametrize(
    "guess",
    [
        "", ".", "..", "/", "../archive", "*", "%00", "\0", "0" * 32, "٠" * 32, "{name}\n", "{name}/", "./{name}", "{name}.lock",
        "{upper}", "{name}/../{name}", "{path}",
    ],
)  # fmt: skip
def test_no_other_name_opens_a_store_or_removes_one(
    guess: str, copies: PracticeCopies, name: str, served: Path
) -> None:
    before = sorted(path.name for path in served.iterdir())
    wrong = guess.format(name=name, upper=name.upper() + "A", path=served / PRACTICE / name)
    for use in (copies.open, copies.discard):
        with pytest.raises(PracticeGone):
            use(wrong)
    assert copies.open(name).folder.exists()
    assert sorted(path.name for path in served.iterdir()) == before


def test_a_copy_that_is_being_changed_is_not_thrown_away(
    quick: PracticeCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practice, "LOCK_WAIT_SECONDS", 0)
    folder = quick.open(quick.create(ROLE)).folder
    with import_lock(folder, ROLE, NOW), pytest.raises(ImportBusy):
        quick.discard(folder.name)
    quick.discard(folder.name)
    assert list(folder.parent.iterdir()) == []


def test_there_are_no_more_than_may_be_and_the_longest_unused_gives_way(
    quick: PracticeCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practice, "MOST", 3)
    names = [quick.create(ROLE) for _ in range(3)]
    with pytest.raises(PracticeFull) as full:
        quick.create(ROLE)
    assert full.value.sentence() == (
        "Så många övar just nu att det inte finns plats för en kopia till. Försök igen om en halvtimme."
    )
    wait(monkeypatch, practice.BUSY_SECONDS + 1)
    for used in names[1:]:
        quick.open(used)
    quick.create(ROLE)
    with pytest.raises(PracticeGone):
        quick.open(names[0])
    assert all(quick.open(used) for used in names[1:])


def test_what_nobody_uses_is_removed(quick: PracticeCopies, monkeypatch: pytest.MonkeyPatch) -> None:
    used, unused = quick.create(ROLE), quick.create(ROLE)
    folder = quick.open(used).folder.parent
    wait(monkeypatch, practice.UNUSED_SECONDS + 1)
    quick.open(used)
    quick.remove_unused()
    assert sorted(path.name for path in folder.iterdir()) == [used, f"{used}.lock"]
    assert unused != used


def test_one_that_cannot_be_filled_leaves_nothing(
    quick: PracticeCopies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_store: PracticeStore, _who: str) -> None:
        raise PracticeFull

    monkeypatch.setattr(PracticeStore, "fill", fail)
    with pytest.raises(PracticeFull):
        quick.create(ROLE)
    assert list((tmp_path / PRACTICE).iterdir()) == []


def test_a_copy_of_another_process_is_used_and_thrown_away_and_ends_with_it(
    small_store: Callable[..., Store],
) -> None:
    store = small_store(REGISTER)
    folder = store.folder / PRACTICE
    folder.mkdir()
    command = [sys.executable, "-c", OWNER, str(folder)]
    owners = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    names = [owner.stdout.readline().strip() for owner in owners if owner.stdout]
    copies = PracticeCopies(store.folder)
    assert [copies.open(one).folder.name for one in names] == names
    copies.discard(names[0])
    assert not (folder / names[0]).exists() and (folder / names[1]).exists()
    for owner in owners:
        owner.kill()
        owner.communicate()
    with ServedStore(store.folder) as served:
        served.database()
    assert list(folder.iterdir()) == []
