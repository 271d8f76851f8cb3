"""The templates to fill in: empty, or with what holds now."""

import streamlit as st

from data import Dataset, all_rows, clock, csv_template, current_rows, left_out, workbook_template
from ui import database
from ui.components.downloads import KINDS
from ui.frame import page
from ui.text import labels
from ui.text.i18n import _, language


def draw() -> None:
    """The workbook with every table, and each table as CSV: empty, or with what holds now, which is written when asked for."""
    page.heading(_("Templates"), _("Fill in the sheets you have. Departments and services come first."), "templates")
    kinds = {"empty": _("Empty templates"), "now": _("What holds now")}
    kind = st.radio(_("Download"), list(kinds), format_func=kinds.__getitem__, horizontal=True, key="_template_kind")
    department = _ask_department() if kind == "now" else None
    served = database.database()
    words = language()
    st.download_button(
        _("Download the workbook (XLSX)"),
        (lambda: workbook_template(words, all_rows(served, department))) if kind == "now" else workbook_template(words),
        file_name=_file_name(_("templates"), department, "xlsx") if kind == "now" else _("templates.xlsx"),
        mime=KINDS["xlsx"],
        on_click="ignore",
        key=f"_workbook_{kind}",
    )
    datasets = database.datasets()
    titles = {code: dataset.title[language()] for code, dataset in datasets.items()}
    code = st.selectbox(_("One table as CSV"), list(titles), format_func=titles.__getitem__, key="_template")
    one: Dataset = datasets[code]
    st.download_button(
        _("Download (CSV)"),
        (lambda: csv_template(one, current_rows(served, one, department))) if kind == "now" else csv_template(one),
        file_name=_file_name(one.header, department, "csv") if kind == "now" else f"{one.header}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"_csv_{kind}",
    )
    if kind == "empty":
        page.reading(one.help[language()])


def _ask_department() -> str | None:
    """The department whose rows are wanted; None for all of them. What the files do not hold is said."""
    names = {"": _("The whole municipality")}
    names |= {d.department_id: labels.department(d.department_id) for d in database.departments()}
    label = _("Whose rows")
    department = st.selectbox(label, list(names), format_func=names.__getitem__, key="_template_department") or None
    page.reading(
        _(
            "Change what is wrong in a file, and import it: the report shows what changes, and rows that you leave as they"
            " are change nothing. An emptied cell empties the value; a row that you delete stays as it is."
        )
    )
    for sentence in left_out(database.database(), department, language()):
        page.reading(sentence)
    return department


def _file_name(name: str, department: str | None, ending: str) -> str:
    """A name that tells whose rows they are, and of which day."""
    return "-".join([name, *([department] if department else []), f"{clock.today():%Y-%m-%d}"]) + f".{ending}"
