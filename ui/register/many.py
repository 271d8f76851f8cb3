"""Many rows of a table at once, as a grid; only the rows that differ are imported."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from ui import database, edits
from ui.edits import Rows
from ui.frame import choices, page
from ui.register import fields, saving
from ui.text.i18n import _, words

TABLES = (
    "services",
    "e_services",
    "departments",
    "exemptions",
    "stages",
    "criteria",
    "needs",
    "handling_times",
    "targets",
    "explanations",
    "events",
    "budgets",
    "cost_shares",
)
SINCE = "valid_from"


def draw() -> None:
    """The table that the address names as a grid, and the saving of what was changed or added in it."""
    titles = {code: words(database.datasets()[code].title) for code in TABLES}
    table = choices.selectbox(_("Table"), "table", titles, TABLES[0])
    if edits.is_example():
        return
    dataset = database.datasets()[table]
    columns = [c for c in dataset.columns if c.code != SINCE]
    before = [[row[c.code] for c in columns] for row in edits.current(table)]
    grid = pd.DataFrame(before, columns=[c.code for c in columns], dtype=str)
    key = f"_register_many_{table}_{database.version()}"
    config = {
        c.code: st.column_config.SelectboxColumn(
            fields.title(c), options=["", *(v.labels["sv"] for v in c.values)], help=fields.about_column(c)
        )
        if c.values
        else st.column_config.TextColumn(fields.title(c), help=fields.about_column(c))
        for c in columns
    }
    page.reading(
        _("A row is known by its id: do not change that of a row that is there. An emptied cell empties the value.")
    )
    with st.form(key, border=False):
        after = st.data_editor(grid, num_rows="add", hide_index=True, column_config=config, key=f"{key}_grid")
        sent = saving.preview_button()
    if sent:
        rows = changed(before, after.fillna("").astype(str).values.tolist())
        saving.propose(key, [Rows(table, [c.header for c in columns], rows)] if rows else [])
    saving.confirm(key)


def changed(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows that are not as they were, those that were added too; blank ones are left out."""
    known: Mapping[int, Sequence[str]] = dict(enumerate(before))
    rows = ([" ".join(text.split()) for text in row] for row in after)
    return [row for i, row in enumerate(rows) if any(row) and row != list(known.get(i, ()))]
