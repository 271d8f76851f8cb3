"""What was imported, with undo and redo, and the templates to fill in."""

import pandas as pd
import streamlit as st

from data import Batch, StoreError, clock, csv_template, protection_line, workbook_template
from ui import database
from ui.components import tables
from ui.components.tables import Table
from ui.frame import page
from ui.imports.coverage import describe
from ui.imports.wizard import DONE
from ui.text import numbers
from ui.text.i18n import _, language


def notices() -> list[str]:
    """What happened to the store that a reader should know; what is damaged stands on every page."""
    served = database.database()
    return [notice.sentence(language()) for notice in served.notices if notice not in served.faults]


def history() -> None:
    """Every import, the newest first, with a way to undo and redo each, and when small numbers were protected."""
    for change in database.store().protection():
        page.reading(protection_line(change, language()))
    batches = sorted(database.store().history(), key=lambda batch: -batch.number)
    if not batches:
        page.empty(_("Nothing is imported yet. Begin with the templates below: departments and services first."))
        return
    tables.draw("_history", _table, None, tuple(batches))
    _switch(batches)


def _table(_scope: None, batches: tuple[Batch, ...]) -> Table:
    titles = {code: dataset.title[language()] for code, dataset in database.datasets().items()}
    rows = pd.DataFrame(
        {
            _("Number"): [batch.number for batch in batches],
            _("State"): [_state(batch) for batch in batches],
            _("File"): [batch.file for batch in batches],
            _("Tables"): [", ".join(titles[table.dataset] for table in batch.tables) for batch in batches],
            _("Rows"): [None if _hidden(batch) else batch.rows for batch in batches],
            _("Refused rows"): [None if _hidden(batch) else sum(t.refused for t in batch.tables) for batch in batches],
            _("When"): [f"{batch.at:%Y-%m-%d %H:%M}" if batch.at else numbers.MISSING for batch in batches],
            _("Who"): [batch.who for batch in batches],
            _("Covers"): [_covers(batch) for batch in batches],
            _("Undone or redone"): [_changes(batch) for batch in batches],
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
    words = {"undo": _("undone"), "redo": _("redone")}
    said = [f"{words[c.kind]} {c.at:%Y-%m-%d %H:%M}, {c.who}" for c in batch.changes if c.at and c.who]
    return "; ".join(said)


def _state(batch: Batch) -> str:
    if batch.damaged:
        return _("Damaged, given up") if batch.given_up else _("Damaged")
    return _("In force") if batch.active else _("Undone")


def _switch(batches: list[Batch]) -> None:
    whole = [batch for batch in batches if not batch.damaged]
    if not whole:
        return
    named = {batch.number: f"{batch.number} · {batch.file} · {_state(batch)}" for batch in whole}
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    number = left.selectbox(
        _("Import to undo or redo"), list(named), format_func=named.__getitem__, key=f"_batch_{len(batches)}"
    )
    batch = next(batch for batch in whole if batch.number == number)
    label = _("Undo import") if batch.active else _("Redo import")
    who = st.text_input(_("Who undoes or redoes, as a role"), _("System manager"), max_chars=60, key="_who_switches")
    if right.button(label, key="_switch"):
        _change(batch, who)
        st.rerun()


def _change(batch: Batch, who: str) -> None:
    change = database.store().undo if batch.active else database.store().redo
    try:
        change(batch.number, who, clock.now())
    except StoreError as error:
        st.session_state[DONE] = ("error", error.sentence(language()))
        return
    undone, redone = _("Import {number} is undone. It can be redone."), _("Import {number} is in force again.")
    st.session_state[DONE] = ("success", (undone if batch.active else redone).format(number=batch.number))


def templates() -> None:
    """The workbook with every table, and each table as CSV."""
    st.download_button(
        _("Download the workbook (XLSX)"),
        workbook_template(language()),
        file_name=_("templates.xlsx"),
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        on_click="ignore",
        key="_workbook",
    )
    datasets = database.datasets()
    titles = {code: dataset.title[language()] for code, dataset in datasets.items()}
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    code = left.selectbox(_("One table as CSV"), list(titles), format_func=titles.__getitem__, key="_template")
    right.download_button(
        _("Download (CSV)"),
        csv_template(datasets[code]),
        file_name=f"{datasets[code].header}.csv",
        mime="text/csv",
        on_click="ignore",
        key="_csv_template",
    )
    page.reading(datasets[code].help[language()])
