"""The rows that a file changes, each as a line that can be left out before it is imported."""

import streamlit as st

from data import ChangedRow, FileDraft, changed_rows, changes_csv
from ui.frame import page
from ui.imports.upload import key_of
from ui.text import numbers
from ui.text.i18n import _, escape_markdown, language

AT_A_TIME = 20


def ask(file: FileDraft, index: int) -> frozenset[tuple[int, int]]:
    """Each changed row with a box that is ticked; returns those that are not, as (number of the table, row)."""
    rows = [
        (number, row) for number, table in enumerate(file.tables) for row in changed_rows(table.changes, language())
    ]
    if not rows:
        return frozenset()
    text = how_many(len(rows), listed=len(file.changes) == file.change_count)
    how = _("Untick what should not change.")
    page.reading(f"{text}. {how}", announced=f"{file.name}: {text}")
    shown_key = key_of("changes_shown", index)
    shown = st.session_state.get(shown_key, AT_A_TIME)
    for number, row in rows[:shown]:
        _line(number, row, index)
    more, download = st.columns(2, vertical_alignment="center")
    if len(rows) > shown:
        label = _("Show {n} more").format(n=numbers.count(min(AT_A_TIME, len(rows) - shown)))
        if more.button(label, key=key_of("changes_more", index)):
            st.session_state[shown_key] = shown + AT_A_TIME
            st.rerun()
    download.download_button(
        _("Download the changes (CSV)"),
        lambda: changes_csv(file.changes, language()),
        file_name=_("changes.csv"),
        mime="text/csv",
        key=f"_changes_{index}",
        on_click="ignore",
    )
    return frozenset(
        (number, row.row) for number, row in rows if row.row is not None and not _is_kept(number, row.row, index)
    )


def how_many(count: int, *, listed: bool) -> str:
    """How many rows change: all that are `listed`, or at least those."""
    if listed:
        return numbers.plural("{n} row changes", "{n} rows change", count)
    return numbers.plural("At least {n} row changes", "At least {n} rows change", count)


def _line(number: int, row: ChangedRow, index: int) -> None:
    """The row as a box; what changes by what else the file has is only said."""
    text = escape_markdown(row.text)
    if row.row is None:
        page.reading(row.text)
    else:
        st.checkbox(text, True, key=_key(number, row.row, index))


def _key(number: int, row: int, index: int) -> str:
    return key_of(f"change_{number}_{row}", index)


def _is_kept(number: int, row: int, index: int) -> bool:
    return bool(st.session_state.get(_key(number, row, index), True))
