"""Many rows of a table at once, as a grid; only the rows that differ are imported."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from ui import database, edits
from ui.edits import Rows
from ui.frame import choices, page
from ui.register import saving
from ui.text.i18n import _, language

TABLES = (
    "services",
    "e_services",
    "departments",
    "exemptions",
    "targets",
    "explanations",
    "events",
    "budgets",
    "cost_shares",
)
SINCE = "valid_from"


def draw() -> None:
    """The table that the address names as a grid, and the saving of what was changed or added in it."""
    titles = {code: database.datasets()[code].title[language()] for code in TABLES}
    table = choices.selectbox(_("Table"), "table", titles, TABLES[0])
    if edits.is_example():
        return
    dataset = database.datasets()[table]
    columns = [c for c in dataset.columns if c.code != SINCE]
    before = [[row[c.code] for c in columns] for row in edits.current(table)]
    grid = pd.DataFrame(before, columns=[c.header for c in columns], dtype=str)
    key = f"_register_many_{table}_{database.version()}"
    config = {
        c.header: st.column_config.SelectboxColumn(
            options=["", *(v.labels["sv"] for v in c.values)], help=c.help[language()]
        )
        if c.values
        else st.column_config.TextColumn(help=c.help[language()])
        for c in columns
    }
    page.reading(
        _("A row is known by its id: do not change that of a row that is there. An emptied cell empties the value.")
    )
    with st.form(key, border=False):
        after = st.data_editor(grid, num_rows="add", hide_index=True, column_config=config, key=f"{key}_grid")
        why = saving.ask_why(key)
        sent = st.form_submit_button(_("Save"), type="primary", disabled=edits.is_damaged())
    if sent:
        rows = changed(before, after.fillna("").astype(str).values.tolist())
        saving.save([Rows(table, [c.header for c in columns], rows)] if rows else [], why)


def changed(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows that are not as they were, those that were added too; blank ones are left out."""
    known: Mapping[int, Sequence[str]] = dict(enumerate(before))
    rows = ([" ".join(text.split()) for text in row] for row in after)
    return [row for i, row in enumerate(rows) if any(row) and row != list(known.get(i, ()))]
