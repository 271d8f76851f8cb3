"""The first rows of a mapped file as they will be read."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import streamlit as st
from markupsafe import Markup

from data import Column, ColumnMapping, Draft, FileDraft, clock, first_rows, money_totals, title_inside
from ui.frame import page
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, language, words

SHOWN = 5
YES_NO: Mapping[bool, str] = {True: "true", False: "false"}


def show(draft: Draft, file: FileDraft, mapping: ColumnMapping) -> None:
    """The first rows of the first table that is read by the mapping."""
    table = next((t for t in file.tables if t.mapping == mapping and t.columns), None)
    found = first_rows(draft, table, SHOWN, clock.today()) if table else []
    if table is None or not found:
        return
    page.reading(_("The first rows as they will be read:"))
    columns = [table.dataset.column(code) for code in table.columns]
    head = [
        tag("th", words(c.title), " ", tag("small", header), scope="col")
        for c, header in zip(columns, table.columns.values(), strict=True)
    ]
    body = [tag("tr", *map(_cell, columns, row)) for row in found]
    label = _("The first rows of {file}").format(file=file.name)
    table_ = tag("table", tag("thead", tag("tr", *head)), tag("tbody", *body))
    st.html(tag("div", table_, class_="scroll", tabindex="0", role="region", aria_label=label))
    for code, total in money_totals(draft, table).items():
        told = {"column": title_inside(table.dataset.column(code), language()), "sum": numbers.exact_money(total)}
        page.reading(_("The rows without faults make {sum} in {column}.").format(**told))


def _cell(column: Column, value: object) -> Markup:
    class_ = "number" if column.type in ("money", "count", "percent") else None
    return tag("td", _written(column, value), class_=class_)


def _written(column: Column, value: object) -> str:
    """A value as the pages write it; nothing for what is blank or cannot be read."""
    if value is None:
        return ""
    if column.values:
        code = YES_NO[value] if isinstance(value, bool) else value
        return next((words(v.labels) for v in column.values if v.code == code), str(value))
    if isinstance(value, date):
        return numbers.month(value) if column.type == "month" else value.isoformat()
    return numbers.exact_money(value) if isinstance(value, Decimal) else str(value)
