"""A clock that is wrong is asked about, and the day that the figures are of never goes back by itself."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from data.base import clock
from data.base.errors import ImportRefused
from data.intake.choices import CLOCK_AHEAD, CLOCK_BACK
from data.intake.draft import Source
from data.store import Store
from tests.data.command import run_command
from tests.data.stores import EVENTS, NOW, ROLE, write_csv


def commit(store: Store, folder: Path, day: datetime, accept_clock: bool = False) -> int:
    """Import a file on a day; the number of the batch."""
    file = write_csv(folder, f"import-{day:%Y-%m}.csv", EVENTS, f"2019-01-01;{day}")
    with store.prepare([Source(file.name, file, table="events")], today=day.date()) as draft:
        return store.commit(draft, {}, ROLE, day, accept_clock=accept_clock)[0].number


def test_a_clock_that_goes_back_is_asked_about_and_the_day_of_the_figures_stays(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        commit(store, tmp_path, NOW)
        with pytest.raises(ImportRefused) as refused:
            commit(store, tmp_path, datetime(2020, 1, 1))
        assert refused.value.sentence("en") == (
            "The computer's clock says 2020-01-01 at 00:00, which is before the newest import (2026-11-23 at 10:32)."
            " Set the clock right, or say that it is right."
        )
        assert len(store.history()) == 1
        commit(store, tmp_path, datetime(2020, 1, 1), accept_clock=True)
        assert store.database().today == NOW.date()
        commit(store, tmp_path, NOW - CLOCK_BACK)  # clocks of two machines, or winter time


def test_a_clock_that_leaps_ahead_is_asked_about(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        commit(store, tmp_path, NOW)
        with pytest.raises(ImportRefused) as refused:
            commit(store, tmp_path, datetime(2099, 1, 1))
        assert refused.value.sentence("en") == (
            "The computer's clock says 2099-01-01 at 00:00, long after the newest import (2026-11-23 at 10:32)."
            " Every figure would be as of that day. Set the clock right, or say that it is right."
        )
        assert store.database().today == NOW.date()
        wrong = commit(store, tmp_path, datetime(2099, 1, 1), accept_clock=True)
        assert store.database().today == date(2099, 1, 1)
        store.undo(wrong, ROLE, NOW)
        assert store.database().today == NOW.date()
        commit(store, tmp_path, NOW + CLOCK_AHEAD)


def test_the_command_line_takes_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store(tmp_path / "store") as store:
        commit(store, tmp_path, clock.now() + timedelta(days=2))
        newest = store.database().today
    file = write_csv(tmp_path, "handelser.csv", EVENTS, "2019-01-02;Start")
    command = ("import", file, "--store", tmp_path / "store")
    answer = run_command(capsys, *command)
    assert answer.code == 1
    assert "Datorns klocka visar" in answer.out
    assert run_command(capsys, *command, "--accept-clock").code == 0
    with Store(tmp_path / "store") as store:
        assert store.database().today == newest
