"""A frozen report is what it was: whatever is imported, undone, protected or built after it, and a changed byte is named."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.base.errors import ArchiveDamaged, ImportRefused, NothingToChange, UnknownReport
from data.served_store import ServedStore
from data.store import Store

ROLE = "systemförvaltare"
NOW = datetime(2026, 11, 23, 10, 32)
TABLES = {"departments": "verksamhet_id;namn\nA;Alfa\n"}
CONTENT = {"rubrik": "62 % av ärendena är digitala", "rader": [{"b": 1, "a": None}, ["ö", 0.1]]}


@pytest.fixture
def small(small_store: Callable[..., Store]) -> Store:
    return small_store(TABLES)


def freeze(store: Store, content: Mapping[str, object] = CONTENT) -> int:
    return store.freeze("Delår jan–aug 2026", content, ROLE, NOW).number


def test_it_is_kept_and_builds_nothing(small: Store) -> None:
    served = small.database().file
    report = small.freeze("Delår, enligt a.b@sala.se", CONTENT, ROLE, NOW)
    assert (report.number, report.title, report.who, report.at) == (2, "Delår, enligt …@…", ROLE, NOW)
    assert small.database().file == served and small.report(2) == CONTENT
    assert freeze(small, {}) == 3 and [one.number for one in Store(small.folder).reports()] == [2, 3]
    small.undo(1, ROLE, NOW)
    small.build(NOW + timedelta(days=1))
    again = Store(small.folder)
    assert again.report(2) == CONTENT and again.reports()[0] == report
    assert again.verify()[0].is_whole
    again.redo(1, ROLE, NOW)
    assert again.database().file != served and again.report(3) == {}


def test_the_process_beside_the_server_makes_one(small: Store) -> None:
    served = ServedStore(small.folder)
    report = served.freeze("Helår", CONTENT, ROLE, NOW)
    assert (served.report(report.number), report.title) == (CONTENT, "Helår")


def test_a_changed_byte_is_named_and_nothing_is_changed_on_top(small: Store) -> None:
    number = freeze(small)
    (file,) = small.folder.glob("archive/*-report/report.json")
    file.write_bytes(file.read_bytes().replace(b"62", b"72"))
    again = Store(small.folder)
    (damage,) = again.verify()[0].damage
    assert damage.notice.params == {"file": f"archive/{file.parent.name}/report.json"}
    with pytest.raises(UnknownReport, match=f"Report {number} is damaged"):
        again.report(number)
    with pytest.raises(ArchiveDamaged):
        freeze(again)
    again.accept_damage(ROLE, NOW)
    assert again.verify()[0].is_whole and [one.damaged for one in again.reports()] == [True]
    assert again.report(freeze(again)) == CONTENT


@pytest.mark.parametrize("ruin", [Path.unlink, lambda path: path.write_text("{", "utf-8")])
def test_a_record_that_is_gone_or_cut_is_named(small: Store, ruin: Callable[[Path], object]) -> None:
    number = freeze(small)
    (record,) = small.folder.glob("archive/*-report/commit.json")
    ruin(record)
    again = Store(small.folder)
    assert not again.verify()[0].is_whole
    with pytest.raises(UnknownReport):
        again.report(number)


def test_one_from_before_the_protection_is_not_shown(small: Store) -> None:
    before = freeze(small)
    small.protect(True, ROLE, "", NOW)
    with pytest.raises(UnknownReport, match="before small numbers were protected"):
        small.report(before)
    assert small.report(freeze(small)) == CONTENT


def test_what_cannot_be_frozen(small: Store) -> None:
    with pytest.raises(ImportRefused):
        small.freeze("Helår", CONTENT, "a.b@sala.se", NOW)
    with pytest.raises(UnknownReport, match="no report number 7"):
        small.report(7)
    small.undo(1, ROLE, NOW)
    with pytest.raises(NothingToChange, match="Nothing is imported"):
        freeze(small)
    assert small.reports() == ()
