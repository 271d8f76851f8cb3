"""Notices of what happened to a store."""

from pathlib import Path

from data.base.errors import REBUILT, UPDATED, Notice
from data.serving.notices import Notices


def test_what_happens_again_before_the_next_change_stands_once(tmp_path: Path) -> None:
    notices = Notices(tmp_path / "notices.json")
    for code in (UPDATED, REBUILT, UPDATED):
        notices.add(Notice(code))
    assert notices.all() == (Notice(UPDATED), Notice(REBUILT))
    notices.replace()
    assert notices.all() == ()
