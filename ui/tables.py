"""Tables that sort, search and download."""

from functools import partial

import pandas as pd
import streamlit as st

from ui import numbers, page
from ui.text import _

STYLED = 20_000  # cells; a larger table is left to the browser's own number format


def draw(table: pd.DataFrame, alt: str, key: str, decimals: int = 0) -> None:
    """The table with its numbers written alike down each column; `alt` says in a sentence what it holds.

    Counts are whole; other numbers get `decimals`. A missing value is "–".
    """
    if table.empty:
        page.reading(_("There is nothing to show."))
        return
    columns: dict[str, object] = {}
    if _("Date") in table.columns:
        columns[_("Date")] = st.column_config.DateColumn(format="YYYY-MM-DD")
    if table.size > STYLED:
        columns |= {name: st.column_config.NumberColumn(format="localized") for name in _numbers(table)}
    shown = table if table.size > STYLED else _written(table, decimals)
    st.dataframe(shown, hide_index=True, column_config=columns, placeholder=numbers.MISSING, key=key, alt=alt)


def _numbers(table: pd.DataFrame) -> list[str]:
    return [name for name in table.columns if pd.api.types.is_numeric_dtype(table[name])]


def _written(table: pd.DataFrame, decimals: int) -> "pd.io.formats.style.Styler":
    """The same values, shown as the reader writes them; sorting still goes by the values."""
    formats = {
        name: numbers.count
        if pd.api.types.is_integer_dtype(table[name])
        else partial(numbers.number, decimals=decimals)
        for name in _numbers(table)
    }
    return table.style.format(formats, na_rep=numbers.MISSING)
