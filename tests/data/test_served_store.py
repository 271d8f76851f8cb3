"""A store in a process that serves: whatever changes it is done by a process of its own, and seen by all that serve."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from data import served_store
from data.base.errors import ChangeFailed, ImportFailed, StoreError
from data.base.scratch import FOLDER
from data.changes import Changes
from data.intake.choices import Choice
from data.intake.draft import Draft, Source
from data.served_store import ServedStore
from data.serving import build_version, building_server
from data.serving.server import Database
from data.store import Store
from tests.data.stores import EVENTS, NOW, ROLE, table_rows, write_csv

ROOT = Path(__file__).resolve().parents[2]
BUILDERS = """
import json, sys
from pathlib import Path
import tomllib
import asgi
from ui import database
database.warm()
contracts = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
(forbidden,) = (each["forbidden_modules"] for each in contracts if each["name"].startswith("What serves imports nothing"))
print(json.dumps([sorted(forbidden), sorted(name for name in forbidden if name in sys.modules)]))
"""


@pytest.fixture
def served(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedStore]:
    """A store as a page has it, in a process that must not change or build anything."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the process that serves makes a change")

    for name in ("add", "create", "build", "accept_damage"):
        monkeypatch.setattr(Changes, name, refuse)
    monkeypatch.setattr(build_version, "build_version", refuse)
    monkeypatch.setattr(building_server, "build_version", refuse)
    with ServedStore(store.folder) as one:
        yield one


@pytest.fixture
def draft(served: ServedStore, tmp_path: Path) -> Iterator[Draft]:
    """Three events, checked."""
    rows = (f"2026-0{month}-01;Händelse {month}" for month in (1, 2, 3))
    path = write_csv(tmp_path / "files", "händelser.csv", EVENTS, *rows)
    with served.prepare([Source(path.name, path)], NOW.date()) as one:
        yield one


def imported(served: ServedStore, draft: Draft) -> int:
    (batch,) = served.commit(draft, {}, ROLE, NOW)
    return batch.number


def entries(folder: Path) -> list[str]:
    """What a change leaves in the store, finished or not; uploads and locks are no part of it."""
    return sorted(
        path.relative_to(folder).as_posix()
        for place in (folder / "archive", folder / "versions")
        for path in place.glob("*")
    )


def test_what_serves_has_loaded_nothing_that_builds_or_changes(example: Path) -> None:
    environment = {**os.environ, "DASHBOARD_STORE": str(example)}
    run = subprocess.run(
        [sys.executable, "-c", BUILDERS], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
    )
    forbidden, loaded = json.loads(run.stdout.splitlines()[-1])
    assert "data.changes" in forbidden
    assert not loaded


def test_an_import_is_made_undone_and_redone_elsewhere_and_all_who_serve_see_it(
    served: ServedStore, draft: Draft
) -> None:
    with ServedStore(served.folder) as other:
        before = other.database()
        (batch,) = served.commit(draft, {"händelser.csv": Choice("all")}, ROLE, NOW)
        assert (batch.rows, batch.who, batch.at) == (3, ROLE, NOW)
        for one in (served, other):
            assert one.database().version > before.version
            assert len(table_rows(one.database(), "events")) == 3
        assert not served.undo(batch.number, ROLE, NOW).active
        assert other.database().example
        assert served.redo(batch.number, ROLE, NOW).active
        assert len(table_rows(other.database(), "events")) == 3


def test_what_is_refused_is_said_in_both_languages(served: ServedStore, draft: Draft) -> None:
    number = imported(served, draft)
    with pytest.raises(ChangeFailed) as again:
        served.redo(number, ROLE, NOW)
    assert again.value.sentence("sv") == f"Import {number} gäller redan."
    assert again.value.sentence("en") == f"Import {number} is already in force."
    assert str(again.value) == again.value.sentence("en")


def test_one_change_at_a_time(served: ServedStore, draft: Draft) -> None:
    with FileLock(served.folder / "lock"), pytest.raises(ChangeFailed) as busy:
        imported(served, draft)
    assert busy.value.sentence("en").startswith("Someone else is importing right now")
    assert not served.history()
    assert imported(served, draft) == 1


def test_the_progress_comes_through(served: ServedStore, draft: Draft) -> None:
    heard: list[tuple[str, float]] = []
    served.commit(draft, {}, ROLE, NOW, lambda stage, share: heard.append((stage, share)))
    assert {stage for stage, _ in heard} <= {"", "write", "build"}, "nothing before the process has begun"
    shares = [share for stage, share in heard if stage == "build"]
    assert shares == sorted(shares)
    assert heard and all(0 <= share <= 1 for _, share in heard)


