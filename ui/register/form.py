"""The one form that is open: its row, its fields, and the saving, which is an import like any other."""

from collections.abc import Mapping

import streamlit as st

from ui import database, edits
from ui.database import Column
from ui.edits import Rows
from ui.frame import choices, page
from ui.register import fields, many, presets, saving, weeks
from ui.register.corrections import MANY, REPLACE, WEEKS, Correction, corrections
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _

# Days that a new row of the form begins with.
TODAY = ("explained_on", "asked_on", "opened_on", "ready_on", "reached_on", "assessed_on", "reported_on")
NUMBERED = {
    "exemption_id": ("exemptions", "U-"),
    "service_id": ("services", "T-"),
    "e_service_id": ("e_services", "E-"),
    "need_id": ("needs", "B-"),
    "explanation_id": ("explanations", "F-"),
    "question_id": ("questions", "FR-"),
    "round_id": ("rounds", "O-"),
}
DO, ROW = "do", "row"  # of the address: which form is open, and of which row


def opened() -> str:
    """The code of the correction whose form is open; "" where none is."""
    return st.query_params.get(DO, "") if st.query_params.get(DO, "") in corrections() else ""


def notices() -> tuple[str, ...]:
    """What the address asks for that is not there: a correction, or a row of the one whose form is open."""
    code, row = st.query_params.get(DO, ""), st.query_params.get(ROW, "")
    correction = corrections().get(code)
    if code and correction is None:
        return (_("There is no correction ”{code}”. Choose one in the list.").format(code=code),)
    if correction and correction.table and not correction.new and row and row not in fields.row_names(correction.table):
        return (_("No row has the id ”{row}”. Choose one by its name.").format(row=row),)
    return ()


def draw() -> None:
    """The form that the address names, of the row that it names."""
    code = opened()
    made = corrections()[code]
    page.heading(made.title, anchor="form")
    if code in (MANY, WEEKS):
        (many.draw if code == MANY else weeks.draw)()
        return
    row = {} if made.new else _ask_row(made)
    if row is not None:
        with st.container(key="panel_register"):
            _form(code, made, row)


def _ask_row(made: Correction) -> Mapping[str, str] | None:
    """The row to correct, found by name; None until one is chosen."""
    key = database.datasets()[made.table].key[0]
    rows = {row[key]: row for row in edits.current(made.table)}
    held = st.query_params.get(ROW, "")
    names = fields.row_names(made.table)
    st.selectbox(
        _("Which row"), list(names), format_func=names.__getitem__, placeholder=_("Search by name"), filter_mode="contains",
        **choices.widget(ROW, held if held in names else None),
    )  # fmt: skip
    return rows.get(held)


def _form(code: str, made: Correction, row: Mapping[str, str]) -> None:
    dataset = database.datasets()[made.table]
    asked = [*(dataset.key if made.new else ()), *made.columns]
    columns = [dataset.column(name) for name in dict.fromkeys(asked)]
    held = {c.code: row.get(c.code, "") if row else _offered(c) for c in columns}
    if edits.is_example():
        st.html(
            tag(
                "ul",
                *(tag("li", f"{fields.title(c)}: {held[c.code] or numbers.MISSING}") for c in columns),
                class_="notes",
            )
        )
        return
    key = f"_register_{code}_{row.get(dataset.key[0], '')}_{database.version()}"
    if made.new and held.keys() >= {*presets.MONTHS}:
        presets.draw("register")
        key += "".join(held[name] for name in presets.MONTHS)  # other fields where others are offered
    with st.form(key, border=False):
        values = {}
        for left, right in zip(columns[::2], [*columns[1::2], None], strict=False):
            for place, column in zip(st.columns(2), (left, right), strict=True):
                with place:
                    if column:
                        values[column.code] = fields.ask(column, held[column.code], f"{key}_{column.code}")
        by = _ask_replacement(key) if code == REPLACE else ""
        sent = saving.preview_button()
    if sent:
        tables = _tables(made, row, held, values)
        missing = [fields.title(c) for c in columns if made.new and c.required and not values[c.code]]
        saving.propose(key, [*tables, *_links(row["e_service_id"], by)] if by else tables, missing)
    saving.confirm(key)


def _ask_replacement(key: str) -> str:
    names = fields.row_names("e_services")
    label = _("Replaced by")
    chosen = st.selectbox(
        label, list(names), None, format_func=names.__getitem__, key=f"{key}_by",
        placeholder=_("Search by name"),
    )  # fmt: skip
    return chosen or ""


def _offered(column: Column) -> str:
    """What a new row has in a column before somebody fills it in: what the address says, or the next number of an id."""
    if column.code in st.query_params:
        return st.query_params[column.code][:1000]
    if column.code in TODAY:
        return edits.now().date().isoformat()
    if column.code in NUMBERED and not column.references:
        table, start = NUMBERED[column.code]
        return next_id([row[column.code] for row in edits.current(table)], start)
    return ""


def next_id(known: list[str], start: str) -> str:
    """The id after the highest that begins so and ends in a number, as many digits wide."""
    ends = [code[len(start) :] for code in known if code.startswith(start) and code[len(start) :].isdigit()]
    last = max(ends, key=int, default="00")
    return f"{start}{int(last) + 1:0{len(last)}}"


def _tables(made: Correction, row: Mapping[str, str], held: Mapping[str, str], values: Mapping[str, str]) -> list[Rows]:
    """The row as it was filled in: its key, and what differs from before."""
    dataset = database.datasets()[made.table]
    stated = [c for c in values if c in made.always or made.new or values[c] != held[c]]
    if not made.new and all(values[c] == held[c] for c in values):
        return []
    names = [*(() if made.new else dataset.key), *stated]
    texts = [values.get(name, row.get(name, "")) for name in names]
    return [Rows(made.table, [dataset.column(name).header for name in names], [texts])]


def _links(old: str, new: str) -> list[Rows]:
    """The services of the e-service, paired with the one that replaces it."""
    services = [
        row["service_id"] for row in edits.current("links") if row["e_service_id"] == old and row["paired"] != "nej"
    ]
    header = [database.datasets()["links"].column(code).header for code in ("service_id", "e_service_id")]
    return [Rows("links", header, [[service, new] for service in services])] if services else []
