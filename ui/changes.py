"""What a page changes by itself: rows of one table, imported as a file would be, and undone like any other import."""

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime

from ui import store
from ui.store import Batch, Choice, Source
from ui.text import LANGUAGES, language


def enter(table: str, name: str, header: Sequence[str], rows: Sequence[Sequence[str]], who: str, now: datetime) -> str:
    """Import the rows as one batch; returns what is wrong with the first row that is wrong, and then imports none.

    StoreError when it cannot be done.
    """
    with ExitStack() as held:
        path = held.enter_context(store.store().scratch()) / table
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([header, *rows])
        drafted = held.enter_context(
            store.store().prepare([Source(name, path)], tables={name: table}, today=now.date(), remembered=False)
        )
        faults = [fault for one in drafted.files for fault in one.all_faults]
        if faults:
            return store.sentence(faults[0], language())
        store.store().commit(drafted, {name: Choice()}, who, now, again=True)
    return ""


def latest(table: str, named: str) -> Batch | None:
    """The latest import in force of this table alone whose name begins with the words (a msgid), in whatever language."""
    begins = tuple(store.translations(code).gettext(named).partition("{")[0] for code in LANGUAGES)
    made = [
        batch
        for batch in store.store().history()
        if batch.active and not batch.damaged and batch.file.startswith(begins)
        and {part.dataset for part in batch.tables} == {table}
    ]  # fmt: skip
    return made[-1] if made else None
