"""What a page changes by itself: rows of one table, imported as a file would be, and undone like any other import.

What came of it and who changes it live in the reader's session, under the page's own name.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from data import (
    BEFORE_SAVE,
    Batch,
    Choice,
    Draft,
    GoalPreview,
    Source,
    Statement,
    StoreError,
    changed_rows,
    clock,
    current_texts,
    form_sentence,
    goal_lines,
    row_history,
    translations,
)
from ui import database
from ui.text.i18n import LANGUAGES, _, escape_markdown, language


def is_example() -> bool:
    """Whether the example data are shown, which nobody can change: a reader practises on a copy (`ui.frame.practice`)."""
    return database.database().example


def is_damaged() -> bool:
    """Whether something in the store is damaged, which stands on every page."""
    return bool(database.database().faults)


def button(label: str, key: str, *, useless: bool = False, **look: Any) -> bool:
    """A button that changes the data, and whether it was pressed: disabled on top of damage, none on example data."""
    return not is_example() and st.button(label, key=key, disabled=useless or is_damaged(), **look)


def ask_role(page: str) -> None:
    """Draw the input of the role that the list of imports names for the changes; and ask about a clock that seems wrong."""
    if not is_damaged():
        ask_clock(_clock_key(page))
    role_input(f"_{page}_who", disabled=is_damaged())


def role_input(key: str, *, disabled: bool = False) -> str:
    """Draw the input of the reader's role; returns what stands in it, which is kept while the input is not drawn."""
    label = _("Your role, such as system manager")
    role = st.text_input(label, _kept_role(key), max_chars=60, key=key, disabled=disabled)
    st.session_state[f"{key}_kept"] = role
    return role


def _kept_role(key: str) -> str:
    return str(st.session_state.get(f"{key}_kept", _("System manager")))


def chosen_role(page: str) -> str:
    """The role that the reader entered, or ""."""
    return str(st.session_state.get(f"_{page}_who", _kept_role(f"_{page}_who")))


def ask_clock(key: str) -> bool:
    """Where the clock seems wrong, say so and ask whether it is right; whether a change may be made."""
    refusal = database.store().clock_refusal(clock.now())
    if refusal is None:
        return True
    st.warning(escape_markdown(refusal.sentence(language())))
    return st.checkbox(_("The clock is right"), key=key)


def is_clock_accepted(key: str) -> bool:
    """Whether the reader said that the clock is right."""
    return bool(st.session_state.get(key))


def _clock_key(page: str) -> str:
    return f"_{page}_clock"


def now() -> datetime:
    """The time of a change that is made here and now."""
    return clock.now()


def set_message(page: str, kind: str, sentence: str) -> None:
    """Store a message (kind "success" or "error") for the next run of the page."""
    st.session_state[f"_{page}_done"] = (kind, sentence)


def take_message(page: str) -> tuple[str, str] | None:
    """The stored message (kind, sentence), once."""
    message: tuple[str, str] | None = st.session_state.pop(f"_{page}_done", None)
    return message


def show_message(page: str) -> None:
    """Show the stored message once, a success as a toast too."""
    if message := take_message(page):
        (st.success if message[0] == "success" else st.error)(escape_markdown(message[1]))
        if message[0] == "success":
            st.toast(escape_markdown(message[1]))


@dataclass(frozen=True)
class Rows:
    """Rows of one table, to be imported as a file would be; the header has the columns' headers."""

    table: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Outcome:
    """What an import does or did: why it cannot be made (the first fault of several), or ""; else what it changes, a line a row.

    `new` are the rows that it adds, `goals` what becomes of the goals, in lines, where that was asked for.
    """

    problem: str = ""
    lines: tuple[str, ...] = ()
    new: int = 0
    goals: tuple[str, ...] = ()


def import_tables(page: str, name: str, tables: Sequence[Rows], now: datetime) -> Outcome:
    """Import rows of several tables as one batch by the page's role."""
    try:
        with _prepared(name, tables, now) as (draft, outcome):
            if not outcome.problem:
                accept_clock = is_clock_accepted(_clock_key(page))
                database.store().commit(
                    draft, {name: Choice()}, chosen_role(page), now, again=True, accept_clock=accept_clock
                )
            return outcome
    except StoreError as error:
        return Outcome(error.sentence(language()))