def test_a_cancelled_import_changes_nothing_and_can_be_made_again(served: ServedStore, draft: Draft) -> None:
    before = entries(served.folder)

    def cancel(stage: str, share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(ChangeFailed) as cancelled:
        served.commit(draft, {}, ROLE, NOW, cancel)
    assert cancelled.value.sentence("sv") == "Importen avbröts. Inget ändrades."
    assert cancelled.value.sentence("en") == "The import was cancelled. Nothing was changed."
    assert entries(served.folder) == before
    assert imported(served, draft) == 1
    assert not served.database().notices, "nothing was interrupted"


def test_a_process_that_dies_is_told_and_the_next_import_goes_well(
    served: ServedStore, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    class Noted(served_store._Changer):
        def __init__(self, request: served_store.Request) -> None:
            super().__init__(request)
            begun.append(self._process.pid)

    def kill(stage: str, share: float) -> None:
        os.kill(begun[-1], signal.SIGKILL)

    monkeypatch.setattr(served_store, "_Changer", Noted)
    with pytest.raises(ImportFailed) as died:
        served.commit(draft, {}, ROLE, NOW, kill)
    assert died.value.sentence("en") == (
        "The process that made the change ended before it said whether it was saved. See in the list of imports whether it is"
        " there before you make it again."
    )
    if not served.history():
        assert imported(served, draft) == 1
    assert len(table_rows(served.database(), "events")) == 3


def test_readers_read_on_while_an_import_is_made(served: ServedStore, draft: Draft) -> None:
    stop, failures = threading.Event(), list[BaseException]()
    seen: list[list[int]] = [[], []]

    def read(counts: list[int]) -> None:
        while not stop.is_set():
            try:
                counts.append(len(table_rows(served.database(), "events")))
            except BaseException as error:  # noqa: BLE001 - all of them are shown below
                failures.append(error)

    readers = [threading.Thread(target=read, args=(counts,)) for counts in seen]
    for reader in readers:
        reader.start()
    imported(served, draft)
    stop.set()
    for reader in readers:
        reader.join()
    assert not failures
    for counts in seen:
        assert counts == sorted(counts, key=lambda count: count == 3), "the example's events, then the imported ones"
    assert len(table_rows(served.database(), "events")) == 3


class TestRebuilding:
    """What is missing, old or damaged is built by another process too."""

    @pytest.fixture
    def reopened(self, served: ServedStore, draft: Draft) -> Callable[[], Database]:
        """The database of a store with an import, as a server opens it that starts now."""
        imported(served, draft)

        def reopen() -> Database:
            return ServedStore(served.folder).database()

        return reopen

    def test_a_damaged_version(self, served: ServedStore, reopened: Callable[[], Database]) -> None:
        file = served.database().file
        served.close()
        raw = bytearray(file.read_bytes())
        raw[len(raw) // 2] ^= 1
        file.write_bytes(raw)
        database = reopened()
        assert [notice.msgid for notice in database.notices] == [
            "The database was damaged. It has been rebuilt from the archive of imports."
        ]
        assert len(table_rows(database, "events")) == 3
        database.connection.close()

    def test_an_older_one_is_shown_while_the_lock_is_held(
        self, served: ServedStore, reopened: Callable[[], Database]
    ) -> None:
        served.undo(1, ROLE, NOW)
        served.close()
        (pointer, *_) = (
            json.loads(path.read_text()) for path in sorted((served.folder / "versions").glob("*1-*.json"))
        )
        (served.folder / "current.json").write_text(json.dumps(pointer))
        with FileLock(served.folder / "lock"):
            database = reopened()
        assert "An import is under way. The last whole version is shown until it is done." in [
            notice.msgid for notice in database.notices
        ]
        database.connection.close()

    def test_a_store_that_cannot_be_built_is_an_error_that_pages_show(self, tmp_path: Path) -> None:
        (tmp_path / "anteckningar.txt").write_text("")
        with ServedStore(tmp_path) as one, pytest.raises(StoreError) as foreign:
            one.database()
        assert "python -m data init" in foreign.value.sentence("en")
        assert not (tmp_path / FOLDER).exists()

    def test_the_first_start(self, tmp_path: Path) -> None:
        with ServedStore(tmp_path / "new") as one:
            assert one.database().example
            assert one.database().version == 1
