"""What a page changes by itself: rows of one table, imported as a file would be, and undone like any other import.

What came of it and who changes it live in the reader's session, under the page's own name.
"""

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime

import streamlit as st

from data import Batch, Choice, Source, StoreError, clock, sentence, translations
from ui import database
from ui.text.i18n import LANGUAGES, _, escape_markdown, language


def locked() -> bool:
    """Whether edits are disabled: the example data cannot be changed."""
    return database.database().example


def ask_role(page: str, label: str) -> None:
    """Draw the input of the role that the list of imports names for the changes."""
    st.text_input(label, _("System manager"), max_chars=60, key=f"_{page}_who", disabled=locked())


def chosen_role(page: str) -> str:
    """The role that the reader entered, or ""."""
    return st.session_state.get(f"_{page}_who") or ""


def now() -> datetime:
    """The time of a change that is made here and now."""
    return clock.now()


def set_message(page: str, kind: str, sentence: str) -> None:
    """Store a message (kind "success" or "error") for the next run of the page."""
    st.session_state[f"_{page}_done"] = (kind, sentence)


def show_message(page: str) -> None:
    """Show the stored message once, a success as a toast too."""
    message = st.session_state.pop(f"_{page}_done", None)
    if message:
        (st.success if message[0] == "success" else st.error)(escape_markdown(message[1]))
        if message[0] == "success":
            st.toast(escape_markdown(message[1]))


def import_rows(
    table: str, name: str, header: Sequence[str], rows: Sequence[Sequence[str]], who: str, now: datetime
) -> str:
    """Import the rows as one batch; returns why nothing was imported, the first fault where there are several, or ""."""
    store = database.store()
    try:
        with ExitStack() as stack:
            path = stack.enter_context(store.scratch()) / table
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=";").writerows([header, *rows])
            draft = stack.enter_context(
                store.prepare([Source(name, path, table=table)], now.date(), use_saved_mappings=False)
            )
            faults = [fault for one in draft.files for fault in one.all_faults]
            if faults:
                return sentence(faults[0], language())
            store.commit(draft, {name: Choice()}, who, now, again=True)
    except StoreError as error:
        return error.sentence(language())
    return ""


def latest_import(table: str, named: str) -> Batch | None:
    """The latest active import of this table alone whose name begins with a msgid in any language, up to its first field."""
    begins = tuple(translations(code).gettext(named).partition("{")[0] for code in LANGUAGES)
    made = [
        batch
        for batch in database.store().history()
        if batch.active and not batch.damaged and batch.file.startswith(begins)
        and {part.dataset for part in batch.tables} == {table}
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