def preview_tables(name: str, tables: Sequence[Rows], now: datetime) -> Outcome:
    """What importing the rows would do, with what becomes of the goals; nothing is changed."""
    try:
        with _prepared(name, tables, now) as (draft, outcome):
            if outcome.problem:
                return outcome
            goals = goal_lines(measure_goals(draft, {name: Choice()}), language(), BEFORE_SAVE)
            return replace(outcome, goals=tuple(goals))
    except StoreError as error:
        return Outcome(error.sentence(language()))


@contextmanager
def _prepared(name: str, tables: Sequence[Rows], now: datetime) -> Iterator[tuple[Draft, Outcome]]:
    """The rows as a draft, and what they change or what is wrong with them. StoreError when they cannot be checked."""
    store = database.store()
    with ExitStack() as stack:
        folder = stack.enter_context(store.scratch())
        sources = [_written(folder / one.table, one, name, alone=len(tables) == 1) for one in tables]
        draft = stack.enter_context(store.prepare(sources, now.date(), use_saved_mappings=False))
        faults = [fault for one in draft.files for fault in one.all_faults]
        lines = [row.text for file in draft.files for row in changed_rows(file.changes, language())]
        new = sum(table.new_count or 0 for file in draft.files for table in file.tables)
        yield draft, Outcome(form_sentence(faults[0], language())) if faults else Outcome("", tuple(lines), new)


def measure_goals(draft: Draft, choices: Mapping[str, Choice]) -> GoalPreview | None:
    """The goals before and after an import; the reader waits for it, no longer than its time limit, and sees that it goes on.

    When something is touched meanwhile, Streamlit ends the run here, and so the process that measures.
    """
    label = _("Working out what becomes of the goals …")
    bar = st.progress(0.0, label)

    def wait(share: float) -> None:
        bar.progress(share, label)

    preview = database.store().preview_import(draft, choices, wait)
    bar.empty()
    return preview


def _written(path: Path, rows: Rows, name: str, *, alone: bool) -> Source:
    """The rows as a file with this name, or as a part of it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([rows.header, *rows.rows])
    return Source(name, path, table=rows.table) if alone else Source(rows.table, path, table=rows.table, group=name)


def current(table: str) -> Sequence[Mapping[str, str]]:
    """The rows that hold now in a table, each as texts by column, as a file would have them."""
    now = database.database()
    return database.cached(
        ("current", database.version(), table), lambda: current_texts(now, database.datasets()[table])
    )


def statements_of(table: str, key: str) -> Sequence[Statement]:
    """The imports that said something of the row with this id, the newest first."""
    store, code = database.store(), language()
    statements = database.cached(
        ("statements_of", database.version(), table, key, code),
        lambda: row_history(store.history(), database.datasets()[table], key, code),
    )
    return statements[::-1]


def latest_import(table: str | None, *named: str) -> Batch | None:
    """The latest active import whose name begins with one of the msgids in any language, up to its first field.

    Where a table is given, only one of this table alone.

    None while something is damaged: then nothing can be undone.
    """
    if is_damaged():
        return None
    begins = tuple(translations(code).gettext(name).partition("{")[0] for code in LANGUAGES for name in named)
    made = [
        batch
        for batch in database.store().history()
        if batch.active and not batch.damaged and batch.file.startswith(begins)
        and (table is None or {part.dataset for part in batch.tables} == {table})
    ]  # fmt: skip
    return made[-1] if made else None


def undo(page: str, batch: Batch, text: str) -> bool:
    """Undo this import, and say `text` when the page is drawn anew, or why it could not be done; whether it was."""
    try:
        with st.spinner(_("Undoing …")):
            database.store().undo(batch.number, chosen_role(page), clock.now())
    except StoreError as error:
        set_message(page, "error", error.sentence(language()))
        return False
    set_message(page, "success", text)
    return True
