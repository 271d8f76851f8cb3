"""What a ledger does with the postings that are there already, asked where the file does not say it."""

import streamlit as st

from analytics.metrics.scope import add_months, month_range
from data import FileDraft, LedgerAnswer, clock
from ui.text import numbers
from ui.text.i18n import _, escape_markdown

_YEARS = 3  # before today, of months to choose among


def answer(key: str) -> LedgerAnswer:
    """What the importer has said of the ledger with this key."""
    return LedgerAnswer(*(st.session_state.get(f"{key}_{name}") for name in ("first", "last", "choice")))


def ask(file: FileDraft, key: str) -> None:
    """Inputs for the months that a ledger covers, and for what it does there where that must be answered."""
    months = [month for table in file.tables if table.ledger for month in table.ledger.covered]
    if not any(table.ledger for table in file.tables):
        return
    given = answer(key)
    if file.question or given.choice:
        words = {"replace": _("It replaces what is there"), "add": _("It is added beside what is there")}
        label = _("What {file} does with the postings that are there").format(file=escape_markdown(file.name))
        st.radio(label, list(words), index=None, format_func=words.__getitem__, key=f"{key}_choice")
    label = _("Which months {file} covers").format(file=escape_markdown(file.name))
    with st.expander(label, expanded=given.states_months or not months):
        today = clock.today().replace(day=1)
        choices = month_range(min([add_months(today, -12 * _YEARS), *months]), today)[::-1]
        names = {"first": _("First month"), "last": _("Last month")}
        for name, column in zip(names, st.columns(2), strict=True):
            column.selectbox(
                names[name],
                choices,
                index=None,
                format_func=numbers.month,
                placeholder=_("As in the file"),
                key=f"{key}_{name}",
                help=_("In a month that the file covers, its postings are all that the ledger has."),
            )
