"""What was imported, with undo and redo."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from markupsafe import Markup

from data import Batch, Losses, StoreError, clock, losses_lines, protection_line
from ui import database, edits
from ui.components import action_rows, tables
from ui.components.tables import Table
from ui.frame import page
from ui.imports import receipt
from ui.imports.coverage import describe
from ui.text import numbers
from ui.text.i18n import _, escape_markdown, language

SHOWN, AT_A_TIME = "_imports_shown", 10
ASKED = "_undo_asked"  # the losses of the import that the reader is asked about


def notices() -> list[str]:
    """What happened to the store that a reader should know; what is damaged stands on every page."""
    served = database.database()
    return [notice.sentence(language()) for notice in served.notices if notice not in served.faults]


def heading(batches: Sequence[Batch]) -> None:
    """How many imports are undone, where any is."""
    undone = sum(not batch.active for batch in batches)
    title = numbers.plural("{n} import is undone", "{n} imports are undone", undone)
    page.heading(title if undone else _("What has been imported"), anchor="imports")


def history() -> None:
    """Every import, the newest first, each with a way to undo or redo it, and when small numbers were protected."""
    batches = sorted(database.store().history(), key=lambda batch: -batch.number)
    heading(batches)
    for change in database.store().protection():
        page.reading(protection_line(change, language()))
    if not batches:
        page.empty(_("Nothing is imported yet. Begin with the templates: departments and services first."))
        return
    who = "" if edits.is_damaged() else _ask_who()
    shown = st.session_state.get(SHOWN, AT_A_TIME)
    with action_rows.listed("imports", (_("File"), _("Rows"), _("When and who"), _("State"))):
        for batch in batches[:shown]:
            _row(batch, who)
    if len(batches) > shown:
        more = min(AT_A_TIME, len(batches) - shown)
        if st.button(_("Show {n} more").format(n=numbers.count(more)), key="_imports_more"):
            st.session_state[SHOWN] = shown + AT_A_TIME
            st.rerun()
    tables.folded("_history", _table, None, tuple(batches))


def _ask_who() -> str:
    left, _right = st.columns(2)
    with left:
        return edits.role_input("_who_switches")


def _row(batch: Batch, who: str) -> None:
    """An import and its button, which is told from the others by what is heard after the words that are seen."""
    buttons = action_rows.row(_cells(batch))
    if batch.damaged or edits.is_damaged():
        return
    label = _("Undo import") if batch.active else _("Restore import")
    seen = escape_markdown(f"{batch.number} {batch.file}")
    if buttons.button(f"{label} :small[{seen}]", key=f"_switch_{batch.number}", type="tertiary"):
        losses = _losses(batch) if batch.active else None
        if losses and losses.asks:
            st.session_state[ASKED] = losses
        else:
            _switch(batch, who)
    asked: Losses | None = st.session_state.get(ASKED)
    if asked and asked.batch == batch.number and batch.active:
        _confirm(batch, asked, who, seen)


def _losses(batch: Batch) -> Losses | None:
    with st.spinner(_("Looking at what is lost …")):
        return database.store().preview_undo(batch.number)


def _confirm(batch: Batch, losses: Losses, who: str, seen: str) -> None:
    """Say what is lost, under the import's row, and ask whether it is undone all the same."""
    head, *lines = map(escape_markdown, losses_lines(losses, language()))
    with st.container(key="panel_undo"):
        st.warning("\n".join((head, "", *(f"- {line}" for line in lines))))
        with st.container(horizontal=True):
            undo, keep = (f"{label} :small[{seen}]" for label in (_("Undo all the same"), _("Keep the import")))
            if st.button(undo, key="_undo_confirmed"):
                _switch(batch, who)
            if st.button(keep, key="_undo_kept"):
                del st.session_state[ASKED]
                st.rerun()


def _switch(batch: Batch, who: str) -> None:
    """Undo or redo an import, and draw the page anew."""
    st.session_state.pop(ASKED, None)
    _change(batch, who)
    st.rerun()


def _cells(batch: Batch) -> tuple[Markup | str, ...]:
    """What an import is, how much of it was taken, when and by whom, and whether it is in force."""
    refused = sum(table.refused for table in batch.tables)
    left_out = numbers.plural("{n} left out", "{n} left out", refused) if refused else ""
    rows = ("–", "") if _hidden(batch) else (numbers.plural("{n} row", "{n} rows", batch.rows), left_out)
    when = f"{batch.at:%Y-%m-%d %H:%M}" if batch.at else numbers.MISSING
    return (
        action_rows.lines(f"{batch.number}. {batch.file}", _titles(batch)),
        action_rows.lines(*rows, is_name=False),
        action_rows.lines(when, batch.who, is_name=False),
        action_rows.lines(_state(batch), _covers(batch), _changes(batch), is_name=False),
    )


def _titles(batch: Batch) -> str:
    return ", ".join(database.datasets()[table.dataset].title[language()] for table in batch.tables)


def _table(_scope: None, batches: tuple[Batch, ...]) -> Table:
    rows = pd.DataFrame(
        {
            _("Number"): [batch.number for batch in batches],
            _("State"): [_state(batch) for batch in batches],
            _("File"): [batch.file for batch in batches],
            _("Tables"): [_titles(batch) for batch in batches],
            _("Rows"): [None if _hidden(batch) else batch.rows for batch in batches],
            _("Rows left out"): [None if _hidden(batch) else sum(t.refused for t in batch.tables) for batch in batches],
            _("When"): [f"{batch.at:%Y-%m-%d %H:%M}" if batch.at else numbers.MISSING for batch in batches],
            _("Who"): [batch.who for batch in batches],
            _("Covers"): [_covers(batch) for batch in batches],
            _("Undone or restored"): [_changes(batch) for batch in batches],
            _("Checksum"): [None if _hidden(batch) else batch.checksum[:12] for batch in batches],
        }
    )
    shown = (_("File"), _("Number"), _("State"), _("Rows"), _("When"), _("Who"))
    return Table(_("Every import, the newest first"), rows, shown=shown, under=_("Tables"))


def _hidden(batch: Batch) -> bool:
    """Whether its number of rows and checksum would tell of cases that are protected."""
    return database.period().protected and batch.holds_cases


def _covers(batch: Batch) -> str:
    return "; ".join(dict.fromkeys(describe(table.coverage) for table in batch.tables if table.coverage))


def _changes(batch: Batch) -> str:
    words = {"undo": _("undone"), "redo": _("restored")}
    said = [f"{words[c.kind]} {c.at:%Y-%m-%d %H:%M}, {c.who}" for c in batch.changes if c.at and c.who]
    return "; ".join(said)


def _state(batch: Batch) -> str:
    if batch.damaged:
        return _("Damaged, given up") if batch.given_up else _("Damaged")
    return _("In force") if batch.active else _("Undone")


def _change(batch: Batch, who: str) -> None:
    change = database.store().undo if batch.active else database.store().redo
    try:
        with st.spinner(_("Undoing …") if batch.active else _("Restoring …")):
            change(batch.number, who, clock.now())
    except StoreError as error:
        receipt.keep("error", error.sentence(language()))
        return
    undone, redone = _("Import {number} is undone. You can restore it."), _("Import {number} is in force again.")
    receipt.keep("success", (undone if batch.active else redone).format(number=batch.number))
