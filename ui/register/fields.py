"""A field for each column of a table, and what stands in it as a file would have it."""

from collections.abc import Mapping

import streamlit as st

from ui import database, edits
from ui.database import Column
from ui.text import labels
from ui.text.i18n import _, language, words

NAMING = (
    "name",
    "title",
    "question",
    "reason",
    "action",
    "happened",
)  # columns that a row is known by, the first that has a text


def ask(column: Column, held: str, key: str) -> str:
    """Draw the column's field with what is held, a text as in a file; returns what stands in it, "" where that is blank."""
    label, about = title(column), about_column(column)
    if column.values or column.references:
        names = _names(column, held)
        place = list(names).index(held) if held in names else None
        chosen = st.selectbox(
            label, list(names), place, format_func=names.__getitem__, key=key, help=about, placeholder="",
        )  # fmt: skip
        return chosen or ""
    form = {"date": "2026-03-01", "month": "2026-03"}.get(column.type)
    text = st.text_input(label, held, key=key, help=about, placeholder=form, max_chars=1000)
    return held if text == held else " ".join(str(text).split())


def title(column: Column) -> str:
    """What readers call the column; the id of a row of its own table says that it is one."""
    is_own_id = column.key and column.type == "id" and not column.references
    return f"{words(column.title)} (id)" if is_own_id else words(column.title)


def about_column(column: Column) -> str:
    """What stands in a column, and what files call it."""
    return " ".join((words(column.help), _("In files: {header}").format(header=f"`{column.header}`")))


def row_names(table: str) -> Mapping[str, str]:
    """The rows of a table whose key is one id, as a reader knows them, by id."""
    dataset = database.datasets()[table]
    return {row[dataset.key[0]]: _row_name(table, row, dataset.key[0]) for row in edits.current(table)}


def _row_name(table: str, row: Mapping[str, str], key: str) -> str:
    if table == "costs":
        return ", ".join(text for text in (row["booked_on"], row["supplier"], row["amount"], row["text"]) if text)
    name = next((row[code] for code in NAMING if row.get(code)), "")
    return f"{name} ({row[key]})" if name else row[key]


def _names(column: Column, held: str) -> Mapping[str, str]:
    """What can be chosen, by what a file has for it; what is held is among it, though no register has it."""
    if column.values:
        return {"": "", **{value.labels["sv"]: value.labels[language()] for value in column.values}}
    if column.references == "departments":
        names = {d.department_id: labels.department(d.department_id) for d in database.departments()}
    else:
        names = dict(row_names(str(column.references)))
    return {"": "", **({held: held} if held else {}), **names}
